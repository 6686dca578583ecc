//! Restriction (penundaan dan pembatasan pemrosesan, UU 27/2022 Pasal 11): what the office
//! holds about a restricted person stays as it stands and stays here. Nothing of theirs is
//! changed but the restriction itself and their correction requests, and no file takes
//! them along. Here too stands what nobody changes by hand: the records of readings.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::domain::belongs::{Owner, Writers};
use crate::domain::change::Change;
use crate::domain::kinds::employee::Employee;
use crate::domain::record::{Kind, Record};
use crate::office::read::list::Key;
use crate::office::trouble::Trouble;
use crate::office::views::state::State;
use crate::protocol::Problem;
use crate::store::StoreError;

/// Names one refusal lists; the rest is counted.
const NAMES_MAX: usize = 5;

impl State {
    pub fn is_restricted(&self, person: u32) -> bool {
        self.roster.get(person).is_some_and(|row| row.restricted)
    }

    /// What of a list a file takes along, and how many people it leaves out.
    pub fn without_restricted(&self, kind: Kind, keys: &Arc<[Key]>) -> (Arc<[Key]>, u32) {
        let itself = kind.belongs() == Owner::Somebody;
        let person = |key: &Key| if itself { key.number } else { key.owner };
        let out: BTreeSet<u32> =
            keys.iter().map(person).filter(|person| self.is_restricted(*person)).collect();
        if out.is_empty() {
            return (Arc::clone(keys), 0);
        }
        let rest = keys.iter().filter(|key| !out.contains(&person(key))).copied().collect();
        (rest, u32::try_from(out.len()).unwrap_or(u32::MAX))
    }

    /// Whether these changes leave alone what is restricted, and what is the office's own.
    pub fn may_change(&self, changes: &[Change]) -> Result<(), Trouble> {
        if changes.iter().any(|change| change.id.kind.writers() == Writers::Office) {
            return Err(Problem::KeptByOffice.into());
        }
        let mut people: BTreeSet<u32> = BTreeSet::new();
        for change in changes {
            match change.id.kind.belongs() {
                Owner::Somebody if !self.is_restricted(change.id.number) => {}
                Owner::Somebody if self.lifts(change)? => {}
                Owner::Somebody => drop(people.insert(change.id.number)),
                Owner::Person if !change.id.kind.even_restricted() => {
                    let before = self.get(change.id)?.and_then(|stored| stored.record.person());
                    let after = change.after.as_ref().and_then(Record::person);
                    people.extend(before.into_iter().chain(after).map(|owner| owner.0));
                }
                Owner::Person | Owner::Office | Owner::Unit | Owner::Officer => {}
            }
        }
        people.retain(|person| self.is_restricted(*person));
        if people.is_empty() {
            return Ok(());
        }
        let rows = people.iter().filter_map(|person| self.roster.get(*person));
        let labels =
            rows.take(NAMES_MAX).map(crate::office::views::row::RosterRow::full_name).collect();
        let count = u32::try_from(people.len()).unwrap_or(u32::MAX);
        Err(Problem::Restricted { labels, count }.into())
    }

    /// Whether a change takes the restriction away and nothing else.
    fn lifts(&self, change: &Change) -> Result<bool, StoreError> {
        let before = self.get(change.id)?.map(|stored| stored.record);
        let (Some(Record::Employee(before)), Some(Record::Employee(after))) =
            (before, &change.after)
        else {
            return Ok(false);
        };
        Ok(*after == Employee { restricted: false, ..before })
    }
}
