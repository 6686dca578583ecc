//! What everybody has earned in JP, after the rules of it have changed: no save waits while it
//! is counted anew. Whoever asks next waits for it, and what nobody asks for is counted a
//! stretch at a time while nobody asks anything.

use super::{Kind, RosterRow, State, StoreError, Views};

/// People counted at a stretch.
const STRETCH: usize = 500;

impl State {
    /// The rules of JP are others since this entry.
    pub(super) fn owe_jp(&mut self, seq: u64) {
        self.jp_owed = Some(0);
        self.views = Views::default();
        self.recent.forget(seq);
    }

    /// Whether anybody's JP is still to be counted anew.
    pub fn owes_jp(&self) -> bool {
        self.jp_owed.is_some()
    }

    /// Counts all of it: before anything is answered.
    pub fn count_jp(&mut self) -> Result<(), StoreError> {
        self.count_some(usize::MAX)
    }

    /// Counts a stretch of it.
    pub fn count_jp_on(&mut self) -> Result<(), StoreError> {
        self.count_some(STRETCH)
    }

    fn count_some(&mut self, most: usize) -> Result<(), StoreError> {
        let Some(from) = self.jp_owed else { return Ok(()) };
        let rows = self.roster.rows();
        let left = rows.get(rows.partition_point(|row| row.number < from)..).unwrap_or_default();
        // Nobody else has any.
        let has = |row: &&RosterRow| row.holds(Kind::Enrolments) || row.holds(Kind::Meetings);
        let owed: Vec<u32> = left.iter().filter(has).take(most).map(|row| row.number).collect();
        for number in &owed {
            self.refresh_pack(*number)?;
        }
        self.jp_owed = owed.last().filter(|_| owed.len() == most).map(|last| last + 1);
        self.views = Views::default();
        self.version += 1;
        Ok(())
    }
}
