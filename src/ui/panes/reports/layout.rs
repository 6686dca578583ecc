//! Where the parts of a report stand, and how wide its columns are. Columns the report
//! shows at 80 cells always count; the others come in where there is room for all of them.
//! What is left over goes to the columns of words.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::open::OpenReport;
use crate::domain::column::Align;
use crate::domain::table::{ColumnKind, TableColumn};
use crate::domain::value::Value;
use crate::i18n::{self, report_cell, report_column, t};
use crate::protocol::Table;
use crate::ui::widgets::widths::{Gives, Want, share};

/// Marker, mark and a blank before the first column.
pub const GUTTER: u16 = 3;
/// A blank and the scrollbar behind the last column.
const SCROLLBAR: u16 = 2;
/// What is not a column's.
const EDGES: u16 = GUTTER + SCROLLBAR;
/// What a column that takes the rest gets at least.
const REST_MIN: u16 = 20;
/// Wider than this a column of words only leads the eye away from the figures.
const WORDS_MAX: u16 = 60;

/// The parts of the pane, top to bottom; each may be empty.
#[derive(Clone, Copy, Debug)]
pub struct Places {
    pub title: Rect,
    pub heading: Rect,
    pub body: Rect,
    pub foot: Rect,
    pub notes: Rect,
    pub filter: Rect,
}

impl Places {
    /// `notes` is how many lines of notes there are.
    pub fn of(area: Rect, has_foot: bool, notes: u16, filtering: bool) -> Self {
        let title = area.height.min(1);
        let heading = (area.height - title).min(1);
        // The rows come first: what stands below them takes what they can spare.
        let rest = area.height - title - heading;
        let filter = u16::from(filtering).min(rest);
        let foot = u16::from(has_foot && rest > filter + 2);
        let notes = notes.min((rest - filter - foot) / 4);
        let mut y = area.y;
        let mut part = |height: u16| {
            let part = Rect { y, height, ..area };
            y += height;
            part
        };
        let (title, heading) = (part(title), part(heading));
        let body = part(rest - filter - foot - notes);
        let (foot, notes, filter) = (part(foot), part(notes), part(filter));
        Self { title, heading, body, foot, notes, filter }
    }

    /// How many rows of the report fit.
    pub fn rows(&self, report: &OpenReport) -> u32 {
        let chart = report.table.as_ref().and_then(|table| table.chart.as_ref());
        let lines = match chart.filter(|_| report.charted) {
            Some(chart) => chart.values.len().max(1) as u32,
            None => 1,
        };
        u32::from(self.body.height) / lines
    }
}

/// A column on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Its place among the columns one can stand on.
    pub at: usize,
    /// Its place in the table.
    pub column: usize,
    pub x: u16,
    pub width: u16,
}

fn wanted(column: &TableColumn) -> u16 {
    if column.width == 0 { REST_MIN } else { column.width }
}

/// The columns one can stand on, by their place in the table: those chosen, else those the
/// report shows and, where all of them fit, the others.
pub fn columns(table: &Table, chosen: &[String], width: u16) -> Vec<usize> {
    let all = || table.columns.iter().enumerate();
    if !chosen.is_empty() {
        let places = all().filter(|(_, column)| chosen.contains(&column.key));
        return places.map(|(at, _)| at).collect();
    }
    let needs: u16 = all().map(|(_, column)| wanted(column) + 1).fold(EDGES, u16::saturating_add);
    all().filter(|(_, column)| column.shown || needs <= width).map(|(at, _)| at).collect()
}

/// Lays `columns` out in `width` cells: the first, then those behind the `left` ones that
/// are scrolled off, as far as they fit.
pub fn place(
    report: &str,
    table: &Table,
    columns: &[usize],
    left: usize,
    width: u16,
) -> Vec<Placed> {
    let of = |column: usize| table.columns.get(column);
    let mut room = width.saturating_sub(EDGES);
    let mut placed: Vec<Placed> = Vec::new();
    let order = columns.iter().copied().enumerate();
    for (at, column) in order.filter(|(at, _)| *at == 0 || *at > left) {
        let Some(wanted) = of(column).map(wanted) else { continue };
        let gap = u16::from(!placed.is_empty());
        if room < gap + wanted.min(4) || (gap > 0 && room < gap + wanted && wanted <= 8) {
            break;
        }
        let given = wanted.min(room - gap);
        room -= gap + given;
        placed.push(Placed { at, column, x: 0, width: given });
    }
    // What they need of the room is one rule for all; those on the right that then do not fit
    // are scrolled to.
    while !placed.is_empty() {
        let wants: Vec<Want> = wants(report, table, &placed);
        let given = share(width.saturating_sub(EDGES), &wants);
        if let Some(widths) = given.into_iter().collect::<Option<Vec<u16>>>() {
            for ((one, width), want) in placed.iter_mut().zip(widths).zip(&wants) {
                let most = if want.gives == Gives::Nothing { want.most } else { WORDS_MAX };
                one.width = width.min(most.max(want.content));
            }
            break;
        }
        placed.pop();
    }
    let mut x = GUTTER;
    for one in &mut placed {
        one.x = x;
        x += one.width + 1;
    }
    placed
}

/// What the columns need; the foot's own word stands in the first that is no figure.
fn wants(report: &str, table: &Table, placed: &[Placed]) -> Vec<Want> {
    let mut wants: Vec<Want> = placed.iter().map(|one| want(report, table, one)).collect();
    let words = |one: &Placed| {
        table.columns.get(one.column).is_some_and(|column| column.align == Align::Left)
    };
    let first = placed.iter().position(words).and_then(|at| wants.get_mut(at));
    if let Some(want) = first.filter(|_| table.foot.is_some()) {
        want.content = want.content.max(t!("report.total").width() as u16);
        want.most = want.most.max(want.content);
    }
    wants
}

/// What a column needs for the rows that are here, and how it gives way.
fn want(report: &str, table: &Table, placed: &Placed) -> Want {
    let Some(column) = table.columns.get(placed.column) else { return Want::default() };
    let foot = table.foot.iter().filter_map(|foot| foot.get(placed.column));
    let cells = table.rows.iter().filter_map(|row| row.cells.get(placed.column)).chain(foot);
    let widths = cells.map(|cell| match (column.kind, cell) {
        // Grouped where there is room for that.
        (ColumnKind::Number, Value::Text(text)) => text.width(),
        _ => i18n::shortened(&report_cell(report, column, cell)).width() + column.sign(cell).len(),
    });
    let content = widths.max().unwrap_or(0) as u16;
    let heading = report_column(report, column).width() as u16;
    let gives = match (column.width, column.align) {
        (0, _) => Gives::Rest,
        (_, Align::Left) if column.kind != ColumnKind::Number => Gives::Words,
        _ => Gives::Nothing,
    };
    let content = content.max(heading);
    Want { content, heading, most: content.max(wanted(column)), gives }
}

/// A number to be drawn as a bar, in hundredths.
pub fn number(cell: &Value) -> Option<i64> {
    match cell {
        Value::Whole(number) | Value::Left(number) => Some(number.saturating_mul(100)),
        Value::Hundredths(number) => Some(*number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_before_what_stands_below_them() {
        for height in 0..40 {
            let area = Rect { x: 0, y: 1, width: 80, height };
            let places = Places::of(area, true, 9, true);
            let parts = [
                places.title,
                places.heading,
                places.body,
                places.foot,
                places.notes,
                places.filter,
            ];
            assert_eq!(parts.iter().map(|part| part.height).sum::<u16>(), height);
            if height > 6 {
                assert!(places.body.height >= places.notes.height * 2, "{height}: {places:?}");
            }
        }
    }
}
