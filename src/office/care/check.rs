//! Proof and repair: the journal's chain, the store against the journal, and the store
//! built anew. The journal is never changed here.

use std::path::Path;

use crate::domain::record::RecordId;
use crate::journal::JournalError;
use crate::office::care::beside::Beside;
use crate::office::care::open::{self, Progress};
use crate::office::trouble::Trouble;
use crate::office::views::state::State;
use crate::office::{Office, OpenError};
use crate::protocol::{Problem, Verified, Work};
use crate::store::{self, Store, StoreError, Stored};

/// Stores made for a while, beside the one in use.
const VERIFY: &str = "store.verify";
const NEW: &str = "store.new";

impl Office {
    /// Proves every line of the journal, then that the store holds exactly what a replay
    /// gives. The first difference is the answer.
    pub(in crate::office) fn verify(&mut self, progress: Progress) -> Result<Verified, Trouble> {
        let (entries, head, erased) = self.journal.verify(&mut |done, total| {
            progress(Work::Verifying, done, total);
            true
        })?;
        if self.ahead {
            return Err(self.why_read_only());
        }
        self.state.store.prove().map_err(|error| differs(&error.to_string()))?;
        let beside = Beside(self.folder.join(VERIFY));
        beside.clear().map_err(StoreError::from)?;
        let fresh = open::build_store(&beside.0, "", &self.journal, progress).map_err(fault)?;
        let records = compare(&self.state.store, &fresh)?;
        drop(fresh);
        Ok(Verified { entries, records, erased, head: head.code() })
    }

    /// The entry whose last line bears a hash that begins so. With `seq` only that entry is
    /// looked at: a head that was signed stands in its place or not at all.
    pub(in crate::office) fn find_head(
        &self,
        seq: Option<u64>,
        hash: &str,
    ) -> Result<Option<u64>, Trouble> {
        if let Some(seq) = seq {
            let line = self.journal.last_of(seq)?;
            return Ok(line.filter(|line| line.head().code().starts_with(hash)).map(|_| seq));
        }
        let mut found = None;
        self.journal.entries_backwards(None, &mut |line| {
            found = line.head().code().starts_with(hash).then_some(line.header.seq);
            Ok(found.is_none())
        })?;
        Ok(found)
    }

    /// What the store knows beyond the journal is the last trace of it.
    fn why_read_only(&self) -> Trouble {
        self.read_only.clone().unwrap_or(Problem::ReadOnly).into()
    }

    /// Makes the store anew from the journal, and everything held in memory from it. The
    /// new one is made beside the old and takes its place by a rename.
    pub(in crate::office) fn rebuild_store(&mut self) -> Result<(), Trouble> {
        if self.ahead {
            return Err(self.why_read_only());
        }
        let dir = self.folder.join("store");
        let beside = Beside(self.folder.join(NEW));
        beside.clear().map_err(StoreError::from)?;
        let fresh = open::build_store(&beside.0, &self.boot, &self.journal, &mut |_, _, _| {})
            .map_err(fault)?;
        fresh.close(&[])?;
        let now = (self.clock)();
        // Whatever sled still writes by name must not land among the new files.
        self.state.store.shut();
        store::set_aside(&dir)?;
        std::fs::rename(&beside.0, &dir).map_err(StoreError::from)?;
        self.state = State::load(Store::open(&dir, &self.boot)?, now)?;
        if let Err(error) = store::remove_aside(&dir) {
            tracing::warn!(%error, "what was set aside could not be removed");
        }
        Ok(())
    }

    /// Writes what is held in memory so that the next opening only reads it.
    pub(in crate::office) fn pack_lists(&mut self) -> Result<(), StoreError> {
        let seq = self.state.store.applied().seq;
        let mut chunks = self.state.roster.pack(seq);
        chunks.extend(self.state.left.as_ref().and_then(|left| left.pack(seq)));
        self.state.store.put_lists(&chunks)
    }
}

/// Removes what a process killed at its work has left of these.
pub(in crate::office) fn clear_leftovers(folder: &Path) {
    for name in [VERIFY, NEW] {
        drop(Beside(folder.join(name)));
    }
}

fn differs(place: &str) -> Trouble {
    Problem::Differs { place: place.to_string() }.into()
}

fn fault(error: OpenError) -> Trouble {
    match error {
        OpenError::Journal(error) => error.into(),
        OpenError::Store(error) => error.into(),
        OpenError::Io(error) => JournalError::Io(error).into(),
        OpenError::InUse { .. } => Problem::Closed.into(),
    }
}

/// How many records two stores share; the first that differs is the error.
fn compare(shown: &Store, replayed: &Store) -> Result<u64, Trouble> {
    let (mut count, mut difference): (u64, Option<RecordId>) = (0, None);
    shown.each_record(&mut |id, stored| {
        count += 1;
        let same = replayed.get(id)?.is_some_and(|other: Stored| other == *stored)
            && shown.trail(id)? == replayed.trail(id)?;
        difference = (!same).then_some(id);
        Ok(same)
    })?;
    if difference.is_none() {
        replayed.each_record(&mut |id, _| {
            let there = shown.get(id)?.is_some();
            difference = (!there).then_some(id);
            Ok(there)
        })?;
    }
    match difference {
        Some(id) => Err(differs(&id.to_string())),
        None => Ok(count),
    }
}
