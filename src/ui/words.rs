//! Labels of fields and columns by kind, and a cell as it stands in a list. Everything
//! else in words comes from `i18n` as it is.

use serde_json::Value as Json;

use crate::domain::column::is_year;
use crate::domain::kinds::setting::SETTINGS;
use crate::domain::kinds::unit::PATH_SEPARATOR;
use crate::domain::record::{Fields, Kind};
use crate::domain::search;
use crate::domain::value::Value;
use crate::i18n::{self, find, t};
pub use crate::i18n::{field_of as field, grouped, stored};

/// The search that finds those who work here.
const ACTIVE: [&str; 2] = ["status:aktif", "status:active"];

/// How a search may name those who are below a standard.
const BELOW: &[&str] = &["gap", "kurang", "below"];
/// Columns in which a choice goes by its short word.
const SHORT: &[&str] = &["activity", "kind", "sex", "type"];

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

/// A setting's value: a choice in words, else what was written.
pub fn setting_value(name: &str, value: &str) -> String {
    let chosen = SETTINGS.iter().any(|def| def.name == name && def.has(value));
    let words = find(&format!("setting_value.{value}")).filter(|_| chosen);
    words.unwrap_or_else(|| value.to_string())
}

/// A setting with its value in words.
pub fn setting_in_words(fields: &Fields) -> Fields {
    let mut said = fields.clone();
    let text = |name| fields.get(name).and_then(Json::as_str).unwrap_or_default();
    said.insert("value".to_string(), setting_value(text("name"), text("value")).into());
    said
}

/// The guide of a place, if it has one.
pub fn guide(id: &str) -> Option<String> {
    find(&format!("guide.{id}"))
}

/// What a change makes of a value; of what is only counted in words, that it is another.
pub fn from_to(before: &str, after: &str) -> String {
    if before == after {
        return t!("form.kept_differs", kept = after).into_owned();
    }
    format!("{before} -> {after}")
}

/// A cell of a list.
pub fn cell(column: &str, value: &Value) -> String {
    match value {
        Value::Text(text) if column == "nip" => grouped(text),
        // The full words are for the form.
        Value::Choice(code) if SHORT.contains(&column) => i18n::short_choice(code),
        Value::Whole(number) if is_year(column) => number.to_string(),
        Value::Years(years) => years.last().map(|(_, jp)| jp.to_string()).unwrap_or_default(),
        Value::Flag(false) => String::new(),
        value => i18n::value(value),
    }
}

/// A search as the crumb line says it, if it says anything: whom the pages show anyway is
/// left out, a gap is called one, a unit is its name, and "or" and "not" are words.
pub fn filtered(search: &str) -> Option<String> {
    let told = search::typed(search)
        .filter(|word| !ACTIVE.iter().any(|active| word.eq_ignore_ascii_case(active)));
    let told = told.map(|word| {
        let (not, parts) = search::taken_apart(word);
        let or = format!(" {} ", t!("shell.crumb_or"));
        let said = parts.into_iter().map(part).collect::<Vec<_>>().join(&or);
        if not { format!("{} {said}", t!("shell.crumb_not")) } else { said }
    });
    let told = told.collect::<Vec<_>>().join(" ");
    (!told.is_empty()).then_some(told)
}

/// One term of a search.
fn part(word: &str) -> String {
    let gap = word.strip_suffix("<std").filter(|code| !code.is_empty());
    let unit = word.strip_prefix("unit").map(|rest| rest.trim_start_matches([':', '=']));
    match (gap, unit.and_then(|unit| unit.strip_prefix('"')?.strip_suffix('"'))) {
        (Some(code), _) => t!("shell.crumb_gap", code = code.to_uppercase()).into_owned(),
        (_, Some(unit)) => i18n::shortened(unit.rsplit(PATH_SEPARATOR).next().unwrap_or(unit)),
        _ => below(word).unwrap_or_else(|| word.to_string()),
    }
}

/// `gap>0` by the name a count below the standard has on the screen.
fn below(word: &str) -> Option<String> {
    let rest = BELOW.iter().find_map(|name| word.strip_prefix(name))?;
    rest.starts_with(['<', '>', '=']).then(|| format!("{}{rest}", t!("shell.crumb_below")))
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
    fn a_change_of_what_is_only_counted_says_that_it_is_one() {
        assert_eq!(from_to("III/a", "III/b"), "III/a -> III/b");
        assert_eq!(from_to("5 butir", "5 butir"), "5 butir, isinya berubah");
    }

    #[test]
    fn a_search_is_told_in_a_few_words() {
        let told = |search| filtered(search).unwrap_or_default();
        assert_eq!(told("m.5<std status:aktif"), "kurang M.5");
        assert_eq!(
            told(r#"gap>0 unit:"Kec. Plaju / Kelurahan Plaju Ulu""#),
            "kurang>0 Kel. Plaju Ulu"
        );
        assert_eq!(told("siti aminah"), "siti aminah");
        assert_eq!(told("m.5<std,m.4<std"), "kurang M.5 atau kurang M.4");
        assert_eq!(told("!m.5<std jpm<80"), "bukan kurang M.5 jpm<80");
        assert_eq!(told("!"), "!");
        assert_eq!(told("jpm<77,5"), "jpm<77,5");
        assert_eq!(filtered("status:aktif"), None);
        assert_eq!(filtered(" "), None);
    }
}
