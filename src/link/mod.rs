//! Link: requests and answers between a person's program and the office, in one
//! process (embedded) or, later, over a Unix socket.

pub mod protocol;
