//! Where a file goes: beside its place first, and into its place only when it is whole
//! and on the disk, so that a full disk never leaves half a list under a good name.
//! Files are readable by their owner alone: lists of people are personal data.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Where a list is written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    File(PathBuf),
    Stdout,
}

impl Destination {
    /// `-` is standard output.
    pub fn from_arg(path: &Path) -> Self {
        if path.as_os_str() == "-" { Self::Stdout } else { Self::File(path.to_path_buf()) }
    }
}

/// Why a file could not be written; under its name stands what stood there before.
/// Displays as its code.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}", self.code())]
pub enum WriteError {
    /// The folder does not exist.
    NoFolder,
    /// A folder stands under this name.
    IsAFolder,
    Denied,
    DiskFull,
    /// Whoever read the output has gone.
    ReaderGone,
    /// More rows than the format takes.
    TooManyRows {
        limit: u32,
    },
    /// In the system's words.
    Failed {
        detail: String,
    },
}

impl WriteError {
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoFolder => "no_folder",
            Self::IsAFolder => "is_a_folder",
            Self::Denied => "denied",
            Self::DiskFull => "disk_full",
            Self::ReaderGone => "reader_gone",
            Self::TooManyRows { .. } => "too_many_rows",
            Self::Failed { .. } => "write_failed",
        }
    }

    /// What the catalogue's text names, as (placeholder, value).
    pub fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::TooManyRows { limit } => vec![("limit", limit.to_string())],
            Self::Failed { detail } => vec![("detail", detail.clone())],
            _ => Vec::new(),
        }
    }
}

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::NoFolder,
            io::ErrorKind::IsADirectory => Self::IsAFolder,
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::Denied,
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            io::ErrorKind::BrokenPipe => Self::ReaderGone,
            _ => Self::Failed { detail: error.to_string() },
        }
    }
}

/// An output being written.
#[derive(Debug)]
pub enum Target {
    /// A new file beside its place.
    Beside(Beside),
    /// A pipe or a device: there is nothing to put in its place.
    Through(File),
    Stdout(io::Stdout),
}

/// Writes a text that is to be printed.
pub fn write_text(destination: &Destination, text: &str) -> Result<(), WriteError> {
    let mut target = Target::create(destination)?;
    target.write_all(text.as_bytes())?;
    target.finish()
}

/// Removed again unless it is put in its place.
#[derive(Debug)]
pub struct Beside {
    file: File,
    temporary: PathBuf,
    place: PathBuf,
    placed: bool,
}

impl Target {
    pub fn create(destination: &Destination) -> Result<Self, WriteError> {
        let path = match destination {
            Destination::Stdout => return Ok(Self::Stdout(io::stdout())),
            Destination::File(path) => path,
        };
        // Through a link, so that the link stays and what it names is replaced.
        let place = fs::canonicalize(path).unwrap_or_else(|_| path.clone());
        match fs::metadata(&place) {
            Ok(there) if there.is_dir() => return Err(WriteError::IsAFolder),
            Ok(there) if !there.is_file() => {
                return Ok(Self::Through(OpenOptions::new().write(true).open(&place)?));
            }
            _ => {}
        }
        Ok(Self::Beside(Beside::create(place)?))
    }

    /// The folder in which to keep what must not be elsewhere; none for standard output.
    pub fn folder(&self) -> Option<PathBuf> {
        match self {
            Self::Beside(beside) => Some(folder_of(&beside.place)),
            _ => None,
        }
    }

    /// Puts the file in its place once the disk has it.
    pub fn finish(mut self) -> Result<(), WriteError> {
        self.flush()?;
        match self {
            Self::Beside(beside) => beside.put(),
            _ => Ok(()),
        }
    }
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Beside(beside) => beside.file.write(bytes),
            Self::Through(file) => file.write(bytes),
            Self::Stdout(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Beside(beside) => beside.file.flush(),
            Self::Through(file) => file.flush(),
            Self::Stdout(out) => out.flush(),
        }
    }
}

impl Beside {
    fn create(place: PathBuf) -> Result<Self, WriteError> {
        let name = place.file_name().ok_or(WriteError::IsAFolder)?.to_string_lossy().into_owned();
        let folder = folder_of(&place);
        // A name left behind by a crash with this process number is passed over.
        for attempt in 0..100 {
            // Cut on a character, so that a long name with the rest around it still fits.
            let short: String = name.chars().take(40).collect();
            let temporary = folder.join(format!(".{short}.{}-{attempt}.tmp", std::process::id()));
            match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&temporary) {
                Ok(file) => return Ok(Self { file, temporary, place, placed: false }),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(WriteError::Failed { detail: io::ErrorKind::AlreadyExists.to_string() })
    }

    fn put(mut self) -> Result<(), WriteError> {
        self.file.sync_all()?;
        fs::rename(&self.temporary, &self.place)?;
        self.placed = true;
        // The name itself; a file system that cannot do this has the file all the same.
        if let Ok(folder) = File::open(folder_of(&self.place)) {
            let _ = folder.sync_all();
        }
        Ok(())
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        if !self.placed {
            let _ = fs::remove_file(&self.temporary);
        }
    }
}

fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_path_buf(),
        _ => PathBuf::from("."),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn a_list_that_was_never_finished_leaves_the_old_one_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("daftar.csv");
        fs::write(&path, "lama").unwrap();
        let destination = Destination::File(path.clone());
        let mut target = Target::create(&destination).unwrap();
        target.write_all(b"setengah").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"lama");
        drop(target);
        assert_eq!(names(folder.path()), ["daftar.csv"]);

        let mut target = Target::create(&destination).unwrap();
        target.write_all(b"baru").unwrap();
        target.finish().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"baru");
        assert_eq!(names(folder.path()), ["daftar.csv"]);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_link_stays_a_link_and_a_device_is_written_through() {
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("asli"), folder.path().join("tautan"));
        fs::write(&real, "").unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        let mut target = Target::create(&Destination::File(link.clone())).unwrap();
        target.write_all(b"isi").unwrap();
        target.finish().unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&real).unwrap(), b"isi");

        let mut target = Target::create(&Destination::File("/dev/null".into())).unwrap();
        target.write_all(b"isi").unwrap();
        target.finish().unwrap();
        let full = Target::create(&Destination::File("/dev/full".into()));
        if let Ok(mut full) = full {
            let error = full.write_all(b"isi").unwrap_err();
            assert_eq!(WriteError::from(error), WriteError::DiskFull);
        }
    }

    #[test]
    fn a_place_that_cannot_be_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let create = |path: PathBuf| Target::create(&Destination::File(path)).err();
        assert_eq!(create(folder.path().to_path_buf()), Some(WriteError::IsAFolder));
        assert_eq!(create(folder.path().join("tidak/ada.csv")), Some(WriteError::NoFolder));
    }
}
