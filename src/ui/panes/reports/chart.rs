//! A report as bars: a row each (a line for each of its values), scaled to the largest value
//! seen. The figure stands behind the bar, so nothing hangs on its length alone; where there is
//! none that is said. Every bar is of plain characters where the terminal has no others.

use ratatui::Frame;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::layout::{GUTTER, Places, number};
use super::open::OpenReport;
use crate::domain::value::Value;
use crate::i18n::{report_cell, report_column, t};
use crate::protocol::{Table, TableRow};
use crate::ui::pane::View;
use crate::ui::widgets::frame::{padded, put};
use crate::ui::widgets::pictures::stroke;
use crate::ui::widgets::scrollbar;

/// The widest a row's name gets.
const LABEL_MAX: u16 = 32;
/// What is left for the figure behind the longest bar.
const FIGURE: u16 = 12;

pub fn draw(frame: &mut Frame, places: Places, report: &OpenReport, table: &Table, view: &View) {
    let Some(chart) = &table.chart else { return };
    let place = |key: &String| table.columns.iter().position(|column| column.key == *key);
    let values: Vec<usize> = chart.values.iter().filter_map(place).collect();
    let by = place(&chart.by).unwrap_or(0);
    let names: Vec<String> = values
        .iter()
        .filter_map(|at| table.columns.get(*at))
        .map(|column| report_column(report.id(), column))
        .collect();
    let heading = names.join(&format!(" {} ", view.glyphs.dot));
    put(frame, places.heading, 0, &format!("   {heading}"), view.theme.heading, view.glyphs);
    let lines = values.len().max(1) as u16;
    let bars = Bars { report, table, by, values: &values, view };
    for slot in 0..places.body.height / lines {
        let at = report.cursor.top() + u32::from(slot);
        if at >= table.matched {
            break;
        }
        let y = places.body.y + slot * lines;
        bars.row(frame, Rect { y, height: lines, ..places.body }, at);
    }
    let (top, total) = (report.cursor.top(), table.matched);
    scrollbar::draw(frame.buffer_mut(), places.body, top, total, view.theme, view.glyphs);
}

struct Bars<'a> {
    report: &'a OpenReport,
    table: &'a Table,
    by: usize,
    values: &'a [usize],
    view: &'a View<'a>,
}

impl Bars<'_> {
    fn row(&self, frame: &mut Frame, area: Rect, at: u32) {
        let (theme, glyphs) = (self.view.theme, self.view.glyphs);
        let here = at == self.report.cursor.row();
        let row = self.report.row_at(at);
        let label = LABEL_MAX.min(area.width / 3);
        let room = area.width.saturating_sub(GUTTER + label + 1 + FIGURE + 2);
        let marker = if here { glyphs.cursor } else { " " };
        let style = if here { theme.selected } else { theme.text };
        for (line, column) in self.values.iter().enumerate() {
            let name = if line == 0 { self.cell(row, self.by) } else { String::new() };
            let name = padded(&name, usize::from(label), false, glyphs.ellipsis);
            let marker = if line == 0 { marker } else { " " };
            put(frame, area, line as u16, &format!("{marker}  {name}"), style, glyphs);
            let x = (GUTTER + label + 1).min(area.width);
            let rest = Rect { x: area.x + x, width: area.width - x, ..area };
            let value = row.and_then(|row| row.cells.get(*column));
            if value.is_some_and(Value::is_empty) {
                put(frame, rest, line as u16, &t!("reports.no_data"), theme.dim, glyphs);
                continue;
            }
            let bar = self.bar(row, *column, usize::from(room));
            put(frame, rest, line as u16, &bar, theme.accent, glyphs);
            let used = (bar.width() as u16 + 1).min(rest.width);
            let rest = Rect { x: rest.x + used, width: rest.width - used, ..rest };
            put(frame, rest, line as u16, &self.cell(row, *column), theme.text, glyphs);
        }
    }

    fn cell(&self, row: Option<&TableRow>, at: usize) -> String {
        let (Some(row), Some(column)) = (row, self.table.columns.get(at)) else {
            return self.view.glyphs.ellipsis.to_string();
        };
        row.cells
            .get(at)
            .map(|cell| report_cell(self.report.id(), column, cell))
            .unwrap_or_default()
    }

    fn bar(&self, row: Option<&TableRow>, at: usize, width: usize) -> String {
        let value = row.and_then(|row| number(row.cells.get(at)?)).unwrap_or(0);
        let key = self.table.columns.get(at).map(|column| column.key.as_str()).unwrap_or_default();
        let peak = self.report.peaks.get(key).copied().unwrap_or(0).max(1);
        let (value, peak) = (value.max(0).unsigned_abs(), peak.unsigned_abs());
        stroke(value, peak, width, self.view.glyphs)
    }
}
