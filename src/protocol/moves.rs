//! Moves: whom a change of standards, or of the bands a JPM is judged by, moves from category
//! to category, counted before it is saved. What is tried is what would be saved; nothing is
//! written by asking.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{DraftRecord, IDS_MAX, Summary};
use crate::domain::bound;
use crate::domain::category::{Category, Purpose};
use crate::domain::record::{EmployeeId, Kind, RecordId, Revision};

/// People named in one answer; of the others how many there are.
pub const NAMED_MAX: usize = 1000;

/// A change that is not saved yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Tried {
    Save(#[serde(deserialize_with = "bound::list::<_, _, IDS_MAX>")] Vec<DraftRecord>),
    Delete(#[serde(deserialize_with = "bound::list::<_, _, IDS_MAX>")] Vec<(RecordId, Revision)>),
    SetField {
        kind: Kind,
        #[serde(deserialize_with = "bound::list::<_, _, IDS_MAX>")]
        ids: Vec<u32>,
        #[serde(deserialize_with = "bound::text::<_, { bound::WORD }>")]
        field: String,
        #[serde(deserialize_with = "bound::text::<_, { bound::TEXT }>")]
        value: String,
    },
    /// An entry taken back.
    Undo(u64),
    /// What the asker's import under way would save.
    Import,
}

/// Whom it moves, of those who work here.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Moves {
    /// The day looked at, where that is later than today: the latest from which anything of it
    /// is in force.
    pub at: Option<NaiveDate>,
    /// People who fall below in something they were not below in, and those who rise.
    pub falls: u32,
    pub rises: u32,
    /// By purpose, then from the best category to the worst.
    pub categories: Vec<CategoryMove>,
}

/// Those who go from one category of a purpose to another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CategoryMove {
    pub purpose: Purpose,
    /// None of those for whom there is no JPM yet, or no more.
    pub from: Option<Category>,
    pub to: Option<Category>,
    pub count: u32,
    /// By name; at most [`NAMED_MAX`] in all.
    pub people: Vec<MovedPerson>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MovedPerson {
    pub employee: EmployeeId,
    /// Without titles.
    pub name: String,
    pub unit: String,
    /// JPM in hundredths of a percent, before and after.
    pub jpm: (Option<u32>, Option<u32>),
}

impl Moves {
    pub fn is_nothing(&self) -> bool {
        self.falls == 0 && self.rises == 0 && self.categories.is_empty()
    }
}

impl Summary {
    /// Whether taking it back may move people between categories.
    pub fn moves_people(&self) -> bool {
        self.parts.iter().any(|(kind, ..)| kind.moves_people())
    }
}
