//! The ratings of the example: two yearly rounds by the superior. How many are optimal,
//! fairly optimal and less than optimal, and what is weakest, follow a BKN study of 2020
//! (ASN.md 3.7): 12.78, 52.86 and 36 of a hundred; decisions, results, developing others.

use chrono::{Days, NaiveDate};

use super::chance::Chance;
use super::people::Invented;
use crate::domain::intake::PlainRow;
use crate::domain::kinds::position::JobLevel;
use crate::domain::kinds::rating::RatingSource;
use crate::domain::record::Record;
use crate::domain::rules;
use crate::domain::value::Value;

/// Days before today of the two rounds, the earlier first.
pub const ROUNDS: [u64; 2] = [400, 35];
/// How easily a competency falls short, in the order of the nine.
const WEAKNESS: [usize; 9] = [2, 2, 3, 6, 3, 5, 4, 8, 2];

/// Every rating, person by person.
pub fn ratings(people: &[Invented], today: NaiveDate) -> Vec<PlainRow> {
    let standards = Standards::load();
    let mut chance = Chance::new(38_2017);
    let mut rows = Vec::new();
    for person in people {
        let Some(level) = person.level() else { continue };
        let required = standards.of(level);
        let actual = Standards::achieved(&required, &mut chance);
        // A few have never been rated, a few only in the first round.
        let rounds = match chance.below(20) {
            0 => 0,
            1 => 1,
            _ => 2,
        };
        for (round, days) in ROUNDS.into_iter().take(rounds).enumerate() {
            let date = today.checked_sub_days(Days::new(days));
            for (code, level) in standards.codes.iter().zip(&actual) {
                // Last year somewhat less was there.
                let level = if round == 0 && chance.percent(20) { level - 1 } else { *level };
                rows.push(row(person, code, level, date));
            }
        }
    }
    rows
}

fn row(person: &Invented, code: &str, level: u8, date: Option<NaiveDate>) -> PlainRow {
    PlainRow::default()
        .with("employee", Value::from(&person.employee.number))
        .with("competency", Value::text(code))
        .with("level", Value::Whole(level.clamp(1, 5).into()))
        .with("source", Value::choice(RatingSource::Superior.code()))
        .with("rater", Value::text(rater(person)))
        .with("date", Value::date(date))
        .with("method", Value::text("sederhana"))
}

/// The post of the superior, never a name.
fn rater(person: &Invented) -> &'static str {
    match (person.position.title.as_str(), person.path.len()) {
        ("Camat", _) => "Sekretaris Daerah",
        ("Lurah", _) | (_, 2) => "Camat",
        _ => "Lurah",
    }
}

/// The built-in competencies and what each job level requires of them.
struct Standards {
    codes: Vec<String>,
    levels: Vec<(JobLevel, u8)>,
}

impl Standards {
    fn load() -> Self {
        let mut standards = Self { codes: Vec::new(), levels: Vec::new() };
        for (_, record) in rules::built_in() {
            match record {
                Record::Competency(competency) => standards.codes.push(competency.code),
                Record::Standard(row) => {
                    if let Some(level) = row.job_level {
                        standards.levels.push((level, row.level.get()));
                    }
                }
                _ => {}
            }
        }
        standards
    }

    fn of(&self, level: JobLevel) -> Vec<u8> {
        self.levels.iter().filter(|(of, _)| *of == level).map(|(_, level)| *level).collect()
    }

    /// What a person reached: the standard less as many levels as the category misses.
    fn achieved(required: &[u8], chance: &mut Chance) -> Vec<u8> {
        let sum: usize = required.iter().map(|level| usize::from(*level)).sum();
        let (least, most) = match chance.below(10_164) {
            0..3_600 => (sum * 22 / 100 + 1, sum * 33 / 100),
            3_600..8_886 => (sum * 10 / 100 + 1, sum * 22 / 100),
            _ => (0, sum * 10 / 100),
        };
        let mut missing = least + chance.below(most.saturating_sub(least) + 1);
        let mut actual = required.to_vec();
        // Level 1 is the lowest there is: a pelaksana cannot fall short of it.
        for _ in 0..200 {
            if missing == 0 {
                break;
            }
            let place = weak(chance);
            if let Some(level) = actual.get_mut(place).filter(|level| **level > 1) {
                *level -= 1;
                missing -= 1;
            }
        }
        for (level, standard) in actual.iter_mut().zip(required) {
            if *level == *standard && *level < 5 && chance.percent(9) {
                *level += 1;
            }
        }
        actual
    }
}

fn weak(chance: &mut Chance) -> usize {
    let mut at = chance.below(WEAKNESS.iter().sum());
    for (place, weight) in WEAKNESS.into_iter().enumerate() {
        if at < weight {
            return place;
        }
        at -= weight;
    }
    0
}

#[cfg(test)]
mod tests {
    use super::super::people::people;
    use super::*;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 21).unwrap()
    }

    #[test]
    fn most_people_are_rated_twice_and_never_in_the_future() {
        let people = people(today());
        let rows = ratings(&people, today());
        assert!(rows.len() > people.len() * 9 * 17 / 10, "{}", rows.len());
        let past = |value: &Value| matches!(value, Value::Date(date) if *date < today());
        assert!(rows.iter().all(|row| row.value("date").is_some_and(past)));
        assert!(rows.iter().any(|row| row.value("competency") == Some(&Value::text("SK.1"))));
    }

    #[test]
    fn decisions_are_weaker_than_integrity() {
        let people = people(today());
        let rows = ratings(&people, today());
        let sum = |code: &str| -> i64 {
            let code = Value::text(code);
            let of = rows.iter().filter(|row| row.value("competency") == Some(&code));
            of.map(|row| match row.value("level") {
                Some(Value::Whole(level)) => *level,
                _ => 0,
            })
            .sum()
        };
        assert!(sum("M.8") < sum("M.1"));
    }
}
