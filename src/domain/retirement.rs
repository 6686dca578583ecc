//! Retirement (pensiun): the age limit of a post (BUP) and the day it is reached.
//!
//! Source: `rules/retirement.toml`, with its legal basis.

use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::kinds::position::JobLevel;
use super::rulebook::{Broken, RuleTable, rests_on, within};
use super::rules::Source;

/// The age limits.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Retirement {
    pub source: Source,
    /// Of every level that is not named.
    usual: u32,
    limits: Vec<Limit>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Limit {
    job_level: JobLevel,
    age: u32,
}

/// Between these ages somebody may retire by age.
const AGES: (u32, u32) = (45, 75);

impl Retirement {
    /// The day from which somebody born then is retired: the first of the month after the one
    /// in which the age limit of the post is reached.
    pub fn day(&self, birth: NaiveDate, level: Option<JobLevel>) -> Option<NaiveDate> {
        let own = self.limits.iter().find(|limit| Some(limit.job_level) == level);
        let age = own.map_or(self.usual, |limit| limit.age);
        let reached = birth.with_day(1)?.checked_add_months(Months::new(age * 12))?;
        reached.checked_add_months(Months::new(1))
    }
}

impl RuleTable for Retirement {
    fn each(&mut self, see: &mut dyn FnMut(&str, &mut u32)) {
        see("usual", &mut self.usual);
        for limit in &mut self.limits {
            see(limit.job_level.code(), &mut limit.age);
        }
    }

    fn holds(&self) -> Result<(), Broken> {
        within("usual", self.usual, AGES.0, AGES.1)?;
        let ages = |limit: &Limit| within(limit.job_level.code(), limit.age, AGES.0, AGES.1);
        self.limits.iter().try_for_each(ages)
    }

    rests_on!(source);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::rulebook::Rulebook;

    #[test]
    fn the_month_after_the_age_limit_is_the_first_of_retirement() {
        let day = |birth: &str, level| {
            let day = Rulebook::shipped().retirement.day(birth.parse().expect("a day"), level);
            day.expect("a day").to_string()
        };
        assert_eq!(day("1970-05-17", Some(JobLevel::Pengawas)), "2028-06-01");
        assert_eq!(day("1970-12-31", None), "2029-01-01");
        assert_eq!(day("1970-05-17", Some(JobLevel::JfMadya)), "2030-06-01");
        assert_eq!(day("1970-05-17", Some(JobLevel::JfUtama)), "2035-06-01");
        assert_eq!(day("1972-02-29", Some(JobLevel::JptPratama)), "2032-03-01");
    }
}
