//! The office's own thread in a server: takes what waits from all connections together,
//! answers who only reads, lets saves share one sync, answers each and tells everybody
//! what changed within their reach. Never waits for a connection, nor for an errand.
//!
//! Officers who save at the same time come back soon after their answers; for them, and
//! only for them, the next sync is held back a moment. Nobody else ever waits.

use std::collections::{HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use super::doors::Doors;
use super::outbox::Outbox;
use super::room::Taken;
use super::waiting::{Asked, Waiting};
use crate::link;
use crate::link::errands::{Back, Errands, Lines};
use crate::office::{Ask, Asker, Office, system_clock};
use crate::protocol::{Answer, Notice, Problem, Request, Sitting, Ticket};

/// The longest a sync is held back for others, and its share of what the last one took.
const COMPANY_MAX: Duration = Duration::from_millis(3);
const COMPANY_SHARE: u32 = 3;
/// For so long at most, and one round, those who read go before those who save.
const READING_MAX: Duration = Duration::from_millis(5);

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
    /// Takes no more answers.
    Deaf(u64),
    /// An errand is back.
    Back(Back),
    /// Somebody reads their answers again.
    Again,
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

/// Somebody who is here.
struct Seat {
    asker: Asker,
    outbox: Arc<Outbox>,
    since: DateTime<Utc>,
    heard: DateTime<Utc>,
}

struct Keeper {
    office: Office,
    here: HashMap<u64, Seat>,
    doors: Arc<Doors>,
    waiting: Waiting,
    errands: Errands<From>,
    company: Company,
    closing: bool,
    /// Have gone; forgotten once what they had asked is done.
    gone: Vec<u64>,
    /// To this very thread.
    messages: SyncSender<Message>,
}

/// Keeps the office until it is told to close.
pub(super) fn keep(
    office: Office,
    receiver: &Receiver<Message>,
    messages: SyncSender<Message>,
    doors: Arc<Doors>,
) {
    let mut keeper = Keeper {
        office,
        here: HashMap::new(),
        doors,
        waiting: Waiting::default(),
        errands: Errands::default(),
        company: Company::default(),
        closing: false,
        gone: Vec::new(),
        messages,
    };
    while !(keeper.closing && keeper.here.is_empty()) {
        if keeper.hear(receiver).and_then(|()| keeper.turn(receiver)).is_err() {
            return keeper.end_in_panic();
        }
    }
    keeper.office.close();
}

/// The office has panicked.
struct Panicked;

impl Keeper {
    /// Takes up everything that has been said; waits for it while there is nothing to do.
    fn hear(&mut self, receiver: &Receiver<Message>) -> Result<(), Panicked> {
        if self.waiting.is_idle() {
            match link::next(receiver, self.office.wakes_in()) {
                Ok(message) => self.take(message)?,
                Err(RecvTimeoutError::Timeout) => self.wake()?,
                // There is a sender here.
                Err(RecvTimeoutError::Disconnected) => self.closing = true,
            }
        }
        while let Ok(message) = receiver.try_recv() {
            self.take(message)?;
        }
        Ok(())
    }

    fn take(&mut self, message: Message) -> Result<(), Panicked> {
        match message {
            Message::Here(asker, outbox) => {
                outbox.editors(self.office.editors(&asker));
                let now = system_clock();
                let seat = Seat { asker, outbox, since: now, heard: now };
                self.here.insert(seat.asker.sitting, seat);
            }
            Message::Ask { sitting, ticket, request, taken } => {
                if let Some(seat) = self.here.get_mut(&sitting) {
                    seat.heard = system_clock();
                    let (asker, outbox) = (seat.asker.clone(), Arc::clone(&seat.outbox));
                    let taken = Some(taken);
                    self.waiting.push(Asked { asker, outbox, ticket, request, taken });
                }
            }
            Message::Back(back) => self.take_up(back)?,
            Message::Again => {}
            // What they asked is answered: they may have gone on listening.
            Message::Gone(sitting) => self.gone.push(sitting),
            Message::Deaf(sitting) => {
                self.waiting.deaf(sitting);
                self.stop_errands(sitting);
            }
            Message::Close => self.close(),
        }
        Ok(())
    }

    /// From now on only what is accepted is done, and what takes long is not.
    fn close(&mut self) {
        self.closing = true;
        for sitting in self.here.keys().copied().collect::<Vec<_>>() {
            self.stop_errands(sitting);
        }
    }

    /// One turn for everybody: a piece of what each wants to read, then what each saves.
    fn turn(&mut self, receiver: &Receiver<Message>) -> Result<(), Panicked> {
        self.answer_readers()?;
        while let Some(message) = self.company(receiver) {
            self.take(message)?;
            self.hear(receiver)?;
            self.answer_readers()?;
        }
        let (sittings, began) = (self.waiting.writers(), Instant::now());
        let writes = self.waiting.writes();
        if !writes.is_empty() {
            self.carry_out(writes)?;
            self.company.answered(sittings, began.elapsed());
        }
        if self.closing && self.waiting.is_idle() {
            // Whose answers are not read is not waited for.
            for asked in self.waiting.drain() {
                asked.outbox.reply(asked.ticket, Answer::Refused(Problem::Closed), asked.taken);
            }
        }
        self.send_out()?;
        self.let_go();
        self.tell_editors();
        Ok(())
    }

    /// Waits a moment for those who saved together with these the last time.
    fn company(&self, receiver: &Receiver<Message>) -> Option<Message> {
        if self.closing {
            return None;
        }
        let missing = self.company.missing(&self.waiting.writers())?;
        receiver.recv_timeout(missing).ok()
    }

    /// One piece of what each wants to read, and so on for a moment: most pieces are small.
    fn answer_readers(&mut self) -> Result<(), Panicked> {
        let until = Instant::now() + READING_MAX;
        loop {
            let reads = self.waiting.reads();
            let done = reads.is_empty();
            self.carry_out(reads)?;
            if done || Instant::now() >= until {
                return Ok(());
            }
        }
    }

    fn carry_out(&mut self, asked: Vec<Asked>) -> Result<(), Panicked> {
        if asked.is_empty() {
            return Ok(());
        }
        let mut asks = Vec::with_capacity(asked.len());
        let mut from = Vec::with_capacity(asked.len());
        for asked in asked {
            let Asked { asker, outbox, ticket, request, taken } = asked;
            if matches!(request, Request::Stop) {
                self.stop_errands(asker.sitting);
            }
            if let Some(answer) = self.of_sittings(&asker, &request) {
                outbox.reply(ticket, answer, taken);
                continue;
            }
            if self.office.needs_errand(&request) {
                if self.closing {
                    outbox.reply(ticket, Answer::Refused(Problem::Closed), taken);
                    continue;
                }
                self.errands.push(asker, request, (outbox, ticket, taken));
                continue;
            }
            asks.push(Ask { asker, ticket: Ticket(from.len() as u64), request });
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
            .filter(|(ask, _)| ask.request.erases())
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

    /// Sends out what waits to be done beside the office, if nothing is out.
    fn send_out(&mut self) -> Result<(), Panicked> {
        let Self { office, errands, messages, .. } = self;
        let lines = |(outbox, ..): &From| {
            let (outbox, messages) = (Arc::clone(outbox), messages.clone());
            Lines {
                told: move |work, done, total| {
                    outbox.notice(Notice::Progress { work, done, total });
                },
                // One that comes back too late is missed by nobody.
                back: move |back| drop(messages.send(Message::Back(back))),
            }
        };
        loop {
            let sent = catch_unwind(AssertUnwindSafe(|| errands.send_out(office, lines)));
            match sent.map_err(|_| Panicked)? {
                Some(((outbox, ticket, taken), answer)) => outbox.reply(ticket, answer, taken),
                None => return Ok(()),
            }
        }
    }

    fn take_up(&mut self, back: Back) -> Result<(), Panicked> {
        let Self { office, errands, .. } = self;
        let done = catch_unwind(AssertUnwindSafe(|| errands.take_up(office, back)));
        if let Some(((outbox, ticket, taken), answer)) = done.map_err(|_| Panicked)? {
            outbox.reply(ticket, answer, taken);
        }
        catch_unwind(AssertUnwindSafe(|| self.tell_news())).map_err(|_| Panicked)
    }

    /// What only the server knows: who is here.
    fn of_sittings(&mut self, asker: &Asker, request: &Request) -> Option<Answer> {
        if !matches!(request, Request::Sittings | Request::EndSitting(_)) {
            return None;
        }
        if let Some(problem) = self.office.refuses(asker, request) {
            return Some(Answer::Refused(problem));
        }
        Some(match request {
            Request::EndSitting(number) if !self.here.contains_key(number) => {
                Answer::Refused(Problem::NotFound)
            }
            Request::EndSitting(number) => {
                tracing::info!(sitting = number, by = asker.sitting, "a sitting is ended");
                self.end(*number, &asker.officer);
                Answer::Done
            }
            _ => Answer::Sittings(self.sittings(asker.sitting)),
        })
    }

    fn sittings(&self, own: u64) -> Vec<Sitting> {
        let mut sittings: Vec<Sitting> = self
            .here
            .values()
            .map(|seat| Sitting {
                number: seat.asker.sitting,
                officer: seat.asker.officer.to_string(),
                since: seat.since,
                heard: seat.heard,
                waiting: seat.outbox.waiting(),
                unread: self.doors.unread(seat.asker.sitting),
                own: seat.asker.sitting == own,
            })
            .collect();
        sittings.sort_by_key(|sitting| sitting.number);
        sittings
    }

    /// Ends a sitting: it is told by whom if it listens.
    fn end(&mut self, sitting: u64, by: &str) {
        let Some(seat) = self.here.get(&sitting) else { return };
        let told = seat.outbox.end(Notice::Ended { by: by.to_string() });
        self.waiting.end(sitting);
        self.stop_errands(sitting);
        self.office.left(sitting);
        if !told {
            self.doors.end(sitting);
        }
    }

    /// Who may come in is otherwise now: whoever may not any more gives up their seat.
    fn tell_doors(&mut self) {
        let Some(officers) = self.office.take_officers_news() else { return };
        self.doors.officers(officers);
        let gone = self.here.values().filter(|seat| !self.office.knows(&seat.asker));
        for sitting in gone.map(|seat| seat.asker.sitting).collect::<Vec<_>>() {
            self.doors.end(sitting);
        }
    }

    fn stop_errands(&mut self, sitting: u64) {
        for (outbox, ticket, taken) in self.errands.stop(sitting) {
            outbox.reply(ticket, Answer::Refused(Problem::Cancelled), taken);
        }
    }

    /// The office does what it has to do by itself.
    fn wake(&mut self) -> Result<(), Panicked> {
        let done = catch_unwind(AssertUnwindSafe(|| {
            self.office.get_ready();
            self.office.wake();
            self.tell_news();
        }));
        done.map_err(|_| Panicked)
    }

    fn tell_news(&mut self) {
        let news = self.office.news();
        for seat in self.here.values() {
            for notice in self.office.told(&news, &seat.asker) {
                seat.outbox.notice(notice);
            }
        }
        self.tell_doors();
    }

    /// Those who have gone, once nothing they asked is left to do.
    fn let_go(&mut self) {
        for sitting in std::mem::take(&mut self.gone) {
            if self.waiting.waits(sitting) || self.errands.waits(sitting) {
                self.gone.push(sitting);
                continue;
            }
            self.office.left(sitting);
            if let Some(seat) = self.here.remove(&sitting) {
                seat.outbox.finish();
            }
        }
    }

    /// Tells everybody who else has what open, if that has changed.
    fn tell_editors(&mut self) {
        if self.office.take_presence_news() {
            for seat in self.here.values() {
                seat.outbox.editors(self.office.editors(&seat.asker));
            }
        }
    }

    /// What is left of the office cannot be trusted.
    fn end_in_panic(mut self) {
        tracing::error!("the office ended in a panic");
        let Self { office, .. } = self;
        let _ = catch_unwind(AssertUnwindSafe(|| office.end_in_panic()));
        let errands = self.errands.drain();
        let waiting = self.waiting.drain();
        let all = waiting.map(|asked| (asked.outbox, asked.ticket, asked.taken)).chain(errands);
        for (outbox, ticket, taken) in all {
            outbox.reply(ticket, Answer::Refused(Problem::Closed), taken);
        }
        for seat in self.here.values() {
            seat.outbox.finish();
        }
    }
}
