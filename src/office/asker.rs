//! Asker: who a request comes from, as the operating system knows them. Every request
//! carries its asker, for their rights, for the history and for what is somebody's own:
//! their latest step, their import. Never a claim of the one who asks.

use std::sync::Arc;

use crate::protocol::{Request, Ticket};

/// One officer at one sitting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asker {
    /// Operating system's name.
    pub officer: Arc<str>,
    /// Tells the sittings apart in which one officer has the office open.
    pub sitting: u64,
    /// They own the data folder or are root, as the kernel says: admin of everything.
    pub owner: bool,
    /// This sitting may only look.
    pub read_only: bool,
}

impl Asker {
    /// The one asker of an office that only this process has open.
    pub fn alone(officer: &str) -> Self {
        Self { officer: officer.into(), sitting: 0, owner: true, read_only: false }
    }
}

/// A request with who asks it.
#[derive(Clone, Debug)]
pub struct Ask {
    pub asker: Asker,
    /// Comes back with the answer.
    pub ticket: Ticket,
    pub request: Request,
}
