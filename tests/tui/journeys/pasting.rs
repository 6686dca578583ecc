//! Text pasted on a terminal that does not say so: into lists, the matrix, a question, a
//! field; in one write, and torn as a network tears it. The history has nothing of it.

use crate::office::{ENTER, ESC, Office};
use crate::pty::Pty;

const NAME: &str = "Widyastuti, S.E.";
const NIP: &str = "198502022010022901";
const LINES: &str = "Dwi Yudha\rUdin Budi\rYayuk Dewi\r";
const LEFT_ALONE: &str = "dibiarkan";

/// Both ways in which a paste arrives.
fn pastes(text: &str) -> Vec<Vec<String>> {
    let torn = text.as_bytes().chunks(3).map(|part| String::from_utf8_lossy(part).into_owned());
    vec![vec![text.to_string()], torn.collect()]
}

/// It was said; with a key that is no text the next begins anew.
fn afterwards(pty: &mut Pty, place: &str) {
    pty.wait_for(LEFT_ALONE);
    pty.press("\x1b[B", place);
    pty.wait_gone(LEFT_ALONE);
}

#[test]
fn a_name_or_a_number_pasted_into_the_list_is_left_alone_and_said() {
    let office = Office::staffed();
    let mut pty = office.opened();
    for text in [NAME, NIP, LINES, "budi.dwi@example.go.id"] {
        for parts in pastes(text) {
            pty.paste_torn(&parts);
            afterwards(&mut pty, "[Pegawai 3]");
        }
    }
    pty.quit();
    assert_eq!(office.history().len(), 2);
}

#[test]
fn a_number_pasted_into_the_matrix_rates_nobody() {
    let office = Office::staffed();
    let mut pty = office.opened();
    pty.press("gm", "[Matriks 3]");
    pty.wait_row(&["›", "Ayu Contoh"]);
    pty.press("r", "Penilai");
    pty.send("\x13");
    pty.wait_gone("Metode");
    for text in [NIP, NAME, "1\t2\t3\t4\r5\t4\t3\t2\r"] {
        for parts in pastes(text) {
            pty.paste_torn(&parts);
            afterwards(&mut pty, "[Matriks 3]");
        }
    }
    pty.quit();
    assert_eq!(office.history().len(), 2);
}

#[test]
fn a_paste_answers_no_question_and_a_key_sent_with_the_one_that_raised_it_neither() {
    let office = Office::staffed();
    let mut pty = office.opened();
    pty.wait_row(&["›", "Ayu Contoh"]);
    pty.send("dy");
    pty.wait_for("Hapus");
    pty.paste_torn(&[NAME.to_string()]);
    pty.wait_for(LEFT_ALONE);
    pty.press("n", "[Pegawai 3]");
    pty.quit();
    assert_eq!(office.history().len(), 2);
}

#[test]
fn a_paste_in_the_filter_is_its_text() {
    let office = Office::staffed();
    let mut pty = office.opened();
    pty.press("/", "/");
    for parts in pastes("Budi Contoh") {
        pty.paste_torn(&parts);
        pty.wait_for("[Pegawai 1/3]");
        pty.send("\x15");
        pty.wait_for("[Pegawai 3]");
    }
    pty.paste_torn(&[format!("Citra Contoh{ENTER}")]);
    pty.wait_for("[Pegawai 1/3]");
    pty.send(ESC);
    pty.wait_for("[Pegawai 3]");
    pty.quit();
    assert_eq!(office.history().len(), 2);
}
