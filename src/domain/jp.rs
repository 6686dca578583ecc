//! JP (jam pelajaran): the hours of training a person earns in a year, and how they stand
//! against the rule of their kind of staff.
//!
//! Legal source: PP 11/2017 Pasal 203(4) (PNS at least 20 JP a year), `PerLAN` 15/2020
//! (PPPK at most 24); the figures stand in `rules/jp_quota.toml`.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::kinds::employee::EmploymentKind;
use super::rules;

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

/// The bar a person is measured by, from the rules in force.
pub fn standing(kind: EmploymentKind, jp: u32) -> JpStanding {
    let quota = rules::jp_quota();
    match kind {
        EmploymentKind::Pns if jp < quota.pns_floor => {
            JpStanding::Below { missing: quota.pns_floor - jp }
        }
        EmploymentKind::Pns => JpStanding::Reached,
        EmploymentKind::Pppk | EmploymentKind::PppkPartTime => {
            if jp > quota.pppk_ceiling {
                JpStanding::Over { by: jp - quota.pppk_ceiling }
            } else {
                JpStanding::Within { left: quota.pppk_ceiling - jp }
            }
        }
        EmploymentKind::Other => JpStanding::NoRule,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pns_has_a_floor_and_a_pppk_a_ceiling() {
        assert_eq!(standing(EmploymentKind::Pns, 12), JpStanding::Below { missing: 8 });
        assert_eq!(standing(EmploymentKind::Pns, 20), JpStanding::Reached);
        assert_eq!(standing(EmploymentKind::Pppk, 12), JpStanding::Within { left: 12 });
        assert_eq!(standing(EmploymentKind::PppkPartTime, 30), JpStanding::Over { by: 6 });
        assert_eq!(standing(EmploymentKind::Other, 0), JpStanding::NoRule);
    }
}
