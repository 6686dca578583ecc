//! A person asks that something be set right: noted, counted down, answered; and their
//! copy of everything.

use std::fs;

use crate::office::{ENTER, ESC, Office};
use crate::pty::Pty;

const SAVE: &str = "\x13";
const TAB: &str = "\t";
const RIGHT: &str = "\x1b[C";

fn note_request(pty: &mut Pty) {
    pty.press("p", "Tambah permintaan perbaikan");
    pty.wait_row(&["Pegawai", "Ayu Contoh"]);
    pty.send("Tanggal lahir");
    pty.send(TAB);
    pty.send("2 Januari 1980");
    pty.wait_row(&["Seharusnya", "2 Januari 1980"]);
    pty.send(SAVE);
    pty.wait_for("Menambah permintaan perbaikan");
}

#[test]
fn a_request_is_noted_counted_down_and_answered() {
    let office = Office::staffed();
    let mut pty = office.opened();
    pty.filter("ayu", "1/3");
    note_request(&mut pty);

    // The history says what is to be answered, and by when.
    pty.press("gh", "Permintaan perbaikan terbuka: 1");
    pty.wait_for("sisa 2 hari 23 jam");
    pty.press("gr", "Sisa waktu");
    pty.wait_row(&["Ayu Contoh", "Tanggal lahir", "sisa 2 hari 23 jam", "terbuka"]);

    // Refusing takes a reason.
    pty.send(ENTER);
    pty.wait_for("Ubah permintaan perbaikan");
    for _ in 0..3 {
        pty.send(TAB);
    }
    pty.wait_row(&["Status", "terbuka"]);
    pty.send(RIGHT);
    pty.wait_row(&["Status", "selesai"]);
    pty.send(RIGHT);
    pty.wait_row(&["Status", "ditolak"]);
    pty.send(SAVE);
    pty.wait_for("wajib diisi");
    pty.send("Akta sudah benar");
    pty.wait_row(&["Jawaban", "Akta sudah benar"]);
    pty.send(SAVE);
    pty.wait_row(&["Tanggal lahir", "ditolak"]);
    pty.wait_gone("sisa 2 hari");
    pty.send(ESC);
    pty.wait_gone("Permintaan perbaikan terbuka");
    pty.quit();

    let requests = office.list("corrections");
    assert_eq!(requests[0]["status"], "refused");
    assert_eq!(requests[0]["answer"], "Akta sudah benar");
    assert!(requests[0]["closed"].as_str().is_some_and(|at| at.ends_with('Z')), "{requests:?}");
}

#[test]
fn a_late_request_is_told_when_the_screen_opens() {
    let office = Office::staffed();
    let mut pty = office.opened();
    pty.filter("ayu", "1/3");
    pty.press("p", "Tambah permintaan perbaikan");
    pty.wait_row(&["Pegawai", "Ayu Contoh"]);
    for text in ["JP 2020", "24 JP", "3-2-2021 10.05"] {
        pty.send(text);
        pty.send(TAB);
    }
    pty.wait_row(&["Diterima", "3 Feb 2021 10.05"]);
    pty.send(SAVE);
    pty.wait_for("Menambah permintaan perbaikan");
    pty.quit();

    let mut pty = office.start(&[], &[], 80, 24);
    pty.wait_for("Permintaan perbaikan: 1 terlambat");
    pty.press("gr", "terlambat");
    pty.send(ESC);
    pty.quit();
}

#[test]
fn a_restriction_shows_and_a_copy_is_written_for_the_person() {
    let office = Office::staffed();
    let mut pty = office.opened();
    pty.filter("ayu", "1/3");
    pty.press("e", "Ubah pegawai");
    pty.send("\x1b[Z\x1b[Z");
    pty.wait_row(&["Data dibatasi"]);
    pty.send(" ");
    pty.send(SAVE);
    pty.wait_row(&["Ayu Contoh", "[dibatasi]"]);
    pty.send(ENTER);
    pty.wait_for("PEMROSESAN DIBATASI");
    pty.send(ESC);
    pty.press("M", "Nonaktifkan Ayu Contoh?");
    pty.press("y", "pensiun");
    pty.send(ENTER);
    pty.wait_for("pemrosesan data dibatasi");

    pty.press("Y", "Salinan data pribadi");
    let path = office.path("ayu.txt");
    pty.send("\x15");
    pty.send(&path);
    pty.send(ENTER);
    pty.wait_for("Salinan data ditulis");
    let copy = fs::read_to_string(&path).expect("the copy");
    assert!(copy.contains("Ayu Contoh") && copy.contains("PEMROSESAN DIBATASI"), "{copy}");
    pty.quit();
}
