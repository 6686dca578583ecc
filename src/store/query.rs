//! Reading: by id, by natural key, by person, in order.

use super::value::{Owned, PackValue, Version, read_number, read_owners, read_pack, read_record};
use super::{Pack, Store, StoreError, Stored, keys};
use crate::domain::change::RequestId;
use crate::domain::kinds::rating::Rating;
use crate::domain::kinds::training::Enrolment;
use crate::domain::record::{EmployeeId, Kind, Record, RecordId, Revision, fold};

/// What a walk does with each thing it meets; `false` ends it.
pub type Each<'a, T> = &'a mut dyn FnMut(u32, T) -> Result<bool, StoreError>;

type EachValue<'a> = &'a mut dyn FnMut(u32, &[u8]) -> Result<bool, StoreError>;

impl Store {
    /// The record as it stands; `None` for one that never was or is deleted.
    pub fn get(&self, id: RecordId) -> Result<Option<Stored>, StoreError> {
        if let Kind::Ratings | Kind::Enrolments = id.kind {
            let pack = self.pack_of(id)?;
            return Ok(pack.and_then(|mut pack| pack.take(id)).and_then(stored));
        }
        let value = self.tree.get(&keys::record(id))?;
        Ok(value.map(|bytes| read_record(&bytes)).transpose()?.and_then(stored))
    }

    /// Every write of the record, oldest first, deletions included.
    pub fn trail(&self, id: RecordId) -> Result<Vec<Version>, StoreError> {
        let value = if let Kind::Ratings | Kind::Enrolments = id.kind {
            self.pack_of(id)?.and_then(|mut pack| pack.take(id))
        } else {
            self.tree.get(&keys::record(id))?.map(|bytes| read_record(&bytes)).transpose()?
        };
        Ok(value.map(|value| value.trail).unwrap_or_default())
    }

    /// The entries that wrote a person's ratings and enrolments, deleted ones included; in no
    /// order, and one that wrote several stands several times.
    pub fn pack_trail(&self, employee: EmployeeId) -> Result<Vec<u64>, StoreError> {
        let Some(bytes) = self.tree.get(&keys::pack(employee))? else { return Ok(Vec::new()) };
        let pack = read_pack(&bytes)?;
        let ratings = pack.ratings.iter().map(|item| &item.trail);
        let trails = ratings.chain(pack.enrolments.iter().map(|item| &item.trail));
        Ok(trails.flatten().map(|version| version.seq).collect())
    }

    /// The number of the record that bears this name, spelt as `Record::keys` spells it.
    /// Ratings and enrolments have their names in the pack, not here.
    pub fn by_key(&self, kind: Kind, field: &str, text: &str) -> Result<Option<u32>, StoreError> {
        let value = self.tree.get(&keys::name(kind, field, &fold(text)))?;
        value.map(|bytes| read_number(&bytes)).transpose()
    }

    /// Everything that belongs to a person.
    pub fn pack(&self, employee: EmployeeId) -> Result<Pack, StoreError> {
        let value = self.tree.get(&keys::pack(employee))?;
        Ok(value.map(|bytes| read_pack(&bytes)).transpose()?.map(Pack::from).unwrap_or_default())
    }

    /// The records of a kind by number; ratings and enrolments by person, then number.
    pub fn scan(&self, kind: Kind, each: Each<'_, Stored>) -> Result<(), StoreError> {
        match kind {
            Kind::Ratings => self.scan_packs(&mut |_, pack| {
                pack_out(pack.ratings, |number, rev, record: Rating| {
                    each(number, Stored { rev, record: record.into() })
                })
            }),
            Kind::Enrolments => self.scan_packs(&mut |_, pack| {
                pack_out(pack.enrolments, |number, rev, record: Enrolment| {
                    each(number, Stored { rev, record: record.into() })
                })
            }),
            _ => self.walk(&keys::records(kind), &mut |number, bytes| match stored(read_record(
                bytes,
            )?) {
                Some(stored) => each(number, stored),
                None => Ok(true),
            }),
        }
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

    /// Every record that stands, in the order of ids: what a replay of the journal must
    /// also come to.
    pub fn each_record(
        &self,
        each: &mut dyn FnMut(RecordId, &Stored) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        let mut more = true;
        for kind in Kind::ALL {
            if let Kind::Ratings | Kind::Enrolments = kind {
                more = self.each_owned(kind, each)?;
            } else {
                self.scan(kind, &mut |number, stored| {
                    more = each(RecordId::new(kind, number), &stored)?;
                    Ok(more)
                })?;
            }
            if !more {
                break;
            }
        }
        Ok(())
    }

    /// Ratings or enrolments by number. Those of one person mostly follow each other, so
    /// the last pack is kept at hand.
    fn each_owned(
        &self,
        kind: Kind,
        each: &mut dyn FnMut(RecordId, &Stored) -> Result<bool, StoreError>,
    ) -> Result<bool, StoreError> {
        let mut at_hand = (None, PackValue::EMPTY);
        let mut rows = self.tree.rows(&keys::owners(kind))?;
        while let Some((key, value)) = rows.next()? {
            let first =
                keys::first_of_owners(&key).ok_or(StoreError::Unproven { what: "owners" })?;
            for (number, owner) in (first..).zip(read_owners(&value)?) {
                let Some(owner) = owner else { continue };
                if at_hand.0 != Some(owner) {
                    let value = self.tree.get(&keys::pack(owner))?;
                    let pack = value.map(|bytes| read_pack(&bytes)).transpose()?;
                    at_hand = (Some(owner), pack.unwrap_or(PackValue::EMPTY));
                }
                let id = RecordId::new(kind, number);
                if let Some(stored) = at_hand.1.take(id).and_then(stored)
                    && !each(id, &stored)?
                {
                    return Ok(false);
                }
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

    fn walk(&self, prefix: &[u8], each: EachValue<'_>) -> Result<(), StoreError> {
        let mut rows = self.tree.rows(prefix)?;
        while let Some((key, value)) = rows.next()? {
            let number = keys::number(&key).ok_or(StoreError::Unproven { what: "keys" })?;
            if !each(number, &value)? {
                break;
            }
        }
        Ok(())
    }

    fn pack_of(&self, id: RecordId) -> Result<Option<PackValue>, StoreError> {
        let (key, at) = keys::owner(id);
        let Some(owners) = self.tree.get(&key)? else { return Ok(None) };
        let Some(owner) = read_owners(&owners)?.get(at).copied().flatten() else {
            return Ok(None);
        };
        let value = self.tree.get(&keys::pack(owner))?;
        value.map(|bytes| read_pack(&bytes)).transpose()
    }
}

fn stored(value: super::value::RecordValue) -> Option<Stored> {
    let rev = value.rev;
    value.record.map(|record: Record| Stored { rev, record })
}

fn pack_out<T>(
    items: Vec<(u32, Revision, T)>,
    mut each: impl FnMut(u32, Revision, T) -> Result<bool, StoreError>,
) -> Result<bool, StoreError> {
    for (number, rev, record) in items {
        if !each(number, rev, record)? {
            return Ok(false);
        }
    }
    Ok(true)
}

impl From<PackValue> for Pack {
    fn from(value: PackValue) -> Self {
        fn standing<T>(items: Vec<Owned<T>>) -> Vec<(u32, Revision, T)> {
            let standing =
                |item: Owned<T>| item.record.map(|record| (item.number, item.rev, record));
            items.into_iter().filter_map(standing).collect()
        }
        Self { ratings: standing(value.ratings), enrolments: standing(value.enrolments) }
    }
}
