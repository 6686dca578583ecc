//! Taking values out: what earlier lines said of a person goes, with its salt, once an entry
//! says that the person was pseudonymised. Digests and hashes stay, so the chain still proves
//! itself; a step may also name earlier ones whose reason alone goes. A segment that holds any
//! of it is written anew beside the old one and takes its place by a rename; no copy is kept.
//!
//! Whose values go is read from the entries themselves (`Header::erases`), so work cut short
//! by a crash is begun again from nothing but a mark. Knows neither stores nor drafts.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::append::Journal;
use super::element::Content;
use super::error::{Defect, JournalError};
use super::line::{Sealed, prove};
use super::segment::{self, Lines, Raw};
use super::walk::Walk;
use crate::domain::change::{Change, Head, Place};
use crate::domain::record::{EmployeeId, Kind, RecordId};

/// Stands in the journal's folder from before the entry is written until all is gone. Says
/// nothing itself.
const MARK: &str = "erasing";
/// What the name of a segment that is being written anew ends in.
const NEW: &str = "jsonl.new";
/// Written at once.
const BLOCK: usize = 1 << 20;
/// Progress is told once for so many bytes.
const PROGRESS_EVERY: u64 = 1 << 20;

/// Hears of bytes done and bytes in all.
pub type HearsErasing<'a> = &'a mut dyn FnMut(u64, u64);

/// Whether an erasure was begun here and has not come to its end.
pub fn is_erasing(dir: &Path) -> bool {
    mark(dir).symlink_metadata().is_ok()
}

fn mark(dir: &Path) -> PathBuf {
    dir.join(MARK)
}

/// What is to be taken out of a journal.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Erasable {
    /// Before which entry everything about a person goes.
    people: BTreeMap<EmployeeId, u64>,
    /// The same for records that were theirs: a deletion no longer says whose it was.
    records: BTreeMap<RecordId, u64>,
    /// Steps whose reason goes.
    reasons: BTreeSet<u64>,
    /// The segments that still hold any of it, in order, with their lengths.
    segments: Vec<(u32, u64)>,
    /// How many values that is.
    pub values: u64,
}

impl Erasable {
    fn reaches(&self, change: &Change, seq: u64) -> bool {
        let person = change.person().and_then(|person| self.people.get(&person));
        person.is_some_and(|until| seq < *until)
    }

    /// Whether a change is about such a person, though it carries nothing of theirs.
    fn touches(&self, change: &Change, seq: u64) -> bool {
        let person = (change.id.kind == Kind::Employees)
            .then(|| self.people.get(&EmployeeId(change.id.number)))
            .flatten();
        let deleted = self.records.get(&change.id).filter(|_| change.after.is_none());
        let until = person.max(deleted);
        until.is_some_and(|until| seq < *until)
    }
}

/// Goes over lines in their order and says which of their elements are to go.
#[derive(Default)]
struct Sieve {
    /// An earlier part of this large step was about somebody whose values go.
    inside: bool,
}

impl Sieve {
    /// What goes, by place. A reason goes with the changes it was given for.
    fn sift(
        &mut self,
        line: &Sealed<'_>,
        wanted: &mut Erasable,
        each: &mut dyn FnMut(&Change),
    ) -> Result<Vec<bool>, Defect> {
        let seq = line.header.seq;
        let mut touched = self.inside;
        let mut goes = Vec::new();
        for content in line.contents() {
            let go = match content? {
                Content::Change(change) if wanted.reaches(&change, seq) => {
                    let until = change.person().and_then(|id| wanted.people.get(&id).copied());
                    let known = wanted.records.entry(change.id).or_default();
                    *known = (*known).max(until.unwrap_or_default());
                    each(&change);
                    touched = true;
                    true
                }
                Content::Change(change) => {
                    touched |= wanted.touches(&change, seq);
                    false
                }
                Content::Why(_) => touched || wanted.reasons.contains(&seq),
                Content::Erased => false,
            };
            goes.push(go);
        }
        self.inside = touched && !line.is_last();
        Ok(goes)
    }
}

impl Journal {
    /// Sets the mark: from now on an erasure that does not come to its end is found by the
    /// next opening.
    pub fn begin_erasure(&mut self) -> Result<(), JournalError> {
        self.idle()?;
        let dir = self.reader.dir.clone();
        if is_erasing(&dir) {
            return Ok(());
        }
        let disk = &mut self.means.disk;
        let made = disk.create(&mark(&dir)).and_then(|file| disk.sync(&file));
        made.and_then(|()| disk.sync_folder(&dir)).map_err(JournalError::from_write)
    }

    /// Takes the mark away: everything is gone, also from what was made of the journal.
    pub fn end_erasure(&mut self) -> Result<(), JournalError> {
        let dir = self.reader.dir.clone();
        let disk = &mut self.means.disk;
        let gone = disk.remove(&mark(&dir)).and_then(|()| disk.sync_folder(&dir));
        gone.map_err(JournalError::from_write)
    }

    /// Proves the whole journal and looks for what is to be taken out of it; `each` hears of
    /// every change that will go.
    pub fn erasable(
        &self,
        each: &mut dyn FnMut(&Change),
        told: HearsErasing<'_>,
    ) -> Result<Erasable, JournalError> {
        self.idle()?;
        let (people, reasons) = self.erased(told)?;
        let mut wanted = Erasable { people, reasons, ..Erasable::default() };
        if wanted.people.is_empty() && wanted.reasons.is_empty() {
            return Ok(wanted);
        }
        let dir = self.reader.dir.clone();
        for segment in 1..=self.reader.head.end.segment {
            let mut values = 0;
            let mut sieve = Sieve::default();
            each_line(&dir, segment, self.end_of(segment), &mut |line, _| {
                let goes = sieve.sift(line, &mut wanted, each)?;
                values += goes.iter().filter(|goes| **goes).count() as u64;
                Ok(())
            })?;
            if values > 0 {
                wanted.segments.push((segment, segment::open(&dir, segment)?.1));
                wanted.values += values;
            }
        }
        Ok(wanted)
    }

    /// Takes it out, from the last segment to the first: whose a deleted record was stands
    /// before its deletion, and must still be found if this is cut short. Whatever the end,
    /// lines may stand elsewhere now: what was made of the journal is to be made anew.
    pub fn erase(
        &mut self,
        mut wanted: Erasable,
        told: HearsErasing<'_>,
    ) -> Result<(), JournalError> {
        self.idle()?;
        self.remove_leftovers()?;
        let total = wanted.segments.iter().map(|(_, length)| *length).sum();
        let mut done = 0;
        for (segment, length) in std::mem::take(&mut wanted.segments).into_iter().rev() {
            told(done, total);
            self.write_anew(segment, &mut wanted)?;
            done += length;
        }
        told(total, total);
        Ok(())
    }

    /// Nothing is under way, and the journal may be written.
    fn idle(&self) -> Result<(), JournalError> {
        self.ready()?;
        if self.is_busy() { Err(JournalError::Busy) } else { Ok(()) }
    }

    /// Where the lines of a segment end; `None` for the end of its file.
    fn end_of(&self, segment: u32) -> Option<u64> {
        let end = self.reader.head.end;
        (segment == end.segment).then_some(end.offset)
    }

    /// Whose values go from before which step, and the steps whose reason goes.
    fn erased(
        &self,
        told: HearsErasing<'_>,
    ) -> Result<(BTreeMap<EmployeeId, u64>, BTreeSet<u64>), JournalError> {
        let Head { end, .. } = self.reader.head;
        let dir = &self.reader.dir;
        let mut total = end.offset;
        for segment in 1..end.segment {
            total += segment::open(dir, segment)?.1;
        }
        let (mut done, mut last) = (0, 0);
        let mut people: BTreeMap<EmployeeId, u64> = BTreeMap::new();
        let mut reasons = BTreeSet::new();
        let mut walk = Walk::new(dir, Head::default(), end);
        while let Some(found) = walk.next().map_err(|stop| stop.into_error(dir))? {
            let header = &found.sealed.header;
            people.extend(header.erases.iter().map(|id| (*id, header.seq)));
            // Only what went before: nobody takes out what they say in taking out.
            reasons.extend(header.reasons.iter().filter(|seq| **seq < header.seq));
            done += found.end.offset - found.place.offset;
            if done - last >= PROGRESS_EVERY {
                last = done;
                told(done, total);
            }
        }
        Ok((people, reasons))
    }

    /// Ends that could not be read when they were set aside may hold anything of anybody, and
    /// nothing in them was ever acknowledged.
    fn remove_leftovers(&mut self) -> Result<(), JournalError> {
        let dir = self.reader.dir.clone();
        for entry in std::fs::read_dir(&dir)? {
            let entry = entry?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if name.starts_with("torn-") || name.ends_with(NEW) {
                self.means.disk.remove(&entry.path())?;
            }
        }
        Ok(self.means.disk.sync_folder(&dir)?)
    }

    fn write_anew(&mut self, segment: u32, wanted: &mut Erasable) -> Result<(), JournalError> {
        let dir = self.reader.dir.clone();
        let path = segment::path(&dir, segment);
        let beside = path.with_extension(NEW);
        self.means.disk.remove(&beside)?;
        let length = match self.copy_without(segment, &beside, wanted) {
            Ok(length) => length,
            Err(error) => {
                // Half a copy would only take room.
                let _ = self.means.disk.remove(&beside);
                return Err(error);
            }
        };
        let disk = &mut self.means.disk;
        disk.rename(&beside, &path).map_err(JournalError::from_write)?;
        if self.reader.head.end.segment == segment {
            // Written on from here, in the new file.
            self.tail = Place { segment, offset: length };
            self.reader.head.end = self.tail;
            self.file = None;
        }
        // Which of the two a power cut would leave is not known then.
        self.means.disk.sync_folder(&dir).map_err(|_| self.unsure())
    }

    /// Returns how long the new file is, once it is on the disk.
    fn copy_without(
        &mut self,
        segment: u32,
        beside: &Path,
        wanted: &mut Erasable,
    ) -> Result<u64, JournalError> {
        let end = self.end_of(segment);
        let dir = self.reader.dir.clone();
        let disk = &mut self.means.disk;
        let file = disk.create(beside).map_err(JournalError::from_write)?;
        let mut out = Out { file, at: 0, waiting: Vec::new() };
        let mut sieve = Sieve::default();
        let mut failed = None;
        each_line(&dir, segment, end, &mut |line, bytes| {
            let goes = sieve.sift(line, wanted, &mut |_| {})?;
            let without = goes.contains(&true).then(|| line.without(bytes, &goes)).transpose()?;
            if failed.is_none() {
                failed = out.line(without.as_deref().unwrap_or(bytes), disk.as_mut()).err();
            }
            Ok(())
        })?;
        if let Some(error) = failed {
            return Err(JournalError::from_write(error));
        }
        let written = out.write(disk.as_mut()).and_then(|()| disk.sync(&out.file));
        written.map_err(JournalError::from_write)?;
        Ok(out.at)
    }
}

/// The new file of a segment.
struct Out {
    file: File,
    at: u64,
    waiting: Vec<u8>,
}

impl Out {
    fn line(&mut self, bytes: &[u8], disk: &mut dyn super::Disk) -> io::Result<()> {
        self.waiting.extend_from_slice(bytes);
        self.waiting.push(b'\n');
        if self.waiting.len() >= BLOCK { self.write(disk) } else { Ok(()) }
    }

    fn write(&mut self, disk: &mut dyn super::Disk) -> io::Result<()> {
        disk.write(&self.file, self.at, &self.waiting)?;
        self.at += self.waiting.len() as u64;
        self.waiting.clear();
        Ok(())
    }
}

/// Takes a proven line and its bytes.
type Each<'a> = &'a mut dyn FnMut(&Sealed<'_>, &[u8]) -> Result<(), Defect>;

/// The proven lines of one segment with their bytes, up to `end`.
fn each_line(dir: &Path, segment: u32, end: Option<u64>, each: Each) -> Result<(), JournalError> {
    let (file, length) = segment::open(dir, segment)?;
    let end = end.unwrap_or(length);
    let mut lines = Lines::new(file, 0)?;
    while lines.at < end {
        let place = Place { segment, offset: lines.at };
        let defective = |defect| JournalError::Damaged(segment::damage(dir, place, defect));
        match lines.next()? {
            Some(Raw::Whole) => {}
            Some(Raw::TooLong) => return Err(defective(Defect::TooLong)),
            Some(Raw::Unended) => return Err(defective(Defect::Garbled)),
            None => return Err(defective(Defect::Missing)),
        }
        let sealed = prove(lines.bytes()).map_err(defective)?;
        each(&sealed, lines.bytes()).map_err(defective)?;
    }
    Ok(())
}
