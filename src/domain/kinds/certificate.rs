//! Certificate (sertifikat): what a person may show for something learnt, from whom, and
//! until when it is valid. On the last day it is still valid; without one it never expires.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::belongs::{Belongs, Home, Writers};
use crate::domain::column::{Column, text};
use crate::domain::fault::{Fault, Reason};
use crate::domain::field::{Erasure, Field, Shape};
use crate::domain::record::{EmployeeId, Kind, NaturalKey, ProgrammeId, Schema};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Certificate {
    pub employee: EmployeeId,
    pub name: String,
    /// As it stands on the certificate.
    pub number: String,
    pub issuer: String,
    #[serde(with = "crate::domain::day")]
    pub issued: Option<NaiveDate>,
    /// The last day on which it is valid.
    #[serde(with = "crate::domain::day")]
    pub valid_until: Option<NaiveDate>,
    /// What was learnt, where that is a programme of this office.
    pub programme: Option<ProgrammeId>,
}

impl Schema for Certificate {
    const BELONGS: Belongs<Self> = Belongs::Person(|certificate| certificate.employee);
    const HOME: Home = Home::WithPerson;
    const WRITERS: Writers = Writers::WithinReach;
    const CALLED: &'static [&'static str] = &["sertifikat"];
    // Of somebody erased it stays that something was learnt, when, and how long it held.
    // Its number names the person as a NIP does.
    const FIELDS: &'static [Field] = &[
        Field::new("employee", Shape::Reference(Kind::Employees)).required().kept(),
        Field::new("name", Shape::Text)
            .required()
            .erased(Erasure::Dash)
            .known_as(&["NAMA SERTIFIKAT", "SERTIFIKAT"]),
        Field::new("number", Shape::Text).personal().known_as(&[
            "NOMOR SERTIFIKAT",
            "NO SERTIFIKAT",
            "NOMOR",
        ]),
        Field::new("issuer", Shape::Text).known_as(&["PENERBIT", "PENYELENGGARA", "LEMBAGA"]),
        Field::new("issued", Shape::Date).past().kept().known_as(&[
            "TANGGAL TERBIT",
            "TGL TERBIT",
            "TGL SERTIFIKAT",
            "TANGGAL SERTIFIKAT",
        ]),
        Field::new("valid_until", Shape::Date).due().kept().known_as(&[
            "BERLAKU SAMPAI",
            "MASA BERLAKU",
            "BERLAKU HINGGA",
        ]),
        Field::new("programme", Shape::Reference(Kind::Programmes))
            .kept()
            .known_as(&["PROGRAM", "PELATIHAN"]),
    ];
    const COLUMNS: &'static [Column] = &[
        text("nip", 18).personal(),
        text("employee", 20),
        text("name", 0),
        text("number", 18).hidden().personal(),
        text("issuer", 16),
        text("issued", 11).hidden(),
        text("valid_until", 11),
        text("programme", 20).hidden(),
    ];

    fn label(&self) -> String {
        self.name.clone()
    }

    /// The same certificate again is unchanged; one without a number is told by its day.
    fn keys(&self) -> Vec<NaturalKey> {
        let issued = self.issued.map_or_else(String::new, |day| day.to_string());
        let told = if self.number.is_empty() { &issued } else { &self.number };
        vec![NaturalKey::new("name", format!("{}|{}|{told}", self.employee.0, self.name))]
    }

    fn check(&self) -> Vec<Fault> {
        match (self.issued, self.valid_until) {
            (Some(issued), Some(until)) if until < issued => {
                vec![Fault::new("valid_until", Reason::DateOrder)]
            }
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_does_not_end_before_it_was_issued() {
        let issued = "2026-03-02".parse().ok();
        let until = |day: &str| Certificate {
            issued,
            valid_until: day.parse().ok(),
            ..Certificate::default()
        };
        assert_eq!(until("2026-03-01").check()[0].reason, Reason::DateOrder);
        assert_eq!(until("2026-03-02").check(), []);
    }
}
