//! People whom nobody has rated this year.

use chrono::Datelike;

use crate::office::home::Scope;
use crate::protocol::{Door, Task, Urgency};

pub(super) fn missing(scope: &Scope) -> Vec<Task> {
    let search = format!("!dinilai:{} status:aktif", scope.today.year());
    let count = scope.everybody.standing.not_rated;
    vec![Task::new("not_rated", Urgency::Soon, count, Door::People(search))]
}
