//! XLSX out: one sheet, written through to a nameless file beside its place so that it
//! takes no memory. Numbers of people are text, in cells that stay text when an officer
//! types into them; dates are dates.

use std::io::Write;

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use super::target::{Target, WriteError};
use super::write::{defused, moment, years};
use crate::domain::value::Value;

/// The header and this many rows fit into one sheet.
const ROWS_MAX: u32 = 1_048_575;
/// The longest text of a cell.
const TEXT_MAX: usize = 32_767;
/// The longest name of a sheet.
const TITLE_MAX: usize = 31;
const WIDTH: f64 = 18.0;

pub(super) struct XlsxOut {
    target: Target,
    book: Workbook,
    row: u32,
    text: Format,
    date: Format,
    figure: Format,
}

impl XlsxOut {
    pub fn begin(target: Target, title: &str, columns: &[&str]) -> Result<Self, WriteError> {
        let mut book = Workbook::new();
        if let Some(folder) = target.folder() {
            // Not in a folder all users share; the file has no name there either.
            book.set_tempdir(folder).map_err(failed)?;
        }
        let mut xlsx = Self {
            target,
            book,
            row: 0,
            text: Format::new().set_num_format("@"),
            date: Format::new().set_num_format("yyyy-mm-dd"),
            figure: Format::new().set_num_format("0.00"),
        };
        let sheet = xlsx.book.add_worksheet_with_constant_memory().map_err(failed)?;
        sheet.set_name(sheet_name(title)).map_err(failed)?;
        sheet.set_freeze_panes(1, 0).map_err(failed)?;
        let bold = Format::new().set_bold();
        for (column, name) in (0..).zip(columns) {
            sheet.set_column_width(column, WIDTH).map_err(failed)?;
            if matches!(*name, "nip" | "local_number" | "pns_id") {
                sheet.set_column_format(column, &xlsx.text).map_err(failed)?;
            }
            sheet.write_string_with_format(0, column, *name, &bold).map_err(failed)?;
        }
        Ok(xlsx)
    }

    pub fn row(&mut self, values: &[&Value]) -> Result<(), WriteError> {
        if self.row == ROWS_MAX {
            return Err(WriteError::TooManyRows { limit: ROWS_MAX });
        }
        self.row += 1;
        let sheet = self.book.worksheet_from_index(0).map_err(failed)?;
        for (column, value) in (0..).zip(values) {
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

    pub fn finish(mut self) -> Result<(), WriteError> {
        // The container is written backwards and forwards, which a pipe cannot do.
        let bytes = self.book.save_to_buffer().map_err(failed)?;
        self.target.write_all(&bytes)?;
        self.target.finish()
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

fn sheet_name(title: &str) -> String {
    let name: String = title
        .chars()
        .filter(|c| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\''))
        .take(TITLE_MAX)
        .collect();
    if name.is_empty() { "kompeten".into() } else { name }
}

fn failed(error: XlsxError) -> WriteError {
    match error {
        XlsxError::IoError(error) | XlsxError::TempFileError(_, error) => error.into(),
        other => WriteError::Failed { detail: other.to_string() },
    }
}
