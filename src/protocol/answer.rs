//! Answers: what comes back, one kind for each kind of request, or a refusal.

use crate::domain::change::{Head, Place};
use crate::domain::fault::Fault;
use crate::domain::gap::{Cell, Figures};
use crate::domain::intake::RowFault;
use crate::domain::jp::{JpByYear, JpStanding};
use crate::domain::kinds::competency::Competency;
use crate::domain::kinds::enrolment::Presence;
use crate::domain::kinds::holiday::Holiday;
use crate::domain::kinds::officer::Role;
use crate::domain::record::{
    CompetencyId, EmployeeId, FieldChange, ProgrammeId, Record, RecordId, Revision, SessionId,
    UnitId,
};
use crate::domain::rulebook::Rulebook;
use crate::domain::value::Value;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{
    CellExplanation, ChangeDetail, Completion, CyclePage, HistoryPage, Hit, HomePage, Moves,
    Opening, Problem, ReportInfo, SheetsPage, Sitting, Summary, Table,
};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    Welcome(Box<OfficeInfo>),
    Page(Page),
    Ids(Vec<u32>),
    Record(Option<Box<Stored>>),
    Labels(Vec<String>),
    Hits(Vec<Hit>),
    Openings(Vec<Opening>),
    Completed(Completion),
    Person(Box<Person>),
    Matrix(Box<Matrix>),
    Home(Box<HomePage>),
    Explained(Box<Explanation>),
    Attendance(Box<Attendance>),
    Cycle(Box<CyclePage>),
    Sheets(SheetsPage),
    Reports(Vec<ReportInfo>),
    Table(Box<Table>),
    CellExplained(Box<CellExplanation>),
    Moves(Box<Moves>),
    /// With what the row says of it filled in; nothing is kept.
    Begun(Option<Box<Record>>),
    Saved(Saved),
    Conflict(Box<Conflict>),
    /// Nothing was saved yet: whether it is meant is for the officer to say.
    Asks(Box<EnrolQuestion>),
    History(HistoryPage),
    Details(Vec<ChangeDetail>),
    ImportRows(Vec<RowVerdict>),
    Imported(Imported),
    Verified(Verified),
    /// The entry whose line bears that hash.
    Found(Option<u64>),
    Journal(Box<JournalPart>),
    Sittings(Vec<Sitting>),
    Done,
    Refused(Problem),
}

impl Answer {
    /// Leaves rows for the next page where the answer takes `length` bytes instead of `limit`;
    /// false when nothing can be left out of it.
    pub fn shorten(&mut self, limit: usize, length: usize) -> bool {
        fn cut<T>(rows: &mut Vec<T>, limit: usize, length: usize) -> bool {
            let before = rows.len();
            // A little less, since rows are not of one length.
            let keep = before.saturating_mul(limit) / length.max(1) * 9 / 10;
            rows.truncate(keep.max(1));
            rows.len() < before
        }
        match self {
            Self::Page(page) => cut(&mut page.rows, limit, length),
            Self::Table(table) => cut(&mut table.rows, limit, length),
            // The rows of one that is asked for changes are not a page.
            Self::Matrix(matrix) if matrix.window.is_none() => cut(&mut matrix.rows, limit, length),
            _ => false,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OfficeInfo {
    pub name: String,
    /// Operating system's name of the officer at work.
    pub officer: String,
    /// Today, where the office is.
    pub today: NaiveDate,
    /// Hours east of UTC.
    pub utc_offset_hours: i8,
    /// People within the officer's reach; so is every count an answer carries.
    pub employees: u32,
    pub last_seq: u64,
    /// Why nothing can be written, if so.
    pub read_only: Option<Problem>,
    /// What was found and mended on opening (a torn last line, a rebuilt store).
    pub mended: Vec<Mended>,
    /// Share of days present that earns a session's JP, in percent.
    pub attendance_min: u8,
    pub requests: OpenRequests,
    /// What the officer may do, so that a screen offers nothing else.
    pub role: Role,
    /// Their part of the tree and its name; the whole office when absent.
    pub unit: Option<(UnitId, String)>,
    /// Days on which offices are closed, from last year to the year after next.
    pub holidays: Vec<Holiday>,
    /// The rules that hold today.
    pub rules: Box<Rulebook>,
}

/// Correction requests the asker may see that are to be answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenRequests {
    pub open: u32,
    /// Those that should have been.
    pub late: u32,
    /// Those due within a day.
    pub soon: u32,
    /// When the most urgent is due.
    pub next: Option<chrono::DateTime<chrono::Utc>>,
}

impl OfficeInfo {
    /// Whether the officer can change nothing here: the office is closed to writing, or
    /// their role does not cover it.
    pub fn is_closed(&self) -> bool {
        self.read_only.is_some() || !self.role.writes()
    }
}

/// Something the office set right by itself on opening.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Mended {
    /// An end of the journal that was never finished was set aside in this file.
    TornLine {
        file: String,
        /// Everything the store has shown as saved is there.
        nothing_lost: bool,
    },
    /// The store was built anew from the journal.
    StoreRebuilt { entries: u64 },
    /// Taking out personal data had been cut short; now it is done.
    ErasureFinished,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// Records of the kind (and unit), before the search.
    pub total: u32,
    /// Records the search finds.
    pub matched: u32,
    /// People left out of it since their processing is restricted.
    pub restricted: u32,
    /// Where this window begins.
    pub offset: u32,
    /// Where the anchor stands in the whole result.
    pub anchor: Option<u32>,
    pub columns: Vec<String>,
    pub rows: Vec<Row>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    pub number: u32,
    pub rev: Revision,
    pub cells: Vec<Value>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stored {
    pub id: RecordId,
    pub rev: Revision,
    pub record: Record,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Person {
    pub stored: Stored,
    /// Names from the root down.
    pub unit_path: Vec<String>,
    pub position: Option<crate::domain::kinds::position::Position>,
    pub cells: Vec<Cell>,
    pub figures: Figures,
    pub jp: JpByYear,
    /// For the year of today.
    pub standing: JpStanding,
    /// Latest first.
    pub trainings: Vec<PersonTraining>,
    /// What raises the competencies that are below standard, where a programme says so; at
    /// most one a competency.
    pub courses: Vec<Course>,
    /// The last years, the first of them the first with anything to tell.
    pub years: Vec<PersonYear>,
}

/// How a person stood on the last day of a year, or stands today.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PersonYear {
    pub year: u16,
    pub figures: Figures,
    pub jp: u32,
}

/// A programme that is meant to raise a competency, and when it is held next.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Course {
    pub competency: CompetencyId,
    pub id: ProgrammeId,
    pub programme: String,
    pub next: Option<NextSession>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NextSession {
    pub session: SessionId,
    pub start: NaiveDate,
    /// Seats that are left, where they are counted.
    pub free: Option<u32>,
    /// Whether this person is to be there already.
    pub enrolled: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PersonTraining {
    pub session: SessionId,
    pub programme: String,
    pub start: Option<NaiveDate>,
    pub end: Option<NaiveDate>,
    pub jp: u16,
    pub cancelled: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Matrix {
    pub at: NaiveDate,
    pub unit: Option<String>,
    /// People in the unit, before the search; then those the search finds.
    pub total: u32,
    pub matched: u32,
    /// Lines there are: those matched and, where they are grouped, one above each unit's.
    pub lines: u32,
    pub offset: u32,
    pub anchor: Option<u32>,
    /// The columns: not archived, in the order of their codes.
    pub competencies: Vec<MatrixCompetency>,
    pub rows: Vec<MatrixRow>,
    /// The units whose line is in this window; the lines between are `rows`, in their order.
    pub groups: Vec<MatrixGroup>,
    /// The last entry it knows, where `since` was asked; else 0.
    pub seq: u64,
    /// Everybody of the window in their order, where `rows` are only those of them who are
    /// otherwise since the entry asked about.
    pub window: Option<Vec<EmployeeId>>,
    /// Of all matched rows, not only this window; in the order of `competencies`.
    pub column_figures: Vec<Figures>,
    pub figures: Figures,
    /// Whether every standard used was read in the regulation itself.
    pub standards_verified: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MatrixCompetency {
    pub id: CompetencyId,
    pub code: String,
    pub name: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MatrixRow {
    pub employee: EmployeeId,
    pub nip: String,
    /// Without titles.
    pub name: String,
    pub position: String,
    pub job_level: Option<crate::domain::kinds::position::JobLevel>,
    /// In the order of `Matrix::competencies`.
    pub cells: Vec<Cell>,
    pub figures: Figures,
}

/// The people of one unit alone who are shown, without those of the units below it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MatrixGroup {
    /// Its place among all lines.
    pub line: u32,
    /// None of those who are in no unit.
    pub unit: Option<UnitId>,
    pub name: String,
    pub people: u32,
    /// People below standard, in the order of the competencies.
    pub below: Vec<u32>,
    pub figures: Figures,
}

/// Where a cell comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Explanation {
    pub competency: Competency,
    pub cell: Cell,
    /// The standard that requires the level, and whether it is the position's own.
    pub standard: Option<Stored>,
    pub position: String,
    /// The person's own, by name, and what they have of this year.
    pub unit: String,
    pub jp: u32,
    /// Latest first; the first is the current level.
    pub ratings: Vec<Stored>,
    pub figures: Figures,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attendance {
    pub session: Stored,
    pub programme: String,
    /// The JP full attendance earns.
    pub jp: u16,
    pub days: Vec<NaiveDate>,
    pub rows: Vec<AttendanceRow>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AttendanceRow {
    pub employee: EmployeeId,
    pub nip: String,
    pub name: String,
    pub unit: String,
    pub kind: crate::domain::kinds::employee::EmploymentKind,
    /// One a day.
    pub marks: Vec<Option<Presence>>,
    /// Earned in this session.
    pub earned: u16,
    /// Earned in this session's year, this session included.
    pub year_total: u32,
    pub standing: JpStanding,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Saved {
    /// The entry on the disk; `None` when nothing differed.
    pub seq: Option<u64>,
    /// The records it touched (at most the first hundred).
    pub ids: Vec<RecordId>,
    /// How many there were in all.
    pub count: u32,
    pub summary: Summary,
}

/// A stale write: nothing was saved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conflict {
    pub id: RecordId,
    /// As it stands now; `None` when deleted meanwhile.
    pub theirs: Option<Stored>,
    /// What the officer began from.
    pub base: Option<Record>,
    pub mine: Record,
    /// Who wrote `theirs`.
    pub by: String,
}

/// Before people are enrolled: for whom there is no seat, and who is elsewhere on a day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EnrolQuestion {
    /// People to be enrolled.
    pub people: u32,
    pub capacity: Option<u16>,
    /// So many of them have no seat.
    pub over: u32,
    /// The first of those who are in another session on one of its days.
    pub clashes: Vec<Clash>,
    /// How many there are in all.
    pub clashing: u32,
}

/// Somebody who is in another session at the time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Clash {
    /// The person and the other session.
    pub label: String,
    pub start: Option<NaiveDate>,
    pub end: Option<NaiveDate>,
}

/// A stretch of the journal's files, of what was committed when `head` was the head.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JournalPart {
    pub head: Head,
    pub segment: u32,
    /// How long this segment is, up to the head.
    pub length: u64,
    pub bytes: Vec<u8>,
    /// Where the next part begins; the head's end after the last one.
    pub next: Place,
}

/// What became of one row; rows without remark that changed nothing are counted only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RowVerdict {
    pub line: u32,
    pub verdict: Verdict,
    pub warnings: Vec<Fault>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Verdict {
    Added { label: String },
    Changed { label: String, fields: Vec<FieldChange> },
    Unchanged,
    Refused(Fault),
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Imported {
    pub accepted: u32,
    pub added: u32,
    pub changed: u32,
    pub unchanged: u32,
    pub refused: u32,
    /// `None` when nothing changed or it was a dry run.
    pub seq: Option<u64>,
    /// Rows of a ledger that came into a session with others, and those sessions.
    pub gathered: (u32, u32),
    /// Remarks that appear only at the end (a PPPK over the ceiling).
    pub warnings: Vec<RowFault>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verified {
    pub entries: u64,
    /// Of the whole office, as the next; 0 for whoever sees a part of it.
    pub records: u64,
    /// Values taken out as the law requires.
    pub erased: u64,
    /// Hash of the last line: what a signed paper can hold.
    pub head: String,
}
