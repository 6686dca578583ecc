//! Lately: the records and packs read since the last entry. One request asks for the same
//! record many times over — does it stand, whose is it, may it be changed, what was it
//! before — and the store decodes it once.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use crate::domain::belongs::Home;
use crate::domain::record::{EmployeeId, RecordId};
use crate::store::{Pack, Store, StoreError, StoredRecord};

/// So many of each are kept.
const KEPT_MAX: usize = 64;

#[derive(Default)]
pub(in crate::office) struct Lately {
    records: RefCell<HashMap<RecordId, Option<StoredRecord>>>,
    packs: RefCell<HashMap<EmployeeId, Arc<Pack>>>,
}

impl Lately {
    /// The record as it stands.
    pub fn record(&self, store: &Store, id: RecordId) -> Result<Option<StoredRecord>, StoreError> {
        if let Some(known) = self.records.borrow().get(&id) {
            return Ok(known.clone());
        }
        let stored = if id.kind.home() == Home::WithPerson {
            match store.owner(id)? {
                Some(owner) => {
                    let pack = self.pack(store, owner)?;
                    pack.get(id).map(|(rev, record)| StoredRecord { rev, record: record.clone() })
                }
                None => None,
            }
        } else {
            store.get(id)?
        };
        self.put(id, stored.clone());
        Ok(stored)
    }

    /// Everything that is kept with a person.
    pub fn pack(&self, store: &Store, person: EmployeeId) -> Result<Arc<Pack>, StoreError> {
        if let Some(known) = self.packs.borrow().get(&person) {
            return Ok(Arc::clone(known));
        }
        let pack = Arc::new(store.pack(person)?);
        let mut packs = self.packs.borrow_mut();
        if packs.len() >= KEPT_MAX {
            packs.clear();
        }
        packs.insert(person, Arc::clone(&pack));
        Ok(pack)
    }

    /// What is known to stand without being read.
    pub fn put(&self, id: RecordId, stored: Option<StoredRecord>) {
        let mut records = self.records.borrow_mut();
        if records.len() >= KEPT_MAX {
            records.clear();
        }
        records.insert(id, stored);
    }

    /// The store has changed.
    pub fn forget(&mut self) {
        *self = Self::default();
    }
}
