//! Correction requests (UU 27/2022) that wait for an answer.

use chrono::TimeDelta;

use crate::domain::value::Value;
use crate::office::home::Scope;
use crate::protocol::{Door, Task, Urgency};

pub(super) fn due(scope: &Scope) -> Vec<Task> {
    let state = scope.state;
    let mine = scope
        .requests
        .iter()
        .filter(|(person, _)| state.roster.get(person.0).is_some_and(|row| scope.has(row.unit)));
    let left: Vec<TimeDelta> = mine.map(|(_, due)| *due - state.now).collect();
    let Some(next) = left.iter().min() else { return Vec::new() };
    let late = left.iter().filter(|left| **left < TimeDelta::zero()).count() as u32;
    let (what, urgency, count) = if late > 0 {
        ("corrections_late", Urgency::Late, late)
    } else if *next <= TimeDelta::days(1) {
        ("corrections_soon", Urgency::Now, left.len() as u32)
    } else {
        ("corrections_open", Urgency::Soon, left.len() as u32)
    };
    let task = Task::new(what, urgency, count, Door::Corrections);
    vec![task.with("left", Value::left(Some(*next)))]
}
