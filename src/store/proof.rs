//! The proof that the store holds what was put into it: for each part a count and a sum
//! of digests that does not depend on order, kept up with every write in the same batch.
//! A store that lost, gained or changed any key does not add up.

use std::sync::atomic::{AtomicBool, Ordering};

use serde::{Deserialize, Serialize};

use super::keys::{self, PARTS};
use super::tree::Tree;
use super::{Store, StoreError, marks};
use crate::codec;
use crate::domain::change::Head;
use crate::domain::record::{FIRST_OWN_NUMBER, Kind};

/// Behind the summary's bytes stands their own digest.
const SEAL: usize = 16;
/// How often a store in use is read to meet it between two writes.
const MOMENTS: u32 = 3;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Tally {
    pub(super) count: u64,
    sum: u128,
}

impl Tally {
    pub(super) fn add(&mut self, key: &[u8], value: &[u8]) {
        self.count = self.count.wrapping_add(1);
        self.sum = self.sum.wrapping_add(fingerprint(key, value));
    }

    /// Takes in what was tallied by itself.
    pub(super) fn join(&mut self, other: Self) {
        self.count = self.count.wrapping_add(other.count);
        self.sum = self.sum.wrapping_add(other.sum);
    }

    pub(super) fn subtract(&mut self, key: &[u8], value: &[u8]) {
        self.count = self.count.wrapping_sub(1);
        self.sum = self.sum.wrapping_sub(fingerprint(key, value));
    }
}

fn fingerprint(key: &[u8], value: &[u8]) -> u128 {
    let length = (key.len() as u64).to_le_bytes();
    u128::from_le_bytes(keys::digest(&[&length, key, value]))
}

/// What is read when a store is opened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Summary {
    pub(super) applied: Head,
    /// One for each of [`PARTS`].
    pub(super) tallies: Vec<Tally>,
    /// Records that stand, by kind.
    pub(super) live: Vec<u64>,
    /// The number the next record of a kind gets.
    pub(super) next: Vec<u32>,
}

impl Summary {
    pub(super) fn empty() -> Self {
        Self {
            applied: Head::default(),
            tallies: vec![Tally::default(); PARTS.len()],
            live: vec![0; Kind::ALL.len()],
            next: vec![FIRST_OWN_NUMBER; Kind::ALL.len()],
        }
    }

    pub(super) fn to_bytes(&self) -> Result<Vec<u8>, StoreError> {
        let mut bytes = codec::encode(self)?;
        let seal = keys::digest(&[&bytes]);
        bytes.extend(seal);
        Ok(bytes)
    }

    pub(super) fn read(tree: &Tree) -> Result<Self, StoreError> {
        let unproven = StoreError::Unproven { what: "summary" };
        let Some(bytes) = tree.get(keys::SUMMARY)? else { return Err(unproven) };
        let Some(end) = bytes.len().checked_sub(SEAL) else { return Err(unproven) };
        let (body, seal) = bytes.split_at(end);
        if keys::digest(&[body]) != seal {
            return Err(unproven);
        }
        let summary: Self = codec::decode(body).map_err(|_| unproven.clone())?;
        // Written by a program that had other kinds.
        let whole = summary.tallies.len() == PARTS.len()
            && summary.live.len() == Kind::ALL.len()
            && summary.next.len() == Kind::ALL.len();
        if whole { Ok(summary) } else { Err(unproven) }
    }

    pub(super) fn count_of(&self, prefix: &[u8]) -> u64 {
        keys::part(prefix).map_or(0, |part| self.tallies[part].count)
    }
}

impl Store {
    /// Reads every key and checks that all adds up. Takes as long as reading the store.
    pub fn prove(&self) -> Result<(), StoreError> {
        prove(&self.tree, &self.summary)
    }

    /// The same for a process that stays: sled holds little of what is read, which takes some
    /// times as long until somebody waits for it.
    pub fn prove_beside(&self, awaited: &AtomicBool) -> Result<(), StoreError> {
        let looks = || if awaited.load(Ordering::Relaxed) { LOOKS_IN_HASTE } else { LOOKS };
        prove_looking(&self.tree, &self.summary, &looks)?;
        if awaited.load(Ordering::Relaxed) { Ok(()) } else { let_go(&self.tree) }
    }

    /// The same of a store that is written to meanwhile: it adds up as it was at one moment.
    /// Where no such moment is met in a few tries, nothing is said.
    pub fn prove_in_use(&self) -> Result<(), StoreError> {
        for _ in 0..MOMENTS {
            let before = Summary::read(&self.tree)?;
            let proven = prove(&self.tree, &before);
            let still = Summary::read(&self.tree)? == before && !marks::is_loading(&self.dir)?;
            if proven.is_ok() || still {
                return proven;
            }
        }
        Ok(())
    }

    /// Records that stand.
    pub fn records(&self) -> u64 {
        self.summary.live.iter().sum()
    }
}

/// Whoever reads all of the store looks again at what they have read each time it was so many
/// bytes, that is at about each page, for sled notes 64 looks at each of its 256 stacks of pages
/// before it lets go of any. So often beside others at their ease, and in haste.
const LOOK_BYTES: usize = 512;
const LOOKS: usize = 32;
const LOOKS_IN_HASTE: usize = 1;
/// At the end as many looks as a stack notes, at every eighth of so many keys: enough pages for
/// one of nearly every stack.
const LOOKS_LAST: usize = 65;
const KEYS_LAST: usize = 8192;
const KEYS_A_PAGE: usize = 8;

pub(super) fn prove(tree: &Tree, summary: &Summary) -> Result<(), StoreError> {
    prove_looking(tree, summary, &|| LOOKS_IN_HASTE)
}

fn prove_looking(
    tree: &Tree,
    summary: &Summary,
    looks: &dyn Fn() -> usize,
) -> Result<(), StoreError> {
    // It is what sled makes of its files that is proven.
    tree.wake()?;
    if Summary::read(tree)? != *summary {
        return Err(StoreError::Unproven { what: "summary" });
    }
    let mut found = [Tally::default(); PARTS.len()];
    let mut unlooked = 0;
    let mut rows = tree.rows(&[])?;
    while let Some((key, value)) = rows.next()? {
        unlooked += key.len() + value.len();
        if unlooked >= LOOK_BYTES {
            tree.look(&key, unlooked / LOOK_BYTES * looks())?;
            unlooked %= LOOK_BYTES;
        }
        match keys::part(&key) {
            Some(part) => found[part].add(&key, &value),
            None if *key == *keys::SUMMARY => {}
            None => return Err(StoreError::Unproven { what: "unknown keys" }),
        }
    }
    for (part, (_, what)) in PARTS.iter().enumerate() {
        if found[part] != summary.tallies[part] {
            return Err(StoreError::Unproven { what });
        }
    }
    Ok(())
}

/// Has sled let go of what it was read last.
fn let_go(tree: &Tree) -> Result<(), StoreError> {
    let mut rows = tree.rows(&[])?;
    for at in 0..KEYS_LAST {
        let Some((key, _)) = rows.next()? else { break };
        if at % KEYS_A_PAGE == 0 {
            tree.look(&key, LOOKS_LAST)?;
        }
    }
    Ok(())
}
