//! The officer's guide, opened at the place where she stands. The text is the catalogue's:
//! `guide.<id of a pane or overlay>`, and `guide.start` where a place has none of its own.
//! The first line of a text is its title, a line that begins with `# ` a heading. The lines
//! of the first day stand at the end of each.

use super::reading::{Piece, ReadingBox};
use crate::i18n::t;
use crate::ui::app::tour;
use crate::ui::keymap::Keymap;
use crate::ui::words;

pub fn of(id: &'static str, keymap: &Keymap) -> ReadingBox {
    let text = words::guide(id).or_else(|| words::guide("start")).unwrap_or_default();
    let text = keymap.fill(&text);
    let mut lines = text.lines();
    let title = lines.next().map_or_else(|| t!("shell.guide").into_owned(), str::to_string);
    let pieces =
        lines.skip_while(|line| line.trim().is_empty()).map(|line| match line.strip_prefix("# ") {
            Some(heading) => Piece::Heading(heading.to_string()),
            None if line.trim().is_empty() => Piece::Blank,
            None => Piece::Text(line.to_string()),
        });
    let tour = tour::lines(keymap).into_iter().map(Piece::Text);
    let first = [Piece::Blank, Piece::Heading(t!("tour.heading").into_owned())];
    ReadingBox::new("guide", title, pieces.chain(first).chain(tour).collect())
}
