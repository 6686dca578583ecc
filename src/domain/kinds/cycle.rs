//! Cycle (periode penilaian): who is assessed by those around them, for which competencies,
//! how much each group of raters counts, and how far it has come. How far is set by what is
//! done with it, never by hand.
//!
//! Weights are chosen from `rules/cycle.toml`; none was read in a regulation.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::position::codes;
use crate::domain::belongs::{Belongs, Home, Writers};
use crate::domain::column::{Column, figure, text};
use crate::domain::cycle::{self, CycleRules};
use crate::domain::fault::{Fault, Reason};
use crate::domain::field::{Field, Shape};
use crate::domain::record::{Kind, NaturalKey, Schema, UnitId};
use crate::domain::several::Several;

codes! {
    /// In which relation somebody rates.
    RaterGroup {
        Own = "diri",
        Superior = "atasan",
        Peer = "rekan",
        Subordinate = "bawahan",
    }
}

codes! {
    /// How far a cycle has come.
    Stage {
        /// Sheets are keyed.
        Open = "terbuka",
        /// No sheet is keyed any more; how fair they are may be looked at.
        Collected = "terkumpul",
        /// The results stand and may be told.
        Closed = "ditutup",
    }
}

/// The fewest sheets of a group, and the most proposed, that an office may set.
const SHEETS: Shape = Shape::Whole { min: 3, max: cycle::SHEETS_MAX as i64 };

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Cycle {
    pub name: String,
    #[serde(with = "crate::domain::day")]
    pub start: Option<NaiveDate>,
    #[serde(with = "crate::domain::day")]
    pub end: Option<NaiveDate>,
    /// These units and everything below them; the whole office when there is none. Under the
    /// name it had when a cycle was of one unit.
    #[serde(rename = "unit")]
    pub units: Several<UnitId>,
    /// Codes with commas between them; managerial and socio-cultural ones when empty.
    pub competencies: String,
    /// One of [`cycle::SETS`].
    pub weights: String,
    /// At the least so many sheets of a group before anything of it is told.
    pub minimum: Option<u8>,
    /// At the most so many of a group are proposed.
    pub most: Option<u8>,
    pub stage: Option<Stage>,
}

impl Cycle {
    pub fn stage(&self) -> Stage {
        self.stage.unwrap_or(Stage::Open)
    }

    pub fn minimum(&self) -> u8 {
        self.minimum.unwrap_or(0).max(cycle::minimum())
    }

    pub fn most(&self) -> usize {
        self.most.unwrap_or_else(cycle::most).into()
    }

    /// Says what is not said of how many sheets as the office's rules have it: later ones change
    /// no cycle, nor do any one that stood before there were some.
    pub fn fill(&mut self, rules: &CycleRules, stood: Option<&Self>) {
        let stated = |of: fn(&Self) -> Option<u8>| stood.is_none_or(|stood| of(stood).is_some());
        if stated(|cycle| cycle.minimum) {
            self.minimum.get_or_insert(rules.minimum());
        }
        if stated(|cycle| cycle.most) {
            let fewest = self.minimum.unwrap_or_default();
            self.most.get_or_insert(rules.most().max(fewest));
        }
    }

    /// The codes it names.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.competencies.split([',', ';']).map(str::trim).filter(|code| !code.is_empty())
    }
}

impl Schema for Cycle {
    const BELONGS: Belongs<Self> = Belongs::Office;
    const HOME: Home = Home::Table;
    const WRITERS: Writers = Writers::OfficeAdmins;
    const CALLED: &'static [&'static str] = &["periode penilaian", "periode"];
    const FIELDS: &'static [Field] = &[
        Field::new("name", Shape::Text).required(),
        Field::new("start", Shape::Date),
        Field::new("end", Shape::Date),
        Field::new("unit", Shape::References(Kind::Units)),
        Field::new("competencies", Shape::Text),
        Field::new("weights", Shape::Choice(cycle::SETS)),
        Field::new("minimum", SHEETS),
        Field::new("most", SHEETS),
        Field::new("stage", Shape::Choice(Stage::CODES)).by_acts(),
    ];
    const COLUMNS: &'static [Column] = &[
        text("name", 0),
        text("start", 11),
        text("end", 11),
        text("unit", 18),
        text("competencies", 14).hidden(),
        text("weights", 10),
        figure("minimum", 5).hidden(),
        figure("most", 5).hidden(),
        text("stage", 10),
    ];

    fn label(&self) -> String {
        self.name.clone()
    }

    fn keys(&self) -> Vec<NaturalKey> {
        vec![NaturalKey::new("name", &self.name)]
    }

    fn check(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if let (Some(start), Some(end)) = (self.start, self.end)
            && end < start
        {
            faults.push(Fault::new("end", Reason::DateOrder));
        }
        // A group that is proposed too few would never be told of.
        if let (Some(minimum), Some(most)) = (self.minimum, self.most)
            && most < minimum
        {
            let bounds = format!("{minimum}–{}", cycle::SHEETS_MAX);
            faults.push(Fault::with("most", Reason::OutOfRange, bounds));
        }
        faults
    }
}
