//! Who has left, and when this office recorded it: what the journal's lines say one after
//! the other. Read from the whole journal once, when it is first asked for; then every line
//! adds to it, and it is packed with the lists for the next opening.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::change::Change;
use crate::domain::kinds::employee::Status;
use crate::domain::record::{EmployeeId, Kind, Record};

/// The chunk of the store's lists it is packed in.
pub(in crate::office) const CHUNK: u32 = u32::MAX - 2;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(in crate::office) struct Left(BTreeMap<EmployeeId, DateTime<Utc>>);

impl Left {
    /// Takes in what one line says; those whose data it erases are no longer to be told.
    pub fn line(&mut self, at: DateTime<Utc>, changes: &[Change], erases: &[EmployeeId]) {
        for change in changes.iter().filter(|change| change.id.kind == Kind::Employees) {
            let id = EmployeeId(change.id.number);
            match &change.after {
                Some(Record::Employee(person)) if person.status == Status::Active => {
                    self.0.remove(&id);
                }
                _ => {
                    self.0.entry(id).or_insert(at);
                }
            }
        }
        for id in erases {
            self.0.remove(id);
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = (EmployeeId, DateTime<Utc>)> {
        self.0.iter().map(|(id, at)| (*id, *at))
    }
}
