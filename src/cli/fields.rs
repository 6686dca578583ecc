//! Fields as they are said on the command line, in `FIELD=VALUE` or in a line of a file, as
//! a record. Whom a field refers to is found by what an officer calls them: a NIP, a code, a
//! path. What is wrong is told field by field, with what is expected; never with the value.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::Value as Json;

use super::client::Client;
use super::fault::Failure;
use crate::domain::fault::{Fault, Reason};
use crate::domain::field::{self, Field, Shape};
use crate::domain::nearest::nearest;
use crate::domain::number::EmployeeNumber;
use crate::domain::record::{Fields, Kind, Record};
use crate::domain::several::{named, too_many};
use crate::i18n::{self, t};
use crate::protocol::{Answer, Problem, Request};

/// References remembered within one command; then it begins to forget.
const KNOWN_MAX: usize = 10_000;

/// A value that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refused {
    pub field: String,
    /// A code for scripts.
    pub reason: String,
    /// In the officer's language.
    pub message: String,
}

impl Refused {
    fn new(field: &str, reason: &str, message: impl Into<String>) -> Self {
        Self { field: field.to_string(), reason: reason.to_string(), message: message.into() }
    }

    pub fn of(kind: Kind, fault: &Fault) -> Self {
        let said = i18n::reason(fault.reason, &fault.detail);
        let field = kind.field(&fault.field);
        let of_shape = field.filter(|field| !matches!(field.shape, Shape::Text | Shape::LongText));
        let message = match (fault.reason, of_shape) {
            (Reason::NotAChoice, Some(field)) => {
                t!("fields.expected", what = i18n::expected(field)).into_owned()
            }
            (reason, Some(field)) if is_of_shape(reason) => {
                format!("{said}; {}", t!("fields.expected", what = i18n::expected(field)))
            }
            _ => said,
        };
        Self::new(&fault.field, fault.reason.code(), message)
    }
}

/// Whether a reason says that the text is no such value at all, or is not there.
const fn is_of_shape(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::Required
            | Reason::NotANumber
            | Reason::DateUnreadable
            | Reason::LevelRange
            | Reason::UnknownReference
            | Reason::NipMissing
            | Reason::NipNotDigits
            | Reason::NipLength
    )
}

/// A name that is no field of the kind, or one that stands twice.
pub fn misnamed(kind: Kind, said: &[(String, Json)]) -> Option<Refused> {
    let names = || kind.fields().iter().map(|field| field.name);
    said.iter().enumerate().find_map(|(at, (name, _))| {
        if kind.field(name).is_none() {
            let valid = names().collect::<Vec<_>>().join(", ");
            let near = called(kind, name).or_else(|| nearest(name, names()));
            let kind = i18n::kind(kind);
            let mut text = t!("fields.no_such_field", name = name, kind = kind, valid = valid);
            if let Some(near) = near {
                text = format!("{text} {}", t!("usage.nearest", near = near)).into();
            }
            return Some(Refused::new(name, "unknown_field", text));
        }
        let twice = said.iter().take(at).any(|(before, _)| before == name);
        twice.then(|| Refused::new(name, "repeated_field", t!("fields.twice", name = name)))
    })
}

/// The field whose label has this word in it: `nip` is `number`.
fn called(kind: Kind, word: &str) -> Option<&'static str> {
    let has = |label: &str| {
        label.split(|c: char| !c.is_alphanumeric()).any(|part| part.eq_ignore_ascii_case(word))
    };
    kind.fields().iter().map(|field| field.name).find(|name| has(&i18n::field(name)))
}

/// Reads what is said of a record, with the office at hand to find whom it refers to.
pub struct FieldReader<'a> {
    pub client: &'a mut Client,
    kind: Kind,
    known: HashMap<(Kind, String), Option<u32>>,
}

impl<'a> FieldReader<'a> {
    pub fn new(client: &'a mut Client, kind: Kind) -> Self {
        Self { client, kind, known: HashMap::new() }
    }

    /// A new record, or everything that is wrong with it.
    pub fn added(
        &mut self,
        said: &[(String, Json)],
    ) -> Result<Result<Record, Vec<Refused>>, Failure> {
        let mut fields = Record::empty(self.kind).fields();
        // Of what a new record has already only the usual choice is taken for granted: a
        // level that nobody names is not 1.
        let is_choice = |name: &str| {
            self.kind.field(name).is_some_and(|field| matches!(field.shape, Shape::Choice(_)))
        };
        fields.retain(|name, _| is_choice(name));
        self.record(fields, said)
    }

    /// A record with some of its fields said anew; the others stay.
    pub fn edited(
        &mut self,
        record: &Record,
        said: &[(String, Json)],
    ) -> Result<Result<Record, Vec<Refused>>, Failure> {
        self.record(record.fields(), said)
    }

    fn record(
        &mut self,
        mut fields: Fields,
        said: &[(String, Json)],
    ) -> Result<Result<Record, Vec<Refused>>, Failure> {
        let mut refused = Vec::new();
        for (name, value) in said {
            let Some(field) = self.kind.field(name) else { continue };
            match self.value(field, value)? {
                Ok(Some(value)) => drop(fields.insert(name.clone(), value)),
                Ok(None) => drop(fields.remove(name)),
                Err(why) => refused.push(why),
            }
        }
        take_from_number(self.kind, &mut fields, said);
        // What could not be read is missing for that reason alone.
        let unread = |fault: &Fault| refused.iter().any(|why| why.field == fault.field);
        match field::record(self.kind, &fields, Vec::new()) {
            Ok(record) if refused.is_empty() => return Ok(Ok(record)),
            Ok(_) => {}
            Err(faults) => {
                let more: Vec<_> = faults.iter().filter(|fault| !unread(fault)).collect();
                let more = more.into_iter().map(|fault| Refused::of(self.kind, fault));
                refused.extend(more.collect::<Vec<_>>());
            }
        }
        Ok(Err(refused))
    }

    /// The value of a field; the inner error is the officer's to mend.
    fn value(
        &mut self,
        field: &'static Field,
        said: &Json,
    ) -> Result<Result<Option<Json>, Refused>, Failure> {
        let text = match said {
            Json::Null => return Ok(Ok(None)),
            Json::String(text) => text.clone(),
            Json::Array(all) if matches!(field.shape, Shape::References(_)) => {
                let name = |one: &Json| one.as_str().map_or_else(|| one.to_string(), String::from);
                all.iter().map(name).collect::<Vec<_>>().join(";")
            }
            Json::Array(_) | Json::Object(_) if field.shape == Shape::List => {
                return Ok(Ok(Some(said.clone())));
            }
            Json::Array(_) | Json::Object(_) => {
                let expected = t!("fields.expected", what = i18n::expected(field));
                return Ok(Err(Refused::new(field.name, "not_a_text", expected)));
            }
            plain => plain.to_string(),
        };
        if let Shape::Reference(to) = field.shape
            && !text.trim().is_empty()
        {
            return self.reference(field, to, text.trim());
        }
        if let Shape::References(to) = field.shape {
            let mut numbers: Vec<Json> = Vec::new();
            for name in named(&text) {
                match self.reference(field, to, name)? {
                    Ok(Some(number)) if !numbers.contains(&number) => numbers.push(number),
                    Ok(_) => {}
                    Err(refused) => return Ok(Err(refused)),
                }
            }
            if let Some(fault) = too_many(field.name, numbers.len()) {
                return Ok(Err(Refused::of(self.kind, &fault)));
            }
            return Ok(Ok(Some(Json::from(numbers))));
        }
        Ok(i18n::typed(field, &text).map_err(|fault| Refused::of(self.kind, &fault)))
    }

    fn reference(
        &mut self,
        field: &'static Field,
        to: Kind,
        text: &str,
    ) -> Result<Result<Option<Json>, Refused>, Failure> {
        let key = (to, text.to_string());
        let number = if let Some(number) = self.known.get(&key) {
            *number
        } else {
            let number = match self.client.ask(Request::Find(to, text.to_string())) {
                Ok(Answer::Record(stored)) => stored.map(|stored| stored.id.number),
                Ok(_) => return Err(Problem::Closed.into()),
                Err(problem @ Problem::AmbiguousUnit(_)) => {
                    let said = i18n::problem(&problem);
                    return Ok(Err(Refused::new(field.name, "ambiguous", said)));
                }
                Err(problem) => return Err(problem.into()),
            };
            if self.known.len() >= KNOWN_MAX {
                self.known.clear();
            }
            self.known.insert(key, number);
            number
        };
        Ok(match number {
            Some(number) => Ok(Some(Json::from(number))),
            None => Err(Refused::of(self.kind, &Fault::new(field.name, Reason::UnknownReference))),
        })
    }
}

/// What a NIP tells of its person, where nothing else is said; as a form does.
fn take_from_number(kind: Kind, fields: &mut Fields, said: &[(String, Json)]) {
    let is_said = |name: &str| said.iter().any(|(of, _)| of == name);
    let number = kind.fields().iter().find(|field| field.shape == Shape::Number);
    let Some(number) = number.filter(|field| is_said(field.name)) else { return };
    let text = fields.get(number.name).and_then(Json::as_str).unwrap_or_default();
    let Ok(number) = EmployeeNumber::parse(text) else { return };
    for (name, told) in number.tells() {
        let now = fields.get(name).and_then(Json::as_str).unwrap_or_default();
        if kind.field(name).is_some() && !is_said(name) && !number.agrees(name, now) {
            fields.insert(name.to_string(), Json::from(told));
        }
    }
}
