//! A form that was not finished: kept in the data folder while it is being filled in, so
//! that a dropped connection loses nothing, and offered again at the next start.

use serde::{Deserialize, Serialize};

use crate::domain::record::{Fields, Kind, RecordId, Revision};

/// What a form holds, as typed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// Names its file; letters, digits and `-` only.
    pub name: String,
    pub kind: Kind,
    /// `None` for a record that was being added.
    pub id: Option<RecordId>,
    pub base: Revision,
    /// The record the officer began from.
    pub original: Fields,
    /// Every field's text, in the order of the kind's fields.
    pub texts: Vec<(String, String)>,
}
