//! The server: one office for every officer of a host, asked over a Unix socket. The data
//! folder's lock is taken before the socket is touched, so that of two starters one wins.
//!
//! `keep` is the office's thread and `waiting` what it takes up next, `doors` who has a seat,
//! `connection` two threads a client, `outbox` what waits between them, `room` how much of
//! it one user may have at once, `socket_file` the socket in the file system. The caller's own thread takes
//! connections in and hears when to stop. Nothing here ticks.

mod connection;
mod doors;
mod keep;
mod outbox;
mod room;
mod socket_file;
#[cfg(test)]
mod tests;
mod waiting;

use std::io;
use std::net::Shutdown;
use std::os::fd::BorrowedFd;
use std::os::unix::net::{UnixListener, UnixStream};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use super::frame::{self, ANSWER_MAX, Welcome};
use super::identity;
use crate::office::{Asker, Means, Office, OpenError, OpenOptions};
use crate::protocol::{Answer, Incoming, Problem, Request, Ticket, Work};
use doors::Doors;
use keep::Message;
use outbox::{Letter, Outbox};
use room::Room;
use socket_file::SocketFile;

pub use doors::Limits;
pub use socket_file::{BindError, of_host, usual};

/// Requests that wait for the office; whoever asks more waits with them.
const WAITING_MAX: usize = 256;
/// How long clients may take to read their last answers when the server stops.
const FAREWELL_MAX: Duration = Duration::from_secs(3);
/// Without a free descriptor for a new connection, the next try is made after this time.
const AGAIN: Timespec = Timespec { tv_sec: 1, tv_nsec: 0 };

#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error(transparent)]
    Office(#[from] OpenError),
    #[error("{}: {error}", socket.display())]
    Socket { socket: PathBuf, error: BindError },
    #[error("{0}")]
    Io(#[from] io::Error),
    /// A fault of the program; what was acknowledged is on the disk.
    #[error("the office ended by itself")]
    OfficeEnded,
}

/// An office that listens.
pub struct Server {
    listener: UnixListener,
    socket: SocketFile,
    office: JoinHandle<()>,
    messages: SyncSender<Message>,
    /// Reads as ended when the office's thread has.
    office_ended: UnixStream,
    doors: Arc<Doors>,
}

impl Server {
    /// Opens the office of a data folder and listens on `options.socket`.
    pub fn open(
        options: &OpenOptions,
        limits: Limits,
        progress: &mut dyn FnMut(Work, u64, u64),
    ) -> Result<Self, ServeError> {
        Self::open_with(options, Means::default(), limits, progress)
    }

    /// As [`open`](Self::open), with other means for the journal to write by.
    pub fn open_with(
        options: &OpenOptions,
        means: Means,
        limits: Limits,
        progress: &mut dyn FnMut(Work, u64, u64),
    ) -> Result<Self, ServeError> {
        let path = options.socket.clone().unwrap_or_else(|| usual(&options.data));
        let options = OpenOptions { socket: Some(path.clone()), ..options.clone() };
        let clock = Box::new(crate::office::system_clock);
        let office = Office::open_with(&options, clock, means, progress)?;
        let (listener, socket) = match socket_file::bind(&path) {
            Ok(bound) => bound,
            Err(error) => {
                office.close();
                return Err(ServeError::Socket { socket: path, error });
            }
        };
        let (messages, receiver) = sync_channel(WAITING_MAX);
        let (office_ended, ends_with_office) = UnixStream::pair()?;
        let (own, doors) = (messages.clone(), Arc::new(Doors::new(limits)));
        doors.officers(office.officers());
        let theirs = Arc::clone(&doors);
        let office = thread::Builder::new().name("office".into()).spawn(move || {
            let _ends = ends_with_office;
            keep::keep(office, &receiver, own, theirs);
        })?;
        Ok(Self { listener, socket, office, messages, office_ended, doors })
    }

    /// Asks the office in the name of whoever runs the server, who owns its folder.
    pub fn ask(&self, request: Request) -> Answer {
        let outbox = Arc::new(Outbox::default());
        let asker = Asker::alone(&identity::own());
        let sitting = asker.sitting;
        let taken = Room::take(&Arc::default(), 0);
        let ask = Message::Ask { sitting, ticket: Ticket(0), request, taken };
        for message in [Message::Here(asker, Arc::clone(&outbox)), ask, Message::Gone(sitting)] {
            if self.messages.send(message).is_err() {
                break;
            }
        }
        while let Some(letter) = outbox.next() {
            if let Letter::Reply(bytes, _) = letter
                && let Ok(Incoming::Reply(_, answer)) = frame::read(&mut &*bytes, ANSWER_MAX)
            {
                return *answer;
            }
        }
        Answer::Refused(Problem::Closed)
    }

    /// Serves until `woken` is readable and `over` says that this is the end.
    pub fn run(
        mut self,
        woken: BorrowedFd,
        over: &mut dyn FnMut() -> bool,
    ) -> Result<(), ServeError> {
        let mut full = false;
        loop {
            // Without room for another connection its coming must not wake us again and again.
            let listening = if full { PollFlags::empty() } else { PollFlags::IN };
            let mut fds = [
                PollFd::from_borrowed_fd(woken, PollFlags::IN),
                PollFd::new(&self.office_ended, PollFlags::IN),
                PollFd::new(&self.listener, listening),
            ];
            match poll(&mut fds, full.then_some(&AGAIN)) {
                Err(Errno::INTR) => continue,
                Err(error) => return Err(io::Error::from(error).into()),
                Ok(_) => {}
            }
            let [woken, ended, coming] = fds.map(|fd| !fd.revents().is_empty());
            if ended {
                return self.stop();
            }
            if woken && over() {
                return self.stop();
            }
            if coming || full {
                full = self.take_in();
            }
        }
    }

    /// Takes in who waits; true when there is no descriptor or thread left for them.
    fn take_in(&mut self) -> bool {
        loop {
            let stream = match self.listener.accept() {
                Ok((stream, _)) => stream,
                Err(error) => match error.kind() {
                    io::ErrorKind::WouldBlock => return false,
                    io::ErrorKind::Interrupted | io::ErrorKind::ConnectionAborted => continue,
                    _ => {
                        tracing::warn!(%error, "nobody can be taken in");
                        return true;
                    }
                },
            };
            if let Err(error) = self.seat(stream) {
                tracing::warn!(%error, "a connection was not taken in");
            }
        }
    }

    fn seat(&mut self, stream: UnixStream) -> io::Result<()> {
        let uid = identity::peer(&stream)?;
        stream.set_nonblocking(false)?;
        let connection = match self.doors.come(uid, stream) {
            Ok(connection) => connection,
            Err((told, stream)) => {
                if told == Welcome::Full {
                    tracing::warn!(uid, "too many connections");
                }
                // Nobody is waited for: the word fits into the socket or is not said.
                stream.set_nonblocking(true)?;
                return frame::welcome(&mut &stream, told);
            }
        };
        let (messages, doors) = (self.messages.clone(), Arc::clone(&self.doors));
        let sitting = connection.sitting;
        let talk = move || {
            // Also after a panic, which has said so on stderr; it held nothing of the office.
            let _ = catch_unwind(AssertUnwindSafe(|| connection.talk(&messages, &doors)));
            let _ = connection.stream.shutdown(Shutdown::Both);
            drop(connection);
            doors.leave(sitting);
        };
        let thread = thread::Builder::new().name("reader".into()).spawn(talk);
        if thread.is_err() {
            self.doors.leave(sitting);
        }
        thread.map(drop)
    }

    /// Ends in order: nobody new, what was accepted is carried out and answered.
    pub fn stop(self) -> Result<(), ServeError> {
        drop(self.listener);
        drop(self.socket);
        for connection in self.doors.all() {
            // What the client has sent can still be read, and then its end.
            let _ = connection.stream.shutdown(Shutdown::Read);
            connection.outbox.leave();
        }
        let told = self.messages.send(Message::Close);
        drop(self.messages);
        let ended = self.office.join();
        self.doors.wait(FAREWELL_MAX);
        for connection in self.doors.all() {
            connection.end();
        }
        self.doors.wait(FAREWELL_MAX);
        if told.is_ok() && ended.is_ok() { Ok(()) } else { Err(ServeError::OfficeEnded) }
    }
}
