//! Columns: what a list of each kind can show, and in which order files carry them.
//! The names are the JSON keys and CSV headers scripts rely on; they never change with
//! the language. A column may be computed (job level, JP); a field of the record may
//! have no column (level texts).

use super::field::Privacy;
use super::record::Kind;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    pub privacy: Privacy,
}

const fn text(name: &'static str, width: u16) -> Column {
    Column { name, align: Align::Left, width, shown: true, privacy: Privacy::Work }
}

const fn figure(name: &'static str, width: u16) -> Column {
    Column { align: Align::Right, ..text(name, width) }
}

impl Column {
    const fn hidden(self) -> Self {
        Self { shown: false, ..self }
    }

    const fn personal(self) -> Self {
        Self { privacy: Privacy::Personal, ..self }
    }
}

const SETTINGS: &[Column] = &[text("name", 16), text("value", 0)];

impl Kind {
    /// Every column of this kind, in the order of files.
    pub const fn columns(self) -> &'static [Column] {
        match self {
            Self::Settings => SETTINGS,
        }
    }

    pub fn column(self, name: &str) -> Option<&'static Column> {
        self.columns().iter().find(|column| column.name == name)
    }
}
