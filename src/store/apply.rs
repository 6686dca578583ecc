//! One journal line, all of it or nothing: the changes, their indexes, the tallies and
//! how far the journal is applied go into one batch.

use super::draft::StoreDraft;
use super::{FORGOTTEN_TOGETHER, REQUESTS_KEPT, Store, StoreError, keys};
use crate::domain::change::{Change, Head, Place, RequestId};

/// A line of the journal that is durable there and is now to show.
#[derive(Clone, Copy, Debug)]
pub struct Applied<'a> {
    /// The journal's head with this line.
    pub head: Head,
    /// Where the line begins.
    pub place: Place,
    pub seq: u64,
    /// Who asked for it: a request id is its officer's alone.
    pub by: &'a str,
    pub req: &'a RequestId,
    pub changes: &'a [Change],
    /// Packed chunks that are now otherwise; an empty one is taken away.
    pub lists: &'a [(u32, Vec<u8>)],
}

impl Store {
    /// Applies one committed line. A line at or before [`Store::applied`] is refused and
    /// changes nothing.
    pub fn apply(&mut self, step: Applied<'_>) -> Result<(), StoreError> {
        let applied = self.summary.applied.seq;
        if step.seq <= applied {
            return Err(StoreError::Stale { seq: step.seq, applied });
        }
        let tree = &self.tree;
        let mut draft = StoreDraft::new(self.summary.clone());
        for change in step.changes {
            draft.change(tree, step.seq, step.place, change.clone())?;
        }
        draft.request(tree, step.by, step.req, step.seq)?;
        let kept = draft.summary.count_of(&keys::REQUESTS_BY_SEQ);
        if kept >= REQUESTS_KEPT + FORGOTTEN_TOGETHER {
            draft.forget(tree, FORGOTTEN_TOGETHER)?;
        }
        for (chunk, bytes) in step.lists {
            draft.chunk(tree, keys::list(*chunk), bytes.clone())?;
        }
        let mut writes: Vec<_> = draft.settle(tree)?.collect();
        draft.summary.applied = step.head;
        writes.push((keys::SUMMARY.to_vec(), Some(draft.summary.to_bytes()?)));
        tree.write_together(writes.into_iter())?;
        self.summary = draft.summary;
        Ok(())
    }

    /// Keeps a packed chunk that belongs to no line of its own; an empty one is taken away.
    /// One batch a chunk: a crash in between leaves some old, which their stamp tells.
    pub fn put_list(&mut self, chunk: u32, bytes: Vec<u8>) -> Result<(), StoreError> {
        self.put_chunk(keys::list(chunk), bytes)
    }

    /// The same of a chunk of what stands in one field of many records.
    pub fn put_column(&mut self, field: u8, chunk: u32, bytes: Vec<u8>) -> Result<(), StoreError> {
        self.put_chunk(keys::column(field, chunk), bytes)
    }

    fn put_chunk(&mut self, key: Vec<u8>, bytes: Vec<u8>) -> Result<(), StoreError> {
        let mut draft = StoreDraft::new(self.summary.clone());
        draft.chunk(&self.tree, key, bytes)?;
        let mut writes: Vec<_> = draft.settle(&self.tree)?.collect();
        writes.push((keys::SUMMARY.to_vec(), Some(draft.summary.to_bytes()?)));
        self.tree.write_together(writes.into_iter())?;
        self.summary = draft.summary;
        Ok(())
    }
}
