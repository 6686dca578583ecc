//! A file as sheets, and a sheet as rows of cells, whatever file they come from, read one
//! after the other. The format is told by what stands in the file, never by its name.
//! Knows nothing of headers, fields or what the rows mean.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use chrono::NaiveDate;

use super::decode::{self, Text};
use super::error::FileError;
use super::{csv, markup, workbook};

/// What stands in one cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum SheetCell {
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
    pub cells: Vec<SheetCell>,
    /// Every merged range that reaches into this row, from left to right.
    pub merges: Vec<Merge>,
    /// Columns of a person who takes two rows in which the second says something else.
    pub left_out: Vec<usize>,
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
    pub fn new(line: u32, cells: Vec<SheetCell>) -> Self {
        Self { line, cells, ..Self::default() }
    }

    /// The merged range a column lies in.
    pub fn merge(&self, column: usize) -> Option<&Merge> {
        self.merges.iter().find(|merge| (merge.first..=merge.last).contains(&column))
    }

    /// Whether what stands here was written in a row above.
    pub fn comes_from_above(&self, column: usize) -> bool {
        self.merge(column).is_some_and(|merge| merge.top < self.line)
    }

    pub fn cell(&self, column: usize) -> &SheetCell {
        self.cells.get(column).unwrap_or(&SheetCell::Empty)
    }
}

/// An open sheet. After an error it yields nothing more.
pub trait OpenSheet: Iterator<Item = Result<SheetRow, FileError>> + Send {
    /// How far it has been read, and of how much: bytes or rows; the total is 0 while unknown.
    fn progress(&self) -> (u64, u64);
}

/// A sheet before it is opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetName {
    /// Empty where the file has no sheets.
    pub name: String,
    pub hidden: bool,
}

/// A file as its sheets, of which one at a time is open.
pub trait Book: Send {
    /// Its sheets in order; one without a name where the file has no sheets.
    fn sheets(&self) -> &[SheetName];

    /// In how many ways its text can be cut into cells, the likeliest first.
    fn readings(&self) -> usize {
        1
    }

    /// Begins a sheet; the one opened before is closed first.
    fn open(&mut self, sheet: usize, reading: usize) -> Result<Box<dyn OpenSheet>, FileError>;
}

/// What a workbook begins with.
const ZIP: &[u8] = b"PK\x03\x04";
const OLE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// Opens a file of whatever kind.
pub fn open(path: &Path) -> Result<Box<dyn Book>, FileError> {
    let mut file = open_regular(path)?;
    let size = file.metadata()?.len();
    if size == 0 {
        return Err(FileError::Empty);
    }
    let mut magic = Vec::with_capacity(OLE.len());
    Read::by_ref(&mut file).take(OLE.len() as u64).read_to_end(&mut magic)?;
    file.seek(SeekFrom::Start(0))?;
    if magic.starts_with(ZIP) {
        return workbook::open_zip(file, size);
    }
    if magic == OLE {
        return workbook::open_ole(file, size);
    }
    // Also to tell whether it is a text, it would have to be read to its end.
    if size > csv::FILE_MAX {
        return Err(FileError::TooLarge { limit: csv::FILE_MAX });
    }
    let encoding = decode::encoding_of(&mut file)?;
    let text = Text::open(file.try_clone()?, encoding)?;
    if markup::begins(text.ahead()) {
        markup::open(text, size)
    } else {
        Ok(Box::new(csv::CsvBook::new(file, size, encoding, text.ahead())))
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
