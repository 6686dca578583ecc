//! What the example says beyond levels: two years of performance and of potential, two sanctions,
//! and development plans of a few for this year and the next.

use chrono::{Days, NaiveDate};

use super::chance::Chance;
use super::people::Invented;
use crate::domain::intake::PlainRow;
use crate::domain::jp::year_of;
use crate::domain::kinds::performance::{Expectation, Predicate};
use crate::domain::kinds::plan_line::{Fund, LineStatus};
use crate::domain::kinds::position::JobLevel;
use crate::domain::kinds::sanction::Severity;
use crate::domain::value::Value;

/// What some are prepared for.
const TARGET: &str = "Kepala Seksi Pemerintahan";

/// How the year before and the one before that were judged; most years are good. Of a few the
/// year before has not come in yet.
pub fn performances(people: &[Invented], today: NaiveDate) -> Vec<PlainRow> {
    let mut chance = Chance::new(6_2022);
    let mut rows = Vec::new();
    for (at, person) in people.iter().enumerate() {
        for back in 1..=2 {
            let (result, conduct) = match chance.below(20) {
                0 | 1 => (Expectation::Above, Expectation::Above),
                2..=5 => (Expectation::Above, Expectation::Met),
                6..=17 => (Expectation::Met, Expectation::Met),
                18 => (Expectation::Below, Expectation::Met),
                _ => (Expectation::Met, Expectation::Below),
            };
            if back == 1 && at % 32 == 30 {
                continue;
            }
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

/// What an assessment centre found, of two in three; of most of them a year before too, when it
/// was somewhat less or more.
pub fn potentials(people: &[Invented], today: NaiveDate) -> Vec<PlainRow> {
    let mut chance = Chance::new(3_2020);
    let assessed = people.iter().filter(|_| chance.below(3) > 0).collect::<Vec<_>>();
    let scored: Vec<(&Invented, i64)> =
        assessed.into_iter().map(|person| (person, 50 + chance.below(46) as i64)).collect();
    let mut before = Vec::new();
    for (person, score) in &scored {
        if chance.below(5) > 0 {
            before.push((*person, (score + chance.below(25) as i64 - 15).clamp(40, 95)));
        }
    }
    let on = |days: u64, (person, score): (&Invented, i64)| {
        let date = today.checked_sub_days(Days::new(days));
        PlainRow::default()
            .with("employee", Value::from(&person.employee.number))
            .with("score", Value::Whole(score))
            .with("date", Value::date(date))
            .with("assessor", Value::text("Pusat penilaian provinsi"))
            .with("method", Value::text("sedang"))
    };
    let now = scored.into_iter().map(|one| on(200, one));
    now.chain(before.into_iter().map(|one| on(565, one))).collect()
}

/// Two people were sanctioned: one some years ago, one lightly last year.
pub fn sanctions(people: &[Invented], today: NaiveDate) -> Vec<PlainRow> {
    let ago = |days| Value::date(today.checked_sub_days(Days::new(days)));
    let told = [
        (40, Severity::Light, "Teguran tertulis", 420, 240),
        (95, Severity::Medium, "Penundaan kenaikan gaji berkala selama satu tahun", 1_200, 835),
    ];
    let of = |(at, severity, sanction, since, until): (usize, Severity, &str, u64, u64)| {
        let person: &Invented = people.get(at)?;
        let row = PlainRow::default()
            .with("employee", Value::from(&person.employee.number))
            .with("severity", Value::choice(severity.code()))
            .with("sanction", Value::text(sanction))
            .with("since", ago(since))
            .with("until", ago(until));
        Some(row.with("decree", Value::text(format!("SK-{at}/CONTOH"))))
    };
    told.into_iter().filter_map(of).collect()
}

/// Plans of every eighth for this year, and of some already for the next; a clerk's then prepares
/// for leading a section.
pub fn plans(people: &[Invented], today: NaiveDate) -> Vec<PlainRow> {
    let mut chance = Chance::new(11_2017);
    let this = people.iter().step_by(8).map(|person| (person, 0));
    let next = people.iter().skip(3).step_by(16).map(|person| (person, 1));
    let of = |(person, ahead): (&Invented, u16)| {
        let year = Value::Whole((year_of(today) + ahead).into());
        let (activity, jp, cost) = match chance.below(3) {
            0 => ("KL10", 20, 4_500_000),
            1 => ("NKL02", 6, 0),
            _ => ("NKL12", 20, 0),
        };
        let fund = if cost > 0 { Fund::Region } else { Fund::Nothing };
        let aims = ahead > 0 && person.level() == Some(JobLevel::Pelaksana);
        let post = Value::text(if aims { TARGET } else { "" });
        PlainRow::default()
            .with("position", post)
            .with("employee", Value::from(&person.employee.number))
            .with("year", year)
            .with("competency", Value::text(["M.8", "M.4", "M.6"][chance.below(3)]))
            .with("gap", Value::Whole(-1))
            .with("activity", Value::choice(activity))
            .with("jp", Value::Whole(jp))
            .with("cost", Value::Whole(cost))
            .with("month", Value::Whole(1 + chance.below(12) as i64))
            .with("fund", Value::choice(fund.code()))
            .with("status", Value::choice(LineStatus::Accepted.code()))
    };
    this.chain(next).map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::super::people::people;
    use super::*;

    #[test]
    fn almost_everybody_was_judged_twice_and_nobody_for_a_year_that_is_not_over() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 21).expect("a day");
        let people = people(today);
        let judged = performances(&people, today);
        assert_eq!(people.len() * 2 - judged.len(), 6, "some are still to be judged");
        let over = |row: &PlainRow| matches!(row.value("year"), Some(Value::Whole(2024 | 2025)));
        assert!(judged.iter().all(over));
        assert!(potentials(&people, today).len() > people.len() / 2);
        assert!(potentials(&people, today).len() > people.len(), "of most of them twice");
        let plans = plans(&people, today);
        for year in [2026, 2027] {
            assert!(plans.iter().any(|row| row.value("year") == Some(&Value::Whole(year))));
        }
        assert_eq!(sanctions(&people, today).len(), 2);
    }
}
