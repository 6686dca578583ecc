//! What an officer writes for a field, as the value the record gets. One reading for every
//! place where somebody types: a form, `kompeten add`, a line of a file of records. Codes
//! and the words of either language are understood; what is expected is said with an example.

use std::borrow::Cow;
use std::collections::BTreeSet;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::Value as Json;

use super::names::{grade_named, rules};
use super::{Language, choice, find, kind, read_moment, t};
use crate::domain::date;
use crate::domain::fault::{Fault, Reason};
use crate::domain::field::{Field, LONG_TEXT_MAX, Shape, TEXT_MAX};
use crate::domain::kinds::competency::Level;
use crate::domain::kinds::enrolment::Presence;
use crate::domain::number::EmployeeNumber;
use crate::domain::points::Points;
use crate::domain::record::fold;
use crate::domain::several::{SEVERAL_MAX, named};

const YES: &[&str] = &["ya", "yes", "true", "1"];
const NO: &[&str] = &["tidak", "no", "false", "0"];

/// The value that `text` means in this field; `None` when it means that there is none. Of a
/// record referred to only its number is read here: who else is meant, the office knows.
pub fn typed(field: &Field, text: &str) -> Result<Option<Json>, Fault> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let fault = |reason| Fault::new(field.name, reason);
    Ok(Some(match field.shape {
        Shape::Text | Shape::LongText => Json::from(text),
        Shape::Number => {
            let number = match text.strip_prefix('#') {
                Some(local) => EmployeeNumber::local(local),
                None => EmployeeNumber::parse(text),
            };
            serde_json::to_value(number.map_err(fault)?).map_err(|_| fault(Reason::NipNotDigits))?
        }
        Shape::Date => {
            Json::from(date::read(text).ok_or_else(|| fault(Reason::DateUnreadable))?.to_string())
        }
        Shape::Moment => {
            let at = moment_of(text).ok_or_else(|| fault(Reason::DateUnreadable))?;
            Json::from(at.to_rfc3339_opts(SecondsFormat::Secs, true))
        }
        Shape::Whole { .. } => {
            Json::from(text.parse::<i64>().map_err(|_| fault(Reason::NotANumber))?)
        }
        Shape::Points { .. } => {
            Points::parse(text).ok_or_else(|| fault(Reason::NotANumber))?.json()
        }
        Shape::Level => {
            let level = text.parse().ok().and_then(Level::new);
            Json::from(level.ok_or_else(|| fault(Reason::LevelRange))?.get())
        }
        Shape::Flag => match fold(text).as_str() {
            yes if YES.contains(&yes) => Json::Bool(true),
            no if NO.contains(&no) => return Ok(None),
            _ => {
                return Err(Fault::with(
                    field.name,
                    Reason::NotAChoice,
                    [YES, NO].concat().join(", "),
                ));
            }
        },
        Shape::Choice(codes) => {
            Json::from(code_of(codes, field.spellings, text).ok_or_else(|| none_of(field, codes))?)
        }
        Shape::Grade => {
            let grade = grade_named(text);
            let fault = || Fault::with(field.name, Reason::NotAChoice, "I/a–IV/e, I–XVII");
            Json::from(grade.ok_or_else(fault)?.to_string())
        }
        Shape::Reference(_) => {
            let number: Option<u32> = text.parse().ok().filter(|number| *number > 0);
            Json::from(number.ok_or_else(|| fault(Reason::UnknownReference))?)
        }
        Shape::References(_) => {
            let number = |name: &str| name.parse().ok().filter(|number: &u32| *number > 0);
            let numbers: Option<Vec<u32>> = named(text).map(number).collect();
            let mut numbers = numbers.ok_or_else(|| fault(Reason::UnknownReference))?;
            let mut seen = BTreeSet::new();
            numbers.retain(|number| seen.insert(*number));
            Json::from(numbers)
        }
        Shape::List => list(field, text)?,
    }))
}

/// A day and an hour as an officer writes them, or as files do.
fn moment_of(text: &str) -> Option<DateTime<Utc>> {
    read_moment(text, date::read).or_else(|| text.parse().ok())
}

/// The code that is meant: itself, a word of files for it, what the office calls it, or its word
/// in either language.
fn code_of(
    codes: &[&'static str],
    spellings: &[(&str, &'static str)],
    text: &str,
) -> Option<&'static str> {
    rules().code_meant(codes, spellings, text, &words_for)
}

fn none_of(field: &Field, codes: &[&str]) -> Fault {
    Fault::with(field.name, Reason::NotAChoice, codes.join(", "))
}

/// The words for a code in every language.
pub fn words_for(code: &str) -> Vec<String> {
    let key = format!("choice.{code}");
    let word = |language: Language| crate::_rust_i18n_try_translate(language.code(), &key);
    Language::ALL.into_iter().filter_map(word).map(Cow::into_owned).collect()
}

/// Marks of attendance in one line (`present,absent,-`); any list as JSON.
fn list(field: &Field, text: &str) -> Result<Json, Fault> {
    if text.starts_with(['[', '{']) {
        return serde_json::from_str(text)
            .map_err(|_| Fault::with(field.name, Reason::NotAChoice, "[...]"));
    }
    let mark = |mark: &str| match mark.trim() {
        "" | "-" => Ok(Json::Null),
        mark => {
            let code = code_of(Presence::CODES, &[], mark);
            code.map(Json::from).ok_or_else(|| none_of(field, Presence::CODES))
        }
    };
    text.split(',').map(mark).collect::<Result<Vec<_>, _>>().map(Json::Array)
}

/// What a field takes, with an example: `tanggal, misalnya 2026-08-17 atau 17 Agu 2026`.
pub fn expected(field: &Field) -> String {
    match field.shape {
        Shape::Text => t!("expected.text", max = TEXT_MAX),
        Shape::LongText => t!("expected.long_text", max = LONG_TEXT_MAX),
        Shape::Number => t!("expected.number"),
        Shape::Date => t!("expected.date"),
        Shape::Moment => t!("expected.moment"),
        Shape::Whole { min, max: i64::MAX } => t!("expected.whole_from", min = min),
        Shape::Whole { min, max } => t!("expected.whole", min = min, max = max),
        Shape::Points { max } => t!("expected.points", max = max),
        Shape::Level => t!("expected.level"),
        Shape::Flag => t!("expected.flag"),
        Shape::Choice(codes) => t!("expected.choice", choices = choices(codes)),
        Shape::Grade => t!("expected.grade"),
        Shape::Reference(to) => {
            let by = find(&format!("expected.by.{to}"));
            let by = by.unwrap_or_else(|| t!("expected.by.any").into_owned());
            t!("expected.reference", kind = kind(to), by = by)
        }
        Shape::References(to) => {
            let by = find(&format!("expected.by.{to}"));
            let by = by.unwrap_or_else(|| t!("expected.by.any").into_owned());
            t!("expected.references", kind = kind(to), by = by, most = SEVERAL_MAX)
        }
        Shape::List => {
            let of = find(&format!("expected.list.{}", field.name));
            return of.unwrap_or_else(|| t!("expected.list.any").into_owned());
        }
    }
    .into_owned()
}

/// `active (aktif), moved (pindah)`: the codes, with their words where these are others.
fn choices(codes: &[&'static str]) -> String {
    let one = |code: &&str| match choice(code) {
        word if word == **code => word,
        word => format!("{code} ({word})"),
    };
    codes.iter().map(one).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::kinds::employee::Status;
    use crate::domain::record::Kind;

    fn read(shape: Shape, text: &str) -> Result<Option<Json>, Reason> {
        typed(&Field::new("field", shape), text).map_err(|fault| fault.reason)
    }

    #[test]
    fn what_an_officer_writes_becomes_the_value_of_the_field() {
        let status = Shape::Choice(Status::CODES);
        let whole = Shape::Whole { min: 0, max: 10 };
        for (shape, text, value) in [
            (Shape::Text, "  Ayu  Contoh ", json!("Ayu  Contoh")),
            (Shape::LongText, "satu\ndua", json!("satu\ndua")),
            (Shape::Number, "19900101 201501 2 001", json!("199001012015012001")),
            (Shape::Number, "#TKK-01", json!("#TKK-01")),
            (Shape::Date, "17 Agustus 2026", json!("2026-08-17")),
            (Shape::Date, "17-8-2026", json!("2026-08-17")),
            (Shape::Date, "2026-08-17", json!("2026-08-17")),
            (Shape::Moment, "22-11-2026 01.05", json!("2026-11-21T18:05:00Z")),
            (Shape::Moment, "2026-11-21T18:05:00Z", json!("2026-11-21T18:05:00Z")),
            (whole, "7", json!(7)),
            // Bounds are the record's to check, so that a form and a file say the same.
            (whole, "-7", json!(-7)),
            (Shape::Level, "5", json!(5)),
            (Shape::Flag, "Ya", json!(true)),
            (Shape::Flag, "yes", json!(true)),
            (Shape::Flag, "1", json!(true)),
            (Shape::Flag, "true", json!(true)),
            (status, "retired", json!("retired")),
            (status, "RETIRED", json!("retired")),
            (status, "Pensiun", json!("retired")),
            (Shape::Grade, "iii.a", json!("III/a")),
            (Shape::Reference(Kind::Units), "1004", json!(1004)),
            (Shape::References(Kind::Units), "1004; 7;1004", json!([1004, 7])),
            (Shape::List, "present, tidak hadir,-,", json!(["present", "absent", null, null])),
            (Shape::List, r#"["absent",null]"#, json!(["absent", null])),
        ] {
            assert_eq!(read(shape, text), Ok(Some(value)), "{shape:?} {text}");
        }
        for (shape, text) in
            [(Shape::Text, " "), (Shape::Date, ""), (Shape::Flag, "tidak"), (Shape::Flag, "0")]
        {
            assert_eq!(read(shape, text), Ok(None), "{shape:?} {text}");
        }
    }

    #[test]
    fn what_is_no_value_of_the_field_is_refused_with_its_reason() {
        for (shape, text, reason) in [
            (Shape::Number, "1990", Reason::NipLength),
            (Shape::Date, "31-02-2026", Reason::DateUnreadable),
            (Shape::Moment, "besok", Reason::DateUnreadable),
            (Shape::Whole { min: 0, max: 10 }, "1,5", Reason::NotANumber),
            (Shape::Whole { min: 0, max: 10 }, "99999999999999999999", Reason::NotANumber),
            (Shape::Level, "0", Reason::LevelRange),
            (Shape::Level, "6", Reason::LevelRange),
            (Shape::Level, "300", Reason::LevelRange),
            (Shape::Flag, "mungkin", Reason::NotAChoice),
            (Shape::Choice(Status::CODES), "gone", Reason::NotAChoice),
            (Shape::Grade, "V/x", Reason::NotAChoice),
            (Shape::Reference(Kind::Units), "Plaju", Reason::UnknownReference),
            (Shape::Reference(Kind::Units), "0", Reason::UnknownReference),
            (Shape::References(Kind::Units), "7; Plaju", Reason::UnknownReference),
            (Shape::List, "present,late", Reason::NotAChoice),
            (Shape::List, "[1,", Reason::NotAChoice),
        ] {
            assert_eq!(read(shape, text), Err(reason), "{shape:?} {text}");
        }
    }

    #[test]
    fn every_field_says_what_it_takes() {
        for kind in Kind::ALL {
            for field in kind.fields() {
                let said = expected(field);
                assert!(!said.is_empty() && !said.contains("expected."), "{kind} {}", field.name);
            }
        }
    }
}
