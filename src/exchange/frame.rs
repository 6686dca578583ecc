//! Frame: what stands around the rows of a report in a file: its title, whom and when it is
//! of, what it rests on, the words of its columns, its foot and notes. All of it in words
//! already; a file for scripts takes the keys and leaves the words.

use std::str::FromStr;

use chrono::NaiveDate;

use super::target::Destination;

use crate::domain::table::{Chart, Legal, TableColumn};
use crate::domain::value::Value;

/// What a report is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportFormat {
    Csv,
    Xlsx,
    Json,
    /// A sheet of 80 columns, to be printed.
    Text,
}

impl ReportFormat {
    pub const ALL: [Self; 4] = [Self::Csv, Self::Xlsx, Self::Json, Self::Text];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Json => "json",
            Self::Text => "text",
        }
    }

    /// The format a file's name asks for.
    pub fn of(destination: &Destination) -> Option<Self> {
        let Destination::File(path) = destination else { return None };
        match path.extension()?.to_str()?.to_lowercase().as_str() {
            "txt" => Some(Self::Text),
            name => name.parse().ok(),
        }
    }
}

impl FromStr for ReportFormat {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|format| format.name() == text).ok_or(())
    }
}

#[derive(Clone, Debug)]
pub struct Frame {
    /// The report's id.
    pub report: String,
    pub title: String,
    /// Office, unit, day, what was asked and what it rests on, a line each.
    pub above: Vec<String>,
    /// The day it holds for.
    pub at: NaiveDate,
    pub params: Vec<(String, Value)>,
    pub columns: Vec<TableColumn>,
    /// The columns' words.
    pub heads: Vec<String>,
    /// In the order of the columns; its words begin with `total`.
    pub foot: Option<Vec<Value>>,
    pub total: String,
    pub notes: Vec<String>,
    pub legal: Vec<Legal>,
    pub chart: Option<Chart>,
    /// People left out since their processing is restricted.
    pub restricted: u32,
    /// A cell of this report in words.
    pub words: fn(&str, &TableColumn, &Value) -> String,
}

impl Frame {
    pub fn cell(&self, column: &TableColumn, cell: &Value) -> String {
        (self.words)(&self.report, column, cell)
    }

    pub fn keys(&self) -> Vec<&str> {
        self.columns.iter().map(|column| column.key.as_str()).collect()
    }
}
