//! Retirement (pensiun): the age limit of a post (BUP) and the day it is reached.
//!
//! Source: `rules/retirement.toml`, with its legal basis.

use std::sync::OnceLock;

use chrono::{Datelike, Months, NaiveDate};
use serde::Deserialize;

use super::kinds::position::JobLevel;
use super::rules::{Source, table};

#[derive(Debug, Deserialize)]
struct Table {
    source: Source,
    /// Of every level that is not named.
    usual: u32,
    limits: Vec<Limit>,
}

#[derive(Debug, Deserialize)]
struct Limit {
    job_level: JobLevel,
    age: u32,
}

fn limits() -> Option<&'static Table> {
    static TABLE: OnceLock<Option<Table>> = OnceLock::new();
    TABLE.get_or_init(|| table(include_str!("rules/retirement.toml"))).as_ref()
}

/// Where the limits come from.
pub fn source() -> Option<&'static Source> {
    limits().map(|table| &table.source)
}

/// The day from which somebody born then is retired: the first of the month after the one in
/// which the age limit of the post is reached.
pub fn day(birth: NaiveDate, level: Option<JobLevel>) -> Option<NaiveDate> {
    let table = limits()?;
    let own = table.limits.iter().find(|limit| Some(limit.job_level) == level);
    let age = own.map_or(table.usual, |limit| limit.age);
    let reached = birth.with_day(1)?.checked_add_months(Months::new(age * 12))?;
    reached.checked_add_months(Months::new(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_month_after_the_age_limit_is_the_first_of_retirement() {
        let day = |birth: &str, level| {
            day(birth.parse().expect("a day"), level).expect("a day").to_string()
        };
        assert_eq!(day("1970-05-17", Some(JobLevel::Pengawas)), "2028-06-01");
        assert_eq!(day("1970-12-31", None), "2029-01-01");
        assert_eq!(day("1970-05-17", Some(JobLevel::JfMadya)), "2030-06-01");
        assert_eq!(day("1970-05-17", Some(JobLevel::JfUtama)), "2035-06-01");
        assert_eq!(day("1972-02-29", Some(JobLevel::JptPratama)), "2032-03-01");
    }
}
