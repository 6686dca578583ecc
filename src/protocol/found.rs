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
    pub unknown: Option<UnknownWord>,
}

/// What a search cannot ask about: a name before a sign (`jmp<80`) that is none, or behind one
/// that is (`status:foo`) what is no value of it. Nothing is found by either.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnknownWord {
    pub name: String,
    pub value: Option<UnknownValue>,
    pub nearest: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnknownValue {
    pub text: String,
    pub wants: ValueWanted,
}

/// What may stand behind a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ValueWanted {
    /// One of these, or of more than are told.
    Word(Vec<String>),
    Figure,
    Day,
    /// Something that is kept here by another name.
    Name,
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
