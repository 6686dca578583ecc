//! Socket: the client's end of a shared office. Requests wait here until they are
//! answered; when the line is lost they are sent again over the next one, which their
//! request ids make harmless. Only an import cannot go on over another line: it ends.
//!
//! Asking never waits. One thread writes, one reads and, when the line is lost, looks for
//! the server again, at first soon and then less and less often.

use std::collections::BTreeMap;
use std::io::{self, BufReader, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::Link;
use super::frame::{self, ANSWER_MAX, ProgramVersion, REQUEST_MAX, Welcome, Wish};
use crate::protocol::{Answer, IDS_MAX, Incoming, Notice, Problem, Request, Ticket};

/// A server that has taken a connection greets within this time.
const GREETING_MAX: Duration = Duration::from_secs(10);
/// Between two tries to reach the server: the first and the longest pause.
const PAUSE_MIN: Duration = Duration::from_millis(20);
const PAUSE_MAX: Duration = Duration::from_secs(2);
/// How long leaving waits for what was asked to be answered.
const FAREWELL_MAX: Duration = Duration::from_secs(3);

/// Why there is no line to a server.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Nobody answers, or not now.
    #[error("{0}")]
    NoAnswer(io::Error),
    /// This user may not.
    #[error("{0}")]
    Denied(io::Error),
    #[error("too many are connected")]
    Full,
    #[error("not an officer of this office")]
    NotAnOfficer,
    #[error("another version: {}", .0.program)]
    OtherVersion(ProgramVersion),
    #[error("not a server of kompeten")]
    Stranger,
}

impl ConnectError {
    /// Whether another try may go better.
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::NoAnswer(_) | Self::Full)
    }
}

impl From<io::Error> for ConnectError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::PermissionDenied => Self::Denied(error),
            _ => Self::NoAnswer(error),
        }
    }
}

/// A line to a server that has said welcome.
#[derive(Debug)]
pub struct ServerLine(UnixStream);

/// Calls a server and is greeted.
pub fn call(path: &Path, wish: Wish) -> Result<ServerLine, ConnectError> {
    let stream = UnixStream::connect(path)?;
    stream.set_read_timeout(Some(GREETING_MAX))?;
    // A server that is full closes without having read: what counts is what it said.
    let _ = frame::knock(&mut &stream, wish);
    let (theirs, welcome) = frame::welcomed(&mut &stream)?.ok_or(ConnectError::Stranger)?;
    match welcome {
        Welcome::Come if theirs == ProgramVersion::ours() => {}
        Welcome::Full => return Err(ConnectError::Full),
        Welcome::NotAnOfficer => return Err(ConnectError::NotAnOfficer),
        Welcome::Come | Welcome::OtherVersion => return Err(ConnectError::OtherVersion(theirs)),
    }
    stream.set_read_timeout(None)?;
    Ok(ServerLine(stream))
}

/// The pauses between tries.
#[derive(Debug)]
pub struct Pauses(Duration);

impl Default for Pauses {
    fn default() -> Self {
        Self(PAUSE_MIN)
    }
}

impl Iterator for Pauses {
    type Item = Duration;

    fn next(&mut self) -> Option<Duration> {
        let pause = self.0;
        self.0 = (pause * 2).min(PAUSE_MAX);
        Some(pause)
    }
}

/// The asker's end.
pub struct Socket {
    shared: Arc<Shared>,
}

struct Shared {
    path: PathBuf,
    wish: Wish,
    sink: Mutex<Box<dyn Fn(Incoming) + Send>>,
    state: Mutex<LineState>,
    changed: Condvar,
}

#[derive(Default)]
struct LineState {
    /// Asked and not answered, in the order in which they were asked.
    open: BTreeMap<u64, Open>,
    asked: u64,
    /// The first of `open` that was not written to the present line.
    unsent: u64,
    /// Asked, but not to be sent: answered by this end.
    refused: Vec<(Ticket, Problem)>,
    line: Option<Arc<UnixStream>>,
    /// There will never be a line again.
    over: bool,
}

struct Open {
    ticket: Ticket,
    frame: Arc<[u8]>,
    of_import: bool,
}

/// Asks over this line, and over the next one when it is lost. Everything the office says
/// goes to `sink`, in order.
pub fn open(
    path: &Path,
    wish: Wish,
    line: ServerLine,
    sink: impl Fn(Incoming) + Send + 'static,
) -> Socket {
    let shared = Arc::new(Shared {
        path: path.to_path_buf(),
        wish,
        sink: Mutex::new(Box::new(sink)),
        state: Mutex::default(),
        changed: Condvar::new(),
    });
    let line = shared.take_up(line);
    let (writes, reads) = (Arc::clone(&shared), Arc::clone(&shared));
    let written = thread::Builder::new().name("link-writer".into()).spawn(move || writes.write());
    let heard = thread::Builder::new().name("link-reader".into()).spawn(move || reads.read(line));
    if let Err(error) = written.and(heard) {
        tracing::error!(%error, "no thread for the link");
        shared.give_up();
    }
    Socket { shared }
}

impl Link for Socket {
    fn ask(&self, ticket: Ticket, request: Request) {
        let of_import = matches!(
            request,
            Request::ImportStart(_)
                | Request::ImportColumns(_)
                | Request::ImportRows(_)
                | Request::ImportFinish
                | Request::ImportCancel
        );
        let frame = frame::frame(&(ticket, request), REQUEST_MAX);
        // What the server would not read must not be sent again over line after line.
        let frame = frame.map(|frame| (frame::is_request(&frame), frame));
        let mut state = self.shared.lock();
        match frame {
            _ if state.over => state.refused.push((ticket, Problem::Closed)),
            Ok((false, _)) => state.refused.push((ticket, Problem::TooLong)),
            Ok((true, frame)) => {
                let place = state.asked;
                state.asked += 1;
                state.open.insert(place, Open { ticket, frame: frame.into(), of_import });
            }
            Err(_) => state.refused.push((ticket, Problem::TooMany { limit: IDS_MAX as u32 })),
        }
        drop(state);
        self.shared.changed.notify_all();
    }
}

impl Drop for Socket {
    /// Leaves once what was asked is answered, unless the server does not answer.
    fn drop(&mut self) {
        let state = self.shared.lock();
        let unanswered = |state: &mut LineState| state.line.is_some() && !state.open.is_empty();
        let waited = self.shared.changed.wait_timeout_while(state, FAREWELL_MAX, unanswered);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        state.over = true;
        if let Some(line) = state.line.take() {
            let _ = line.shutdown(Shutdown::Both);
        }
        drop(state);
        self.shared.changed.notify_all();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, LineState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, incoming: Incoming) {
        (self.sink.lock().unwrap_or_else(PoisonError::into_inner))(incoming);
    }

    fn refuse(&self, ticket: Ticket, problem: Problem) {
        self.tell(Incoming::Reply(ticket, Box::new(Answer::Refused(problem))));
    }

    /// Goes on over a new line: everything unanswered is sent again.
    fn take_up(&self, ServerLine(stream): ServerLine) -> Arc<UnixStream> {
        let stream = Arc::new(stream);
        let mut state = self.lock();
        state.unsent = 0;
        state.line = Some(Arc::clone(&stream));
        drop(state);
        self.changed.notify_all();
        stream
    }

    fn write(&self) {
        let mut state = self.lock();
        loop {
            if let Some((ticket, problem)) = state.refused.pop() {
                drop(state);
                self.refuse(ticket, problem);
                state = self.lock();
                continue;
            }
            if state.over {
                return;
            }
            let unsent = state.unsent;
            let next = state.open.range(unsent..).next();
            let next = next.map(|(place, open)| (*place, Arc::clone(&open.frame)));
            let (Some(line), Some((place, frame))) = (state.line.clone(), next) else {
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            state.unsent = place + 1;
            drop(state);
            if (&*line).write_all(&frame).is_err() {
                // The reader finds the line dead and looks for another.
                let _ = line.shutdown(Shutdown::Both);
            }
            state = self.lock();
        }
    }

    fn read(&self, mut line: Arc<UnixStream>) {
        loop {
            self.listen(&line);
            let mut state = self.lock();
            if state.over {
                return;
            }
            state.line = None;
            // Whether the import was saved cannot be known from here; it can be asked.
            let ended: Vec<u64> =
                state.open.iter().filter(|(_, open)| open.of_import).map(|(at, _)| *at).collect();
            let ended: Vec<_> = ended.iter().filter_map(|at| state.open.remove(at)).collect();
            drop(state);
            self.changed.notify_all();
            self.tell(Incoming::Notice(Notice::LinkLost));
            for open in ended {
                self.refuse(open.ticket, Problem::LinkLost);
            }
            let Some(next) = self.look_again() else { return };
            line = self.take_up(next);
            self.tell(Incoming::Notice(Notice::LinkBack));
            // What happened meanwhile was told to nobody here.
            let resync = Notice::Changed { seq: 0, ids: Vec::new(), many: true };
            self.tell(Incoming::Notice(resync));
        }
    }

    /// Hands on what comes until the line is lost.
    fn listen(&self, line: &UnixStream) {
        let mut from = BufReader::new(line);
        while let Ok(incoming) = frame::read::<Incoming>(&mut from, ANSWER_MAX) {
            if let Incoming::Reply(ticket, _) = &incoming {
                let mut state = self.lock();
                let place = state.open.iter().find(|(_, open)| open.ticket == *ticket);
                let Some(place) = place.map(|(place, _)| *place) else { continue };
                state.open.remove(&place);
                drop(state);
                self.changed.notify_all();
            }
            let ended = matches!(incoming, Incoming::Notice(Notice::Ended { .. }));
            self.tell(incoming);
            if ended {
                // Whoever ended it does not want it back over the next line.
                self.give_up();
                break;
            }
        }
        let _ = line.shutdown(Shutdown::Both);
    }

    /// Calls until the server answers; `None` when nobody here asks any more, or the
    /// server is no longer one for this program.
    fn look_again(&self) -> Option<ServerLine> {
        let mut pauses = Pauses::default();
        loop {
            match call(&self.path, self.wish) {
                Ok(line) => return Some(line),
                Err(error) if error.may_pass() => {}
                Err(error) => {
                    tracing::error!(%error, "the server cannot be used any more");
                    self.give_up();
                    return None;
                }
            }
            let state = self.lock();
            let pause = pauses.next().unwrap_or(PAUSE_MAX);
            let asking = |state: &mut LineState| !state.over;
            let waited = self.changed.wait_timeout_while(state, pause, asking);
            if waited.unwrap_or_else(PoisonError::into_inner).0.over {
                return None;
            }
        }
    }

    fn give_up(&self) {
        let mut state = self.lock();
        state.over = true;
        let open = std::mem::take(&mut state.open);
        drop(state);
        self.changed.notify_all();
        for open in open.into_values() {
            self.refuse(open.ticket, Problem::Closed);
        }
        self.tell(Incoming::Notice(Notice::Closed));
    }
}
