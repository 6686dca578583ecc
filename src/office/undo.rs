//! Undo: an entry taken back by a new entry that puts every record as it stood before.
//! Refused when a record has changed since or others depend on it; what is refused
//! changes nothing. A redo takes back an undo by the same means.

use std::collections::{HashMap, HashSet};

use super::Office;
use super::plan::{Plan, Planner};
use super::trouble::Trouble;
use crate::domain::change::Change;
use crate::domain::fault::{Fault, Reason};
use crate::domain::record::{RecordId, Revision};
use crate::link::protocol::{Problem, Step};

impl Office {
    /// Plans taking back `seq`, or the caller's latest change.
    pub(super) fn plan_undo(&mut self, step: Step, seq: Option<u64>) -> Result<Plan, Trouble> {
        let seq = match seq {
            Some(seq) => seq,
            None => self.latest(false)?.ok_or(Problem::NothingToUndo)?,
        };
        self.plan_taking_back(step, seq)
    }

    /// Plans taking back the caller's latest undo.
    pub(super) fn plan_redo(&mut self, step: Step) -> Result<Plan, Trouble> {
        let seq = self.latest(true)?.ok_or(Problem::NothingToRedo)?;
        self.plan_taking_back(step, seq)
    }

    /// The caller's latest change that still stands (or latest undo, with nothing after it).
    fn latest(&mut self, undo: bool) -> Result<Option<u64>, Trouble> {
        let officer = self.officer.clone();
        let mut taken_back: HashSet<u64> = HashSet::new();
        let mut own: Vec<(u64, Option<u64>)> = Vec::new();
        let mut targets: HashMap<u64, Option<u64>> = HashMap::new();
        self.journal.entries_backwards(None, &mut |line| {
            let (seq, undoes) = (line.header.seq, line.header.undoes);
            targets.insert(seq, undoes);
            let gone = taken_back.contains(&seq);
            if let (Some(target), false) = (undoes, gone) {
                taken_back.insert(target);
            }
            if line.header.by == officer && !gone {
                own.push((seq, undoes));
                // An own change that stands ends the search either way.
                return Ok(undoes.is_some());
            }
            Ok(true)
        })?;
        for (seq, undoes) in own {
            let Some(target) = undoes else { return Ok((!undo).then_some(seq)) };
            // An entry that takes back an undo is a redo: it is neither.
            let of_undo = match targets.get(&target) {
                Some(known) => known.is_some(),
                None => self.header_undoes(target)?.is_some(),
            };
            if undo && !of_undo {
                return Ok(Some(seq));
            }
            if !undo && of_undo {
                // Redone: what was undone and redone stands again and may be undone again.
                let original = self.header_undoes(target)?;
                if original.is_some() {
                    return Ok(original);
                }
            }
        }
        Ok(None)
    }

    fn plan_taking_back(&mut self, step: Step, seq: u64) -> Result<Plan, Trouble> {
        let places = self.journal.find(seq)?.ok_or(Problem::NotFound)?;
        if self.is_taken_back(seq)? {
            return Err(Problem::AlreadyUndone { seq }.into());
        }
        let mut changes: Vec<Change> = Vec::new();
        for place in places {
            changes.extend(self.journal.read(place)?.changes);
        }
        let mut since: Vec<RecordId> = Vec::new();
        let mut inverse = Vec::with_capacity(changes.len());
        for change in changes.iter().rev() {
            if self.revision_of(change.id)? != Revision(seq) {
                since.push(change.id);
                continue;
            }
            let before = self.before(change.id, seq)?;
            let built_in = self.state.catalog.built_in(change.id);
            // A built-in row is shown again by forgetting the office's own.
            let before = before.filter(|record| Some(record) != built_in);
            inverse.push(change.inverse(Revision(seq), before));
        }
        if !since.is_empty() {
            let labels = since.iter().take(5).map(|id| self.state.label_of(*id)).collect();
            return Err(Problem::ChangedSince(labels).into());
        }
        self.check_inverse(&inverse)?;
        Self::in_reference_order(&mut inverse);
        Ok(Plan { step, changes: inverse, undoes: Some(seq) })
    }

    /// The entry that last wrote this record, a deletion included.
    fn revision_of(&self, id: RecordId) -> Result<Revision, Trouble> {
        let trail = self.state.store.trail(id)?;
        Ok(Revision(trail.last().map_or(0, |version| version.seq)))
    }

    fn is_taken_back(&self, seq: u64) -> Result<bool, Trouble> {
        let mut taken_back: HashSet<u64> = HashSet::new();
        self.journal.entries_backwards(None, &mut |line| {
            if let (Some(target), false) =
                (line.header.undoes, taken_back.contains(&line.header.seq))
            {
                taken_back.insert(target);
            }
            Ok(line.header.seq > seq)
        })?;
        Ok(taken_back.contains(&seq))
    }

    /// What comes back must still fit, and what goes must not be missed by others.
    fn check_inverse(&mut self, inverse: &[Change]) -> Result<(), Trouble> {
        let gone: HashSet<RecordId> =
            inverse.iter().filter(|c| c.after.is_none()).map(|c| c.id).collect();
        let back: HashSet<RecordId> =
            inverse.iter().filter(|c| c.after.is_some()).map(|c| c.id).collect();
        let planner = Planner { state: &self.state, numbers: &mut self.numbers };
        let own: HashSet<RecordId> = gone
            .iter()
            .copied()
            .filter(|id| {
                // A built-in row does not go: it shows again.
                self.state.catalog.built_in(*id).is_none()
            })
            .collect();
        planner.free_of_dependents(&own, &back)?;
        let mut faults = Vec::new();
        for (index, change) in inverse.iter().enumerate() {
            let Some(record) = &change.after else { continue };
            for reference in record.references() {
                let stands = back.contains(&reference)
                    || (!gone.contains(&reference) && self.state.get(reference)?.is_some());
                if reference.number != 0 && !stands {
                    faults.push((index as u32, Fault::new("", Reason::UnknownReference)));
                }
            }
            for key in record.keys() {
                let planner = Planner { state: &self.state, numbers: &mut self.numbers };
                let holder = planner.holder(record, &key)?;
                let taken = holder.is_some_and(|number| {
                    let id = RecordId::new(record.kind(), number);
                    id != change.id && !gone.contains(&id) && !back.contains(&id)
                });
                if taken {
                    faults.push((index as u32, Fault::new(key.field, Reason::AlreadyTaken)));
                }
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(Problem::Invalid(faults).into()) }
    }
}
