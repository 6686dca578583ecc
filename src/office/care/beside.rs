//! Beside: a folder made for a while next to what is in use, for something that is proven
//! before it takes its place, or never does. Goes with its value.

use std::fs;
use std::io;
use std::path::PathBuf;

pub(in crate::office) struct Beside(pub PathBuf);

impl Beside {
    /// Removes what a process killed at its work has left.
    pub fn clear(&self) -> io::Result<()> {
        match fs::remove_dir_all(&self.0) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        if let Err(error) = self.clear() {
            tracing::warn!(kind = %error.kind(), "a folder made for a while was left behind");
        }
    }
}
