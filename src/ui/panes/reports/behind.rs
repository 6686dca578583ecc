//! What stands behind the rows and cells of a report: the record or the list a row leads to,
//! where a cell comes from, and the people who are marked.

use super::ReportsPane;
use super::open::record_of;
use super::whole::{Purpose, ROWS_MAX};
use crate::domain::record::{Kind, Record};
use crate::i18n::{report_cell, report_column, report_legal, report_remark, t, whole};
use crate::protocol::{CellExplanation, Opens, ReportQuery, Request, Table};
use crate::ui::command::Command;
use crate::ui::effect::{Begins, Effect, Tag};
use crate::ui::overlays::form::FormOverlay;
use crate::ui::overlays::history::History;
use crate::ui::overlays::reading::{Piece, ReadingBox};
use crate::ui::overlays::records::Records;
use crate::ui::pane::View;

/// The name under which cells are explained.
pub const EXPLAIN: &str = "reports.explain";
/// The name under which it is asked what a row is the beginning of.
pub const BEGIN: &str = "reports.begin";

impl ReportsPane {
    /// To what stands behind the row under the cursor: its record or list, the form or the
    /// history of its record; or its cell, for the clipboard.
    pub(super) fn enter(&self, command: Command) -> Vec<Effect> {
        let Some(report) = &self.open else { return Vec::new() };
        let record = report.record();
        let effect = match (command, report.opens(self.width)) {
            (Command::ListEdit, _) => {
                record.map(|id| Effect::open("reports.form", FormOverlay::open(id)))
            }
            (Command::ListHistory, _) => {
                record.map(|id| Effect::open("reports.history", History::of(id, report.label())))
            }
            (Command::ListCopy, _) => {
                let cell = report.column_here(self.width).zip(report.cell_here(self.width));
                cell.map(|(column, cell)| Effect::Copy(report_cell(report.id(), column, cell)))
            }
            (_, Some(Opens::Record(id))) => Some(Effect::Visit(*id)),
            (_, Some(Opens::List(query))) => {
                Some(Effect::open("reports.found", Records::found(query, report.label())))
            }
            (_, Some(Opens::Report { .. }) | None) => None,
        };
        effect.into_iter().collect()
    }

    /// Opens the report behind the figure under the cursor, if it is a report.
    pub(super) fn follow(&mut self, view: &View) -> Option<Vec<Effect>> {
        let report = self.open.as_ref()?;
        let Some(Opens::Report { id, own, by_column }) = report.opens(self.width) else {
            return None;
        };
        let column = report.column_here(self.width).map(|column| column.key.as_str());
        let of_column = by_column.iter().find(|(key, _)| Some(key.as_str()) == column);
        let own = own.iter().chain(of_column.map(|(_, own)| own)).cloned();
        let asked = report.query.clone();
        let info = self.choosing.named(id)?;
        // What this one was asked and that one does not take says nothing there.
        let taken = |(name, _): &(String, String)| info.params.iter().any(|one| one.name == *name);
        let own = asked.own.into_iter().filter(taken).chain(own).collect();
        let query = ReportQuery { report: id.clone(), own, sort: Vec::new(), ..asked };
        let under = self.open.take();
        let search = query.search.clone();
        self.brought = Some((query, Begins::Table));
        let filter = std::mem::take(&mut self.filter);
        let effects = self.open(info, view);
        self.filter.set(&search);
        self.under = under.map(|report| (report, filter));
        Some(effects)
    }

    pub(super) fn mark(&mut self, command: Command) -> Vec<Effect> {
        let Some(report) = &mut self.open else { return Vec::new() };
        let row = report.cursor.row();
        let places = match command {
            Command::ListMarkRange => report.marks.range(row),
            Command::ListMark if report.marks.is_ranging() => report.marks.range(row),
            Command::ListMarkAll => {
                report.marks.end_range();
                Some(0..=u32::MAX)
            }
            Command::ListUnmarkAll => {
                report.marks.step_back();
                return self.tell_marks();
            }
            _ => {
                let Some(id) = report.record() else { return Vec::new() };
                report.marks.toggle(id.number);
                let mut effects = report.go(row.saturating_add(1));
                effects.extend(self.tell_marks());
                return effects;
            }
        };
        let asked = places.map(|places| self.whole.begin(Purpose::Marks(places), &report.query));
        asked.into_iter().collect()
    }

    /// People marked here are marked for the other panes.
    fn tell_marks(&self) -> Vec<Effect> {
        let Some(report) = self.open.as_ref().filter(|report| report.leads_to(Kind::Employees))
        else {
            return Vec::new();
        };
        vec![Effect::MarkedPeople(report.marks.numbers().clone())]
    }

    pub(super) fn mark_rows(&mut self, table: &Table) -> Vec<Effect> {
        let Some(report) = self.open.as_mut().filter(|report| report.id() == table.report) else {
            return Vec::new();
        };
        report.marks.add(table.rows.iter().filter_map(record_of).map(|id| id.number));
        let mut effects = self.tell_marks();
        if table.rows.len() as u32 >= ROWS_MAX {
            effects.push(Effect::refuse(t!("reports.marked_some", count = whole(ROWS_MAX))));
        }
        effects
    }

    pub(super) fn explain(&mut self) -> Vec<Effect> {
        let Some(report) = &self.open else { return Vec::new() };
        let (Some(row), Some(column)) = (report.row(), report.column_here(self.width)) else {
            return Vec::new();
        };
        self.explained += 1;
        self.explaining = Some((row.id, column.key.clone()));
        let request = Request::ExplainCell {
            query: report.query.clone(),
            row: row.id,
            column: column.key.clone(),
        };
        vec![Effect::ask(Tag::new(EXPLAIN, self.explained), request)]
    }

    /// Asks for the record that the row is the beginning of.
    pub(super) fn begin(&mut self) -> Vec<Effect> {
        let Some(report) = &self.open else { return Vec::new() };
        let Some(row) = report.row() else { return Vec::new() };
        self.explained += 1;
        let request = Request::Begin { query: report.query.clone(), row: row.id };
        vec![Effect::ask(Tag::new(BEGIN, self.explained), request)]
    }

    /// Its form; what the row does not say is the officer's to fill in.
    pub(super) fn form(begun: Option<Box<Record>>) -> Vec<Effect> {
        match begun {
            Some(record) => vec![Effect::open("reports.form", FormOverlay::begun(&record))],
            None => vec![Effect::refuse(t!("reports.begins_nothing"))],
        }
    }

    /// The officer may have gone on meanwhile; then nothing pops up over her.
    pub(super) fn show_explanation(&mut self, explanation: &CellExplanation) -> Vec<Effect> {
        let (Some(report), Some((row, column))) = (&self.open, self.explaining.take()) else {
            return Vec::new();
        };
        let here = report.row().is_some_and(|here| here.id == row)
            && report.column_here(self.width).is_some_and(|here| here.key == column);
        if !here {
            return Vec::new();
        }
        let id = report.id();
        let value = report_cell(id, &explanation.column, &explanation.value);
        let heading = report_column(id, &explanation.column);
        let mut pieces = vec![Piece::Heading(format!("{heading}: {value}")), Piece::Blank];
        let lines = explanation.lines.iter();
        pieces.extend(lines.map(|(remark, _)| Piece::Text(report_remark(id, remark))));
        if !explanation.legal.is_empty() {
            pieces.push(Piece::Blank);
        }
        pieces.extend(explanation.legal.iter().map(|legal| {
            Piece::Note(t!("reports.legal", basis = report_legal(legal)).into_owned())
        }));
        vec![Effect::open("reports.reading", ReadingBox::new("reports", report.label(), pieces))]
    }
}
