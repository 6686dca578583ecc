//! A report as a sheet to be printed: what `kompeten report --format text` writes, with the
//! columns that were chosen. Looked at first, saved from there.

use super::open::OpenReport;
use crate::i18n::report_title;
use crate::jobs::export::{PAPER, on_sheet};
use crate::protocol::Table;
use crate::ui::overlays::reading::{Piece, ReadingBox};
use crate::ui::pane::View;

/// What the widest text on the screen has room for.
const SCREEN: u16 = 75;

/// The sheet to look at; what is saved from it is set for paper.
pub fn reading(open: &OpenReport, table: &Table, view: &View) -> ReadingBox {
    let name = report_title(open.id());
    let file = name.to_lowercase().replace(' ', "-");
    let lines = |width: usize| on_sheet(table, &open.chosen, view.info, view.now, width);
    let pieces = lines(SCREEN.min(view.area.width.saturating_sub(5)).into());
    let text = lines(PAPER).join("\n") + "\n";
    ReadingBox::new("reports", name, pieces.into_iter().map(Piece::Line).collect())
        .printed(file, text)
}
