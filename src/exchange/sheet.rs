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
#[derive(Clone, Debug, PartialEq)]
pub struct SheetRow {
    pub line: u32,
    pub cells: Vec<Cell>,
}

impl SheetRow {
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
