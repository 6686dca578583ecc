//! The first day: an empty office, one person by keyboard alone, and everything still there
//! at the next start.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use crate::office::{ENTER, ESC, F4, Office, REDO, SAVE};
use crate::pty::Pty;

/// Adds a unit and a position in their own lists.
fn add_unit_and_position(pty: &mut Pty) {
    pty.press("gu", "Unit kerja 0");
    pty.press("a", "Tambah unit kerja");
    pty.send("Kelurahan Baru\t03.07");
    pty.press(SAVE, "Tersimpan");
    pty.wait_for("Unit kerja 1");
    pty.send(ESC);
    pty.wait_gone("Unit kerja 1");
    pty.press("gj", "Jabatan 0");
    pty.press("a", "Tambah jabatan");
    pty.send("Pengadministrasi Umum");
    pty.press(SAVE, "Tersimpan");
    pty.wait_for("Jabatan 1");
    pty.send(ESC);
    pty.wait_gone("Jabatan 1");
}

/// Adds Sri Wahyuni, her unit and position found by a part of their names.
fn add_sri(pty: &mut Pty) {
    pty.press("a", "Tambah pegawai");
    pty.send("199001012015032001\tSri Wahyuni\t\t\t\t\t\t");
    pty.wait_row(&["›", "Unit kerja"]);
    pty.press(F4, "Kelurahan Baru");
    pty.send("baru");
    pty.send(ENTER);
    pty.wait_row(&["Unit kerja", "Kelurahan Baru"]);
    pty.wait_gone("enter pilih");
    pty.send("\t");
    pty.wait_row(&["›", "Jabatan"]);
    pty.press(F4, "Pengadministrasi");
    pty.send("admini");
    pty.send(ENTER);
    pty.wait_gone("enter pilih");
    pty.wait_row(&["Jabatan", "Pengadmin"]);
    pty.press(SAVE, "Tersimpan");
    pty.wait_row(&["›", "Sri Wahyuni", "Pengadm. Umum"]);
}

#[test]
fn an_empty_office_says_what_to_do_first() {
    let office = Office::new();
    let pty = office.opened();
    pty.wait_for("tambah");
    pty.wait_for("Belum ada");
    pty.wait_for("mpor");
}

#[test]
fn a_person_is_added_found_edited_undone_redone_and_there_the_next_day() {
    let office = Office::new();
    let mut pty = office.opened();
    add_unit_and_position(&mut pty);
    add_sri(&mut pty);

    for text in ["19900101", "199001012015032001", "wahyu", "sri unit:baru"] {
        pty.send("/");
        pty.send(text);
        pty.wait_for(text);
        pty.wait_row(&["Sri Wahyuni", "Pengadm. Umum"]);
        pty.send("zz");
        pty.wait_gone("Sri Wahyuni");
        pty.send(ESC);
        pty.wait_for("Sri Wahyuni");
    }

    pty.press("e", "Ubah pegawai");
    pty.wait_row(&["Nama", "Sri Wahyuni"]);
    pty.send(" Ningsih");
    pty.wait_for("Sri Wahyuni Ningsih");
    pty.press(SAVE, "Tersimpan");
    pty.wait_row(&["›", "Sri Wahyuni Ningsih"]);
    pty.press("u", "Mengurungkan");
    pty.wait_gone("Ningsih");
    pty.send(REDO);
    pty.wait_row(&["›", "Sri Wahyuni Ningsih"]);
    pty.quit();

    let mut pty = office.opened();
    pty.wait_row(&["Sri Wahyuni Ningsih", "Pengadm. Umum"]);
    // What was done yesterday can be taken back today.
    pty.press("u", "Mengurungkan");
    pty.wait_gone("Ningsih");
    pty.quit();

    let people = office.list("employees");
    assert_eq!(people.len(), 1);
    assert_eq!(people[0]["name"], "Sri Wahyuni");
    assert_eq!(people[0]["nip"], "199001012015032001");
    assert_eq!(people[0]["position"], "Pengadministrasi Umum");
    assert!(people[0]["unit"].to_string().contains("Kelurahan Baru"), "{}", people[0]);
    assert_eq!(office.run(&["verify"]).code, 0);
}

#[test]
fn a_number_that_cannot_be_is_refused_where_it_was_typed_and_mended_there() {
    let office = Office::new();
    let mut pty = office.opened();
    pty.press("a", "Tambah pegawai");
    pty.send("199013012015032001\tSri Wahyuni");
    pty.wait_for("Sri Wahyuni");
    pty.press(SAVE, "Belum disimpan");
    pty.wait_for("tanggal lahir");
    pty.wait_row(&["›", "NIP / nomor"]);
    for _ in 0..25 {
        pty.send("\x7f");
    }
    pty.send("199001012015032001");
    pty.press(SAVE, "Tersimpan");
    pty.wait_row(&["›", "Sri Wahyuni"]);
    pty.quit();
    assert_eq!(office.texts("employees", "name"), ["Sri Wahyuni"]);
}

#[test]
fn a_form_that_was_changed_is_never_closed_without_asking() {
    let office = Office::new();
    let mut pty = office.opened();
    pty.press("a", "Tambah pegawai");
    pty.send("1990\tSri");
    pty.wait_for("Sri");
    pty.press(ESC, "Buang perubahan");
    pty.send(ENTER);
    pty.wait_gone("Buang perubahan");
    pty.wait_for("Sri");
    pty.press(ESC, "Buang perubahan");
    pty.send("y");
    pty.wait_gone("Tambah pegawai");
    pty.quit();
    assert!(office.list("employees").is_empty());
}

#[test]
fn a_text_is_written_in_the_officers_own_editor() {
    const F5: &str = "\x1b[15~";
    let office = Office::staffed();
    let editor = office.file("penyunting.sh", "#!/bin/sh\nprintf 'Ayu dari penyunting' > \"$1\"\n");
    let runnable = Permissions::from_mode(0o700);
    fs::set_permissions(&editor, runnable).expect("runnable");
    let mut pty = office.opened_with(&[], &[("EDITOR", &editor)]);
    pty.wait_row(&["›", "Ayu Contoh"]);
    pty.press("e", "Ubah pegawai");
    pty.wait_row(&["Nama", "Ayu Contoh"]);
    pty.send(F5);
    pty.wait_row(&["Nama", "Ayu dari penyunting"]);
    pty.press(SAVE, "Tersimpan");
    pty.quit();
    assert!(office.texts("employees", "name").contains(&"Ayu dari penyunting".to_owned()));
    // What was written in passing is not left lying about.
    let left: Vec<_> = fs::read_dir(office.home()).expect("the home").flatten().collect();
    assert!(left.iter().all(|entry| entry.path().extension().is_none_or(|e| e != "txt")));
}

#[test]
fn the_example_is_filled_and_gone_without_a_trace() {
    let office = Office::new();
    let folder = office.path("tmp");
    fs::create_dir(&folder).expect("a folder");
    let mut pty = office.start(&["demo"], &[("TMPDIR", &folder)], 80, 24);
    pty.wait_for("Contoh:");
    pty.wait_for("Perlu dikerjakan");
    pty.go_to_employees(false);
    pty.wait_row(&["›", "Adi"]);
    pty.press("gm", "[Matriks");
    pty.press("gt", "[Agenda]");
    pty.press("gt\t", "[Kehadiran]");
    pty.quit();
    assert_eq!(fs::read_dir(&folder).expect("the folder").count(), 0);
    assert!(!office.data().exists());
}
