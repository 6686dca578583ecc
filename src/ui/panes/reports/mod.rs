//! Reports: first the list of those there are for the officer, then one of them as a table
//! or as bars, with what it says besides and what it rests on. Sorted, filtered, narrowed
//! to a unit; a row leads to the record or the list behind it, a cell is explained. What
//! is asked and where the cursor stands is [`open`]'s, how it looks [`draw`]'s.

mod behind;
mod chart;
mod choosing;
mod draw;
mod finding;
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

use self::behind::{BEGIN, EXPLAIN};
use self::choosing::Choosing;
use self::open::OpenReport;
use self::params::{ParamForm, asked_for};
use self::whole::{Purpose, ROWS_MAX, Taken, Whole};
use crate::domain::record::{Kind, RecordId};
use crate::i18n::{one, report_column, t, whole};
use crate::protocol::{Answer, Notice, Problem, ReportInfo, ReportQuery, Request, Table};
use crate::ui::command::{Command, Context, Fact, Facts};
use crate::ui::effect::{Begins, Effect, Tag};
use crate::ui::job::Export;
use crate::ui::overlay::Outcome;
use crate::ui::overlays::picker::Picker;
use crate::ui::overlays::units;
use crate::ui::pane::{
    Availability, HintWord, Pane, PaneEvent, Selection, View, person_of, trend_of, usual_hint,
};
use crate::ui::widgets::cursor::walk;
use crate::ui::widgets::filter::{Filter, Filtering};

const LIST: &str = "reports.list";
const SORT: &str = "reports.sort";
const COLUMNS: &str = "reports.columns";
const PARAMS: &str = "reports.params";

#[derive(Default)]
pub struct ReportsPane {
    choosing: Choosing,
    open: Option<OpenReport>,
    /// The report from whose figures the open one was opened.
    under: Option<(OpenReport, Filter)>,
    filter: Filter,
    /// A report that another page asks for, until the list of reports is here.
    brought: Option<(ReportQuery, Begins)>,
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
        self.filter = Filter::of(Kind::Employees);
        (self.explaining, self.asked, self.under) = (None, None, None);
        let mut report = OpenReport::new(info);
        report.restrict(view.unit);
        let brought = self.brought.take().filter(|(query, _)| query.report == report.id());
        let begins = brought.as_ref().map(|(_, begins)| *begins);
        if let Some((query, _)) = brought {
            let unit = query.unit.or(report.query.unit);
            report.query = ReportQuery { unit, ..query };
            report.charted = begins == Some(Begins::Charted) && report.info.chart;
        }
        let mut effects = report.ask();
        self.open = Some(report);
        if begins == Some(Begins::Asking) {
            effects.extend(self.ask_params());
        }
        effects
    }

    /// The form of what the report takes besides unit and search.
    fn ask_params(&mut self) -> Option<Effect> {
        let report = self.open.as_ref()?;
        let asked = Rc::new(RefCell::new(report.query.clone()));
        let form = ParamForm::new(&report.info, &asked);
        self.asked = Some(asked);
        Some(Effect::open(PARAMS, form))
    }

    /// Back to the report it was opened from, else to the list of them.
    fn close(&mut self) -> Vec<Effect> {
        (self.explaining, self.asked) = (None, None);
        let Some((mut report, filter)) = self.under.take() else {
            self.open = None;
            self.filter = Filter::of(Kind::Employees);
            return Vec::new();
        };
        self.filter = filter;
        let effects = report.ask_again();
        self.open = Some(report);
        effects
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
            Command::ListAdd if report.info.begins.is_some() && !report.on_foot() => return None,
            Command::ListAdd if report.info.begins.is_some() => t!("reports.on_foot"),
            Command::ListAdd | Command::ListDelete | Command::ListBulkEdit => {
                t!("reports.not_changed_here")
            }
            Command::ListViews => t!("records.not_here"),
            Command::ListFilter if !report.takes("search") => t!("reports.no_search"),
            Command::MatrixUnit if !report.takes("unit") => t!("reports.no_unit"),
            Command::ReportParams if asked_for(&report.info).next().is_none() => {
                t!("reports.no_params")
            }
            Command::ReportPrint if report.matched() > ROWS_MAX => {
                t!("reports.too_long", count = whole(ROWS_MAX))
            }
            Command::ReportChart if !report.info.chart => t!("reports.no_chart"),
            Command::MatrixExplain if !report.info.explains => t!("reports.no_explanation"),
            Command::MatrixExplain if report.on_foot() => t!("reports.on_foot"),
            Command::ListOpen if report.on_foot() && report.opens(self.width).is_none() => {
                t!("reports.foot_opens_nothing")
            }
            Command::RecordTrend if person_of(record).is_none() => t!("records.no_trend"),
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
        if matches!(command, Command::ListDown | Command::ListLast) && report.go_to_foot() {
            return Vec::new();
        }
        if report.on_foot() && command == Command::ListUp {
            report.leave_foot();
            return Vec::new();
        }
        let (row, count) = (report.cursor.row(), report.matched());
        if let Some(row) = walk(command, row, count, report.cursor.shown()) {
            return report.go(row);
        }
        let columns = report.columns(self.width).len();
        match command {
            Command::ListLeft => report.column = report.column.saturating_sub(1),
            Command::ListRight => {
                report.column = (report.column + 1).min(columns.saturating_sub(1));
            }
            Command::ListOpen | Command::ListEdit | Command::ListHistory | Command::ListCopy => {
                let follows = (command == Command::ListOpen).then(|| self.follow(view)).flatten();
                return follows.unwrap_or_else(|| self.enter(command));
            }
            Command::RecordTrend => {
                let person = person_of(report.record());
                return person.map(trend_of).into_iter().collect();
            }
            Command::ListAdd => return self.begin(),
            Command::ListBack => return self.close(),
            Command::ListMark
            | Command::ListMarkRange
            | Command::ListMarkAll
            | Command::ListUnmarkAll => return self.mark(command),
            Command::ListSort => return self.column_picker(true),
            Command::ListColumns => return self.column_picker(false),
            Command::MatrixExplain => return self.explain(),
            Command::ReportParams => return self.ask_params().into_iter().collect(),
            Command::ReportChart => report.charted = !report.charted,
            Command::ReportPrint => return vec![self.whole.begin(Purpose::Print, &report.query)],
            _ => {}
        }
        Vec::new()
    }

    /// Chooses among all columns: one to sort by, or those to be shown.
    fn column_picker(&self, sorting: bool) -> Vec<Effect> {
        let Some(report) = &self.open else { return Vec::new() };
        let Some(table) = &report.table else { return Vec::new() };
        let items = table.columns.iter().map(|column| report_column(report.id(), column)).collect();
        let shown = report.columns(self.width);
        if sorting {
            let here = shown.get(report.column).copied().unwrap_or(0);
            vec![Effect::open(SORT, Picker::new(&t!("shell.sort_by"), items).at(here))]
        } else {
            let ticked = shown.into_iter().collect();
            vec![Effect::open(COLUMNS, Picker::new(&t!("shell.columns"), items).ticked(ticked))]
        }
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
                let asks = matches!(answer, Answer::Refused(Problem::Invalid(_)));
                let mut effects = report.answered(tag, answer, &places);
                if let Some(table) = report.table.as_ref().filter(|_| !report.is_asking()) {
                    effects.extend(self.filter.found(table.matched));
                }
                // What it cannot do without is asked for at once.
                if asks && self.asked.is_none() && asked_for(&report.info).next().is_some() {
                    effects.extend(self.command(Command::ReportParams, view));
                }
                effects
            }
            (whole::TAG, Answer::Table(table)) => match self.whole.take(tag.number, *table) {
                Taken::More(effect) => vec![*effect],
                Taken::All(Purpose::Marks(_), table) => self.mark_rows(&table),
                Taken::All(Purpose::Print, table) => self.print(&table, view),
                Taken::Nothing => Vec::new(),
            },
            (whole::TAG, _) => {
                self.whole.refused(tag.number);
                Vec::new()
            }
            (BEGIN, Answer::Begun(begun)) if tag.number == self.explained => Self::form(begun),
            (EXPLAIN, Answer::CellExplained(explanation)) if tag.number == self.explained => {
                self.show_explanation(&explanation)
            }
            _ => Vec::new(),
        }
    }

    fn print(&self, table: &Table, view: &View) -> Vec<Effect> {
        let Some(report) = self.open.as_ref().filter(|report| report.id() == table.report) else {
            return Vec::new();
        };
        vec![Effect::open("reports.sheet", print::reading(report, table, view))]
    }

    fn ended(&mut self, tag: Tag, outcome: Outcome) -> Vec<Effect> {
        if let Some(effects) = units::chosen(tag, &outcome) {
            return effects;
        }
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
            match self.filter.update(&event, view.today, view.memory) {
                changed @ (Filtering::Changed(_) | Filtering::Cleared) => {
                    report.query.search = self.filter.search().to_string();
                    let mut effects = report.ask_other();
                    if let Filtering::Changed(completes) = changed {
                        effects.extend(completes);
                    }
                    return effects;
                }
                Filtering::Does(effects) => return effects,
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
            PaneEvent::Report(query, begins) => {
                self.brought = Some((query.clone(), begins));
                match self.choosing.named(&query.report) {
                    Some(info) => self.open(info, view),
                    None => Vec::new(),
                }
            }
            PaneEvent::Restricted => {
                let Some(report) = &mut self.open else { return Vec::new() };
                report.restrict(view.unit);
                report.ask_other()
            }
            PaneEvent::Notice(Notice::Changed { .. }) => {
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

    fn shows_faults(&self) -> bool {
        self.open.is_some()
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
            // The plan line itself, and the people it is for.
            (Command::ListOpen, Some(report)) if report.is_planned() => {
                HintWord::here(t!("reports.hint_plan_line"))
            }
            (Command::MatrixExplain, Some(report)) if report.is_planned() => {
                HintWord::here(t!("reports.hint_people_behind"))
            }
            (Command::ListAdd, Some(report)) if report.is_planned() => HintWord::Silent,
            // What it makes of the row.
            (Command::ListAdd, Some(OpenReport { info, .. })) => {
                info.begins.map_or(HintWord::Silent, |kind| HintWord::here(one(kind)))
            }
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
        let report = self.open.as_ref()?;
        Some(Export::Report(report.query.clone(), report.chosen.clone(), Vec::new()))
    }

    fn looks_at(&self) -> Option<RecordId> {
        self.open.as_ref().and_then(OpenReport::record)
    }

    fn selection(&self) -> Selection<'_> {
        let marked = self.open.as_ref().map_or(0, |report| report.marks.len());
        let person = person_of(self.looks_at());
        Selection { person, filter: self.filter.search(), marked, of_people: false }
    }

    fn depth(&self, _view: &View) -> u8 {
        u8::from(self.open.is_some() || self.brought.is_some()) + u8::from(self.under.is_some())
    }
}
