//! What the commands of the pane do to records: forms for sessions and programmes,
//! deleting, cancelling and archiving, taking people out of a session, the JP stated for
//! one person; and why a command means nothing where the cursor stands.

use super::{Area, Training};
use crate::domain::record::{EmployeeId, Kind, RecordId};
use crate::domain::value::Value;
use crate::i18n::{self, t, whole};
use crate::protocol::{Answer, ListQuery, ReportQuery, Request};
use crate::ui::command::{Command, Context, Fact};
use crate::ui::effect::{Effect, Tag, step};
use crate::ui::overlay::Outcome;
use crate::ui::overlays::confirm::Confirm;
use crate::ui::overlays::export::ExportForm;
use crate::ui::overlays::form::FormOverlay;
use crate::ui::overlays::history::History;
use crate::ui::overlays::picker::Picker;
use crate::ui::pane::{Pane, Question, View};
use crate::ui::toast::Toast;
use crate::ui::widgets::list::RecordList;

/// Where an attendance list is written to.
const PRINT: &str = "training.print";
/// What can be done with a person or a day of the grid.
pub const MENU: &str = "training.menu";
pub const FORM: &str = "training.form";
/// A programme's form that a session's form follows.
pub const PROGRAMME_FIRST: &str = "training.programme_first";
/// The question for one person's enrolment record.
pub const ENROLMENT: &str = "training.enrolment";
const WRITE: &str = "training.write";
/// Whether sessions are cancelled, and that they are.
pub const CANCEL: &str = "training.cancel";

/// Sessions that are asked about before they are cancelled, and what they are called.
#[derive(Default)]
pub struct Cancelling {
    sessions: Vec<u32>,
    what: String,
}

/// Commands in the menu of the grid, in its order.
const MENU_COMMANDS: [Command; 9] = [
    Command::TrainingPresent,
    Command::TrainingAbsent,
    Command::TrainingExcused,
    Command::TrainingClear,
    Command::TrainingRow,
    Command::TrainingColumn,
    Command::TrainingHours,
    Command::TrainingEnrol,
    Command::ListDelete,
];

impl Training {
    /// Why a command means nothing here, if it does not.
    pub(super) fn why_not(&self, command: Command) -> Option<String> {
        let grid = self.area == Area::Attendance;
        let why = match command {
            Command::MatrixUnit if self.area != Area::People => t!("training.unit_elsewhere"),
            Command::TrainingHours if !grid => t!("training.only_in_grid"),
            Command::ListFilter
            | Command::FilterPresets
            | Command::ListSort
            | Command::ListColumns
            | Command::ListViews
                if grid =>
            {
                t!("training.not_in_grid")
            }
            Command::ListAdd
            | Command::ListEdit
            | Command::ListDelete
            | Command::TrainingSetAside
                if self.area == Area::People =>
            {
                t!("training.people_elsewhere")
            }
            Command::ListDelete if self.list().is_some_and(|list| list.deletable().is_none()) => {
                t!("records.delete_in_sight")
            }
            Command::ReportPrint if matches!(self.area, Area::Programmes | Area::People) => {
                t!("training.print_elsewhere")
            }
            Command::RecordTrend => t!("records.no_trend"),
            Command::ListBulkEdit => t!("training.no_bulk_edit"),
            _ => return None,
        };
        Some(why.into_owned())
    }

    /// What if those marked in the list of people, or everybody, did what is chosen here.
    fn what_if(&self, area: Area, view: &View) -> Effect {
        let marked = view.marked_people.iter().copied();
        let of = |kind, list: &RecordList| -> Vec<RecordId> {
            list.chosen().into_iter().map(|number| RecordId::new(kind, number)).collect()
        };
        match area {
            Area::People => Effect::what_if(self.people.list.chosen(), &[]),
            Area::Programmes => {
                Effect::what_if(marked, &of(Kind::Programmes, &self.programmes.list))
            }
            Area::Agenda | Area::Attendance => {
                Effect::what_if(marked, &of(Kind::Sessions, &self.agenda.list))
            }
        }
    }

    /// Commands that are neither a list's nor the grid's own.
    pub(super) fn carry_out(&mut self, command: Command, view: &View) -> Vec<Effect> {
        match (command, self.area) {
            (Command::ListOpen, Area::Agenda) => self.go_to(Area::Attendance, view),
            (Command::ListOpen, Area::Attendance) => self.menu(),
            (Command::ListOpen, Area::Programmes) => self.sessions_of_programme(view),
            (Command::ListOpen, Area::People) => {
                self.people.list.current().map(Effect::Show).into_iter().collect()
            }
            (Command::ListBack, Area::Attendance | Area::Programmes | Area::People) => {
                self.go_to(Area::Agenda, view)
            }
            (Command::ListBack, Area::Agenda) if self.agenda.programme().is_some() => {
                vec![self.agenda.narrow(None)]
            }
            (Command::ListAdd, Area::Agenda) => self.add_session(),
            (Command::ListAdd | Command::TrainingEnrol, Area::Attendance)
            | (Command::TrainingEnrol, Area::Agenda) => self.enrol(view),
            (Command::ListAdd, Area::Programmes) => {
                vec![Effect::open(FORM, FormOverlay::add(Kind::Programmes))]
            }
            (Command::TrainingEnrol, Area::Programmes) => match self.programmes.current() {
                Some((number, _)) => vec![session_form(Some(number))],
                None => self.add_session(),
            },
            (Command::TrainingEnrol, Area::People) => self.enrol_chosen(),
            (Command::ListEdit, _) => match self.record() {
                Some(id) => vec![Effect::open(FORM, FormOverlay::open(id))],
                None => Vec::new(),
            },
            (Command::WhatIf, area) => vec![self.what_if(area, view)],
            (Command::ListHistory, _) => self.history(),
            (Command::ListCopy, _) => self.copy(),
            (Command::ListDelete, Area::Attendance) => self.take_out(),
            (Command::ListDelete, _) => self.delete(),
            (Command::TrainingSetAside, _) => self.set_aside(),
            (Command::TrainingHours, _) => self.ask_enrolment(),
            (Command::ReportPrint, _) => self.print_attendance(view),
            _ => Vec::new(),
        }
    }

    /// The list to be signed, of the session under the cursor.
    fn print_attendance(&self, view: &View) -> Vec<Effect> {
        let Some(session) = self.session_here() else { return Vec::new() };
        let own = vec![("session".to_string(), session.to_string())];
        let query = ReportQuery { own, ..ReportQuery::of("attendance") };
        vec![Effect::open(PRINT, ExportForm::sheet(query, view))]
    }

    fn session_here(&self) -> Option<u32> {
        match self.area {
            Area::Attendance => self.grid.session().map(|session| session.0),
            Area::Agenda => self.agenda.list.current().map(|id| id.number),
            Area::Programmes | Area::People => None,
        }
    }

    pub(super) fn change_goes_on(
        &mut self,
        tag: Tag,
        outcome: Outcome,
        view: &View,
    ) -> Vec<Effect> {
        match (tag.name, outcome) {
            (MENU, Outcome::Picked(places)) => {
                let command = places.first().and_then(|place| MENU_COMMANDS.get(*place));
                command.map(|command| Effect::Run(*command)).into_iter().collect()
            }
            (CANCEL, Outcome::Yes) => {
                let ids = self.cancelling.sessions.clone();
                vec![set_field(CANCEL, Kind::Sessions, ids, "cancelled", true)]
            }
            (PROGRAMME_FIRST, Outcome::Saved(saved)) => {
                let programme = saved.ids.iter().find(|id| id.kind == Kind::Programmes);
                programme.map(|id| session_form(Some(id.number))).into_iter().collect()
            }
            (FORM, Outcome::Saved(saved)) => {
                let shown = saved.ids.iter().find(|id| match id.kind {
                    Kind::Sessions => self.area != Area::Attendance,
                    kind => kind == Kind::Programmes,
                });
                shown.map_or_else(Vec::new, |id| self.show_saved(*id, view))
            }
            _ => Vec::new(),
        }
    }

    /// A saved record comes under the cursor, unless a filter hides it.
    fn show_saved(&mut self, id: RecordId, view: &View) -> Vec<Effect> {
        if id.kind == Kind::Programmes {
            return vec![self.programmes.list.go_to(id.number)];
        }
        let mut effects = self.go_to(Area::Agenda, view);
        effects.push(self.agenda.list.go_to(id.number));
        effects
    }

    /// The record of the pane that the cursor stands on; in the grid, the session.
    fn record(&self) -> Option<RecordId> {
        match self.list() {
            Some(list) => list.current(),
            None => self.grid.session().map(RecordId::from),
        }
    }

    fn add_session(&self) -> Vec<Effect> {
        if self.programmes.is_empty() {
            return vec![Effect::open(PROGRAMME_FIRST, FormOverlay::add(Kind::Programmes))];
        }
        vec![session_form(self.agenda.programme_number())]
    }

    fn sessions_of_programme(&mut self, view: &View) -> Vec<Effect> {
        let Some(programme) = self.programmes.current() else { return Vec::new() };
        let mut effects = vec![self.agenda.narrow(Some(programme))];
        effects.extend(self.go_to(Area::Agenda, view));
        effects
    }

    fn menu(&self) -> Vec<Effect> {
        let Some(attendance) = self.grid.attendance() else { return Vec::new() };
        let marked = self.grid.facts().has(Fact::Marked);
        let who = match self.grid.here() {
            Some(_) if marked => {
                t!("training.marked_people", count = whole(self.grid.whom().len() as i64))
                    .into_owned()
            }
            Some(row) => row.name.clone(),
            None => return vec![Effect::Run(Command::TrainingEnrol)],
        };
        let day = attendance.days.get(self.grid.day()).copied().map(i18n::date).unwrap_or_default();
        let items = MENU_COMMANDS
            .iter()
            .map(|command| match command {
                Command::TrainingPresent => t!("training.menu_present", who = who, day = day),
                Command::TrainingAbsent => t!("training.menu_absent", who = who, day = day),
                Command::TrainingExcused => t!("training.menu_excused", who = who, day = day),
                Command::TrainingClear => t!("training.menu_clear", who = who, day = day),
                Command::TrainingRow => t!("training.menu_row", who = who),
                Command::TrainingColumn => t!("training.menu_column", day = day),
                Command::TrainingHours => t!("training.menu_hours"),
                Command::TrainingEnrol => t!("training.enrol_title"),
                _ => t!("training.menu_take_out", who = who),
            })
            .map(std::borrow::Cow::into_owned)
            .collect();
        vec![Effect::open(MENU, Picker::new(&t!("training.menu"), items))]
    }

    fn history(&self) -> Vec<Effect> {
        let Some(id) = self.record() else { return Vec::new() };
        vec![Effect::open("training.history", History::of(id, self.label()))]
    }

    fn label(&self) -> String {
        match self.area {
            Area::Agenda => self.agenda.label(),
            Area::Attendance => {
                self.grid.attendance().map(|shown| shown.programme.clone()).unwrap_or_default()
            }
            Area::Programmes => self.programmes.current().map(|(_, name)| name).unwrap_or_default(),
            Area::People => self.people.list.cell("name").map(i18n::value).unwrap_or_default(),
        }
    }

    fn copy(&self) -> Vec<Effect> {
        let text = match (self.area, self.grid.here()) {
            (Area::Attendance, Some(row)) => row.name.clone(),
            _ => self.label(),
        };
        vec![Effect::Copy(text)]
    }

    pub(super) fn deletion_question(&self) -> Question {
        if self.area == Area::Attendance {
            let whom = self.grid.whom();
            let who = match (whom.len(), self.grid.here()) {
                (1, Some(row)) if row.employee == whom[0] => row.name.clone(),
                (count, _) => t!("training.people", people = whole(count as i64)).into_owned(),
            };
            let text = t!("training.take_out_question", who = who, session = self.label());
            return Question::new(text, whom.len() as u32);
        }
        let (kind, count) = match self.area {
            Area::Programmes => (Kind::Programmes, self.programmes.list.chosen().len()),
            _ => (Kind::Sessions, self.agenda.list.chosen().len()),
        };
        let what = if count == 1 && !self.facts_marked() {
            self.label()
        } else {
            i18n::count(kind, count as u32)
        };
        let text = t!("training.delete_question", what = what);
        Question::new(text, count as u32)
    }

    fn facts_marked(&self) -> bool {
        self.list().is_some_and(|list| !list.marks().is_empty())
    }

    fn take_out(&mut self) -> Vec<Effect> {
        let employees: Vec<EmployeeId> = self.grid.whom();
        let Some(session) = self.grid.session().filter(|_| !employees.is_empty()) else {
            return Vec::new();
        };
        self.grid.unmark();
        vec![Effect::ask(WRITE, Request::Unenrol { step: step(), session, employees })]
    }

    fn delete(&self) -> Vec<Effect> {
        let ids = self.list().and_then(RecordList::deletable).unwrap_or_default();
        vec![Effect::ask(WRITE, Request::Delete { step: step(), ids })]
    }

    /// That they are cancelled, and the key that takes it back.
    pub(super) fn cancelled(&self, answer: &Answer, view: &View) -> Vec<Effect> {
        let Answer::Saved(_) = answer else { return Vec::new() };
        let done = t!("training.cancelled_done", what = self.cancelling.what).into_owned();
        let keys = view.keymap.keys_of(Command::Undo, &[Context::Global], self.facts());
        let how = keys.map(|keys| t!("shell.saved", keys = keys)).unwrap_or_default();
        vec![Effect::Toast(Toast::done(i18n::sentences(&[&done, &how])))]
    }

    /// Asks before sessions are cancelled: how many people are in them.
    fn ask_cancel(&mut self, sessions: Vec<u32>) -> Vec<Effect> {
        let people = if self.area == Area::Attendance {
            Some(self.grid.rows().len() as i64)
        } else {
            sessions.iter().try_fold(0, |sum, session| {
                let mut rows = self.agenda.list.held().iter();
                let row = rows.find(|row| row.number == *session)?;
                match self.agenda.list.cell_of(row, "enrolled") {
                    Some(Value::Whole(enrolled)) => Some(sum + enrolled),
                    _ => Some(sum),
                }
            })
        };
        let count = sessions.len() as u32;
        let what = if count == 1 { self.label() } else { i18n::count(Kind::Sessions, count) };
        let text = match people {
            Some(0) => t!("training.cancel_question_nobody", what = what),
            Some(people) => t!("training.cancel_question", what = what, people = whole(people)),
            None => t!("training.cancel_question_many", what = what),
        };
        self.cancelling = Cancelling { sessions, what };
        vec![Effect::open(CANCEL, Confirm::new(Question::new(text, count)))]
    }

    /// Cancels sessions or archives programmes; those of which the one under the cursor
    /// is, the other way round.
    fn set_aside(&mut self) -> Vec<Effect> {
        let (list, field) = match self.area {
            Area::Programmes => (&self.programmes.list, "archived"),
            _ => (&self.agenda.list, "cancelled"),
        };
        let ids = if self.area == Area::Attendance {
            self.grid.session().map(|session| session.0).into_iter().collect()
        } else {
            list.chosen()
        };
        let is_set = if self.area == Area::Attendance {
            self.grid.attendance().is_some_and(|shown| {
                shown.session.record.fields().get(field).is_some_and(|flag| flag == true)
            })
        } else {
            matches!(list.cell(field), Some(Value::Flag(true)))
        };
        if ids.is_empty() {
            return Vec::new();
        }
        let kind = list.kind();
        if kind == Kind::Sessions && !is_set {
            return self.ask_cancel(ids);
        }
        vec![set_field(WRITE, kind, ids, field, !is_set)]
    }

    /// Finds the enrolment record of the person under the cursor.
    fn ask_enrolment(&self) -> Vec<Effect> {
        let (Some(session), Some(row)) = (self.grid.session(), self.grid.here()) else {
            return Vec::new();
        };
        let query = ListQuery {
            search: row.nip.clone(),
            of: Some(session.into()),
            columns: vec!["nip".into()],
            ..ListQuery::all(Kind::Enrolments)
        };
        vec![Effect::ask(Tag::new(ENROLMENT, row.employee.0), Request::List(query))]
    }

    /// Opens the form in which JP and its reason are stated.
    pub(super) fn open_enrolment(&self, tag: Tag, answer: &Answer) -> Vec<Effect> {
        let person = self.grid.rows().iter().find(|row| row.employee.0 == tag.number);
        let (Answer::Page(page), Some(person)) = (answer, person) else {
            return Vec::new();
        };
        let at = page.columns.iter().position(|column| column == "nip");
        let is_hers = |row: &&crate::protocol::Row| {
            let cell = at.and_then(|at| row.cells.get(at));
            matches!(cell, Some(Value::Text(nip)) if *nip == person.nip)
        };
        let found = page.rows.iter().find(is_hers);
        let form = |number| FormOverlay::open(RecordId::new(Kind::Enrolments, number));
        found.map(|row| Effect::open(FORM, form(row.number))).into_iter().collect()
    }
}

fn set_field(tag: &'static str, kind: Kind, ids: Vec<u32>, field: &str, flag: bool) -> Effect {
    let (field, value) = (field.to_string(), flag.to_string());
    Effect::ask(tag, Request::SetField { step: step(), kind, ids, field, value })
}

fn session_form(programme: Option<u32>) -> Effect {
    let form = FormOverlay::add(Kind::Sessions);
    match programme {
        Some(number) => Effect::open(FORM, form.with("programme", number)),
        None => Effect::open(FORM, form),
    }
}
