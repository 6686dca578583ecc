//! Reports: opened by name, sorted, filtered, followed to the people behind a figure and
//! back, written to a file.

use std::fs;

use crate::office::{DOWN, ENTER, ESC, Office, crowd};

/// Its rows are units, each with the people in it.
const REPORT: &str = "jumlah pegawai";

#[test]
fn a_figure_is_followed_to_the_people_behind_it_and_back_and_written_to_a_file() {
    let office = Office::with(&crowd(12), "");
    let mut pty = office.opened();
    pty.press("ga", "Laporan yang tersedia");
    pty.send(ESC);
    // Any report is a name away.
    pty.press(":", "Cari perintah");
    pty.send(REPORT);
    pty.wait_row(&["›", "Laporan: Jumlah pegawai"]);
    pty.send(ENTER);
    pty.wait_row(&["Jumlah", "12", "100,00"]);

    pty.press("s", "Urutkan menurut");
    pty.send("Pegawai");
    pty.send(ENTER);
    pty.wait_gone("Urutkan menurut");
    pty.wait_for("Pegawai^");
    pty.press("/", "/");
    pty.send("orang 03");
    pty.send(ENTER);
    pty.wait_row(&["Jumlah", "1", "100,00"]);
    pty.send(ESC);
    pty.wait_row(&["Jumlah", "12", "100,00"]);

    pty.press(ENTER, "Orang 0");
    pty.wait_for("Pegawai: ");
    pty.press(ENTER, "[Pegawai 12]");
    pty.send(ESC);
    pty.wait_for("Pegawai: ");
    pty.send(ESC);
    pty.wait_row(&["Jumlah", "12", "100,00"]);
    pty.send(DOWN);

    let path = office.path("jumlah.csv");
    pty.press("w", "Ekspor daftar ini");
    pty.send("\x15");
    pty.send(&path);
    pty.wait_for("jumlah.csv");
    pty.press(ENTER, "baris ditulis");
    pty.send(ESC);
    pty.wait_for("Laporan yang tersedia");
    pty.quit();
    let file = fs::read_to_string(path).expect("the file");
    let header = file.lines().next().expect("a header").trim_start_matches('\u{feff}');
    assert_eq!(header, "Kelompok;Pegawai;Bagian (%)", "{file}");
    assert!(file.lines().skip(1).all(|line| line.contains(";6;")), "{file}");
}
