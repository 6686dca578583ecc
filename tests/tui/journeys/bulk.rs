//! Many people at once: what is marked, what is asked before, and one undo for all of it.

use crate::office::{ENTER, ESC, Office, SAVE, crowd};
use crate::pty::Pty;

const GRADE: &str = "III/b";

/// Marks all of `unit:ganjil` and opens the form of one field of them.
fn grade_of_marked(pty: &mut Pty, filter: &str, counter: &str, count: &str) {
    pty.filter(filter, counter);
    pty.send("V");
    pty.wait_for(&format!("{counter} *{count}"));
    pty.press("E", &format!("Isian yang diubah untuk {count} pegawai"));
    pty.press("golongan", "/golongan");
    pty.send(ENTER);
    pty.wait_gone("/golongan");
    pty.wait_row(&["›", "Golongan"]);
    pty.send(GRADE);
    pty.wait_row(&["Golongan", GRADE]);
    pty.press(SAVE, &format!("untuk {count} pegawai?"));
}

fn with_grade(office: &Office) -> usize {
    office.texts("employees", "grade").iter().filter(|grade| *grade == GRADE).count()
}

#[test]
fn one_field_of_all_who_are_filtered_is_set_after_their_number_is_typed() {
    let office = Office::with(&crowd(45), "");
    let mut pty = office.opened();
    grade_of_marked(&mut pty, "unit:ganjil", "23/45", "23");
    pty.wait_for("Ketik 23");
    // Neither a habit of the fingers nor a wrong number says yes.
    pty.send("y22");
    pty.send(ENTER);
    pty.wait_gone("Ketik 23");
    pty.press(SAVE, "Ketik 23");
    pty.send("23");
    pty.send(ENTER);
    pty.wait_for("Tersimpan");
    pty.wait_row(&["Orang 01", GRADE]);
    pty.wait_for("23/45");
    pty.send(ESC);
    pty.wait_for("Pegawai 45");
    pty.wait_row(&["Orang 02", "III/a"]);

    for (key, said, grade) in [("u", "Mengurungkan", "III/a"), ("\x12", "Mengulang", GRADE)] {
        pty.press(key, "Ketik 23");
        pty.send("23");
        pty.press(ENTER, said);
        pty.wait_row(&["Orang 01", grade]);
    }
    pty.quit();
    assert_eq!(with_grade(&office), 23);
    // Imported, set, taken back, done again: each of them one step.
    assert_eq!(office.history().len(), 4);
    assert_eq!(office.run(&["undo"]).code, 0);
    assert_eq!(with_grade(&office), 0);
}

#[test]
fn twenty_or_fewer_are_set_after_a_plain_yes() {
    let office = Office::with(&crowd(30), "");
    let mut pty = office.opened();
    grade_of_marked(&mut pty, "unit:genap", "15/30", "15");
    assert!(!pty.screen().contains("Ketik 15"), "{}", pty.screen());
    pty.send("y");
    pty.wait_for("Tersimpan");
    pty.quit();
    assert_eq!(with_grade(&office), 15);
}

#[test]
fn a_range_is_marked_and_its_people_leave_together_but_stay_on_record() {
    let office = Office::with(&crowd(6), "");
    let mut pty = office.opened();
    pty.wait_row(&["›", "Orang 01"]);
    pty.send("jvjjv");
    pty.wait_for("Pegawai 6 *3");
    pty.press("M", "Nonaktifkan 3 pegawai?");
    pty.press("y", "pensiun");
    pty.send("pensiun");
    pty.send(ENTER);
    pty.wait_for("Tersimpan");
    pty.quit();
    let retired =
        office.json(&["list", "employees", "--search", "status=retired", "--format", "json"]);
    let retired = retired.as_array().expect("a list");
    let names: Vec<_> = retired.iter().filter_map(|row| row["name"].as_str()).collect();
    assert_eq!(names, ["Orang 02", "Orang 03", "Orang 04"]);
}
