//! JP of this year: PNS below their floor, PPPK above their ceiling.

use chrono::{Datelike, NaiveDate};

use crate::domain::value::Value;
use crate::office::home::Scope;
use crate::protocol::{Door, Task, Urgency};

/// From this month on what is missing cannot wait.
const LATE_FROM: u32 = 11;

pub(super) fn under_floor(scope: &Scope) -> Vec<Task> {
    let standing = &scope.everybody.standing;
    let count = standing.with_floor - standing.reached;
    let urgency = if scope.today.month() >= LATE_FROM { Urgency::Now } else { Urgency::Soon };
    let floor = scope.state.rules().jp_quota.pns_floor;
    let search = format!("jp<{floor} jenis=pns status:aktif");
    let last = NaiveDate::from_ymd_opt(scope.today.year(), 12, 31);
    let days = last.map_or(0, |last| (last - scope.today).num_days());
    let coming = scope.sessions.iter().filter(|(_, session)| {
        session.start.is_some_and(|start| start >= scope.today && Some(start) <= last)
    });
    let task = Task::new("under_floor", urgency, count, Door::People(search));
    vec![
        task.with("floor", Value::Whole(floor.into()))
            .with("missing", Value::Whole(standing.missing.into()))
            .with("days", Value::Whole(days))
            .with("sessions", Value::Whole(coming.count() as i64)),
    ]
}

pub(super) fn over_ceiling(scope: &Scope) -> Vec<Task> {
    let ceiling = scope.state.rules().jp_quota.pppk_ceiling;
    let search = format!("jp>{ceiling} jenis:pppk status:aktif");
    let task = Task::new(
        "over_ceiling",
        Urgency::Soon,
        scope.everybody.standing.over,
        Door::People(search),
    );
    vec![task.with("ceiling", Value::Whole(ceiling.into()))]
}
