//! Home, as it is answered: figures, tasks, units, months, sessions, each with what it opens.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::MatrixCompetency;
use crate::domain::gap::Figures;
use crate::domain::record::{CycleId, Kind, SessionId, UnitId};
use crate::domain::value::Value;

/// How soon something is to be done; the soonest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Urgency {
    Late,
    Now,
    Soon,
}

/// What a figure opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Door {
    /// The people this search finds.
    People(String),
    Corrections,
    /// Who is in this session, and whether they came.
    Session(SessionId),
    /// The records of a kind this search finds.
    List(Kind, String),
    Cycle(CycleId),
    /// Forms that were not finished. They are the officer's own; the screen adds this task.
    Drafts,
}

/// Something to be done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// Its name in the catalogue (`task.<what>`).
    pub what: String,
    pub urgency: Urgency,
    /// People or records it is about.
    pub count: u32,
    pub opens: Door,
    /// What its words speak of, by name.
    pub with: Vec<(String, Value)>,
}

impl Task {
    pub fn new(what: &str, urgency: Urgency, count: u32, opens: Door) -> Self {
        Self { what: what.into(), urgency, count, opens, with: Vec::new() }
    }

    #[must_use]
    pub fn with(mut self, name: &str, value: Value) -> Self {
        self.with.push((name.into(), value));
        self
    }
}

/// A unit with all below it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HomeUnit {
    pub id: UnitId,
    pub name: String,
    /// What finds its people in a search.
    pub search: String,
    /// The unit that is looked at itself: its own people alone.
    pub own: bool,
    /// Not right below the one that is looked at: its people are counted there already.
    pub deeper: bool,
    pub people: u32,
    /// People below standard, in the order of the competencies.
    pub below: Vec<u32>,
    pub figures: Figures,
    /// Who has the JP they are to have, of all that are to.
    pub floor: (u32, u32),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HomeSession {
    pub id: SessionId,
    pub name: String,
    pub start: Option<NaiveDate>,
    pub end: Option<NaiveDate>,
    /// Within reach; so is every count.
    pub enrolled: u32,
    pub capacity: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HomePage {
    pub at: NaiveDate,
    /// Active people.
    pub people: u32,
    /// Below standard in anything.
    pub below: u32,
    pub figures: Figures,
    /// What the official JPM amounts to.
    pub category: Option<String>,
    /// Who has the JP they are to have this year, of all that are to.
    pub floor: (u32, u32),
    /// The most urgent first.
    pub tasks: Vec<Task>,
    pub competencies: Vec<MatrixCompetency>,
    /// People below standard in each, in the order of the competencies.
    pub below_by_competency: Vec<u32>,
    /// Those with the most below first.
    pub units: Vec<HomeUnit>,
    /// JP earned in each month of this year.
    pub months: [u32; 12],
    /// JP of this year and of the one before.
    pub jp: u32,
    pub jp_before: u32,
    /// Those that come next.
    pub sessions: Vec<HomeSession>,
}
