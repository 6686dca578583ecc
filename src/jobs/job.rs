//! What a screen says to a job and hears from it: a file to import or an export to write,
//! its progress and its end. Only the words; `run` carries them out.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::domain::fault::Fault;
use crate::domain::intake::Intake;
use crate::domain::record::EmployeeId;
use crate::exchange::Sheets;
pub use crate::exchange::{ColumnHeading, Columns};
use crate::jobs::files::FolderList;
use crate::protocol::{
    Imported, ListQuery, Moves, Problem, ReportQuery, RowVerdict, SheetColumn, SheetInfo,
};

/// Chosen by whoever starts the job, unique within a run of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct JobId(pub u64);

impl JobId {
    /// One that no other job of this run has.
    pub fn next() -> Self {
        static LAST: AtomicU64 = AtomicU64::new(0);
        Self(LAST.fetch_add(1, Ordering::Relaxed) + 1)
    }
}

/// The most rows a preview carries; the counts are of all of them.
pub const PREVIEW_MAX: usize = 5_000;

#[derive(Clone, Debug, PartialEq)]
pub enum Job {
    /// What stands in a folder.
    Folder(PathBuf),
    Import(ImportJob),
    Export(ExportJob),
}

#[derive(Clone, Debug, PartialEq)]
pub struct ImportJob {
    pub path: PathBuf,
    /// Without one, the one its headings are made for.
    pub intake: Option<Intake>,
    /// Field and column, where the headings do not say it. Without any, what was once said of
    /// these headings.
    pub map: Vec<(String, String)>,
    /// Only what its columns are; the officer says which is which.
    pub columns: bool,
    /// Compare only; nothing is saved.
    pub dry_run: bool,
    /// Where refused rows go when saving.
    pub rejects: Option<PathBuf>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ExportJob {
    /// Its ending says the format: `.csv`, `.xlsx`, `.json`; of a person `.txt`, `.json`.
    pub path: PathBuf,
    pub what: Export,
    /// Write over a file that is there.
    pub overwrite: bool,
}

/// What is on screen, exactly as filtered and sorted.
#[derive(Clone, Debug, PartialEq)]
pub enum Export {
    /// `columns` of the query are those shown; offset and limit are to be ignored. With marks
    /// only the marked are written.
    List(ListQuery, Vec<u32>),
    /// All rows of a report, whatever the window; the columns chosen for a sheet, none for
    /// those of the report itself. With marks only the lines of the people marked are written.
    Report(ReportQuery, Vec<String>, Vec<u32>),
    /// A text to be printed, as it is; the name its file gets.
    Text { name: String, text: String },
    /// The blank sheets of an assessment cycle: pages of text, or a workbook.
    Blanks { cycle: String, competencies: Vec<SheetColumn>, sheets: Vec<SheetInfo> },
    /// Everything about one person, as readable text or JSON.
    Person(EmployeeId),
}

#[derive(Clone, Debug, PartialEq)]
pub enum JobEvent {
    /// `total` is 0 while unknown.
    Progress {
        job: JobId,
        done: u64,
        total: u64,
    },
    /// What an import would do; a dry run ends with it.
    Preview {
        job: JobId,
        preview: Box<Preview>,
    },
    Finished {
        job: JobId,
        end: JobEnd,
    },
}

impl JobEvent {
    pub const fn job(&self) -> JobId {
        match self {
            Self::Progress { job, .. } | Self::Preview { job, .. } | Self::Finished { job, .. } => {
                *job
            }
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Preview {
    /// What it was read as, and with which columns said.
    pub intake: Option<Intake>,
    pub map: Vec<(String, String)>,
    /// They were not said now, but once of a file with the same headings.
    pub recalled: bool,
    pub counts: Imported,
    /// Added, changed, refused and warned-of rows in the order of the file, at most
    /// [`PREVIEW_MAX`].
    pub rows: Vec<PreviewRow>,
    /// Columns of the file that are kept, then those that are left out.
    pub kept: Vec<String>,
    pub ignored: Vec<String>,
    /// Which sheet and line a row's figure means, and the sheets that were not read.
    pub sheets: Sheets,
    /// Whom it moves between categories.
    pub moves: Option<Moves>,
}

/// One row of the file and what would become of it.
#[derive(Clone, Debug, PartialEq)]
pub struct PreviewRow {
    pub verdict: RowVerdict,
    /// The heading in the file of the column a refusal or warning is about.
    pub column: String,
    /// What the row is called by in the file: a name, else a number.
    pub called: String,
}

#[derive(Clone, Debug, PartialEq)]
pub enum JobEnd {
    Imported {
        counts: Imported,
        rejects: Option<PathBuf>,
    },
    Exported {
        path: PathBuf,
        rows: u64,
        /// People it does without, since their processing is restricted.
        restricted: u32,
    },
    Cancelled,
    /// A file of that name is there; ask before writing over it.
    Exists(PathBuf),
    /// The office said no.
    Refused(Problem),
    /// The headings of the file are those of another import.
    OtherKind(Intake),
    /// Its headings do not say what it needs: what each import makes of them, and the one
    /// that it was to be read as.
    Columns {
        columns: Vec<Columns>,
        intake: Option<Intake>,
    },
    Folder(FolderList),
    /// The file cannot be used, in words for the officer.
    File(String),
    /// The whole file is wrong in one way (a required column is missing).
    Fault(Fault),
}

/// Whoever carries jobs out. `start` returns at once; events come through the channel.
pub trait Jobs {
    fn start(&mut self, id: JobId, job: Job);
    /// Asks it to stop; `Finished` still comes.
    fn cancel(&mut self, id: JobId);
}
