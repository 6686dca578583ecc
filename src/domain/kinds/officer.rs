//! Officer (petugas): who may use this office, in which role and for which part of the
//! unit tree. Named as the operating system knows them: a name identifies, it never
//! authenticates. What each role may do is enforced by the office, for every request.

use serde::{Deserialize, Serialize};

use super::position::codes;
use crate::domain::belongs::{Belongs, Home, Writers};
use crate::domain::column::{Column, text};
use crate::domain::fault::{Fault, Reason};
use crate::domain::field::{Field, Privacy, Shape};
use crate::domain::record::{Kind, NaturalKey, Schema, UnitId};

codes! {
    /// What an officer may do within their units.
    #[derive(Default)]
    Role {
        /// Everything, officers and reference data included.
        Admin = "admin",
        /// Reads and writes.
        Officer = "officer",
        /// Reads.
        #[default]
        Viewer = "viewer",
        /// Reads the history and proves it; no personal details beyond names.
        Auditor = "auditor",
    }
}

impl Role {
    /// Whether they may change records at all.
    pub const fn writes(self) -> bool {
        matches!(self, Self::Admin | Self::Officer)
    }

    /// Whether they may read people beyond their names.
    pub const fn reads_people(self) -> bool {
        !matches!(self, Self::Auditor)
    }

    /// Whether a value of this class may leave the office with them: by the clipboard, in a
    /// list or a file.
    pub const fn carries(self, privacy: Privacy) -> bool {
        match privacy {
            Privacy::Work => true,
            Privacy::Personal => self.writes(),
        }
    }
}

/// The longest name the system gives a user (`useradd` allows 32; directories more).
const USER_MAX: usize = 64;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Officer {
    /// The operating system's name of the user.
    pub user: String,
    pub role: Role,
    /// Their part of the tree, with everything below it; the whole office when absent.
    pub unit: Option<UnitId>,
    /// Whose account this is, or why they have these rights.
    pub note: String,
}

impl Schema for Officer {
    const BELONGS: Belongs<Self> = Belongs::Officer(|officer| (&officer.user, officer.unit));
    const HOME: Home = Home::Table;
    const WRITERS: Writers = Writers::Admins;
    const CALLED: &'static [&'static str] = &["petugas"];
    const FIELDS: &'static [Field] = &[
        Field::new("user", Shape::Text).required(),
        Field::new("role", Shape::Choice(Role::CODES)).required(),
        Field::new("unit", Shape::Reference(Kind::Units)),
        Field::new("note", Shape::Text),
    ];
    const COLUMNS: &'static [Column] =
        &[text("user", 16), text("role", 12), text("unit", 0), text("note", 24)];

    fn label(&self) -> String {
        self.user.clone()
    }

    fn keys(&self) -> Vec<NaturalKey> {
        vec![NaturalKey::new("user", &self.user)]
    }

    fn check(&self) -> Vec<Fault> {
        let stray = |c: char| c.is_whitespace() || c.is_control() || c == ':' || c == '/';
        // An id without a name is called `uid 1234`.
        let name = self.user.strip_prefix("uid ").unwrap_or(&self.user);
        if name.contains(stray) {
            return vec![Fault::new("user", Reason::NotAUser)];
        }
        if self.user.chars().count() > USER_MAX {
            return vec![Fault::with("user", Reason::TooLong, USER_MAX)];
        }
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_officer_is_named_as_the_system_names_users() {
        for (user, good) in [
            ("mila", true),
            ("uid 1004", true),
            ("mila@plaju.go.id", true),
            ("mila melani", false),
            ("root:x", false),
            ("../mila", false),
        ] {
            let officer = Officer { user: user.into(), ..Officer::default() };
            assert_eq!(officer.check().is_empty(), good, "{user}");
        }
    }
}
