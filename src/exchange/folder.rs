//! Folder: the folder a file is to stand in, held open. A path is walked once, part by part,
//! and no link on it is followed but the layout of the system: whoever may write beside a
//! file cannot lead it elsewhere, not even while it is being written.
//! What is written has no name until it is whole, where the file system can do that.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Component, Path, PathBuf};

use rustix::fs::{
    AtFlags, CWD, Dir, FileType, Mode, OFlags, Stat, fstat, fstatfs, linkat, openat, readlinkat,
    renameat, statat, unlinkat,
};
use rustix::io::Errno;

use super::target::WriteError;

/// Links on one path; more go in a circle.
const LINKS_MAX: usize = 40;
/// What the file system of `/proc` is known by.
const PROC: i64 = 0x9fa0;
/// Readable and writable by its owner alone.
const PRIVATE: Mode = Mode::from_raw_mode(0o600);

#[derive(Debug)]
pub struct Folder(OwnedFd);

/// What stands under a name.
pub enum UnderName {
    Nothing,
    File,
    /// A pipe or a device, or a file of this process by its number: written through.
    Through,
}

/// A file that is not in its place yet.
#[derive(Debug)]
pub struct Unplaced {
    pub file: File,
    /// Where the file system knows no file without a name.
    named: Option<OsString>,
}

impl Folder {
    /// The folder of this file, and the file's name in it.
    pub fn of(path: &Path) -> Result<(Self, OsString), WriteError> {
        let mut at = start(path)?;
        let mut left: VecDeque<OsString> = parts(path).collect();
        let mut links = 0;
        while let Some(part) = left.pop_front() {
            let last = left.is_empty();
            let there = statat(&at, &part, AtFlags::SYMLINK_NOFOLLOW);
            match there {
                Ok(there) if kind(&there) == FileType::Symlink && !of_process(&at) => {
                    links += 1;
                    if !is_layout(&at, &there, last) || links > LINKS_MAX {
                        return Err(WriteError::IsALink);
                    }
                    let target = readlinkat(&at, &part, Vec::new()).map_err(io::Error::from)?;
                    let target = PathBuf::from(OsString::from_vec(target.into_bytes()));
                    if target.is_absolute() {
                        at = start(&target)?;
                    }
                    parts(&target).rev().for_each(|part| left.push_front(part));
                }
                _ if part == ".." && last => break,
                _ if last => return Ok((Self(at), part)),
                _ => {
                    // Of this process itself: what it has open, by its number.
                    let follow = of_process(&at);
                    let follow = if follow { OFlags::empty() } else { OFlags::NOFOLLOW };
                    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC | follow;
                    at = openat(&at, &part, flags, Mode::empty()).map_err(io::Error::from)?;
                }
            }
        }
        Err(WriteError::IsAFolder)
    }

    /// A path by which this very folder is reached as long as it is held.
    pub fn path(&self) -> PathBuf {
        PathBuf::from(format!("/proc/self/fd/{}", self.0.as_raw_fd()))
    }

    pub fn standing(&self, name: &OsStr) -> Result<UnderName, WriteError> {
        if of_process(&self.0) {
            return Ok(UnderName::Through);
        }
        match statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW) {
            Err(Errno::NOENT) => Ok(UnderName::Nothing),
            Err(error) => Err(io::Error::from(error).into()),
            Ok(there) => match kind(&there) {
                FileType::Directory => Err(WriteError::IsAFolder),
                FileType::Symlink => Err(WriteError::IsALink),
                FileType::RegularFile => Ok(UnderName::File),
                // Whose pipe it is reads what is written.
                _ if ![0, rustix::process::geteuid().as_raw()].contains(&there.st_uid) => {
                    Err(WriteError::Denied)
                }
                _ => Ok(UnderName::Through),
            },
        }
    }

    /// Opens what is written through.
    pub fn open(&self, name: &OsStr) -> io::Result<File> {
        let follow = if of_process(&self.0) { OFlags::empty() } else { OFlags::NOFOLLOW };
        let flags = OFlags::WRONLY | OFlags::CLOEXEC | OFlags::NOCTTY | follow;
        Ok(openat(&self.0, name, flags, Mode::empty())?.into())
    }

    /// A file that nobody has had, under this name.
    pub fn create_new(&self, name: &OsStr) -> io::Result<File> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
        Ok(openat(&self.0, name, flags, PRIVATE)?.into())
    }

    /// A file that is to take this name once it is whole.
    pub fn begin(&self, name: &OsStr) -> io::Result<Unplaced> {
        self.clear_leftovers(name);
        let flags = OFlags::WRONLY | OFlags::TMPFILE | OFlags::CLOEXEC;
        match openat(&self.0, ".", flags, PRIVATE) {
            Ok(file) => Ok(Unplaced { file: file.into(), named: None }),
            // Older and remote file systems.
            Err(Errno::OPNOTSUPP | Errno::ISDIR | Errno::INVAL | Errno::NOENT) => {
                let (file, named) = beside(name, |named| self.create_new(named))?;
                Ok(Unplaced { file, named: Some(named) })
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Gives the file its name, in place of what stands there.
    pub fn put(&self, unplaced: &mut Unplaced, name: &OsStr) -> io::Result<()> {
        unplaced.file.sync_all()?;
        let named = if let Some(named) = unplaced.named.take() {
            named
        } else {
            let open = format!("/proc/self/fd/{}", unplaced.file.as_raw_fd());
            let link = |name: &OsStr| {
                linkat(CWD, open.as_str(), &self.0, name, AtFlags::SYMLINK_FOLLOW)
                    .map_err(io::Error::from)
            };
            // A name is never taken from another file by this.
            match link(name) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => beside(name, link)?.1,
                linked => {
                    linked?;
                    self.sync();
                    return Ok(());
                }
            }
        };
        let placed = renameat(&self.0, &named, &self.0, name);
        if placed.is_err() {
            unplaced.named = Some(named);
        }
        placed?;
        self.sync();
        Ok(())
    }

    /// Forgets a file that did not become whole.
    pub fn forget(&self, unplaced: &mut Unplaced) {
        if let Some(named) = unplaced.named.take() {
            let _ = unlinkat(&self.0, named, AtFlags::empty());
        }
    }

    /// Removes what killed processes have left beside this name.
    fn clear_leftovers(&self, name: &OsStr) {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let Ok(entries) = openat(&self.0, ".", flags, Mode::empty()).and_then(Dir::new) else {
            return;
        };
        let beginning = beginning(name);
        let pid = |entry: &str| {
            let rest = entry.strip_prefix(&beginning)?.strip_suffix(END)?;
            rest.split_once('-')?.0.parse::<u32>().ok()
        };
        for entry in entries.filter_map(Result::ok) {
            let entry = OsStr::from_bytes(entry.file_name().to_bytes());
            let maker = entry.to_str().and_then(pid);
            if maker.is_some_and(|maker| !Path::new("/proc").join(maker.to_string()).exists()) {
                let _ = unlinkat(&self.0, entry, AtFlags::empty());
            }
        }
    }

    /// The name itself; a file system that cannot do this has the file all the same.
    fn sync(&self) {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        if let Ok(folder) = openat(&self.0, ".", flags, Mode::empty()) {
            let _ = File::from(folder).sync_all();
        }
    }
}

const END: &str = ".tmp";

/// The first name for a while that is free.
fn beside<T>(
    name: &OsStr,
    mut make: impl FnMut(&OsStr) -> io::Result<T>,
) -> io::Result<(T, OsString)> {
    for attempt in 0..100 {
        let free = format!("{}{}-{attempt}{END}", beginning(name), std::process::id());
        match make(OsStr::new(&free)) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            outcome => return Ok((outcome?, free.into())),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// How names for a while begin, for a file of this name: cut on a character, so that a long
/// one with the rest around it still fits.
fn beginning(name: &OsStr) -> String {
    let short: String = name.to_string_lossy().chars().take(40).collect();
    format!(".{short}.")
}

fn start(path: &Path) -> io::Result<OwnedFd> {
    let from = if path.is_absolute() { "/" } else { "." };
    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
    Ok(openat(CWD, from, flags, Mode::empty())?)
}

fn parts(path: &Path) -> impl DoubleEndedIterator<Item = OsString> + '_ {
    path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_os_string()),
        Component::ParentDir => Some("..".into()),
        _ => None,
    })
}

/// Whether a link is of the layout of the system: root's, where nobody else can set one, and a
/// folder on the way. The name of the file itself is one only in `/dev`.
fn is_layout(at: &OwnedFd, link: &Stat, last: bool) -> bool {
    const OTHERS_WRITE: u32 = 0o022;
    let Ok(folder) = fstat(at) else { return false };
    let devices = || {
        let devices = statat(CWD, "/dev", AtFlags::empty());
        devices.is_ok_and(|dev| (dev.st_dev, dev.st_ino) == (folder.st_dev, folder.st_ino))
    };
    link.st_uid == 0
        && folder.st_uid == 0
        && folder.st_mode & OTHERS_WRITE == 0
        && (!last || devices())
}

fn kind(stat: &Stat) -> FileType {
    FileType::from_raw_mode(stat.st_mode)
}

/// Whether the folder is one of `/proc`: `/dev/stdout` and `>(…)` of a shell lead there.
fn of_process(folder: &OwnedFd) -> bool {
    fstatfs(folder).is_ok_and(|system| system.f_type == PROC)
}
