//! From home to the person and back, counted in keys: what is typed as a text counts as one,
//! since how long it is is the officer's own.

use crate::office::{ENTER, ESC, Office, PAGE_UP};
use crate::pty::Pty;

const TAB: &str = "\t";

/// A screen whose keys are counted.
struct Counted {
    pty: Pty,
    keys: usize,
}

impl Counted {
    fn on(office: &Office) -> Self {
        let pty = office.start(&[], &[], 80, 24);
        pty.wait_for("Perlu dikerjakan");
        Self { pty, keys: 0 }
    }

    fn key(&mut self, key: &str, shows: &str) -> &mut Self {
        self.keys += 1;
        self.pty.press(key, shows);
        self
    }

    /// How many it took; the next task begins at none.
    fn took(&mut self) -> usize {
        std::mem::take(&mut self.keys)
    }
}

/// Ayu, who is a lurah, is below standard in M.5, and a class is held next year.
fn office() -> Office {
    let office = Office::staffed();
    let done = |args: &[&str]| {
        let said = office.run(args);
        assert_eq!(said.code, 0, "{args:?}: {}{}", said.out, said.err);
    };
    done(&[
        "add",
        "ratings",
        "employee=198001012005012901",
        "competency=M.5",
        "level=1",
        "source=atasan",
        "date=2026-01-10",
    ]);
    done(&["add", "programmes", "name=Pelayanan Prima", "type=KL10", "jp=8"]);
    done(&[
        "add",
        "sessions",
        "programme=Pelayanan Prima",
        "start=2099-01-05",
        "end=2099-01-05",
        "capacity=30",
    ]);
    office
}

#[test]
fn who_lacks_jp_is_two_keys_from_home_and_esc_leads_back() {
    let office = office();
    let mut desk = Counted::on(&office);
    desk.pty.wait_row(&["›", "PNS di bawah 20 JP"]);
    desk.key(ENTER, "jp<20");
    assert!(desk.took() <= 2);
    desk.pty.wait_for("[Pegawai 2/3]");
    desk.key(ESC, "Perlu dikerjakan");
    desk.pty.wait_row(&["›", "PNS di bawah 20 JP"]);
    desk.pty.quit();
}

#[test]
fn a_person_is_found_from_home_with_three_keys() {
    let office = office();
    let mut desk = Counted::on(&office);
    desk.key(":", "Cari perintah").key("citra", "Citra Contoh").key(ENTER, "Pranata Komputer");
    assert!(desk.took() <= 3);
    desk.pty.quit();
}

#[test]
fn people_with_a_gap_in_one_competency_are_a_filter_that_completes_itself() {
    let office = office();
    let mut desk = Counted::on(&office);
    desk.pty.go_to_employees(false);
    desk.key("/", "/").key("m.5<", "m.5<std").key(TAB, "1/3").key(ENTER, "/m.5<std");
    assert!(desk.took() <= 6);
    desk.pty.wait_row(&["›", "Ayu Contoh"]);
    desk.pty.send("/");
    desk.pty.send("\x15jmp<80");
    desk.pty.wait_for("maksudnya jpm?");
    desk.pty.send(ESC);
    desk.pty.wait_for("[Pegawai 3]");
    desk.pty.quit();
}

#[test]
fn who_is_missing_a_competency_in_one_unit_is_enrolled_from_home_in_nine_keys() {
    let office = office();
    let mut desk = Counted::on(&office);
    desk.key(TAB, "›Kel. Sago");
    // To the fifth competency.
    for _ in 0..4 {
        desk.key("l", "›Kel. Sago");
    }
    desk.key("l", "[1]").key("+", "Pelayanan Prima").key(ENTER, "Menambah peserta");
    let took = desk.took();
    assert!(took <= 9, "{took} keys");
    desk.pty.quit();
    assert_eq!(office.texts("enrolments", "name"), ["Ayu Contoh"]);
}

#[test]
fn those_who_are_listed_are_enrolled_with_three_keys() {
    let office = office();
    let mut desk = Counted::on(&office);
    desk.pty.go_to_employees(false);
    desk.key("V", "*3").key("t", "Pelayanan Prima").key(ENTER, "Menambah 3 peserta");
    assert!(desk.took() <= 3);
    desk.pty.quit();
    assert_eq!(office.list("enrolments").len(), 3);
}

#[test]
fn an_export_of_what_is_seen_is_two_keys() {
    let office = office();
    let mut desk = Counted::on(&office);
    desk.pty.go_to_employees(false);
    desk.key("w", "Ekspor daftar ini").key(crate::office::SAVE, "baris ditulis");
    assert!(desk.took() <= 2);
    desk.pty.quit();
}

#[test]
fn what_she_lacks_in_another_post_is_three_keys_in_every_keymap() {
    let office = office();
    for (args, key, quit) in
        [(&[][..], "J", "q"), (&["--keymap", "plain"][..], "\x1b[21~", "\x1b[24~")]
    {
        let pty = office.opened_with(args, &[]);
        let mut desk = Counted { pty, keys: 0 };
        desk.pty.wait_row(&["›", "Ayu Contoh"]);
        desk.key(key, "Bila").key("pranata", "Pranata Komputer").key(ENTER, "menjadi");
        assert!(desk.took() <= 3);
        desk.pty.send(quit);
        desk.pty.wait_exit();
    }
}

#[test]
fn one_field_of_a_person_is_changed_with_five_keys() {
    let office = office();
    let mut desk = Counted::on(&office);
    desk.pty.go_to_employees(false);
    desk.pty.wait_row(&["›", "Ayu Contoh"]);
    desk.key("E", "Isian").key("surel", "Surel").key(ENTER, "Surel");
    desk.pty.wait_gone("Isian yang diubah");
    desk.key("ayu@contoh.id", "ayu@contoh.id").key(crate::office::SAVE, "Mengubah");
    assert!(desk.took() <= 5);
    desk.pty.quit();
    assert!(office.texts("employees", "email").contains(&"ayu@contoh.id".to_string()));
}

#[test]
fn the_first_programme_and_its_session_are_eleven_keys() {
    let office = Office::staffed();
    let mut desk = Counted::on(&office);
    desk.key("g", "").key("t", "[Agenda]").key("a", "Tambah program pelatihan");
    desk.key("Pelayanan Prima", "Pelayanan Prima").key(TAB, "Bentuk").key("b", "Bimbingan Teknis");
    desk.key(TAB, "JP").key("8", "8").key(crate::office::SAVE, "Tambah jadwal pelatihan");
    // Its programme stands there already, and the cursor behind it.
    desk.pty.wait_row(&["›", "Mulai"]);
    desk.key("2099-01-05", "2099-01-05").key(crate::office::SAVE, "Tersimpan");
    let took = desk.took();
    assert!(took <= 11, "{took} keys");
    desk.pty.quit();
    assert_eq!(office.list("sessions").len(), 1);
}

#[test]
fn another_programme_and_its_session_are_twelve_keys_too() {
    let office = office();
    let mut desk = Counted::on(&office);
    desk.key("g", "").key("t", "[Agenda]").key("a", "Tambah jadwal pelatihan");
    desk.key("Tata Naskah", "belum ada yang cocok").key(TAB, "Tambah program pelatihan");
    desk.key("b", "Bimbingan Teknis").key(TAB, "JP").key("8", "8");
    desk.key(crate::office::SAVE, "Tambah jadwal pelatihan");
    desk.pty.wait_row(&["›", "Mulai"]);
    desk.key("2099-02-05", "2099-02-05").key(crate::office::SAVE, "Tersimpan");
    let took = desk.took();
    assert!(took <= 12, "{took} keys");
    desk.pty.quit();
    assert_eq!(office.list("programmes").len(), 2);
    assert_eq!(office.list("sessions").len(), 2);
}

#[test]
fn the_person_under_the_cursor_goes_along_from_page_to_page_and_back() {
    let office = office();
    let mut desk = Counted::on(&office);
    desk.pty.go_to_employees(false);
    desk.pty.press("j", "Budi Contoh");
    desk.pty.wait_row(&["›", "Budi Contoh"]);
    desk.pty.press("gm", "[Matriks 3]");
    desk.pty.wait_row(&["›", "Budi Contoh"]);
    desk.pty.send("j");
    desk.pty.wait_row(&["›", "Citra Contoh"]);
    desk.pty.press(ESC, "[Pegawai 3]");
    desk.pty.wait_row(&["›", "Citra Contoh"]);
    desk.pty.send(" ");
    desk.pty.wait_for("1 ditandai");
    desk.pty.press("f", "Seluruh kantor");
    desk.pty.send("sago");
    desk.pty.wait_row(&["›", "Kelurahan Sago"]);
    desk.pty.press(ENTER, "Kel. Sago > 1 ditandai");
    // It begins on the unit in force; the whole office stands above all of them.
    desk.pty.press("f", "Seluruh kantor");
    desk.pty.send(PAGE_UP);
    desk.pty.wait_row(&["›", "Seluruh kantor"]);
    desk.pty.press(ENTER, "Semua unit ditampilkan lagi");
    desk.pty.wait_for("[Pegawai 3 *1]");
    desk.pty.quit();
}
