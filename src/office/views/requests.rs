//! Requests: the correction requests that wait for an answer, so that whoever comes in is
//! told how many there are without anybody's records being read.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::kinds::correction::Correction;
use crate::domain::record::{EmployeeId, Kept, Kind, Record, RecordId};
use crate::office::views::kept::{Source, View};
use crate::office::views::packed;
use crate::store::StoreError;

/// The chunk of the store's lists it is packed in.
pub(in crate::office) const CHUNK: u32 = u32::MAX - 3;

/// Whose each is, and when it was received: by when it is answered, the rules of that day say.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(in crate::office) struct Requests(BTreeMap<u32, (EmployeeId, DateTime<Utc>)>);

impl Requests {
    pub fn iter(&self) -> impl Iterator<Item = (EmployeeId, DateTime<Utc>)> {
        self.0.values().copied()
    }

    fn take(&mut self, number: u32, request: &Correction) {
        if let Some(received) = request.waits_since() {
            self.0.insert(number, (request.employee, received));
        }
    }
}

impl View for Requests {
    fn rebuild(source: &Source) -> Result<Self, StoreError> {
        let mut requests = Self::default();
        if source.store.count(Kind::Corrections) == 0 {
            return Ok(requests);
        }
        if let Some(packed) = packed::unpack(source.store, CHUNK)? {
            return Ok(packed);
        }
        for person in source.roster.holding(Kind::Corrections) {
            let pack = source.store.pack(person.id())?;
            for (number, _, request) in pack.of::<Correction>() {
                requests.take(number, request);
            }
        }
        Ok(requests)
    }

    fn record(&mut self, id: RecordId, _before: Option<&Record>, after: Option<&Record>) {
        if id.kind == Kind::Corrections {
            self.0.remove(&id.number);
            if let Some(request) = after.and_then(Correction::of) {
                self.take(id.number, request);
            }
        }
    }
}
