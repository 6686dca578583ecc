//! Certificates that have expired or soon will.

use chrono::Days;

use crate::domain::value::Value;
use crate::office::home::Scope;
use crate::protocol::{Door, Task, Urgency};

/// Days ahead.
const WITHIN: u64 = 90;

pub(super) fn expiring(scope: &Scope) -> Vec<Task> {
    let Some(until) = scope.today.checked_add_days(Days::new(WITHIN)) else {
        return Vec::new();
    };
    let ends = &scope.everybody.expires;
    let soon = ends.range(..=until).map(|(_, people)| people).sum();
    let expired: u32 = ends.range(..scope.today).map(|(_, people)| people).sum();
    let urgency = if expired > 0 { Urgency::Now } else { Urgency::Soon };
    let search = format!("sertifikat<={until} status:aktif");
    let task = Task::new("certificates", urgency, soon, Door::People(search));
    vec![
        task.with("expired", Value::Whole(expired.into()))
            .with("days", Value::Whole(i64::try_from(WITHIN).unwrap_or_default())),
    ]
}
