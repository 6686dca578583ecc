//! The journal: the truth of an office. Every step is a line appended to a file; what is
//! acknowledged here has been on the disk (`fdatasync`), and nothing half done is ever seen.
//!
//! `line` and `element` are the format, `segment` the files, `append` writing, `open` what is made of a
//! journal after anything may have happened to it, `reader` and `history` reading it,
//! `copy` taking it elsewhere, `cut` leaving a damaged end behind, `erase` taking out what
//! the law says must go.
//! Knows changes and entries, but neither what they mean nor what the store makes of them.
//! That only one process writes is for its owner to see to.

mod append;
mod copy;
mod cut;
mod disk;
mod element;
mod erase;
mod error;
mod history;
mod line;
mod open;
mod proven;
mod reader;
pub mod room;
mod salt;
mod segment;
mod walk;

#[cfg(test)]
mod tests;

use std::path::Path;

pub use append::{Journal, Staged};
pub use copy::{Proof, Stretch};
pub use cut::Cut;
pub use disk::{Disk, OsDisk};
pub use element::Elements;
pub use erase::{Erasable, is_erasing};
pub use error::{Damage, Defect, JournalError};
pub use line::{Batch, Hash, Header, LINE_MAX, Line, NewEntry};
pub use open::{Opened, Standing};
pub use proven::Proven;
pub use reader::JournalReader;
#[cfg(test)]
pub use reader::counted;
pub use salt::{Salt, Salts, from_system as salts_from_system};
pub use segment::{SEGMENT_MAX, SegmentStamp, name as segment_name};

use crate::domain::change::{Head, Place};

/// What a journal works with.
pub struct Means {
    pub disk: Box<dyn Disk>,
    pub salts: Salts,
    /// A new segment is begun before the first step after one is this long, in bytes.
    pub segment_max: u64,
    /// So many zeros are written behind a step where none stand yet, in bytes: where a file
    /// already reaches, a disk confirms the next steps without its length.
    pub ahead: usize,
}

/// Some hundred steps; little enough to be looked through for where the last of them ends.
const AHEAD: usize = 256 << 10;

impl Default for Means {
    fn default() -> Self {
        Self {
            disk: Box::new(OsDisk),
            salts: salt::from_system(),
            segment_max: SEGMENT_MAX,
            ahead: AHEAD,
        }
    }
}

impl Journal {
    /// Opens the journal in folder `dir`; one that is not there yet is empty, and nothing is
    /// made before the first write.
    ///
    /// `trusted` is how far the store has applied the journal, if it has proven itself;
    /// `proven` how far its lines were proven already: without it every line is.
    pub fn open(
        dir: &Path,
        trusted: Option<Head>,
        proven: Option<Head>,
    ) -> Result<Opened, JournalError> {
        Self::open_with(dir, trusted, proven, Means::default())
    }

    /// A view of what is committed now, to be read elsewhere.
    pub fn reader(&self) -> JournalReader {
        self.reader.clone()
    }

    pub fn head(&self) -> Head {
        self.reader.head
    }

    pub fn stamps(&self) -> Vec<SegmentStamp> {
        segment::stamps(self.reader.dir())
    }

    /// What a later opening need not prove, `closed` or with more to come.
    pub fn proven(&self, closed: bool) -> Proven {
        let closed = closed.then_some(self.reader.head);
        Proven { stamps: segment::stamps(self.reader.dir()), sealed: self.sealed, closed }
    }

    /// The last step of the segments that are written no more, where that is known.
    pub fn sealed(&self) -> Option<Head> {
        self.sealed
    }

    /// Takes it from an earlier opening, which had proven it.
    pub fn take_sealed(&mut self, sealed: Option<Head>) {
        self.sealed = self.sealed.or(sealed);
    }

    /// See [`JournalReader::read`].
    pub fn read(&self, place: Place) -> Result<Line, JournalError> {
        self.reader.read(place)
    }

    /// See [`JournalReader::replay`].
    pub fn replay(
        &self,
        from: Option<Head>,
        each: &mut dyn FnMut(Line) -> Result<bool, JournalError>,
    ) -> Result<(), JournalError> {
        self.reader.replay(from, each)
    }

    /// See [`JournalReader::verify`].
    pub fn verify(
        &self,
        progress: &mut dyn FnMut(u64, u64) -> bool,
    ) -> Result<(u64, Head, u64), JournalError> {
        self.reader.verify(progress)
    }

    /// See [`JournalReader::find`].
    pub fn find(&self, seq: u64) -> Result<Option<Vec<Place>>, JournalError> {
        self.reader.find(seq)
    }

    /// See [`JournalReader::line_of`].
    pub fn line_of(&self, seq: u64, from: Option<Place>) -> Result<Option<Line>, JournalError> {
        self.reader.line_of(seq, from)
    }

    /// See [`JournalReader::last_of`].
    pub fn last_of(&self, seq: u64) -> Result<Option<Line>, JournalError> {
        self.reader.last_of(seq)
    }

    /// See [`JournalReader::first_of`].
    pub fn first_of(&self, seq: u64) -> Result<Option<Line>, JournalError> {
        self.reader.first_of(seq)
    }

    /// See [`JournalReader::backwards`].
    pub fn backwards(
        &self,
        before: Option<u64>,
        each: &mut dyn FnMut(Line) -> Result<bool, JournalError>,
    ) -> Result<(), JournalError> {
        self.reader.backwards(before, each)
    }

    /// See [`JournalReader::entries_backwards`].
    pub fn entries_backwards(
        &self,
        before: Option<u64>,
        each: &mut dyn FnMut(Line) -> Result<bool, JournalError>,
    ) -> Result<(), JournalError> {
        self.reader.entries_backwards(before, each)
    }
}
