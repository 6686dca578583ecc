//! JP (jam pelajaran): the hours of training a person earns in a year, and how they stand
//! against the rule of their kind of staff.
//!
//! Legal source: PP 11/2017 Pasal 203(4) (PNS at least 20 JP a year), `PerLAN` 15/2020
//! (PPPK at most 24); the figures stand in `rules/jp_quota.toml`.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::kinds::employee::EmploymentKind;
use super::rulebook::{Broken, RuleTable, rests_on, within};
use super::rules::Source;

/// The most JP one session can carry: no training of a year has more.
pub const JP_MAX: i64 = 2000;
/// JP earned, by the year it counts for.
pub type JpByYear = BTreeMap<u16, u32>;

/// The year a day's JP are counted in, and so the one shown unless another is asked for.
pub fn year_of(day: NaiveDate) -> u16 {
    u16::try_from(day.year()).unwrap_or(0)
}

/// How a person stands against the JP rule of their kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum JpStanding {
    /// PNS: how many are still missing.
    Below { missing: u32 },
    /// PNS: floor reached.
    Reached,
    /// PPPK: how many may still be taken.
    Within { left: u32 },
    /// PPPK: more than the ceiling.
    Over { by: u32 },
    /// No rule for this kind of staff.
    NoRule,
}

/// The JP rules of a year.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct JpQuota {
    /// PNS: at least this many.
    pub pns_floor: u32,
    pub pns_source: Source,
    /// PPPK: at most this many.
    pub pppk_ceiling: u32,
    pub pppk_source: Source,
}

impl JpQuota {
    /// The bar a person is measured by.
    pub const fn standing(&self, kind: EmploymentKind, jp: u32) -> JpStanding {
        match kind {
            EmploymentKind::Pns if jp < self.pns_floor => {
                JpStanding::Below { missing: self.pns_floor - jp }
            }
            EmploymentKind::Pns => JpStanding::Reached,
            EmploymentKind::Pppk | EmploymentKind::PppkPartTime => {
                if jp > self.pppk_ceiling {
                    JpStanding::Over { by: jp - self.pppk_ceiling }
                } else {
                    JpStanding::Within { left: self.pppk_ceiling - jp }
                }
            }
            EmploymentKind::Other => JpStanding::NoRule,
        }
    }
}

impl RuleTable for JpQuota {
    fn each(&mut self, see: &mut dyn FnMut(&str, &mut u32)) {
        see("pns_floor", &mut self.pns_floor);
        see("pppk_ceiling", &mut self.pppk_ceiling);
    }

    fn holds(&self) -> Result<(), Broken> {
        within("pns_floor", self.pns_floor, 1, 1000)?;
        within("pppk_ceiling", self.pppk_ceiling, 1, 1000)
    }

    rests_on!(pns_source, pppk_source);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::rulebook::Rulebook;

    #[test]
    fn a_pns_has_a_floor_and_a_pppk_a_ceiling() {
        let standing = |kind, jp| Rulebook::shipped().jp_quota.standing(kind, jp);
        assert_eq!(standing(EmploymentKind::Pns, 12), JpStanding::Below { missing: 8 });
        assert_eq!(standing(EmploymentKind::Pns, 20), JpStanding::Reached);
        assert_eq!(standing(EmploymentKind::Pppk, 12), JpStanding::Within { left: 12 });
        assert_eq!(standing(EmploymentKind::PppkPartTime, 30), JpStanding::Over { by: 6 });
        assert_eq!(standing(EmploymentKind::Other, 0), JpStanding::NoRule);
    }
}
