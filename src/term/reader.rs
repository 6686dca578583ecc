//! The thread that reads the terminal.
//!
//! Blocked in `poll` on the terminal and on the signal pipe, without a timeout unless a
//! sequence is half read. Reading ends once: on end of file, POLLHUP or SIGHUP with
//! `Input::Hangup`, on SIGTERM with `Input::Terminate`. The terminal can be taken from it
//! for a while (`pause`), for the shell or an editor. Knows nothing of what keys mean.

use std::io;
use std::iter;
use std::mem;
use std::os::fd::AsFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::stdio::stdin;

use super::burst::Gather;
use super::input::{Heard, Input};
use super::parse::{Parser, Pending};
use super::signal::{Arrived, Signals, Waker};

/// The rest of a sequence that was begun may take longer than a lone ESC may stay one.
const SEQUENCE_PATIENCE: u32 = 5;
/// A paste may stall with the line for this long before it counts as ended.
const PASTE_PATIENCE: Duration = Duration::from_secs(5);

/// The running thread; it ends when this is dropped.
#[derive(Debug)]
pub struct KeyReader {
    gate: Arc<Gate>,
    waker: Waker,
}

impl KeyReader {
    /// Reads standard input from now on. The receiver gets everything in order; when the
    /// queue is full the reader waits, and the terminal with it. `shown` is the size the
    /// screen has: a change before we listened is told first.
    pub fn start<T>(
        esc_timeout: Duration,
        shown: (u16, u16),
        sink: SyncSender<T>,
    ) -> io::Result<Self>
    where
        T: From<Heard> + Send + 'static,
    {
        let signals = Signals::register()?;
        let waker = signals.waker()?;
        let gate = Arc::new(Gate::default());
        let source =
            Source { tty: stdin(), signals, gate: Arc::clone(&gate), esc_timeout, told: shown };
        thread::Builder::new().name("terminal".into()).spawn(move || {
            source.run(super::screen::size, |heard| sink.send(heard.into()).is_ok());
        })?;
        Ok(Self { gate, waker })
    }

    /// Whether a field has the cursor: its letters need no look at what follows them.
    pub fn field(&self, has_cursor: bool) {
        self.gate.field.store(has_cursor, Ordering::Relaxed);
    }

    /// Returns when the thread no longer touches the terminal.
    pub fn pause(&self) {
        self.leave_terminal(Wish::Pause);
    }

    /// Reads on, and says so with `Input::Resumed`.
    pub fn resume(&self) {
        drop(self.gate.ask(Wish::Read));
        self.gate.turned.notify_all();
    }

    fn leave_terminal(&self, wish: Wish) {
        let mut place = self.gate.ask(wish);
        self.gate.turned.notify_all();
        self.waker.wake();
        while place.at == At::Terminal {
            place = self.gate.wait(place);
        }
    }
}

impl Drop for KeyReader {
    /// What is typed from here on is for whoever has the terminal next.
    fn drop(&mut self) {
        self.leave_terminal(Wish::End);
    }
}

/// Where the thread may go, and where it is.
#[derive(Debug, Default)]
struct Gate {
    place: Mutex<Place>,
    turned: Condvar,
    field: AtomicBool,
}

#[derive(Debug, Default)]
struct Place {
    wish: Wish,
    at: At,
    /// Somebody else has had the terminal, even if the thread was too busy to notice.
    was_lent: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Wish {
    #[default]
    Read,
    Pause,
    End,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum At {
    /// In `poll` or `read`.
    Terminal,
    /// Not yet there, sending what it read, parked, or gone: the terminal is free.
    #[default]
    Elsewhere,
}

/// What the thread finds when it comes to the gate.
enum Turn {
    Read,
    /// Somebody else had the terminal meanwhile.
    ReadAgain,
    End,
}

impl Gate {
    fn lock(&self) -> MutexGuard<'_, Place> {
        self.place.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, place: MutexGuard<'a, Place>) -> MutexGuard<'a, Place> {
        self.turned.wait(place).unwrap_or_else(PoisonError::into_inner)
    }

    fn ask(&self, wish: Wish) -> MutexGuard<'_, Place> {
        let mut place = self.lock();
        if place.wish != Wish::End {
            place.wish = wish;
            place.was_lent |= wish == Wish::Pause;
        }
        place
    }

    fn leave_terminal(&self) {
        self.lock().at = At::Elsewhere;
        self.turned.notify_all();
    }

    fn enter_terminal(&self) -> Turn {
        let mut place = self.lock();
        while place.wish == Wish::Pause {
            place = self.wait(place);
        }
        if place.wish == Wish::End {
            return Turn::End;
        }
        place.at = At::Terminal;
        if mem::take(&mut place.was_lent) { Turn::ReadAgain } else { Turn::Read }
    }
}

/// What the thread owns.
struct Source<F> {
    tty: F,
    signals: Signals,
    gate: Arc<Gate>,
    esc_timeout: Duration,
    /// The size last told.
    told: (u16, u16),
}

/// What one wait brought.
enum Woken {
    Bytes(usize),
    Hangup,
    /// A signal, a request, or the end of the wait for the rest of a sequence.
    Otherwise,
}

impl<F: AsFd> Source<F> {
    /// Until the terminal ends, the gate says so, or `send` finds nobody listening.
    fn run(mut self, size: impl Fn() -> (u16, u16), mut send: impl FnMut(Heard) -> bool) {
        let (mut parser, mut gather) = (Parser::default(), Gather::default());
        let mut bytes = [0; 4096];
        let mut deadline = None;
        let now = |input| Heard { input, at: Instant::now() };
        if !self.changed_size(&size).into_iter().map(now).all(&mut send) {
            return;
        }
        loop {
            match self.gate.enter_terminal() {
                Turn::Read => {}
                Turn::ReadAgain => {
                    // What was typed before is still ours.
                    let kept = gather.timeout();
                    (parser, gather) = (Parser::default(), Gather::default());
                    deadline = None;
                    self.signals.forget_interrupts();
                    self.gate.leave_terminal();
                    // The host tells a new size only to those who have the terminal.
                    let resized = self.changed_size(&size);
                    let told = iter::once(Input::Resumed).chain(resized).map(now);
                    if !kept.into_iter().chain(told).all(&mut send) {
                        return;
                    }
                    continue;
                }
                Turn::End => break,
            }
            // Whichever comes first: the end of a sequence, or of keys that may be a burst.
            let next = [deadline, gather.deadline()].into_iter().flatten().min();
            let woken = self.wait(next, &mut bytes);
            self.gate.leave_terminal();

            let at = Instant::now();
            let field = self.gate.field.load(Ordering::Relaxed);
            let over = |deadline: Option<Instant>| deadline.is_some_and(|end| end <= at);
            let mut heard = match woken {
                Woken::Bytes(n) => {
                    let inputs = parser.feed(&bytes[..n]);
                    deadline = self.deadline(parser.pending());
                    gather.read(inputs, at, field)
                }
                Woken::Hangup => {
                    // What was typed last is still for the draft.
                    let mut heard = gather.timeout();
                    heard.push(now(Input::Hangup));
                    heard
                }
                Woken::Otherwise => {
                    let mut heard =
                        if over(gather.deadline()) { gather.timeout() } else { Vec::new() };
                    if over(deadline) {
                        deadline = None;
                        heard.extend(gather.read(parser.timeout(), at, field));
                    }
                    heard
                }
            };
            let signalled = self.signalled(&size);
            if signalled.iter().any(|input| matches!(input, Input::Hangup | Input::Terminate)) {
                heard.extend(gather.timeout());
            }
            heard.extend(signalled.into_iter().map(now));
            for heard in heard {
                let last = matches!(heard.input, Input::Hangup | Input::Terminate);
                if !send(heard) || last {
                    return;
                }
            }
        }
    }

    fn changed_size(&mut self, size: &impl Fn() -> (u16, u16)) -> Option<Input> {
        let (columns, rows) = size();
        let told = mem::replace(&mut self.told, (columns, rows));
        (told != (columns, rows)).then_some(Input::Resize(columns, rows))
    }

    fn signalled(&mut self, size: &impl Fn() -> (u16, u16)) -> Vec<Input> {
        let mut inputs = Vec::new();
        for arrived in self.signals.take() {
            match arrived {
                Arrived::Continued => {
                    inputs.push(Input::Resumed);
                    inputs.extend(self.changed_size(size));
                }
                Arrived::Resized => {
                    // Even to the same size: the terminal may have wrapped lines meanwhile.
                    self.told = size();
                    inputs.push(Input::Resize(self.told.0, self.told.1));
                }
                Arrived::Hangup => inputs.push(Input::Hangup),
                Arrived::Terminate => inputs.push(Input::Terminate),
            }
        }
        inputs
    }

    fn deadline(&self, pending: Pending) -> Option<Instant> {
        let patience = match pending {
            Pending::Nothing => return None,
            Pending::Escape => self.esc_timeout,
            Pending::Sequence => self.esc_timeout * SEQUENCE_PATIENCE,
            Pending::Paste => PASTE_PATIENCE,
        };
        Instant::now().checked_add(patience)
    }

    fn wait(&self, deadline: Option<Instant>, bytes: &mut [u8]) -> Woken {
        let timeout = deadline
            .map(|at| at.saturating_duration_since(Instant::now()))
            .and_then(|left| Timespec::try_from(left).ok());
        let mut fds =
            [PollFd::new(&self.tty, PollFlags::IN), PollFd::new(&self.signals, PollFlags::IN)];
        match poll(&mut fds, timeout.as_ref()) {
            Err(Errno::INTR) => return Woken::Otherwise,
            Err(_) => return Woken::Hangup,
            Ok(_) => {}
        }
        let tty = fds[0].revents();
        if tty.contains(PollFlags::IN) {
            match rustix::io::read(&self.tty, bytes) {
                Ok(0) => Woken::Hangup,
                Ok(n) => Woken::Bytes(n),
                Err(Errno::INTR | Errno::AGAIN) => Woken::Otherwise,
                Err(_) => Woken::Hangup,
            }
        } else if tty.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
            Woken::Hangup
        } else {
            Woken::Otherwise
        }
    }
}

impl<F> Drop for Source<F> {
    /// Whoever waits for the terminal must not wait for a thread that is gone.
    fn drop(&mut self) {
        self.gate.leave_terminal();
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::os::unix::net::UnixStream;
    use std::sync::mpsc::{Receiver, sync_channel};

    use super::*;
    use crate::term::key::{Key, KeyCode};

    const SIZE: (u16, u16) = (80, 24);

    /// A reader on one end of a socket instead of a terminal; the other end types.
    struct Desk {
        line: UnixStream,
        gate: Arc<Gate>,
        waker: Waker,
        inputs: Receiver<Input>,
    }

    fn desk(queue: usize) -> Desk {
        let (line, tty) = UnixStream::pair().expect("a line");
        let signals = Signals::unregistered().expect("a pipe");
        let waker = signals.waker().expect("a waker");
        let gate = Arc::new(Gate::default());
        let esc_timeout = Duration::from_millis(1);
        let source = Source { tty, signals, gate: Arc::clone(&gate), esc_timeout, told: SIZE };
        let (sink, inputs) = sync_channel(queue);
        thread::spawn(move || source.run(|| SIZE, |heard| sink.send(heard.input).is_ok()));
        Desk { line, gate, waker, inputs }
    }

    impl Desk {
        fn types(&mut self, bytes: &[u8]) {
            self.line.write_all(bytes).expect("typed");
        }

        fn next(&self) -> Option<Input> {
            self.inputs.recv_timeout(Duration::from_secs(30)).ok()
        }
    }

    fn key(code: KeyCode) -> Input {
        Input::Key(Key::plain(code))
    }

    #[test]
    fn the_end_of_the_line_is_told_once_and_the_thread_is_gone() {
        let mut desk = desk(8);
        desk.types(b"q");
        assert_eq!(desk.next(), Some(key(KeyCode::Char('q'))));
        desk.line.shutdown(std::net::Shutdown::Both).expect("hung up");
        assert_eq!(desk.next(), Some(Input::Hangup));
        assert_eq!(desk.next(), None);
    }

    #[test]
    fn a_lone_esc_is_told_without_another_key() {
        let mut desk = desk(8);
        desk.types(b"\x1b");
        assert_eq!(desk.next(), Some(key(KeyCode::Esc)));
        desk.types(b"\x1b[");
        assert_eq!(desk.next(), Some(Input::Key(Key { alt: true, ..Key::char('[') })));
    }

    #[test]
    fn while_an_editor_has_the_terminal_its_keys_are_not_ours() {
        let mut desk = desk(8);
        let reader = KeyReader {
            gate: Arc::clone(&desk.gate),
            waker: desk.waker.try_clone().expect("a waker"),
        };
        reader.pause();
        desk.types(b"x");
        // The byte is still on the line: nobody has read it.
        assert!(desk.inputs.try_recv().is_err());
        reader.resume();
        assert_eq!(desk.next(), Some(Input::Resumed));
        assert_eq!(desk.next(), Some(key(KeyCode::Char('x'))));
    }

    #[test]
    fn pausing_does_not_wait_for_a_screen_that_is_behind() {
        let mut desk = desk(0);
        desk.types(b"ab");
        let reader = KeyReader { gate: Arc::clone(&desk.gate), waker: desk.waker };
        reader.pause();
        reader.resume();
        let mut keys = Vec::new();
        while keys.len() < 2 {
            match desk.inputs.recv().expect("an input") {
                Input::Key(key) => keys.push(key),
                other => assert_eq!(other, Input::Resumed),
            }
        }
        assert_eq!(keys, [Key::char('a'), Key::char('b')]);
    }

    #[test]
    fn a_window_changed_before_we_listened_is_told_first() {
        let (_line, tty) = UnixStream::pair().expect("a line");
        let signals = Signals::unregistered().expect("a pipe");
        let esc_timeout = Duration::from_millis(1);
        let source = Source { tty, signals, gate: Arc::default(), esc_timeout, told: SIZE };
        let mut told = Vec::new();
        source.run(
            || (60, 15),
            |heard| {
                told.push(heard.input);
                false
            },
        );
        assert_eq!(told, [Input::Resize(60, 15)]);
    }

    #[test]
    fn a_dropped_reader_ends_its_thread() {
        let desk = desk(8);
        drop(KeyReader { gate: Arc::clone(&desk.gate), waker: desk.waker });
        assert!(desk.inputs.recv().is_err());
    }
}
