//! Reports: calculated tables and how to ask for them. A report is known by its id; what it
//! takes and which columns it has is told in [`ReportInfo`], a window of its rows in a
//! [`Table`], where a cell comes from in a [`CellExplanation`].
//!
//! No words travel: a report is called `report.<id>.name`, a column
//! `report.<id>.column.<key>` or `report.column.<key>`, and so on in the catalogue. Only
//! what the office's own records say (a competency's name) comes as text.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{ListQuery, SortKey};
use crate::domain::bound;
use crate::domain::record::{Kind, RecordId, UnitId};
use crate::domain::value::Value;

pub use crate::domain::table::{
    Chart, ChartShape, ColumnKind, Legal, Shade, Sum, TableColumn, Tone, Totals, When,
};

/// A report as far as it is the same for every question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReportInfo {
    pub id: String,
    /// What it takes, in the order in which a form asks for it.
    pub params: Vec<Param>,
    /// Without those that depend on what is asked.
    pub columns: Vec<TableColumn>,
    pub legal: Vec<Legal>,
    pub chart: bool,
    /// Whether a cell can be explained.
    pub explains: bool,
    /// The kind of record a row of it can be the beginning of.
    pub begins: Option<Kind>,
}

/// Something a report takes besides the window. `unit`, `search`, `at` and `year` have a
/// place of their own in [`ReportQuery`]; every other name goes into `own`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Param {
    pub name: String,
    pub shape: ParamShape,
    /// As it would be written; empty where nothing is meant unless asked.
    pub default: String,
    /// Nothing is reported without it.
    pub required: bool,
    /// Taken only where this other parameter has this value.
    pub only: Option<(String, String)>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ParamShape {
    Unit,
    Year,
    Date,
    Text,
    /// A post by its title.
    Position,
    /// Codes whose words stand under `choice.<code>`, or records of these kinds by name or number,
    /// parted by `;`.
    Several {
        codes: Vec<String>,
        kinds: Vec<Kind>,
    },
    /// People by NIP or the number of their record, parted by `;`; everybody where none is named.
    People,
    /// A whole number within bounds, both included.
    Whole {
        min: i64,
        max: i64,
    },
    /// One of these codes; words under `report.<id>.<param>.<code>`.
    Choice(Vec<String>),
    /// A record of this kind, by what people call it or as `competencies/5`.
    One(Kind),
}

/// A report asked for, and a window of its rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReportQuery {
    #[serde(deserialize_with = "bound::text::<_, { bound::WORD }>")]
    pub report: String,
    /// This unit and everything below it.
    pub unit: Option<UnitId>,
    /// This year unless given.
    pub year: Option<u16>,
    /// Today unless given.
    pub at: Option<NaiveDate>,
    /// As typed behind `/`.
    #[serde(deserialize_with = "bound::text::<_, { bound::LINE }>")]
    pub search: String,
    /// The report's own parameters, as written.
    #[serde(deserialize_with = "bound::pairs::<_, 50, { bound::LINE }>")]
    pub own: Vec<(String, String)>,
    /// Column keys, first the most important; empty means the report's own order.
    #[serde(deserialize_with = "bound::list::<_, _, 50>")]
    pub sort: Vec<SortKey>,
    pub offset: u32,
    /// At most [`PAGE_MAX`](super::PAGE_MAX) are given.
    pub limit: u32,
    /// A row's id: [`Table::anchor`] says where it stands, and the window is moved there.
    pub anchor: Option<u64>,
    /// For a file: people whose processing is restricted are left out, and counted.
    pub export: bool,
}

impl ReportQuery {
    /// The first page, as the report is unless asked otherwise.
    pub fn of(report: &str) -> Self {
        Self {
            report: report.into(),
            unit: None,
            year: None,
            at: None,
            search: String::new(),
            own: Vec::new(),
            sort: Vec::new(),
            offset: 0,
            limit: super::PAGE_MAX,
            anchor: None,
            export: false,
        }
    }
}

/// A window of a report, and what holds for the whole of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Table {
    pub report: String,
    /// The day it holds for.
    pub at: NaiveDate,
    /// What was asked, what was left out filled in: a unit by its path.
    pub params: Vec<(String, Value)>,
    /// Rows in all.
    pub matched: u32,
    /// People left out of it since their processing is restricted.
    pub restricted: u32,
    /// Where this window begins.
    pub offset: u32,
    /// Where the anchor stands in the whole.
    pub anchor: Option<u32>,
    pub columns: Vec<TableColumn>,
    pub rows: Vec<TableRow>,
    /// Of all rows, in the order of the columns; empty cells where nothing is summed.
    pub foot: Option<Vec<Value>>,
    /// What each figure of the foot leads to.
    pub foot_opens: Vec<Option<Opens>>,
    pub notes: Vec<Remark>,
    pub legal: Vec<Legal>,
    pub chart: Option<Chart>,
    pub totals: Option<Totals>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TableRow {
    /// Names the row as long as the question is the same.
    pub id: u64,
    pub cells: Vec<Value>,
    pub opens: Option<Opens>,
}

/// What a row leads to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Opens {
    Record(RecordId),
    List(Box<ListQuery>),
    /// Another report of the same people, asked as this one is and with these parameters of its
    /// own; the last of them by the column.
    Report {
        id: String,
        own: Vec<(String, String)>,
        by_column: Vec<(String, (String, String))>,
    },
}

/// Something said besides the cells: words under `report.<id>.<code>`, else
/// `report.<code>`, with these values in them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Remark {
    pub code: String,
    pub args: Vec<(String, Value)>,
}

impl Remark {
    pub fn new(code: &str) -> Self {
        Self { code: code.into(), args: Vec::new() }
    }

    #[must_use]
    pub fn with(mut self, name: &str, value: Value) -> Self {
        self.args.push((name.into(), value));
        self
    }
}

/// Where a cell comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CellExplanation {
    pub column: TableColumn,
    pub value: Value,
    /// One line a step, in order; a line may lead to the record it speaks of.
    pub lines: Vec<(Remark, Option<RecordId>)>,
    pub legal: Vec<Legal>,
}
