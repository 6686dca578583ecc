//! Undo: an entry taken back by a new entry that puts every record as it stood before.
//! Refused when a record has changed since or others depend on it; what is refused
//! changes nothing. A redo takes back an undo by the same means.

use std::collections::{HashMap, HashSet};

use crate::domain::change::{Change, Via};
use crate::domain::fault::{Fault, Reason};
use crate::domain::record::{Kind, Record, RecordId, Revision, UnitId};
use crate::office::Office;
use crate::office::rights::Rights;
use crate::office::rights::permit::Wanted;
use crate::office::rights::witness::Witnessed;
use crate::office::trouble::Trouble;
use crate::office::write::plan::{Plan, Planner};
use crate::protocol::{Needs, Problem, Step};

/// How many steps back one's own latest is looked for, since others wait meanwhile. An
/// earlier one is found in the history, which is read page by page, and taken back by its
/// number.
const LOOKED_MAX: u32 = 500;

/// A record that was written, and the revision it was written over.
type Written = (RecordId, Revision);

impl Office {
    /// Plans taking back `seq`, or the caller's latest change.
    pub(in crate::office) fn plan_undo(
        &mut self,
        rights: Rights,
        step: Step,
        seq: Option<u64>,
    ) -> Result<Plan, Trouble> {
        let seq = match seq {
            Some(seq) => seq,
            None => self.latest(&rights, false)?.ok_or(Problem::NothingToUndo)?,
        };
        self.plan_taking_back(rights, step, seq)
    }

    /// Plans taking back the caller's latest undo.
    pub(in crate::office) fn plan_redo(
        &mut self,
        rights: Rights,
        step: Step,
    ) -> Result<Plan, Trouble> {
        let seq = self.latest(&rights, true)?.ok_or(Problem::NothingToRedo)?;
        self.plan_taking_back(rights, step, seq)
    }

    /// The caller's latest change that still stands, or (`undo`) the latest undo with no
    /// change of the caller's after it. A redone step stands again and is undone by taking
    /// back its redo.
    fn latest(&mut self, rights: &Rights, undo: bool) -> Result<Option<u64>, Trouble> {
        let mut taken_back: HashSet<u64> = HashSet::new();
        let mut own: Vec<u64> = Vec::new();
        let mut looked = 0;
        self.journal.entries_backwards(None, &mut |line| {
            looked += 1;
            if looked > LOOKED_MAX {
                return Ok(false);
            }
            let (seq, undoes) = (line.header.seq, line.header.undoes);
            // What the office wrote by itself is nobody's to take back.
            if taken_back.contains(&seq) || line.header.via == Via::Office {
                return Ok(true);
            }
            taken_back.extend(undoes);
            if *line.header.by == *rights.user {
                own.push(seq);
                // An own change that stands ends the search either way.
                return Ok(undoes.is_some());
            }
            Ok(true)
        })?;
        for seq in own {
            if self.is_undo(seq)? == undo {
                return Ok(Some(seq));
            }
        }
        Ok(None)
    }

    /// Whether an entry takes something back. What takes back an undo is a redo, what takes
    /// back a redo an undo again.
    pub(in crate::office) fn is_undo(&self, seq: u64) -> Result<bool, Trouble> {
        let mut is_undo = false;
        let mut at = seq;
        while let Some(target) = self.header_undoes(at)? {
            is_undo = !is_undo;
            at = target;
        }
        Ok(is_undo)
    }

    /// Which records an entry changed over which revisions, and whether anything of it has been
    /// taken out; not to what, which would be all of a large import at once. Every record must
    /// be within reach. One that begins beyond it is as none, and is read no further: nobody
    /// keeps the others waiting with what is not theirs, or learns by the time how large it is.
    fn within_reach(&mut self, rights: &Rights, seq: u64) -> Result<(Vec<Written>, bool), Trouble> {
        let places = self.journal.find(seq)?.ok_or(Problem::NoSuchStep { seq })?;
        let (mut changes, mut erased) = (Vec::<Written>::new(), false);
        for place in places {
            let line = self.journal.read(place)?;
            let takes = !line.header.erases.is_empty() || !line.header.reasons.is_empty();
            erased |= line.erased > 0 || takes;
            match self.witnessed(rights, seq, &line.changes)? {
                _ if line.changes.is_empty() => {}
                Witnessed::Nothing if changes.is_empty() => {
                    return Err(Problem::NoSuchStep { seq }.into());
                }
                Witnessed::Nothing | Witnessed::Part => {
                    return Err(rights.not_allowed(Needs::WiderReach).into());
                }
                Witnessed::Whole => {}
            }
            changes.extend(line.changes.iter().map(|change| (change.id, change.base)));
        }
        if changes.is_empty() && !rights.is_whole() {
            return Err(Problem::NoSuchStep { seq }.into());
        }
        Ok((changes, erased))
    }

    /// Of an entry every record must be within reach; one of which none is shows nowhere.
    fn plan_taking_back(&mut self, rights: Rights, step: Step, seq: u64) -> Result<Plan, Trouble> {
        let (changes, erased) = self.within_reach(&rights, seq)?;
        if erased {
            return Err(Problem::Erased { seq }.into());
        }
        let last = self.journal.last_of(seq)?.ok_or(Problem::NoSuchStep { seq })?;
        let own = *last.header.by == *rights.user;
        if self.undone_by(&last)?.is_some() {
            return Err(Problem::AlreadyUndone { seq }.into());
        }
        let mut since: Vec<RecordId> = Vec::new();
        let mut inverse = Vec::with_capacity(changes.len());
        for (id, base) in changes.iter().rev().copied() {
            let (now, stands) = self.stands(id, seq)?;
            if !stands {
                since.push(id);
                continue;
            }
            let before = self.before(id, seq)?;
            if before.is_none() && self.was_erased(id, base)? {
                return Err(Problem::Erased { seq }.into());
            }
            let built_in = self.state.catalog.built_in(id);
            // A built-in row is shown again by forgetting the office's own.
            let after = before.filter(|record| Some(record) != built_in);
            inverse.push(Change { id, base: now, after });
        }
        drop(changes);
        if !since.is_empty() {
            let label = |id: &RecordId| self.state.label_of(&rights, *id);
            let labels = since.iter().take(5).map(label).collect();
            return Err(Problem::ChangedSince(labels).into());
        }
        let made = HashSet::new();
        let wanted = Wanted { changes: &inverse, made: &made, taken_back: own };
        if let Err(stop) = self.state.permit(&rights, &wanted) {
            return Err(self.stopped(&rights, stop));
        }
        self.check_inverse(&rights, &inverse)?;
        Self::in_reference_order(&mut inverse);
        Ok(Plan { rights, step, changes: inverse, undoes: Some(seq), erases: Vec::new() })
    }

    /// The revision a record is at, and whether what entry `seq` made of it still stands:
    /// what was done later and taken back again has left no trace.
    fn stands(&self, id: RecordId, seq: u64) -> Result<(Revision, bool), Trouble> {
        let trail = self.state.store.trail(id)?;
        let now = Revision(trail.last().map_or(0, |version| version.seq));
        let mut at = trail.len();
        while let Some(version) = at.checked_sub(1).and_then(|last| trail.get(last)) {
            if version.seq <= seq {
                return Ok((now, version.seq == seq));
            }
            let Some(target) = self.header_undoes(version.seq)? else { break };
            at = trail.partition_point(|earlier| earlier.seq < target);
        }
        Ok((now, false))
    }

    /// What comes back must still fit, and what goes must not be missed by others.
    fn check_inverse(&mut self, rights: &Rights, inverse: &[Change]) -> Result<(), Trouble> {
        let gone: HashSet<RecordId> =
            inverse.iter().filter(|c| c.after.is_none()).map(|c| c.id).collect();
        let back: HashSet<RecordId> =
            inverse.iter().filter(|c| c.after.is_some()).map(|c| c.id).collect();
        let planner = Planner { state: &self.state, rights, numbers: &mut self.numbers };
        let own: HashSet<RecordId> = gone
            .iter()
            .copied()
            .filter(|id| {
                // A built-in row does not go: it shows again.
                self.state.catalog.built_in(*id).is_none()
            })
            .collect();
        if let Err(stop) = planner.free_of_dependents(&own, &back) {
            return Err(self.stopped(rights, stop));
        }
        let mut faults = Vec::new();
        for (index, change) in inverse.iter().enumerate() {
            let Some(record) = &change.after else { continue };
            for reference in record.references() {
                let stands = back.contains(&reference)
                    || (!gone.contains(&reference) && self.state.stands(rights, reference)?);
                if reference.number != 0 && !stands {
                    faults.push((index as u32, Fault::new("", Reason::UnknownReference)));
                }
            }
            for key in record.keys() {
                let planner = Planner { state: &self.state, rights, numbers: &mut self.numbers };
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
        let moved: HashMap<RecordId, Option<UnitId>> = inverse
            .iter()
            .filter_map(|change| match &change.after {
                Some(Record::Unit(unit)) => Some((change.id, unit.parent)),
                _ => None,
            })
            .collect();
        for (index, change) in inverse.iter().enumerate() {
            if self.stands_under_itself(change.id, &moved) {
                faults.push((index as u32, Fault::new("parent", Reason::UnitLoop)));
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(Problem::Invalid(faults).into()) }
    }

    /// Whether a unit would be among those above it once these have moved.
    fn stands_under_itself(&self, id: RecordId, moved: &HashMap<RecordId, Option<UnitId>>) -> bool {
        if id.kind != Kind::Units {
            return false;
        }
        let catalog = &self.state.catalog;
        let above = |unit: RecordId| match moved.get(&unit) {
            Some(parent) => *parent,
            None => catalog.unit(Some(UnitId(unit.number))).and_then(|unit| unit.parent),
        };
        let mut at = above(id).map(RecordId::from);
        for _ in 0..=catalog.units.len() + moved.len() {
            match at {
                Some(unit) if unit == id => return true,
                Some(unit) => at = above(unit).map(RecordId::from),
                None => return false,
            }
        }
        // A ring further up is another change's fault.
        false
    }
}
