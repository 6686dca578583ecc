//! A disk for the journal that fails where it is told to, and that knows what a power cut
//! would leave: what was synced, and nothing else.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use kompeten::journal::{Disk, Means, OsDisk};

#[derive(Clone, Default)]
pub struct TestDisk(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    requests: u64,
    /// From this request on, so many fail in this way.
    fault: Option<(u64, u64, ErrorKind)>,
    /// Content at the last sync, by file.
    synced: BTreeMap<u64, (PathBuf, Vec<u8>)>,
}

impl TestDisk {
    pub fn means(&self) -> Means {
        Means { disk: Box::new(self.clone()), ..Means::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("the disk")
    }

    pub fn requests(&self) -> u64 {
        self.state().requests
    }

    /// The `at`-th request from now on fails, and `times - 1` more after it.
    pub fn fail(&self, at: u64, times: u64, kind: ErrorKind) {
        let mut state = self.state();
        state.fault = Some((state.requests + at, times, kind));
    }

    pub fn mend(&self) {
        self.state().fault = None;
    }

    /// Makes of the journal what a power cut leaves of it now.
    pub fn pull_the_plug(&self) {
        for (path, bytes) in self.state().synced.values() {
            if path.exists() {
                fs::write(path, bytes).expect("written");
            }
        }
    }

    fn request(&self) -> io::Result<()> {
        let mut state = self.state();
        state.requests += 1;
        match state.fault {
            Some((at, times, kind)) if (at..at.saturating_add(times)).contains(&state.requests) => {
                Err(kind.into())
            }
            _ => Ok(()),
        }
    }
}

impl Disk for TestDisk {
    fn create_folder(&mut self, path: &Path) -> io::Result<()> {
        self.request()?;
        OsDisk.create_folder(path)
    }

    fn create(&mut self, path: &Path) -> io::Result<File> {
        self.request()?;
        let file = OsDisk.create(path)?;
        let number = file.metadata()?.ino();
        self.state().synced.insert(number, (path.to_path_buf(), Vec::new()));
        Ok(file)
    }

    /// What fails is written by half.
    fn write(&mut self, file: &File, at: u64, bytes: &[u8]) -> io::Result<()> {
        if let Err(error) = self.request() {
            file.write_all_at(&bytes[..bytes.len() / 2], at)?;
            return Err(error);
        }
        OsDisk.write(file, at, bytes)
    }

    /// No real sync: the machine stays on, and tests are many.
    fn sync(&mut self, file: &File) -> io::Result<()> {
        self.request()?;
        let mut bytes = vec![0; file.metadata()?.len() as usize];
        file.read_exact_at(&mut bytes, 0)?;
        if let Some(synced) = self.state().synced.get_mut(&file.metadata()?.ino()) {
            synced.1 = bytes;
        }
        Ok(())
    }

    fn sync_folder(&mut self, _: &Path) -> io::Result<()> {
        self.request()
    }

    fn truncate(&mut self, file: &File, length: u64) -> io::Result<()> {
        self.request()?;
        OsDisk.truncate(file, length)
    }

    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        self.request()?;
        let mut state = self.state();
        state.synced.retain(|_, (path, _)| path != to);
        for (path, _) in state.synced.values_mut().filter(|(path, _)| path == from) {
            *path = to.to_path_buf();
        }
        fs::rename(from, to)
    }

    fn remove(&mut self, path: &Path) -> io::Result<()> {
        self.request()?;
        OsDisk.remove(path)
    }
}
