//! How the grid of standards looks: a level in each cell, `!` behind it where nobody has
//! checked it against the regulation, a dot where nothing is set. The cursor stands in
//! brackets; below, in words, what is in force there and since when.

use ratatui::Frame;
use ratatui::layout::{Margin, Rect};

use super::StandardsGrid;
use super::rows::Whom;
use crate::i18n::{date, t};
use crate::ui::pane::View;
use crate::ui::widgets::frame::{boxed, padded, put, wrap};
use crate::ui::widgets::scrollbar;
use crate::ui::words::capitalised;

/// A bracket or blank, a level, its mark, a bracket or blank, and one between.
const CELL: u16 = 5;
/// The marker before the name.
const GUTTER: u16 = 1;
const NAME_MIN: u16 = 14;
const NAME_MAX: u16 = 30;
/// So high, and there is room for words below.
const ROOMY: u16 = 7;
/// What is under the cursor in up to two lines, and what the signs mean.
const FOOT: u16 = 3;

/// How wide names are, and how many rows and columns are in sight.
struct Shape {
    name: u16,
    rows: u16,
    columns: u16,
    foot: u16,
}

fn shape(inner: Rect, competencies: usize) -> Shape {
    let room = inner.width.saturating_sub(GUTTER + 1);
    let fit = (room.saturating_sub(NAME_MIN) / CELL).max(1);
    let columns = fit.min(u16::try_from(competencies).unwrap_or(u16::MAX));
    let name = room.saturating_sub(columns * CELL).min(NAME_MAX);
    let foot = if inner.height >= ROOMY { FOOT } else { 0 };
    Shape { name, rows: inner.height.saturating_sub(1 + foot), columns, foot }
}

/// How many rows and columns are in sight in an overlay of this size.
pub fn room(area: Rect, competencies: usize) -> (u32, u32) {
    let shape = shape(area.inner(Margin::new(1, 1)), competencies);
    (shape.rows.into(), shape.columns.into())
}

pub fn draw(frame: &mut Frame, grid: &StandardsGrid, view: &View) {
    let title = capitalised(&t!("standards.title"));
    let inner = boxed(frame, view.area, &title, view.theme, view.glyphs);
    if inner.height < 2 || inner.width <= GUTTER {
        return;
    }
    if grid.here().is_none() {
        put(frame, inner, 0, &t!("standards.loading"), view.theme.dim, view.glyphs);
        return;
    }
    let shape = shape(inner, grid.competencies.len());
    draw_heading(frame, inner, &shape, grid, view);
    let body = Rect { y: inner.y + 1, height: shape.rows, ..inner };
    let from = grid.down.top() as usize;
    for (nth, whom) in grid.whom.iter().skip(from).take(usize::from(shape.rows)).enumerate() {
        let line = Rect { y: body.y + nth as u16, height: 1, ..body };
        draw_row(frame, line, &shape, (from + nth, whom), grid, view);
    }
    let (top, total) = (grid.down.top(), grid.whom.len() as u32);
    scrollbar::draw(frame.buffer_mut(), body, top, total, view.theme, view.glyphs);
    let foot = Rect { y: body.bottom(), height: shape.foot, ..inner };
    draw_foot(frame, foot, grid, view);
}

fn at(line: Rect, x: u16, width: u16) -> Rect {
    let x = x.min(line.width);
    Rect { x: line.x + x, width: width.min(line.width - x), height: 1, ..line }
}

fn draw_heading(frame: &mut Frame, line: Rect, shape: &Shape, grid: &StandardsGrid, view: &View) {
    let (theme, glyphs) = (view.theme, view.glyphs);
    put(frame, at(line, GUTTER, shape.name), 0, &t!("standards.whom"), theme.heading, glyphs);
    let from = grid.across.top() as usize;
    let shown = grid.competencies.iter().enumerate().skip(from).take(usize::from(shape.columns));
    for (nth, (place, competency)) in shown.enumerate() {
        let here = place == grid.across.at() as usize;
        let style = if here { theme.accent } else { theme.heading };
        let x = GUTTER + shape.name + nth as u16 * CELL;
        put(frame, at(line, x + 1, CELL - 1), 0, &competency.code, style, glyphs);
    }
    let cells = GUTTER + shape.name;
    if from > 0 {
        put(frame, at(line, cells, 1), 0, glyphs.left, theme.accent, glyphs);
    }
    if from + usize::from(shape.columns) < grid.competencies.len() {
        let end = cells + shape.columns * CELL;
        put(frame, at(line, end, 1), 0, glyphs.right, theme.accent, glyphs);
    }
}

fn draw_row(
    frame: &mut Frame,
    line: Rect,
    shape: &Shape,
    (row, whom): (usize, &Whom),
    grid: &StandardsGrid,
    view: &View,
) {
    let (theme, glyphs) = (view.theme, view.glyphs);
    let here = row == grid.down.at() as usize;
    if here {
        put(frame, line, 0, glyphs.cursor, theme.accent, glyphs);
    }
    let name = padded(&grid.standards.words(whom), usize::from(shape.name), false, glyphs.ellipsis);
    let style = if here { theme.accent } else { theme.text };
    put(frame, at(line, GUTTER, shape.name), 0, &name, style, glyphs);
    let from = grid.across.top() as usize;
    let shown = grid.competencies.iter().enumerate().skip(from).take(usize::from(shape.columns));
    for (nth, (place, competency)) in shown.enumerate() {
        let rule = grid.standards.at(whom, &competency.code, view.today);
        let (text, style) = match rule {
            Some(rule) if rule.verified => (rule.level.to_string(), theme.text),
            Some(rule) => (format!("{}!", rule.level), theme.text),
            None => (".".to_string(), theme.dim),
        };
        let cursor = here && place == grid.across.at() as usize;
        let (text, style) = if cursor {
            (format!("[{text}]"), theme.selected)
        } else {
            (format!(" {text}"), style)
        };
        let x = GUTTER + shape.name + nth as u16 * CELL;
        put(frame, at(line, x, CELL), 0, &text, style, glyphs);
    }
}

/// What is under the cursor in words, and what the signs mean.
fn draw_foot(frame: &mut Frame, foot: Rect, grid: &StandardsGrid, view: &View) {
    let Some((whom, competency)) = grid.here() else { return };
    let mut parts =
        vec![grid.standards.words(whom), format!("{} {}", competency.code, competency.name)];
    match grid.standards.at(whom, &competency.code, view.today) {
        Some(rule) => {
            parts.push(t!("standards.level", level = rule.level).into_owned());
            parts.extend(rule.from.map(|day| t!("matrix.in_force_from", date = date(day)).into()));
            parts.extend(Some(rule.basis.clone()).filter(|basis| !basis.is_empty()));
        }
        None => parts.push(match whom {
            Whom::Level(_) => t!("standards.none").into_owned(),
            Whom::Post(_) => t!("standards.as_its_level").into_owned(),
        }),
    }
    let told = wrap(&parts.join(", "), usize::from(foot.width));
    let lines = told.len().min(usize::from(FOOT - 1));
    for (row, line) in told[..lines].iter().enumerate() {
        put(frame, foot, row as u16, line, view.theme.accent, view.glyphs);
    }
    let legend = grid.refusal.clone().unwrap_or_else(|| t!("standards.legend").into_owned());
    put(frame, foot, lines as u16, &legend, view.theme.dim, view.glyphs);
}
