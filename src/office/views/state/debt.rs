//! What is owed to everybody's row after a change that may touch them all: the rules of JP, or
//! what a competency counts as. No save waits while it is counted anew. Of many people it is
//! counted beside the writer for whoever asks next, of few at once; what nobody asks for is
//! counted a stretch at a time while nobody asks anything.

use std::collections::BTreeSet;

use super::{Kind, NaiveDate, RosterRow, State, StoreError, Views};
use crate::office::views::touched::Anew;

/// People counted at a stretch, and the most that are counted while somebody waits.
const STRETCH: usize = 500;

/// From this number on people are still to be counted, in this.
pub(super) struct Debt {
    from: u32,
    anew: Anew,
    beside: Option<Beside>,
}

/// Rows that are counted beside the writer, as they were on a day.
struct Beside {
    day: NaiveDate,
    /// Whose row was worked out again meanwhile.
    again: BTreeSet<u32>,
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
        let owed = self.debt.as_ref().map_or(anew, |debt| debt.anew.and(anew));
        self.debt = Some(Debt { from: 0, anew: owed, beside: None });
        self.views = Views::default();
        self.recent.forget(seq);
    }

    /// Whether anybody's row is still to be counted anew.
    pub fn owes_rows(&self) -> bool {
        self.debt.is_some()
    }

    /// Whether so many may be owed that it is counted beside the writer.
    pub fn owes_many(&self) -> bool {
        self.debt.is_some() && self.roster.people() as usize > STRETCH
    }

    /// Whether that is being done.
    pub fn counts_beside(&self) -> bool {
        self.debt.as_ref().is_some_and(|debt| debt.beside.is_some())
    }

    /// Whose rows are to be counted beside the writer, from now on.
    pub fn hand_rows_out(&mut self) -> Vec<u32> {
        let Some(debt) = &mut self.debt else { return Vec::new() };
        debt.beside = Some(Beside { day: self.today, again: BTreeSet::new() });
        let (from, anew) = (debt.from, debt.anew);
        let rows = self.roster.rows().iter().filter(|row| row.number >= from);
        rows.filter(|row| anew.concerns(row)).map(|row| row.number).collect()
    }

    /// These were worked out again.
    pub(super) fn counted_again(&mut self, people: &BTreeSet<u32>) {
        if let Some(beside) = self.debt.as_mut().and_then(|debt| debt.beside.as_mut()) {
            beside.again.extend(people);
        }
    }

    /// Takes the rows counted beside the writer. Those of whom something was saved meanwhile are
    /// counted here; where they are many, or more came to be owed, or it is another day, all are.
    pub fn take_rows(&mut self, rows: Vec<RosterRow>) -> Result<(), StoreError> {
        let today = self.today;
        let fits = |beside: &Beside| beside.day == today && beside.again.len() <= STRETCH;
        let Some(Beside { again, .. }) = self.not_beside().filter(fits) else { return Ok(()) };
        for row in rows.into_iter().filter(|row| !again.contains(&row.number)) {
            self.roster.put(row);
        }
        // What was saved may have left as it was what is owed.
        for number in again {
            self.refresh_pack(number)?;
        }
        self.debt = None;
        self.views = Views::default();
        self.version += 1;
        Ok(())
    }

    /// Nobody counts beside the writer any more.
    pub fn rows_called_off(&mut self) {
        self.not_beside();
    }

    fn not_beside(&mut self) -> Option<Beside> {
        self.debt.as_mut()?.beside.take()
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
        let Some(Debt { from, anew, .. }) = self.debt else { return Ok(()) };
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
        self.debt = last.map(|(last, _)| Debt { from: last + 1, anew, beside: None });
        self.views = Views::default();
        self.version += 1;
        Ok(())
    }
}
