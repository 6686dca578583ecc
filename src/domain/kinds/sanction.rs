//! Sanction (hukuman disiplin): how severe, what, since when and by which decree. The
//! heaviest of the years before counts in the index of professionalism.
//!
//! Source of the three degrees: PP 94/2021; SIASN's list of kinds.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::position::codes;
use crate::domain::belongs::{Belongs, Home, Writers};
use crate::domain::column::{Column, text};
use crate::domain::fault::{Fault, Reason};
use crate::domain::field::{Field, Shape};
use crate::domain::record::{EmployeeId, Kind, NaturalKey, Schema};

codes! {
    /// The lightest first.
    Severity {
        Light = "ringan",
        Medium = "sedang",
        Heavy = "berat",
    }
}

const SEVERITIES: &[(&str, &str)] = &[
    ("r", "ringan"),
    ("s", "sedang"),
    ("b", "berat"),
    ("hukuman ringan", "ringan"),
    ("hukuman sedang", "sedang"),
    ("hukuman berat", "berat"),
];

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sanction {
    pub employee: EmployeeId,
    pub severity: Option<Severity>,
    pub sanction: String,
    /// In force from this day.
    #[serde(with = "crate::domain::day")]
    pub since: Option<NaiveDate>,
    #[serde(with = "crate::domain::day")]
    pub until: Option<NaiveDate>,
    pub decree: String,
}

impl Schema for Sanction {
    const BELONGS: Belongs<Self> = Belongs::Person(|sanction| sanction.employee);
    const HOME: Home = Home::WithPerson;
    const WRITERS: Writers = Writers::WithinReach;
    const DISCREET: bool = true;
    const CALLED: &'static [&'static str] = &["hukuman", "disiplin"];
    // All of it is a detail of the person; of somebody erased nothing but that there was one stays.
    const FIELDS: &'static [Field] = &[
        Field::new("employee", Shape::Reference(Kind::Employees)).required().kept(),
        Field::new("severity", Shape::Choice(Severity::CODES))
            .required()
            .personal()
            .known_as(&["TINGKAT", "TINGKAT HUKUMAN", "TINGKAT HUKUMAN DISIPLIN"])
            .spelled(SEVERITIES),
        Field::new("sanction", Shape::Text).personal().known_as(&[
            "JENIS HUKUMAN",
            "HUKUMAN",
            "HUKUMAN DISIPLIN",
        ]),
        Field::new("since", Shape::Date).required().personal().past().known_as(&[
            "TMT HUKUMAN",
            "TANGGAL SK",
            "TGL SK",
            "TANGGAL HUKUMAN",
            "MULAI",
        ]),
        Field::new("until", Shape::Date).personal().known_as(&[
            "BERAKHIR",
            "SAMPAI",
            "AKHIR HUKUMAN",
        ]),
        Field::new("decree", Shape::Text).personal().known_as(&["NOMOR SK", "NO SK"]),
    ];
    const COLUMNS: &'static [Column] = &[
        text("nip", 18).personal(),
        text("name", 0),
        text("severity", 8).personal(),
        text("sanction", 20).personal(),
        text("since", 11).personal(),
        text("until", 11).hidden().personal(),
        text("decree", 18).hidden().personal(),
    ];

    fn label(&self) -> String {
        self.severity.map_or("", Severity::code).to_string()
    }

    /// One of a degree begins on a day.
    fn keys(&self) -> Vec<NaturalKey> {
        let since = self.since.map_or_else(String::new, |date| date.to_string());
        let severity = self.severity.map_or("", Severity::code);
        vec![NaturalKey::new("since", format!("{}|{severity}|{since}", self.employee.0))]
    }

    fn check(&self) -> Vec<Fault> {
        match (self.since, self.until) {
            (Some(since), Some(until)) if until < since => {
                vec![Fault::new("until", Reason::DateOrder)]
            }
            _ => Vec::new(),
        }
    }
}
