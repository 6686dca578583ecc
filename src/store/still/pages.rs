//! The table of pages as sled wrote it down last: where the messages are of which each page is
//! made.

use std::fs;
use std::path::Path;

use super::Doubt;
use super::bytes::Left;
use super::message::{Part, crc};

/// Behind the table: its length and a checksum.
const SEAL: usize = 12;

pub(super) struct Pages {
    bytes: Vec<u8>,
    /// Where each page begins in it.
    at: Vec<u32>,
    /// How far the log went then, and where the segment it ended in begins.
    end: (u64, u64),
}

impl Pages {
    pub(super) fn read(dir: &Path) -> Result<Self, Doubt> {
        let mut tables = Vec::new();
        for entry in fs::read_dir(dir).map_err(|_| Doubt)? {
            let entry = entry.map_err(|_| Doubt)?;
            if entry.file_name().as_encoded_bytes().starts_with(b"snap.") {
                tables.push(entry.path());
            }
        }
        // sled takes the last one, and does away with the others when it has made another.
        let [table] = tables.as_slice() else { return Err(Doubt) };
        let mut bytes = fs::read(table).map_err(|_| Doubt)?;
        let length = bytes.len().checked_sub(SEAL).ok_or(Doubt)?;
        let mut seal = Left(&bytes[length..]);
        if seal.whole()? != length as u64 || seal.sum()? != crc(&[&bytes[..length]]) {
            return Err(Doubt);
        }
        bytes.truncate(length);
        Self::of(bytes)
    }

    fn of(bytes: Vec<u8>) -> Result<Self, Doubt> {
        let mut left = Left(&bytes);
        // Both are one more, so that there may be none.
        let lsn = left.whole()?.checked_sub(1).ok_or(Doubt)?;
        let segment = left.number()?.checked_sub(1).ok_or(Doubt)?;
        let mut at = Vec::with_capacity(bytes.len() / 32);
        while !left.is_empty() {
            at.push(u32::try_from(bytes.len() - left.0.len()).map_err(|_| Doubt)?);
            let parts = left.byte()?;
            for _ in 0..parts.max(1) {
                left.take(8)?;
                let in_blob = left.byte()? == 1;
                left.pass_number()?;
                if in_blob {
                    left.take(8)?;
                }
                // A page that is free has no length.
                if parts > 0 {
                    left.pass_number()?;
                }
            }
        }
        Ok(Self { bytes, at, end: (lsn, segment) })
    }

    pub(super) fn end(&self) -> (u64, u64) {
        self.end
    }

    /// What a page is made of: itself as it was, and what has changed in it since.
    pub(super) fn parts(
        &self,
        page: u64,
    ) -> Result<impl Iterator<Item = Result<Part, Doubt>>, Doubt> {
        let at = usize::try_from(page).ok().and_then(|page| self.at.get(page)).ok_or(Doubt)?;
        let mut left = Left(self.bytes.get(*at as usize..).ok_or(Doubt)?);
        // None: a page that is free.
        let parts = left.byte()?;
        Ok((0..parts).map(move |_| part(&mut left)))
    }
}

fn part(left: &mut Left<'_>) -> Result<Part, Doubt> {
    let lsn = left.whole()?;
    let (offset, blob) = place(left)?;
    Ok(Part { lsn, offset, length: left.number()?, blob })
}

/// Where a message stands in the log, and in which blob.
fn place(left: &mut Left<'_>) -> Result<(u64, Option<u64>), Doubt> {
    match left.byte()? {
        0 => Ok((left.number()?, None)),
        1 => Ok((left.number()?, Some(left.whole()?))),
        _ => Err(Doubt),
    }
}
