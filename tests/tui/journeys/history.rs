//! Looking back: who did what, old and new values, a step taken back.

use crate::office::{DOWN, ENTER, ESC, Office, SAVE};
use crate::pty::Pty;

/// Opened, with the first person renamed.
fn renamed(office: &Office) -> Pty {
    let mut pty = office.opened();
    pty.press("e", "Ubah pegawai");
    pty.wait_row(&["Nama", "Ayu Contoh"]);
    pty.send(" Lestari");
    pty.press(SAVE, "Tersimpan");
    pty
}

#[test]
fn a_step_is_found_opened_and_taken_back() {
    let office = Office::staffed();
    let mut pty = renamed(&office);
    pty.press("gh", "[Riwayat 3]");
    pty.wait_row(&["›", "3", "mengubah pegawai Ayu Contoh Lestari"]);
    // The line that is typed in says what may be typed.
    pty.press("/", "petugas:");
    pty.press("jenis:", "jenis: pegawai penilaian");
    pty.send("penilaian");
    pty.wait_for("[Riwayat 1]");
    pty.send("\x15");
    pty.send("lewat:layar");
    pty.wait_row(&["›", "mengubah pegawai"]);
    pty.send(ENTER);
    pty.press(ENTER, "Langkah 3 oleh");
    pty.wait_row(&["Nama", "Ayu Contoh -> Ayu Contoh Lestari"]);
    pty.send(ESC);
    pty.wait_gone("Langkah 3 oleh");
    pty.press("u", "Urungkan langkah 3");
    pty.press("y", "Mengurungkan langkah 3");
    pty.wait_row(&["›", "(diurungkan: 4)", "mengubah pegawai"]);
    pty.press("u", "Sudah diurungkan oleh langkah 4");
    pty.quit();
    assert_eq!(office.texts("employees", "name")[0], "Ayu Contoh");
    assert_eq!(office.history()[0]["undoes"], 3);
}

#[test]
fn from_a_person_to_all_that_happened_to_them_and_back() {
    let office = Office::staffed();
    let mut pty = renamed(&office);
    pty.send(DOWN);
    pty.wait_row(&["›", "Budi Contoh"]);
    pty.press("R", "/pegawai:199002012015121902");
    pty.wait_for("[Riwayat 2]");
    pty.wait_gone("Lestari");
    pty.press(ESC, "[Pegawai 3]");
    pty.wait_row(&["›", "Budi Contoh"]);
    pty.press("gh", "[Riwayat 3]");
    pty.wait_row(&["›", "Ayu Contoh Lestari"]);
    pty.press("r", "[Pegawai 3]");
    pty.wait_row(&["Ayu Contoh Lestari"]);
    pty.press("gh", "[Riwayat 3]");
    // A step that touched many asks which.
    pty.send("G");
    pty.wait_row(&["›", "2 unit kerja"]);
    pty.press("r", "Buka data yang mana?");
    pty.send("citra");
    pty.wait_row(&["›", "Citra Contoh"]);
    pty.send(ENTER);
    pty.wait_gone("Buka data yang mana?");
    pty.wait_for("[Pegawai 3]");
    pty.wait_for("Citra Contoh");
    pty.quit();
}

#[test]
fn the_sheet_to_sign_is_shown_and_saved() {
    let office = Office::staffed();
    let head = office.run(&["verify"]).out;
    let head = head.lines().nth(1).expect("a head").to_owned();
    let mut pty = office.opened();
    pty.press("gh", "[Riwayat 2]");
    pty.press("p", "Lembar bukti");
    pty.wait_for(&format!("--against 2:{}", &head[..16]));
    pty.press("w", "Simpan ke berkas");
    let path = office.path("lembar.txt");
    pty.send("\x15");
    pty.send(&path);
    pty.wait_for("lembar.txt");
    pty.press(ENTER, "Ditulis ke");
    pty.send(ESC);
    pty.wait_for("[Riwayat 2]");
    pty.quit();
    let sheet = std::fs::read_to_string(path).expect("the sheet");
    assert!(sheet.contains("Tanda tangan") && sheet.contains(&head[..8]), "{sheet}");
}

#[test]
fn officers_are_added_changed_and_removed() {
    let office = Office::staffed();
    let mut pty = office.opened();
    pty.press("go", "[Petugas 0]");
    pty.wait_for("Belum ada petugas");
    pty.press("a", "Tambah petugas");
    pty.send("siti\t");
    // What the roles mean stands beside the choice.
    pty.wait_for("auditor: riwayat");
    pty.send("p");
    pty.wait_row(&["Peran", "petugas"]);
    pty.send("\tsago");
    pty.press(SAVE, "Menambah petugas siti");
    pty.wait_row(&["›", "siti", "petugas", "Kelurahan Sago"]);
    pty.press("e", "Ubah petugas");
    pty.send("v");
    pty.send("\x1b[C");
    pty.press(SAVE, "Mengubah petugas siti");
    pty.wait_gone("Ubah petugas");
    pty.press("d", "Hapus siti dari daftar petugas?");
    pty.send(ENTER);
    pty.wait_gone("Hapus siti");
    pty.wait_for("[Petugas 1]");
    pty.press("d", "Hapus siti dari daftar petugas?");
    pty.press("y", "Menghapus petugas siti");
    pty.wait_for("[Petugas 0]");
    pty.quit();
    assert_eq!(office.list("officers").len(), 0);
    assert_eq!(office.history().len(), 5);
}
