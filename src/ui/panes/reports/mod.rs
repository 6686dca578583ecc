//! Reports: first the list of those there are for the officer, then one of them as a table
//! or as bars, with what it says besides and what it rests on. Sorted, filtered, narrowed
//! to a unit; a row leads to the record or the list behind it, a cell is explained. What
//! is asked and where the cursor stands is [`open`]'s, how it looks [`draw`]'s.

mod chart;
mod choosing;
mod draw;
mod layout;
mod open;
mod params;
mod print;
#[cfg(test)]
mod tests;
mod whole;

use std::cell::RefCell;
use std::rc::Rc;

use ratatui::Frame;

use self::choosing::Choosing;
use self::open::{OpenReport, record_of};
use self::params::{ParamForm, asked_for};
use self::whole::{Purpose, ROWS_MAX, Taken, Whole};
use crate::domain::record::Kind;
use crate::i18n::{report_cell, report_column, report_legal, report_remark, t, whole};
use crate::protocol::{Answer, CellExplanation, Opens, ReportInfo, ReportQuery, Request};
use crate::ui::command::{Command, Context, Fact, Facts};
use crate::ui::effect::{Effect, Tag};
use crate::ui::job::Export;
use crate::ui::overlay::Outcome;
use crate::ui::overlays::form::FormOverlay;
use crate::ui::overlays::history::History;
use crate::ui::overlays::picker::Picker;
use crate::ui::overlays::reading::{Piece, Reading};
use crate::ui::overlays::records::Records;
use crate::ui::overlays::units;
use crate::ui::pane::{Availability, HintWord, Pane, PaneEvent, View, usual_hint};
use crate::ui::widgets::cursor::walk;
use crate::ui::widgets::filter::{Filter, Filtering};

const LIST: &str = "reports.list";
const SORT: &str = "reports.sort";
const COLUMNS: &str = "reports.columns";
const PARAMS: &str = "reports.params";
const EXPLAIN: &str = "reports.explain";

#[derive(Default)]
pub struct ReportsPane {
    choosing: Choosing,
    open: Option<OpenReport>,
    filter: Filter,
    /// What the form of parameters fills in.
    asked: Option<Rc<RefCell<ReportQuery>>>,
    whole: Whole,
    /// The row and column an explanation was asked for, under this number.
    explaining: Option<(u64, String)>,
    explained: u32,
    /// The width it was drawn in last: it says which columns there are.
    width: u16,
}

impl ReportsPane {
    fn open(&mut self, info: ReportInfo, view: &View) -> Vec<Effect> {
        self.filter = Filter::default();
        self.explaining = None;
        self.asked = None;
        let mut report = OpenReport::new(info);
        report.restrict(view.unit);
        let effects = report.ask();
        self.open = Some(report);
        effects
    }

    fn close(&mut self) -> Vec<Effect> {
        self.open = None;
        self.filter = Filter::default();
        Vec::new()
    }

    /// What an empty-handed command says of itself.
    fn why_not(&self, command: Command) -> Option<String> {
        let Some(report) = &self.open else {
            let known = walk(command, 0, 1, 1).is_some()
                || matches!(command, Command::ListOpen | Command::ListBack | Command::MatrixUnit);
            let ours = command
                .def()
                .contexts
                .iter()
                .any(|context| matches!(context, Context::List | Context::PaneReports));
            return (ours && !known).then(|| t!("reports.choose_first").into_owned());
        };
        let record = report.record();
        let why = match command {
            Command::ListAdd | Command::ListDelete | Command::ListBulkEdit => {
                t!("reports.not_changed_here")
            }
            Command::ListFilter if !report.takes("search") => t!("reports.no_search"),
            Command::MatrixUnit if !report.takes("unit") => t!("reports.no_unit"),
            Command::ReportParams if asked_for(&report.info).next().is_none() => {
                t!("reports.no_params")
            }
            Command::ReportChart if !report.info.chart => t!("reports.no_chart"),
            Command::MatrixExplain if !report.info.explains => t!("reports.no_explanation"),
            Command::ListMark
            | Command::ListMarkRange
            | Command::ListEdit
            | Command::ListHistory
                if record.is_none() =>
            {
                t!("reports.no_record")
            }
            Command::ListOpen if report.row().is_some_and(|row| row.opens.is_none()) => {
                t!("reports.opens_nothing")
            }
            _ => return None,
        };
        Some(why.into_owned())
    }

    fn command(&mut self, command: Command, view: &View) -> Vec<Effect> {
        if command == Command::MatrixUnit {
            return vec![units::choice(view)];
        }
        let Some(report) = &mut self.open else {
            return match self.choosing.command(command, view.area) {
                Some(info) => self.open(info, view),
                None => Vec::new(),
            };
        };
        let (row, count) = (report.cursor.row(), report.matched());
        if let Some(row) = walk(command, row, count, report.cursor.shown()) {
            return report.go(row);
        }
        let columns = report.columns(self.width).len();
        match command {
            Command::ListLeft => report.column = report.column.saturating_sub(1),
            Command::ListRight => {
                report.column = (report.column + 1).min(columns.saturating_sub(1))
            }
            Command::ListOpen => return self.enter(),
            Command::ListBack => return self.close(),
            Command::ListEdit => {
                let id = report.record();
                return id
                    .map(|id| Effect::open("reports.form", FormOverlay::open(id)))
                    .into_iter()
                    .collect();
            }
            Command::ListHistory => {
                let (id, label) = (report.record(), report.label());
                return id
                    .map(|id| Effect::open("reports.history", History::of(id, label)))
                    .into_iter()
                    .collect();
            }
            Command::ListCopy => {
                let (column, cell) = (report.column_here(self.width), report.cell_here(self.width));
                let text =
                    column.zip(cell).map(|(column, cell)| report_cell(report.id(), column, cell));
                return text.map(Effect::Copy).into_iter().collect();
            }
            Command::ListMark => return self.mark(),
            Command::ListMarkRange => {
                let Some(places) = report.marks.range(row) else { return Vec::new() };
                return vec![self.whole.begin(Purpose::Marks(places), &report.query)];
            }
            Command::ListMarkAll => {
                report.marks.end_range();
                return vec![self.whole.begin(Purpose::Marks(0..=u32::MAX), &report.query)];
            }
            Command::ListUnmarkAll => {
                report.marks.step_back();
                return self.tell_marks();
            }
            Command::ListSort => return self.sort_picker(),
            Command::ListColumns => return self.column_picker(),
            Command::MatrixExplain => return self.explain(),
            Command::ReportParams => {
                let asked = Rc::new(RefCell::new(report.query.clone()));
                let form = ParamForm::new(&report.info, &asked);
                self.asked = Some(asked);
                return vec![Effect::open(PARAMS, form)];
            }
            Command::ReportChart => report.charted = !report.charted,
            Command::ReportPrint => return vec![self.whole.begin(Purpose::Print, &report.query)],
            _ => {}
        }
        Vec::new()
    }

    /// To what stands behind the row.
    fn enter(&self) -> Vec<Effect> {
        let Some(report) = &self.open else { return Vec::new() };
        match report.row().and_then(|row| row.opens.as_ref()) {
            Some(Opens::Record(id)) => vec![Effect::Visit(*id)],
            Some(Opens::List(query)) => {
                vec![Effect::open("reports.found", Records::found(query, report.label()))]
            }
            None => Vec::new(),
        }
    }

    fn mark(&mut self) -> Vec<Effect> {
        let Some(report) = &mut self.open else { return Vec::new() };
        if report.marks.is_ranging() {
            let places = report.marks.range(report.cursor.row());
            let asked =
                places.map(|places| self.whole.begin(Purpose::Marks(places), &report.query));
            return asked.into_iter().collect();
        }
        let Some(id) = report.record() else { return Vec::new() };
        report.marks.toggle(id.number);
        let mut effects = report.go(report.cursor.row().saturating_add(1));
        effects.extend(self.tell_marks());
        effects
    }

    /// People marked here are marked for the other panes.
    fn tell_marks(&self) -> Vec<Effect> {
        let Some(report) = self.open.as_ref().filter(|report| report.leads_to(Kind::Employees))
        else {
            return Vec::new();
        };
        vec![Effect::MarkedPeople(report.marks.numbers().clone())]
    }

    fn sort_picker(&self) -> Vec<Effect> {
        let Some((report, table)) =
            self.open.as_ref().and_then(|it| it.table.as_ref().map(|t| (it, t)))
        else {
            return Vec::new();
        };
        let items = table.columns.iter().map(|column| report_column(report.id(), column));
        let here = report.columns(self.width).get(report.column).copied().unwrap_or(0);
        let picker = Picker::new(&t!("shell.sort_by"), items.collect()).at(here);
        vec![Effect::open(SORT, picker)]
    }

    fn column_picker(&self) -> Vec<Effect> {
        let Some((report, table)) =
            self.open.as_ref().and_then(|it| it.table.as_ref().map(|t| (it, t)))
        else {
            return Vec::new();
        };
        let items = table.columns.iter().map(|column| report_column(report.id(), column));
        let ticked = report.columns(self.width).into_iter().collect();
        let picker = Picker::new(&t!("shell.columns"), items.collect()).ticked(ticked);
        vec![Effect::open(COLUMNS, picker)]
    }

    fn explain(&mut self) -> Vec<Effect> {
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

    fn answered(&mut self, tag: Tag, answer: Answer, view: &View) -> Vec<Effect> {
        match (tag.name, answer) {
            (LIST, Answer::Reports(reports)) => match self.choosing.take(reports) {
                Some(wanted) => self.open(wanted, view),
                None => Vec::new(),
            },
            (open::TAG, answer) => {
                let Some(report) = &mut self.open else { return Vec::new() };
                let places = draw::places(view.area, report, &self.filter);
                report.answered(tag, answer, &places)
            }
            (whole::TAG, Answer::Table(table)) => match self.whole.take(tag.number, *table) {
                Taken::More(effect) => vec![effect],
                Taken::All(Purpose::Marks(_), table) => self.mark_rows(&table),
                Taken::All(Purpose::Print, table) => self.print(&table, view),
                Taken::Nothing => Vec::new(),
            },
            (whole::TAG, _) => {
                self.whole.refused(tag.number);
                Vec::new()
            }
            (EXPLAIN, Answer::CellExplained(explanation)) if tag.number == self.explained => {
                self.show_explanation(&explanation)
            }
            _ => Vec::new(),
        }
    }

    fn mark_rows(&mut self, table: &crate::protocol::Table) -> Vec<Effect> {
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

    fn print(&self, table: &crate::protocol::Table, view: &View) -> Vec<Effect> {
        let Some(report) = self.open.as_ref().filter(|report| report.id() == table.report) else {
            return Vec::new();
        };
        if table.matched > ROWS_MAX {
            return vec![Effect::refuse(t!("reports.too_long", count = whole(ROWS_MAX)))];
        }
        vec![Effect::open("reports.sheet", print::reading(report, table, view))]
    }

    /// The officer may have gone on meanwhile; then nothing pops up over her.
    fn show_explanation(&mut self, explanation: &CellExplanation) -> Vec<Effect> {
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
        vec![Effect::open("reports.reading", Reading::new("reports", report.label(), pieces))]
    }

    fn ended(&mut self, tag: Tag, outcome: Outcome) -> Vec<Effect> {
        let outcome = match units::chosen(tag, outcome) {
            Ok(effects) => return effects,
            Err(outcome) => outcome,
        };
        let Some(report) = &mut self.open else { return Vec::new() };
        let key = |place: &usize| Some(report.table.as_ref()?.columns.get(*place)?.key.clone());
        match (tag.name, outcome) {
            (SORT, Outcome::Picked(places)) => match places.first().and_then(key) {
                Some(key) => report.sort_by(&key),
                None => Vec::new(),
            },
            (COLUMNS, Outcome::Picked(places)) if !places.is_empty() => {
                report.chosen = places.iter().filter_map(key).collect();
                (report.column, report.left) = (0, 0);
                Vec::new()
            }
            (PARAMS, Outcome::Yes) => {
                let Some(asked) = self.asked.take() else { return Vec::new() };
                let ReportQuery { year, at, own, .. } = asked.borrow().clone();
                report.query = ReportQuery { year, at, own, ..report.query.clone() };
                report.ask_other()
            }
            _ => Vec::new(),
        }
    }

    fn told(&mut self, event: PaneEvent, view: &View) -> Vec<Effect> {
        if let Some(report) = &mut self.open {
            match self.filter.update(&event) {
                Filtering::Changed | Filtering::Cleared => {
                    report.query.search = self.filter.search().to_string();
                    return report.ask_other();
                }
                Filtering::Same => return Vec::new(),
                Filtering::No => {}
            }
        }
        match event {
            PaneEvent::Command(command) => self.command(command, view),
            PaneEvent::Answer(tag, answer) => self.answered(tag, answer, view),
            PaneEvent::Outcome(tag, outcome) => self.ended(tag, outcome),
            PaneEvent::Shown if !self.choosing.is_here() => {
                vec![Effect::ask(LIST, Request::Reports)]
            }
            // A report is asked for by its id.
            PaneEvent::Search(id) => match self.choosing.named(id) {
                Some(info) => self.open(info, view),
                None => Vec::new(),
            },
            PaneEvent::Restricted => {
                let Some(report) = &mut self.open else { return Vec::new() };
                report.restrict(view.unit);
                report.ask_other()
            }
            PaneEvent::Notice(crate::protocol::Notice::Changed { .. }) => {
                self.open.as_mut().map(OpenReport::ask).unwrap_or_default()
            }
            _ => Vec::new(),
        }
    }
}

impl Pane for ReportsPane {
    fn id(&self) -> &'static str {
        "reports"
    }

    fn go(&self) -> Command {
        Command::GoReports
    }

    fn title(&self) -> String {
        t!("reports.title").into_owned()
    }

    fn counter(&self) -> String {
        let Some(report) = self.open.as_ref().filter(|report| report.table.is_some()) else {
            return String::new();
        };
        match report.marks.len() {
            0 => whole(report.matched()),
            count => format!("{} *{count}", whole(report.matched())),
        }
    }

    fn contexts(&self) -> &'static [Context] {
        Context::PaneReports.of_list(self.filter.is_typing())
    }

    fn facts(&self) -> Facts {
        let Some(report) = &self.open else {
            return Facts::NONE.when(Fact::Empty, self.choosing.is_empty());
        };
        Facts::NONE
            .when(Fact::Marked, !report.marks.is_empty())
            .when(Fact::Ranging, report.marks.is_ranging())
            .when(Fact::Filtered, !self.filter.search().is_empty())
            .when(Fact::Empty, report.matched() == 0)
    }

    fn available(&self, command: Command) -> Availability {
        self.why_not(command).map_or(Availability::Yes, Availability::No)
    }

    fn hint(&self, command: Command) -> HintWord {
        match (command, &self.open) {
            (Command::ListBack, Some(_)) => HintWord::here(t!("reports.hint_back")),
            // Seldom needed here: what leads on needs the room.
            (Command::ListEdit | Command::Undo | Command::ListMark | Command::ReportPrint, _) => {
                HintWord::Silent
            }
            _ => usual_hint(command, self.facts()),
        }
    }

    fn update(&mut self, event: PaneEvent, view: &View) -> Vec<Effect> {
        self.width = view.area.width;
        if let Some(report) = &mut self.open {
            report.fit(&draw::places(view.area, report, &self.filter));
        }
        let mut effects = self.told(event, view);
        if let Some(report) = &mut self.open {
            // What has come may have changed how many rows fit.
            report.fit(&draw::places(view.area, report, &self.filter));
            effects.extend(report.fill());
        }
        effects
    }

    fn draw(&self, frame: &mut Frame, view: &View) {
        if view.area.is_empty() {
            return;
        }
        match &self.open {
            Some(report) => draw::draw(frame, report, &self.filter, view),
            None => self.choosing.draw(frame, view),
        }
    }

    fn export(&self) -> Option<Export> {
        self.open.as_ref().map(|report| Export::Report(report.query.clone()))
    }

    fn looks_at(&self) -> Option<crate::domain::record::RecordId> {
        self.open.as_ref().and_then(OpenReport::record)
    }
}
