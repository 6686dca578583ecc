//! JSON out: an array of objects, one a row, keyed by column name in the order of the
//! columns; of a report an object with that array in it. Written piece by piece, so that a list of any length takes no memory.

use std::io::{BufWriter, Write};

use serde_json::{Value as Json, json};

use super::frame::Frame;
use super::target::{Target, WriteError};
use super::write::{hundredths, moment};
use crate::domain::value::Value;

pub(super) struct JsonOut {
    out: BufWriter<Target>,
    /// Column names as JSON, with the colon behind them.
    keys: Vec<String>,
    first: bool,
    /// What comes behind the last row.
    end: String,
}

impl JsonOut {
    pub fn begin(target: Target, columns: &[&str]) -> Result<Self, WriteError> {
        Self::with(target, columns, "[", "]\n".into())
    }

    /// A report: an object with the rows in it.
    pub fn framed(target: Target, frame: &Frame) -> Result<Self, WriteError> {
        let keys = frame.keys();
        let object = |pairs: &mut dyn Iterator<Item = (&str, &Value)>| {
            let pairs = pairs.map(|(key, value)| format!("{}:{}", quoted(key), json(value)));
            format!("{{{}}}", pairs.collect::<Vec<_>>().join(","))
        };
        let params = object(&mut frame.params.iter().map(|(name, value)| (name.as_str(), value)));
        let columns = frame.columns.iter().zip(&frame.heads).map(
            |(column, head)| json!({"key": column.key, "label": head, "kind": column.kind.name()}),
        );
        let columns: Json = columns.collect();
        let (report, at) = (quoted(&frame.report), frame.at);
        let begin = format!(
            "{{\"report\":{report},\"at\":\"{at}\",\"params\":{params},\"columns\":{columns},\"rows\":["
        );
        let foot = frame
            .foot
            .as_ref()
            .map_or_else(|| "null".to_string(), |foot| object(&mut keys.iter().copied().zip(foot)));
        let legal = frame.legal.iter().map(|legal| {
            let from = legal.effective_from.map(|date| date.to_string());
            json!({"basis": legal.basis, "effective_from": from, "verified": legal.verified})
        });
        let legal: Json = legal.collect();
        let notes = json!(frame.notes);
        let restricted = frame.restricted;
        let end = format!(
            "],\"foot\":{foot},\"notes\":{notes},\"legal\":{legal},\"restricted\":{restricted}}}\n"
        );
        Self::with(target, &keys, &begin, end)
    }

    fn with(
        target: Target,
        columns: &[&str],
        begin: &str,
        end: String,
    ) -> Result<Self, WriteError> {
        let keys = columns.iter().map(|name| format!("{}:", quoted(name))).collect();
        let mut out = BufWriter::new(target);
        out.write_all(begin.as_bytes())?;
        Ok(Self { out, keys, first: true, end })
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
        if !self.first {
            self.out.write_all(b"\n")?;
        }
        self.out.write_all(self.end.as_bytes())?;
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
