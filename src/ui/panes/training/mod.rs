//! The training pane: agenda, attendance, programmes and JP per person, four areas walked
//! by Tab. On a wide screen the attendance of the session under the cursor stands beside
//! the agenda. Here is which area has the cursor and who takes what; each area keeps its
//! own state in its own file.

mod agenda;
mod change;
mod enrol;
mod grid;
mod grid_draw;
mod jp;
mod programmes;
mod standing;
mod ticks;

use change::Cancelling;

#[cfg(test)]
mod tests;

use ratatui::Frame;
use ratatui::layout::Rect;

use self::agenda::Agenda;
use self::enrol::Enrolling;
use self::grid::Grid;
use self::jp::People;
use self::programmes::Programmes;
use crate::domain::record::{EmployeeId, Kind, RecordId};
use crate::i18n::t;
use crate::protocol::{ListQuery, Notice};
use crate::ui::command::{Command, Context, Facts};
use crate::ui::effect::{Effect, Marks, Tag};
use crate::ui::job::Export;
use crate::ui::overlay::Outcome;
use crate::ui::overlays::units;
use crate::ui::pane::{
    Along, Availability, HintWord, Pane, PaneEvent, Question, Selection, View, usual_hint,
};
use crate::ui::panes::enroller::Enroller;
use crate::ui::widgets::frame::put;
use crate::ui::widgets::list::RecordList;
use crate::ui::widgets::{Handled, beside};

/// The agenda's part of a wide screen, in percent, while the attendance beside it is noted.
const AGENDA_PART: u16 = 45;

/// A part of the pane that can have the cursor, in the order of Tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Area {
    Agenda,
    Attendance,
    Programmes,
    People,
}

impl Area {
    const ALL: [Self; 4] = [Self::Agenda, Self::Attendance, Self::Programmes, Self::People];

    fn title(self) -> String {
        match self {
            Self::Agenda => t!("training.agenda"),
            Self::Attendance => t!("training.attendance"),
            Self::Programmes => t!("training.programmes"),
            Self::People => t!("training.jp"),
        }
        .into_owned()
    }

    fn step(self, by: usize) -> Self {
        let at = Self::ALL.iter().position(|area| *area == self).unwrap_or(0);
        Self::ALL[(at + by) % Self::ALL.len()]
    }
}

pub struct Training {
    area: Area,
    agenda: Agenda,
    grid: Grid,
    programmes: Programmes,
    people: People,
    enrolling: Enrolling,
    enroller: Enroller,
    begun: bool,
    /// What was chosen on the page before has not reached the list of people yet.
    come: bool,
    /// What is asked about before it is cancelled.
    cancelling: Cancelling,
}

impl Default for Training {
    fn default() -> Self {
        Self::new()
    }
}

impl Training {
    pub fn new() -> Self {
        Self {
            area: Area::Agenda,
            agenda: Agenda::new(),
            grid: Grid::default(),
            programmes: Programmes::new(),
            people: People::new(),
            enrolling: Enrolling::default(),
            enroller: Enroller::default(),
            begun: false,
            come: false,
            cancelling: Cancelling::default(),
        }
    }

    /// What is left below the line that names the areas.
    fn body(whole: Rect) -> Rect {
        let head = whole.height.min(1);
        Rect { y: whole.y + head, height: whole.height - head, ..whole }
    }

    /// Where an area stands.
    fn place(&self, area: Area, whole: Rect) -> Rect {
        let body = Self::body(whole);
        let on_agenda = self.area != Area::Attendance;
        let (agenda, attendance) =
            beside::split(body, on_agenda, AGENDA_PART).unwrap_or((body, body));
        match area {
            Area::Agenda => agenda,
            Area::Attendance => attendance,
            Area::Programmes => Programmes::place(body),
            Area::People => People::place(body),
        }
    }

    fn list(&self) -> Option<&RecordList> {
        match self.area {
            Area::Agenda => Some(&self.agenda.list),
            Area::Attendance => None,
            Area::Programmes => Some(&self.programmes.list),
            Area::People => Some(&self.people.list),
        }
    }

    fn list_of(&mut self, area: Area) -> Option<&mut RecordList> {
        match area {
            Area::Agenda => Some(&mut self.agenda.list),
            Area::Attendance => None,
            Area::Programmes => Some(&mut self.programmes.list),
            Area::People => Some(&mut self.people.list),
        }
    }

    /// Lets the list of an area take an event; hands back what is not its business.
    fn offer<'a>(&mut self, area: Area, event: PaneEvent<'a>, view: &View) -> Handled<'a> {
        let place = self.place(area, view.area);
        match self.list_of(area) {
            Some(list) => list.update(event, place, view.today, view.memory),
            None => Handled::No(event),
        }
    }

    fn told(&mut self, area: Area, event: PaneEvent, view: &View) -> Vec<Effect> {
        match self.offer(area, event, view) {
            Handled::Yes(effects) => effects,
            Handled::No(_) => Vec::new(),
        }
    }

    fn go_to(&mut self, area: Area, view: &View) -> Vec<Effect> {
        let person = self.selection().person.or(view.along.person);
        self.area = area;
        match area {
            Area::Attendance => self.follow_agenda(),
            Area::People => self.come_to_people(person, view),
            area => self.told(area, PaneEvent::Shown, view),
        }
    }

    /// The list of people, the cursor on the same person; come to from another page also
    /// filtered and marked as there.
    fn come_to_people(&mut self, person: Option<EmployeeId>, view: &View) -> Vec<Effect> {
        let list = &mut self.people.list;
        let filter = if std::mem::take(&mut self.come) {
            list.set_marks(&Marks::new(view.marked_people.clone()));
            view.along.filter.clone()
        } else {
            list.search().to_string()
        };
        list.come(&Along { person, filter }, view.memory)
    }

    /// What was chosen on the page before.
    fn come(&mut self, view: &View) -> Vec<Effect> {
        self.come = true;
        let person = view.along.person;
        if let Some(person) = person {
            self.grid.stand_on(person, self.place(Area::Attendance, view.area));
        }
        if self.area == Area::People { self.come_to_people(person, view) } else { Vec::new() }
    }

    /// The grid shows the session under the cursor of the agenda.
    fn follow_agenda(&mut self) -> Vec<Effect> {
        match self.agenda.session() {
            Some(session) => self.grid.follow(Some(session)),
            None if self.agenda.list.total().is_some() && self.agenda.list.matched() == 0 => {
                self.grid.follow(None)
            }
            // Its row is on its way.
            None => Vec::new(),
        }
    }

    fn begin(&mut self, view: &View) -> Vec<Effect> {
        if std::mem::replace(&mut self.begun, true) {
            return Vec::new();
        }
        let mut effects = self.told(Area::Agenda, PaneEvent::Shown, view);
        effects.extend(self.told(Area::Programmes, PaneEvent::Shown, view));
        if let Some(unit) = view.unit {
            effects.push(self.people.list.restrict(Some(unit.id)));
        }
        effects
    }

    fn resized(&mut self, view: &View) -> Vec<Effect> {
        self.grid.resized(self.place(Area::Attendance, view.area));
        let areas = [Area::Agenda, Area::Programmes, Area::People];
        areas.into_iter().flat_map(|area| self.told(area, PaneEvent::Resized, view)).collect()
    }

    fn noticed(&mut self, notice: &Notice, view: &View) -> Vec<Effect> {
        let mut effects = Vec::new();
        for area in [Area::Agenda, Area::Programmes, Area::People] {
            effects.extend(self.told(area, PaneEvent::Notice(notice), view));
        }
        if let Notice::Changed { ids, many, .. } = notice {
            // Ratings stand nowhere in this pane's grid.
            if *many || ids.iter().any(|id| id.kind != Kind::Ratings) {
                effects.extend(self.grid.ask());
            }
        }
        effects
    }

    fn answered(&mut self, event: PaneEvent, view: &View) -> Vec<Effect> {
        let PaneEvent::Answer(tag, answer) = event else { return Vec::new() };
        match tag.name {
            agenda::TAG => self.told(Area::Agenda, PaneEvent::Answer(tag, answer), view),
            programmes::TAG => self.told(Area::Programmes, PaneEvent::Answer(tag, answer), view),
            jp::TAG => self.told(Area::People, PaneEvent::Answer(tag, answer), view),
            grid::TAG => {
                let place = self.place(Area::Attendance, view.area);
                let mut effects = self.grid.answered(tag, answer, view.today, place);
                // What is not there any more is not stood in.
                if self.grid.is_refused() && self.area == Area::Attendance {
                    effects.extend(self.go_to(Area::Agenda, view));
                }
                effects
            }
            ticks::TAG => self.grid.tick_answered(tag, &answer),
            change::ENROLMENT => self.open_enrolment(tag, &answer),
            change::CANCEL => self.cancelled(&answer, view),
            _ => self.enroller.answered(tag, &answer).unwrap_or_default().0,
        }
    }

    fn ended(&mut self, tag: Tag, outcome: Outcome, view: &View) -> Vec<Effect> {
        match tag.name {
            enrol::WHO | enrol::PERSON | enrol::SESSION => self.enrol_goes_on(tag, outcome, view),
            change::MENU | change::FORM | change::PROGRAMME_FIRST | change::CANCEL => {
                self.change_goes_on(tag, outcome, view)
            }
            _ => match self.followed(tag, &outcome) {
                Some(effects) => effects,
                None => self.told(self.area, PaneEvent::Outcome(tag, outcome), view),
            },
        }
    }

    /// What follows from the choice of a unit, or from enrolling.
    fn followed(&mut self, tag: Tag, outcome: &Outcome) -> Option<Vec<Effect>> {
        units::chosen(tag, outcome).or_else(|| self.enroller.outcome(tag, outcome))
    }

    fn command(&mut self, command: Command, view: &View) -> Vec<Effect> {
        match command {
            Command::MatrixUnit => return vec![units::choice(view)],
            Command::AreaNext => return self.go_to(self.area.step(1), view),
            Command::AreaPrev => return self.go_to(self.area.step(Area::ALL.len() - 1), view),
            _ => {}
        }
        if self.area == Area::People && self.turn_year(command) {
            return Vec::new();
        }
        if self.area == Area::Attendance {
            let place = self.place(Area::Attendance, view.area);
            if let Some(effects) = self.grid.command(command, place) {
                return effects;
            }
        }
        match self.offer(self.area, PaneEvent::Command(command), view) {
            Handled::Yes(effects) => effects,
            Handled::No(_) => self.carry_out(command, view),
        }
    }

    /// Left and right are years where there is nothing sideways to scroll to.
    fn turn_year(&mut self, command: Command) -> bool {
        if self.people.list.is_filtering() {
            return false;
        }
        match command {
            Command::ListLeft => self.people.turn(-1),
            Command::ListRight => self.people.turn(1),
            _ => return false,
        }
        true
    }

    fn show(&mut self, id: RecordId, view: &View) -> Vec<Effect> {
        match id.kind {
            Kind::Sessions => {
                self.area = Area::Agenda;
                self.agenda.show(id.number)
            }
            Kind::Programmes => {
                let mut effects = self.go_to(Area::Programmes, view);
                effects.push(self.programmes.list.set_search(""));
                effects.push(self.programmes.list.go_to(id.number));
                effects
            }
            _ => Vec::new(),
        }
    }

    /// The line that names the areas; the one with the cursor in brackets.
    fn draw_head(&self, frame: &mut Frame, view: &View) {
        let mut text = String::new();
        for area in Area::ALL {
            let (before, after) = if area == self.area { ("[", "] ") } else { (" ", "  ") };
            text.push_str(before);
            text.push_str(&area.title());
            text.push_str(after);
        }
        if let Some(programme) = self.agenda.programme() {
            text.push_str(&t!("training.narrowed", programme = programme));
        }
        put(frame, view.area, 0, &text, view.theme.accent, view.glyphs);
    }
}

const fn is_wide(area: Rect) -> bool {
    area.width >= beside::FROM
}

impl Pane for Training {
    fn id(&self) -> &'static str {
        "training"
    }

    fn go(&self) -> Command {
        Command::GoTraining
    }

    fn title(&self) -> String {
        t!("training.title").into_owned()
    }

    fn counter(&self) -> String {
        self.list().map_or_else(|| self.grid.counter(), RecordList::counter)
    }

    fn contexts(&self) -> &'static [Context] {
        Context::PaneTraining.of_list(self.list().is_some_and(RecordList::is_filtering))
    }

    fn facts(&self) -> Facts {
        self.list().map_or_else(|| self.grid.facts(), RecordList::facts)
    }

    fn has_areas(&self) -> bool {
        true
    }

    fn available(&self, command: Command) -> Availability {
        self.why_not(command).map_or(Availability::Yes, Availability::No)
    }

    fn hint(&self, command: Command) -> HintWord {
        match (command, self.area) {
            (Command::ListBack, Area::Agenda) => usual_hint(command, self.facts()),
            // Sessions and programmes are seldom marked; what leads on needs the room.
            (Command::ListMark, Area::Agenda | Area::Programmes)
            | (Command::ListAdd, Area::Attendance) => HintWord::Silent,
            (Command::ListOpen, Area::Agenda) => HintWord::here(t!("training.hint_attendance")),
            (Command::ListOpen, Area::Programmes) => HintWord::here(t!("training.hint_sessions")),
            (Command::TrainingEnrol, Area::Programmes) => {
                HintWord::here(t!("training.hint_session"))
            }
            _ => HintWord::Usual,
        }
    }

    fn question(&self, command: Command) -> Option<Question> {
        (command == Command::ListDelete).then(|| self.deletion_question())
    }

    fn update(&mut self, event: PaneEvent, view: &View) -> Vec<Effect> {
        let marks = Marks::clone(self.people.list.marks());
        let mut effects = match event {
            PaneEvent::Shown => {
                let mut effects = self.begin(view);
                effects.extend(self.come(view));
                effects
            }
            PaneEvent::Resized => self.resized(view),
            PaneEvent::Restricted => {
                vec![self.people.list.restrict(view.unit.map(|unit| unit.id))]
            }
            PaneEvent::Notice(notice) => self.noticed(notice, view),
            PaneEvent::Answer(..) => self.answered(event, view),
            PaneEvent::Outcome(tag, outcome) => self.ended(tag, outcome, view),
            PaneEvent::Show(id) => self.show(id, view),
            PaneEvent::Attend(id) => {
                let mut effects = self.show(id.into(), view);
                self.area = Area::Attendance;
                effects.extend(self.grid.follow(Some(id)));
                effects
            }
            PaneEvent::Command(command) => self.command(command, view),
            PaneEvent::Text(_) | PaneEvent::Paste(_) => self.told(self.area, event, view),
            PaneEvent::Mark(_)
            | PaneEvent::Job(_)
            | PaneEvent::Search(_)
            | PaneEvent::Report(..)
            | PaneEvent::Drafts
            | PaneEvent::Rested => Vec::new(),
        };
        if self.area == Area::Agenda && is_wide(view.area) {
            effects.extend(self.follow_agenda());
        }
        let marked = self.people.list.marks();
        if self.area == Area::People && !Marks::ptr_eq(&marks, marked) {
            effects.push(Effect::Mark(Marks::clone(marked)));
        }
        effects
    }

    fn draw(&self, frame: &mut Frame, view: &View) {
        if view.area.is_empty() {
            return;
        }
        self.draw_head(frame, view);
        let place = |area| self.place(area, view.area);
        match self.area {
            Area::Agenda | Area::Attendance if is_wide(view.area) => {
                let (left, right) = (place(Area::Agenda), place(Area::Attendance));
                self.agenda.draw(frame, left, self.area == Area::Agenda, view);
                for y in left.y..left.bottom() {
                    let buffer = frame.buffer_mut();
                    buffer.set_string(left.right(), y, view.glyphs.vertical, view.theme.dim);
                }
                grid_draw::draw(frame, right, &self.grid, self.area == Area::Attendance, view);
            }
            Area::Agenda => self.agenda.draw(frame, place(Area::Agenda), true, view),
            Area::Attendance => {
                grid_draw::draw(frame, place(Area::Attendance), &self.grid, true, view);
            }
            // These two keep lines around their list.
            Area::Programmes => self.programmes.draw(frame, Self::body(view.area), view),
            Area::People => self.people.draw(frame, Self::body(view.area), view),
        }
    }

    fn export(&self) -> Option<Export> {
        let query = match (self.list(), self.grid.session()) {
            (Some(_), _) if self.area == Area::Agenda => return Some(self.agenda.export()),
            (Some(list), _) => return Some(list.export()),
            (None, Some(session)) => {
                ListQuery { of: Some(session.into()), ..ListQuery::all(Kind::Enrolments) }
            }
            (None, None) => return None,
        };
        Some(Export::List(query, Vec::new()))
    }

    fn looks_at(&self) -> Option<RecordId> {
        self.list().map_or_else(|| self.grid.session().map(Into::into), RecordList::current)
    }

    fn selection(&self) -> Selection<'_> {
        let of_grid = || Selection {
            person: self.grid.here().map(|row| row.employee),
            marked: self.grid.marked(),
            ..Selection::default()
        };
        self.list().map_or_else(of_grid, RecordList::selection)
    }

    fn depth(&self, _view: &View) -> u8 {
        u8::from(self.area != Area::Agenda) + u8::from(self.agenda.programme().is_some())
    }

    fn shows(&self, id: RecordId) -> bool {
        matches!(id.kind, Kind::Sessions | Kind::Programmes)
    }
}
