//! Columns: what a list of a kind can show, and in which order files carry them; each kind
//! has its table in its own file.
//! The names are the JSON keys and CSV headers scripts rely on; they never change with
//! the language. A column may be computed (job level, JP); a field of the record may
//! have no column (level texts). Of people each competency is a column, too, by its code.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::field::Privacy;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Align {
    Left,
    Right,
}

/// One column of a list.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    pub name: &'static str,
    pub align: Align,
    /// Cells it wants on screen; 0 takes what is left over.
    pub width: u16,
    /// Shown at 80 columns unless the officer chooses otherwise.
    pub shown: bool,
    /// Worked out, and in a list or file only where it is asked for by name.
    pub asked: bool,
    pub privacy: Privacy,
}

pub const fn text(name: &'static str, width: u16) -> Column {
    Column { name, align: Align::Left, width, shown: true, asked: false, privacy: Privacy::Work }
}

pub const fn figure(name: &'static str, width: u16) -> Column {
    Column { align: Align::Right, ..text(name, width) }
}

impl Column {
    #[must_use]
    pub const fn hidden(self) -> Self {
        Self { shown: false, ..self }
    }

    #[must_use]
    pub const fn asked(self) -> Self {
        Self { shown: false, asked: true, ..self }
    }

    #[must_use]
    pub const fn personal(self) -> Self {
        Self { privacy: Privacy::Personal, ..self }
    }
}

/// The column of a competency, by its code: a level a person. Each is made once and stays, for
/// whoever shows it; there are no more than codes in a dictionary.
pub fn of_competency(code: &str) -> &'static Column {
    static MADE: Mutex<BTreeMap<String, &'static Column>> = Mutex::new(BTreeMap::new());
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    made.entry(code.to_string()).or_insert_with(|| {
        let name = Box::leak(code.to_string().into_boxed_str());
        Box::leak(Box::new(figure(name, 3).asked()))
    })
}

/// Whether a column of this name holds years, which are written without a sign for their
/// thousands.
pub fn is_year(name: &str) -> bool {
    name == "year" || name.ends_with("_year")
}

#[cfg(test)]
mod tests {
    use crate::domain::record::Kind;

    /// What is personal in a record is personal in a list of it.
    #[test]
    fn a_column_is_as_private_as_its_field() {
        for kind in Kind::ALL {
            for column in kind.columns() {
                if let Some(field) = kind.field(column.name) {
                    assert_eq!(column.privacy, field.privacy, "{kind} {}", column.name);
                }
            }
        }
    }
}
