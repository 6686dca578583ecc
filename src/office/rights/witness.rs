//! Witness: what of an entry an asker may see. History follows a record's present unit, and
//! a deleted one's last: of an entry that touched records beyond the asker's reach it is
//! told that there are such, not how many.

use std::collections::HashSet;

use crate::domain::belongs::Owner;
use crate::domain::change::Change;
use crate::domain::record::{EmployeeId, Record, RecordId};
use crate::journal::Line;
use crate::office::Office;
use crate::office::read::label::{ActTally, act};
use crate::office::read::survey::Seen;
use crate::office::rights::Rights;
use crate::office::rights::places::Place;
use crate::office::trouble::Trouble;
use crate::protocol::{Act, Summary};

/// One record of an entry: enough to tell whose it is.
#[derive(Clone, Copy, Debug)]
pub(in crate::office) struct Mark {
    id: RecordId,
    act: Act,
    /// The person it is or belongs to; 0 for none.
    person: u32,
}

/// How much of an entry is within reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::office) enum Witnessed {
    Nothing,
    Part,
    Whole,
}

impl Office {
    /// Where a record belongs now, a deleted one where it did last; `record` is some version
    /// of it that is at hand.
    pub(in crate::office) fn present_place(
        &mut self,
        id: RecordId,
        record: Option<&Record>,
    ) -> Result<Option<Place>, Trouble> {
        match id.kind.belongs() {
            Owner::Office => Ok(Some(Place::Office)),
            Owner::Somebody => self.person_place(id.number),
            Owner::Person => {
                let person = match record.and_then(Record::person) {
                    Some(person) => Some(person),
                    None => self.last_version(id)?.and_then(|record| record.person()),
                };
                let Some(person) = person else { return Ok(None) };
                Ok(self.person_place(person.0)?.map(|place| place.of_theirs(id.kind)))
            }
            Owner::Unit | Owner::Officer => {
                let last = self.last_version(id)?;
                Ok(last.and_then(|record| self.state.place(id, &record)))
            }
        }
    }

    fn person_place(&mut self, person: u32) -> Result<Option<Place>, Trouble> {
        if let Some(row) = self.state.roster.get(person) {
            return Ok(Some(Place::People(row.unit)));
        }
        if let Some(place) = self.gone.get(&person) {
            return Ok(place.clone());
        }
        let id = EmployeeId(person).into();
        let last = self.last_version(id)?;
        let place = last.and_then(|record| self.state.place(id, &record));
        self.gone.insert(person, place.clone());
        Ok(place)
    }

    /// A record as it stands, or as it stood before it was deleted.
    fn last_version(&mut self, id: RecordId) -> Result<Option<Record>, Trouble> {
        if let Some(stored) = self.state.get(id)? {
            return Ok(Some(stored.record));
        }
        match self.trail(id)?.last().map(|version| version.seq) {
            Some(deleted) => self.before(id, deleted),
            None => Ok(None),
        }
    }

    /// Whether a record is, or was when it was deleted, within reach.
    pub(in crate::office) fn witnesses(
        &mut self,
        rights: &Rights,
        id: RecordId,
    ) -> Result<bool, Trouble> {
        if rights.is_whole() {
            return Ok(true);
        }
        Ok(self.present_place(id, None)?.is_some_and(|place| rights.covers(&place)))
    }

    /// The same of one change of entry `seq`.
    pub(in crate::office) fn witnesses_change(
        &mut self,
        rights: &Rights,
        seq: u64,
        change: &Change,
    ) -> Result<bool, Trouble> {
        if rights.is_whole() {
            return Ok(true);
        }
        let mark = self.mark(seq, change)?;
        self.covers_mark(rights, mark)
    }

    /// How much of these changes of entry `seq` is within reach.
    pub(in crate::office) fn witnessed(
        &mut self,
        rights: &Rights,
        seq: u64,
        changes: &[Change],
    ) -> Result<Witnessed, Trouble> {
        if rights.is_whole() {
            return Ok(Witnessed::Whole);
        }
        let mut covered = 0;
        for change in changes {
            covered += usize::from(self.witnesses_change(rights, seq, change)?);
        }
        Ok(match covered {
            0 => Witnessed::Nothing,
            some if some < changes.len() => Witnessed::Part,
            _ => Witnessed::Whole,
        })
    }

    /// What an entry did, as far as the asker sees it.
    pub(in crate::office) fn summary_seen(
        &mut self,
        rights: &Rights,
        line: &Line,
    ) -> Result<Seen, Trouble> {
        let Some(whole) = self.summary_of(rights, line)? else { return Ok(Seen::NotYet) };
        let officers = whole.parts.iter().any(|(kind, ..)| kind.belongs() == Owner::Officer);
        if rights.is_whole() || (rights.reach.is_everywhere() && !officers) {
            return Ok(Seen::Some(whole));
        }
        let mut tally = ActTally::default();
        let mut others = false;
        let Some(marks) = self.marks(line)? else { return Ok(Seen::NotYet) };
        for mark in marks.iter().flat_map(|(_, marks)| marks) {
            if self.covers_mark(rights, *mark)? {
                tally.count_one(mark.id, mark.act);
            } else {
                others = true;
            }
        }
        if tally.count == 0 {
            return Ok(Seen::Nothing);
        }
        let label = if others { String::new() } else { whole.label };
        Ok(Seen::Some(Summary { parts: tally.parts(), label, others, ..whole }))
    }

    /// Those of these records that are within reach.
    pub(in crate::office) fn covered(
        &mut self,
        rights: &Rights,
        marks: &[Mark],
    ) -> Result<HashSet<RecordId>, Trouble> {
        let mut covered = HashSet::new();
        for mark in marks {
            if self.covers_mark(rights, *mark)? {
                covered.insert(mark.id);
            }
        }
        Ok(covered)
    }

    fn covers_mark(&mut self, rights: &Rights, mark: Mark) -> Result<bool, Trouble> {
        let place = if mark.id.kind.belongs().is_personal() {
            self.person_place(mark.person)?.map(|place| place.of_theirs(mark.id.kind))
        } else {
            self.present_place(mark.id, None)?
        };
        Ok(place.is_some_and(|place| rights.covers(&place)))
    }

    pub(in crate::office) fn mark(&mut self, seq: u64, change: &Change) -> Result<Mark, Trouble> {
        let id = change.id;
        let person = match (id.kind.belongs(), &change.after) {
            (Owner::Somebody, _) => id.number,
            (_, Some(record)) => record.person().map_or(0, |person| person.0),
            (Owner::Person, None) => {
                let before = self.before(id, seq)?;
                before.and_then(|record| record.person()).map_or(0, |person| person.0)
            }
            (_, None) => 0,
        };
        Ok(Mark { id, act: act(change), person })
    }
}
