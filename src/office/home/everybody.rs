//! Everybody: what home is made of that has to be looked for among all people, as far as it is
//! the same on every day of a year. It is packed with home, so that whoever comes in on
//! another day reads nobody either: only days are compared anew.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::Scope;
use crate::domain::kinds::idp_line::Due;
use crate::office::views::row::RosterRow;
use crate::office::views::standing::UnitStanding;
use crate::office::views::state::State;
use crate::store::StoreError;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(in crate::office) struct Everybody {
    pub standing: UnitStanding,
    /// When the first certificate of those who work here ends, and of how many on that day.
    pub expires: BTreeMap<NaiveDate, u32>,
    /// By when lines of development plans that are not done are to be.
    pub lines: BTreeMap<Due, u32>,
    /// Those who work here and were not judged for the year before; none where performance is
    /// not kept.
    pub not_judged: Option<u32>,
}

impl Everybody {
    pub fn of(scope: &Scope) -> Result<Self, StoreError> {
        let state = scope.state;
        let here = |row: &&RosterRow| row.is_active() && scope.has(row.unit);
        let mut expires = BTreeMap::new();
        for day in state.roster.rows().iter().filter(here).filter_map(|row| row.expires) {
            *expires.entry(day).or_default() += 1;
        }
        let owed = state.owed()?;
        let mut lines = BTreeMap::new();
        for (due, person) in owed.due() {
            if state.roster.get(person.0).is_some_and(|row| scope.has(row.unit)) {
                *lines.entry(due).or_default() += 1;
            }
        }
        let year = scope.today.year() - 1;
        let not_judged = |row: &&RosterRow| {
            here(row) && owed.judged(row.number).is_none_or(|of| i32::from(of) < year)
        };
        let count = || state.roster.rows().iter().filter(not_judged).count() as u32;
        Ok(Self {
            standing: state.standing()?.of(|unit| scope.has(unit)),
            expires,
            lines,
            not_judged: owed.has_judgements().then(count),
        })
    }
}

/// Whether what was found among everybody on one day is what is found on the other, if nothing
/// was written between the two.
pub(super) fn is_as_on(state: &State, then: NaiveDate) -> bool {
    let (catalog, today) = (&state.catalog, state.today);
    then.year() == today.year()
        && !catalog.standards_change_between(then, today)
        && catalog.rules(then) == catalog.rules(today)
}
