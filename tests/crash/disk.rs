//! A disk for the journal that fails where it is told to, and that knows what a power cut
//! would leave: what was synced, and any sectors of what was not.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use kompeten::journal::{Disk, Means, OsDisk};

use super::sectors::{Dice, some_sectors};

#[derive(Clone, Default)]
pub struct TestDisk(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    requests: u64,
    /// From this request on, so many fail in this way.
    fault: Option<(u64, u64, ErrorKind)>,
    /// By inode.
    files: BTreeMap<u64, Tracked>,
}

struct Tracked {
    path: PathBuf,
    /// Content at the last sync.
    synced: Vec<u8>,
    /// Content before it was cut off, if that is not synced yet.
    uncut: Option<Vec<u8>>,
}

impl TestDisk {
    pub fn means(&self) -> Means {
        Means { disk: Box::new(self.clone()), ahead: 4096, ..Means::default() }
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

    /// Whether the fault has begun.
    pub fn struck(&self) -> bool {
        let state = self.state();
        state.fault.is_some_and(|(at, ..)| state.requests >= at)
    }

    /// Makes of the journal what a power cut leaves of it now, if nothing unsynced survives.
    pub fn pull_the_plug(&self) {
        self.leave(&|tracked, _| tracked.synced.clone());
    }

    /// As [`pull_the_plug`](Self::pull_the_plug), but any sectors survive.
    pub fn pull_the_plug_anyhow(&self, seed: u64) {
        self.leave(&|tracked, now| {
            let uncut = tracked.uncut.as_deref().unwrap_or(now);
            some_sectors(&[&tracked.synced, uncut, now], Dice::new(seed))
        });
    }

    fn leave(&self, remains: &dyn Fn(&Tracked, &[u8]) -> Vec<u8>) {
        for tracked in self.state().files.values() {
            if let Ok(now) = fs::read(&tracked.path) {
                fs::write(&tracked.path, remains(tracked, &now)).expect("written");
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
        let tracked = Tracked { path: path.to_path_buf(), synced: Vec::new(), uncut: None };
        self.state().files.insert(number, tracked);
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
        let synced = content(file)?;
        if let Some(tracked) = self.state().files.get_mut(&file.metadata()?.ino()) {
            (tracked.synced, tracked.uncut) = (synced, None);
        }
        Ok(())
    }

    fn sync_folder(&mut self, _: &Path) -> io::Result<()> {
        self.request()
    }

    fn truncate(&mut self, file: &File, length: u64) -> io::Result<()> {
        self.request()?;
        let uncut = content(file)?;
        if let Some(tracked) = self.state().files.get_mut(&file.metadata()?.ino()) {
            tracked.uncut.get_or_insert(uncut);
        }
        OsDisk.truncate(file, length)
    }

    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        self.request()?;
        let mut state = self.state();
        state.files.retain(|_, tracked| tracked.path != to);
        for tracked in state.files.values_mut().filter(|tracked| tracked.path == from) {
            tracked.path = to.to_path_buf();
        }
        fs::rename(from, to)
    }

    fn remove(&mut self, path: &Path) -> io::Result<()> {
        self.request()?;
        OsDisk.remove(path)
    }
}

fn content(file: &File) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; file.metadata()?.len() as usize];
    file.read_exact_at(&mut bytes, 0)?;
    Ok(bytes)
}
