//! What cannot be meant, keyed on the screen: the message stands where it was keyed, and what was
//! keyed before is still there.

use crate::journeys::rating::matrix_of_sago;
use crate::office::{DOWN, ENTER, ESC, Office, SAVE};

const TAB: &str = "\t";

#[test]
fn a_level_that_is_none_and_a_day_that_cannot_be_are_refused_in_the_matrix() {
    let office = Office::staffed();
    let before = office.list("ratings").len();
    let mut pty = office.opened();
    matrix_of_sago(&mut pty);
    pty.press("6", "angka 1 sampai 5");
    pty.press("r", "Tanggal");
    pty.send(TAB);
    pty.send(TAB);
    pty.wait_row(&["›", "Tanggal"]);
    pty.send("\x151-1-2199");
    pty.press(SAVE, "tidak boleh setelah hari ini");
    // What was typed stands there to be mended.
    pty.wait_row(&["›", "Tanggal", "1-1-2199"]);
    pty.send("\x151-1-1970");
    pty.send(SAVE);
    pty.wait_gone("Yang dicatat pada setiap level");
    pty.press("3", "sebelum orang ini lahir");
    pty.quit();
    assert_eq!(office.list("ratings").len(), before);
}

#[test]
fn a_plan_for_a_year_gone_by_and_an_unknown_competency_are_refused_in_their_form() {
    let office = Office::staffed();
    let mut pty = office.opened();
    pty.press("gdr", "Rencana pengembangan");
    pty.press("a", "Tambah baris rencana");
    pty.send("2020");
    pty.wait_row(&["›", "Tahun", "2020"]);
    pty.send(TAB);
    pty.send("X.99");
    // Those there are are offered instead, and what was typed stays.
    pty.press(TAB, "M.2 Kerja Sama");
    pty.send(ESC);
    pty.wait_gone("M.2 Kerja Sama");
    pty.wait_row(&["Kompetensi", "X.99"]);
    pty.send("\x1b[Z");
    pty.wait_row(&["›", "Kompetensi"]);
    pty.send("\x15M.1");
    pty.send(TAB);
    pty.wait_row(&["›", "Level"]);
    pty.send("2");
    pty.send(TAB);
    pty.wait_row(&["›", "Dasar"]);
    pty.send("k");
    pty.press(SAVE, "sudah lewat");
    // The form stands as it was typed, with the cursor where it has to be mended.
    pty.wait_row(&["›", "Tahun", "2020"]);
    pty.wait_row(&["Kompetensi", "M.1"]);
    pty.send("\x152099");
    pty.press(SAVE, "Tersimpan");
    pty.send(ESC);
    pty.quit();
    assert_eq!(office.list("plan_lines").len(), 1);
}

#[test]
fn a_cycle_without_raters_makes_no_sheets_and_none_is_keyed_twice() {
    let office = Office::staffed();
    let mut pty = office.opened();
    pty.press("gda", "Periode penilaian");
    pty.press("a", "Nama periode");
    pty.send("Periode 2026");
    for _ in 0..4 {
        pty.send(TAB);
    }
    pty.wait_row(&["›", "Kode kompetensi"]);
    pty.send("M.1, X.99");
    pty.press(SAVE, "tidak ada kompetensi dengan kode \"X.99\"");
    pty.wait_row(&["Nama periode", "Periode 2026"]);
    pty.wait_row(&["›", "Kode kompetensi"]);
    pty.send("\x15M.1");
    pty.press(SAVE, "Tersimpan");
    pty.wait_row(&["›", "Periode 2026"]);
    pty.press(ENTER, "›Usulkan penilai");
    pty.send(DOWN);
    pty.send(DOWN);
    pty.wait_for("›Buat lembar");
    pty.press(ENTER, "penilai");
    pty.wait_for("! ");
    pty.wait_row(&["Semua", "0", "0"]);
    pty.send("\x1b[A\x1b[A");
    pty.wait_for("›Usulkan penilai");
    pty.press(ENTER, "Menambah");
    pty.send(DOWN);
    pty.send(DOWN);
    pty.wait_for("›Buat lembar");
    pty.press(ENTER, "lembar penilaian");
    pty.send(DOWN);
    pty.send(DOWN);
    pty.wait_for("›Isi lembar");
    pty.press(ENTER, "0 dari 5 lembar diisi");
    let first = pty.row("Lembar ");
    let code = first.split("Lembar ").nth(1).and_then(|rest| rest.split(':').next());
    let code = code.expect("a code").to_string();
    pty.press("3", "1 dari 5 lembar diisi");
    // The first once more, by its code.
    pty.send(ESC);
    pty.wait_row(&["Semua", "5", "1"]);
    pty.press(ENTER, "1 dari 5 lembar diisi");
    pty.send("/");
    pty.send(&code);
    pty.wait_for("sudah diisi");
    pty.send(ESC);
    pty.wait_row(&["Semua", "5", "1"]);
    pty.send(ESC);
    pty.wait_row(&["Periode 2026", "terbuka"]);
    pty.send(ESC);
    pty.wait_gone("terbuka");
    pty.quit();
}
