//! CSV out: UTF-8, commas, a header of column names, ISO dates, figures with a point.

use std::borrow::Cow;
use std::io::BufWriter;

use super::target::{Target, WriteError};
use super::write::{defused, hundredths, moment, years};
use crate::domain::value::Value;

pub(super) struct CsvOut {
    out: csv::Writer<BufWriter<Target>>,
}

impl CsvOut {
    pub fn begin(target: Target, columns: &[&str]) -> Result<Self, WriteError> {
        let mut csv = Self { out: csv::Writer::from_writer(BufWriter::new(target)) };
        csv.cells(columns)?;
        Ok(csv)
    }

    pub fn row(&mut self, values: &[&Value]) -> Result<(), WriteError> {
        let cells: Vec<Text> = values.iter().map(|value| cell(value)).collect();
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
