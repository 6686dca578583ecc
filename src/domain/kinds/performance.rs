//! Performance (kinerja, SKP): how a person's year was judged, by result and by conduct, and
//! the predicate the two make.
//!
//! Source: `PermenPANRB` 6/2022, as SIASN's tables and pages that quote its annex have it; not
//! read in the regulation itself. A predicate that is not the one the two make is kept as the
//! file says it, and noticed.

use serde::{Deserialize, Serialize};

use super::position::codes;
use crate::domain::belongs::{Belongs, Home, Writers};
use crate::domain::column::{Column, figure, text};
use crate::domain::fault::{Fault, Reason};
use crate::domain::field::{Field, Shape};
use crate::domain::intake::PlainRow;
use crate::domain::points::Points;
use crate::domain::record::{EmployeeId, Kind, NaturalKey, Schema};
use crate::domain::value::Value;

codes! {
    /// Result (hasil kerja) or conduct (perilaku kerja) against what was expected.
    Expectation {
        Above = "above_expectation",
        Met = "meets_expectation",
        Below = "below_expectation",
    }
}

codes! {
    /// What the year amounts to, the best first.
    Predicate {
        VeryGood = "sangat_baik",
        Good = "baik",
        NeedsWork = "butuh_perbaikan",
        Poor = "kurang",
        VeryPoor = "sangat_kurang",
    }
}

impl Predicate {
    /// Whether it leaves something to be made good: worse than good.
    pub const fn falls_short(self) -> bool {
        !matches!(self, Self::VeryGood | Self::Good)
    }

    /// What result and conduct make.
    pub const fn of(result: Expectation, conduct: Expectation) -> Self {
        use Expectation::{Above, Below, Met};
        match (result, conduct) {
            (Above, Above) => Self::VeryGood,
            (Above, Met) | (Met, Above | Met) => Self::Good,
            (Above | Met, Below) => Self::Poor,
            (Below, Above | Met) => Self::NeedsWork,
            (Below, Below) => Self::VeryPoor,
        }
    }
}

/// How SIASN and offices write it; SIASN's own "espektasi" among them, and its numbers.
const EXPECTATIONS: &[(&str, &str)] = &[
    ("diatas ekspektasi", "above_expectation"),
    ("di atas ekspektasi", "above_expectation"),
    ("diatas espektasi", "above_expectation"),
    ("di atas espektasi", "above_expectation"),
    ("sesuai ekspektasi", "meets_expectation"),
    ("sesuai espektasi", "meets_expectation"),
    ("dibawah ekspektasi", "below_expectation"),
    ("di bawah ekspektasi", "below_expectation"),
    ("dibawah espektasi", "below_expectation"),
    ("di bawah espektasi", "below_expectation"),
    ("1", "above_expectation"),
    ("2", "meets_expectation"),
    ("3", "below_expectation"),
];

const PREDICATES: &[(&str, &str)] = &[
    ("sangat baik", "sangat_baik"),
    ("butuh perbaikan", "butuh_perbaikan"),
    ("cukup", "butuh_perbaikan"),
    ("sangat kurang", "sangat_kurang"),
    ("buruk", "sangat_kurang"),
    ("1", "sangat_baik"),
    ("2", "baik"),
    ("3", "butuh_perbaikan"),
    ("4", "kurang"),
    ("5", "sangat_kurang"),
];

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Performance {
    pub employee: EmployeeId,
    pub year: u16,
    pub result: Option<Expectation>,
    pub conduct: Option<Expectation>,
    pub predicate: Option<Predicate>,
    /// What awards of five years and decrees of teams count, of 100, where that is scored.
    pub awards: Option<Points>,
    /// Who judged.
    pub assessor: String,
}

impl Schema for Performance {
    const BELONGS: Belongs<Self> = Belongs::Person(|performance| performance.employee);
    const HOME: Home = Home::WithPerson;
    const WRITERS: Writers = Writers::WithinReach;
    const CALLED: &'static [&'static str] = &["kinerja", "skp"];
    // Of somebody erased it stays how many years were judged how.
    const FIELDS: &'static [Field] = &[
        Field::new("employee", Shape::Reference(Kind::Employees)).required().kept(),
        Field::new("year", Shape::Whole { min: 1950, max: 2200 }).required().kept().known_as(&[
            "TAHUN",
            "TAHUN PENILAIAN",
            "TAHUN SKP",
        ]),
        Field::new("result", Shape::Choice(Expectation::CODES))
            .kept()
            .known_as(&["HASIL KINERJA", "HASIL KERJA", "RATING HASIL KERJA"])
            .spelled(EXPECTATIONS),
        Field::new("conduct", Shape::Choice(Expectation::CODES))
            .kept()
            .known_as(&["PERILAKU KERJA", "PERILAKU", "RATING PERILAKU KERJA"])
            .spelled(EXPECTATIONS),
        Field::new("predicate", Shape::Choice(Predicate::CODES))
            .required()
            .kept()
            .known_as(&["KUADRAN KINERJA", "PREDIKAT", "PREDIKAT KINERJA", "PREDIKAT SKP"])
            .spelled(PREDICATES)
            .otherwise(Reason::PredicateUnknown),
        Field::new("awards", Shape::Points { max: 100 })
            .kept()
            .known_as(&["NILAI PENGHARGAAN", "PENGHARGAAN"]),
        Field::new("assessor", Shape::Text).known_as(&[
            "NAMA PENILAI",
            "PENILAI",
            "PEJABAT PENILAI",
        ]),
    ];
    const COLUMNS: &'static [Column] = &[
        text("nip", 18).personal(),
        text("name", 0),
        figure("year", 6),
        text("result", 20),
        text("conduct", 20),
        text("predicate", 16),
        figure("awards", 6).hidden(),
        text("assessor", 18).hidden(),
    ];

    fn label(&self) -> String {
        format!("{} · {}", self.year, self.predicate.map_or("", Predicate::code))
    }

    /// One judgement a year.
    fn keys(&self) -> Vec<NaturalKey> {
        vec![NaturalKey::new("year", format!("{}|{}", self.employee.0, self.year))]
    }
}

/// Said of a row whose predicate is not what its result and conduct make.
pub fn contradicts(row: &PlainRow) -> Option<Fault> {
    let code = |field: &str| match row.value(field) {
        Some(Value::Choice(code)) => Some(code.as_str()),
        _ => None,
    };
    let result = Expectation::from_code(code("result")?)?;
    let conduct = Expectation::from_code(code("conduct")?)?;
    let predicate = Predicate::from_code(code("predicate")?)?;
    let made = Predicate::of(result, conduct);
    let differs = made != predicate;
    differs.then(|| Fault::with("predicate", Reason::PredicateContradictsGrid, made.code()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn result_and_conduct_make_the_predicate() {
        use Expectation::{Above, Below, Met};
        use Predicate::{Good, NeedsWork, Poor, VeryGood, VeryPoor};
        for (result, made) in [
            (Above, [VeryGood, Good, Poor]),
            (Met, [Good, Good, Poor]),
            (Below, [NeedsWork, NeedsWork, VeryPoor]),
        ] {
            assert_eq!([Above, Met, Below].map(|conduct| Predicate::of(result, conduct)), made);
        }
    }
}
