//! The shape of a record's fields: what forms ask, what imports map, what a diff
//! lists and what each role may carry out of the office comes from these tables.
//! Knows nothing of any screen; labels stand in the catalogue under `field.<name>`.

use serde_json::Value as Json;

use super::fault::{Fault, Reason};
use super::record::{Fields, Kind, Record};

/// The longest text any field takes, in characters.
pub const TEXT_MAX: usize = 500;
/// The longest long text (a level's description, evidence), in characters.
pub const LONG_TEXT_MAX: usize = 4000;

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One line, at most [`TEXT_MAX`] characters.
    Text,
    /// Several lines, at most [`LONG_TEXT_MAX`] characters.
    LongText,
    /// NIP, NI PPPK or a local number.
    Number,
    Date,
    /// A day and an hour, in UTC; shown where the office is.
    Moment,
    /// A whole number within bounds, both included.
    Whole {
        min: i64,
        max: i64,
    },
    /// A competency level, 1..=5.
    Level,
    Flag,
    /// One of a closed list of codes; words under `choice.<code>`.
    Choice(&'static [&'static str]),
    /// A golongan, by its label.
    Grade,
    /// Another record.
    Reference(Kind),
    /// A list the form does not edit as one line (level texts, attendance).
    List,
}

/// How far a field's value may travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Privacy {
    /// Work data any colleague may see: name, post, unit.
    Work,
    /// Personal details: birth date, NIP, e-mail. Not for auditors, clipboards or logs.
    Personal,
}

/// One field of a kind of record.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The same word in code, JSON, CSV headers and journal.
    pub name: &'static str,
    pub shape: Shape,
    pub privacy: Privacy,
    pub required: bool,
}

impl Field {
    pub const fn new(name: &'static str, shape: Shape) -> Self {
        Self { name, shape, privacy: Privacy::Work, required: false }
    }

    #[must_use]
    pub const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    #[must_use]
    pub const fn personal(self) -> Self {
        Self { privacy: Privacy::Personal, ..self }
    }
}

/// The record with these values, or everything that is wrong with it: what was found in
/// reading them, then what is missing, then what the kind itself asks for.
pub fn record(kind: Kind, values: Fields, mut faults: Vec<Fault>) -> Result<Record, Vec<Fault>> {
    for fault in check(kind, &values) {
        if !faults.iter().any(|known| known.field == fault.field) {
            faults.push(fault);
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let Ok(record) = Record::from_fields(kind, values.clone()) else {
        return Err(misfits(kind, &values));
    };
    let faults = record.check();
    if faults.is_empty() { Ok(record) } else { Err(faults) }
}

/// The values that no record of the kind can have, each by itself.
fn misfits(kind: Kind, values: &Fields) -> Vec<Fault> {
    let misfit = |(name, value): (&String, &Json)| {
        let alone = Fields::from_iter([(name.clone(), value.clone())]);
        Record::from_fields(kind, alone).is_err().then(|| Fault::new(name, Reason::NotAChoice))
    };
    values.iter().filter_map(misfit).collect()
}

/// The faults any kind can have: a required field empty, a text too long or with
/// control characters, a number out of bounds.
pub fn check(kind: Kind, values: &Fields) -> Vec<Fault> {
    kind.fields().iter().filter_map(|field| check_one(field, values.get(field.name))).collect()
}

fn check_one(field: &Field, value: Option<&Json>) -> Option<Fault> {
    let Some(value) = value else {
        return field.required.then(|| Fault::new(field.name, Reason::Required));
    };
    match (field.shape, value) {
        (Shape::Reference(_), Json::Number(number))
            if field.required && number.as_u64() == Some(0) =>
        {
            Some(Fault::new(field.name, Reason::Required))
        }
        (Shape::Text | Shape::LongText | Shape::Number, Json::String(text)) => {
            let long = field.shape == Shape::LongText;
            let max = if long { LONG_TEXT_MAX } else { TEXT_MAX };
            if text.chars().count() > max {
                return Some(Fault::with(field.name, Reason::TooLong, max));
            }
            let stray = |c: char| c.is_control() && !(long && (c == '\n' || c == '\t'));
            text.contains(stray).then(|| Fault::new(field.name, Reason::ControlCharacter))
        }
        (Shape::Whole { min, max }, Json::Number(number)) => {
            let inside = number.as_i64().is_some_and(|n| (min..=max).contains(&n));
            (!inside).then(|| Fault::with(field.name, Reason::OutOfRange, format!("{min}–{max}")))
        }
        _ => None,
    }
}
