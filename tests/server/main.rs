//! One office, several officers: what a server and its clients owe each other. Real
//! servers, each a process of its own; clients are the program's own and hostile ones.
//!
//! Nothing here waits for a guessed time: every wait is for something to happen, and only
//! a failing test waits to the end of `PATIENCE`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod between;
mod cut;
mod desk;
mod served;

mod backup;
mod fuzz;
mod harm;
mod hostile;
mod killed;
mod rights;
mod sharing;
mod starting;
