//! Reading (pembacaan): which officer looked at whose personal details on a day, and how
//! often. One record an officer and day, written by the office alone and growing through
//! the day: a line of the journal says only what was read since the one before. People
//! stand in it by number: it never names anybody (UU 27/2022 Pasal 31).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::belongs::{Belongs, Home, Writers};
use crate::domain::column::{Column, figure, text};
use crate::domain::field::{Field, Shape};
use crate::domain::record::{EmployeeId, NaturalKey, Schema};

/// The most people one record counts one by one; whoever reads more than these on a day
/// reads a list.
pub const PEOPLE_MAX: usize = 2000;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Reading {
    /// The operating system's name of who looked.
    pub officer: String,
    /// Where the office is.
    #[serde(with = "crate::domain::day")]
    pub day: Option<NaiveDate>,
    /// How often whose record was given whole, by the number of the employee.
    pub people: BTreeMap<u32, u32>,
    /// Rows of lists and exports with personal columns.
    pub listed: u64,
    /// This is only what is new, to be added to what stands of the same officer and day;
    /// never set in a record that stands.
    pub adds: bool,
}

impl Reading {
    pub fn of(officer: &str, day: NaiveDate) -> Self {
        Self { officer: officer.into(), day: Some(day), ..Self::default() }
    }

    /// Counts a record that was given whole.
    pub fn read(&mut self, employee: EmployeeId) {
        self.add(employee.0, 1);
    }

    fn add(&mut self, number: u32, times: u32) {
        if self.people.len() >= PEOPLE_MAX && !self.people.contains_key(&number) {
            self.listed = self.listed.saturating_add(times.into());
        } else {
            let count = self.people.entry(number).or_default();
            *count = count.saturating_add(times);
        }
    }

    /// How often records were given whole.
    pub fn total(&self) -> u64 {
        self.people.values().map(|times| u64::from(*times)).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.people.is_empty() && self.listed == 0
    }
}

impl Schema for Reading {
    // Whom somebody read about may be anybody of the office.
    const BELONGS: Belongs<Self> = Belongs::Officer(|reading| (&reading.officer, None));
    const HOME: Home = Home::Alone;
    const WRITERS: Writers = Writers::Office;
    const CALLED: &'static [&'static str] = &["catatan pembacaan"];
    const FIELDS: &'static [Field] = &[
        Field::new("officer", Shape::Text).required(),
        Field::new("day", Shape::Date).required(),
        Field::new("people", Shape::List),
        Field::new("listed", Shape::Whole { min: 0, max: i64::MAX }),
        Field::new("adds", Shape::Flag),
    ];
    const COLUMNS: &'static [Column] = &[
        text("day", 11),
        text("officer", 0),
        figure("people", 8),
        figure("total", 8),
        figure("listed", 9),
    ];

    fn label(&self) -> String {
        let day = self.day.map_or_else(String::new, |day| day.to_string());
        format!("{} · {day}", self.officer)
    }

    fn keys(&self) -> Vec<NaturalKey> {
        let day = self.day.map_or_else(String::new, |day| day.to_string());
        vec![NaturalKey::new("day", format!("{day}|{}", self.officer))]
    }

    fn onto(mut self, before: Option<&Self>) -> Self {
        if std::mem::take(&mut self.adds)
            && let Some(before) = before
        {
            self.listed = self.listed.saturating_add(before.listed);
            for (number, times) in &before.people {
                self.add(*number, *times);
            }
        }
        self
    }

    fn is_part(&self) -> bool {
        self.adds
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_two_sittings_read_on_a_day_is_added_up() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day");
        let mut first = Reading::of("siti", day);
        first.read(EmployeeId(7));
        first.read(EmployeeId(7));
        let mut second = Reading::of("siti", day);
        second.read(EmployeeId(7));
        second.read(EmployeeId(9));
        second.listed = 40;
        assert_eq!(second.clone().onto(Some(&first)), second, "it stands for the whole day");
        second.adds = true;
        let both = second.onto(Some(&first));
        assert_eq!(both.people, BTreeMap::from([(7, 3), (9, 1)]));
        assert_eq!((both.total(), both.listed, both.adds), (4, 40, false));
    }

    #[test]
    fn a_record_of_readings_stays_small_whoever_reads_everybody() {
        let mut all = Reading::default();
        for number in 0..PEOPLE_MAX as u32 + 5 {
            all.read(EmployeeId(number));
        }
        assert_eq!((all.people.len(), all.listed), (PEOPLE_MAX, 5));
        all.read(EmployeeId(0));
        assert_eq!(all.people[&0], 2);
    }
}
