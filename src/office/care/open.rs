//! Opening: from a folder in any condition to an office that can be trusted. The store
//! is proven or built anew, for a screen after a kill beside the first that is shown; the
//! journal is never touched beyond an unacknowledged end; what cannot be made right leaves
//! the office read-only, saying where.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

use chrono::{DateTime, FixedOffset, Utc};

use crate::codec;
use crate::domain::change::Head;
use crate::domain::kinds::setting;
use crate::journal::{
    Journal, JournalError, JournalReader, Means, Opened, Proven, Standing, is_erasing,
};
use crate::office::care::erase;
use crate::office::care::errand::HearsErrand;
use crate::office::care::lock::Lock;
use crate::office::care::proving::Proving;
use crate::office::care::readings::Readings;
use crate::office::trouble;
use crate::office::views::state::State;
use crate::office::write::plan::Numbers;
use crate::office::{Clock, Office};
use crate::protocol::{Mended, Problem, Work};
use crate::store::{self, Applied, Store, StoreError};

/// How an office is opened.
#[derive(Clone, Debug)]
pub struct OpenOptions {
    pub data: PathBuf,
    /// Nothing may be written.
    pub read_only: bool,
    /// Operating system's name of the officer at work.
    pub officer: String,
    /// Where others may ask this office, when it is to be shared.
    pub socket: Option<PathBuf>,
}

/// Why an office cannot be opened at all.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("in use by {by} (process {pid})")]
    InUse {
        by: String,
        pid: u32,
        /// On the clock of the office.
        since: Option<DateTime<FixedOffset>>,
        socket: Option<PathBuf>,
    },
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("{0}")]
    Journal(#[from] JournalError),
    #[error("{0}")]
    Store(#[from] StoreError),
}

impl OpenError {
    /// What an officer is told of it, where there is more to say than the system says.
    pub fn problem(&self) -> Option<Problem> {
        match self {
            full if full.is_full() => Some(Problem::DiskFull),
            Self::Journal(JournalError::Damaged(damage)) => Some(trouble::damaged(damage)),
            _ => None,
        }
    }

    /// Whether there is no room on the disk even to open.
    pub fn is_full(&self) -> bool {
        let full = |kind| matches!(kind, io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded);
        match self {
            Self::Store(StoreError::Full) | Self::Journal(JournalError::Full) => true,
            Self::Io(error) | Self::Journal(JournalError::Io(error)) => full(error.kind()),
            _ => false,
        }
    }
}

/// Hears of long work while opening.
pub type HearsOpening<'a> = &'a mut dyn FnMut(Work, u64, u64);

/// How the store of a folder is opened, in this boot.
type OpensStore = fn(&Path, &str) -> Result<Store, StoreError>;

impl Office {
    /// Opens the office of a data folder, making the folder when it is not there.
    pub fn open(
        options: &OpenOptions,
        clock: Clock,
        progress: HearsOpening,
    ) -> Result<Self, OpenError> {
        Self::open_with(options, clock, Means::default(), progress)
    }

    /// As [`open`](Self::open), with other means for the journal to write by.
    pub fn open_with(
        options: &OpenOptions,
        clock: Clock,
        means: Means,
        progress: HearsOpening,
    ) -> Result<Self, OpenError> {
        Self::open_by(options, clock, means, Store::open, progress)
    }

    /// As [`open`](Self::open), for a screen: what it shows first may be put right.
    pub fn open_to_be_shown(
        options: &OpenOptions,
        clock: Clock,
        progress: HearsOpening,
    ) -> Result<Self, OpenError> {
        Self::open_by(options, clock, Means::default(), Store::open_as_left, progress)
    }

    fn open_by(
        options: &OpenOptions,
        clock: Clock,
        means: Means,
        open_store: OpensStore,
        progress: HearsOpening,
    ) -> Result<Self, OpenError> {
        let folder = options.data.clone();
        private_folder(&folder)?;
        let now = clock();
        let lock = Lock::take(&folder, options, now)?;
        crate::office::care::check::clear_leftovers(&folder);
        let (store_dir, journal_dir) = (folder.join("store"), folder.join("journal"));
        let boot = boot_id();

        let opened_store = if_readable(open_store(&store_dir, &boot))?;
        // Cut short, an erasure has left lines elsewhere than the store says.
        let erasing = is_erasing(&journal_dir);
        let proven = opened_store.as_ref().filter(|_| !erasing);
        let opened = open_journal(&journal_dir, proven, opened_store.as_ref(), means)?;
        let (opened_store, opened) = match opened_store {
            Some(store) if !store.is_sound() && (erasing || !goes_on(&opened)) => {
                proven_first(store, opened, &journal_dir)?
            }
            store => (store, opened),
        };
        let trusted = opened_store.as_ref().map(Store::applied);

        let mut mended = Vec::new();
        // Where there was no store, nobody knows what had been shown as saved.
        let nothing_lost = trusted.is_some() && opened.damage.is_none();
        let torn = opened.torn.clone();
        mended.extend(torn.map(|file| Mended::TornLine { file, nothing_lost }));
        let read_only = why_read_only(&opened, trusted, options.read_only);
        let mut journal = opened.journal;
        let ahead = matches!(opened.standing, Standing::Short | Standing::Other);

        let unfinished = erasing && !ahead && opened.damage.is_none() && opened.locked.is_none();
        let erased = unfinished.then(|| erase::take_out(&mut journal, &folder, progress));
        if let Some(Err(error)) = &erased {
            tracing::warn!(%error, "an erasure could not be finished yet");
        }
        let moved = unfinished || opened.standing == Standing::Moved;
        let caught_up =
            opened_store.filter(|_| !moved).map(|store| caught_up(store, &journal, ahead, now));
        let state = match caught_up {
            Some(Ok(state)) => state,
            Some(Err(OpenError::Store(error))) if !error.means_rebuild() || ahead => {
                return Err(error.into());
            }
            Some(Err(OpenError::Store(_))) | None => {
                let told = &mut |work, done, total| {
                    progress(work, done, total);
                    true
                };
                let store = build_store(&store_dir, &boot, &journal.reader(), told)?;
                if opened.damage.is_none() {
                    match store::remove_aside(&store_dir) {
                        Err(error) => {
                            tracing::warn!(%error, "what was set aside could not be removed");
                        }
                        Ok(()) if matches!(erased, Some(Ok(()))) => {
                            erase::end(&mut journal);
                            mended.push(Mended::ErasureFinished);
                        }
                        Ok(()) => {}
                    }
                }
                if journal.head().seq > 0 {
                    mended.push(Mended::StoreRebuilt { entries: journal.head().seq });
                }
                State::load(store, None, now)?
            }
            Some(Err(error)) => return Err(error),
        };
        let readings = Readings::open(&folder, read_only.is_some(), &state.store)?;
        if let Some(zone) = setting::time_zone(state.catalog.time_zone()) {
            lock.sign(options, now.with_timezone(&zone));
        }
        Ok(Self {
            proving: (!state.store.is_sound()).then(Proving::default),
            state,
            sealed: journal.sealed(),
            journal,
            folder,
            boot,
            read_only,
            ahead,
            behind: false,
            clock,
            opened: now,
            imports: crate::office::write::import::Imports::default(),
            mended,
            numbers: Numbers::default(),
            quota: crate::office::write::quota::Quota::default(),
            presence: crate::office::presence::Presence::default(),
            summaries: std::collections::HashMap::new(),
            undoes: std::cell::RefCell::default(),
            last_line: None,
            unflushed: 0,
            unshown: Vec::new(),
            erased: 0,
            readings,
            reports: crate::office::reports::KeptAnswers::default(),
            surveys: crate::office::read::survey::Surveys::default(),
            trails: crate::office::read::trails::Trails::default(),
            stretches: crate::office::read::stretches::Stretches::default(),
            gone: std::collections::HashMap::new(),
            news: Vec::new(),
            out: None,
            _lock: lock,
        })
    }

    /// Closes in order, so that the next opening need not prove anything.
    pub fn close(mut self) {
        self.show();
        self.end_proof();
        self.call_off();
        self.leave_readings();
        if self.behind {
            // What is held in memory is not what the next opening is to begin with.
            return;
        }
        if let Err(error) = self.pack_lists() {
            tracing::warn!(%error, "the lists were not packed");
        }
        self.journal.close();
        // A journal that was found wanting is looked through again by the next opening.
        let trusted = matches!(self.read_only, None | Some(Problem::ReadOnly));
        if trusted {
            self.leave_proven(true);
        }
        let State { store, roster, .. } = self.state;
        // One that was not read whole still looks into the store.
        drop(roster);
        if let Err(error) = store.close() {
            tracing::warn!(%error, "the store was not closed cleanly");
        }
    }
}

/// The office a store shows once it has applied what the journal has and it has not.
fn caught_up(
    mut store: Store,
    journal: &Journal,
    ahead: bool,
    now: DateTime<Utc>,
) -> Result<State, OpenError> {
    if !ahead {
        catch_up(&mut store, journal)?;
    }
    Ok(State::load(store, Some(&journal.reader()), now)?)
}

/// The lines behind what the store has applied.
pub(in crate::office) fn catch_up(store: &mut Store, journal: &Journal) -> Result<(), OpenError> {
    let applied = store.applied();
    let behind = journal.head().seq.saturating_sub(applied.seq);
    if behind == 0 {
        return Ok(());
    }
    let mut large = behind > crate::office::FLUSH_EVERY * 2;
    if !large {
        journal.replay(Some(applied), &mut |line| {
            large |= line.header.batch.is_some();
            Ok(!large)
        })?;
    }
    if large {
        return load(store, &journal.reader(), Some(applied), &mut |_, _, _| true);
    }
    let mut failed = None;
    journal.replay(Some(applied), &mut |line| {
        let applied = store.apply(Applied {
            head: line.head(),
            place: line.place,
            seq: line.header.seq,
            by: &line.header.by,
            req: &line.header.req,
            changes: &line.changes,
            lists: &[],
        });
        failed = applied.err();
        Ok(failed.is_none())
    })?;
    failed.map_or(Ok(()), |error| Err(error.into()))
}

/// Puts the journal's lines after `from` into the store, with progress.
pub(in crate::office) fn load(
    store: &mut Store,
    journal: &JournalReader,
    from: Option<Head>,
    told: HearsErrand,
) -> Result<(), OpenError> {
    let last = journal.head();
    let mut bulk = store.bulk()?;
    let (mut failed, mut lines, mut stopped) = (None, 0_u64, false);
    journal.replay(from, &mut |line| {
        let seq = line.header.seq;
        if line.is_last() {
            bulk.request(&line.header.by, &line.header.req, seq);
        }
        failed = bulk.put(seq, line.place, line.changes).err();
        lines += 1;
        stopped = lines.is_multiple_of(500) && !told(Work::Rebuilding, seq, last.seq);
        Ok(failed.is_none() && !stopped)
    })?;
    if let Some(error) = failed {
        return Err(error.into());
    }
    // A store that is given up half made is brought to an end all the same: one left in
    // the middle is never let go of.
    bulk.finish(last)?;
    if stopped { Err(JournalError::Cancelled.into()) } else { Ok(()) }
}

/// A store made from the journal alone; what stood there is set aside.
pub(in crate::office) fn build_store(
    dir: &Path,
    boot: &str,
    journal: &JournalReader,
    told: HearsErrand,
) -> Result<Store, OpenError> {
    store::set_aside(dir)?;
    let mut store = Store::create(dir, boot)?;
    if journal.head() != Head::default() {
        load(&mut store, journal, None, told)?;
    }
    Ok(store)
}

/// What cannot be read, for whatever reason, is as good as gone.
fn if_readable(opened: Result<Store, StoreError>) -> Result<Option<Store>, StoreError> {
    match opened {
        Ok(store) => Ok(Some(store)),
        Err(error) if error.means_rebuild() || matches!(error, StoreError::Io(_)) => {
            if error != StoreError::Missing {
                tracing::warn!(%error, "the store is set aside and built anew");
            }
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Whether the journal is what the store goes on from, with nothing to be decided.
fn goes_on(opened: &Opened) -> bool {
    opened.standing == Standing::Continues && opened.damage.is_none() && opened.locked.is_none()
}

/// A store that was left in use, proven before anything is made of what it says; one that
/// does not add up says nothing of the journal.
fn proven_first(
    mut store: Store,
    opened: Opened,
    journal: &Path,
) -> Result<(Option<Store>, Opened), OpenError> {
    match store.prove() {
        Ok(()) => {
            store.trust();
            Ok((Some(store), opened))
        }
        Err(error) => {
            tracing::warn!(%error, "the store is set aside and built anew");
            let again = open_journal(journal, None, None, Means::default())?;
            Ok((None, Opened { torn: again.torn.or(opened.torn), ..again }))
        }
    }
}

/// Checks the chain from where it was proven last and nobody has touched a segment since.
fn open_journal(
    dir: &Path,
    proven: Option<&Store>,
    trusted: Option<&Store>,
    means: Means,
) -> Result<Opened, OpenError> {
    let trusted = trusted.map(Store::applied);
    let kept =
        proven.and_then(Store::proven).and_then(|bytes| codec::decode::<Proven>(&bytes).ok());
    let (proven, sealed) = kept.map(|proven| proven.stands(dir)).unwrap_or_default();
    let mut opened = Journal::open_with(dir, trusted, proven, means)?;
    opened.journal.take_sealed(sealed);
    Ok(opened)
}

fn why_read_only(opened: &Opened, trusted: Option<Head>, asked: bool) -> Option<Problem> {
    if let Some(damage) = &opened.damage {
        return Some(trouble::damaged(damage));
    }
    if matches!(opened.standing, Standing::Short | Standing::Other) {
        let store = trusted.map_or(0, |head| head.seq);
        return Some(Problem::JournalShort { store, journal: opened.journal.head().seq });
    }
    if let Some(error) = &opened.locked {
        return Some(trouble::problem(&JournalError::Io(io::Error::from(error.kind()))));
    }
    asked.then_some(Problem::ReadOnly)
}

/// The data folder, for its owner alone; unless it is somebody's home or `/tmp`, which
/// stays as it is: every part of the office in it is closed to others by itself.
pub(in crate::office) fn private_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let mode = fs::metadata(folder)?.permissions().mode();
    if mode & 0o077 != 0 && holds_only_an_office(folder)? {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

fn holds_only_an_office(folder: &Path) -> io::Result<bool> {
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        let name = name.to_string_lossy();
        let part = name.split('.').next().unwrap_or_default();
        if !["journal", "store", "drafts", "log", "lock", "quarantine", "restore"].contains(&part) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Names this boot of the system; empty where it has no name.
pub(in crate::office) fn boot_id() -> String {
    fs::read_to_string("/proc/sys/kernel/random/boot_id")
        .map(|id| id.trim().to_string())
        .unwrap_or_default()
}

/// Whether the last one to use the office of this data folder did not close it, or uses it yet.
pub fn is_left(folder: &Path) -> bool {
    Store::is_left(&folder.join("store"))
}

/// The clock of the system.
pub fn system_clock() -> DateTime<Utc> {
    Utc::now()
}
