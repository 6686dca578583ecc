//! Labels of fields and columns by kind, and a cell as it stands in a list. Everything
//! else in words comes from `i18n` as it is.

use serde_json::Value as Json;

use crate::domain::field::Shape;
use crate::domain::number::EmployeeNumber;
use crate::domain::record::Kind;
use crate::domain::value::Value;
use crate::i18n::{self, find};

/// What a form of this kind calls a field.
pub fn field(kind: Kind, name: &str) -> String {
    find(&format!("field.{kind}.{name}")).unwrap_or_else(|| i18n::field(name))
}

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

/// The value of a record's field, from the JSON text a change carries. A record referred
/// to stands as its id where its name is not known.
pub fn stored(kind: Kind, field: &str, json: &str) -> String {
    let Ok(value) = serde_json::from_str::<Json>(json) else { return String::new() };
    let shape = kind.field(field).map(|field| field.shape);
    match (shape, &value) {
        (Some(Shape::Date), Json::String(text)) => {
            text.parse().map_or_else(|_| text.clone(), i18n::date)
        }
        (Some(Shape::Moment), Json::String(text)) => {
            text.parse().map_or_else(|_| text.clone(), i18n::moment)
        }
        (Some(Shape::Choice(_)), Json::String(code)) => i18n::choice(code),
        (Some(Shape::Number), Json::String(text)) => grouped(text),
        (Some(Shape::Reference(to)), Json::Number(number)) => format!("{to}/{number}"),
        (_, Json::String(text)) => text.clone(),
        (_, Json::Bool(flag)) => i18n::value(&Value::Flag(*flag)),
        (_, Json::Null) => String::new(),
        (_, Json::Array(items)) if items.iter().all(|item| item.is_string() || item.is_null()) => {
            marks(items)
        }
        (_, Json::Array(items)) => i18n::t!("form.kept", count = items.len()).into_owned(),
        (_, value) => value.to_string(),
    }
}

/// Attendance day by day: `hadir, -, izin`.
fn marks(days: &[Json]) -> String {
    let said = |day: &Json| day.as_str().map_or_else(|| "-".to_string(), i18n::choice);
    days.iter().map(said).collect::<Vec<_>>().join(", ")
}

/// A NIP in its groups `19900101 201503 1 001`; any other text as it is.
pub fn grouped(text: &str) -> String {
    EmployeeNumber::parse(text).map_or_else(|_| text.to_string(), |number| format!("{number:#}"))
}

/// A person's or record's words for a text that begins a sentence.
pub fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_history_says_who_was_there_day_by_day() {
        let stored = |json| stored(Kind::Enrolments, "attendance", json);
        assert_eq!(stored(r#"["present",null,"excused"]"#), "hadir, -, izin");
        assert_eq!(stored("null"), "");
        assert_eq!(stored("[]"), "");
    }
}
