//! The one tree of sled that everything is kept in, and the only code that names sled.
//!
//! sled panics on damaged files. Every call is caught here and ends as an error; a tree
//! that has failed is never called again, not even to drop it: its drop flushes, and a
//! flush after a panic may wait for ever. Neither sled's words nor a panic's are passed
//! on, because they may carry a key or a value.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::OnceLock;
use std::thread::sleep;
use std::time::Duration;

pub(super) use sled::IVec as Bytes;

use super::StoreError;
use super::slack::Slack;
use crate::domain::caught::caught;

/// A wish, not a bound; without it sled takes a gigabyte.
const CACHE_BYTES: u64 = 8 * 1024 * 1024;

/// After a store is closed, a thread of sled's may hold its lock for a moment longer.
const BUSY_TRIES: u32 = 100;
const BUSY_WAIT: Duration = Duration::from_millis(5);

pub(super) struct Tree {
    /// `None` only while dropping.
    db: Option<sled::Db>,
    /// The first failure; every later call ends the same way.
    failure: OnceLock<StoreError>,
    /// The disk had no room for a write. sled writes no more then, but what it has can
    /// still be read.
    full: OnceLock<()>,
}

impl Tree {
    pub(super) fn open(dir: &Path) -> Result<Self, StoreError> {
        let open = || {
            let _slack = Slack::plenty();
            let config = sled::Config::new().path(dir).cache_capacity(CACHE_BYTES);
            let db = config.flush_every_ms(None).open()?;
            if !db.was_recovered() {
                // sled starts its threads with the first work it has for them: now.
                db.flush()?;
            }
            Ok(db)
        };
        let mut tries = 0;
        loop {
            let error = match caught(open) {
                Some(Ok(db)) => {
                    return Ok(Self {
                        db: Some(db),
                        failure: OnceLock::new(),
                        full: OnceLock::new(),
                    });
                }
                Some(Err(error)) => translate("opening", &error),
                None => return Err(panicked("opening")),
            };
            tries += 1;
            if error != StoreError::Busy || tries >= BUSY_TRIES {
                return Err(error);
            }
            sleep(BUSY_WAIT);
        }
    }

    /// The same tree for other eyes. What fails there fails there alone.
    pub(super) fn view(&self) -> Self {
        let (db, failure) = (self.db.clone(), self.failure.clone());
        Self { db: db.filter(|_| failure.get().is_none()), failure, full: OnceLock::new() }
    }

    /// Drops sled now; every later call is refused.
    pub(super) fn shut(&mut self) {
        let db = self.db.take();
        if self.failure.get().is_some() {
            std::mem::forget(db);
        } else {
            // What a panic here leaves behind is about to be done away with.
            let _ = caught(|| drop(db));
            self.give_up(StoreError::Unproven { what: "a store that was shut" });
        }
    }

    /// From here on every call is refused, for this reason.
    pub(super) fn give_up(&self, why: StoreError) -> StoreError {
        self.failure.get_or_init(|| why).clone()
    }

    fn run<T>(
        &self,
        what: &'static str,
        work: impl FnOnce(&sled::Db) -> sled::Result<T>,
    ) -> Result<T, StoreError> {
        if let Some(failure) = self.failure.get() {
            return Err(failure.clone());
        }
        let Some(db) = &self.db else { return Err(panicked(what)) };
        match caught(|| work(db)) {
            Some(Ok(value)) => Ok(value),
            Some(Err(error)) => Err(match translate(what, &error) {
                StoreError::Full => {
                    self.full.get_or_init(|| ());
                    StoreError::Full
                }
                error => self.give_up(error),
            }),
            None => Err(self.give_up(panicked(what))),
        }
    }

    fn write<T>(
        &self,
        what: &'static str,
        work: impl FnOnce(&sled::Db) -> sled::Result<T>,
    ) -> Result<T, StoreError> {
        if self.full.get().is_some() { Err(StoreError::Full) } else { self.run(what, work) }
    }

    pub(super) fn get(&self, key: &[u8]) -> Result<Option<Bytes>, StoreError> {
        self.run("reading", |db| db.get(key))
    }

    pub(super) fn insert(&self, key: &[u8], value: Vec<u8>) -> Result<(), StoreError> {
        self.write("writing", |db| db.insert(key, value).map(drop))
    }

    pub(super) fn remove(&self, key: &[u8]) -> Result<(), StoreError> {
        self.write("removing", |db| db.remove(key).map(drop))
    }

    /// All of these or, after a crash, none.
    pub(super) fn write_together(
        &self,
        writes: impl Iterator<Item = (Vec<u8>, Option<Vec<u8>>)>,
    ) -> Result<(), StoreError> {
        let mut batch = sled::Batch::default();
        for (key, value) in writes {
            match value {
                Some(value) => batch.insert(key, value),
                None => batch.remove(key),
            }
        }
        self.write("writing", |db| db.apply_batch(batch))
    }

    pub(super) fn flush(&self) -> Result<(), StoreError> {
        self.write("flushing", |db| db.flush().map(drop))
    }

    /// Every key that begins with `prefix`, in order.
    pub(super) fn rows(&self, prefix: &[u8]) -> Result<Rows<'_>, StoreError> {
        let iter = self.run("reading", |db| Ok(db.scan_prefix(prefix)))?;
        Ok(Rows { tree: self, iter: Some(iter) })
    }

    /// Drops sled, which writes out the rest; the files are at peace after it.
    pub(super) fn close(mut self) -> Result<(), StoreError> {
        self.flush()?;
        let db = self.db.take();
        caught(|| drop(db)).ok_or_else(|| panicked("closing"))
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        let db = self.db.take();
        if self.failure.get().is_some() {
            std::mem::forget(db);
        } else {
            // A panic here leaves a store that will have to be proven, which it is anyway.
            let _ = caught(|| drop(db));
        }
    }
}

/// A walk over keys; the caller's own work happens between the calls to sled.
pub(super) struct Rows<'a> {
    tree: &'a Tree,
    iter: Option<sled::Iter>,
}

impl Rows<'_> {
    pub(super) fn next(&mut self) -> Result<Option<(Bytes, Bytes)>, StoreError> {
        let Some(iter) = self.iter.as_mut() else { return Ok(None) };
        self.tree.run("reading", |_| iter.next().transpose())
    }
}

impl Drop for Rows<'_> {
    fn drop(&mut self) {
        let iter = self.iter.take();
        if self.tree.failure.get().is_some() {
            std::mem::forget(iter);
        } else if caught(|| drop(iter)).is_none() {
            self.tree.give_up(panicked("reading"));
        }
    }
}

fn panicked(what: &'static str) -> StoreError {
    StoreError::Broken(format!("{what}: panic"))
}

fn translate(what: &'static str, error: &sled::Error) -> StoreError {
    match error {
        // sled has no kind for this.
        sled::Error::Io(error) if error.to_string().starts_with("could not acquire lock") => {
            StoreError::Busy
        }
        sled::Error::Io(error) if super::is_full(error.kind()) => StoreError::Full,
        sled::Error::Io(error)
            if matches!(
                error.kind(),
                ErrorKind::UnexpectedEof
                    | ErrorKind::InvalidData
                    | ErrorKind::InvalidInput
                    | ErrorKind::NotADirectory
                    | ErrorKind::IsADirectory
            ) =>
        {
            StoreError::Broken(format!("{what}: {}", error.kind()))
        }
        sled::Error::Io(error) => StoreError::Io(format!("{what}: {}", error.kind())),
        sled::Error::Corruption { .. } => StoreError::Broken(format!("{what}: corruption")),
        sled::Error::ReportableBug(_) => StoreError::Broken(format!("{what}: bug")),
        sled::Error::Unsupported(_) => StoreError::Broken(format!("{what}: unsupported")),
        sled::Error::CollectionNotFound(_) => StoreError::Broken(format!("{what}: no tree")),
    }
}
