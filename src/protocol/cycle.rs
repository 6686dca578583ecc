//! Cycles: what is done with one, and what its page and its sheets show. Of a sheet only that
//! it is there, for whom, and whether it is keyed; never what it says.

use serde::{Deserialize, Serialize};

use super::IDS_MAX;
use crate::domain::bound;
use crate::domain::kinds::cycle::{Cycle, RaterGroup};
use crate::domain::kinds::sheet::SCORES_MAX;
use crate::domain::record::{CycleId, Revision, UnitId};

/// What is done with a cycle.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum CycleAct {
    /// Raters for those who have none yet, from the tree of units.
    Propose,
    /// As many sheets as there are raters, for each person and group.
    MakeSheets,
    Key(#[serde(deserialize_with = "bound::list::<_, _, IDS_MAX>")] Vec<KeyedSheet>),
    /// No sheet is keyed from now on.
    Collect,
    /// Results and ratings of everybody.
    Close,
}

/// What stands on a sheet of paper: a level for each competency, in their order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeyedSheet {
    #[serde(deserialize_with = "bound::text::<_, { bound::WORD }>")]
    pub code: String,
    #[serde(deserialize_with = "bound::list::<_, _, SCORES_MAX>")]
    pub levels: Vec<u8>,
}

/// A competency a sheet asks about.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SheetColumn {
    pub code: String,
    pub name: String,
}

/// How far a unit has come, of people within reach.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CycleUnit {
    pub unit: Option<UnitId>,
    pub name: String,
    pub people: u32,
    pub raters: u32,
    pub returned: u32,
    pub sheets: u32,
    pub keyed: u32,
}

impl CycleUnit {
    /// What is counted of a unit, in the order of [`Self::counts`].
    pub const COUNTS: [&str; 5] = ["people", "raters", "returned", "sheets", "keyed"];

    pub const fn counts(&self) -> [u32; 5] {
        [self.people, self.raters, self.returned, self.sheets, self.keyed]
    }
}

/// A cycle and how far it has come, by unit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CyclePage {
    pub id: CycleId,
    pub rev: Revision,
    pub cycle: Cycle,
    pub competencies: Vec<SheetColumn>,
    /// By name.
    pub units: Vec<CycleUnit>,
    pub all: CycleUnit,
}

/// Sheets of a cycle, by unit, person and group, then by code.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SheetsPage {
    pub competencies: Vec<SheetColumn>,
    pub sheets: Vec<SheetInfo>,
    /// How many there are in all.
    pub total: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SheetInfo {
    pub code: String,
    /// Who is rated.
    pub name: String,
    pub unit: String,
    pub group: RaterGroup,
    pub keyed: bool,
}
