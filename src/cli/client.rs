//! A blocking way to ask the office: one question, one answer, in order. What the office
//! tells unasked meanwhile goes to the progress bar; the rest is said once, on opening.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::bar::Bar;
use super::{Context, Failure, log, place, say, warn};
use crate::domain::change::Via;
use crate::domain::kinds::officer::Role;
use crate::domain::record::{Kind, RecordId, UnitId};
use crate::i18n::{self, t};
use crate::link::embedded::{self, Clock, OpenError, OpenOptions};
use crate::link::frame::ProgramVersion;
use crate::link::open::{self, Address, CannotOpen, Connected, Patience};
use crate::link::socket::ConnectError;
use crate::link::{self, Link, request_id};
use crate::protocol::{
    Answer, Conflict, Incoming, Notice, OfficeInfo, OpenRequests, Problem, Request, Saved, Step,
    Stored, Ticket,
};

/// How long a command waits for a server that does not answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// The office, opened for one command.
pub struct Client {
    /// Gone only while closing.
    link: Option<Connected>,
    incoming: Receiver<Incoming>,
    next: u64,
    /// Since when the line to a shared office is lost.
    lost: Option<Instant>,
    bar: Arc<Mutex<Bar>>,
    pub info: OfficeInfo,
}

impl Client {
    /// Opens the office of the context and says what it found there.
    pub fn open(context: &Context) -> Result<Self, Failure> {
        Self::open_at(&context.address, &context.data, context.read_only, &context.officer)
    }

    pub fn open_at(
        address: &Address,
        data: &Path,
        read_only: bool,
        officer: &str,
    ) -> Result<Self, Failure> {
        let mut patience =
            Patience { for_screen: false, at_most: Some(PATIENCE), waits: &mut say_waiting };
        Self::enter(data, read_only, officer, |options, sender, bar| {
            let link = open::open(address, options, &mut patience, sink(sender, bar));
            link.map_err(|error| cannot_open(&error))
        })
    }

    /// Opens the office of a folder that is this program's alone, by this clock.
    pub fn open_by(clock: Clock, data: &Path, officer: &str) -> Result<Self, Failure> {
        Self::enter(data, false, officer, |options, sender, bar| {
            let office = embedded::open_by(options, clock, false, sink(sender, bar));
            office.map(Connected::Embedded).map_err(|(error, _)| office_shut(&error))
        })
    }

    fn enter(
        data: &Path,
        read_only: bool,
        officer: &str,
        open: impl FnOnce(&OpenOptions, Sender<Incoming>, Arc<Mutex<Bar>>) -> Result<Connected, Failure>,
    ) -> Result<Self, Failure> {
        log::begin(data);
        let options = OpenOptions {
            data: data.to_path_buf(),
            read_only,
            officer: officer.to_string(),
            socket: None,
        };
        let (sender, incoming) = channel();
        let bar = Arc::new(Mutex::new(Bar::new()));
        let link = Some(open(&options, sender, Arc::clone(&bar))?);
        let mut client = Self { link, incoming, next: 0, lost: None, bar, info: nobody() };
        // A new folder has only now been made.
        log::begin(data);
        match client.ask(Request::Welcome)? {
            Answer::Welcome(info) => client.info = *info,
            _ => return Err(Problem::Closed.into()),
        }
        i18n::stand_at(client.info.utc_offset_hours);
        i18n::call(&client.info.rules);
        for mended in &client.info.mended {
            warn(&i18n::mended(mended));
        }
        if let Some(problem) = client.info.read_only.as_ref().filter(|p| **p != Problem::ReadOnly) {
            warn(&i18n::problem(problem));
        }
        Ok(client)
    }

    /// Asks and waits. A refusal is the error.
    pub fn ask(&mut self, request: Request) -> Result<Answer, Problem> {
        self.next += 1;
        let ticket = Ticket(self.next);
        self.link.as_ref().ok_or(Problem::Closed)?.ask_here(ticket, request);
        loop {
            match self.next()? {
                Incoming::Reply(to, answer) if to == ticket => {
                    return match *answer {
                        Answer::Refused(problem) => Err(problem),
                        answer => Ok(answer),
                    };
                }
                Incoming::Notice(Notice::Ended { by }) => say(&i18n::ended(&by)),
                Incoming::Notice(Notice::Closed) => return Err(Problem::Closed),
                Incoming::Notice(Notice::LinkLost) => {
                    say(&t!("cli.link_lost"));
                    self.lost = Some(Instant::now());
                }
                Incoming::Notice(Notice::LinkBack) => self.lost = None,
                _ => {}
            }
        }
    }

    /// What comes next; a line that stays lost is not waited for without end.
    fn next(&mut self) -> Result<Incoming, Problem> {
        let left = self.lost.map(|since| PATIENCE.saturating_sub(since.elapsed()));
        link::next(&self.incoming, left).map_err(|_| Problem::Closed)
    }

    /// The unit a person means by a code, a name or a path.
    pub fn unit(&mut self, text: Option<&str>) -> Result<Option<UnitId>, Failure> {
        let Some(text) = text else { return Ok(None) };
        match self.ask(Request::FindUnit(text.to_string()))? {
            Answer::Record(Some(stored)) => Ok(Some(UnitId(stored.id.number))),
            Answer::Record(None) => Err(self.no_such_unit(text)?),
            _ => Err(Problem::Closed.into()),
        }
    }

    /// Names the units that may be meant instead.
    fn no_such_unit(&mut self, text: &str) -> Result<Failure, Failure> {
        let near = Request::Lookup { kind: Kind::Units, text: text.to_string(), limit: 5 };
        let Answer::Hits(hits) = self.ask(near)? else { return Err(Problem::Closed.into()) };
        let names: Vec<_> = hits.into_iter().map(|hit| hit.label).collect();
        Ok(Failure::Failed(if names.is_empty() {
            t!("cli.no_such_unit", name = text).into_owned()
        } else {
            t!("cli.no_such_unit_but", name = text, names = names.join("; ")).into_owned()
        }))
    }

    /// A search as it was given; what it cannot ask about is told, for nothing may be found
    /// by it.
    pub fn search(&mut self, kind: Kind, text: &str) -> String {
        // Nothing of it is being typed any more.
        let request = Request::Complete { kind, tongue: i18n::tongue(), text: format!("{text} ") };
        // Who may not ask that is told so by what they asked for.
        if !text.is_empty()
            && let Ok(Answer::Completed(completion)) = self.ask(request)
            && let Some(unknown) = completion.unknown
        {
            say(&i18n::unknown_word(&unknown));
        }
        text.to_string()
    }

    /// The record a person means: a NIP, a code, a path, a number.
    pub fn find(&mut self, kind: Kind, text: &str) -> Result<Stored, Failure> {
        match self.ask(Request::Find(kind, text.to_string()))? {
            Answer::Record(Some(stored)) => Ok(*stored),
            Answer::Record(None) => {
                let kind = i18n::kind(kind);
                Err(Failure::Failed(t!("cli.no_such_record", kind = kind, id = text).into_owned()))
            }
            _ => Err(Problem::Closed.into()),
        }
    }

    /// Carries a write out. One that somebody else's came before is the error, too.
    pub fn save(&mut self, request: Request) -> Result<Saved, Failure> {
        match self.ask(request)? {
            Answer::Saved(saved) => Ok(saved),
            Answer::Conflict(conflict) => Err(overtaken(&conflict)),
            _ => Err(Problem::Closed.into()),
        }
    }

    /// The one bar of this command, for work of its own as well.
    pub fn bar(&self) -> Arc<Mutex<Bar>> {
        Arc::clone(&self.bar)
    }

    pub fn get(&mut self, id: RecordId) -> Result<Option<Stored>, Problem> {
        match self.ask(Request::Get(id))? {
            Answer::Record(stored) => Ok(stored.map(|stored| *stored)),
            _ => Err(Problem::Closed),
        }
    }
}

/// Ends in order: an office of this process's own marks its store as cleanly closed.
impl Drop for Client {
    fn drop(&mut self) {
        drop(self.link.take());
    }
}

/// Hears the office: its progress is shown as it comes, also while it is being opened;
/// everything else waits until it is asked for.
fn sink(sender: Sender<Incoming>, bar: Arc<Mutex<Bar>>) -> impl Fn(Incoming) + Send + 'static {
    let shown = AtomicBool::new(false);
    move |message| {
        if let Ok(mut bar) = bar.lock() {
            match &message {
                Incoming::Notice(Notice::Progress { work, done, total }) => {
                    bar.at(&i18n::work(*work), *done, *total);
                    shown.store(true, Ordering::Relaxed);
                }
                Incoming::Reply(..) if shown.swap(false, Ordering::Relaxed) => bar.clear(),
                _ => {}
            }
        }
        // A client that has gone needs no answer.
        let _ = sender.send(message);
    }
}

/// A step of this command.
pub fn step(why: &str) -> Step {
    Step { req: request_id(), via: Via::Cli, why: why.to_string() }
}

/// Says that a server is waited for.
pub fn say_waiting(socket: &Path) {
    say(&t!("cli.waiting", socket = socket.display()));
}

pub fn cannot_open(error: &CannotOpen) -> Failure {
    let (socket, error) = match error {
        CannotOpen::Office(error) => return office_shut(error),
        CannotOpen::Others { folder, owner } => return place::others(folder, *owner),
        CannotOpen::Server { socket, error } => (socket.display(), error),
    };
    Failure::Failed(
        match error {
            ConnectError::NoAnswer(error) => {
                t!("cli.server_silent", socket = socket, error = error)
            }
            ConnectError::Denied(_) => t!("cli.server_denied", socket = socket),
            ConnectError::Full => t!("cli.server_full"),
            ConnectError::NotAnOfficer => {
                let user = crate::link::identity::own();
                return Failure::Failed(i18n::problem(&Problem::NotAnOfficer { user }));
            }
            ConnectError::Stranger => t!("cli.server_stranger", socket = socket),
            ConnectError::OtherVersion(theirs) => {
                let ours = ProgramVersion::ours();
                if theirs.is_newer_than(&ours) {
                    t!("cli.server_newer", ours = ours.program, theirs = theirs.program)
                } else {
                    t!("cli.server_older", ours = ours.program, theirs = theirs.program)
                }
            }
        }
        .into_owned(),
    )
}

/// Why an office cannot be opened in its folder.
pub fn office_shut(error: &OpenError) -> Failure {
    Failure::Failed(match (error, error.problem()) {
        (OpenError::InUse { by, pid, since, .. }, _) => {
            let since = since.map_or_else(
                || "?".into(),
                |at| i18n::date_time(at.to_utc(), (at.offset().local_minus_utc() / 3600) as i8),
            );
            t!("cli.in_use", by = by, pid = pid, since = since).into_owned()
        }
        (_, Some(problem)) => i18n::problem(&problem),
        (other, None) => t!("cli.cannot_open", error = other).into_owned(),
    })
}

/// Before the office has said who it is.
fn nobody() -> OfficeInfo {
    OfficeInfo {
        name: String::new(),
        officer: String::new(),
        today: chrono::NaiveDate::default(),
        utc_offset_hours: 0,
        employees: 0,
        last_seq: 0,
        read_only: None,
        mended: Vec::new(),
        attendance_min: 0,
        requests: OpenRequests::default(),
        role: Role::default(),
        unit: None,
        holidays: Vec::new(),
        rules: Box::default(),
    }
}

/// Somebody has changed a record since it was read; nothing was saved.
pub fn overtaken(conflict: &Conflict) -> Failure {
    let text = if conflict.theirs.is_some() {
        t!("cli.conflict", by = conflict.by)
    } else {
        t!("cli.deleted_meanwhile")
    };
    Failure::Failed(text.into_owned())
}

/// What an entry did, said to the person; the result itself goes to stdout.
pub fn tell_saved(saved: &Saved) {
    say(&match saved.seq {
        Some(seq) => t!("cli.saved", seq = seq, what = i18n::summary(&saved.summary)).into_owned(),
        None => t!("cli.nothing_changed").into_owned(),
    });
}
