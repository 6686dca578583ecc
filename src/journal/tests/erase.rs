//! What the law says must go is gone from every file of the journal, whatever the disk does
//! meanwhile; everything else, and the proof of all of it, stands as it stood.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use proptest::prelude::*;

use super::super::*;
use super::faulty_disk::{Fault, FaultyDisk, Reach, Remains};
use super::{Office, counted_salts, entry, forwards, means, newest_first, save, setting};
use crate::domain::change::Change;
use crate::domain::kinds::employee::Employee;
use crate::domain::kinds::rating::Rating;
use crate::domain::record::{EmployeeId, Kind, Record, RecordId, Revision};

/// Stands in every value of the person who is to be forgotten.
const MARKER: &str = "Marzuki";
/// Three versions of their record, two ratings, five reasons.
const THEIRS: u64 = 10;
const PERSON: EmployeeId = EmployeeId(1000);

fn person(number: u32, name: &str) -> Change {
    let record = Employee { name: name.into(), ..Employee::default() };
    change(Kind::Employees, number, Some(record.into()))
}

fn rating(number: u32, employee: u32, evidence: &str) -> Change {
    let employee = EmployeeId(employee);
    let record = Rating { employee, evidence: evidence.into(), ..Rating::default() };
    change(Kind::Ratings, number, Some(record.into()))
}

fn change(kind: Kind, number: u32, after: Option<Record>) -> Change {
    Change { id: RecordId::new(kind, number), base: Revision(0), after }
}

fn because(why: &str, changes: Vec<Change>) -> NewEntry {
    NewEntry { why: why.into(), ..entry("r", changes) }
}

fn import(journal: &mut Journal, why: &str, parts: &[Vec<Change>]) {
    journal.begin_batch(because(why, vec![])).unwrap();
    for part in parts {
        journal.part(part).unwrap();
    }
    journal.commit_batch().unwrap();
}

/// Years of an office, over several segments.
fn history(journal: &mut Journal) {
    save(journal, &entry("a", vec![setting(1, "Kota Palembang")]));
    save(journal, &because("Pindahan Marzuki", vec![person(1000, MARKER), person(1001, "Siti")]));
    save(journal, &because("Data Siti", vec![person(1001, "Siti A.")]));
    let parts = [
        vec![rating(1000, 1001, "Siti baik"), rating(1001, 1001, "Siti cukup")],
        vec![rating(1002, 1000, "Marzuki baik"), rating(1003, 1001, "Siti lagi")],
        vec![rating(1004, 1000, "Marzuki cukup")],
    ];
    import(journal, "Uji kompetensi Marzuki", &parts);
    save(journal, &because("Salah: Marzuki", vec![change(Kind::Ratings, 1004, None)]));
    save(journal, &because("Salah: Siti", vec![change(Kind::Ratings, 1003, None)]));
    save(journal, &because("Marzuki naik", vec![person(1000, "Drs. Marzuki")]));
    for number in 0..8 {
        save(journal, &entry("s", vec![setting(2, &format!("hari {number}"))]));
    }
    save(journal, &because("Marzuki pensiun", vec![person(1000, "H. Marzuki")]));
    save(journal, &because("SK 7", vec![setting(3, "WIB")]));
}

/// The entry that says who is to be forgotten.
fn pseudonym() -> NewEntry {
    let changes = vec![person(1000, "Pegawai 1000"), rating(1002, 1000, "")];
    NewEntry { erases: vec![PERSON], ..because("Masa simpan habis", changes) }
}

fn take_out(journal: &mut Journal) -> Result<u64, JournalError> {
    let wanted = journal.erasable(&mut |_| {}, &mut |_, _| {})?;
    let values = wanted.values;
    journal.erase(wanted, &mut |_, _| {})?;
    journal.end_erasure()?;
    Ok(values)
}

fn forget(journal: &mut Journal) -> Result<u64, JournalError> {
    journal.begin_erasure()?;
    journal.stage(&pseudonym())?;
    journal.commit()?;
    take_out(journal)
}

/// Every byte in the folder.
fn bytes(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let read = |entry: fs::DirEntry| {
        (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())
    };
    fs::read_dir(dir).unwrap().map(|entry| read(entry.unwrap())).collect()
}

fn holds_marker(dir: &Path) -> bool {
    let holds = |bytes: &Vec<u8>| bytes.windows(MARKER.len()).any(|at| at == MARKER.as_bytes());
    bytes(dir).values().any(holds)
}

fn hashes(journal: &Journal) -> Vec<Hash> {
    forwards(journal, None).into_iter().map(|line| line.hash).collect()
}

/// What everybody else's lines say.
fn others(journal: &Journal) -> Vec<Change> {
    let lines = forwards(journal, None);
    let changes = lines.into_iter().flat_map(|line| line.changes);
    changes.filter(|change| change.person() != Some(PERSON)).collect()
}

#[test]
fn a_person_is_forgotten_and_everybody_else_stands_as_they_stood() {
    let office = Office::new();
    let mut journal = office.open(2000);
    history(&mut journal);
    assert!(journal.stamps().len() > 2, "several segments");
    let (before, stood) = (bytes(&office.dir), others(&journal));
    let mut proof = hashes(&journal);
    assert_eq!(forget(&mut journal).unwrap(), THEIRS);
    assert!(!holds_marker(&office.dir));
    assert!(!is_erasing(&office.dir));
    assert_eq!(others(&journal), stood);

    // Written on in the same sitting, and read again in the next one.
    save(&mut journal, &entry("next", vec![setting(1, "x")]));
    let head = journal.head();
    let journal = office.open(2000);
    assert_eq!(journal.head(), head);
    let (entries, proven, erased) = journal.verify(&mut |_, _| true).unwrap();
    assert_eq!((entries, proven, erased), (head.seq, head, THEIRS));
    assert!(!holds_marker(&office.dir));
    let found = hashes(&journal);
    proof.extend_from_slice(&found[proof.len()..]);
    assert_eq!(found, proof, "no hash has changed");
    let mut backwards = newest_first(&journal, None);
    backwards.reverse();
    assert_eq!(backwards, forwards(&journal, None));
    // A reason given for others, and segments without anything of theirs, stay.
    let whys: Vec<_> = forwards(&journal, None).into_iter().map(|line| line.why).collect();
    for kept in ["Data Siti", "Salah: Siti", "SK 7", "Masa simpan habis"] {
        assert!(whys.iter().any(|why| why == kept), "{kept}");
    }
    let untouched =
        bytes(&office.dir).iter().filter(|(name, is)| before.get(*name) == Some(is)).count();
    assert!(untouched > 0);
    for name in bytes(&office.dir).keys() {
        let mode = fs::metadata(office.dir.join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn what_was_erased_by_hand_after_it_was_signed_off_is_still_found_altered() {
    let office = Office::new();
    let mut journal = office.open(2000);
    history(&mut journal);
    forget(&mut journal).unwrap();
    drop(journal);
    let path = office.dir.join("000001.jsonl");
    let text = fs::read_to_string(&path).unwrap().replacen("Siti A.", "Siti B.", 1);
    fs::write(&path, text).unwrap();
    assert!(office.look(None, true, 2000).damage.is_some());
}

#[test]
fn two_people_are_forgotten_one_after_the_other() {
    let office = Office::new();
    let mut journal = office.open(2000);
    history(&mut journal);
    forget(&mut journal).unwrap();
    journal.begin_erasure().unwrap();
    let siti = EmployeeId(1001);
    let step = NewEntry { erases: vec![siti], ..entry("e", vec![person(1001, "Pegawai 1001")]) };
    save(&mut journal, &step);
    take_out(&mut journal).unwrap();
    let journal = office.open(2000);
    let left = forwards(&journal, None).into_iter().flat_map(|line| line.changes);
    let named = left.filter(|change| change.after.is_some() && change.person().is_some());
    assert_eq!(named.count(), 3, "only what the two last entries wrote");
}

#[test]
fn a_store_made_before_the_erasure_is_told_that_lines_stand_elsewhere() {
    let office = Office::new();
    let mut journal = office.open(SEGMENT_MAX);
    history(&mut journal);
    let applied = journal.head();
    forget(&mut journal).unwrap();
    drop(journal);
    let opened = office.look(Some(applied), true, SEGMENT_MAX);
    assert_eq!((opened.standing, opened.damage), (Standing::Moved, None));
    assert!(opened.journal.head().seq > applied.seq);
}

#[test]
fn torn_ends_that_were_set_aside_go_as_well() {
    let office = Office::new();
    let mut journal = office.open(2000);
    history(&mut journal);
    drop(journal);
    fs::write(office.dir.join("torn-000001-7.txt"), MARKER).unwrap();
    fs::write(office.dir.join("000001.jsonl.new"), MARKER).unwrap();
    forget(&mut office.open(2000)).unwrap();
    assert!(!holds_marker(&office.dir));
}

#[test]
fn nothing_is_taken_out_while_a_step_is_under_way_or_the_journal_is_damaged() {
    let office = Office::new();
    let mut journal = office.open(2000);
    history(&mut journal);
    journal.begin_batch(entry("import", vec![])).unwrap();
    assert!(matches!(forget(&mut journal), Err(JournalError::Busy)));
    journal.cancel_batch().unwrap();
    drop(journal);
    let path = office.dir.join("000001.jsonl");
    fs::write(&path, fs::read(&path).unwrap().split_off(1)).unwrap();
    let mut journal = office.look(None, true, 2000).journal;
    assert!(matches!(forget(&mut journal), Err(JournalError::ReadOnly)));
    assert!(!is_erasing(&office.dir));
}

/// A copy of an office to wreck.
fn copy(of: &Path) -> Office {
    let office = Office::new();
    fs::create_dir(&office.dir).unwrap();
    for (name, bytes) in bytes(of) {
        fs::write(office.dir.join(name), bytes).unwrap();
    }
    office
}

fn faults() -> Vec<Fault> {
    let mut faults = Vec::new();
    for reach in [Reach::Nothing, Reach::Half, Reach::All] {
        for kind in [ErrorKind::StorageFull, ErrorKind::Other] {
            faults.push(Fault::Fails(kind, reach, &[]));
            faults.push(Fault::FailsFromThen(kind, reach));
        }
        for remains in
            [Remains::Nothing, Remains::Half, Remains::HalfThenZeros, Remains::Everything]
        {
            faults.push(Fault::PowerCut(reach, remains));
        }
    }
    faults
}

#[test]
fn no_fault_of_the_disk_leaves_a_person_half_forgotten_or_anything_else_lost() {
    let first = Office::new();
    history(&mut first.open(2000));
    let sound = first.open(2000);
    let (stood, signed) = (others(&sound), hashes(&sound));
    let (mut tried, mut never_begun, mut finished) = (0, 0, 0);
    for fault in faults() {
        for at in 1.. {
            let case = format!("{fault:?} at request {at}");
            let office = copy(&first.dir);
            let disk = FaultyDisk::new(Fault::None, 0, &office.dir);
            let mut journal =
                Journal::open_with(&office.dir, None, None, disk.means()).unwrap().journal;
            {
                let mut state = disk.state();
                state.at = state.requests + at;
                state.fault = fault;
            }
            let told = forget(&mut journal);
            let struck = {
                let state = disk.state();
                state.requests >= state.at
            };
            // What is still read in the same sitting proves itself.
            journal.verify(&mut |_, _| true).expect(&case);
            drop(journal);
            disk.pull_the_plug(&office.dir);

            let again = Means { salts: counted_salts(), ..means(2000) };
            let opened = Journal::open_with(&office.dir, None, None, again).unwrap();
            assert_eq!(opened.damage, None, "{case}");
            let mut journal = opened.journal;
            let said = journal.head().seq > sound.head().seq;
            assert!(said || told.is_err(), "{case}: an acknowledged entry is gone");
            if said {
                assert!(is_erasing(&office.dir) || !holds_marker(&office.dir), "{case}");
                finished += u64::from(is_erasing(&office.dir));
            } else {
                never_begun += 1;
                save(&mut journal, &pseudonym());
            }
            take_out(&mut journal).expect(&case);
            assert!(!holds_marker(&office.dir), "{case}");
            assert!(!is_erasing(&office.dir), "{case}");
            let journal = office.open(2000);
            assert_eq!(others(&journal), stood, "{case}");
            assert_eq!(hashes(&journal)[..signed.len()], signed, "{case}");
            assert_eq!(journal.verify(&mut |_, _| true).unwrap().2, THEIRS, "{case}");
            if !struck {
                break;
            }
            tried += 1;
        }
    }
    println!("{tried} faults tried: {never_begun} never begun, {finished} finished on opening");
    assert!(tried > 300 && never_begun > 0 && finished > 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_person_of_any_office_is_forgotten(
        steps in prop::collection::vec(
            (prop::collection::vec((0..3_u32, 0..4_u32, 0..4_u32, any::<bool>()), 1..5), any::<bool>()),
            1..12,
        ),
        whom in 0..4_u32,
        segment_max in 1..4000_u64,
    ) {
        let office = Office::new();
        let mut journal = office.open(segment_max);
        let name = |person: u32| format!("<{person}>");
        // Whose each rating is, as it was written last.
        let mut owners: BTreeMap<u32, u32> = BTreeMap::new();
        for (made, large) in steps {
            let mut about = Vec::new();
            let changes: Vec<_> = made
                .into_iter()
                .map(|(what, number, of, gone)| match (what, gone) {
                    (0, _) => {
                        about.push(number);
                        person(number, &name(number))
                    }
                    (1, false) => {
                        owners.insert(number, of);
                        about.push(of);
                        rating(number, of, &name(of))
                    }
                    (1, true) => {
                        about.extend(owners.remove(&number));
                        change(Kind::Ratings, number, None)
                    }
                    _ => setting(number, "x"),
                })
                .collect();
            let why: String = about.iter().map(|person| name(*person)).collect();
            if large {
                let parts: Vec<_> = changes.chunks(2).map(<[Change]>::to_vec).collect();
                import(&mut journal, &why, &parts);
            } else {
                save(&mut journal, &because(&why, changes));
            }
        }
        let others = |journal: &Journal| -> Vec<Change> {
            let lines = forwards(journal, None).into_iter().flat_map(|line| line.changes);
            lines.filter(|change| change.person() != Some(EmployeeId(whom))).collect()
        };
        let (stood, signed) = (others(&journal), hashes(&journal));
        let step = entry("e", vec![person(whom, "Pegawai")]);
        save(&mut journal, &NewEntry { erases: vec![EmployeeId(whom)], ..step });
        let wanted = journal.erasable(&mut |_| {}, &mut |_, _| {}).unwrap();
        journal.erase(wanted, &mut |_, _| {}).unwrap();
        for bytes in bytes(&office.dir).into_values() {
            prop_assert!(!String::from_utf8(bytes).unwrap().contains(&name(whom)));
        }
        let journal = office.open(segment_max);
        prop_assert_eq!(&hashes(&journal)[..signed.len()], &signed[..]);
        prop_assert_eq!(others(&journal), stood);
        let nothing_left = journal.erasable(&mut |_| {}, &mut |_, _| {}).unwrap();
        prop_assert_eq!(nothing_left.values, 0);
    }
}
