//! What is owed to everybody's row after a change that may touch them all: the rules of JP, or
//! what a competency counts as. No save waits while it is counted anew. Whoever asks next waits
//! for it, and what nobody asks for is counted a stretch at a time while nobody asks anything.

use super::{Kind, RosterRow, State, StoreError, Views};
use crate::office::views::touched::Anew;

/// People counted at a stretch.
const STRETCH: usize = 500;

/// From this number on people are still to be counted, in this.
#[derive(Clone, Copy)]
pub(super) struct Debt {
    from: u32,
    anew: Anew,
}

impl Anew {
    /// Whether the row is worked out from their ratings and trainings.
    fn reads(self, row: &RosterRow) -> bool {
        let jp = self.jp && (row.holds(Kind::Enrolments) || row.holds(Kind::Meetings));
        jp || self.levels && row.holds(Kind::Ratings)
    }

    /// Whether anything of the row may be otherwise.
    fn concerns(self, row: &RosterRow) -> bool {
        self.reads(row) || self.gaps && row.holds(Kind::Ratings)
    }
}

impl State {
    /// These are to be counted anew since this entry.
    pub(super) fn owe(&mut self, seq: u64, anew: Anew) {
        let owed = self.debt.map_or(anew, |debt| debt.anew.and(anew));
        self.debt = Some(Debt { from: 0, anew: owed });
        self.views = Views::default();
        self.recent.forget(seq);
    }

    /// Whether anybody's row is still to be counted anew.
    pub fn owes_rows(&self) -> bool {
        self.debt.is_some()
    }

    /// Counts all of it: before anything is answered.
    pub fn count_rows(&mut self) -> Result<(), StoreError> {
        self.count_some(usize::MAX)
    }

    /// Counts a stretch of it.
    pub fn count_rows_on(&mut self) -> Result<(), StoreError> {
        self.count_some(STRETCH)
    }

    fn count_some(&mut self, most: usize) -> Result<(), StoreError> {
        let Some(Debt { from, anew }) = self.debt else { return Ok(()) };
        let rows = self.roster.rows();
        let left = rows.get(rows.partition_point(|row| row.number < from)..).unwrap_or_default();
        // To nobody else is anything owed.
        let owed: Vec<(u32, bool)> = left
            .iter()
            .filter(|row| anew.concerns(row))
            .take(most)
            .map(|row| (row.number, anew.reads(row)))
            .collect();
        for (number, reads) in &owed {
            if *reads {
                self.refresh_pack(*number)?;
            } else {
                self.recount(*number);
            }
        }
        let last = owed.last().filter(|_| owed.len() == most);
        self.debt = last.map(|(last, _)| Debt { from: last + 1, anew });
        self.views = Views::default();
        self.version += 1;
        Ok(())
    }
}
