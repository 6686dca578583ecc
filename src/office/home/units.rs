//! The units under the one that is looked at, each with all below it: how many of its people
//! are below standard in each competency, its JPM, and how many have their JP. The one with
//! the most below comes first. Where these are few, what they are made of follows, for a screen
//! with room for it.

use std::collections::HashMap;

use super::Scope;
use crate::domain::gap::Figures;
use crate::domain::record::{CompetencyId, UnitId};
use crate::protocol::HomeUnit;
use crate::store::StoreError;

/// So many say enough by themselves.
const FEW: usize = 8;
/// Units further down: more than there are lines.
const DEEPER_MAX: usize = 40;
/// How far it is looked down for a unit that has parts.
const STEPS_MAX: usize = 8;

pub(super) fn rows(
    scope: &Scope,
    unit: Option<UnitId>,
    columns: &[CompetencyId],
) -> Result<Vec<HomeUnit>, StoreError> {
    let top = unit.or(scope.reach().top()).or_else(|| only_root(scope));
    let mut rows = below(scope, top, columns)?;
    if rows.len() <= FEW {
        let mut deeper = Vec::new();
        for unit in rows.iter().filter(|unit| !unit.own) {
            deeper.extend(parts(scope, unit.id, columns)?);
        }
        deeper.sort_by_key(most_first);
        deeper.truncate(DEEPER_MAX);
        rows.extend(deeper);
    }
    Ok(rows)
}

/// The units a unit is made of; one that is all of it says nothing new and is passed over.
fn parts(
    scope: &Scope,
    unit: UnitId,
    columns: &[CompetencyId],
) -> Result<Vec<HomeUnit>, StoreError> {
    let mut top = unit;
    for _ in 0..STEPS_MAX {
        let rows = below(scope, Some(top), columns)?;
        match rows.as_slice() {
            [only] if !only.own => top = only.id,
            [_, _, ..] => {
                let deeper = |row| HomeUnit { deeper: true, ..row };
                return Ok(rows.into_iter().map(deeper).collect());
            }
            _ => break,
        }
    }
    Ok(Vec::new())
}

fn most_first(row: &HomeUnit) -> (std::cmp::Reverse<u32>, u32) {
    (std::cmp::Reverse(row.below.iter().sum()), row.id.0)
}

/// The units right below `top`, and `top` itself.
fn below(
    scope: &Scope,
    top: Option<UnitId>,
    columns: &[CompetencyId],
) -> Result<Vec<HomeUnit>, StoreError> {
    let state = scope.state;
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
            deeper: false,
            people: standing.people,
            below: figures.iter().map(|column| column.below).collect(),
            figures: Figures::sum(figures),
            floor: (standing.reached, standing.with_floor),
        });
    }
    rows.sort_by_key(most_first);
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
