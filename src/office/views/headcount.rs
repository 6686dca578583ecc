//! Headcount: how many people each unit has in which position, kept by difference; and
//! from it, as far as somebody reaches, how many active people each unit, with all below it,
//! and each position has.

use std::collections::{BTreeMap, HashMap};

use crate::domain::record::{PositionId, UnitId};
use crate::office::views::catalog::Catalog;
use crate::office::views::kept::{Seen, Source, View};
use crate::office::views::row::RosterRow;
use crate::store::StoreError;

/// People of one unit in one position.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Count {
    all: u32,
    active: u32,
}

/// People by unit and position.
#[derive(Debug, Default, PartialEq)]
pub(in crate::office) struct Posts(BTreeMap<(Option<UnitId>, Option<PositionId>), Count>);

impl Posts {
    /// People in all units that are meant.
    pub fn people(&self, meant: impl Fn(Option<UnitId>) -> bool) -> u32 {
        let there = self.0.iter().filter(|((unit, _), _)| meant(*unit));
        there.map(|(_, count)| count.all).sum()
    }

    fn count(&mut self, row: &RosterRow, comes: bool) {
        let key = (row.unit, row.position);
        let one = Count { all: 1, active: u32::from(row.is_active()) };
        let count = self.0.entry(key).or_default();
        if comes {
            *count = Count { all: count.all + one.all, active: count.active + one.active };
        } else {
            *count = Count {
                all: count.all.saturating_sub(one.all),
                active: count.active.saturating_sub(one.active),
            };
            if count.all == 0 {
                self.0.remove(&key);
            }
        }
    }
}

impl View for Posts {
    fn rebuild(source: &Source) -> Result<Self, StoreError> {
        let mut posts = Self::default();
        source.roster.rows().iter().for_each(|row| posts.count(row, true));
        Ok(posts)
    }

    fn person(&mut self, seen: Seen<'_>, comes: bool) {
        self.count(seen.row, comes);
    }
}

/// Active people by unit, with all below it, and by position.
#[derive(Debug)]
pub(in crate::office) struct Headcount {
    /// The version of the office it was counted at.
    pub version: u64,
    units: HashMap<u32, u32>,
    positions: HashMap<u32, u32>,
}

impl Headcount {
    pub fn of(
        version: u64,
        catalog: &Catalog,
        posts: &Posts,
        meant: impl Fn(Option<UnitId>) -> bool,
    ) -> Self {
        let mut right_there: HashMap<u32, u32> = HashMap::new();
        let mut positions: HashMap<u32, u32> = HashMap::new();
        for ((unit, position), count) in posts.0.iter().filter(|((unit, _), _)| meant(*unit)) {
            if let Some(unit) = unit {
                *right_there.entry(unit.0).or_default() += count.active;
            }
            if let Some(position) = position {
                *positions.entry(position.0).or_default() += count.active;
            }
        }
        let mut units: HashMap<u32, u32> = HashMap::new();
        for (unit, people) in right_there {
            let mut at = Some(unit);
            // A loop (a damaged tree) ends after as many steps as there are units.
            for _ in 0..=catalog.units.len() {
                let Some(unit) = at else { break };
                *units.entry(unit).or_default() += people;
                at = catalog.units.get(&unit).and_then(|(_, row)| row.parent).map(|above| above.0);
            }
        }
        Self { version, units, positions }
    }

    pub fn in_unit(&self, unit: u32) -> u32 {
        self.units.get(&unit).copied().unwrap_or(0)
    }

    pub fn in_position(&self, position: u32) -> u32 {
        self.positions.get(&position).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::kinds::employee::{Employee, Status};
    use crate::domain::kinds::unit::Unit;
    use crate::domain::record::{Kind, PositionId, RecordId, Revision, UnitId};

    #[test]
    fn a_unit_counts_the_active_people_of_all_units_below_it() {
        let mut catalog = Catalog::new();
        for (number, parent) in [(1000, None), (1001, Some(1000)), (1002, Some(1001))] {
            let unit = Unit { parent: parent.map(UnitId), ..Unit::default() };
            catalog.put(RecordId::new(Kind::Units, number), Revision(1), Some(unit.into()));
        }
        let person = |unit, status| Employee {
            unit: Some(UnitId(unit)),
            position: Some(PositionId(1000)),
            status,
            ..Employee::default()
        };
        let mut posts = Posts::default();
        for employee in [
            person(1002, Status::Active),
            person(1001, Status::Active),
            person(1002, Status::Retired),
        ] {
            posts.count(&RosterRow::of(1, Revision(1), &employee), true);
        }
        assert_eq!(posts.people(|_| true), 3);
        let counted = Headcount::of(1, &catalog, &posts, |_| true);
        let of = |unit| counted.in_unit(unit);
        assert_eq!([of(1000), of(1001), of(1002), of(1003)], [2, 2, 1, 0]);
        assert_eq!(counted.in_position(1000), 2);
    }
}
