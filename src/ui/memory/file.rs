//! The one file in which an officer's [`Memory`] lies, beside the officer's keymap. What is
//! new is laid over what the file holds at that moment, under a lock on its folder, and put in
//! its place whole: of two sittings at once neither loses what the other remembered. A file
//! that is damaged or not the program's is told once and never written over.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use super::{Memo, Memory};
use crate::i18n::t;

/// Far above what the bounds of a memory let it become.
const BYTES_MAX: u64 = 512 * 1024;
/// How often, and how far apart, the folder is asked for while another sitting writes.
const TRIES: u32 = 20;
const BETWEEN: Duration = Duration::from_millis(5);

/// Where it lies; nowhere for an account without a home, and for an example office.
#[derive(Debug, Default)]
pub struct MemoryFile {
    path: Option<PathBuf>,
    /// Whoever sits here is greeted every time.
    greets: bool,
}

impl MemoryFile {
    pub fn at(path: Option<PathBuf>) -> Self {
        Self { path, greets: false }
    }

    /// For an example: what is tried there is not to be found in an officer's own lists.
    pub const fn of_example() -> Self {
        Self { path: None, greets: true }
    }

    /// What it holds, and what was wrong with it, in the officer's language. Where nothing can
    /// be remembered the tour is not shown every time.
    pub fn load(&mut self) -> (Memory, Option<String>) {
        let seen = Memory { tour_seen: !self.greets, ..Memory::default() };
        let Some(path) = &self.path else { return (seen, None) };
        match read(path) {
            Ok(memory) => (memory, None),
            Err(error) => {
                let told = t!("memory.unreadable", file = path.display(), error = reason(&error));
                self.path = None;
                (seen, Some(told.into_owned()))
            }
        }
    }

    /// Remembers this from now on; what is wrong is told once, and then it lasts only as long
    /// as the sitting.
    pub fn keep(&mut self, memo: &Memo) -> Result<(), String> {
        let Some(path) = self.path.take() else { return Ok(()) };
        write(&path, memo).map_err(|error| {
            t!("memory.unwritable", file = path.display(), error = reason(&error)).into_owned()
        })?;
        self.path = Some(path);
        Ok(())
    }
}

/// Of what is wrong with a text only where: it is the officer's own.
fn reason(error: &io::Error) -> String {
    let json = error.get_ref().and_then(|inner| inner.downcast_ref::<serde_json::Error>());
    match json {
        Some(error) => t!("memory.line", line = error.line()).into_owned(),
        None => error.kind().to_string(),
    }
}

fn read(path: &Path) -> io::Result<Memory> {
    match fs::metadata(path) {
        // Opening a pipe would wait for someone to write into it.
        Ok(found) if !found.is_file() => return Err(ErrorKind::InvalidInput.into()),
        Ok(found) if found.len() > BYTES_MAX => return Err(ErrorKind::FileTooLarge.into()),
        Ok(_) => {}
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(Memory::default());
        }
        Err(error) => return Err(error),
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(BYTES_MAX).read_to_end(&mut bytes)?;
    let mut memory: Memory = serde_json::from_slice(&bytes)
        .map_err(|error| io::Error::new(ErrorKind::InvalidData, error))?;
    memory.bound();
    Ok(memory)
}

fn write(path: &Path, memo: &Memo) -> io::Result<()> {
    // A link to a file kept elsewhere stays a link.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let folder = path.parent().ok_or(ErrorKind::InvalidInput)?;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let _lock = locked(folder)?;
    let mut memory = read(&path)?;
    if !memory.take(memo) {
        return Ok(());
    }
    let beside = path.with_extension(format!("{}.tmp", std::process::id()));
    let done = put(&beside, &serde_json::to_vec_pretty(&memory)?)
        .and_then(|()| fs::rename(&beside, &path));
    if done.is_err() {
        let _ = fs::remove_file(&beside);
    }
    done
}

/// Held until it is dropped.
fn locked(folder: &Path) -> io::Result<File> {
    let lock = File::open(folder)?;
    for _ in 0..TRIES {
        match lock.try_lock() {
            Ok(()) => return Ok(lock),
            Err(TryLockError::WouldBlock) => thread::sleep(BETWEEN),
            // Some network folders know no locks: to remember is worth more than the order.
            Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => {
                return Ok(lock);
            }
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
    Err(ErrorKind::WouldBlock.into())
}

/// What an ended sitting with the same number left is not taken over.
fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut out = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    out.write_all(bytes)?;
    out.sync_data()
}
