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
use crate::protocol::Task;

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

/// Of every source.
pub(super) fn all(scope: &Scope) -> Vec<Task> {
    SOURCES.iter().flat_map(|source| source(scope)).filter(|task| task.count > 0).collect()
}
