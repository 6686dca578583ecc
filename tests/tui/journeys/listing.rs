//! The list as the officer wants it, and a file that is exactly that.

use std::fs;

use crate::office::{DOWN, ENTER, ESC, Office, PAGE_UP, UP, crowd};
use crate::pty::Pty;

fn sort_by(pty: &mut Pty, column: &str) {
    pty.press("s", "Urutkan menurut");
    pty.send(column);
    pty.send(ENTER);
    pty.wait_gone("Urutkan menurut");
}

fn write_to(pty: &mut Pty, path: &str) {
    pty.press("w", "Ekspor daftar ini");
    pty.send("\x15");
    pty.send(path);
    pty.wait_for(path.rsplit('/').next().expect("a name"));
    pty.send(ENTER);
}

#[test]
fn the_list_on_screen_is_written_exactly_as_filtered_and_sorted() {
    let office = Office::with(&crowd(12), "");
    let mut pty = office.opened();
    pty.filter("unit:genap", "6/12");
    sort_by(&mut pty, "Nama");
    pty.wait_row(&["›", "Orang 02"]);
    sort_by(&mut pty, "Nama");
    pty.send("gg");
    pty.wait_row(&["›", "Orang 12"]);
    // The grade goes; the number is in the file without being on the screen.
    pty.press("S", "Kolom yang ditampilkan");
    pty.send("Gol.");
    // All of it has been typed before the key that ticks.
    pty.wait_row(&["Gol.", "1/"]);
    pty.wait_row(&["›", "Gol."]);
    pty.send(" ");
    pty.wait_row(&["[ ]", "Gol."]);
    pty.send(ENTER);
    pty.wait_row(&["Nama", "Unit kerja"]);
    pty.wait_gone("III/a");

    let path = office.path("genap.csv");
    write_to(&mut pty, &path);
    pty.wait_for("6 baris ditulis");
    let file = fs::read_to_string(&path).expect("the file");
    let mut lines = file.lines();
    let header = lines.next().expect("a header").trim_start_matches('\u{feff}');
    assert!(header.starts_with("NIP;Nama;Jabatan;Unit kerja;JP 20"), "{file}");
    assert!(header.ends_with(";Di bawah standar"), "{file}");
    let names: Vec<_> = lines.map(|line| line.split(';').nth(1).expect("a name")).collect();
    assert_eq!(names, ["Orang 12", "Orang 10", "Orang 08", "Orang 06", "Orang 04", "Orang 02"]);
    assert!(file.contains("198001012005011012"), "{file}");

    // Nothing is written over without a question.
    fs::write(&path, "milik orang lain").expect("written");
    write_to(&mut pty, &path);
    pty.wait_for("sudah ada. Timpa?");
    pty.send(ENTER);
    pty.wait_gone("Timpa?");
    assert_eq!(fs::read_to_string(&path).expect("the file"), "milik orang lain");
    pty.send(ENTER);
    pty.wait_for("Timpa?");
    pty.send("y");
    pty.wait_for("6 baris ditulis");
    assert_eq!(fs::read_to_string(&path).expect("the file"), file);
    pty.quit();
}

#[test]
fn a_search_finds_by_part_of_a_name_number_and_term_as_it_is_typed() {
    let office = Office::staffed();
    let mut pty = office.opened();
    pty.send("/");
    for (text, counter) in [
        ("budi", "1/3"),
        ("1990020", "1/3"),
        ("contoh", "Pegawai 3"),
        ("unit:sago", "2/3"),
        ("unit:sago gap>0", "1/3"),
        ("gol>=IX", "1/3"),
        ("zz", "0/3"),
    ] {
        pty.send(text);
        pty.wait_for(text);
        pty.wait_for(counter);
        pty.send("\x15");
        pty.wait_for("Pegawai 3");
    }
    pty.send(ESC);
    pty.quit();
}

#[test]
fn a_workbook_of_the_list_comes_back_unchanged() {
    let office = Office::staffed();
    let mut pty = office.opened();
    let path = office.path("pegawai.xlsx");
    write_to(&mut pty, &path);
    pty.wait_for("3 baris ditulis");
    pty.quit();
    let report = office.json(&["import", "employees", &path, "--dry-run", "--json"]);
    assert_eq!(report["rows"], 3);
    assert_eq!(report["unchanged"], 3, "{report}");
}

#[test]
fn a_file_that_cannot_be_written_is_named_with_the_reason() {
    let office = Office::staffed();
    let mut pty = office.opened();
    write_to(&mut pty, &office.path("tidak-ada/pegawai.csv"));
    pty.wait_for("Buat dahulu");
    pty.send(ESC);
    pty.wait_gone("Ekspor daftar ini");
    pty.quit();
}

#[test]
fn a_long_list_is_walked_to_its_end_and_back() {
    let office = Office::with(&crowd(300), "");
    let mut pty = office.opened();
    pty.wait_row(&["›", "Orang 01 "]);
    pty.send("G");
    pty.wait_row(&["›", "Orang 99 "]);
    pty.send(PAGE_UP);
    pty.wait_gone("Orang 99 ");
    pty.send(UP.repeat(400));
    pty.wait_row(&["›", "Orang 01 "]);
    pty.send(DOWN.repeat(250));
    pty.send("e");
    pty.wait_row(&["Nama", "Orang 50"]);
    pty.send(ESC);
    pty.wait_gone("Ubah pegawai");
    pty.wait_row(&["›", "Orang 50 "]);
    // What is found stands under the cursor, and all is back where it was.
    pty.filter("orang 299", "1/300");
    pty.wait_row(&["›", "Orang 299"]);
    pty.send(ESC);
    pty.wait_for("Pegawai 300");
    pty.wait_row(&["›", "Orang 299"]);
    pty.quit();
}

#[test]
fn one_unit_is_chosen_for_every_pane() {
    let office = Office::staffed();
    let mut pty = office.opened();
    pty.press("f", "Unit yang ditampilkan");
    pty.send("sago");
    pty.send(ENTER);
    pty.wait_for("[Pegawai 2]");
    pty.wait_gone("Citra");
    pty.press("gm", "[Matriks 2]");
    pty.press("gt", "[Agenda]");
    pty.send("\x1b[Z");
    pty.wait_for("[JP]");
    pty.wait_row(&["›", "Ayu Contoh"]);
    assert!(!pty.screen().contains("Citra"), "{}", pty.screen());
    pty.press("ge", "[Pegawai 2]");
    pty.send(ESC);
    pty.wait_for("[Pegawai 3]");
    pty.quit();
}

#[test]
fn a_number_is_copied_to_the_terminal_only_when_asked() {
    let office = Office::staffed();
    let mut pty = office.opened();
    pty.wait_row(&["›", "Ayu Contoh"]);
    assert!(!pty.has_written("\x1b]52;"));
    pty.press("y", "NIP dikirim ke terminal");
    // 198001012005012901 as a terminal takes it.
    assert!(pty.has_written("\x1b]52;c;MTk4MDAxMDEyMDA1MDEyOTAx"));
    pty.quit();
}
