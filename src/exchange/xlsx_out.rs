//! XLSX out: one sheet, written through to a nameless file beside its place and from there
//! into the container, so that it takes no memory however long it is. Numbers of people are text, in cells that stay text when an officer
//! types into them; dates are dates.

use std::env;
use std::io::{self, BufWriter, Write};

use rust_xlsxwriter::{Format, FormatBorder, Workbook, Worksheet, XlsxError};

use super::frame::Frame;
use super::target::{Destination, Target, WriteError};
use super::write::{defused, moment, years};
use super::xlsx_drawn::{Drawn, shade};
use crate::domain::caught::caught;
use crate::domain::table::{ColumnKind, TableColumn};
use crate::domain::value::Value;

/// The header and this many rows fit into one sheet.
const ROWS_MAX: u32 = 1_048_575;
/// The longest text of a cell.
const TEXT_MAX: usize = 32_767;
/// The longest name of a sheet.
const TITLE_MAX: usize = 31;
const WIDTH: f64 = 18.0;
/// A column that takes what is left over on a screen.
const LEFT_OVER: usize = 32;
/// What an upright sheet of A4 holds; a wider table lies on its side.
const PORTRAIT: f64 = 95.0;
/// The number spreadsheets give A4.
const A4: u8 = 9;
/// A file of the library's has at most so much waiting: where this finds room, the disk was
/// not what it failed on.
const PROBE: usize = 1 << 16;

pub(super) struct XlsxOut {
    target: Target,
    book: Workbook,
    row: u32,
    text: Format,
    date: Format,
    figure: Format,
    /// Of a report: what comes behind the rows.
    frame: Option<Framed>,
}

/// A report's frame, the row of its heads, and what is drawn of its rows.
struct Framed {
    frame: Frame,
    head: u32,
    drawn: Drawn,
}

impl XlsxOut {
    pub fn begin(target: Target, title: &str, columns: &[&str]) -> Result<Self, WriteError> {
        let mut xlsx = Self::book(target)?;
        xlsx.guarded(|xlsx| xlsx.list_head(title, columns))?;
        Ok(xlsx)
    }

    /// A report: title and what it is of above the heads, which stay in sight and come again
    /// on every page of A4.
    pub fn framed(target: Target, frame: &Frame) -> Result<Self, WriteError> {
        let mut xlsx = Self::book(target)?;
        xlsx.guarded(|xlsx| xlsx.report_head(frame))?;
        Ok(xlsx)
    }

    fn list_head(&mut self, title: &str, columns: &[&str]) -> Result<(), WriteError> {
        let sheet = self.book.add_worksheet_with_constant_memory().map_err(failed)?;
        sheet.set_name(sheet_name(title)).map_err(failed)?;
        sheet.set_freeze_panes(1, 0).map_err(failed)?;
        let bold = Format::new().set_bold();
        for (column, name) in (0..).zip(columns) {
            sheet.set_column_width(column, WIDTH).map_err(failed)?;
            if matches!(*name, "nip" | "local_number" | "pns_id") {
                sheet.set_column_format(column, &self.text).map_err(failed)?;
            }
            sheet.write_string_with_format(0, column, *name, &bold).map_err(failed)?;
        }
        Ok(())
    }

    fn report_head(&mut self, frame: &Frame) -> Result<(), WriteError> {
        let sheet = self.book.add_worksheet_with_constant_memory().map_err(failed)?;
        let head = frame.above.len() as u32 + 2;
        sheet.set_name(sheet_name(&frame.title)).map_err(failed)?;
        sheet.set_freeze_panes(head + 1, 0).map_err(failed)?;
        sheet.set_repeat_rows(head, head).map_err(failed)?;
        sheet.set_paper_size(A4);
        sheet.set_print_fit_to_pages(1, 0);
        sheet.set_footer("&L&A&R&P / &N");
        let bold = Format::new().set_bold();
        let title = bold.clone().set_font_size(14);
        sheet.write_string_with_format(0, 0, &*defused(&frame.title), &title).map_err(failed)?;
        for (row, line) in (1..).zip(&frame.above) {
            sheet.write_string(row, 0, &*defused(line)).map_err(failed)?;
        }
        let heads = bold.set_text_wrap().set_border_bottom(FormatBorder::Thin);
        let mut wide = 0.0;
        for (at, (column, label)) in (0..).zip(frame.columns.iter().zip(&frame.heads)) {
            let width = width_of(column, label);
            wide += width;
            sheet.set_column_width(at, width).map_err(failed)?;
            if column.kind == ColumnKind::Number {
                sheet.set_column_format(at, &self.text).map_err(failed)?;
            }
            sheet.write_string_with_format(head, at, &*defused(label), &heads).map_err(failed)?;
        }
        if wide > PORTRAIT {
            sheet.set_landscape();
        }
        self.row = head;
        self.frame = Some(Framed { frame: frame.clone(), head, drawn: Drawn::of(frame) });
        Ok(())
    }

    fn book(target: Target) -> Result<Self, WriteError> {
        let mut book = Workbook::new();
        if let Some(folder) = target.folder() {
            // Not in a folder all users share; the file has no name there either.
            book.set_tempdir(folder).map_err(failed)?;
        }
        Ok(Self {
            target,
            book,
            row: 0,
            text: Format::new().set_num_format("@"),
            date: Format::new().set_num_format("yyyy-mm-dd"),
            figure: Format::new().set_num_format("0.00"),
            frame: None,
        })
    }

    pub fn row(&mut self, values: &[&Value]) -> Result<(), WriteError> {
        if self.row == ROWS_MAX {
            return Err(WriteError::TooManyRows { limit: ROWS_MAX });
        }
        self.row += 1;
        if let Some(Framed { frame, drawn, .. }) = &mut self.frame {
            drawn.row(frame, self.row, values);
        }
        self.guarded(|xlsx| xlsx.cells(values))
    }

    fn cells(&mut self, values: &[&Value]) -> Result<(), WriteError> {
        let frame = self.frame.as_ref().map(|framed| &framed.frame);
        let sheet = self.book.worksheet_from_index(0).map_err(failed)?;
        for (column, value) in (0_u16..).zip(values) {
            // Of a report people read it.
            let of_report = frame.and_then(|frame| {
                let of = frame.columns.get(usize::from(column))?;
                matches!(value, Value::Choice(_)).then(|| Value::Text(frame.cell(of, value)))
            });
            let value = of_report.as_ref().unwrap_or(value);
            let written = match value {
                Value::Empty => continue,
                Value::Text(text) => string(sheet, self.row, column, &defused(text), &self.text),
                Value::Moment(at) => string(sheet, self.row, column, &moment(*at), &self.text),
                Value::Choice(code) => string(sheet, self.row, column, code, &self.text),
                Value::Years(counts) => string(sheet, self.row, column, &years(counts), &self.text),
                Value::Whole(number) | Value::Left(number) => {
                    sheet.write_number(self.row, column, *number as f64)
                }
                Value::Hundredths(figure) => {
                    let figure = *figure as f64 / 100.0;
                    sheet.write_number_with_format(self.row, column, figure, &self.figure)
                }
                Value::Date(date) => {
                    sheet.write_number_with_format(self.row, column, serial(*date), &self.date)
                }
                Value::Flag(flag) => sheet.write_boolean(self.row, column, *flag),
            };
            written.map_err(failed)?;
        }
        Ok(())
    }

    /// Foot, notes, shades and chart of a report.
    fn close(&mut self, framed: &Framed) -> Result<(), WriteError> {
        let Framed { frame, head, drawn } = framed;
        let (first, last) = (head + 1, self.row);
        if let Some(foot) = &frame.foot {
            let mut cells: Vec<&Value> = foot.iter().collect();
            let total = Value::text(&frame.total);
            if let Some(first) = cells.first_mut().filter(|cell| cell.is_empty()) {
                *first = &total;
            }
            self.row(&cells)?;
        }
        let below = self.row + 2;
        let sheet = self.book.worksheet_from_index(0).map_err(failed)?;
        for (row, note) in (below..).zip(&frame.notes) {
            sheet.write_string(row, 0, &*defused(note)).map_err(failed)?;
        }
        if last < first {
            return Ok(());
        }
        shade(sheet, frame, first, last)?;
        drawn.close(&mut self.book, frame, *head)
    }

    pub fn finish(mut self) -> Result<(), WriteError> {
        if let Some(framed) = self.frame.take() {
            self.guarded(|xlsx| xlsx.close(&framed))?;
        }
        self.guarded(Self::save)?;
        self.target.finish()
    }

    fn save(&mut self) -> Result<(), WriteError> {
        let mut held = Held { out: BufWriter::new(&mut self.target), failure: None };
        let saved = self.book.save_to_writer(&mut held);
        held.unless_failed(Write::flush);
        match held.failure.take() {
            Some(error) => Err(error.into()),
            None => saved.map_err(failed),
        }
    }

    /// The library panics where its own file takes no more.
    fn guarded(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<(), WriteError>,
    ) -> Result<(), WriteError> {
        caught(|| work(self)).unwrap_or_else(|| Err(self.refused()))
    }

    /// Why it took no more: the disk is asked again, while that file still stands.
    fn refused(&self) -> WriteError {
        let folder = self.target.folder().unwrap_or_else(env::temp_dir);
        let probe = Target::create(&Destination::File(folder.join("kompeten.probe")))
            .and_then(|mut probe| Ok(probe.write_all(&vec![0; PROBE])?));
        let unknown = || WriteError::Failed { detail: io::ErrorKind::Other.to_string() };
        probe.err().unwrap_or_else(unknown)
    }
}

/// Keeps the first failure and takes the rest without writing it: the container would speak
/// of its end on the terminal, over the screen.
struct Held<W> {
    out: W,
    failure: Option<io::Error>,
}

impl<W: Write> Held<W> {
    fn unless_failed(&mut self, write: impl FnOnce(&mut W) -> io::Result<()>) {
        if self.failure.is_none() {
            self.failure = write(&mut self.out).err();
        }
    }
}

impl<W: Write> Write for Held<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.unless_failed(|out| out.write_all(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn string<'a>(
    sheet: &'a mut Worksheet,
    row: u32,
    column: u16,
    text: &str,
    format: &Format,
) -> Result<&'a mut Worksheet, XlsxError> {
    if text.chars().count() > TEXT_MAX {
        let cut: String = text.chars().take(TEXT_MAX).collect();
        return sheet.write_string_with_format(row, column, cut, format);
    }
    sheet.write_string_with_format(row, column, text, format)
}

/// Days since 1899-12-30, as spreadsheets count.
fn serial(date: chrono::NaiveDate) -> f64 {
    let epoch = chrono::NaiveDate::from_ymd_opt(1899, 12, 30).unwrap_or_default();
    (date - epoch).num_days() as f64
}

/// As wide as the column is on screen and its words want, within reason.
fn width_of(column: &TableColumn, label: &str) -> f64 {
    let words = label.split(' ').map(|word| word.chars().count()).max().unwrap_or(0);
    let wanted = if column.width == 0 { LEFT_OVER } else { usize::from(column.width) + 2 };
    wanted.max(words + 2).min(60) as f64
}

pub(super) fn sheet_name(title: &str) -> String {
    let name: String = title
        .chars()
        .filter(|c| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\''))
        .take(TITLE_MAX)
        .collect();
    if name.is_empty() { "kompeten".into() } else { name }
}

pub(super) fn failed(error: XlsxError) -> WriteError {
    match error {
        XlsxError::IoError(error) | XlsxError::TempFileError(_, error) => error.into(),
        other => WriteError::Failed { detail: other.to_string() },
    }
}
