//! Link: requests and answers between a person's program and the office, in one
//! process (embedded) or, later, over a Unix socket.

pub mod embedded;
pub mod frame;
pub mod identity;
pub mod protocol;
pub mod server;

use protocol::{Request, Ticket};

/// The asker's end of the line to an office. Replies and notices come back through the
/// sink the link was made with, in the order in which the office gave them.
pub trait Link: Send {
    /// Sends and returns at once. After the office has closed, `Notice::Closed` is all
    /// that still comes back.
    fn ask(&self, ticket: Ticket, request: Request);
}
