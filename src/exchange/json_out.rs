//! JSON out: an array of objects, one a row, keyed by column name in the order of the
//! columns. Written piece by piece, so that a list of any length takes no memory.

use std::io::{BufWriter, Write};

use super::target::{Target, WriteError};
use super::write::{hundredths, moment};
use crate::domain::value::Value;

pub(super) struct JsonOut {
    out: BufWriter<Target>,
    /// Column names as JSON, with the colon behind them.
    keys: Vec<String>,
    first: bool,
}

impl JsonOut {
    pub fn begin(target: Target, columns: &[&str]) -> Result<Self, WriteError> {
        let keys = columns.iter().map(|name| format!("{}:", quoted(name))).collect();
        let mut out = BufWriter::new(target);
        out.write_all(b"[")?;
        Ok(Self { out, keys, first: true })
    }

    pub fn row(&mut self, values: &[&Value]) -> Result<(), WriteError> {
        self.out.write_all(if self.first { b"\n{" } else { b",\n{" })?;
        self.first = false;
        for (place, (key, value)) in self.keys.iter().zip(values).enumerate() {
            if place > 0 {
                self.out.write_all(b",")?;
            }
            self.out.write_all(key.as_bytes())?;
            self.out.write_all(json(value).as_bytes())?;
        }
        self.out.write_all(b"}")?;
        Ok(())
    }

    pub fn finish(mut self) -> Result<(), WriteError> {
        self.out.write_all(if self.first { b"]\n" } else { b"\n]\n" })?;
        let target = self.out.into_inner().map_err(|error| WriteError::from(error.into_error()))?;
        target.finish()
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A figure in hundredths keeps its two decimals, which a JSON number of serde would not.
pub fn json(value: &Value) -> String {
    match value {
        Value::Empty => "null".into(),
        Value::Text(text) => quoted(text),
        Value::Choice(code) => quoted(code),
        Value::Whole(number) | Value::Left(number) => number.to_string(),
        Value::Hundredths(figure) => hundredths(*figure),
        Value::Date(date) => format!("\"{date}\""),
        Value::Moment(at) => quoted(&moment(*at)),
        Value::Flag(flag) => flag.to_string(),
        Value::Years(counts) => {
            let counts: Vec<String> =
                counts.iter().map(|(year, count)| format!("\"{year}\":{count}")).collect();
            format!("{{{}}}", counts.join(","))
        }
    }
}
