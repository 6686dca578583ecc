//! The values of a record's fields in words, from the JSON a change or a form carries: what
//! the history, the conflict view and the copy for a person show.

use serde_json::Value as Json;

use super::{find, t};
use crate::domain::field::{Shape, numbers};
use crate::domain::number::EmployeeNumber;
use crate::domain::record::Kind;
use crate::domain::value::Value;
use crate::i18n;

/// What a form of this kind calls a field.
pub fn field_of(kind: Kind, name: &str) -> String {
    find(&format!("field.{kind}.{name}")).unwrap_or_else(|| i18n::field(name))
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
        (Some(Shape::Points { .. }), Json::String(text)) => text.replace('.', ","),
        (Some(Shape::Choice(_)), Json::String(code)) => i18n::choice(code),
        (Some(Shape::Number), Json::String(text)) => grouped(text),
        (Some(Shape::Reference(to)), Json::Number(number)) => format!("{to}/{number}"),
        (Some(Shape::References(to)), Json::Array(_)) => {
            let ids: Vec<String> = numbers(&value).map(|number| format!("{to}/{number}")).collect();
            ids.join("; ")
        }
        (_, Json::String(text)) if kind == Kind::Settings => {
            i18n::find(&format!("setting_value.{text}")).unwrap_or_else(|| text.clone())
        }
        (_, Json::String(text)) => text.clone(),
        (_, Json::Bool(flag)) => i18n::value(&Value::Flag(*flag)),
        (_, Json::Null) => String::new(),
        (_, Json::Array(items)) if items.iter().all(|item| item.is_string() || item.is_null()) => {
            marks(items)
        }
        (_, Json::Array(items)) => t!("form.kept", count = items.len()).into_owned(),
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
