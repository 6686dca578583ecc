//! Enrolling people in a session: those marked in the employees pane, one found by name or
//! NIP, or the people chosen in the list of JP. What is said and asked once they are chosen
//! is the [`Enroller`](crate::ui::panes::enroller::Enroller)'s.

use std::collections::BTreeSet;

use super::{Area, Training};
use crate::domain::record::{EmployeeId, Kind, Record, SessionId};
use crate::domain::value::Value;
use crate::i18n::{t, whole};
use crate::protocol::IDS_MAX;
use crate::ui::effect::{Effect, Tag};
use crate::ui::overlay::Outcome;
use crate::ui::overlays::lookup::Lookup;
use crate::ui::overlays::picker::Picker;
use crate::ui::pane::View;
use crate::ui::toast::Toast;

/// The marked people, or one to be found.
pub const WHO: &str = "training.who";
pub const PERSON: &str = "training.person";
/// The session for people already chosen.
pub const SESSION: &str = "training.session";

/// What was chosen so far.
#[derive(Debug, Default)]
pub struct Enrolling {
    session: Option<SessionId>,
    people: Vec<EmployeeId>,
}

impl Training {
    /// Begins to enrol people in the session under the cursor.
    pub(super) fn enrol(&mut self, view: &View) -> Vec<Effect> {
        let session = match self.area {
            Area::Attendance => self.grid.session(),
            _ => self.agenda.session(),
        };
        let Some(session) = session else {
            return vec![Effect::refuse(t!("training.no_session"))];
        };
        self.enrolling = Enrolling { session: Some(session), people: Vec::new() };
        // Who is in it already, and how many seats there are, is known by the time it matters.
        let mut effects = self.grid.follow(Some(session));
        effects.push(if view.marked_people.is_empty() {
            self.look_for_person()
        } else {
            let marked = whole(view.marked_people.len() as i64);
            let items = vec![
                t!("training.enrol_marked", count = marked).into_owned(),
                t!("training.enrol_one").into_owned(),
            ];
            Effect::open(WHO, Picker::new(&self.enrol_title(), items))
        });
        effects
    }

    /// Begins to find a session for the people chosen in the list of JP.
    pub(super) fn enrol_chosen(&mut self) -> Vec<Effect> {
        let people: Vec<_> = self.people.list.chosen().into_iter().map(EmployeeId).collect();
        if people.is_empty() {
            return vec![Effect::refuse(t!("shell.nothing_chosen"))];
        }
        let title = t!("training.session_for", count = whole(people.len() as i64)).into_owned();
        self.enrolling = Enrolling { session: None, people: people.clone() };
        vec![Effect::open(SESSION, Lookup::session_for(people, title))]
    }

    pub(super) fn enrol_goes_on(&mut self, tag: Tag, outcome: Outcome, view: &View) -> Vec<Effect> {
        match (tag.name, outcome) {
            (WHO, Outcome::Picked(places)) if places.first() == Some(&0) => {
                self.enrolling.people =
                    view.marked_people.iter().copied().map(EmployeeId).collect();
                self.seat()
            }
            (WHO, Outcome::Picked(_)) => vec![self.look_for_person()],
            (PERSON, Outcome::Hit(hit)) => {
                self.enrolling.people = vec![EmployeeId(hit.id.number)];
                self.seat()
            }
            (SESSION, Outcome::Hit(hit)) => {
                let session = SessionId(hit.id.number);
                self.enrolling.session = Some(session);
                self.area = Area::Attendance;
                let mut effects = self.agenda.show(hit.id.number);
                effects.extend(self.grid.follow(Some(session)));
                effects.extend(self.send());
                effects
            }
            _ => Vec::new(),
        }
    }

    fn look_for_person(&self) -> Effect {
        Effect::open(PERSON, Lookup::new(Kind::Employees, self.enrol_title()))
    }

    /// `Tambah peserta, 12 dari 30 kursi terisi`
    fn enrol_title(&self) -> String {
        match self.seats() {
            Some((taken, Some(capacity))) => {
                t!("training.enrol_title_seats", taken = taken, capacity = capacity).into_owned()
            }
            _ => t!("training.enrol_title").into_owned(),
        }
    }

    /// How many are in the session and how many it takes: as the grid shows it, or until it
    /// does as the agenda says.
    fn seats(&self) -> Option<(usize, Option<usize>)> {
        let session = self.enrolling.session?;
        let shown = self.grid.attendance().filter(|_| self.grid.session() == Some(session));
        if let Some(attendance) = shown {
            let capacity = match &attendance.session.record {
                Record::Session(session) => session.capacity.map(usize::from),
                _ => None,
            };
            return Some((attendance.rows.len(), capacity));
        }
        let whole = |name| match self.agenda.list.cell(name) {
            Some(Value::Whole(number)) => usize::try_from(*number).ok(),
            _ => None,
        };
        let taken = whole("enrolled").filter(|_| self.agenda.session() == Some(session))?;
        Some((taken, whole("capacity")))
    }

    /// Leaves out who is in it already.
    fn seat(&mut self) -> Vec<Effect> {
        let chosen = self.enrolling.people.len();
        if self.grid.session() == self.enrolling.session {
            let already: BTreeSet<_> = self.grid.rows().iter().map(|row| row.employee).collect();
            self.enrolling.people.retain(|person| !already.contains(person));
        }
        let count = self.enrolling.people.len();
        if count == 0 {
            return vec![Effect::Toast(Toast::note(t!("training.already_in", count = chosen)))];
        }
        if count > IDS_MAX {
            return vec![Effect::refuse(t!("training.too_many_marks", limit = IDS_MAX))];
        }
        self.send()
    }

    fn send(&mut self) -> Vec<Effect> {
        let Enrolling { session: Some(session), people } = std::mem::take(&mut self.enrolling)
        else {
            return Vec::new();
        };
        self.enroller.seat(people, session)
    }
}
