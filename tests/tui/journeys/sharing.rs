//! One office, more than one program.

use crate::office::{Office, SAVE};
use crate::pty::Exit;

#[test]
fn who_comes_second_is_told_who_has_the_office_and_gets_in_once_they_leave() {
    let office = Office::staffed();
    let first = office.opened();
    let second = office.start(&[], &[], 80, 24);
    assert_eq!(second.wait_exit(), Exit::Code(1));
    let said = second.screen();
    assert!(said.contains("sedang dibuka oleh"), "{said}");
    assert!(said.contains(&first.pid().as_raw_nonzero().to_string()), "{said}");
    assert!(!second.is_alternate());
    // Neither did it do any harm to the first.
    let mut first = first;
    first.press("e", "Ubah pegawai");
    first.wait_row(&["Nama", "Ayu Contoh"]);
    first.send("\t Lestari");
    first.press(SAVE, "Tersimpan");
    first.quit();

    let third = office.opened();
    third.wait_row(&["›", "Ayu Contoh Lestari"]);
    third.quit();
}

#[test]
fn an_office_opened_for_reading_only_says_so_and_saves_nothing() {
    let office = Office::staffed();
    let mut pty = office.opened_with(&["--read-only"], &[]);
    pty.wait_row(&["[Pegawai 3]", "hanya baca"]);
    for key in ["a", "e", "d", "u", "I"] {
        pty.press(key, "dibuka hanya untuk dibaca");
        pty.send("j");
        pty.wait_gone("dibuka hanya untuk dibaca");
    }
    pty.press("gm", "Matriks 3");
    pty.wait_row(&["›", "Ayu Contoh"]);
    pty.press("3", "dibuka hanya untuk dibaca");
    pty.quit();
    assert_eq!(office.history().len(), 2);
}
