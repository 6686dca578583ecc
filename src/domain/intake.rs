//! Intake: rows of an officer's file as domain values, before the office has matched
//! them to what it knows. Files are parsed by the officer's process; these rows are
//! what travels to the office, in bounded chunks.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::fault::Fault;
use super::kinds::competency::Competency;
use super::kinds::employee::Employee;
use super::kinds::position::Position;
use super::kinds::rating::Rating;
use super::number::EmployeeNumber;

/// The most rows that travel in one chunk.
pub const CHUNK_ROWS: usize = 200;

/// What an import brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Intake {
    Employees,
    Competencies,
    Ratings,
    Trainings,
}

impl Intake {
    pub const ALL: [Self; 4] =
        [Self::Employees, Self::Competencies, Self::Ratings, Self::Trainings];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Employees => "employees",
            Self::Competencies => "competencies",
            Self::Ratings => "ratings",
            Self::Trainings => "trainings",
        }
    }
}

/// One good row, with the line a person sees in the file (counted from 1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IntakeRow {
    pub line: u32,
    pub data: RowData,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum RowData {
    Employee(Box<EmployeeRow>),
    Competency(Box<CompetencyRow>),
    Rating(Box<RatingRow>),
    Training(Box<TrainingRow>),
}

impl RowData {
    /// How many rows of the file it stands for.
    pub fn rows(&self) -> u32 {
        match self {
            Self::Competency(row) => row.rows.max(1),
            _ => 1,
        }
    }
}

/// A member of staff; unit and position by name, not yet by id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EmployeeRow {
    /// `unit` and `position` are empty here. Fields whose column the file does not
    /// have are named in no `ImportStart::columns` and are left alone.
    pub employee: Employee,
    /// Names from the root down: instansi, satuan kerja, UNOR; repeated names already merged.
    pub unit_path: Vec<String>,
    /// UNOR ID or unit code, if the file has one.
    pub unit_code: String,
    pub position: Option<Position>,
}

/// One competency assembled from its indicator rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CompetencyRow {
    pub competency: Competency,
    /// How many rows of the file went into it.
    pub rows: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RatingRow {
    pub number: EmployeeNumber,
    pub competency_code: String,
    /// `employee` and `competency` are empty here.
    pub rating: Rating,
}

/// One participant of one training, S20JP shape.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrainingRow {
    pub number: EmployeeNumber,
    pub name: String,
    /// Type code, `KL01`…
    pub r#type: String,
    pub start: NaiveDate,
    pub end: NaiveDate,
    pub provider: String,
    pub jp: u16,
}

/// A row that was not taken, or was taken with a remark.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RowFault {
    pub line: u32,
    /// `field` is the column's header as the file writes it.
    pub fault: Fault,
}
