//! The officer's guide, opened at the place where she stands. The text is the catalogue's:
//! `guide.<id of a pane or overlay>`, and `guide.start` where a place has none of its own.
//! The first line and every line that begins with `# ` is a heading.

use super::reading::{Piece, Reading};
use crate::i18n::t;
use crate::ui::words;

pub fn of(id: &'static str) -> Reading {
    let text = words::guide(id).or_else(|| words::guide("start")).unwrap_or_default();
    let pieces = text.lines().enumerate().map(|(number, line)| match line.strip_prefix("# ") {
        Some(heading) => Piece::Heading(heading.to_string()),
        None if number == 0 => Piece::Heading(line.to_string()),
        None if line.trim().is_empty() => Piece::Blank,
        None => Piece::Text(line.to_string()),
    });
    Reading::new("guide", t!("shell.guide"), pieces.collect())
}
