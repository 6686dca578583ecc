//! Copying a journal as it stands, and proving the copy while it is made: stretches of the
//! files as bytes, up to a head that stays what it was however much is written meanwhile.
//! Knows lines only as far as they prove themselves; what is done with the bytes is for
//! others.

use std::os::unix::fs::FileExt;

use super::error::{Damage, Defect, JournalError};
use super::line::{LINE_MAX, prove};
use super::reader::JournalReader;
use super::segment;
use super::walk::Chain;
use crate::domain::change::{Head, Place};

/// Bytes of one segment.
#[derive(Debug, PartialEq, Eq)]
pub struct Stretch {
    pub segment: u32,
    /// How long the segment is, up to the head.
    pub length: u64,
    pub bytes: Vec<u8>,
    /// Where the next stretch begins; the head's end after the last one.
    pub next: Place,
}

impl JournalReader {
    /// At most `most` bytes from `from` on, of what was committed when `head` was the head.
    pub fn stretch(&self, from: Place, head: Head, most: u64) -> Result<Stretch, JournalError> {
        let until = head.end;
        if until > self.head.end || from >= until {
            return Err(JournalError::NotHere);
        }
        let from = if from.segment == 0 { Place { segment: 1, offset: 0 } } else { from };
        let (file, length) = segment::open(self.dir(), from.segment)?;
        let length = if from.segment == until.segment { until.offset } else { length };
        let mut bytes = vec![0; length.saturating_sub(from.offset).min(most) as usize];
        file.read_exact_at(&mut bytes, from.offset)?;
        let end = from.offset + bytes.len() as u64;
        let next = if end >= length && from.segment < until.segment {
            Place { segment: from.segment + 1, offset: 0 }
        } else {
            Place { segment: from.segment, offset: end }
        };
        Ok(Stretch { segment: from.segment, length, bytes, next })
    }
}

/// Proves lines as their bytes come by.
#[derive(Debug, Default)]
pub struct Proof {
    chain: Chain,
    at: Place,
    /// Lines of this segment that are proven.
    lines: u64,
    /// The beginning of a line whose end has not come.
    begun: Vec<u8>,
}

impl Proof {
    /// The next segment begins.
    pub fn segment(&mut self, segment: u32) -> Result<(), Damage> {
        if self.at.segment.checked_add(1) != Some(segment) {
            return Err(self.damage(Defect::Missing));
        }
        // Steps end with their segment.
        if !self.begun.is_empty() || self.chain.parts.is_some() {
            return Err(self.damage(Defect::Sequence));
        }
        self.at = Place { segment, offset: 0 };
        self.lines = 0;
        Ok(())
    }

    /// Whether a segment has begun.
    pub fn has_begun(&self) -> bool {
        self.at.segment > 0
    }

    /// More bytes of this segment.
    pub fn bytes(&mut self, bytes: &[u8]) -> Result<(), Damage> {
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            if self.begun.len() + part.len() > LINE_MAX {
                return Err(self.damage(Defect::TooLong));
            }
            let Some(rest) = part.strip_suffix(b"\n") else {
                self.begun.extend_from_slice(part);
                break;
            };
            let begun = std::mem::take(&mut self.begun);
            let line = if begun.is_empty() { rest } else { &[&begun, rest].concat() };
            let follows = prove(line).and_then(|sealed| self.chain.follow(&sealed));
            follows.map_err(|defect| self.damage(defect))?;
            self.at.offset += line.len() as u64 + 1;
            self.lines += 1;
        }
        Ok(())
    }

    /// How far the proven lines go; an error inside a line or a large step.
    pub fn head(&self) -> Result<Head, Damage> {
        if !self.begun.is_empty() || self.chain.parts.is_some() {
            return Err(self.damage(Defect::Sequence));
        }
        Ok(Head { seq: self.chain.seq, hash: self.chain.hash, end: self.at })
    }

    /// What is wrong with the next line.
    pub fn damage(&self, defect: Defect) -> Damage {
        let file = segment::name(self.at.segment.max(1));
        Damage { file, line: self.lines + 1, defect }
    }
}
