//! CSV out: UTF-8. For scripts with commas, ISO dates and figures with a point; for an
//! officer's spreadsheet, which opens it by a double click, with semicolons, days before
//! months, figures with a comma, a mark that it is UTF-8, and long numbers as texts, of which no digit is lost.

use std::borrow::Cow;
use std::io::{BufWriter, Write};

use super::target::{Target, WriteError};
use super::write::{defused, hundredths, moment, years};
use crate::domain::value::Value;

pub(super) struct CsvOut {
    out: csv::Writer<BufWriter<Target>>,
    for_spreadsheet: bool,
}

/// Says to a spreadsheet that what follows is UTF-8.
const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";
/// A spreadsheet keeps so many digits of a number.
const DIGITS_KEPT: usize = 15;

impl CsvOut {
    pub fn begin(target: Target, columns: &[&str]) -> Result<Self, WriteError> {
        let out = csv::Writer::from_writer(BufWriter::new(target));
        let mut csv = Self { out, for_spreadsheet: false };
        csv.cells(columns)?;
        Ok(csv)
    }

    /// For a spreadsheet where a comma stands before the decimals.
    pub fn for_spreadsheet(target: Target, columns: &[&str]) -> Result<Self, WriteError> {
        let mut buffer = BufWriter::new(target);
        buffer.write_all(UTF8_MARK)?;
        let out = csv::WriterBuilder::new().delimiter(b';').from_writer(buffer);
        let mut csv = Self { out, for_spreadsheet: true };
        csv.cells(columns)?;
        Ok(csv)
    }

    pub fn row(&mut self, values: &[&Value]) -> Result<(), WriteError> {
        let one = if self.for_spreadsheet { spreadsheet_cell } else { cell };
        let cells: Vec<Text> = values.iter().map(|value| one(value)).collect();
        self.cells(&cells)
    }

    /// Cells as they stand.
    pub fn cells<C: AsRef<[u8]>>(&mut self, cells: &[C]) -> Result<(), WriteError> {
        self.out.write_record(cells).map_err(csv_error)
    }

    pub fn finish(self) -> Result<(), WriteError> {
        let buffer = self.out.into_inner().map_err(|error| into_io(error.error()))?;
        let target = buffer.into_inner().map_err(|error| WriteError::from(error.into_error()))?;
        target.finish()
    }
}

fn cell(value: &Value) -> Text<'_> {
    Text(match value {
        Value::Empty => Cow::Borrowed(""),
        Value::Text(text) => defused(text),
        Value::Choice(code) => Cow::Borrowed(code),
        Value::Whole(number) | Value::Left(number) => number.to_string().into(),
        Value::Hundredths(figure) => hundredths(*figure).into(),
        Value::Date(date) => date.to_string().into(),
        Value::Moment(at) => moment(*at).into(),
        Value::Flag(flag) => flag.to_string().into(),
        Value::Years(counts) => years(counts).into(),
    })
}

fn spreadsheet_cell(value: &Value) -> Text<'_> {
    match value {
        Value::Hundredths(figure) => Text(hundredths(*figure).replace('.', ",").into()),
        // As a spreadsheet here reads a day, and an officer writes it.
        Value::Date(date) => Text(date.format("%d/%m/%Y").to_string().into()),
        Value::Text(text)
            if text.len() > DIGITS_KEPT && text.bytes().all(|b| b.is_ascii_digit()) =>
        {
            Text(format!("=\"{text}\"").into())
        }
        value => cell(value),
    }
}

/// What stands in a cell, copied only where it is not written as it is.
struct Text<'a>(Cow<'a, str>);

impl AsRef<[u8]> for Text<'_> {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

fn csv_error(error: csv::Error) -> WriteError {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error.into(),
        other => WriteError::Failed { detail: format!("{other:?}") },
    }
}

fn into_io(error: &std::io::Error) -> WriteError {
    std::io::Error::new(error.kind(), error.to_string()).into()
}
