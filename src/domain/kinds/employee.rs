//! Employee (pegawai ASN): who works where, in which post and grade. Holds nothing the
//! management of competencies does not need (UU 27/2022: no NIK, religion, address…).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::position::codes;
use crate::domain::belongs::{Belongs, Home, Writers};
use crate::domain::column::{Column, figure, text};
use crate::domain::date::Yearless;
use crate::domain::fault::{Fault, Reason};
use crate::domain::field::{Erasure, Field, Shape};
use crate::domain::grade::Grade;
use crate::domain::number::{EmployeeNumber, Sex};
use crate::domain::record::{Kind, NaturalKey, PositionId, Schema, UnitId};

codes! {
    /// Jenis pegawai.
    #[derive(Default)]
    EmploymentKind {
        #[default]
        Pns = "PNS",
        Pppk = "PPPK",
        PppkPartTime = "PPPK_PARUH_WAKTU",
        Other = "LAINNYA",
    }
}

codes! {
    /// Whether the person still works here. People are not deleted once anything hangs on them.
    #[derive(Default)]
    Status {
        #[default]
        Active = "active",
        Moved = "moved",
        Retired = "retired",
        /// Dismissed, resigned, died, contract ended.
        Ended = "ended",
    }
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Employee {
    pub number: EmployeeNumber,
    pub name: String,
    pub front_title: String,
    pub back_title: String,
    pub kind: EmploymentKind,
    pub status: Status,
    /// Kedudukan hukum in SIASN's words (`Aktif`, `Tugas Belajar`, `PPPK Aktif`).
    pub legal_status: String,
    pub unit: Option<UnitId>,
    pub position: Option<PositionId>,
    #[serde(with = "crate::domain::day")]
    pub position_since: Option<NaiveDate>,
    pub grade: Option<Grade>,
    #[serde(with = "crate::domain::day")]
    pub grade_since: Option<NaiveDate>,
    /// Masa kerja golongan, years and months.
    pub service_years: Option<u8>,
    pub service_months: Option<u8>,
    #[serde(with = "crate::domain::day")]
    pub cpns_since: Option<NaiveDate>,
    /// Level in SIASN's words (`S-1/Sarjana`).
    pub education: String,
    pub education_field: String,
    pub graduation_year: Option<u16>,
    #[serde(with = "crate::domain::day")]
    pub birth_date: Option<NaiveDate>,
    pub sex: Option<Sex>,
    /// Office e-mail.
    pub email: String,
    pub pns_id: String,
    /// Nothing of theirs is processed but kept (UU 27/2022 Pasal 11); lifted by the same field.
    pub restricted: bool,
}

/// The fields that are somebody's name.
pub const NAMES: &[&str] = &["name", "front_title", "back_title"];

impl Employee {
    /// Name with titles, as it is written on a letter: `Hj. Mila Melani, S.Kom.`
    pub fn full_name(&self) -> String {
        full_name(&self.front_title, &self.name, &self.back_title)
    }
}

/// Name with its titles in front and behind.
pub fn full_name(front: &str, name: &str, back: &str) -> String {
    let mut full = String::with_capacity(front.len() + name.len() + back.len() + 3);
    if !front.is_empty() {
        full.push_str(front);
        full.push(' ');
    }
    full.push_str(name);
    if !back.is_empty() {
        full.push_str(", ");
        full.push_str(back);
    }
    full
}

impl Schema for Employee {
    const BELONGS: Belongs<Self> = Belongs::Somebody(|employee| employee.unit);
    const HOME: Home = Home::Alone;
    const WRITERS: Writers = Writers::WithinReach;
    const CALLED: &'static [&'static str] = &["pegawai"];
    // Of a person who is erased counts stay, by kind of staff, unit, post, grade, length of
    // service (whole years), level of education and sex; nothing that dates or names
    // anything in a life.
    const FIELDS: &'static [Field] = &[
        Field::new("number", Shape::Number).required().personal().erased(Erasure::Pseudonym),
        Field::new("name", Shape::Text).required().erased(Erasure::Pseudonym),
        Field::new("front_title", Shape::Text),
        Field::new("back_title", Shape::Text),
        Field::new("kind", Shape::Choice(EmploymentKind::CODES)).required().kept(),
        Field::new("status", Shape::Choice(Status::CODES)).required().kept(),
        Field::new("legal_status", Shape::Text),
        Field::new("unit", Shape::Reference(Kind::Units)).kept(),
        Field::new("position", Shape::Reference(Kind::Positions)).kept(),
        Field::new("position_since", Shape::Date).yearless(Yearless::Near),
        Field::new("grade", Shape::Grade).kept(),
        Field::new("grade_since", Shape::Date).yearless(Yearless::Near),
        Field::new("service_years", Shape::Whole { min: 0, max: 60 }).kept(),
        Field::new("service_months", Shape::Whole { min: 0, max: 11 }),
        Field::new("cpns_since", Shape::Date).yearless(Yearless::Near),
        Field::new("education", Shape::Text).kept(),
        Field::new("education_field", Shape::Text),
        Field::new("graduation_year", Shape::Whole { min: 1940, max: 2100 }),
        Field::new("birth_date", Shape::Date).personal().yearless(Yearless::None),
        Field::new("sex", Shape::Choice(Sex::CODES)).personal().kept(),
        Field::new("email", Shape::Text).personal(),
        Field::new("pns_id", Shape::Text).personal(),
        Field::new("restricted", Shape::Flag),
    ];
    const COLUMNS: &'static [Column] = &[
        text("nip", 21).personal(),
        text("name", 0),
        text("front_title", 8).hidden(),
        text("back_title", 12).hidden(),
        text("kind", 6).hidden(),
        text("grade", 6),
        text("position", 22),
        text("job_level", 16).hidden(),
        text("unit", 18).hidden(),
        text("birth_date", 11).hidden().personal(),
        text("sex", 3).hidden().personal(),
        text("education", 14).hidden(),
        text("status", 8).hidden(),
        figure("jp", 4),
        figure("below", 4),
        text("unit_path", 40).hidden(),
        text("pns_id", 36).hidden().personal(),
        text("local_number", 12).hidden().personal(),
        text("legal_status", 14).hidden(),
        text("position_kind", 12).hidden(),
        text("eselon", 6).hidden(),
        text("position_since", 11).hidden(),
        text("grade_since", 11).hidden(),
        figure("service_years", 5).hidden(),
        figure("service_months", 5).hidden(),
        text("cpns_since", 11).hidden(),
        text("education_field", 20).hidden(),
        figure("graduation_year", 5).hidden(),
        text("email", 24).hidden().personal(),
        text("restricted", 8).hidden(),
        figure("jpm", 6).asked(),
        figure("jpm_capped", 6).asked(),
        text("category", 4).asked(),
        text("rated_on", 11).asked(),
        text("unrated", 5).asked(),
        text("clashes", 5).asked(),
        figure("trained", 5).asked(),
        figure("judged", 6).asked(),
        text("expires", 11).asked(),
        figure("age", 4).asked().personal(),
        text("retires", 11).asked().personal(),
    ];

    fn label(&self) -> String {
        self.full_name()
    }

    fn keys(&self) -> Vec<NaturalKey> {
        let mut keys = vec![NaturalKey::new("number", number_key(&self.number))];
        if !self.pns_id.is_empty() {
            keys.push(NaturalKey::new("pns_id", &self.pns_id));
        }
        keys
    }

    fn check(&self) -> Vec<Fault> {
        if self.number.is_empty() {
            vec![Fault::new("number", Reason::NipMissing)]
        } else {
            Vec::new()
        }
    }
}

/// The key a number stands under: a local number never collides with a NIP.
pub fn number_key(number: &EmployeeNumber) -> String {
    match number {
        EmployeeNumber::Local(text) => format!("#{text}"),
        number => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_stand_around_the_name() {
        assert_eq!(full_name("Hj.", "Mila Melani", "S.Kom."), "Hj. Mila Melani, S.Kom.");
        assert_eq!(full_name("", "Mila", ""), "Mila");
    }

    #[test]
    fn a_required_field_left_empty_is_named() {
        let record = crate::domain::record::Record::from(Employee::default());
        let fields: Vec<_> = record.check().into_iter().map(|fault| fault.field).collect();
        assert!(fields.contains(&"name".to_string()));
        assert!(fields.contains(&"number".to_string()));
    }
}
