//! The searches officers ask most, by name: chosen with one key where people are filtered.

use chrono::{Datelike, NaiveDate};

use crate::domain::record::Kind;
use crate::i18n::find;

/// Name in the catalogue (`preset.<name>`), and the search; `{year}` is this year, `{soon}`
/// the third from now.
const PEOPLE: &[(&str, &str)] = &[
    ("below", "gap>0 status:aktif"),
    ("under_floor", "jp<20 jenis=pns status:aktif"),
    ("over_ceiling", "jp>24 jenis:pppk status:aktif"),
    ("unrated", "belum-dinilai status:aktif"),
    ("not_this_year", "!dinilai:{year} status:aktif"),
    ("less_optimal", "kategori:ko status:aktif"),
    ("retiring", "pensiun<{soon} status:aktif"),
    ("untrained", "!tahun-pelatihan:{year} status:aktif"),
    ("restricted", "dibatasi"),
];

/// What each is called, and its search on that day.
pub fn of(kind: Kind, today: NaiveDate) -> Vec<(String, String)> {
    if kind != Kind::Employees {
        return Vec::new();
    }
    let filled = |search: &str| {
        let year = |after: i32| (today.year() + after).to_string();
        search.replace("{year}", &year(0)).replace("{soon}", &year(3))
    };
    let called = |name: &str| find(&format!("preset.{name}")).unwrap_or_default();
    PEOPLE.iter().map(|(name, search)| (called(name), filled(search))).collect()
}
