//! What stands behind a key, as bytes: a record with its trail, a person's pack with the
//! trails inside, a chunk of owners. A version costs ten bytes and no key of its own.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::StoreError;
use crate::codec;
use crate::domain::change::Place;
use crate::domain::record::{EmployeeId, Kind, Record, RecordId, Revision};

/// One write of a record, deletions included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    pub seq: u64,
    /// Where the line that wrote it begins.
    pub place: Place,
}

impl Version {
    pub(super) const fn new(seq: u64, place: Place) -> Self {
        Self { seq, place }
    }
}

/// A record, or what is left of a deleted one: its trail.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct RecordValue {
    pub(super) rev: Revision,
    pub(super) trail: Vec<Version>,
    pub(super) record: Option<Record>,
}

/// A record in its owner's pack, or what is left of a deleted one.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Owned {
    kind: Kind,
    number: u32,
    value: RecordValue,
}

impl Owned {
    pub(super) fn id(&self) -> RecordId {
        RecordId::new(self.kind, self.number)
    }
}

/// All that is kept with one person, in the order of ids.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct PackValue(Vec<Owned>);

/// Whom each number of a chunk belongs to, or last belonged to.
pub(super) type Owners = Vec<Option<EmployeeId>>;

impl PackValue {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Everything that stands in it or ever did.
    pub(super) fn ids(&self) -> impl Iterator<Item = RecordId> {
        self.0.iter().map(Owned::id)
    }

    /// Every write of everything in it.
    pub(super) fn trails(&self) -> impl Iterator<Item = &Version> {
        self.0.iter().flat_map(|item| &item.value.trail)
    }

    /// The writes of each record in it.
    pub(super) fn into_trails(self) -> impl Iterator<Item = (RecordId, Vec<Version>)> {
        self.0.into_iter().map(|item| (item.id(), item.value.trail))
    }

    /// Everything that stands.
    pub(super) fn standing(self) -> impl Iterator<Item = (RecordId, Revision, Record)> {
        self.0.into_iter().filter_map(|item| {
            let (id, RecordValue { rev, record, .. }) = (item.id(), item.value);
            record.map(|record| (id, rev, record))
        })
    }

    fn place(&self, id: RecordId) -> Result<usize, usize> {
        self.0.binary_search_by_key(&id, Owned::id)
    }

    /// What stands under `id`, taken out of the pack.
    pub(super) fn take(&mut self, id: RecordId) -> Option<RecordValue> {
        let at = self.place(id).ok()?;
        Some(self.0.remove(at).value)
    }

    pub(super) fn put(&mut self, id: RecordId, value: RecordValue) -> Result<(), StoreError> {
        if value.record.as_ref().is_some_and(|record| record.kind() != id.kind) {
            return Err(StoreError::Mismatched(id));
        }
        let item = Owned { kind: id.kind, number: id.number, value };
        match self.place(id) {
            Ok(at) => self.0[at] = item,
            Err(at) => self.0.insert(at, item),
        }
        Ok(())
    }
}

pub(super) fn read_record(bytes: &[u8]) -> Result<RecordValue, StoreError> {
    read(bytes)
}

pub(super) fn read_pack(bytes: &[u8]) -> Result<PackValue, StoreError> {
    read(bytes)
}

pub(super) fn read_owners(bytes: &[u8]) -> Result<Owners, StoreError> {
    read(bytes)
}

pub(super) fn read_number(bytes: &[u8]) -> Result<u32, StoreError> {
    read(bytes)
}

pub(super) fn read_seq(bytes: &[u8]) -> Result<u64, StoreError> {
    read(bytes)
}

#[cfg(test)]
thread_local! {
    static DECODED: std::cell::Cell<u32> = const { std::cell::Cell::new(0) };
}

/// How many values were decoded since this was last asked.
#[cfg(test)]
pub fn decoded() -> u32 {
    DECODED.take()
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, StoreError> {
    #[cfg(test)]
    DECODED.set(DECODED.get() + 1);
    codec::decode(bytes).map_err(|error| StoreError::Broken(error.to_string()))
}
