//! Backup: the journal handed out part by part, as it stands in the files, while officers
//! go on working. The head is fixed by the first part; a part is small, so nobody waits
//! long for it. That the parts make one sound journal is proven by whoever puts them
//! together.

use crate::domain::change::{Head, Place};
use crate::journal::{JournalError, Stretch};
use crate::office::Office;
use crate::office::trouble::{Trouble, problem};
use crate::protocol::{JournalPart, Problem};

/// The most bytes one part carries.
const PART_MAX: u64 = 512 * 1024;

impl Office {
    /// The part that begins at `from`; without `head`, of what is committed now.
    pub(in crate::office) fn backup(
        &self,
        from: Place,
        head: Option<Head>,
    ) -> Result<JournalPart, Trouble> {
        let head = head.unwrap_or_else(|| self.journal.head());
        if head.seq < self.erased {
            return Err(Problem::Overtaken.into());
        }
        if head.seq == 0 {
            return Ok(JournalPart { head, segment: 0, length: 0, bytes: Vec::new(), next: from });
        }
        // Not as trouble of the journal: what an asker makes up must close nothing.
        let stretch = self.journal.reader().stretch(from, head, PART_MAX);
        let stretch = stretch.map_err(|error| match error {
            JournalError::NotHere => Problem::NotFound,
            error => problem(&error),
        })?;
        let Stretch { segment, length, bytes, next } = stretch;
        Ok(JournalPart { head, segment, length, bytes, next })
    }
}
