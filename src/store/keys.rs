//! How the one tree is divided: the first byte of a key says what stands behind it, and
//! everything that begins with the same byte is one part, counted and proven together.

use sha2::{Digest, Sha256};

use crate::domain::change::RequestId;
use crate::domain::record::{EmployeeId, Kind, RecordId};

/// The one key outside every part: the summary.
pub(super) const SUMMARY: &[u8] = &[0];

/// Records of a kind stand behind the kind's own byte.
const PACK: u8 = 0xF0;
const OWNER: u8 = 0xF1;
const NAME: u8 = 0xF2;
const REQUEST_BY_SEQ: u8 = 0xF3;
const REQUEST: u8 = 0xF4;
const LIST: u8 = 0xF5;
const COLUMN: u8 = 0xF6;

/// Numbers whose owners stand in one value; a key each would triple the store.
pub(super) const OWNERS_A_CHUNK: u32 = 128;

/// Parts beside those of the kinds.
const OTHERS: [(u8, &str); 7] = [
    (PACK, "packs"),
    (OWNER, "owners"),
    (NAME, "natural keys"),
    (REQUEST_BY_SEQ, "requests in order"),
    (REQUEST, "requests"),
    (LIST, "lists"),
    (COLUMN, "columns"),
];

const KINDS: usize = Kind::ALL.len();

/// Every part by its first byte, with the word an error uses for it: one a kind, though
/// nothing stands in that of a kind whose records are kept with their person.
pub(super) const PARTS: [(u8, &str); KINDS + OTHERS.len()] = {
    let mut parts = [(0, ""); KINDS + OTHERS.len()];
    let mut at = 0;
    while at < parts.len() {
        parts[at] = if at < KINDS {
            (Kind::ALL[at].byte(), Kind::ALL[at].name())
        } else {
            OTHERS[at - KINDS]
        };
        at += 1;
    }
    parts
};

/// Which part a key belongs to, as an index into [`PARTS`].
pub(super) fn part(key: &[u8]) -> Option<usize> {
    let first = key.first()?;
    PARTS.iter().position(|(byte, _)| byte == first)
}

fn numbered(prefix: u8, number: u32) -> Vec<u8> {
    let mut key = Vec::with_capacity(5);
    key.push(prefix);
    key.extend(number.to_be_bytes());
    key
}

/// The number a key of [`record`], [`pack`] or [`list`] was made from.
pub(super) fn number(key: &[u8]) -> Option<u32> {
    key.get(1..)?.try_into().ok().map(u32::from_be_bytes)
}

pub(super) fn record(id: RecordId) -> Vec<u8> {
    numbered(id.kind.byte(), id.number)
}

pub(super) fn records(kind: Kind) -> [u8; 1] {
    [kind.byte()]
}

/// What all keys begin with that the shelf may hold: those of people's own records.
pub(super) const SHELVED: [u8; 1] = [Kind::Employees.byte()];

/// The number such a key was made from.
pub(super) fn shelved(key: &[u8]) -> Option<u32> {
    key.starts_with(&SHELVED).then(|| number(key)).flatten()
}

pub(super) fn pack(employee: EmployeeId) -> Vec<u8> {
    numbered(PACK, employee.0)
}

pub(super) const PACKS: [u8; 1] = [PACK];

/// The chunk that says whom the record belongs to, and its place in that chunk.
pub(super) fn owner(id: RecordId) -> (Vec<u8>, usize) {
    let mut key = Vec::with_capacity(6);
    key.extend(owners(id.kind));
    key.extend((id.number / OWNERS_A_CHUNK).to_be_bytes());
    (key, (id.number % OWNERS_A_CHUNK) as usize)
}

pub(super) fn owners(kind: Kind) -> [u8; 2] {
    [OWNER, kind.byte()]
}

/// The first number of a chunk of owners.
pub(super) fn first_of_owners(key: &[u8]) -> Option<u32> {
    let chunk = key.get(2..)?.try_into().ok().map(u32::from_be_bytes)?;
    chunk.checked_mul(OWNERS_A_CHUNK)
}

/// Names are kept as digests: they may be long, and a NIP need not stand here as well.
pub(super) fn name(kind: Kind, field: &str, text: &str) -> Vec<u8> {
    let mut key = Vec::with_capacity(18);
    key.extend([NAME, kind.byte()]);
    key.extend(digest(&[field.as_bytes(), &[0], text.as_bytes()]));
    key
}

pub(super) fn request(digest: [u8; 16]) -> Vec<u8> {
    let mut key = Vec::with_capacity(17);
    key.push(REQUEST);
    key.extend(digest);
    key
}

pub(super) fn request_digest(by: &str, request: &RequestId) -> [u8; 16] {
    digest(&[by.as_bytes(), &[0], request.0.as_bytes()])
}

pub(super) fn request_by_seq(seq: u64, digest: [u8; 16]) -> Vec<u8> {
    let mut key = Vec::with_capacity(25);
    key.push(REQUEST_BY_SEQ);
    key.extend(seq.to_be_bytes());
    key.extend(digest);
    key
}

pub(super) const REQUESTS_BY_SEQ: [u8; 1] = [REQUEST_BY_SEQ];

/// What a key of [`request_by_seq`] was made from.
pub(super) fn seq_and_request(key: &[u8]) -> Option<(u64, [u8; 16])> {
    let seq = key.get(1..9)?.try_into().ok().map(u64::from_be_bytes)?;
    Some((seq, key.get(9..)?.try_into().ok()?))
}

pub(super) fn list(chunk: u32) -> Vec<u8> {
    numbered(LIST, chunk)
}

pub(super) const LISTS: [u8; 1] = [LIST];

/// A chunk of what stands in one field of many records.
pub(super) fn column(field: u8, chunk: u32) -> Vec<u8> {
    let mut key = Vec::with_capacity(6);
    key.extend(columns(field));
    key.extend(chunk.to_be_bytes());
    key
}

pub(super) fn columns(field: u8) -> [u8; 2] {
    [COLUMN, field]
}

/// The chunk of such a key.
pub(super) fn column_chunk(key: &[u8]) -> Option<u32> {
    key.get(2..)?.try_into().ok().map(u32::from_be_bytes)
}

/// The first half of a SHA-256.
pub(super) fn digest(parts: &[&[u8]]) -> [u8; 16] {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    let mut half = [0; 16];
    half.copy_from_slice(&hasher.finalize()[..16]);
    half
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_has_a_byte_of_its_own_and_none_is_the_summarys() {
        for (index, (byte, _)) in PARTS.iter().enumerate() {
            assert_eq!(part(&[*byte, 1, 2]), Some(index));
        }
        assert_eq!(part(SUMMARY), None);
        assert_eq!(part(&[]), None);
    }

    #[test]
    fn keys_sort_as_their_numbers_do_and_are_read_back() {
        let id = |number| RecordId::new(Kind::Employees, number);
        assert!(record(id(255)) < record(id(256)));
        assert_eq!(number(&record(id(70_000))), Some(70_000));
        assert_eq!(number(&list(7)), Some(7));
        let (key, at) = owner(RecordId::new(Kind::Ratings, 1_300));
        assert_eq!(first_of_owners(&key).map(|first| first + at as u32), Some(1_300));
        let digest = request_digest("siti", &RequestId("r".into()));
        assert_eq!(seq_and_request(&request_by_seq(9, digest)), Some((9, digest)));
    }
}
