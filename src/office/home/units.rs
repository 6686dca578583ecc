//! The units under the one that is looked at, each with all below it: how many of its people
//! are below standard in each competency, its JPM, and how many have their JP. The one with
//! the most below comes first.

use std::collections::HashMap;

use super::Scope;
use crate::domain::gap::Figures;
use crate::domain::record::{CompetencyId, UnitId};
use crate::protocol::HomeUnit;
use crate::store::StoreError;

pub(super) fn rows(
    scope: &Scope,
    unit: Option<UnitId>,
    columns: &[CompetencyId],
) -> Result<Vec<HomeUnit>, StoreError> {
    let state = scope.state;
    let top = unit.or(scope.reach().top()).or_else(|| only_root(scope));
    let groups = groups(scope, top);
    let mut units: Vec<UnitId> = groups.values().copied().collect();
    units.sort_unstable_by_key(|unit| unit.0);
    units.dedup();
    let group = |one: Option<UnitId>| {
        let one = one.filter(|_| scope.has(one))?;
        groups.get(&one.0).copied()
    };
    let standings = state.standing()?.by(group);
    let figures = state.level_figures()?.by(columns, group);
    let nobody = vec![Figures::default(); columns.len()];
    let mut rows = Vec::new();
    for unit in units {
        let Some(standing) = standings.get(&unit).filter(|standing| standing.people > 0) else {
            continue;
        };
        let figures = figures.get(&unit).unwrap_or(&nobody);
        let path = state.catalog.unit_path_text(Some(unit));
        let sign = if Some(unit) == top { '=' } else { ':' };
        let name = state.catalog.unit(Some(unit)).map_or_else(String::new, |row| row.name.clone());
        rows.push(HomeUnit {
            id: unit,
            name,
            search: format!("unit{sign}\"{path}\""),
            // The people of the unit itself, without those of the units below it.
            own: Some(unit) == top,
            people: standing.people,
            below: figures.iter().map(|column| column.below).collect(),
            figures: Figures::sum(figures),
            floor: (standing.reached, standing.with_floor),
        });
    }
    rows.sort_by_key(|row| (std::cmp::Reverse(row.below.iter().sum::<u32>()), row.id.0));
    Ok(rows)
}

/// Where the tree has one top, it says nothing to show that alone.
fn only_root(scope: &Scope) -> Option<UnitId> {
    let units = &scope.state.catalog.units;
    let mut roots = units.iter().filter(|(_, (_, unit))| unit.parent.is_none());
    let first = roots.next().map(|(number, _)| UnitId(*number));
    first.filter(|_| roots.next().is_none())
}

/// Of each unit the one right below `top` that it belongs to; `top` itself is its own.
fn groups(scope: &Scope, top: Option<UnitId>) -> HashMap<u32, UnitId> {
    let units = &scope.state.catalog.units;
    let parent = |unit: u32| units.get(&unit).and_then(|(_, row)| row.parent);
    let mut groups = HashMap::new();
    for number in units.keys().copied() {
        if Some(UnitId(number)) == top {
            groups.insert(number, UnitId(number));
            continue;
        }
        let mut at = number;
        // A loop (a damaged tree) ends after as many steps as there are units.
        for _ in 0..=units.len() {
            let above = parent(at);
            if above == top {
                groups.insert(number, UnitId(at));
                break;
            }
            let Some(above) = above else { break };
            at = above.0;
        }
    }
    groups
}
