//! What is left of an office's day when the disk fails, fills up or loses its power at any
//! one of the things the journal asks of it: every acknowledged step and nothing half done.

use std::fs;
use std::io::ErrorKind;

use super::super::*;
use super::faulty_disk::{Fault, FaultyDisk, REACHES, REMAINS, Reach, Remains};
use super::{Office, entry, forwards, save, setting};
use crate::domain::change::Change;

/// What the officers were told.
#[derive(Default, Debug)]
pub(super) struct Told {
    /// Request and number of changes of every step called saved.
    pub saved: Vec<(String, usize)>,
    /// Steps of which nobody can say, in order.
    pub unsure: Vec<(String, usize)>,
    pub head: Head,
    refused: usize,
    /// Nothing can be written any more.
    stopped: bool,
}

impl Told {
    pub fn hear(
        &mut self,
        steps: &[(&str, usize)],
        result: &Result<Head, JournalError>,
        dead: bool,
    ) {
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

/// Its first part made ahead, as those of an import are.
pub(super) fn import(
    journal: &mut Journal,
    req: &str,
    parts: &[Vec<Change>],
) -> Result<Head, JournalError> {
    let ahead = parts.first().map(|first| journal.elements(first)).transpose()?;
    journal.begin_batch(entry(req, vec![]))?;
    if let Some(ahead) = &ahead {
        journal.part_of(ahead)?;
    }
    for part in parts.iter().skip(1) {
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
pub(super) fn found(journal: &Journal) -> Vec<(String, usize)> {
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

pub(super) fn check(office: &Office, told: &Told, trusted: Option<Head>, case: &str) {
    let disk = FaultyDisk::new(Fault::None, 0, &office.dir);
    let opened = Journal::open_with(&office.dir, trusted, trusted, disk.means()).unwrap();
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
    let again = Journal::open_with(&office.dir, None, None, disk.means()).unwrap();
    assert_eq!(found(&again.journal).len(), steps.len() + 1, "{case}");
    assert_eq!(again.journal.verify(&mut |_, _| true).unwrap().0, steps.len() as u64 + 1);
}

/// One day with one fault; returns whether it struck.
fn live(office: &Office, fault: Fault, at: u64) -> (Told, bool) {
    let disk = FaultyDisk::new(fault, at, &office.dir);
    let mut journal = Journal::open_with(&office.dir, None, None, disk.means()).unwrap().journal;
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
    println!(
        "faults: {tried} errors and power cuts at one request to the disk; {refused} steps refused, {unsure} left unsure"
    );
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
    let mut journal = Journal::open_with(&office.dir, None, None, disk.means()).unwrap().journal;
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
    let mut journal = Journal::open_with(&office.dir, None, None, disk.means()).unwrap().journal;
    journal.stage(&entry("a", vec![setting(1, "a")])).unwrap();
    assert!(journal.commit().is_err());
    drop(journal);
    disk.forget_nothing();

    disk.state().fault = Fault::None;
    let opened = Journal::open_with(&office.dir, None, None, disk.means()).unwrap();
    assert_eq!(opened.journal.head().seq, 1);
    disk.state().fault = Fault::PowerCut(Reach::Nothing, Remains::Nothing);
    disk.state().dead = true;
    disk.pull_the_plug(&office.dir);
    assert_eq!(office.open(SEGMENT_MAX).head().seq, 1);
}

#[test]
fn a_step_the_disk_did_not_confirm_is_written_again_before_it_is_shown_as_saved() {
    let office = Office::new();
    let disk = FaultyDisk::new(Fault::None, 0, &office.dir);
    let mut journal = Journal::open_with(&office.dir, None, None, disk.means()).unwrap().journal;
    let head = save(&mut journal, &entry("a", vec![setting(1, "a")]));
    let requests = disk.state().requests;
    disk.state().fault = Fault::Fails(ErrorKind::Other, Reach::All, &[]);
    disk.state().at = requests + 2;
    journal.stage(&entry("b", vec![setting(1, "b")])).unwrap();
    assert!(matches!(journal.commit(), Err(JournalError::Unsure)));
    drop(journal);

    let opened = Journal::open_with(&office.dir, Some(head), None, disk.means()).unwrap();
    assert_eq!(opened.journal.head().seq, 2);
    disk.state().fault = Fault::PowerCut(Reach::Nothing, Remains::Nothing);
    disk.state().dead = true;
    disk.pull_the_plug(&office.dir);
    assert_eq!(office.open(SEGMENT_MAX).head(), opened.journal.head());
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
    let opened = Journal::open_with(&office.dir, None, None, disk.means()).unwrap();
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
                    let opened = Journal::open_with(&office.dir, None, None, disk.means()).unwrap();
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
    println!("faults: {tried} more while opening after a power cut");
    assert!(tried > 100);
}
