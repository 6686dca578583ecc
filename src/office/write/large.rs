//! Large entries: more changes than a line holds. Their parts go to the journal one by one, on
//! a thread beside, and mean nothing until the commit line stands; what they touch is noted
//! meanwhile, and the parts are kept packed, so that showing the entry reads none of them again
//! and works anew only the rows it touches. Those of one that is too large for that wait outside the
//! journal, which would have to be proven to be read, and everything held in memory is made
//! anew: most of it is otherwise by then.

use std::path::Path;

use chrono::{DateTime, Utc};

use crate::codec;
use crate::domain::change::{Change, Head, Place};
use crate::domain::record::Record;
use crate::journal::{Journal, JournalError, NewEntry};
use crate::office::read::label::ActTally;
use crate::office::rights::places::Footprint;
use crate::office::trouble::Trouble;
use crate::office::views::state::State;
use crate::office::views::touched::Touched;
use crate::office::write::plan::Plan;
use crate::office::write::scratch::Scratch;
use crate::office::{Office, OpenError};
use crate::protocol::Saved;
use crate::store::{Hand, StoreError, beside, relay};

/// Bytes of parts kept; some thirty thousand people new to the office.
const KEPT_MAX: usize = 6 << 20;
/// Parts read ahead of the one that is put into the store.
const WAITING_MAX: usize = 1;

/// A large entry on its way.
pub(in crate::office) struct Large {
    /// Where the journal stood before it.
    before: Head,
    at: DateTime<Utc>,
    footprint: Footprint,
    touched: Touched,
    tally: ActTally,
    parts: Parts,
    bytes: usize,
    /// Where each part stands in the journal, once all of them do.
    places: Vec<Place>,
}

/// The parts of a large entry, as long as they are needed.
enum Parts {
    /// With what stood before.
    Kept(Vec<Packed>),
    /// Too many for that.
    Aside(Scratch),
    /// There was no room for them: the journal has them.
    Gone,
}

/// Notes a part of an entry.
pub(in crate::office) type Notes<'a> = &'a mut dyn FnMut(&[Change]) -> Result<(), Trouble>;

/// A part as bytes, and whether what is held in memory besides rows and views follows it.
struct Packed {
    bytes: Vec<u8>,
    followed: bool,
}

/// Takes a part of an entry to put it into the store.
type Takes<'a> = &'a mut dyn FnMut(Vec<Change>) -> Result<(), Trouble>;

/// Changes, and the records they are written over.
type Part = (Vec<Change>, Vec<Option<Record>>);

impl Large {
    fn new(before: Head, at: DateTime<Utc>) -> Self {
        Self {
            before,
            at,
            footprint: Footprint::default(),
            touched: Touched::default(),
            tally: ActTally::default(),
            parts: Parts::Kept(Vec::new()),
            bytes: 0,
            places: Vec::new(),
        }
    }

    /// Notes a part that is not applied yet.
    fn note(&mut self, state: &State, folder: &Path, changes: &[Change]) -> Result<(), StoreError> {
        let before = state.before(changes)?;
        self.footprint.add(state, changes)?;
        state.touch(&mut self.touched, changes, &before);
        self.tally.add(changes);
        if let Parts::Kept(parts) = &mut self.parts {
            let bytes = codec::encode(&(changes, before))?;
            self.bytes += bytes.len();
            parts.push(Packed { bytes, followed: State::follows(changes) });
            if self.bytes > KEPT_MAX {
                self.parts = put_aside(folder, parts).map_or(Parts::Gone, Parts::Aside);
            }
        } else if let Parts::Aside(aside) = &mut self.parts
            && aside.push(folder, &changes).is_err()
        {
            self.parts = Parts::Gone;
        }
        Ok(())
    }
}

fn put_aside(folder: &Path, parts: &[Packed]) -> Result<Scratch, Trouble> {
    let mut aside = Scratch::default();
    for part in parts {
        aside.push(folder, &changes_of(part)?.0)?;
    }
    Ok(aside)
}

fn changes_of(part: &Packed) -> Result<Part, StoreError> {
    Ok(codec::decode(&part.bytes)?)
}

impl Office {
    /// Writes an entry: `write` puts its parts into the journal, on a thread beside, and says
    /// where they stand; `note` notes the same parts meanwhile. Whatever fails, nothing of it
    /// was ever there.
    pub(in crate::office) fn write_large(
        &mut self,
        entry: NewEntry,
        write: impl FnOnce(&mut Journal) -> Result<Vec<Place>, Trouble> + Send,
        note: impl FnOnce(Notes) -> Result<(), Trouble>,
    ) -> Result<Large, Trouble> {
        let mut large = Large::new(self.journal.head(), entry.at);
        self.journal.begin_batch(entry)?;
        let Self { journal, state, folder, .. } = &mut *self;
        let mut noted = |part: &[Change]| Ok(large.note(state, folder, part)?);
        let both = beside(|| write(journal), || note(&mut noted)).map_err(JournalError::Io);
        let written = both.map_err(Trouble::from).and_then(|(places, noted)| {
            // A part that could not be written is why no more of them were noted.
            large.places = places?;
            noted?;
            Ok(journal.commit_batch()?)
        });
        match written {
            Ok(_) => Ok(large),
            Err(trouble) => {
                self.drop_batch();
                Err(trouble)
            }
        }
    }

    /// Takes a large entry back that failed, unless it already has been.
    fn drop_batch(&mut self) {
        match self.journal.cancel_batch() {
            Ok(()) | Err(JournalError::NoBatch) => {}
            Err(error) => tracing::error!(%error, "an unfinished entry could not be cut off"),
        }
    }

    /// Shows a large entry that has been committed to everybody.
    pub(in crate::office) fn apply_large(&mut self, plan: &Plan, large: Large) -> Saved {
        let Large { before, at, footprint, touched, tally, parts, places, .. } = large;
        let shown = match parts {
            Parts::Kept(parts) => self.show_parts(plan, at, &places, &parts, &touched),
            Parts::Aside(parts) => self.show_aside(plan, &places, parts),
            Parts::Gone => self.show_anew(before),
        };
        if let Err(error) = shown {
            // The entry is on the disk; the store is made anew from it.
            self.store_failed(&error);
        }
        let Head { seq, end, .. } = self.journal.head();
        let begun = if before.end.segment == end.segment { before.end.offset } else { 0 };
        self.has_written(&plan.rights.user, end.offset.saturating_sub(begun));
        self.noted(seq, footprint);
        let mut summary = tally.summary(plan.undoes, String::new());
        self.summaries.insert(seq, summary.clone());
        summary.via = Some(plan.step.via);
        summary.erases = plan.erases.len() as u32;
        if let Some(target) = plan.undoes {
            summary.redo = self.is_undo(target).unwrap_or_default();
        }
        Saved { seq: Some(seq), ids: tally.ids, count: tally.count, summary }
    }

    fn show_parts(
        &mut self,
        plan: &Plan,
        at: DateTime<Utc>,
        places: &[Place],
        parts: &[Packed],
        touched: &Touched,
    ) -> Result<(), OpenError> {
        let seq = self.put_parts(plan, places, |hand| {
            let mut parts = parts.iter();
            parts.try_for_each(|part| hand(changes_of(part)?.0))
        })?;
        let told = self.state.part_with(touched);
        let all = self.state.left.is_some() || self.state.has_views();
        for part in parts.iter().filter(|part| all || part.followed) {
            let (changes, before) = changes_of(part)?;
            if let Some(left) = &mut self.state.left {
                left.line(at, &changes, &plan.erases);
            }
            self.state.follow(seq, &changes, &before);
        }
        Ok(self.state.meet(seq, touched, told)?)
    }

    fn show_aside(
        &mut self,
        plan: &Plan,
        places: &[Place],
        parts: Scratch,
    ) -> Result<(), OpenError> {
        self.put_parts(plan, places, |hand| parts.each(hand))?;
        drop(parts);
        self.state.left = None;
        Ok(self.state.reload()?)
    }

    /// Puts the parts into the store that `read` hands over, while it reads on beside; says as
    /// which entry.
    fn put_parts(
        &mut self,
        plan: &Plan,
        places: &[Place],
        mut read: impl FnMut(Takes) -> Result<(), Trouble> + Send,
    ) -> Result<u64, OpenError> {
        let head = self.journal.head();
        let mut bulk = self.state.store.bulk()?;
        // Nobody takes any more who has failed, and says so below.
        let read = |hand: Hand<Vec<Change>>| {
            read(&mut |part| if hand(part) { Ok(()) } else { Err(JournalError::NoBatch.into()) })
        };
        let (mut places, mut put) = (places.iter(), Ok(()));
        let read = relay(WAITING_MAX, read, |changes| {
            let Some(place) = places.next() else { return false };
            put = bulk.put(head.seq, *place, changes);
            put.is_ok()
        });
        put?;
        read.map_err(|trouble| match trouble {
            Trouble::Store(error) => OpenError::Store(error),
            Trouble::Journal(error) => OpenError::Journal(error),
            Trouble::Answer(_) => StoreError::Broken("parts of an entry".into()).into(),
        })?;
        bulk.request(&plan.rights.user, &plan.step.req, head.seq);
        bulk.finish(head)?;
        Ok(head.seq)
    }

    fn show_anew(&mut self, before: Head) -> Result<(), OpenError> {
        let store = &mut self.state.store;
        let reader = self.journal.reader();
        crate::office::care::open::load(store, &reader, Some(before), &mut |_, _, _| true)?;
        self.state.left = None;
        Ok(self.state.reload()?)
    }
}
