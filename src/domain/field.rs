//! The shape of a record's fields: what forms ask, what imports map, what a diff
//! lists and what each role may carry out of the office comes from these tables.
//! Knows nothing of any screen; labels stand in the catalogue under `field.<name>`.

use serde_json::Value as Json;

use super::date::Yearless;
use super::fault::{Fault, Reason};
use super::points::Points;
use super::probe;
use super::record::{Fields, Kind, Record, RecordId, Schema};
use super::said::Said;

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
    /// A figure from 0 to `max` with at most two decimals.
    Points {
        max: u32,
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
    /// Records of a kind, each once: a [`Several`](super::several::Several).
    References(Kind),
    /// A list the form does not edit as one line (level texts, attendance).
    List,
}

impl Shape {
    /// The kind of the records it refers to, be it one or several.
    pub const fn refers_to(self) -> Option<Kind> {
        match self {
            Self::Reference(to) | Self::References(to) => Some(to),
            _ => None,
        }
    }

    /// Whether a value of such a field, as JSON, names this record.
    pub fn names(self, value: &Json, id: RecordId) -> bool {
        self.refers_to() == Some(id.kind) && numbers(value).any(|number| number == id.number)
    }
}

/// The numbers of the records a value refers to: one, or a list of them.
pub fn numbers(value: &Json) -> impl Iterator<Item = u32> {
    let one = std::slice::from_ref(value);
    let all = value.as_array().map_or(one, Vec::as_slice);
    all.iter().filter_map(|number| u32::try_from(number.as_u64()?).ok())
}

/// How far a field's value may travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Privacy {
    /// Work data any colleague may see: name, post, unit.
    Work,
    /// Personal details: birth date, NIP, e-mail. Not for auditors, clipboards or logs.
    Personal,
}

/// What a day, moment or year has to do with now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Time {
    Any,
    /// It is not after now.
    Past,
    /// A year that is not over when the record is made.
    ThisYearOn,
}

/// Who writes a field's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetBy {
    /// Whoever writes the record.
    Hand,
    /// What is done with the record, never a hand.
    Acts,
    /// The office, whenever the record is saved: no form asks for it.
    Office,
}

/// What becomes of a field's value when its person is erased (UU 27/2022).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Erasure {
    /// It goes: the rule, so that a field added later goes unless somebody says why it stays.
    Gone,
    /// It stays, so that counts still add up.
    Kept,
    /// A dash stays: that something was said, not what.
    Dash,
    /// The pseudonym stands in its place.
    Pseudonym,
}

/// One field of a kind of record.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is said of a field by itself")]
pub struct Field {
    /// The same word in code, JSON, CSV headers and journal.
    pub name: &'static str,
    pub shape: Shape,
    pub privacy: Privacy,
    pub required: bool,
    pub erasure: Erasure,
    /// The headings it bears in files of others, beside its own name.
    pub headings: &'static [&'static str],
    /// Words that mean one of its codes in files of others, beside the codes themselves.
    pub spellings: &'static [(&'static str, &'static str)],
    /// What is said of a value that is none of those it takes, where its shape does not say
    /// it well enough.
    pub unknown: Option<Reason>,
    /// A day or moment by which something has to be done.
    pub due: bool,
    /// What it has to do with now.
    pub time: Time,
    /// Which day is meant where the year is left out.
    pub yearless: Yearless,
    pub set_by: SetBy,
    /// Its lines are the figures of the table of rules that this other field names.
    pub figures_of: Option<&'static str>,
    /// What it says decides in which category people are: whom a change of it moves is told
    /// before it is saved.
    pub moves_people: bool,
}

impl Field {
    pub const fn new(name: &'static str, shape: Shape) -> Self {
        Self {
            name,
            shape,
            privacy: Privacy::Work,
            required: false,
            erasure: Erasure::Gone,
            headings: &[],
            spellings: &[],
            unknown: None,
            due: false,
            time: Time::Any,
            yearless: Yearless::Coming,
            set_by: SetBy::Hand,
            figures_of: None,
            moves_people: false,
        }
    }

    #[must_use]
    pub const fn moving_people(self) -> Self {
        Self { moves_people: true, ..self }
    }

    #[must_use]
    pub const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    #[must_use]
    pub const fn personal(self) -> Self {
        Self { privacy: Privacy::Personal, ..self }
    }

    #[must_use]
    pub const fn erased(self, erasure: Erasure) -> Self {
        Self { erasure, ..self }
    }

    #[must_use]
    pub const fn kept(self) -> Self {
        self.erased(Erasure::Kept)
    }

    #[must_use]
    pub const fn known_as(self, headings: &'static [&'static str]) -> Self {
        Self { headings, ..self }
    }

    /// Words and the codes they mean.
    #[must_use]
    pub const fn spelled(self, spellings: &'static [(&'static str, &'static str)]) -> Self {
        Self { spellings, ..self }
    }

    #[must_use]
    pub const fn otherwise(self, unknown: Reason) -> Self {
        Self { unknown: Some(unknown), ..self }
    }

    #[must_use]
    pub const fn past(self) -> Self {
        Self { time: Time::Past, yearless: Yearless::Gone, ..self }
    }

    #[must_use]
    pub const fn this_year_on(self) -> Self {
        Self { time: Time::ThisYearOn, ..self }
    }

    #[must_use]
    pub const fn yearless(self, yearless: Yearless) -> Self {
        Self { yearless, ..self }
    }

    #[must_use]
    pub const fn by_acts(self) -> Self {
        Self { set_by: SetBy::Acts, ..self }
    }

    #[must_use]
    pub const fn worked_out(self) -> Self {
        Self { set_by: SetBy::Office, ..self }
    }

    #[must_use]
    pub const fn figures_of(self, table: &'static str) -> Self {
        Self { figures_of: Some(table), ..self }
    }

    #[must_use]
    pub const fn due(self) -> Self {
        Self { due: true, ..self }
    }

    /// What is said of a value that is none of those it takes.
    pub const fn unknown(&self) -> Reason {
        match (self.unknown, self.shape) {
            (Some(reason), _) => reason,
            (None, Shape::Reference(Kind::Employees)) => Reason::EmployeeUnknown,
            (None, Shape::Reference(Kind::Competencies)) => Reason::CompetencyUnknown,
            (None, Shape::Reference(_) | Shape::References(_)) => Reason::UnknownReference,
            (None, Shape::Level) => Reason::LevelRange,
            (None, Shape::Date | Shape::Moment) => Reason::DateUnreadable,
            (None, Shape::Grade) => Reason::GradeUnknown,
            (None, Shape::Whole { .. } | Shape::Points { .. }) => Reason::NotANumber,
            (None, _) => Reason::NotAChoice,
        }
    }
}

impl Field {
    /// What a file is told of a cell where there must be something.
    pub fn missing(&self) -> Reason {
        match self.name {
            "name" => Reason::NameMissing,
            "code" => Reason::CodeMissing,
            // What is none of a list is told with the list.
            _ if self.unknown() == Reason::NotAChoice => Reason::Required,
            _ => self.unknown(),
        }
    }
}

/// The record with these values, or everything that is wrong with it: what was found in
/// reading them, then what is missing, then what the kind itself asks for.
pub fn record(kind: Kind, values: &Fields, mut faults: Vec<Fault>) -> Result<Record, Vec<Fault>> {
    for fault in check(kind, values) {
        if !faults.iter().any(|known| known.field == fault.field) {
            faults.push(fault);
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let Ok(record) = Record::from_fields(kind, values) else {
        return Err(misfits(kind, values));
    };
    let faults = record.check();
    if faults.is_empty() { Ok(record) } else { Err(faults) }
}

/// The values that no record of the kind can have, each by itself.
fn misfits(kind: Kind, values: &Fields) -> Vec<Fault> {
    let misfit = |(name, value): (&String, &Json)| {
        let alone = Fields::from_iter([(name.clone(), value.clone())]);
        Record::from_fields(kind, &alone).is_err().then(|| Fault::new(name, Reason::NotAChoice))
    };
    values.iter().filter_map(misfit).collect()
}

/// Whether nobody sees this character (Unicode's Cc, Cf, Zl and Zp): what it does to the text
/// around it, turning it round among other things, is not what somebody reads.
pub fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}'
            | '\u{890}' | '\u{891}' | '\u{8e2}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}'
            | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0001}' | '\u{e0020}'..='\u{e007f}')
}

/// The same where a text may have several lines.
pub fn is_unseen_in_lines(c: char) -> bool {
    is_unseen(c) && !matches!(c, '\n' | '\t')
}

/// The same of any text in a list; of several lines.
fn has_unseen(value: &Json) -> bool {
    match value {
        Json::String(text) => text.contains(is_unseen_in_lines),
        Json::Array(items) => items.iter().any(has_unseen),
        Json::Object(map) => map.values().any(has_unseen),
        _ => false,
    }
}

/// The faults any kind can have: a required field empty, a text too long or with
/// control characters, a number out of bounds.
pub fn check(kind: Kind, values: &Fields) -> Vec<Fault> {
    let said = |field: &Field| values.get(field.name).map(Said::of);
    kind.fields().iter().filter_map(|field| check_one(field, said(field))).collect()
}

/// The same of a record as it stands.
pub fn check_record<T: Schema>(record: &T) -> Vec<Fault> {
    let mut faults = Vec::new();
    // A test holds every table of fields to the order of its struct.
    let mut fields = T::FIELDS.iter();
    probe::each(record, &|_| true, &mut |name, said| {
        let field = fields.find(|field| field.name == name);
        faults.extend(field.and_then(|field| check_one(field, said)));
    });
    faults
}

fn check_one(field: &Field, said: Option<Said>) -> Option<Fault> {
    let Some(said) = said else {
        return field.required.then(|| Fault::new(field.name, Reason::Required));
    };
    match (field.shape, said) {
        (Shape::Reference(_), Said::Whole(0)) if field.required => {
            Some(Fault::new(field.name, Reason::Required))
        }
        (Shape::Text | Shape::LongText | Shape::Number, Said::Text(text)) => {
            let long = field.shape == Shape::LongText;
            let (max, stray): (_, fn(char) -> bool) =
                if long { (LONG_TEXT_MAX, is_unseen_in_lines) } else { (TEXT_MAX, is_unseen) };
            // No text has more characters than bytes.
            if text.len() > max && text.chars().count() > max {
                return Some(Fault::with(field.name, Reason::TooLong, max));
            }
            text.contains(stray).then(|| Fault::new(field.name, Reason::ControlCharacter))
        }
        (Shape::List, said) => {
            let unseen = match said {
                Said::Text(text) => text.contains(is_unseen_in_lines),
                Said::Whole(_) => false,
                Said::Json(value) => has_unseen(value),
            };
            unseen.then(|| Fault::new(field.name, Reason::ControlCharacter))
        }
        (Shape::Points { max }, said) => {
            let points = match said {
                Said::Text(text) => Points::parse(text),
                Said::Whole(whole) => Points::parse(&whole.to_string()),
                Said::Json(value) => Points::of_json(value),
            };
            let inside = points.is_some_and(|one| one.hundredths() <= max * 100);
            (!inside).then(|| Fault::with(field.name, Reason::OutOfRange, format!("0–{max}")))
        }
        (Shape::Whole { min, max }, Said::Whole(whole)) => {
            let inside = (min..=max).contains(&whole);
            (!inside).then(|| Fault::with(field.name, Reason::OutOfRange, format!("{min}–{max}")))
        }
        (Shape::Whole { min, max }, Said::Json(Json::Number(_))) => {
            Some(Fault::with(field.name, Reason::OutOfRange, format!("{min}–{max}")))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_refused_in_every_field_of_every_kind() {
        let unseen =
            ['\u{202e}', '\u{2066}', '\u{200b}', '\u{200d}', '\u{feff}', '\u{2028}', '\u{e0041}'];
        for kind in Kind::ALL {
            for field in kind.fields() {
                for c in unseen {
                    let text = format!("Mi{c}la");
                    let value = match field.shape {
                        Shape::Text | Shape::LongText | Shape::Number => Json::from(text),
                        Shape::List => serde_json::json!([{"description": text}]),
                        _ => continue,
                    };
                    let values = Fields::from_iter([(field.name.to_string(), value)]);
                    let faults = check(kind, &values);
                    let said = faults.iter().any(|fault| {
                        fault.field == field.name && fault.reason == Reason::ControlCharacter
                    });
                    assert!(said, "{kind} {} {c:?}", field.name);
                }
            }
        }
        assert!(!"Siti Nurhaliza, S.Kom. – é".contains(is_unseen));
    }
}
