//! Table: what the columns of a calculated table are, which cells stand out, what it rests
//! on and how it is drawn. The same for the office that works a report out, for the screen
//! and for files; rows and words come from elsewhere.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::column::Align;
use super::rules::Source;
use super::value::Value;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TableColumn {
    /// English, stable: the JSON key and the CSV heading.
    pub key: String,
    /// What the office's own records call it; a word of the catalogue where empty.
    pub label: String,
    pub kind: ColumnKind,
    pub align: Align,
    /// Cells it wants on screen; 0 takes what is left over.
    pub width: u16,
    /// Shown at 80 columns.
    pub shown: bool,
    /// Personal details: kept from roles that may not carry them.
    pub personal: bool,
    pub sum: Sum,
    pub shades: Vec<Shade>,
    /// The column its figures are held against: a standard they reach or do not.
    pub against: Option<String>,
}

impl TableColumn {
    /// The shade a cell of this column has, the first that fits.
    pub fn tone(&self, cell: &Value) -> Option<Tone> {
        self.shades.iter().find(|shade| shade.when.holds(cell)).map(|shade| shade.tone)
    }

    /// What stands behind a number that stands out, where colour cannot tell.
    pub fn sign(&self, cell: &Value) -> &'static str {
        match (self.tone(cell), cell) {
            (Some(Tone::Bad), Value::Whole(_) | Value::Hundredths(_)) => "!!",
            (Some(Tone::Warn), Value::Whole(_) | Value::Hundredths(_)) => "!",
            _ => "",
        }
    }
}

/// What the cells of a column hold. Its name is the `kind` of the JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ColumnKind {
    Text,
    /// NIP, NI PPPK or a local number: text that stays text.
    Number,
    /// A code; words under `report.<id>.<key>.<code>`, else `choice.<code>`.
    Choice,
    Whole,
    /// A percentage with two decimals.
    Percent,
    Date,
    Flag,
}

impl ColumnKind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Choice => "choice",
            Self::Whole => "whole",
            Self::Percent => "percent",
            Self::Date => "date",
            Self::Flag => "flag",
        }
    }
}

/// What the foot says of a column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sum {
    #[default]
    Nothing,
    /// All cells added up.
    Total,
    /// The report works it out itself.
    Own,
}

/// Cells that stand out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shade {
    pub when: When,
    pub tone: Tone,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum When {
    Below(i64),
    Above(i64),
    Is(String),
}

impl When {
    fn holds(&self, cell: &Value) -> bool {
        let number = match cell {
            Value::Whole(number) | Value::Left(number) => Some(*number * 100),
            Value::Hundredths(number) => Some(*number),
            _ => None,
        };
        match self {
            Self::Below(bound) => number.is_some_and(|number| number < bound * 100),
            Self::Above(bound) => number.is_some_and(|number| number > bound * 100),
            Self::Is(code) => matches!(cell, Value::Choice(cell) if cell == code),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tone {
    Good,
    Warn,
    Bad,
    Quiet,
}

/// What a number rests on, and whether it was read in the regulation itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Legal {
    pub basis: String,
    pub effective_from: Option<NaiveDate>,
    pub verified: bool,
}

impl From<&Source> for Legal {
    fn from(source: &Source) -> Self {
        Self {
            basis: source.legal_basis.clone(),
            effective_from: source.effective_from,
            verified: source.verified,
        }
    }
}

/// A native chart over all rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chart {
    pub shape: ChartShape,
    /// The column that names each bar.
    pub by: String,
    pub values: Vec<String>,
    /// The column and the code of the rows that are drawn, which stand together; all without.
    pub only: Option<(String, String)>,
}

impl Chart {
    /// Whether a screen can draw it, a bar for each value of each row.
    pub fn on_screen(&self) -> bool {
        self.only.is_none() && self.shape != ChartShape::Stacked
    }

    /// Whether a row is drawn; `cell` says what stands in the column of a key.
    pub fn draws<'a>(&self, cell: impl Fn(&str) -> Option<&'a Value>) -> bool {
        self.only.as_ref().is_none_or(
            |(column, code)| matches!(cell(column), Some(Value::Choice(own)) if own == code),
        )
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChartShape {
    Bar,
    Column,
    Line,
    /// One bar a row, in as many parts as there are values.
    Stacked,
}

/// What is added up over all rows and drawn, where a bar for every row says too little.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Totals {
    /// How many rows have each value of these columns: those of `order` first, even where no
    /// row has them.
    Values { columns: Vec<String>, order: Vec<Value> },
    /// Of each column held against another: how many rows have both, and how many reach it.
    Reached,
}
