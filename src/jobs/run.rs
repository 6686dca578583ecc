//! Jobs of a screen, each on a thread of its own: they ask the office through the same
//! link as the screen does. Their tickets have the highest bit set, and their answers are
//! handed to them instead of to the screen. What a job does stands in its own file; here it
//! is started, watched, stopped, and what became of it put into words.

use std::collections::HashMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use super::cycle_sheets::write_sheets;
use super::export::{self, ExportError, ReadBy, Rows, Seen, Written};
use super::files::{Elsewhere, Files, NoFolder, undressed};
use super::import::{self, ImportError, ImportPlan, ImportReport};
use super::job::{
    Export, ExportJob, ImportJob, Job, JobEnd, JobEvent, JobId, Jobs, PREVIEW_MAX, Preview,
};
use super::mappings::{ColumnMap, Mappings};
use super::{Asking, Progress, person, unexpected};
use crate::domain::change::{RequestId, Via};
use crate::domain::intake::Intake;
use crate::domain::jp::year_of;
use crate::exchange::{
    self, Destination, FileError, Format, Lexicon, ReportFormat, WriteError, write_text,
};
use crate::i18n::{self, t};
use crate::link::Link;
use crate::link::open::Connected;
use crate::protocol::{
    Answer, Incoming, ListQuery, Notice, Problem, ReportQuery, Request, Step, Ticket,
};

/// Tickets with this bit are a job's.
const JOBS: u64 = 1 << 63;

/// Jobs that wait for the office's answer.
#[derive(Default)]
pub struct Waiting(Mutex<Askers>);

#[derive(Default)]
struct Askers {
    waiting: HashMap<Ticket, SyncSender<Answer>>,
    /// The office will not answer any more.
    closed: bool,
}

impl Waiting {
    /// Takes the office's answer to a job; hands back what is the screen's. An office that has
    /// closed is both's to know: no job waits for it any longer.
    pub fn take(&self, incoming: Incoming) -> Option<Incoming> {
        match incoming {
            Incoming::Reply(ticket, answer) if ticket.0 & JOBS != 0 => {
                self.answer(ticket, *answer);
                None
            }
            Incoming::Notice(Notice::Closed) => {
                let mut askers = self.askers();
                askers.closed = true;
                // Whoever waits hears that nobody is left to answer.
                askers.waiting.clear();
                Some(Incoming::Notice(Notice::Closed))
            }
            incoming => Some(incoming),
        }
    }

    fn askers(&self) -> MutexGuard<'_, Askers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, ticket: Ticket, answer: Answer) {
        let asker = self.askers().waiting.remove(&ticket);
        if let Some(asker) = asker {
            let _ = asker.send(answer);
        }
    }

    fn ask(&self, office: &Connected, request: Request) -> Result<Answer, Problem> {
        static NEXT: AtomicU64 = AtomicU64::new(JOBS);
        let ticket = Ticket(NEXT.fetch_add(1, Ordering::Relaxed));
        let (sender, receiver) = sync_channel(1);
        let mut askers = self.askers();
        if askers.closed {
            return Err(Problem::Closed);
        }
        askers.waiting.insert(ticket, sender);
        drop(askers);
        office.ask_here(ticket, request);
        match receiver.recv() {
            Ok(Answer::Refused(problem)) => Err(problem),
            Ok(answer) => Ok(answer),
            Err(_) => Err(Problem::Closed),
        }
    }
}

/// What a job works with.
#[derive(Clone)]
pub struct Tools {
    pub office: Arc<Connected>,
    pub waiting: Arc<Waiting>,
    pub files: Files,
    pub mappings: Mappings,
    /// Never the same twice.
    pub request_ids: fn() -> RequestId,
    /// What `~/` stands for.
    pub home: Option<PathBuf>,
}

/// Runs jobs, and tells of them on a channel.
pub struct Runner<E> {
    tools: Tools,
    events: SyncSender<E>,
    running: HashMap<JobId, (Arc<Progress>, JoinHandle<()>)>,
}

impl<E> Runner<E> {
    pub fn new(tools: Tools, events: SyncSender<E>) -> Self {
        Self { tools, events, running: HashMap::new() }
    }

    /// A path as it was typed, `~/` as a shell takes it: there is none between here.
    fn expand_home(&self, path: &mut PathBuf) {
        if let (Some(home), Ok(rest)) = (&self.tools.home, path.strip_prefix("~")) {
            *path = home.join(rest);
        }
    }
}

impl<E: From<JobEvent> + Send + 'static> Jobs for Runner<E> {
    fn start(&mut self, id: JobId, mut job: Job) {
        match &mut job {
            Job::Folder(path) => self.expand_home(path),
            Job::Import(job) => self.expand_home(&mut job.path),
            Job::Export(job) => self.expand_home(&mut job.path),
        }
        self.running.retain(|_, (_, thread)| !thread.is_finished());
        let events = self.events.clone();
        let watched = self.events.clone();
        let progress = Arc::new(Progress::new(move |done, total| {
            // How far a job is may be missed; that it has ended may not.
            let _ = watched.try_send(JobEvent::Progress { job: id, done, total }.into());
        }));
        let worker = Worker { tools: self.tools.clone(), progress: Arc::clone(&progress) };
        let thread = thread::Builder::new().name("job".into()).spawn(move || {
            for told in worker.work(id, &job) {
                let _ = events.send(told.into());
            }
        });
        match thread {
            Ok(thread) => drop(self.running.insert(id, (progress, thread))),
            Err(error) => {
                let end = JobEnd::Refused(Problem::Io(error.to_string()));
                let _ = self.events.try_send(JobEvent::Finished { job: id, end }.into());
            }
        }
    }

    fn cancel(&mut self, id: JobId) {
        if let Some((progress, _)) = self.running.get(&id) {
            progress.cancel();
        }
    }
}

impl<E> Drop for Runner<E> {
    /// The officer leaves: what runs is told to stop, and ends before the office does.
    fn drop(&mut self) {
        for (progress, _) in self.running.values() {
            progress.cancel();
        }
    }
}

/// One job at work.
struct Worker {
    tools: Tools,
    progress: Arc<Progress>,
}

impl Worker {
    fn work(&self, id: JobId, job: &Job) -> Vec<JobEvent> {
        let ask = &mut |request| self.tools.waiting.ask(&self.tools.office, request);
        let finished = |end| JobEvent::Finished { job: id, end };
        match job {
            Job::Folder(path) => vec![finished(self.folder(path))],
            Job::Export(job) => {
                let path = self.file(&job.path);
                let end =
                    path.map_or_else(|end| end, |path| export(ask, job, path, &self.progress));
                vec![finished(end)]
            }
            Job::Import(job) => match self.import(ask, job) {
                Ok((mut report, intake, said)) => {
                    // The office has not seen rows that could not even be read.
                    report.counts.refused = report.rejected.len() as u32;
                    let counts = report.counts.clone();
                    let rejects = job.rejects.clone().filter(|_| !report.rejected.is_empty());
                    let preview = Box::new(preview(report, intake, said));
                    let told = JobEvent::Preview { job: id, preview };
                    vec![told, finished(JobEnd::Imported { counts, rejects })]
                }
                Err(end) => vec![finished(end)],
            },
        }
    }

    /// The file an officer means; why not, if this session does not reach it.
    fn file(&self, named: &Path) -> Result<PathBuf, JobEnd> {
        self.tools.files.at(named).map_err(|Elsewhere| self.elsewhere())
    }

    fn elsewhere(&self) -> JobEnd {
        let folder = self.tools.files.folder.display();
        JobEnd::File(t!("desk.elsewhere", folder = folder).into_owned())
    }

    fn folder(&self, named: &Path) -> JobEnd {
        match self.tools.files.list(named) {
            Ok(list) => JobEnd::Folder(list),
            Err(NoFolder::Elsewhere(_)) => self.elsewhere(),
            Err(NoFolder::Unreadable(error)) => {
                let key = match error.kind() {
                    ErrorKind::NotFound => "browse.not_there",
                    ErrorKind::NotADirectory => "browse.no_folder",
                    _ => "browse.unreadable",
                };
                JobEnd::File(i18n::filled(key, &[("folder", named.display().to_string())]))
            }
        }
    }

    /// The file to read; one dropped into the terminal is named as a shell would want it.
    fn meant(&self, named: &Path) -> Result<PathBuf, JobEnd> {
        match self.file(named) {
            Ok(path) if path.exists() => Ok(path),
            _ => self.file(&undressed(&named.to_string_lossy())),
        }
    }

    /// What was read as what, with which columns said.
    fn import(&self, ask: &mut Asking, job: &ImportJob) -> Result<Read, JobEnd> {
        let file = self.meant(&job.path)?;
        let lexicon = lexicon(ask).map_err(JobEnd::Refused)?;
        let (intake, map) = self.read_as(&file, job, &lexicon)?;
        let recalled = !map.is_empty() && job.map.is_empty();
        // Columns are the officer's to say, whatever the import is.
        let columns = |intake| {
            let columns =
                exchange::columns(&file, &lexicon).map_err(|error| file_end(&error, &file))?;
            Err(JobEnd::Columns { columns, intake })
        };
        let Some(intake) = intake.filter(|_| !job.columns) else { return columns(intake) };
        let plan = ImportPlan {
            intake,
            file: file.clone(),
            map: map.clone(),
            sheet: None,
            dry_run: job.dry_run,
            // Whom it moves was said before it was to be saved.
            sure: true,
            rejects: job.rejects.as_deref().map(|path| self.file(path)).transpose()?,
            even_empty: false,
            preview: PREVIEW_MAX,
            step: Step { req: (self.tools.request_ids)(), via: Via::Import, why: String::new() },
            lexicon: lexicon.clone(),
        };
        match import::import(ask, &plan, &self.progress) {
            Ok(report) => {
                if let (false, false, Ok(headings)) =
                    (job.dry_run, map.is_empty(), exchange::headings(&file))
                    && !headings.is_empty()
                {
                    self.tools.mappings.remember(headings, intake, map.clone());
                }
                Ok((report, intake, Said { map, recalled }))
            }
            Err(ImportError::Cancelled | ImportError::Moves(_)) => Err(JobEnd::Cancelled),
            Err(ImportError::Office(problem)) => Err(JobEnd::Refused(problem)),
            Err(ImportError::File(FileError::OtherKind { kind })) => Err(JobEnd::OtherKind(kind)),
            Err(ImportError::File(
                FileError::ColumnsMissing { .. }
                | FileError::NotOfKind { .. }
                | FileError::NoHeader
                | FileError::MapColumn { .. }
                | FileError::MapField { .. },
            )) => columns(Some(intake)),
            Err(ImportError::File(error)) => Err(file_end(&error, &file)),
            Err(ImportError::Rejects(error)) => {
                let rejects = plan.rejects.as_deref().unwrap_or(&file);
                Err(JobEnd::File(file_fault(error.code(), &error.args(), rejects)))
            }
        }
    }

    /// What a file is read as: what the officer says now, else what they once said of such
    /// headings, else what the headings say.
    fn read_as(
        &self,
        file: &Path,
        job: &ImportJob,
        lexicon: &Lexicon,
    ) -> Result<(Option<Intake>, ColumnMap), JobEnd> {
        if !job.map.is_empty() || (job.columns && job.intake.is_some()) {
            return Ok((job.intake, job.map.clone()));
        }
        let headings = exchange::headings(file).unwrap_or_default();
        let recalled = || self.tools.mappings.recall(&headings, job.intake);
        if !headings.is_empty()
            && let Some((intake, map)) = recalled()
        {
            return Ok((Some(intake), map));
        }
        if job.intake.is_some() {
            return Ok((job.intake, Vec::new()));
        }
        let found = exchange::recognised(file, lexicon).map_err(|error| file_end(&error, file))?;
        Ok((found, Vec::new()))
    }
}

type Read = (ImportReport, Intake, Said);

/// Which column is which, and whether that was said earlier.
struct Said {
    map: ColumnMap,
    recalled: bool,
}

fn file_end(error: &FileError, file: &Path) -> JobEnd {
    JobEnd::File(file_fault(error.code(), &error.args(), file))
}

/// By what this office's files are understood.
fn lexicon(ask: &mut Asking) -> Result<Lexicon, Problem> {
    match ask(Request::Welcome)? {
        Answer::Welcome(info) => Ok(import::lexicon(&info)),
        _ => Err(Problem::Closed),
    }
}

fn preview(report: ImportReport, intake: Intake, said: Said) -> Preview {
    Preview {
        intake: Some(intake),
        map: said.map,
        recalled: said.recalled,
        counts: report.counts,
        rows: report.preview,
        kept: report.kept_columns,
        ignored: report.ignored_columns,
        sheets: report.sheets,
        moves: report.moves,
    }
}

fn export(ask: &mut Asking, job: &ExportJob, path: PathBuf, progress: &Progress) -> JobEnd {
    if let Err(error) = ending(&path, &job.what) {
        return JobEnd::File(file_fault(error.code(), &error.args(), &path));
    }
    if path.exists() && !job.overwrite {
        return JobEnd::Exists(path);
    }
    let to = Destination::File(path.clone());
    let format = Format::of(&to).unwrap_or(Format::Csv);
    let written = match &job.what {
        Export::List(query, marked) => {
            let query = ListQuery { export: true, ..query.clone() };
            let Ok(Answer::Welcome(info)) = ask(Request::Welcome) else {
                return JobEnd::Refused(unexpected());
            };
            // What a program reads keeps its names.
            let read_by = if format == Format::Json {
                ReadBy::Scripts
            } else {
                ReadBy::Officer { year: year_of(info.today) }
            };
            let rows = Rows { limit: u32::MAX, marked };
            export::list(ask, &query, rows, &to, format, read_by, progress)
        }
        Export::Report(query, shown, marked) => {
            let query = ReportQuery { export: true, ..query.clone() };
            let format = ReportFormat::of(&to).unwrap_or(ReportFormat::Csv);
            let seen = Seen { columns: shown, marked, by_officer: true };
            export::report(ask, &query, u32::MAX, &seen, &to, format, progress)
        }
        Export::Person(id) => person::gather(ask, *id, progress).and_then(|copy| {
            let form = person::CopyForm::of(&to).unwrap_or(person::CopyForm::Text);
            person::write(&copy, form, &to)?;
            Ok(Written { rows: 1, ..Written::default() })
        }),
        Export::Blanks { cycle, competencies, sheets } => {
            let written = write_sheets(&to, cycle, competencies, sheets);
            written.map(|()| Written::default()).map_err(ExportError::from)
        }
        Export::Text { text, .. } => {
            write_text(&to, text).map(|()| Written::default()).map_err(ExportError::from)
        }
    };
    match written {
        Ok(Written { rows, restricted, .. }) => JobEnd::Exported { path, rows, restricted },
        Err(ExportError::Cancelled) => JobEnd::Cancelled,
        Err(ExportError::Office(problem)) => JobEnd::Refused(problem),
        Err(ExportError::File(error)) => {
            JobEnd::File(file_fault(error.code(), &error.args(), &path))
        }
    }
}

/// Refuses a name that ends as no file does that this can be written as.
fn ending(path: &Path, what: &Export) -> Result<(), WriteError> {
    let known: &[&str] = match what {
        Export::List(..) => &["xlsx", "csv", "json"],
        Export::Report(..) => &["xlsx", "csv", "json", "txt"],
        Export::Blanks { .. } => &["txt", "xlsx"],
        Export::Person(_) => &["txt", "json"],
        Export::Text { .. } => &["txt"],
    };
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    if ending.as_deref().is_some_and(|ending| known.contains(&ending)) {
        return Ok(());
    }
    let dotted = |ending: &str| format!(".{ending}");
    let ending = ending.map_or_else(|| t!("file.no_ending").into_owned(), |one| dotted(&one));
    let known = known.iter().map(|one| dotted(one)).collect::<Vec<_>>().join(", ");
    Err(WriteError::Ending { ending, known })
}

/// What is wrong with a file, in the officer's language; named where it may not be plain which.
fn file_fault(code: &str, args: &[(&str, String)], file: &Path) -> String {
    let named = format!("file.{code}.named");
    if i18n::find(&named).is_none() {
        return i18n::filled(&format!("file.{code}"), args);
    }
    let folder = file.parent().unwrap_or(file).display().to_string();
    i18n::filled(&named, &[("file", file.display().to_string()), ("folder", folder)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::record::Kind;
    use crate::link::embedded::{self, OpenOptions};

    #[test]
    fn no_job_waits_for_an_office_that_has_closed() {
        let folder = tempfile::tempdir().expect("a folder");
        let options = OpenOptions {
            data: folder.path().join("data"),
            read_only: false,
            officer: "siti".into(),
            socket: None,
        };
        // Whatever it answers is lost.
        let office = embedded::open(&options, |_| {}).expect("an office");
        let (office, waiting) = (Arc::new(Connected::Embedded(office)), Arc::<Waiting>::default());
        let (asks, asked) = (Arc::clone(&waiting), Arc::clone(&office));
        let job = thread::spawn(move || asks.ask(&asked, Request::Welcome));
        while waiting.askers().waiting.is_empty() {
            thread::yield_now();
        }
        let closed = || Incoming::Notice(Notice::Closed);
        assert_eq!(waiting.take(closed()), Some(closed()), "the screen is to know as well");
        assert_eq!(job.join().expect("a job"), Err(Problem::Closed));
        assert_eq!(waiting.ask(&office, Request::Welcome), Err(Problem::Closed));
    }

    #[test]
    fn a_file_is_not_called_as_what_it_is_not() {
        let list = Export::List(ListQuery::all(Kind::Units), Vec::new());
        let report = Export::Report(ReportQuery::of("jp"), Vec::new(), Vec::new());
        let text = Export::Text { name: "lembar".into(), text: String::new() };
        let blanks =
            Export::Blanks { cycle: String::new(), competencies: Vec::new(), sheets: Vec::new() };
        let takes = |what: &Export, name: &str| ending(Path::new(name), what).is_ok();
        for (name, fits) in [
            ("unit.xlsx", [true, true, false, true]),
            ("unit.CSV", [true, true, false, false]),
            ("unit.txt", [false, true, true, true]),
            ("unit.pdf", [false; 4]),
            ("unit.xls", [false; 4]),
            ("unit", [false; 4]),
        ] {
            assert_eq!(
                [&list, &report, &text, &blanks].map(|what| takes(what, name)),
                fits,
                "{name}"
            );
        }
        let why = ending(Path::new("unit.pdf"), &list).unwrap_err();
        let why = file_fault(why.code(), &why.args(), Path::new("unit.pdf"));
        assert!(why.contains(".pdf") && why.contains(".xlsx, .csv, .json"), "{why}");
    }
}
