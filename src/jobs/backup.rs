//! Taking a backup: part after part of the journal from the office into a file of the
//! officer's, while others work. A file appears whole or not at all, and only once its
//! lines have proven to be the journal up to its head.

use chrono::{DateTime, Utc};

use super::{Asking, Progress, unexpected};
use crate::backup::{About, BackupError, BackupWriter, Seal};
use crate::domain::change::{Head, Place};
use crate::exchange::{Destination, Target, WriteError};
use crate::protocol::{Answer, JournalPart, Problem, Request};

/// Why there is no backup.
#[derive(Debug)]
pub enum BackupFault {
    /// The office has no step yet.
    Empty,
    File(WriteError),
    Office(Problem),
    /// What the office gave is no sound journal.
    Backup(BackupError),
    Cancelled,
}

impl From<Problem> for BackupFault {
    fn from(problem: Problem) -> Self {
        Self::Office(problem)
    }
}

impl From<WriteError> for BackupFault {
    fn from(error: WriteError) -> Self {
        Self::File(error)
    }
}

impl From<BackupError> for BackupFault {
    fn from(error: BackupError) -> Self {
        match error {
            BackupError::Io(error) => Self::File(error.into()),
            error => Self::Backup(error),
        }
    }
}

/// Writes everything the office has committed by now; gives how far that goes.
pub fn take(
    ask: &mut Asking,
    office: &str,
    at: DateTime<Utc>,
    seal: &Seal,
    to: &Destination,
    progress: &Progress,
) -> Result<Head, BackupFault> {
    let mut part = next(ask, Place::default(), None)?;
    let head = part.head;
    if head.seq == 0 {
        return Err(BackupFault::Empty);
    }
    let mut writer = BackupWriter::new(Target::create(to)?, seal, About::new(at, office, head))?;
    let (mut segment, mut done) = (0, 0);
    loop {
        if part.segment != segment {
            segment = part.segment;
            writer.segment(segment, part.length)?;
        }
        writer.bytes(&part.bytes)?;
        done += part.bytes.len() as u64;
        progress.at(done, 0);
        if progress.cancelled() {
            return Err(BackupFault::Cancelled);
        }
        if part.next >= head.end {
            break;
        }
        let from = part.next;
        part = next(ask, from, Some(head))?;
        if part.next <= from {
            return Err(unexpected().into());
        }
    }
    writer.finish()?.finish()?;
    Ok(head)
}

fn next(ask: &mut Asking, from: Place, head: Option<Head>) -> Result<JournalPart, BackupFault> {
    match ask(Request::Backup { from, head })? {
        Answer::Journal(part) => Ok(*part),
        _ => Err(unexpected().into()),
    }
}
