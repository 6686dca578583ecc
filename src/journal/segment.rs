//! Segments: the files a journal is kept in, how they are called, and reading raw lines
//! from one with bounded memory. Knows where a line begins and ends, not what it says.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::disk::open_plain;
use super::error::{Damage, Defect, JournalError};
use super::line::LINE_MAX;
use crate::domain::change::Place;

/// Segments are closed between steps once they are this long, in bytes.
pub const SEGMENT_MAX: u64 = 16 << 20;

/// Read at once; also the reach of one step of a search.
pub(super) const BLOCK: usize = 64 << 10;

/// What a segment's file looked like: as long as its stamp is the same, nobody has touched it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentStamp {
    pub segment: u32,
    pub len: u64,
    pub mtime_ns: i64,
}

/// What a segment's file is called.
pub fn name(segment: u32) -> String {
    format!("{segment:06}.jsonl")
}

pub(super) fn path(dir: &Path, segment: u32) -> PathBuf {
    dir.join(name(segment))
}

/// The numbers of the segments in `dir`, in order; none when there is no such folder.
pub(super) fn list(dir: &Path) -> io::Result<Vec<u32>> {
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut segments = Vec::new();
    for entry in entries {
        let file = entry?.file_name();
        let number = file
            .to_str()
            .and_then(|text| text.strip_suffix(".jsonl"))
            .and_then(|digits| digits.parse().ok());
        if let Some(segment) = number
            && segment > 0
            && name(segment).as_str() == file
        {
            segments.push(segment);
        }
    }
    segments.sort_unstable();
    Ok(segments)
}

/// The stamps of all segments in `dir`, in order. A file that cannot be looked at is left
/// out, so that the stamps differ.
pub fn stamps(dir: &Path) -> Vec<SegmentStamp> {
    let stamp = |segment| {
        let meta = fs::symlink_metadata(path(dir, segment)).ok()?;
        let mtime_ns = meta.mtime().checked_mul(1_000_000_000)?.checked_add(meta.mtime_nsec())?;
        Some(SegmentStamp { segment, len: meta.len(), mtime_ns })
    };
    list(dir).unwrap_or_default().into_iter().filter_map(stamp).collect()
}

/// Opens a segment for reading and tells its length.
pub(super) fn open(dir: &Path, segment: u32) -> Result<(File, u64), JournalError> {
    let damage = |defect| JournalError::Damaged(Damage { file: name(segment), line: 1, defect });
    let path = path(dir, segment);
    let file = match open_plain(&path, false) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(damage(Defect::Missing));
        }
        Err(error) => {
            return match fs::symlink_metadata(&path) {
                Ok(meta) if !meta.is_file() => Err(damage(Defect::NotAFile)),
                _ => Err(error.into()),
            };
        }
    };
    let meta = file.metadata()?;
    if meta.is_file() { Ok((file, meta.len())) } else { Err(damage(Defect::NotAFile)) }
}

/// Where the last line of a file ends that is written ahead: behind it there are zeros, of
/// which no line has any.
pub(super) fn written(file: &File, length: u64) -> io::Result<u64> {
    let mut block = vec![0; BLOCK];
    let mut end = length;
    while end > 0 {
        let start = end.saturating_sub(BLOCK as u64);
        let part = &mut block[..(end - start) as usize];
        file.read_exact_at(part, start)?;
        if let Some(last) = part.iter().rposition(|byte| *byte != 0) {
            return Ok(start + last as u64 + 1);
        }
        end = start;
    }
    Ok(0)
}

/// What stands at `place`, said so that a person finds it.
pub(super) fn damage(dir: &Path, place: Place, defect: Defect) -> Damage {
    // Where even counting fails the file is what there is to say.
    let line = count_lines(dir, place).unwrap_or(0) + 1;
    Damage { file: name(place.segment), line, defect }
}

fn count_lines(dir: &Path, place: Place) -> Result<u64, JournalError> {
    let (file, _) = open(dir, place.segment)?;
    let mut reader = BufReader::with_capacity(BLOCK, file.take(place.offset));
    let mut lines = 0;
    let mut block = Vec::with_capacity(BLOCK);
    while reader.by_ref().take(BLOCK as u64).read_until(b'\n', &mut block)? > 0 {
        lines += u64::from(block.ends_with(b"\n"));
        block.clear();
    }
    Ok(lines)
}

/// A line as it stands in the file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Raw {
    /// In [`Lines::bytes`], without its line feed.
    Whole,
    /// The file ends before the line does.
    Unended,
    TooLong,
}

/// The lines of one segment from one place on.
pub(super) struct Lines {
    reader: BufReader<io::Take<File>>,
    /// Where the next line begins.
    pub at: u64,
    bytes: Vec<u8>,
}

impl Lines {
    pub(super) fn new(file: File, at: u64) -> io::Result<Self> {
        Self::up_to(file, at, u64::MAX)
    }

    /// As if the file ended at `end`.
    pub(super) fn up_to(mut file: File, at: u64, end: u64) -> io::Result<Self> {
        file.seek(SeekFrom::Start(at))?;
        let file = file.take(end.saturating_sub(at));
        Ok(Self { reader: BufReader::with_capacity(BLOCK, file), at, bytes: Vec::new() })
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The next line; `None` at the end of the file. After `TooLong` the rest of that line
    /// comes as if it were lines of its own.
    pub(super) fn next(&mut self) -> io::Result<Option<Raw>> {
        self.bytes.clear();
        // One enormous line must not hold its memory for the rest of the file.
        self.bytes.shrink_to(16 * BLOCK);
        let length =
            (&mut self.reader).take(LINE_MAX as u64 + 1).read_until(b'\n', &mut self.bytes)?;
        self.at += length as u64;
        Ok(match self.bytes.last() {
            None => None,
            Some(_) if length > LINE_MAX => Some(Raw::TooLong),
            Some(b'\n') => {
                self.bytes.pop();
                Some(Raw::Whole)
            }
            Some(_) => Some(Raw::Unended),
        })
    }
}
