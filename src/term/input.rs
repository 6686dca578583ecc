//! What the terminal tells the program, in the order it happened.
//!
//! The whole traffic from `term` to the screen: `ui` receives these and never sees a byte,
//! a signal number or a type of the parsing library.

use std::time::Instant;

use super::key::Key;

/// One thing that happened at the terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    Key(Key),
    /// Pasted text: lines end with `\n`, control characters other than tab are gone.
    Paste(String),
    /// Text that came too fast for fingers, Enter and Tab in it as `\n` and `\t`: pasted on a
    /// terminal that does not say so, or typed ahead over a line that stalled.
    Burst(String),
    /// Columns and rows, each at least 1.
    Resize(u16, u16),
    /// The terminal is ours again after somebody else had it; repaint all of it.
    Resumed,
    /// The connection is gone. Sent once, and nothing follows.
    Hangup,
    /// The host asks the program to end. Sent once, and nothing follows.
    Terminate,
}

/// An input, and when it was read: keys read before a question was seen do not answer it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    pub input: Input,
    pub at: Instant,
}
