//! What is left of an office's day when the disk fails, fills up or loses its power at any
//! one of the things the journal asks of it: every acknowledged step and nothing half done.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use super::tests::{Office, counted_salts, entry, forwards, save, setting};
use super::*;
use crate::domain::change::Change;

/// How much of a failing write still reaches the file.
#[derive(Clone, Copy, Debug)]
enum Reach {
    Nothing,
    Half,
    AllButOne,
    All,
}

const REACHES: [Reach; 4] = [Reach::Nothing, Reach::Half, Reach::AllButOne, Reach::All];

/// What a power cut leaves of what was written since the last sync.
#[derive(Clone, Copy, Debug)]
enum Remains {
    Nothing,
    Half,
    HalfThenZeros,
    Everything,
    /// Everything, also what had been cut off since.
    EvenWhatWasCutOff,
}

const REMAINS: [Remains; 5] = [
    Remains::Nothing,
    Remains::Half,
    Remains::HalfThenZeros,
    Remains::Everything,
    Remains::EvenWhatWasCutOff,
];

#[derive(Clone, Copy, Debug)]
enum Fault {
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
    named: bool,
}

struct State {
    requests: u64,
    at: u64,
    fault: Fault,
    dead: bool,
    files: BTreeMap<u64, Tracked>,
    folder_named: bool,
}

/// A disk whose n-th request fails, and which knows what a power cut would leave.
#[derive(Clone)]
struct FaultyDisk(Arc<Mutex<State>>);

impl FaultyDisk {
    fn new(fault: Fault, at: u64, dir: &Path) -> Self {
        let mut files = BTreeMap::new();
        // What is there when a journal is opened has survived until now.
        for entry in fs::read_dir(dir).into_iter().flatten() {
            let path = entry.unwrap().path();
            let synced = fs::read(&path).unwrap();
            let number = fs::metadata(&path).unwrap().ino();
            files.insert(number, Tracked { path, synced, uncut: None, named: true });
        }
        let folder_named = dir.exists();
        Self(Arc::new(Mutex::new(State {
            requests: 0,
            at,
            fault,
            dead: false,
            files,
            folder_named,
        })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    fn means(&self) -> Means {
        Means { disk: Box::new(self.clone()), salts: counted_salts(), segment_max: 1500 }
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

    /// Makes of the files what the power cut left of them.
    fn pull_the_plug(&self, dir: &Path) {
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
            };
            if file.named || !matches!(remains, Remains::Nothing) {
                fs::write(&file.path, left).unwrap();
            } else {
                fs::remove_file(&file.path).unwrap();
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
        file.write_all_at(bytes, at)
    }

    fn sync(&mut self, file: &File) -> io::Result<()> {
        self.plain()?;
        let synced = content(file)?;
        if let Some(tracked) = self.state().files.get_mut(&file.metadata()?.ino()) {
            (tracked.synced, tracked.uncut) = (synced, None);
        }
        Ok(())
    }

    fn sync_folder(&mut self, path: &Path) -> io::Result<()> {
        self.plain()?;
        let mut state = self.state();
        let mut inside = false;
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
}

/// What the officers were told.
#[derive(Default, Debug)]
struct Told {
    /// Request and number of changes of every step called saved.
    saved: Vec<(String, usize)>,
    /// Steps of which nobody can say, in order.
    unsure: Vec<(String, usize)>,
    head: Head,
    refused: usize,
    /// Nothing can be written any more.
    stopped: bool,
}

impl Told {
    fn hear(&mut self, steps: &[(&str, usize)], result: &Result<Head, JournalError>, dead: bool) {
        self.stopped |= matches!(result, Err(JournalError::Unsure));
        let steps = steps.iter().map(|(req, changes)| ((*req).to_string(), *changes));
        match result {
            Ok(head) => {
                self.head = *head;
                self.saved.extend(steps);
            }
            Err(JournalError::Unsure) if self.unsure.is_empty() => self.unsure.extend(steps),
            Err(_) if dead && self.unsure.is_empty() => self.unsure.extend(steps),
            Err(_) => self.refused += 1,
        }
    }
}

fn import(journal: &mut Journal, req: &str, parts: &[Vec<Change>]) -> Result<Head, JournalError> {
    journal.begin_batch(entry(req, vec![]))?;
    for part in parts {
        journal.part(part)?;
    }
    journal.commit_batch()
}

/// A day at an office, over several segments. Goes on after every refusal.
fn a_day(journal: &mut Journal, disk: &FaultyDisk) -> Told {
    let mut told = Told::default();
    let dead = || disk.state().dead;
    let one = |value: &str| vec![setting(1, value)];
    let parts = |value: &str, count: u32| (0..count).map(|n| vec![setting(n, value); 2]).collect();
    for round in 0..2 {
        let name = |step: &str| format!("{step}{round}");
        let result =
            journal.stage(&entry(&name("single"), one("a"))).and_then(|_| journal.commit());
        told.hear(&[(&name("single"), 1)], &result, dead());
        if dead() {
            break;
        }

        let (b, c, d) = (name("group-b"), name("group-c"), name("group-d"));
        let mut group = Ok(());
        for step in [&b, &c, &d] {
            group = group.and_then(|()| journal.stage(&entry(step, one("g"))).map(|_| ()));
        }
        let result = group.and_then(|()| journal.commit());
        told.hear(&[(&b, 1), (&c, 1), (&d, 1)], &result, dead());
        if dead() {
            break;
        }

        let parts: Vec<Vec<Change>> = parts("i", 3);
        told.hear(&[(&name("import"), 6)], &import(journal, &name("import"), &parts), dead());
        if dead() {
            break;
        }

        let cancelled = journal
            .begin_batch(entry(&name("cancelled"), vec![]))
            .and_then(|_| journal.part(&one("x")))
            .and_then(|_| journal.cancel_batch());
        if let Err(error) = cancelled {
            told.hear(&[], &Err(error), dead());
        }
        if dead() {
            break;
        }
    }
    told
}

/// Every step as it is found when the office opens again.
fn found(journal: &Journal) -> Vec<(String, usize)> {
    let mut steps: Vec<(String, usize)> = Vec::new();
    let mut open = false;
    for line in forwards(journal, None) {
        if open {
            steps.last_mut().unwrap().1 += line.changes.len();
        } else {
            steps.push((line.header.req.0.clone(), line.changes.len()));
        }
        open = !line.is_last();
    }
    assert!(!open, "half a step");
    steps
}

fn check(office: &Office, told: &Told, trusted: Option<Head>, case: &str) {
    let disk = FaultyDisk::new(Fault::None, 0, &office.dir);
    let opened = Journal::open_with(&office.dir, trusted, trusted.is_none(), disk.means()).unwrap();
    assert_eq!(opened.damage, None, "{case}");
    assert!(opened.locked.is_none(), "{case}: {:?}", opened.locked);
    let standing = if trusted.is_some() { Standing::Continues } else { Standing::Unknown };
    assert_eq!(opened.standing, standing, "{case}");
    let mut journal = opened.journal;
    let steps = found(&journal);
    let rest = steps.strip_prefix(told.saved.as_slice());
    let rest = rest.unwrap_or_else(|| panic!("{case}: told {told:?}, found {steps:?}"));
    assert!(told.unsure.starts_with(rest), "{case}: told {told:?}, found {steps:?}");

    save(&mut journal, &entry("next morning", vec![setting(1, "m")]));
    let again = Journal::open_with(&office.dir, None, true, disk.means()).unwrap();
    assert_eq!(found(&again.journal).len(), steps.len() + 1, "{case}");
    assert_eq!(again.journal.verify(&mut |_, _| true).unwrap().0, steps.len() as u64 + 1);
}

/// One day with one fault; returns whether it struck.
fn live(office: &Office, fault: Fault, at: u64) -> (Told, bool) {
    let disk = FaultyDisk::new(fault, at, &office.dir);
    let mut journal = Journal::open_with(&office.dir, None, true, disk.means()).unwrap().journal;
    let told = a_day(&mut journal, &disk);
    drop(journal);
    disk.pull_the_plug(&office.dir);
    let struck = disk.state().requests >= at;
    (told, struck)
}

fn faults() -> Vec<Fault> {
    let mut faults = Vec::new();
    for reach in REACHES {
        for kind in [ErrorKind::StorageFull, ErrorKind::Other] {
            for also in [&[] as &[u64], &[1], &[2]] {
                faults.push(Fault::Fails(kind, reach, also));
            }
            faults.push(Fault::FailsFromThen(kind, reach));
        }
        for remains in REMAINS {
            faults.push(Fault::PowerCut(reach, remains));
            faults.extend([3, 4].map(|later| Fault::FullThenPowerCut(reach, later, remains)));
        }
    }
    faults
}

#[test]
fn no_fault_of_the_disk_loses_what_was_saved_or_leaves_half_a_step() {
    let (mut tried, mut refused, mut unsure) = (0, 0, 0);
    for fault in faults() {
        for at in 1.. {
            let office = Office::new();
            let (told, struck) = live(&office, fault, at);
            let trusted = (at % 2 == 0 && told.head.seq > 0).then_some(told.head);
            check(&office, &told, trusted, &format!("{fault:?} at request {at}"));
            if !struck {
                assert_eq!(told.saved.len(), 10, "a whole day");
                break;
            }
            tried += 1;
            refused += told.refused;
            unsure += told.unsure.len();
        }
    }
    println!("{tried} faults tried; {refused} steps refused, {unsure} left unsure");
    assert!(tried > 1000 && refused > 0 && unsure > 0);
}

#[test]
fn a_full_disk_refuses_steps_until_there_is_room_again() {
    for reach in REACHES {
        for at in 1.. {
            let office = Office::new();
            let (told, struck) =
                live(&office, Fault::Fails(ErrorKind::StorageFull, reach, &[]), at);
            if !struck {
                break;
            }
            // Only a write can find the disk full; a sync that says so is a failed sync.
            if !told.stopped {
                assert_eq!(told.refused, 1, "{reach:?} at {at}: {told:?}");
                assert!(told.saved.len() >= 7, "{reach:?} at {at}: {told:?}");
            }
        }
    }
}

#[test]
fn a_disk_that_does_not_confirm_ends_all_writing_until_the_office_opens_again() {
    let office = Office::new();
    let disk = FaultyDisk::new(Fault::Fails(ErrorKind::Other, Reach::All, &[]), 7, &office.dir);
    let mut journal = Journal::open_with(&office.dir, None, true, disk.means()).unwrap().journal;
    let first = entry("a", vec![setting(1, "a")]);
    journal.stage(&first).unwrap();
    // Folder, file, its three syncs, the write, and then the sync that fails.
    assert!(matches!(journal.commit(), Err(JournalError::Unsure)));
    assert!(matches!(journal.stage(&first), Err(JournalError::Unsure)));
    assert!(matches!(journal.commit(), Err(JournalError::Unsure)));
    assert!(matches!(journal.begin_batch(first.clone()), Err(JournalError::Unsure)));
    assert_eq!(journal.head(), Head::default());
    assert!(forwards(&journal, None).is_empty());
    drop(journal);
    let mut journal = office.open(SEGMENT_MAX);
    assert_eq!(journal.head().seq, 1, "it was there after all");
    assert_eq!(save(&mut journal, &first).seq, 2);
}

#[test]
fn a_step_saved_just_before_the_program_was_killed_is_on_the_disk_once_it_is_shown() {
    let office = Office::new();
    // Killed between the write and its sync.
    let disk = FaultyDisk::new(Fault::FailsFromThen(ErrorKind::Other, Reach::All), 7, &office.dir);
    let mut journal = Journal::open_with(&office.dir, None, true, disk.means()).unwrap().journal;
    journal.stage(&entry("a", vec![setting(1, "a")])).unwrap();
    assert!(journal.commit().is_err());
    drop(journal);

    disk.state().fault = Fault::None;
    let opened = Journal::open_with(&office.dir, None, true, disk.means()).unwrap();
    assert_eq!(opened.journal.head().seq, 1);
    disk.state().fault = Fault::PowerCut(Reach::Nothing, Remains::Nothing);
    disk.state().dead = true;
    disk.pull_the_plug(&office.dir);
    assert_eq!(office.open(SEGMENT_MAX).head().seq, 1);
}

#[test]
fn what_was_set_aside_survives_a_power_cut() {
    let office = Office::new();
    save(&mut office.open(SEGMENT_MAX), &entry("a", vec![setting(1, "a")]));
    let path = office.dir.join("000001.jsonl");
    let torn = fs::read(&path).unwrap()[..100].to_vec();
    fs::write(&path, &torn).unwrap();
    let cut = Fault::PowerCut(Reach::Nothing, Remains::Nothing);
    let disk = FaultyDisk::new(cut, u64::MAX, &office.dir);
    let opened = Journal::open_with(&office.dir, None, true, disk.means()).unwrap();
    disk.state().dead = true;
    disk.pull_the_plug(&office.dir);
    assert_eq!(fs::read(office.dir.join(opened.torn.unwrap())).unwrap(), torn);
    assert_eq!(office.open(SEGMENT_MAX).head(), Head::default());
}

#[test]
fn no_fault_while_the_office_opens_again_makes_it_worse() {
    let mut tried = 0;
    for remains in REMAINS {
        for at in 1.. {
            let cut = Fault::PowerCut(Reach::Half, remains);
            if !live(&Office::new(), cut, at).1 {
                break;
            }
            let second = [
                Fault::Fails(ErrorKind::StorageFull, Reach::Half, &[]),
                Fault::FailsFromThen(ErrorKind::Other, Reach::Half),
                Fault::PowerCut(Reach::Half, Remains::Nothing),
                Fault::PowerCut(Reach::Half, Remains::Half),
            ];
            for fault in second {
                for again in 1.. {
                    let office = Office::new();
                    let (told, _) = live(&office, cut, at);
                    let disk = FaultyDisk::new(fault, again, &office.dir);
                    let opened = Journal::open_with(&office.dir, None, true, disk.means()).unwrap();
                    let struck = disk.state().requests >= again;
                    assert_eq!(opened.locked.is_some(), struck);
                    if opened.locked.is_some() {
                        let mut journal = opened.journal;
                        let step = entry("x", vec![setting(1, "x")]);
                        assert!(matches!(journal.stage(&step), Err(JournalError::ReadOnly)));
                    }
                    disk.pull_the_plug(&office.dir);
                    let case = format!("{cut:?} at {at}, then {fault:?} at {again}");
                    check(&office, &told, None, &case);
                    if !struck {
                        break;
                    }
                    tried += 1;
                }
            }
        }
    }
    println!("{tried} faults tried while opening");
    assert!(tried > 100);
}

/// Means whose disk refuses everything.
pub(super) fn broken_disk() -> Means {
    let fault = Fault::FailsFromThen(ErrorKind::ReadOnlyFilesystem, Reach::Half);
    FaultyDisk::new(fault, 1, Path::new("")).means()
}
