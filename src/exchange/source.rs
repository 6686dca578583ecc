//! A file being imported: its headers understood, its rows read chunk by chunk and sheet by
//! sheet. Keeps the cells of no more than the chunk last read, for the rejects file. Rows are
//! numbered through all sheets, so that one figure tells a row from every other; [`Sheets`]
//! says which line of which sheet that is.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;

use super::clean;
use super::dates;
use super::error::FileError;
use super::header::Header;
use super::heads::{self, Part};
use super::reader::{Read, Reader, reader};
use super::rows::Rows;
use super::sheet::{self, Book, OpenSheet, SheetRow};
use super::spread::{self, Spread};
use super::strange;
use crate::domain::fault::{Fault, Reason};
use crate::domain::intake::{CHUNK_ROWS, Intake, IntakeDef, IntakeRow, RowFault, RowShape};
use crate::domain::rulebook::Rulebook;

/// What the officer says about a file.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// Field and column, as in `--map nip=Kolom`.
    pub map: Vec<(String, String)>,
    /// Without one, every visible sheet that has the headings.
    pub sheet: Option<String>,
    pub lexicon: Lexicon,
}

/// By what the words of a file are understood.
#[derive(Clone, Debug)]
pub struct Lexicon {
    /// Today, where the office is.
    pub today: NaiveDate,
    /// The office's rules: what it calls ranks and types of training, among other things.
    pub rules: Arc<Rulebook>,
    /// The words people know a code by, in any language.
    pub words: fn(&str) -> Vec<String>,
}

/// The next rows of a file, all of one sheet.
#[derive(Debug, Default)]
pub struct Chunk {
    /// Good as far as the file alone can tell; at most [`CHUNK_ROWS`].
    pub rows: Vec<IntakeRow>,
    pub refused: Vec<RowFault>,
    pub warnings: Vec<RowFault>,
    /// Rows of the file in this chunk, empty ones not counted.
    pub lines_read: u32,
    /// What stands in them, good or bad: mostly one thing a row.
    pub values: u32,
    pub(super) kept: Vec<Kept>,
}

/// The cells of a row, for the rejects file.
#[derive(Debug)]
pub(super) struct Kept {
    /// The row they went into.
    pub line: u32,
    /// Which of the sheets that are read they stand in.
    pub part: usize,
    pub row: SheetRow,
}

/// The sheets of a file: which are read, which are not, and where a row stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheets {
    /// In the order in which they are read; one without a name where there are none.
    pub read: Vec<String>,
    /// Sheets that were left out: hidden, not asked for, or without the headings.
    pub not_read: Vec<String>,
    /// What is added to the lines of each sheet begun so far.
    before: Vec<u32>,
}

impl Sheets {
    /// The sheet a numbered row stands in, and its line there, counted from 1.
    pub fn place(&self, row: u32) -> (&str, u32) {
        let at = self.at(row);
        let name = self.read.get(at).map_or("", String::as_str);
        (name, row - self.before.get(at).copied().unwrap_or(0))
    }

    fn at(&self, row: u32) -> usize {
        self.before.partition_point(|before| *before < row).saturating_sub(1)
    }
}

/// An opened file with its headers understood.
pub struct SourceFile {
    book: Box<dyn Book>,
    /// The sheets that are read, one at least, and the place of the one being read.
    parts: Vec<Part>,
    at: usize,
    sheet: Option<Box<dyn OpenSheet>>,
    sheets: Sheets,
    /// The number of the last row.
    last: u32,
    reader: Box<dyn Reader>,
    rows: Rows,
    /// Fields a row is called by: one of each group, the best first.
    called: Vec<Vec<&'static str>>,
    gathered: Gathered,
    /// Whether anything tells that the file is for this import and for no other.
    is_told: bool,
}

/// Rows that went into values which are handed over at the end of the file.
#[derive(Default)]
struct Gathered {
    rows: u32,
    /// Those of values not handed over yet, under the line the value began in.
    kept: Vec<Kept>,
    ready: VecDeque<IntakeRow>,
}

/// Opens a file for an import.
pub fn open(intake: Intake, path: &Path, options: &ReadOptions) -> Result<SourceFile, FileError> {
    open_as(&intake.def(), path, options)
}

pub(super) fn open_as(
    def: &IntakeDef,
    path: &Path,
    options: &ReadOptions,
) -> Result<SourceFile, FileError> {
    let reader = self::reader(def, &options.lexicon);
    let mut book = sheet::open(path)?;
    let (beginnings, mut left) = heads::look(&mut *book, options.sheet.as_deref())?;
    let fit = heads::fit(&beginnings, &*reader, &options.map)?;
    let (reader, fit, is_told) = match fit.or_other(&beginnings, def, options) {
        Err(FileError::SpreadOut) => {
            let reader: Box<dyn Reader> = Box::new(Spread::new(def, &options.lexicon));
            let fit = heads::fit(&beginnings, &*reader, &options.map)?.or_error()?;
            (reader, fit, true)
        }
        fit => {
            let (fit, mut own) = (fit?, self::reader(def, &options.lexicon));
            let is_told = strange::is_told(&fit, &beginnings, def, &mut *own);
            (reader, fit, is_told)
        }
    };
    left.extend(fit.not_read);
    left.sort_unstable();
    let name = |at: usize| book.sheets().get(at).map_or_else(String::new, |s| s.name.clone());
    let sheets = Sheets {
        read: fit.parts.iter().map(|part| name(part.sheet)).collect(),
        not_read: left.into_iter().map(name).collect(),
        before: vec![0],
    };
    let called = called_by(def, &*reader);
    let mut source = SourceFile {
        book,
        parts: fit.parts,
        at: 0,
        sheet: None,
        sheets,
        last: 0,
        reader,
        rows: Rows::default(),
        called,
        gathered: Gathered::default(),
        is_told,
    };
    source.begin()?;
    Ok(source)
}

/// What rows are called by: people by name or number, and what is said of somebody by that
/// and by what it is about; what is about nobody by all that it needs, a day and a name, a
/// post and a competency.
fn called_by(def: &IntakeDef, reader: &dyn Reader) -> Vec<Vec<&'static str>> {
    let name = |at: &usize| reader.table().get(*at).map(|known| known.field);
    let mut needed: Vec<Vec<&str>> = Vec::new();
    for group in reader.needed() {
        let group: Vec<&str> = group.iter().filter_map(name).collect();
        if !needed.contains(&group) {
            needed.push(group);
        }
    }
    match def.format {
        RowShape::Staff => vec![vec!["name", "name_and_nip", "nip", "local_number"]],
        RowShape::Dictionary => vec![vec!["code"], vec!["name"]],
        RowShape::Plain if def.person().is_none() => {
            needed.sort_by_key(|group| group.len() < 2);
            needed
        }
        RowShape::Plain | RowShape::Ledger => {
            let about = needed.into_iter().take(1);
            std::iter::once(vec!["nip", "local_number"]).chain(about).collect()
        }
    }
}

impl SourceFile {
    /// Names of the record's fields the sheet being read has a column for; of all sheets,
    /// where their rows are gathered into values.
    pub fn columns(&self) -> Vec<String> {
        let gathers = self.reader.rows_max().is_some();
        let parts = if gathers { &self.parts[..] } else { &self.parts[self.at..=self.at] };
        let mut columns: Vec<String> = Vec::new();
        for part in parts {
            for column in self.reader.columns(&part.header) {
                if !columns.contains(&column) {
                    columns.push(column);
                }
            }
        }
        columns
    }

    /// The columns of any sheet that something is taken from, as the file writes them.
    pub fn kept_columns(&self) -> Vec<String> {
        self.headings(|header| header.kept().iter().map(|at| header.names[*at].clone()).collect())
    }

    /// The columns nothing is taken from in the sheets that have them.
    pub fn ignored_columns(&self) -> Vec<String> {
        let kept = self.kept_columns();
        let mut ignored = self.headings(Header::ignored);
        if self.parts.len() > 1 {
            ignored.retain(|name| !kept.contains(name));
        }
        ignored
    }

    /// Headings of all sheets, those of the first as they stand there.
    fn headings(&self, of: impl Fn(&Header) -> Vec<String>) -> Vec<String> {
        let mut headings: Vec<String> = Vec::new();
        for (at, part) in self.parts.iter().enumerate() {
            for name in of(&part.header) {
                if !name.is_empty() && (at == 0 || !headings.contains(&name)) {
                    headings.push(name);
                }
            }
        }
        headings
    }

    /// The heading of the column that a remark of the office on this row is about: the one its
    /// field came from, or the one that says what the remark names; the field's own name where no
    /// column is its.
    pub fn heading_of(&self, row: u32, fault: &Fault) -> String {
        let header = self.parts.get(self.sheets.at(row)).map(|part| &part.header);
        let named = |at: &&usize| {
            let heading = header.map_or("", |header| header.names[**at].as_str());
            spread::competency(heading).is_some_and(|code| code == fault.detail)
        };
        let spread = header.map_or(&[][..], Header::spread);
        match spread.iter().find(named).and_then(|at| Some(header?.names[*at].clone())) {
            Some(heading) => heading,
            None => self.header_of(row, &fault.field),
        }
    }

    /// The heading of the column that a field of the record in this row came from, for remarks
    /// the office makes; the field's own name where no column is its.
    fn header_of(&self, row: u32, field: &str) -> String {
        let others: &[&str] = match field {
            "number" | "employee" => &["nip", "name_and_nip", "local_number"],
            _ => &[],
        };
        let header = self.parts.get(self.sheets.at(row)).map(|part| &part.header);
        let mut names = std::iter::once(&field).chain(others);
        names.find_map(|name| header?.named(name)).unwrap_or(field).to_string()
    }

    /// What a row of the chunk is called by: the name of whom or what it is about, or the
    /// number. It stays with the officer whose file this is.
    pub fn called(&self, chunk: &Chunk, row: u32) -> String {
        let Some(kept) = chunk.kept.iter().find(|kept| kept.line == row) else {
            return String::new();
        };
        let Some(part) = self.parts.get(kept.part) else { return String::new() };
        let text = |field: &&str| clean::lines(kept.row.cell(part.header.place_of(field)?));
        let texts = self.called.iter().filter_map(|group| group.iter().find_map(text));
        let first = texts.map(|text| text.lines().next().unwrap_or_default().trim().to_string());
        first.collect::<Vec<_>>().join("  ")
    }

    /// Whether anything tells that the file is for this import and for no other.
    pub const fn is_told(&self) -> bool {
        self.is_told
    }

    /// The line of the head of the sheet being read.
    pub fn header_line(&self) -> u32 {
        self.header().line
    }

    /// The sheets of the file; where rows stand is known of those read so far.
    pub const fn sheets(&self) -> &Sheets {
        &self.sheets
    }

    /// How far the file has been read, and of how much (bytes or rows; 0 while unknown).
    pub fn progress(&self) -> (u64, u64) {
        let totals = |parts: &[Part]| parts.iter().map(|part| part.total).sum::<u64>();
        let (done, total) = self.sheet.as_ref().map_or((0, 0), |sheet| sheet.progress());
        let known = total > 0 && self.parts.iter().all(|part| part.total > 0);
        let (before, after) = (totals(&self.parts[..self.at]), totals(&self.parts[self.at + 1..]));
        (before + done, if known { before + total + after } else { 0 })
    }

    /// The headers of the sheets that are read, in their order.
    pub(super) fn headers(&self) -> impl Iterator<Item = &Header> {
        self.parts.iter().map(|part| &part.header)
    }

    fn header(&self) -> &Header {
        &self.parts[self.at].header
    }

    /// Opens the sheet that is to be read.
    fn begin(&mut self) -> Result<(), FileError> {
        // The one before is closed first.
        self.sheet = None;
        self.rows = Rows::default();
        let part = &mut self.parts[self.at];
        let dates = self.reader.dates();
        let columns: Vec<usize> =
            dates.into_iter().filter_map(|field| part.header.column(field)).collect();
        if !columns.is_empty() {
            let rows = self.book.open(part.sheet, part.reading)?;
            part.header.set_orders(dates::orders(rows, part.head_ends, &columns)?);
        }
        self.sheet = Some(self.book.open(part.sheet, part.reading)?);
        Ok(())
    }

    /// Goes on to the next sheet; false where there is none.
    fn next_part(&mut self) -> Result<bool, FileError> {
        if self.at + 1 == self.parts.len() {
            return Ok(false);
        }
        self.at += 1;
        self.sheets.before.push(self.last);
        self.begin()?;
        Ok(true)
    }

    /// The next rows, or none at the end of the file.
    pub fn next_chunk(&mut self) -> Result<Option<Chunk>, FileError> {
        let mut chunk = Chunk::default();
        let width = |it: &Self| it.reader.width(it.header()).max(1);
        while (chunk.lines_read as usize) < CHUNK_ROWS
            && (chunk.rows.len() + width(self) <= CHUNK_ROWS || chunk.lines_read == 0)
        {
            if let Some(row) = self.next_row()? {
                chunk.lines_read += 1;
                self.read(row, &mut chunk)?;
            } else if chunk.lines_read > 0 && self.at + 1 < self.parts.len() {
                break;
            } else if !self.next_part()? {
                self.gathered.ready.extend(self.reader.finish());
                self.gathered.hand_over(&mut chunk);
                break;
            }
        }
        Ok((chunk.lines_read > 0 || !chunk.rows.is_empty()).then_some(chunk))
    }

    /// The next row of this sheet's list, without what stands in ignored columns.
    fn next_row(&mut self) -> Result<Option<SheetRow>, FileError> {
        let Part { header, head_ends, .. } = &self.parts[self.at];
        let sheet = &mut self.sheet;
        let mut more = || {
            let mut rows = sheet.iter_mut().flatten();
            rows.find(|row| !matches!(row, Ok(row) if row.line <= *head_ends)).transpose()
        };
        let Some(mut row) = self.rows.next(header, &mut more)? else { return Ok(None) };
        header.forget_ignored(&mut row);
        let before = self.sheets.before.last().copied().unwrap_or(0);
        row.line = row.line.saturating_add(before);
        for merge in &mut row.merges {
            merge.top = merge.top.saturating_add(before);
        }
        self.last = row.line;
        Ok(Some(row))
    }

    fn read(&mut self, row: SheetRow, chunk: &mut Chunk) -> Result<(), FileError> {
        let line = row.line;
        if let Some(limit) = self.reader.rows_max() {
            self.gathered.rows += 1;
            if self.gathered.rows > limit {
                return Err(FileError::TooManyRows { limit });
            }
        }
        let read = self.reader.read(&self.parts[self.at].header, &row);
        chunk.values += match &read {
            Ok(Read::Rows(values, _)) => values.len() as u32,
            _ => 1,
        };
        match read {
            Ok(Read::Rows(values, warnings)) => {
                for value in values {
                    match value {
                        Ok(data) => chunk.rows.push(IntakeRow { line, data }),
                        Err(fault) => chunk.refused.push(RowFault { line, fault }),
                    }
                }
                chunk.warnings.extend(warnings.into_iter().map(|fault| RowFault { line, fault }));
            }
            Ok(Read::Into(began)) => {
                self.gathered.kept.push(Kept { line: began, part: self.at, row });
                return Ok(());
            }
            Ok(Read::Row(data, warnings)) => {
                chunk.rows.push(IntakeRow { line, data });
                let names = &self.parts[self.at].header.names;
                let left_out = row.left_out.iter().filter_map(|column| names.get(*column));
                let left_out = left_out.map(|name| Fault::new(name, Reason::SecondValue));
                let faults = warnings.into_iter().chain(left_out);
                chunk.warnings.extend(faults.map(|fault| RowFault { line, fault }));
            }
            Err(fault) => chunk.refused.push(RowFault { line, fault }),
        }
        chunk.kept.push(Kept { line, part: self.at, row });
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
        let (now, later) = std::mem::take(&mut self.kept).into_iter().partition(|k| handed(k.line));
        self.kept = later;
        chunk.kept.extend::<Vec<_>>(now);
    }
}
