//! Retention: who has left so long ago that the office's own rule says their personal data
//! is to go. The day counted from is the one on which this office recorded that they had
//! left; nothing is ever erased without an officer's word. Reads only.

use chrono::{Datelike, NaiveDate};

use crate::domain::kinds::setting;
use crate::domain::record::EmployeeId;
use crate::office::Office;
use crate::office::care::errand::who_left;
use crate::office::trouble::Trouble;
use crate::office::views::left::Left;
use crate::office::views::state::State;

impl Office {
    /// When everybody who has left, or was deleted, did so; without those whose data has
    /// been erased and who have not been written since.
    pub(in crate::office) fn know_who_left(&mut self) -> Result<(), Trouble> {
        if self.state.left.is_none() {
            self.state.left = Some(self.left_by_the_journal()?);
        }
        Ok(())
    }

    fn left_by_the_journal(&self) -> Result<Left, Trouble> {
        who_left(&self.journal.reader(), Left::default(), None, &mut |_, _, _| true)
    }

    /// Whether what is kept of it is what the journal says.
    #[cfg(test)]
    pub(in crate::office) fn left_is_right(&mut self) -> bool {
        self.know_who_left().is_ok() && self.left_by_the_journal().ok() == self.state.left
    }
}

impl State {
    /// The office's rule in years, and by it who is due on that day: from when, since when
    /// they have been gone, who; longest due first.
    pub fn retention_due(
        &self,
        on: NaiveDate,
    ) -> (Option<u16>, Vec<(NaiveDate, NaiveDate, EmployeeId)>) {
        let years = setting::retention_years(self.catalog.setting(setting::RETENTION_YEARS));
        let Some(after) = years else { return (None, Vec::new()) };
        let left = self.left.iter().flat_map(Left::iter);
        let mut all: Vec<(NaiveDate, NaiveDate, EmployeeId)> = left
            .filter_map(|(id, at)| {
                let since = self.date_of(at);
                let due = years_later(since, after);
                (due <= on).then_some((due, since, id))
            })
            .collect();
        all.sort_unstable();
        (years, all)
    }
}

/// The same day so many years later; the day before where there is none.
fn years_later(day: NaiveDate, years: u16) -> NaiveDate {
    let year = day.year().saturating_add(i32::from(years));
    day.with_year(year)
        .or_else(|| day.pred_opt().and_then(|day| day.with_year(year)))
        .unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_counted_by_the_calendar() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        assert_eq!(years_later(day("2016-03-02"), 10), day("2026-03-02"));
        assert_eq!(years_later(day("2024-02-29"), 1), day("2025-02-28"));
        assert_eq!(years_later(day("2024-02-29"), 4), day("2028-02-29"));
    }
}
