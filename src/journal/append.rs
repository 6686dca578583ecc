//! Writing: steps are staged, then committed together with one write and one `fdatasync`.
//! A large step is written part by part and counts only with its commit line. Whatever
//! fails, the file is cut back to where the last acknowledged step ended; where even that
//! fails, or the disk does not confirm, nothing more is written until the journal is
//! reopened. While it is written the last segment reaches further than its last step, with
//! zeros; a segment that is left, and a journal that is closed, end where their steps do.

use std::fs::File;
use std::io;

use chrono::{DateTime, Utc};

use super::disk::open_plain;
use super::element::{self, Elements};
use super::error::JournalError;
use super::line::{self, Batch, Hash, LINE_MAX, NewEntry};
use super::reader::JournalReader;
use super::{Means, segment};
use crate::domain::change::{Change, Head, Place};

/// A buffer larger than this is given back after a commit.
const BUFFER_KEPT: usize = 64 << 10;
/// About so much of a large step is written without waiting for the disk: a hole in it
/// must not look like one enormous line.
const UNSYNCED_MAX: u64 = LINE_MAX as u64 / 4;

/// A step that has been accepted for the next commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Staged {
    pub seq: u64,
    pub at: DateTime<Utc>,
    /// Where its line will begin once committed.
    pub place: Place,
    /// How far the journal will go with it.
    pub head: Head,
}

/// Whether anything may be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Ready,
    ReadOnly,
    Unsure,
}

/// A large step under way.
struct OpenBatch {
    entry: NewEntry,
    seq: u64,
    parts: u32,
    /// Where its first line begins: what is cut back to.
    start: Place,
}

pub struct Journal {
    pub(super) reader: JournalReader,
    pub(super) means: Means,
    pub(super) state: State,
    /// Where the next line will be written: the end of the last segment's file.
    pub(super) tail: Place,
    /// The last segment, once something has been written to it, and how far it reaches.
    pub(super) file: Option<(File, u64)>,
    /// The last step of the segments before the last one, where that is known.
    pub(super) sealed: Option<Head>,
    /// Lines waiting for their write.
    pending: Vec<u8>,
    /// Number of the last line staged, and hash of the last line staged or written.
    seq: u64,
    hash: Hash,
    batch: Option<OpenBatch>,
}

impl Journal {
    pub(super) fn new(reader: JournalReader, means: Means, tail: Place) -> Self {
        let Head { seq, hash, .. } = reader.head;
        Self {
            reader,
            means,
            state: State::Ready,
            tail,
            file: None,
            sealed: None,
            pending: Vec::new(),
            seq,
            hash,
            batch: None,
        }
    }

    pub(super) fn ready(&self) -> Result<(), JournalError> {
        match self.state {
            State::Ready => Ok(()),
            State::ReadOnly => Err(JournalError::ReadOnly),
            State::Unsure => Err(JournalError::Unsure),
        }
    }

    /// Whether lines wait for their commit, or a large step is under way.
    pub(super) fn is_busy(&self) -> bool {
        self.batch.is_some() || !self.pending.is_empty()
    }

    /// Puts a step in line for the next [`commit`](Self::commit).
    pub fn stage(&mut self, entry: &NewEntry) -> Result<Staged, JournalError> {
        self.ready()?;
        if self.batch.is_some() {
            return Err(JournalError::Busy);
        }
        self.rotate()?;
        let tail = self.tail;
        let here = |pending: &[u8]| Place { offset: tail.offset + pending.len() as u64, ..tail };
        let (seq, place) = (self.seq + 1, here(&self.pending));
        let first = self.reader.head.seq + 1;
        let header = entry.header(seq, None, (seq > first).then_some(first));
        let elements = element::write(&entry.changes, &entry.why, &mut self.means.salts)?;
        self.hash = line::write(&mut self.pending, &header, &elements, &self.hash)?;
        self.seq = seq;
        let head = Head { seq, hash: self.hash, end: here(&self.pending) };
        Ok(Staged { seq, at: entry.at, place, head })
    }

    /// Drops what was staged.
    pub fn discard(&mut self) {
        if self.batch.is_none() {
            self.reset(self.tail);
        }
    }

    /// Writes what was staged and returns once it is on the disk. All of it is kept or, on
    /// any error but [`JournalError::Unsure`], none of it.
    pub fn commit(&mut self) -> Result<Head, JournalError> {
        self.ready()?;
        if self.batch.is_some() {
            return Err(JournalError::Busy);
        }
        if self.pending.is_empty() {
            return Ok(self.reader.head);
        }
        let lines = self.pending.len() as u64;
        let reaches = self.file.as_ref().map_or(0, |(_, reaches)| *reaches);
        if self.tail.offset + lines > reaches {
            self.pending.resize(self.pending.len() + self.means.ahead, 0);
        }
        self.write_pending(self.tail, lines)?;
        self.confirm()
    }

    /// Begins a step of many changes, which come with [`part`](Self::part). Its number is
    /// returned; no other step can be written until it is committed or taken back.
    pub fn begin_batch(&mut self, mut entry: NewEntry) -> Result<u64, JournalError> {
        self.ready()?;
        if self.batch.is_some() || !self.pending.is_empty() {
            return Err(JournalError::Busy);
        }
        self.rotate()?;
        let seq = self.seq + 1;
        let changes = std::mem::take(&mut entry.changes);
        self.batch = Some(OpenBatch { entry, seq, parts: 0, start: self.tail });
        if !changes.is_empty() {
            self.part(&changes)?;
        }
        Ok(seq)
    }

    /// Writes at most [`CHANGES_MAX`](crate::domain::change::CHANGES_MAX) more changes of the
    /// large step, mostly without waiting for the disk. When it cannot be written the whole step is
    /// taken back; too many changes only leave this part out.
    pub fn part(&mut self, changes: &[Change]) -> Result<Place, JournalError> {
        self.ready()?;
        self.batch.as_ref().ok_or(JournalError::NoBatch)?;
        let elements = self.elements(changes)?;
        self.part_of(&elements)
    }

    /// What a part of these changes will hold, read again as what it is to say: made ahead of
    /// the step, whatever else is written before it.
    pub fn elements(&mut self, changes: &[Change]) -> Result<Elements, JournalError> {
        element::write(changes, "", &mut self.means.salts)
    }

    /// A [`part`](Self::part) that was made ahead. It is not proven again: whoever kept it gives
    /// it back as it was made, or not at all.
    pub fn part_of(&mut self, elements: &Elements) -> Result<Place, JournalError> {
        self.ready()?;
        let batch = self.batch.as_mut().ok_or(JournalError::NoBatch)?;
        let header = batch.entry.header(batch.seq, Some(Batch::Part(batch.parts + 1)), None);
        self.hash = line::write(&mut self.pending, &header, elements, &self.hash)?;
        batch.parts += 1;
        let (start, place) = (batch.start, self.tail);
        self.write_pending(start, self.pending.len() as u64)?;
        if place.offset / UNSYNCED_MAX != self.tail.offset / UNSYNCED_MAX {
            self.sync_written()?;
        }
        Ok(place)
    }

    /// Completes the large step and returns once all of it is on the disk.
    pub fn commit_batch(&mut self) -> Result<Head, JournalError> {
        self.ready()?;
        if self.batch.is_none() {
            return Err(JournalError::NoBatch);
        }
        // Where a commit line is met, every part before it has been on the disk.
        self.sync_written()?;
        let batch = self.batch.as_ref().ok_or(JournalError::NoBatch)?;
        let header = batch.entry.header(batch.seq, Some(Batch::Commit(batch.parts)), None);
        let elements = element::write(&[], &batch.entry.why, &mut self.means.salts)?;
        self.hash = line::write(&mut self.pending, &header, &elements, &self.hash)?;
        self.seq = batch.seq;
        let start = batch.start;
        self.write_pending(start, self.pending.len() as u64)?;
        self.confirm()
    }

    /// Takes the large step back; it was never there, also after a power cut.
    pub fn cancel_batch(&mut self) -> Result<(), JournalError> {
        self.ready()?;
        let start = self.batch.as_ref().ok_or(JournalError::NoBatch)?.start;
        self.cut_back(start)?;
        self.sync_written()
    }

    /// Moves on to a new segment if the last one is long enough; only called between steps.
    fn rotate(&mut self) -> Result<(), JournalError> {
        if !self.pending.is_empty() {
            return Ok(());
        }
        if self.tail.segment == 0 || self.tail.offset >= self.means.segment_max {
            self.trim()?;
            self.sealed = Some(self.reader.head).filter(|head| head.seq > 0);
            self.tail = Place { segment: self.tail.segment + 1, offset: 0 };
            self.file = None;
        }
        Ok(())
    }

    /// Takes the zeros behind the last step away.
    fn trim(&mut self) -> Result<(), JournalError> {
        let Some((file, reaches)) = &mut self.file else { return Ok(()) };
        if *reaches <= self.tail.offset {
            return Ok(());
        }
        self.means.disk.truncate(file, self.tail.offset).map_err(JournalError::from_write)?;
        *reaches = self.tail.offset;
        self.sync_written()
    }

    /// Nothing more will be written; what cannot be put in order now is when it is opened.
    pub fn close(&mut self) {
        if self.ready().is_ok() && !self.is_busy() {
            let _ = self.trim();
        }
    }

    /// Forgets everything since the last acknowledged step.
    fn reset(&mut self, tail: Place) {
        self.pending.clear();
        self.pending.shrink_to(BUFFER_KEPT);
        self.batch = None;
        (self.seq, self.hash, self.tail) = (self.reader.head.seq, self.reader.head.hash, tail);
    }

    /// Writes the buffer, so many bytes of which are lines, at the tail; on failure nothing
    /// since `start` was ever there.
    fn write_pending(&mut self, start: Place, lines: u64) -> Result<(), JournalError> {
        if let Err(error) = self.open_tail() {
            self.reset(start);
            return Err(error);
        }
        let Some((file, reaches)) = &mut self.file else { return Err(JournalError::NotHere) };
        // Whatever becomes of it, the file may reach as far.
        *reaches = (*reaches).max(self.tail.offset + self.pending.len() as u64);
        if let Err(error) = self.means.disk.write(file, self.tail.offset, &self.pending) {
            self.cut_back(start)?;
            // Whole lines may have been written before it failed: they must not come back
            // with a power cut after they were refused.
            self.sync_written()?;
            return Err(JournalError::from_write(error));
        }
        self.tail.offset += lines;
        self.pending.clear();
        self.pending.shrink_to(BUFFER_KEPT);
        Ok(())
    }

    fn cut_back(&mut self, start: Place) -> Result<(), JournalError> {
        self.reset(start);
        let Some((file, reaches)) = &mut self.file else { return Ok(()) };
        *reaches = start.offset;
        self.means.disk.truncate(file, start.offset).map_err(|_| self.unsure())
    }

    pub(super) fn unsure(&mut self) -> JournalError {
        self.state = State::Unsure;
        JournalError::Unsure
    }

    /// Waits for the disk. Nothing more is written after it does not confirm.
    fn sync_written(&mut self) -> Result<(), JournalError> {
        let synced = self.file.as_ref().map_or(Ok(()), |(file, _)| self.means.disk.sync(file));
        synced.map_err(|_| {
            self.reset(self.tail);
            self.unsure()
        })
    }

    /// Waits for the disk; everything written so far is acknowledged then.
    fn confirm(&mut self) -> Result<Head, JournalError> {
        self.sync_written()?;
        self.reader.head = Head { seq: self.seq, hash: self.hash, end: self.tail };
        self.batch = None;
        Ok(self.reader.head)
    }

    /// Opens the last segment for writing. A new one is on the disk by name before anything
    /// is written into it; one left empty by a killed process may not be, so it is made sure
    /// of again.
    fn open_tail(&mut self) -> Result<(), JournalError> {
        if self.file.is_some() {
            return Ok(());
        }
        let dir = self.reader.dir.clone();
        let path = segment::path(&dir, self.tail.segment);
        if self.tail.offset > 0 {
            let file = open_plain(&path, true)?;
            let reaches = file.metadata()?.len();
            self.file = Some((file, reaches));
            return Ok(());
        }
        let disk = &mut self.means.disk;
        if self.tail.segment == 1 {
            disk.create_folder(&dir).map_err(JournalError::from_write)?;
        }
        let file = match disk.create(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                let file = open_plain(&path, true)?;
                if file.metadata()?.len() > 0 {
                    return Err(error.into());
                }
                file
            }
            created => created.map_err(JournalError::from_write)?,
        };
        let mut synced = disk.sync(&file).and_then(|()| disk.sync_folder(&dir));
        if self.tail.segment == 1
            && let Some(parent) = dir.parent().filter(|parent| !parent.as_os_str().is_empty())
        {
            synced = synced.and_then(|()| disk.sync_folder(parent));
        }
        if synced.is_err() {
            return Err(self.unsure());
        }
        self.file = Some((file, 0));
        Ok(())
    }
}
