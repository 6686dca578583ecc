//! What is kept in a chunk of the store's lists for the next opening: it is packed with the
//! entry at which the store stood, and taken at that very entry alone.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::codec;
use crate::store::{Store, StoreError};

/// As it is kept in the store that stands at entry `seq`.
pub(in crate::office) fn pack<T: Serialize>(seq: u64, kept: &T) -> Option<Vec<u8>> {
    codec::encode(&(seq, kept)).ok()
}

/// What was packed in a chunk, if it was at the entry the store stands at.
pub(in crate::office) fn unpack<T: DeserializeOwned>(
    store: &Store,
    chunk: u32,
) -> Result<Option<T>, StoreError> {
    let Some(bytes) = store.list_chunk(chunk)? else { return Ok(None) };
    let packed = codec::decode::<(u64, T)>(&bytes).ok();
    Ok(packed.filter(|(seq, _)| *seq == store.applied().seq).map(|(_, kept)| kept))
}
