//! Standing: how the active people of each unit stand this year — below standard, rated, with
//! the JP their kind of staff is to have — kept by difference, so that home looks at nobody.

use std::collections::HashMap;
use std::hash::Hash;
use std::ops::{AddAssign, SubAssign};

use chrono::Datelike;
use serde::{Deserialize, Serialize};

use crate::domain::jp::{JpQuota, JpStanding, year_of};
use crate::domain::kinds::employee::EmploymentKind;
use crate::domain::record::UnitId;
use crate::office::views::kept::{Seen, Source, View};
use crate::office::views::row::RosterRow;
use crate::store::StoreError;

/// Of the active people of one unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::office) struct UnitStanding {
    pub people: u32,
    /// Below standard in anything.
    pub below: u32,
    /// Not rated this year.
    pub not_rated: u32,
    /// Of those who are to have so many JP at least: all, and who has them.
    pub with_floor: u32,
    pub reached: u32,
    /// JP they still lack.
    pub missing: u32,
    /// With more JP than their kind of staff may have.
    pub over: u32,
    /// JP of this year and of the one before.
    pub jp: u32,
    pub jp_before: u32,
}

macro_rules! each_field {
    ($one:ident, $other:ident, $op:path) => {
        Self {
            people: $op($one.people, $other.people),
            below: $op($one.below, $other.below),
            not_rated: $op($one.not_rated, $other.not_rated),
            with_floor: $op($one.with_floor, $other.with_floor),
            reached: $op($one.reached, $other.reached),
            missing: $op($one.missing, $other.missing),
            over: $op($one.over, $other.over),
            jp: $op($one.jp, $other.jp),
            jp_before: $op($one.jp_before, $other.jp_before),
        }
    };
}

impl AddAssign for UnitStanding {
    fn add_assign(&mut self, more: Self) {
        *self = each_field!(self, more, u32::saturating_add);
    }
}

impl SubAssign for UnitStanding {
    fn sub_assign(&mut self, less: Self) {
        *self = each_field!(self, less, u32::saturating_sub);
    }
}

impl UnitStanding {
    fn of(row: &RosterRow, quota: &JpQuota, today: chrono::NaiveDate) -> Self {
        let year = year_of(today);
        let jp = row.jp_of(year);
        let one = |yes: bool| u32::from(yes);
        let (reached, missing, over) = match quota.standing(row.kind, jp) {
            JpStanding::Below { missing } => (0, missing, 0),
            JpStanding::Reached => (1, 0, 0),
            JpStanding::Over { .. } => (0, 0, 1),
            JpStanding::Within { .. } | JpStanding::NoRule => (0, 0, 0),
        };
        Self {
            people: 1,
            below: one(row.below > 0),
            not_rated: one(row.rated_on.is_none_or(|day| day.year() != today.year())),
            with_floor: one(row.kind == EmploymentKind::Pns),
            reached,
            missing,
            over,
            jp,
            jp_before: row.jp_of(year.saturating_sub(1)),
        }
    }
}

/// By unit.
#[derive(Debug, Default, PartialEq)]
pub(in crate::office) struct Standings(HashMap<Option<UnitId>, UnitStanding>);

impl Standings {
    /// Of all units that are meant.
    pub fn of(&self, meant: impl Fn(Option<UnitId>) -> bool) -> UnitStanding {
        self.by(|unit| meant(unit).then_some(())).remove(&()).unwrap_or_default()
    }

    /// The same by the group each unit is in, if any.
    pub fn by<G: Eq + Hash>(
        &self,
        group: impl Fn(Option<UnitId>) -> Option<G>,
    ) -> HashMap<G, UnitStanding> {
        let mut groups = HashMap::new();
        for (unit, one) in &self.0 {
            if let Some(group) = group(*unit) {
                *groups.entry(group).or_insert_with(UnitStanding::default) += *one;
            }
        }
        groups
    }

    fn count(&mut self, row: &RosterRow, quota: &JpQuota, today: chrono::NaiveDate, comes: bool) {
        if !row.is_active() {
            return;
        }
        let sum = self.0.entry(row.unit).or_default();
        let one = UnitStanding::of(row, quota, today);
        if comes {
            *sum += one;
        } else {
            *sum -= one;
            if sum.people == 0 {
                self.0.remove(&row.unit);
            }
        }
    }
}

impl View for Standings {
    fn rebuild(source: &Source) -> Result<Self, StoreError> {
        let mut all = Self::default();
        let rules = source.catalog.rules(source.today);
        let rows = source.roster.rows().iter();
        rows.for_each(|row| all.count(row, &rules.jp_quota, source.today, true));
        Ok(all)
    }

    fn person(&mut self, seen: Seen<'_>, comes: bool) {
        let quota = &seen.catalog.rules(seen.today).jp_quota;
        self.count(seen.row, quota, seen.today, comes);
    }
}
