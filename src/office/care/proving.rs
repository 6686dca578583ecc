//! Proving beside the writer: a screen that is opened after a kill is shown what there is at
//! once, and the store is proven on another thread, from when nobody has asked for a moment
//! or somebody has to wait for it: the two would hold each other up. Until it is, nothing is
//! written, and nothing is answered but what a screen shows and reads again when it is told
//! to. A store that does not add up is made anew from the journal, and every screen is told.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::thread;
use std::time::Duration;

use chrono::TimeDelta;

use crate::office::{Office, QUIET};
use crate::store::{Store, StoreError};

/// How often an office that has nothing else to do looks whether the proof is done.
const LOOKS: Duration = Duration::from_millis(20);

/// Where somebody asks all the time it is put off for so long at most.
pub(in crate::office) const PUT_OFF_MAX: TimeDelta = TimeDelta::seconds(2);

/// A proof to come, or under way. Dropped, it waits until the other thread has let go of the
/// store. Nothing may be written to the store before it has ended.
#[derive(Default)]
pub(in crate::office) struct Proving {
    back: Option<Receiver<Result<(), StoreError>>>,
    /// Somebody waits for it.
    awaited: Arc<AtomicBool>,
}

impl Proving {
    /// Of the store as it is now.
    pub fn begin(&mut self, store: &Store) {
        if self.back.is_some() {
            return;
        }
        let (sender, back) = channel();
        let (view, awaited) = (store.view(), Arc::clone(&self.awaited));
        let work = move || {
            let (sender, view) = (sender, view);
            let proven = view.prove_beside(&awaited);
            drop(view);
            // Whoever called it off does not ask what it came to.
            let _ = sender.send(proven);
        };
        // Where there is no thread for it nothing is proven, and the store is made anew.
        drop(thread::Builder::new().name("proof".into()).spawn(work));
        self.back = Some(back);
    }

    #[cfg(test)]
    pub fn is_to_come(&self) -> bool {
        self.back.is_none()
    }

    /// How long until it is to be looked at again.
    pub fn wakes_in(&self) -> Duration {
        if self.back.is_some() { LOOKS } else { QUIET }
    }

    /// What it came to, once it has ended.
    fn outcome(&self, waits: bool) -> Option<Result<(), StoreError>> {
        let ended = Err(StoreError::Unproven { what: "a proof that came to no end" });
        let back = self.back.as_ref()?;
        if waits {
            self.awaited.store(true, Ordering::Relaxed);
            return Some(back.recv().unwrap_or(ended));
        }
        match back.try_recv() {
            Ok(outcome) => Some(outcome),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => Some(ended),
        }
    }
}

impl Drop for Proving {
    fn drop(&mut self) {
        if let Some(back) = &self.back {
            self.awaited.store(true, Ordering::Relaxed);
            // Either an outcome nobody has asked for, or word that the thread has ended.
            let _ = back.recv();
        }
    }
}

impl Office {
    /// Takes up what the proof under way has come to, if it has ended.
    pub(in crate::office) fn heed_proof(&mut self) {
        self.take_proof(false);
    }

    /// Nothing but what is shown may come of a store before it is proven.
    pub(in crate::office) fn await_proof(&mut self) {
        self.take_proof(true);
    }

    fn take_proof(&mut self, waits: bool) {
        if waits {
            self.begin_proof();
        }
        let Some(outcome) = self.proving.as_ref().and_then(|proving| proving.outcome(waits)) else {
            return;
        };
        self.proving = None;
        match outcome {
            Ok(()) => self.state.store.trust(),
            Err(error) => {
                tracing::warn!(%error, "the store does not add up");
                self.behind = true;
                if self.keep_up().is_err() {
                    tracing::error!("the store could not be made anew yet");
                }
            }
        }
    }

    /// Begins the proof that is to come, if one is.
    pub(in crate::office) fn begin_proof(&mut self) {
        if let Some(proving) = &mut self.proving {
            proving.begin(&self.state.store);
        }
    }

    /// At the end of a sitting: a store that does not add up is left to the next opening.
    pub(in crate::office) fn end_proof(&mut self) {
        self.begin_proof();
        match self.proving.take().and_then(|proving| proving.outcome(true)) {
            Some(Ok(())) => self.state.store.trust(),
            Some(Err(error)) => {
                tracing::warn!(%error, "the store does not add up and is left as it is");
                self.behind = true;
            }
            None => {}
        }
    }
}
