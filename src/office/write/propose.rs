//! Who might rate whom, from the tree of units: the head of the unit or of the next above it,
//! those of the same unit and level, those below. The head of a unit is whoever alone holds
//! its highest post by eselon or job level; what a post is called tells nothing. Everybody
//! rates about as many as rate them. A proposal: officers correct it.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::kinds::cycle::RaterGroup;
use crate::domain::kinds::position::{ESELON, JobLevel};
use crate::domain::record::UnitId;
use crate::office::views::row::RosterRow;
use crate::office::views::state::State;

/// Person, in which relation, and who rates.
pub(in crate::office) type Proposed = (u32, RaterGroup, u32);

struct Tree<'a> {
    state: &'a State,
    /// Those who work in each unit, by number.
    people: BTreeMap<u32, Vec<&'a RosterRow>>,
    heads: BTreeMap<u32, u32>,
    children: BTreeMap<u32, Vec<u32>>,
}

/// The raters of everybody who works in these units, at most `most` of a group.
pub(in crate::office) fn raters(
    state: &State,
    scope: Option<&BTreeSet<u32>>,
    most: usize,
) -> Vec<Proposed> {
    let tree = Tree::of(state);
    let mut proposed = Vec::new();
    let units = tree.people.iter().filter(|(unit, _)| scope.is_none_or(|of| of.contains(unit)));
    for (unit, people) in units {
        for row in people {
            let person = row.number;
            proposed.push((person, RaterGroup::Own, person));
            let superior = tree.superior(*unit, person);
            proposed.extend(superior.map(|head| (person, RaterGroup::Superior, head)));
            let peers = after(&tree.peers(*unit, row), person, most);
            proposed.extend(peers.into_iter().map(|one| (person, RaterGroup::Peer, one)));
            let below = after(&tree.below(*unit, person), person, most);
            proposed.extend(below.into_iter().map(|one| (person, RaterGroup::Subordinate, one)));
        }
    }
    proposed
}

/// The next in turn after a person, so that no one is asked by all.
fn after(others: &[u32], person: u32, most: usize) -> Vec<u32> {
    let from = others.partition_point(|other| *other < person);
    let turn = others.iter().cycle().skip(from).take(others.len().min(most));
    turn.copied().collect()
}

impl<'a> Tree<'a> {
    fn of(state: &'a State) -> Self {
        let mut people: BTreeMap<u32, Vec<&RosterRow>> = BTreeMap::new();
        for row in state.roster.rows().iter().filter(|row| row.is_active()) {
            if let Some(unit) = row.unit {
                people.entry(unit.0).or_default().push(row);
            }
        }
        let heads = people.iter().filter_map(|(unit, rows)| Some((*unit, head(state, rows)?)));
        let heads = heads.collect();
        let mut children: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (number, (_, unit)) in &state.catalog.units {
            if let Some(parent) = unit.parent {
                children.entry(parent.0).or_default().push(*number);
            }
        }
        Self { state, people, heads, children }
    }

    fn above(&self, unit: u32) -> Option<u32> {
        Some(self.state.catalog.unit(Some(UnitId(unit)))?.parent?.0)
    }

    /// The head of the unit, or of the next above that has one who is somebody else.
    fn superior(&self, unit: u32, person: u32) -> Option<u32> {
        let mut at = Some(unit);
        for _ in 0..=self.state.catalog.units.len() {
            let here = at?;
            if let Some(head) = self.heads.get(&here).filter(|head| **head != person) {
                return Some(*head);
            }
            at = self.above(here);
        }
        None
    }

    /// Those of the same unit and level; of a head the heads beside it.
    fn peers(&self, unit: u32, row: &RosterRow) -> Vec<u32> {
        let level = |row: &RosterRow| self.state.catalog.level(row.position);
        let head = |unit: &u32| self.heads.get(unit).copied();
        if head(&unit) == Some(row.number) {
            let beside = self.above(unit).and_then(|above| self.children.get(&above));
            let heads = beside.into_iter().flatten().filter(|other| **other != unit);
            let mut heads: Vec<u32> = heads.filter_map(head).collect();
            heads.retain(|one| {
                self.state.roster.get(*one).is_some_and(|one| level(one) == level(row))
            });
            heads.sort_unstable();
            return heads;
        }
        let here = self.people.get(&unit).into_iter().flatten();
        let same = here.filter(|one| one.number != row.number && level(one) == level(row));
        same.map(|one| one.number).filter(|one| head(&unit) != Some(*one)).collect()
    }

    /// Of a head those of the unit and the heads of the units below it.
    fn below(&self, unit: u32, person: u32) -> Vec<u32> {
        if self.heads.get(&unit) != Some(&person) {
            return Vec::new();
        }
        let here = self.people.get(&unit).into_iter().flatten().map(|row| row.number);
        let below = self.children.get(&unit).into_iter().flatten();
        let heads = below.filter_map(|child| self.heads.get(child).copied());
        let all: BTreeSet<u32> = here.chain(heads).filter(|one| *one != person).collect();
        all.into_iter().collect()
    }
}

/// Who alone holds the highest post of these; nobody where several do.
fn head(state: &State, rows: &[&RosterRow]) -> Option<u32> {
    let ranked = rows.iter().filter_map(|row| Some((rank(state, row)?, row.number)));
    let mut ranked: Vec<_> = ranked.collect();
    ranked.sort_unstable();
    let (first, number) = ranked.first()?;
    let alone = ranked.get(1).is_none_or(|(second, _)| second > first);
    alone.then_some(*number)
}

/// How high a post stands, the highest first; none for posts that lead nobody.
fn rank(state: &State, row: &RosterRow) -> Option<u8> {
    let position = state.catalog.position(row.position)?;
    let eselon = position.eselon.as_str();
    let by_eselon = ESELON.iter().position(|known| *known == eselon);
    let by_eselon = by_eselon.and_then(|at| u8::try_from(at).ok());
    by_eselon.or_else(|| match state.catalog.level(row.position)? {
        JobLevel::JptUtama => Some(0),
        JobLevel::JptMadya => Some(1),
        JobLevel::JptPratama => Some(2),
        JobLevel::Administrator => Some(4),
        JobLevel::Pengawas => Some(6),
        _ => None,
    })
}
