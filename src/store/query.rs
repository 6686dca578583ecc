//! Reading: by id, by natural key, by person, in order.

use std::ops::Range;

use super::value::{PackValue, Version, read_number, read_owners, read_pack, read_record};
use super::{Pack, Store, StoreError, StoredRecord, keys};
use crate::domain::belongs::Home;
use crate::domain::change::RequestId;
use crate::domain::record::{EmployeeId, Kind, Record, RecordId, fold};

/// What a walk does with each thing it meets; `false` ends it.
pub type Each<'a, T> = &'a mut dyn FnMut(u32, T) -> Result<bool, StoreError>;

/// What a comparison does with a value: how many records stand there, and which to look at.
pub type EachUnlike<'a> = &'a mut dyn FnMut(u64, &[RecordId]) -> Result<bool, StoreError>;

/// How many records stand behind a key with this value, and which it holds at all.
type Held<'a> = &'a dyn Fn(&[u8], &[u8]) -> Result<(u64, Vec<RecordId>), StoreError>;

type EachValue<'a> = &'a mut dyn FnMut(u32, &[u8]) -> Result<bool, StoreError>;

impl Store {
    /// The record as it stands; `None` for one that never was or is deleted.
    pub fn get(&self, id: RecordId) -> Result<Option<StoredRecord>, StoreError> {
        if id.kind.home() == Home::WithPerson {
            let pack = self.pack_of(id)?;
            return Ok(pack.and_then(|mut pack| pack.take(id)).and_then(stored));
        }
        let value = self.tree.get(&keys::record(id))?;
        Ok(value.map(|bytes| read_record(&bytes)).transpose()?.and_then(stored))
    }

    /// Every write of the record, oldest first, deletions included.
    pub fn trail(&self, id: RecordId) -> Result<Vec<Version>, StoreError> {
        let value = if id.kind.home() == Home::WithPerson {
            self.pack_of(id)?.and_then(|mut pack| pack.take(id))
        } else {
            self.tree.get(&keys::record(id))?.map(|bytes| read_record(&bytes)).transpose()?
        };
        Ok(value.map(|value| value.trail).unwrap_or_default())
    }

    /// The writes of what is kept with a person, deleted records included, in no order.
    pub fn pack_trail(&self, employee: EmployeeId) -> Result<Vec<Version>, StoreError> {
        let Some(bytes) = self.tree.get(&keys::pack(employee))? else { return Ok(Vec::new()) };
        let pack = read_pack(&bytes)?;
        Ok(pack.trails().copied().collect())
    }

    /// The writes of each record kept with a person.
    pub fn trails_with(
        &self,
        employee: EmployeeId,
    ) -> Result<Vec<(RecordId, Vec<Version>)>, StoreError> {
        let value = self.tree.get(&keys::pack(employee))?;
        let pack = value.map(|bytes| read_pack(&bytes)).transpose()?.unwrap_or_default();
        Ok(pack.into_trails().collect())
    }

    /// The number of the record that bears this name, spelt as `Record::keys` spells it.
    /// What is kept with a person has its names in the pack, not here.
    pub fn by_key(&self, kind: Kind, field: &str, text: &str) -> Result<Option<u32>, StoreError> {
        let value = self.tree.get(&keys::name(kind, field, &fold(text)))?;
        value.map(|bytes| read_number(&bytes)).transpose()
    }

    /// Everything that belongs to a person.
    pub fn pack(&self, employee: EmployeeId) -> Result<Pack, StoreError> {
        let value = self.tree.get(&keys::pack(employee))?;
        Ok(value.map(|bytes| read_pack(&bytes)).transpose()?.map(Pack::from).unwrap_or_default())
    }

    /// The records of a kind by number; those kept with people by person, then number.
    pub fn scan(&self, kind: Kind, each: Each<'_, StoredRecord>) -> Result<(), StoreError> {
        if kind.home() == Home::WithPerson {
            return self.scan_packs(&mut |_, pack| {
                let theirs = pack.rows.into_iter().filter(|(id, ..)| id.kind == kind);
                for (id, rev, record) in theirs {
                    if !each(id.number, StoredRecord { rev, record })? {
                        return Ok(false);
                    }
                }
                Ok(true)
            });
        }
        self.walk(&keys::records(kind), &mut |number, bytes| match stored(read_record(bytes)?) {
            Some(stored) => each(number, stored),
            None => Ok(true),
        })
    }

    /// The records of a kind that are not kept with people, from one number to before another.
    pub fn scan_between(
        &self,
        kind: Kind,
        numbers: Range<u32>,
        each: &mut dyn FnMut(u32, StoredRecord) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let [from, to] =
            [numbers.start, numbers.end].map(|at| keys::record(RecordId::new(kind, at)));
        let mut rows = self.tree.rows_between(&from, &to)?;
        while let Some((key, value)) = rows.next()? {
            let number = keys::number(&key).ok_or(StoreError::NO_KEY)?;
            if let Some(stored) = stored(read_record(&value)?) {
                each(number, stored)?;
            }
        }
        Ok(())
    }

    /// Every pack, by person.
    pub fn scan_packs(
        &self,
        each: &mut dyn FnMut(EmployeeId, Pack) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        self.walk(&keys::PACKS, &mut |number, bytes| {
            each(EmployeeId(number), read_pack(bytes)?.into())
        })
    }

    /// What stands behind every key, one value after the other as they lie: how many records,
    /// and which are to be looked at since `other` has something else there. Most values are
    /// the same bytes in both, and no record of them is read by itself.
    pub fn each_unlike(&self, other: &Self, each: EachUnlike<'_>) -> Result<(), StoreError> {
        for kind in Kind::ALL {
            let more = if kind.home() == Home::WithPerson {
                self.unlike(other, &keys::owners(kind), each, &|key, value| {
                    let first = keys::first_of_owners(key).ok_or(StoreError::NO_KEY)?;
                    let owners = (first..).zip(read_owners(value)?);
                    let ids = owners.filter(|(_, owner)| owner.is_some());
                    Ok((0, ids.map(|(number, _)| RecordId::new(kind, number)).collect()))
                })?
            } else {
                self.unlike(other, &keys::records(kind), each, &|key, value| {
                    let number = keys::number(key).ok_or(StoreError::NO_KEY)?;
                    let stands = read_record(value)?.record.is_some();
                    Ok((u64::from(stands), vec![RecordId::new(kind, number)]))
                })?
            };
            if !more {
                return Ok(());
            }
        }
        self.unlike(other, &keys::PACKS, each, &|_, value| {
            let pack = read_pack(value)?;
            let ids = pack.ids().collect();
            Ok((pack.standing().count() as u64, ids))
        })?;
        Ok(())
    }

    /// The same for the keys that begin so; `held` says what a value holds.
    fn unlike(
        &self,
        other: &Self,
        prefix: &[u8],
        each: EachUnlike<'_>,
        held: Held<'_>,
    ) -> Result<bool, StoreError> {
        let mut rows = self.tree.rows(prefix)?;
        while let Some((key, value)) = rows.next()? {
            let (count, mut ids) = held(&key, &value)?;
            // One that cannot be read holds nothing.
            if other.tree.get_once(&key).is_ok_and(|theirs| theirs.as_ref() == Some(&value)) {
                ids.clear();
            }
            if !each(count, &ids)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Records of a kind that stand.
    pub fn count(&self, kind: Kind) -> u64 {
        self.summary.live[kind as usize]
    }

    /// The number the next record of a kind gets: above every number there ever was.
    pub fn next_number(&self, kind: Kind) -> u32 {
        self.summary.next[kind as usize]
    }

    /// The entry an officer's request led to, if it is among the last [`super::REQUESTS_KEPT`].
    pub fn request(&self, by: &str, request: &RequestId) -> Result<Option<u64>, StoreError> {
        if request.0.is_empty() {
            return Ok(None);
        }
        let value = self.tree.get(&keys::request(keys::request_digest(by, request)))?;
        value.map(|bytes| super::value::read_seq(&bytes)).transpose()
    }

    /// The office's packed chunks, in order.
    pub fn list(&self, each: &mut dyn FnMut(u32, &[u8])) -> Result<(), StoreError> {
        self.walk(&keys::LISTS, &mut |chunk, bytes| {
            each(chunk, bytes);
            Ok(true)
        })
    }

    /// The packed chunks of one field, in order.
    pub fn column(&self, field: u8, each: &mut dyn FnMut(u32, &[u8])) -> Result<(), StoreError> {
        let mut rows = self.tree.rows(&keys::columns(field))?;
        while let Some((key, bytes)) = rows.next()? {
            each(keys::column_chunk(&key).ok_or(StoreError::NO_KEY)?, &bytes);
        }
        Ok(())
    }

    /// One of the lists'.
    pub fn list_chunk(&self, chunk: u32) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.tree.get(&keys::list(chunk))?.map(|bytes| bytes.to_vec()))
    }

    fn walk(&self, prefix: &[u8], each: EachValue<'_>) -> Result<(), StoreError> {
        let mut rows = self.tree.rows(prefix)?;
        while let Some((key, value)) = rows.next()? {
            let number = keys::number(&key).ok_or(StoreError::NO_KEY)?;
            if !each(number, &value)? {
                break;
            }
        }
        Ok(())
    }

    /// The person a record is, or was, kept with.
    pub fn owner(&self, id: RecordId) -> Result<Option<EmployeeId>, StoreError> {
        let (key, at) = keys::owner(id);
        let Some(owners) = self.tree.get(&key)? else { return Ok(None) };
        Ok(read_owners(&owners)?.get(at).copied().flatten())
    }

    fn pack_of(&self, id: RecordId) -> Result<Option<PackValue>, StoreError> {
        let Some(owner) = self.owner(id)? else { return Ok(None) };
        let value = self.tree.get(&keys::pack(owner))?;
        value.map(|bytes| read_pack(&bytes)).transpose()
    }
}

fn stored(value: super::value::RecordValue) -> Option<StoredRecord> {
    let rev = value.rev;
    value.record.map(|record: Record| StoredRecord { rev, record })
}

impl From<PackValue> for Pack {
    fn from(value: PackValue) -> Self {
        Self { rows: value.standing().collect() }
    }
}
