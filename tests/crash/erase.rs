//! A person is erased while the disk fails or the process ends at any one thing asked of
//! the disk: either nothing was done, or all of it is once the office has been opened again.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use kompeten::domain::kinds::employee::Status;
use kompeten::domain::record::{EmployeeId, Kind, Record, RecordId};
use kompeten::journal::{Journal, Means, NewEntry};
use kompeten::protocol::{Answer, DraftRecord, ListQuery, Mended, Problem, Request, Save};

use super::desk::{Desk, copy_folder, employee, files, own_folder, saved};
use super::disk::TestDisk;

/// Stands in everything about the person who is to be forgotten.
const MARKER: &str = "Marzuki";

/// An office over several segments, closed; and the person who has left it.
fn office(data: &Path) -> RecordId {
    let mut desk = Desk::at(data);
    desk.open_by(small(Means::default())).expect("an office");
    desk.fill();
    let person = desk.save(kompeten::domain::kinds::employee::Employee {
        name: MARKER.into(),
        email: format!("{MARKER}@example.id"),
        ..employee(900)
    });
    saved(desk.rate(person, 2, 4, "2026-02-01"));
    for number in 0..12 {
        saved(desk.rename(person, &format!("{MARKER} {number}")));
        desk.save(employee(700 + number));
    }
    let step = desk.step();
    let Answer::Record(Some(stored)) = desk.ask(Request::Get(person)) else { panic!("no record") };
    let Record::Employee(mut left) = stored.record else { panic!("no person") };
    left.status = Status::Retired;
    let draft = DraftRecord { id: Some(person), base: stored.rev, record: left.into() };
    saved(desk.ask(Request::Save(Save { step, drafts: vec![draft] })));
    desk.close();
    person
}

fn small(means: Means) -> Means {
    Means { segment_max: 3000, ..means }
}

fn erase(desk: &mut Desk, person: RecordId) -> Answer {
    let step = desk.step();
    desk.ask(Request::Erase { step, people: vec![EmployeeId(person.number)] })
}

fn names(desk: &mut Desk) -> Vec<kompeten::domain::value::Value> {
    let query = ListQuery { columns: vec!["name".into()], ..ListQuery::all(Kind::Employees) };
    let Answer::Page(page) = desk.ask(Request::List(query)) else { panic!("no page") };
    page.rows.into_iter().flat_map(|row| row.cells).collect()
}

fn holds_marker(data: &Path) -> Option<String> {
    let holds = |path: &&std::path::PathBuf| {
        let bytes = fs::read(path).expect("read");
        bytes.windows(MARKER.len()).any(|at| at == MARKER.as_bytes())
    };
    files(data).iter().find(holds).map(|path| path.display().to_string())
}

/// Everything is gone, and nothing else.
fn check(desk: &mut Desk, person: RecordId, people: usize, case: &str) {
    assert_eq!(holds_marker(desk.data()), None, "{case}");
    assert!(!desk.journal().join("erasing").exists(), "{case}");
    let names = names(desk);
    assert_eq!(names.len(), people, "{case}");
    let pseudonym = format!("Pegawai {}", person.number);
    let named = names.iter().filter(|name| format!("{name:?}").contains(&pseudonym));
    assert_eq!(named.count(), 1, "{case}");
    desk.verify();
}

#[test]
fn a_fault_at_anything_asked_of_the_disk_leaves_nobody_half_forgotten() {
    let folder = own_folder();
    let sound = folder.path().join("sound");
    let person = office(&sound);
    let mut whole = Desk::at(&sound);
    whole.open();
    let people = names(&mut whole).len();
    whole.close();
    let (mut tried, mut finished, mut not_begun) = (0, 0, 0);
    let kinds = [ErrorKind::StorageFull, ErrorKind::Other];
    for (kind, times, plug) in kinds.into_iter().flat_map(|kind| {
        [(1, false), (1, true), (u64::MAX, false), (u64::MAX, true)]
            .map(|(n, plug)| (kind, n, plug))
    }) {
        for at in 1.. {
            let case = format!("{kind:?} {times} times at {at}, plug {plug}");
            let place = own_folder();
            let data = place.path().join("data");
            copy_folder(&sound, &data);
            let disk = TestDisk::default();
            let mut desk = Desk::at(&data);
            desk.open_by(small(disk.means())).expect("an office");
            disk.fail(at, times, kind);
            let answer = erase(&mut desk, person);
            let struck = disk.struck();
            // What can still be read, reads.
            assert_eq!(names(&mut desk).len(), people, "{case}");
            desk.kill();
            disk.mend();
            if plug {
                disk.pull_the_plug();
            }
            let info = desk.open();
            assert_eq!(info.read_only, None, "{case}");
            let done = !format!("{:?}", names(&mut desk)).contains(MARKER);
            match &answer {
                Answer::Saved(_) => assert!(done, "{case}"),
                Answer::Refused(Problem::ErasureUnfinished(_)) => {
                    assert!(done, "{case}");
                    assert!(info.mended.contains(&Mended::ErasureFinished), "{case}");
                    finished += 1;
                }
                Answer::Refused(_) => {}
                other => panic!("{case}: {other:?}"),
            }
            if !done {
                not_begun += 1;
                saved(erase(&mut desk, person));
            }
            check(&mut desk, person, people, &case);
            desk.close();
            desk.open();
            check(&mut desk, person, people, &case);
            if !struck {
                assert!(matches!(answer, Answer::Saved(_)), "{case}");
                break;
            }
            tried += 1;
        }
    }
    println!("{tried} faults tried: {not_begun} not begun, {finished} finished on opening");
    assert!(tried > 80 && finished > 0 && not_begun > 0);
}

#[test]
fn an_office_killed_before_its_store_was_made_anew_makes_it_on_opening() {
    let folder = own_folder();
    let data = folder.path().join("data");
    let person = office(&data);
    let mut desk = Desk::at(&data);
    desk.open();
    let people = names(&mut desk).len();
    let Answer::Person(whole) = desk.ask(Request::Person(EmployeeId(person.number))) else {
        panic!("no person")
    };
    desk.close();
    fs::create_dir_all(data.join("store.aside-1")).expect("a folder");
    fs::write(data.join("store.aside-1/old"), MARKER).expect("written");
    // All that the office would have done before it was killed.
    let journal = Journal::open_with(&desk.journal(), None, None, small(Means::default()));
    let mut journal = journal.expect("a journal").journal;
    journal.begin_erasure().expect("a mark");
    let id = EmployeeId(person.number);
    let mut changes = Vec::new();
    let mut last: Vec<kompeten::domain::change::Change> = Vec::new();
    journal
        .replay(None, &mut |line| {
            for change in line.changes.into_iter().filter(|change| change.person() == Some(id)) {
                last.retain(|known| known.id != change.id);
                last.push(change);
            }
            Ok(true)
        })
        .expect("read");
    for mut change in last {
        let record = change.after.take().expect("a record");
        change.after = kompeten::domain::pseudonym::pseudonymised(id, &record);
        changes.push(change);
    }
    let entry = NewEntry {
        at: super::desk::now(),
        by: "siti".into(),
        via: kompeten::domain::change::Via::Cli,
        req: kompeten::domain::change::RequestId("erase".into()),
        undoes: None,
        why: String::new(),
        changes,
        erases: vec![id],
        reasons: vec![],
    };
    journal.stage(&entry).expect("staged");
    journal.commit().expect("committed");
    let wanted = journal.erasable(&mut |_| {}, &mut |_, _| {}).expect("looked through");
    journal.erase(wanted, &mut |_, _| {}).expect("taken out");
    drop(journal);

    let info = desk.open();
    assert!(info.mended.contains(&Mended::ErasureFinished), "{:?}", info.mended);
    check(&mut desk, person, people, "killed");
    let Answer::Person(now) = desk.ask(Request::Person(id)) else { panic!("no person") };
    assert_eq!((now.cells, now.figures), (whole.cells, whole.figures));
}
