//! Link: requests and answers between a person's program and the office, in one
//! process (`embedded`) or over a Unix socket (`server` and `socket`); `open` chooses.

pub mod embedded;
mod errands;
pub mod frame;
pub mod identity;
pub mod open;
pub mod server;
pub mod socket;

/// What the reports take, for a command line that is read before any office is open.
pub use crate::office::all_reports;

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::domain::change::RequestId;
use crate::protocol::{Request, Ticket};

/// A name no other request bears: from when, which process, which of its requests, and what
/// the system gives at random.
pub fn request_id() -> RequestId {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let nanos = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos());
    let of = (nanos, std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let mut bytes = [0; 16];
    for half in bytes.chunks_exact_mut(8) {
        half.copy_from_slice(&RandomState::new().hash_one(of).to_be_bytes());
    }
    RequestId::of(bytes)
}

/// The asker's end of the line to an office. Replies and notices come back through the
/// sink the link was made with, in the order in which the office gave them.
pub trait Link: Send {
    /// Sends and returns at once. After the office has closed, `Notice::Closed` is all
    /// that still comes back.
    fn ask(&self, ticket: Ticket, request: Request);

    /// The same by somebody who does nothing else until it is answered: it may be carried out
    /// on this very thread, and be answered when this returns. The sink must neither wait for
    /// this thread nor ask here itself.
    fn ask_here(&self, ticket: Ticket, request: Request) {
        self.ask(ticket, request);
    }
}

impl<L: Link + Sync + ?Sized> Link for std::sync::Arc<L> {
    fn ask(&self, ticket: Ticket, request: Request) {
        (**self).ask(ticket, request);
    }

    fn ask_here(&self, ticket: Ticket, request: Request) {
        (**self).ask_here(ticket, request);
    }
}

/// What comes next; at most as long as the office wants to sleep, for good if it does.
pub(crate) fn next<T>(
    receiver: &Receiver<T>,
    wakes_in: Option<Duration>,
) -> Result<T, RecvTimeoutError> {
    match wakes_in {
        Some(time) => receiver.recv_timeout(time),
        None => receiver.recv().map_err(|_| RecvTimeoutError::Disconnected),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn every_request_has_a_name_of_its_own_of_sixteen_bytes() {
        let ids: std::collections::HashSet<_> = (0..1000).map(|_| request_id()).collect();
        assert_eq!(ids.len(), 1000);
        assert!(ids.iter().all(RequestId::is_whole));
    }

    #[test]
    fn an_office_sleeps_until_somebody_asks_or_it_has_something_to_do() {
        let (sender, receiver) = channel();
        let now = Some(Duration::ZERO);
        assert_eq!(next::<u8>(&receiver, now), Err(RecvTimeoutError::Timeout));
        sender.send(7).unwrap();
        assert_eq!(next(&receiver, None), Ok(7));
        drop(sender);
        assert_eq!(next(&receiver, None), Err(RecvTimeoutError::Disconnected));
        assert_eq!(next(&receiver, now), Err(RecvTimeoutError::Disconnected));
    }
}
