//! Power cuts and damaged disks: whatever becomes of the files, the store is refused or
//! holds exactly what the journal said at the line it says it stands at.

use std::fs::{self, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::PathBuf;

use super::*;

/// What stood after each line, by the line's number.
type States = BTreeMap<u64, Vec<(RecordId, StoredRecord)>>;

/// A store of several of sled's segments, written by bulk load and line by line.
fn used_store(dir: &Path) -> (Store, States) {
    let mut store = fresh(dir);
    let mut states = States::from([(0, Vec::new())]);
    let person = |number: u32| {
        let mut changes = vec![put(id(Kind::Employees, number), employee(number))];
        changes.extend((0..9).map(|competency| {
            put(id(Kind::Ratings, number * 9 + competency), rating(number, competency, 3))
        }));
        changes
    };
    let mut bulk = store.bulk().unwrap();
    bulk.put(1, place(1), (1000..1400).flat_map(person).collect()).unwrap();
    bulk.list(1, vec![7; 60_000]).unwrap();
    bulk.finish(head(1)).unwrap();
    states.insert(1, content(&store).unwrap());
    for seq in 2..40 {
        let number = 1000 + (seq as u32 * 37) % 450;
        let mut changes = person(number);
        changes.push(delete(id(Kind::Ratings, (number + 1) * 9)));
        apply(&mut store, seq, &changes);
        states.insert(seq, content(&store).unwrap());
        if seq == 30 {
            store.flush().unwrap();
        }
    }
    (store, states)
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            all.extend(files(&entry.path()));
        } else {
            all.push(entry.path());
        }
    }
    all.sort();
    all
}

/// Does something to the files, and says what.
fn damage(dir: &Path, dice: &mut Dice) -> String {
    let files = files(dir);
    // Half of it where nearly all the bytes are.
    let db = files.iter().position(|file| file.ends_with("sled/db"));
    let choice = dice.roll(2 * files.len() as u64) as usize;
    let file = &files[if choice < files.len() { choice } else { db.unwrap() }];
    let length = fs::metadata(file).unwrap().len();
    let at = dice.roll(length);
    let mut open = OpenOptions::new().write(true).open(file).unwrap();
    let mut write_at = |at: u64, bytes: &[u8]| {
        open.seek(SeekFrom::Start(at)).unwrap();
        open.write_all(bytes).unwrap();
    };
    let what = match dice.roll(10) {
        0 => {
            open.set_len(at).unwrap();
            "cut off"
        }
        1 => {
            let noise = dice.noise(length);
            write_at(0, &noise);
            "filled with noise"
        }
        2 => {
            fs::remove_file(file).unwrap();
            "removed"
        }
        3 | 4 => {
            let block = 4096.min(length - at / 4096 * 4096);
            write_at(at / 4096 * 4096, &vec![0; block as usize]);
            "a block zeroed"
        }
        5 => {
            let block = 4096.min(length - at / 4096 * 4096);
            let noise = dice.noise(block);
            write_at(at / 4096 * 4096, &noise);
            "a block of noise"
        }
        6 => {
            let noise = dice.noise(300);
            write_at(length, &noise);
            "noise behind the end"
        }
        _ => {
            let byte = fs::read(file).unwrap().get(at as usize).copied().unwrap_or_default();
            write_at(at, &[byte ^ (1 << dice.roll(8))]);
            "a bit flipped"
        }
    };
    format!("{} of {length}: {what} at {at}", file.strip_prefix(dir).unwrap().display())
}

#[derive(Debug, Default)]
struct Outcomes {
    refused: u32,
    whole: u32,
    earlier: u32,
    found_on_reading: u32,
    found_by_proof: u32,
    broken_later: u32,
}

/// The office's view: it opens, or is refused; what can be read is a state that was.
fn outcome(dir: &Path, states: &States, what: &str, outcomes: &mut Outcomes) {
    let mut store = match Store::open(dir, BOOT) {
        Ok(store) => store,
        Err(error) => {
            assert!(error.means_rebuild(), "{what}: {error:?}");
            outcomes.refused += 1;
            return;
        }
    };
    let seq = store.applied().seq;
    match content(&store) {
        Err(error) => {
            assert!(error.means_rebuild(), "{what}: {error:?}");
            outcomes.found_on_reading += 1;
            return;
        }
        Ok(all) if all == states[&seq] => {}
        Ok(_) => {
            assert!(store.was_clean(), "{what}: trusted after a proof, and wrong");
            assert!(store.prove().is_err(), "{what}: wrong, and proven right");
            outcomes.found_by_proof += 1;
            return;
        }
    }
    if seq == *states.keys().last().unwrap() {
        outcomes.whole += 1;
    } else {
        outcomes.earlier += 1;
    }
    // And it goes on from there, or says that it cannot.
    let next = seq + 1;
    let changes = [put(id(Kind::Units, 1000), unit("Plaju"))];
    let written = try_apply(&mut store, next, &changes);
    let went_on = written.and_then(|()| store.close()).and_then(|()| {
        let store = Store::open(dir, "another boot")?;
        assert_eq!(store.applied().seq, next, "{what}");
        Ok(())
    });
    if let Err(error) = went_on {
        assert!(error.means_rebuild(), "{what}: {error:?}");
        outcomes.broken_later += 1;
    }
}

const DAMAGES: u32 = 200;

/// Does this to a copy of the store and looks what comes of it.
fn try_out(
    from: &Path,
    states: &States,
    outcomes: &mut Outcomes,
    act: impl FnOnce(&Path) -> String,
) {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("store");
    copy(from, &dir);
    let what = act(&dir);
    outcome(&dir, states, &what, outcomes);
}

#[test]
fn after_a_power_cut_at_any_moment_the_store_stands_at_an_earlier_line() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("store");
    let (mut store, mut states) = used_store(&dir);
    let mut outcomes = Outcomes::default();
    for seq in 40..80 {
        apply(&mut store, seq, &[put(id(Kind::Employees, 1000 + seq as u32), employee(7))]);
        states.insert(seq, content(&store).unwrap());
        if seq % 7 == 0 {
            store.flush().unwrap();
        }
        try_out(&dir, &states, &mut outcomes, |_| format!("cut after {seq}"));
    }
    assert_eq!(outcomes.whole + outcomes.earlier, 40, "{outcomes:?}");
    assert_eq!(outcomes.broken_later, 0);
    assert!(outcomes.earlier > 0 && outcomes.whole > 0, "{outcomes:?}");
}

#[test]
fn after_a_power_cut_on_a_damaged_disk_the_store_is_refused_or_right() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("store");
    let (store, states) = used_store(&dir);
    let cut = home.path().join("cut");
    copy(&dir, &cut);
    drop(store);

    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let mut outcomes = Outcomes::default();
    for _ in 0..DAMAGES {
        try_out(&cut, &states, &mut outcomes, |dir| damage(dir, &mut dice));
    }
    println!("faults: {DAMAGES} damages to a store after a power cut: {outcomes:?}");
    assert_eq!(outcomes.found_on_reading + outcomes.found_by_proof, 0);
    assert!(outcomes.refused > DAMAGES / 4, "the damages did damage");
}

/// The worst: a disk that changes bytes behind everyone's back, so that the files look as
/// they were left. Opening does not read everything; reading or proving finds it.
#[test]
fn a_disk_that_rots_after_a_clean_close_is_found_out_at_the_latest_by_a_proof() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("store");
    let (store, states) = used_store(&dir);
    store.close().unwrap();
    rot(&dir, &states, "a clean close", DAMAGES);
    // Read as it lies from here on.
    Store::open(&dir, BOOT).unwrap().close().unwrap();
    rot(&dir, &states, "a close without a change", DAMAGES / 4);
}

fn rot(dir: &Path, states: &States, after: &str, damages: u32) {
    let mut dice = Dice(0x2545_F491_4F6C_DD1D);
    let mut outcomes = Outcomes::default();
    for _ in 0..damages {
        try_out(dir, states, &mut outcomes, |copied| {
            let what = damage(copied, &mut dice);
            for file in files(copied) {
                let original = dir.join(file.strip_prefix(copied).unwrap());
                let changed = fs::metadata(original).unwrap().modified().unwrap();
                OpenOptions::new().append(true).open(file).unwrap().set_modified(changed).unwrap();
            }
            what
        });
    }
    println!("faults: {damages} damages to a store after {after}: {outcomes:?}");
    assert!(outcomes.refused + outcomes.found_on_reading > damages / 4, "they did damage");
}

#[test]
fn a_missing_or_empty_directory_is_no_store_and_a_strange_one_is_not_opened() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("store");
    assert_eq!(Store::open(&dir, BOOT).err(), Some(StoreError::Missing));
    fs::create_dir(&dir).unwrap();
    assert_eq!(Store::open(&dir, BOOT).err(), Some(StoreError::Missing));
    drop(fresh(&dir));
    assert!(Store::create(&dir, BOOT).is_err(), "never over another store");

    fs::write(dir.join("format"), "kompeten store 0\n").unwrap();
    assert_eq!(Store::open(&dir, BOOT).err(), Some(StoreError::OtherVersion));
    fs::remove_file(dir.join("format")).unwrap();
    assert_eq!(Store::open(&dir, BOOT).err(), Some(StoreError::Unproven { what: "format" }));
}
