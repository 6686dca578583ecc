//! The protocol between whoever shows the office to a person and the office itself:
//! requests, answers, notices. The same values go over a channel in one process today
//! and in frames over a socket when several officers share an office; panes and
//! commands know nothing else of the office.
//!
//! Nothing here is in a language: problems are codes with arguments.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::change::{RequestId, Via};
use crate::domain::competency::Competency;
use crate::domain::fault::Fault;
use crate::domain::gap::{Cell, Figures};
use crate::domain::intake::{Intake, IntakeRow, RowFault};
use crate::domain::rating::Rating;
use crate::domain::record::{
    CompetencyId, EmployeeId, FieldChange, Kind, Record, RecordId, Revision, SessionId, UnitId,
};
use crate::domain::training::{JpByYear, JpStanding, Presence};
use crate::domain::value::Value;

/// The most rows one page carries.
pub const PAGE_MAX: u32 = 1000;
/// The most ids one request may name; more are named by a query.
pub const IDS_MAX: usize = 100_000;

/// Pairs a reply with its request; chosen by the asker, unique within a connection.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Ticket(pub u64);

/// What reaches the asker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Incoming {
    Reply(Ticket, Box<Answer>),
    Notice(Notice),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// Who and what this office is. Answer: `Welcome`.
    Welcome,
    /// A window of a list. Answer: `Page`.
    List(ListQuery),
    /// The ids of everything a query finds, in its order (marks, bulk). Answer: `Ids`.
    Ids(ListQuery),
    /// One record. Answer: `Record`.
    Get(RecordId),
    /// The record a person means by this text: a NIP, a code, a path, `1234`. Answer: `Record`.
    Find(Kind, String),
    /// Candidates for a form's lookup or the palette, best first. Answer: `Hits`.
    Lookup {
        kind: Kind,
        text: String,
        limit: u32,
    },
    /// A unit by code, name or path. Answer: `Record`, or `Refused(AmbiguousUnit)`.
    FindUnit(String),
    /// One person with everything a detail view shows. Answer: `Person`.
    Person(EmployeeId),
    /// Answer: `Matrix`.
    Matrix(MatrixQuery),
    /// Where a cell of the matrix comes from. Answer: `Explained`.
    Explain {
        employee: EmployeeId,
        competency: CompetencyId,
        at: Option<NaiveDate>,
    },
    /// Who is enrolled in a session, and their attendance. Answer: `Attendance`.
    Attendance(SessionId),

    /// Writes. Answer: `Saved`, `Conflict` or `Refused`.
    Save(Save),
    /// Sets one field of many records, leaving the rest of each as it stands.
    SetField {
        step: Step,
        kind: Kind,
        ids: Vec<u32>,
        field: String,
        value: String,
    },
    /// Adds ratings; the same person, competency, source, rater, date and method again
    /// supersedes the earlier level.
    Rate {
        step: Step,
        ratings: Vec<Rating>,
    },
    Enrol {
        step: Step,
        session: SessionId,
        employees: Vec<EmployeeId>,
    },
    Unenrol {
        step: Step,
        session: SessionId,
        employees: Vec<EmployeeId>,
    },
    /// Marks days of attendance, day 0 first; `None` clears a mark.
    Attend {
        step: Step,
        session: SessionId,
        marks: Vec<(EmployeeId, u16, Option<Presence>)>,
    },
    Delete {
        step: Step,
        ids: Vec<(RecordId, Revision)>,
    },
    /// Takes back an entry; without a number the caller's latest that is neither undone
    /// nor itself an undo.
    Undo {
        step: Step,
        seq: Option<u64>,
    },
    /// Takes back the caller's latest undo.
    Redo {
        step: Step,
    },

    /// Answer: `History`.
    History(HistoryQuery),
    /// What one entry changed, field by field. Answer: `Details`.
    Details {
        seq: u64,
        limit: u32,
    },

    /// Begins an import; one at a time. Answer: `Done`.
    ImportStart(ImportStart),
    /// The next rows. Answer: `ImportRows`.
    ImportRows(Vec<IntakeRow>),
    /// Saves the good rows (or only counts, when dry). Answer: `Imported`.
    ImportFinish,
    /// Forgets everything since `ImportStart`. Answer: `Done`.
    ImportCancel,

    /// Proves the journal's chain, then the store against the journal. Answer: `Verified`.
    Verify,
    /// Builds the store anew. Answer: `Done`.
    Rebuild,
}

/// What every write carries.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    pub req: RequestId,
    pub via: Via,
    /// Why, in the officer's words; may be empty.
    pub why: String,
}

/// Records to put, all or none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Save {
    pub step: Step,
    pub drafts: Vec<Draft>,
}

/// A record as the officer left it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// `None` for a new record.
    pub id: Option<RecordId>,
    /// The revision the officer saw; 0 for a new record or an untouched built-in.
    pub base: Revision,
    pub record: Record,
}

/// A window of a list: what to show, in which order, from where.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ListQuery {
    pub kind: Kind,
    /// As typed behind `/`.
    pub search: String,
    /// This unit and everything below it.
    pub unit: Option<UnitId>,
    /// Only what belongs to this record: a session's enrolments, a programme's sessions,
    /// a person's ratings.
    pub of: Option<RecordId>,
    /// Column names, first the most important; empty means the kind's own order.
    pub sort: Vec<SortKey>,
    /// Column names to fill in; empty means all of the kind.
    pub columns: Vec<String>,
    pub offset: u32,
    pub limit: u32,
    /// When given, `Page::anchor` says where this record stands, and the window is
    /// moved so that it is inside.
    pub anchor: Option<u32>,
}

impl ListQuery {
    pub fn all(kind: Kind) -> Self {
        Self {
            kind,
            search: String::new(),
            unit: None,
            of: None,
            sort: Vec::new(),
            columns: Vec::new(),
            offset: 0,
            limit: PAGE_MAX,
            anchor: None,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SortKey {
    pub column: String,
    pub descending: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MatrixQuery {
    pub unit: Option<UnitId>,
    /// As typed behind `/`; finds people.
    pub search: String,
    /// Ratings and standards as of this day; today when absent.
    pub at: Option<NaiveDate>,
    pub offset: u32,
    pub limit: u32,
    pub anchor: Option<u32>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HistoryQuery {
    pub record: Option<RecordId>,
    pub by: Option<String>,
    pub since: Option<NaiveDate>,
    /// Only entries before this one (paging backwards).
    pub before: Option<u64>,
    pub limit: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportStart {
    pub step: Step,
    pub intake: Intake,
    /// Names of the record's fields the file has a column for; others are left alone.
    pub columns: Vec<String>,
    /// Count and compare only.
    pub dry_run: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    Welcome(Box<OfficeInfo>),
    Page(Page),
    Ids(Vec<u32>),
    Record(Option<Box<Stored>>),
    Hits(Vec<Hit>),
    Person(Box<Person>),
    Matrix(Box<Matrix>),
    Explained(Box<Explanation>),
    Attendance(Box<Attendance>),
    Saved(Saved),
    Conflict(Box<Conflict>),
    History(Vec<HistoryLine>),
    Details(Vec<ChangeDetail>),
    ImportRows(Vec<RowVerdict>),
    Imported(Imported),
    Verified(Verified),
    Done,
    Refused(Problem),
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
    pub employees: u32,
    pub last_seq: u64,
    /// Why nothing can be written, if so.
    pub read_only: Option<Problem>,
    /// What was found and mended on opening (a torn last line, a rebuilt store).
    pub mended: Vec<Mended>,
    /// Share of days present that earns a session's JP, in percent.
    pub attendance_min: u8,
}

/// Something the office set right by itself on opening.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Mended {
    /// A last line that was never finished was set aside in this file.
    TornLine { file: String },
    /// The store was built anew from the journal.
    StoreRebuilt { entries: u64 },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// Records of the kind (and unit), before the search.
    pub total: u32,
    /// Records the search finds.
    pub matched: u32,
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

/// A candidate: a record, what to call it, and a second line that tells it from others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hit {
    pub id: RecordId,
    pub label: String,
    pub detail: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Person {
    pub stored: Stored,
    /// Names from the root down.
    pub unit_path: Vec<String>,
    pub position: Option<crate::domain::position::Position>,
    pub cells: Vec<Cell>,
    pub figures: Figures,
    pub jp: JpByYear,
    /// For the year of today.
    pub standing: JpStanding,
    /// Latest first.
    pub trainings: Vec<PersonTraining>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PersonTraining {
    pub session: SessionId,
    pub programme: String,
    pub start: Option<NaiveDate>,
    pub end: Option<NaiveDate>,
    pub jp: u16,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Matrix {
    pub at: NaiveDate,
    pub unit: Option<String>,
    /// People in the unit, before the search; then those the search finds.
    pub total: u32,
    pub matched: u32,
    pub offset: u32,
    pub anchor: Option<u32>,
    /// The columns: not archived, in the order of their codes.
    pub competencies: Vec<MatrixCompetency>,
    pub rows: Vec<MatrixRow>,
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
    pub job_level: Option<crate::domain::position::JobLevel>,
    /// In the order of `Matrix::competencies`.
    pub cells: Vec<Cell>,
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
    pub kind: crate::domain::employee::EmploymentKind,
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

/// What an entry did, for toasts and history: counts by kind and act.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    pub parts: Vec<(Kind, Act, u32)>,
    /// The label when exactly one record was touched.
    pub label: String,
    /// It takes back this entry; `redo` when that was itself an undo.
    pub undoes: Option<u64>,
    pub redo: bool,
    pub via: Option<Via>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Act {
    Added,
    Changed,
    Deleted,
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

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistoryLine {
    pub seq: u64,
    pub at: chrono::DateTime<chrono::Utc>,
    pub by: String,
    pub via: Via,
    pub why: String,
    pub summary: Summary,
    /// The entry that took this one back, if any.
    pub undone_by: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChangeDetail {
    pub id: RecordId,
    pub label: String,
    pub act: Act,
    pub fields: Vec<FieldChange>,
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
    /// Remarks that appear only at the end (a PPPK over the ceiling).
    pub warnings: Vec<RowFault>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verified {
    pub entries: u64,
    pub records: u64,
    /// Hash of the last line: what a signed paper can hold.
    pub head: String,
}

/// Something changed, or goes on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Notice {
    /// Records changed; with `many` set, ask again for everything shown.
    Changed { seq: u64, ids: Vec<RecordId>, many: bool },
    /// A long piece of work goes on; `total` is 0 while unknown.
    Progress { work: Work, done: u64, total: u64 },
    /// From now on nothing can be written.
    ReadOnly(Problem),
    /// The office has closed.
    Closed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Work {
    Rebuilding,
    Importing,
    Verifying,
    Undoing,
}

/// Why something was not done. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Problem {
    /// Field by field; the draft they belong to by its place in the request.
    Invalid(Vec<(u32, Fault)>),
    NotFound,
    AmbiguousUnit(Vec<String>),
    /// `--read-only`, or the request came too late.
    ReadOnly,
    /// The journal is damaged here; read only until restored or quarantined.
    Damaged {
        file: String,
        line: u64,
    },
    /// A newer program has written this line of the journal; read only with this one.
    Newer {
        file: String,
        line: u64,
    },
    /// The store knows entries the journal has lost.
    JournalShort {
        store: u64,
        journal: u64,
    },
    /// No room on the disk; nothing was saved, the office goes on.
    DiskFull,
    /// The disk did not confirm; whether it was saved shows on opening again.
    SyncUnsure,
    /// Reading or writing failed, in the system's words.
    Io(String),
    NothingToUndo,
    NothingToRedo,
    AlreadyUndone {
        seq: u64,
    },
    /// Records changed since by others: undo would lose that.
    ChangedSince(Vec<String>),
    /// Others depend on it: what, and how many in all.
    DependedOn {
        labels: Vec<String>,
        count: u32,
    },
    /// People with a history are not deleted; deactivate them.
    HasHistory {
        label: String,
    },
    TooMany {
        limit: u32,
    },
    ImportRunning,
    NoImport,
    /// Verification found the first difference here.
    Differs {
        place: String,
    },
    /// The office has closed.
    Closed,
}
