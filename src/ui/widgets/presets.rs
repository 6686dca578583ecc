//! The searches officers ask most, by name: chosen with one key where people are filtered.

use chrono::{Datelike, NaiveDate};

use crate::domain::record::Kind;
use crate::i18n::{Language, find, language};

/// Name in the catalogue (`preset.<name>`), and the search in Indonesian and in English words;
/// `{year}` is this year, `{soon}` the third from now.
const PEOPLE: &[(&str, &str, &str)] = &[
    ("below", "kurang>0 status:aktif", "below>0 status:active"),
    ("under_floor", "jp<20 jenis=pns status:aktif", "jp<20 kind=pns status:active"),
    ("over_ceiling", "jp>24 jenis:pppk status:aktif", "jp>24 kind:pppk status:active"),
    ("unrated", "belum-dinilai status:aktif", "unrated status:active"),
    ("not_this_year", "!dinilai:{year} status:aktif", "!rated_on:{year} status:active"),
    ("less_optimal", "kategori:ko status:aktif", "category:ko status:active"),
    ("retiring", "pensiun<{soon} status:aktif", "retires<{soon} status:active"),
    ("untrained", "!tahun-pelatihan:{year} status:aktif", "!trained:{year} status:active"),
    ("restricted", "dibatasi", "restricted"),
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
    let english = language() == Language::English;
    let search = |id: &'static str, en: &'static str| if english { en } else { id };
    PEOPLE.iter().map(|(name, id, en)| (called(name), filled(search(id, en)))).collect()
}
