//! The socket in the file system: where it stands, for whom, and that it goes with its
//! server. One left behind by a server that died is replaced, one that answers never is;
//! whoever comes here holds the data folder's lock already.

use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};

use rustix::fs::{Access, Mode, access};
use rustix::process::umask;

/// Where a host keeps the sockets of its services; made by whoever set the service up.
const FOLDER: &str = "/run/kompeten";
const NAME: &str = "kompeten.sock";

/// The socket of the office every officer of this host shares.
pub fn of_host() -> PathBuf {
    Path::new(FOLDER).join(NAME)
}

/// Where a server listens unless it is told: where the host's officers look for it, else
/// in its own data folder.
pub fn usual(data: &Path) -> PathBuf {
    let writable = Path::new(FOLDER).is_dir() && access(FOLDER, Access::WRITE_OK).is_ok();
    if writable { of_host() } else { data.join(NAME) }
}

#[derive(Debug, thiserror::Error)]
pub enum BindError {
    #[error("a server answers on it")]
    Answers,
    #[error("something else stands there")]
    NotASocket,
    #[error("{0}")]
    Io(#[from] io::Error),
}

/// Removes the socket when dropped, unless it has become another's.
#[derive(Debug)]
pub(super) struct SocketFile {
    path: PathBuf,
    node: (u64, u64),
}

/// Listens on a new socket that only the owner and the group reach.
pub(super) fn bind(path: &Path) -> Result<(UnixListener, SocketFile), BindError> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        DirBuilder::new().recursive(true).mode(0o750).create(folder)?;
    }
    clear(path)?;
    // Nobody else may come in between binding and giving the group its right.
    let before = umask(Mode::RWXG | Mode::RWXO);
    let bound = UnixListener::bind(path);
    umask(before);
    let listener = bound?;
    fs::set_permissions(path, Permissions::from_mode(0o660))?;
    listener.set_nonblocking(true)?;
    let node = node(path)?;
    Ok((listener, SocketFile { path: path.to_path_buf(), node }))
}

/// Takes away what a server left that died.
fn clear(path: &Path) -> Result<(), BindError> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.into()),
        Ok(found) if !found.file_type().is_socket() => return Err(BindError::NotASocket),
        Ok(_) => {}
    }
    if UnixStream::connect(path).is_ok() {
        return Err(BindError::Answers);
    }
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

fn node(path: &Path) -> io::Result<(u64, u64)> {
    let found = fs::symlink_metadata(path)?;
    Ok((found.dev(), found.ino()))
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        if node(&self.path).is_ok_and(|node| node == self.node) {
            // What stays behind is known by that nobody answers.
            let _ = fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_is_the_groups_and_goes_with_its_server() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run").join("k.sock");
        let (listener, file) = bind(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o660);
        let parent = path.parent().unwrap();
        assert_eq!(fs::metadata(parent).unwrap().permissions().mode() & 0o027, 0);
        assert!(matches!(bind(&path), Err(BindError::Answers)));
        drop((listener, file));
        assert!(!path.exists());
    }

    #[test]
    fn a_socket_left_behind_is_replaced_and_any_other_file_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("k.sock");
        drop(UnixListener::bind(&path).unwrap());
        assert!(path.exists());
        let bound = bind(&path).unwrap();
        drop(bound);
        fs::write(&path, "penting").unwrap();
        assert!(matches!(bind(&path), Err(BindError::NotASocket)));
        assert_eq!(fs::read_to_string(&path).unwrap(), "penting");
    }

    #[test]
    fn a_socket_that_has_become_anothers_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("k.sock");
        let (listener, file) = bind(&path).unwrap();
        drop(listener);
        fs::rename(&path, folder.path().join("old")).unwrap();
        let others = bind(&path).unwrap();
        drop(file);
        assert!(path.exists());
        drop(others);
    }
}
