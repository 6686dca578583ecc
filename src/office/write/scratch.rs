//! Scratch: what an import has handed over and not saved yet, outside the journal and in
//! nobody's way. Small ones stay in memory; larger ones go to a file of the data folder
//! that has no name any more once it is open, so that nothing of it outlives the process.
//! Each value stands behind a checksum: what is read must be what was put in, or nothing is
//! saved of it. Nobody else reaches the file, so it need only tell what a disk gets wrong.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

use serde::{Serialize, de::DeserializeOwned};

use crate::codec;
use crate::journal::JournalError;
use crate::office::trouble::Trouble;
use crate::store::StoreError;

/// Bytes kept in memory.
const MEMORY_MAX: usize = 256 << 10;
/// Before each value: how long it is, and its checksum.
const HEAD: usize = 8;
/// For the moment between its making and its losing it.
const NAME: &str = "drafts/import.tmp";

/// Values put in one after the other, to be read back in their order.
#[derive(Default)]
pub(in crate::office) struct Scratch {
    memory: Vec<u8>,
    file: Option<File>,
    length: u64,
}

impl Scratch {
    /// How much there is, in bytes.
    pub fn length(&self) -> u64 {
        self.length
    }

    pub fn push<T: Serialize>(&mut self, folder: &Path, value: &T) -> Result<(), Trouble> {
        let start = self.memory.len();
        self.memory.extend([0; HEAD]);
        if let Err(error) = codec::encode_into(&mut self.memory, value) {
            self.memory.truncate(start);
            return Err(StoreError::from(error).into());
        }
        let (head, value) = self.memory[start..].split_at_mut(HEAD);
        let (length, checksum) = head.split_at_mut(HEAD / 2);
        length.copy_from_slice(&(value.len() as u32).to_le_bytes());
        checksum.copy_from_slice(&crc32fast::hash(value).to_le_bytes());
        self.length += (HEAD + value.len()) as u64;
        if self.memory.len() > MEMORY_MAX {
            self.write_out(folder).map_err(JournalError::from_write)?;
        }
        Ok(())
    }

    fn write_out(&mut self, folder: &Path) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert(nameless(folder)?),
        };
        let mut out = BufWriter::new(file);
        out.seek(SeekFrom::End(0))?;
        out.write_all(&self.memory)?;
        out.flush()?;
        self.memory.clear();
        Ok(())
    }

    /// As if the disk had one byte wrong of those it holds.
    #[cfg(test)]
    pub fn flip(&self, at: u64) -> io::Result<()> {
        let file = self.file.as_ref().ok_or(io::ErrorKind::NotFound)?;
        let mut byte = [0];
        file.read_exact_at(&mut byte, at)?;
        file.write_all_at(&[byte[0] ^ 4], at)
    }

    /// How many bytes of it are in the file.
    #[cfg(test)]
    pub fn in_file(&self) -> u64 {
        self.length - self.memory.len() as u64
    }

    /// Everything that was put in.
    pub fn each<T: DeserializeOwned>(
        &self,
        each: &mut dyn FnMut(T) -> Result<(), Trouble>,
    ) -> Result<(), Trouble> {
        read(self.file.as_ref(), self.length - self.memory.len() as u64, &self.memory, each)
    }

    /// What was put in so far, to be read on another thread whatever is put in meanwhile.
    pub fn freeze(&self) -> Result<Frozen, Trouble> {
        let file = self.file.as_ref().map(File::try_clone).transpose().map_err(JournalError::Io)?;
        let in_file = self.length - self.memory.len() as u64;
        Ok(Frozen { memory: self.memory.clone(), file, in_file })
    }
}

/// A scratch as it was at a moment.
#[derive(Default)]
pub(in crate::office) struct Frozen {
    memory: Vec<u8>,
    file: Option<File>,
    in_file: u64,
}

impl Frozen {
    /// Everything that was put in by then.
    pub fn each<T: DeserializeOwned>(
        &self,
        each: &mut dyn FnMut(T) -> Result<(), Trouble>,
    ) -> Result<(), Trouble> {
        read(self.file.as_ref(), self.in_file, &self.memory, each)
    }
}

/// A file from its beginning, wherever others stand in it.
struct FromStart<'a> {
    file: &'a File,
    at: u64,
}

impl Read for FromStart<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read_at(into, self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}

/// So much of a file, then what is in memory.
fn read<T: DeserializeOwned>(
    file: Option<&File>,
    mut left: u64,
    memory: &[u8],
    each: &mut dyn FnMut(T) -> Result<(), Trouble>,
) -> Result<(), Trouble> {
    if let Some(file) = file {
        let mut from = BufReader::new(FromStart { file, at: 0 });
        while left > 0 {
            let (value, read) = next(&mut from)?;
            left = left.checked_sub(read).ok_or_else(|| JournalError::Io(not_as_put_in()))?;
            each(value)?;
        }
    }
    let mut from = memory;
    while !from.is_empty() {
        each(next(&mut from)?.0)?;
    }
    Ok(())
}

fn next<T: DeserializeOwned>(from: &mut impl Read) -> Result<(T, u64), Trouble> {
    let read = |from: &mut _| -> io::Result<Vec<u8>> {
        let from: &mut dyn Read = from;
        let (mut length, mut checksum) = ([0; HEAD / 2], [0; HEAD / 2]);
        from.read_exact(&mut length)?;
        from.read_exact(&mut checksum)?;
        let length = u32::from_le_bytes(length) as usize;
        if length > codec::LIMIT {
            return Err(not_as_put_in());
        }
        let mut bytes = vec![0; length];
        from.read_exact(&mut bytes)?;
        let same = crc32fast::hash(&bytes) == u32::from_le_bytes(checksum);
        if same { Ok(bytes) } else { Err(not_as_put_in()) }
    };
    let bytes = read(from).map_err(JournalError::Io)?;
    let value = codec::decode(&bytes).map_err(StoreError::from)?;
    Ok((value, (HEAD + bytes.len()) as u64))
}

fn not_as_put_in() -> io::Error {
    let why = "what waits to be saved is not read as it was written";
    io::Error::new(io::ErrorKind::InvalidData, why)
}

fn nameless(folder: &Path) -> io::Result<File> {
    let path = folder.join(NAME);
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    clear(folder)?;
    let mut options = OpenOptions::new();
    let file = options.read(true).write(true).create_new(true).mode(0o600).open(&path)?;
    fs::remove_file(&path)?;
    Ok(file)
}

/// Removes what a process killed in just that moment has left.
pub(in crate::office) fn clear(folder: &Path) -> io::Result<()> {
    match fs::remove_file(folder.join(NAME)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_in_comes_out_in_order_and_leaves_no_file() {
        let folder = tempfile::tempdir().expect("a folder");
        for count in [3_u32, 200] {
            let mut scratch = Scratch::default();
            for number in 0..count {
                scratch.push(folder.path(), &(number, "x".repeat(5000))).expect("put in");
            }
            assert_eq!(scratch.file.is_some(), count > 50);
            let frozen = scratch.freeze().expect("a view");
            for number in count..count + 100 {
                scratch.push(folder.path(), &(number, "x".repeat(5000))).expect("put in");
            }
            for _ in 0..2 {
                let mut seen = Vec::new();
                frozen
                    .each::<(u32, String)>(&mut |(number, text)| {
                        assert_eq!(text.len(), 5000);
                        seen.push(number);
                        Ok(())
                    })
                    .expect("read");
                assert_eq!(seen, (0..count).collect::<Vec<_>>());
            }
        }
        let left = fs::read_dir(folder.path().join("drafts")).expect("a folder").count();
        assert_eq!(left, 0);
    }

    #[test]
    fn a_byte_the_disk_has_wrong_is_told_wherever_it_is() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut scratch = Scratch::default();
        while scratch.in_file() == 0 {
            scratch.push(folder.path(), &"x".repeat(50_000)).expect("put in");
        }
        let read = || {
            scratch.each::<String>(&mut |text| {
                assert_eq!(text.len(), 50_000);
                Ok(())
            })
        };
        let long = scratch.in_file();
        let bytes = (0..2 * HEAD as u64).chain((long - 50_020)..(long - 49_980)).chain([long - 1]);
        for at in bytes {
            scratch.flip(at).expect("a file");
            assert!(matches!(read(), Err(Trouble::Journal(JournalError::Io(_)))), "{at}");
            scratch.flip(at).expect("a file");
        }
        read().expect("as it was");
    }
}
