//! Mentoring (pasangan mentoring): who guides a person in which competency, from which level to
//! which, towards what, since when, and what came of it. It belongs to the one who is guided;
//! their meetings are records of their own.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::competency::Level;
use super::position::codes;
use crate::domain::belongs::{Belongs, Home, Writers};
use crate::domain::column::{Column, figure, text};
use crate::domain::fault::{Fault, Reason};
use crate::domain::field::{Field, Shape};
use crate::domain::record::{CompetencyId, EmployeeId, Kind, NaturalKey, RecordId, Schema};

codes! {
    /// What came of it.
    Outcome {
        Reached = "tercapai",
        Partly = "sebagian",
        Missed = "belum_tercapai",
        Stopped = "dihentikan",
    }
}

/// What it was called before, and is in lists that were written then.
const OUTCOMES: &[(&str, &str)] = &[
    ("tercapai sebagian", "sebagian"),
    ("sebagian tercapai", "sebagian"),
    ("partly", "sebagian"),
    ("tidak tercapai", "belum_tercapai"),
    ("tidak terpenuhi", "belum_tercapai"),
    ("berhenti", "dihentikan"),
];

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Mentoring {
    /// Who is guided.
    pub employee: EmployeeId,
    pub mentor: EmployeeId,
    pub competency: CompetencyId,
    pub start_level: Option<Level>,
    pub target_level: Option<Level>,
    pub goal: String,
    #[serde(with = "crate::domain::day")]
    pub start: Option<NaiveDate>,
    #[serde(with = "crate::domain::day")]
    pub end: Option<NaiveDate>,
    pub outcome: Option<Outcome>,
    pub note: String,
}

impl Mentoring {
    /// Whether it goes on that day.
    pub fn is_open(&self, on: NaiveDate) -> bool {
        self.outcome.is_none() && self.end.is_none_or(|end| on <= end)
    }

    /// Whether a meeting about this competency on that day is one of theirs.
    pub fn has(&self, competency: CompetencyId, on: NaiveDate) -> bool {
        self.competency == competency
            && self.start.is_none_or(|start| start <= on)
            && self.end.is_none_or(|end| on <= end)
    }
}

impl Schema for Mentoring {
    const BELONGS: Belongs<Self> = Belongs::Person(|pair| pair.employee);
    const HOME: Home = Home::WithPerson;
    const WRITERS: Writers = Writers::WithinReach;
    const CALLED: &'static [&'static str] = &["mentoring", "pasangan mentoring"];
    // Of somebody erased it stays that they were guided in what, by whom, and what came of it.
    const FIELDS: &'static [Field] = &[
        Field::new("employee", Shape::Reference(Kind::Employees)).required().kept(),
        Field::new("mentor", Shape::Reference(Kind::Employees)).required().kept(),
        Field::new("competency", Shape::Reference(Kind::Competencies)).required().kept(),
        Field::new("start_level", Shape::Level).kept(),
        Field::new("target_level", Shape::Level).kept(),
        Field::new("goal", Shape::LongText),
        Field::new("start", Shape::Date).required().kept(),
        Field::new("end", Shape::Date).kept(),
        Field::new("outcome", Shape::Choice(Outcome::CODES)).spelled(OUTCOMES).kept(),
        Field::new("note", Shape::Text),
    ];
    const COLUMNS: &'static [Column] = &[
        text("nip", 18).personal(),
        text("name", 0),
        text("mentor", 20),
        text("competency", 8),
        figure("start_level", 5).hidden(),
        figure("target_level", 6),
        text("goal", 18).hidden(),
        text("start", 11),
        text("end", 11).hidden(),
        text("outcome", 14),
        text("note", 18).hidden(),
    ];

    fn label(&self) -> String {
        RecordId::from(self.competency).to_string()
    }

    /// Once with the same person in the same competency from the same day.
    fn keys(&self) -> Vec<NaturalKey> {
        let start = self.start.map_or_else(String::new, |date| date.to_string());
        let (employee, mentor) = (self.employee.0, self.mentor.0);
        let text = format!("{employee}|{mentor}|{}|{start}", self.competency.0);
        vec![NaturalKey::new("mentor", text)]
    }

    fn check(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if let (Some(start), Some(end)) = (self.start, self.end)
            && end < start
        {
            faults.push(Fault::new("end", Reason::DateOrder));
        }
        if self.mentor == self.employee && self.mentor.0 != 0 {
            faults.push(Fault::new("mentor", Reason::OwnMentor));
        }
        faults
    }
}
