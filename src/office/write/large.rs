//! Large entries: more changes than a line holds. Their parts go to the journal one by one
//! and mean nothing until the commit line stands; what they touch is noted meanwhile, and
//! the parts are kept packed, so that showing the entry reads none of them again and works
//! anew only the rows it touches. Those of one that is too large for that wait outside the
//! journal, which would have to be proven to be read, and everything held in memory is made
//! anew: most of it is otherwise by then.

use std::path::Path;

use chrono::{DateTime, Utc};

use crate::codec;
use crate::domain::change::{Change, Head, Place};
use crate::domain::record::Record;
use crate::office::read::label::ActTally;
use crate::office::rights::places::Footprint;
use crate::office::trouble::Trouble;
use crate::office::views::state::State;
use crate::office::views::touched::Touched;
use crate::office::write::plan::Plan;
use crate::office::write::scratch::Scratch;
use crate::office::{Office, OpenError};
use crate::protocol::Saved;
use crate::store::StoreError;

/// Bytes of parts kept; some thirty thousand people new to the office.
const KEPT_MAX: usize = 6 << 20;

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
}

/// The parts of a large entry, as long as they are needed.
enum Parts {
    /// With what stood before.
    Kept(Vec<(Place, Vec<u8>)>),
    /// Too many for that.
    Aside(Scratch),
    /// There was no room for them: the journal has them.
    Gone,
}

/// Changes, and the records they are written over.
type Part = (Vec<Change>, Vec<Option<Record>>);

impl Large {
    pub fn new(before: Head, at: DateTime<Utc>) -> Self {
        Self {
            before,
            at,
            footprint: Footprint::default(),
            touched: Touched::default(),
            tally: ActTally::default(),
            parts: Parts::Kept(Vec::new()),
            bytes: 0,
        }
    }

    /// Notes a part that stands at `place` and is not applied yet.
    pub fn note(
        &mut self,
        state: &State,
        folder: &Path,
        place: Place,
        changes: &[Change],
    ) -> Result<(), StoreError> {
        let before = state.before(changes)?;
        self.footprint.add(state, changes)?;
        state.touch(&mut self.touched, changes, &before);
        self.tally.add(changes);
        if let Parts::Kept(parts) = &mut self.parts {
            let part = codec::encode(&(changes, before))?;
            self.bytes += part.len();
            parts.push((place, part));
            if self.bytes > KEPT_MAX {
                self.parts = put_aside(folder, parts).map_or(Parts::Gone, Parts::Aside);
            }
        } else if let Parts::Aside(aside) = &mut self.parts
            && aside.push(folder, &(place, changes)).is_err()
        {
            self.parts = Parts::Gone;
        }
        Ok(())
    }
}

fn put_aside(folder: &Path, parts: &[(Place, Vec<u8>)]) -> Result<Scratch, Trouble> {
    let mut aside = Scratch::default();
    for (place, part) in parts {
        aside.push(folder, &(place, changes_of(part)?.0))?;
    }
    Ok(aside)
}

fn changes_of(part: &[u8]) -> Result<Part, StoreError> {
    Ok(codec::decode(part)?)
}

impl Office {
    /// Shows a large entry that has been committed to everybody.
    pub(in crate::office) fn apply_large(&mut self, plan: &Plan, large: Large) -> Saved {
        let Large { before, at, footprint, touched, tally, parts, .. } = large;
        let shown = match parts {
            Parts::Kept(parts) => self.show_parts(plan, at, &parts, &touched),
            Parts::Aside(parts) => self.show_aside(plan, parts),
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
        parts: &[(Place, Vec<u8>)],
        touched: &Touched,
    ) -> Result<(), OpenError> {
        let head = self.journal.head();
        let mut bulk = self.state.store.bulk()?;
        for (place, bytes) in parts {
            bulk.put(head.seq, *place, &changes_of(bytes)?.0)?;
        }
        bulk.request(&plan.rights.user, &plan.step.req, head.seq);
        bulk.finish(head)?;
        let told = self.state.part_with(touched);
        for (_, bytes) in parts {
            let (changes, before) = changes_of(bytes)?;
            if let Some(left) = &mut self.state.left {
                left.line(at, &changes, &plan.erases);
            }
            self.state.follow(head.seq, &changes, &before);
        }
        Ok(self.state.meet(head.seq, touched, told)?)
    }

    fn show_aside(&mut self, plan: &Plan, parts: Scratch) -> Result<(), OpenError> {
        let head = self.journal.head();
        let mut bulk = self.state.store.bulk()?;
        let put = parts.each::<(Place, Vec<Change>)>(&mut |(place, changes)| {
            Ok(bulk.put(head.seq, place, &changes)?)
        });
        put.map_err(|trouble| match trouble {
            Trouble::Store(error) => OpenError::Store(error),
            Trouble::Journal(error) => OpenError::Journal(error),
            Trouble::Answer(_) => StoreError::Broken("parts of an entry".into()).into(),
        })?;
        drop(parts);
        bulk.request(&plan.rights.user, &plan.step.req, head.seq);
        bulk.finish(head)?;
        self.state.left = None;
        Ok(self.state.reload()?)
    }

    fn show_anew(&mut self, before: Head) -> Result<(), OpenError> {
        let store = &mut self.state.store;
        let reader = self.journal.reader();
        crate::office::care::open::load(store, &reader, Some(before), &mut |_, _, _| true)?;
        self.state.left = None;
        Ok(self.state.reload()?)
    }
}
