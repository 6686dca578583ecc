//! A disk that fails where it is told to, and knows what a power cut would leave of it.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use super::super::*;
use super::counted_salts;
use super::sectors::{Dice, some_sectors};

/// How much of a failing write still reaches the file.
#[derive(Clone, Copy, Debug)]
pub(super) enum Reach {
    Nothing,
    Half,
    AllButOne,
    All,
}

pub(super) const REACHES: [Reach; 4] = [Reach::Nothing, Reach::Half, Reach::AllButOne, Reach::All];

/// What a power cut leaves of what was written since the last sync.
#[derive(Clone, Copy, Debug)]
pub(super) enum Remains {
    Nothing,
    Half,
    HalfThenZeros,
    Everything,
    /// Everything, also what had been cut off since.
    EvenWhatWasCutOff,
    /// Any sectors of it, the others as they were before.
    Sectors(u64),
}

pub(super) const REMAINS: [Remains; 8] = [
    Remains::Nothing,
    Remains::Half,
    Remains::HalfThenZeros,
    Remains::Everything,
    Remains::EvenWhatWasCutOff,
    Remains::Sectors(1),
    Remains::Sectors(2),
    Remains::Sectors(3),
];

#[derive(Clone, Copy, Debug)]
pub(super) enum Fault {
    None,
    /// The n-th request fails, and those listed after it, counted from it.
    Fails(ErrorKind, Reach, &'static [u64]),
    /// That one and all after it.
    FailsFromThen(ErrorKind, Reach),
    /// The machine stops there; the files are then what `Remains` says.
    PowerCut(Reach, Remains),
    /// The disk is full there, and the machine stops so many requests later.
    FullThenPowerCut(Reach, u64, Remains),
}

#[derive(Default)]
struct Tracked {
    path: PathBuf,
    synced: Vec<u8>,
    /// Content before the last truncation since the last sync.
    uncut: Option<Vec<u8>>,
    /// From here on a failed sync made the system forget to write; later syncs do not help.
    forgotten: Option<usize>,
    named: bool,
}

pub(super) struct State {
    pub requests: u64,
    pub at: u64,
    pub fault: Fault,
    pub dead: bool,
    /// How many zeros journals on it write ahead.
    pub ahead: usize,
    files: BTreeMap<u64, Tracked>,
    folder_named: bool,
    /// What stood under names that were given away or taken since their folder was synced.
    renamed: Vec<(PathBuf, Option<Vec<u8>>)>,
}

/// A disk whose n-th request fails, and which knows what a power cut would leave.
#[derive(Clone)]
pub(super) struct FaultyDisk(Arc<Mutex<State>>);

impl FaultyDisk {
    pub(super) fn new(fault: Fault, at: u64, dir: &Path) -> Self {
        let mut files = BTreeMap::new();
        // What is there when a journal is opened has survived until now.
        for entry in fs::read_dir(dir).into_iter().flatten() {
            let path = entry.unwrap().path();
            let synced = fs::read(&path).unwrap();
            let number = fs::metadata(&path).unwrap().ino();
            files.insert(number, Tracked { path, synced, named: true, ..Tracked::default() });
        }
        let folder_named = dir.exists();
        Self(Arc::new(Mutex::new(State {
            requests: 0,
            at,
            fault,
            dead: false,
            ahead: 0,
            files,
            folder_named,
            renamed: Vec::new(),
        })))
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    pub(super) fn means(&self) -> Means {
        let ahead = self.state().ahead;
        Means { disk: Box::new(self.clone()), salts: counted_salts(), segment_max: 1500, ahead }
    }

    /// Counts a request and says how it fails.
    fn request(&self) -> Result<(), (io::Error, Reach)> {
        let mut state = self.state();
        state.requests += 1;
        let (number, at) = (state.requests, state.at);
        let failing = match state.fault {
            Fault::None => None,
            Fault::Fails(kind, reach, also) => {
                let hit = number == at || also.iter().any(|more| number == at + more);
                hit.then_some((kind, reach))
            }
            Fault::FailsFromThen(kind, reach) => (number >= at).then_some((kind, reach)),
            Fault::PowerCut(reach, _) => {
                let reach = if state.dead { Reach::Nothing } else { reach };
                (number >= at).then_some((ErrorKind::Other, reach))
            }
            Fault::FullThenPowerCut(reach, ..) if number == at => {
                Some((ErrorKind::StorageFull, reach))
            }
            Fault::FullThenPowerCut(_, later, _) => {
                (number >= at + later).then_some((ErrorKind::Other, Reach::Nothing))
            }
        };
        state.dead |= match state.fault {
            Fault::PowerCut(..) => number >= at,
            Fault::FullThenPowerCut(_, later, _) => number >= at + later,
            _ => false,
        };
        failing.map_or(Ok(()), |(kind, reach)| Err((kind.into(), reach)))
    }

    fn plain(&self) -> io::Result<()> {
        self.request().map_err(|(error, _)| error)
    }

    /// The program was killed rather than told that a sync failed.
    pub(super) fn forget_nothing(&self) {
        self.state().files.values_mut().for_each(|file| file.forgotten = None);
    }

    /// Makes of the files what the power cut left of them.
    pub(super) fn pull_the_plug(&self, dir: &Path) {
        let state = self.state();
        let (Fault::PowerCut(_, remains) | Fault::FullThenPowerCut(_, _, remains)) = state.fault
        else {
            return;
        };
        if !state.dead {
            return;
        }
        for file in state.files.values() {
            let Ok(now) = fs::read(&file.path) else { continue };
            let half = |now: &[u8]| {
                let kept = file.synced.len().min(now.len());
                kept + (now.len() - kept) / 2
            };
            let left = match remains {
                Remains::Nothing => file.synced.clone(),
                Remains::Half => now[..half(&now)].to_vec(),
                Remains::HalfThenZeros => {
                    let mut left = now.clone();
                    left[half(&now)..].fill(0);
                    left
                }
                Remains::Everything => now,
                Remains::EvenWhatWasCutOff => file.uncut.clone().unwrap_or(now),
                Remains::Sectors(seed) => {
                    let uncut = file.uncut.as_ref().unwrap_or(&now);
                    some_sectors(&[&file.synced, uncut, &now], Dice::new(seed))
                }
            };
            if file.named || !matches!(remains, Remains::Nothing) {
                fs::write(&file.path, left).unwrap();
            } else {
                fs::remove_file(&file.path).unwrap();
            }
        }
        if matches!(remains, Remains::Nothing | Remains::HalfThenZeros) {
            for (path, stood) in state.renamed.iter().rev() {
                match stood {
                    Some(bytes) => fs::write(path, bytes).unwrap(),
                    None => drop(fs::remove_file(path)),
                }
            }
        }
        if !state.folder_named && matches!(remains, Remains::Nothing) {
            let _ = fs::remove_dir_all(dir);
        }
    }
}

fn content(file: &File) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; file.metadata()?.len() as usize];
    file.read_exact_at(&mut bytes, 0)?;
    Ok(bytes)
}

impl Disk for FaultyDisk {
    fn create_folder(&mut self, path: &Path) -> io::Result<()> {
        self.plain()?;
        OsDisk.create_folder(path)
    }

    fn create(&mut self, path: &Path) -> io::Result<File> {
        self.plain()?;
        let file = OsDisk.create(path)?;
        let tracked = Tracked { path: path.to_path_buf(), ..Tracked::default() };
        self.state().files.insert(file.metadata()?.ino(), tracked);
        Ok(file)
    }

    fn write(&mut self, file: &File, at: u64, bytes: &[u8]) -> io::Result<()> {
        self.request().or_else(|(error, reach)| {
            let reached = match reach {
                Reach::Nothing => 0,
                Reach::Half => bytes.len() / 2,
                Reach::AllButOne => bytes.len() - 1,
                Reach::All => bytes.len(),
            };
            file.write_all_at(&bytes[..reached], at)?;
            Err(error)
        })?;
        if let Some(tracked) = self.state().files.get_mut(&file.metadata()?.ino()) {
            tracked.forgotten = tracked.forgotten.filter(|from| (*from as u64) < at);
        }
        file.write_all_at(bytes, at)
    }

    fn sync(&mut self, file: &File) -> io::Result<()> {
        let failed = self.plain();
        let mut synced = content(file)?;
        if let Some(tracked) = self.state().files.get_mut(&file.metadata()?.ino()) {
            if failed.is_err() {
                let alike = synced.iter().zip(&tracked.synced).take_while(|(a, b)| a == b).count();
                tracked.forgotten.get_or_insert(alike);
            } else {
                if let Some(from) = tracked.forgotten {
                    synced.truncate(from);
                    synced.extend(tracked.synced.iter().skip(from));
                }
                (tracked.synced, tracked.uncut) = (synced, None);
            }
        }
        failed
    }

    fn sync_folder(&mut self, path: &Path) -> io::Result<()> {
        self.plain()?;
        let mut state = self.state();
        let mut inside = false;
        state.renamed.retain(|(name, _)| name.parent() != Some(path));
        for file in state.files.values_mut().filter(|file| file.path.parent() == Some(path)) {
            (file.named, inside) = (true, true);
        }
        state.folder_named |= !inside;
        Ok(())
    }

    fn truncate(&mut self, file: &File, length: u64) -> io::Result<()> {
        self.plain()?;
        let uncut = content(file)?;
        if let Some(tracked) = self.state().files.get_mut(&file.metadata()?.ino()) {
            tracked.uncut.get_or_insert(uncut);
        }
        file.set_len(length)
    }

    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        self.plain()?;
        let mut state = self.state();
        for path in [from, to] {
            let stood = fs::read(path).ok();
            state.renamed.push((path.to_path_buf(), stood));
        }
        state.files.retain(|_, file| file.path != to);
        for file in state.files.values_mut().filter(|file| file.path == from) {
            file.path = to.to_path_buf();
        }
        fs::rename(from, to)
    }

    fn remove(&mut self, path: &Path) -> io::Result<()> {
        self.plain()?;
        let mut state = self.state();
        if let Ok(stood) = fs::read(path) {
            state.renamed.push((path.to_path_buf(), Some(stood)));
        }
        state.files.retain(|_, file| file.path != path);
        OsDisk.remove(path)
    }
}

/// Means whose disk refuses everything.
pub(super) fn broken_disk() -> Means {
    let fault = Fault::FailsFromThen(ErrorKind::ReadOnlyFilesystem, Reach::Half);
    FaultyDisk::new(fault, 1, Path::new("")).means()
}
