//! Labels of fields and columns by kind, and a cell as it stands in a list. Everything
//! else in words comes from `i18n` as it is.

use crate::domain::record::Kind;
use crate::domain::value::Value;
use crate::i18n::{self, find};
pub use crate::i18n::{field_of as field, grouped, stored};

/// The short heading of a list's column.
pub fn column(kind: Kind, name: &str) -> String {
    find(&format!("column.{kind}.{name}"))
        .or_else(|| find(&format!("column.{name}")))
        .unwrap_or_else(|| field(kind, name))
}

/// What a setting is called.
pub fn setting(name: &str) -> String {
    find(&format!("setting.{name}")).unwrap_or_else(|| name.to_string())
}

/// The guide of a place, if it has one.
pub fn guide(id: &str) -> Option<String> {
    find(&format!("guide.{id}"))
}

/// A cell of a list.
pub fn cell(column: &str, value: &Value) -> String {
    match value {
        Value::Text(text) if column == "nip" => grouped(text),
        // The full words of a training's type are for the form.
        Value::Choice(code) if column == "type" => code.clone(),
        Value::Choice(code) if column == "sex" => i18n::short_choice(code),
        Value::Whole(number) if column.ends_with("_year") => number.to_string(),
        Value::Years(years) => years.last().map(|(_, jp)| jp.to_string()).unwrap_or_default(),
        Value::Flag(false) => String::new(),
        value => i18n::value(value),
    }
}

/// A person's or record's words for a text that begins a sentence.
pub fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
