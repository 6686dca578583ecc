//! Keys as text: `ctrl-s`, `F10`, `space`, `g e`.
//!
//! Reads what officers write in keymap files and writes keys for hints and help; what is
//! written reads back as the same key. Knows which keys a plain terminal cannot send, so
//! that nobody binds a key that never arrives. Knows no commands.

use crate::term::key::{Key, KeyCode};

/// The longest sequence that may be bound.
pub const MAX_SEQUENCE: usize = 4;

/// Why a key's text cannot be bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyFault {
    /// No such key.
    Unknown(String),
    /// No key at all, or more than [`MAX_SEQUENCE`].
    Length,
    /// A key that terminals cannot send, as written.
    Unsendable(String, Unsendable),
}

/// Why a terminal cannot send a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsendable {
    /// It arrives as this other key.
    ArrivesAs(Key),
    /// It arrives as something else from each terminal, or not at all.
    NoCode,
    /// It is how the codes of arrow and function keys begin.
    StartsOthers,
}

const NAMES: [(&str, KeyCode); 22] = [
    ("space", KeyCode::Char(' ')),
    ("enter", KeyCode::Enter),
    ("esc", KeyCode::Esc),
    ("tab", KeyCode::Tab),
    ("backspace", KeyCode::Backspace),
    ("del", KeyCode::Delete),
    ("ins", KeyCode::Insert),
    ("up", KeyCode::Up),
    ("down", KeyCode::Down),
    ("left", KeyCode::Left),
    ("right", KeyCode::Right),
    ("home", KeyCode::Home),
    ("end", KeyCode::End),
    ("pgup", KeyCode::PageUp),
    ("pgdn", KeyCode::PageDown),
    // Other spellings, read but never written.
    ("return", KeyCode::Enter),
    ("escape", KeyCode::Esc),
    ("backtab", KeyCode::BackTab),
    ("delete", KeyCode::Delete),
    ("insert", KeyCode::Insert),
    ("pageup", KeyCode::PageUp),
    ("pagedown", KeyCode::PageDown),
];

/// Reads a sequence of keys divided by blanks: `g e`.
pub fn parse_sequence(text: &str) -> Result<Vec<Key>, KeyFault> {
    let keys = text.split_whitespace().map(parse).collect::<Result<Vec<_>, _>>()?;
    if keys.is_empty() || keys.len() > MAX_SEQUENCE { Err(KeyFault::Length) } else { Ok(keys) }
}

pub fn format_sequence(keys: &[Key]) -> String {
    keys.iter().map(|key| format(*key)).collect::<Vec<_>>().join(" ")
}

/// A sequence in the officer's language, for hints and help: `Spasi`, `ctrl-s`, `g e`. Not
/// what a keymap file is written with.
pub fn spoken(keys: &[Key]) -> String {
    let said = |key: &Key| {
        let text = format(*key);
        let (held, name) = match text.rsplit_once('-') {
            Some((held, name)) if !name.is_empty() => (format!("{held}-"), name),
            _ => (String::new(), text.as_str()),
        };
        let words = crate::i18n::find(&format!("key.{name}"));
        format!("{held}{}", words.as_deref().unwrap_or(name))
    };
    keys.iter().map(said).collect::<Vec<_>>().join(" ")
}

/// Reads one key and refuses it if a terminal cannot send it.
pub fn parse(text: &str) -> Result<Key, KeyFault> {
    let written = read(text).ok_or_else(|| KeyFault::Unknown(text.to_owned()))?;
    match unsendable(written) {
        Some(why) => Err(KeyFault::Unsendable(text.to_owned(), why)),
        None => Ok(normal(written)),
    }
}

/// Writes one key: what [`parse`] reads back as the same.
pub fn format(key: Key) -> String {
    let ctrl = if key.ctrl { "ctrl-" } else { "" };
    let alt = if key.alt { "alt-" } else { "" };
    let shift = if key.shift || key.code == KeyCode::BackTab { "shift-" } else { "" };
    let name = match key.code {
        KeyCode::BackTab => "tab".to_owned(),
        KeyCode::F(number) => format!("F{number}"),
        code => match (NAMES.iter().find(|(_, named)| *named == code), code) {
            (Some((name, _)), _) => (*name).to_owned(),
            (None, KeyCode::Char(c)) => c.to_string(),
            (None, _) => String::new(),
        },
    };
    format!("{ctrl}{alt}{shift}{name}")
}

/// One form for keys that are the same: ctrl makes no difference between `s` and `S`,
/// shift on a letter is the capital, and shift-tab has a code of its own.
pub fn normal(mut key: Key) -> Key {
    match key.code {
        KeyCode::Char(c) if key.ctrl => {
            key.code = KeyCode::Char(c.to_ascii_lowercase());
            key.shift = false;
        }
        KeyCode::Char(c) if key.shift => {
            key.code = KeyCode::Char(c.to_ascii_uppercase());
            key.shift = false;
        }
        KeyCode::Tab if key.shift => {
            key.code = KeyCode::BackTab;
            key.shift = false;
        }
        KeyCode::BackTab => key.shift = false,
        _ => {}
    }
    key
}

/// The key as written, with the modifiers as written.
fn read(text: &str) -> Option<Key> {
    let mut key = Key::plain(KeyCode::Esc);
    let mut rest = text;
    while let Some((held, after)) = modifier(rest, &mut key) {
        if *held {
            return None;
        }
        *held = true;
        rest = after;
    }
    key.code = code(rest)?;
    Some(key)
}

/// A modifier at the start of `text` and what follows it.
fn modifier<'t, 'k>(text: &'t str, key: &'k mut Key) -> Option<(&'k mut bool, &'t str)> {
    let (name, after) = text.split_once(['-', '+'])?;
    if after.is_empty() {
        return None;
    }
    let held = match name.to_ascii_lowercase().as_str() {
        "ctrl" => &mut key.ctrl,
        "alt" => &mut key.alt,
        "shift" => &mut key.shift,
        _ => return None,
    };
    Some((held, after))
}

fn code(text: &str) -> Option<KeyCode> {
    let mut chars = text.chars();
    if let (Some(c), None) = (chars.next(), chars.next()) {
        return (!c.is_control() && !c.is_whitespace()).then_some(KeyCode::Char(c));
    }
    let lower = text.to_ascii_lowercase();
    if let Some(number) = lower.strip_prefix('f').and_then(|digits| digits.parse().ok()) {
        return (1..=24).contains(&number).then_some(KeyCode::F(number));
    }
    NAMES.iter().find(|(name, _)| *name == lower).map(|(_, code)| *code)
}

/// Why no plain terminal sends `key`, if none does. Terminals that know more exist, but a
/// keymap must work through whatever the officer logs in with.
fn unsendable(key: Key) -> Option<Unsendable> {
    use Unsendable::{ArrivesAs, NoCode, StartsOthers};
    match key.code {
        KeyCode::Char(c) if key.ctrl => match c.to_ascii_lowercase() {
            'i' => Some(ArrivesAs(Key::plain(KeyCode::Tab))),
            'm' | 'j' => Some(ArrivesAs(Key::plain(KeyCode::Enter))),
            'h' => Some(ArrivesAs(Key::plain(KeyCode::Backspace))),
            '[' => Some(ArrivesAs(Key::plain(KeyCode::Esc))),
            'a'..='z' if key.shift => Some(ArrivesAs(Key { alt: key.alt, ..Key::ctrl(c) })),
            'a'..='z' => None,
            ' ' if !key.alt && !key.shift => None,
            _ => Some(NoCode),
        },
        KeyCode::Char(' ') if key.shift => Some(ArrivesAs(Key::char(' '))),
        KeyCode::Char(c) if key.shift && !c.is_ascii_alphabetic() => Some(NoCode),
        KeyCode::Char(c) if key.alt => {
            let capital = matches!(normal(key).code, KeyCode::Char('O' | 'P'));
            (capital || matches!(c, '[' | ']')).then_some(StartsOthers)
        }
        KeyCode::Esc | KeyCode::Tab | KeyCode::BackTab if key.alt => Some(NoCode),
        KeyCode::Enter | KeyCode::Esc | KeyCode::Backspace if key.ctrl || key.shift => {
            Some(ArrivesAs(Key::plain(key.code)))
        }
        KeyCode::Tab | KeyCode::BackTab if key.ctrl => {
            Some(ArrivesAs(normal(Key { ctrl: false, ..key })))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_key() -> impl Strategy<Value = Key> {
        let code = prop_oneof![
            any::<char>()
                .prop_filter("blank", |c| !c.is_control() && (*c == ' ' || !c.is_whitespace()))
                .prop_map(KeyCode::Char),
            proptest::char::range(' ', '~').prop_map(KeyCode::Char),
            (1..=24u8).prop_map(KeyCode::F),
            proptest::sample::select(NAMES.map(|(_, code)| code).to_vec()),
        ];
        (code, any::<[bool; 3]>()).prop_map(|(code, [ctrl, alt, shift])| {
            // A terminal reports shift only on keys that are not characters.
            let shift = shift && !matches!(code, KeyCode::Char(_));
            normal(Key { code, ctrl, alt, shift })
        })
    }

    proptest! {
        #[test]
        fn a_key_that_is_written_down_reads_back_as_the_same_key(key in any_key()) {
            let text = format(key);
            prop_assert_eq!(read(&text).map(normal), Some(key), "{}", text);
            match unsendable(key) {
                None => prop_assert_eq!(parse(&text), Ok(key)),
                Some(why) => {
                    prop_assert_eq!(parse(&text), Err(KeyFault::Unsendable(text, why)));
                }
            }
        }

        #[test]
        fn whatever_stands_in_the_file_reading_a_key_never_panics(text in ".{0,12}") {
            if let Ok(keys) = parse_sequence(&text) {
                prop_assert_eq!(parse_sequence(&format_sequence(&keys)), Ok(keys));
            }
        }
    }

    #[test]
    fn keys_read_as_the_guide_writes_them() {
        let cases = [
            ("g", Key::char('g')),
            ("G", Key::char('G')),
            ("?", Key::char('?')),
            ("-", Key::char('-')),
            ("alt--", Key { alt: true, ..Key::char('-') }),
            ("space", Key::char(' ')),
            ("ctrl-s", Key::ctrl('s')),
            ("F10", Key::plain(KeyCode::F(10))),
            ("enter", Key::plain(KeyCode::Enter)),
            ("shift-tab", Key::plain(KeyCode::BackTab)),
            ("pgdn", Key::plain(KeyCode::PageDown)),
            ("ctrl-left", Key { ctrl: true, ..Key::plain(KeyCode::Left) }),
        ];
        for (text, key) in cases {
            assert_eq!(parse(text), Ok(key), "{text}");
            assert_eq!(format(key), text);
        }
    }

    #[test]
    fn other_spellings_of_a_key_are_the_same_key() {
        for (text, same) in [
            ("CTRL-S", "ctrl-s"),
            ("Ctrl+s", "ctrl-s"),
            ("f4", "F4"),
            ("Enter", "enter"),
            ("return", "enter"),
            ("escape", "esc"),
            ("delete", "del"),
            ("PageDown", "pgdn"),
            ("shift-a", "A"),
            ("backtab", "shift-tab"),
            ("alt-shift-x", "alt-X"),
        ] {
            assert_eq!(parse(text), parse(same), "{text}");
            assert_eq!(parse(text).map(format), Ok(same.to_owned()));
        }
    }

    #[test]
    fn a_key_that_arrives_as_another_is_refused_with_that_other() {
        for (text, other) in [
            ("ctrl-i", "tab"),
            ("ctrl-m", "enter"),
            ("ctrl-j", "enter"),
            ("ctrl-h", "backspace"),
            ("ctrl-[", "esc"),
            ("shift-enter", "enter"),
            ("ctrl-enter", "enter"),
            ("shift-esc", "esc"),
            ("shift-space", "space"),
            ("ctrl-backspace", "backspace"),
            ("ctrl-tab", "tab"),
            ("ctrl-shift-s", "ctrl-s"),
        ] {
            let Err(KeyFault::Unsendable(_, Unsendable::ArrivesAs(key))) = parse(text) else {
                panic!("{text} is not refused: {:?}", parse(text));
            };
            assert_eq!(format(key), other, "{text}");
        }
    }

    #[test]
    fn a_key_without_a_code_of_its_own_is_refused() {
        for text in ["ctrl-1", "ctrl-.", "ctrl-shift-space", "alt-esc", "alt-tab", "shift-1"] {
            let refused = matches!(parse(text), Err(KeyFault::Unsendable(_, Unsendable::NoCode)));
            assert!(refused, "{text}: {:?}", parse(text));
        }
        for text in ["alt-[", "alt-]", "alt-O", "alt-shift-p"] {
            let refused =
                matches!(parse(text), Err(KeyFault::Unsendable(_, Unsendable::StartsOthers)));
            assert!(refused, "{text}: {:?}", parse(text));
        }
    }

    #[test]
    fn what_is_no_key_is_refused_by_its_text() {
        for text in ["", "f25", "f0", "ctrl-", "ctrl-ctrl-x", "hyper-x", "ab", "\u{7f}"] {
            assert_eq!(parse(text), Err(KeyFault::Unknown(text.to_owned())));
        }
        assert_eq!(parse_sequence("  "), Err(KeyFault::Length));
        assert_eq!(parse_sequence("a b c d e"), Err(KeyFault::Length));
        assert_eq!(parse_sequence("g  e"), Ok(vec![Key::char('g'), Key::char('e')]));
    }
}
