//! How a report looks: what was asked, the heads, rows with a marker and a mark, the foot,
//! and below it what the report says besides and what it rests on. The cell under the
//! cursor stands in brackets. A number that stands out has `!` or `!!` behind it, so that
//! nothing is told by colour alone.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::chart;
use super::layout::{self, GUTTER, Placed, Places};
use super::open::{OpenReport, record_of};
use crate::domain::column::Align;
use crate::domain::table::{ColumnKind, TableColumn, Tone};
use crate::domain::value::Value;
use crate::i18n::{
    self, report_asked_value, report_cell, report_column, report_legal, report_notes, t,
};
use crate::protocol::{Table, TableRow};
use crate::ui::pane::View;
use crate::ui::widgets::filter::Filter;
use crate::ui::widgets::frame::{fit, padded, put, wrap};
use crate::ui::widgets::scrollbar;

/// What a grouped NIP takes.
const GROUPED: u16 = 21;

/// Where the parts of this report stand.
pub fn places(area: Rect, report: &OpenReport, filter: &Filter) -> Places {
    let has_foot = report.table.as_ref().is_some_and(|table| table.foot.is_some());
    let notes = notes(report, area.width).len() as u16;
    Places::of(area, has_foot, notes, filter.is_shown())
}

pub fn draw(frame: &mut Frame, report: &OpenReport, filter: &Filter, view: &View) {
    let places = places(view.area, report, filter);
    put(frame, places.title, 0, &title(report, view), view.theme.accent, view.glyphs);
    filter.draw(frame, places.filter, view);
    let said = match (&report.table, &report.refused) {
        (_, Some(why)) => Some(why.clone()),
        (None, None) => Some(t!("reports.working").into_owned()),
        (Some(table), None) if table.matched == 0 => {
            Some(filter.unknown().unwrap_or_else(|| nothing(report, view)))
        }
        _ => None,
    };
    let Some(table) = &report.table else {
        put(frame, places.body, 0, &said.unwrap_or_default(), view.theme.dim, view.glyphs);
        return;
    };
    if report.charted && table.chart.is_some() {
        chart::draw(frame, places, report, table, view);
    } else {
        draw_table(frame, places, report, table, view);
    }
    if let Some(said) = said {
        let inset = GUTTER.min(places.body.width);
        let inner =
            Rect { x: places.body.x + inset, width: places.body.width - inset, ..places.body };
        put(frame, inner, 0, &said, view.theme.dim, view.glyphs);
    }
    let notes = notes(report, view.area.width);
    let height = usize::from(places.notes.height);
    for (line, text) in notes.iter().take(height).enumerate() {
        let more = line + 1 == height && notes.len() > height;
        let text = if more {
            let more = t!("reports.more_notes");
            let room = usize::from(view.area.width).saturating_sub(more.width() + 1);
            format!("{} {more}", fit(text, room, view.glyphs.ellipsis))
        } else {
            text.clone()
        };
        put(frame, places.notes, line as u16, &text, view.theme.dim, view.glyphs);
    }
}

/// Why there is nothing, as far as the officer has asked for less than all.
fn nothing(report: &OpenReport, view: &View) -> String {
    if report.query.search.is_empty() && view.unit.is_none() {
        t!("reports.empty").into_owned()
    } else {
        t!("shell.list_none_found").into_owned()
    }
}

/// `Jumlah pegawai | Kec. Plaju | unit kerja | 2026`: the report and what was asked.
fn title(report: &OpenReport, view: &View) -> String {
    let asked = report.table.iter().flat_map(|table| asked(report, table));
    let parts: Vec<String> = std::iter::once(i18n::report(report.id())).chain(asked).collect();
    parts.join(&format!(" {} ", view.glyphs.dot))
}

/// What was asked, one text a parameter; the search has a line of its own.
fn asked(report: &OpenReport, table: &Table) -> Vec<String> {
    let text = |(name, value): &(String, Value)| match value {
        Value::Empty => None,
        _ if name == "search" => None,
        value => Some(report_asked_value(report.id(), name, value)),
    };
    table.params.iter().filter_map(text).filter(|text| !text.is_empty()).collect()
}

/// What is said below the rows, wrapped.
fn notes(report: &OpenReport, width: u16) -> Vec<String> {
    let Some(table) = &report.table else { return Vec::new() };
    let legal = table.legal.iter();
    let legal = legal.map(|legal| t!("reports.legal", basis = report_legal(legal)).into_owned());
    let notes = report_notes(table, u32::MAX).into_iter().chain(legal);
    notes.flat_map(|note| wrap(&note, usize::from(width))).collect()
}

fn draw_table(frame: &mut Frame, places: Places, report: &OpenReport, table: &Table, view: &View) {
    let columns = report.columns(view.area.width);
    let laid = layout::place(report.id(), table, &columns, report.left, view.area.width);
    let pen = Pen { report, table, placed: &laid, view };
    pen.heading(frame, places.heading, columns.len());
    for line in 0..places.body.height {
        let at = report.cursor.top() + u32::from(line);
        if at >= table.matched {
            break;
        }
        let row = Rect { y: places.body.y + line, height: 1, ..places.body };
        pen.row(frame, row, at);
    }
    let (top, total) = (report.cursor.top(), table.matched);
    scrollbar::draw(frame.buffer_mut(), places.body, top, total, view.theme, view.glyphs);
    if let Some(foot) = table.foot.as_ref().filter(|_| table.matched > 0) {
        // Right below the last row, where there are fewer rows than room.
        let rows = table.matched.min(places.body.height.into()) as u16;
        let y = places.body.y + rows;
        pen.foot(frame, Rect { y, ..places.foot }, foot);
    }
}

struct Pen<'a> {
    report: &'a OpenReport,
    table: &'a Table,
    placed: &'a [Placed],
    view: &'a View<'a>,
}

impl Pen<'_> {
    fn column(&self, placed: Placed) -> Option<&TableColumn> {
        self.table.columns.get(placed.column)
    }

    /// Writes into a column's place, cut and aligned.
    fn write(&self, frame: &mut Frame, area: Rect, placed: Placed, text: &str, style: Style) {
        let right = self.column(placed).is_some_and(|column| column.align == Align::Right);
        let width = usize::from(placed.width);
        let short = (text.width() > width).then(|| i18n::shortened(text));
        let text =
            padded(short.as_deref().unwrap_or(text), width, right, self.view.glyphs.ellipsis);
        let room = usize::from(area.width.saturating_sub(placed.x));
        if room > 0 && !area.is_empty() {
            frame.buffer_mut().set_stringn(area.x + placed.x, area.y, text, room, style);
        }
    }

    fn heading(&self, frame: &mut Frame, area: Rect, columns: usize) {
        if area.is_empty() {
            return;
        }
        let (theme, glyphs) = (self.view.theme, self.view.glyphs);
        for placed in self.placed {
            let Some(column) = self.column(*placed) else { continue };
            let mut text = report_column(self.report.id(), column);
            let first = self.report.query.sort.first().filter(|sort| sort.column == column.key);
            if let Some(sort) = first {
                text = fit(&text, usize::from(placed.width.saturating_sub(1)), glyphs.ellipsis);
                text.push_str(if sort.descending { glyphs.down } else { glyphs.up });
            }
            self.write(frame, area, *placed, &text, theme.heading);
        }
        let last = self.placed.last().map_or(0, |placed| placed.at + 1);
        if self.report.left > 0 {
            frame.buffer_mut().set_string(area.x, area.y, glyphs.left, theme.dim);
        }
        if last < columns {
            frame.buffer_mut().set_string(area.right() - 1, area.y, glyphs.right, theme.dim);
        }
    }

    fn row(&self, frame: &mut Frame, area: Rect, at: u32) {
        let (theme, glyphs, report) = (self.view.theme, self.view.glyphs, self.report);
        let row = report.row_at(at);
        let here = at == report.cursor.row() && !report.on_foot();
        let is_marked = self.is_marked(row, at);
        let base = match (here, is_marked) {
            (true, _) => theme.selected,
            (_, true) => theme.marked,
            _ => theme.text,
        };
        // The whole row is reversed, up to the scrollbar's column.
        let blank = " ".repeat(usize::from(area.width.saturating_sub(1)));
        frame.buffer_mut().set_string(area.x, area.y, blank, base);
        let marker = if here { glyphs.cursor } else { " " };
        let mark = if is_marked { glyphs.mark } else { " " };
        let gutter = usize::from(area.width);
        frame.buffer_mut().set_stringn(area.x, area.y, format!("{marker}{mark}"), gutter, base);
        for placed in self.placed {
            let Some(column) = self.column(*placed) else { continue };
            let Some(cell) = row.map(|row| row.cells.get(placed.column)) else {
                self.write(frame, area, *placed, glyphs.ellipsis, base);
                continue;
            };
            let cell = cell.unwrap_or(&Value::Empty);
            let style = match column.tone(cell) {
                Some(tone) if !here => toned(tone, self.view, base),
                _ => base,
            };
            let text = cell_text(report.id(), column, cell, placed.width, column.sign(cell));
            self.write(frame, area, *placed, &text, style);
            if here && placed.at == report.column {
                bracket(frame, area, *placed, base);
            }
        }
    }

    fn is_marked(&self, row: Option<&TableRow>, at: u32) -> bool {
        let marks = &self.report.marks;
        let record = row.and_then(record_of);
        record.is_some_and(|id| marks.has(id.number)) || marks.spans(at, self.report.cursor.row())
    }

    fn foot(&self, frame: &mut Frame, area: Rect, foot: &[Value]) {
        if area.is_empty() {
            return;
        }
        let here = self.report.on_foot();
        let base = if here { self.view.theme.selected } else { self.view.theme.accent };
        if here {
            let blank = " ".repeat(usize::from(area.width.saturating_sub(1)));
            frame.buffer_mut().set_string(area.x, area.y, blank, base);
            frame.buffer_mut().set_string(area.x, area.y, self.view.glyphs.cursor, base);
        }
        let mut named = false;
        for placed in self.placed {
            let Some(column) = self.column(*placed) else { continue };
            let cell = foot.get(placed.column).unwrap_or(&Value::Empty);
            let text = if cell.is_empty() && !named && column.align == Align::Left {
                t!("report.total").into_owned()
            } else {
                cell_text(self.report.id(), column, cell, placed.width, "")
            };
            named |= column.align == Align::Left;
            self.write(frame, area, *placed, &text, base);
            if here && placed.at == self.report.column {
                bracket(frame, area, *placed, base);
            }
        }
    }
}

/// The cell under the cursor stands in brackets, in the gaps beside its column.
fn bracket(frame: &mut Frame, area: Rect, placed: Placed, style: Style) {
    let (left, right) = (area.x + placed.x.saturating_sub(1), area.x + placed.x + placed.width);
    if right < area.right() {
        frame.buffer_mut().set_string(left, area.y, "[", style);
        frame.buffer_mut().set_string(right, area.y, "]", style);
    }
}

fn toned(tone: Tone, view: &View, base: Style) -> Style {
    match tone {
        Tone::Good => view.theme.ok,
        Tone::Warn => view.theme.warning,
        Tone::Bad => view.theme.error,
        Tone::Quiet if base == view.theme.text => view.theme.dim,
        Tone::Quiet => base,
    }
}

/// A cell in so many cells of the screen; a number that stands out says so.
fn cell_text(report: &str, column: &TableColumn, cell: &Value, width: u16, sign: &str) -> String {
    let text = match (column.kind, cell) {
        (ColumnKind::Number, Value::Text(text)) if width < GROUPED => text.clone(),
        _ => report_cell(report, column, cell),
    };
    if text.width() + sign.len() > usize::from(width) { text } else { text + sign }
}
