//! Intake: what may be brought in from an officer's files, and its rows as domain values
//! before the office has matched them to what it knows. A kind whose columns are its own
//! fields costs one line of the registry below: headings, shapes and spellings stand with
//! the fields, and the natural key says whether a row is new. Files are parsed by the
//! officer's process; these rows are what travels to the office, in bounded chunks.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::belongs::Owner;
use super::bound;
use super::fault::{Fault, Reason};
use super::field::{Field, Shape};
use super::kinds::competency::{self, Competency};
use super::kinds::employee::Employee;
use super::kinds::position::Position;
use super::kinds::{holiday, performance};
use super::number::EmployeeNumber;
use super::record::Kind;
use super::value::Value;

/// The most rows that travel in one chunk.
pub const CHUNK_ROWS: usize = 200;

/// How a row of a file becomes records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowShape {
    /// A column a field; records it refers to by what people call them.
    Plain,
    /// Lists of staff (SIASN, SIMPEG, DUK), which make units and positions on the way.
    Staff,
    /// A dictionary of competencies: many rows one record.
    Dictionary,
    /// A ledger of trainings (S20JP), which makes programmes and sessions on the way.
    Ledger,
}

/// What tells of an import's files: words of headings, and rows.
pub type Telling = (&'static [&'static str], Option<fn(&PlainRow) -> bool>);

/// What an import brings, and how.
#[derive(Clone, Copy, Debug)]
pub struct IntakeDef {
    /// What its rows become.
    pub kind: Kind,
    pub format: RowShape,
    /// Fields in the order in which the first fault of a row is looked for; those not
    /// named follow in the order of the kind.
    first: &'static [&'static str],
    /// What is said of the second row of a file with the same key; without, the first stands
    /// and the second is passed over.
    pub twice: Option<Reason>,
    /// What is noticed of a row that is taken all the same.
    pub noticed: Option<fn(&PlainRow) -> Option<Fault>>,
    /// Kinds of which a record is made where a row names one there is not.
    pub may_make: &'static [Kind],
    /// Words of headings that only such files have, and whether a row tells it by itself; of
    /// an import without, what it needs tells enough.
    pub told_by: Option<Telling>,
    /// A field that says nothing where the other is stated.
    pub yields: Option<(&'static str, &'static str)>,
    /// What a row that says nothing of it leaves as it is.
    pub leaves: &'static [&'static str],
}

impl IntakeDef {
    pub const fn plain(kind: Kind) -> Self {
        Self::shaped(kind, RowShape::Plain)
    }

    pub const fn shaped(kind: Kind, format: RowShape) -> Self {
        Self {
            kind,
            format,
            first: &[],
            twice: None,
            noticed: None,
            may_make: &[],
            told_by: None,
            yields: None,
            leaves: &[],
        }
    }

    #[must_use]
    pub const fn asking_first(self, first: &'static [&'static str]) -> Self {
        Self { first, ..self }
    }

    #[must_use]
    pub const fn refusing_twice(self, twice: Reason) -> Self {
        Self { twice: Some(twice), ..self }
    }

    #[must_use]
    pub const fn making(self, may_make: &'static [Kind]) -> Self {
        Self { may_make, ..self }
    }

    #[must_use]
    pub const fn yielding(self, field: &'static str, to: &'static str) -> Self {
        Self { yields: Some((field, to)), ..self }
    }

    #[must_use]
    pub const fn leaving(self, leaves: &'static [&'static str]) -> Self {
        Self { leaves, ..self }
    }

    #[must_use]
    pub const fn told_by(self, words: &'static [&'static str]) -> Self {
        Self { told_by: Some((words, None)), ..self }
    }

    #[must_use]
    pub const fn told_by_rows(
        self,
        words: &'static [&'static str],
        tells: fn(&PlainRow) -> bool,
    ) -> Self {
        Self { told_by: Some((words, Some(tells))), ..self }
    }

    #[must_use]
    pub const fn noticing(self, noticed: fn(&PlainRow) -> Option<Fault>) -> Self {
        Self { noticed: Some(noticed), ..self }
    }

    /// The fields a plain file may have a column for, in the order in which they are read.
    pub fn fields(&self) -> Vec<&'static Field> {
        let readable = |field: &&Field| !matches!(field.shape, Shape::List | Shape::Moment);
        let mut fields: Vec<_> = self.kind.fields().iter().filter(readable).collect();
        let place = |field: &Field| self.first.iter().position(|name| *name == field.name);
        fields.sort_by_key(|field| place(field).unwrap_or(self.first.len()));
        fields
    }

    /// The field that names the person a record belongs to.
    pub fn person(&self) -> Option<&'static Field> {
        let people = |field: &&Field| field.shape == Shape::Reference(Kind::Employees);
        self.kind.fields().iter().find(people).filter(|_| self.kind.belongs() == Owner::Person)
    }
}

/// The imports there are: the word for it in code and on the command line, and the
/// definition. Their words for a person are `import.intake.<name>`.
macro_rules! intakes {
    ($($intake:ident $name:ident = $def:expr;)+) => {
        /// What an import brings.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "lowercase")]
        pub enum Intake {
            $($intake),+
        }

        impl Intake {
            pub const ALL: [Self; [$(Self::$intake),+].len()] = [$(Self::$intake),+];

            pub const fn name(self) -> &'static str {
                match self { $(Self::$intake => stringify!($name)),+ }
            }

            pub const fn def(self) -> IntakeDef {
                match self { $(Self::$intake => $def),+ }
            }
        }
    };
}

intakes! {
    Employees employees = IntakeDef::shaped(Kind::Employees, RowShape::Staff);
    Competencies competencies = IntakeDef::shaped(Kind::Competencies, RowShape::Dictionary)
        .told_by(competency::MARKS);
    Ratings ratings = IntakeDef::plain(Kind::Ratings)
        .asking_first(&["employee", "competency", "level", "date"]);
    Trainings trainings = IntakeDef::shaped(Kind::Enrolments, RowShape::Ledger);
    Certificates certificates = IntakeDef::plain(Kind::Certificates);
    Performance performance = IntakeDef::plain(Kind::Performances)
        .asking_first(&["employee", "year", "predicate"])
        .refusing_twice(Reason::DuplicateYear)
        .noticing(performance::contradicts);
    Potential potential = IntakeDef::plain(Kind::Potentials);
    Discipline discipline = IntakeDef::plain(Kind::Sanctions);
    Idp idp = IntakeDef::plain(Kind::IdpLines)
        // The office writes it where the file does not.
        .leaving(&["gap"]);
    Standards standards = IntakeDef::plain(Kind::Standards)
        .asking_first(&["competency", "level", "effective_from"])
        .making(&[Kind::Positions])
        .yielding("job_level", "position");
    Holidays holidays = IntakeDef::plain(Kind::Holidays)
        .told_by_rows(holiday::MARKS, holiday::tells);
    Rules rules = IntakeDef::plain(Kind::Rules).asking_first(&["table", "figures"]);
    Raters raters = IntakeDef::plain(Kind::Raters)
        .asking_first(&["employee", "cycle", "group", "rater"])
        // Sheets come back while a list of raters is corrected elsewhere.
        .leaving(&["returned"]);
    Needs needs = IntakeDef::plain(Kind::Needs).asking_first(&["employee", "year", "topic"]);
}

/// One good row. Lines are counted from 1, through all sheets of a file one after the other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IntakeRow {
    pub line: u32,
    pub data: RowData,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum RowData {
    Plain(PlainRow),
    Employee(Box<EmployeeRow>),
    Competency(Box<CompetencyRow>),
    Training(Box<TrainingRow>),
}

impl RowData {
    /// How many rows of the file it stands for.
    pub fn rows(&self) -> u32 {
        match self {
            Self::Competency(row) => row.rows.max(1),
            _ => 1,
        }
    }
}

/// A row of a plain file: what it says of each field it has something to say of. A record
/// it refers to stands by what people call it: a person by number as the journal writes
/// it, a competency by its code, a unit by its path.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PlainRow {
    #[serde(deserialize_with = "said")]
    values: Vec<(String, Value)>,
}

/// The most a row says, in fields.
const SAID_MAX: usize = 200;

fn said<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<(String, Value)>, D::Error> {
    let said = bound::list::<D, (String, Value), SAID_MAX>(from)?;
    let long = |(field, value): &(String, Value)| match value {
        Value::Text(text) | Value::Choice(text) => {
            field.len() > bound::WORD || text.len() > bound::TEXT
        }
        Value::Years(years) => field.len() > bound::WORD || years.len() > bound::WORD,
        _ => field.len() > bound::WORD,
    };
    if said.iter().any(long) {
        return Err(serde::de::Error::custom("a text that is too long"));
    }
    Ok(said)
}

impl PlainRow {
    #[must_use]
    pub fn with(mut self, field: &str, value: Value) -> Self {
        self.set(field, value);
        self
    }

    /// Without a value, nothing is said of the field.
    pub fn set(&mut self, field: &str, value: Value) {
        if !value.is_empty() {
            self.values.push((field.to_string(), value));
        }
    }

    /// Leaves out what gives way to something that is stated.
    pub fn yield_to(&mut self, (field, to): (&str, &str)) {
        if self.value(to).is_some() {
            self.values.retain(|(name, _)| name != field);
        }
    }

    pub fn value(&self, field: &str) -> Option<&Value> {
        self.values.iter().find(|(name, _)| name == field).map(|(_, value)| value)
    }
}

/// A person as a [`PlainRow`] names them.
impl From<&EmployeeNumber> for Value {
    fn from(number: &EmployeeNumber) -> Self {
        match number {
            EmployeeNumber::Local(_) => Self::text(format!("#{number}")),
            _ => Self::text(number.to_string()),
        }
    }
}

/// A member of staff; unit and position by name, not yet by id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EmployeeRow {
    /// `unit` and `position` are empty here. Fields whose column the file does not
    /// have are named in no `ImportStart::columns` (nor `ImportColumns`) and are left alone.
    #[serde(deserialize_with = "bound::record")]
    pub employee: Employee,
    /// Names from the root down: instansi, satuan kerja, UNOR; repeated names already merged.
    #[serde(deserialize_with = "bound::texts::<_, 50, { bound::LINE }>")]
    pub unit_path: Vec<String>,
    /// UNOR ID or unit code, if the file has one.
    #[serde(deserialize_with = "bound::text::<_, { bound::LINE }>")]
    pub unit_code: String,
    #[serde(deserialize_with = "bound::record_if_any")]
    pub position: Option<Position>,
}

/// One competency assembled from its indicator rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CompetencyRow {
    #[serde(deserialize_with = "bound::record")]
    pub competency: Competency,
    /// How many rows of the file went into it.
    pub rows: u32,
}

/// One participant of one training, S20JP shape.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrainingRow {
    pub number: EmployeeNumber,
    #[serde(deserialize_with = "bound::text::<_, { bound::LINE }>")]
    pub name: String,
    /// Type code, `KL01`…
    #[serde(deserialize_with = "bound::text::<_, { bound::LINE }>")]
    pub r#type: String,
    pub start: NaiveDate,
    pub end: NaiveDate,
    #[serde(deserialize_with = "bound::text::<_, { bound::LINE }>")]
    pub provider: String,
    pub jp: u16,
}

/// A row that was not taken, or was taken with a remark.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RowFault {
    pub line: u32,
    /// `field` is the column's header as the file writes it.
    pub fault: Fault,
}
