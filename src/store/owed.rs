//! Owed: what is written to the store and has not been handed to sled.

use std::collections::BTreeMap;
use std::ops::Bound;

use super::tree::Bytes;

/// Writes that sled has not been given yet, the last one of each key.
#[derive(Default)]
pub(super) struct Owed {
    pub(super) writes: BTreeMap<Vec<u8>, Option<Bytes>>,
    pub(super) bytes: usize,
}

impl Owed {
    pub(super) fn put(&mut self, key: Vec<u8>, value: Option<Vec<u8>>) {
        let size = |key: usize, value: Option<usize>| key + value.unwrap_or_default();
        let (length, value) = (key.len(), value.map(Bytes::from));
        self.bytes += size(length, value.as_ref().map(|value| value.len()));
        if let Some(before) = self.writes.insert(key, value) {
            self.bytes -= size(length, before.map(|value| value.len()));
        }
    }

    pub(super) fn has_any(&self, prefix: &[u8]) -> bool {
        let from = (Bound::Included(prefix), Bound::Unbounded);
        let first = self.writes.range::<[u8], _>(from).next();
        first.is_some_and(|(key, _)| key.starts_with(prefix))
    }
}
