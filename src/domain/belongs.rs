//! Belonging: whose a record is. Who may see it, who is told of it, whether a restriction
//! holds it, whether it is erased and copied with a person: all of that is decided by what
//! a kind says here, never by its name.

use super::record::{EmployeeId, UnitId};

/// Whose the records of a kind are; each kind says so, there is no default.
pub enum Belongs<T> {
    /// Everybody's: reference data of the whole office.
    Office,
    /// Everybody's to see; it stands below this unit.
    Unit(fn(&T) -> Option<UnitId>),
    /// It is a person, who works in this unit.
    Somebody(fn(&T) -> Option<UnitId>),
    /// One person's, wherever they work.
    Person(fn(&T) -> EmployeeId),
    /// An officer's, with rights over this unit or the whole office.
    Officer(fn(&T) -> (&str, Option<UnitId>)),
}

impl<T> Belongs<T> {
    pub const fn to(&self) -> Owner {
        match self {
            Self::Office => Owner::Office,
            Self::Unit(_) => Owner::Unit,
            Self::Somebody(_) => Owner::Somebody,
            Self::Person(_) => Owner::Person,
            Self::Officer(_) => Owner::Officer,
        }
    }

    /// Whose this one is.
    pub fn of<'a>(&self, record: &'a T) -> Belonging<'a> {
        match self {
            Self::Office => Belonging::Office,
            Self::Unit(above) => Belonging::Unit(above(record)),
            Self::Somebody(unit) => Belonging::Somebody(unit(record)),
            Self::Person(person) => Belonging::Person(person(record)),
            Self::Officer(officer) => {
                let (user, unit) = officer(record);
                Belonging::Officer { user, unit }
            }
        }
    }
}

/// Whose the records of a kind are, without a record at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    Office,
    Unit,
    Somebody,
    Person,
    Officer,
}

impl Owner {
    /// The word scripts read in the schema.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Office => "office",
            Self::Unit => "unit",
            Self::Somebody => "somebody",
            Self::Person => "person",
            Self::Officer => "officer",
        }
    }

    /// Whether such a record is a person or something of theirs.
    pub const fn is_personal(self) -> bool {
        matches!(self, Self::Somebody | Self::Person)
    }
}

/// Whose one record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Belonging<'a> {
    Office,
    Unit(Option<UnitId>),
    Somebody(Option<UnitId>),
    Person(EmployeeId),
    Officer { user: &'a str, unit: Option<UnitId> },
}

/// Where records of a kind are kept ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    /// In memory, in the catalogue: few, and wanted by every answer.
    Table,
    /// With the person they belong to, in one value of the store.
    WithPerson,
    /// In the store, one value each.
    Alone,
}

/// Who may add, change and delete records of a kind; their reach holds besides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writers {
    /// Admins of the whole office.
    OfficeAdmins,
    /// Whoever writes may add; what others may already rely on is for admins of the office.
    Adders,
    /// Whoever writes, where the record stands and where it would stand.
    WithinReach,
    /// Whoever writes, while nobody beyond their reach takes part.
    WhileUnshared,
    /// Admins, within their units.
    Admins,
    /// Nobody by hand: whoever writes, through acts that write nothing else.
    Acts,
    /// The office by itself.
    Office,
}
