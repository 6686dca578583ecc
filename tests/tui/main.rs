//! End to end: the real program in a real terminal.

#[allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#[path = "../server/between.rs"]
mod between;
mod journeys;
mod office;
mod pty;
mod sshd;
mod terminal_faults;
