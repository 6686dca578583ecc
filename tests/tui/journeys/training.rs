//! A training from nothing to JP: programme, session, participants, attendance.

use chrono::{Datelike, Local};
use serde_json::json;

use crate::office::{ENTER, ESC, F4, Office, SAVE};
use crate::pty::Pty;

/// A past day of this year that is a day in every year.
fn first_of_year() -> String {
    format!("{}-01-01", Local::now().year())
}

pub fn add_programme(pty: &mut Pty, name: &str, jp: &str) {
    pty.press("a", "Tambah program pelatihan");
    pty.send(name);
    pty.send("\t");
    pty.wait_row(&["›", "Bentuk"]);
    pty.press(F4, "Pelatihan Teknis");
    pty.send("\x1b[B\x1b[B");
    pty.send(ENTER);
    pty.wait_gone("enter pilih");
    pty.send("\t");
    pty.send(jp);
    pty.press(SAVE, "Tersimpan");
    pty.wait_row(&["›", name]);
}

pub fn add_session(pty: &mut Pty, programme: &str) {
    pty.press("a", "Tambah jadwal pelatihan");
    pty.wait_row(&["›", "Program"]);
    pty.press(F4, programme);
    pty.send(ENTER);
    pty.wait_gone("enter pilih");
    pty.send("\t");
    pty.send(first_of_year());
    pty.send("\t");
    pty.send(first_of_year());
    pty.press(SAVE, "Tersimpan");
    pty.wait_row(&["›", programme]);
}

#[test]
fn marked_people_are_enrolled_their_attendance_ticked_and_their_jp_counted() {
    let office = Office::staffed();
    let mut pty = office.opened();
    pty.press("gt", "[Agenda]");
    pty.send("\t\t");
    pty.wait_for("[Program]");
    add_programme(&mut pty, "Pelayanan Prima", "30");
    pty.send("\t\t");
    pty.wait_for("[Agenda]");
    add_session(&mut pty, "Pelayanan Prima");

    // Budi and Citra, who is a PPPK.
    pty.press("ge", "Pegawai 3");
    pty.wait_row(&["›", "Ayu Contoh"]);
    pty.send("j  ");
    pty.wait_for("Pegawai 3 *2");
    pty.press("gt", "[Agenda]");
    pty.press("+", "2 pegawai yang ditandai");
    pty.send(ENTER);
    pty.wait_for("Tersimpan");
    pty.wait_row(&["Pelayanan Prima", "2"]);

    pty.send(ENTER);
    pty.wait_for("[Kehadiran]");
    pty.wait_row(&["›", "Budi Contoh", "[.]"]);
    pty.wait_row(&["Citra Contoh", "0", "boleh 24 lagi"]);
    pty.send("x");
    pty.wait_row(&["Budi Contoh", "30"]);
    pty.wait_row(&["›", "Citra Contoh"]);
    pty.send("x");
    // A PPPK may not pass the ceiling of 24: said, never refused.
    pty.wait_row(&["Citra Contoh", "30", "lebih 6"]);
    pty.wait_row(&["Budi Contoh", "30", "terpenuhi"]);

    pty.press("\t\t", "[JP]");
    pty.wait_row(&["Budi Contoh", "30", "terpenuhi"]);
    pty.wait_row(&["Citra Contoh", "30", "lebih 6 !"]);
    pty.wait_row(&["Ayu Contoh", "0", "kurang 20"]);
    pty.press("ge", "Pegawai 3");
    pty.wait_row(&["Budi Contoh", "30"]);
    pty.quit();

    let enrolments = office.list("enrolments");
    assert_eq!(enrolments.len(), 2);
    for enrolment in &enrolments {
        assert_eq!(enrolment["jp"], json!(30), "{enrolment}");
    }
    let year = Local::now().year().to_string();
    let jp: Vec<_> = office.list("employees").iter().map(|row| row["jp"][&year].clone()).collect();
    assert!(jp.contains(&json!(30)), "{jp:?}");
    assert_eq!(jp.iter().filter(|jp| **jp == json!(30)).count(), 2, "{jp:?}");
}

#[test]
fn absence_earns_nothing_and_a_tick_is_taken_back() {
    let office = Office::staffed();
    let mut pty = office.opened();
    pty.press("gt", "[Agenda]");
    pty.send("\t\t");
    pty.wait_for("[Program]");
    add_programme(&mut pty, "Pelayanan Prima", "20");
    pty.send("\t\t");
    pty.wait_for("[Agenda]");
    add_session(&mut pty, "Pelayanan Prima");
    // One person, found by NIP.
    pty.press("+", "Tambah peserta");
    pty.send("199002012015121902");
    pty.wait_for("Budi Contoh");
    pty.wait_gone("Ayu Contoh");
    pty.send(ENTER);
    pty.wait_for("Tersimpan");
    pty.send(ENTER);
    pty.wait_row(&["›", "Budi Contoh", "[.]"]);
    pty.send("x");
    pty.wait_row(&["Budi Contoh", "20", "terpenuhi"]);
    pty.send("b");
    pty.wait_row(&["Budi Contoh", "0", "kurang 20"]);
    pty.press("u", "Mengurungkan");
    pty.wait_row(&["Budi Contoh", "20", "terpenuhi"]);
    pty.press("u", "Mengurungkan");
    pty.wait_row(&["Budi Contoh", ".", "kurang 20"]);
    pty.send(ESC);
    pty.wait_for("[Agenda]");
    pty.quit();
    assert_eq!(office.list("enrolments").len(), 1);
    assert_ne!(office.list("enrolments")[0]["jp"], json!(20));
}

#[test]
fn the_list_to_be_signed_is_printed_from_the_agenda() {
    let office = Office::staffed();
    let mut pty = office.opened();
    pty.press("gt", "[Agenda]");
    pty.send("\t\t");
    pty.wait_for("[Program]");
    add_programme(&mut pty, "Pelayanan Prima", "30");
    pty.send("\t\t");
    pty.wait_for("[Agenda]");
    add_session(&mut pty, "Pelayanan Prima");
    pty.press("ge", "Pegawai 3");
    pty.wait_row(&["›", "Ayu Contoh"]);
    pty.send("j  ");
    pty.wait_for("Pegawai 3 *2");
    pty.press("gt", "[Agenda]");
    pty.press("+", "2 pegawai yang ditandai");
    pty.send(ENTER);
    pty.wait_row(&["Pelayanan Prima", "2"]);

    pty.press("P", "daftar-hadir-");
    pty.send("\x15");
    pty.send(office.path("hadir.txt"));
    pty.send(ENTER);
    pty.wait_for("baris ditulis");
    pty.quit();
    let text = std::fs::read_to_string(office.path("hadir.txt")).expect("the sheet");
    for said in ["DAFTAR HADIR", "Pelayanan Prima", "Budi Contoh", "Citra Contoh", "1/1"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(!text.contains("Ayu Contoh"), "{text}");
}
