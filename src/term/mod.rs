//! The terminal: the only code that names termina and the sequences a terminal understands.
//!
//! In: the thread of `reader` polls the terminal and the pipe of `signal`, `parse` frames
//! the bytes (with `translate` for single sequences and `pasted` for pastes in brackets),
//! `burst` tells pastes without brackets from keys, and an `Input` goes to whoever was named.
//! Out: `screen` owns the modes and ratatui's terminal, which draws through `paint`;
//! `clipboard` makes one sequence. `profile` says what may be drawn, from the environment.
//! `handover` lends the terminal to the shell or an editor.
//!
//! ```text
//! tty ──bytes──> reader ─> parse ─> Input ──queue──> ui ──frame──> screen ─> paint ──> tty
//!                  ^ signal
//! ```
//!
//! Faults this floor exists to prevent, each with a test in `tests/tui`: torn escape
//! sequences, a process that spins after its line went dead, keys held back by a resize, a
//! selected row that `NO_COLOR` makes invisible, colour codes an old terminal blinks at,
//! questions to the terminal that nobody answers, a stop that nobody can continue.

mod burst;
pub mod clipboard;
pub mod handover;
pub mod input;
pub mod key;
pub mod pace;
mod paint;
mod parse;
mod pasted;
pub mod profile;
pub mod reader;
pub mod screen;
mod scroll;
pub mod signal;
#[cfg(test)]
pub(crate) mod testing;
mod translate;
