//! Rater (penilai): who is to rate whom in a cycle, and whether they have returned a sheet.
//! Which sheet that was stands nowhere: of one person and group any sheet is as good.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::cycle::RaterGroup;
use crate::domain::belongs::{Belongs, Home, Writers};
use crate::domain::column::{Column, text};
use crate::domain::fault::{Fault, Reason};
use crate::domain::field::{Field, Shape};
use crate::domain::record::{CycleId, EmployeeId, Kind, NaturalKey, RecordId, Schema};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rater {
    /// Who is rated.
    pub employee: EmployeeId,
    pub cycle: CycleId,
    pub group: Option<RaterGroup>,
    pub rater: EmployeeId,
    /// The day a sheet came back; nothing finer is kept of it.
    #[serde(with = "crate::domain::day")]
    pub returned: Option<NaiveDate>,
    pub note: String,
}

impl Schema for Rater {
    const BELONGS: Belongs<Self> = Belongs::Person(|row| row.employee);
    const HOME: Home = Home::WithPerson;
    const WRITERS: Writers = Writers::WithinReach;
    const CALLED: &'static [&'static str] = &["penilai"];
    // Of somebody erased it stays that others were asked about them, not who.
    const FIELDS: &'static [Field] = &[
        Field::new("employee", Shape::Reference(Kind::Employees)).required().kept(),
        Field::new("cycle", Shape::Reference(Kind::Cycles))
            .required()
            .kept()
            .known_as(&["PERIODE", "PERIODE PENILAIAN"]),
        Field::new("group", Shape::Choice(RaterGroup::CODES))
            .required()
            .kept()
            .known_as(&["HUBUNGAN", "SEBAGAI"]),
        Field::new("rater", Shape::Reference(Kind::Employees)).required().kept().known_as(&[
            "rater_nip",
            "NIP PENILAI",
            "PENILAI",
            "NAMA PENILAI",
        ]),
        Field::new("returned", Shape::Date).past().kept().known_as(&["DIKEMBALIKAN"]),
        Field::new("note", Shape::Text),
    ];
    const COLUMNS: &'static [Column] = &[
        text("nip", 18).hidden().personal(),
        text("name", 0),
        text("cycle", 16).hidden(),
        text("group", 8),
        text("rater", 22),
        text("rater_nip", 18).hidden().personal(),
        text("returned", 11),
        text("note", 14).hidden(),
    ];

    fn label(&self) -> String {
        format!("{} {}", RecordId::from(self.employee), self.group.map_or("", RaterGroup::code))
    }

    /// Nobody rates somebody twice in a cycle.
    fn keys(&self) -> Vec<NaturalKey> {
        let (employee, cycle, rater) = (self.employee.0, self.cycle.0, self.rater.0);
        vec![NaturalKey::new("rater", format!("{employee}|{cycle}|{rater}"))]
    }

    /// One's own word is one's own, and nobody else's.
    fn check(&self) -> Vec<Fault> {
        let own = self.group == Some(RaterGroup::Own);
        if own == (self.employee == self.rater) {
            return Vec::new();
        }
        vec![Fault::new("group", Reason::OwnWord)]
    }
}
