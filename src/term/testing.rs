//! For tests of what is drawn elsewhere: a terminal that is sent what the program sends it.

use std::cell::RefCell;
use std::io::{self, Write};
use std::num::NonZeroU16;
use std::rc::Rc;

use ratatui::layout::Size;
use ratatui::{Frame, Terminal};

use super::paint::Painter;
use super::profile::Profile;

#[derive(Clone, Default)]
struct Sent(Rc<RefCell<Vec<u8>>>);

impl Write for Sent {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The screen of such a terminal.
pub struct Sheet {
    sent: Sent,
    terminal: Terminal<Painter<Sent>>,
    seen: vt100::Parser,
}

impl Sheet {
    pub fn new(profile: Profile, (columns, rows): (u16, u16)) -> Self {
        let sent = Sent::default();
        let painter = Painter::new(sent.clone(), profile, Size::new(columns, rows));
        let terminal = Terminal::new(painter).expect("a terminal");
        let mut seen = vt100::Parser::default();
        let size = |cells| NonZeroU16::new(cells).expect("a size");
        seen.set_size(size(rows), size(columns));
        Self { sent, terminal, seen }
    }

    /// Draws over what stood there; what the terminal was sent for it.
    pub fn draws(&mut self, draw: impl FnOnce(&mut Frame)) -> Vec<u8> {
        self.terminal.draw(draw).expect("drawn");
        let bytes = std::mem::take(&mut *self.sent.0.borrow_mut());
        self.seen.process(&bytes);
        bytes
    }

    /// What stands on it, each line without its trailing blanks.
    pub fn shows(&self) -> Vec<String> {
        let screen = self.seen.screen();
        let lines = screen.rows(0, screen.size().1.get());
        lines.map(|line| line.trim_end().to_string()).collect()
    }
}
