//! The shelf: records of people at hand, as bytes, while very many are asked for one after the
//! other, by a program or by many officers. sled brings in a leaf of sixteen neighbours for
//! each; all of them in one walk cost as much as a thousand such leaves. Nobody at one screen
//! asks so fast, so that a screen does not pay for it. What is written goes from the shelf, and
//! is read from sled again; nothing that grows beyond [`BYTES_MAX`] is put on it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::StoreError;
use super::tree::{Bytes, Tree};

/// What it holds at most: somewhat more than the records of 30,000 people.
const BYTES_MAX: usize = 8 * 1024 * 1024;
/// So many looked for within [`AT_ONCE`] are many.
pub(super) const MANY: u32 = 64;
const AT_ONCE: Duration = Duration::from_secs(1);
/// How long it stands after somebody has taken from it.
const STANDS_FOR: Duration = Duration::from_secs(60);

/// Values behind keys that begin alike and are equally long.
#[derive(Default)]
pub(super) struct Shelf(Mutex<Inside>);

#[derive(Default)]
struct Inside {
    stand: Option<Stand>,
    /// Looked for since then; what is not on the shelf was.
    looked: u32,
    since: Option<Instant>,
    /// There was more than may be held.
    too_much: bool,
}

struct Stand {
    bytes: Vec<u8>,
    /// In the order of their numbers, where each begins and how long it is: no value is empty,
    /// and one that was written to since is.
    places: Vec<Place>,
    written: usize,
    taken: Instant,
}

#[derive(Clone, Copy)]
struct Place {
    number: u32,
    from: u32,
    length: u32,
}

impl Stand {
    fn find(&self, number: u32) -> Result<usize, usize> {
        self.places.binary_search_by_key(&number, |place| place.number)
    }
}

impl Shelf {
    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What stands there under this number. Nothing says nothing about sled.
    pub(super) fn get(&self, number: u32) -> Option<Bytes> {
        let mut inside = self.inside();
        let stand = inside.stand.as_mut()?;
        let place = stand.places[stand.find(number).ok()?];
        let (from, length) = (place.from as usize, place.length as usize);
        let value = stand.bytes.get(from..from + length).filter(|value| !value.is_empty())?;
        let value = Bytes::from(value);
        stand.taken = Instant::now();
        Some(value)
    }

    /// Counts a look into sled; whether there were so many that the shelf is to be filled.
    pub(super) fn looked(&self) -> bool {
        let mut inside = self.inside();
        if inside.too_much || inside.stand.is_some() {
            return false;
        }
        let now = Instant::now();
        if inside.since.is_none_or(|since| now - since > AT_ONCE) {
            inside.since = Some(now);
            inside.looked = 0;
        }
        inside.looked += 1;
        inside.looked > MANY
    }

    /// Takes everything that begins so.
    pub(super) fn fill(&self, tree: &Tree, prefix: &[u8]) -> Result<(), StoreError> {
        let (bytes, places) = (Vec::new(), Vec::new());
        let mut stand = Stand { bytes, places, written: 0, taken: Instant::now() };
        let mut rows = tree.rows(prefix)?;
        let mut too_much = false;
        while let Some((key, value)) = rows.next()? {
            too_much = stand.bytes.len() + value.len() > BYTES_MAX;
            if too_much {
                break;
            }
            let number = super::keys::number(&key).ok_or(StoreError::NO_KEY)?;
            let (from, length) = (stand.bytes.len() as u32, value.len() as u32);
            stand.places.push(Place { number, from, length });
            stand.bytes.extend_from_slice(&value);
        }
        stand.bytes.shrink_to_fit();
        stand.places.shrink_to_fit();
        let mut inside = self.inside();
        inside.too_much = too_much;
        inside.stand = (!too_much).then_some(stand);
        Ok(())
    }

    /// Somebody writes to sled under this number.
    pub(super) fn forget(&self, number: u32) {
        let mut inside = self.inside();
        let Some(stand) = inside.stand.as_mut() else { return };
        if let Ok(at) = stand.find(number) {
            stand.places[at].length = 0;
            stand.written += 1;
        }
        if stand.written > stand.places.len() / 2 {
            inside.stand = None;
        }
    }

    /// Clears it where nobody has taken anything for a while; how long until that is so.
    pub(super) fn clear_unused(&self) -> Option<Duration> {
        let mut inside = self.inside();
        let left = STANDS_FOR.checked_sub(inside.stand.as_ref()?.taken.elapsed());
        if left.is_none_or(|left| left.is_zero()) {
            inside.stand = None;
            return None;
        }
        left
    }

    #[cfg(test)]
    pub(super) fn stands(&self) -> bool {
        self.inside().stand.is_some()
    }
}
