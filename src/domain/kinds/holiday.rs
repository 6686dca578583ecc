//! Holiday: a day on which offices are closed, as the office has brought it in: national, or
//! joint leave. Of a year the office keeps days of, only those count; of any other the
//! table that ships, which is not the decree and says so.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::position::codes;
use crate::domain::belongs::{Belongs, Home, Writers};
use crate::domain::column::{Column, text};
use crate::domain::field::{Field, Shape};
use crate::domain::intake::PlainRow;
use crate::domain::record::{NaturalKey, Schema, fold};
use crate::domain::rules::{ClosedDay, shipped_holiday};
use crate::domain::value::Value;

codes! {
    /// Who closes the offices.
    HolidayKind {
        /// Hari libur nasional.
        National = "national",
        /// Cuti bersama.
        Joint = "joint",
    }
}

/// What lists call the two.
const SPELLINGS: &[(&str, &str)] = &[
    ("public", "national"),
    ("public holiday", "national"),
    ("national holiday", "national"),
    ("nasional", "national"),
    ("libur", "national"),
    ("libur nasional", "national"),
    ("hari libur nasional", "national"),
    ("hari libur", "national"),
    ("tanggal merah", "national"),
    ("government", "joint"),
    ("joint leave", "joint"),
    ("cuti", "joint"),
    ("bersama", "joint"),
    ("cuti bersama", "joint"),
    ("libur cuti bersama", "joint"),
];

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Holiday {
    #[serde(with = "crate::domain::day")]
    pub date: Option<NaiveDate>,
    pub name: String,
    /// A list that does not say calls joint leave so in its name.
    pub kind: Option<HolidayKind>,
}

impl Holiday {
    fn is_joint(&self) -> bool {
        match self.kind {
            Some(kind) => kind == HolidayKind::Joint,
            None => fold(&self.name).starts_with("cuti bersama"),
        }
    }
}

/// Words of headings that only lists of holidays have.
pub const MARKS: &[&str] = &["libur", "holiday"];

/// Whether a row tells by itself that it is a holiday: it says of which kind, or it is one
/// by the table that ships.
pub fn tells(row: &PlainRow) -> bool {
    let date = match row.value("date") {
        Some(Value::Date(date)) => Some(*date),
        _ => None,
    };
    row.value("kind").is_some() || date.and_then(shipped_holiday).is_some()
}

/// What closes offices on this day, by the office's own days and where it has none of that
/// year by the table that ships.
pub fn closed_on(date: NaiveDate, own: &[Holiday]) -> Vec<ClosedDay> {
    let year = |held: &Holiday| held.date.is_some_and(|day| day.year() == date.year());
    if !own.iter().any(year) {
        return shipped_holiday(date).into_iter().collect();
    }
    let of_day = own.iter().filter(|held| held.date == Some(date));
    let closed = |held: &Holiday| ClosedDay {
        date,
        name: held.name.clone(),
        joint: held.is_joint(),
        verified: true,
    };
    of_day.map(closed).collect()
}

impl Schema for Holiday {
    const BELONGS: Belongs<Self> = Belongs::Office;
    const HOME: Home = Home::Table;
    const WRITERS: Writers = Writers::OfficeAdmins;
    const CALLED: &'static [&'static str] = &["hari libur", "cuti bersama"];
    const FIELDS: &'static [Field] = &[
        Field::new("date", Shape::Date).required().known_as(&[
            "TANGGAL",
            "TGL",
            "HARI TANGGAL",
            "TANGGAL LIBUR",
            "TGL LIBUR",
        ]),
        Field::new("name", Shape::Text).required().known_as(&[
            "NAMA",
            "NAMA LIBUR",
            "NAMA HARI LIBUR",
            "HARI LIBUR",
            "KETERANGAN",
            "URAIAN",
            "PERINGATAN",
        ]),
        Field::new("kind", Shape::Choice(HolidayKind::CODES)).spelled(SPELLINGS).known_as(&[
            "JENIS",
            "JENIS LIBUR",
            "JENIS HARI LIBUR",
            "TIPE",
        ]),
    ];
    const COLUMNS: &'static [Column] = &[text("date", 11), text("name", 0), text("kind", 14)];

    fn label(&self) -> String {
        self.name.clone()
    }

    /// Two may fall on one day; the same one again, said to be of the other kind, is changed.
    fn keys(&self) -> Vec<NaturalKey> {
        let day = self.date.map_or_else(String::new, |day| day.to_string());
        vec![NaturalKey::new("name", format!("{day}|{}", self.name))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn the_days_of_the_office_stand_in_place_of_those_that_ship() {
        let shipped = closed_on(day("2026-12-25"), &[]);
        assert!(shipped.iter().all(|day| !day.verified) && shipped.len() == 1, "{shipped:?}");
        let own = |date: &str, name: &str, kind| Holiday {
            date: Some(day(date)),
            name: name.into(),
            kind,
        };
        let held = [
            own("2026-12-24", "Cuti Bersama Natal", None),
            own("2026-08-18", "Cuti", Some(HolidayKind::Joint)),
        ];
        assert_eq!(closed_on(day("2026-12-25"), &held), []);
        let found = closed_on(day("2026-12-24"), &held);
        assert!(found.len() == 1 && found[0].joint && found[0].verified, "{found:?}");
        assert!(closed_on(day("2026-08-18"), &held)[0].joint);
        assert_eq!(closed_on(day("2027-12-25"), &held).len(), 1, "of that year there are none");
    }
}
