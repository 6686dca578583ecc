//! Where the parts of a report stand, and how wide its columns are. Columns the report
//! shows at 80 cells always count; the others come in where there is room for all of them.
//! What is left over goes to headings that are cut and then to the columns of words.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::open::OpenReport;
use crate::domain::column::Align;
use crate::domain::table::TableColumn;
use crate::domain::value::Value;
use crate::i18n::report_column;
use crate::protocol::Table;

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
/// No column is widened for its heading beyond this.
const HEADING_MAX: u16 = 14;

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
    for one in &mut placed {
        let heading = of(one.column).map_or(0, |column| report_column(report, column).width());
        let short = (heading as u16).min(HEADING_MAX).saturating_sub(one.width).min(room);
        one.width += short;
        room -= short;
    }
    share(&mut placed, room, |column| {
        of(column).map_or(u16::MAX, |column| match (column.width, column.align) {
            (0, _) => 0,
            (_, Align::Left) => 1,
            (_, Align::Right) => u16::MAX,
        })
    });
    let mut x = GUTTER;
    for one in &mut placed {
        one.x = x;
        x += one.width + 1;
    }
    placed
}

/// Gives what is left over to the columns of the lowest rank, each as much as the others.
fn share(placed: &mut [Placed], room: u16, rank: impl Fn(usize) -> u16) {
    let Some(best) = placed.iter().map(|one| rank(one.column)).min().filter(|r| *r != u16::MAX)
    else {
        return;
    };
    let count = placed.iter().filter(|one| rank(one.column) == best).count() as u16;
    let mut extra = room % count.max(1);
    for one in placed.iter_mut().filter(|one| rank(one.column) == best) {
        let more = room / count.max(1) + u16::from(extra > 0);
        one.width = (one.width + more).min(one.width.max(WORDS_MAX));
        extra = extra.saturating_sub(1);
    }
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
