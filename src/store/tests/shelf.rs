//! Very many people looked up one after the other: what stands on the shelf is what sled has.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::codec::arbitrary;

const PEOPLE: std::ops::Range<u32> = 1000..1012;

fn person(number: u32) -> RecordId {
    id(Kind::Employees, number)
}

#[derive(Debug, Clone)]
enum Step {
    Write(Vec<Change>),
    Bulk(Vec<Change>),
    Settle,
    Many,
    Lose(u32),
}

fn step() -> impl Strategy<Value = Step> {
    let change = (PEOPLE, prop::option::of(arbitrary::of_kind(Kind::Employees)))
        .prop_map(|(number, after)| Change { id: person(number), base: Revision(0), after });
    let changes = || prop::collection::vec(change.clone(), 1..4);
    prop_oneof![
        4 => changes().prop_map(Step::Write),
        1 => changes().prop_map(Step::Bulk),
        2 => Just(Step::Settle),
        3 => Just(Step::Many),
        1 => PEOPLE.prop_map(Step::Lose),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn people_looked_up_many_at_once_are_as_they_were_last_saved(
        steps in prop::collection::vec(step(), 1..20),
    ) {
        let home = tempfile::tempdir().unwrap();
        let mut store = fresh(&home.path().join("0"));
        let mut stand: BTreeMap<u32, Record> = BTreeMap::new();
        for (seq, step) in (1..).zip(steps) {
            let mut note = |changes: &[Change]| {
                for Change { id, after, .. } in changes {
                    let before = stand.remove(&id.number);
                    let after = after.clone().map(|record| record.onto(before.as_ref()));
                    stand.extend(after.map(|record| (id.number, record)));
                }
            };
            match step {
                Step::Write(changes) => {
                    apply(&mut store, seq, &changes);
                    note(&changes);
                }
                Step::Bulk(changes) => {
                    let mut bulk = store.bulk().unwrap();
                    bulk.put(seq, place(seq), changes.clone()).unwrap();
                    bulk.finish(head(seq)).unwrap();
                    note(&changes);
                }
                Step::Settle => store.settle().unwrap(),
                Step::Many => drop(look_up_many(&store, person(PEOPLE.start))),
                Step::Lose(number) => {
                    store.lose(person(number)).unwrap();
                    stand.remove(&number);
                }
            }
            for number in PEOPLE {
                let found = store.get(person(number)).unwrap().map(|stored| stored.record);
                prop_assert_eq!(found.as_ref(), stand.get(&number));
            }
        }
    }
}

#[test]
fn the_shelf_stands_for_many_and_not_for_a_few_nor_once_most_of_it_is_written_to() {
    let home = tempfile::tempdir().unwrap();
    let mut store = fresh(&home.path().join("0"));
    let all: Vec<Change> = PEOPLE.map(|number| put(person(number), employee(number))).collect();
    apply(&mut store, 1, &all);
    look_up_many(&store, person(PEOPLE.start));
    assert!(!store.tree.shelf_stands(), "what is owed is not written for it");
    store.settle().unwrap();
    let view = store.view();
    for number in PEOPLE {
        store.get(person(number)).unwrap();
    }
    look_up_many(&store, person(PEOPLE.start));
    assert!(store.tree.shelf_stands());
    assert!(!view.tree.shelf_stands(), "nobody has asked there");
    assert!(store.clear_unused().is_some(), "it is let go of later");
    apply(&mut store, 2, &all[..3]);
    store.settle().unwrap();
    assert!(store.tree.shelf_stands());
    apply(&mut store, 3, &all[3..]);
    store.settle().unwrap();
    assert!(!store.tree.shelf_stands());
}
