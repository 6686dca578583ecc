//! The protocol between whoever shows the office to a person and the office itself:
//! requests, answers, notices. The same values go over a channel in one process today
//! and in frames over a socket when several officers share an office; panes and
//! commands know nothing else of the office.
//!
//! Nothing here is in a language: problems are codes with arguments.

mod answer;
#[cfg(test)]
mod bound_tests;
mod cycle;
mod found;
mod history;
mod home;
mod moves;
mod report;
mod request;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::fault::Fault;
use crate::domain::kinds::officer::Role;
use crate::domain::record::RecordId;

pub use answer::*;
pub use cycle::*;
pub use found::*;
pub use history::*;
pub use home::*;
pub use moves::*;
pub use report::*;
pub use request::*;

/// The most rows one page carries.
pub const PAGE_MAX: u32 = 1000;
/// About the most bytes one page carries, however long its rows are: one with fewer rows than
/// were asked for and found goes on where it ends.
pub const PAGE_BYTES: usize = 1024 * 1024;
/// The most ids one request may name; more are named by a query.
pub const IDS_MAX: usize = 100_000;
/// The most people one request erases.
pub const ERASE_MAX: usize = 1000;

/// Pairs a reply with its request; chosen by the asker, unique within a connection.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Ticket(pub u64);

/// What reaches the asker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Incoming {
    Reply(Ticket, Box<Answer>),
    Notice(Notice),
}

/// Something changed, or goes on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Notice {
    /// Records changed; with `many` set, ask again for everything shown.
    Changed { seq: u64, ids: Vec<RecordId>, many: bool },
    /// Who else has a record open in a form now: all of them, in place of what was told
    /// before.
    Editing(Vec<Editor>),
    /// A long piece of work goes on; `total` is 0 while unknown.
    Progress { work: Work, done: u64, total: u64 },
    /// From now on nothing can be written.
    ReadOnly(Problem),
    /// The line to a shared office is lost; it is looked for again, and what was asked
    /// stays asked.
    LinkLost,
    /// The line is there again.
    LinkBack,
    /// Somebody who looks after the office has ended this sitting.
    Ended { by: String },
    /// The office has closed.
    Closed,
}

/// A sitting as whoever looks after the office sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sitting {
    pub number: u64,
    /// Operating system's name.
    pub officer: String,
    /// When they came.
    pub since: DateTime<Utc>,
    /// When they last asked for anything.
    pub heard: DateTime<Utc>,
    /// Requests that are not answered yet.
    pub waiting: u32,
    /// Bytes of answers all of their sittings have not read.
    pub unread: u64,
    /// Whether this is the asker's own.
    pub own: bool,
}

/// An officer with a record open in a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Editor {
    pub id: RecordId,
    /// Operating system's name.
    pub officer: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Work {
    Rebuilding,
    Importing,
    Verifying,
    Undoing,
    Erasing,
    /// Reading the whole journal for something.
    Searching,
    /// Looking at everybody for what a change would do.
    Counting,
}

/// Why something was not done. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Problem {
    /// Field by field; the draft they belong to by its place in the request.
    Invalid(Vec<(u32, Fault)>),
    NotFound,
    AmbiguousUnit(Vec<String>),
    /// `--read-only`, or the request came too late.
    ReadOnly,
    /// The journal is damaged here; read only until restored or quarantined.
    Damaged {
        file: String,
        line: u64,
    },
    /// A newer program has written this line of the journal; read only with this one.
    Newer {
        file: String,
        line: u64,
    },
    /// The store knows entries the journal has lost.
    JournalShort {
        store: u64,
        journal: u64,
    },
    /// No room on the disk; nothing was saved, the office goes on.
    DiskFull,
    /// The disk did not confirm; whether it was saved shows on opening again.
    SyncUnsure,
    /// It would not be read back as it was entered; nothing was saved, the office goes on.
    NotAsWritten,
    /// Reading or writing failed, in the system's words.
    Io(String),
    NothingToUndo,
    NothingToRedo,
    /// No entry of the journal has this number.
    /// It gave none, or it has been taken out.
    NoReason {
        seq: u64,
    },
    NoSuchStep {
        seq: u64,
    },
    AlreadyUndone {
        seq: u64,
    },
    /// Records changed since by others: undo would lose that.
    ChangedSince(Vec<String>),
    /// Others depend on it: what, and how many in all.
    DependedOn {
        labels: Vec<String>,
        count: u32,
    },
    /// People with a history are not deleted; deactivate them.
    HasHistory {
        label: String,
    },
    /// Processing of these people's data is restricted: who, and how many in all.
    Restricted {
        labels: Vec<String>,
        count: u32,
    },
    /// The office alone writes such records.
    KeptByOffice,
    TooMany {
        limit: u32,
    },
    /// What the step said was taken out as the law requires, or it took something out itself:
    /// it cannot be taken back.
    Erased {
        seq: u64,
    },
    /// The personal data of people who work here is not erased.
    StillActive {
        label: String,
    },
    /// Personal data was taken out of the journal while it was being copied.
    Overtaken,
    /// The person is a pseudonym now; what earlier steps said of them is not all gone yet.
    ErasureUnfinished(Box<Problem>),
    ImportRunning,
    NoImport,
    /// The asker has stopped it.
    Cancelled,
    /// The asker has written as much today as one officer may.
    Quota {
        megabytes: u32,
    },
    /// A text in it is longer than any may be.
    TooLong,
    /// Verification found the first difference here.
    Differs {
        place: String,
    },
    /// The line was lost during an import. Asked to finish it, the office may have saved it
    /// all the same: whoever asks again by the same request learns it.
    LinkLost,
    /// The office has closed.
    Closed,
    /// The asker's account is not among the officers of this office.
    NotAnOfficer {
        user: String,
    },
    /// The asker's role, or their part of the unit tree, does not cover it.
    NotAllowed {
        role: Role,
        needs: Needs,
    },
    /// It ships with the program: it may be edited, never deleted.
    BuiltIn {
        label: String,
    },
}

/// Who could do what was not allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Needs {
    /// Anybody who may read records: all but auditors.
    Reader,
    /// An officer or admin of these units.
    Writer,
    /// An admin or auditor.
    Auditor,
    /// An admin of these units.
    Admin,
    /// An admin of the whole office.
    OfficeAdmin,
    /// Somebody whose units include everything it touches.
    WiderReach,
}
