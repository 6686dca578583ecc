//! Opening and closing. A store is trusted without reading all of it only if it was closed
//! cleanly in this boot of the system and its files have not been touched since; any other
//! is proven key by key, and refused if it does not add up.

use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use super::proof::{Summary, prove};
use super::tree::Tree;
use super::{Store, StoreError, keys, marks};

impl Store {
    /// Opens the store in `dir` and proves it. `boot_id` names this boot of the system;
    /// an empty one is no boot, so nothing is taken on trust.
    pub fn open(dir: &Path, boot_id: &str) -> Result<Self, StoreError> {
        marks::check_format(dir)?;
        if marks::is_loading(dir)? {
            return Err(StoreError::Unproven { what: marks::UNFINISHED });
        }
        let mark = marks::take_clean(dir)?;
        let was_clean =
            mark.as_ref().is_some_and(|mark| !boot_id.is_empty() && mark.boot_id == boot_id);
        let tree = Tree::open(&marks::sled_dir(dir))?;
        let summary = Summary::read(&tree)?;
        if !was_clean {
            prove(&tree, &summary)?;
        }
        Ok(Self { tree, summary, dir: dir.into(), boot_id: boot_id.into(), was_clean })
    }

    /// Makes an empty store in `dir`, which must not exist or be empty.
    pub fn create(dir: &Path, boot_id: &str) -> Result<Self, StoreError> {
        if !marks::is_empty(dir)? {
            return Err(StoreError::Io("the directory is not empty".into()));
        }
        fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
        let tree = Tree::open(&marks::sled_dir(dir))?;
        let summary = Summary::empty();
        tree.insert(keys::SUMMARY, summary.to_bytes()?)?;
        tree.flush()?;
        marks::write_format(dir)?;
        Ok(Self { tree, summary, dir: dir.into(), boot_id: boot_id.into(), was_clean: true })
    }

    /// Keeps what the office has proven of the journal; everything up to there is applied and
    /// on the disk before.
    pub fn leave_proven(&self, proven: &[u8]) -> Result<(), StoreError> {
        self.flush()?;
        marks::write_proven(&self.dir, &self.boot_id, proven)
    }

    /// What was kept so in this boot of the system.
    pub fn proven(&self) -> Option<Vec<u8>> {
        marks::proven(&self.dir, &self.boot_id).ok().flatten()
    }

    /// Closes it so that the next open need not prove it.
    pub fn close(self) -> Result<(), StoreError> {
        let Self { tree, dir, boot_id, .. } = self;
        tree.close()?;
        marks::write_clean(&dir, &boot_id)
    }
}
