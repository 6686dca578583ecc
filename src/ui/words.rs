//! Labels of fields and columns by kind, and a cell as it stands in a list. Everything
//! else in words comes from `i18n` as it is.

use crate::domain::column::is_year;
use crate::domain::kinds::unit::PATH_SEPARATOR;
use crate::domain::record::Kind;
use crate::domain::value::Value;
use crate::i18n::{self, find, t};
pub use crate::i18n::{field_of as field, grouped, stored};

/// The search that finds those who work here.
const ACTIVE: &str = "status:aktif";

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
        Value::Whole(number) if is_year(column) => number.to_string(),
        Value::Years(years) => years.last().map(|(_, jp)| jp.to_string()).unwrap_or_default(),
        Value::Flag(false) => String::new(),
        value => i18n::value(value),
    }
}

/// A search as the crumb line says it, if it says anything: whom the pages show anyway is
/// left out, a gap is called one, and a unit is its name.
pub fn filtered(search: &str) -> Option<String> {
    let mut quoted = false;
    let words = search.split(|c: char| {
        quoted ^= c == '"';
        c.is_whitespace() && !quoted
    });
    let told = words.filter(|word| !word.is_empty() && !word.eq_ignore_ascii_case(ACTIVE));
    let told = told.map(|word| {
        let gap = word.strip_suffix("<std").filter(|code| !code.is_empty());
        let unit = word.strip_prefix("unit").map(|rest| rest.trim_start_matches([':', '=']));
        match (gap, unit.and_then(|unit| unit.strip_prefix('"')?.strip_suffix('"'))) {
            (Some(code), _) => t!("shell.crumb_gap", code = code.to_uppercase()).into_owned(),
            (_, Some(unit)) => i18n::shortened(unit.rsplit(PATH_SEPARATOR).next().unwrap_or(unit)),
            _ => word.to_string(),
        }
    });
    let told = told.collect::<Vec<_>>().join(" ");
    (!told.is_empty()).then_some(told)
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
    fn a_search_is_told_in_a_few_words() {
        let told = |search| filtered(search).unwrap_or_default();
        assert_eq!(told("m.5<std status:aktif"), "gap M.5");
        assert_eq!(
            told(r#"gap>0 unit:"Kec. Plaju / Kelurahan Plaju Ulu""#),
            "gap>0 Kel. Plaju Ulu"
        );
        assert_eq!(told("siti aminah"), "siti aminah");
        assert_eq!(filtered("status:aktif"), None);
        assert_eq!(filtered(" "), None);
    }
}
