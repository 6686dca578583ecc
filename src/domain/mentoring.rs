//! JP of mentoring: so many a meeting, of which only so many a month count. The figures stand in
//! `rules/jp_conversion.toml` with where they come from; no rule of LAN was found.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use chrono::{Datelike, NaiveDate};
use serde::Deserialize;

use super::rules::{Source, table};

#[derive(Debug, Deserialize)]
struct Conversion {
    source: Source,
    meetings: Meetings,
}

/// What meetings of two people come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Meetings {
    /// JP of one.
    pub jp: u32,
    /// How many of a month count.
    pub a_month: u32,
}

fn conversion() -> Option<&'static Conversion> {
    static TABLE: OnceLock<Option<Conversion>> = OnceLock::new();
    TABLE.get_or_init(|| table(include_str!("rules/jp_conversion.toml"))).as_ref()
}

pub fn source() -> Option<&'static Source> {
    conversion().map(|table| &table.source)
}

pub fn meetings() -> Meetings {
    conversion().map_or(Meetings { jp: 0, a_month: 0 }, |table| table.meetings)
}

/// Of one person's meetings in this order, whether each is among those of its month that count.
pub fn count(days: impl IntoIterator<Item = NaiveDate>) -> Vec<bool> {
    let most = meetings().a_month;
    let mut months: BTreeMap<(i32, u32), u32> = BTreeMap::new();
    let counts = |day: NaiveDate| {
        let so_far = months.entry((day.year(), day.month())).or_default();
        *so_far += 1;
        *so_far <= most
    };
    days.into_iter().map(counts).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_month_two_meetings_count_and_the_rest_stands_over_the_limit() {
        for (days, jp, over) in [
            (&[][..], 0, 0),
            (&["2026-03-02"], 2, 0),
            (&["2026-03-02", "2026-03-09"], 4, 0),
            // Five in March and one in April: PLAN.md 1.
            (
                &[
                    "2026-03-02",
                    "2026-03-09",
                    "2026-03-16",
                    "2026-03-23",
                    "2026-03-30",
                    "2026-04-06",
                ],
                6,
                3,
            ),
            // The same month of another year is another month.
            (&["2025-03-02", "2025-03-03", "2026-03-02"], 6, 0),
        ] {
            let counted = count(days.iter().map(|day| day.parse().expect("a day")));
            let good = counted.iter().filter(|counts| **counts).count() as u32;
            assert_eq!((good * meetings().jp, counted.len() as u32 - good), (jp, over), "{days:?}");
        }
        assert!(source().is_some_and(|source| !source.verified));
    }
}
