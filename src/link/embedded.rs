//! Embedded: the office in this very process, on a thread of its own. Requests that wait
//! together are handed over together, so that writes share one sync. An idle office
//! sleeps in the channel, at most until it has something to write by itself.
//!
//! The channel has no bound of its own: its only senders are one person's keys and jobs
//! that wait for each answer, and a bound would let a screen that waits to ask and an
//! office that waits to answer hold each other up for good.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use super::Link;
use super::ear::Ear;
use super::errands::{Back, Errands, Lines};
use crate::domain::change::Head;
use crate::office::{Ask, Asker, Office};
pub use crate::office::{
    Clock, OpenError, OpenOptions, QuarantineError, Quarantined, RestoreError, quarantine,
    system_clock,
};
use crate::protocol::{Answer, Incoming, Notice, Problem, Request, Ticket, Work};

/// Requests handed over together.
const TOGETHER_MAX: usize = 64;

enum Message {
    Ask(Ticket, Request),
    /// An errand is back.
    Back(Back),
    Close,
}

/// The asker's end. Dropping it closes the office in order.
pub struct Embedded {
    sender: Sender<Message>,
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
    let (sender, receiver) = channel();
    let asker = Asker::alone(&options.officer);
    let own = sender.clone();
    let office = thread::Builder::new()
        .name("office".into())
        .spawn(move || serve(office, &asker, &receiver, &own, sink));
    match office {
        Ok(office) => Ok(Embedded { sender, office: Some(office) }),
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
        // A closed office has said so already.
        let _ = self.sender.send(Message::Ask(ticket, request));
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        let _ = self.sender.send(Message::Close);
        if let Some(office) = self.office.take()
            && office.join().is_err()
        {
            tracing::error!("the office ended in a panic");
        }
    }
}

fn serve(
    mut office: Office,
    asker: &Asker,
    receiver: &Receiver<Message>,
    own: &Sender<Message>,
    sink: impl Fn(Incoming) + Send + 'static,
) {
    let sink = Arc::new(Mutex::new(sink));
    let tell = |incoming| said(&sink, incoming);
    let mut errands: Errands<Ticket> = Errands::default();
    let (mut ear, mut open) = (Ear::default(), true);
    while open {
        let mut heard = Heard::default();
        match ear.next(receiver, office.wakes_in()) {
            Ok(message) => heard.take(message),
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => office.get_ready(),
        }
        while heard.asks.len() < TOGETHER_MAX
            && !heard.close
            && let Ok(message) = receiver.try_recv()
        {
            heard.take(message);
        }
        open = !heard.close;
        let tickets: Vec<Ticket> = heard.asks.iter().map(|(ticket, _)| *ticket).collect();
        let handled = catch_unwind(AssertUnwindSafe(|| {
            let mut answers = carry_out(&mut office, asker, heard, &mut errands, &tell);
            answers.extend(errands.send_out(&mut office, |_| {
                let (sink, own) = (Arc::clone(&sink), own.clone());
                Lines {
                    told: move |work, done, total| {
                        said(&sink, Incoming::Notice(Notice::Progress { work, done, total }));
                    },
                    back: move |back| drop(own.send(Message::Back(back))),
                }
            }));
            answers
        }));
        let Ok(answers) = handled else {
            let tickets = tickets.into_iter().chain(errands.drain()).collect::<Vec<_>>();
            return end_in_panic(office, &tickets, receiver, &tell);
        };
        for (ticket, answer) in answers {
            tell(Incoming::Reply(ticket, Box::new(answer)));
        }
        let news = office.news();
        for notice in office.told(&news, asker) {
            tell(Incoming::Notice(notice));
        }
    }
    office.close();
    // Whoever asked too late is told, not left waiting.
    for ticket in errands.drain() {
        tell(closed(ticket));
    }
    while let Ok(message) = receiver.try_recv() {
        if let Message::Ask(ticket, _) = message {
            tell(closed(ticket));
        }
    }
    tell(Incoming::Notice(Notice::Closed));
}

/// What has been said since the last look.
#[derive(Default)]
struct Heard {
    asks: Vec<(Ticket, Request)>,
    back: Option<Back>,
    close: bool,
}

impl Heard {
    fn take(&mut self, message: Message) {
        match message {
            Message::Ask(ticket, request) => self.asks.push((ticket, request)),
            Message::Back(back) => self.back = Some(back),
            Message::Close => self.close = true,
        }
    }
}

fn said(sink: &Mutex<impl Fn(Incoming)>, incoming: Incoming) {
    (sink.lock().unwrap_or_else(PoisonError::into_inner))(incoming);
}

fn carry_out(
    office: &mut Office,
    asker: &Asker,
    heard: Heard,
    errands: &mut Errands<Ticket>,
    tell: &impl Fn(Incoming),
) -> Vec<(Ticket, Answer)> {
    let mut answers = Vec::new();
    answers.extend(heard.back.and_then(|back| errands.take_up(office, back)));
    let mut asks = Vec::new();
    for (ticket, request) in heard.asks {
        if matches!(request, Request::Stop) {
            let stopped = errands.stop(asker.sitting).into_iter();
            answers.extend(stopped.map(|ticket| (ticket, Answer::Refused(Problem::Cancelled))));
        }
        if office.needs_errand(&request) {
            errands.push(asker.clone(), request, ticket);
        } else {
            asks.push(Ask { asker: asker.clone(), ticket, request });
        }
    }
    if asks.is_empty() {
        office.wake();
        return answers;
    }
    answers.extend(office.handle(asks, &mut |work, done, total| {
        tell(Incoming::Notice(Notice::Progress { work, done, total }));
    }));
    answers
}

/// What is left of an office that panicked cannot be trusted; it is gone as if killed, and
/// the next opening proves what it left. Nobody is kept waiting for an answer until then.
fn end_in_panic(
    office: Office,
    tickets: &[Ticket],
    receiver: &Receiver<Message>,
    sink: &impl Fn(Incoming),
) {
    tracing::error!("the office ended in a panic");
    // It may panic once more on the way out; there is nothing to be done about that.
    let _ = catch_unwind(AssertUnwindSafe(|| drop(office)));
    for ticket in tickets {
        sink(closed(*ticket));
    }
    sink(Incoming::Notice(Notice::Closed));
    // This end has a sender of its own: it is the asker's to close.
    loop {
        match receiver.recv() {
            Ok(Message::Ask(ticket, _)) => sink(closed(ticket)),
            Ok(Message::Back(_)) => {}
            Ok(Message::Close) | Err(_) => return,
        }
    }
}

fn closed(ticket: Ticket) -> Incoming {
    Incoming::Reply(ticket, Box::new(Answer::Refused(Problem::Closed)))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[test]
    fn an_office_that_panics_keeps_nobody_waiting_and_can_be_opened_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let options = OpenOptions {
            data: folder.path().join("data"),
            read_only: false,
            officer: "siti".into(),
            socket: None,
        };
        let broken = Arc::new(AtomicBool::new(false));
        let clock = {
            let broken = Arc::clone(&broken);
            move || {
                assert!(!broken.load(Ordering::Relaxed), "the clock is broken");
                crate::office::system_clock()
            }
        };
        let office = Office::open(&options, Box::new(clock), &mut |_, _, _| {}).expect("an office");
        let (sender, receiver) = channel();
        let (told, incoming) = channel();
        let own = sender.clone();
        let thread = thread::spawn(move || {
            serve(office, &Asker::alone("siti"), &receiver, &own, move |message| {
                told.send(message).expect("a listener");
            });
        });
        let ask = |ticket| {
            sender.send(Message::Ask(Ticket(ticket), Request::Welcome)).expect("an office");
            incoming.recv().expect("an answer")
        };
        assert!(matches!(ask(1), Incoming::Reply(Ticket(1), _)));
        broken.store(true, Ordering::Relaxed);
        assert_eq!(ask(2), closed(Ticket(2)));
        assert_eq!(incoming.recv(), Ok(Incoming::Notice(Notice::Closed)));
        assert_eq!(ask(3), closed(Ticket(3)));
        sender.send(Message::Close).expect("an office");
        thread.join().expect("no panic left");
        open(&options, |_| {}).expect("an office").close();
    }
}
