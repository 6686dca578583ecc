//! Narrowing: each key of a search that is being typed asks for some of those whom the one
//! before has found, and a key taken back for those found earlier. What the last searches
//! found is kept, a bit a person, and only what is new in a search is compared, among those
//! alone. What it finds is always what a search of everybody would: one that is not certain to
//! be within another is made of everybody.

use std::collections::{BTreeSet, VecDeque};

use chrono::NaiveDate;

use crate::domain::kinds::officer::Role;
use crate::domain::record::{Kind, RecordId, SessionId, UnitId};
use crate::domain::search::{Clause, Op, Query, Term};
use crate::office::read::filter::Matcher;
use crate::office::rights::Reach;
use crate::office::views::state::State;
use crate::store::StoreError;

/// Searches kept: as many keys as are taken back one after the other.
const KEPT_MAX: usize = 24;
/// Columns whose terms are words sought in a text.
const TEXTS: [&str; 4] = ["name", "unit", "unit_path", "position"];

/// Whom a search was made among, when and by whom: of the same people the same are found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::office) struct Among {
    pub version: u64,
    pub today: NaiveDate,
    pub top: Option<UnitId>,
    pub role: Role,
    pub unit: Option<UnitId>,
    pub of: Option<RecordId>,
}

/// The places in the roster of those a search has found.
#[derive(Clone, Debug, Default)]
pub(in crate::office) struct Places(Vec<u64>);

impl Places {
    /// None yet, of so many.
    pub fn of(count: usize) -> Self {
        Self(vec![0; count.div_ceil(64)])
    }

    pub fn put(&mut self, place: usize) {
        self.0[place / 64] |= 1 << (place % 64);
    }

    /// As they lie.
    pub fn each(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(at, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                let place = (left != 0).then(|| 64 * at + left.trailing_zeros() as usize);
                left &= left.wrapping_sub(1);
                place
            })
        })
    }
}

/// What a search has found, before any order.
pub(in crate::office) struct Searched {
    search: Query,
    /// People before the search.
    pub total: u32,
    pub places: Places,
}

impl Searched {
    pub const fn new(search: Query, total: u32, places: Places) -> Self {
        Self { search, total, places }
    }
}

/// The last searches, all of them made among the same people.
#[derive(Default)]
pub(in crate::office) struct Narrowing {
    among: Option<Among>,
    kept: VecDeque<Searched>,
}

impl Narrowing {
    /// The latest search that found everybody whom this one will, and what of this one they
    /// have still to meet.
    pub fn within(&self, among: Among, search: &Query) -> Option<(&Searched, Query)> {
        let kept = self.kept.iter().filter(|_| self.among == Some(among));
        kept.rev().find_map(|wider| Some((wider, rest(search, &wider.search)?)))
    }

    pub fn keep(&mut self, among: Among, searched: Searched) {
        if self.among != Some(among) {
            self.among = Some(among);
            self.kept.clear();
        }
        if self.kept.iter().any(|kept| kept.search == searched.search) {
            return;
        }
        if self.kept.len() >= KEPT_MAX {
            self.kept.pop_front();
        }
        self.kept.push_back(searched);
    }
}

impl State {
    /// Whom a search finds, among those an earlier one has found where that had them all.
    pub fn searched(
        &self,
        among: Among,
        search: Query,
        reach: &Reach,
    ) -> Result<Searched, StoreError> {
        let rows = self.roster.rows();
        let mut places = Places::of(rows.len());
        if let Some((wider, rest)) = self.narrowing.within(among, &search) {
            let matcher = Matcher::new(self, &rest, None, reach)?;
            let meet = |place: &usize| matcher.matches(self, &rows[*place]);
            wider.places.each().filter(meet).for_each(|place| places.put(place));
            return Ok(Searched::new(search, wider.total, places));
        }
        let matcher = Matcher::new(self, &search, among.unit, reach)?;
        let enrolled = among.of.filter(|of| of.kind == Kind::Sessions);
        let roll: Option<BTreeSet<u32>> =
            enrolled.map(|of| self.roster.roll(SessionId(of.number)).collect());
        let mut total = 0;
        for (place, row) in rows.iter().enumerate() {
            let listed = matcher.in_scope(row.unit)
                && roll.as_ref().is_none_or(|roll| roll.contains(&row.number));
            total += u32::from(listed);
            if listed && matcher.matches(self, row) {
                places.put(place);
            }
        }
        Ok(Searched::new(search, total, places))
    }
}

/// What somebody who meets `wider` has still to meet for `search`; `None` where others may.
fn rest(search: &Query, wider: &Query) -> Option<Query> {
    let met_by_some = |wide: &Clause| search.clauses.iter().any(|clause| leads_to(clause, wide));
    if !wider.clauses.iter().all(met_by_some) {
        return None;
    }
    let mut rest = search.clone();
    rest.clauses.retain(|clause| !wider.clauses.contains(clause));
    Some(rest)
}

/// Whether whoever meets `clause` is certain to meet `wide`.
fn leads_to(clause: &Clause, wide: &Clause) -> bool {
    // Of those who are not wanted it is the other way round.
    let (narrow, broad) = if clause.not { (wide, clause) } else { (clause, wide) };
    let held = |term: &Term| broad.any.iter().any(|other| is_within(term, other));
    clause.not == wide.not && narrow.any.iter().all(held)
}

/// Whether `wide` holds wherever `term` does.
fn is_within(term: &Term, wide: &Term) -> bool {
    match (term, wide) {
        (Term::Word(word), Term::Word(part)) => word.contains(part.as_str()),
        (
            Term::Field { name, op: Op::Has, value },
            Term::Field { name: of, op: Op::Has, value: part },
        ) if name == of && TEXTS.contains(&name.as_str()) => value.contains(part.as_str()),
        (term, wide) => term == wide,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn query(text: &str) -> Query {
        Query::parse(text, &|name| ["unit", "jp", "grade"].contains(&name))
    }

    /// How many clauses are left to be met of the second, among those the first has found.
    fn left(before: &str, after: &str) -> Option<usize> {
        rest(&query(after), &query(before)).map(|rest| rest.clauses.len())
    }

    #[test]
    fn another_letter_narrows_what_was_found_and_anything_else_begins_anew() {
        for (before, after, expected) in [
            ("", "s", Some(1)),
            ("sit", "siti", Some(1)),
            ("siti", "siti w", Some(1)),
            ("siti w", "siti wi", Some(1)),
            ("unit:plaj", "unit:plaju", Some(1)),
            ("unit:plaju", "siti unit:plaju", Some(1)),
            ("!sit", "!siti", None),
            ("!siti", "!sit", Some(1)),
            ("siti,budi", "siti", Some(1)),
            ("siti", "siti,budi", None),
            ("siti", "sit", None),
            ("jp<2", "jp<20", None),
            ("grade:ii", "grade:iii", None),
            // A short word means others than its beginning did.
            ("ka", "kas", None),
            ("kas", "kasi", Some(1)),
        ] {
            assert_eq!(left(before, after), expected, "{before:?} {after:?}");
        }
    }

    proptest! {
        #[test]
        fn places_are_given_as_they_lie(
            places in prop::collection::btree_set(0_usize..300, 0..300),
        ) {
            let mut set = Places::of(300);
            for place in &places {
                set.put(*place);
            }
            prop_assert!(set.each().eq(places));
        }
    }
}
