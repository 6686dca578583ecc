//! The year before: what the example wrote down while that year was not over (its people, their
//! development plans, the plan of the office, the survey), and how the plans ended. The office's
//! clock is put back for it, since nobody plans a year that is over.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use serde_json::json;

use super::chance::Chance;
use super::people::Invented;
use super::{growth, import, saved, step};
use crate::domain::intake::{Intake, PlainRow, RowData};
use crate::domain::kinds::idp_line::IdpLine;
use crate::domain::kinds::plan_line::{Fund, LineStatus};
use crate::domain::record::{EmployeeId, Kind, Record, Schema};
use crate::domain::value::Value;
use crate::jobs::{Asking, unexpected};
use crate::link::embedded::Clock;
use crate::protocol::{Answer, ListQuery, Problem, ReportQuery, Request};

/// By how much the clock of the example's office is behind, in days.
#[derive(Clone, Default)]
pub struct Behind(Arc<AtomicI64>);

impl Behind {
    /// The office's clock: this one, put back.
    pub fn clock(&self, clock: impl Fn() -> DateTime<Utc> + Send + 'static) -> Clock {
        let Self(behind) = self.clone();
        Box::new(move || {
            let now = clock();
            let behind = TimeDelta::try_days(behind.load(Ordering::Relaxed));
            behind.and_then(|behind| now.checked_sub_signed(behind)).unwrap_or(now)
        })
    }

    /// Puts it to another day than today.
    pub(super) fn stand_at(&self, day: NaiveDate, today: NaiveDate) {
        self.0.store((today - day).num_days(), Ordering::Relaxed);
    }
}

/// The day on which the example began.
pub fn first_day(today: NaiveDate) -> NaiveDate {
    NaiveDate::from_ymd_opt(today.year() - 1, 12, 15).unwrap_or(today)
}

/// What was planned by then: of every fourth, with whatever classes there were.
fn lines(people: &[Invented], today: NaiveDate) -> Vec<PlainRow> {
    let mut chance = Chance::new(10_2018);
    let of = |person: &Invented| {
        let (activity, competency, jp, cost) = match chance.below(3) {
            0 => ("KL07", "M.8", 5, 1_500_000),
            1 => ("KL02", "M.4", 12, 3_000_000),
            _ => ("NKL02", "M.8", 8, 0),
        };
        let fund = if cost > 0 { Fund::Region } else { Fund::Nothing };
        PlainRow::default()
            .with("employee", Value::from(&person.employee.number))
            .with("year", Value::Whole((today.year() - 1).into()))
            .with("competency", Value::text(competency))
            .with("gap", Value::Whole(-1))
            .with("activity", Value::choice(activity))
            .with("jp", Value::Whole(jp))
            .with("cost", Value::Whole(cost))
            .with("month", Value::Whole(6 + chance.below(6) as i64))
            .with("fund", Value::choice(fund.code()))
    };
    people.iter().skip(1).step_by(4).map(of).collect()
}

/// The plans as they were made, while their year lasted.
pub fn plan(
    ask: &mut Asking,
    people: &[Invented],
    ids: &[(&Invented, EmployeeId)],
    today: NaiveDate,
) -> Result<(), Problem> {
    let accepted = |row: PlainRow| row.with("status", Value::choice(LineStatus::Accepted.code()));
    bring_in(ask, "idp-before", lines(people, today).into_iter().map(accepted).collect())?;
    let year = u16::try_from(today.year() - 1).unwrap_or(0);
    let planned = [(8, "KL07"), (4, "KL02")].map(|(competency, activity)| {
        Record::from(growth::line(year, competency, activity, LineStatus::Accepted))
    });
    super::save_all(ask, "plan-before", planned.to_vec())?;
    super::save_all(ask, "needs-before", growth::needs_before(ids, year))
}

/// How they ended: closed in January, done where JP was earned of them.
pub fn close(ask: &mut Asking, people: &[Invented], today: NaiveDate) -> Result<(), Problem> {
    let earned = earned(ask, today)?;
    let january = NaiveDate::from_ymd_opt(today.year(), 1, 12).unwrap_or(today).min(today);
    let ended = lines(people, today).into_iter().map(|row| {
        let done = row.value("employee").is_some_and(|number| earned.contains(number));
        let row = row.with("closed", Value::Flag(true));
        let row = row.with("closed_on", Value::date(Some(january)));
        if done {
            return row.with("status", Value::choice(LineStatus::Done.code()));
        }
        row.with("status", Value::choice(LineStatus::Refused.code()))
            .with("reason", Value::text("Tidak sempat dilaksanakan; diusulkan lagi"))
    });
    bring_in(ask, "idp-closed", ended.collect())?;
    let search = format!("tahun={}", today.year() - 1);
    let query = ListQuery { search, ..ListQuery::all(Kind::PlanLines) };
    let Answer::Ids(ids) = ask(Request::Ids(query))? else { return Err(unexpected()) };
    let (kind, field) = (Kind::PlanLines, "status".to_string());
    let (step, value) = (step("plan-done"), json!(LineStatus::Done.code()).to_string());
    saved(ask(Request::SetField { step, kind, ids, field, value })?).map(|_| ())
}

/// The numbers of those who earned JP of what was planned for them.
fn earned(ask: &mut Asking, today: NaiveDate) -> Result<Vec<Value>, Problem> {
    let year = u16::try_from(today.year() - 1).ok();
    let query = ReportQuery { year, ..ReportQuery::of("idp") };
    let Answer::Table(table) = ask(Request::Report(query))? else { return Err(unexpected()) };
    let place = |key: &str| table.columns.iter().position(|column| column.key == key);
    let (Some(nip), Some(done)) = (place("nip"), place("jp_done")) else {
        return Err(unexpected());
    };
    let some = |cell: &Value| matches!(cell, Value::Whole(1..));
    let earned = table.rows.iter().filter(|row| some(&row.cells[done]));
    Ok(earned.map(|row| row.cells[nip].clone()).collect())
}

fn bring_in(ask: &mut Asking, name: &str, rows: Vec<PlainRow>) -> Result<(), Problem> {
    let rows = rows.into_iter().map(RowData::Plain).collect();
    import(ask, name, Intake::Idp, super::fields_of(IdpLine::FIELDS), rows)
}
