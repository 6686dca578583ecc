//! What records are called by: the kind and number of each, typed numbers for the kinds that
//! others refer to, and the revision a record stands at. A number says nothing about what it
//! stands for and is never used again.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::record::Kind;

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
    CycleId => Cycles,
}

/// The sequence number of the journal entry that last wrote a record; 0 for a
/// built-in record no entry has touched, and for "there is none".
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Revision(pub u64);
