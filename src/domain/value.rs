//! Value: what stands in one cell of a list, before any language is put on it. The
//! screen writes a date as `17 Agu 2026`, a file as `2026-08-17`; both get this.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Value {
    #[default]
    Empty,
    Text(String),
    /// A code of a closed list: words on screen (`choice.<code>`), the code in files.
    Choice(String),
    Whole(i64),
    /// A figure with two decimals, in hundredths (a percentage: 87,50 is 8750).
    Hundredths(i64),
    Date(NaiveDate),
    Moment(DateTime<Utc>),
    /// Minutes until something is due, below zero once it is late.
    Left(i64),
    Flag(bool),
    /// A count by year, earliest first (JP).
    Years(Vec<(u16, u32)>),
}

impl Value {
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }

    pub fn choice(code: impl Into<String>) -> Self {
        Self::Choice(code.into())
    }

    /// The code of a choice that may not have been made.
    pub fn code(code: Option<impl Into<String>>) -> Self {
        code.map_or(Self::Empty, Self::choice)
    }

    pub fn whole<N: Into<i64>>(number: Option<N>) -> Self {
        number.map_or(Self::Empty, |n| Self::Whole(n.into()))
    }

    pub fn date(date: Option<NaiveDate>) -> Self {
        date.map_or(Self::Empty, Self::Date)
    }

    pub fn moment(moment: Option<DateTime<Utc>>) -> Self {
        moment.map_or(Self::Empty, Self::Moment)
    }

    pub fn left(left: Option<TimeDelta>) -> Self {
        left.map_or(Self::Empty, |left| Self::Left(left.num_minutes()))
    }

    /// The count of one year, where it counts by year.
    pub fn in_year(&self, year: u16) -> Option<u32> {
        let Self::Years(years) = self else { return None };
        Some(years.iter().find(|(of, _)| *of == year).map_or(0, |(_, count)| *count))
    }

    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }
}
