//! The desk: one officer's sitting. Puts the office, the screen and the work between them
//! together, and takes them apart in order when the officer leaves or the line goes dead.
//!
//! Jobs ask the office through the same link as the screen; their tickets have the
//! highest bit set, and their answers are handed to them instead of to the screen.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use chrono::NaiveDate;

use crate::cli::{Env, Failure, Opening, cannot_open, load_keymap, request_id, say_waiting};
use crate::domain::change::Via;
use crate::exchange::{Destination, Format, write_text};
use crate::i18n::{self, t};
use crate::jobs::export::{self, ExportError, Written};
use crate::jobs::files::{Elsewhere, Files};
use crate::jobs::import::{self, ImportError, Plan, Report};
use crate::jobs::person;
use crate::jobs::{Ask, Progress};
use crate::link::Link;
use crate::link::embedded::OpenOptions;
use crate::link::open::{self, Connected, Patience};
use crate::protocol::{
    Answer, Incoming, ListQuery, MatrixQuery, Problem, Request, RowVerdict, Step, Ticket, Verdict,
};
use crate::term::profile::Profile;
use crate::term::screen::ScreenError;
use crate::ui::event::{self, Event};
use crate::ui::job::{
    Export, ExportJob, ImportJob, Job, JobEnd, JobEvent, JobId, Jobs, PREVIEW_MAX, Preview,
    PreviewRow,
};
use crate::ui::run::{self, Options, RunError};

/// Tickets with this bit are a job's.
const JOBS: u64 = 1 << 63;

/// Opens the office and the screen and stays until the officer leaves. The error is what
/// to tell the officer once the terminal is theirs again.
pub fn sit(opening: Opening, env: &Env) -> Result<(), Failure> {
    let Opening { address, data, read_only, officer, keymap, example } = opening;
    let (keymap, warnings) = load_keymap(keymap.as_deref(), env);
    let (events, receiver) = event::channel();
    let waiting = Arc::new(Waiting::default());
    let options = OpenOptions { data: data.clone(), read_only, officer, socket: None };
    let mut patience = Patience { at_most: None, waits: &mut say_waiting };
    let hears = sink(events.clone(), Arc::clone(&waiting));
    let office = open::open(&address, &options, &mut patience, hears)
        .map_err(|error| cannot_open(&error))?;
    let office = Arc::new(office);
    let set = |name: &str| env(name).filter(|value| !value.is_empty());
    let files = files(&set);
    let jobs = DeskJobs {
        office: Arc::clone(&office),
        waiting,
        events: events.clone(),
        files: files.clone(),
        running: HashMap::new(),
        home: env("HOME").filter(|home| !home.is_empty()).map(PathBuf::from),
    };
    let ended = run::run(Options {
        link: Box::new(office),
        jobs: Box::new(jobs),
        events: (events, receiver),
        profile: Profile::detect(env),
        keymap,
        warnings: warnings.iter().map(crate::ui::keymap::Warning::message).collect(),
        clock: Box::new(crate::office::system_clock),
        request_ids: Box::new(request_id),
        drafts: data.join("drafts"),
        folder: files.folder,
        editor: set("VISUAL").or_else(|| set("EDITOR")),
        captive: files.captive,
    });
    // The example's folder goes only once the office has let go of it.
    drop(example);
    ended.map_err(|error| Failure::Failed(told(&error)))
}

/// An account that is to have nothing but this program (`KOMPETEN_CAPTIVE`) has the files
/// of one folder: `KOMPETEN_FILES`, else its home.
fn files(set: &dyn Fn(&str) -> Option<String>) -> Files {
    if set("KOMPETEN_CAPTIVE").is_none() {
        let folder = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
        return Files { folder, captive: false };
    }
    let folder = set("KOMPETEN_FILES").or_else(|| set("HOME")).unwrap_or_default();
    Files { folder: PathBuf::from(folder), captive: true }
}

/// Why there was no screen, in the officer's language.
fn told(error: &RunError) -> String {
    match error {
        RunError::Screen(ScreenError::NotATerminal) => t!("desk.not_a_terminal").into_owned(),
        RunError::Screen(ScreenError::HungUp) => t!("desk.hung_up").into_owned(),
        RunError::Screen(ScreenError::Modes(error)) | RunError::Reader(error) => {
            t!("desk.terminal", error = error).into_owned()
        }
        RunError::Refused(problem) => i18n::problem(problem),
    }
}

/// Where the office's words go: to the job that asked, or to the screen.
fn sink(events: SyncSender<Event>, waiting: Arc<Waiting>) -> impl Fn(Incoming) + Send + 'static {
    move |incoming| match incoming {
        Incoming::Reply(ticket, answer) if ticket.0 & JOBS != 0 => waiting.answer(ticket, *answer),
        incoming => {
            // A screen that has closed needs no answer.
            let _ = events.send(Event::Incoming(incoming));
        }
    }
}

/// Jobs that wait for the office's answer.
#[derive(Default)]
struct Waiting(Mutex<HashMap<Ticket, SyncSender<Answer>>>);

impl Waiting {
    fn answer(&self, ticket: Ticket, answer: Answer) {
        let asker = self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&ticket);
        if let Some(asker) = asker {
            let _ = asker.send(answer);
        }
    }

    fn ask(&self, office: &Connected, request: Request) -> Result<Answer, Problem> {
        static NEXT: AtomicU64 = AtomicU64::new(JOBS);
        let ticket = Ticket(NEXT.fetch_add(1, Ordering::Relaxed));
        let (sender, receiver) = sync_channel(1);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(ticket, sender);
        office.ask(ticket, request);
        match receiver.recv() {
            Ok(Answer::Refused(problem)) => Err(problem),
            Ok(answer) => Ok(answer),
            Err(_) => Err(Problem::Closed),
        }
    }
}

/// Jobs of the screen, each on a thread of its own.
struct DeskJobs {
    office: Arc<Connected>,
    waiting: Arc<Waiting>,
    events: SyncSender<Event>,
    files: Files,
    running: HashMap<JobId, (Arc<Progress>, JoinHandle<()>)>,
    home: Option<PathBuf>,
}

impl DeskJobs {
    /// A path as it was typed, `~/` as a shell takes it: there is none between here.
    fn expand_home(&self, path: &mut PathBuf) {
        if let (Some(home), Ok(rest)) = (&self.home, path.strip_prefix("~")) {
            *path = home.join(rest);
        }
    }
}

impl Jobs for DeskJobs {
    fn start(&mut self, id: JobId, mut job: Job) {
        match &mut job {
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
        let worker = Worker {
            office: Arc::clone(&self.office),
            waiting: Arc::clone(&self.waiting),
            progress: Arc::clone(&progress),
            files: self.files.clone(),
        };
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

impl Drop for DeskJobs {
    /// The officer leaves: what runs is told to stop, and ends before the office does.
    fn drop(&mut self) {
        for (progress, _) in self.running.values() {
            progress.cancel();
        }
    }
}

/// One job at work.
struct Worker {
    office: Arc<Connected>,
    waiting: Arc<Waiting>,
    progress: Arc<Progress>,
    files: Files,
}

impl Worker {
    fn work(&self, id: JobId, job: &Job) -> Vec<JobEvent> {
        let ask = &mut |request| self.waiting.ask(&self.office, request);
        let finished = |end| JobEvent::Finished { job: id, end };
        match job {
            Job::Export(job) => {
                let path = self.file(&job.path);
                let end =
                    path.map_or_else(|end| end, |path| export(ask, job, path, &self.progress));
                vec![finished(end)]
            }
            Job::Import(job) => match self.import(ask, job) {
                Ok(mut report) => {
                    // The office has not seen rows that could not even be read.
                    report.counts.refused = report.rejected.len() as u32;
                    let counts = report.counts.clone();
                    let rejects = job.rejects.clone().filter(|_| !report.rejected.is_empty());
                    let preview = Box::new(preview(report));
                    let told = JobEvent::Preview { job: id, preview };
                    vec![told, finished(JobEnd::Imported { counts, rejects })]
                }
                Err(end) => vec![finished(end)],
            },
        }
    }

    /// The file an officer means; why not, if this session does not reach it.
    fn file(&self, named: &Path) -> Result<PathBuf, JobEnd> {
        self.files.at(named).map_err(|Elsewhere| {
            let folder = self.files.folder.display();
            JobEnd::File(t!("desk.elsewhere", folder = folder).into_owned())
        })
    }

    fn import(&self, ask: &mut Ask, job: &ImportJob) -> Result<Report, JobEnd> {
        let plan = Plan {
            intake: job.intake,
            file: self.file(&job.path)?,
            map: Vec::new(),
            sheet: None,
            dry_run: job.dry_run,
            rejects: job.rejects.as_deref().map(|path| self.file(path)).transpose()?,
            preview: PREVIEW_MAX,
            step: Step { req: request_id(), via: Via::Import, why: String::new() },
            today: today(ask).map_err(JobEnd::Refused)?,
        };
        import::import(ask, &plan, &self.progress).map_err(|error| match error {
            ImportError::Cancelled => JobEnd::Cancelled,
            ImportError::Office(problem) => JobEnd::Refused(problem),
            ImportError::File(error) => JobEnd::File(file_fault(error.code(), &error.args())),
            ImportError::Rejects(error) => JobEnd::File(file_fault(error.code(), &error.args())),
        })
    }
}

/// Today, where the office is.
fn today(ask: &mut Ask) -> Result<NaiveDate, Problem> {
    match ask(Request::Welcome)? {
        Answer::Welcome(info) => Ok(info.today),
        _ => Err(Problem::Closed),
    }
}

fn preview(report: Report) -> Preview {
    let row = |verdict: RowVerdict| {
        let column = match (&verdict.verdict, verdict.warnings.first()) {
            (Verdict::Refused(fault), _) | (_, Some(fault)) => fault.field.clone(),
            _ => String::new(),
        };
        PreviewRow { verdict, column }
    };
    Preview {
        counts: report.counts,
        rows: report.preview.into_iter().map(row).collect(),
        kept: report.kept_columns,
        ignored: report.ignored_columns,
    }
}

fn export(ask: &mut Ask, job: &ExportJob, path: PathBuf, progress: &Progress) -> JobEnd {
    if path.exists() && !job.overwrite {
        return JobEnd::Exists(path);
    }
    let to = Destination::File(path.clone());
    let format = Format::of(&to).unwrap_or(Format::Csv);
    let written = match &job.what {
        Export::List(query) => {
            let query = ListQuery { export: true, ..query.clone() };
            export::list(ask, &query, u32::MAX, &to, format, progress)
        }
        Export::Matrix(query) => {
            let query = MatrixQuery { export: true, ..query.clone() };
            export::matrix(ask, &query, &to, format, progress)
        }
        Export::Person(id) => person::gather(ask, *id, progress).and_then(|copy| {
            let form = person::Form::of(&to).unwrap_or(person::Form::Text);
            person::write(&copy, form, &to)?;
            Ok(Written { rows: 1, restricted: 0 })
        }),
        Export::Text { text, .. } => write_text(&to, text)
            .map(|()| Written { rows: 0, restricted: 0 })
            .map_err(ExportError::from),
    };
    match written {
        Ok(Written { rows, restricted }) => JobEnd::Exported { path, rows, restricted },
        Err(ExportError::Cancelled) => JobEnd::Cancelled,
        Err(ExportError::Office(problem)) => JobEnd::Refused(problem),
        Err(ExportError::File(error)) => JobEnd::File(file_fault(error.code(), &error.args())),
    }
}

/// What is wrong with a file, in the officer's language.
fn file_fault(code: &str, args: &[(&str, String)]) -> String {
    i18n::filled(&format!("file.{code}"), args)
}
