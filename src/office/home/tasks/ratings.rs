//! People whom nobody has rated this year.

use chrono::Datelike;

use crate::office::home::Scope;
use crate::protocol::{Door, Task, Urgency};
use crate::store::StoreError;

pub(super) fn missing(scope: &Scope) -> Result<Vec<Task>, StoreError> {
    let search = format!("!dinilai:{} status:aktif", scope.today.year());
    let count = scope.standing.not_rated;
    Ok(vec![Task::new("not_rated", Urgency::Soon, count, Door::People(search))])
}
