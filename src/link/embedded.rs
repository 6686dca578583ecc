//! Embedded: the office in this very process, with a thread of its own. Requests that wait
//! together are handed over together, so that writes share one sync. An idle office
//! sleeps in the channel, at most until it has something to write by itself.
//!
//! Whoever does nothing but wait for the answer carries the request out on its own thread,
//! where nothing waits before it: to wake the office's thread and to be woken by it would
//! take as long as a sync of a fast disk. Commands and jobs wait so. A screen never does,
//! not even for a save: a slow disk would hold up its keys, its clock and the end of its
//! line, and a tenth of a millisecond nobody sees.
//!
//! The channel has no bound of its own: its only senders are one person's keys and jobs
//! that wait for each answer, and a bound would let a screen that waits to ask and an
//! office that waits to answer hold each other up for good.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::Link;
use super::errands::{Back, Errands, Lines};
use crate::domain::change::Head;
use crate::office::{Ask, Asker, Office};
pub use crate::office::{
    Clock, OpenError, OpenOptions, QuarantineError, Quarantined, RestoreError, is_left, quarantine,
    system_clock,
};
use crate::protocol::{Answer, Incoming, Notice, Problem, Request, Ticket, Work};

/// Requests handed over together.
const TOGETHER_MAX: usize = 64;

enum Message {
    Ask(Ticket, Request),
    /// An errand is back.
    Back(Back),
    /// The office has something to do sooner than its thread was to wake, or something
    /// answered is to be shown.
    Look,
    Close,
}

/// The asker's end. Dropping it closes the office in order.
pub struct Embedded {
    room: Arc<Room>,
    office: Option<JoinHandle<()>>,
}

/// Opens the office of a data folder. Everything it says goes to `sink`, in order.
pub fn open(
    options: &OpenOptions,
    sink: impl Fn(Incoming) + Send + 'static,
) -> Result<Embedded, OpenError> {
    open_or_return(options, false, sink).map_err(|(error, _)| error)
}

/// As [`open`]; for a screen, which is told when what it shows is put right, at once after a
/// kill. Whoever was to hear of the office comes back with the error, if possible.
pub fn open_or_return<S: Fn(Incoming) + Send + 'static>(
    options: &OpenOptions,
    for_screen: bool,
    sink: S,
) -> Result<Embedded, (OpenError, Option<S>)> {
    open_by(options, Box::new(crate::office::system_clock), for_screen, sink)
}

/// As [`open_or_return`], by this clock.
pub fn open_by<S: Fn(Incoming) + Send + 'static>(
    options: &OpenOptions,
    clock: Clock,
    for_screen: bool,
    sink: S,
) -> Result<Embedded, (OpenError, Option<S>)> {
    let open = if for_screen { Office::open_to_be_shown } else { Office::open };
    let opened = open(options, clock, &mut |work, done, total| {
        sink(Incoming::Notice(Notice::Progress { work, done, total }));
    });
    let office = match opened {
        Ok(office) => office,
        Err(error) => return Err((error, Some(sink))),
    };
    let (room, receiver) = Room::new(office, Asker::alone(&options.officer), Box::new(sink));
    let served = Arc::clone(&room);
    let office =
        thread::Builder::new().name("office".into()).spawn(move || served.serve(&receiver));
    match office {
        Ok(office) => Ok(Embedded { room, office: Some(office) }),
        Err(error) => Err((error.into(), None)),
    }
}

/// Makes the office in a folder that holds none; see [`crate::office::restore`].
pub fn restore<E>(
    options: &OpenOptions,
    head: Head,
    journal: impl FnOnce(&Path) -> Result<(), E>,
    progress: &mut dyn FnMut(Work, u64, u64),
) -> Result<(), RestoreError<E>> {
    let clock = Box::new(crate::office::system_clock);
    crate::office::restore(options, clock, head, journal, progress)
}

impl Embedded {
    /// Ends in order: what was accepted is finished, the store is marked clean.
    pub fn close(self) {
        drop(self);
    }
}

impl Link for Embedded {
    fn ask(&self, ticket: Ticket, request: Request) {
        self.room.queue.put(Message::Ask(ticket, request));
    }

    fn ask_here(&self, ticket: Ticket, request: Request) {
        if let Some(mut desk) = self.room.free() {
            self.room.answer_here(&mut desk, ticket, request);
        } else {
            self.ask(ticket, request);
        }
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        self.room.queue.put(Message::Close);
        if let Some(office) = self.office.take()
            && office.join().is_err()
        {
            tracing::error!("the office ended in a panic");
        }
    }
}

type Sink = Box<dyn Fn(Incoming) + Send>;

/// Where the office is kept, for its own thread and for whoever waits for an answer.
struct Room {
    desk: Mutex<Desk>,
    asker: Asker,
    sink: Mutex<Sink>,
    queue: Queue,
    sleep: Mutex<Sleep>,
}

/// What one thread at a time works at.
struct Desk {
    /// Gone once it has ended.
    office: Option<Office>,
    errands: Errands<Ticket>,
    /// What was answered last is still to be shown and told of.
    unfinished: bool,
}

/// The way to the office's thread.
struct Queue {
    sender: Sender<Message>,
    /// How much is on it or under way. Nobody carries out anything before it.
    waiting: AtomicUsize,
}

impl Queue {
    fn put(&self, message: Message) {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        // A closed office has said so already.
        let _ = self.sender.send(message);
    }
}

/// Until when the office's thread sleeps; `None` is for good.
#[derive(Default)]
struct Sleep {
    /// When the office has something to do by itself.
    due: Option<Instant>,
    /// When the thread wakes by itself: not after that.
    wakes: Option<Instant>,
}

impl Sleep {
    /// Whether the thread has to be told.
    fn due_in(&mut self, due: Option<Duration>) -> bool {
        self.due = due.map(|left| Instant::now() + left);
        let sooner = self.due.is_some_and(|due| self.wakes.is_none_or(|wakes| due < wakes));
        if sooner {
            self.wakes = self.due;
        }
        sooner
    }
}

/// What has been said since the last look.
#[derive(Default)]
struct Heard {
    asks: Vec<(Ticket, Request)>,
    back: Option<Back>,
    close: bool,
    /// So much of what waits is in it.
    count: usize,
}

impl Heard {
    fn take(&mut self, message: Message) {
        self.count += 1;
        match message {
            Message::Ask(ticket, request) => self.asks.push((ticket, request)),
            Message::Back(back) => self.back = Some(back),
            Message::Close => self.close = true,
            // Nobody counted it.
            Message::Look => self.count -= 1,
        }
    }

    fn is_something(&self) -> bool {
        self.close || self.back.is_some() || !self.asks.is_empty()
    }
}

impl Room {
    fn new(office: Office, asker: Asker, sink: Sink) -> (Arc<Self>, Receiver<Message>) {
        let (sender, receiver) = channel();
        let mut sleep = Sleep::default();
        sleep.due_in(office.wakes_in());
        let room = Self {
            desk: Mutex::new(Desk {
                office: Some(office),
                errands: Errands::default(),
                unfinished: false,
            }),
            asker,
            sink: Mutex::new(sink),
            queue: Queue { sender, waiting: AtomicUsize::new(0) },
            sleep: Mutex::new(sleep),
        };
        (Arc::new(room), receiver)
    }

    /// The office's thread.
    fn serve(self: Arc<Self>, receiver: &Receiver<Message>) {
        loop {
            let mut heard = Heard::default();
            match super::next(receiver, self.sleeps()) {
                Ok(message) => heard.take(message),
                Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) if self.sleeps() != Some(Duration::ZERO) => continue,
                Err(RecvTimeoutError::Timeout) => {
                    // As if it had been asked for: somebody who always asks would else be
                    // before it for good.
                    self.queue.waiting.fetch_add(1, Ordering::SeqCst);
                    heard.count = 1;
                }
            }
            while heard.asks.len() < TOGETHER_MAX
                && !heard.close
                && let Ok(message) = receiver.try_recv()
            {
                heard.take(message);
            }
            let (count, close) = (heard.count, heard.close);
            let mut desk = self.desk();
            self.finish(&mut desk);
            // Somebody may have asked while it came here: then it is not quiet yet.
            if heard.is_something() || self.sleeps() == Some(Duration::ZERO) {
                self.answer(&mut desk, heard);
                self.finish(&mut desk);
            }
            self.queue.waiting.fetch_sub(count, Ordering::SeqCst);
            if close {
                return self.close(&mut desk, receiver);
            }
        }
    }

    /// The desk for somebody who waits for an answer, unless something waits before them.
    fn free(&self) -> Option<MutexGuard<'_, Desk>> {
        let desk = self.desk();
        (self.queue.waiting.load(Ordering::SeqCst) == 0).then_some(desk)
    }

    /// On the thread of whoever waits. What they saved is shown on the office's thread, unless
    /// they ask for more before that.
    fn answer_here(self: &Arc<Self>, desk: &mut Desk, ticket: Ticket, request: Request) {
        self.finish(desk);
        self.answer(desk, Heard { asks: vec![(ticket, request)], ..Heard::default() });
        if desk.office.as_ref().is_some_and(Office::has_to_show) || self.finish(desk) {
            let _ = self.queue.sender.send(Message::Look);
        }
    }

    /// Carries out what was said and tells what came of it, in order. What answers an errand
    /// is told at once: what panics after it must not lose it.
    fn answer(&self, desk: &mut Desk, heard: Heard) {
        let tickets: Vec<Ticket> = heard.asks.iter().map(|(ticket, _)| *ticket).collect();
        let Desk { office: Some(office), errands, unfinished } = desk else {
            return tickets.into_iter().for_each(|ticket| self.tell(closed(ticket)));
        };
        *unfinished = true;
        let answers = catch_unwind(AssertUnwindSafe(|| self.answers(office, heard, errands)));
        match answers {
            Ok(answers) => answers.into_iter().for_each(|answer| self.reply(answer)),
            Err(_) => self.end_in_panic(desk, tickets),
        }
    }

    /// Shows what was answered last and tells of it. Whether the office has something to do
    /// before its thread would wake.
    fn finish(self: &Arc<Self>, desk: &mut Desk) -> bool {
        let Desk { office: Some(office), errands, unfinished: unfinished @ true } = desk else {
            return false;
        };
        *unfinished = false;
        let finished = catch_unwind(AssertUnwindSafe(|| {
            office.show();
            while let Some(answer) = errands.send_out(office, |_| self.lines()) {
                self.reply(answer);
            }
            let news = office.news();
            for notice in office.told(&news, &self.asker) {
                self.tell(Incoming::Notice(notice));
            }
            office.wakes_in()
        }));
        if let Ok(wakes_in) = finished {
            return self.sleep().due_in(wakes_in);
        }
        self.end_in_panic(desk, Vec::new());
        false
    }

    fn reply(&self, (ticket, answer): (Ticket, Answer)) {
        self.tell(Incoming::Reply(ticket, Box::new(answer)));
    }

    fn answers(
        &self,
        office: &mut Office,
        heard: Heard,
        errands: &mut Errands<Ticket>,
    ) -> Vec<(Ticket, Answer)> {
        if !heard.is_something() {
            office.get_ready();
        }
        if let Some(answer) = heard.back.and_then(|back| errands.take_up(office, back)) {
            self.reply(answer);
        }
        let mut asks = Vec::new();
        for (ticket, request) in heard.asks {
            if matches!(request, Request::Stop) {
                for ticket in errands.stop(self.asker.sitting) {
                    self.reply((ticket, Answer::Refused(Problem::Cancelled)));
                }
            }
            if office.needs_errand(&request) {
                errands.push(self.asker.clone(), request, ticket);
            } else {
                asks.push(Ask { asker: self.asker.clone(), ticket, request });
            }
        }
        if asks.is_empty() {
            office.wake();
            return Vec::new();
        }
        office.answer(asks, &mut |work, done, total| {
            self.tell(Incoming::Notice(Notice::Progress { work, done, total }));
        })
    }

    /// How an errand says how far it is, and comes back.
    fn lines(
        self: &Arc<Self>,
    ) -> Lines<impl FnMut(Work, u64, u64) + use<>, impl FnOnce(Back) + use<>> {
        let (hears, takes_back) = (Arc::clone(self), Arc::clone(self));
        Lines {
            told: move |work, done, total| {
                hears.tell(Incoming::Notice(Notice::Progress { work, done, total }));
            },
            back: move |back| takes_back.queue.put(Message::Back(back)),
        }
    }

    /// What is left of an office that panicked cannot be trusted; it is gone as if killed, and
    /// the next opening proves what it left. Nobody is kept waiting for an answer until then.
    fn end_in_panic(&self, desk: &mut Desk, tickets: Vec<Ticket>) {
        tracing::error!("the office ended in a panic");
        let office = desk.office.take();
        // It may panic once more on the way out; there is nothing to be done about that.
        let _ = catch_unwind(AssertUnwindSafe(|| office.map(Office::end_in_panic)));
        self.sleep().due = None;
        for ticket in tickets.into_iter().chain(desk.errands.drain()) {
            self.tell(closed(ticket));
        }
        self.tell(Incoming::Notice(Notice::Closed));
    }

    fn close(&self, desk: &mut Desk, receiver: &Receiver<Message>) {
        let office = desk.office.take();
        let ended = office.is_none();
        if let Some(office) = office {
            office.close();
        }
        // Whoever asked too late is told, not left waiting.
        for ticket in desk.errands.drain() {
            self.tell(closed(ticket));
        }
        while let Ok(message) = receiver.try_recv() {
            if let Message::Ask(ticket, _) = message {
                self.tell(closed(ticket));
            }
        }
        if !ended {
            self.tell(Incoming::Notice(Notice::Closed));
        }
    }

    /// A sink that panics ends neither the office nor its thread: others wait for them. Whoever
    /// was to be answered is told that they will not be.
    fn tell(&self, incoming: Incoming) {
        let sink = self.sink.lock().unwrap_or_else(PoisonError::into_inner);
        let ticket = match &incoming {
            Incoming::Reply(ticket, _) => Some(*ticket),
            Incoming::Notice(_) => None,
        };
        if catch_unwind(AssertUnwindSafe(|| sink(incoming))).is_err() {
            tracing::error!("a word of the office was lost in a panic");
            let _ = catch_unwind(AssertUnwindSafe(|| ticket.map(|ticket| sink(closed(ticket)))));
        }
    }

    /// The office is whole whenever nobody is at it: what panics in it is caught at the desk.
    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sleep(&self) -> MutexGuard<'_, Sleep> {
        self.sleep.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long the office's thread sleeps now; `None` is for good.
    fn sleeps(&self) -> Option<Duration> {
        let mut sleep = self.sleep();
        sleep.wakes = sleep.due;
        sleep.due.map(|due| due.saturating_duration_since(Instant::now()))
    }
}

fn closed(ticket: Ticket) -> Incoming {
    Incoming::Reply(ticket, Box::new(Answer::Refused(Problem::Closed)))
}

#[cfg(test)]
#[path = "embedded_tests.rs"]
mod tests;
