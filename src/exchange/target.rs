//! Where a file goes: into its place only when it is whole and on the disk, so that a full
//! disk never leaves half a list under a good name, and never through a link (see `folder`).
//! Files are readable by their owner alone: lists of people are personal data.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::folder::{Folder, UnderName, Unplaced};

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
    /// The name, or a folder on the way to it, is a link.
    IsALink,
    Denied,
    DiskFull,
    /// Whoever read the output has gone.
    ReaderGone,
    /// The ending of the name is that of a file that is not written here.
    Ending {
        ending: String,
        known: String,
    },
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
            Self::IsALink => "is_a_link",
            Self::Denied => "denied",
            Self::DiskFull => "disk_full",
            Self::ReaderGone => "reader_gone",
            Self::Ending { .. } => "ending",
            Self::TooManyRows { .. } => "too_many_rows",
            Self::Failed { .. } => "write_failed",
        }
    }

    /// What the catalogue's text names, as (placeholder, value).
    pub fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::TooManyRows { limit } => vec![("limit", limit.to_string())],
            Self::Ending { ending, known } => {
                vec![("ending", ending.clone()), ("known", known.clone())]
            }
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

/// Forgotten unless it is put in its place.
#[derive(Debug)]
pub struct Beside {
    folder: Folder,
    name: OsString,
    unplaced: Unplaced,
}

impl Target {
    pub fn create(destination: &Destination) -> Result<Self, WriteError> {
        let path = match destination {
            Destination::Stdout => return Ok(Self::Stdout(io::stdout())),
            Destination::File(path) => path,
        };
        let (folder, name) = Folder::of(path)?;
        if let UnderName::Through = folder.standing(&name)? {
            return Ok(Self::Through(folder.open(&name)?));
        }
        let unplaced = folder.begin(&name)?;
        Ok(Self::Beside(Beside { folder, name, unplaced }))
    }

    /// The folder in which to keep what must not be elsewhere; none for standard output.
    pub fn folder(&self) -> Option<PathBuf> {
        match self {
            Self::Beside(beside) => Some(beside.folder.path()),
            _ => None,
        }
    }

    /// Puts the file in its place once the disk has it.
    pub fn finish(mut self) -> Result<(), WriteError> {
        self.flush()?;
        match self {
            Self::Beside(mut beside) => {
                let Beside { folder, name, unplaced } = &mut beside;
                Ok(folder.put(unplaced, name)?)
            }
            _ => Ok(()),
        }
    }
}

/// Makes a file that nobody has had; one that stands is left alone.
pub fn create_new(path: &Path) -> Result<File, WriteError> {
    let (folder, name) = Folder::of(path)?;
    Ok(folder.create_new(&name)?)
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Beside(beside) => beside.unplaced.file.write(bytes),
            Self::Through(file) => file.write(bytes),
            Self::Stdout(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Beside(beside) => beside.unplaced.file.flush(),
            Self::Through(file) => file.flush(),
            Self::Stdout(out) => out.flush(),
        }
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        self.folder.forget(&mut self.unplaced);
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
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
    fn no_file_is_written_through_a_link_and_a_device_is() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("asli")).unwrap();
        fs::write(at("asli/daftar.csv"), "lama").unwrap();
        // Of somebody who is not root: root's own links are the layout of the system.
        let link = |to: &str, name: &str| {
            std::os::unix::fs::symlink(at(to), at(name)).unwrap();
            let _ = std::os::unix::fs::lchown(at(name), Some(65534), None);
        };
        link("asli/daftar.csv", "tautan.csv");
        link("asli", "pintas");
        link("tidak-ada.csv", "gantung.csv");
        for name in ["tautan.csv", "pintas/daftar.csv", "pintas/baru.csv", "gantung.csv"] {
            let created = Target::create(&Destination::File(at(name)));
            assert_eq!(created.err(), Some(WriteError::IsALink), "{name}");
            assert!(create_new(&at(name)).is_err(), "{name}");
        }
        // Nor through root's own, where it is the file's name or others could have set it.
        fs::create_dir(at("ramai")).unwrap();
        fs::set_permissions(at("ramai"), fs::Permissions::from_mode(0o777)).unwrap();
        std::os::unix::fs::symlink(at("asli/daftar.csv"), at("sendiri.csv")).unwrap();
        std::os::unix::fs::symlink(at("asli"), at("ramai/pintas")).unwrap();
        for name in ["sendiri.csv", "ramai/pintas/baru.csv"] {
            let created = Target::create(&Destination::File(at(name)));
            assert_eq!(created.err(), Some(WriteError::IsALink), "{name}");
        }
        assert_eq!(fs::read(at("asli/daftar.csv")).unwrap(), b"lama");
        assert_eq!(names(&at("asli")), ["daftar.csv"]);
        // One that comes while the file is being written is replaced, not followed.
        let mut target = Target::create(&Destination::File(at("baru.csv"))).unwrap();
        target.write_all(b"isi").unwrap();
        link("asli/daftar.csv", "baru.csv");
        target.finish().unwrap();
        assert_eq!(fs::read(at("asli/daftar.csv")).unwrap(), b"lama");
        assert!(fs::symlink_metadata(at("baru.csv")).unwrap().is_file());
        // Nor does a folder that is moved away and replaced lead elsewhere.
        let mut target = Target::create(&Destination::File(at("asli/lain.csv"))).unwrap();
        fs::rename(at("asli"), at("pindah")).unwrap();
        fs::create_dir(at("asli")).unwrap();
        target.write_all(b"isi").unwrap();
        target.finish().unwrap();
        assert_eq!(fs::read(at("pindah/lain.csv")).unwrap(), b"isi");

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
    fn a_shells_own_file_by_its_number_is_written_through() {
        let folder = tempfile::tempdir().unwrap();
        let file = File::create(folder.path().join("asli")).unwrap();
        let number = std::os::fd::AsRawFd::as_raw_fd(&file);
        for path in [format!("/dev/fd/{number}"), format!("/proc/self/fd/{number}")] {
            let mut target = Target::create(&Destination::File(path.into())).unwrap();
            target.write_all(b"isi").unwrap();
            target.finish().unwrap();
        }
        assert_eq!(fs::read(folder.path().join("asli")).unwrap(), b"isi");
        let mut held = Target::create(&Destination::File(folder.path().join("b"))).unwrap();
        held.write_all(b"isi").unwrap();
        let inside = held.folder().unwrap().join("c");
        write_text(&Destination::File(inside), "isi").unwrap();
        assert!(folder.path().join("c").exists());
    }

    #[test]
    fn what_a_killed_run_has_left_is_cleared_by_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        // No process has so high a number; the second is this one, still at work.
        let own = format!(".daftar.csv.{}-7.tmp", std::process::id());
        for name in [".daftar.csv.4294967295-0.tmp", own.as_str(), ".daftar.csv.tmp"] {
            fs::write(at(name), "x").unwrap();
        }
        let mut target = Target::create(&Destination::File(at("daftar.csv"))).unwrap();
        target.write_all(b"baru").unwrap();
        let mut left = names(folder.path());
        left.sort();
        assert_eq!(left, [own.as_str(), ".daftar.csv.tmp"], "and what is written has no name");
        // As a kill would.
        std::mem::forget(target);
        assert_eq!(names(folder.path()).len(), 2);
    }

    #[test]
    fn a_place_that_cannot_be_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let create = |path: PathBuf| Target::create(&Destination::File(path)).err();
        assert_eq!(create(folder.path().to_path_buf()), Some(WriteError::IsAFolder));
        assert_eq!(create(folder.path().join("tidak/ada.csv")), Some(WriteError::NoFolder));
    }
}
