//! Day: how a record's day is written. As `2026-08-17` where people and other programs read
//! it; as a number of days in bytes, which are read far more often.
//!
//! `#[serde(with = "crate::domain::day")]` on a field that holds one, or none.

use chrono::{Datelike, NaiveDate};
use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, Serializer};

pub fn serialize<S: Serializer>(day: &Option<NaiveDate>, to: S) -> Result<S::Ok, S::Error> {
    if to.is_human_readable() {
        return day.serialize(to);
    }
    day.map(|day| day.num_days_from_ce()).serialize(to)
}

pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<NaiveDate>, D::Error> {
    if from.is_human_readable() {
        return Option::deserialize(from);
    }
    let day = |days| NaiveDate::from_num_days_from_ce_opt(days).ok_or(D::Error::custom("no day"));
    Option::deserialize(from)?.map(day).transpose()
}
