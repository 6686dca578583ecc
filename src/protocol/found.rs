//! What is found while somebody types or chooses: records by name, how a search may go on,
//! sessions with a seat.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::record::{RecordId, SessionId};

/// A candidate: a record, what to call it, and a second line that tells it from others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hit {
    pub id: RecordId,
    pub label: String,
    pub detail: String,
}

/// How a search that is being typed may go on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completion {
    /// Where the words go, in bytes of the search.
    pub from: u32,
    /// Best first.
    pub words: Vec<String>,
    pub unknown: Option<UnknownName>,
}

/// A word before a sign (`jmp<80`) that is no name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnknownName {
    pub name: String,
    pub nearest: Option<String>,
}

/// A session in which people can be enrolled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Opening {
    pub session: SessionId,
    pub programme: String,
    pub start: Option<NaiveDate>,
    pub end: Option<NaiveDate>,
    pub capacity: Option<u16>,
    pub enrolled: u32,
    /// So many of those who are to be enrolled are in it.
    pub already: u32,
    /// So many are in another session on one of its days.
    pub clashing: u32,
}
