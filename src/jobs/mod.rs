//! Jobs: long pieces of work that a person starts, watches and may stop, the same on the
//! command line and on screen: bringing a file in, writing one out, taking a backup,
//! filling an example, giving somebody a copy of what is held about them.
//!
//! A job asks the office through the link and reads or writes the officer's files with
//! the officer's own rights. It prints nothing and draws nothing: it reports to `Progress`.
//! What a screen says to a job and hears from it is `job`; `run` carries that out.

pub mod backup;
pub mod cycle_sheets;
pub mod demo;
pub mod export;
pub mod files;
pub mod import;
pub mod job;
pub mod mappings;
pub mod person;
pub mod run;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::protocol::{Answer, Problem, Request};

/// How a job asks the office and waits for the answer.
pub type Asking<'a> = dyn FnMut(Request) -> Result<Answer, Problem> + 'a;

/// How far a job is, and whether it was told to stop. Shared between the one who works
/// and the one who watches.
pub struct Progress {
    done: AtomicU64,
    total: AtomicU64,
    cancelled: AtomicBool,
    watch: Box<dyn Fn(u64, u64) + Send + Sync>,
}

impl Progress {
    /// `watch` hears every step as (done, total); total is 0 while unknown.
    pub fn new(watch: impl Fn(u64, u64) + Send + Sync + 'static) -> Self {
        Self {
            done: AtomicU64::new(0),
            total: AtomicU64::new(0),
            cancelled: AtomicBool::new(false),
            watch: Box::new(watch),
        }
    }

    /// Nobody watches.
    pub fn silent() -> Self {
        Self::new(|_, _| {})
    }

    pub fn at(&self, done: u64, total: u64) {
        self.done.store(done, Ordering::Relaxed);
        self.total.store(total, Ordering::Relaxed);
        (self.watch)(done, total);
    }

    pub fn done(&self) -> (u64, u64) {
        (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed))
    }

    /// Tells the job to stop at its next step; nothing of it is saved.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    pub fn cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
}

/// An answer of another shape than was asked for: only a broken link gives one.
fn unexpected() -> Problem {
    Problem::Closed
}
