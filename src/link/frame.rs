//! Frame: how values cross a socket. A hand is shaken first, in a form that never changes,
//! so that programs of different versions can tell each other so; then every value is its
//! length in four bytes and its bytes from `codec`. Both ends hold both to a limit, and
//! memory is taken as bytes arrive, never as a length promises. Knows no sockets: anything
//! that reads and writes will do.

use std::io::{self, Read, Write};

use serde::{Serialize, de::DeserializeOwned};

use crate::codec::{self, CodecError};
use crate::protocol::{Request, Ticket};

/// The longest request, in bytes: a hundred thousand record numbers, or a chunk of an
/// import whose every text is as long as texts may be.
pub const REQUEST_MAX: usize = 8 * 1024 * 1024;
/// The longest answer, in bytes.
pub const ANSWER_MAX: usize = 4 * 1024 * 1024;

/// What both ends say first.
const MAGIC: &[u8; 8] = b"kompeten";
/// Raised with every change of the protocol.
const PROTOCOL: u16 = 9;
/// The longest version that is read, in bytes.
const VERSION_MAX: usize = 32;
/// Memory is taken in steps of this size.
const STEP: usize = 64 * 1024;

#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    /// The other end has gone, between two frames.
    #[error("the other end has closed")]
    Closed,
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("a frame of {length} bytes where {limit} is the most")]
    TooLong { length: usize, limit: usize },
    #[error("{0}")]
    Codec(#[from] CodecError),
}

/// A version of the program: first of the protocol, then of the program itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramVersion {
    pub protocol: u16,
    pub program: String,
}

impl ProgramVersion {
    pub fn ours() -> Self {
        Self { protocol: PROTOCOL, program: env!("CARGO_PKG_VERSION").into() }
    }

    /// Whether this is newer than another; versions that cannot be told apart are not.
    pub fn is_newer_than(&self, other: &Self) -> bool {
        let numbers = |text: &str| -> Vec<u64> {
            text.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok()).collect()
        };
        (self.protocol, numbers(&self.program)) > (other.protocol, numbers(&other.program))
    }
}

/// What the one who connects wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// Nothing may be written.
    pub read_only: bool,
}

/// What the server says to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Welcome {
    Come,
    /// Too many are here already.
    Full,
    /// Whoever calls is not among the officers.
    NotAnOfficer,
    /// Another version: both ends know from the greeting which is the older.
    OtherVersion,
}

/// The first bytes of each end: who speaks, in which version, and one byte more.
fn greet(to: &mut impl Write, byte: u8) -> io::Result<()> {
    let ours = ProgramVersion::ours();
    let mut bytes = MAGIC.to_vec();
    bytes.extend(ours.protocol.to_be_bytes());
    let program = ours.program.as_bytes();
    let program = &program[..program.len().min(VERSION_MAX)];
    bytes.push(program.len() as u8);
    bytes.extend(program);
    bytes.push(byte);
    to.write_all(&bytes)?;
    to.flush()
}

/// The other end's greeting; `None` when it is no program of ours.
fn greeted(from: &mut impl Read) -> io::Result<Option<(ProgramVersion, u8)>> {
    let mut head = [0; MAGIC.len() + 3];
    from.read_exact(&mut head)?;
    let [magic @ .., high, low, length] = head;
    let length = usize::from(length);
    if magic != *MAGIC || length > VERSION_MAX {
        return Ok(None);
    }
    let mut rest = [0; VERSION_MAX + 1];
    let rest = &mut rest[..=length];
    from.read_exact(rest)?;
    let program = String::from_utf8_lossy(&rest[..length]).into_owned();
    Ok(Some((ProgramVersion { protocol: u16::from_be_bytes([high, low]), program }, rest[length])))
}

/// The connecting end's side of the greeting.
pub fn knock(to: &mut impl Write, wish: Wish) -> io::Result<()> {
    greet(to, u8::from(wish.read_only))
}

/// What the server said to a knock, and its version; `None` when it is no server of ours.
pub fn welcomed(from: &mut impl Read) -> io::Result<Option<(ProgramVersion, Welcome)>> {
    Ok(greeted(from)?.and_then(|(version, byte)| {
        let welcome = match byte {
            0 => Welcome::Come,
            1 => Welcome::Full,
            2 => Welcome::OtherVersion,
            3 => Welcome::NotAnOfficer,
            _ => return None,
        };
        Some((version, welcome))
    }))
}

/// Who knocks; `None` when it is no program of ours.
pub fn knocked(from: &mut impl Read) -> io::Result<Option<(ProgramVersion, Wish)>> {
    Ok(greeted(from)?.map(|(version, byte)| (version, Wish { read_only: byte & 1 != 0 })))
}

/// The server's side of the greeting.
pub fn welcome(to: &mut impl Write, welcome: Welcome) -> io::Result<()> {
    greet(
        to,
        match welcome {
            Welcome::Come => 0,
            Welcome::Full => 1,
            Welcome::OtherVersion => 2,
            Welcome::NotAnOfficer => 3,
        },
    )
}

/// A value as a frame.
pub fn frame<T: Serialize + ?Sized>(value: &T, limit: usize) -> Result<Vec<u8>, FrameError> {
    let mut bytes = vec![0; 4];
    codec::encode_into(&mut bytes, value)?;
    let length = bytes.len() - 4;
    let head = u32::try_from(length).ok().filter(|_| length <= limit);
    let head = head.ok_or(FrameError::TooLong { length, limit })?;
    bytes[..4].copy_from_slice(&head.to_be_bytes());
    Ok(bytes)
}

/// Whether what is framed here is a request whose every text is within its limit.
pub fn is_request(frame: &[u8]) -> bool {
    frame.get(4..).is_some_and(|bytes| codec::decode::<(Ticket, Request)>(bytes).is_ok())
}

/// The next frame's value. A frame that is cut short, too long or malformed ends the
/// conversation: where the next one begins is then unknown.
pub fn read<T: DeserializeOwned>(from: &mut impl Read, limit: usize) -> Result<T, FrameError> {
    let length = length(from, limit)?;
    body(from, length)
}

/// How long the next frame's value is.
pub fn length(from: &mut impl Read, limit: usize) -> Result<usize, FrameError> {
    let mut head = [0; 4];
    // Nothing at all is an orderly end, half a length is not.
    loop {
        match from.read(&mut head[..1]) {
            Ok(0) => return Err(FrameError::Closed),
            Ok(_) => break,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    from.read_exact(&mut head[1..])?;
    let length = u32::from_be_bytes(head) as usize;
    if length > limit {
        return Err(FrameError::TooLong { length, limit });
    }
    Ok(length)
}

/// The value of a frame of this length.
pub fn body<T: DeserializeOwned>(from: &mut impl Read, length: usize) -> Result<T, FrameError> {
    let mut bytes = Vec::with_capacity(length.min(STEP));
    from.take(length as u64).read_to_end(&mut bytes)?;
    if bytes.len() < length {
        return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
    }
    Ok(codec::decode(&bytes)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::arbitrary;
    use crate::domain::change::{RequestId, Via};
    use crate::domain::record::{Kind, Record, RecordId, Revision};
    use crate::protocol::{DraftRecord, Incoming, ListQuery, Save, Step};
    use proptest::prelude::*;

    fn save(record: Record) -> Request {
        let step = Step { req: RequestId::of([7; 16]), via: Via::Tui, why: "karena".into() };
        Request::Save(Save {
            step,
            drafts: vec![DraftRecord { id: None, base: Revision(3), record }],
        })
    }

    fn read_back(bytes: &[u8]) -> Result<(Ticket, Request), FrameError> {
        read(&mut &*bytes, REQUEST_MAX)
    }

    /// Gives one byte at a time, as a network may.
    struct Dripping<'a>(&'a [u8]);

    impl Read for Dripping<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let one = buffer.len().min(1);
            self.0.read(&mut buffer[..one])
        }
    }

    /// Promises no end and counts what is taken from it.
    struct Endless(usize);

    impl Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            buffer.fill(0xff);
            self.0 += buffer.len();
            Ok(buffer.len())
        }
    }

    #[test]
    fn each_end_learns_the_others_version_and_wish() {
        let mut wire = Vec::new();
        knock(&mut wire, Wish { read_only: true }).unwrap();
        let (version, wish) = knocked(&mut Dripping(&wire)).unwrap().unwrap();
        assert_eq!((version, wish.read_only), (ProgramVersion::ours(), true));
        let all = [Welcome::Come, Welcome::Full, Welcome::OtherVersion, Welcome::NotAnOfficer];
        for said in all {
            let mut wire = Vec::new();
            welcome(&mut wire, said).unwrap();
            assert_eq!(welcomed(&mut &*wire).unwrap(), Some((ProgramVersion::ours(), said)));
        }
    }

    #[test]
    fn a_stranger_is_recognised_by_its_first_bytes() {
        assert_eq!(knocked(&mut &b"GET / HTTP/1.1\r\nHost: x\r\n"[..]).unwrap(), None);
        assert_eq!(knocked(&mut &b"kompeten\x00\x01\xff0.1.0"[..]).unwrap(), None);
        assert!(knocked(&mut &b"kompeten\x00"[..]).is_err());
        assert!(knocked(&mut &b"kompeten\x00\x01\x050.1.0"[..]).is_err());
    }

    #[test]
    fn the_newer_of_two_versions_is_known() {
        let version =
            |protocol, program: &str| ProgramVersion { protocol, program: program.into() };
        assert!(version(2, "0.1.0").is_newer_than(&version(1, "0.9.0")));
        assert!(version(1, "0.10.0").is_newer_than(&version(1, "0.9.0")));
        assert!(!version(1, "0.9.0").is_newer_than(&version(1, "0.9.0")));
        assert!(!version(1, "?").is_newer_than(&version(1, "0.9.0")));
    }

    #[test]
    fn an_end_between_frames_is_no_fault_and_one_within_is() {
        let bytes = frame(&(Ticket(1), Request::Welcome), REQUEST_MAX).unwrap();
        assert!(matches!(read_back(&[]), Err(FrameError::Closed)));
        for cut in 1..bytes.len() {
            assert!(matches!(read_back(&bytes[..cut]), Err(FrameError::Io(_))), "{cut}");
        }
    }

    #[test]
    fn a_frame_beyond_the_limit_is_neither_written_nor_read() {
        let long = "x".repeat(REQUEST_MAX);
        assert!(matches!(frame(&long, REQUEST_MAX), Err(FrameError::TooLong { .. })));
        let mut endless = Endless(0);
        let read: Result<Request, _> = read(&mut endless, REQUEST_MAX);
        assert!(matches!(read, Err(FrameError::TooLong { .. })));
        assert_eq!(endless.0, 4, "nothing behind the length is read");
    }

    #[test]
    fn a_frame_takes_only_its_own_bytes_from_the_wire() {
        let mut wire = frame(&(Ticket(1), Request::Welcome), REQUEST_MAX).unwrap();
        let second = Request::List(ListQuery::all(Kind::Employees));
        wire.extend(frame(&(Ticket(2), &second), REQUEST_MAX).unwrap());
        let mut wire = Dripping(&wire);
        let first: (Ticket, Request) = read(&mut wire, REQUEST_MAX).unwrap();
        assert_eq!(first, (Ticket(1), Request::Welcome));
        let next: (Ticket, Request) = read(&mut wire, REQUEST_MAX).unwrap();
        assert_eq!(next, (Ticket(2), second));
    }

    proptest! {
        #[test]
        fn a_request_arrives_as_it_was_sent(record in arbitrary::record(), ticket: u64) {
            let request = save(record);
            let bytes = frame(&(Ticket(ticket), &request), REQUEST_MAX).unwrap();
            prop_assert_eq!(read_back(&bytes).unwrap(), (Ticket(ticket), request));
        }

        #[test]
        fn any_bytes_on_the_wire_are_read_or_refused_but_never_fatal(
            bytes in prop::collection::vec(any::<u8>(), 0..600), length in 0_u32..600,
        ) {
            let _ = read_back(&bytes);
            let _ = knocked(&mut &*bytes);
            let _ = welcomed(&mut &*bytes);
            let mut framed = length.to_be_bytes().to_vec();
            framed.extend(&bytes);
            let _ = read_back(&framed);
            let _: Result<Incoming, _> = read(&mut &*framed, ANSWER_MAX);
        }

        #[test]
        fn a_request_with_bytes_changed_is_read_or_refused_but_never_fatal(
            record in arbitrary::record(),
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        ) {
            let many = Request::Delete {
                step: Step { req: RequestId::of([1; 16]), via: Via::Cli, why: String::new() },
                ids: vec![(RecordId::new(Kind::Employees, 7), Revision(1)); 20],
            };
            for request in [save(record), many] {
                let mut bytes = frame(&(Ticket(1), request), REQUEST_MAX).unwrap();
                for (at, byte) in &changes {
                    let at = at.index(bytes.len());
                    bytes[at] = *byte;
                }
                let _ = read_back(&bytes);
            }
        }
    }
}
