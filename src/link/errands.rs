//! Errands: what the office sends out beside the writer, seen from whoever keeps it. One is
//! out at a time; of those that wait, the turn is with whoever has had the fewest lately,
//! so that nobody's proofs keep another from theirs.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;

use crate::office::{Ask, Asker, Errand, Leash, Office, Returned};
use crate::protocol::{Answer, Problem, Request, Ticket, Work};

/// Users whose turns are remembered.
const KNOWN_MAX: usize = 1000;

/// What an errand brought back; nothing if it ended in a panic.
pub(super) struct Back(Option<Returned>);

/// Errands that wait or are out. `P` is where an answer goes.
pub(super) struct Errands<P> {
    waiting: Vec<(Asker, Request, P)>,
    /// Where the answer goes to the one whose turn it is, until it is out or answered.
    turn: Option<P>,
    out: Option<Out<P>>,
    /// Turns had, by user.
    turns: HashMap<Arc<str>, u64>,
}

struct Out<P> {
    sitting: u64,
    place: P,
    leash: Leash,
}

/// How an errand says how far it is, and how it comes back.
pub(super) struct Lines<T, B> {
    pub told: T,
    pub back: B,
}

impl<P> Default for Errands<P> {
    fn default() -> Self {
        Self { waiting: Vec::new(), turn: None, out: None, turns: HashMap::new() }
    }
}

impl<P> Errands<P> {
    pub fn push(&mut self, asker: Asker, request: Request, place: P) {
        self.waiting.push((asker, request, place));
    }

    /// Whether this sitting still waits for one.
    pub fn waits(&self, sitting: u64) -> bool {
        self.waiting.iter().any(|(asker, ..)| asker.sitting == sitting)
            || self.out.as_ref().is_some_and(|out| out.sitting == sitting)
    }

    /// Sends out the next one, unless one is out; or answers it, if it needs none after all:
    /// then another may have its turn.
    pub fn send_out<T, B>(
        &mut self,
        office: &mut Office,
        lines: impl Fn(&P) -> Lines<T, B>,
    ) -> Option<(P, Answer)>
    where
        T: FnMut(Work, u64, u64) + Send + 'static,
        B: FnOnce(Back) + Send + 'static,
    {
        if self.out.is_some() {
            return None;
        }
        let (asker, request) = self.next()?;
        let answer = match office.errand(&asker, &request) {
            Some(Ok(errand)) => {
                let (leash, sitting) = (errand.leash(), asker.sitting);
                match run(errand, lines(self.turn.as_ref()?)) {
                    Ok(()) => {
                        self.out = self.turn.take().map(|place| Out { sitting, place, leash });
                        return None;
                    }
                    Err(problem) => Answer::Refused(problem),
                }
            }
            Some(Err(refused)) => refused,
            // Another errand has brought what it needs.
            None => {
                let ask = Ask { asker, ticket: Ticket(0), request };
                let answered = office.handle(vec![ask], &mut |_, _, _| {}).pop();
                answered.map_or(Answer::Refused(Problem::Closed), |(_, answer)| answer)
            }
        };
        self.turn.take().map(|place| (place, answer))
    }

    /// Whose turn it is now.
    fn next(&mut self) -> Option<(Asker, Request)> {
        let turns = |asker: &Asker| self.turns.get(&asker.officer).copied().unwrap_or_default();
        let next = self.waiting.iter().enumerate();
        let (at, _) = next.min_by_key(|(at, (asker, ..))| (turns(asker), *at))?;
        let (asker, request, place) = self.waiting.remove(at);
        self.turn = Some(place);
        if self.turns.len() >= KNOWN_MAX {
            self.turns.clear();
        }
        *self.turns.entry(Arc::clone(&asker.officer)).or_default() += 1;
        Some((asker, request))
    }

    /// Takes up one that has come back.
    pub fn take_up(&mut self, office: &mut Office, back: Back) -> Option<(P, Answer)> {
        self.out.as_ref()?;
        let answer = match back.0 {
            Some(returned) => office.take_up(returned),
            None => Answer::Refused(Problem::Io("panic".into())),
        };
        self.out.take().map(|out| (out.place, answer))
    }

    /// Stops what this sitting waits for; what is out still comes back.
    pub fn stop(&mut self, sitting: u64) -> Vec<P> {
        if let Some(out) = self.out.as_ref().filter(|out| out.sitting == sitting) {
            out.leash.stop();
        }
        let all = std::mem::take(&mut self.waiting);
        let (theirs, others) = all.into_iter().partition(|(asker, ..)| asker.sitting == sitting);
        self.waiting = others;
        let theirs: Vec<_> = theirs;
        theirs.into_iter().map(|(.., place)| place).collect()
    }

    /// The office ends: everybody who still waits.
    pub fn drain(&mut self) -> Vec<P> {
        let waiting = self.waiting.drain(..).map(|(.., place)| place);
        waiting.chain(self.turn.take()).chain(self.out.take().map(|out| out.place)).collect()
    }
}

/// On a thread of its own.
fn run<T, B>(errand: Errand, lines: Lines<T, B>) -> Result<(), Problem>
where
    T: FnMut(Work, u64, u64) + Send + 'static,
    B: FnOnce(Back) + Send + 'static,
{
    let Lines { mut told, back } = lines;
    let work = move || {
        let returned = catch_unwind(AssertUnwindSafe(|| {
            errand.run(&mut |work, done, total| {
                told(work, done, total);
                true
            })
        }));
        if returned.is_err() {
            tracing::error!("an errand ended in a panic");
        }
        back(Back(returned.ok()));
    };
    let thread = thread::Builder::new().name("errand".into()).spawn(work);
    thread.map(drop).map_err(|error| Problem::Io(error.kind().to_string()))
}
