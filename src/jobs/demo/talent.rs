//! What the example says beyond levels: two years of performance, the potential of some, and
//! development plans of a few for this year.

use chrono::{Days, NaiveDate};

use super::chance::Chance;
use super::people::Invented;
use crate::domain::intake::PlainRow;
use crate::domain::jp::year_of;
use crate::domain::kinds::performance::{Expectation, Predicate};
use crate::domain::kinds::plan_line::{Fund, LineStatus};
use crate::domain::value::Value;

/// How the year before and the one before that were judged; most years are good.
pub fn performances(people: &[Invented], today: NaiveDate) -> Vec<PlainRow> {
    let mut chance = Chance::new(6_2022);
    let mut rows = Vec::new();
    for person in people {
        for back in 1..=2 {
            let (result, conduct) = match chance.below(20) {
                0 | 1 => (Expectation::Above, Expectation::Above),
                2..=5 => (Expectation::Above, Expectation::Met),
                6..=17 => (Expectation::Met, Expectation::Met),
                18 => (Expectation::Below, Expectation::Met),
                _ => (Expectation::Met, Expectation::Below),
            };
            let year = year_of(today).saturating_sub(back);
            let predicate = Predicate::of(result, conduct);
            rows.push(
                PlainRow::default()
                    .with("employee", Value::from(&person.employee.number))
                    .with("year", Value::Whole(year.into()))
                    .with("result", Value::choice(result.code()))
                    .with("conduct", Value::choice(conduct.code()))
                    .with("predicate", Value::choice(predicate.code())),
            );
        }
    }
    rows
}

/// What an assessment centre found, of two in three.
pub fn potentials(people: &[Invented], today: NaiveDate) -> Vec<PlainRow> {
    let mut chance = Chance::new(3_2020);
    let date = today.checked_sub_days(Days::new(200));
    let assessed = people.iter().filter(|_| chance.below(3) > 0).collect::<Vec<_>>();
    let of = |person: &&Invented| {
        let score = 50 + chance.below(46) as i64;
        PlainRow::default()
            .with("employee", Value::from(&person.employee.number))
            .with("score", Value::Whole(score))
            .with("date", Value::date(date))
            .with("assessor", Value::text("Pusat penilaian provinsi"))
            .with("method", Value::text("sedang"))
    };
    assessed.iter().map(of).collect()
}

/// Plans of every eighth for this year.
pub fn plans(people: &[Invented], today: NaiveDate) -> Vec<PlainRow> {
    let mut chance = Chance::new(11_2017);
    let year = Value::Whole(year_of(today).into());
    let of = |person: &Invented| {
        let (activity, jp, cost) = match chance.below(3) {
            0 => ("KL10", 20, 4_500_000),
            1 => ("NKL02", 6, 0),
            _ => ("NKL12", 20, 0),
        };
        let fund = if cost > 0 { Fund::Region } else { Fund::Nothing };
        PlainRow::default()
            .with("employee", Value::from(&person.employee.number))
            .with("year", year.clone())
            .with("competency", Value::text(["M.8", "M.4", "M.6"][chance.below(3)]))
            .with("gap", Value::Whole(-1))
            .with("activity", Value::choice(activity))
            .with("jp", Value::Whole(jp))
            .with("cost", Value::Whole(cost))
            .with("month", Value::Whole(1 + chance.below(12) as i64))
            .with("fund", Value::choice(fund.code()))
            .with("status", Value::choice(LineStatus::Accepted.code()))
    };
    people.iter().step_by(8).map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::super::people::people;
    use super::*;

    #[test]
    fn everybody_was_judged_twice_and_nobody_for_a_year_that_is_not_over() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 21).expect("a day");
        let people = people(today);
        let judged = performances(&people, today);
        assert_eq!(judged.len(), people.len() * 2);
        let over = |row: &PlainRow| matches!(row.value("year"), Some(Value::Whole(2024 | 2025)));
        assert!(judged.iter().all(over));
        assert!(potentials(&people, today).len() > people.len() / 2);
        assert!(!plans(&people, today).is_empty());
    }
}
