//! Files from the screen: browsed to, their columns said once and known from then on.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};

use crate::office::{DOWN, ENTER, ESC, F4, Office, SAVE};

const STRANGE: &str = "Orang Ke;Sebutan;Induk\n\
198504052010011905;Gita Contoh;Kelurahan Sago\n\
199206072019022904;Hadi Contoh;Kelurahan Sago\n";

#[test]
fn a_file_is_browsed_to_its_columns_are_said_once_and_known_the_next_time() {
    let office = Office::staffed();
    fs::create_dir(office.path("kiriman")).expect("a folder");
    office.file("kiriman/orang.csv", STRANGE);
    office.file("kiriman/lain.csv", "x");
    let steps = office.history().len();
    let mut pty = office.opened();
    pty.press("I", "Impor berkas");
    pty.press(F4, "Pilih berkas");
    pty.wait_for("kiriman/");
    pty.send("kir");
    pty.wait_for("1/1");
    pty.press(ENTER, "orang.csv");
    pty.send("or\t");
    pty.wait_row(&["/orang.csv", "1/1"]);
    pty.send(ENTER);

    // Of no kind that is known: it is asked what it is, and what is needed is named.
    pty.wait_row(&["›", "Jenis berkas"]);
    pty.press(ENTER, "penilaian");
    pty.send("pegawai");
    pty.send(ENTER);
    pty.wait_for("Masih diperlukan");
    pty.send(DOWN);
    pty.send(DOWN);
    pty.press(ENTER, "Kolom Orang Ke berisi apa?");
    pty.send("NIP");
    pty.send(ENTER);
    pty.wait_row(&["Orang Ke", "NIP"]);
    pty.wait_row(&["›", "Sebutan"]);
    pty.press(ENTER, "Kolom Sebutan berisi apa?");
    pty.send("nama");
    pty.send(ENTER);
    pty.wait_for("Semua yang diperlukan sudah ada");
    pty.wait_row(&["›", "Induk"]);
    pty.press(ENTER, "Kolom Induk berisi apa?");
    pty.send("unor");
    pty.send(ENTER);
    pty.wait_row(&["›", "Periksa dengan kolom ini"]);
    pty.press(ENTER, "[Baru 2]");
    pty.press(ENTER, "Simpan 2 baru");
    pty.press("y", "Pegawai 5");
    pty.press("u", "Mengurungkan");
    pty.wait_for("Pegawai 3");

    // A file with the same headings, in another order, is mapped by itself.
    let again = STRANGE.replace("Orang Ke;Sebutan", "ORANG KE;sebutan");
    let again = office.file("lagi.csv", again);
    pty.press("I", "Impor berkas");
    pty.send(&again);
    pty.press(SAVE, "[Baru 2]");
    pty.press(ENTER, "Simpan 2 baru");
    pty.press("y", "Pegawai 5");
    pty.quit();
    assert_eq!(office.list("employees").len(), 5);
    // Brought in, taken back, brought in again.
    assert_eq!(office.history().len(), steps + 3);
}

#[test]
fn a_captive_officer_sees_only_their_own_home_and_a_closed_folder_is_told() {
    let office = Office::staffed();
    for folder in ["rumah", "rumah/laporan", "rumah/tertutup", "luar"] {
        fs::create_dir(office.path(folder)).expect("a folder");
    }
    office.file("luar/rahasia.csv", "x");
    office.file("rumah/milik.csv", "x");
    symlink(office.path("luar"), office.path("rumah/keluar")).expect("a link");
    fs::set_permissions(office.path("rumah/tertutup"), Permissions::from_mode(0o0))
        .expect("closed");
    let home = office.path("rumah");
    let mut pty = office.opened_with(&[], &[("KOMPETEN_CAPTIVE", "1"), ("KOMPETEN_FILES", &home)]);
    pty.press("I", "Impor berkas");
    pty.press(F4, "milik.csv");
    assert!(!pty.screen().contains("keluar"), "{}", pty.screen());
    // Above is nothing for them, by key or by name.
    pty.press("\x7f", "hanya berkas dalam");
    pty.send("../luar");
    pty.send(ENTER);
    pty.wait_for("hanya berkas dalam");
    pty.send("\x15keluar/");
    pty.send(ENTER);
    pty.wait_for("hanya berkas dalam");
    assert!(!pty.screen().contains("rahasia"), "{}", pty.screen());
    pty.send("\x15tertutup");
    pty.wait_for("1/1");
    // Whoever may read everything opens it all the same.
    if fs::read_dir(office.path("rumah/tertutup")).is_err() {
        pty.press(ENTER, "tidak dapat dibaca");
    }
    pty.send(ESC);
    pty.wait_gone("Pilih berkas");
    pty.send(ESC);
    pty.wait_gone("Impor berkas");
    pty.quit();
}

#[test]
fn a_list_is_written_into_a_folder_that_was_browsed_to() {
    let office = Office::staffed();
    fs::create_dir(office.path("laporan")).expect("a folder");
    let mut pty = office.opened();
    pty.press("w", "Ekspor daftar ini");
    pty.press(F4, "laporan/");
    pty.send("lap");
    pty.wait_for("1/1");
    pty.send(ENTER);
    pty.wait_row(&["›", "(folder ini)"]);
    pty.wait_for("/laporan");
    pty.press(ENTER, "Ekspor daftar ini");
    pty.wait_for("laporan/pegawai");
    pty.send(ENTER);
    pty.wait_for("3 baris ditulis");
    pty.quit();
    assert_eq!(fs::read_dir(office.path("laporan")).expect("the folder").count(), 1);
}
