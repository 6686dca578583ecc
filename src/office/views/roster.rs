//! Roster: one short row a person, in memory, with everything lists, search and the
//! matrix need — so that a keystroke never reads full records. Packed into chunks for
//! a fast start; what is packed says at which head of the journal that was.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::codec::{self, CodecError};
use crate::domain::change::Head;
use crate::domain::kinds::enrolment::Turnout;
use crate::domain::number::EmployeeNumber;
use crate::domain::record::{Kind, SessionId};
use crate::office::home;
use crate::office::views::number_set;
use crate::office::views::row::RosterRow;
use crate::store::StoreError;

/// Employee numbers a chunk covers.
const CHUNK: u32 = 256;
/// Chunk numbers from here hold the rolls of sessions.
const ROLLS: u32 = 0x8000_0000;
/// The chunk with the order of names, so that opening need not sort.
const ORDER: u32 = u32::MAX - 1;
/// The chunk that says at which entry, and on which day, everything was packed.
pub(in crate::office) const STAMP: u32 = u32::MAX;
/// Changes with the layout of rows, and of what [`columns`](super::columns) are packed beside them.
const LAYOUT: [u8; 4] = *b"rosA";

/// Whether a chunk of the store's lists is of the roster; some below the order are of others.
pub(in crate::office) fn is_part(chunk: u32) -> bool {
    !(home::CHUNK..ORDER).contains(&chunk)
}

/// Where everything was packed.
#[derive(Serialize, Deserialize, PartialEq)]
struct Stamp {
    layout: [u8; 4],
    head: Head,
    day: NaiveDate,
}

/// Where the store stood when a roster with this stamp was packed, and the day its gaps were
/// counted for.
pub(in crate::office) fn packed_at(stamp: &[u8]) -> Option<(Head, NaiveDate)> {
    let stamp: Stamp = codec::decode(stamp).ok()?;
    (stamp.layout == LAYOUT).then_some((stamp.head, stamp.day))
}

/// What such a roster is stamped with.
pub(in crate::office) fn stamp(head: Head, day: NaiveDate) -> Option<Vec<u8>> {
    codec::encode(&Stamp { layout: LAYOUT, head, day }).ok()
}

/// The chunk a person's row is packed in, and the rows of one.
pub(in crate::office) fn chunk_of(person: u32) -> u32 {
    person / CHUNK
}

/// The numbers of people a chunk covers.
pub(in crate::office) fn people_of(chunk: u32) -> std::ops::Range<u32> {
    let first = chunk.saturating_mul(CHUNK);
    first..first.saturating_add(CHUNK)
}

/// The same of the roll of a session.
pub(in crate::office) fn roll_chunk_of(session: SessionId) -> u32 {
    ROLLS + session.0 / CHUNK
}

/// Who is enrolled in a session, by number, and whether they came.
pub(in crate::office) type Roll = Vec<(u32, Turnout)>;

/// All rows, by number; and the roll of each session.
#[derive(Default)]
pub(in crate::office) struct Roster {
    rows: Vec<RosterRow>,
    rolls: BTreeMap<u32, Roll>,
    dirty: BTreeSet<u32>,
    /// Chunks of people whose own records are otherwise than their columns were packed.
    changed: BTreeSet<u32>,
    /// Goes up with every change: results computed at another version are stale.
    pub version: u64,
    /// Indexes of the rows in the order of names; of another length while it is not known.
    by_name: Vec<u32>,
    /// Numbers of the rows in the order of NIPs, local numbers left out; not known before
    /// somebody has looked for one.
    by_nip: RefCell<Option<Vec<u32>>>,
}

impl Roster {
    pub fn rows(&self) -> &[RosterRow] {
        &self.rows
    }

    pub fn get(&self, number: u32) -> Option<&RosterRow> {
        self.place_of_number(number).ok().map(|at| &self.rows[at])
    }

    fn place_of_number(&self, number: u32) -> Result<usize, usize> {
        number_set::find(&self.rows, number, |row| row.number)
    }

    /// Who has this NIP. Of local numbers the store knows.
    pub fn with_nip(&self, nip: &EmployeeNumber) -> Option<u32> {
        let mut known = self.by_nip.borrow_mut();
        let by_nip = known.get_or_insert_with(|| {
            let mut rows: Vec<&RosterRow> = self.rows.iter().filter(|row| has_nip(row)).collect();
            rows.sort_unstable_by(|a, b| a.nip.cmp(&b.nip));
            rows.into_iter().map(|row| row.number).collect()
        });
        let at = self.place_of_nip(by_nip, nip).ok()?;
        by_nip.get(at).copied()
    }

    fn place_of_nip(&self, by_nip: &[u32], nip: &EmployeeNumber) -> Result<usize, usize> {
        by_nip.binary_search_by(|number| self.get(*number).map(|row| &row.nip).cmp(&Some(nip)))
    }

    /// Takes whoever is about to have another NIP, or none, out of the order of NIPs, or puts
    /// them in.
    fn order_nip(&mut self, number: u32, comes: bool) {
        let Some(mut by_nip) = self.by_nip.take() else { return };
        if let Some(row) = self.get(number).filter(|row| has_nip(row)) {
            match self.place_of_nip(&by_nip, &row.nip) {
                Ok(at) if !comes => drop(by_nip.remove(at)),
                Err(at) if comes => by_nip.insert(at, number),
                _ => {}
            }
        }
        self.by_nip.replace(Some(by_nip));
    }

    pub fn put(&mut self, row: RosterRow) {
        let number = row.number;
        let moves = self.get(number).is_none_or(|before| before.nip != row.nip);
        if moves {
            self.order_nip(number, false);
        }
        self.put_row(row);
        if moves {
            self.order_nip(number, true);
        }
    }

    fn put_row(&mut self, row: RosterRow) {
        self.version += 1;
        let place = self.place_of_number(row.number);
        self.dirty.insert(row.number / CHUNK);
        // What somebody has earned or is rated is in no column.
        if place.is_err() || place.is_ok_and(|at| self.rows[at].rev != row.rev) {
            self.changed.insert(row.number / CHUNK);
        }
        match place {
            Ok(at) if self.rows[at].name() == row.name() => self.rows[at] = row,
            Ok(at) => {
                self.unplace(at);
                self.rows[at] = row;
                self.place(at);
            }
            Err(at) if at == self.rows.len() => {
                self.rows.push(row);
                self.place(at);
            }
            Err(at) => {
                self.rows.insert(at, row);
                self.forget_order();
            }
        }
    }

    pub fn remove(&mut self, number: u32) {
        self.order_nip(number, false);
        if let Ok(at) = self.place_of_number(number) {
            self.version += 1;
            self.dirty.insert(number / CHUNK);
            self.changed.insert(number / CHUNK);
            self.rows.remove(at);
            self.forget_order();
        }
    }

    /// Takes a row whose name is about to change out of the order of names.
    fn unplace(&mut self, at: usize) {
        if let Ok(place) = self.place_of(at) {
            self.by_name.remove(place);
        } else {
            self.forget_order();
        }
    }

    fn forget_order(&mut self) {
        self.dirty.insert(ORDER);
        self.by_name.clear();
    }

    /// Puts the row at its place in the order of names, if the others stand in it.
    fn place(&mut self, at: usize) {
        self.dirty.insert(ORDER);
        if self.by_name.len() + 1 != self.rows.len() {
            self.forget_order();
        } else if let Err(place) = self.place_of(at) {
            self.by_name.insert(place, at as u32);
        }
    }

    fn place_of(&self, at: usize) -> Result<usize, usize> {
        let row = &self.rows[at];
        self.by_name.binary_search_by(|other| self.rows[*other as usize].cmp_by_name(row))
    }

    /// Who is enrolled in a session, and whether they came.
    pub fn turnout(&self, session: SessionId) -> &[(u32, Turnout)] {
        self.rolls.get(&session.0).map_or(&[], Vec::as_slice)
    }

    /// Those with whom any record of this kind is kept.
    pub fn holding(&self, kind: Kind) -> impl Iterator<Item = &RosterRow> {
        self.rows.iter().filter(move |row| row.holds(kind))
    }

    /// Notes how a person is, or that they are no longer, enrolled.
    pub fn enrol(&mut self, session: SessionId, employee: u32, turnout: Option<Turnout>) {
        self.version += 1;
        self.dirty.insert(ROLLS + session.0 / CHUNK);
        let roll = self.rolls.entry(session.0).or_default();
        match (roll.binary_search_by_key(&employee, |(person, _)| *person), turnout) {
            (Ok(at), Some(turnout)) => roll[at].1 = turnout,
            (Err(at), Some(turnout)) => roll.insert(at, (employee, turnout)),
            (Ok(at), None) => drop(roll.remove(at)),
            (Err(_), None) => {}
        }
        if roll.is_empty() {
            self.rolls.remove(&session.0);
        }
    }

    /// Notes in what each of these people is enrolled, whatever was known of them.
    pub fn enrol_anew(&mut self, people: &BTreeMap<u32, Vec<(SessionId, Turnout)>>) {
        let known = self.rolls.iter().flat_map(|(session, roll)| {
            let theirs = roll.iter().filter(|(person, _)| people.contains_key(person));
            theirs.map(|(person, _)| (SessionId(*session), *person))
        });
        for (session, person) in known.collect::<Vec<_>>() {
            self.enrol(session, person, None);
        }
        for (person, enrolled) in people {
            for (session, turnout) in enrolled {
                self.enrol(*session, *person, Some(*turnout));
            }
        }
    }

    /// Indexes of the rows in the order of names; sorted only after many have changed.
    pub fn by_name(&mut self) -> &[u32] {
        if self.by_name.len() != self.rows.len() {
            self.dirty.insert(ORDER);
            self.by_name = (0..self.rows.len() as u32).collect();
            let rows = &self.rows;
            self.by_name.sort_unstable_by(|a, b| rows[*a as usize].cmp_by_name(&rows[*b as usize]));
        }
        &self.by_name
    }

    #[cfg(test)]
    pub fn same(&self, other: &Self) -> bool {
        (&self.rows, &self.rolls) == (&other.rows, &other.rolls)
    }

    /// Forgets everything; what was packed of it is to be written again, or taken away.
    pub fn start_over(&mut self) {
        let mut dirty = std::mem::take(&mut self.dirty);
        dirty.insert(ORDER);
        dirty.extend(self.rows.iter().map(|row| row.number / CHUNK));
        dirty.extend(self.rolls.keys().map(|session| ROLLS + session / CHUNK));
        // Also of what could not be read: nothing packed of it may be left.
        let changed = dirty.range(..ROLLS).copied().collect();
        *self = Self { version: self.version + 1, dirty, changed, ..Self::default() };
    }

    /// Adds a row while loading in the order of numbers.
    pub fn push(&mut self, row: RosterRow) {
        self.dirty.insert(row.number / CHUNK);
        self.changed.insert(row.number / CHUNK);
        self.rows.push(row);
    }

    /// Begins to read what was packed, for about so many people.
    pub fn unpack(&mut self, people: usize) -> Unpacking<'_> {
        *self = Self { version: self.version + 1, ..Self::default() };
        self.rows.reserve_exact(people);
        Unpacking { roster: self, readable: true }
    }

    /// Whether anything is otherwise than it was packed.
    pub fn is_to_be_packed(&self) -> bool {
        self.dirty.iter().any(|chunk| *chunk != STAMP)
    }

    /// The chunks of people of whose own records something is otherwise than it was packed.
    pub fn changed(&self) -> &BTreeSet<u32> {
        &self.changed
    }

    /// What has to be written so that `unpack` gives this roster, chunk by chunk: all of it at
    /// once would be the roster once more. The stamp is the last of it.
    pub fn pack(
        &mut self,
        put: &mut dyn FnMut(u32, Vec<u8>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.dirty.remove(&STAMP);
        if self.dirty.contains(&ORDER) {
            self.by_name();
        }
        // A chunk of nobody is taken away.
        let encode = |chunk: u32| -> Option<Vec<u8>> {
            if chunk == ORDER {
                return codec::encode(&self.by_name).ok();
            }
            if chunk >= ROLLS {
                let first = (chunk - ROLLS).saturating_mul(CHUNK);
                let rolls: Vec<_> =
                    self.rolls.range(first..=first.saturating_add(CHUNK - 1)).collect();
                return if rolls.is_empty() {
                    Some(Vec::new())
                } else {
                    codec::encode(&rolls).ok()
                };
            }
            let from = self.rows.partition_point(|row| row.number / CHUNK < chunk);
            let to = self.rows.partition_point(|row| row.number / CHUNK <= chunk);
            let rows = &self.rows[from..to];
            if rows.is_empty() { Some(Vec::new()) } else { codec::encode(rows).ok() }
        };
        for chunk in &self.dirty {
            if let Some(bytes) = encode(*chunk) {
                put(*chunk, bytes)?;
            }
        }
        self.dirty.clear();
        self.changed.clear();
        Ok(())
    }
}

/// What was packed, on its way back.
pub(in crate::office) struct Unpacking<'a> {
    roster: &'a mut Roster,
    readable: bool,
}

impl Unpacking<'_> {
    /// Takes a chunk; they come in the order of their numbers.
    pub fn chunk(&mut self, chunk: u32, bytes: &[u8]) {
        let roster = &mut *self.roster;
        let read = match chunk {
            STAMP => Ok(()),
            ORDER => codec::decode(bytes).map(|order| roster.by_name = order),
            ROLLS.. => rolls(bytes).map(|rolls| roster.rolls.extend(rolls)),
            _ => rows(bytes).map(|mut rows| roster.rows.append(&mut rows)),
        };
        if read.is_err() {
            self.readable = false;
            roster.dirty.insert(chunk);
        }
    }

    /// Whether this is a roster.
    pub fn finish(self) -> bool {
        let roster = self.roster;
        if !is_order(&roster.by_name, roster.rows.len()) {
            roster.by_name.clear();
        }
        self.readable
            && roster.rows.is_sorted_by_key(|row| row.number)
            && roster.rolls.values().all(|roll| roll.is_sorted_by_key(|(person, _)| *person))
    }
}

/// The rows of a chunk.
pub(in crate::office) fn rows(bytes: &[u8]) -> Result<Vec<RosterRow>, CodecError> {
    codec::decode(bytes)
}

/// The rolls of a chunk, by session.
pub(in crate::office) fn rolls(bytes: &[u8]) -> Result<Vec<(u32, Roll)>, CodecError> {
    codec::decode(bytes)
}

/// Whether every index stands in it once.
fn is_order(order: &[u32], length: usize) -> bool {
    let mut seen = vec![false; length];
    let once =
        |at: &u32| seen.get_mut(*at as usize).is_some_and(|seen| !std::mem::replace(seen, true));
    order.len() == length && order.iter().all(once)
}

fn has_nip(row: &RosterRow) -> bool {
    !matches!(row.nip, EmployeeNumber::Local(_)) && !row.nip.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_roster_of_another_layout_is_not_taken_and_all_of_it_goes() {
        let mut roster = Roster::default();
        let mut unpacking = roster.unpack(1);
        for chunk in [0, 3, ROLLS, ROLLS + 7, ORDER, STAMP] {
            unpacking.chunk(chunk, b"\xff another layout");
        }
        assert!(!unpacking.finish());
        roster.start_over();
        let mut packed = Vec::new();
        roster
            .pack(&mut |chunk, bytes| {
                packed.push((chunk, bytes));
                Ok(())
            })
            .unwrap();
        let gone = packed.iter().filter(|(_, bytes)| bytes.is_empty()).map(|(chunk, _)| *chunk);
        assert_eq!(gone.collect::<Vec<_>>(), [0, 3, ROLLS, ROLLS + 7]);
    }
}
