//! Random changes against a plain map: whatever an office does, the store holds the same.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::codec::arbitrary;
use crate::domain::belongs::Home;

fn change() -> impl Strategy<Value = Change> {
    (select(Kind::ALL.to_vec()), prop_oneof![1_u32..4, 1000_u32..1006, 1126_u32..1130])
        .prop_flat_map(|(kind, number)| {
            let after = prop_oneof![
                3 => arbitrary::of_kind(kind).prop_map(Some),
                1 => Just(None),
            ];
            after.prop_map(move |after| Change { id: id(kind, number), base: Revision(0), after })
        })
}

#[derive(Debug, Clone)]
enum Step {
    Apply(Vec<Change>),
    Bulk(Vec<Vec<Change>>),
    Close,
    Crash,
    /// A crash of what memory alone had.
    Lost,
}

fn step() -> impl Strategy<Value = Step> {
    let changes = || prop::collection::vec(change(), 1..6);
    prop_oneof![
        8 => changes().prop_map(Step::Apply),
        1 => prop::collection::vec(changes(), 1..4).prop_map(Step::Bulk),
        1 => Just(Step::Close),
        1 => Just(Step::Crash),
        1 => Just(Step::Lost),
    ]
}

#[derive(Default)]
struct Model {
    records: BTreeMap<RecordId, StoredRecord>,
    trails: BTreeMap<RecordId, Vec<Version>>,
    names: BTreeMap<(Kind, String, String), u32>,
}

impl Model {
    fn change(&mut self, seq: u64, change: &Change) {
        let id = change.id;
        let owned = id.kind.home() == Home::WithPerson;
        // What never was and is deleted has no owner to keep its trail with.
        if !owned || change.after.is_some() || self.trails.contains_key(&id) {
            self.trails.entry(id).or_default().push(version(seq));
        }
        let name =
            |key: crate::domain::record::NaturalKey| (id.kind, key.field.to_string(), key.text);
        let new: BTreeSet<_> =
            change.after.iter().filter(|_| !owned).flat_map(Record::keys).map(name).collect();
        let old = self.records.remove(&id);
        let after = change.after.clone().map(|record| record.onto(old.as_ref().map(|o| &o.record)));
        if let Some(old) = old {
            for key in old.record.keys().into_iter().map(name) {
                if !new.contains(&key) && self.names.get(&key) == Some(&id.number) {
                    self.names.remove(&key);
                }
            }
        }
        self.names.extend(new.into_iter().map(|name| (name, id.number)));
        if let Some(record) = after {
            self.records.insert(id, StoredRecord { rev: Revision(seq), record });
        }
    }

    fn line(&mut self, seq: u64, changes: &[Change]) {
        for change in changes {
            self.change(seq, change);
        }
    }

    fn is_what_stands_in(&self, store: &Store) {
        // Once of what sled is still owed, for walks make it settle, and once of what it has.
        self.is_found_in(store);
        let all: Vec<_> = self.records.clone().into_iter().collect();
        assert_eq!(content(store).unwrap(), all);
        store.settle().unwrap();
        self.is_found_in(store);
        self.is_walked_in(store);
        store.prove().unwrap();
    }

    fn is_found_in(&self, store: &Store) {
        for (id, trail) in &self.trails {
            assert_eq!(store.get(*id).unwrap().as_ref(), self.records.get(id));
            assert_eq!(&store.trail(*id).unwrap(), trail);
        }
        for ((kind, field, text), number) in &self.names {
            assert_eq!(store.by_key(*kind, field, text).unwrap(), Some(*number));
        }
    }

    fn is_walked_in(&self, store: &Store) {
        let names = store.summary.count_of(&keys::name(Kind::Units, "", ""));
        assert_eq!(names, self.names.len() as u64);
        for kind in Kind::ALL {
            let of_kind = |id: &&RecordId| id.kind == kind;
            assert_eq!(store.count(kind), self.records.keys().filter(of_kind).count() as u64);
            let mut scanned = 0;
            store
                .scan(kind, &mut |number, stored| {
                    assert_eq!(self.records.get(&id(kind, number)), Some(&stored));
                    scanned += 1;
                    Ok(true)
                })
                .unwrap();
            assert_eq!(scanned, store.count(kind));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_done_the_store_holds_what_a_plain_map_would(
        steps in prop::collection::vec(step(), 1..14),
    ) {
        let home = tempfile::tempdir().unwrap();
        let mut dir = home.path().join("0");
        let mut store = fresh(&dir);
        let mut model = Model::default();
        let mut seq = 0;
        let mut lines: Vec<(u64, Vec<Change>)> = Vec::new();
        for (round, step) in steps.into_iter().enumerate() {
            match step {
                Step::Apply(changes) => {
                    seq += 1;
                    apply(&mut store, seq, &changes);
                    model.line(seq, &changes);
                    lines.push((seq, changes));
                }
                Step::Bulk(lines) => {
                    let mut bulk = store.bulk().unwrap();
                    for changes in lines {
                        seq += 1;
                        bulk.put(seq, place(seq), changes.clone()).unwrap();
                        model.line(seq, &changes);
                    }
                    bulk.finish(head(seq)).unwrap();
                }
                Step::Close => {
                    store.close().unwrap();
                    store = Store::open(&dir, BOOT).unwrap();
                    prop_assert!(store.was_clean());
                }
                Step::Crash => {
                    store.flush().unwrap();
                    let after = home.path().join(format!("{}", round + 1));
                    copy(&dir, &after);
                    store = Store::open(&after, BOOT).unwrap();
                    dir = after;
                    prop_assert!(!store.was_clean());
                }
                Step::Lost => {
                    let after = home.path().join(format!("{}", round + 1));
                    copy(&dir, &after);
                    store = Store::open(&after, BOOT).unwrap();
                    dir = after;
                    // Whole lines only; the journal has the rest.
                    store.prove().unwrap();
                    let stands = store.applied().seq;
                    for (seq, changes) in lines.iter().filter(|(seq, _)| *seq > stands) {
                        apply(&mut store, *seq, changes);
                    }
                }
            }
            prop_assert_eq!(store.applied().seq, seq);
        }
        model.is_what_stands_in(&store);
    }
}
