//! Walk: the proven lines from one head to a place, in order, across segments. Everything
//! that reads the journal forwards goes through here, so the chain is checked every time.

use std::path::Path;

use super::error::{Damage, Defect, JournalError};
use super::line::{Batch, Hash, Line, Sealed, prove};
use super::segment::{self, Lines, Raw};
use crate::domain::change::{Head, Place};

/// What the next line has to follow.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Chain {
    pub seq: u64,
    pub hash: Hash,
    /// Parts of a large step seen so far, while its commit is not.
    pub parts: Option<u32>,
}

impl Chain {
    pub(super) fn follow(&mut self, line: &Sealed<'_>) -> Result<(), Defect> {
        if line.prev != self.hash {
            return Err(Defect::Chain);
        }
        let parts = self.parts.unwrap_or(0);
        let in_order = match line.header.batch {
            None => self.parts.is_none(),
            Some(Batch::Part(part)) => part.checked_sub(1) == Some(parts),
            Some(Batch::Commit(count)) => count == parts,
        };
        if !in_order || self.seq.checked_add(1) != Some(line.header.seq) {
            return Err(Defect::Sequence);
        }
        self.hash = line.hash;
        if let Some(Batch::Part(part)) = line.header.batch {
            self.parts = Some(part);
        } else {
            self.parts = None;
            self.seq = line.header.seq;
        }
        Ok(())
    }
}

/// Why a walk ended before its place.
pub(super) enum Stop {
    Line { place: Place, defect: Defect },
    Other(JournalError),
}

impl Stop {
    pub(super) fn into_error(self, dir: &Path) -> JournalError {
        match self {
            Self::Line { place, defect, .. } => {
                JournalError::Damaged(segment::damage(dir, place, defect))
            }
            Self::Other(error) => error,
        }
    }
}

pub(super) struct Found<'a> {
    pub sealed: Sealed<'a>,
    pub place: Place,
    pub end: Place,
}

impl Found<'_> {
    /// How far the journal goes with this line, if it is the last of its step.
    pub(super) fn head(&self) -> Head {
        Head { seq: self.sealed.header.seq, hash: self.sealed.hash, end: self.end }
    }

    pub(super) fn open(self, dir: &Path) -> Result<Line, JournalError> {
        let (place, end) = (self.place, self.end);
        let defective = |defect| JournalError::Damaged(segment::damage(dir, place, defect));
        self.sealed.open(place, end).map_err(defective)
    }
}

pub(super) struct Walk<'a> {
    dir: &'a Path,
    at: Place,
    until: Place,
    chain: Chain,
    lines: Option<Lines>,
}

impl<'a> Walk<'a> {
    /// From after `from` up to `until`, where a line must end.
    pub(super) fn new(dir: &'a Path, from: Head, until: Place) -> Self {
        let at = if from.end.segment == 0 { Place { segment: 1, offset: 0 } } else { from.end };
        let chain = Chain { seq: from.seq, hash: from.hash, parts: None };
        Self { dir, at, until, chain, lines: None }
    }

    /// Whether the last line was a part of a step whose commit has not come.
    pub(super) fn inside_batch(&self) -> bool {
        self.chain.parts.is_some()
    }

    pub(super) fn next(&mut self) -> Result<Option<Found<'_>>, Stop> {
        let Some(place) = self.advance()? else { return Ok(None) };
        let Some(lines) = &self.lines else { return Ok(None) };
        let end = self.at;
        let proven = prove(lines.bytes())
            .and_then(|sealed| self.chain.follow(&sealed).map(|()| sealed))
            .map_err(|defect| Stop::Line { place, defect })?;
        Ok(Some(Found { sealed: proven, place, end }))
    }

    /// Reads the next line's bytes and says where it begins.
    fn advance(&mut self) -> Result<Option<Place>, Stop> {
        loop {
            let place = self.at;
            if place >= self.until {
                return Ok(None);
            }
            let stop = |defect| Stop::Line { place, defect };
            if self.lines.is_none() {
                let (file, _) = segment::open(self.dir, place.segment).map_err(Stop::Other)?;
                let last = place.segment == self.until.segment;
                let end = if last { self.until.offset } else { u64::MAX };
                let lines = Lines::up_to(file, place.offset, end);
                self.lines = Some(lines.map_err(|_| stop(Defect::Unreadable))?);
            }
            let Some(lines) = &mut self.lines else { return Ok(None) };
            let raw = lines.next().map_err(|_| stop(Defect::Unreadable))?;
            let end = Place { segment: place.segment, offset: lines.at };
            match raw {
                Some(Raw::Whole) => {
                    self.at = end;
                    return Ok(Some(place));
                }
                Some(Raw::Unended) => return Err(stop(Defect::Garbled)),
                Some(Raw::TooLong) => return Err(stop(Defect::TooLong)),
                None if place.segment < self.until.segment => {
                    self.at = Place { segment: place.segment + 1, offset: 0 };
                    self.lines = None;
                    if self.inside_batch() {
                        let place = self.at;
                        return Err(Stop::Line { place, defect: Defect::Sequence });
                    }
                }
                None => return Err(stop(Defect::Missing)),
            }
        }
    }
}

/// The damage a walk or a look at a file ran into, if it was that.
pub(super) fn damage_of(error: JournalError) -> Result<Damage, JournalError> {
    match error {
        JournalError::Damaged(damage) => Ok(damage),
        other => Err(other),
    }
}
