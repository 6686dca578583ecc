//! Proof and repair: the journal's chain, the store against the journal, and the store
//! built anew. The journal is never changed here. What is proven is what was committed when
//! the proof began; what is saved meanwhile shows in the store and is told apart by it.

use std::path::Path;

use crate::codec;
use crate::domain::change::Head;
use crate::domain::record::{Kind, RecordId};
use crate::journal::{JournalError, JournalReader};
use crate::office::care::beside::Beside;
use crate::office::care::errand::HearsErrand;
use crate::office::care::open;
use crate::office::home;
use crate::office::rights::places::News;
use crate::office::trouble::Trouble;
use crate::office::views::late::LateRoster;
use crate::office::views::state::State;
use crate::office::views::{columns, left, packed, requests};
use crate::office::write::scratch;
use crate::office::{Office, OpenError};
use crate::protocol::{Mended, Notice, Problem, Verified, Work};
use crate::store::{self, Store, StoreError};

/// Stores made for a while, beside the one in use.
const VERIFY: &str = "store.verify";
pub(in crate::office) const NEW: &str = "store.new";
/// How often a record is read that is not as it should be: a write may be going on.
const READ_AGAIN: u32 = 3;
/// Records between two words of how far a comparison is.
const TOLD_EVERY: u64 = 500;

/// Proves every line of the journal, then that the store `shown` holds what a replay gives.
/// The first difference is the answer.
pub(in crate::office) fn verify(
    reader: &JournalReader,
    shown: &Store,
    folder: &Path,
    told: HearsErrand,
) -> Result<Verified, Trouble> {
    let (entries, head, erased) =
        reader.verify(&mut |done, total| told(Work::Verifying, done, total))?;
    shown.prove_in_use().map_err(|error| differs(&error.to_string()))?;
    let beside = Beside(folder.join(VERIFY));
    beside.clear().map_err(StoreError::from)?;
    let fresh = open::build_store(&beside.0, "", reader, told).map_err(fault)?;
    let records = compare(shown, &fresh, head, told)?;
    drop(fresh);
    Ok(Verified { entries, records, erased, head: head.code() })
}

impl Office {
    /// Whether the entry's last line bears a hash that begins so: a head that was signed
    /// stands in its place or not at all.
    pub(in crate::office) fn find_head(
        &self,
        seq: u64,
        hash: &str,
    ) -> Result<Option<u64>, Trouble> {
        let line = self.journal.last_of(seq)?;
        Ok(line.filter(|line| line.head().code().starts_with(hash)).map(|_| seq))
    }

    /// What the store knows beyond the journal is the last trace of it.
    pub(in crate::office) fn why_read_only(&self) -> Trouble {
        self.read_only.clone().unwrap_or(Problem::ReadOnly).into()
    }

    /// Makes the store anew from the journal, and everything held in memory from it. The
    /// new one is made beside the old and takes its place by a rename.
    pub(in crate::office) fn rebuild_store(&mut self) -> Result<(), Trouble> {
        if self.ahead {
            return Err(self.why_read_only());
        }
        self.call_off();
        let beside = Beside(self.folder.join(NEW));
        beside.clear().map_err(StoreError::from)?;
        let (reader, told) = (self.journal.reader(), &mut |_, _, _| true);
        let fresh = open::build_store(&beside.0, &self.boot, &reader, told).map_err(fault)?;
        self.put_in_place(fresh, &beside)
    }

    /// A store made of all the journal has takes the place of the one in use.
    pub(in crate::office) fn put_in_place(
        &mut self,
        fresh: Store,
        beside: &Beside,
    ) -> Result<(), Trouble> {
        self.call_off();
        let dir = self.folder.join("store");
        fresh.close()?;
        let now = (self.clock)();
        self.state.roster = LateRoster::default();
        // Whatever sled still writes by name must not land among the new files.
        self.state.store.shut();
        store::set_aside(&dir)?;
        std::fs::rename(&beside.0, &dir).map_err(StoreError::from)?;
        let (version, doubted) = (self.state.version, !self.state.store.is_sound());
        self.state = State::load(Store::open(&dir, &self.boot)?, None, now)?;
        // What was calculated of the old one is not of this one.
        self.state.version += version;
        self.behind = false;
        if doubted {
            // Screens may show what it said.
            let (seq, ids) = (self.journal.head().seq, Vec::new());
            self.mended.push(Mended::StoreRebuilt { entries: seq });
            self.news.push(News::to_all(Notice::Changed { seq, ids, many: true }));
        }
        if let Err(error) = store::remove_aside(&dir) {
            tracing::warn!(%error, "what was set aside could not be removed");
        }
        Ok(())
    }

    /// Keeps how far the journal is proven, where that has moved on: an office that is killed
    /// begins its next proof there.
    pub(in crate::office) fn leave_proven(&mut self, closed: bool) {
        let sealed = self.journal.sealed();
        if self.behind || !(closed || sealed != self.sealed) {
            return;
        }
        let kept = codec::encode(&self.journal.proven(closed)).map_err(StoreError::from);
        match kept.and_then(|bytes| self.state.store.leave_proven(&bytes)) {
            Ok(()) => {}
            // The next opening takes longer; that is all.
            Err(error) => tracing::warn!(%error, "what is proven was not kept"),
        }
        self.sealed = sealed;
    }

    /// Writes what is held in memory so that the next opening only reads it.
    pub(in crate::office) fn pack_lists(&mut self) -> Result<(), StoreError> {
        self.state.count_rows()?;
        let head = self.state.store.applied();
        let seq = head.seq;
        let any = self.state.store.count(Kind::Corrections) > 0;
        let requests = if any { packed::pack(seq, self.state.requests()?) } else { None };
        let left = self.state.left.as_ref().and_then(|left| packed::pack(seq, left));
        // Whoever comes back has it made anew, that is all.
        let home = self.state.home_to_pack(seq).unwrap_or_default();
        let State { store, roster, .. } = &mut self.state;
        // Before the rows: a chunk of which these alone are written is read of everybody in it.
        for chunk in roster.columns_to_pack() {
            columns::pack(store, chunk)?;
        }
        roster.pack(head, &mut |chunk, bytes| store.put_list(chunk, bytes))?;
        for (chunk, bytes) in
            [(left::CHUNK, left), (requests::CHUNK, requests), (home::CHUNK, home)]
        {
            let Some(bytes) = bytes else { continue };
            if store.list_chunk(chunk)?.as_ref() != Some(&bytes) {
                store.put_list(chunk, bytes)?;
            }
        }
        Ok(())
    }
}

/// Removes what a process killed at its work has left of these.
pub(in crate::office) fn clear_leftovers(folder: &Path) {
    for name in [VERIFY, NEW] {
        drop(Beside(folder.join(name)));
    }
    if let Err(error) = scratch::clear(folder) {
        tracing::warn!(kind = %error.kind(), "rows of an import were left behind");
    }
}

fn differs(place: &str) -> Trouble {
    Problem::Differs { place: place.to_string() }.into()
}

pub(in crate::office) fn fault(error: OpenError) -> Trouble {
    match error {
        OpenError::Journal(error) => error.into(),
        OpenError::Store(error) => error.into(),
        OpenError::Io(error) => JournalError::Io(error).into(),
        OpenError::InUse { .. } => Problem::Closed.into(),
    }
}

/// How many records a replay of the journal up to `head` gives, if the store `shown` has just
/// these; the first that differs is the error. What was written after `head` is not looked
/// at: the store is in use, and what it shows then is another proof's to say.
fn compare(shown: &Store, replayed: &Store, head: Head, told: HearsErrand) -> Result<u64, Trouble> {
    let total = replayed.records();
    let (mut count, mut tell_at) = (0, TOLD_EVERY);
    let mut difference = None;
    let mut stopped = false;
    let mut look = |ids: &[RecordId]| -> Result<bool, StoreError> {
        for id in ids {
            if !agree(shown, replayed, *id, head)? {
                difference = Some(*id);
                return Ok(false);
            }
        }
        Ok(true)
    };
    replayed.each_unlike(shown, &mut |records, ids| {
        count += records;
        if count >= tell_at {
            tell_at = count + TOLD_EVERY;
            stopped = !told(Work::Verifying, count, total);
        }
        Ok(!stopped && look(ids)?)
    })?;
    if stopped {
        return Err(JournalError::Cancelled.into());
    }
    // What only the one in use has.
    shown
        .each_unlike(replayed, &mut |_, ids| look(ids))
        .map_err(|error| differs(&error.to_string()))?;
    match difference {
        Some(id) => Err(differs(&id.to_string())),
        None => Ok(count),
    }
}

/// Whether the store in use has of a record what a replay gives, or something written later.
fn agree(shown: &Store, replayed: &Store, id: RecordId, head: Head) -> Result<bool, StoreError> {
    let (stored, trail) = (replayed.get(id)?, replayed.trail(id)?);
    for _ in 0..READ_AGAIN {
        let (Ok(now), Ok(versions)) = (shown.get(id), shown.trail(id)) else {
            // One that cannot be read holds nothing.
            return Ok(false);
        };
        if versions.last().is_some_and(|version| version.seq > head.seq) {
            return Ok(true);
        }
        if now == stored && versions == trail {
            return Ok(true);
        }
        // It may have been looked at in the middle of a write.
    }
    Ok(false)
}
