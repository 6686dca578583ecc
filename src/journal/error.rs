//! What can go wrong with the journal, in terms of what is still certain: whether
//! something was kept, whether it was taken back, and where a line cannot be trusted.
//! Never carries a value of a record: these texts may stand in a log.

use std::fmt;
use std::io;

/// Why a line cannot be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Defect {
    /// Not a line of the journal, or cut short.
    Garbled,
    /// The bytes are not those the line's hash was made of.
    Hash,
    /// It does not follow the line before it.
    Chain,
    /// Its number, or its place in a large step, is not the next one.
    Sequence,
    /// Longer than any line the journal writes.
    TooLong,
    /// The file, or the rest of it, is gone.
    Missing,
    /// Something else than a file stands there.
    NotAFile,
    /// The disk does not give the bytes back.
    Unreadable,
    /// Intact, but written by a newer version of the program or of an unknown kind.
    Unknown,
}

impl Defect {
    const fn words(self) -> &'static str {
        match self {
            Self::Garbled => "not a journal line",
            Self::Hash => "altered since it was written",
            Self::Chain => "does not follow the line before it",
            Self::Sequence => "out of sequence",
            Self::TooLong => "too long",
            Self::Missing => "missing",
            Self::NotAFile => "not a regular file",
            Self::Unreadable => "cannot be read from the disk",
            Self::Unknown => "written by a newer version",
        }
    }
}

/// Where the journal stops being trustworthy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// Name of the file inside the journal's folder.
    pub file: String,
    /// Counted from 1.
    pub line: u64,
    pub defect: Defect,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} line {}: {}", self.file, self.line, self.defect.words())
    }
}

#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Nothing of it was kept; the journal is as before and can go on.
    #[error("the disk is full; nothing of this step was kept")]
    Full,
    /// The disk did not confirm; the step may or may not be there after reopening.
    #[error("the disk did not confirm the last step; reopen to see whether it was kept")]
    Unsure,
    /// Nothing of it was kept; the journal is as before and can go on.
    #[error("journal: {0}")]
    Io(#[from] io::Error),
    #[error("the journal is damaged: {0}")]
    Damaged(Damage),
    /// It was opened with damage, is shorter than what the store has applied, or could not be repaired.
    #[error("the journal is open for reading only")]
    ReadOnly,
    /// Lines wait for their commit, or a large step is under way.
    #[error("another step is being written")]
    Busy,
    /// `part` or `commit_batch` without `begin_batch`, or after the step was taken back.
    #[error("no large step is under way")]
    NoBatch,
    /// More changes than one entry holds, or more bytes than one line holds.
    #[error("too much for one entry")]
    TooLarge,
    /// Nothing of it was kept: its line would not be read as what it is to say.
    #[error("this step would not be read back as it was entered; nothing of it was kept")]
    NotAsWritten,
    /// The place or head asked for is not in this journal.
    #[error("not in this journal")]
    NotHere,
    #[error("cancelled")]
    Cancelled,
}

impl JournalError {
    /// The error of a write that was taken back.
    pub fn from_write(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::FileTooLarge => Self::Full,
            _ => Self::Io(error),
        }
    }
}
