//! One line of the journal: how it is written, and how it is proven and read again.
//!
//! `{"v":1,"seq":…,…,"changes":[ELEMENT…],"prev":…,"hash":…}`. The line's hash is SHA-256 of the
//! exact bytes before `"changes"`, the digests of the elements in order, and `prev`. So what an
//! [`element`](super::element) says can be taken out and the line still proves itself.
//! A line written in one go with lines before it is `"v":2` and names the first of them in
//! `"with"`: so what a power cut left of such a write can be told from damage.
//! Knows nothing of files.

use std::io;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::element::{self, Content, Element, Elements, from_hex, push_hex};
use super::error::{Defect, JournalError};
use crate::domain::change::{CHANGES_MAX, Change, Head, Place, RequestId, Via};
use crate::domain::record::EmployeeId;

/// The longest line the journal writes or reads, in bytes.
pub const LINE_MAX: usize = 64 << 20;
/// The most bytes before `"changes"`.
const HEADER_MAX: usize = 64 << 10;

pub type Hash = [u8; 32];

/// A line's place in a large step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Batch {
    /// Counted from 1.
    Part(u32),
    /// The step is complete with this many parts.
    Commit(u32),
}

/// What a line says about its step, apart from what was changed. Never a name or a NIP of
/// an employee: a header cannot be erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    v: u8,
    pub seq: u64,
    pub at: DateTime<Utc>,
    /// The operating system's name of who did it.
    pub by: String,
    pub via: Via,
    pub req: RequestId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<u64>,
    /// `None` for a step of one line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<Batch>,
    /// People whose values were pseudonymised with this step: what earlier lines said of
    /// them is taken out (see `erase`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub erases: Vec<EmployeeId>,
    /// Steps before this one whose reason is taken out with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<u64>,
    /// The first step written in one go with this one, where that is an earlier one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<u64>,
}

impl Header {
    /// Not a newer format where it need not be: an older program reads the lines it can.
    fn version(&self) -> u8 {
        let late = self.with.is_some() || !self.erases.is_empty() || !self.reasons.is_empty();
        if late { 2 } else { 1 }
    }

    /// Every step before this one was on the disk before the line was written; the others
    /// it was written with may not be, whether it is or not.
    pub(super) fn written_from(&self) -> u64 {
        self.with.unwrap_or(self.seq)
    }
}

/// A step to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEntry {
    pub at: DateTime<Utc>,
    pub by: String,
    pub via: Via,
    pub req: RequestId,
    pub undoes: Option<u64>,
    pub why: String,
    pub changes: Vec<Change>,
    /// See [`Header::erases`].
    pub erases: Vec<EmployeeId>,
    /// See [`Header::reasons`].
    pub reasons: Vec<u64>,
}

impl NewEntry {
    pub(super) fn header(&self, seq: u64, batch: Option<Batch>, with: Option<u64>) -> Header {
        // What is taken out is said once a step: with its last line.
        let last = !matches!(batch, Some(Batch::Part(_)));
        let mut header = Header {
            v: 1,
            seq,
            at: self.at,
            by: self.by.clone(),
            via: self.via,
            req: self.req.clone(),
            undoes: self.undoes,
            batch,
            erases: if last { self.erases.clone() } else { Vec::new() },
            reasons: if last { self.reasons.clone() } else { Vec::new() },
            with,
        };
        header.v = header.version();
        header
    }
}

/// A line as it was read and proven. A step of one line is one of these; a large step is
/// its parts in order and then its commit, which carries `why` and no changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub header: Header,
    pub why: String,
    pub changes: Vec<Change>,
    /// How many changes (or a `why`) have been taken out as the law requires.
    pub erased: usize,
    pub place: Place,
    /// Where the next line begins.
    pub end: Place,
    pub prev: Hash,
    pub hash: Hash,
}

impl Line {
    /// Whether the step is complete with this line.
    pub fn is_last(&self) -> bool {
        !matches!(self.header.batch, Some(Batch::Part(_)))
    }

    /// How far the journal goes with this line, if it is the last of its step.
    pub fn head(&self) -> Head {
        Head { seq: self.header.seq, hash: self.hash, end: self.end }
    }
}

const CHANGES: &str = "\"changes\":[";
const PREV: &str = ",\"prev\":\"";
const HASH: &str = "\",\"hash\":\"";
const TAIL_LENGTH: usize = PREV.len() + HASH.len() + 2 * 64 + 2;

/// Appends one line with its line feed to `out` and returns its hash, once the bytes have
/// been read again as what they are to say. On an error `out` is as it was.
pub(super) fn write(
    out: &mut Vec<u8>,
    header: &Header,
    elements: &Elements,
    prev: &Hash,
) -> Result<Hash, JournalError> {
    let start = out.len();
    let written = match write_line(out, header, elements, prev) {
        Ok(Some(hash)) if says(&out[start..], header, elements, prev, &hash) => Ok(hash),
        Ok(Some(_)) => Err(JournalError::NotAsWritten),
        Ok(None) => Err(JournalError::TooLarge),
        Err(error) => Err(error.into()),
    };
    if written.is_err() {
        out.truncate(start);
    }
    written
}

/// Whether a line with its line feed is read as exactly this: one that is not would close
/// the office to everybody. Its elements have been read again by themselves.
fn says(line: &[u8], header: &Header, elements: &Elements, prev: &Hash, hash: &Hash) -> bool {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let apart = |line| {
        check_version(line).ok()?;
        let (text, prev, hash) = split_tail(std::str::from_utf8(line).ok()?)?;
        let length = head_length(text.as_bytes())?;
        let list = &text[length + CHANGES.len() - 1..];
        Some((parse_header(&line[..length])?, list, prev, hash))
    };
    apart(line) == Some((header.clone(), elements.list(), *prev, *hash))
}

/// `None` when it is more than a line holds.
fn write_line(
    out: &mut Vec<u8>,
    header: &Header,
    elements: &Elements,
    prev: &Hash,
) -> io::Result<Option<Hash>> {
    let start = out.len();
    serde_json::to_writer(&mut *out, header)?;
    out.pop();
    out.push(b',');
    if out.len() - start > HEADER_MAX {
        return Ok(None);
    }
    let mut hasher = Sha256::new_with_prefix(&out[start..]);
    elements.digests().iter().for_each(|digest| hasher.update(digest));
    let hash: Hash = hasher.chain_update(prev).finalize().into();
    out.extend_from_slice(&CHANGES.as_bytes()[..CHANGES.len() - 1]);
    out.extend_from_slice(elements.list().as_bytes());
    out.extend_from_slice(PREV.as_bytes());
    push_hex(out, prev);
    out.extend_from_slice(HASH.as_bytes());
    push_hex(out, &hash);
    out.extend_from_slice(b"\"}\n");
    Ok((out.len() - start <= LINE_MAX).then_some(hash))
}

/// A line whose bytes are those that were written; its bodies are not looked into yet.
#[derive(Debug)]
pub(super) struct Sealed<'a> {
    pub header: Header,
    pub prev: Hash,
    pub hash: Hash,
    elements: Vec<Element<'a>>,
}

/// Proves a line (without its line feed) against its own hash.
pub(super) fn prove(bytes: &[u8]) -> Result<Sealed<'_>, Defect> {
    let text = std::str::from_utf8(bytes).map_err(|_| Defect::Garbled)?;
    check_version(bytes)?;
    let (text, prev, hash) = split_tail(text).ok_or(Defect::Garbled)?;
    let length = head_length(text.as_bytes()).ok_or(Defect::Garbled)?;
    let (head, list) = (&text[..length], &text[length + CHANGES.len() - 1..]);
    let mut hasher = Sha256::new_with_prefix(head);
    let elements = element::prove(list, &mut |digest| hasher.update(digest))?;
    let found: Hash = hasher.chain_update(prev).finalize().into();
    if found != hash {
        return Err(Defect::Hash);
    }
    // Exactly what was written: what cannot be understood of it is not damaged, but new.
    let header = parse_header(head.as_bytes()).ok_or(Defect::Unknown)?;
    Ok(Sealed { header, prev, hash, elements })
}

/// How long the part of a line is that stands before its changes.
fn head_length(line: &[u8]) -> Option<usize> {
    // A quote inside a string is escaped, so the first of these is the key.
    let most = line.get(..HEADER_MAX + CHANGES.len()).unwrap_or(line);
    most.windows(CHANGES.len()).position(|part| part == CHANGES.as_bytes())
}

fn parse_header(head: &[u8]) -> Option<Header> {
    let mut head = head.strip_suffix(b",")?.to_vec();
    head.push(b'}');
    let header: Header = serde_json::from_slice(&head).ok()?;
    (header.v == header.version()).then_some(header)
}

/// The header of a line that may be torn behind it.
pub(super) fn read_header(line: &[u8]) -> Option<Header> {
    parse_header(&line[..head_length(line)?])
}

/// Only the version is looked at before anything else: a later one may differ in all the rest.
fn check_version(line: &[u8]) -> Result<(), Defect> {
    match split_version(line) {
        Some((1 | 2, _)) => Ok(()),
        Some(_) => Err(Defect::Unknown),
        None => Err(Defect::Garbled),
    }
}

fn split_version(line: &[u8]) -> Option<(u32, &[u8])> {
    let rest = line.strip_prefix(b"{\"v\":")?;
    let length = rest.iter().take(6).position(|byte| *byte == b',')?;
    Some((digits(&rest[..length])?, &rest[length + 1..]))
}

/// A number of digits only.
fn digits<N: std::str::FromStr>(text: &[u8]) -> Option<N> {
    let digits = text.iter().all(u8::is_ascii_digit);
    std::str::from_utf8(text).ok().filter(|_| digits)?.parse().ok()
}

fn split_tail(text: &str) -> Option<(&str, Hash, Hash)> {
    let (rest, tail) = text.split_at_checked(text.len().checked_sub(TAIL_LENGTH)?)?;
    let tail = tail.strip_prefix(PREV)?;
    let (prev, tail) = tail.split_at_checked(64)?;
    let hash = tail.strip_prefix(HASH)?.strip_suffix("\"}")?;
    Some((rest, from_hex(prev)?, from_hex(hash)?))
}

/// The sequence number at the very start of a line, unproven: for finding one's way.
pub(super) fn peek_seq(start: &[u8]) -> Option<u64> {
    let (version, rest) = split_version(start)?;
    let rest = rest.strip_prefix(b"\"seq\":").filter(|_| matches!(version, 1 | 2))?;
    let length = rest.iter().position(|byte| *byte == b',')?;
    digits(&rest[..length])
}

impl Sealed<'_> {
    pub(super) fn is_last(&self) -> bool {
        !matches!(self.header.batch, Some(Batch::Part(_)))
    }

    /// What each element says, in order.
    pub(super) fn contents(&self) -> impl Iterator<Item = Result<Content, Defect>> + '_ {
        self.elements.iter().map(Element::read)
    }

    /// How many elements have been taken out.
    pub(super) fn erased(&self) -> u64 {
        self.elements.iter().filter(|element| element.body.is_none()).count() as u64
    }

    /// The same line without what `goes` names by its place: everything else as it was
    /// written, so that the line's hash still stands. `bytes` are those it was proven from.
    pub(super) fn without(&self, bytes: &[u8], goes: &[bool]) -> Result<Vec<u8>, Defect> {
        let start = bytes.windows(CHANGES.len()).position(|at| at == CHANGES.as_bytes());
        let start = start.ok_or(Defect::Garbled)? + CHANGES.len();
        let end = bytes.len().checked_sub(TAIL_LENGTH + 1).ok_or(Defect::Garbled)?;
        let mut out = bytes[..start].to_vec();
        for (place, element) in self.elements.iter().enumerate() {
            if place > 0 {
                out.push(b',');
            }
            out.extend_from_slice(b"{\"digest\":\"");
            out.extend_from_slice(element.digest.as_bytes());
            if let (Some(salt), Some(body), false) =
                (element.salt, element.body, goes.get(place).copied().unwrap_or_default())
            {
                out.extend_from_slice(b"\",\"salt\":\"");
                out.extend_from_slice(salt.as_bytes());
                out.extend_from_slice(b"\",\"body\":");
                out.extend_from_slice(body.get().as_bytes());
                out.push(b'}');
            } else {
                out.extend_from_slice(b"\"}");
            }
        }
        out.extend_from_slice(&bytes[end..]);
        let same = prove(&out).is_ok_and(|line| line.hash == self.hash && line.prev == self.prev);
        if same { Ok(out) } else { Err(Defect::Hash) }
    }

    /// Reads the bodies.
    pub(super) fn open(self, place: Place, end: Place) -> Result<Line, Defect> {
        let mut line = Line {
            header: self.header,
            why: String::new(),
            changes: Vec::with_capacity(self.elements.len().min(CHANGES_MAX)),
            erased: 0,
            place,
            end,
            prev: self.prev,
            hash: self.hash,
        };
        for element in &self.elements {
            match element.read()? {
                Content::Change(change) => line.changes.push(*change),
                Content::Why(why) => line.why = why,
                Content::Erased => line.erased += 1,
            }
        }
        Ok(line)
    }
}
