//! How far the reading or saving of a file has come.

use ratatui::Frame;

use crate::i18n::{t, whole};
use crate::ui::overlay::centred;
use crate::ui::pane::View;
use crate::ui::widgets::frame::{boxed, put};
use crate::ui::widgets::pictures;

/// What is read is counted in bytes of some files and in rows of others: a share says it of all.
pub fn draw(frame: &mut Frame, view: &View, dry: bool, (done, total): (u64, u64)) {
    let title = if dry { t!("import.reading") } else { t!("import.saving") };
    let inner = boxed(frame, centred(view.area, 60, 5), &title, view.theme, view.glyphs);
    let text = match (done * 100).checked_div(total) {
        Some(share) => t!("import.share", percent = share.min(100)),
        None => t!("import.rows", rows = whole(i64::try_from(done).unwrap_or(i64::MAX))),
    };
    put(frame, inner, 0, &text, view.theme.text, view.glyphs);
    if total > 0 {
        let bar = pictures::bar(done, total, inner.width.into(), view.glyphs);
        put(frame, inner, 1, &bar, view.theme.accent, view.glyphs);
    }
    put(frame, inner, 2, &t!("import.not_saved_yet"), view.theme.dim, view.glyphs);
}
