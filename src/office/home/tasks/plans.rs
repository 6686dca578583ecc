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
    let Ok(owed) = scope.state.owed() else { return Vec::new() };
    let mine = owed
        .overdue(scope.today)
        .filter(|person| scope.state.roster.get(person.0).is_some_and(|row| scope.has(row.unit)));
    let door = Door::List(Kind::IdpLines, "terlambat=ya".into());
    vec![Task::new("idp_overdue", Urgency::Late, mine.count() as u32, door)]
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
    let Ok(owed) = scope.state.owed() else { return Vec::new() };
    if !owed.has_judgements() {
        return Vec::new();
    }
    let year = scope.today.year() - 1;
    let rows = scope.state.roster.rows().iter();
    let mine = rows.filter(|row| row.is_active() && scope.has(row.unit));
    let missing = mine.filter(|row| owed.judged(row.number).is_none_or(|of| i32::from(of) < year));
    let door = Door::People(format!("!tahun-kinerja>={year} status:aktif"));
    let task = Task::new("not_judged", Urgency::Soon, missing.count() as u32, door);
    vec![task.with("year", Value::text(year.to_string()))]
}
