//! A record: the unit of change. Every kind of thing an office keeps is a `Record`
//! under an opaque `RecordId`; what the rest of the program may do with any record
//! without knowing its kind (name it, diff it, tell whose it is, check it) is here, and
//! follows from what each kind says of itself in its own file by `Schema`.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::belongs::{Belonging, Belongs, Home, Owner, Writers};
use super::column::Column;
pub use super::diff::{FieldChange, diff};
use super::fault::Fault;
use super::field::{Field, Shape, numbers};
pub use super::id::{
    CompetencyId, CycleId, EmployeeId, FIRST_OWN_NUMBER, PositionId, ProgrammeId, RecordId,
    Revision, SessionId, UnitId,
};
use super::kinds::{self, registry};
use super::probe;
use super::said::{Said, is_empty};

macro_rules! kinds_of {
    ($($kind:ident $name:ident $module:ident::$record:ident = $byte:literal;)+) => {
        /// The kinds of record, in the order of the registry.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
        )]
        #[serde(rename_all = "lowercase")]
        pub enum Kind {
            $($kind),+
        }

        impl Kind {
            pub const ALL: [Self; [$(Self::$kind),+].len()] = [$(Self::$kind),+];

            /// The plural English word used in code, on the command line and in the journal.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$kind => stringify!($name)),+ }
            }

            /// What stands for it in the store's keys.
            pub const fn byte(self) -> u8 {
                match self { $(Self::$kind => $byte),+ }
            }

            /// The fields of this kind, in the order a form shows them.
            pub const fn fields(self) -> &'static [Field] {
                match self { $(Self::$kind => kinds::$module::$record::FIELDS),+ }
            }

            /// Every column of this kind, in the order of files.
            pub const fn columns(self) -> &'static [Column] {
                match self { $(Self::$kind => kinds::$module::$record::COLUMNS),+ }
            }

            /// The columns of a list or file that names none.
            pub fn usual_columns(self) -> impl Iterator<Item = &'static Column> {
                self.columns().iter().filter(|column| !column.asked)
            }

            /// What officers call them in a search.
            pub const fn called(self) -> &'static [&'static str] {
                match self { $(Self::$kind => kinds::$module::$record::CALLED),+ }
            }

            /// Whose its records are.
            pub const fn belongs(self) -> Owner {
                match self { $(Self::$kind => kinds::$module::$record::BELONGS.to()),+ }
            }

            /// Where its records are kept ready.
            pub const fn home(self) -> Home {
                match self { $(Self::$kind => kinds::$module::$record::HOME),+ }
            }

            /// Who changes its records.
            pub const fn writers(self) -> Writers {
                match self { $(Self::$kind => kinds::$module::$record::WRITERS),+ }
            }

            /// Whether a person's restriction leaves these open: what they ask of the office.
            pub const fn even_restricted(self) -> bool {
                match self { $(Self::$kind => kinds::$module::$record::EVEN_RESTRICTED),+ }
            }

            /// Whether nobody reads its records.
            pub const fn is_sealed(self) -> bool {
                match self { $(Self::$kind => kinds::$module::$record::SEALED),+ }
            }

            /// Whether it is a detail of a person already that they have one.
            pub const fn is_discreet(self) -> bool {
                match self { $(Self::$kind => kinds::$module::$record::DISCREET),+ }
            }
        }

        /// One record of any kind.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        pub enum Record {
            $($record(kinds::$module::$record)),+
        }

        /// The same again for a record of whatever kind.
        macro_rules! each {
            ($of:expr, $one:ident => $then:expr) => {
                match $of { $(Self::$record($one) => $then),+ }
            };
        }

        impl Record {
            pub const fn kind(&self) -> Kind {
                match self { $(Self::$record(_) => Kind::$kind),+ }
            }

            pub fn label(&self) -> String {
                each!(self, record => record.label())
            }

            pub fn keys(&self) -> Vec<NaturalKey> {
                each!(self, record => record.keys())
            }

            /// The records this one cannot stand without.
            pub fn references(&self) -> Vec<RecordId> {
                each!(self, record => references(record))
            }

            /// Whose it is.
            pub fn belonging(&self) -> Belonging<'_> {
                match self {
                    $(Self::$record(record) => kinds::$module::$record::BELONGS.of(record)),+
                }
            }

            /// What is wrong with this record on its own, required fields included.
            pub fn check(&self) -> Vec<Fault> {
                let mut faults = each!(self, record => super::field::check_record(record));
                each!(self, record => faults.extend(record.check()));
                faults
            }

            /// Fills in what the office writes down by itself.
            pub fn stamp(&mut self, now: DateTime<FixedOffset>) {
                each!(self, record => record.stamp(now));
            }

            /// The record that stands once this one is written where `before` stood.
            #[must_use]
            pub fn onto(self, before: Option<&Self>) -> Self {
                each!(self, record => record.onto(before.and_then(Kept::of)).into())
            }

            /// Whether it says only what is new, to be put onto what stands.
            pub fn is_part(&self) -> bool {
                each!(self, record => record.is_part())
            }

            /// The value of one field; `None` for an empty one.
            pub fn field(&self, name: &str) -> Option<Json> {
                let value = each!(self, record => probe::field(record, name));
                value.filter(|value| !is_empty(value))
            }

            /// What is made of what one field says; `None` of an empty one.
            pub fn said<R>(&self, name: &str, of: impl FnOnce(Said<'_>) -> R) -> Option<R> {
                let (mut of, mut made) = (Some(of), None);
                each!(self, record => probe::each(record, &|field| field == name, &mut |_, said| {
                    made = said.and_then(|said| Some(of.take()?(said)));
                }));
                made
            }

            /// The record as fields; nothing stands for an empty one.
            pub fn fields(&self) -> Fields {
                match each!(self, record => serde_json::to_value(record)) {
                    Ok(Json::Object(mut map)) => {
                        map.retain(|_, value| !is_empty(value));
                        map
                    }
                    _ => Map::new(),
                }
            }

            /// Appends the text of its fields.
            pub fn write_fields(&self, out: &mut Vec<u8>) -> Result<(), serde_json::Error> {
                each!(self, record => probe::write(record, out))
            }

            /// The record of `kind` with these fields, or the words of what does not fit. A
            /// field the kind does not have is not dropped in silence.
            pub fn from_fields(kind: Kind, fields: &Fields) -> Result<Self, serde_json::Error> {
                if let Some(name) = fields.keys().find(|name| kind.field(name).is_none()) {
                    let words = format!("{kind} have no field {name:?}");
                    return Err(serde::de::Error::custom(words));
                }
                match kind {
                    $(Kind::$kind => Deserialize::deserialize(fields).map(Self::$record)),+
                }
            }

            /// A record of `kind` with every field empty, for a new form.
            pub fn empty(kind: Kind) -> Self {
                match kind {
                    $(Kind::$kind => Self::$record(Default::default())),+
                }
            }

            /// The record as JSON with its fields in the order of its struct.
            #[cfg(test)]
            fn json(&self) -> String {
                each!(self, record => serde_json::to_string(record)).unwrap_or_default()
            }
        }

        $(impl From<kinds::$module::$record> for Record {
            fn from(record: kinds::$module::$record) -> Self {
                Self::$record(record)
            }
        }

        impl Kept for kinds::$module::$record {
            const KIND: Kind = Kind::$kind;

            fn of(record: &Record) -> Option<&Self> {
                match record {
                    Record::$record(record) => Some(record),
                    _ => None,
                }
            }

            fn from_record(record: Record) -> Option<Self> {
                match record {
                    Record::$record(record) => Some(record),
                    _ => None,
                }
            }
        })+
    };
}

registry!(kinds_of);

impl Kind {
    pub fn field(self, name: &str) -> Option<&'static Field> {
        self.fields().iter().find(|field| field.name == name)
    }

    pub fn column(self, name: &str) -> Option<&'static Column> {
        self.columns().iter().find(|column| column.name == name)
    }

    /// Whether a change of one may move people between categories, which is told before it is
    /// saved.
    pub fn moves_people(self) -> bool {
        self.fields().iter().any(|field| field.moves_people)
    }

    /// The kinds its fields refer to.
    pub fn refers_to(self) -> impl Iterator<Item = Self> {
        self.fields().iter().filter_map(|field| field.shape.refers_to())
    }

    /// Whether one person's records of it name other people, too.
    pub fn names_others(self) -> bool {
        self.refers_to().filter(|kind| kind.belongs() == Owner::Somebody).count() > 1
    }

    /// Whether its records bear names of their own, given by people.
    pub fn has_a_name(self) -> bool {
        self.fields().iter().any(|field| field.required && field.shape == Shape::Text)
    }

    /// How far references go from it at most: a kind refers only to those that are less deep
    /// (and units to units), so records can be put back in this order.
    pub fn depth(self) -> usize {
        let others = self.refers_to().filter(|kind| *kind != self);
        others.map(|kind| kind.depth() + 1).max().unwrap_or(0)
    }

    /// The kinds whose records are one person's.
    pub fn of_people() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|kind| kind.belongs() == Owner::Person)
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

/// What every kind of record says about itself, in its own file.
pub trait Schema:
    Clone + Default + PartialEq + Serialize + for<'de> Deserialize<'de> + 'static
{
    /// Whose its records are.
    const BELONGS: Belongs<Self>;
    /// Where they are kept ready.
    const HOME: Home;
    /// Who changes them.
    const WRITERS: Writers;
    /// They may be changed while their person's data is restricted.
    const EVEN_RESTRICTED: bool = false;
    /// That a person has one is a detail of theirs: known to those alone who may have details.
    const DISCREET: bool = false;
    /// Nobody reads them: they are in no list, history or copy, and no notice names them.
    const SEALED: bool = false;
    /// The fields in the order a form shows them and the struct has them.
    const FIELDS: &'static [Field];
    /// What officers call them in a search of the history, in small letters, beside the name
    /// scripts know.
    const CALLED: &'static [&'static str];
    /// What a list of them shows and files carry.
    const COLUMNS: &'static [Column];

    /// What a list, a toast or an error calls this record. May name a person: never for logs.
    fn label(&self) -> String;

    /// Names under which at most one record of this kind may stand, with the field they come from.
    fn keys(&self) -> Vec<NaturalKey>;

    /// What is wrong with this record on its own beyond what its fields say.
    fn check(&self) -> Vec<Fault> {
        Vec::new()
    }

    /// Fills in what the office writes down by itself, at this moment by its own clock.
    fn stamp(&mut self, now: DateTime<FixedOffset>) {
        let _ = now;
    }

    /// The record that stands once this one is written where `before` stood: itself, unless
    /// its kind is written in parts.
    #[must_use]
    fn onto(self, before: Option<&Self>) -> Self {
        let _ = before;
        self
    }

    /// Whether it says only what is new, to be put onto what stands.
    fn is_part(&self) -> bool {
        false
    }
}

/// A record of one kind, in and out of one of any kind.
pub trait Kept: Schema + Into<Record> {
    const KIND: Kind;

    fn of(record: &Record) -> Option<&Self>;
    fn from_record(record: Record) -> Option<Self>;
}

/// What the fields of a record refer to.
fn references<T: Kept>(record: &T) -> Vec<RecordId> {
    let kind_of = |name: &str| T::KIND.field(name)?.shape.refers_to();
    let named = probe::fields(record, &|name| kind_of(name).is_some());
    let mut all = Vec::new();
    for (name, value) in named {
        let ids = |to| numbers(&value).map(move |number| RecordId::new(to, number));
        all.extend(kind_of(name).into_iter().flat_map(ids));
    }
    all
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
        if word.is_ascii() {
            let start = folded.len();
            folded.push_str(word);
            folded[start..].make_ascii_lowercase();
        } else {
            folded.extend(word.chars().flat_map(char::to_lowercase));
        }
    }
    folded
}

/// The fields of a record by name, as the journal, forms and diffs see them.
/// A field without a value is absent.
pub type Fields = Map<String, Json>;

impl Record {
    /// The person this belongs to.
    pub fn person(&self) -> Option<EmployeeId> {
        match self.belonging() {
            Belonging::Person(person) => Some(person),
            _ => None,
        }
    }

    /// The person this is, standing under `id`, or belongs to.
    pub fn whose(&self, id: RecordId) -> Option<EmployeeId> {
        match self.belonging() {
            Belonging::Somebody(_) => Some(EmployeeId(id.number)),
            Belonging::Person(person) => Some(person),
            _ => None,
        }
    }
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

    /// The store keeps values by their place: the digest of the table stands for the struct.
    #[test]
    fn the_field_table_of_a_kind_is_its_struct() {
        for kind in Kind::ALL {
            let json = Record::empty(kind).json();
            let mut at = 0;
            for field in kind.fields() {
                let found = json[at..].find(&format!("\"{}\":", field.name));
                at += found.unwrap_or_else(|| panic!("{kind} {}", field.name));
            }
            let map: Fields = serde_json::from_str(&json).expect("a struct");
            assert_eq!(map.len(), kind.fields().len(), "{kind}");
        }
    }

    #[test]
    fn a_kind_refers_to_those_less_deep() {
        assert_eq!(Kind::Units.depth(), 0);
        for kind in Kind::ALL {
            for to in kind.refers_to().filter(|to| *to != kind) {
                assert!(to.depth() < kind.depth(), "{kind} {to}");
            }
        }
    }

    #[test]
    fn bytes_are_one_kinds_alone() {
        let bytes: std::collections::BTreeSet<u8> = Kind::ALL.map(Kind::byte).into();
        assert_eq!(bytes.len(), Kind::ALL.len());
    }

    #[test]
    fn what_is_a_persons_is_kept_with_them_and_names_them() {
        for kind in Kind::ALL {
            let owned = kind.belongs() == Owner::Person;
            assert_eq!(owned, kind.home() == Home::WithPerson, "{kind}");
            assert!(!owned || kind.refers_to().any(|to| to == Kind::Employees), "{kind}");
        }
    }

    #[test]
    fn a_field_nobody_knows_is_not_dropped() {
        let fields = Fields::from_iter([("blood_group".to_string(), Json::from("O"))]);
        for kind in Kind::ALL {
            assert!(Record::from_fields(kind, &fields).is_err(), "{kind}");
        }
    }

    #[test]
    fn a_record_refers_to_what_its_fields_name() {
        use crate::domain::kinds::employee::Employee;
        let employee = Employee {
            unit: Some(UnitId(1000)),
            position: Some(PositionId(7)),
            ..Employee::default()
        };
        let expected = [UnitId(1000).into(), PositionId(7).into()];
        assert_eq!(Record::from(employee).references(), expected);
        assert_eq!(Record::from(Employee::default()).references(), []);
    }

    #[test]
    fn two_spellings_of_a_name_are_one_key() {
        assert_eq!(fold("  Kelurahan   PLAJU Ulu "), "kelurahan plaju ulu");
    }
}
