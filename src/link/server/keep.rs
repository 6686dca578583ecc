//! The office's own thread in a server: takes what waits from all connections together,
//! answers who only reads, lets saves share one sync, answers each and tells everybody
//! what changed within their reach. Never waits for a connection.
//!
//! Officers who save at the same time come back soon after their answers; for them, and
//! only for them, the next sync is held back a moment. Nobody else ever waits.

use std::collections::{HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use super::outbox::Outbox;
use super::room::Taken;
use super::waiting::{Asked, Waiting};
use crate::link;
use crate::office::{Ask, Asker, Office};
use crate::protocol::{Answer, Notice, Problem, Request, Ticket};

/// Requests taken up together.
const TOGETHER_MAX: usize = 64;
/// The longest a sync is held back for others, and its share of what the last one took.
const COMPANY_MAX: Duration = Duration::from_millis(3);
const COMPANY_SHARE: u32 = 3;

/// What connections tell the office; each connection's words come in their order.
pub(super) enum Message {
    Here(Asker, Arc<Outbox>),
    Ask {
        sitting: u64,
        ticket: Ticket,
        request: Request,
        taken: Taken,
    },
    Gone(u64),
    /// End once every connection has gone.
    Close,
}

/// Where an answer goes, and the room it ends.
type From = (Arc<Outbox>, Ticket, Option<Taken>);

/// Who saved last, and until when they are worth waiting for.
#[derive(Default)]
struct Company {
    sittings: HashSet<u64>,
    until: Option<Instant>,
}

impl Company {
    /// These have been answered, after `took`.
    fn answered(&mut self, sittings: HashSet<u64>, took: Duration) {
        self.sittings = sittings;
        self.until = Some(Instant::now() + (took / COMPANY_SHARE).min(COMPANY_MAX));
    }

    /// How long to wait for those who are not yet among the writers.
    fn missing(&self, writers: &HashSet<u64>) -> Option<Duration> {
        if writers.is_empty() || self.sittings.is_subset(writers) {
            return None;
        }
        let left = self.until?.saturating_duration_since(Instant::now());
        (!left.is_zero()).then_some(left)
    }
}

struct Keeper {
    office: Office,
    here: HashMap<u64, (Asker, Arc<Outbox>)>,
    waiting: Waiting,
    company: Company,
    closing: bool,
    /// Has gone; forgotten once what it had asked is done.
    gone: Option<u64>,
}

/// Keeps the office until it is told to close.
pub(super) fn keep(office: Office, receiver: &Receiver<Message>) {
    let mut keeper = Keeper {
        office,
        here: HashMap::new(),
        waiting: Waiting::default(),
        company: Company::default(),
        closing: false,
        gone: None,
    };
    while !(keeper.closing && keeper.here.is_empty()) {
        let mut next = match link::next(receiver, keeper.office.wakes_in()) {
            Ok(message) => Some(message),
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) if keeper.wake().is_err() => {
                return keeper.end_in_panic();
            }
            Err(RecvTimeoutError::Timeout) => None,
        };
        while let Some(message) = next.take() {
            keeper.take_all(message, receiver);
            if keeper.answer_readers().is_err() {
                return keeper.end_in_panic();
            }
            next = keeper.company(receiver);
        }
        if keeper.carry_out_all().is_err() {
            return keeper.end_in_panic();
        }
        if let Some(sitting) = keeper.gone.take() {
            keeper.left(sitting);
        }
        keeper.tell_editors();
    }
    keeper.office.close();
}

/// The office has panicked.
struct Panicked;

impl Keeper {
    /// Takes up a message and everything that waits behind it.
    fn take_all(&mut self, message: Message, receiver: &Receiver<Message>) {
        let mut next = Some(message);
        while let Some(message) = next {
            match message {
                Message::Here(asker, outbox) => {
                    outbox.editors(self.office.editors(&asker));
                    self.here.insert(asker.sitting, (asker, outbox));
                }
                Message::Ask { sitting, ticket, request, taken } => {
                    if let Some((asker, outbox)) = self.here.get(&sitting) {
                        let (asker, outbox) = (asker.clone(), Arc::clone(outbox));
                        let taken = Some(taken);
                        self.waiting.push(Asked { asker, outbox, ticket, request, taken });
                    }
                }
                Message::Gone(sitting) => self.gone = Some(sitting),
                Message::Close => self.closing = true,
            }
            next = if self.is_enough() { None } else { receiver.try_recv().ok() };
        }
    }

    /// What somebody left half done is forgotten before the next request is read.
    fn is_enough(&self) -> bool {
        self.gone.is_some() || self.waiting.len() >= TOGETHER_MAX
    }

    /// Waits a moment for those who saved together with these the last time.
    fn company(&self, receiver: &Receiver<Message>) -> Option<Message> {
        if self.closing || self.is_enough() {
            return None;
        }
        let missing = self.company.missing(&self.waiting.writers())?;
        receiver.recv_timeout(missing).ok()
    }

    fn answer_readers(&mut self) -> Result<(), Panicked> {
        let reads = self.waiting.reads();
        self.carry_out(reads)
    }

    fn carry_out_all(&mut self) -> Result<(), Panicked> {
        while self.waiting.len() > 0 {
            let (sittings, began) = (self.waiting.writers(), Instant::now());
            let writes = self.waiting.writes();
            self.carry_out(writes)?;
            self.company.answered(sittings, began.elapsed());
            self.answer_readers()?;
        }
        Ok(())
    }

    fn carry_out(&mut self, asked: Vec<Asked>) -> Result<(), Panicked> {
        if asked.is_empty() {
            return Ok(());
        }
        let mut asks = Vec::with_capacity(asked.len());
        let mut from = Vec::with_capacity(asked.len());
        for (place, asked) in asked.into_iter().enumerate() {
            let Asked { asker, outbox, ticket, request, taken } = asked;
            asks.push(Ask { asker, ticket: Ticket(place as u64), request });
            from.push((outbox, ticket, taken));
        }
        let done = catch_unwind(AssertUnwindSafe(|| self.ask_office(asks, &mut from)));
        if done.is_err() {
            // Whoever asked is answered, so that what broke this server is not asked of
            // the next one again.
            for (outbox, ticket, taken) in from {
                outbox.reply(ticket, Answer::Refused(Problem::Closed), taken);
            }
        }
        done.map_err(|_| Panicked)
    }

    fn ask_office(&mut self, asks: Vec<Ask>, from: &mut [From]) {
        let watching: Vec<Arc<Outbox>> = asks
            .iter()
            .zip(&*from)
            .filter(|(ask, _)| {
                matches!(ask.request, Request::Verify | Request::Rebuild | Request::Erase { .. })
            })
            .map(|(_, (outbox, ..))| Arc::clone(outbox))
            .collect();
        let answers = self.office.handle(asks, &mut |work, done, total| {
            for outbox in &watching {
                outbox.notice(Notice::Progress { work, done, total });
            }
        });
        for (place, answer) in answers {
            if let Some((outbox, ticket, taken)) = from.get_mut(place.0 as usize) {
                outbox.reply(*ticket, answer, taken.take());
            }
        }
        self.tell_news();
    }

    /// The office does what it has to do by itself.
    fn wake(&mut self) -> Result<(), Panicked> {
        let done = catch_unwind(AssertUnwindSafe(|| {
            self.office.wake();
            self.tell_news();
        }));
        done.map_err(|_| Panicked)
    }

    fn tell_news(&mut self) {
        let news = self.office.news();
        for (asker, outbox) in self.here.values() {
            for notice in self.office.told(&news, asker) {
                outbox.notice(notice);
            }
        }
    }

    fn left(&mut self, sitting: u64) {
        self.office.left(sitting);
        if let Some((_, outbox)) = self.here.remove(&sitting) {
            outbox.finish();
        }
    }

    /// Tells everybody who else has what open, if that has changed.
    fn tell_editors(&mut self) {
        if self.office.take_presence_news() {
            for (asker, outbox) in self.here.values() {
                outbox.editors(self.office.editors(asker));
            }
        }
    }

    /// What is left of the office cannot be trusted.
    fn end_in_panic(mut self) {
        tracing::error!("the office ended in a panic");
        let Self { office, .. } = self;
        let _ = catch_unwind(AssertUnwindSafe(|| drop(office)));
        while self.waiting.len() > 0 {
            for asked in [self.waiting.reads(), self.waiting.writes()].into_iter().flatten() {
                let refused = Answer::Refused(Problem::Closed);
                asked.outbox.reply(asked.ticket, refused, asked.taken);
            }
        }
        for (_, outbox) in self.here.values() {
            outbox.finish();
        }
    }
}
