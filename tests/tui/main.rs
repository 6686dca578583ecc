//! End to end: the real program in a real terminal.

mod journeys;
mod office;
mod pty;
mod sshd;
mod terminal_faults;
