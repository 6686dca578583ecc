//! A store that is read as it lies, without sled.

use std::fs;

use super::*;

const PLAJU: RecordId = RecordId { kind: Kind::Units, number: 1000 };

/// A store that sled has opened and closed without a change.
fn at_rest(dir: &Path) {
    let mut store = fresh(dir);
    apply(&mut store, 1, &[put(PLAJU, unit("Plaju")), put(id(Kind::Employees, 1000), employee(1))]);
    store.close().unwrap();
    let store = Store::open(dir, BOOT).unwrap();
    assert!(store.tree.is_awake(), "it was written to before");
    store.close().unwrap();
}

/// Twice as many as bring all of them together.
fn everybody_is_found_by_many(store: &Store) {
    for _ in 0..2 {
        let found = look_up_many(store, id(Kind::Employees, 1000));
        assert!(found.iter().all(Option::is_some));
    }
}

/// Every file below with what is in it and when it was written to.
fn files(dir: &Path) -> BTreeMap<std::path::PathBuf, (Vec<u8>, std::time::SystemTime)> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            let changed = fs::metadata(&path).unwrap().modified().unwrap();
            all.insert(path.clone(), (fs::read(&path).unwrap(), changed));
        }
    }
    all
}

#[test]
fn whoever_only_reads_leaves_every_file_as_it_was() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("store");
    at_rest(&dir);
    let before = files(&dir);
    for close in [true, false, true] {
        let store = Store::open(&dir, BOOT).unwrap();
        assert!(store.was_clean() && store.is_sound());
        assert_eq!(store.applied(), head(1));
        assert_eq!(store.by_key(Kind::Units, "name", "0/plaju").unwrap(), Some(1000));
        assert_eq!(content(&store.view()).unwrap().len(), 2);
        store.leave_proven(b"all").unwrap();
        fs::remove_file(dir.join("proven")).unwrap();
        assert!(!store.tree.is_awake());
        // A kill is no worse than closing.
        if close {
            store.close().unwrap();
        } else {
            drop(store);
        }
        assert_eq!(files(&dir), before);
    }
}

#[test]
fn the_first_write_opens_sled_for_everybody_who_reads() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("store");
    at_rest(&dir);
    let mut store = Store::open(&dir, BOOT).unwrap();
    let view = store.view();
    let mut met = Vec::new();
    let mut rows = view.tree.rows(&[]).unwrap();
    met.extend(rows.next().unwrap());
    apply(&mut store, 2, &[put(id(Kind::Units, 1001), unit("Sako"))]);
    assert!(!store.tree.is_awake(), "it is only owed yet");
    assert_eq!(content(&store).unwrap().len(), 3);
    store.settle().unwrap();
    assert!(store.tree.is_awake() && view.tree.is_awake());
    // Who was on the way goes on where they were.
    let mut count = 1;
    while rows.next().unwrap().is_some() {
        count += 1;
    }
    drop(rows);
    let mut all = store.tree.rows(&[]).unwrap();
    let mut whole = 0;
    while all.next().unwrap().is_some() {
        whole += 1;
    }
    drop(all);
    assert_eq!(count, whole);
    drop(view);
    // A kill now leaves a store in use.
    drop(store);
    let store = Store::open_as_left(&dir, BOOT).unwrap();
    assert!(!store.was_clean() && !store.is_sound());
    assert_eq!(store.applied(), head(2));
    store.prove().unwrap();
}

#[test]
fn what_is_only_owed_when_it_is_killed_is_in_the_journal_and_the_store_is_as_it_was() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("store");
    at_rest(&dir);
    let mut store = Store::open(&dir, BOOT).unwrap();
    apply(&mut store, 2, &[put(PLAJU, unit("Sako"))]);
    assert!(!store.tree.is_awake());
    drop(store);
    let mut store = Store::open(&dir, BOOT).unwrap();
    assert!(store.was_clean());
    assert_eq!(store.applied(), head(1));
    apply(&mut store, 2, &[put(PLAJU, unit("Sako"))]);
    store.close().unwrap();
    let store = Store::open(&dir, BOOT).unwrap();
    assert!(store.was_clean() && store.tree.is_awake());
    assert_eq!(store.applied(), head(2));
    store.prove().unwrap();
}

#[test]
fn of_another_boot_in_use_half_loaded_or_touched_sled_is_asked() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("store");
    let awake = |boot: &str| Store::open(&dir, boot).map(|store| store.tree.is_awake());
    at_rest(&dir);
    assert_eq!(awake(BOOT), Ok(false));
    assert_eq!(awake("boot-2"), Ok(true));
    fs::remove_dir_all(&dir).unwrap();
    at_rest(&dir);
    assert_eq!(awake(""), Ok(true));

    for mark in ["in-use", "clean"] {
        fs::remove_dir_all(&dir).unwrap();
        at_rest(&dir);
        fs::write(dir.join(mark), "of whoever").unwrap();
        assert_eq!(awake(BOOT), Ok(true), "{mark}");
    }
    fs::remove_dir_all(&dir).unwrap();
    at_rest(&dir);
    fs::write(dir.join("loading"), "").unwrap();
    assert!(awake(BOOT).is_err());

    fs::remove_dir_all(&dir).unwrap();
    at_rest(&dir);
    let db = fs::OpenOptions::new().append(true).open(dir.join("sled/db")).unwrap();
    db.set_modified(std::time::UNIX_EPOCH).unwrap();
    assert_eq!(awake(BOOT), Ok(true));
}

#[test]
fn a_proof_is_of_what_sled_reads_and_whoever_will_write_wakes_it_before() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("store");
    at_rest(&dir);
    let store = Store::open(&dir, BOOT).unwrap();
    store.view().prove_in_use().unwrap();
    assert!(store.tree.is_awake());
    store.close().unwrap();
    let store = Store::open_as_left(&dir, BOOT).unwrap();
    assert!(store.is_still());
    store.wake().unwrap();
    assert!(store.tree.is_awake() && !store.is_still());
    store.close().unwrap();
    assert!(!Store::open(&dir, BOOT).unwrap().tree.is_awake(), "nothing was written");
}

#[test]
fn a_store_whose_mark_has_gone_meanwhile_is_not_written_to() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("store");
    at_rest(&dir);
    let mut store = Store::open(&dir, BOOT).unwrap();
    // As if another program had opened it.
    fs::remove_file(dir.join("clean")).unwrap();
    apply(&mut store, 2, &[put(PLAJU, unit("Sako"))]);
    let error = store.settle().unwrap_err();
    assert!(error.means_rebuild(), "{error:?}");
    assert_eq!(store.get(id(Kind::Employees, 1000)).err(), Some(error));
}

#[test]
fn where_sled_cannot_be_opened_what_there_is_can_be_read_and_nothing_is_written() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("store");
    at_rest(&dir);
    let mut store = Store::open(&dir, BOOT).unwrap();
    // Whoever holds its files keeps sled out of them.
    let other = fs::OpenOptions::new().read(true).write(true).open(dir.join("sled/db")).unwrap();
    other.lock().unwrap();
    everybody_is_found_by_many(&store);
    assert!(store.is_still(), "not even whoever looks up many opens it");
    assert_eq!(store.wake(), Err(StoreError::Busy));
    assert!(!store.is_still(), "it is not tried again");
    assert_eq!(store.view().prove(), Err(StoreError::Busy), "by nobody else, and not as damage");
    assert_eq!(content(&store).unwrap().len(), 2);
    everybody_is_found_by_many(&store);
    let written = try_apply(&mut store, 2, &[put(PLAJU, unit("Sako"))]);
    assert_eq!(written, Err(StoreError::Busy));
    assert_eq!(content(&store).unwrap().len(), 2);
    store.close().unwrap();
    other.unlock().unwrap();
    drop(other);
    let store = Store::open(&dir, BOOT).unwrap();
    assert!(store.was_clean(), "nothing has touched it");
    assert_eq!(store.applied(), head(1));
}
