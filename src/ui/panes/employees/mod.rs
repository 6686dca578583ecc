//! Employees: find a person, see everything about them, edit, add, mark many and set one
//! field of all, deactivate, enrol. The list is the shared one; `detail` is how one person
//! looks. Beside each other on a wide screen, one over the other on others.

mod detail;
mod gaps;
mod listed;
mod number;
mod page;
mod years;

use std::rc::Rc;

use ratatui::Frame;
use ratatui::layout::Rect;

use detail::Detail;
pub use listed::LIST;

use crate::domain::field::Shape;
use crate::domain::kinds::employee::Status;
use crate::domain::record::{EmployeeId, Kind, PositionId, RecordId};
use crate::domain::value::Value;
use crate::i18n::{self, t};
use crate::protocol::{Answer, ListQuery, Notice, Request};
use crate::ui::command::{Command, Context, Fact, Facts};
use crate::ui::effect::{Effect, Tag, step};
use crate::ui::job::Export;
use crate::ui::overlay::Outcome;
use crate::ui::overlays::export::ExportForm;
use crate::ui::overlays::form::FormOverlay;
use crate::ui::overlays::history::History;
use crate::ui::overlays::lookup::Lookup;
use crate::ui::overlays::picker::Picker;
use crate::ui::overlays::units;
use crate::ui::pane::{
    Availability, HintWord, Pane, PaneEvent, Question, Selection, View, person_of, trend_of,
    usual_hint,
};
use crate::ui::panes::enroller::Enroller;
use crate::ui::toast::Toast;
use crate::ui::widgets::list::RecordList;
use crate::ui::widgets::{Handled, beside};
use crate::ui::words;

const PEOPLE: &str = "employees.people";
const PERSON: &str = "employees.person";
const COMPETENCIES: &str = "employees.competencies";
const FORM: &str = "employees.form";
const FIELD: &str = "employees.field";
const STATUS: &str = "employees.status";
const WRITE: &str = "employees.write";
/// The post of a trial, and how somebody stands in it.
const POST: &str = "employees.post";
const TRIAL: &str = "employees.trial";
const COPY: &str = "employees.copy";
const REQUEST: &str = "employees.request";

/// The list's part of a wide screen, in percent, while the person beside it is read.
const LIST_PART: u16 = 60;
/// Fields that are never the same for many people.
const NEVER_BULK: [&str; 3] = ["number", "name", "pns_id"];
/// How people leave.
const LEAVING: [Status; 3] = [Status::Moved, Status::Retired, Status::Ended];

pub struct Employees {
    list: RecordList,
    detail: Detail,
    /// The person stands over the list, or has the cursor beside it.
    open: bool,
    /// Whom that was opened on: nobody else takes their place unseen.
    opened: Option<u32>,
    /// The number of the question about a person that was asked last.
    asked: u32,
    /// Whom it was about.
    asked_for: Option<u32>,
    /// Something has changed since: asked anew once it is known who is still there.
    stale: bool,
    /// The cursor has moved on, and has not come to rest.
    moving: bool,
    enrolling: Enroller,
    /// Whose trial begins once they are there, and in which post.
    supposed: Option<(u32, PositionId)>,
    /// The number of the question of the trial.
    tried: u32,
}

impl Default for Employees {
    fn default() -> Self {
        Self::new()
    }
}

impl Employees {
    pub fn new() -> Self {
        Self {
            list: const { &LIST }.list(PEOPLE),
            detail: Detail::default(),
            open: false,
            opened: None,
            asked: 0,
            asked_for: None,
            stale: false,
            moving: false,
            enrolling: Enroller::default(),
            supposed: None,
            tried: 0,
        }
    }

    /// The places of the list and of the person; either may be empty.
    fn places(&self, area: Rect) -> (Rect, Rect) {
        let nothing = Rect { width: 0, ..area };
        let alone = if self.open { (nothing, area) } else { (area, nothing) };
        beside::split(area, !self.open, LIST_PART).unwrap_or(alone)
    }

    /// Where the list would stand if it were in front.
    fn list_place(&self, area: Rect) -> Rect {
        if area.width >= beside::FROM { self.places(area).0 } else { area }
    }

    /// Asks for the person under the cursor if they are to be seen and are not there yet.
    /// Beside the list they come once the cursor rests: whoever is only passed is not read.
    fn follow(&mut self, view: &View, anew: bool, rests: bool) -> Vec<Effect> {
        let seen = self.open || view.area.width >= beside::FROM;
        let current = self.list.current().map(|id| id.number);
        let wanted = seen && (current != self.asked_for || anew);
        let passing = !self.open && !anew && !rests && self.asked_for.is_some();
        self.moving = wanted && passing && current.is_some();
        if !wanted || self.moving {
            return Vec::new();
        }
        self.asked_for = current;
        self.supposed.take_if(|supposed| Some(supposed.0) != current);
        let Some(number) = current else {
            self.detail.clear();
            return Vec::new();
        };
        self.asked += 1;
        vec![Effect::ask(Tag::new(PERSON, self.asked), Request::Person(EmployeeId(number)))]
    }

    /// Shows the person under the cursor as if they had that post.
    fn suppose(&mut self, position: PositionId) -> Vec<Effect> {
        self.open = true;
        self.opened = self.list.current().map(|id| id.number);
        self.supposed = self.opened.map(|number| (number, position));
        self.ask_trial()
    }

    /// Asks how they stand in it, once it is known who they are.
    fn ask_trial(&mut self) -> Vec<Effect> {
        let shown = self.detail.number_of();
        let about = |supposed: &mut (u32, PositionId)| Some(supposed.0) == shown;
        if let Some((_, position)) = self.supposed.take_if(about) {
            self.detail.suppose(position);
        }
        let Some((employee, position)) = self.detail.trial() else { return Vec::new() };
        self.tried += 1;
        let request = Request::PersonAs { employee, position };
        vec![Effect::ask(Tag::new(TRIAL, self.tried), request)]
    }

    fn label(&self) -> String {
        match self.list.cell("name") {
            Some(Value::Text(name)) => name.clone(),
            _ if self.moving => String::new(),
            _ => self.detail.name(),
        }
    }

    /// `Siti Aminah`, or `12 pegawai` when marked.
    fn chosen_words(&self) -> String {
        let count = self.list.chosen().len() as u32;
        let one = self.list.marks().is_empty() || count == 1;
        let label = self.label();
        if one && count == 1 && !label.is_empty() {
            label
        } else {
            i18n::count(Kind::Employees, count)
        }
    }

    fn command(&mut self, command: Command, view: &View) -> Vec<Effect> {
        match command {
            Command::ListOpen | Command::AreaNext | Command::AreaPrev => {
                self.open = command == Command::ListOpen || !self.open;
                self.opened = self.list.current().map(|id| id.number);
                self.follow(view, false, true)
            }
            Command::ListBack if self.detail.end_trial() => Vec::new(),
            Command::ListBack if self.open => {
                self.open = false;
                Vec::new()
            }
            Command::ListBack if view.unit.is_some() => {
                let said = Effect::Toast(Toast::note(t!("shell.all_units")));
                vec![Effect::Restrict(None), said]
            }
            Command::ListEdit => {
                let id = self.list.current();
                id.map(|id| Effect::open(FORM, FormOverlay::open(id))).into_iter().collect()
            }
            Command::ListAdd => {
                let form = FormOverlay::add(Kind::Employees);
                let form = match view.unit {
                    Some(unit) => form.with("unit", unit.id.0),
                    None => form,
                };
                vec![Effect::open(FORM, form)]
            }
            Command::ListDelete => {
                let ids = self.list.deletable().unwrap_or_default();
                vec![Effect::ask(WRITE, Request::Delete { step: step(), ids })]
            }
            Command::Deactivate => {
                let items = LEAVING.iter().map(|status| i18n::choice(status.code())).collect();
                let title = t!("employees.deactivate_as", who = self.chosen_words());
                vec![Effect::open(STATUS, Picker::new(&title, items))]
            }
            Command::Erase => {
                let people: Vec<_> =
                    self.list.current().map(|id| EmployeeId(id.number)).into_iter().collect();
                vec![Effect::ask(WRITE, Request::Erase { step: step(), people })]
            }
            Command::ListBulkEdit => {
                let items = bulk_fields().map(|name| words::field(Kind::Employees, name)).collect();
                let title = t!("employees.bulk_field", who = self.chosen_words());
                vec![Effect::open(FIELD, Picker::new(&title, items))]
            }
            Command::MatrixUnit => vec![units::choice(view)],
            Command::ListCopy => self.copy(view),
            Command::PersonSuppose => {
                let title = t!("employees.suppose_title", who = self.label());
                vec![Effect::open(POST, Lookup::new(Kind::Positions, title))]
            }
            Command::PersonCopy => {
                let id = self.list.current();
                id.map(|id| Effect::open(COPY, ExportForm::person(EmployeeId(id.number), view)))
                    .into_iter()
                    .collect()
            }
            Command::WhatIf => vec![Effect::what_if(self.list.chosen(), &[])],
            Command::RecordTrend => {
                person_of(self.list.current()).map(trend_of).into_iter().collect()
            }
            Command::ReportPrint => self.print(view),
            Command::PersonRequest => {
                let id = self.list.current();
                let form = FormOverlay::add(Kind::Corrections);
                id.map(|id| Effect::open(REQUEST, form.with("employee", id.number)))
                    .into_iter()
                    .collect()
            }
            Command::Enrol => {
                vec![self.enrolling.begin(self.list.chosen(), &self.label())]
            }
            Command::ListHistory => {
                let id = self.list.current();
                id.map(|id| Effect::open("employees.history", History::of(id, self.label())))
                    .into_iter()
                    .collect()
            }
            Command::PersonHistory => {
                let text = t!("employees.history_search", number = self.number());
                vec![Effect::Search(Command::GoHistory, text.into_owned())]
            }
            _ => Vec::new(),
        }
    }

    fn set(&self, field: &str, value: &str) -> Effect {
        let ids = self.list.chosen();
        let (field, value) = (field.to_string(), serde_json::Value::from(value).to_string());
        let request = Request::SetField { step: step(), kind: Kind::Employees, ids, field, value };
        Effect::ask(WRITE, request)
    }

    fn answer(&mut self, tag: Tag, answer: Answer) -> Vec<Effect> {
        match (tag.name, answer) {
            (PERSON, Answer::Person(person)) if tag.number == self.asked => {
                self.detail.came_at = self.list.top();
                self.detail.set(*person);
                return self.ask_trial();
            }
            (TRIAL, Answer::Person(person)) if tag.number == self.tried => {
                self.detail.set_trial(*person);
            }
            (COMPETENCIES, Answer::Page(page)) => {
                self.detail.name_competencies(&page);
                if self.list.offer_competencies(listed::competencies(&page)) {
                    return vec![self.list.ask(true)];
                }
            }
            (WRITE, Answer::Saved(_)) => self.list.unmark_all(),
            (_, answer) => {
                let (effects, enrolled) = self.enrolling.answered(tag, &answer).unwrap_or_default();
                if enrolled {
                    self.list.unmark_all();
                }
                return effects;
            }
        }
        Vec::new()
    }

    fn outcome(&mut self, tag: Tag, outcome: Outcome) -> Vec<Effect> {
        match (tag.name, outcome) {
            (FORM, Outcome::Saved(saved)) => {
                let id = saved.ids.iter().find(|id| id.kind == Kind::Employees);
                self.opened = id.map(|id| id.number).or(self.opened);
                id.map(|id| self.list.reveal(id.number)).into_iter().collect()
            }
            (STATUS, Outcome::Picked(places)) => {
                let status = places.first().and_then(|place| LEAVING.get(*place));
                status.map(|status| self.set("status", status.code())).into_iter().collect()
            }
            (FIELD, Outcome::Picked(places)) => {
                let name = places.first().and_then(|place| bulk_fields().nth(*place));
                let form =
                    name.map(|name| FormOverlay::bulk(Kind::Employees, name, self.list.chosen()));
                form.map(|form| Effect::open(WRITE, form)).into_iter().collect()
            }
            (WRITE, Outcome::Saved(_)) => {
                self.list.unmark_all();
                Vec::new()
            }
            (POST, Outcome::Hit(hit)) => self.suppose(PositionId(hit.id.number)),
            (_, outcome) => units::chosen(tag, &outcome)
                .or_else(|| self.step_chosen(tag, &outcome))
                .or_else(|| self.enrolling.outcome(tag, &outcome))
                .unwrap_or_default(),
        }
    }
}

/// Fields that many people can share.
fn bulk_fields() -> impl Iterator<Item = &'static str> {
    Kind::Employees
        .fields()
        .iter()
        .filter(|field| field.shape != Shape::List && !NEVER_BULK.contains(&field.name))
        .map(|field| field.name)
}

impl Pane for Employees {
    fn id(&self) -> &'static str {
        "employees"
    }

    fn go(&self) -> Command {
        Command::GoEmployees
    }

    fn title(&self) -> String {
        t!("employees.title").into_owned()
    }

    fn counter(&self) -> String {
        self.list.counter()
    }

    fn contexts(&self) -> &'static [Context] {
        Context::PaneEmployees.of_list(self.list.is_filtering())
    }

    fn facts(&self) -> Facts {
        self.list.facts().when(Fact::DetailOpen, self.open)
    }

    fn has_areas(&self) -> bool {
        true
    }

    fn available(&self, command: Command) -> Availability {
        match command {
            Command::ListDelete if self.list.deletable().is_none() => {
                Availability::No(t!("records.delete_in_sight").into_owned())
            }
            Command::Erase if self.works_here() => {
                Availability::No(t!("employees.erase_active").into_owned())
            }
            Command::ListOpen if self.open => {
                Availability::No(t!("employees.open_already").into_owned())
            }
            _ => Availability::Yes,
        }
    }

    fn hint(&self, command: Command) -> HintWord {
        match command {
            Command::ListOpen if self.open => HintWord::Silent,
            Command::ListAdd if self.is_of_page(command) => HintWord::here(t!("employees.make")),
            command => usual_hint(command, self.facts()),
        }
    }

    fn question(&self, command: Command) -> Option<Question> {
        if command == Command::Erase {
            return self.erase_question();
        }
        let count = self.list.chosen().len() as u32;
        let who = self.chosen_words();
        let text = match command {
            Command::ListDelete => t!("employees.delete_question", who = who),
            Command::Deactivate => t!("employees.deactivate_question", who = who),
            _ => return None,
        };
        (count > 0).then(|| Question::new(text, count))
    }

    fn update(&mut self, event: PaneEvent, view: &View) -> Vec<Effect> {
        if let PaneEvent::Command(command) = event
            && !self.list.is_filtering()
            && self.scroll(command, view)
        {
            return Vec::new();
        }
        // What is filtered must be seen.
        if matches!(event, PaneEvent::Command(Command::ListFilter)) {
            self.open = false;
        }
        let mut effects = Vec::new();
        let rests = matches!(event, PaneEvent::Rested);
        let changed = matches!(event, PaneEvent::Notice(Notice::Changed { .. }));
        let competencies = changed || matches!(event, PaneEvent::Shown);
        if competencies {
            let query = ListQuery {
                columns: vec!["code".into(), "name".into(), "archived".into()],
                ..ListQuery::all(Kind::Competencies)
            };
            effects.push(Effect::ask(COMPETENCIES, Request::List(query)));
        }
        self.stale |= changed;
        let listed = matches!(&event, PaneEvent::Answer(tag, _) if tag.name == PEOPLE);
        let marks = Rc::clone(self.list.marks());
        effects.extend(match event {
            PaneEvent::Mark(marks) => {
                self.list.set_marks(marks);
                Vec::new()
            }
            PaneEvent::Search(text) => {
                self.open = false;
                vec![self.list.set_search(text)]
            }
            PaneEvent::Restricted => {
                vec![self.list.restrict(view.unit.map(|unit| unit.id))]
            }
            PaneEvent::Command(command) if self.is_of_page(command) => self.on_page(command),
            PaneEvent::Shown => self.list.come(view.along, view.memory),
            PaneEvent::Show(id) => {
                (self.open, self.opened) = (true, Some(id.number));
                vec![self.list.reveal(id.number)]
            }
            event => {
                match self.list.update(event, self.list_place(view.area), view.today, view.memory) {
                    Handled::Yes(effects) => effects,
                    Handled::No(PaneEvent::Command(command)) => self.command(command, view),
                    Handled::No(PaneEvent::Answer(tag, answer)) => self.answer(tag, answer),
                    Handled::No(PaneEvent::Outcome(tag, outcome)) => self.outcome(tag, outcome),
                    Handled::No(_) => Vec::new(),
                }
            }
        });
        if self.list.is_settled() && self.list.current().map(|id| id.number) != self.opened {
            self.open = false;
        }
        let anew = listed && self.list.is_settled() && std::mem::take(&mut self.stale);
        effects.extend(self.follow(view, anew, rests));
        if !Rc::ptr_eq(&marks, self.list.marks()) {
            effects.push(Effect::MarkedPeople(Rc::clone(self.list.marks())));
        }
        effects
    }

    fn is_moving(&self) -> bool {
        self.moving
    }

    fn selection(&self) -> Selection<'_> {
        self.list.selection()
    }

    fn depth(&self, view: &View) -> u8 {
        let over = [self.open, self.detail.trial().is_some(), view.unit.is_some()];
        over.into_iter().map(u8::from).sum()
    }

    fn draw(&self, frame: &mut Frame, view: &View) {
        let (list, person) = self.places(view.area);
        let beside = !list.is_empty() && !person.is_empty();
        let focused = !(beside && self.open);
        LIST.draw(frame, list, &self.list, focused, view);
        if beside {
            for y in person.y..person.bottom() {
                let at = (person.x - 2, y);
                frame.buffer_mut().set_string(at.0, at.1, view.glyphs.vertical, view.theme.dim);
            }
        }
        // Rows that scroll are moved by the terminal where nothing that stays is beside them.
        let left = self.detail.number_of() != self.list.current().map(|id| id.number);
        if !(beside && focused && left && self.detail.came_at != self.list.top()) {
            self.detail.draw(frame, person, view);
        }
    }

    fn export(&self) -> Option<Export> {
        Some(self.list.export())
    }

    fn looks_at(&self) -> Option<RecordId> {
        self.list.current()
    }

    fn shows(&self, id: RecordId) -> bool {
        id.kind == Kind::Employees
    }
}

#[cfg(test)]
mod page_tests;
#[cfg(test)]
mod shown_tests;
#[cfg(test)]
mod tests;
