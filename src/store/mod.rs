//! The store: what the journal says, laid out for fast reading. It is disposable: every
//! byte can be made again from the journal, so it is proven before it is trusted and
//! anything doubtful is an error, never a repair.
//!
//! It keeps records with the trail of their versions, one pack a person with what belongs
//! to them, natural keys, requests done, and packed chunks whose meaning is the office's.
//! It knows nothing of built-in records, of validity or of who may do what.

mod apply;
mod aside;
mod beside;
mod bulk;
mod draft;
mod keys;
mod marks;
mod open;
mod owed;
mod proof;
mod query;
mod shelf;
mod slack;
mod still;
mod tree;
mod value;

#[cfg(test)]
mod tests;

use std::io::ErrorKind;
use std::path::PathBuf;
use std::time::Duration;

use crate::codec::CodecError;
use crate::domain::change::Head;
use crate::domain::record::{Kept, Record, RecordId, Revision};

pub use apply::Applied;
pub use aside::{remove_aside, set_aside};
#[cfg(test)]
pub use beside::without_threads;
pub use beside::{Hand, beside, beside_or_here, relay};
pub use bulk::Bulk;
pub use query::Each;
#[cfg(test)]
pub use tree::values_read;
pub use value::Version;
#[cfg(test)]
pub use value::decoded;

/// Requests remembered, at least; older ones are forgotten some at a time.
pub const REQUESTS_KEPT: u64 = 10_000;

/// Looking for the oldest costs more than keeping some more.
const FORGOTTEN_TOGETHER: u64 = 64;

/// An open store. Reading needs no lock; there is one writer.
pub struct Store {
    tree: tree::Tree,
    summary: proof::Summary,
    dir: PathBuf,
    boot_id: String,
    was_clean: bool,
    /// Known to hold what was put into it.
    sound: bool,
}

/// A record as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredRecord {
    /// The entry that wrote it.
    pub rev: Revision,
    pub record: Record,
}

/// Everything that is kept with one person, in the order of ids.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pack {
    pub rows: Vec<(RecordId, Revision, Record)>,
}

impl Pack {
    /// Whether nothing is kept with this person.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The records of one kind, by number.
    pub fn of<T: Kept>(&self) -> impl Iterator<Item = (u32, Revision, &T)> {
        self.rows.iter().filter_map(|(id, rev, record)| Some((id.number, *rev, T::of(record)?)))
    }

    /// The record of one kind with this number, if it stands.
    pub fn one<T: Kept>(&self, number: u32) -> Option<&T> {
        self.of::<T>().find(|(other, ..)| *other == number).map(|(.., record)| record)
    }

    /// One record, if it stands.
    pub fn get(&self, id: RecordId) -> Option<(Revision, &Record)> {
        let at = self.rows.binary_search_by_key(&id, |(id, ..)| *id).ok()?;
        self.rows.get(at).map(|(_, rev, record)| (*rev, record))
    }
}

/// Why the store cannot be used, or could not take what it was given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    #[error("there is no store yet")]
    Missing,
    #[error("the store was written by another version of this program")]
    OtherVersion,
    /// What is there does not add up; names the part, never a record.
    #[error("the store is not what it was: {what}")]
    Unproven { what: &'static str },
    #[error("the store is broken ({0})")]
    Broken(String),
    #[error("the store cannot be read or written ({0})")]
    Io(String),
    /// No room on the disk.
    #[error("the disk is full")]
    Full,
    /// Another process has it open.
    #[error("the store is in use")]
    Busy,
    /// This entry is already applied.
    #[error("entry {seq} is already in the store, which stands at {applied}")]
    Stale { seq: u64, applied: u64 },
    /// The record is of another kind than its id says.
    #[error("{0} is not of that kind")]
    Mismatched(RecordId),
    /// What was to be written cannot be.
    #[error(transparent)]
    Codec(#[from] CodecError),
}

impl StoreError {
    /// A key that none of ours is.
    const NO_KEY: Self = Self::Unproven { what: "keys" };

    /// Whether the way on is to set the store aside and make it again from the journal.
    /// The rest is about the disk, another process or what was asked.
    pub fn means_rebuild(&self) -> bool {
        match self {
            Self::Missing | Self::OtherVersion | Self::Unproven { .. } | Self::Broken(_) => true,
            Self::Io(_)
            | Self::Full
            | Self::Busy
            | Self::Stale { .. }
            | Self::Mismatched(_)
            | Self::Codec(_) => false,
        }
    }
}

const fn is_full(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge)
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        // The kind only: an operating system's text may carry a path with a person's name.
        match error.kind() {
            kind if is_full(kind) => Self::Full,
            // A file where a folder should be, or a folder where a file should.
            ErrorKind::NotADirectory | ErrorKind::IsADirectory => Self::Unproven { what: "files" },
            kind => Self::Io(kind.to_string()),
        }
    }
}

impl Store {
    /// How far the journal has been applied.
    pub fn applied(&self) -> Head {
        self.summary.applied
    }

    /// Whether the last one to use it closed it, and nothing has touched it since.
    pub fn was_clean(&self) -> bool {
        self.was_clean
    }

    /// To be read on another thread while this one is written to. It has to be let go of
    /// before this one is.
    #[must_use]
    pub fn view(&self) -> Self {
        Self {
            tree: self.tree.view(),
            summary: self.summary.clone(),
            dir: self.dir.clone(),
            boot_id: self.boot_id.clone(),
            was_clean: false,
            sound: self.sound,
        }
    }

    /// Lets go of the files for good; every call from now on is refused.
    pub fn shut(&mut self) {
        self.tree.shut();
    }

    /// Whether something is applied that only memory holds.
    pub fn owes(&self) -> bool {
        self.tree.owes()
    }

    /// Hands what only memory holds to the files. Not needed for safety: the journal has it.
    pub fn settle(&self) -> Result<(), StoreError> {
        self.tree.settle()
    }

    /// Lets go of what nobody has looked for lately; how long until there is more of that.
    pub fn clear_unused(&self) -> Option<Duration> {
        self.tree.clear_unused()
    }

    /// Pushes what is applied out to the disk. Not needed for safety: the journal has it.
    pub fn flush(&self) -> Result<(), StoreError> {
        self.tree.flush()
    }
}
