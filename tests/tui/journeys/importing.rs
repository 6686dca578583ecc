//! A staff file from within the screen: checked first, then saved as one step.

use std::fmt::Write;
use std::fs;

use crate::office::{ENTER, ESC, Office, SAVE};
use crate::pty::Pty;

const FILE: &str = "\
NIP BARU;NAMA;GOL AKHIR NAMA;JENIS JABATAN NAMA;JABATAN NAMA;UNOR NAMA;SATUAN KERJA KERJA NAMA\n\
'198001012005012901;Ayu Contoh, S.E.;III/d;Jabatan Struktural;Lurah;Kelurahan Sago;Kecamatan Senapelan\n\
'199002012015121902;Budi Contoh;III/a;Jabatan Fungsional Umum;Pengadministrasi Umum;Kelurahan Sago;Kecamatan Senapelan\n\
'199503012022211903;Citra Contoh;IX;Jabatan Fungsional Tertentu;Pranata Komputer Ahli Pertama;Kecamatan Senapelan;Kecamatan Senapelan\n\
'199104052018011904;Dewi Contoh;III/a;Jabatan Fungsional Umum;Pengadministrasi Umum;Kelurahan Sago;Kecamatan Senapelan\n\
'199104052018019;Edi Rusak;III/a;Jabatan Fungsional Umum;Pengadministrasi Umum;Kelurahan Sago;Kecamatan Senapelan\n\
'199206072019022905;Fitri Contoh;IX/z;Jabatan Fungsional Umum;Pengadministrasi Umum;Kelurahan Sago;Kecamatan Senapelan\n";

/// Names the file and has it checked.
fn check(pty: &mut Pty, file: &str) {
    pty.press("I", "berkas tersendiri");
    pty.send(file);
    pty.wait_for(file.rsplit('/').next().unwrap_or_default());
    pty.send(SAVE);
}

#[test]
fn a_staff_file_is_seen_before_it_is_saved_and_taken_back_with_one_undo() {
    let office = Office::staffed();
    let file = office.file("mutasi.csv", FILE);
    let before = office.list("employees");
    let steps = office.history().len();
    let mut pty = office.opened();
    check(&mut pty, &file);

    // Most in need of a look: what is refused, with row, column and reason.
    pty.wait_for("[Ditolak 1]");
    pty.wait_row(&["Berubah 1", "Baru 2"]);
    pty.wait_row(&["NIP BARU", "18 angka"]);
    pty.wait_row(&["baris 6", "Edi Rusak"]);
    pty.wait_row(&["6 baris", "2", "tidak berubah"]);
    pty.press("\t", "[Berubah 1]");
    pty.wait_for("III/c");
    pty.wait_for("III/d");
    pty.press("\t", "[Baru 2]");
    pty.wait_for("Dewi Contoh");
    pty.wait_for("Fitri Contoh");
    pty.press("\t", "[Catatan 1]");
    pty.wait_for("golongan");
    pty.wait_for("baris 7");

    pty.press(ENTER, "Simpan 2 baru dan 1 perubahan?");
    pty.send("y");
    pty.wait_for("Pegawai 5");
    pty.wait_row(&["2 baru", "1 berubah"]);
    pty.wait_row(&["›", "Contoh"]);
    pty.wait_for("Dewi Contoh");

    let rejects = fs::read_to_string(office.path("mutasi.ditolak.csv")).expect("the refused rows");
    assert!(rejects.contains("Edi Rusak") && rejects.contains("199104052018019"), "{rejects}");
    assert!(rejects.contains("nip_length") || rejects.contains("18 angka"), "{rejects}");
    assert!(!rejects.contains("Dewi"), "{rejects}");

    pty.press("u", "Mengurungkan");
    pty.wait_for("Pegawai 3");
    pty.wait_gone("Dewi Contoh");
    pty.quit();
    assert_eq!(office.list("employees"), before);
    // One step forward, one back.
    assert_eq!(office.history().len(), steps + 2);
}

#[test]
fn a_column_that_is_left_out_is_said_from_the_check_and_known_in_the_next_such_file() {
    let office = Office::staffed();
    let of =
        |nip: &str, name: &str| format!("NIP;Nama;Tempat Bertugas\n'{nip};{name};Kelurahan Sago\n");
    let first = office.file("gita.csv", of("199207072020122001", "Gita Contoh"));
    let mut pty = office.opened();
    check(&mut pty, &first);
    pty.wait_for("[Baru 1]");
    pty.press("\t", "[Catatan");
    pty.press("\t", "[Kolom diabaikan 1]");
    pty.press(ENTER, "Periksa dengan kolom ini");
    assert!(!pty.screen().contains("bukan salah satu jenis"), "{}", pty.screen());
    pty.send("j");
    pty.wait_row(&["›", "Tempat Bertugas", "?"]);
    pty.press(ENTER, "berisi apa?");
    pty.send("unit");
    pty.wait_row(&["›", "Unit kerja"]);
    pty.send(ENTER);
    pty.wait_row(&["›", "Periksa dengan kolom ini"]);
    pty.wait_row(&["Tempat Bertugas", "Unit kerja"]);
    pty.press(ENTER, "[Baru 1]");
    pty.press(ENTER, "Simpan 1 baru?");
    pty.send("y");
    pty.wait_for("Pegawai 4");
    let next = office.file("hari.csv", of("199308082020121002", "Hari Contoh"));
    check(&mut pty, &next);
    pty.wait_for("Tempat Bertugas = Unit kerja");
    pty.press(ENTER, "Simpan 1 baru?");
    pty.send("y");
    pty.wait_for("Pegawai 5");
    pty.quit();
    for person in office.list("employees") {
        let unit = person["unit"].as_str().unwrap_or_default().to_string();
        assert!(!unit.is_empty(), "{person}");
    }
}

#[test]
fn an_import_that_was_only_looked_at_changes_nothing() {
    let office = Office::staffed();
    office.file("mutasi.csv", FILE);
    let steps = office.history().len();
    let mut pty = office.opened();
    // As a shell takes it.
    check(&mut pty, "~/mutasi.csv");
    pty.wait_for("[Ditolak 1]");
    pty.press(ENTER, "Simpan 2 baru");
    pty.send(ENTER);
    pty.wait_gone("Simpan 2 baru");
    pty.press(ESC, "Impor berkas");
    pty.send(ESC);
    pty.wait_gone("Impor berkas");
    pty.quit();
    assert_eq!(office.history().len(), steps);
    assert!(fs::metadata(office.path("mutasi.ditolak.csv")).is_err());
}

#[test]
fn a_file_that_is_none_is_named_and_the_name_can_be_mended() {
    let office = Office::new();
    let file = office.file("pegawai.csv", FILE);
    let mut pty = office.opened();
    check(&mut pty, &office.path("pegawi.csv"));
    pty.wait_for("pegawi.csv tidak ada");
    for _ in 0.."pegawi.csv".len() {
        pty.send("\x7f");
    }
    pty.send("kosong.csv");
    office.file("kosong.csv", "");
    pty.press(SAVE, "berkas kosong");
    for _ in 0.."kosong.csv".len() {
        pty.send("\x7f");
    }
    pty.send("pegawai.csv");
    pty.press(SAVE, "Hasil pemeriksaan");
    pty.press(ENTER, "Simpan 5 baru");
    pty.send("y");
    pty.wait_for("Pegawai 5");
    pty.quit();
    assert_eq!(office.list("employees").len(), 5, "{file}");
}

#[test]
fn an_import_called_off_while_it_is_checked_or_saved_leaves_nothing_behind() {
    let office = Office::new();
    let mut staff = String::from("NIP,Nama\n");
    for serial in 0..16_000 {
        let (month, day, number) = (1 + serial / 24_000, 1 + serial / 900, serial % 900 + 1);
        writeln!(staff, "1990{month:02}{day:02}2015011{number:03},Pegawai {serial}").expect("text");
    }
    let file = office.file("banyak.csv", staff);
    let mut pty = office.opened();
    check(&mut pty, &file);
    pty.wait_for("Memeriksa berkas");
    pty.press(ESC, "Impor dihentikan; tidak ada yang disimpan");

    pty.press(SAVE, "Hasil pemeriksaan");
    pty.press(ENTER, "Simpan 16.000 baru");
    pty.press("y", "Menyimpan");
    // Some of it has been handed to the office already.
    pty.wait_for("█");
    pty.send(ESC);
    pty.wait_gone("Menyimpan");
    pty.wait_for("Impor dihentikan; tidak ada yang disimpan");
    pty.send(ESC);
    pty.wait_gone("berkas tersendiri");
    pty.wait_for("Belum ada pegawai");
    // The office takes up other work at once.
    pty.press("a", "Tambah pegawai");
    pty.send("199001012015032001\tSri Wahyuni");
    pty.press(SAVE, "Tersimpan");
    pty.quit();
    assert_eq!(office.list("employees").len(), 1);
    assert_eq!(office.history().len(), 1);
    assert!(fs::metadata(office.path("banyak.ditolak.csv")).is_err());
    assert_eq!(office.run(&["verify"]).code, 0);
}
