//! Requests: everything an office can be asked, and what each request carries.

use crate::domain::change::{CHANGES_MAX, Head, Place, RequestId, Via};
use crate::domain::intake::{CHUNK_ROWS, Intake, IntakeRow};
use crate::domain::kinds::enrolment::Presence;
use crate::domain::kinds::rating::Rating;
use crate::domain::record::{
    CompetencyId, CycleId, EmployeeId, Kind, PositionId, Record, RecordId, Revision, SessionId,
    UnitId,
};
use crate::domain::vocabulary::Tongue;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{CycleAct, IDS_MAX, PAGE_MAX, Problem, ReportQuery, Tried};
use crate::domain::bound;
use crate::domain::fault::{Fault, Reason};
use crate::domain::field::{TEXT_MAX, is_unseen_in_lines};

/// The most columns anything is asked by.
const COLUMNS_MAX: usize = 500;
/// Rows that still are answered with how many are too many.
const ROWS_MAX: usize = 10 * CHUNK_ROWS;

fn ratings<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<Rating>, D::Error> {
    #[derive(Deserialize)]
    #[serde(transparent)]
    struct Bound(#[serde(deserialize_with = "bound::record")] Rating);
    let ratings = bound::list::<D, Bound, IDS_MAX>(from)?;
    Ok(ratings.into_iter().map(|Bound(rating)| rating).collect())
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
    Find(Kind, #[serde(deserialize_with = "bound::text::<_, { bound::LINE }>")] String),
    /// What to call these records, with the names of those they refer to; at most
    /// [`PAGE_MAX`]. Answer: `Labels`, in their order.
    Labels(#[serde(deserialize_with = "bound::list::<_, _, IDS_MAX>")] Vec<RecordId>),
    /// Candidates for a form's lookup or the palette, best first. Answer: `Hits`.
    Lookup {
        kind: Kind,
        #[serde(deserialize_with = "bound::text::<_, { bound::LINE }>")]
        text: String,
        limit: u32,
    },
    /// Sessions to enrol these people in, by what is typed, those that come first; at most
    /// [`IDS_MAX`] people. Answer: `Openings`.
    Openings {
        #[serde(deserialize_with = "bound::text::<_, { bound::LINE }>")]
        text: String,
        #[serde(deserialize_with = "bound::list::<_, _, IDS_MAX>")]
        employees: Vec<EmployeeId>,
        limit: u32,
    },
    /// How a search of this kind may go on, as typed so far; behind a blank nothing is being
    /// typed any more. Answer: `Completed`.
    Complete {
        kind: Kind,
        tongue: Tongue,
        #[serde(deserialize_with = "bound::text::<_, { bound::LINE }>")]
        text: String,
    },
    /// A unit by code, name or path. Answer: `Record`, or `Refused(AmbiguousUnit)`.
    FindUnit(#[serde(deserialize_with = "bound::text::<_, { bound::LINE }>")] String),
    /// One person with everything a detail view shows. Answer: `Person`.
    Person(EmployeeId),
    /// The same, measured against another post as a trial; nothing is kept. Answer: `Person`.
    PersonAs { employee: EmployeeId, position: PositionId },
    /// What an officer sees first, of this unit and everything below it. Answer: `Home`.
    Home { unit: Option<UnitId> },
    /// Answer: `Matrix`.
    Matrix(MatrixQuery),
    /// Where a cell of the matrix comes from. Answer: `Explained`.
    Explain { employee: EmployeeId, competency: CompetencyId, at: Option<NaiveDate> },
    /// Who is enrolled in a session, and their attendance. Answer: `Attendance`.
    Attendance(SessionId),
    /// A cycle and how far it has come. Answer: `Cycle`.
    Cycle(CycleId),
    /// A cycle's sheets by code, at most [`PAGE_MAX`] at once; what they say is told by
    /// nothing. Answer: `Sheets`.
    Sheets { cycle: CycleId, unit: Option<UnitId>, offset: u32 },
    /// The reports there are for the asker. Answer: `Reports`.
    Reports,
    /// A window of a report. Answer: `Table`.
    Report(ReportQuery),
    /// Where a cell of a report comes from: the row by its id, the column by its key.
    /// Answer: `CellExplained`.
    ExplainCell {
        query: ReportQuery,
        row: u64,
        #[serde(deserialize_with = "bound::text::<_, { bound::WORD }>")]
        column: String,
    },
    /// The record an officer would make next from a row of a report. Answer: `Begun`.
    Begin { query: ReportQuery, row: u64 },

    /// Whom a change of standards would move between categories; nothing is saved.
    /// Answer: `Moves`, or why it could not be saved.
    Moves(Tried),

    /// The record this sitting has open in a form; `None` once it has closed it. Others are
    /// told, nothing is locked and nothing is written. Answer: `Done`.
    Editing(Option<RecordId>),

    /// Writes. Answer: `Saved`, `Conflict` or `Refused`; `Asks` where people are enrolled
    /// for whom there is no seat, or who are elsewhere at the time.
    Save(Save),
    /// The same without asking.
    SaveAnyway(Save),
    /// Sets one field of many records, leaving the rest of each as it stands.
    SetField {
        step: Step,
        kind: Kind,
        #[serde(deserialize_with = "bound::list::<_, _, IDS_MAX>")]
        ids: Vec<u32>,
        #[serde(deserialize_with = "bound::text::<_, { bound::WORD }>")]
        field: String,
        #[serde(deserialize_with = "bound::text::<_, { bound::TEXT }>")]
        value: String,
    },
    /// Adds ratings; the same person, competency, source, rater, date and method again
    /// supersedes the earlier level.
    Rate {
        step: Step,
        #[serde(deserialize_with = "ratings")]
        ratings: Vec<Rating>,
    },
    Enrol {
        step: Step,
        session: SessionId,
        #[serde(deserialize_with = "bound::list::<_, _, IDS_MAX>")]
        employees: Vec<EmployeeId>,
    },
    /// The same without asking.
    EnrolAnyway {
        step: Step,
        session: SessionId,
        #[serde(deserialize_with = "bound::list::<_, _, IDS_MAX>")]
        employees: Vec<EmployeeId>,
    },
    Unenrol {
        step: Step,
        session: SessionId,
        #[serde(deserialize_with = "bound::list::<_, _, IDS_MAX>")]
        employees: Vec<EmployeeId>,
    },
    /// Marks days of attendance, day 0 first; `None` clears a mark.
    Attend {
        step: Step,
        session: SessionId,
        #[serde(deserialize_with = "bound::list::<_, _, IDS_MAX>")]
        marks: Vec<(EmployeeId, u16, Option<Presence>)>,
    },
    /// Goes on with an assessment cycle.
    Assess { step: Step, cycle: CycleId, act: CycleAct },
    Delete {
        step: Step,
        #[serde(deserialize_with = "bound::list::<_, _, IDS_MAX>")]
        ids: Vec<(RecordId, Revision)>,
    },
    /// Takes back an entry; without a number the caller's latest that is neither undone
    /// nor itself an undo.
    Undo { step: Step, seq: Option<u64> },
    /// Makes pseudonyms of these people, at most [`ERASE_MAX`], and takes what earlier
    /// entries say of them out of the journal: never to be taken back.
    Erase {
        step: Step,
        #[serde(deserialize_with = "bound::list::<_, _, IDS_MAX>")]
        people: Vec<EmployeeId>,
    },
    /// Takes the reason of one step out of the journal: never to be taken back. What the step
    /// did stays.
    EraseReason { step: Step, seq: u64 },
    /// Takes back the caller's latest undo.
    Redo { step: Step },

    /// Answer: `History`.
    History(HistoryQuery),
    /// What one entry changed, field by field; with `of`, of this person alone: their
    /// record, ratings, enrolments and requests. Answer: `Details`.
    Details { seq: u64, limit: u32, of: Option<EmployeeId> },

    /// Begins an import; one at a time. Answer: `Done`, or `Imported` with nothing but the
    /// entry if this very request was carried out before.
    ImportStart(ImportStart),
    /// The rows that follow have other columns: they stand in another sheet. Answer: `Done`.
    ImportColumns(
        #[serde(deserialize_with = "bound::texts::<_, COLUMNS_MAX, { bound::WORD }>")] Vec<String>,
    ),
    /// The next rows. Answer: `ImportRows`.
    ImportRows(#[serde(deserialize_with = "bound::list::<_, _, ROWS_MAX>")] Vec<IntakeRow>),
    /// Saves the good rows (or only counts, when dry). Answer: `Imported`.
    ImportFinish,
    /// Forgets everything since `ImportStart`. Answer: `Done`.
    ImportCancel,

    /// The journal as it stands, from one place on; the head comes with the first part and
    /// goes with the request for every further one. Answer: `Journal`.
    Backup { from: Place, head: Option<Head> },

    /// Proves the journal's chain, then the store against the journal. Answer: `Verified`.
    Verify,
    /// Where in the chain a signed-off head stands; looked for in its place only, if that is
    /// known. Answer: `Found`.
    FindHead {
        seq: Option<u64>,
        /// The first digits of its hash, in small letters.
        #[serde(deserialize_with = "bound::text::<_, { bound::WORD }>")]
        hash: String,
    },
    /// Builds the store anew. Answer: `Done`.
    Rebuild,
    /// Who is at the office now. Answer: `Sittings`.
    Sittings,
    /// Ends one of these, whatever it is at. Answer: `Done`.
    EndSitting(u64),
    /// Stops the long work this sitting waits for, which is answered as cancelled. Answer:
    /// `Done`.
    Stop,
}

/// What every write carries.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    #[serde(deserialize_with = "bound::request_id")]
    pub req: RequestId,
    #[serde(deserialize_with = "bound::via")]
    pub via: Via,
    /// Why, in the officer's words; may be empty.
    #[serde(deserialize_with = "bound::text::<_, { bound::LINE }>")]
    pub why: String,
}

impl Step {
    /// What is wrong with it, whichever way it came here.
    pub fn check(&self) -> Result<(), Problem> {
        if self.why.chars().count() > TEXT_MAX {
            let fault = Fault::with("why", Reason::TooLong, TEXT_MAX);
            return Err(Problem::Invalid(vec![(0, fault)]));
        }
        // Whoever reads the reason has to see all of it.
        if self.why.contains(is_unseen_in_lines) {
            return Err(Problem::Invalid(vec![(0, Fault::new("why", Reason::ControlCharacter))]));
        }
        Ok(())
    }
}

/// Records to put, all or none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Save {
    pub step: Step,
    #[serde(deserialize_with = "bound::list::<_, _, IDS_MAX>")]
    pub drafts: Vec<DraftRecord>,
}

/// A record as the officer left it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DraftRecord {
    /// `None` for a new record.
    pub id: Option<RecordId>,
    /// The revision the officer saw; 0 for a new record or an untouched built-in.
    pub base: Revision,
    #[serde(deserialize_with = "bound::record")]
    pub record: Record,
}

/// A window of a list: what to show, in which order, from where.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ListQuery {
    pub kind: Kind,
    /// As typed behind `/`.
    #[serde(deserialize_with = "bound::text::<_, { bound::LINE }>")]
    pub search: String,
    /// This unit and everything below it.
    pub unit: Option<UnitId>,
    /// Only what belongs to this record: a session's enrolments, a programme's sessions,
    /// a person's ratings.
    pub of: Option<RecordId>,
    /// Column names, first the most important; empty means the kind's own order.
    #[serde(deserialize_with = "bound::list::<_, _, COLUMNS_MAX>")]
    pub sort: Vec<SortKey>,
    /// Column names to fill in; empty means all of the kind.
    #[serde(deserialize_with = "bound::texts::<_, COLUMNS_MAX, { bound::WORD }>")]
    pub columns: Vec<String>,
    pub offset: u32,
    pub limit: u32,
    /// When given, `Page::anchor` says where this record stands, and the window is
    /// moved so that it is inside.
    pub anchor: Option<u32>,
    /// For a file: people whose processing is restricted are left out, and counted.
    pub export: bool,
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
            export: false,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SortKey {
    #[serde(deserialize_with = "bound::text::<_, { bound::WORD }>")]
    pub column: String,
    pub descending: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MatrixQuery {
    pub unit: Option<UnitId>,
    /// As typed behind `/`; finds people.
    #[serde(deserialize_with = "bound::text::<_, { bound::LINE }>")]
    pub search: String,
    /// By a competency's code or a column of people; by name when absent.
    pub sort: Option<SortKey>,
    /// By unit, each unit's sums in a line above its people: lines are counted then, not people.
    pub grouped: bool,
    /// Ratings and standards as of this day; today when absent.
    pub at: Option<NaiveDate>,
    pub offset: u32,
    pub limit: u32,
    pub anchor: Option<u32>,
    /// Where the answer stood whose rows the asker still has, 0 for none: rows that are as
    /// they were need not come again.
    pub since: Option<u64>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HistoryQuery {
    pub record: Option<RecordId>,
    /// Their record, their ratings and their enrolments, deleted ones too.
    pub person: Option<EmployeeId>,
    pub kind: Option<Kind>,
    #[serde(deserialize_with = "bound::text_if_any::<_, { bound::WORD }>")]
    pub by: Option<String>,
    /// Days where the office is, both included.
    pub since: Option<NaiveDate>,
    pub until: Option<NaiveDate>,
    /// As typed behind `/`: words, and `by`, `person`, `kind`, `via`, `date`, `since`, `until`.
    #[serde(deserialize_with = "bound::text::<_, { bound::LINE }>")]
    pub search: String,
    /// Only entries before this one.
    pub before: Option<u64>,
    /// The oldest entries after this one instead of the newest.
    pub after: Option<u64>,
    pub limit: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportStart {
    pub step: Step,
    pub intake: Intake,
    /// Names of the record's fields the file has a column for; others are left alone.
    #[serde(deserialize_with = "bound::texts::<_, COLUMNS_MAX, { bound::WORD }>")]
    pub columns: Vec<String>,
    /// Count and compare only.
    pub dry_run: bool,
}

impl Request {
    /// What a write carries; `None` for everything that changes no record by itself.
    pub fn step(&self) -> Option<&Step> {
        match self {
            Self::Save(save) | Self::SaveAnyway(save) => Some(&save.step),
            Self::SetField { step, .. }
            | Self::Rate { step, .. }
            | Self::Enrol { step, .. }
            | Self::EnrolAnyway { step, .. }
            | Self::Unenrol { step, .. }
            | Self::Attend { step, .. }
            | Self::Assess { step, .. }
            | Self::Delete { step, .. }
            | Self::Undo { step, .. }
            | Self::Erase { step, .. }
            | Self::EraseReason { step, .. }
            | Self::Redo { step } => Some(step),
            _ => None,
        }
    }

    /// About how many records a write is about.
    pub fn weight(&self) -> usize {
        match self {
            Self::Save(save) => save.drafts.len(),
            Self::SetField { ids, .. } => ids.len(),
            Self::Rate { ratings, .. } => ratings.len(),
            Self::Enrol { employees, .. } | Self::Unenrol { employees, .. } => employees.len(),
            Self::Attend { marks, .. } => marks.len(),
            Self::Assess { act: CycleAct::Key(sheets), .. } => sheets.len(),
            Self::Delete { ids, .. } => ids.len(),
            // What they take back, or are done to, may be of any size.
            Self::Assess { .. }
            | Self::Undo { .. }
            | Self::Redo { .. }
            | Self::Erase { .. }
            | Self::EraseReason { .. } => CHANGES_MAX,
            _ => 0,
        }
    }

    /// Whether it takes something out of the journal.
    pub const fn erases(&self) -> bool {
        matches!(self, Self::Erase { .. } | Self::EraseReason { .. })
    }

    /// Whether a screen asks it for what it shows, and again when told that this is otherwise.
    pub const fn only_shows(&self) -> bool {
        match self {
            Self::List(query) => !query.export,
            Self::Welcome
            | Self::Home { .. }
            | Self::Labels(_)
            | Self::Person(_)
            | Self::PersonAs { .. }
            | Self::Matrix(_)
            | Self::Attendance(_)
            | Self::Cycle(_)
            | Self::Reports
            | Self::Editing(_)
            | Self::Sittings
            | Self::Stop => true,
            _ => false,
        }
    }

    /// Whether nothing comes of it but an answer.
    pub fn only_reads(&self) -> bool {
        let import = matches!(
            self,
            Self::ImportStart(_) | Self::ImportRows(_) | Self::ImportFinish | Self::ImportCancel
        );
        self.step().is_none() && !import
    }

    /// As [`step`](Self::step), to be filled in.
    pub fn step_mut(&mut self) -> Option<&mut Step> {
        match self {
            Self::Save(save) | Self::SaveAnyway(save) => Some(&mut save.step),
            Self::SetField { step, .. }
            | Self::Rate { step, .. }
            | Self::Enrol { step, .. }
            | Self::EnrolAnyway { step, .. }
            | Self::Unenrol { step, .. }
            | Self::Attend { step, .. }
            | Self::Assess { step, .. }
            | Self::Delete { step, .. }
            | Self::Undo { step, .. }
            | Self::Erase { step, .. }
            | Self::EraseReason { step, .. }
            | Self::Redo { step } => Some(step),
            _ => None,
        }
    }
}
