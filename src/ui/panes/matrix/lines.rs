//! The lines of the matrix: people, and where they are grouped above each unit's people a line
//! with what these add up to. The cursor stands on either; what is done to a person is not
//! done on a unit's line.

use crate::domain::record::{EmployeeId, UnitId};
use crate::protocol::{Matrix, MatrixGroup, MatrixRow};
use crate::ui::widgets::cursor::Keyed;

#[derive(Clone, Debug)]
pub enum MatrixLine {
    Person(MatrixRow),
    Unit(MatrixGroup),
}

/// What a line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKey {
    Person(EmployeeId),
    Unit(Option<UnitId>),
}

impl Keyed for MatrixLine {
    type Key = LineKey;

    fn key(&self) -> LineKey {
        match self {
            Self::Person(row) => LineKey::Person(row.employee),
            Self::Unit(group) => LineKey::Unit(group.unit),
        }
    }
}

impl LineKey {
    pub const fn person(self) -> Option<EmployeeId> {
        match self {
            Self::Person(person) => Some(person),
            Self::Unit(_) => None,
        }
    }
}

impl MatrixLine {
    pub const fn person(&self) -> Option<&MatrixRow> {
        match self {
            Self::Person(row) => Some(row),
            Self::Unit(_) => None,
        }
    }

    pub const fn unit(&self) -> Option<&MatrixGroup> {
        match self {
            Self::Person(_) => None,
            Self::Unit(group) => Some(group),
        }
    }

    /// The lines of an answer, which keeps the rest.
    pub fn of(matrix: &mut Matrix) -> Vec<Self> {
        let mut groups = std::mem::take(&mut matrix.groups).into_iter().peekable();
        let mut lines: Vec<Self> = Vec::new();
        let mut above = |lines: &mut Vec<Self>| {
            let line = matrix.offset + lines.len() as u32;
            lines.extend(groups.next_if(|group| group.line == line).map(Self::Unit));
        };
        for row in std::mem::take(&mut matrix.rows) {
            above(&mut lines);
            lines.push(Self::Person(row));
        }
        above(&mut lines);
        lines
    }
}
