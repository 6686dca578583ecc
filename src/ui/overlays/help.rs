//! Help: what every key does where the officer stands, from the keymap in force. Nothing
//! in it is written by hand, so none of it can go stale.

use super::reading::{Piece, Reading};
use crate::i18n::{language, t};
use crate::ui::command::Context;
use crate::ui::keymap::Keymap;

/// Help for these contexts, innermost first.
pub fn of(stack: &[Context], keymap: &Keymap) -> Reading {
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
            pieces.push(Piece::Pair(row.keys.join(" "), row.title_in(locale)));
        }
    }
    Reading::new("help", t!("shell.help"), pieces)
}
