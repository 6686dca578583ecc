//! Assessment cycles that end within days, or have ended and are not closed.

use chrono::TimeDelta;

use crate::domain::kinds::cycle::Stage;
use crate::domain::record::CycleId;
use crate::domain::value::Value;
use crate::office::home::Scope;
use crate::protocol::{Door, Task, Urgency};

/// Cycles named one by one.
const NAMED_MAX: usize = 3;
const WITHIN: TimeDelta = TimeDelta::days(7);

pub(super) fn ending(scope: &Scope) -> Vec<Task> {
    let cycles = scope.state.catalog.cycles.iter();
    let ending = cycles.filter_map(|(number, (_, cycle))| {
        let end = cycle.end.filter(|_| cycle.stage() != Stage::Closed)?;
        let (what, urgency) = if end < scope.today {
            ("cycle_late", Urgency::Late)
        } else if end - scope.today <= WITHIN {
            ("cycle_ending", Urgency::Soon)
        } else {
            return None;
        };
        let task = Task::new(what, urgency, 1, Door::Cycle(CycleId(*number)));
        Some(task.with("name", Value::text(&cycle.name)).with("end", Value::date(Some(end))))
    });
    ending.take(NAMED_MAX).collect()
}
