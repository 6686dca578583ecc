//! Trails kept while one page of the history is made: each of its lines asks for the writes of
//! the same few records, and those kept with one person stand in one value of the store, which
//! is read once for the page and not once for each line.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::domain::belongs::Home;
use crate::domain::change::Place;
use crate::domain::record::{EmployeeId, RecordId};
use crate::office::Office;
use crate::store::{StoreError, Version};

/// More than these are not kept at once: a page speaks of few.
const VERSIONS_MAX: usize = 50_000;

#[derive(Debug, Default)]
pub(in crate::office) struct Trails(RefCell<Option<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    of: HashMap<RecordId, Arc<[Version]>>,
    count: usize,
    /// Where each entry speaks of the person whose page it is.
    person: Option<(EmployeeId, HashMap<u64, BTreeSet<Place>>)>,
}

impl Kept {
    fn keep(&mut self, id: RecordId, trail: Vec<Version>) -> Arc<[Version]> {
        self.count += trail.len();
        if self.count > VERSIONS_MAX {
            self.of.clear();
            self.count = trail.len();
        }
        let trail: Arc<[Version]> = trail.into();
        self.of.insert(id, Arc::clone(&trail));
        trail
    }
}

impl Office {
    /// Does this with the trails it asks for kept; nothing is written meanwhile.
    pub(in crate::office) fn with_trails<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        self.trails.0.replace(Some(Kept::default()));
        let done = work(self);
        self.trails.0.replace(None);
        done
    }

    /// Every write of the record, oldest first, deletions included.
    pub(in crate::office) fn trail(&self, id: RecordId) -> Result<Arc<[Version]>, StoreError> {
        let mut kept = self.trails.0.borrow_mut();
        let Some(kept) = kept.as_mut() else { return Ok(self.state.store.trail(id)?.into()) };
        if let Some(trail) = kept.of.get(&id) {
            return Ok(Arc::clone(trail));
        }
        let owner =
            if id.kind.home() == Home::WithPerson { self.state.store.owner(id)? } else { None };
        let Some(owner) = owner else { return Ok(kept.keep(id, self.state.store.trail(id)?)) };
        let mut wanted = None;
        for (one, trail) in self.state.store.trails_with(owner)? {
            let trail = kept.keep(one, trail);
            // It may be let go of again before the last of them is kept.
            if one == id {
                wanted = Some(trail);
            }
        }
        Ok(wanted.unwrap_or_else(|| kept.keep(id, Vec::new())))
    }

    /// Where entry `seq` speaks of this person: of their record, or of one that is theirs.
    pub(in crate::office) fn places_of(
        &self,
        person: EmployeeId,
        seq: u64,
    ) -> Result<BTreeSet<Place>, StoreError> {
        let mut kept = self.trails.0.borrow_mut();
        let known = kept.as_ref().and_then(|kept| kept.person.as_ref());
        if let Some((_, known)) = known.filter(|(of, _)| *of == person) {
            return Ok(known.get(&seq).cloned().unwrap_or_default());
        }
        let mut places: HashMap<u64, BTreeSet<Place>> = HashMap::new();
        for version in super::sought::versions_of(&self.state, person)? {
            places.entry(version.seq).or_default().insert(version.place);
        }
        let found = places.get(&seq).cloned().unwrap_or_default();
        if let Some(kept) = kept.as_mut() {
            kept.person = Some((person, places));
        }
        Ok(found)
    }
}
