//! Waiting: which of the requests that wait are carried out together. What one sitting
//! asks keeps its order; between sittings there is none. So whoever only reads is answered
//! before the disk is waited for, and the saves of all share one sync.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use super::outbox::Outbox;
use super::room::Taken;
use crate::office::Asker;
use crate::protocol::{Request, Ticket};

/// A request, and where its answer goes.
pub(super) struct Asked {
    pub asker: Asker,
    pub outbox: Arc<Outbox>,
    pub ticket: Ticket,
    pub request: Request,
    /// The room it takes.
    pub taken: Option<Taken>,
}

impl Asked {
    fn writes(&self) -> bool {
        self.request.step().is_some()
    }
}

/// Requests not carried out yet, in the order in which they came.
#[derive(Default)]
pub(super) struct Waiting(VecDeque<Asked>);

impl Waiting {
    pub fn push(&mut self, asked: Asked) {
        self.0.push_back(asked);
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The sittings that have a write among these.
    pub fn writers(&self) -> HashSet<u64> {
        self.0.iter().filter(|asked| asked.writes()).map(|asked| asked.asker.sitting).collect()
    }

    /// Takes everything that comes after no write of its own sitting.
    pub fn reads(&mut self) -> Vec<Asked> {
        self.take(|asked, held| !asked.writes() && !held)
    }

    /// Takes the writes of each sitting up to what it wants to read after them.
    pub fn writes(&mut self) -> Vec<Asked> {
        self.take(|asked, held| asked.writes() && !held)
    }

    /// Takes what is `wanted`, in order; a sitting is held from the first request on that
    /// stays.
    fn take(&mut self, wanted: impl Fn(&Asked, bool) -> bool) -> Vec<Asked> {
        let mut held = HashSet::new();
        let mut taken = Vec::new();
        for asked in std::mem::take(&mut self.0) {
            if wanted(&asked, held.contains(&asked.asker.sitting)) {
                taken.push(asked);
            } else {
                held.insert(asked.asker.sitting);
                self.0.push_back(asked);
            }
        }
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::change::{RequestId, Via};
    use crate::protocol::Step;

    /// Sitting, and whether it writes; numbered in order.
    fn waiting(asked: &[(u64, bool)]) -> Waiting {
        let step = Step { req: RequestId("r".into()), via: Via::Tui, why: String::new() };
        let mut waiting = Waiting::default();
        for (number, (sitting, writes)) in asked.iter().enumerate() {
            waiting.push(Asked {
                asker: Asker { sitting: *sitting, ..Asker::alone("siti") },
                outbox: Arc::default(),
                ticket: Ticket(number as u64),
                request: if *writes {
                    Request::Redo { step: step.clone() }
                } else {
                    Request::Welcome
                },
                taken: None,
            });
        }
        waiting
    }

    fn tickets(taken: &[Asked]) -> Vec<u64> {
        taken.iter().map(|asked| asked.ticket.0).collect()
    }

    #[test]
    fn readers_go_first_and_all_writes_together() {
        let mut waiting = waiting(&[(1, true), (2, false), (3, true), (2, true), (4, false)]);
        assert_eq!(waiting.writers(), HashSet::from([1, 2, 3]));
        assert_eq!(tickets(&waiting.reads()), [1, 4]);
        assert_eq!(tickets(&waiting.writes()), [0, 2, 3]);
        assert_eq!(waiting.len(), 0);
    }

    #[test]
    fn what_one_sitting_asks_keeps_its_order() {
        let mut waiting = waiting(&[(1, true), (1, false), (1, true), (2, true)]);
        assert!(waiting.reads().is_empty());
        assert_eq!(tickets(&waiting.writes()), [0, 3]);
        assert_eq!(tickets(&waiting.reads()), [1]);
        assert_eq!(tickets(&waiting.writes()), [2]);
        assert_eq!(waiting.len(), 0);
    }
}
