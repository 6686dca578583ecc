//! What slow lines, old terminals and dying connections do to an officer, and must not.
//!
//! The probe is the filter of the employees list: what is typed into it stands on the
//! screen, so a lost, doubled or misread key is seen.

use crate::office::Office;
use crate::pty::{Exit, Pty, Signal};

const PROGRAM: &str = env!("CARGO_BIN_EXE_kompeten");

/// Types a word into the filter, sees it there, and clears the filter again.
fn answers(pty: &mut Pty, word: &str) {
    pty.go_to_employees(false);
    pty.send("/");
    pty.send(word);
    pty.wait_for(word);
    pty.send("\x1b");
    pty.wait_gone(word);
}

/// The shell has its terminal back and waits for a command.
fn shows_prompt(screen: &vt100::Screen) -> bool {
    !screen.alternate_screen() && screen.contents().trim_end().ends_with("siap>")
}

#[test]
fn an_arrow_torn_by_the_network_moves_the_cursor_and_cancels_nothing() {
    let office = Office::new();
    let mut pty = office.opened_with(&[], &[("SSH_CONNECTION", "192.0.2.1 1 192.0.2.2 22")]);
    pty.send("/siti");
    pty.wait_for("siti");
    pty.send_torn(&["\x1b", "[D"]);
    pty.send_torn(&["\x1b[", "D"]);
    pty.send_torn(&["\x1b", "[", "C"]);
    pty.send("xx");
    pty.wait_for("sitxxi");
}

#[test]
fn the_key_after_half_a_sequence_is_not_swallowed() {
    let office = Office::new();
    let mut pty = office.opened();
    pty.send("/");
    pty.send("\x1b]11;rgb:00\x1b[200~zq\x1b[201~");
    pty.wait_for("zq");
    pty.send("\x08\x7fwv");
    pty.wait_for("wv");
    assert!(!pty.screen().contains("zq"), "{}", pty.screen());
}

#[test]
fn text_pasted_over_a_list_is_not_run_as_commands() {
    let office = Office::new();
    let mut pty = office.opened();
    pty.send("\x1b[200~q\x1b[201~");
    answers(&mut pty, "zz");
}

#[test]
fn a_broken_connection_ends_the_program() {
    let office = Office::new();
    let mut pty = office.opened();
    pty.hang_up();
    assert!(matches!(pty.wait_exit(), Exit::Code(_)), "{:?}", pty.wait_exit());
}

#[test]
fn a_broken_connection_ends_a_half_filled_form() {
    let office = Office::new();
    let mut pty = office.opened();
    let list = pty.screen();
    pty.send("a");
    pty.wait_until(|screen| screen.contents() != list);
    pty.send("Siti");
    pty.hang_up();
    assert!(matches!(pty.wait_exit(), Exit::Code(_)), "{:?}", pty.wait_exit());
}

#[test]
fn the_host_ends_the_program_and_the_terminal_is_given_back() {
    for signal in [Signal::HUP, Signal::TERM] {
        let office = Office::new();
        let pty = office.opened();
        pty.signal(signal);
        assert!(matches!(pty.wait_exit(), Exit::Code(_)), "{:?}", pty.wait_exit());
        assert!(!pty.is_alternate());
        assert!(pty.has_written("\x1b[?2004l") && pty.has_written("\x1b[?25h"));
    }
}

#[test]
fn quitting_gives_the_terminal_back() {
    let office = Office::new();
    let mut pty = office.opened();
    pty.send("q");
    assert_eq!(pty.wait_exit(), Exit::Code(0));
    assert!(!pty.is_alternate());
    assert!(!pty.screen().contains("Pegawai"), "{}", pty.screen());
}

#[test]
fn a_key_pressed_while_the_window_changes_is_not_held_back() {
    let office = Office::new();
    let mut pty = office.opened();
    pty.send("/");
    let word = "pelatihanterpadu";
    for (at, letter) in (0u16..).zip(word.chars()) {
        pty.resize(80 + at % 3, 24 + at % 2);
        pty.send(letter.to_string());
        pty.wait_for(&word[..=at.into()]);
    }
}

#[test]
fn without_colours_something_still_stands_out() {
    for env in [("NO_COLOR", "1"), ("TERM", "vt100")] {
        let office = Office::new();
        let pty = office.opened_with(&[], &[env]);
        let stands_out = |screen: &vt100::Screen| {
            let (rows, cols) = screen.size();
            (0..rows.get()).any(|row| {
                (0..cols.get()).any(|col| {
                    screen.cell(row, col).is_some_and(|cell| cell.inverse() || cell.bold())
                })
            })
        };
        pty.wait_until(stands_out);
        for code in ["38;5;", "48;5;", "\x1b[31m", ";31m", "\x1b[32m", ";32m"] {
            assert!(!pty.has_written(code), "{env:?} {code:?}");
        }
    }
}

#[test]
fn a_terminal_of_sixteen_colours_is_sent_the_old_codes() {
    let office = Office::new();
    let mut pty = office.opened_with(&[], &[("TERM", "linux")]);
    answers(&mut pty, "zz");
    assert!(!pty.has_written("38;5;") && !pty.has_written("48;5;"));
}

#[test]
fn the_terminal_is_never_asked_anything() {
    let office = Office::new();
    let mut pty = office.opened();
    pty.resize(100, 30);
    answers(&mut pty, "zz");
    pty.resize(60, 15);
    answers(&mut pty, "yy");
    pty.send("q");
    pty.wait_exit();
    for question in ["\x1b[6n", "\x1b[c", "\x1b[0c", "\x1b[>c", "\x1b[?u", "\x1b[18t", "\x1b]11;?"]
    {
        assert!(!pty.has_written(question), "{question:?}");
    }
}

#[test]
fn ctrl_z_where_nobody_could_continue_does_not_freeze_the_login() {
    let office = Office::new();
    let mut pty = office.opened();
    pty.send("\x1a");
    answers(&mut pty, "zz");
}

#[test]
fn ctrl_z_in_a_shell_stops_and_fg_brings_everything_back() {
    let office = Office::new();
    let mut pty = Pty::shell(&office.env(&[("PROGRAM", PROGRAM)]), 80, 24);
    pty.send("\"$PROGRAM\"\r");
    pty.wait_for("Pegawai");
    let program = pty.wait_child();
    pty.send("\x1a");
    pty.wait_stopped(program);
    pty.wait_until(shows_prompt);
    pty.resize(90, 26);
    pty.send("fg\r");
    pty.wait_until(|screen| screen.alternate_screen() && screen.contents().contains("Pegawai"));
    answers(&mut pty, "zz");
    pty.send("q");
    pty.wait_until(shows_prompt);
}

#[test]
fn a_stop_from_outside_leaves_a_whole_screen_behind_too() {
    let office = Office::new();
    let mut pty = Pty::shell(&office.env(&[("PROGRAM", PROGRAM)]), 80, 24);
    pty.send("\"$PROGRAM\"\r");
    pty.wait_for("Pegawai");
    let program = pty.wait_child();
    rustix::process::kill_process(program, Signal::STOP).expect("it runs");
    pty.wait_stopped(program);
    pty.wait_for("siap>");
    pty.send("clear; fg\r");
    pty.wait_until(|screen| {
        screen.contents().contains("Pegawai") && !screen.contents().contains("siap>")
    });
    answers(&mut pty, "zz");
}

#[test]
fn a_window_of_no_size_or_one_cell_does_no_harm() {
    for (cols, rows) in [(0, 0), (1, 1), (0, 5), (200, 1)] {
        let office = Office::new();
        let mut pty = Pty::spawn(&[], &office.env(&[]), cols, rows);
        pty.wait_until(vt100::Screen::alternate_screen);
        pty.resize(80, 24);
        pty.wait_for("Pegawai");
        pty.resize(1, 1);
        pty.resize(0, 0);
        pty.resize(81, 24);
        pty.wait_for("Pegawai");
        answers(&mut pty, "zz");
    }
}
