//! Meeting (pertemuan mentoring): one talk of a person with their mentor about a competency: when,
//! how long, about what, what was tried since the last one, and what comes next.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::belongs::{Belongs, Home, Writers};
use crate::domain::column::{Column, figure, text};
use crate::domain::field::{Erasure, Field, Shape};
use crate::domain::record::{CompetencyId, EmployeeId, Kind, NaturalKey, Schema};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Meeting {
    /// Who is guided.
    pub employee: EmployeeId,
    pub competency: CompetencyId,
    #[serde(with = "crate::domain::day")]
    pub date: Option<NaiveDate>,
    pub minutes: u16,
    pub topic: String,
    pub tried: String,
    pub next_step: String,
}

impl Schema for Meeting {
    const BELONGS: Belongs<Self> = Belongs::Person(|meeting| meeting.employee);
    const HOME: Home = Home::WithPerson;
    const WRITERS: Writers = Writers::WithinReach;
    const CALLED: &'static [&'static str] = &["pertemuan", "pertemuan mentoring"];
    // Of somebody erased it stays that there was one, and how long.
    const FIELDS: &'static [Field] = &[
        Field::new("employee", Shape::Reference(Kind::Employees)).required().kept(),
        Field::new("competency", Shape::Reference(Kind::Competencies)).required().kept(),
        Field::new("date", Shape::Date).required().past().kept(),
        Field::new("minutes", Shape::Whole { min: 1, max: 600 }).required().kept(),
        Field::new("topic", Shape::Text).required().erased(Erasure::Dash),
        Field::new("tried", Shape::LongText),
        Field::new("next_step", Shape::LongText),
    ];
    const COLUMNS: &'static [Column] = &[
        text("nip", 18).personal(),
        text("name", 0),
        text("competency", 8),
        text("date", 11),
        figure("minutes", 6),
        text("topic", 20),
        text("tried", 18).hidden(),
        text("next_step", 18),
    ];

    fn label(&self) -> String {
        self.topic.clone()
    }

    /// One a day about a competency.
    fn keys(&self) -> Vec<NaturalKey> {
        let date = self.date.map_or_else(String::new, |date| date.to_string());
        let text = format!("{}|{}|{date}", self.employee.0, self.competency.0);
        vec![NaturalKey::new("date", text)]
    }
}
