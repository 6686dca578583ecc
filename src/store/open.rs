//! Opening and closing. A store is trusted without reading all of it only if it was closed
//! cleanly in this boot of the system and its files have not been touched since; any other
//! is proven key by key, and refused if it does not add up. One that was in use in this boot
//! when its process was killed may be read before that: what sled wrote is still there.
//!
//! One that was closed cleanly and not changed before that is read without opening sled
//! ([`still`](super::still)): it stays as it was closed, with its mark, until it is written to.

use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use super::proof::{Summary, prove};
use super::still::Still;
use super::tree::Tree;
use super::{Store, StoreError, keys, marks};

impl Store {
    /// Opens the store in `dir` and proves it. `boot_id` names this boot of the system;
    /// an empty one is no boot, so nothing is taken on trust.
    pub fn open(dir: &Path, boot_id: &str) -> Result<Self, StoreError> {
        let mut store = Self::open_as_left(dir, boot_id)?;
        if !store.sound {
            store.prove()?;
            store.trust();
        }
        Ok(store)
    }

    /// A store that can be read without sled; `None` where there is any doubt.
    fn open_still(dir: &Path, boot_id: &str) -> Result<Option<Self>, StoreError> {
        if boot_id.is_empty() || marks::is_loading(dir)? || marks::is_in_use(dir)? {
            return Ok(None);
        }
        let mark = marks::clean(dir)?.filter(|mark| mark.still && mark.boot_id == boot_id);
        let still = mark.and_then(|_| Still::open(&marks::sled_dir(dir)).ok());
        let Some(still) = still else { return Ok(None) };
        let tree = Tree::still(dir, boot_id, still);
        let Ok(summary) = Summary::read(&tree) else { return Ok(None) };
        let (dir, boot_id) = (dir.into(), boot_id.into());
        Ok(Some(Self { tree, summary, dir, boot_id, was_clean: true, sound: true }))
    }

    /// Whether sled is not opened yet.
    pub fn is_still(&self) -> bool {
        self.tree.is_still()
    }

    /// Opens sled now, so that whoever writes next does not wait for it.
    pub fn wake(&self) -> Result<(), StoreError> {
        self.tree.wake()
    }

    /// As [`open`](Self::open); but one that was left in use in this boot is not proven yet,
    /// and [`is_sound`](Self::is_sound) says so.
    pub fn open_as_left(dir: &Path, boot_id: &str) -> Result<Self, StoreError> {
        marks::check_format(dir)?;
        if let Some(store) = Self::open_still(dir, boot_id)? {
            return Ok(store);
        }
        if marks::is_loading(dir)? {
            return Err(StoreError::Unproven { what: marks::UNFINISHED });
        }
        let in_use = marks::take_in_use(dir, boot_id)?;
        let closed = marks::was_closed(dir)?;
        let mark = marks::take_clean(dir)?;
        let was_clean =
            mark.as_ref().is_some_and(|mark| !boot_id.is_empty() && mark.boot_id == boot_id);
        let tree = Tree::open(dir, boot_id, was_clean)?;
        let summary = Summary::read(&tree)?;
        let left = in_use && !closed;
        if !was_clean && !left {
            prove(&tree, &summary)?;
        }
        let (dir, boot_id) = (dir.into(), boot_id.into());
        let mut store = Self { tree, summary, dir, boot_id, was_clean, sound: false };
        if !left {
            store.trust();
        }
        Ok(store)
    }

    /// Whether the last one to use the store in `dir` did not close it, or uses it yet.
    pub fn is_left(dir: &Path) -> bool {
        marks::is_in_use(dir).unwrap_or_default() && !marks::was_closed(dir).unwrap_or_default()
    }

    /// Makes an empty store in `dir`, which must not exist or be empty.
    pub fn create(dir: &Path, boot_id: &str) -> Result<Self, StoreError> {
        if !marks::is_empty(dir)? {
            return Err(StoreError::Io("the directory is not empty".into()));
        }
        fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
        let tree = Tree::open(dir, boot_id, false)?;
        let summary = Summary::empty();
        tree.insert(keys::SUMMARY, summary.to_bytes()?)?;
        tree.flush()?;
        marks::write_format(dir)?;
        let (dir, boot_id) = (dir.into(), boot_id.into());
        let mut store = Self { tree, summary, dir, boot_id, was_clean: true, sound: false };
        store.trust();
        Ok(store)
    }

    /// It adds up, or was made just now: from here on its own writes alone change it.
    pub fn trust(&mut self) {
        self.sound = true;
        marks::trust(&self.dir, &self.boot_id);
    }

    /// Whether it was proven, or is what a clean close left.
    pub fn is_sound(&self) -> bool {
        self.sound
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

    /// Closes it so that the next open need not prove it, unless it never was.
    pub fn close(self) -> Result<(), StoreError> {
        let Self { tree, dir, boot_id, sound, .. } = self;
        tree.flush()?;
        if !tree.is_awake() {
            // It is as the last one closed it.
            return Ok(());
        }
        let opened = tree.opened().to_vec();
        marks::take_in_use(&dir, &boot_id)?;
        tree.close()?;
        if sound { marks::write_clean(&dir, &boot_id, &opened) } else { Ok(()) }
    }
}
