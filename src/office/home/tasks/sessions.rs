//! Sessions: whose attendance nobody has noted, that have more people than seats, and that
//! somebody is to be at while they are to be at another.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use crate::domain::value::Value;
use crate::office::home::Scope;
use crate::protocol::{Door, Task, Urgency};

/// Sessions of one kind of task that are named one by one.
const NAMED_MAX: usize = 3;
/// How long after a session its attendance is still asked for.
const ASKED_FOR: TimeDelta = TimeDelta::days(60);

pub(super) fn without_attendance(scope: &Scope) -> Vec<Task> {
    let today = scope.today;
    let mut tasks = Vec::new();
    for (id, session) in scope.sessions.iter().copied().rev() {
        let (Some(start), Some(end)) = (session.start, session.last_day()) else {
            continue;
        };
        if start > today || today - end > ASKED_FOR {
            continue;
        }
        // While it goes on this day is asked for, and once it is over any of them.
        let on = end >= today;
        let day = if on { (today - start).num_days() + 1 } else { 1 };
        let day = u16::try_from(day).unwrap_or(u16::MAX);
        let waits = scope.turnout(id).filter(|(_, turnout)| !turnout.is_noted_by(day));
        let missing = waits.count() as u32;
        if missing == 0 {
            continue;
        }
        let (what, urgency) =
            if on { ("attendance_today", Urgency::Now) } else { ("attendance", Urgency::Late) };
        let task = Task::new(what, urgency, missing, Door::Session(id));
        tasks.push(
            task.with("name", Value::text(scope.name(session)))
                .with("day", Value::Whole((today - start).num_days() + 1))
                .with("days", Value::Whole(session.days() as i64))
                .with("end", Value::date(Some(end))),
        );
        if tasks.len() == NAMED_MAX {
            break;
        }
    }
    tasks
}

pub(super) fn overbooked(scope: &Scope) -> Vec<Task> {
    let over = scope.coming().filter_map(|(id, session)| {
        let seats = u32::from(session.capacity?);
        let enrolled = scope.enrolled(id);
        let task = Task::new("overbooked", Urgency::Now, enrolled, Door::Session(id));
        (enrolled > seats).then(|| {
            task.with("seats", Value::Whole(seats.into()))
                .with("name", Value::text(scope.name(session)))
                .with("start", Value::date(session.start))
        })
    });
    over.take(NAMED_MAX).collect()
}

/// One task for all: its door finds them, and each one's page says which sessions meet.
pub(super) fn clashing(scope: &Scope) -> Vec<Task> {
    let meant =
        |person: &u32| scope.state.roster.get(*person).is_some_and(|row| scope.has(row.unit));
    let found = scope
        .state
        .clashing()
        .into_iter()
        .map(|(id, people)| (id, people.into_iter().filter(meant).collect::<BTreeSet<u32>>()));
    let found: Vec<_> = found.filter(|(_, people)| !people.is_empty()).collect();
    let people: BTreeSet<u32> = found.iter().flat_map(|(_, people)| people).copied().collect();
    let Some((_, session)) =
        found.first().and_then(|(id, _)| scope.sessions.iter().find(|(one, _)| one == id))
    else {
        return Vec::new();
    };
    let door = Door::People("bentrok".into());
    let task = Task::new("clashing", Urgency::Now, people.len() as u32, door);
    let task = task.with("name", Value::text(scope.name(session)));
    vec![task.with("start", Value::date(session.start))]
}
