//! An assessment cycle from its making to its result: raters proposed, sheets made and keyed a
//! digit a cell, closed after a question, the result looked at, and the closing taken back.

use crate::office::{ENTER, ESC, Office, SAVE};

const DOWN: &str = "\x1b[B";

#[test]
fn an_admin_makes_a_cycle_keys_its_sheets_closes_it_and_takes_that_back() {
    let office = Office::staffed();
    let mut pty = office.opened();
    pty.press("gda", "Periode penilaian");
    pty.press("a", "Nama periode");
    pty.send("Periode 2026");
    pty.wait_for("Periode 2026");
    pty.press(SAVE, "Tersimpan");
    pty.wait_row(&["›", "Periode 2026"]);
    pty.send(ENTER);
    pty.wait_for("Usulkan penilai");
    pty.send(ENTER);
    // Each for themselves, the head for one and one for the head.
    pty.wait_row(&["Semua", "3", "5", "0", "0"]);
    pty.send(DOWN);
    pty.send(DOWN);
    pty.send(ENTER);
    pty.wait_row(&["Semua", "3", "5", "0", "5", "0"]);
    pty.send(DOWN);
    pty.send(DOWN);
    pty.send(ENTER);
    pty.wait_for("0 dari 5 lembar diisi");
    pty.press("6", "angka 1 sampai 5");
    for sheet in 1..=5 {
        // Nine keys a sheet and no more.
        for _ in 1..=9 {
            pty.send("3");
        }
        pty.wait_for(&format!("{sheet} dari 5 lembar diisi"));
    }
    pty.wait_for("0 belum disimpan");
    pty.send(ESC);
    pty.wait_row(&["Semua", "3", "5", "0", "5", "5"]);
    pty.send(" ");
    pty.wait_for("mengembalikan lembar hari ini");
    pty.send(" ");
    pty.wait_for("[x]");
    pty.send(ENTER);
    pty.wait_row(&["Semua", "3", "5", "1", "5", "5"]);
    for _ in 0..3 {
        pty.send(DOWN);
    }
    pty.send(ENTER);
    pty.wait_for("dibekukan");
    pty.send("y");
    pty.wait_for("ditutup");
    pty.send(ENTER);
    pty.wait_row(&["Budi Contoh", "M.1", "3,00"]);
    pty.send(ESC);
    pty.wait_gone("M.1");
    pty.send(ESC);
    pty.wait_row(&["Periode 2026", "ditutup"]);
    pty.send(ESC);
    pty.wait_gone("ditutup");
    pty.press("u", "Mengurungkan");
    pty.press("gda", "terbuka");
    pty.send(ESC);
    pty.quit();
    assert!(office.list("cycle_results").is_empty());
}
