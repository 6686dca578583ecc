//! CSV out: UTF-8, commas, a header of column names, ISO dates, figures with a point.

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
        let cells: Vec<String> = values.iter().map(|value| cell(value)).collect();
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

fn cell(value: &Value) -> String {
    match value {
        Value::Empty => String::new(),
        Value::Text(text) => defused(text).into_owned(),
        Value::Choice(code) => code.clone(),
        Value::Whole(number) | Value::Left(number) => number.to_string(),
        Value::Hundredths(figure) => hundredths(*figure),
        Value::Date(date) => date.to_string(),
        Value::Moment(at) => moment(*at),
        Value::Flag(flag) => flag.to_string(),
        Value::Years(counts) => years(counts),
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
