//! The store as the office meets it; damage and the model have files of their own.

mod daily;
mod damage;
mod model;
mod shelf;
mod still;

use std::collections::BTreeMap;
use std::path::Path;

use super::shelf::MANY;
use super::*;
use crate::domain::change::{Change, Place, RequestId};
use crate::domain::kinds::competency::Level;
use crate::domain::kinds::employee::Employee;
use crate::domain::kinds::enrolment::Enrolment;
use crate::domain::kinds::rating::Rating;
use crate::domain::kinds::unit::Unit;
use crate::domain::number::EmployeeNumber;
use crate::domain::record::{CompetencyId, EmployeeId, Kind, SessionId};

const BOOT: &str = "boot-1";

/// xorshift64: the same in every run.
pub(in crate::store) struct Dice(pub(in crate::store) u64);

impl Dice {
    pub(in crate::store) fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides.max(1)
    }

    fn noise(&mut self, length: u64) -> Vec<u8> {
        (0..length).map(|_| self.roll(256) as u8).collect()
    }
}

fn id(kind: Kind, number: u32) -> RecordId {
    RecordId::new(kind, number)
}

fn put(id: RecordId, record: impl Into<Record>) -> Change {
    Change { id, base: Revision(0), after: Some(record.into()) }
}

fn delete(id: RecordId) -> Change {
    Change { id, base: Revision(0), after: None }
}

fn unit(name: &str) -> Unit {
    Unit { name: name.into(), ..Unit::default() }
}

fn employee(number: u32) -> Employee {
    Employee {
        number: EmployeeNumber::local(&format!("{number}")).unwrap(),
        name: format!("Pegawai ke-{number} dari Kecamatan Plaju"),
        education: "S-1/Sarjana".into(),
        pns_id: format!("A5EB03E{number:08}"),
        ..Employee::default()
    }
}

fn rating(employee: u32, competency: u32, level: u8) -> Rating {
    Rating {
        employee: EmployeeId(employee),
        competency: CompetencyId(competency),
        level: Level::new(level).unwrap(),
        rater: "Asesor".into(),
        ..Rating::default()
    }
}

fn enrolment(session: u32, employee: u32) -> Enrolment {
    Enrolment {
        session: SessionId(session),
        employee: EmployeeId(employee),
        ..Enrolment::default()
    }
}

fn head(seq: u64) -> Head {
    Head { seq, hash: [seq as u8; 32], end: place(seq + 1) }
}

fn place(seq: u64) -> Place {
    Place { segment: 1, offset: seq * 700 }
}

fn version(seq: u64) -> Version {
    Version::new(seq, place(seq))
}

/// Applies the changes as line `seq`.
fn apply(store: &mut Store, seq: u64, changes: &[Change]) {
    try_apply(store, seq, changes).unwrap();
}

fn try_apply(store: &mut Store, seq: u64, changes: &[Change]) -> Result<(), StoreError> {
    let req = RequestId(format!("request-{seq}"));
    let head = head(seq);
    store.apply(Applied {
        head,
        place: place(seq),
        seq,
        by: "siti",
        req: &req,
        changes,
        lists: &[],
    })
}

/// As a program asks, or many officers at once: more often than the shelf waits for.
fn look_up_many(store: &Store, id: RecordId) -> Vec<Option<StoredRecord>> {
    (0..=MANY).map(|_| store.get(id).unwrap()).collect()
}

fn fresh(dir: &Path) -> Store {
    Store::create(dir, BOOT).unwrap()
}

/// Everything that stands, with its revision.
fn content(store: &Store) -> Result<Vec<(RecordId, StoredRecord)>, StoreError> {
    let mut all = Vec::new();
    for kind in Kind::ALL {
        let owners = owners(store, kind)?;
        store.scan(kind, &mut |number, stored| {
            // Who has lost its owner is not found any more.
            if stored.record.person().is_none_or(|person| owners.get(&number) == Some(&person)) {
                all.push((id(kind, number), stored));
            }
            Ok(true)
        })?;
    }
    all.sort_by_key(|(id, _)| *id);
    Ok(all)
}

/// Whom the records of a kind are kept with.
fn owners(store: &Store, kind: Kind) -> Result<BTreeMap<u32, EmployeeId>, StoreError> {
    let mut all = BTreeMap::new();
    let mut rows = store.tree.rows(&keys::owners(kind))?;
    while let Some((key, value)) = rows.next()? {
        let first = keys::first_of_owners(&key).ok_or(StoreError::NO_KEY)?;
        let chunk = (first..).zip(value::read_owners(&value)?);
        all.extend(chunk.filter_map(|(number, owner)| Some((number, owner?))));
    }
    Ok(all)
}

/// The files of a store as they are at this moment, as after a power cut.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

impl Store {
    /// Loses a record behind everyone's back, as a fault of sled's would.
    pub fn lose(&self, id: RecordId) -> Result<(), StoreError> {
        self.tree.remove(&keys::record(id))?;
        self.tree.flush()
    }
}
