//! The competency matrix of a unit: one digit a cell, read without colour, taken back.

use serde_json::{Value as Json, json};

use crate::office::{ENTER, ESC, Office, SAVE};
use crate::pty::Pty;

/// The matrix of Kelurahan Sago: Ayu and Budi.
pub fn matrix_of_sago(pty: &mut Pty) {
    pty.press("gm", "Matriks 3");
    pty.press("f", "Kelurahan Sago");
    pty.send("sago");
    pty.send(ENTER);
    pty.wait_for("Matriks 2");
    pty.wait_row(&["›", "Ayu Contoh"]);
}

fn rows(office: &Office) -> Vec<Json> {
    office.json(&["matrix", "--unit", "Kelurahan Sago", "--format", "json"])["rows"]
        .as_array()
        .expect("rows")
        .clone()
}

/// Level and gap of one cell.
fn cell(row: &Json, code: &str) -> (Json, Json) {
    let cells = row["cells"].as_array().expect("cells");
    let cell = cells.iter().find(|cell| cell["code"] == code).expect("the competency");
    (cell["actual"].clone(), cell["gap"].clone())
}

#[test]
fn a_unit_is_rated_with_one_digit_a_cell_and_a_surplus_hides_no_deficit() {
    let office = Office::staffed();
    let mut pty = office.opened();
    matrix_of_sago(&mut pty);

    // Ayu is a Lurah: level 2 is required. Her M.1 is 2, her M.8 is 1.
    pty.wait_row(&["Ayu Contoh", "2=", "1-1"]);
    pty.send("1");
    pty.wait_for("Yang dicatat pada setiap level");
    pty.press(SAVE, "Tersimpan");
    pty.wait_row(&["Ayu Contoh", "1-1", "[?"]);
    // One digit a cell, without waiting: M.2 to M.7 far above, then M.8 untouched.
    pty.send("444444");
    pty.wait_row(&["Ayu Contoh", "4+2  4+2  4+2  4+2  4+2  4+2 [1-1]"]);

    // 26 of 16 is above a hundred; cut off at the standard it is 14 of 16.
    pty.wait_row(&["Ayu Contoh", ">100", "87,50", "2"]);
    pty.press("=", "kelebihan tidak menutupi kekurangan");
    pty.wait_for("26 / 16 x 100 = 162,50");
    pty.wait_for("14 / 16 x 100 = 87,50");
    pty.wait_for("2 dari 8");
    pty.send(ESC);
    pty.wait_gone("menutupi");
    pty.quit();

    let rows = rows(&office);
    assert_eq!(rows.len(), 2);
    let ayu = &rows[0];
    assert_eq!(cell(ayu, "M.1"), (json!(1), json!(-1)));
    assert_eq!(cell(ayu, "M.2"), (json!(4), json!(2)));
    assert_eq!(cell(ayu, "M.8"), (json!(1), json!(-1)));
    assert_eq!(cell(ayu, "SK.1"), (json!(null), json!(null)));
    assert_eq!((&ayu["jpm"], &ayu["jpm_capped"]), (&json!(162.5), &json!(87.5)));
    assert_eq!(ayu["below"], 2);
}

#[test]
fn a_level_keyed_by_mistake_is_superseded_or_undone() {
    let office = Office::staffed();
    let mut pty = office.opened();
    matrix_of_sago(&mut pty);
    pty.send("3");
    pty.wait_for("Yang dicatat pada setiap level");
    pty.press(SAVE, "Tersimpan");
    pty.wait_row(&["Ayu Contoh", "3+1"]);
    // The second digit on the cell in the same sitting is the one that counts.
    pty.send("\x1b[D4");
    pty.wait_row(&["Ayu Contoh", "4+2"]);
    pty.press("u", "Mengurungkan");
    pty.wait_row(&["Ayu Contoh", "3+1"]);
    pty.press("u", "Mengurungkan");
    pty.wait_row(&["Ayu Contoh", "2="]);
    pty.quit();
    assert_eq!(cell(&rows(&office)[0], "M.1"), (json!(2), json!(0)));
    assert_eq!(office.list("ratings").len(), 3);
}

#[test]
fn gaps_are_walked_and_people_without_any_are_left_out() {
    let office = Office::staffed();
    let mut pty = office.opened();
    pty.press("gm", "Matriks 3");
    pty.wait_row(&["›", "Ayu Contoh"]);
    pty.send("n");
    pty.wait_row(&["Ayu Contoh", "[1-1]"]);
    pty.send("F");
    pty.wait_gone("Budi Contoh");
    pty.wait_for("Ayu Contoh");
    pty.send("F");
    pty.wait_for("Budi Contoh");
    pty.quit();
}
