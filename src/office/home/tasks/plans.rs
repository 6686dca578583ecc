//! Plans: lines of people that should have been done, lines of the office for this year of which
//! no session is planned, and people nobody has judged for the year before.

use chrono::Datelike;

use crate::domain::jp::year_of;
use crate::domain::kinds::plan_line::LineStatus;
use crate::domain::record::Kind;
use crate::domain::value::Value;
use crate::office::home::Scope;
use crate::protocol::{Door, Task, Urgency};

pub(super) fn overdue(scope: &Scope) -> Vec<Task> {
    let late = scope.everybody.lines.iter().filter(|(due, _)| due.is_over(scope.today));
    let late = late.map(|(_, lines)| lines).sum();
    let door = Door::List(Kind::IdpLines, "terlambat=ya".into());
    vec![Task::new("idp_overdue", Urgency::Late, late, door)]
}

pub(super) fn without_session(scope: &Scope) -> Vec<Task> {
    let (catalog, year) = (&scope.state.catalog, year_of(scope.today));
    let ended = |status| matches!(status, Some(LineStatus::Done | LineStatus::Refused));
    let lines = catalog.plan_lines.values().map(|(_, line)| line);
    let open = lines.filter(|line| line.year == year && !ended(line.status));
    let without = open.filter(|line| catalog.held_of(line).next().is_none());
    let search = format!("tahun={year} jadwal=0 !status=selesai,ditolak");
    let door = Door::List(Kind::PlanLines, search);
    let task = Task::new("plan_without_session", Urgency::Soon, without.count() as u32, door);
    vec![task.with("year", Value::text(year.to_string()))]
}

/// Where performance is kept at all.
pub(super) fn not_judged(scope: &Scope) -> Vec<Task> {
    let Some(missing) = scope.everybody.not_judged else { return Vec::new() };
    let year = scope.today.year() - 1;
    let door = Door::People(format!("!tahun-kinerja>={year} status:aktif"));
    let task = Task::new("not_judged", Urgency::Soon, missing, door);
    vec![task.with("year", Value::text(year.to_string()))]
}
