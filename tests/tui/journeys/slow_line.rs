//! What an officer's keys send over a line that carries a kilobyte a second: bytes are exact,
//! so they are held.

use std::fmt::Write as _;
use std::thread;
use std::time::{Duration, Instant};

use crate::office::Office;
use crate::pty::Pty;

const DOWN: &str = "\x1b[B";

/// What 9,600 baud carry in a second, and in the two seconds in which the screen is to be right
/// again, less the moment after which a key is known to have been let go.
const SLOW: u32 = 960;
const BEHIND: usize = 2 * SLOW as usize - 160;
/// People above the cursor that are looked at.
const ABOVE: usize = 15;
/// A held key comes again this soon, and is let go where it has not for so long.
const REPEAT: Duration = Duration::from_millis(33);
const LET_GO: Duration = Duration::from_millis(110);

/// An office of two hundred, the second and those after that rated at, above and below the
/// standard.
fn office() -> Office {
    let mut staff = String::from("nip;nama;jabatan;unit kerja\n");
    let posts = ["Pengelola", "Analis Kepegawaian", "Arsiparis", "Penyuluh Gizi", "Bendahara"];
    let units = ["Kelurahan Plaju Ulu", "Dinas Gizi", "Seksi Arsip", "Bidang Jalan"];
    for at in 1..=200 {
        let (post, unit) = (posts[at % posts.len()], units[at % units.len()]);
        writeln!(staff, "199001012015031{at:03};Pegawai {at:03};{post};{unit}").expect("a string");
    }
    let mut ratings = String::from("nip;kompetensi;level;sumber;tanggal\n");
    for at in 8..408 {
        let (person, of, level) = (1 + at / 8, 1 + at % 8, 1 + at / 3 % 4);
        let row = format!("199001012015031{person:03};M.{of};{level};atasan;2026-01-15");
        writeln!(ratings, "{row}").expect("a string");
    }
    Office::with(&staff, &ratings)
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

/// Bytes of each move from one person to another, the fewest first.
///
/// A frame stands on the screen before its last byte is read, and on a busy machine what is
/// drawn once nobody types comes between any two moves: so one move says nothing, and the one
/// in the middle what a move costs.
fn moved(pty: &mut Pty, from: usize, to: usize) -> Vec<usize> {
    stands_on(pty, from);
    let mut moves: Vec<usize> = (from + 1..=to)
        .map(|at| {
            let before = pty.written();
            pty.send(DOWN);
            stands_on(pty, at);
            pty.written() - before
        })
        .collect();
    moves.sort_unstable();
    moves
}

/// What a key costs, and what the dearest of them did.
fn usual_and_most(bytes: &[usize]) -> (usize, usize) {
    (bytes[bytes.len() / 2], bytes[bytes.len() - 1])
}

#[test]
fn a_move_in_the_list_and_a_page_that_scrolls_cost_some_hundred_bytes() {
    let office = office();
    let mut pty = office.opened();
    let moves = moved(&mut pty, 1, 12);
    assert!(usual_and_most(&moves).0 <= 300, "{moves:?} bytes a move");
    moved(&mut pty, 12, 22);
    let scrolls = moved(&mut pty, 22, 40);
    assert!(usual_and_most(&scrolls).0 <= 400, "{scrolls:?} bytes a move that scrolls");
    println!("bytes: {moves:?} a move, {scrolls:?} a move that scrolls");
}

/// Whoever goes on typing is shown nothing of what could follow.
#[test]
fn a_key_that_begins_others_sends_nothing_by_itself() {
    let office = office();
    for (columns, rows) in [(80, 24), (120, 40)] {
        let mut pty = office.start(&[], &[], columns, rows);
        pty.go_to_employees(false);
        pty.wait_list();
        let mut prefixes: Vec<usize> = (2..8)
            .map(|at| {
                pty.send("g");
                let before = pty.written();
                thread::sleep(Duration::from_millis(100));
                let sent = pty.written() - before;
                pty.send("g");
                pty.send(DOWN.repeat(at - 1));
                stands_on(&pty, at);
                thread::sleep(Duration::from_millis(600));
                sent
            })
            .collect();
        prefixes.sort_unstable();
        println!("bytes at {columns}x{rows}: {prefixes:?} a prefix");
        assert_eq!(prefixes[0], 0, "{prefixes:?} bytes a prefix at {columns}x{rows}");
    }
}

#[test]
fn digits_one_after_the_other_cost_some_hundred_bytes_each() {
    let office = office();
    digits_of(office.opened());
    let office = self::office();
    let mut pty = office.start(&[], &[], 120, 40);
    pty.go_to_employees(false);
    digits_of(pty);
}

fn digits_of(mut pty: Pty) {
    pty.send("gm");
    pty.wait_for("M.1");
    pty.send("3");
    pty.wait_for("ctrl-s");
    pty.send("\x13");
    pty.wait_for("M.1 = 3");
    let mut digits = Vec::new();
    for at in 2..=8 {
        let before = pty.written();
        pty.send("2");
        pty.wait_for(&format!("M.{at} = 2"));
        digits.push(pty.written() - before);
    }
    digits.sort_unstable();
    // What is told of a cell comes once nobody types: on a busy machine after every digit.
    assert!(digits[0] <= 150, "{digits:?} bytes a digit");
    assert!(usual_and_most(&digits).0 <= 500, "{digits:?} bytes a digit");
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
    let moves = moved(&mut pty, 2, 14);
    assert!(moves[0] <= 300, "{moves:?} bytes a move");
    assert!(usual_and_most(&moves).1 <= 3_500, "{moves:?} bytes a move");
    moved(&mut pty, 14, 40);
    // What stood beside goes with the first row that scrolls, and comes once the cursor rests.
    let scrolls = moved(&mut pty, 40, 60);
    assert!(scrolls[0] <= 400, "{scrolls:?} bytes a move that scrolls");
    stands_beside(&pty, 60);
    let panes = matrix_opened(&mut pty);
    assert!((1_000..=6_500).contains(&panes[0]), "{panes:?} bytes for the matrix");
    println!("bytes at 120x40: {moves:?} a move, {scrolls:?} that scrolls, {panes:?} the matrix");
    drop(pty);
    let mut pty = office.opened();
    let panes = matrix_opened(&mut pty);
    assert!((1_000..=3_000).contains(&panes[0]), "{panes:?} bytes for the matrix");
    println!("bytes at 80x24: {panes:?} the matrix");
}

/// Bytes of the matrix over the list, opened three times, the fewest first.
fn matrix_opened(pty: &mut Pty) -> [usize; 3] {
    let mut panes = ["M.2 Kerja Sama", "M.3 Komunikasi", "M.4 Orientasi"].map(|next| {
        let before = pty.written();
        pty.send("gm");
        pty.wait_for("JPM");
        // All of that frame has come once the next one has.
        pty.send("\x1b[C");
        pty.wait_for(next);
        let bytes = pty.written() - before;
        pty.send("ge");
        pty.wait_for("[Pegawai");
        pty.wait_list();
        thread::sleep(Duration::from_millis(500));
        bytes
    });
    panes.sort_unstable();
    panes
}

/// What is on its way when the key is let go, wherever it waits, is what the line still takes
/// before the screen is right.
#[test]
fn the_screen_is_right_two_seconds_after_a_key_held_on_a_slow_line() {
    let office = office();
    let mut pty = office.opened();
    stands_on(&pty, 1);
    pty.slow_to(SLOW);
    let (presses, mut at) = (60, 1);
    for _ in 0..3 {
        let (before, mut longest) = (pty.written(), Duration::ZERO);
        for _ in 0..presses {
            let start = Instant::now();
            pty.send("j");
            thread::sleep(REPEAT);
            longest = longest.max(start.elapsed());
        }
        let let_go = pty.written();
        at += presses;
        stands_on(&pty, at);
        stands_among(&pty, at);
        let late = pty.written() - let_go;
        println!("bytes: {} while a key is held for two seconds, {late} after it", let_go - before);
        assert!(let_go > before, "nothing was shown meanwhile");
        // On a busy machine the key was let go in between.
        if longest < LET_GO {
            assert!(late <= BEHIND, "{late} bytes after the key was let go");
            return;
        }
    }
}

/// Above the cursor's row stand those before that person, each in a row of their own.
fn stands_among(pty: &Pty, at: usize) {
    pty.wait_until(|screen| {
        let (rows, columns) = screen.size();
        let row = |row: u16| screen.contents_between(row, 0, row, columns.get());
        let cursor =
            (1..rows.get()).find(|at| screen.cell(*at, 1).is_some_and(vt100::Cell::inverse));
        cursor.is_some_and(|cursor| {
            (0..=ABOVE)
                .zip((1..=cursor).rev())
                .all(|(up, at_row)| row(at_row).contains(&name(at - up)))
        })
    });
}
