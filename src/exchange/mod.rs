//! Exchange: files of officers in, lists out. A file becomes rows of
//! `domain::intake`, in bounded chunks; a list becomes a CSV, XLSX or JSON file, a report also a sheet to print. Nothing
//! here knows the office: whether a person is new is not told here.
//!
//! In: [`sheet`] opens any file as sheets of rows of cells (`csv`, `workbook` and `ods`, `markup`
//! and `spreadsheetml`), `heads` says which of them are read, `other` what they are sooner, `header` which column is which
//! (by `headings`), `rows` which rows are the list's and which only `furniture`, `clean`, `dates`,
//! `since`, `nip` and `person` what a cell says,
//! `plain` makes values of a row by the kind's own fields, and formats that have a shape of
//! their own have a `reader` each (`employees`, `trainings`…); [`open`] ties them together. What was refused goes back to the officer through [`Rejects`].
//! Out: [`Writer`], one file a format (`csv_out`, `json_out`, `xlsx_out` with `xlsx_drawn`).

mod archive;
pub mod clean;
mod columns;
mod competencies;
mod csv;
mod csv_out;
mod cycle_sheets;
mod dates;
mod decode;
mod employees;
pub mod error;
mod folder;
mod frame;
pub mod framework;
mod furniture;
mod grid;
mod header;
mod headings;
mod heads;
#[cfg(test)]
mod hostile_tests;
mod json_out;
mod markup;
mod merged;
mod nip;
mod ods;
mod other;
mod person;
mod plain;
mod reader;
mod rejects;
mod row;
mod rows;
pub mod sheet;
#[cfg(test)]
mod sheets_tests;
mod since;
mod source;
mod spread;
mod spreadsheetml;
mod strange;
mod target;
#[cfg(test)]
mod testing;
mod text_out;
mod trainings;
mod words;
pub mod workbook;
mod write;
mod xlsx_drawn;
mod xlsx_out;

pub use columns::{ColumnHeading, Columns, columns, headings, recognised};
pub use cycle_sheets::{FilledRow, read_sheets, write_blanks};
pub use error::FileError;
pub use frame::{Frame, ReportFormat, TotalsWords};
pub use json_out::json;
pub use rejects::Rejects;
pub use source::{Chunk, Lexicon, ReadOptions, Sheets, SourceFile, open};
pub use target::{Destination, Target, WriteError, create_new, write_text};
pub use text_out::{PAPER, TextSheet};
pub use write::{Format, Writer};
