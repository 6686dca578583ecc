//! What is to be done: each kind of task is a source of its own, a file here and a line in
//! [`SOURCES`]. A source looks at kept views alone and says how urgent it is, how many it is
//! about, and which list it opens; home sorts and shows.

mod certificates;
mod corrections;
mod cycles;
mod jp;
mod plans;
mod ratings;
mod sessions;

use super::Scope;
use crate::protocol::{Door, Task};

type TaskSource = fn(&Scope) -> Vec<Task>;

const SOURCES: &[TaskSource] = &[
    corrections::due,
    sessions::without_attendance,
    sessions::overbooked,
    sessions::clashing,
    jp::under_floor,
    jp::over_ceiling,
    ratings::missing,
    certificates::expiring,
    plans::overdue,
    plans::without_session,
    plans::not_judged,
    cycles::ending,
];

/// Of every source, the most urgent first.
pub(super) fn all(scope: &Scope) -> Vec<Task> {
    in_order(SOURCES.iter().flat_map(|source| source(scope)).collect())
}

/// Puts what a deadline says of this moment in the place of what it said then.
pub(super) fn count_again(scope: &Scope, tasks: &mut Vec<Task>) {
    forget_moment(tasks);
    tasks.splice(0..0, corrections::due(scope));
    *tasks = in_order(std::mem::take(tasks));
}

/// Leaves out what is another thing a minute later.
pub(super) fn forget_moment(tasks: &mut Vec<Task>) {
    tasks.retain(|task| task.opens != Door::Corrections);
}

fn in_order(mut tasks: Vec<Task>) -> Vec<Task> {
    tasks.retain(|task| task.count > 0);
    tasks.sort_by_key(|task| (task.urgency, std::cmp::Reverse(task.count)));
    tasks
}
