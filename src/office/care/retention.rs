//! Retention: who has left so long ago that the office's own rule says their personal data
//! is to go. The day counted from is the one on which this office recorded that they had
//! left; nothing is ever erased without an officer's word. Reads only.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use crate::domain::kinds::employee::Status;
use crate::domain::kinds::setting;
use crate::domain::record::{EmployeeId, Kind, Record};
use crate::office::Office;
use crate::office::trouble::Trouble;
use crate::protocol::{Due, ERASE_MAX, Retention};

impl Office {
    /// Who is due, longest due first.
    pub(in crate::office) fn retention(&self) -> Result<Retention, Trouble> {
        let years = setting::retention_years(self.state.catalog.setting(setting::RETENTION_YEARS));
        let Some(after) = years else {
            return Ok(Retention { years, due: Vec::new(), total: 0 });
        };
        let mut all: Vec<(NaiveDate, NaiveDate, EmployeeId)> = self
            .left_since()?
            .into_iter()
            .filter_map(|(id, at)| {
                let since = self.state.date_of(at);
                let due = years_later(since, after);
                (due <= self.state.today).then_some((due, since, id))
            })
            .collect();
        all.sort_unstable();
        let total = all.len() as u32;
        let due = all.into_iter().take(ERASE_MAX);
        let due = due.map(|(due, since, id)| self.due(id, since, due)).collect();
        Ok(Retention { years, due, total })
    }

    fn due(&self, id: EmployeeId, since: NaiveDate, due: NaiveDate) -> Due {
        let row = self.state.roster.get(id.0);
        let label =
            row.map_or_else(String::new, |row| format!("{} · {}", row.full_name(), row.nip));
        let unit = row.and_then(|row| self.state.catalog.unit(row.unit));
        Due { id, label, unit: unit.map_or_else(String::new, |u| u.name.clone()), since, due }
    }

    /// When everybody who has left, or was deleted, did so; without those whose data has
    /// been erased and who have not been written since.
    fn left_since(&self) -> Result<BTreeMap<EmployeeId, DateTime<Utc>>, Trouble> {
        let mut left: BTreeMap<EmployeeId, DateTime<Utc>> = BTreeMap::new();
        self.journal.replay(None, &mut |line| {
            for change in line.changes.iter().filter(|change| change.id.kind == Kind::Employees) {
                let id = EmployeeId(change.id.number);
                match &change.after {
                    Some(Record::Employee(person)) if person.status == Status::Active => {
                        left.remove(&id);
                    }
                    _ => {
                        left.entry(id).or_insert(line.header.at);
                    }
                }
            }
            for id in &line.header.erases {
                left.remove(id);
            }
            Ok(true)
        })?;
        Ok(left)
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
