//! What is to be done: each kind of task is a source of its own, a file here and a line in
//! [`SOURCES`]. A source looks at kept views alone and says how urgent it is, how many it is
//! about, and which list it opens; home sorts and shows.

mod certificates;
mod corrections;
mod jp;
mod ratings;
mod sessions;

use super::Scope;
use crate::protocol::Task;
use crate::store::StoreError;

type TaskSource = fn(&Scope) -> Result<Vec<Task>, StoreError>;

const SOURCES: &[TaskSource] = &[
    corrections::due,
    sessions::without_attendance,
    sessions::overbooked,
    sessions::clashing,
    jp::under_floor,
    jp::over_ceiling,
    ratings::missing,
    certificates::expiring,
];

/// Of every source.
pub(super) fn all(scope: &Scope) -> Result<Vec<Task>, StoreError> {
    let mut tasks = Vec::new();
    for source in SOURCES {
        tasks.extend(source(scope)?.into_iter().filter(|task| task.count > 0));
    }
    Ok(tasks)
}
