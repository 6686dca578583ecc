//! The one tree of sled that everything is kept in, and the only code that names sled.
//!
//! sled panics on damaged files. Every call is caught here and ends as an error; a tree
//! that has failed is never called again, not even to drop it: its drop flushes, and a
//! flush after a panic may wait for ever. Neither sled's words nor a panic's are passed
//! on, because they may carry a key or a value.
//!
//! sled takes as long for one line as for fifty. What is written together is therefore only
//! owed to it at first: reading looks there before it looks into sled, and sled gets all of
//! it as one batch once that is large, or the office has nothing else to do. A crash in
//! between leaves the store at an earlier line, as one between two lines does.
//!
//! Where sled's files are [`Still`], they are read without it, and sled is opened with the
//! first write, or where they raise a doubt.

use std::io::ErrorKind;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};
use std::thread::sleep;
use std::time::Duration;

pub(super) use sled::IVec as Bytes;

use super::marks::{self, Stamp};
use super::owed::Owed;
use super::shelf::Shelf;
use super::slack::Slack;
use super::still::{Doubt, Still, Walk};
use super::{StoreError, keys};
use crate::domain::caught::caught;

/// A wish, not a bound; without it sled takes a gigabyte. It counts pages as they are on the
/// disk, and they take some five times that in memory. More of it made nothing faster that was
/// measured: what is asked for often is in memory here, and the system has the file.
const CACHE_BYTES: u64 = 512 * 1024;

/// What sled is owed at most: a batch of it costs sled several times its size in memory.
const OWED_MAX: usize = 192 * 1024;

/// After a store is closed, a thread of sled's may hold its lock for a moment longer.
const BUSY_TRIES: u32 = 100;
const BUSY_WAIT: Duration = Duration::from_millis(5);

pub(super) struct Tree {
    /// `None` only while dropping.
    late: Option<Arc<Late>>,
    /// The first failure; every later call ends the same way.
    failure: OnceLock<StoreError>,
    /// The disk had no room for a write, or sled could not be opened for the first one. None
    /// is taken any more then, but what there is can still be read.
    shut_to: OnceLock<StoreError>,
    owed: Mutex<Owed>,
    shelf: Shelf,
}

/// sled, opened late: its files as they lie, until it is.
struct Late {
    /// The store's, in which sled's is.
    dir: PathBuf,
    boot_id: String,
    still: RwLock<Option<Still>>,
    db: OnceLock<sled::Db>,
    /// Why it could not be opened. Nobody tries again: the mark of a clean close is gone.
    failed: OnceLock<StoreError>,
    /// The files after sled had opened them, if they were what a clean close left.
    opened: OnceLock<Vec<Stamp>>,
}

impl Late {
    /// sled. Once it is opened nothing else reads its files.
    fn db(&self) -> Result<&sled::Db, StoreError> {
        if let Some(db) = self.db.get() {
            return Ok(db);
        }
        let mut still = self.still.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(why) = self.failed.get() {
            return Err(why.clone());
        }
        if self.db.get().is_none() {
            let db = self.open().map_err(|why| self.failed.get_or_init(|| why).clone())?;
            *still = None;
            let _ = self.db.set(db);
        }
        self.db.get().ok_or_else(|| panicked("opening"))
    }

    fn open(&self) -> Result<sled::Db, StoreError> {
        // From here on a crash leaves a store in use, as every opening of sled does.
        let mark = marks::take_clean(&self.dir)?.filter(|mark| mark.boot_id == self.boot_id);
        let mark = mark.ok_or(StoreError::Unproven { what: "files" })?;
        let opened = open(&marks::sled_dir(&self.dir))
            .and_then(|db| Ok((db, marks::stamp_files(&self.dir)?)))
            .inspect_err(|_| marks::put_back(&self.dir, &mark));
        let (db, files) = opened?;
        let _ = self.opened.set(files);
        marks::trust(&self.dir, &self.boot_id);
        Ok(db)
    }
}

impl Tree {
    /// The tree of the store in `dir`, with sled opened now. Where the store was `clean`, what
    /// that made of its files is kept.
    pub(super) fn open(dir: &Path, boot_id: &str, clean: bool) -> Result<Self, StoreError> {
        let tree = Self::of(dir, boot_id, None);
        if let Some(late) = &tree.late {
            let _ = late.db.set(open(&marks::sled_dir(dir))?);
            if clean {
                let _ = late.opened.set(marks::stamp_files(dir)?);
            }
        }
        Ok(tree)
    }

    /// The tree of a store whose mark of a clean close stands, with sled opened late.
    pub(super) fn still(dir: &Path, boot_id: &str, still: Still) -> Self {
        Self::of(dir, boot_id, Some(still))
    }

    fn of(dir: &Path, boot_id: &str, still: Option<Still>) -> Self {
        let late = Late {
            dir: dir.into(),
            boot_id: boot_id.into(),
            still: RwLock::new(still),
            db: OnceLock::new(),
            failed: OnceLock::new(),
            opened: OnceLock::new(),
        };
        Self {
            late: Some(Arc::new(late)),
            failure: OnceLock::new(),
            shut_to: OnceLock::new(),
            owed: Mutex::default(),
            shelf: Shelf::default(),
        }
    }

    /// Whether sled is opened.
    pub(super) fn is_awake(&self) -> bool {
        self.late.as_ref().is_some_and(|late| late.db.get().is_some())
    }

    /// Whether sled is still to be opened, and may be.
    pub(super) fn is_still(&self) -> bool {
        !self.is_awake() && self.may_write().is_ok()
    }

    /// Opens sled now, if it is not.
    pub(super) fn wake(&self) -> Result<(), StoreError> {
        if self.is_awake() { Ok(()) } else { self.write("opening", |_| Ok(())) }
    }

    /// The files after sled had opened them, if they were what a clean close left.
    pub(super) fn opened(&self) -> &[Stamp] {
        self.late.as_ref().and_then(|late| late.opened.get()).map_or(&[], Vec::as_slice)
    }

    /// What is read without sled, while it can be.
    fn stills<T>(&self, look: impl FnOnce(&Still) -> Result<T, Doubt>) -> Option<T> {
        let late = self.late.as_ref().filter(|_| self.failure.get().is_none())?;
        let still = late.still.read().unwrap_or_else(PoisonError::into_inner);
        look(still.as_ref()?).ok()
    }

    /// The same tree for other eyes. What fails there fails there alone.
    pub(super) fn view(&self) -> Self {
        // Only one may give sled what it is owed; where it cannot, there is nothing to see.
        let failure = match self.settle() {
            Ok(()) => self.failure.clone(),
            Err(error) => OnceLock::from(error),
        };
        let late = self.late.clone().filter(|_| failure.get().is_none());
        let (shut_to, owed) = (OnceLock::new(), Mutex::default());
        Self { late, failure, shut_to, owed, shelf: Shelf::default() }
    }

    /// Drops sled now; every later call is refused.
    pub(super) fn shut(&mut self) {
        let late = self.late.take();
        if self.failure.get().is_some() {
            std::mem::forget(late);
        } else {
            // What a panic here leaves behind is about to be done away with.
            let _ = caught(|| drop(late));
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
        let Some(late) = &self.late else { return Err(panicked(what)) };
        let db = late.db().map_err(|error| match error {
            error if error.means_rebuild() => self.give_up(error),
            error => self.shut_to.get_or_init(|| error).clone(),
        })?;
        match caught(|| work(db)) {
            Some(Ok(value)) => Ok(value),
            Some(Err(error)) => Err(match translate(what, &error) {
                StoreError::Full => self.shut_to.get_or_init(|| StoreError::Full).clone(),
                error => self.give_up(error),
            }),
            None => Err(self.give_up(panicked(what))),
        }
    }

    fn may_write(&self) -> Result<(), StoreError> {
        let why = self.failure.get().or_else(|| self.shut_to.get());
        why.map_or(Ok(()), |why| Err(why.clone()))
    }

    fn write<T>(
        &self,
        what: &'static str,
        work: impl FnOnce(&sled::Db) -> sled::Result<T>,
    ) -> Result<T, StoreError> {
        self.may_write()?;
        self.run(what, work)
    }

    fn owed(&self) -> MutexGuard<'_, Owed> {
        self.owed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn get(&self, key: &[u8]) -> Result<Option<Bytes>, StoreError> {
        let Some(number) = keys::shelved(key) else { return self.get_once(key) };
        if self.owed().writes.contains_key(key) {
            return self.get_once(key);
        }
        if let Some(value) = self.shelf.get(number) {
            #[cfg(test)]
            READ.with(|read| read.set(read.get() + 1));
            return self.failure.get().map_or(Ok(Some(value)), |failure| Err(failure.clone()));
        }
        // What is owed would have to be written for a walk, and a disk that is full can be read.
        if self.shelf.looked() && !self.owed().has_any(&keys::SHELVED) {
            self.shelf.fill(self, &keys::SHELVED)?;
        }
        self.get_once(key)
    }

    /// The same for one who goes through everything once: nothing is put on the shelf for it.
    pub(super) fn get_once(&self, key: &[u8]) -> Result<Option<Bytes>, StoreError> {
        #[cfg(test)]
        READ.with(|read| read.set(read.get() + 1));
        if let Some(value) = self.owed().writes.get(key) {
            return Ok(value.clone());
        }
        match self.stills(|still| still.get(key)) {
            Some(value) => Ok(value),
            None => self.run("reading", |db| db.get(key)),
        }
    }

    pub(super) fn clear_unused(&self) -> Option<Duration> {
        self.shelf.clear_unused()
    }

    #[cfg(test)]
    pub(super) fn shelf_stands(&self) -> bool {
        self.shelf.stands()
    }

    /// Takes what is about to be written to off the shelf.
    fn unshelve(&self, key: &[u8]) {
        if let Some(number) = keys::shelved(key) {
            self.shelf.forget(number);
        }
    }

    pub(super) fn insert(&self, key: &[u8], value: Vec<u8>) -> Result<(), StoreError> {
        self.settle()?;
        self.unshelve(key);
        self.write("writing", |db| db.insert(key, value).map(drop))
    }

    pub(super) fn remove(&self, key: &[u8]) -> Result<(), StoreError> {
        self.settle()?;
        self.unshelve(key);
        self.write("removing", |db| db.remove(key).map(drop))
    }

    /// All of these or, after a crash, none.
    pub(super) fn write_together(
        &self,
        writes: impl Iterator<Item = (Vec<u8>, Option<Vec<u8>>)>,
    ) -> Result<(), StoreError> {
        if self.owed().bytes > OWED_MAX {
            self.settle()?;
        }
        self.may_write()?;
        let mut owed = self.owed();
        for (key, value) in writes {
            owed.put(key, value);
        }
        Ok(())
    }

    /// Whether sled has not been given everything.
    pub(super) fn owes(&self) -> bool {
        self.failure.get().is_none() && !self.owed().writes.is_empty()
    }

    /// Gives sled what it is owed, as one batch.
    pub(super) fn settle(&self) -> Result<(), StoreError> {
        let mut owed = self.owed();
        if owed.writes.is_empty() {
            return Ok(());
        }
        let mut batch = sled::Batch::default();
        for (key, value) in &owed.writes {
            self.unshelve(key);
            match value {
                Some(value) => batch.insert(key.as_slice(), value),
                None => batch.remove(key.as_slice()),
            }
        }
        self.write("writing", |db| db.apply_batch(batch))?;
        *owed = Owed::default();
        Ok(())
    }

    pub(super) fn flush(&self) -> Result<(), StoreError> {
        self.settle()?;
        if !self.is_awake() {
            return Ok(());
        }
        self.write("flushing", |db| db.flush().map(drop))
    }

    /// Every key that begins with `prefix`, in order.
    pub(super) fn rows(&self, prefix: &[u8]) -> Result<Rows<'_>, StoreError> {
        let end = prefix.iter().rposition(|byte| *byte < u8::MAX).map(|last| {
            let mut end = prefix[..=last].to_vec();
            end[last] += 1;
            end
        });
        self.walk(prefix, prefix, end.map_or(Bound::Unbounded, Bound::Excluded))
    }

    /// The keys from one to before another, both of one part.
    pub(super) fn rows_between(&self, from: &[u8], to: &[u8]) -> Result<Rows<'_>, StoreError> {
        self.walk(&from[..1], from, Bound::Excluded(to.to_vec()))
    }

    fn walk(&self, part: &[u8], from: &[u8], to: Bound<Vec<u8>>) -> Result<Rows<'_>, StoreError> {
        if self.owed().has_any(part) {
            self.settle()?;
        }
        let mut rows = Rows {
            tree: self,
            walk: Some(Walk::new(Bound::Included(from.to_vec()), to)),
            iter: None,
        };
        if self.stills(|_| Ok(())).is_none() {
            rows.begin()?;
        }
        Ok(rows)
    }

    /// Looks for a key so many times, for sled's sake alone: it lets go of nothing it has read
    /// before it has looked at pages some sixteen thousand times more.
    pub(super) fn look(&self, key: &[u8], times: usize) -> Result<(), StoreError> {
        self.run("reading", |db| (0..times).try_for_each(|_| db.contains_key(key).map(drop)))
    }

    /// Drops sled, which writes out the rest; the files are at peace after it.
    pub(super) fn close(mut self) -> Result<(), StoreError> {
        self.flush()?;
        let late = self.late.take();
        caught(|| drop(late)).ok_or_else(|| panicked("closing"))
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        let late = self.late.take();
        if self.failure.get().is_some() {
            std::mem::forget(late);
        } else {
            // A panic here leaves a store that will have to be proven, which it is anyway.
            let _ = caught(|| drop(late));
        }
    }
}

/// A walk over keys; the caller's own work happens between the calls to sled.
pub(super) struct Rows<'a> {
    tree: &'a Tree,
    /// Until sled goes on with it.
    walk: Option<Walk>,
    iter: Option<sled::Iter>,
}

#[cfg(test)]
thread_local! {
    static READ: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

/// How many values this thread has read, of whatever store.
#[cfg(test)]
pub fn values_read() -> u64 {
    READ.with(std::cell::Cell::get)
}

impl Rows<'_> {
    pub(super) fn next(&mut self) -> Result<Option<(Bytes, Bytes)>, StoreError> {
        #[cfg(test)]
        READ.with(|read| read.set(read.get() + 1));
        if let Some(walk) = self.walk.as_mut() {
            match self.tree.stills(|still| walk.next(still)) {
                Some(row) => return Ok(row),
                None => self.begin()?,
            }
        }
        let Some(iter) = self.iter.as_mut() else { return Ok(None) };
        self.tree.run("reading", |_| iter.next().transpose())
    }

    /// Has sled go on with it.
    fn begin(&mut self) -> Result<(), StoreError> {
        if let Some(walk) = &self.walk {
            self.iter = Some(self.tree.run("reading", |db| Ok(db.range(walk.rest())))?);
            self.walk = None;
        }
        Ok(())
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

/// Opens sled in its own folder.
fn open(dir: &Path) -> Result<sled::Db, StoreError> {
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
            Some(Ok(db)) => return Ok(db),
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
