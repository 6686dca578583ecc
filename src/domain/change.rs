//! Change and entry: what was done to which record, by whom, in one step. An entry is
//! the unit of saving, of history and of undo; the journal is a list of entries.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::record::{EmployeeId, Record, RecordId, Revision};

/// The most changes one entry holds; a larger step is a batch of parts.
pub const CHANGES_MAX: usize = 500;

/// Makes a repeated request harmless, also after a restart. Made by the asker's program from
/// sixteen bytes; a journal may hold others, of the office itself and of earlier programs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RequestId(pub String);

impl RequestId {
    pub fn of(bytes: [u8; 16]) -> Self {
        Self(hex(&bytes))
    }

    /// Whether it is just sixteen bytes, as digits.
    pub fn is_whole(&self) -> bool {
        self.0.len() == 32 && self.0.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    }
}

fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}

/// The way a change came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Via {
    Tui,
    Cli,
    Import,
    /// The office by itself, on behalf of whoever it is about.
    Office,
}

impl Via {
    /// As which of a person's own programs a step of theirs came; the rest is the office's to
    /// say.
    #[must_use]
    pub const fn of_person(self) -> Self {
        match self {
            Self::Tui => Self::Tui,
            _ => Self::Cli,
        }
    }
}

/// A whole record put in place of the revision it replaces, or taken away.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    pub id: RecordId,
    /// The revision this replaces; 0 when there was none or only a built-in.
    pub base: Revision,
    /// `None` deletes (a built-in shows again).
    pub after: Option<Record>,
}

impl Change {
    /// The person whose values it carries: their own record, or one of theirs.
    pub fn person(&self) -> Option<EmployeeId> {
        self.after.as_ref()?.whose(self.id)
    }
}

/// One step, as it stands in the journal and in the history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub seq: u64,
    pub at: DateTime<Utc>,
    /// The operating system's name of who did it.
    pub by: String,
    pub via: Via,
    pub req: RequestId,
    /// The entry this one takes back (a redo takes back an undo).
    pub undoes: Option<u64>,
    /// Why, in the officer's words; erasable like any value.
    pub why: String,
    pub changes: Vec<Change>,
}

/// Where a line begins in the journal: segment number and byte offset.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Place {
    pub segment: u32,
    pub offset: u64,
}

/// How far the journal goes: its last entry, that line's hash, and where the next line
/// will begin. The default is an empty journal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    pub seq: u64,
    pub hash: [u8; 32],
    pub end: Place,
}

impl Head {
    /// The hash as it is printed.
    pub fn code(&self) -> String {
        hex(&self.hash)
    }
}
