//! Everything that happens to the screen, on one bounded channel: one total order, and
//! nothing to wait for but this channel. An idle screen sleeps in `recv`.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::job::JobEvent;
use crate::protocol::Incoming;
use crate::term::input::Heard;

/// How many events may wait. A full channel makes the terminal's reader or the office wait.
pub const EVENTS_MAX: usize = 256;

#[derive(Debug)]
pub enum Event {
    Input(Heard),
    Incoming(Incoming),
    Job(JobEvent),
}

impl From<Heard> for Event {
    fn from(heard: Heard) -> Self {
        Self::Input(heard)
    }
}

impl From<Incoming> for Event {
    fn from(incoming: Incoming) -> Self {
        Self::Incoming(incoming)
    }
}

impl From<JobEvent> for Event {
    fn from(event: JobEvent) -> Self {
        Self::Job(event)
    }
}

/// The channel of one screen.
pub fn channel() -> (SyncSender<Event>, Receiver<Event>) {
    sync_channel(EVENTS_MAX)
}
