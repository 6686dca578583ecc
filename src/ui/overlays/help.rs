//! Help: what every key does where the officer stands, from the keymap in force. Nothing
//! in it is written by hand, so none of it can go stale.

use super::reading::{Piece, ReadingBox};
use crate::i18n::{language, t};
use crate::ui::command::Context;
use crate::ui::keymap::Keymap;
use crate::ui::keymap::key_text::{parse_sequence, spoken};

/// Help for these contexts, innermost first.
pub fn of(stack: &[Context], keymap: &Keymap) -> ReadingBox {
    let locale = language().code();
    let mut pieces = Vec::new();
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

/// The keys of a row in the officer's language.
fn keys(written: &[String]) -> String {
    let said = |text: &String| parse_sequence(text).map_or_else(|_| text.clone(), |k| spoken(&k));
    written.iter().map(said).collect::<Vec<_>>().join("  ")
}
