//! The few things the journal asks of a disk when it writes. A trait, so that tests can
//! make any one of them fail and can pull the plug; knows nothing of lines.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::OFlags;

pub trait Disk: Send {
    /// Makes a folder and those above it, for its owner only.
    fn create_folder(&mut self, path: &Path) -> io::Result<()>;

    /// Makes a new file for its owner only; one that is there is an error.
    fn create(&mut self, path: &Path) -> io::Result<File>;

    /// Writes all of `bytes` at offset `at`.
    fn write(&mut self, file: &File, at: u64, bytes: &[u8]) -> io::Result<()>;

    /// Returns once the content and length of `file` are on the disk.
    fn sync(&mut self, file: &File) -> io::Result<()>;

    /// Returns once the names in the folder are on the disk.
    fn sync_folder(&mut self, path: &Path) -> io::Result<()>;

    fn truncate(&mut self, file: &File, length: u64) -> io::Result<()>;

    /// Puts a file in the place of another, or of none; the folder is to be synced after it.
    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()>;

    /// Takes a file away; that there is none is as good.
    fn remove(&mut self, path: &Path) -> io::Result<()>;
}

/// The disk of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsDisk;

impl Disk for OsDisk {
    fn create_folder(&mut self, path: &Path) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(path)
    }

    fn create(&mut self, path: &Path) -> io::Result<File> {
        OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(path)
    }

    fn write(&mut self, file: &File, at: u64, bytes: &[u8]) -> io::Result<()> {
        file.write_all_at(bytes, at)
    }

    fn sync(&mut self, file: &File) -> io::Result<()> {
        file.sync_data()
    }

    fn sync_folder(&mut self, path: &Path) -> io::Result<()> {
        File::open(path)?.sync_all()
    }

    fn truncate(&mut self, file: &File, length: u64) -> io::Result<()> {
        file.set_len(length)
    }

    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&mut self, path: &Path) -> io::Result<()> {
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

/// Opens a file that must be a plain one: never follows a link, never waits for a pipe.
pub(super) fn open_plain(path: &Path, write: bool) -> io::Result<File> {
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits();
    OpenOptions::new().read(true).write(write).custom_flags(flags as i32).open(path)
}
