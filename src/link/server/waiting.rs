//! Waiting: which of the requests that wait are carried out together. What one sitting
//! asks keeps its order; between sittings there is none. So whoever only reads is answered
//! before the disk is waited for, and the saves of all share one sync. Users take turns:
//! however much one asks, another waits for one piece of it at most.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use super::outbox::Outbox;
use super::room::Taken;
use crate::domain::change::CHANGES_MAX;
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

    /// Whether its user has room for the answer; what they save is always answered.
    fn has_room(&self) -> bool {
        !self.request.only_reads() || self.taken.as_ref().is_none_or(Taken::may_be_answered)
    }
}

/// Requests not carried out yet, in the order in which they came.
#[derive(Default)]
pub(super) struct Waiting(VecDeque<Asked>);

impl Waiting {
    pub fn push(&mut self, asked: Asked) {
        self.0.push_back(asked);
    }

    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The sittings that have a write among these.
    pub fn writers(&self) -> HashSet<u64> {
        self.0.iter().filter(|asked| asked.writes()).map(|asked| asked.asker.sitting).collect()
    }

    /// Whether anything can be carried out now.
    pub fn is_idle(&self) -> bool {
        let mut held = HashSet::new();
        !self.0.iter().any(|asked| {
            let sitting = asked.asker.sitting;
            let ready = !held.contains(&sitting) && asked.has_room();
            held.insert(sitting);
            ready
        })
    }

    /// Takes one of each user that comes after no write of its own sitting.
    pub fn reads(&mut self) -> Vec<Asked> {
        let mut had = HashSet::new();
        self.take(|asked, held| {
            !asked.writes()
                && !held
                && asked.has_room()
                && had.insert(Arc::clone(&asked.asker.officer))
        })
    }

    /// Takes the writes of each sitting up to what it wants to read after them; of one user
    /// as much as one line of the journal holds, or one that is larger.
    pub fn writes(&mut self) -> Vec<Asked> {
        let mut had: HashMap<Arc<str>, usize> = HashMap::new();
        self.take(|asked, held| {
            if !asked.writes() || held {
                return false;
            }
            let had = had.entry(Arc::clone(&asked.asker.officer)).or_default();
            let takes = *had == 0 || *had + asked.request.weight() <= CHANGES_MAX;
            *had += asked.request.weight().max(1);
            takes
        })
    }

    /// Somebody takes no answers any more: what they only wanted to read is for nobody.
    pub fn deaf(&mut self, sitting: u64) {
        self.0.retain(|asked| asked.asker.sitting != sitting || !asked.request.only_reads());
    }

    /// Somebody's sitting is ended: nothing more of it is done.
    pub fn end(&mut self, sitting: u64) {
        self.0.retain(|asked| asked.asker.sitting != sitting);
    }

    /// Whether anything of a sitting waits.
    pub fn waits(&self, sitting: u64) -> bool {
        self.0.iter().any(|asked| asked.asker.sitting == sitting)
    }

    /// The office has ended: everything.
    pub fn drain(&mut self) -> impl Iterator<Item = Asked> {
        self.0.drain(..)
    }

    /// Takes what is `wanted`, in order; a sitting is held from the first request on that
    /// stays.
    fn take(&mut self, mut wanted: impl FnMut(&Asked, bool) -> bool) -> Vec<Asked> {
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

    /// Sitting, and whether it writes; numbered in order. Each is another user's.
    fn waiting(asked: &[(u64, bool)]) -> Waiting {
        waiting_of(asked, |sitting| format!("user-{sitting}"))
    }

    fn waiting_of(asked: &[(u64, bool)], user: impl Fn(u64) -> String) -> Waiting {
        let step = Step { req: RequestId("r".into()), via: Via::Tui, why: String::new() };
        let mut waiting = Waiting::default();
        for (number, (sitting, writes)) in asked.iter().enumerate() {
            waiting.push(Asked {
                asker: Asker { sitting: *sitting, ..Asker::alone(&user(*sitting)) },
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
    fn however_many_sittings_one_user_has_another_waits_for_one_of_their_requests() {
        let mut asked: Vec<(u64, bool)> = (1..=50).map(|sitting| (sitting, false)).collect();
        asked.push((99, false));
        let mut waiting =
            waiting_of(&asked, |sitting| if sitting < 99 { "many" } else { "one" }.into());
        assert_eq!(tickets(&waiting.reads()), [0, 50]);
        assert_eq!(tickets(&waiting.reads()), [1]);
        assert_eq!(waiting.len(), 48);
    }

    #[test]
    fn what_somebody_deaf_wanted_to_read_is_for_nobody_and_what_they_saved_is_done() {
        let mut waiting = waiting(&[(1, false), (1, true), (2, false)]);
        waiting.deaf(1);
        assert_eq!(tickets(&waiting.reads()), [2]);
        assert!(waiting.waits(1));
        assert_eq!(tickets(&waiting.writes()), [1]);
        assert!(waiting.is_idle() && waiting.len() == 0);
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
