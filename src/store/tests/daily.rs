//! What an office does with its store from day to day.

use super::*;

#[test]
fn what_was_saved_is_there_after_closing_and_opening() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("store");
    let mut store = fresh(&dir);
    let kecamatan = id(Kind::Units, 1000);
    apply(&mut store, 1, &[put(kecamatan, unit("Kecamatan Plaju"))]);
    apply(&mut store, 2, &[put(kecamatan, unit("Kecamatan Plaju Ulu"))]);
    store.leave_proven(b"all of it").unwrap();
    store.close().unwrap();

    let store = Store::open(&dir, BOOT).unwrap();
    assert!(store.was_clean());
    assert_eq!(store.proven().as_deref(), Some(&b"all of it"[..]));
    assert_eq!(store.applied(), head(2));
    let stored = store.get(kecamatan).unwrap().unwrap();
    assert_eq!(stored.rev, Revision(2));
    assert_eq!(stored.record, unit("Kecamatan Plaju Ulu").into());
    assert_eq!(store.trail(kecamatan).unwrap(), [version(1), version(2)]);
    assert_eq!(store.count(Kind::Units), 1);
    store.prove().unwrap();
}

#[test]
fn a_store_from_another_boot_or_with_touched_files_is_proven_first() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("store");
    let store = fresh(&dir);
    store.leave_proven(b"1").unwrap();
    store.close().unwrap();
    let store = Store::open(&dir, "boot-2").unwrap();
    assert!(!store.was_clean());
    assert_eq!(store.proven(), None, "what another boot had proven");
    store.leave_proven(b"2").unwrap();
    store.close().unwrap();

    let db = dir.join("sled/db");
    let file = std::fs::OpenOptions::new().append(true).open(db).unwrap();
    file.set_modified(std::time::UNIX_EPOCH).unwrap();
    let store = Store::open(&dir, "boot-2").unwrap();
    assert!(!store.was_clean());
    assert_eq!(store.proven().as_deref(), Some(&b"2"[..]), "the journal may be as it was");
    drop(store);
    assert!(!Store::open(&dir, "boot-2").unwrap().was_clean(), "it was not closed");
    assert!(!Store::open(&dir, "").unwrap().was_clean());
}

#[test]
fn a_store_left_in_use_in_this_boot_may_be_read_before_it_is_proven() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("store");
    let mut store = fresh(&dir);
    apply(&mut store, 1, &[put(id(Kind::Units, 1000), unit("Kecamatan Plaju"))]);
    store.flush().unwrap();
    assert!(store.is_sound());
    drop(store);

    let mut store = Store::open_as_left(&dir, BOOT).unwrap();
    assert!(!store.is_sound() && !store.was_clean());
    assert!(store.get(id(Kind::Units, 1000)).unwrap().is_some());
    store.prove().unwrap();
    store.trust();
    drop(store);
    let store = Store::open_as_left(&dir, BOOT).unwrap();
    assert!(!store.is_sound(), "in use once more");
    drop(store);
    let store = Store::open_as_left(&dir, BOOT).unwrap();
    assert!(store.is_sound(), "one that was killed before the proof is proven first");
    drop(store);
    let store = Store::open_as_left(&dir, "boot-2").unwrap();
    assert!(store.is_sound(), "proven in another boot");
    drop(store);
    assert!(Store::open_as_left(&dir, "").unwrap().is_sound(), "no boot is any boot");
}

#[test]
fn a_store_that_was_never_proven_is_not_closed_as_one_that_was() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("store");
    let mut store = fresh(&dir);
    apply(&mut store, 1, &[put(id(Kind::Units, 1000), unit("Plaju"))]);
    store.lose(id(Kind::Units, 1000)).unwrap();
    drop(store);
    Store::open_as_left(&dir, BOOT).unwrap().close().unwrap();
    let error = Store::open_as_left(&dir, BOOT).err();
    assert_eq!(error, Some(StoreError::Unproven { what: "units" }));

    let dir = home.path().join("closed");
    let mut store = fresh(&dir);
    apply(&mut store, 1, &[put(id(Kind::Units, 1000), unit("Plaju"))]);
    store.close().unwrap();
    let db = std::fs::OpenOptions::new().append(true).open(dir.join("sled/db")).unwrap();
    db.set_modified(std::time::UNIX_EPOCH).unwrap();
    assert!(Store::open_as_left(&dir, BOOT).unwrap().is_sound(), "touched: proven first");
}

#[test]
fn a_store_may_be_read_from_several_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Store>();
}

#[test]
fn a_store_in_use_is_not_broken() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("store");
    let _store = fresh(&dir);
    assert_eq!(Store::open(&dir, BOOT).err(), Some(StoreError::Busy));
    assert!(!StoreError::Busy.means_rebuild());
}

#[test]
fn a_name_belongs_to_one_record_and_is_freed_by_renaming_and_deleting() {
    let home = tempfile::tempdir().unwrap();
    let mut store = fresh(&home.path().join("store"));
    let (a, b) = (id(Kind::Units, 1000), id(Kind::Units, 1001));
    let find = |store: &Store, name: &str| store.by_key(Kind::Units, "name", name).unwrap();

    apply(&mut store, 1, &[put(a, unit("Plaju")), put(b, unit("Kalidoni"))]);
    assert_eq!(find(&store, "0/plaju"), Some(1000));
    assert_eq!(find(&store, "0/PLAJU"), Some(1000), "spelling does not matter");
    assert_eq!(store.by_key(Kind::Positions, "name", "0/plaju").unwrap(), None);

    // The two swap their names in one step.
    apply(&mut store, 2, &[put(a, unit("Kalidoni")), put(b, unit("Plaju"))]);
    assert_eq!(find(&store, "0/plaju"), Some(1001));
    assert_eq!(find(&store, "0/kalidoni"), Some(1000));

    apply(&mut store, 3, &[put(a, unit("Sako")), delete(b)]);
    assert_eq!(find(&store, "0/plaju"), None);
    assert_eq!(find(&store, "0/kalidoni"), None);
    assert_eq!(find(&store, "0/sako"), Some(1000));
    store.prove().unwrap();
}

#[test]
fn a_number_is_never_given_twice_even_after_a_deletion() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("store");
    let mut store = fresh(&dir);
    assert_eq!(store.next_number(Kind::Employees), 1000);
    // A built-in record that the office changed does not move its own numbers.
    apply(
        &mut store,
        1,
        &[put(id(Kind::Settings, 2), crate::domain::kinds::setting::Setting::default())],
    );
    assert_eq!(store.next_number(Kind::Settings), 1000);

    apply(&mut store, 2, &[put(id(Kind::Employees, 1007), employee(1007))]);
    apply(&mut store, 3, &[put(id(Kind::Ratings, 1003), rating(1007, 1, 3))]);
    apply(&mut store, 4, &[delete(id(Kind::Ratings, 1003)), delete(id(Kind::Employees, 1007))]);
    store.close().unwrap();
    let store = Store::open(&dir, BOOT).unwrap();
    assert_eq!(store.next_number(Kind::Employees), 1008);
    assert_eq!(store.next_number(Kind::Ratings), 1004);
    assert_eq!(store.count(Kind::Employees), 0);
    assert_eq!(store.count(Kind::Ratings), 0);
}

#[test]
fn a_deleted_record_keeps_its_trail() {
    let home = tempfile::tempdir().unwrap();
    let mut store = fresh(&home.path().join("store"));
    let (person, rated) = (id(Kind::Employees, 1000), id(Kind::Ratings, 1000));
    apply(&mut store, 1, &[put(person, employee(1)), put(rated, rating(1000, 1, 2))]);
    apply(&mut store, 2, &[delete(rated), delete(person)]);
    for gone in [person, rated] {
        assert_eq!(store.get(gone).unwrap(), None);
        assert_eq!(store.trail(gone).unwrap(), [version(1), version(2)]);
    }
    assert_eq!(content(&store).unwrap(), []);
    apply(&mut store, 3, &[put(rated, rating(1000, 1, 2))]);
    assert_eq!(store.trail(rated).unwrap().len(), 3);
    assert_eq!(store.get(rated).unwrap().unwrap().rev, Revision(3));
    assert_eq!(store.trail(id(Kind::Ratings, 5000)).unwrap(), []);
}

#[test]
fn ratings_and_enrolments_stand_in_the_pack_of_their_person() {
    let home = tempfile::tempdir().unwrap();
    let mut store = fresh(&home.path().join("store"));
    let changes = [
        put(id(Kind::Ratings, 1001), rating(1000, 2, 4)),
        put(id(Kind::Ratings, 1000), rating(1000, 1, 3)),
        put(id(Kind::Ratings, 1002), rating(2000, 1, 5)),
        put(id(Kind::Enrolments, 1000), enrolment(1000, 1000)),
    ];
    apply(&mut store, 1, &changes);
    let pack = store.pack(EmployeeId(1000)).unwrap();
    assert_eq!(
        pack.of::<Rating>().map(|(n, rev, row)| (n, rev, row.clone())).collect::<Vec<_>>(),
        [(1000, Revision(1), rating(1000, 1, 3)), (1001, Revision(1), rating(1000, 2, 4))]
    );
    assert_eq!(
        pack.of::<Enrolment>().collect::<Vec<_>>(),
        [(1000, Revision(1), &enrolment(1000, 1000))]
    );
    assert_eq!(store.pack(EmployeeId(3000)).unwrap(), Pack::default());

    // A rating entered for the wrong person moves, with its trail.
    apply(&mut store, 2, &[put(id(Kind::Ratings, 1001), rating(2000, 2, 4))]);
    assert_eq!(store.pack(EmployeeId(1000)).unwrap().of::<Rating>().count(), 1);
    let moved = store.pack(EmployeeId(2000)).unwrap();
    assert_eq!(moved.of::<Rating>().next(), Some((1001, Revision(2), &rating(2000, 2, 4))));
    assert_eq!(store.trail(id(Kind::Ratings, 1001)).unwrap(), [version(1), version(2)]);
    assert_eq!(store.count(Kind::Ratings), 3);

    let order: Vec<_> = content(&store).unwrap().into_iter().map(|(id, _)| id.number).collect();
    assert_eq!(order, [1000, 1001, 1002, 1000], "by id, not by person");
    let mut scanned = Vec::new();
    store
        .scan(Kind::Ratings, &mut |number, _| {
            scanned.push(number);
            Ok(scanned.len() < 2)
        })
        .unwrap();
    assert_eq!(scanned, [1000, 1001], "a scan ends when it is told to");
    store.prove().unwrap();
}

#[test]
fn undoing_a_step_restores_the_content_and_the_names() {
    let home = tempfile::tempdir().unwrap();
    let mut store = fresh(&home.path().join("store"));
    let kept = id(Kind::Units, 1000);
    apply(&mut store, 1, &[put(kept, unit("Plaju"))]);
    let records = |store: &Store| -> Vec<_> {
        content(store).unwrap().into_iter().map(|(id, stored)| (id, stored.record)).collect()
    };
    let names = |store: &Store| {
        store.summary.tallies[keys::part(&keys::name(Kind::Units, "", "")).unwrap()]
    };
    let (before, names_before) = (records(&store), names(&store));

    let changes = [
        put(kept, unit("Plaju Baru")),
        put(id(Kind::Units, 1001), unit("Sako")),
        put(id(Kind::Ratings, 1000), rating(1000, 1, 1)),
    ];
    let inverse: Vec<_> = changes
        .iter()
        .map(|change| {
            let before = store.get(change.id).unwrap().map(|stored| stored.record);
            Change { id: change.id, base: Revision(2), after: before }
        })
        .collect();
    apply(&mut store, 2, &changes);
    assert_ne!(records(&store), before);
    apply(&mut store, 3, &inverse);
    assert_eq!(records(&store), before);
    assert_eq!(names(&store), names_before);
    store.prove().unwrap();
}

#[test]
fn a_line_already_applied_is_refused_and_changes_nothing() {
    let home = tempfile::tempdir().unwrap();
    let mut store = fresh(&home.path().join("store"));
    apply(&mut store, 5, &[put(id(Kind::Units, 1000), unit("Plaju"))]);
    let changes = [put(id(Kind::Units, 1000), unit("Sako"))];
    for seq in [4, 5] {
        let req = RequestId::default();
        let step = Applied {
            head: head(5),
            place: place(5),
            seq,
            by: "siti",
            req: &req,
            changes: &changes,
            lists: &[],
        };
        assert_eq!(store.apply(step), Err(StoreError::Stale { seq, applied: 5 }));
    }
    assert_eq!(store.get(id(Kind::Units, 1000)).unwrap().unwrap().record, unit("Plaju").into());
}

#[test]
fn a_record_of_the_wrong_kind_is_refused_and_the_store_goes_on() {
    let home = tempfile::tempdir().unwrap();
    let mut store = fresh(&home.path().join("store"));
    for kind in [Kind::Units, Kind::Ratings] {
        let wrong = id(kind, 1000);
        let changes = [put(id(Kind::Units, 1001), unit("Sako")), put(wrong, employee(1))];
        let req = RequestId::default();
        let step = Applied {
            head: head(1),
            place: place(1),
            seq: 1,
            by: "siti",
            req: &req,
            changes: &changes,
            lists: &[],
        };
        assert_eq!(store.apply(step), Err(StoreError::Mismatched(wrong)));
    }
    assert_eq!(content(&store).unwrap(), []);
    apply(&mut store, 1, &[put(id(Kind::Units, 1000), unit("Plaju"))]);
    store.prove().unwrap();
}

#[test]
fn a_request_is_remembered_until_ten_thousand_newer_ones_have_come() {
    let home = tempfile::tempdir().unwrap();
    let mut store = fresh(&home.path().join("store"));
    let req = |seq: u64| RequestId(format!("request-{seq}"));
    let mut bulk = store.bulk().unwrap();
    for seq in 1..=REQUESTS_KEPT + 5 {
        bulk.request("siti", &req(seq), seq);
    }
    bulk.finish(head(REQUESTS_KEPT + 5)).unwrap();
    assert_eq!(store.request("siti", &req(5)).unwrap(), None);
    assert_eq!(store.request("siti", &req(6)).unwrap(), Some(6));

    // Some more are kept, so that the oldest need not be looked for every time.
    let last = REQUESTS_KEPT + 6 + FORGOTTEN_TOGETHER;
    for seq in REQUESTS_KEPT + 6..last {
        apply(&mut store, seq, &[]);
    }
    assert_eq!(store.request("siti", &req(6)).unwrap(), Some(6));
    apply(&mut store, last, &[]);
    let oldest = 6 + FORGOTTEN_TOGETHER;
    assert_eq!(store.request("siti", &req(oldest - 1)).unwrap(), None);
    assert_eq!(store.request("siti", &req(oldest)).unwrap(), Some(oldest));
    assert_eq!(store.request("siti", &req(last)).unwrap(), Some(last));
    assert_eq!(store.summary.count_of(&keys::REQUESTS_BY_SEQ), REQUESTS_KEPT + 1);
    assert_eq!(store.request("siti", &RequestId::default()).unwrap(), None);
    // Of another officer it is another request.
    assert_eq!(store.request("budi", &req(last)).unwrap(), None);
    store.prove().unwrap();
}

#[test]
fn lists_come_back_in_order_and_an_empty_chunk_goes() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("store");
    let mut store = fresh(&dir);
    let req = RequestId::default();
    let lists = [(2, vec![2; 60_000]), (1, vec![1; 20_000]), (300, vec![3])];
    let step = |seq| Applied {
        head: head(seq),
        place: place(seq),
        seq,
        by: "siti",
        req: &req,
        changes: &[],
        lists: &[],
    };
    store.apply(Applied { lists: &lists, ..step(1) }).unwrap();
    store.apply(Applied { lists: &[(300, Vec::new())], ..step(2) }).unwrap();
    store.close().unwrap();
    let store = Store::open(&dir, BOOT).unwrap();
    let mut read = Vec::new();
    store.list(&mut |chunk, bytes| read.push((chunk, bytes.to_vec()))).unwrap();
    assert_eq!(read, [(1, vec![1; 20_000]), (2, vec![2; 60_000])]);
}

#[test]
fn an_interrupted_bulk_load_is_never_trusted() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("store");
    let mut store = fresh(&dir);
    let mut bulk = store.bulk().unwrap();
    bulk.put(1, place(1), vec![put(id(Kind::Units, 1000), unit("Plaju"))]).unwrap();
    let interrupted = home.path().join("copy");
    copy(&dir, &interrupted);
    drop(bulk);
    assert!(matches!(store.get(id(Kind::Units, 1000)), Err(StoreError::Unproven { .. })));
    assert!(store.close().is_err());
    for dir in [dir, interrupted] {
        let refused = Store::open(&dir, BOOT).err().unwrap();
        assert!(matches!(refused, StoreError::Unproven { .. }), "{refused}");
        assert!(refused.means_rebuild());
    }
}

#[test]
fn a_bulk_load_comes_to_the_same_as_line_by_line() {
    let home = tempfile::tempdir().unwrap();
    let (mut one, mut other) = (fresh(&home.path().join("a")), fresh(&home.path().join("b")));
    let lines: Vec<Vec<Change>> = (0..60)
        .map(|line| {
            let person = 1000 + line / 2;
            let mut changes = vec![put(id(Kind::Employees, person), employee(person))];
            changes.extend((0..9).map(|c| {
                put(
                    id(Kind::Ratings, 1000 + (line * 7 + c) % 200),
                    rating(person, c, 1 + (line % 5) as u8),
                )
            }));
            if line % 5 == 4 {
                changes.push(delete(id(Kind::Employees, 1000 + line / 3)));
            }
            changes
        })
        .collect();
    for (seq, changes) in (1..).zip(&lines) {
        apply(&mut one, seq, changes);
    }
    let mut bulk = other.bulk().unwrap();
    for (seq, changes) in (1..).zip(&lines) {
        bulk.put(seq, place(seq), changes.clone()).unwrap();
        bulk.request("siti", &RequestId(format!("request-{seq}")), seq);
        if seq % 20 == 0 {
            assert!(bulk.so_far().unwrap().count(Kind::Ratings) > 0);
        }
    }
    bulk.finish(head(60)).unwrap();
    assert_eq!(one.summary, other.summary);
    assert_eq!(content(&one).unwrap(), content(&other).unwrap());
    other.prove().unwrap();
    other.close().unwrap();
    let other = Store::open(&home.path().join("b"), BOOT).unwrap();
    assert_eq!(content(&one).unwrap(), content(&other).unwrap());
}
