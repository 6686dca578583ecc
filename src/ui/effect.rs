//! What a pane or an overlay wants done. They do nothing themselves: `App` carries out
//! what concerns the screen and hands the rest to `run`, which alone touches the world.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::command::Command;
use super::draft::Draft;
use super::job::{Job, JobId};
use super::memory::Memo;
use super::overlay::{Outcome, Overlay};
use super::toast::Toast;
use crate::domain::bound;
use crate::domain::change::{RequestId, Via};
use crate::domain::record::{RecordId, SessionId, UnitId};
use crate::i18n::t;
use crate::protocol::{HistoryLine, ReportQuery, Request, Step};

/// Names what was asked, so that the asker knows its answer; `number` tells an answer
/// from the stale one of an earlier question under the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tag {
    pub name: &'static str,
    pub number: u32,
}

impl Tag {
    pub const fn new(name: &'static str, number: u32) -> Self {
        Self { name, number }
    }
}

impl From<&'static str> for Tag {
    fn from(name: &'static str) -> Self {
        Self::new(name, 0)
    }
}

/// Numbers of marked records.
pub type Marks = Rc<BTreeSet<u32>>;

/// A part of the office the screen is restricted to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitScope {
    pub id: UnitId,
    pub label: String,
}

/// How a report begins that another page asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begins {
    /// As a chart, where it has one.
    Charted,
    Table,
    /// With the form of what it takes.
    Asking,
}

pub enum Effect {
    /// Asks the office; the answer comes back to the asker as `PaneEvent::Answer`.
    /// A write's `Step` comes from [`step`]; the app gives it its request id.
    Ask(Tag, Box<Request>),
    /// Opens an overlay; its outcome comes back to the opener as `PaneEvent::Outcome`.
    Open(Tag, Box<dyn Overlay>),
    /// Closes the overlay that says so, telling its opener.
    Done(Outcome),
    /// Gives a command as if its key had been pressed, after the overlay that says so has
    /// closed (the palette).
    Run(Command),
    /// Shows this record in the pane that keeps its kind, or in a form.
    Show(RecordId),
    /// The same, on the way from here: `list.back` leads back to where one came from.
    Visit(RecordId),
    /// The attendance of this session, on the way from here.
    Attend(SessionId),
    /// Brings a pane to the front, by the command that does, with this search.
    Search(Command, String),
    /// Shows a report as it is asked for, as a chart where it has one; `list.back` leads back.
    Report(Box<ReportQuery>, Begins),
    /// Takes this step back, once it was said whom that moves between categories.
    TakeBack(Box<HistoryLine>),
    /// Restricts every pane to a unit, or lifts it.
    Restrict(Option<UnitScope>),
    /// Marks these people, and nobody else, in the list of people.
    Mark(Marks),
    /// The people now marked, for panes that enrol or rate them.
    MarkedPeople(Marks),
    Toast(Toast),
    /// To the officer's clipboard through the terminal (OSC 52).
    Copy(String),
    /// Opens `$EDITOR` on a text; the outcome is `Outcome::Text` under this tag.
    Editor {
        tag: Tag,
        text: String,
    },
    /// Work outside the screen, of which `PaneEvent::Job` tells.
    Job(JobId, Job),
    CancelJob(JobId),
    /// Takes up a form that was not finished, of those that wait.
    Drafts,
    SaveDraft(Box<Draft>),
    ForgetDraft(String),
    /// For this officer, across sittings.
    Remember(Memo),
    Redraw,
    Suspend,
    Quit,
}

impl Effect {
    pub fn ask(tag: impl Into<Tag>, request: Request) -> Self {
        Self::Ask(tag.into(), Box::new(request))
    }

    pub fn open(tag: impl Into<Tag>, overlay: impl Overlay + 'static) -> Self {
        Self::Open(tag.into(), Box::new(overlay))
    }

    /// How a person, a unit or a competency has moved over the years.
    pub fn trend(of: impl FnOnce(&mut ReportQuery)) -> Self {
        let mut query = ReportQuery::of("trend");
        of(&mut query);
        Self::Report(Box::new(query), Begins::Charted)
    }

    /// What if these people did these activities; which ones is asked where none are given.
    pub fn what_if(people: impl IntoIterator<Item = u32>, activities: &[RecordId]) -> Self {
        let joined = |names: Vec<String>| names.join(";");
        let people = joined(people.into_iter().map(|number| number.to_string()).collect());
        if people.len() > bound::LINE {
            return Self::refuse(t!("employees.too_many_marked"));
        }
        let begins = if activities.is_empty() { Begins::Asking } else { Begins::Table };
        let activities = joined(activities.iter().map(RecordId::to_string).collect());
        let own = [("people", people), ("activity", activities)].into_iter();
        let own = own.filter(|(_, value)| !value.is_empty());
        let own = own.map(|(name, value)| (name.to_string(), value)).collect();
        Self::Report(Box::new(ReportQuery { own, ..ReportQuery::of("whatif") }), begins)
    }

    /// Those it marks, if it does.
    pub const fn marks(&self) -> Option<&Marks> {
        match self {
            Self::Mark(marks) => Some(marks),
            _ => None,
        }
    }

    pub fn refuse(why: impl Into<String>) -> Self {
        Self::Toast(Toast::warning(why))
    }
}

/// The step of a write from the screen. Its request id is left to the app.
pub fn step() -> Step {
    Step { req: RequestId::default(), via: Via::Tui, why: String::new() }
}
