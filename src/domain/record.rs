//! A record: the unit of change. Every kind of thing an office keeps is a `Record`
//! under an opaque `RecordId`; what the rest of the program may do with any record
//! without knowing its kind (name it, diff it, file it, check it) is here.
//!
//! A new kind is one file beside this one, one variant here, and its `Schema`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::fault::Fault;
use super::field::Field;
use super::kinds::competency::Competency;
use super::kinds::correction::Correction;
use super::kinds::employee::Employee;
use super::kinds::officer::Officer;
use super::kinds::position::Position;
use super::kinds::rating::Rating;
use super::kinds::reading::Reading;
use super::kinds::setting::Setting;
use super::kinds::standard::Standard;
use super::kinds::training::{Enrolment, Programme, Session};
use super::kinds::unit::Unit;

/// The kinds of record, in the order in which references point: a kind refers
/// only to kinds before it (and units to units).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Settings,
    Units,
    Positions,
    Competencies,
    Standards,
    Employees,
    Ratings,
    Programmes,
    Sessions,
    Enrolments,
    Officers,
    Corrections,
    Readings,
}

impl Kind {
    pub const ALL: [Self; 13] = [
        Self::Settings,
        Self::Units,
        Self::Positions,
        Self::Competencies,
        Self::Standards,
        Self::Employees,
        Self::Ratings,
        Self::Programmes,
        Self::Sessions,
        Self::Enrolments,
        Self::Officers,
        Self::Corrections,
        Self::Readings,
    ];

    /// The plural English word used in code, on the command line and in the journal.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Settings => "settings",
            Self::Units => "units",
            Self::Positions => "positions",
            Self::Competencies => "competencies",
            Self::Standards => "standards",
            Self::Employees => "employees",
            Self::Ratings => "ratings",
            Self::Programmes => "programmes",
            Self::Sessions => "sessions",
            Self::Enrolments => "enrolments",
            Self::Officers => "officers",
            Self::Corrections => "corrections",
            Self::Readings => "readings",
        }
    }

    /// A stable byte for keys in the store.
    pub const fn byte(self) -> u8 {
        self as u8 + 1
    }

    /// The fields of this kind, in the order a form shows them.
    pub fn fields(self) -> &'static [Field] {
        match self {
            Self::Settings => Setting::FIELDS,
            Self::Units => Unit::FIELDS,
            Self::Positions => Position::FIELDS,
            Self::Competencies => Competency::FIELDS,
            Self::Standards => Standard::FIELDS,
            Self::Employees => Employee::FIELDS,
            Self::Ratings => Rating::FIELDS,
            Self::Programmes => Programme::FIELDS,
            Self::Sessions => Session::FIELDS,
            Self::Enrolments => Enrolment::FIELDS,
            Self::Officers => Officer::FIELDS,
            Self::Corrections => Correction::FIELDS,
            Self::Readings => Reading::FIELDS,
        }
    }

    /// Whether records of this kind say something of one person, wherever they are kept.
    pub const fn is_about_a_person(self) -> bool {
        matches!(self, Self::Ratings | Self::Enrolments | Self::Corrections)
    }

    pub fn field(self, name: &str) -> Option<&'static Field> {
        self.fields().iter().find(|field| field.name == name)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Kind {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.name() == text).ok_or(())
    }
}

/// Numbers below this are built-in reference records, known to every fresh office
/// without a journal line; the office numbers its own records from here.
pub const FIRST_OWN_NUMBER: u32 = 1000;

/// The opaque name of a record: its kind and a number that says nothing about it.
/// Written `employees/1234`. A number is never used again after a deletion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RecordId {
    pub kind: Kind,
    pub number: u32,
}

impl RecordId {
    pub const fn new(kind: Kind, number: u32) -> Self {
        Self { kind, number }
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.number)
    }
}

impl FromStr for RecordId {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (kind, number) = text.split_once('/').ok_or(())?;
        Ok(Self { kind: kind.parse()?, number: number.parse().map_err(|_| ())? })
    }
}

impl Serialize for RecordId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RecordId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|()| serde::de::Error::custom("not a record id"))
    }
}

/// Typed record numbers, so that a unit is never taken for a person.
macro_rules! typed_ids {
    ($($name:ident => $kind:ident),+ $(,)?) => {$(
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub u32);

        impl From<$name> for RecordId {
            fn from(id: $name) -> Self {
                Self::new(Kind::$kind, id.0)
            }
        }
    )+};
}

typed_ids! {
    UnitId => Units,
    PositionId => Positions,
    CompetencyId => Competencies,
    EmployeeId => Employees,
    ProgrammeId => Programmes,
    SessionId => Sessions,
}

/// The sequence number of the journal entry that last wrote a record; 0 for a
/// built-in record no entry has touched, and for "there is none".
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Revision(pub u64);

/// What every kind of record says about itself, in its own file.
pub trait Schema: Serialize + for<'de> Deserialize<'de> {
    const KIND: Kind;
    /// The fields in the order a form shows them.
    const FIELDS: &'static [Field];

    /// What a list, a toast or an error calls this record. May name a person: never for logs.
    fn label(&self) -> String;

    /// Names under which at most one record of this kind may stand, with the field they come from.
    fn keys(&self) -> Vec<NaturalKey>;

    /// The records this one cannot stand without.
    fn references(&self) -> Vec<RecordId>;

    /// Which part of the office this record belongs to.
    fn scope(&self) -> Scope {
        Scope::Office
    }

    /// What is wrong with this record on its own, field by field.
    fn check(&self) -> Vec<Fault>;
}

/// Which part of the office a record belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Reference data and everything shared by the whole office.
    Office,
    Unit(UnitId),
    /// Wherever that person works now.
    Person(EmployeeId),
}

/// A name under which at most one record of a kind may stand (a NIP, a code…),
/// folded so that two spellings of the same name collide.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NaturalKey {
    /// The field an error names.
    pub field: &'static str,
    pub text: String,
}

impl NaturalKey {
    pub fn new(field: &'static str, text: impl AsRef<str>) -> Self {
        Self { field, text: fold(text.as_ref()) }
    }
}

/// Folds a name for comparison: lower case, runs of blanks as one.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.extend(word.chars().flat_map(char::to_lowercase));
    }
    folded
}

/// The fields of a record by name, as the journal, forms and diffs see them.
/// A field without a value is absent.
pub type Fields = Map<String, Json>;

macro_rules! records {
    ($($variant:ident($type:ty)),+ $(,)?) => {
        /// One record of any kind.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        pub enum Record {
            $($variant($type)),+
        }

        impl Record {
            pub fn kind(&self) -> Kind {
                match self { $(Self::$variant(_) => <$type>::KIND),+ }
            }

            pub fn label(&self) -> String {
                match self { $(Self::$variant(record) => record.label()),+ }
            }

            pub fn keys(&self) -> Vec<NaturalKey> {
                match self { $(Self::$variant(record) => record.keys()),+ }
            }

            pub fn references(&self) -> Vec<RecordId> {
                match self { $(Self::$variant(record) => record.references()),+ }
            }

            pub fn scope(&self) -> Scope {
                match self { $(Self::$variant(record) => record.scope()),+ }
            }

            /// What is wrong with this record on its own, required fields included.
            pub fn check(&self) -> Vec<Fault> {
                let mut faults = super::field::check(self.kind(), &self.fields());
                match self { $(Self::$variant(record) => faults.extend(record.check())),+ }
                faults
            }

            /// The record as fields; nothing stands for an empty one.
            pub fn fields(&self) -> Fields {
                let json = match self { $(Self::$variant(record) => serde_json::to_value(record)),+ };
                match json {
                    Ok(Json::Object(mut map)) => {
                        map.retain(|_, value| !is_empty(value));
                        map
                    }
                    _ => Map::new(),
                }
            }

            /// The record of `kind` with these fields, or the words of what does not fit.
            pub fn from_fields(kind: Kind, fields: Fields) -> Result<Self, serde_json::Error> {
                let json = Json::Object(fields);
                $(if kind == <$type>::KIND {
                    return serde_json::from_value::<$type>(json).map(Self::$variant);
                })+
                Err(serde::de::Error::custom("no such kind"))
            }

            /// A record of `kind` with every field empty, for a new form.
            pub fn empty(kind: Kind) -> Self {
                $(if kind == <$type>::KIND {
                    return Self::$variant(<$type>::default());
                })+
                Self::Setting(Setting::default())
            }
        }

        $(impl From<$type> for Record {
            fn from(record: $type) -> Self {
                Self::$variant(record)
            }
        })+
    };
}

records! {
    Setting(Setting),
    Unit(Unit),
    Position(Position),
    Competency(Competency),
    Standard(Standard),
    Employee(Employee),
    Rating(Rating),
    Programme(Programme),
    Session(Session),
    Enrolment(Enrolment),
    Officer(Officer),
    Correction(Correction),
    Reading(Reading),
}

impl Record {
    /// The person a rating or an enrolment belongs to: they are kept with that person.
    pub fn owner(&self) -> Option<EmployeeId> {
        match self {
            Self::Rating(rating) => Some(rating.employee),
            Self::Enrolment(enrolment) => Some(enrolment.employee),
            _ => None,
        }
    }

    /// The record that stands once this one is written where `before` stood: itself, unless
    /// it is one that is written in parts.
    #[must_use]
    pub fn onto(self, before: Option<&Self>) -> Self {
        match (self, before) {
            (Self::Reading(part), Some(Self::Reading(before))) => part.onto(Some(before)).into(),
            (Self::Reading(part), _) => part.onto(None).into(),
            (record, _) => record,
        }
    }

    /// Whether it says only what is new.
    pub fn is_part(&self) -> bool {
        matches!(self, Self::Reading(reading) if reading.adds)
    }

    /// The person this says something of, wherever it is kept.
    pub fn person(&self) -> Option<EmployeeId> {
        match self.scope() {
            Scope::Person(person) => Some(person),
            _ => None,
        }
    }
}

fn is_empty(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Object(map) => map.is_empty(),
        Json::Bool(flag) => !flag,
        Json::Number(_) => false,
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_id_is_read_back_as_it_is_printed() {
        for kind in Kind::ALL {
            let id = RecordId::new(kind, 1234);
            assert_eq!(id.to_string().parse(), Ok(id));
        }
        assert_eq!("people/1".parse::<RecordId>(), Err(()));
        assert_eq!("employees/x".parse::<RecordId>(), Err(()));
    }

    #[test]
    fn every_field_of_a_kind_is_one_its_record_can_be_read_from() {
        for kind in Kind::ALL {
            let json = match Record::empty(kind) {
                Record::Setting(r) => serde_json::to_value(r),
                Record::Unit(r) => serde_json::to_value(r),
                Record::Position(r) => serde_json::to_value(r),
                Record::Competency(r) => serde_json::to_value(r),
                Record::Standard(r) => serde_json::to_value(r),
                Record::Employee(r) => serde_json::to_value(r),
                Record::Rating(r) => serde_json::to_value(r),
                Record::Programme(r) => serde_json::to_value(r),
                Record::Session(r) => serde_json::to_value(r),
                Record::Enrolment(r) => serde_json::to_value(r),
                Record::Officer(r) => serde_json::to_value(r),
                Record::Correction(r) => serde_json::to_value(r),
                Record::Reading(r) => serde_json::to_value(r),
            };
            let json = json.expect("records are JSON");
            let mut names: Vec<_> = json.as_object().expect("a map").keys().cloned().collect();
            let mut fields: Vec<_> = kind.fields().iter().map(|f| f.name.to_string()).collect();
            names.sort();
            fields.sort();
            assert_eq!(names, fields, "{kind}");
        }
    }

    #[test]
    fn two_spellings_of_a_name_are_one_key() {
        assert_eq!(fold("  Kelurahan   PLAJU Ulu "), "kelurahan plaju ulu");
    }
}
