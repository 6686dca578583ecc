//! From termina's key events to our keys.
//!
//! Only complete sequences come in here, one at a time and each to a fresh parser: what
//! termina does with torn or foreign sequences (it swallows the next key after a timed-out
//! `ESC [`, and types the tail of a sequence it does not know) can therefore not happen.
//! Knows nothing of time or of the terminal.

use termina::Event;
use termina::event::{KeyCode as Code, KeyEvent, KeyEventKind, Modifiers};

use super::key::{Key, KeyCode};

/// A control character as a key, `None` for ESC, which is never a key on its own here.
pub(super) fn control(byte: u8) -> Option<Key> {
    Some(match byte {
        0 => Key::ctrl(' '),
        // ctrl-i and ctrl-m cannot be told from Tab and Enter.
        b'\t' => Key::plain(KeyCode::Tab),
        b'\r' => Key::plain(KeyCode::Enter),
        // Half the terminals send one for the Backspace key, half the other.
        0x08 | 0x7f => Key::plain(KeyCode::Backspace),
        0x01..=0x1a => Key::ctrl((byte - 1 + b'a') as char),
        0x1c..=0x1f => Key::ctrl((byte - 0x1c + b'\\') as char),
        _ => return None,
    })
}

/// A complete `ESC [ …` or `ESC O …` as a key, `None` if it is no key of ours.
pub(super) fn sequence(bytes: &[u8]) -> Option<Key> {
    if !speaks_of_a_key(bytes) {
        return None;
    }
    let mut parser = termina::Parser::default();
    parser.parse(bytes, false);
    match parser.pop()? {
        Event::Key(event) => key(event),
        _ => None,
    }
}

/// termina gives up in the middle of what it does not know and takes the tail for text, so
/// only the shapes it reads to their end are passed on.
fn speaks_of_a_key(bytes: &[u8]) -> bool {
    match bytes {
        [0x1b, b'O', _] | [0x1b, b'[', b'@'..=b'~'] | [0x1b, b'[', b'[', _] => true,
        [0x1b, b'[', parameters @ .., b'@'..=b'~'] => {
            parameters.first().is_some_and(u8::is_ascii_digit)
                && parameters.iter().all(|b| matches!(b, b'0'..=b'9' | b';' | b':'))
        }
        _ => false,
    }
}

fn key(event: KeyEvent) -> Option<Key> {
    if event.kind == KeyEventKind::Release {
        return None;
    }
    let mut shift = event.modifiers.contains(Modifiers::SHIFT);
    let code = match event.code {
        Code::Char(c) => {
            let typed = if shift { capital(c) } else { c };
            shift = false;
            KeyCode::Char(typed)
        }
        Code::Function(n @ 1..=24) => KeyCode::F(n),
        Code::Tab if shift => KeyCode::BackTab,
        Code::BackTab => KeyCode::BackTab,
        Code::Enter => KeyCode::Enter,
        Code::Escape => KeyCode::Esc,
        Code::Tab => KeyCode::Tab,
        Code::Backspace => KeyCode::Backspace,
        Code::Delete => KeyCode::Delete,
        Code::Insert => KeyCode::Insert,
        Code::Up => KeyCode::Up,
        Code::Down => KeyCode::Down,
        Code::Left => KeyCode::Left,
        Code::Right => KeyCode::Right,
        Code::Home => KeyCode::Home,
        Code::End => KeyCode::End,
        Code::PageUp => KeyCode::PageUp,
        Code::PageDown => KeyCode::PageDown,
        _ => return None,
    };
    Some(Key {
        code,
        ctrl: event.modifiers.contains(Modifiers::CONTROL),
        alt: event.modifiers.contains(Modifiers::ALT),
        shift: shift && code != KeyCode::BackTab,
    })
}

/// Only letters with a single capital change; `ß` stays.
fn capital(c: char) -> char {
    let mut upper = c.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_an_officer_has_arrives_from_every_kind_of_terminal() {
        for (bytes, code) in [
            ("\x1b[A", KeyCode::Up),
            ("\x1bOA", KeyCode::Up),
            ("\x1b[1~", KeyCode::Home),
            ("\x1b[7~", KeyCode::Home),
            ("\x1b[H", KeyCode::Home),
            ("\x1bOF", KeyCode::End),
            ("\x1b[5~", KeyCode::PageUp),
            ("\x1b[6~", KeyCode::PageDown),
            ("\x1b[3~", KeyCode::Delete),
            ("\x1b[2~", KeyCode::Insert),
            ("\x1b[Z", KeyCode::BackTab),
            ("\x1bOP", KeyCode::F(1)),
            ("\x1b[11~", KeyCode::F(1)),
            ("\x1b[[A", KeyCode::F(1)),
            ("\x1bOS", KeyCode::F(4)),
            ("\x1b[14~", KeyCode::F(4)),
            ("\x1b[21~", KeyCode::F(10)),
            ("\x1b[24~", KeyCode::F(12)),
        ] {
            assert_eq!(sequence(bytes.as_bytes()), Some(Key::plain(code)), "{bytes:?}");
        }
    }

    #[test]
    fn modifiers_are_kept_on_keys_that_are_not_characters() {
        let key = sequence(b"\x1b[1;5C").expect("a key");
        assert_eq!((key.code, key.ctrl, key.shift), (KeyCode::Right, true, false));
        let key = sequence(b"\x1b[3;2~").expect("a key");
        assert_eq!((key.code, key.ctrl, key.shift), (KeyCode::Delete, false, true));
    }

    #[test]
    fn a_shifted_letter_is_the_capital_it_types() {
        assert_eq!(sequence(b"\x1b[97;2u"), Some(Key::char('A')));
    }

    #[test]
    fn sequences_that_are_no_keys_type_nothing() {
        for bytes in ["\x1b[;5A", "\x1b[=1c", "\x1b[?64;1c", "\x1b[>0q", "\x1bOz", "\x1b[200z"] {
            assert_eq!(sequence(bytes.as_bytes()), None, "{bytes:?}");
        }
    }

    #[test]
    fn both_backspaces_are_backspace() {
        assert_eq!(control(0x08), Some(Key::plain(KeyCode::Backspace)));
        assert_eq!(control(0x7f), Some(Key::plain(KeyCode::Backspace)));
    }

    #[test]
    fn control_letters_are_named_by_their_letter() {
        assert_eq!(control(0x13), Some(Key::ctrl('s')));
        assert_eq!(control(0x1f), Some(Key::ctrl('_')));
        assert_eq!(control(0x09), Some(Key::plain(KeyCode::Tab)));
        assert_eq!(control(0x0d), Some(Key::plain(KeyCode::Enter)));
    }
}
