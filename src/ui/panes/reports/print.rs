//! A report as a sheet to be printed: all its rows in plain characters, with what was asked
//! above them and what they rest on below. Looked at first, saved from there.

use unicode_width::UnicodeWidthStr;

use super::draw::{cell_text, notes_of};
use super::layout;
use super::open::OpenReport;
use crate::domain::column::Align;
use crate::domain::value::Value;
use crate::i18n::{date_time, report, report_column, t};
use crate::protocol::Table;
use crate::ui::overlays::reading::{Piece, Reading};
use crate::ui::pane::View;
use crate::ui::widgets::frame::{padded, wrap};

/// What a printed sheet and the widest text on the screen have room for.
const PAPER: u16 = 80;
const SCREEN: u16 = 75;

/// The sheet to look at; what is saved from it is set for paper.
pub fn reading(open: &OpenReport, table: &Table, view: &View) -> Reading {
    let name = report(open.id());
    let file = name.to_lowercase().replace(' ', "-");
    let pieces = lines(open, table, SCREEN.min(view.area.width.saturating_sub(5)), view);
    let text = lines(open, table, PAPER, view).join("\n") + "\n";
    Reading::new("reports", name, pieces.into_iter().map(Piece::Line).collect()).printed(file, text)
}

fn lines(open: &OpenReport, table: &Table, width: u16, view: &View) -> Vec<String> {
    let office = view.info.name.clone();
    let at = date_time(view.now, view.info.utc_offset_hours);
    let mut lines = vec![report(open.id())];
    lines.extend(Some(office).filter(|office| !office.is_empty()));
    lines.extend(super::draw::asked(open, table));
    lines.push(t!("reports.printed", at = at, by = view.info.officer).into_owned());
    lines.push(String::new());
    // On paper there is neither cursor nor scrollbar.
    let columns = open.columns(width);
    let mut placed = layout::place(open.id(), table, &columns, 0, width + layout::EDGES);
    for one in &mut placed {
        one.x -= layout::GUTTER;
    }
    let set = |text: &dyn Fn(&layout::Placed) -> String| {
        let mut line = String::new();
        for one in &placed {
            let right = table.columns.get(one.column).is_some_and(|it| it.align == Align::Right);
            let gap = usize::from(one.x).saturating_sub(line.width());
            line.push_str(&" ".repeat(gap));
            line.push_str(&padded(&text(one), usize::from(one.width), right, "~"));
        }
        line.trim_end().to_string()
    };
    let heading = |one: &layout::Placed| {
        table.columns.get(one.column).map(|column| report_column(open.id(), column))
    };
    lines.push(set(&|one| heading(one).unwrap_or_default()));
    lines.push("-".repeat(usize::from(width)));
    for row in &table.rows {
        lines.push(set(&|one| cell(open, table, &row.cells, one)));
    }
    if let Some(foot) = &table.foot {
        lines.push("-".repeat(usize::from(width)));
        lines.push(set(&|one| {
            let text = cell(open, table, foot, one);
            let first = one.at == 0 && text.is_empty();
            if first { t!("report.total").into_owned() } else { text }
        }));
    }
    lines.push(String::new());
    lines.extend(notes_of(table).iter().flat_map(|note| wrap(note, usize::from(width))));
    let left: Vec<String> =
        layout::left_out(table, &placed).map(|column| report_column(open.id(), column)).collect();
    if !left.is_empty() {
        let text = t!("reports.left_out", columns = left.join(", "));
        lines.extend(wrap(&text, usize::from(width)));
    }
    lines
}

fn cell(open: &OpenReport, table: &Table, cells: &[Value], one: &layout::Placed) -> String {
    let (Some(column), Some(cell)) = (table.columns.get(one.column), cells.get(one.column)) else {
        return String::new();
    };
    cell_text(open.id(), column, cell, one.width, column.tone(cell))
}
