//! Enroller: people who are chosen somewhere — in the list, in the matrix, behind a figure of
//! home — in a session that is still to be chosen. Choosing it is meant: the office is asked
//! at once, and only where there is something to say (seats, clashes) is there a question,
//! one, with all that is known in it. More people than seats are said and asked about, never
//! refused: that is the officer's to judge.

use crate::domain::record::{EmployeeId, Kind, SessionId};
use crate::i18n::{self, t};
use crate::protocol::{Answer, IDS_MAX, Request};
use crate::ui::effect::{Effect, Tag, step};
use crate::ui::overlay::Outcome;
use crate::ui::overlays::confirm::Confirm;
use crate::ui::overlays::lookup::Lookup;
use crate::ui::toast::Toast;

const SESSION: &str = "enrolling.session";
const WRITE: &str = "enrolling.write";
/// Whether there may be more people than seats, or people in two places.
const OVER: &str = "enrolling.over";

#[derive(Default)]
pub struct Enroller {
    people: Vec<EmployeeId>,
    /// What they are called: a name, or how many.
    who: String,
    session: Option<SessionId>,
    /// What the session is called, with its days, its seats and who is in it already.
    named: String,
}

impl Enroller {
    /// Begins with these people; `name` is what one of them alone is called.
    pub fn begin(&mut self, people: Vec<u32>, name: &str) -> Effect {
        self.begin_at(people, name, None)
    }

    /// The same, with the cursor on a session where one has been named to the officer.
    pub fn begin_at(&mut self, people: Vec<u32>, name: &str, session: Option<SessionId>) -> Effect {
        let count = people.len();
        if count == 0 {
            return Effect::refuse(t!("shell.nothing_chosen"));
        }
        if count > IDS_MAX {
            return Effect::refuse(t!("training.too_many_marks", limit = IDS_MAX));
        }
        let who = if count == 1 && !name.is_empty() {
            name.to_string()
        } else {
            i18n::count(Kind::Employees, count as u32)
        };
        let title = t!("employees.enrol_in", who = who);
        let people: Vec<_> = people.into_iter().map(EmployeeId).collect();
        let lookup = Lookup::session_for(people.clone(), title);
        let lookup = lookup.at(session.map(|session| session.0));
        *self = Self { people, who, ..Self::default() };
        Effect::open(SESSION, lookup)
    }

    /// These people in this session, which is meant.
    pub fn seat(&mut self, people: Vec<EmployeeId>, session: SessionId) -> Vec<Effect> {
        *self = Self { people, session: Some(session), ..Self::default() };
        self.send(false)
    }

    /// What follows from an overlay that has ended; none if it was not one of these.
    pub fn outcome(&mut self, tag: Tag, outcome: &Outcome) -> Option<Vec<Effect>> {
        Some(match (tag.name, outcome) {
            (SESSION, Outcome::Hit(hit)) => {
                self.session = Some(SessionId(hit.id.number));
                self.named = i18n::named(&hit.label, &i18n::label(&hit.detail));
                self.send(false)
            }
            (OVER, Outcome::Yes) => self.send(true),
            (SESSION | OVER, _) => Vec::new(),
            _ => return None,
        })
    }

    fn send(&self, anyway: bool) -> Vec<Effect> {
        let Some(session) = self.session else { return Vec::new() };
        let (step, employees) = (step(), self.people.clone());
        let request = if anyway {
            Request::EnrolAnyway { step, session, employees }
        } else {
            Request::Enrol { step, session, employees }
        };
        vec![Effect::ask(WRITE, request)]
    }

    /// What follows from the office's answer, and whether they are enrolled now; none if it
    /// was not asked here.
    pub fn answered(&mut self, tag: Tag, answer: &Answer) -> Option<(Vec<Effect>, bool)> {
        match (tag.name, answer) {
            (WRITE, Answer::Asks(question)) => {
                let mut told = String::new();
                if !self.named.is_empty() {
                    told = t!("employees.enrol_told", who = self.who, session = self.named).into();
                }
                Some((vec![Effect::open(OVER, Confirm::enrol(&told, question))], false))
            }
            (WRITE, Answer::Saved(saved)) => {
                let count = std::mem::take(self).people.len();
                let nobody = saved.seq.is_none();
                let already =
                    || Effect::Toast(Toast::note(t!("training.already_in", count = count)));
                Some((nobody.then(already).into_iter().collect(), true))
            }
            (WRITE, _) => Some((Vec::new(), false)),
            _ => None,
        }
    }
}
