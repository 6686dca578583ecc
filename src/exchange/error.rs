//! What can be wrong with a file as a whole. One code a reason, without a language:
//! the words stand in the catalogue under `file.<code>`. What is wrong with one row is
//! a `domain::fault::Fault`, never one of these.

use std::io;

use thiserror::Error;

use crate::domain::intake::Intake;

/// The most strange headings a message names.
const NAMED_MAX: usize = 6;

/// Why a file could not be read. Nothing of it has been taken for good: the caller
/// cancels the import. Displays as its code.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}", self.code())]
pub enum FileError {
    NotFound,
    /// A directory, a pipe, a device.
    NotARegularFile,
    /// No bytes, or no row with anything in it.
    Empty,
    /// The system does not let this person read it, or the disk failed; the system's words.
    Unreadable {
        detail: String,
    },
    /// Larger on disk than this many bytes.
    TooLarge {
        limit: u64,
    },
    /// Unpacks to more than this many bytes.
    UnpacksTooLarge {
        limit: u64,
    },
    /// Protected with a password.
    Encrypted,
    /// Neither CSV nor a workbook this program reads.
    UnknownFormat,
    /// Begins like a workbook and is not one: cut in half, or damaged.
    Broken,
    /// A quotation mark opened in this line is never closed.
    QuoteOpen {
        line: u32,
    },
    /// One record is larger than any real one; usually a quotation mark too many.
    LineTooLong {
        line: u32,
    },
    NoSuchSheet {
        names: Vec<String>,
    },
    /// A sheet is named, and the file has none.
    NoSheets,
    /// More cells than any list an office keeps, or more of them merged.
    TooManyCells,
    /// The headings are those of another import.
    OtherKind {
        kind: Intake,
    },
    /// These headings tell that the file is something else, which no import takes.
    NotOfKind {
        columns: Vec<String>,
    },
    /// Ratings with a column a competency, where one row is one rating.
    SpreadOut,
    /// None of the first rows names the columns this import needs.
    NoHeader,
    /// There is a header, but these fields have no column; the columns that may be meant.
    ColumnsMissing {
        fields: Vec<String>,
        candidates: Vec<String>,
    },
    /// `--map` names a field there is not.
    MapField {
        field: String,
        known: Vec<String>,
    },
    /// `--map` names a column the file does not have.
    MapColumn {
        column: String,
        known: Vec<String>,
    },
    /// A dictionary with more rows than this.
    TooManyRows {
        limit: u32,
    },
}

impl FileError {
    /// The code scripts and the catalogue know.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::NotARegularFile => "not_a_regular_file",
            Self::Empty => "empty",
            Self::Unreadable { .. } => "unreadable",
            Self::TooLarge { .. } => "too_large",
            Self::UnpacksTooLarge { .. } => "unpacks_too_large",
            Self::Encrypted => "encrypted",
            Self::UnknownFormat => "unknown_format",
            Self::Broken => "broken",
            Self::QuoteOpen { .. } => "quote_open",
            Self::LineTooLong { .. } => "line_too_long",
            Self::NoSuchSheet { .. } => "no_such_sheet",
            Self::NoSheets => "no_sheets",
            Self::TooManyCells => "too_many_cells",
            Self::OtherKind { .. } => "other_kind",
            Self::NotOfKind { .. } => "not_of_kind",
            Self::SpreadOut => "spread_out",
            Self::NoHeader => "no_header",
            Self::ColumnsMissing { .. } => "columns_missing",
            Self::MapField { .. } => "map_field",
            Self::MapColumn { .. } => "map_column",
            Self::TooManyRows { .. } => "too_many_rows",
        }
    }

    /// What the catalogue's text names, as (placeholder, value).
    pub fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Unreadable { detail } => vec![("detail", detail.clone())],
            Self::TooLarge { limit } | Self::UnpacksTooLarge { limit } => {
                vec![("limit", format!("{} MB", limit / 1_000_000))]
            }
            Self::QuoteOpen { line } | Self::LineTooLong { line } => {
                vec![("line", line.to_string())]
            }
            Self::NoSuchSheet { names } => vec![("names", names.join(", "))],
            Self::OtherKind { kind } => vec![("kind", kind.name().to_string())],
            Self::NotOfKind { columns } => {
                let more = if columns.len() > NAMED_MAX { ", …" } else { "" };
                let named = columns.iter().take(NAMED_MAX).cloned().collect::<Vec<_>>();
                vec![("columns", named.join(", ") + more)]
            }
            Self::ColumnsMissing { fields, candidates } => {
                let none = if candidates.is_empty() { "-" } else { "" };
                let candidates = candidates.join(", ") + none;
                vec![("fields", fields.join(", ")), ("candidates", candidates)]
            }
            Self::MapField { field, known } => {
                vec![("field", field.clone()), ("known", known.join(", "))]
            }
            Self::MapColumn { column, known } => {
                vec![("column", column.clone()), ("known", known.join(", "))]
            }
            Self::TooManyRows { limit } => vec![("limit", limit.to_string())],
            _ => Vec::new(),
        }
    }
}

impl From<io::Error> for FileError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::NotFound,
            io::ErrorKind::IsADirectory => Self::NotARegularFile,
            _ => Self::Unreadable { detail: error.to_string() },
        }
    }
}
