//! Backup: one file that holds an office, encrypted, to be kept elsewhere. What stands in
//! it is the journal up to one head, for that is the truth; drafts are their officers' own.
//!
//! The file is a tar archive, compressed with gzip, encrypted with age, so that the tools
//! of any system open it without us (`age -d -i KEY FILE | tar xz`): first `kompeten.json`,
//! which says how far the journal goes, then `journal/000001.jsonl` and so on. `key` is who
//! may open it, `tar` the archive's blocks, `write` and `read` the file. Both prove every
//! line on its way. Knows neither where the lines come from nor what is made of them.

mod key;
mod read;
mod tar;
mod write;

#[cfg(test)]
mod tests;

use std::io;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::change::Head;
use crate::journal::Damage;

pub use key::{BackupKey, BackupKeyFault, NewKey, PASSPHRASE_MIN, Seal};
pub use read::BackupReader;
pub use write::BackupWriter;

/// Raised when an older program could not read the file any more.
const FORMAT: u32 = 1;
/// What the archive begins with.
const ABOUT: &str = "kompeten.json";
/// Longer than any `kompeten.json` there will be, in bytes.
const ABOUT_MAX: u64 = 64 * 1024;

/// What a backup says of itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct About {
    format: u32,
    /// Version of the program that made it.
    pub program: String,
    pub at: DateTime<Utc>,
    /// What the office is called.
    pub office: String,
    pub head: Head,
}

impl About {
    pub fn new(at: DateTime<Utc>, office: &str, head: Head) -> Self {
        let program = env!("CARGO_PKG_VERSION").into();
        Self { format: FORMAT, program, at, office: office.into(), head }
    }
}

/// Why a backup cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("not a backup of an office")]
    NotABackup,
    /// Made by a newer version of the program, named here.
    #[error("made by a newer version: {0}")]
    Newer(String),
    #[error("encrypted to other keys")]
    WrongKey,
    #[error("another passphrase")]
    WrongPassphrase,
    #[error("encrypted with a passphrase")]
    NeedsPassphrase,
    #[error("encrypted to keys")]
    NeedsKey,
    /// Its passphrase was stretched more than this program does.
    #[error("the passphrase asks for too much work")]
    TooMuchWork,
    #[error("cut short or altered")]
    Damaged,
    /// The lines in it are not one sound journal.
    #[error("journal: {0}")]
    Journal(Damage),
    #[error("{0}")]
    Io(#[from] io::Error),
}

impl From<Damage> for BackupError {
    fn from(damage: Damage) -> Self {
        Self::Journal(damage)
    }
}
