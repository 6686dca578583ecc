//! What differs between two versions of a record, field by field.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::record::{Fields, Kind};

/// One field that differs between two versions of a record.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FieldChange {
    pub field: String,
    /// JSON text of the old value; empty when there was none.
    pub before: String,
    /// JSON text of the new value; empty when there is none.
    pub after: String,
    /// It differs, and the asker may not see how: both texts are empty.
    pub hidden: bool,
}

/// What differs between two versions, in the order of the kind's fields.
pub fn diff(kind: Kind, before: &Fields, after: &Fields) -> Vec<FieldChange> {
    let text = |value: Option<&Json>| value.map_or_else(String::new, Json::to_string);
    kind.fields()
        .iter()
        .filter(|field| before.get(field.name) != after.get(field.name))
        .map(|field| FieldChange {
            field: field.name.to_string(),
            before: text(before.get(field.name)),
            after: text(after.get(field.name)),
            hidden: false,
        })
        .collect()
}
