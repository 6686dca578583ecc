//! JP of mentoring: so many a meeting, of which only so many a month count. The figures stand in
//! `rules/jp_conversion.toml` with where they come from; no rule of LAN was found.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::rulebook::{Broken, RuleTable, rests_on, within};
use super::rules::Source;

/// What activities without a certificate come to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Conversion {
    pub source: Source,
    pub meetings: Meetings,
}

/// What meetings of two people come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meetings {
    /// JP of one.
    pub jp: u32,
    /// How many of a month count.
    pub a_month: u32,
}

impl RuleTable for Conversion {
    fn each(&mut self, see: &mut dyn FnMut(&str, &mut u32)) {
        see("meetings.jp", &mut self.meetings.jp);
        see("meetings.a_month", &mut self.meetings.a_month);
    }

    fn holds(&self) -> Result<(), Broken> {
        within("meetings.jp", self.meetings.jp, 1, 24)?;
        within("meetings.a_month", self.meetings.a_month, 1, 31)
    }

    rests_on!(source);
}

/// Of one person's meetings in this order the JP of each by the rule of its day; nothing of
/// those that are too many in their month.
pub fn count(
    days: impl IntoIterator<Item = NaiveDate>,
    rule: impl Fn(NaiveDate) -> Meetings,
) -> Vec<Option<u32>> {
    let mut months: BTreeMap<(i32, u32), u32> = BTreeMap::new();
    let counts = |day: NaiveDate| {
        let rule = rule(day);
        let so_far = months.entry((day.year(), day.month())).or_default();
        *so_far += 1;
        (*so_far <= rule.a_month).then_some(rule.jp)
    };
    days.into_iter().map(counts).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::rulebook::Rulebook;

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
            let rule = |_| Rulebook::shipped().jp_conversion.meetings;
            let counted = count(days.iter().map(|day| day.parse().expect("a day")), rule);
            let good: Vec<u32> = counted.iter().copied().flatten().collect();
            assert_eq!(
                (good.iter().sum::<u32>(), counted.len() - good.len()),
                (jp, over),
                "{days:?}"
            );
        }
        assert!(!Rulebook::shipped().jp_conversion.source.verified);
    }
}
