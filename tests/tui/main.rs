//! End to end: the real program in a real terminal.

mod journeys;
mod office;
#[allow(dead_code, reason = "each group of tests uses its part of the harness")]
mod pty;
mod terminal_faults;
