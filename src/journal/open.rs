//! Opening: what is made of a journal after anything may have happened to it. What a power
//! cut left of a last write nobody was told of is set aside, a large step without its commit
//! is cut off; everything else that is wrong is reported and nothing is touched.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::Means;
use super::append::{Journal, State};
use super::disk::open_plain;
use super::error::{Damage, Defect, JournalError};
use super::line::{Batch, prove, read_header};
use super::reader::JournalReader;
use super::segment::{self, BLOCK, Lines, Raw};
use super::walk::{Stop, Walk, damage_of};
use crate::domain::change::{Head, Place};

/// The most torn ends set aside at one and the same place.
const TORN_MAX: u32 = 1000;
/// What a disk writes whole or not at all.
const SECTOR: u64 = 512;

/// How what the store has applied stands to the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing was said about it.
    Unknown,
    /// The store has applied a beginning of this journal, or all of it.
    Continues,
    /// As `Continues`, but its lines stand elsewhere since values were taken out of it: every
    /// place the store has kept is to be found anew.
    Moved,
    /// The journal ends before what the store has applied: acknowledged steps are gone.
    Short,
    /// The store has applied another journal than this one.
    Other,
}

/// A journal as it was found. With damage, or where the store stands `Short` or `Other`, it
/// can only be read, up to its head; it is never cut then.
pub struct Opened {
    pub journal: Journal,
    pub standing: Standing,
    /// File in the journal's folder to which an end that could not be read was moved.
    pub torn: Option<String>,
    /// Whether a large step without its commit was cut off.
    pub unfinished: bool,
    pub damage: Option<Damage>,
    /// Why the journal could not be made fit for writing, and so can only be read.
    pub locked: Option<io::Error>,
}

/// What stands behind the last committed step.
enum Tail {
    Clean,
    /// Intact parts of a large step.
    Unfinished,
    /// Bytes that were never acknowledged.
    Torn,
    Damaged(Damage),
}

impl Journal {
    /// As [`open`](Self::open), with other means.
    pub fn open_with(
        dir: &Path,
        trusted: Option<Head>,
        proven: Option<Head>,
        means: Means,
    ) -> Result<Opened, JournalError> {
        let segments = segment::list(dir)?;
        let last = segments.last().copied().unwrap_or(0);
        // The last segment may reach further than what was written in it.
        let (end, reaches, mut blocked) = match last {
            0 => (Place::default(), 0, None),
            _ => match segment::open(dir, last) {
                Ok((file, reaches)) => {
                    let offset = segment::written(&file, reaches)?;
                    (Place { segment: last, offset }, reaches, None)
                }
                Err(error) => (Place { segment: last, offset: 0 }, 0, Some(damage_of(error)?)),
            },
        };
        let complete = segments.len() == last as usize;
        let behind = |head: &Head| trusted.is_none_or(|applied| head.seq <= applied.seq);
        let start = proven.filter(|head| complete && behind(head) && stands(dir, *head, end));
        let survey = survey(dir, start.unwrap_or_default(), end, trusted)?;

        let (tail, damage) = match survey.tail {
            Tail::Damaged(damage) => (Tail::Clean, Some(damage)),
            tail => (tail, blocked.take()),
        };
        let reader =
            JournalReader { dir: dir.to_path_buf(), head: survey.good, damage: damage.clone() };
        let mut journal = Self::new(reader, means, end);
        journal.sealed = survey.sealed;
        let standing = survey.standing;
        // Where lines have moved, nothing is known of which of them were on the disk.
        let applied = trusted.map(|head| match standing {
            Standing::Moved => Head::default(),
            _ => head,
        });
        let mut opened =
            Opened { journal, standing, torn: None, unfinished: false, damage, locked: None };
        if opened.damage.is_some() || matches!(standing, Standing::Short | Standing::Other) {
            opened.journal.state = State::ReadOnly;
        } else if let Err(error) = opened.settle(&tail, reaches, start, applied) {
            opened.locked = Some(error);
            opened.journal.state = State::ReadOnly;
        }
        Ok(opened)
    }
}

impl Opened {
    /// Makes the end of the last segment the end of the last committed step, and makes sure
    /// that what will be shown as saved is on the disk: whoever wrote it may have been killed
    /// before it was.
    fn settle(
        &mut self,
        tail: &Tail,
        reaches: u64,
        proven: Option<Head>,
        applied: Option<Head>,
    ) -> io::Result<()> {
        let journal = &mut self.journal;
        let (good, end) = (journal.reader.head.end, journal.tail);
        let as_left = reaches == end.offset && matches!(tail, Tail::Clean);
        if reaches == 0 || (as_left && proven.is_some_and(|head| head.end == end)) {
            return Ok(());
        }
        let file = open_plain(&segment::path(&journal.reader.dir, end.segment), true)?;
        let keep = if good.segment == end.segment { good.offset } else { 0 };
        if matches!(tail, Tail::Torn) {
            self.torn = Some(set_aside(journal, &file, Place { offset: keep, ..end }, end)?);
        }
        if !as_left {
            journal.means.disk.truncate(&file, keep)?;
            journal.tail.offset = keep;
            self.unfinished = matches!(tail, Tail::Unfinished);
        }
        if let Some(head) = applied {
            let from = if head.end.segment == end.segment { head.end.offset } else { 0 };
            write_again(journal, &file, from, keep)?;
        }
        journal.means.disk.sync(&file)?;
        if keep > 0 {
            journal.file = Some((file, keep));
        }
        Ok(())
    }
}

/// Writes what the store has not applied over itself. After a failed sync the system may
/// take pages for written that never were; a later sync passes them over unless they are
/// written again.
fn write_again(journal: &mut Journal, file: &File, from: u64, to: u64) -> io::Result<()> {
    let mut block = vec![0; BLOCK];
    let mut at = from;
    while at < to {
        let length = block.len().min(usize::try_from(to - at).unwrap_or(BLOCK));
        let part = &mut block[..length];
        file.read_exact_at(part, at)?;
        journal.means.disk.write(file, at, part)?;
        at += length as u64;
    }
    Ok(())
}

/// Copies what stands from `from` to `to` into a file of its own and returns its name.
fn set_aside(journal: &mut Journal, file: &File, from: Place, to: Place) -> io::Result<String> {
    let disk = &mut journal.means.disk;
    let dir = &journal.reader.dir;
    for count in 1..=TORN_MAX {
        let again = if count == 1 { String::new() } else { format!("-{count}") };
        let name = format!("torn-{:06}-{}{again}.txt", from.segment, from.offset);
        let path = dir.join(&name);
        let copy = match disk.create(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
            created => created?,
        };
        let mut block = vec![0; BLOCK];
        let mut at = from.offset;
        let mut copied = Ok(());
        while at < to.offset && copied.is_ok() {
            let length = block.len().min(usize::try_from(to.offset - at).unwrap_or(BLOCK));
            let part = &mut block[..length];
            copied = file
                .read_exact_at(part, at)
                .and_then(|()| disk.write(&copy, at - from.offset, part));
            at += length as u64;
        }
        let kept = copied.and_then(|()| disk.sync(&copy)).and_then(|()| disk.sync_folder(dir));
        if kept.is_err() {
            // Half a copy would only be in the way of the next attempt.
            let _ = fs::remove_file(&path);
        }
        return kept.map(|()| name);
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// Whether the line the store applied last stands where the store says.
fn stands(dir: &Path, head: Head, end: Place) -> bool {
    if head.seq == 0 {
        return head == Head::default();
    }
    let reader = JournalReader { dir: dir.to_path_buf(), head, damage: None };
    head.end <= end
        && reader.line_before(head.end).is_ok_and(|line| line.is_last() && line.head() == head)
}

struct Survey {
    /// The last step that is complete and intact.
    good: Head,
    standing: Standing,
    tail: Tail,
    /// The last step of the segments before the last one, where that is known.
    sealed: Option<Head>,
}

/// Walks from `start`, which is taken for granted, to the end of the files.
fn survey(
    dir: &Path,
    start: Head,
    end: Place,
    trusted: Option<Head>,
) -> Result<Survey, JournalError> {
    let mut good = start;
    let compare = |applied: Head, found: Head| match applied {
        _ if applied == found => Standing::Continues,
        _ if (applied.seq, applied.hash) == (found.seq, found.hash) => Standing::Moved,
        _ => Standing::Other,
    };
    let met_at_once = trusted.filter(|head| head.seq == start.seq);
    let mut met = met_at_once.map(|head| compare(head, start));
    let mut walk = Walk::new(dir, start, end);
    let in_earlier = |head: &Head| head.seq > 0 && head.end.segment < end.segment;
    let mut sealed = Some(start).filter(in_earlier);
    let tail = loop {
        match walk.next() {
            Ok(Some(found)) if found.sealed.is_last() => {
                good = found.head();
                sealed = Some(good).filter(in_earlier).or(sealed);
                if let Some(head) = trusted.filter(|head| head.seq == good.seq) {
                    met = Some(compare(head, good));
                }
            }
            Ok(Some(_)) => {}
            Ok(None) => break if walk.inside_batch() { Tail::Unfinished } else { Tail::Clean },
            Err(Stop::Line { place, defect }) => {
                let covered = trusted.is_some_and(|head| head.seq > good.seq);
                let bad = Bad { place, defect, end };
                let applied = trusted.map_or(0, |head| head.seq);
                let batch = walk.inside_batch();
                let torn = !covered && bad.was_never_acknowledged(dir, good.seq, applied, batch)?;
                break if torn {
                    Tail::Torn
                } else {
                    Tail::Damaged(segment::damage(dir, place, defect))
                };
            }
            Err(Stop::Other(error)) => break Tail::Damaged(damage_of(error)?),
        }
    };
    let standing = match (trusted, met) {
        (None, _) => Standing::Unknown,
        (_, Some(met)) => met,
        (_, None) => Standing::Short,
    };
    Ok(Survey { good, standing, tail, sealed })
}

/// A line that could not be proven.
struct Bad {
    place: Place,
    defect: Defect,
    /// Where the files end.
    end: Place,
}

impl Bad {
    /// Whether it is what a power cut left of a write that nobody was told of. The lines of
    /// one write reach the disk in any order, so there may be a hole anywhere in it, and
    /// intact lines behind; but none of a later write, which would have waited for this one.
    /// A line that was altered rather than never written is damage, unless it is the last.
    /// `good` is the last step before it, `applied` the last one the store has.
    fn was_never_acknowledged(
        &self,
        dir: &Path,
        good: u64,
        applied: u64,
        mut batch: bool,
    ) -> Result<bool, JournalError> {
        if !matches!(self.defect, Defect::Garbled | Defect::Hash)
            || self.place.segment != self.end.segment
        {
            return Ok(false);
        }
        let Some(bad) = good.checked_add(1) else { return Ok(false) };
        let (file, _) = segment::open(dir, self.place.segment)?;
        let mut lines = Lines::up_to(file, self.place.offset, self.end.offset)?;
        let mut never_written = true;
        let mut start = self.place.offset;
        while let Ok(Some(raw)) = lines.next() {
            let (first, last) = (start == self.place.offset, lines.at == self.end.offset);
            let intact = match prove(lines.bytes()) {
                Err(Defect::Unknown) => return Ok(false),
                _ if raw == Raw::TooLong => return Ok(false),
                proven => proven.is_ok(),
            };
            never_written &= intact || last || self.holds_lost_sector(lines.bytes(), start);
            start = lines.at;
            // A header that can be read says what was written, whatever became of the rest.
            let Some(header) = read_header(lines.bytes()) else { continue };
            if first && header.seq != bad {
                continue;
            }
            let from = header.written_from();
            let committed = matches!(header.batch, Some(Batch::Commit(_))) && !first;
            if !(applied < from && from <= bad && bad <= header.seq) || committed {
                return Ok(false);
            }
            batch |= header.batch.is_some();
        }
        Ok(start == self.end.offset && (never_written || batch))
    }

    /// Whether one of the disk's sectors that lie in this line, from where the bad line
    /// begins to where the file ends, was never written.
    fn holds_lost_sector(&self, line: &[u8], start: u64) -> bool {
        let end = start + line.len() as u64;
        (start / SECTOR..=end / SECTOR).any(|sector| {
            let from = (sector * SECTOR).max(self.place.offset);
            let to = ((sector + 1) * SECTOR).min(self.end.offset);
            from >= start
                && from < to
                && to <= end
                && line[(from - start) as usize..(to - start) as usize].iter().all(|b| *b == 0)
        })
    }
}
