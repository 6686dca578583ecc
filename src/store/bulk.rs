//! Many lines at once: a rebuild, a large import or its undo. Large batches cost sled a
//! hundred megabytes, so this writes plain inserts in key order and is not atomic; a mark
//! on disk says so until it is finished, and a store with that mark is never trusted. Of many
//! writes a second thread makes half: no two are of one key.

use std::collections::VecDeque;

use super::draft::{Slots, StoreDraft, in_halves};
use super::keys::{self, PARTS};
use super::proof::Tally;
use super::{REQUESTS_KEPT, Store, StoreError, marks};
use crate::domain::change::{Change, Head, Place, RequestId};

/// Memory of writes gathered before they are made; the more, the fewer times a record
/// that changes often is written.
const GATHERED_BYTES: usize = 2 * 1024 * 1024;

/// Writes between two flushes of sled.
const WRITES_A_FLUSH: u32 = 10_000;
/// From so many writes on a second thread makes half of them.
const WRITES_BESIDE: usize = 256;

/// A bulk load under way. Dropped unfinished, it leaves a store that refuses every call
/// and will not open again.
pub struct Bulk<'a> {
    store: &'a mut Store,
    draft: StoreDraft,
    /// The newest requests, oldest first.
    requests: VecDeque<([u8; 16], u64)>,
    unflushed: u32,
    finished: bool,
}

impl Store {
    /// Begins a bulk load. The mark is on disk before anything else happens.
    pub fn bulk(&mut self) -> Result<Bulk<'_>, StoreError> {
        marks::set_loading(&self.dir)?;
        let draft = StoreDraft::new(self.summary.clone());
        Ok(Bulk { store: self, draft, requests: VecDeque::new(), unflushed: 0, finished: false })
    }
}

impl Bulk<'_> {
    /// The changes of one line.
    pub fn put(&mut self, seq: u64, place: Place, changes: Vec<Change>) -> Result<(), StoreError> {
        for change in changes {
            self.draft.change(&self.store.tree, seq, place, change)?;
        }
        self.make_room()
    }

    /// A packed chunk; an empty one is taken away.
    pub fn list(&mut self, chunk: u32, bytes: Vec<u8>) -> Result<(), StoreError> {
        self.draft.chunk(&self.store.tree, keys::list(chunk), bytes)?;
        self.make_room()
    }

    pub fn request(&mut self, by: &str, request: &RequestId, seq: u64) {
        if request.0.is_empty() {
            return;
        }
        if self.requests.len() as u64 >= REQUESTS_KEPT {
            self.requests.pop_front();
        }
        self.requests.push_back((keys::request_digest(by, request), seq));
    }

    /// The store with everything put so far, for reading (the lists are made from it).
    pub fn so_far(&mut self) -> Result<&Store, StoreError> {
        self.write_out()?;
        self.store.summary = self.draft.summary.clone();
        Ok(self.store)
    }

    /// Everything is in: the store now stands at `head` and can be trusted again.
    pub fn finish(mut self, head: Head) -> Result<(), StoreError> {
        let kept = self.draft.summary.count_of(&keys::REQUESTS_BY_SEQ);
        let new = self.requests.len() as u64;
        self.draft.forget(&self.store.tree, (kept + new).saturating_sub(REQUESTS_KEPT))?;
        for (digest, seq) in std::mem::take(&mut self.requests) {
            self.draft.remember(&self.store.tree, digest, seq)?;
        }
        self.write_out()?;
        self.draft.summary.applied = head;
        let tree = &self.store.tree;
        tree.insert(keys::SUMMARY, self.draft.summary.to_bytes()?)?;
        tree.flush()?;
        marks::clear_loading(&self.store.dir)?;
        self.store.summary = self.draft.summary.clone();
        self.finished = true;
        Ok(())
    }

    fn make_room(&mut self) -> Result<(), StoreError> {
        if self.draft.bytes() > GATHERED_BYTES { self.write_out() } else { Ok(()) }
    }

    fn write_out(&mut self) -> Result<(), StoreError> {
        let tree = &self.store.tree;
        let slots = self.draft.end(tree)?;
        let write = |slots: Slots| {
            let (mut tallies, mut written) = ([Tally::default(); PARTS.len()], 0);
            for (key, slot) in slots {
                match slot.settle(key, &mut tallies) {
                    Some((key, Some(value))) => tree.insert(&key, value)?,
                    Some((key, None)) => tree.remove(&key)?,
                    None => continue,
                }
                written += 1;
                if written % WRITES_A_FLUSH == 0 {
                    tree.flush()?;
                }
            }
            Ok::<_, StoreError>((tallies, written))
        };
        for half in in_halves(slots, WRITES_BESIDE, &write) {
            let (tallies, written) = half?;
            for (known, more) in self.draft.summary.tallies.iter_mut().zip(tallies) {
                known.join(more);
            }
            self.unflushed += written;
        }
        if self.unflushed >= WRITES_A_FLUSH {
            tree.flush()?;
            self.unflushed = 0;
        }
        Ok(())
    }
}

impl Drop for Bulk<'_> {
    fn drop(&mut self) {
        if !self.finished {
            let why = StoreError::Unproven { what: marks::UNFINISHED };
            self.store.tree.give_up(why);
        }
    }
}
