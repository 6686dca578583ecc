//! Opening: the one place that chooses between a shared office and one of this process's
//! own. A folder that a server keeps is asked through its server; a shared office is never
//! opened privately, but waited for.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::Link;
use super::embedded::{self, Embedded, OpenError, OpenOptions};
use super::frame::Wish;
use super::identity;
use super::socket::{self, ConnectError, Pauses, Socket};
use crate::office;
use crate::protocol::{Incoming, Request, Ticket};

/// Where an office is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// In the data folder: through its server if it has one.
    Folder,
    /// Behind this socket, whether or not anybody answers now.
    Shared(PathBuf),
}

/// A line to an office, of whichever kind.
pub enum Connected {
    Embedded(Embedded),
    Shared(Socket),
}

impl Link for Connected {
    fn ask(&self, ticket: Ticket, request: Request) {
        match self {
            Self::Embedded(office) => office.ask(ticket, request),
            Self::Shared(office) => office.ask(ticket, request),
        }
    }

    fn ask_here(&self, ticket: Ticket, request: Request) {
        match self {
            Self::Embedded(office) => office.ask_here(ticket, request),
            Self::Shared(office) => office.ask_here(ticket, request),
        }
    }
}

/// Why an office cannot be entered.
#[derive(Debug, thiserror::Error)]
pub enum CannotOpen {
    #[error(transparent)]
    Office(#[from] OpenError),
    /// The folder belongs to this user: neither opened nor believed in what it says of a
    /// server, as root neither.
    #[error("{} belongs to user {owner}", folder.display())]
    Others { folder: PathBuf, owner: u32 },
    #[error("{}: {error}", socket.display())]
    Server { socket: PathBuf, error: ConnectError },
}

/// How whoever opens an office waits: for how long for a server that does not answer, and
/// who is told so, once.
pub struct Patience<'a> {
    /// A screen, which is shown what there is before all of it is proven, and told if it has
    /// to read again.
    pub for_screen: bool,
    /// `None`: until it answers.
    pub at_most: Option<Duration>,
    pub waits: &'a mut dyn FnMut(&Path),
}

/// Opens the office. Everything it says goes to `sink`, in order.
pub fn open<S: Fn(Incoming) + Send + 'static>(
    address: &Address,
    options: &OpenOptions,
    patience: &mut Patience,
    sink: S,
) -> Result<Connected, CannotOpen> {
    let began = Instant::now();
    let mut pauses = Pauses::default();
    let mut sink = sink;
    let mut told = false;
    let wish = Wish { read_only: options.read_only };
    loop {
        let (socket, error) = match address {
            Address::Shared(socket) => match enter(socket, wish, sink) {
                Ok(connected) => return Ok(connected),
                Err((error, back)) => {
                    sink = back;
                    (socket.clone(), error)
                }
            },
            Address::Folder => {
                if let Some(owner) = identity::other_owner(&options.data) {
                    return Err(CannotOpen::Others { folder: options.data.clone(), owner });
                }
                // A line left in the lock by a server that has gone leads nowhere.
                if let Some(socket) = office::shared_at(&options.data) {
                    match enter(&socket, wish, sink) {
                        Ok(connected) => return Ok(connected),
                        Err((_, back)) => sink = back,
                    }
                }
                match embedded::open_or_return(options, patience.for_screen, sink) {
                    Ok(office) => return Ok(Connected::Embedded(office)),
                    Err((OpenError::InUse { socket: Some(socket), .. }, Some(back))) => {
                        match enter(&socket, wish, back) {
                            Ok(connected) => return Ok(connected),
                            Err((error, back)) => {
                                sink = back;
                                (socket, error)
                            }
                        }
                    }
                    Err((error, _)) => return Err(error.into()),
                }
            }
        };
        let over = patience.at_most.is_some_and(|most| began.elapsed() >= most);
        if over || !error.may_pass() {
            return Err(CannotOpen::Server { socket, error });
        }
        if !told {
            told = true;
            (patience.waits)(&socket);
        }
        std::thread::sleep(pauses.next().unwrap_or_default());
    }
}

/// Through the server's socket; what was to hear of it comes back with the error.
fn enter<S: Fn(Incoming) + Send + 'static>(
    path: &Path,
    wish: Wish,
    sink: S,
) -> Result<Connected, (ConnectError, S)> {
    let line = match socket::call(path, wish) {
        Ok(line) => line,
        Err(error) => return Err((error, sink)),
    };
    Ok(Connected::Shared(socket::open(path, wish, line, sink)))
}
