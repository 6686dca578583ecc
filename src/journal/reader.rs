//! Reader: everything that can be read of a journal up to one head. May be cloned and
//! sent elsewhere: it sees what was committed when it was taken, whatever is written since.

use std::fs::File;
use std::path::{Path, PathBuf};

use super::error::{Damage, Defect, JournalError};
use super::line::{Line, prove};
use super::segment::{self, Lines, Raw};
use super::walk::Walk;
use crate::domain::change::{Head, Place};

/// Progress is told once for so many bytes.
const PROGRESS_EVERY: u64 = 1 << 20;

/// How many lines this thread has opened, for tests of what an answer costs.
#[cfg(test)]
pub mod counted {
    thread_local! {
        static LINES: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
    }

    pub(in crate::journal) fn one() {
        LINES.set(LINES.get() + 1);
    }

    pub fn lines() -> u64 {
        LINES.get()
    }
}

#[derive(Clone, Debug)]
pub struct JournalReader {
    pub(super) dir: PathBuf,
    pub(super) head: Head,
    /// What stands behind `head`, if it cannot be trusted.
    pub(super) damage: Option<Damage>,
}

impl JournalReader {
    pub fn head(&self) -> Head {
        self.head
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    pub(super) fn damaged(&self, place: Place, defect: Defect) -> JournalError {
        JournalError::Damaged(segment::damage(&self.dir, place, defect))
    }

    /// The line at `place`, proven against its own hash.
    pub fn read(&self, place: Place) -> Result<Line, JournalError> {
        let (file, length) = segment::open(&self.dir, place.segment)?;
        if place.offset >= length {
            return Err(JournalError::NotHere);
        }
        self.read_in(file, place)
    }

    fn read_in(&self, file: File, place: Place) -> Result<Line, JournalError> {
        #[cfg(test)]
        counted::one();
        let mut lines = Lines::new(file, place.offset)?;
        let defect = match lines.next()? {
            Some(Raw::Whole) => None,
            Some(Raw::TooLong) => Some(Defect::TooLong),
            Some(Raw::Unended) => Some(Defect::Garbled),
            None => return Err(JournalError::NotHere),
        };
        if let Some(defect) = defect {
            return Err(self.damaged(place, defect));
        }
        let end = Place { segment: place.segment, offset: lines.at };
        prove(lines.bytes())
            .and_then(|sealed| sealed.open(place, end))
            .map_err(|defect| self.damaged(place, defect))
    }

    /// Committed lines after `from`, oldest first, until `each` says `false`. The parts of a
    /// large step come one by one and then its commit; one that was never committed does not
    /// come at all.
    pub fn replay(
        &self,
        from: Option<Head>,
        each: &mut dyn FnMut(Line) -> Result<bool, JournalError>,
    ) -> Result<(), JournalError> {
        let from = from.unwrap_or_default();
        if from.seq > self.head.seq || from.end > self.head.end {
            return Err(JournalError::NotHere);
        }
        if from.seq == self.head.seq {
            return if from == self.head { Ok(()) } else { Err(JournalError::NotHere) };
        }
        let mut walk = Walk::new(&self.dir, from, self.head.end);
        while let Some(found) = walk.next().map_err(|stop| stop.into_error(&self.dir))? {
            if !each(found.open(&self.dir)?)? {
                break;
            }
        }
        Ok(())
    }

    /// Proves every line from the first to the head, and returns how many entries there are
    /// and how many values have been taken out of them as the law requires.
    /// `progress` hears of bytes done and bytes in all, and cancels with `false`.
    pub fn verify(
        &self,
        progress: &mut dyn FnMut(u64, u64) -> bool,
    ) -> Result<(u64, Head, u64), JournalError> {
        let mut total = self.head.end.offset;
        for segment in 1..self.head.end.segment {
            total += segment::open(&self.dir, segment)?.1;
        }
        let (mut done, mut told, mut entries, mut erased) = (0, 0, 0, 0);
        let mut reached = Head::default();
        let mut walk = Walk::new(&self.dir, Head::default(), self.head.end);
        while let Some(found) = walk.next().map_err(|stop| stop.into_error(&self.dir))? {
            done += found.end.offset - found.place.offset;
            erased += found.sealed.erased();
            if found.sealed.is_last() {
                entries += 1;
                reached = found.head();
            }
            if done - told >= PROGRESS_EVERY {
                told = done;
                if !progress(done, total) {
                    return Err(JournalError::Cancelled);
                }
            }
        }
        if reached != self.head {
            return Err(self.damaged(reached.end, Defect::Chain));
        }
        match &self.damage {
            Some(damage) => Err(JournalError::Damaged(damage.clone())),
            None => Ok((entries, reached, erased)),
        }
    }
}
