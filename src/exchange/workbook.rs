//! Workbooks in: XLSX is streamed cell by cell, XLS and ODS are read whole and so must
//! be small. calamine works on a thread of its own that hands over a few rows at a
//! time: its reader borrows its workbook, and a panic of it on a hostile file stays there.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use calamine::{
    Data, DataRef, ExcelDateTime, Ods, OdsError, Reader, SheetType, SheetVisible, Xls, XlsError,
    Xlsx, XlsxError,
};
use chrono::NaiveDate;

use super::archive::{Container, weigh};
use super::error::FileError;
use super::sheet::{Cell, Sheet, SheetRow};

/// The largest XLSX on disk; what it unpacks to is weighed besides.
const XLSX_MAX: u64 = 200_000_000;
/// The largest XLS or ODS on disk: these are read whole.
const WHOLE_MAX: u64 = 20_000_000;
/// The largest content of an ODS.
pub(super) const UNPACKED_WHOLE_MAX: u64 = 200_000_000;
/// Columns beyond this are not looked at.
const COLUMNS_MAX: usize = 1024;
const ROWS_AT_ONCE: usize = 64;
const BATCHES_WAITING: usize = 2;
/// The name of the reading thread, for whoever listens to panics.
pub const THREAD_NAME: &str = "workbook";

type BookFile = BufReader<File>;

pub(super) fn open_zip(
    file: File,
    size: u64,
    sheet_name: Option<&str>,
) -> Result<Box<dyn Sheet>, FileError> {
    if size > XLSX_MAX {
        return Err(FileError::TooLarge { limit: XLSX_MAX });
    }
    match weigh(&file)? {
        Container::Xlsx => spawn(file, sheet_name, xlsx),
        Container::Ods if size > WHOLE_MAX => Err(FileError::TooLarge { limit: WHOLE_MAX }),
        Container::Ods => spawn(file, sheet_name, ods),
    }
}

pub(super) fn open_ole(
    mut file: File,
    size: u64,
    sheet_name: Option<&str>,
) -> Result<Box<dyn Sheet>, FileError> {
    // A protected XLSX is an OLE container too, of any size.
    if size <= XLSX_MAX && contains_encrypted_package(&mut file)? {
        return Err(FileError::Encrypted);
    }
    if size > WHOLE_MAX {
        return Err(FileError::TooLarge { limit: WHOLE_MAX });
    }
    spawn(file, sheet_name, xls)
}

fn contains_encrypted_package(file: &mut File) -> Result<bool, FileError> {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut block = vec![0; 256 * 1024];
    let mut held = 0;
    loop {
        let count = file.read(&mut block[held..])?;
        let filled = held + count;
        if block[..filled].windows(name.len()).any(|window| window == name) {
            return Ok(true);
        }
        if count == 0 {
            return Ok(false);
        }
        let keep = filled.min(name.len());
        block.copy_within(filled - keep..filled, 0);
        held = keep;
    }
}

/// What the reading thread says.
enum Word {
    /// Open, with the visible sheets and the number of rows, 0 when unknown.
    Opened {
        names: Vec<String>,
        rows: u64,
    },
    Rows(Vec<SheetRow>),
    Failed(FileError),
    Finished,
}

struct Workbook {
    words: Receiver<Word>,
    rows: std::vec::IntoIter<SheetRow>,
    names: Vec<String>,
    line: u64,
    total: u64,
    ended: bool,
}

type Work = fn(BookFile, Option<&str>, &Speaker) -> Result<(), FileError>;

fn spawn(mut file: File, sheet: Option<&str>, work: Work) -> Result<Box<dyn Sheet>, FileError> {
    file.seek(SeekFrom::Start(0))?;
    let (sender, words) = sync_channel(BATCHES_WAITING);
    let sheet = sheet.map(str::to_string);
    thread::Builder::new().name(THREAD_NAME.into()).spawn(move || {
        let speaker = Speaker(sender);
        let work = || work(BufReader::new(file), sheet.as_deref(), &speaker);
        // A panic on hostile bytes is one more way of being broken.
        let end = match catch_unwind(AssertUnwindSafe(work)) {
            Ok(Ok(())) => Word::Finished,
            Ok(Err(error)) => Word::Failed(error),
            Err(_) => Word::Failed(FileError::Broken),
        };
        // Nobody listens any more when the import was given up.
        let _ = speaker.0.send(end);
    })?;
    match words.recv() {
        Ok(Word::Opened { names, rows }) => Ok(Box::new(Workbook {
            words,
            rows: Vec::new().into_iter(),
            names,
            line: 0,
            total: rows,
            ended: false,
        })),
        Ok(Word::Failed(error)) => Err(error),
        _ => Err(FileError::Broken),
    }
}

impl Iterator for Workbook {
    type Item = Result<SheetRow, FileError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(row) = self.rows.next() {
                self.line = u64::from(row.line);
                return Some(Ok(row));
            }
            if self.ended {
                return None;
            }
            match self.words.recv() {
                Ok(Word::Rows(rows)) => self.rows = rows.into_iter(),
                Ok(Word::Finished) => self.ended = true,
                Ok(Word::Failed(error)) => {
                    self.ended = true;
                    return Some(Err(error));
                }
                Ok(Word::Opened { .. }) | Err(_) => {
                    self.ended = true;
                    return Some(Err(FileError::Broken));
                }
            }
        }
    }
}

impl Sheet for Workbook {
    fn progress(&self) -> (u64, u64) {
        let total = if self.total == 0 { 0 } else { self.total.max(self.line) };
        (self.line, total)
    }

    fn names(&self) -> &[String] {
        &self.names
    }
}

/// The thread's side of the channel.
struct Speaker(SyncSender<Word>);

impl Speaker {
    /// False when nobody listens any more.
    fn say(&self, word: Word) -> bool {
        self.0.send(word).is_ok()
    }
}

/// Collects cells into rows and rows into batches.
struct Rows<'a> {
    speaker: &'a Speaker,
    waiting: Vec<SheetRow>,
    row: u32,
    cells: Vec<Cell>,
}

impl<'a> Rows<'a> {
    fn new(speaker: &'a Speaker) -> Self {
        Self { speaker, waiting: Vec::new(), row: 0, cells: Vec::new() }
    }

    /// Takes a cell by its place, counted from 0; false when nobody listens any more.
    fn cell(&mut self, row: u32, column: usize, cell: Cell) -> bool {
        if cell == Cell::Empty || column >= COLUMNS_MAX {
            return true;
        }
        let listening = row == self.row || self.end_row();
        self.row = row;
        if self.cells.len() <= column {
            self.cells.resize(column + 1, Cell::Empty);
        }
        self.cells[column] = cell;
        listening
    }

    fn end_row(&mut self) -> bool {
        if self.cells.is_empty() {
            return true;
        }
        let cells = std::mem::take(&mut self.cells);
        self.waiting.push(SheetRow::new(self.row.saturating_add(1), cells));
        self.waiting.len() < ROWS_AT_ONCE || self.hand_over()
    }

    fn hand_over(&mut self) -> bool {
        self.speaker.say(Word::Rows(std::mem::take(&mut self.waiting)))
    }

    fn finish(mut self) {
        if self.end_row() && !self.waiting.is_empty() {
            self.hand_over();
        }
    }
}

fn xlsx(source: BookFile, sheet: Option<&str>, speaker: &Speaker) -> Result<(), FileError> {
    let mut book = Xlsx::new(source).map_err(|error| xlsx_error(&error))?;
    let (name, names) = choose(book.sheets_metadata(), sheet)?;
    let mut reader = book.worksheet_cells_reader(&name).map_err(|error| xlsx_error(&error))?;
    let rows = u64::from(reader.dimensions().end.0) + 1;
    if !speaker.say(Word::Opened { names, rows }) {
        return Ok(());
    }
    let mut rows = Rows::new(speaker);
    while let Some(cell) = reader.next_cell().map_err(|error| xlsx_error(&error))? {
        let (row, column) = cell.get_position();
        let value = match cell.get_value() {
            DataRef::Empty => Cell::Empty,
            DataRef::Int(number) => Cell::Number(*number as f64),
            DataRef::Float(number) => Cell::Number(*number),
            DataRef::String(text) => text_cell(text),
            DataRef::SharedString(text) => text_cell(text),
            DataRef::Bool(flag) => Cell::Flag(*flag),
            DataRef::DateTime(date) => date_cell(*date),
            DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => iso_cell(text),
            DataRef::Error(error) => Cell::Text(error.to_string()),
        };
        if !rows.cell(row, column as usize, value) {
            return Ok(());
        }
    }
    rows.finish();
    Ok(())
}

fn xls(source: BookFile, sheet: Option<&str>, speaker: &Speaker) -> Result<(), FileError> {
    let error = |error: XlsError| match error {
        XlsError::Password => FileError::Encrypted,
        XlsError::Io(error) => error.into(),
        // Another OLE document: a letter, a mail.
        XlsError::Cfb(_) => FileError::UnknownFormat,
        _ => FileError::Broken,
    };
    whole(Xls::new(source).map_err(error)?, sheet, speaker, error)
}

fn ods(source: BookFile, sheet: Option<&str>, speaker: &Speaker) -> Result<(), FileError> {
    let error = |error: OdsError| match error {
        OdsError::Password => FileError::Encrypted,
        OdsError::CellLimitExceeded { .. } => {
            FileError::UnpacksTooLarge { limit: UNPACKED_WHOLE_MAX }
        }
        OdsError::InvalidMime(_) => FileError::UnknownFormat,
        _ => FileError::Broken,
    };
    whole(Ods::new(source).map_err(error)?, sheet, speaker, error)
}

fn whole<R: Reader<BookFile>>(
    mut book: R,
    sheet: Option<&str>,
    speaker: &Speaker,
    error: impl Fn(R::Error) -> FileError,
) -> Result<(), FileError> {
    let (name, names) = choose(book.sheets_metadata(), sheet)?;
    let range = book.worksheet_range(&name).map_err(error)?;
    let (first_row, first_column) = range.start().unwrap_or_default();
    let rows = range.end().map_or(0, |(row, _)| u64::from(row) + 1);
    if !speaker.say(Word::Opened { names, rows }) {
        return Ok(());
    }
    let mut rows = Rows::new(speaker);
    for (row, cells) in (first_row..).zip(range.rows()) {
        for (column, data) in (first_column as usize..).zip(cells) {
            let value = match data {
                Data::Empty => continue,
                Data::Int(number) => Cell::Number(*number as f64),
                Data::Float(number) => Cell::Number(*number),
                Data::String(text) => text_cell(text),
                Data::Bool(flag) => Cell::Flag(*flag),
                Data::DateTime(date) => date_cell(*date),
                Data::DateTimeIso(text) | Data::DurationIso(text) => iso_cell(text),
                Data::Error(error) => Cell::Text(error.to_string()),
            };
            if !rows.cell(row, column, value) {
                return Ok(());
            }
        }
    }
    rows.finish();
    Ok(())
}

/// The sheet asked for, or the first one a person sees; and the names of all they see.
fn choose(
    sheets: &[calamine::Sheet],
    wanted: Option<&str>,
) -> Result<(String, Vec<String>), FileError> {
    let worksheets = || sheets.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let visible = || worksheets().filter(|sheet| sheet.visible == SheetVisible::Visible);
    let names: Vec<String> = visible().map(|sheet| sheet.name.clone()).collect();
    let chosen = match wanted {
        Some(wanted) => worksheets().find(|sheet| sheet.name == wanted).or_else(|| {
            let wanted = wanted.trim().to_lowercase();
            worksheets().find(|sheet| sheet.name.trim().to_lowercase() == wanted)
        }),
        None => visible().next().or_else(|| worksheets().next()),
    };
    match chosen {
        Some(sheet) => Ok((sheet.name.clone(), names)),
        None => Err(FileError::NoSuchSheet { names }),
    }
}

fn xlsx_error(error: &XlsxError) -> FileError {
    match error {
        XlsxError::Password => FileError::Encrypted,
        XlsxError::Io(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            FileError::Unreadable { detail: error.to_string() }
        }
        _ => FileError::Broken,
    }
}

fn text_cell(text: &str) -> Cell {
    if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_string()) }
}

fn iso_cell(text: &str) -> Cell {
    let date = text.get(..10).and_then(|date| date.parse::<NaiveDate>().ok());
    date.map_or_else(|| text_cell(text), Cell::Date)
}

/// A number shown as a date; one no calendar reaches stays a number.
fn date_cell(date: ExcelDateTime) -> Cell {
    let serial = date.as_f64();
    if !date.is_datetime() || !(1.0..2_958_466.0).contains(&serial) {
        return Cell::Number(serial);
    }
    let (year, month, day, ..) = date.to_ymd_hms_milli();
    NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day))
        .map_or(Cell::Number(serial), Cell::Date)
}
