//! Help: what every key does where the officer stands, from the keymap in force, the six
//! usual ones of the place first. Nothing in it is written by hand, so none of it can go
//! stale.

use super::reading::{Piece, ReadingBox};
use crate::i18n::{language, t};
use crate::ui::command::{Command, Context};
use crate::ui::keymap::Keymap;
use crate::ui::keymap::key_text::{parse_sequence, spoken};

/// How many stand before all the others.
const USUAL: usize = 6;

/// Help for these contexts, innermost first; `hints` is what can be done here now.
pub fn of(stack: &[Context], keymap: &Keymap, hints: &[(Command, String, String)]) -> ReadingBox {
    let locale = language().code();
    let mut pieces = usual(hints);
    for context in stack {
        let rows = keymap.rows_of(*context);
        if rows.is_empty() {
            continue;
        }
        if !pieces.is_empty() {
            pieces.push(Piece::Blank);
        }
        pieces.push(Piece::Heading(context.title_in(locale)));
        for row in rows.iter().filter(|row| !row.commands.is_empty()) {
            pieces.push(Piece::Pair(keys(&row.keys), row.title_in(locale)));
        }
    }
    ReadingBox::new("help", t!("shell.help"), pieces)
}

/// What is done most in this place: what its hint line would show, had it the room.
fn usual(hints: &[(Command, String, String)]) -> Vec<Piece> {
    let (lasting, own): (Vec<_>, Vec<_>) =
        hints.iter().partition(|(command, ..)| command.def().lasting);
    // One of five keys that stand together: what they do, not what the first of them does.
    let title = |command: Command| match command.level() {
        Some(_) => t!("matrix.rate_any").into_owned(),
        None => command.title_in(language().code()),
    };
    let pairs = own.into_iter().chain(lasting).take(USUAL);
    let pairs = pairs.map(|(command, keys, _)| Piece::Pair(keys.clone(), title(*command)));
    let heading = Piece::Heading(t!("shell.usual_keys").into_owned());
    std::iter::once(heading).chain(pairs).collect()
}

/// The keys of a row in the officer's language.
fn keys(written: &[String]) -> String {
    let said = |text: &String| parse_sequence(text).map_or_else(|_| text.clone(), |k| spoken(&k));
    written.iter().map(said).collect::<Vec<_>>().join("  ")
}
