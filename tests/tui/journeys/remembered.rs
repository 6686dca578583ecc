//! What the screen remembers: a search, a view and the columns are there again after a new
//! start; the first start greets; a file that is not right keeps nobody out.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::office::{ENTER, ESC, Office, UP};

#[test]
fn a_search_a_view_and_the_columns_are_there_again_after_a_new_start() {
    let office = Office::staffed();
    let mut pty = office.opened();
    pty.filter("unit:sago", "2/3");
    pty.press("S", "Kolom yang ditampilkan");
    pty.send("Gol.");
    pty.wait_row(&["›", "Gol."]);
    pty.send(" ");
    pty.wait_row(&["[ ]", "Gol."]);
    pty.send(ENTER);
    pty.wait_gone("III/c");
    pty.press("T", "Simpan tampilan ini");
    pty.press(ENTER, "Nama tampilan");
    pty.send("Orang Sago");
    pty.press(ENTER, "Tampilan \"Orang Sago\" disimpan");
    pty.quit();

    let path = office.memory();
    let mode = fs::metadata(&path).expect("the file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let before = fs::read_to_string(&path).expect("the file");
    assert!(!before.contains("Ayu"), "{before}");

    let mut pty = office.opened();
    pty.wait_for("[Pegawai 3]");
    pty.wait_gone("III/c");
    pty.press("/", "Panah atas: unit:sago");
    pty.press(UP, "2/3");
    pty.send(ESC);
    pty.wait_for("[Pegawai 3]");
    pty.press("T", "Orang Sago");
    pty.press(ENTER, "2/3");
    pty.quit();
    assert_eq!(fs::read_to_string(&path).expect("the file"), before, "nothing was new");
    // It is no record of the office.
    let history = office.history();
    assert!(!format!("{history:?}").contains("Orang Sago"));
}

#[test]
fn the_first_start_greets_and_the_first_key_acts() {
    let office = Office::staffed();
    fs::remove_file(office.memory()).expect("there");
    let mut pty = office.start(&[], &[], 80, 24);
    pty.wait_for("Selamat datang");
    pty.send("ge");
    pty.wait_row(&["›", "Ayu"]);
    pty.wait_gone("Selamat datang");
    pty.quit();
    let pty = office.start(&[], &[], 80, 24);
    pty.wait_for("Perlu dikerjakan");
    assert!(!pty.screen().contains("Selamat datang"));
    pty.quit();
}

#[test]
fn a_damaged_file_is_told_and_the_day_begins_all_the_same() {
    let office = Office::staffed();
    fs::write(office.memory(), "{ \"tour_seen\": ").expect("written");
    let mut pty = office.start(&[], &[], 80, 24);
    pty.wait_for("tidak dapat dibaca");
    pty.send("ge");
    pty.wait_row(&["›", "Ayu"]);
    pty.filter("unit:sago", "2/3");
    pty.quit();
    assert_eq!(fs::read_to_string(office.memory()).expect("the file"), "{ \"tour_seen\": ");
}
