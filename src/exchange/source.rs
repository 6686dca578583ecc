//! A file being imported: its header understood, its rows read chunk by chunk. Keeps the
//! cells of no more than the chunk last read, for the rejects file.

use std::collections::VecDeque;
use std::path::Path;

use chrono::NaiveDate;

use super::error::FileError;
use super::header::{self, Header, SEARCH_ROWS, Wanted};
use super::reader::{Read, Reader, reader};
use super::sheet::{self, Sheet, SheetRow};
use crate::domain::intake::{CHUNK_ROWS, Intake, IntakeDef, IntakeRow, RowFault};

/// How many sheets of a workbook are searched for a header when none is named.
const SHEETS_TRIED: usize = 20;

/// What the officer says about a file.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// Field and column, as in `--map nip=Kolom`.
    pub map: Vec<(String, String)>,
    /// Without one, the first visible sheet that has a header.
    pub sheet: Option<String>,
    /// Today, where the office is.
    pub today: NaiveDate,
}

/// The next rows of a file.
#[derive(Debug, Default)]
pub struct Chunk {
    /// Good as far as the file alone can tell; at most [`CHUNK_ROWS`].
    pub rows: Vec<IntakeRow>,
    pub refused: Vec<RowFault>,
    pub warnings: Vec<RowFault>,
    /// Rows of the file in this chunk, empty ones not counted.
    pub lines_read: u32,
    /// The kept cells, under the line of the row they went into.
    pub(super) kept: Vec<(u32, SheetRow)>,
}

/// An opened file with its header understood.
pub struct Source {
    sheet: Box<dyn Sheet>,
    /// Rows below the header that were read while it was searched.
    ahead: VecDeque<SheetRow>,
    header: Header,
    reader: Box<dyn Reader>,
    gathered: Gathered,
}

/// Rows that went into values which are handed over at the end of the file.
#[derive(Default)]
struct Gathered {
    rows: u32,
    /// Those of values not handed over yet, under the line the value began in.
    kept: Vec<(u32, SheetRow)>,
    ready: VecDeque<IntakeRow>,
}

/// Opens a file for an import.
pub fn open(intake: Intake, path: &Path, options: &ReadOptions) -> Result<Source, FileError> {
    open_as(&intake.def(), path, options)
}

pub(super) fn open_as(
    def: &IntakeDef,
    path: &Path,
    options: &ReadOptions,
) -> Result<Source, FileError> {
    let reader = reader(def, options.today);
    let (table, anchors, needed) = (reader.table(), reader.anchors(), reader.needed());
    let wanted = Wanted { table, anchors, needed: &needed };
    let first = sheet::open(path, options.sheet.as_deref())?;
    let others: Vec<String> = match &options.sheet {
        Some(_) => Vec::new(),
        None => first.names().iter().skip(1).take(SHEETS_TRIED).cloned().collect(),
    };
    let mut found = find_header(first, &wanted, options);
    for name in others {
        let Err(error) = found else { break };
        found = sheet::open(path, Some(&name))
            .and_then(|sheet| find_header(sheet, &wanted, options))
            .map_err(|other| if telling(&other) > telling(&error) { other } else { error });
    }
    let (sheet, mut header, ahead) = found?;
    reader.claim(&mut header);
    Ok(Source { sheet, ahead, header, reader, gathered: Gathered::default() })
}

/// How much an error of one sheet says when none of them will do.
const fn telling(error: &FileError) -> u8 {
    match error {
        FileError::Empty => 0,
        FileError::NoHeader => 1,
        FileError::MapColumn { .. } => 2,
        FileError::ColumnsMissing { .. } => 3,
        _ => 4,
    }
}

type Opened = (Box<dyn Sheet>, Header, VecDeque<SheetRow>);

fn find_header(
    mut sheet: Box<dyn Sheet>,
    wanted: &Wanted,
    options: &ReadOptions,
) -> Result<Opened, FileError> {
    let mut rows = Vec::new();
    while rows.len() < SEARCH_ROWS
        && let Some(row) = sheet.next()
    {
        rows.push(row?);
    }
    if rows.iter().all(|row| row.cells.iter().all(|cell| super::clean::line(cell).is_none())) {
        return Err(FileError::Empty);
    }
    let (header, place) = header::find(&rows, wanted, &options.map)?;
    Ok((sheet, header, rows.drain(place + 1..).collect()))
}

impl Source {
    /// Names of the record's fields the file has a column for.
    pub fn columns(&self) -> Vec<String> {
        self.reader.columns(&self.header)
    }

    /// The columns nothing is taken from, as the file writes them.
    pub fn ignored_columns(&self) -> Vec<String> {
        self.header.ignored()
    }

    /// Every header as the file writes it; empty where a column has none.
    pub fn headers(&self) -> &[String] {
        &self.header.names
    }

    /// The heading of the column that a field of the record came from, for remarks the
    /// office makes; the field's own name where no column is its.
    pub fn header_of(&self, field: &str) -> String {
        let others: &[&str] = match field {
            "number" | "employee" => &["nip", "name_and_nip", "local_number"],
            _ => &[],
        };
        let mut names = std::iter::once(&field).chain(others);
        names.find_map(|name| self.header.named(name)).unwrap_or(field).to_string()
    }

    pub fn header_line(&self) -> u32 {
        self.header.line
    }

    /// How far the file has been read, and of how much (bytes or rows; 0 while unknown).
    pub fn progress(&self) -> (u64, u64) {
        self.sheet.progress()
    }

    pub(super) fn header(&self) -> &Header {
        &self.header
    }

    /// The next rows, or none at the end of the file.
    pub fn next_chunk(&mut self) -> Result<Option<Chunk>, FileError> {
        let mut chunk = Chunk::default();
        while (chunk.lines_read as usize) < CHUNK_ROWS
            && let Some(row) = self.next_row()?
        {
            chunk.lines_read += 1;
            self.read(row, &mut chunk)?;
        }
        if (chunk.lines_read as usize) < CHUNK_ROWS {
            self.gathered.ready.extend(self.reader.finish());
            self.gathered.hand_over(&mut chunk);
        }
        Ok((chunk.lines_read > 0 || !chunk.rows.is_empty()).then_some(chunk))
    }

    /// The next row with data in it, without what stands in ignored columns.
    fn next_row(&mut self) -> Result<Option<SheetRow>, FileError> {
        loop {
            let row = match self.ahead.pop_front() {
                Some(row) => Some(row),
                None => self.sheet.next().transpose()?,
            };
            let Some(mut row) = row else { return Ok(None) };
            if !self.header.is_furniture(&row) {
                self.header.forget_ignored(&mut row);
                return Ok(Some(row));
            }
        }
    }

    fn read(&mut self, row: SheetRow, chunk: &mut Chunk) -> Result<(), FileError> {
        let line = row.line;
        if let Some(limit) = self.reader.rows_max() {
            self.gathered.rows += 1;
            if self.gathered.rows > limit {
                return Err(FileError::TooManyRows { limit });
            }
        }
        match self.reader.read(&self.header, &row) {
            Ok(Read::Into(began)) => {
                self.gathered.kept.push((began, row));
                return Ok(());
            }
            Ok(Read::Row(data, warnings)) => {
                chunk.rows.push(IntakeRow { line, data });
                chunk.warnings.extend(warnings.into_iter().map(|fault| RowFault { line, fault }));
            }
            Err(fault) => chunk.refused.push(RowFault { line, fault }),
        }
        chunk.kept.push((line, row));
        Ok(())
    }
}

impl Gathered {
    /// The next values, with the rows they were made of.
    fn hand_over(&mut self, chunk: &mut Chunk) {
        let count = self.ready.len().min(CHUNK_ROWS);
        if count == 0 {
            return;
        }
        chunk.rows.extend(self.ready.drain(..count));
        let handed = |line: u32| chunk.rows.iter().any(|row| row.line == line);
        let (now, later) = std::mem::take(&mut self.kept).into_iter().partition(|k| handed(k.0));
        self.kept = later;
        chunk.kept.extend::<Vec<_>>(now);
    }
}
