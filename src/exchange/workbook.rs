//! Workbooks in: XLSX is streamed cell by cell, XLS and ODS are read whole and so must
//! be small. calamine works on a thread of its own that opens one sheet after the other as
//! they are ordered and hands over a few rows at a time: its reader borrows its workbook,
//! and a panic of it on a hostile file stays there.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

use calamine::{
    Data, DataRef, Dimensions, ExcelDateTime, Ods, OdsError, Reader, SheetType, SheetVisible, Xls,
    XlsError, Xlsx, XlsxError,
};
use chrono::NaiveDate;

use super::archive::{Container, Weighed, weigh};
use super::error::FileError;
use super::merged::{COLUMNS_MAX, Merged, RANGES_MAX, Range};
use super::ods;
use super::sheet::{Book, OpenSheet, SheetCell, SheetName, SheetRow};

/// The largest XLSX on disk; what it unpacks to is weighed besides.
const XLSX_MAX: u64 = 200_000_000;
/// The largest XLS or ODS on disk: these are read whole.
const WHOLE_MAX: u64 = 20_000_000;
/// The largest content of an ODS.
pub(super) const UNPACKED_WHOLE_MAX: u64 = 200_000_000;
const ROWS_AT_ONCE: usize = 64;
const BATCHES_WAITING: usize = 2;
/// The name of the reading thread, for whoever listens to panics.
pub const THREAD_NAME: &str = "workbook";

type BookFile = BufReader<File>;

pub(super) fn open_zip(file: File, size: u64) -> Result<Box<dyn Book>, FileError> {
    if size > XLSX_MAX {
        return Err(FileError::TooLarge { limit: XLSX_MAX });
    }
    let Weighed { container, merged } = weigh(&file)?;
    match container {
        Container::Xlsx => spawn(file, move |file| {
            let book = Xlsx::new(file).map_err(|error| xlsx_error(&error))?;
            Ok(XlsxBook { book, merged })
        }),
        Container::Ods if size > WHOLE_MAX => Err(FileError::TooLarge { limit: WHOLE_MAX }),
        Container::Ods => spawn(file, |file| {
            let merged = ods::ranges(file.get_ref())?;
            Ok(OdsBook { book: Ods::new(file).map_err(|error| ods_error(&error))?, merged })
        }),
    }
}

pub(super) fn open_ole(mut file: File, size: u64) -> Result<Box<dyn Book>, FileError> {
    // A protected XLSX is an OLE container too, of any size.
    if size <= XLSX_MAX && contains_encrypted_package(&mut file)? {
        return Err(FileError::Encrypted);
    }
    if size > WHOLE_MAX {
        return Err(FileError::TooLarge { limit: WHOLE_MAX });
    }
    spawn(file, |file| Xls::new(file).map_err(xls_error))
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

/// A workbook of calamine's, of whatever format.
trait Streamed {
    fn sheets(&self) -> &[calamine::Sheet];

    /// Says that the sheet is open, and then its rows.
    fn stream(&mut self, name: &str, speaker: &Speaker) -> Result<(), FileError>;
}

/// A sheet somebody wants to read, and where its rows go.
struct Order {
    name: String,
    words: SyncSender<Word>,
}

/// What the reading thread says of a sheet.
enum Word {
    /// Open, with the number of rows, 0 when unknown.
    Opened {
        rows: u64,
    },
    Rows(Vec<SheetRow>),
    Failed(FileError),
    Finished,
}

/// The reading thread as whoever reads sees it: it ends when nobody can order any more.
struct Workbook {
    names: Vec<SheetName>,
    orders: Sender<Order>,
}

fn spawn<B: Streamed>(
    mut file: File,
    open: impl FnOnce(BookFile) -> Result<B, FileError> + Send + 'static,
) -> Result<Box<dyn Book>, FileError> {
    file.seek(SeekFrom::Start(0))?;
    let (opened, names) = sync_channel(1);
    let (orders, inbox) = channel::<Order>();
    thread::Builder::new().name(THREAD_NAME.into()).spawn(move || {
        let mut book = match guarded(|| open(BufReader::new(file))) {
            Ok(book) => book,
            // Nobody listens any more when the import was given up; so too below.
            Err(error) => return opened.send(Err(error)).unwrap_or_default(),
        };
        let _ = opened.send(Ok(names_of(book.sheets())));
        for Order { name, words } in inbox {
            let speaker = Speaker(words);
            let end = match guarded(|| book.stream(&name, &speaker)) {
                Ok(()) => Word::Finished,
                Err(error) => Word::Failed(error),
            };
            let _ = speaker.0.send(end);
        }
    })?;
    let names = names.recv().unwrap_or(Err(FileError::Broken))?;
    Ok(Box::new(Workbook { names, orders }))
}

/// A panic on hostile bytes is one more way of being broken.
fn guarded<T>(work: impl FnOnce() -> Result<T, FileError>) -> Result<T, FileError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(FileError::Broken))
}

/// The sheets that have cells.
fn names_of(sheets: &[calamine::Sheet]) -> Vec<SheetName> {
    let worksheets = sheets.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let hidden = |sheet: &calamine::Sheet| sheet.visible != SheetVisible::Visible;
    worksheets.map(|sheet| SheetName { name: sheet.name.clone(), hidden: hidden(sheet) }).collect()
}

impl Book for Workbook {
    fn sheets(&self) -> &[SheetName] {
        &self.names
    }

    fn open(&mut self, sheet: usize, _reading: usize) -> Result<Box<dyn OpenSheet>, FileError> {
        let name = self.names.get(sheet).ok_or(FileError::Broken)?.name.clone();
        let (sender, words) = sync_channel(BATCHES_WAITING);
        self.orders.send(Order { name, words: sender }).map_err(|_| FileError::Broken)?;
        match words.recv() {
            Ok(Word::Opened { rows: total }) => {
                let rows = Vec::new().into_iter();
                Ok(Box::new(Worksheet { words, rows, line: 0, total, ended: false }))
            }
            Ok(Word::Failed(error)) => Err(error),
            _ => Err(FileError::Broken),
        }
    }
}

/// A sheet being read; dropped, it lets the thread go on with the next one.
struct Worksheet {
    words: Receiver<Word>,
    rows: std::vec::IntoIter<SheetRow>,
    line: u64,
    total: u64,
    ended: bool,
}

impl Iterator for Worksheet {
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

impl OpenSheet for Worksheet {
    fn progress(&self) -> (u64, u64) {
        let total = if self.total == 0 { 0 } else { self.total.max(self.line) };
        (self.line, total)
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
    merged: Merged,
    waiting: Vec<SheetRow>,
    row: u32,
    cells: Vec<SheetCell>,
}

impl<'a> Rows<'a> {
    fn new(speaker: &'a Speaker, ranges: Vec<Range>) -> Self {
        let merged = Merged::new(ranges);
        Self { speaker, merged, waiting: Vec::new(), row: 0, cells: Vec::new() }
    }

    /// Takes a cell by its place, counted from 0; false when nobody listens any more.
    fn cell(&mut self, row: u32, column: usize, cell: SheetCell) -> bool {
        if cell == SheetCell::Empty || column >= COLUMNS_MAX {
            return true;
        }
        let listening = row == self.row || self.end_row();
        self.row = row;
        if self.cells.len() <= column {
            self.cells.resize(column + 1, SheetCell::Empty);
        }
        self.cells[column] = cell;
        listening
    }

    fn end_row(&mut self) -> bool {
        if self.cells.is_empty() {
            return true;
        }
        let cells = std::mem::take(&mut self.cells);
        let mut row = SheetRow::new(self.row.saturating_add(1), cells);
        self.merged.lay_over(&mut row);
        self.waiting.push(row);
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

struct XlsxBook {
    book: Xlsx<BookFile>,
    /// Whether there are merged cells at all: only then are they looked for.
    merged: bool,
}

impl Streamed for XlsxBook {
    fn sheets(&self) -> &[calamine::Sheet] {
        self.book.sheets_metadata()
    }

    fn stream(&mut self, name: &str, speaker: &Speaker) -> Result<(), FileError> {
        let ranges = if self.merged {
            let found = self.book.merge_cells_by_sheet_name(name);
            found.map_err(|error| xlsx_error(&error))?
        } else {
            Vec::new()
        };
        let mut rows = Rows::new(speaker, ranges.iter().map(range_of).collect());
        let cells = self.book.worksheet_cells_reader(name);
        let mut reader = cells.map_err(|error| xlsx_error(&error))?;
        let total = u64::from(reader.dimensions().end.0) + 1;
        if !speaker.say(Word::Opened { rows: total }) {
            return Ok(());
        }
        while let Some(cell) = reader.next_cell().map_err(|error| xlsx_error(&error))? {
            let (row, column) = cell.get_position();
            let value = match cell.get_value() {
                DataRef::Empty => SheetCell::Empty,
                DataRef::Int(number) => SheetCell::Number(*number as f64),
                DataRef::Float(number) => SheetCell::Number(*number),
                DataRef::String(text) => text_cell(text),
                DataRef::SharedString(text) => text_cell(text),
                DataRef::Bool(flag) => SheetCell::Flag(*flag),
                DataRef::DateTime(date) => date_cell(*date),
                DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => iso_cell(text),
                DataRef::Error(error) => SheetCell::Text(error.to_string()),
            };
            if !rows.cell(row, column as usize, value) {
                return Ok(());
            }
        }
        rows.finish();
        Ok(())
    }
}

impl Streamed for Xls<BookFile> {
    fn sheets(&self) -> &[calamine::Sheet] {
        self.sheets_metadata()
    }

    fn stream(&mut self, name: &str, speaker: &Speaker) -> Result<(), FileError> {
        let ranges = self.merge_cells_by_sheet_name(name).map_err(xls_error)?;
        let range = self.worksheet_range(name).map_err(xls_error)?;
        whole(&range, ranges.iter().take(RANGES_MAX).map(range_of).collect(), speaker);
        Ok(())
    }
}

struct OdsBook {
    book: Ods<BookFile>,
    merged: HashMap<String, Vec<Range>>,
}

impl Streamed for OdsBook {
    fn sheets(&self) -> &[calamine::Sheet] {
        self.book.sheets_metadata()
    }

    fn stream(&mut self, name: &str, speaker: &Speaker) -> Result<(), FileError> {
        let range = self.book.worksheet_range(name).map_err(|error| ods_error(&error))?;
        whole(&range, self.merged.get(name).cloned().unwrap_or_default(), speaker);
        Ok(())
    }
}

fn range_of(dimensions: &Dimensions) -> Range {
    let ((top, first), (bottom, last)) = (dimensions.start, dimensions.end);
    Range { rows: (top, bottom), columns: (first as usize, last as usize) }
}

/// Says the rows of a sheet that is in memory.
fn whole(range: &calamine::Range<Data>, merged: Vec<Range>, speaker: &Speaker) {
    let (first_row, first_column) = range.start().unwrap_or_default();
    let total = range.end().map_or(0, |(row, _)| u64::from(row) + 1);
    if !speaker.say(Word::Opened { rows: total }) {
        return;
    }
    let mut rows = Rows::new(speaker, merged);
    for (row, cells) in (first_row..).zip(range.rows()) {
        for (column, data) in (first_column as usize..).zip(cells) {
            let value = match data {
                Data::Empty => continue,
                Data::Int(number) => SheetCell::Number(*number as f64),
                Data::Float(number) => SheetCell::Number(*number),
                Data::String(text) => text_cell(text),
                Data::Bool(flag) => SheetCell::Flag(*flag),
                Data::DateTime(date) => date_cell(*date),
                Data::DateTimeIso(text) | Data::DurationIso(text) => iso_cell(text),
                Data::Error(error) => SheetCell::Text(error.to_string()),
            };
            if !rows.cell(row, column, value) {
                return;
            }
        }
    }
    rows.finish();
}

fn xls_error(error: XlsError) -> FileError {
    match error {
        XlsError::Password => FileError::Encrypted,
        XlsError::Io(error) => error.into(),
        // Another OLE document: a letter, a mail.
        XlsError::Cfb(_) => FileError::UnknownFormat,
        _ => FileError::Broken,
    }
}

fn ods_error(error: &OdsError) -> FileError {
    match error {
        OdsError::Password => FileError::Encrypted,
        OdsError::CellLimitExceeded { .. } => {
            FileError::UnpacksTooLarge { limit: UNPACKED_WHOLE_MAX }
        }
        OdsError::InvalidMime(_) => FileError::UnknownFormat,
        _ => FileError::Broken,
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

pub(super) fn text_cell(text: &str) -> SheetCell {
    if text.is_empty() { SheetCell::Empty } else { SheetCell::Text(text.to_string()) }
}

pub(super) fn iso_cell(text: &str) -> SheetCell {
    let date = text.get(..10).and_then(|date| date.parse::<NaiveDate>().ok());
    date.map_or_else(|| text_cell(text), SheetCell::Date)
}

/// A number shown as a date; one no calendar reaches stays a number.
fn date_cell(date: ExcelDateTime) -> SheetCell {
    let serial = date.as_f64();
    if !date.is_datetime() || !(1.0..2_958_466.0).contains(&serial) {
        return SheetCell::Number(serial);
    }
    let (year, month, day, ..) = date.to_ymd_hms_milli();
    NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day))
        .map_or(SheetCell::Number(serial), SheetCell::Date)
}
