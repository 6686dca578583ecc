//! A draft: writes worked out but not yet made. Changes of one entry see each other here,
//! whether it ends as one batch or, in a bulk load, as plain inserts in key order. Packs and
//! chunks of owners stay unpacked until then: many changes meet in one of them, and each would
//! read and write all of it.

use std::collections::BTreeMap;

use super::beside::beside_or_here;
use super::proof::{Summary, Tally};
use super::tree::{Bytes, Tree};
use super::value::{
    Owned, Owners, PackValue, RecordValue, Version, read_number, read_owners, read_pack,
    read_record,
};
use super::{StoreError, keys};
use crate::codec;
use crate::domain::belongs::Home;
use crate::domain::change::{Change, Place, RequestId};
use crate::domain::record::{EmployeeId, FIRST_OWN_NUMBER, Record, RecordId, Revision};

pub(super) struct Slot {
    before: Option<Bytes>,
    after: After,
}

/// Slots by key.
pub(super) type Slots = BTreeMap<Vec<u8>, Slot>;

enum After {
    /// It has only been read.
    Same,
    Put(Vec<u8>),
    Gone,
}

impl Slot {
    fn now(&self) -> Option<&[u8]> {
        match &self.after {
            After::Same => self.before.as_deref(),
            After::Put(value) => Some(value),
            After::Gone => None,
        }
    }

    /// What is to be written under its key, if anything is otherwise; the tallies follow.
    pub(super) fn settle(self, key: Vec<u8>, tallies: &mut [Tally]) -> Option<Write> {
        if self.now() == self.before.as_deref() {
            return None;
        }
        let tally = &mut tallies[keys::part(&key)?];
        if let Some(before) = &self.before {
            tally.subtract(&key, before);
        }
        let after = if let After::Put(after) = self.after { Some(after) } else { None };
        if let Some(after) = &after {
            tally.add(&key, after);
        }
        Some((key, after))
    }
}

/// A key, and what is to stand behind it, if anything.
pub(super) type Write = (Vec<u8>, Option<Vec<u8>>);

pub(super) struct StoreDraft {
    slots: Slots,
    /// Packs and owners as they will be; their slots follow when the draft ends.
    packs: BTreeMap<EmployeeId, PackValue>,
    owners: BTreeMap<Vec<u8>, Owners>,
    /// As the summary will be once everything is written.
    pub(super) summary: Summary,
    bytes: usize,
}

/// From so many packs on a second thread takes half of them.
const PACKS_BESIDE: usize = 64;

/// What a slot costs besides its value.
const SLOT_BYTES: usize = 128;
/// What a record of an unpacked pack costs, its texts included.
const OWNED_BYTES: usize = size_of::<Owned>() + 128;

impl StoreDraft {
    pub(super) fn new(summary: Summary) -> Self {
        let (slots, packs, owners) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self { slots, packs, owners, summary, bytes: 0 }
    }

    /// Roughly the memory it takes.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    fn slot(&mut self, tree: &Tree, key: Vec<u8>) -> Result<&mut Slot, StoreError> {
        use std::collections::btree_map::Entry;
        match self.slots.entry(key) {
            Entry::Occupied(slot) => Ok(slot.into_mut()),
            Entry::Vacant(place) => {
                let before = tree.get(place.key())?;
                self.bytes += SLOT_BYTES + before.as_ref().map_or(0, |value| value.len());
                Ok(place.insert(Slot { before, after: After::Same }))
            }
        }
    }

    fn read(&mut self, tree: &Tree, key: Vec<u8>) -> Result<Option<&[u8]>, StoreError> {
        Ok(self.slot(tree, key)?.now())
    }

    pub(super) fn write(
        &mut self,
        tree: &Tree,
        key: Vec<u8>,
        value: Option<Vec<u8>>,
    ) -> Result<(), StoreError> {
        let more = value.as_ref().map_or(0, Vec::len);
        let slot = self.slot(tree, key)?;
        let less = if let After::Put(old) = &slot.after { old.len() } else { 0 };
        slot.after = value.map_or(After::Gone, After::Put);
        self.bytes = (self.bytes + more).saturating_sub(less);
        Ok(())
    }

    pub(super) fn change(
        &mut self,
        tree: &Tree,
        seq: u64,
        place: Place,
        change: Change,
    ) -> Result<(), StoreError> {
        let id = change.id;
        if change.after.as_ref().is_some_and(|record| record.kind() != id.kind) {
            return Err(StoreError::Mismatched(id));
        }
        let version = Version::new(seq, place);
        let stands = change.after.is_some();
        let before = match id.kind.home() {
            Home::WithPerson => self.put_owned(tree, id, version, change)?,
            Home::Table | Home::Alone => self.put_record(tree, id, version, change)?,
        };
        let kind = id.kind as usize;
        let live = &mut self.summary.live[kind];
        match (before, stands) {
            (false, true) => *live = live.saturating_add(1),
            (true, false) => *live = live.saturating_sub(1),
            _ => {}
        }
        let next = id.number.saturating_add(1).max(FIRST_OWN_NUMBER);
        self.summary.next[kind] = self.summary.next[kind].max(next);
        Ok(())
    }

    /// Says whether there was such a record before.
    fn put_record(
        &mut self,
        tree: &Tree,
        id: RecordId,
        version: Version,
        change: Change,
    ) -> Result<bool, StoreError> {
        let old = self.read(tree, keys::record(id))?.map(read_record).transpose()?;
        let mut value = old.unwrap_or_default();
        let before = value.record.take();
        let after = change.after.map(|record| record.onto(before.as_ref()));
        self.rename(tree, id, before.as_ref(), after.as_ref())?;
        renew(&mut value, version, after);
        self.write(tree, keys::record(id), Some(codec::encode(&value)?))?;
        Ok(before.is_some())
    }

    /// Frees the names the record no longer bears and takes the new ones.
    fn rename(
        &mut self,
        tree: &Tree,
        id: RecordId,
        before: Option<&Record>,
        after: Option<&Record>,
    ) -> Result<(), StoreError> {
        let names = |record: Option<&Record>| -> Vec<Vec<u8>> {
            let names = record.map(Record::keys).unwrap_or_default();
            names.iter().map(|name| keys::name(id.kind, name.field, &name.text)).collect()
        };
        let (old, new) = (names(before), names(after));
        for key in old.iter().filter(|key| !new.contains(key)) {
            // Within one entry another record may have taken the name already.
            let holder = self.read(tree, key.clone())?.map(read_number).transpose()?;
            if holder == Some(id.number) {
                self.write(tree, key.clone(), None)?;
            }
        }
        // Also those it bore already: another may have taken one meanwhile, and the last
        // to write a name has it.
        for key in new {
            self.write(tree, key, Some(codec::encode(&id.number)?))?;
        }
        Ok(())
    }

    /// The same for a record kept with the person it belongs to.
    fn put_owned(
        &mut self,
        tree: &Tree,
        id: RecordId,
        version: Version,
        change: Change,
    ) -> Result<bool, StoreError> {
        let old_owner = self.owner(tree, id)?;
        let new_owner = change.after.as_ref().and_then(Record::person).or(old_owner);
        let Some(new_owner) = new_owner else { return Ok(false) };
        let mut value = match old_owner {
            Some(old_owner) => self.pack(tree, old_owner)?.take(id),
            None => None,
        }
        .unwrap_or_default();
        let before = value.record.take().is_some();
        renew(&mut value, version, change.after);
        self.pack(tree, new_owner)?.put(id, value)?;
        self.bytes += OWNED_BYTES;
        if old_owner != Some(new_owner) {
            self.set_owner(tree, id, new_owner)?;
        }
        Ok(before)
    }

    fn pack(&mut self, tree: &Tree, employee: EmployeeId) -> Result<&mut PackValue, StoreError> {
        if !self.packs.contains_key(&employee) {
            let pack = self.read(tree, keys::pack(employee))?.map(read_pack).transpose()?;
            let pack = pack.unwrap_or_default();
            self.bytes += pack.len() * OWNED_BYTES;
            self.packs.insert(employee, pack);
        }
        Ok(self.packs.entry(employee).or_default())
    }

    fn owner(&mut self, tree: &Tree, id: RecordId) -> Result<Option<EmployeeId>, StoreError> {
        let (key, at) = keys::owner(id);
        Ok(self.owners(tree, key)?.get(at).copied().flatten())
    }

    fn set_owner(
        &mut self,
        tree: &Tree,
        id: RecordId,
        owner: EmployeeId,
    ) -> Result<(), StoreError> {
        let (key, at) = keys::owner(id);
        let owners = self.owners(tree, key)?;
        if owners.len() <= at {
            owners.resize(at + 1, None);
        }
        owners[at] = Some(owner);
        Ok(())
    }

    fn owners(&mut self, tree: &Tree, key: Vec<u8>) -> Result<&mut Owners, StoreError> {
        if !self.owners.contains_key(&key) {
            let owners = self.read(tree, key.clone())?.map(read_owners).transpose()?;
            self.bytes += keys::OWNERS_A_CHUNK as usize * size_of::<Option<EmployeeId>>();
            self.owners.insert(key.clone(), owners.unwrap_or_default());
        }
        Ok(self.owners.entry(key).or_default())
    }

    /// Packs again what was unpacked: half of many packs on a thread beside.
    fn pack_up(&mut self, tree: &Tree) -> Result<(), StoreError> {
        let packed = |packs: BTreeMap<EmployeeId, PackValue>| {
            let packs = packs.into_iter().map(|(employee, pack)| {
                let value = if pack.is_empty() { None } else { Some(codec::encode(&pack)?) };
                Ok((employee, value))
            });
            packs.collect::<Result<Vec<_>, StoreError>>()
        };
        let packs = std::mem::take(&mut self.packs);
        for half in in_halves(packs, PACKS_BESIDE, &packed) {
            for (employee, value) in half? {
                self.write(tree, keys::pack(employee), value)?;
            }
        }
        for (key, owners) in std::mem::take(&mut self.owners) {
            let value = if owners.is_empty() { None } else { Some(codec::encode(&owners)?) };
            self.write(tree, key, value)?;
        }
        Ok(())
    }

    /// Remembers a request; one without a name is not remembered.
    pub(super) fn request(
        &mut self,
        tree: &Tree,
        by: &str,
        request: &RequestId,
        seq: u64,
    ) -> Result<(), StoreError> {
        if request.0.is_empty() {
            return Ok(());
        }
        self.remember(tree, keys::request_digest(by, request), seq)
    }

    pub(super) fn remember(
        &mut self,
        tree: &Tree,
        digest: [u8; 16],
        seq: u64,
    ) -> Result<(), StoreError> {
        // No request has been remembered of an entry that comes only now.
        let slot = Slot { before: None, after: After::Put(Vec::new()) };
        self.slots.insert(keys::request_by_seq(seq, digest), slot);
        self.bytes += SLOT_BYTES;
        self.write(tree, keys::request(digest), Some(codec::encode(&seq)?))
    }

    /// Forgets the `many` oldest requests.
    pub(super) fn forget(&mut self, tree: &Tree, many: u64) -> Result<(), StoreError> {
        if many == 0 {
            return Ok(());
        }
        let mut rows = tree.rows(&keys::REQUESTS_BY_SEQ)?;
        for _ in 0..many {
            let Some((key, _)) = rows.next()? else { break };
            if let Some((seq, digest)) = keys::seq_and_request(&key) {
                let request = keys::request(digest);
                let seq_now = self.read(tree, request.clone())?.map(super::value::read_seq);
                if seq_now.transpose()? == Some(seq) {
                    self.write(tree, request, None)?;
                }
            }
            self.write(tree, key.to_vec(), None)?;
        }
        Ok(())
    }

    /// A packed chunk; an empty one is taken away.
    pub(super) fn chunk(
        &mut self,
        tree: &Tree,
        key: Vec<u8>,
        bytes: Vec<u8>,
    ) -> Result<(), StoreError> {
        let value = if bytes.is_empty() { None } else { Some(bytes) };
        self.write(tree, key, value)
    }

    /// Ends the draft: what differs from the tree, in key order. The summary's tallies
    /// follow as the writes are taken.
    pub(super) fn settle(
        &mut self,
        tree: &Tree,
    ) -> Result<impl Iterator<Item = Write> + '_, StoreError> {
        let (slots, tallies) = (self.end(tree)?, &mut self.summary.tallies);
        Ok(slots.into_iter().filter_map(|(key, slot)| slot.settle(key, tallies)))
    }

    /// Ends the draft: every key that was looked at, and what has become of it.
    pub(super) fn end(&mut self, tree: &Tree) -> Result<Slots, StoreError> {
        self.pack_up(tree)?;
        self.bytes = 0;
        Ok(std::mem::take(&mut self.slots))
    }
}

/// What `work` makes of both halves of these, of many of the second on a thread beside.
pub(super) fn in_halves<K: Ord + Clone + Send, V: Send, R: Send>(
    mut all: BTreeMap<K, V>,
    many: usize,
    work: &(dyn Fn(BTreeMap<K, V>) -> R + Sync),
) -> Vec<R> {
    let middle = all.keys().nth(all.len() / 2).filter(|_| all.len() >= many).cloned();
    let Some(middle) = middle else { return vec![work(all)] };
    let mut second = all.split_off(&middle);
    let (second, first) = beside_or_here(|| work(std::mem::take(&mut second)), || work(all));
    vec![first, second]
}

fn renew(value: &mut RecordValue, version: Version, after: Option<Record>) {
    value.rev = Revision(version.seq);
    value.trail.push(version);
    value.record = after;
}
