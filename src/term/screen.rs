//! The terminal while it is ours: raw mode, alternate screen, bracketed paste, no cursor.
//!
//! Owns ratatui's terminal and sees to it that the officer's own terminal comes back, on
//! every way out: a normal end, a stop, a panic, a line that went dead. Writes straight to
//! the descriptor, past Rust's buffered stdout, so that nothing can hold a lock or a half
//! frame. Knows nothing of what is drawn.

use std::fmt;
use std::io::{self, Write};
use std::panic;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};

use crossterm::Command;
use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::style::ResetColor;
use crossterm::terminal::{Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen};
use ratatui::layout::{Rect, Size};
use ratatui::{Frame, Terminal};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use rustix::stdio::{stdin, stdout};
use rustix::termios::{OptionalActions, Termios, isatty, tcgetattr, tcgetwinsize, tcsetattr};

use super::paint::Painter;
use super::profile::Profile;

/// Alternate screen, blank, bracketed paste, cursor hidden. Terminals without an alternate
/// screen are at least blanked.
fn enter() -> String {
    sequence(&[
        &|out| EnterAlternateScreen.write_ansi(out),
        &|out| MoveTo(0, 0).write_ansi(out),
        &|out| Clear(ClearType::All).write_ansi(out),
        &|out| EnableBracketedPaste.write_ansi(out),
        &|out| Hide.write_ansi(out),
    ])
}

/// Blanked before it is left: no record stays behind for the next who sits down.
fn leave() -> String {
    sequence(&[
        &|out| ResetColor.write_ansi(out),
        &|out| DisableBracketedPaste.write_ansi(out),
        &|out| MoveTo(0, 0).write_ansi(out),
        &|out| Clear(ClearType::All).write_ansi(out),
        &|out| Show.write_ansi(out),
        &|out| LeaveAlternateScreen.write_ansi(out),
    ])
}

/// What these say to the terminal; writing to a string cannot fail.
fn sequence(commands: &[&dyn Fn(&mut String) -> fmt::Result]) -> String {
    let mut out = String::new();
    for command in commands {
        let _ = command(&mut out);
    }
    out
}

/// Size where the host knows none, as ncurses has it.
const UNKNOWN: (u16, u16) = (80, 24);

#[derive(Debug, thiserror::Error)]
pub enum ScreenError {
    #[error("standard input and output are not a terminal")]
    NotATerminal,
    #[error("the connection to the terminal is gone")]
    HungUp,
    #[error("the terminal cannot be set up: {0}")]
    Modes(io::Error),
}

/// What the officer's terminal was before, while it is ours. Global, because a panic has no
/// other way to it.
static BEFORE: Mutex<Option<Before>> = Mutex::new(None);

struct Before {
    modes: Termios,
    /// A panic elsewhere is the business of whoever waits for that thread; the screen stays.
    owner: ThreadId,
}

fn before() -> MutexGuard<'static, Option<Before>> {
    BEFORE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Columns and rows of the terminal, each at least 1.
pub fn size() -> (u16, u16) {
    let (columns, rows) =
        tcgetwinsize(stdout()).map_or((0, 0), |window| (window.ws_col, window.ws_row));
    (or_unknown(columns, UNKNOWN.0), or_unknown(rows, UNKNOWN.1))
}

const fn or_unknown(told: u16, unknown: u16) -> u16 {
    if told == 0 { unknown } else { told }
}

/// The terminal, ours from `open` until `restore` or drop.
#[derive(Debug)]
pub struct Screen {
    terminal: Terminal<Painter<Tty>>,
    ours: bool,
}

impl Screen {
    /// Takes the terminal over. `farewell` is what a panic leaves on the officer's screen,
    /// in the officer's language; the details go to the log.
    pub fn open(
        profile: Profile,
        farewell: impl Fn() -> String + Send + Sync + 'static,
    ) -> Result<Self, ScreenError> {
        if !isatty(stdin()) || !isatty(stdout()) {
            return Err(ScreenError::NotATerminal);
        }
        restore_on_panic(farewell);
        let (columns, rows) = size();
        let painter = Painter::new(Tty, profile, Size::new(columns, rows));
        let terminal = Terminal::new(painter).map_err(ScreenError::Modes)?;
        let mut screen = Self { terminal, ours: false };
        screen.enter()?;
        Ok(screen)
    }

    /// Columns and rows of the frames.
    pub fn size(&self) -> (u16, u16) {
        let size = self.terminal.backend().size_drawn();
        (size.width, size.height)
    }

    /// Bytes sent so far.
    pub fn sent(&self) -> u64 {
        self.terminal.backend().sent()
    }

    /// Draws one frame; does nothing while somebody else has the terminal.
    pub fn draw(&mut self, render: impl FnOnce(&mut Frame)) -> Result<(), ScreenError> {
        self.draw_within(usize::MAX, render)
    }

    /// Draws one frame, or of one that is longer than this what tells where one is.
    pub fn draw_within(
        &mut self,
        room: usize,
        render: impl FnOnce(&mut Frame),
    ) -> Result<(), ScreenError> {
        if !self.ours {
            return Ok(());
        }
        self.terminal.backend_mut().set_room(room);
        self.terminal.draw(render).map(drop).map_err(|_| ScreenError::HungUp)
    }

    /// Whether the terminal does not show all of the last frame.
    pub fn owes(&self) -> bool {
        self.ours && self.terminal.backend().owes()
    }

    /// The terminal was told to be of this size, perhaps the same; the next frame repaints all of it.
    pub fn resize(&mut self, columns: u16, rows: u16) -> Result<(), ScreenError> {
        let size = Size::new(columns.max(1), rows.max(1));
        self.terminal.backend_mut().set_size(size);
        self.terminal
            .resize(Rect::from((ratatui::layout::Position::ORIGIN, size)))
            .map_err(|_| ScreenError::HungUp)
    }

    /// Sends what is no frame, such as a copy to the clipboard, with the next one.
    pub fn send(&mut self, sequence: &str) {
        self.terminal.backend_mut().push(sequence);
    }

    /// Gives the terminal back as it was. More than once is as good as once.
    pub fn restore(&mut self) {
        self.ours = false;
        restore();
    }

    /// Takes the terminal again after `restore`, or after another program had it unasked;
    /// the next frame repaints all of it.
    pub fn resume(&mut self) -> Result<(), ScreenError> {
        self.enter()?;
        let (columns, rows) = size();
        self.terminal.backend_mut().begin_anew(Size::new(columns, rows));
        self.resize(columns, rows)
    }

    fn enter(&mut self) -> Result<(), ScreenError> {
        let now = tcgetattr(stdin()).map_err(|e| ScreenError::Modes(e.into()))?;
        let mut raw = now.clone();
        raw.make_raw();
        {
            let mut before = before();
            let modes = before.take().map_or(now, |earlier| earlier.modes);
            *before = Some(Before { modes, owner: thread::current().id() });
        }
        set_modes(&raw).map_err(|e| ScreenError::Modes(e.into()))?;
        self.ours = true;
        Tty.write_all(enter().as_bytes()).map_err(|_| ScreenError::HungUp)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.restore();
    }
}

/// In the background this stops us until the shell brings us to the front.
fn set_modes(modes: &Termios) -> Result<(), Errno> {
    loop {
        match tcsetattr(stdin(), OptionalActions::Now, modes) {
            Err(Errno::INTR) => {}
            done => return done,
        }
    }
}

fn restore() {
    let Some(before) = before().take() else { return };
    // On a dead line neither can succeed, and nobody is there to see it. The modes first:
    // who sees the shell's screen again may type at once.
    let _ = set_modes(&before.modes);
    let _ = Tty.write_all(leave().as_bytes());
}

/// The message of a panic may hold a person's data: only its place goes to the log, and the
/// text where it is the program's own.
fn restore_on_panic(farewell: impl Fn() -> String + Send + Sync + 'static) {
    panic::set_hook(Box::new(move |info| {
        let ours = before().as_ref().is_some_and(|b| b.owner == thread::current().id());
        if ours {
            restore();
            let _ = Tty.write_all(format!("{}\r\n", farewell()).as_bytes());
        }
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        let text = info.payload().downcast_ref::<&'static str>().copied().unwrap_or("(withheld)");
        let trace = std::backtrace::Backtrace::force_capture();
        let thread = thread::current();
        tracing::error!(place, text, thread = thread.name(), %trace, "panic");
    }));
}

/// Standard output without a buffer. A stalled line makes it wait, a dead one fails.
#[derive(Debug)]
struct Tty;

impl Write for Tty {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        loop {
            match rustix::io::write(stdout(), bytes) {
                Err(Errno::INTR) => {}
                // Somebody who shares the terminal made it non-blocking.
                Err(Errno::AGAIN) => {
                    let _ = poll(&mut [PollFd::new(&stdout(), PollFlags::OUT)], None);
                }
                written => return Ok(written?),
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
