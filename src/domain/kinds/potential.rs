//! Potential (potensi): what an assessment found of a person's potential, as a figure of 0 to
//! 100. Only ever added to; the latest counts.
//!
//! Source: `PermenPANRB` 3/2020 names the aspects; the figure is what assessment centres give.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::belongs::{Belongs, Home, Writers};
use crate::domain::column::{Column, figure, text};
use crate::domain::field::{Field, Shape};
use crate::domain::points::Points;
use crate::domain::record::{EmployeeId, Kind, NaturalKey, Schema};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Potential {
    pub employee: EmployeeId,
    /// 0 to 100, with decimals as the assessment centre gives them.
    pub score: Points,
    #[serde(with = "crate::domain::day")]
    pub date: Option<NaiveDate>,
    /// Person or body that assessed.
    pub assessor: String,
    pub method: String,
}

impl Schema for Potential {
    const BELONGS: Belongs<Self> = Belongs::Person(|potential| potential.employee);
    const HOME: Home = Home::WithPerson;
    const WRITERS: Writers = Writers::WithinReach;
    const CALLED: &'static [&'static str] = &["potensi"];
    const FIELDS: &'static [Field] = &[
        Field::new("employee", Shape::Reference(Kind::Employees)).required().kept(),
        Field::new("score", Shape::Points { max: 100 }).required().kept().known_as(&[
            "NILAI POTENSI",
            "POTENSI",
            "NILAI",
            "SKOR POTENSI",
            "SKOR",
        ]),
        Field::new("date", Shape::Date).required().past().kept().known_as(&[
            "TANGGAL",
            "TANGGAL PENILAIAN",
            "TGL PENILAIAN",
        ]),
        Field::new("assessor", Shape::Text).known_as(&["ASESOR", "PENILAI", "PENYELENGGARA"]),
        Field::new("method", Shape::Text).known_as(&["METODE"]),
    ];
    const COLUMNS: &'static [Column] = &[
        text("nip", 18).personal(),
        text("name", 0),
        figure("score", 6),
        text("date", 11),
        text("assessor", 18),
        text("method", 12).hidden(),
    ];

    fn label(&self) -> String {
        self.score.to_string()
    }

    /// The same day's again is the same assessment.
    fn keys(&self) -> Vec<NaturalKey> {
        let date = self.date.map_or_else(String::new, |date| date.to_string());
        vec![NaturalKey::new("date", format!("{}|{date}|{}", self.employee.0, self.method))]
    }
}
