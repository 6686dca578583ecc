//! Cycle result (hasil penilaian): what a cycle found of one person and competency, frozen
//! when it was closed with the standard they were judged by. Of peers and subordinates it
//! holds only what may be told: see `domain::cycle`.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::competency::Level;
use crate::domain::belongs::{Belongs, Home, Writers};
use crate::domain::column::{Column, figure, text};
use crate::domain::field::{Field, Shape};
use crate::domain::record::{
    CompetencyId, CycleId, EmployeeId, Kind, NaturalKey, RecordId, Schema,
};

/// Hundredths of a level.
const FIGURE: Shape = Shape::Whole { min: 100, max: 500 };

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CycleResult {
    pub employee: EmployeeId,
    pub cycle: CycleId,
    pub competency: CompetencyId,
    /// In hundredths of a level, as all figures here.
    pub result: Option<u16>,
    pub level: Level,
    pub own: Option<u16>,
    pub superior: Option<u16>,
    pub peer: Option<u16>,
    pub subordinate: Option<u16>,
    /// Peers and subordinates together.
    pub others: Option<u16>,
    /// What the post required when the cycle was closed, and by which standard.
    pub required: Option<Level>,
    #[serde(with = "crate::domain::day")]
    pub effective_from: Option<NaiveDate>,
    pub legal_basis: String,
}

impl CycleResult {
    /// The figure in this column.
    pub fn figure(&self, column: &str) -> Option<u16> {
        match column {
            "result" => self.result,
            "own" => self.own,
            "superior" => self.superior,
            "peer" => self.peer,
            "subordinate" => self.subordinate,
            "others" => self.others,
            _ => None,
        }
    }
}

/// The columns that are figures.
pub const FIGURES: [&str; 6] = ["result", "own", "superior", "peer", "subordinate", "others"];

impl Schema for CycleResult {
    const BELONGS: Belongs<Self> = Belongs::Person(|row| row.employee);
    const HOME: Home = Home::WithPerson;
    const WRITERS: Writers = Writers::Acts;
    const CALLED: &'static [&'static str] = &["hasil penilaian"];
    // Of somebody erased the figures stay, as ratings do.
    const FIELDS: &'static [Field] = &[
        Field::new("employee", Shape::Reference(Kind::Employees)).required().kept(),
        Field::new("cycle", Shape::Reference(Kind::Cycles)).required().kept(),
        Field::new("competency", Shape::Reference(Kind::Competencies)).required().kept(),
        Field::new("result", FIGURE).kept(),
        Field::new("level", Shape::Level).required().kept(),
        Field::new("own", FIGURE).kept(),
        Field::new("superior", FIGURE).kept(),
        Field::new("peer", FIGURE).kept(),
        Field::new("subordinate", FIGURE).kept(),
        Field::new("others", FIGURE).kept(),
        Field::new("required", Shape::Level).kept(),
        Field::new("effective_from", Shape::Date).kept(),
        Field::new("legal_basis", Shape::Text).kept(),
    ];
    const COLUMNS: &'static [Column] = &[
        text("nip", 18).hidden().personal(),
        text("name", 0),
        text("cycle", 14),
        text("competency", 8),
        figure("result", 6),
        figure("level", 5),
        figure("required", 5),
        figure("own", 6).hidden(),
        figure("superior", 6).hidden(),
        figure("peer", 6).hidden(),
        figure("subordinate", 6).hidden(),
        figure("others", 6).hidden(),
        text("effective_from", 11).hidden(),
        text("legal_basis", 20).hidden(),
    ];

    fn label(&self) -> String {
        format!("{} {}", RecordId::from(self.competency), self.level)
    }

    fn keys(&self) -> Vec<NaturalKey> {
        let (employee, cycle, competency) = (self.employee.0, self.cycle.0, self.competency.0);
        vec![NaturalKey::new("competency", format!("{employee}|{cycle}|{competency}"))]
    }
}
