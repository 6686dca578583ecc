//! Ear: waits for what the other end of a channel says. While one word follows on the other
//! within a moment (a program that asks one question after the other), it looks for the next
//! for a moment before its thread sleeps: waking a core that sleeps takes longer than most
//! answers. Where both ends share a core, or others keep the cores busy, to look is to stand in
//! the way of whoever would answer: having looked in vain it does so less and less often. A
//! person's keys come too far apart for any of that, and cost nothing.

use std::hint::spin_loop;
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

/// So long it looks before it sleeps.
const AWAKE: Duration = Duration::from_micros(80);
/// What came this soon was about to come; the waking is in it.
const CLOSE: Duration = Duration::from_micros(240);
/// After having looked in vain time and again, so many words are waited for asleep.
const ASLEEP_MAX: u32 = 63;

/// One end's; how closely the last words followed on each other.
#[derive(Debug, Default)]
pub struct Ear {
    closely: bool,
    /// So many words are waited for asleep after the next look that is in vain, about.
    discouraged: u32,
    /// So many are yet.
    asleep: u32,
}

impl Ear {
    /// What comes next; at most as long as `wakes_in` if that is some, else for good.
    pub fn next<T>(
        &mut self,
        receiver: &Receiver<T>,
        wakes_in: Option<Duration>,
    ) -> Result<T, RecvTimeoutError> {
        let began = Instant::now();
        if self.closely && self.asleep == 0 {
            while began.elapsed() < AWAKE {
                match receiver.try_recv() {
                    Ok(heard) => {
                        self.discouraged /= 2;
                        return Ok(heard);
                    }
                    Err(TryRecvError::Disconnected) => return Err(RecvTimeoutError::Disconnected),
                    Err(TryRecvError::Empty) => spin_loop(),
                }
            }
            self.discouraged = (2 * self.discouraged + 1).min(ASLEEP_MAX);
            self.asleep = self.discouraged;
        } else {
            self.asleep = self.asleep.saturating_sub(1);
        }
        let heard = super::next(receiver, wakes_in);
        self.closely = heard.is_ok() && began.elapsed() < CLOSE && has_company();
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
        for closely in [true, false] {
            let mut ear = Ear { closely, ..Ear::default() };
            sender.send(7).unwrap();
            assert_eq!(ear.next(&receiver, None), Ok(7));
            assert_eq!(ear.next(&receiver, Some(Duration::ZERO)), Err(RecvTimeoutError::Timeout));
            assert!(!ear.closely, "nothing followed");
        }
        drop(sender);
        for closely in [true, false] {
            let mut ear = Ear { closely, ..Ear::default() };
            assert_eq!(ear.next(&receiver, None), Err(RecvTimeoutError::Disconnected));
        }
    }

    #[test]
    fn having_looked_in_vain_it_looks_less_and_less_often() {
        let (_sender, receiver) = channel::<u8>();
        let (mut ear, mut looks) = (Ear::default(), Vec::new());
        for word in 0..200 {
            ear.closely = true;
            if ear.asleep == 0 {
                looks.push(word);
            }
            let _ = ear.next(&receiver, Some(Duration::ZERO));
        }
        assert_eq!(looks, [0, 2, 6, 14, 30, 62, 126, 190]);
    }
}
