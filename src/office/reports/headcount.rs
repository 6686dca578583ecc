//! Headcount: how many people work here, by unit, kind, job level, grade, sex, education or
//! age. Each person is in one group; whoever lacks what is grouped by is in the last one.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::columns::{percent, text, whole};
use super::source::Source;
use super::{Report, ReportLine};
use crate::domain::grade::Grade;
use crate::domain::kinds::employee::EmploymentKind;
use crate::domain::kinds::position::JobLevel;
use crate::domain::number::Sex;
use crate::domain::record::{Kind, UnitId};
use crate::domain::value::Value;
use crate::office::trouble::Trouble;
use crate::office::views::row::RosterRow;
use crate::protocol::{Chart, ChartShape, ListQuery, Opens, Param, Sum, TableColumn};

pub(super) struct Headcount;

const BY: &[&str] = &["unit", "kind", "job_level", "grade", "sex", "education", "age"];
/// The oldest of each band of ages but the last.
const AGES: [i32; 8] = [25, 30, 35, 40, 45, 50, 55, 60];

impl Report for Headcount {
    fn id(&self) -> &'static str {
        "headcount"
    }

    fn params(&self) -> Vec<Param> {
        // Groups are not kept as they were; ages follow from the day.
        let at = Param::at().only_with("by", "age");
        vec![Param::unit(), Param::choice("by", BY), at, Param::search()]
    }

    fn columns(&self) -> Vec<TableColumn> {
        vec![
            text("group", 0),
            whole("people", 8).summed(Sum::Total),
            percent("share", 10).summed(Sum::Own),
        ]
    }

    fn foot_opens(&self, source: &Source, _: &TableColumn) -> Option<Opens> {
        source.people_asked("")
    }

    fn lines(&self, source: &Source) -> Result<Vec<ReportLine>, Trouble> {
        let by = source.asked.text("by");
        let people = source.of_each(|row| Ok([Group::of(source, row, by)?]))?;
        let total = people.len() as i64;
        let mut groups: BTreeMap<Group, u32> = BTreeMap::new();
        for group in people {
            *groups.entry(group).or_default() += 1;
        }
        let lines = groups.into_iter().zip(1..).map(|((group, count), id)| {
            let count = i64::from(count);
            let share = Value::Hundredths((count * 10_000 + total / 2) / total.max(1));
            let opens = group.opens(source, by);
            ReportLine::made(id, vec![group.cell, Value::Whole(count), share], opens)
        });
        Ok(lines.collect())
    }

    fn foot(&self, _: &Source, lines: &[ReportLine], _: &TableColumn) -> Result<Value, Trouble> {
        Ok(if lines.is_empty() { Value::Empty } else { Value::Hundredths(10_000) })
    }

    fn chart(&self) -> Option<Chart> {
        let values = vec!["people".to_string()];
        Some(Chart { shape: ChartShape::Bar, by: "group".into(), values, only: None })
    }
}

/// A group of people, ordered by its rank; people without one come last.
#[derive(Debug, PartialEq)]
struct Group {
    rank: (u32, String),
    cell: Value,
    unit: Option<UnitId>,
}

impl Eq for Group {}

impl PartialOrd for Group {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Group {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.rank.cmp(&other.rank)
    }
}

impl Group {
    fn of(source: &Source, row: &RosterRow, by: &str) -> Result<Self, Trouble> {
        let ranked = |place: Option<usize>, cell: Value| match place {
            Some(place) => Self { rank: (place as u32, String::new()), cell, unit: None },
            None => Self::none(),
        };
        Ok(match by {
            "unit" => {
                let Some(unit) = source.catalog().unit(row.unit) else { return Ok(Self::none()) };
                let path = source.catalog().unit_path_text(row.unit);
                let number = row.unit.map_or(0, |unit| unit.0);
                let rank = (0, format!("{path}\u{0}{number}"));
                Self { rank, cell: Value::text(&unit.name), unit: row.unit }
            }
            "kind" => ranked(
                EmploymentKind::ALL.iter().position(|kind| *kind == row.kind),
                Value::choice(row.kind.code()),
            ),
            "job_level" => {
                let level = source.catalog().level(row.position);
                let place = JobLevel::ALL.iter().position(|known| Some(*known) == level);
                ranked(place, level.map_or(Value::Empty, |level| Value::choice(level.code())))
            }
            "grade" => {
                let grade = row.grade();
                let cell = grade.map_or(Value::Empty, |grade| Value::text(grade.to_string()));
                ranked(grade.map(|grade| usize::from(Grade::id(grade))), cell)
            }
            "sex" => {
                let cell = source.vital(row, "sex")?;
                let place = Sex::CODES.iter().position(|code| cell == Value::choice(*code));
                ranked(place, cell)
            }
            "age" => match source.vital(row, "birth_date")? {
                Value::Date(born) => {
                    let (place, code) = age_band(born, source.asked.at);
                    ranked(Some(place), Value::choice(code))
                }
                _ => Self::none(),
            },
            _ => match source.vital(row, "education")? {
                Value::Text(text) => {
                    Self { rank: (0, text.clone()), cell: Value::Text(text), unit: None }
                }
                _ => Self::none(),
            },
        })
    }

    const fn none() -> Self {
        Self { rank: (u32::MAX, String::new()), cell: Value::Empty, unit: None }
    }

    /// The people of this group as a list.
    fn opens(&self, source: &Source, by: &str) -> Option<Opens> {
        let term = match &self.cell {
            Value::Text(text) | Value::Choice(text) if by != "age" => format!("{by}=\"{text}\""),
            _ => return None,
        };
        let search = format!("status=active {term} {}", source.search);
        let unit = self.unit.or(source.asked.unit);
        let search = search.trim().to_string();
        Some(Opens::List(Box::new(ListQuery { search, unit, ..ListQuery::all(Kind::Employees) })))
    }
}

/// The band of ages a birth date falls into on that day: its place and its code.
fn age_band(born: NaiveDate, on: NaiveDate) -> (usize, String) {
    let birthday_to_come = (on.month(), on.day()) < (born.month(), born.day());
    let age = on.year() - born.year() - i32::from(birthday_to_come);
    match AGES.iter().position(|oldest| age <= *oldest) {
        Some(0) => (0, format!("0-{}", AGES[0])),
        Some(place) => (place, format!("{}-{}", AGES[place - 1] + 1, AGES[place])),
        None => (AGES.len(), format!("{}+", AGES[AGES.len() - 1] + 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_is_a_year_older_from_their_birthday_on() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        let born = day("2000-11-21");
        assert_eq!(age_band(born, day("2026-11-20")).1, "0-25");
        assert_eq!(age_band(born, day("2026-11-21")).1, "26-30");
        assert_eq!(age_band(day("1960-01-01"), day("2026-11-21")).1, "61+");
        assert_eq!(age_band(day("1966-11-22"), day("2026-11-21")).1, "56-60");
    }
}
