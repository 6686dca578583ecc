//! Elements of a line: each change, and why they were made, with its digest.
//!
//! `{"digest":…,"salt":…,"body":…}`. A digest is SHA-256 of the salt and the exact bytes of the
//! body. So a body can be taken out together with its salt, and the digest stays.
//! They say nothing of the line they stand in: so they can be written, and read again, before
//! there is one. Knows nothing of files.

use std::io::{self, Write};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::error::{Defect, JournalError};
use super::line::Hash;
use super::salt::{Salt, Salts};
use crate::domain::change::{CHANGES_MAX, Change};
use crate::domain::record::{Fields, Record, RecordId, Revision};

/// What a line holds, as its bytes say it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Elements {
    list: String,
    digests: Vec<Hash>,
}

impl Elements {
    /// The list of them, in JSON.
    pub(super) fn list(&self) -> &str {
        &self.list
    }

    pub(super) fn digests(&self) -> &[Hash] {
        &self.digests
    }
}

/// Writes changes and, if it is not empty, why; and reads them again as what they are to say.
pub(super) fn write(
    changes: &[Change],
    why: &str,
    salts: &mut Salts,
) -> Result<Elements, JournalError> {
    if changes.len() > CHANGES_MAX {
        return Err(JournalError::TooLarge);
    }
    let mut digests = Vec::with_capacity(changes.len() + 1);
    let mut out = vec![b'['];
    for change in changes {
        digests.push(write_element(&mut out, &salts()?, |out| write_change(out, change))?);
        out.push(b',');
    }
    if !why.is_empty() {
        digests.push(write_element(&mut out, &salts()?, |out| {
            out.extend_from_slice(b"{\"why\":");
            serde_json::to_writer(&mut *out, why)?;
            out.push(b'}');
            Ok(())
        })?);
    } else if !changes.is_empty() {
        out.pop();
    }
    out.push(b']');
    let list = String::from_utf8(out).map_err(|_| JournalError::NotAsWritten)?;
    let elements = Elements { list, digests };
    if elements.say(changes, why) { Ok(elements) } else { Err(JournalError::NotAsWritten) }
}

impl Elements {
    /// Whether they are read as exactly this.
    fn say(&self, changes: &[Change], why: &str) -> bool {
        let mut digests = self.digests.iter();
        let mut same = true;
        let read = prove(&self.list, &mut |digest| same &= digests.next() == Some(&digest));
        let Ok(read) = read else { return false };
        let mut contents = read.iter().map(Element::read);
        let mut next = || contents.next().transpose().unwrap_or(Some(Content::Erased));
        let is =
            |change: &Change| matches!(next(), Some(Content::Change(read)) if *read == *change);
        same && digests.next().is_none()
            && changes.iter().all(is)
            && (why.is_empty() || matches!(next(), Some(Content::Why(read)) if read == why))
            && next().is_none()
    }
}

/// Writes the body first and its digest into the space left for it, so that nothing is copied.
fn write_element(
    out: &mut Vec<u8>,
    salt: &Salt,
    body: impl FnOnce(&mut Vec<u8>) -> io::Result<()>,
) -> io::Result<Hash> {
    out.extend_from_slice(b"{\"digest\":\"");
    let space = out.len();
    out.extend_from_slice(&[b'0'; 64]);
    out.extend_from_slice(b"\",\"salt\":\"");
    push_hex(out, salt);
    out.extend_from_slice(b"\",\"body\":");
    let start = out.len();
    body(out)?;
    let digest: Hash = Sha256::new_with_prefix(salt).chain_update(&out[start..]).finalize().into();
    out.push(b'}');
    for (byte, pair) in digest.iter().zip(out[space..].chunks_exact_mut(2)) {
        pair.copy_from_slice(&hex_pair(*byte));
    }
    Ok(digest)
}

fn write_change(out: &mut Vec<u8>, change: &Change) -> io::Result<()> {
    write!(out, "{{\"id\":\"{}\",\"base\":{},", change.id, change.base.0)?;
    match &change.after {
        Some(record) => {
            out.extend_from_slice(b"\"put\":");
            record.write_fields(out)?;
        }
        None => out.extend_from_slice(b"\"delete\":true"),
    }
    out.push(b'}');
    Ok(())
}

/// Reads a list of elements and proves each against its digest; those are told in their order.
pub(super) fn prove<'a>(
    list: &'a str,
    told: &mut dyn FnMut(Hash),
) -> Result<Vec<Element<'a>>, Defect> {
    let elements: Vec<Element<'a>> = serde_json::from_str(list).map_err(|_| Defect::Garbled)?;
    for element in &elements {
        let digest: Hash = from_hex(element.digest).ok_or(Defect::Garbled)?;
        match (element.salt, element.body) {
            (Some(salt), Some(body)) => {
                let salt: Salt = from_hex(salt).ok_or(Defect::Garbled)?;
                let found: Hash =
                    Sha256::new_with_prefix(salt).chain_update(body.get()).finalize().into();
                if found != digest {
                    return Err(Defect::Hash);
                }
            }
            (None, None) => {}
            _ => return Err(Defect::Garbled),
        }
        told(digest);
    }
    Ok(elements)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Element<'a> {
    pub(super) digest: &'a str,
    #[serde(default)]
    pub(super) salt: Option<&'a str>,
    #[serde(borrow, default)]
    pub(super) body: Option<&'a RawValue>,
}

/// What an element says.
#[derive(Debug)]
pub(super) enum Content {
    Change(Box<Change>),
    Why(String),
    Erased,
}

impl Element<'_> {
    pub(super) fn read(&self) -> Result<Content, Defect> {
        let Some(body) = self.body else { return Ok(Content::Erased) };
        let body: Body = serde_json::from_str(body.get()).map_err(|_| Defect::Unknown)?;
        match body {
            Body { id: Some(id), base: Some(base), put, delete, why: None } => {
                let after = match (put, delete) {
                    (Some(fields), None) => {
                        Some(Record::from_fields(id.kind, &fields).map_err(|_| Defect::Unknown)?)
                    }
                    (None, Some(true)) => None,
                    _ => return Err(Defect::Unknown),
                };
                Ok(Content::Change(Box::new(Change { id, base, after })))
            }
            Body { id: None, base: None, put: None, delete: None, why: Some(why) } => {
                Ok(Content::Why(why))
            }
            _ => Err(Defect::Unknown),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    id: Option<RecordId>,
    base: Option<Revision>,
    put: Option<Fields>,
    delete: Option<bool>,
    why: Option<String>,
}

const DIGITS: &[u8; 16] = b"0123456789abcdef";

const fn hex_pair(byte: u8) -> [u8; 2] {
    [DIGITS[(byte >> 4) as usize], DIGITS[(byte & 15) as usize]]
}

pub(super) fn push_hex(out: &mut Vec<u8>, bytes: &[u8]) {
    for byte in bytes {
        out.extend_from_slice(&hex_pair(*byte));
    }
}

/// Lower case only: there is one way to write a hash.
pub(super) fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let text = text.as_bytes();
    if text.len() != 2 * N {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}
