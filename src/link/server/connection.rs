//! One connection: greets, reads requests on its own thread, writes answers on another.
//! Who asks is what the kernel says of the other end; what it says of itself is only its
//! version and whether it wants to write.

use std::io::{self, BufReader, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::thread;
use std::time::{Duration, Instant};

use super::doors::Doors;
use super::keep::Message;
use super::outbox::{Letter, Outbox};
use super::room::{Room, Taken};
use crate::link::frame::{self, ANSWER_MAX, FrameError, ProgramVersion, REQUEST_MAX, Welcome};
use crate::link::identity;
use crate::office::Asker;
use crate::protocol::{Incoming, Request, Ticket};

/// Whoever has not said who they are within this time has come for nothing.
const GREETING_MAX: Duration = Duration::from_secs(5);
/// A request that has begun is there within this time.
const REQUEST_TIME_MAX: Duration = Duration::from_secs(10);
/// A client that stands still for so long with answers to take is cut off; one that was
/// only suspended finds its way back by itself.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(60);

/// Bytes after which no more is written in the same go.
const TOGETHER_MAX: usize = 16 * 1024;

pub(super) struct Connection {
    pub stream: UnixStream,
    pub sitting: u64,
    pub uid: u32,
    pub outbox: Arc<Outbox>,
    /// Its user's, whatever other connections they have.
    pub room: Arc<Room>,
}

impl Connection {
    /// Talks until the client goes, misbehaves, or the server stops.
    pub fn talk(&self, office: &SyncSender<Message>, doors: &Doors) {
        let asker = match self.greeting(doors) {
            Ok(Some(asker)) => asker,
            Ok(None) => return,
            Err(error) => {
                tracing::debug!(sitting = self.sitting, %error, "no greeting");
                return;
            }
        };
        thread::scope(|scope| {
            let writer = thread::Builder::new().name("writer".into());
            if let Err(error) = writer.spawn_scoped(scope, || self.write(office)) {
                tracing::error!(%error, "no thread for a connection");
                return;
            }
            if office.send(Message::Here(asker, Arc::clone(&self.outbox))).is_ok() {
                self.read(office);
            }
            if office.send(Message::Gone(self.sitting)).is_err() {
                // The office has ended and will finish nothing.
                self.outbox.finish();
            }
        });
    }

    /// Who has come; `None` when they cannot stay.
    fn greeting(&self, doors: &Doors) -> io::Result<Option<Asker>> {
        // Before they say a word: what counts is who they are.
        let officer = identity::name(self.uid);
        let told = doors.stay(self.sitting, self.uid, &officer);
        if told != Welcome::Come {
            tracing::warn!(uid = self.uid, ?told, "no seat");
            frame::welcome(&mut &self.stream, told)?;
            return Ok(None);
        }
        let until = Some(Instant::now() + GREETING_MAX);
        let mut limited = Limited { stream: &self.stream, until };
        let Some((version, wish)) = frame::knocked(&mut limited)? else {
            tracing::warn!(uid = self.uid, "a stranger on the socket");
            return Ok(None);
        };
        if version != ProgramVersion::ours() {
            tracing::warn!(uid = self.uid, version = version.program, "another version");
            frame::welcome(&mut &self.stream, Welcome::OtherVersion)?;
            return Ok(None);
        }
        frame::welcome(&mut &self.stream, Welcome::Come)?;
        self.stream.set_write_timeout(Some(ANSWER_TIME_MAX))?;
        Ok(Some(Asker {
            officer: officer.into(),
            sitting: self.sitting,
            owner: identity::owns_office(self.uid),
            read_only: wish.read_only,
        }))
    }

    /// Ends it from outside, whatever the client does.
    pub fn end(&self) {
        let _ = self.stream.shutdown(Shutdown::Both);
        self.outbox.abandon();
    }

    fn read(&self, office: &SyncSender<Message>) {
        let mut stream = BufReader::new(Limited { stream: &self.stream, until: None });
        loop {
            let (ticket, request, taken) = match self.next(&mut stream) {
                Ok(asked) => asked,
                Err(FrameError::Closed) => return,
                Err(error) => {
                    tracing::warn!(sitting = self.sitting, uid = self.uid, %error, "request");
                    return;
                }
            };
            if !self.outbox.room() {
                return;
            }
            let sitting = self.sitting;
            if office.send(Message::Ask { sitting, ticket, request, taken }).is_err() {
                return;
            }
        }
    }

    /// The next request, once its user has room for it. What has begun has to come: half a
    /// request must not keep that room.
    fn next(
        &self,
        stream: &mut BufReader<Limited>,
    ) -> Result<(Ticket, Request, Taken), FrameError> {
        stream.get_mut().until = None;
        let length = frame::length(stream, REQUEST_MAX)?;
        let taken = Room::take(&self.room, length);
        stream.get_mut().until = Some(Instant::now() + REQUEST_TIME_MAX);
        let (ticket, request) = frame::body(stream, length)?;
        Ok((ticket, request, taken))
    }

    fn write(&self, office: &SyncSender<Message>) {
        while let Some(first) = self.outbox.next() {
            if self.write_all(first).is_err() {
                self.outbox.abandon();
                if office.send(Message::Deaf(self.sitting)).is_err() {
                    break;
                }
            }
            if self.room.opens() && office.send(Message::Again).is_err() {
                break;
            }
        }
        // The reader learns that nobody is there any more, and so does the client.
        let _ = self.stream.shutdown(Shutdown::Both);
    }

    /// Writes this and what waits behind it in one go: after a group of saves everybody has
    /// a notice of each.
    fn write_all(&self, first: Letter) -> Result<(), FrameError> {
        let mut bytes = Vec::new();
        let mut replies = Vec::new();
        let mut next = Some(first);
        while let Some(letter) = next {
            match letter {
                Letter::Reply(framed, taken) => {
                    replies.push(taken);
                    if bytes.is_empty() { bytes = framed } else { bytes.extend(framed) }
                }
                Letter::Notice(notice) => {
                    bytes.extend(frame::frame(&Incoming::Notice(notice), ANSWER_MAX)?);
                }
            }
            next = (bytes.len() < TOGETHER_MAX).then(|| self.outbox.next_at_hand()).flatten();
        }
        let written = (&self.stream).write_all(&bytes);
        for taken in replies {
            self.outbox.written();
            drop(taken);
        }
        Ok(written?)
    }
}

/// Reads until a time, if there is one, and no longer, however slowly the bytes drip.
struct Limited<'a> {
    stream: &'a UnixStream,
    until: Option<Instant>,
}

impl Read for Limited<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.until.map(|until| until.saturating_duration_since(Instant::now()));
        if left.is_some_and(|left| left.is_zero()) {
            return Err(io::ErrorKind::TimedOut.into());
        }
        self.stream.set_read_timeout(left)?;
        self.stream.read(buffer)
    }
}
