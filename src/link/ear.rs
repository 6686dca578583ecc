//! Ear: waits for what the other end of a channel says. While one word follows on the other
//! within a moment (a program that asks one question after the other), it looks for the next
//! for a moment before its thread sleeps: waking a core that sleeps takes longer than most
//! answers. A person's keys come too far apart for that, and cost nothing.

use std::hint::spin_loop;
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

/// So long it looks before it sleeps.
const AWAKE: Duration = Duration::from_micros(50);
/// What came this soon was about to come; the waking is in it.
const CLOSE: Duration = Duration::from_micros(150);

/// One end's; how closely the last words followed on each other.
#[derive(Debug, Default)]
pub struct Ear {
    awake: bool,
}

impl Ear {
    /// What comes next; at most as long as `wakes_in` if that is some, else for good.
    pub fn next<T>(
        &mut self,
        receiver: &Receiver<T>,
        wakes_in: Option<Duration>,
    ) -> Result<T, RecvTimeoutError> {
        let began = Instant::now();
        while self.awake && began.elapsed() < AWAKE {
            match receiver.try_recv() {
                Ok(heard) => return Ok(heard),
                Err(TryRecvError::Disconnected) => return Err(RecvTimeoutError::Disconnected),
                Err(TryRecvError::Empty) => spin_loop(),
            }
        }
        let heard = super::next(receiver, wakes_in);
        self.awake = heard.is_ok() && began.elapsed() < CLOSE && has_company();
        heard
    }
}

/// Whether the other end can run while this one looks.
fn has_company() -> bool {
    static CORES: OnceLock<usize> = OnceLock::new();
    *CORES.get_or_init(|| available_parallelism().map_or(1, usize::from)) > 1
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn what_is_said_is_heard_whether_it_looks_or_sleeps() {
        let (sender, receiver) = channel();
        for awake in [true, false] {
            let mut ear = Ear { awake };
            sender.send(7).unwrap();
            assert_eq!(ear.next(&receiver, None), Ok(7));
            assert_eq!(ear.next(&receiver, Some(Duration::ZERO)), Err(RecvTimeoutError::Timeout));
            assert!(!ear.awake, "nothing followed");
        }
        drop(sender);
        for awake in [true, false] {
            let mut ear = Ear { awake };
            assert_eq!(ear.next(&receiver, None), Err(RecvTimeoutError::Disconnected));
        }
    }
}
