//! The log: messages one after the other in segments of equal length, each a page anew or a
//! change of one. What is too long for a segment is a file of its own, a blob.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use crc32fast::Hasher;

use super::Doubt;
use super::bytes::Left;

/// The longest header of a message; a segment ends where no message fits behind it.
const HEADER_MAX: u64 = 32;

/// Where a message stands and how long it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// Its number in the whole of the log.
    pub(super) lsn: u64,
    pub(super) offset: u64,
    pub(super) length: u64,
    /// The file it is in, if it is too long.
    pub(super) blob: Option<u64>,
}

/// What a message is, by a byte in it: 6 and 7 the page of names, 8 and 9 a page, 10 and 11 a
/// change; the odd ones in files of their own.
pub(super) struct Message {
    kind: u8,
    pub(super) bytes: Vec<u8>,
    from: usize,
}

impl Message {
    fn of(&self, kind: u8) -> Result<Left<'_>, Doubt> {
        if self.kind & !1 == kind { Ok(Left(&self.bytes[self.from..])) } else { Err(Doubt) }
    }

    /// The page that says where trees begin.
    pub(super) fn meta(&self) -> Result<Left<'_>, Doubt> {
        self.of(6)
    }

    /// A whole page.
    pub(super) fn page(&self) -> Result<Left<'_>, Doubt> {
        self.of(8)
    }

    /// A change of one.
    pub(super) fn change(&self) -> Result<Left<'_>, Doubt> {
        self.of(10)
    }
}

/// The log and the blobs beside it.
pub(super) struct Log {
    file: File,
    blobs: PathBuf,
    segment: u64,
}

impl Log {
    pub(super) fn open(dir: &Path) -> Result<Self, Doubt> {
        let conf = fs::read(dir.join("conf")).map_err(|_| Doubt)?;
        let (lines, sum) = conf.split_last_chunk::<4>().ok_or(Doubt)?;
        if crc(&[lines]) != u32::from_le_bytes(*sum) {
            return Err(Doubt);
        }
        let lines = str::from_utf8(lines).map_err(|_| Doubt)?;
        let segment = lines
            .strip_suffix("\nuse_compression: false\nversion: 0.34\n")
            .and_then(|first| first.strip_prefix("segment_size: ")?.parse().ok())
            .filter(|segment| *segment > HEADER_MAX)
            .ok_or(Doubt)?;
        let file = File::open(dir.join("db")).map_err(|_| Doubt)?;
        Ok(Self { file, blobs: dir.join("blobs"), segment })
    }

    /// Whether nothing was written behind this number, whose segment begins there.
    pub(super) fn ends_at(&self, (lsn, segment): (u64, u64)) -> Result<(), Doubt> {
        let at = lsn % self.segment;
        if self.segment - at <= HEADER_MAX {
            return Err(Doubt);
        }
        let mut header = [0; HEADER_MAX as usize];
        let offset = segment.checked_add(at).ok_or(Doubt)?;
        self.file.read_exact_at(&mut header, offset).map_err(|_| Doubt)?;
        if header.iter().all(|byte| *byte == 0) { Ok(()) } else { Err(Doubt) }
    }

    /// A message of this page.
    pub(super) fn read(&self, page: u64, part: &Part) -> Result<Message, Doubt> {
        if let Some(blob) = part.blob {
            return self.read_blob(blob);
        }
        let length = usize::try_from(part.length.min(self.segment)).map_err(|_| Doubt)?;
        let mut bytes = vec![0; length];
        self.file.read_exact_at(&mut bytes, part.offset).map_err(|_| Doubt)?;
        let mut left = Left(&bytes);
        let (sum, kind, length) = (left.sum()?, left.byte()?, left.number()?);
        let (segment, of) = (left.number()?, left.number()?);
        let from = bytes.len() - left.0.len();
        let as_said = left.0.len() as u64 == length
            && of == page
            && segment == part.lsn / self.segment
            && !crc(&[left.0, &bytes[4..from]]) == sum;
        if as_said { Ok(Message { kind, bytes, from }) } else { Err(Doubt) }
    }

    fn read_blob(&self, blob: u64) -> Result<Message, Doubt> {
        let bytes = fs::read(self.blobs.join(blob.to_string())).map_err(|_| Doubt)?;
        let mut left = Left(&bytes);
        let sum = left.sum()?;
        let covered = left.0;
        let kind = left.byte()?;
        let from = bytes.len() - left.0.len();
        if crc(&[covered]) == sum { Ok(Message { kind, bytes, from }) } else { Err(Doubt) }
    }
}

/// The checksum of all of these.
pub(super) fn crc(parts: &[&[u8]]) -> u32 {
    let mut crc = Hasher::new();
    for part in parts {
        crc.update(part);
    }
    crc.finalize()
}
