//! Headcount: how many active people each unit, with all below it, and each position has.
//! Counted once for a version of the office, not once a cell.

use std::collections::HashMap;

use crate::domain::kinds::employee::Status;
use crate::office::views::catalog::Catalog;
use crate::office::views::row::RosterRow;

#[derive(Debug)]
pub(in crate::office) struct Headcount {
    /// The version of the office it was counted at.
    pub version: u64,
    units: HashMap<u32, u32>,
    positions: HashMap<u32, u32>,
}

impl Headcount {
    pub fn of<'a>(
        version: u64,
        catalog: &Catalog,
        rows: impl Iterator<Item = &'a RosterRow>,
    ) -> Self {
        let mut right_there: HashMap<u32, u32> = HashMap::new();
        let mut positions: HashMap<u32, u32> = HashMap::new();
        for row in rows.filter(|row| row.status == Status::Active) {
            if let Some(unit) = row.unit {
                *right_there.entry(unit.0).or_default() += 1;
            }
            if let Some(position) = row.position {
                *positions.entry(position.0).or_default() += 1;
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
    use crate::domain::kinds::employee::Employee;
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
        let rows: Vec<RosterRow> = [
            person(1002, Status::Active),
            person(1001, Status::Active),
            person(1002, Status::Retired),
        ]
        .iter()
        .map(|employee| RosterRow::of(1, Revision(1), employee))
        .collect();
        let counted = Headcount::of(1, &catalog, rows.iter());
        let of = |unit| counted.in_unit(unit);
        assert_eq!([of(1000), of(1001), of(1002), of(1003)], [2, 2, 1, 0]);
        assert_eq!(counted.in_position(1000), 2);
    }
}
