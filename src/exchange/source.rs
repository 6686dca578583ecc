//! A file being imported: its header understood, its rows read chunk by chunk. Keeps the
//! cells of no more than the chunk last read, for the rejects file.

use std::collections::VecDeque;
use std::path::Path;

use chrono::NaiveDate;

use super::competencies::{self, Dictionary};
use super::employees::{self, Employees};
use super::error::FileError;
use super::header::{self, Header, SEARCH_ROWS, Wanted};
use super::sheet::{self, Sheet, SheetRow};
use super::{ratings, trainings};
use crate::domain::fault::Fault;
use crate::domain::intake::{CHUNK_ROWS, Intake, IntakeRow, RowData, RowFault};

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
    reader: Reader,
    today: NaiveDate,
}

/// What makes values of a row.
enum Reader {
    Employees(Employees),
    Competencies(Gathering),
    Ratings,
    Trainings,
}

/// A dictionary: read to its end first, then handed over competency by competency.
#[derive(Default)]
struct Gathering {
    dictionary: Dictionary,
    rows: u32,
    /// Rows that went into a competency not handed over yet.
    kept: Vec<(u32, SheetRow)>,
    ready: VecDeque<IntakeRow>,
}

/// Opens a file for an import.
pub fn open(intake: Intake, path: &Path, options: &ReadOptions) -> Result<Source, FileError> {
    let wanted = wanted(intake);
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
    let reader = match intake {
        Intake::Employees => {
            employees::claim_own_columns(&mut header);
            Reader::Employees(Employees::default())
        }
        Intake::Competencies => Reader::Competencies(Gathering::default()),
        Intake::Ratings => Reader::Ratings,
        Intake::Trainings => Reader::Trainings,
    };
    Ok(Source { sheet, ahead, header, reader, today: options.today })
}

const fn wanted(intake: Intake) -> Wanted {
    match intake {
        Intake::Employees => employees::WANTED,
        Intake::Competencies => competencies::WANTED,
        Intake::Ratings => ratings::WANTED,
        Intake::Trainings => trainings::WANTED,
    }
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
        match self.reader {
            Reader::Employees(_) => employees::columns(&self.header),
            Reader::Competencies(_) => competencies::columns(&self.header),
            Reader::Ratings => ratings::columns(&self.header),
            Reader::Trainings => self.header.fields(),
        }
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
            "number" => &["nip", "name_and_nip", "local_number"],
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
        if (chunk.lines_read as usize) < CHUNK_ROWS
            && let Reader::Competencies(gathering) = &mut self.reader
        {
            gathering.hand_over(&mut chunk);
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
        let header = &self.header;
        let read: Result<(RowData, Vec<Fault>), Fault> = match &mut self.reader {
            Reader::Employees(employees) => employees
                .read(header, &row)
                .map(|(person, faults)| (RowData::Employee(Box::new(person)), faults)),
            Reader::Ratings => ratings::read(header, &row, self.today)
                .map(|rating| (RowData::Rating(Box::new(rating)), Vec::new())),
            Reader::Trainings => trainings::read(header, &row)
                .map(|training| (RowData::Training(Box::new(training)), Vec::new())),
            Reader::Competencies(gathering) => {
                gathering.rows += 1;
                if gathering.rows > competencies::ROWS_MAX {
                    return Err(FileError::TooManyRows { limit: competencies::ROWS_MAX });
                }
                match gathering.dictionary.read(header, &row) {
                    Ok(began) => {
                        gathering.kept.push((began, row));
                        return Ok(());
                    }
                    Err(fault) => Err(fault),
                }
            }
        };
        match read {
            Ok((data, warnings)) => {
                chunk.rows.push(IntakeRow { line, data });
                chunk.warnings.extend(warnings.into_iter().map(|fault| RowFault { line, fault }));
            }
            Err(fault) => chunk.refused.push(RowFault { line, fault }),
        }
        chunk.kept.push((line, row));
        Ok(())
    }
}

impl Gathering {
    /// At the end of the file: the next competencies, with the rows they were made of.
    fn hand_over(&mut self, chunk: &mut Chunk) {
        let gathered = self.dictionary.finish().into_iter();
        self.ready.extend(
            gathered
                .map(|(line, row)| IntakeRow { line, data: RowData::Competency(Box::new(row)) }),
        );
        let count = self.ready.len().min(CHUNK_ROWS);
        chunk.rows.extend(self.ready.drain(..count));
        let handed = |line: u32| chunk.rows.iter().any(|row| row.line == line);
        let (now, later) = std::mem::take(&mut self.kept).into_iter().partition(|k| handed(k.0));
        self.kept = later;
        chunk.kept.extend::<Vec<_>>(now);
    }
}
