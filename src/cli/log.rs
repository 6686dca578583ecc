//! The log file: `log/kompeten.log` in the data folder, for whoever looks after the
//! program. Codes, counts and versions only, never a person's data. Bounded: beyond
//! 1 MB the next start sets it aside, and what had been set aside before is gone.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::link::identity;

/// Larger than this, a log is set aside.
const LOG_MAX: u64 = 1024 * 1024;

/// Where the log of a data folder is.
pub fn file_of(data: &Path) -> PathBuf {
    data.join("log").join("kompeten.log")
}

/// Begins to log, once, if the folder is there. A log that cannot be written is no
/// reason to stop: the office works without one.
pub fn begin(data: &Path) {
    static BEGUN: AtomicBool = AtomicBool::new(false);
    if BEGUN.load(Ordering::Relaxed) {
        return;
    }
    let Ok(file) = open(data) else { return };
    BEGUN.store(true, Ordering::Relaxed);
    // Somebody else may already listen: a test, which then keeps its own.
    let _ = tracing_subscriber::fmt()
        .with_writer(Mutex::new(file))
        .with_ansi(false)
        .with_target(false)
        .try_init();
    tracing::info!(version = env!("CARGO_PKG_VERSION"), pid = std::process::id(), "start");
}

fn open(data: &Path) -> io::Result<File> {
    if !data.is_dir() {
        return Err(io::ErrorKind::NotFound.into());
    }
    if identity::other_owner(data).is_some() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let path = file_of(data);
    if let Some(folder) = path.parent() {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    if fs::metadata(&path).is_ok_and(|found| found.len() > LOG_MAX) {
        fs::rename(&path, path.with_extension("log.1"))?;
    }
    OpenOptions::new().append(true).create(true).mode(0o600).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn the_log_is_the_officers_own_and_is_set_aside_when_it_has_grown() {
        let data = tempfile::tempdir().unwrap();
        open(data.path()).unwrap();
        let path = file_of(data.path());
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        fs::write(&path, vec![b'x'; 2 * 1024 * 1024]).unwrap();
        open(data.path()).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().len(), 0);
        assert!(path.with_extension("log.1").exists());
    }

    #[test]
    fn no_folder_no_log() {
        let base = tempfile::tempdir().unwrap();
        assert!(open(&base.path().join("absent")).is_err());
        assert!(!base.path().join("absent").exists());
    }
}
