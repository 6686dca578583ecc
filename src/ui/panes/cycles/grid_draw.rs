//! How the grid of sheets looks: above whose sheet it is, then a line a competency with the
//! digit that was keyed, below what is wrong and how far one has come.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::grid::KeyGrid;
use crate::i18n::{choice, t};
use crate::ui::pane::View;
use crate::ui::widgets::frame::{boxed, padded, put};

/// Lines for the sheet above, and for message, sum and legend below.
const ABOVE: u16 = 3;
const BELOW: u16 = 4;
/// Where digits stand.
const NAME: u16 = 52;

pub fn draw(frame: &mut Frame, grid: &KeyGrid, loaded: bool, view: &View) {
    let (theme, glyphs) = (view.theme, view.glyphs);
    let title = t!("keying.title", name = grid.name);
    let inner = boxed(frame, view.area, &title, theme, glyphs);
    let Some(sheet) = grid.here() else {
        let text = if loaded { t!("keying.none") } else { t!("cycle.loading") };
        put(frame, inner, 0, &text, theme.dim, glyphs);
        return;
    };
    let whose = t!(
        "keying.sheet",
        code = sheet.code,
        name = sheet.name,
        relation = choice(sheet.group.code())
    );
    put(frame, inner, 0, &whose, theme.accent, glyphs);
    put(frame, inner, 1, &sheet.unit, theme.dim, glyphs);
    let rows = inner.height.saturating_sub(ABOVE + BELOW);
    let body = Rect { y: inner.y + ABOVE.min(inner.height), height: rows, ..inner };
    draw_levels(frame, body, grid, view);
    let foot = Rect { y: body.bottom(), height: inner.bottom() - body.bottom(), ..inner };
    let message = match &grid.code {
        Some(code) => t!("keying.typing", code = code).into_owned(),
        None => grid.message.clone(),
    };
    put(frame, foot, 1, &message, theme.warning, glyphs);
    let (done, all) = grid.done();
    let pending = grid.pending.len();
    let sum = t!("keying.sum", done = done, all = all, pending = pending);
    put(frame, foot, 2, &sum, theme.text, glyphs);
    put(frame, foot, 3, &t!("keying.legend"), theme.dim, glyphs);
}

fn draw_levels(frame: &mut Frame, body: Rect, grid: &KeyGrid, view: &View) {
    let (theme, glyphs) = (view.theme, view.glyphs);
    let here = grid.levels.len();
    // The digit to come stays in sight.
    let from = (here + 1).saturating_sub(usize::from(body.height).max(1));
    let name = usize::from(NAME.min(body.width.saturating_sub(8)));
    let shown = grid.competencies.iter().enumerate().skip(from);
    for (row, (at, competency)) in (0..body.height).zip(shown) {
        let label = padded(
            &format!("{:<6} {}", competency.code, competency.name),
            name,
            false,
            glyphs.ellipsis,
        );
        let cell = grid.levels.get(at).map_or_else(|| "_".to_string(), u8::to_string);
        let current = at == here && grid.code.is_none();
        let mark = if current { glyphs.cursor } else { " " };
        let style = if current { theme.selected } else { theme.text };
        put(frame, body, row, &format!("{mark}{label}  [{cell}]"), style, glyphs);
    }
}
