//! The lock: one process owns a data folder. The file says who, so that the next one can
//! be told; the lock itself is the operating system's and goes with the process.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use chrono::{DateTime, FixedOffset, Utc};

use crate::office::care::open::{OpenError, OpenOptions as Opening};

/// Held as long as the office is open.
pub(in crate::office) struct Lock {
    file: File,
}

impl Lock {
    /// Takes the lock of this data folder, or says who has it.
    pub fn take(folder: &Path, opening: &Opening, now: DateTime<Utc>) -> Result<Self, OpenError> {
        let path = folder.join("lock");
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(owner(&file)),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        let lock = Self { file };
        lock.sign(opening, now.fixed_offset());
        Ok(lock)
    }

    /// Says in the file who opens the office, and since when, on the clock there.
    pub fn sign(&self, opening: &Opening, since: DateTime<FixedOffset>) {
        let (pid, by) = (std::process::id(), &opening.officer);
        let mut bytes = format!("{pid}\n{by}\n{}\n", since.to_rfc3339()).into_bytes();
        if let Some(socket) = &opening.socket {
            bytes.extend(socket.as_os_str().as_bytes());
            bytes.push(b'\n');
        }
        let signed = self.file.write_all_at(&bytes, 0);
        if let Err(error) = signed.and_then(|()| self.file.set_len(bytes.len() as u64)) {
            // On a full disk the office can still be read; the next one is told less.
            tracing::warn!(kind = %error.kind(), "the lock could not be signed");
        }
    }
}

impl Drop for Lock {
    /// Let go of in words: a process that is just being begun, an editor say, still holds
    /// every file of ours for a moment.
    fn drop(&mut self) {
        let _ = self.file.unlock();
    }
}

/// Where the last server of this data folder said it could be asked. It may have gone.
pub fn shared_at(folder: &Path) -> Option<PathBuf> {
    match owner(&fs::File::open(folder.join("lock")).ok()?) {
        OpenError::InUse { socket, .. } => socket,
        _ => None,
    }
}

/// Who holds the lock of this data folder, if anybody does: officer, process, since when.
pub fn holder(folder: &Path) -> Option<(String, u32, Option<DateTime<FixedOffset>>)> {
    let file = fs::File::open(folder.join("lock")).ok()?;
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => match owner(&file) {
            OpenError::InUse { by, pid, since, .. } => Some((by, pid, since)),
            _ => None,
        },
        _ => None,
    }
}

fn owner(file: &File) -> OpenError {
    let mut bytes = Vec::new();
    // Whatever cannot be read is simply not said.
    let _ = file.take(8192).read_to_end(&mut bytes);
    let mut lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let mut next = || lines.next().map(|line| String::from_utf8_lossy(line).into_owned());
    let pid = next().and_then(|line| line.parse().ok()).unwrap_or(0);
    let by = next().unwrap_or_else(|| "?".into());
    let since = next().and_then(|line| DateTime::parse_from_rfc3339(&line).ok());
    let socket = lines.next().map(|line| PathBuf::from(OsStr::from_bytes(line)));
    OpenError::InUse { by, pid, since, socket }
}
