//! Hands faster than the line: typing through resizes, pasting, keys sent ahead, and an
//! idle screen that costs nothing.

use std::process::Command;

use crate::office::{ENTER, ESC, Office, SAVE};
use crate::pty::Pty;

#[test]
fn nothing_typed_is_lost_while_the_window_is_dragged() {
    let office = Office::new();
    let mut pty = office.opened();
    pty.press("a", "Tambah pegawai");
    pty.send("199001012015032001\t");
    let name = "Sri Wahyuni Ningsih Handayani";
    for (at, letter) in (0u16..).zip(name.chars()) {
        pty.resize(60 + (at * 37) % 90, 15 + (at * 13) % 30);
        pty.send(letter.to_string());
        pty.resize(60 + (at * 53) % 90, 15 + (at * 7) % 30);
    }
    pty.resize(80, 24);
    pty.wait_row(&["Nama", name]);
    pty.press(SAVE, "Tersimpan");
    pty.quit();
    assert_eq!(office.texts("employees", "name"), [name]);
}

#[test]
fn a_paste_goes_into_the_field_and_its_lines_become_one() {
    let office = Office::new();
    let mut pty = office.opened();
    pty.press("a", "Tambah pegawai");
    pty.send("\x1b[200~19900101 201503 2 001\x1b[201~\t");
    pty.send("\x1b[200~Sri\r\nWahyuni\x1b[201~");
    pty.wait_row(&["Nama", "Sri Wahyuni"]);
    pty.press(SAVE, "Tersimpan");
    pty.quit();
    assert_eq!(office.texts("employees", "nip"), ["199001012015032001"]);
}

#[test]
fn a_paste_over_a_list_runs_nothing_with_and_without_brackets() {
    let office = Office::staffed();
    let mut pty = office.opened();
    let text = "dy dy dy VE quit ZZ aku dan kamu q u q u dua ratus pegawai\r";
    pty.send(format!("\x1b[200~{text}\x1b[201~"));
    pty.press("gm", "[Matriks 3]");
    pty.press("ge", "[Pegawai 3]");
    pty.press(text, "dibiarkan");
    pty.press("\x1b[A", "[Pegawai 3]");
    pty.press("gm", "[Matriks 3]");
    pty.quit();
    assert_eq!(office.history().len(), 2);
}

#[test]
fn a_whole_day_sent_in_one_packet_is_done_in_order() {
    let office = Office::staffed();
    let mut pty = office.opened();
    pty.wait_row(&["›", "Ayu Contoh"]);
    pty.send(format!("/budi{ENTER}e Wijaya{SAVE}{ESC}"));
    pty.wait_row(&["›", "Budi Contoh Wijaya"]);
    pty.wait_for("Pegawai 3");
    pty.send(format!("/citra{ENTER}e Dewi{SAVE}"));
    pty.wait_row(&["›", "Citra Contoh Dewi"]);
    pty.quit();
    let mut names = office.texts("employees", "name");
    names.sort();
    assert_eq!(names, ["Ayu Contoh", "Budi Contoh Wijaya", "Citra Contoh Dewi"]);
}

#[test]
fn a_screen_left_alone_costs_nothing() {
    let office = Office::staffed();
    let mut pty = office.opened();
    pty.wait_row(&["›", "Ayu Contoh"]);
    // Something in the middle of things: a form open, a key sequence begun.
    pty.press("gm", "[Matriks 3]");
    pty.wait_row(&["›", "Ayu Contoh"]);
    pty.press("g", "alaman");
    // The one wait of a fixed time here, since idling is what is measured. The frame just
    // drawn may still be on its way in the first one; who never rests does not rest later.
    let rests = |pty: &Pty| {
        let before = (pty.cpu_ticks(), pty.written());
        assert!(Command::new("sleep").arg("2").status().expect("sleep").success());
        (pty.cpu_ticks(), pty.written()) == before
    };
    assert!(rests(&pty) || rests(&pty), "{} ticks", pty.cpu_ticks());
    pty.send(ESC);
    pty.quit();
}
