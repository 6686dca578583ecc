//! Trouble: everything that can stop a request, and what the asker is told of it.

use crate::journal::{Damage, Defect, JournalError};
use crate::protocol::{Answer, Problem};
use crate::store::StoreError;

/// Why a request ended early.
#[derive(Debug)]
pub(in crate::office) enum Trouble {
    /// The answer that says so.
    Answer(Box<Answer>),
    Journal(JournalError),
    /// The store is disposable: the office builds it anew and the asker tries again.
    Store(StoreError),
}

impl From<Problem> for Trouble {
    fn from(problem: Problem) -> Self {
        Self::Answer(Box::new(Answer::Refused(problem)))
    }
}

impl From<JournalError> for Trouble {
    fn from(error: JournalError) -> Self {
        Self::Journal(error)
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Where the journal cannot be trusted, or not be read by this version.
pub(in crate::office) fn damaged(damage: &Damage) -> Problem {
    let Damage { file, line, defect } = damage.clone();
    match defect {
        Defect::Unknown => Problem::Newer { file, line },
        _ => Problem::Damaged { file, line },
    }
}

/// What the asker is told of a fault of the journal.
pub(in crate::office) fn problem(error: &JournalError) -> Problem {
    match error {
        JournalError::Full => Problem::DiskFull,
        JournalError::Unsure => Problem::SyncUnsure,
        JournalError::Damaged(damage) => damaged(damage),
        JournalError::ReadOnly => Problem::ReadOnly,
        JournalError::TooLarge => {
            Problem::TooMany { limit: crate::domain::change::CHANGES_MAX as u32 }
        }
        JournalError::NotAsWritten => Problem::NotAsWritten,
        error => Problem::Io(error.to_string()),
    }
}
