//! A data folder that something has damaged.

use std::fs;

use crate::office::{DOWN, Office, SAVE, crowd};

#[test]
fn a_flipped_byte_is_named_and_nothing_more_is_saved_on_top_of_it() {
    let office = Office::staffed();
    let mut pty = office.opened();
    pty.press("e", "Ubah pegawai");
    pty.wait_row(&["Nama", "Ayu Contoh"]);
    pty.send(" Lestari");
    pty.press(SAVE, "Tersimpan");
    pty.quit();
    let file = office.data().join("journal/000001.jsonl");
    let whole = fs::read(&file).expect("the journal");
    let mut bent = whole.clone();
    let at = whole.windows(4).position(|bytes| bytes == b"Budi").expect("his name");
    bent[at] ^= 1;
    fs::write(&file, &bent).expect("damaged");
    // The store is only a copy: without it the journal must be read, and is found damaged.
    fs::remove_dir_all(office.data().join("store")).expect("removed");

    let mut pty = office.start(&[], &[], 80, 24);
    pty.wait_for("hanya baca");
    pty.wait_for("Jurnal rusak di");
    pty.wait_for("baris 1");
    for key in ["a", "u", "I"] {
        pty.send(DOWN);
        pty.press(key, "hanya untuk dibaca");
    }
    pty.press("gn", "Jurnal rusak di");
    pty.send("\x1b");
    pty.wait_gone("Jurnal rusak di");
    pty.quit();
    assert_eq!(fs::read(&file).expect("the journal"), bent);

    // From a backup all is well again.
    fs::write(&file, &whole).expect("restored");
    let pty = office.opened();
    pty.wait_row(&["›", "Ayu Contoh Lestari"]);
    pty.quit();
    assert_eq!(office.run(&["verify"]).code, 0);
}

#[test]
fn a_line_cut_in_the_middle_is_set_aside_and_said() {
    let office = Office::staffed();
    let file = office.data().join("journal/000001.jsonl");
    let mut cut = fs::read(&file).expect("the journal");
    cut.extend_from_slice(br#"{"v":1,"seq":3,"at":"2026"#);
    fs::write(&file, &cut).expect("cut");
    let mut pty = office.opened();
    pty.wait_row(&["›", "Ayu Contoh"]);
    pty.press("gn", "disisihkan");
    pty.send("\x1b");
    pty.wait_gone("disisihkan");
    pty.quit();
    assert_eq!(office.run(&["verify"]).code, 0);
}

#[test]
fn a_store_that_is_gone_or_noise_is_rebuilt_unasked() {
    let office = Office::with(&crowd(12), "");
    let store = office.data().join("store");
    fs::remove_dir_all(&store).expect("removed");
    let pty = office.opened();
    pty.wait_row(&["›", "Orang 01"]);
    pty.quit();
    for entry in fs::read_dir(&store).expect("a store") {
        let path = entry.expect("an entry").path();
        if path.is_file() {
            fs::write(path, b"derau derau derau").expect("noise");
        }
    }
    let pty = office.opened();
    pty.wait_row(&["›", "Orang 01"]);
    pty.quit();
    assert_eq!(office.list("employees").len(), 12);
}
