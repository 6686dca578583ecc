//! What is required of each job level, set in the table of standards and followed by the
//! matrix; and a competency that is read.

use crate::journeys::rating::matrix_of_sago;
use crate::office::{DOWN, ENTER, ESC, F4, Office, SAVE};
use crate::pty::Pty;

#[test]
fn an_admin_sets_a_level_in_the_table_the_matrix_follows_and_undo_takes_it_back() {
    let office = Office::staffed();
    let mut pty = office.opened();
    matrix_of_sago(&mut pty);
    // Ayu is a Lurah: level 2 is required, her M.1 is 2.
    pty.wait_row(&["Ayu Contoh", "[2=]"]);

    pty.press("gs", "Standar kompetensi menurut");
    pty.send("j");
    pty.wait_row(&["›", "Pengawas", "[2!]"]);
    pty.press("3", "1 pegawai menjadi di bawah standar");
    pty.send("y");
    pty.wait_row(&["›", "Pengawas", "[3!]"]);
    pty.send(ENTER);
    pty.wait_for("Pengawas, M.1 2/127");
    pty.send(ESC);
    pty.wait_gone("M.1 2/127");
    pty.send(ESC);
    pty.wait_row(&["Ayu Contoh", "[2-1]"]);

    pty.press("u", "1 pegawai tidak lagi di bawah standar");
    pty.press("y", "Mengurungkan");
    pty.wait_row(&["Ayu Contoh", "[2=]"]);
    pty.press("gc", "Integritas");
    pty.send(ENTER);
    pty.wait_for("Dipersyaratkan bagi");
    pty.send(ESC);
    pty.wait_gone("Dipersyaratkan bagi");
    pty.send(ESC);
    pty.wait_row(&["Ayu Contoh"]);
    pty.quit();
    assert_eq!(office.list("standards").len(), 126);
}

/// From the page of a competency to the line in which the second of its level texts is typed,
/// which reads so.
fn begin_second_text(pty: &mut Pty, reads: &str) {
    pty.press("e", "Ubah kompetensi");
    pty.wait_row(&["›", "Uraian level"]);
    pty.press(F4, reads);
    pty.send(DOWN);
    pty.wait_row(&["›", reads]);
    pty.press(ENTER, "Indikator level 1");
}

#[test]
fn what_a_level_means_and_is_recognised_by_is_written_from_the_page_of_its_competency() {
    let office = Office::staffed();
    let mut pty = office.opened();
    pty.press("gk", "Integritas");
    pty.send(ENTER);
    pty.wait_for("Dipersyaratkan bagi");
    begin_second_text(&mut pty, "tambah indikator");
    pty.send("Menepati janji");
    pty.press(ENTER, "- Menepati janji");
    pty.send(ESC);
    pty.wait_gone("tambah indikator");
    pty.press(SAVE, "Tersimpan");
    pty.wait_gone("Ubah kompetensi");
    pty.wait_for("- Menepati janji");
    // The only text there is is taken out again, and put back.
    begin_second_text(&mut pty, "- Menepati janji");
    pty.send("\x15");
    pty.wait_gone("Menepati janji");
    pty.send(ENTER);
    pty.wait_for("tambah indikator");
    pty.wait_gone("Menepati janji");
    pty.send(ESC);
    pty.wait_gone("tambah indikator");
    pty.press(SAVE, "Tersimpan");
    pty.wait_gone("Ubah kompetensi");
    pty.send(ESC);
    pty.wait_gone("Dipersyaratkan bagi");
    pty.press("u", "Mengurungkan");
    pty.send(ENTER);
    pty.wait_for("Dipersyaratkan bagi");
    pty.wait_for("- Menepati janji");
    pty.send(ESC);
    pty.wait_gone("Dipersyaratkan bagi");
    pty.press("u", "Mengurungkan");
    pty.send(ENTER);
    pty.wait_for("Dipersyaratkan bagi");
    pty.wait_gone("Menepati janji");
    pty.send(ESC);
    pty.wait_gone("Dipersyaratkan bagi");
    pty.send(ESC);
    pty.quit();
}

/// Figures are chosen by what they mean and typed one by one; what is no figure is said where
/// it was typed.
#[test]
fn an_admin_changes_a_figure_of_a_table_of_rules_from_its_list() {
    let office = Office::staffed();
    let mut pty = office.opened();
    pty.press("gdb", "kategori JPM");
    pty.press("e", "Ubah tabel aturan");
    pty.press("\t", "F4 membuka daftar");
    pty.press("\x1bOS", "pengisian jabatan / Memenuhi syarat");
    pty.press("pengisian", "1/3");
    pty.press(ENTER, "bawaannya 80");
    pty.send("delapan");
    pty.press(ENTER, "bukan angka bulat");
    pty.send("85");
    pty.press(ENTER, "(bawaan 80)");
    pty.send(ESC);
    pty.wait_gone("(bawaan 80)");
    pty.press("\x13", "Tersimpan");
    pty.send(ESC);
    pty.quit();
    let rules = office.list("rules");
    let figures = rules.iter().filter_map(|rule| rule["figures"].as_str());
    let own: Vec<&str> = figures.filter(|figures| figures.contains("filling.MS = 85")).collect();
    assert!(own.len() == 1 && own[0].contains("mapping.O = 90"), "{own:?}");
}
