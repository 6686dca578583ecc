//! What stands behind a key, as bytes: a record with its trail, a person's pack with the
//! trails inside, a chunk of owners. A version costs ten bytes and no key of its own.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::StoreError;
use crate::codec;
use crate::domain::change::Place;
use crate::domain::kinds::rating::Rating;
use crate::domain::kinds::training::Enrolment;
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

/// A rating or an enrolment in its owner's pack, deleted ones included.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Owned<T> {
    pub(super) number: u32,
    pub(super) rev: Revision,
    pub(super) trail: Vec<Version>,
    pub(super) record: Option<T>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct PackValue {
    pub(super) ratings: Vec<Owned<Rating>>,
    pub(super) enrolments: Vec<Owned<Enrolment>>,
}

/// Whom each number of a chunk belongs to, or last belonged to.
pub(super) type Owners = Vec<Option<EmployeeId>>;

impl PackValue {
    pub(super) const EMPTY: Self = Self { ratings: Vec::new(), enrolments: Vec::new() };

    pub(super) fn is_empty(&self) -> bool {
        self.ratings.is_empty() && self.enrolments.is_empty()
    }

    /// The item under `id` with its record as any other, taken out of the pack.
    pub(super) fn take(&mut self, id: RecordId) -> Option<RecordValue> {
        match id.kind {
            Kind::Ratings => take(&mut self.ratings, id.number),
            Kind::Enrolments => take(&mut self.enrolments, id.number),
            _ => None,
        }
    }

    pub(super) fn put(&mut self, id: RecordId, value: RecordValue) -> Result<(), StoreError> {
        let RecordValue { rev, trail, record } = value;
        match (id.kind, record) {
            (Kind::Ratings, Some(Record::Rating(record))) => {
                put(&mut self.ratings, id.number, rev, trail, Some(record));
            }
            (Kind::Ratings, None) => put(&mut self.ratings, id.number, rev, trail, None),
            (Kind::Enrolments, Some(Record::Enrolment(record))) => {
                put(&mut self.enrolments, id.number, rev, trail, Some(record));
            }
            (Kind::Enrolments, None) => put(&mut self.enrolments, id.number, rev, trail, None),
            _ => return Err(StoreError::Mismatched(id)),
        }
        Ok(())
    }
}

fn take<T: Into<Record>>(items: &mut Vec<Owned<T>>, number: u32) -> Option<RecordValue> {
    let at = items.binary_search_by_key(&number, |item| item.number).ok()?;
    let Owned { rev, trail, record, .. } = items.remove(at);
    Some(RecordValue { rev, trail, record: record.map(Into::into) })
}

fn put<T>(
    items: &mut Vec<Owned<T>>,
    number: u32,
    rev: Revision,
    trail: Vec<Version>,
    record: Option<T>,
) {
    let item = Owned { number, rev, trail, record };
    match items.binary_search_by_key(&number, |item| item.number) {
        Ok(at) => items[at] = item,
        Err(at) => items.insert(at, item),
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

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, StoreError> {
    codec::decode(bytes).map_err(|error| StoreError::Broken(error.to_string()))
}
