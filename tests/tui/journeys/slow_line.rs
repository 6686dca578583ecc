//! What an officer's keys send over a line that carries a kilobyte a second: bytes are exact,
//! so they are held.

use std::fmt::Write as _;
use std::thread;
use std::time::Duration;

use crate::office::Office;
use crate::pty::Pty;

const DOWN: &str = "\x1b[B";

/// What 9,600 baud carry in a second, and how long the screen may be behind then.
const SLOW: u32 = 960;
const BEHIND: usize = 2;
/// A held key comes again this soon.
const REPEAT: Duration = Duration::from_millis(33);

/// An office of two hundred.
fn office() -> Office {
    let mut staff = String::from("nip;nama;jabatan;unit kerja\n");
    for at in 1..=200 {
        writeln!(staff, "199001012015031{at:03};Pegawai {at:03};Pengelola;Kelurahan {}", at % 7)
            .expect("a string");
    }
    Office::with(&staff, "")
}

fn name(at: usize) -> String {
    format!("Pegawai {at:03}")
}

/// The cursor stands on this person of the list.
fn stands_on(pty: &Pty, at: usize) {
    let name = name(at);
    pty.wait_until(|screen| {
        let (rows, columns) = screen.size();
        let of_list = columns.get().min(60);
        (1..rows.get()).any(|row| {
            let text = screen.contents_between(row, 0, row, of_list);
            text.contains(&name) && screen.cell(row, 1).is_some_and(vt100::Cell::inverse)
        })
    });
}

/// This person stands beside the list.
fn stands_beside(pty: &Pty, at: usize) {
    let name = name(at);
    pty.wait_until(|screen| {
        let (rows, columns) = screen.size();
        let beside = |row| screen.contents_between(row, 60, row, columns.get());
        (1..rows.get()).any(|row| beside(row).contains(&name))
    });
}

/// Bytes a move, over the moves from one person to another.
fn moved(pty: &mut Pty, from: usize, to: usize) -> usize {
    stands_on(pty, from);
    let before = pty.written();
    for at in from + 1..=to {
        pty.send(DOWN);
        stands_on(pty, at);
    }
    (pty.written() - before) / (to - from)
}

#[test]
fn a_move_in_the_list_and_a_page_that_scrolls_cost_some_hundred_bytes() {
    let office = office();
    let mut pty = office.opened();
    let moves = moved(&mut pty, 1, 12);
    assert!(moves <= 300, "{moves} bytes a move");
    moved(&mut pty, 12, 22);
    let scrolls = moved(&mut pty, 22, 40);
    assert!(scrolls <= 400, "{scrolls} bytes a move that scrolls");
    println!("bytes: {moves} a move, {scrolls} a move that scrolls");
}

#[test]
fn digits_one_after_the_other_cost_some_hundred_bytes_each() {
    let office = office();
    let mut pty = office.opened();
    pty.send("gm");
    pty.wait_for("M.1");
    pty.send("3");
    pty.wait_for("ctrl-s");
    pty.send("\x13");
    pty.wait_for("M.1 = 3");
    // What is told of a cell comes once nobody types: on a busy machine between any two digits.
    let mut digits = Vec::new();
    for at in 2..=8 {
        let before = pty.written();
        pty.send("2");
        pty.wait_for(&format!("M.{at} = 2"));
        digits.push(pty.written() - before);
    }
    let (least, most) = (digits.iter().min().copied(), digits.iter().max().copied());
    assert!(least.is_some_and(|least| least <= 150), "{digits:?} bytes a digit");
    assert!(most.is_some_and(|most| most <= 400), "{digits:?} bytes a digit");
    println!("bytes: {digits:?} a digit in the matrix");
}

/// On a large screen the person stands beside the list, and is drawn once the cursor rests:
/// on a busy machine it may between any two moves.
#[test]
fn a_large_screen_costs_a_move_no_more_and_the_matrix_some_thousand_bytes() {
    let office = office();
    let mut pty = office.start(&[], &[], 120, 40);
    pty.go_to_employees(false);
    pty.wait_for("Pegawai ");
    pty.wait_list();
    stands_beside(&pty, 1);
    // All that is told of that person has come once the next one stands there.
    pty.send(DOWN);
    stands_beside(&pty, 2);
    let moves: Vec<usize> = (2..=13).map(|at| moved(&mut pty, at, at + 1)).collect();
    let (least, most) = (moves.iter().min().copied(), moves.iter().max().copied());
    assert!(least.is_some_and(|least| least <= 300), "{moves:?} bytes a move");
    assert!(most.is_some_and(|most| most <= 3_500), "{moves:?} bytes a move");
    let before = pty.written();
    pty.send("gm");
    pty.wait_for("JPM");
    // All of that frame has come once the next one has.
    pty.send("\x1b[C");
    pty.wait_for("M.2 Kerja Sama");
    let matrix = pty.written() - before;
    assert!((1_000..=8_000).contains(&matrix), "{matrix} bytes for the matrix");
    println!("bytes at 120x40: {least:?} a move, {matrix} for the matrix");
}

/// What is on its way when the key is let go, wherever it waits, is what the line still takes
/// before the screen is right.
#[test]
fn the_screen_is_right_two_seconds_after_a_key_held_on_a_slow_line() {
    let office = office();
    let mut pty = office.opened();
    stands_on(&pty, 1);
    pty.slow_to(SLOW);
    let presses = 90;
    let before = pty.written();
    for _ in 0..presses {
        pty.send("j");
        thread::sleep(REPEAT);
    }
    let let_go = pty.written();
    stands_on(&pty, 1 + presses);
    let late = pty.written() - let_go;
    println!("bytes: {} while a key is held for three seconds, {late} after it", let_go - before);
    assert!(late <= BEHIND * SLOW as usize, "{late} bytes after the key was let go");
    assert!(let_go > before, "nothing was shown meanwhile");
}
