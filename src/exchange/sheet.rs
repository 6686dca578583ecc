//! A sheet: rows of cells, whatever file they come from, read one after the other.
//! The format is told by what the file begins with, never by its name. Knows nothing
//! of headers, fields or what the rows mean.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use chrono::NaiveDate;

use super::error::FileError;
use super::{csv, workbook};

/// What stands in one cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    #[default]
    Empty,
    Text(String),
    Number(f64),
    /// A number the workbook shows as a date.
    Date(NaiveDate),
    Flag(bool),
}

/// One row, with the line a person sees it in, counted from 1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SheetRow {
    pub line: u32,
    /// What a cell merged downwards holds stands in every row it reaches into; of one merged
    /// sideways only the first column holds it.
    pub cells: Vec<Cell>,
    /// Every merged range that reaches into this row, from left to right.
    pub merges: Vec<Merge>,
}

/// A merged range, as one of its rows sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Merge {
    /// Its columns, counted from 0, both included.
    pub first: usize,
    pub last: usize,
    /// The line in which what it holds was written; above this row when it reaches down here.
    pub top: u32,
}

impl SheetRow {
    pub fn new(line: u32, cells: Vec<Cell>) -> Self {
        Self { line, cells, merges: Vec::new() }
    }

    /// The merged range a column lies in.
    pub fn merge(&self, column: usize) -> Option<&Merge> {
        self.merges.iter().find(|merge| (merge.first..=merge.last).contains(&column))
    }

    /// Whether what stands here was written in a row above.
    pub fn comes_from_above(&self, column: usize) -> bool {
        self.merge(column).is_some_and(|merge| merge.top < self.line)
    }

    pub fn cell(&self, column: usize) -> &Cell {
        self.cells.get(column).unwrap_or(&Cell::Empty)
    }
}

/// An open sheet. After an error it yields nothing more.
pub trait Sheet: Iterator<Item = Result<SheetRow, FileError>> + Send {
    /// How far it has been read, and of how much: bytes or rows; the total is 0 while unknown.
    fn progress(&self) -> (u64, u64);

    /// The visible sheets of the workbook in order; empty for a file without sheets.
    fn names(&self) -> &[String] {
        &[]
    }
}

/// What a workbook begins with.
const ZIP: &[u8] = b"PK\x03\x04";
const OLE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// Opens a file; without a name, its first visible sheet.
pub fn open(path: &Path, sheet_name: Option<&str>) -> Result<Box<dyn Sheet>, FileError> {
    let mut file = open_regular(path)?;
    let size = file.metadata()?.len();
    if size == 0 {
        return Err(FileError::Empty);
    }
    let mut magic = Vec::with_capacity(OLE.len());
    Read::by_ref(&mut file).take(OLE.len() as u64).read_to_end(&mut magic)?;
    file.seek(SeekFrom::Start(0))?;
    if magic.starts_with(ZIP) {
        workbook::open_zip(file, size, sheet_name)
    } else if magic == OLE {
        workbook::open_ole(file, size, sheet_name)
    } else if sheet_name.is_some() {
        // A text file has no sheets; reading it anyway would read something else than was asked.
        Err(FileError::NoSuchSheet { names: Vec::new() })
    } else {
        Ok(Box::new(csv::CsvSheet::open(file, size)?))
    }
}

/// Looks before it opens: opening a pipe would wait for whoever writes into it.
fn open_regular(path: &Path) -> Result<File, FileError> {
    if !fs::metadata(path)?.is_file() {
        return Err(FileError::NotARegularFile);
    }
    let file = File::open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(FileError::NotARegularFile) }
}
