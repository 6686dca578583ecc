//! Steps of any kind: whatever officers enter is replayed as they entered it, and taking it
//! back restores what stood before.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate};
use proptest::prelude::*;

use super::super::*;
use super::{Office, entry, forwards, newest_first, save};
use crate::domain::change::{Change, RequestId, Via};
use crate::domain::kinds::competency::Level;
use crate::domain::kinds::employee::Employee;
use crate::domain::kinds::rating::Rating;
use crate::domain::kinds::unit::Unit;
use crate::domain::number::EmployeeNumber;
use crate::domain::record::{CompetencyId, EmployeeId, Kind, Record, RecordId, Revision, UnitId};

fn names() -> impl Strategy<Value = String> {
    prop_oneof!["[A-Za-z .']{0,30}", "\\PC{0,20}", Just("\u{0}\"\\\n\u{7f}\u{2028}😀".to_string())]
}

fn records() -> impl Strategy<Value = (Kind, Option<Record>)> {
    let employee =
        (names(), names(), "[a-z0-9]{1,8}", 0..3000_u16).prop_map(|(a, b, local, year)| {
            let number = EmployeeNumber::local(&local).unwrap();
            let graduation_year = Some(year);
            let cpns_since = NaiveDate::from_ymd_opt(i32::from(year) + 1, 2, 3);
            let unit = Some(UnitId(u32::from(year)));
            let record = Employee {
                number,
                name: a,
                education: b,
                graduation_year,
                cpns_since,
                unit,
                ..Employee::default()
            };
            (Kind::Employees, Some(Record::from(record)))
        });
    let unit = (names(), any::<bool>()).prop_map(|(name, closed)| {
        let record = Unit { name, closed, ..Unit::default() };
        (Kind::Units, Some(Record::from(record)))
    });
    let rating = (any::<u32>(), 1..=5_u8, names()).prop_map(|(number, level, rater)| {
        let record = Rating {
            employee: EmployeeId(number),
            competency: CompetencyId(1),
            level: Level::new(level).unwrap_or_default(),
            rater,
            ..Rating::default()
        };
        (Kind::Ratings, Some(Record::from(record)))
    });
    let kinds = prop::sample::select(Kind::ALL.to_vec());
    prop_oneof![
        employee,
        unit,
        rating,
        kinds.clone().prop_map(|kind| (kind, Some(Record::empty(kind)))),
        kinds.prop_map(|kind| (kind, None)),
    ]
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let change = (records(), 0..6_u32, any::<u64>()).prop_map(|((kind, after), number, base)| {
        Change { id: RecordId::new(kind, number), base: Revision(base), after }
    });
    prop::collection::vec(change, 0..6)
}

fn entries() -> impl Strategy<Value = NewEntry> {
    let via = prop::sample::select(vec![Via::Tui, Via::Cli, Via::Import]);
    let at = (0..4_000_000_000_i64, 0..1_000_000_000_u32);
    (at, names(), via, names(), any::<Option<u64>>(), names(), changes()).prop_map(
        |((seconds, nanos), by, via, req, undoes, why, changes)| NewEntry {
            at: DateTime::from_timestamp(seconds, nanos).unwrap_or_default(),
            by,
            via,
            req: RequestId(req),
            undoes,
            why,
            changes,
            erases: vec![],
            reasons: vec![],
        },
    )
}

/// A step, or a large one with its parts.
type Step = (NewEntry, Option<Vec<Vec<Change>>>);

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let parts = prop::option::weighted(0.2, prop::collection::vec(changes(), 0..4));
    prop::collection::vec((entries(), parts), 0..8)
}

type World = BTreeMap<RecordId, (Revision, Record)>;

fn apply(world: &mut World, seq: u64, change: &Change) {
    match &change.after {
        Some(record) => world.insert(change.id, (Revision(seq), record.clone())),
        None => world.remove(&change.id),
    };
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_step_is_replayed_as_it_was_saved(steps in steps(), segment_max in 1..6000_u64) {
        let office = Office::new();
        let mut journal = office.open(segment_max);
        let mut expected = Vec::new();
        for (mut entry, parts) in steps {
            if let Some(parts) = parts {
                entry.changes.clear();
                journal.begin_batch(entry.clone()).unwrap();
                for part in parts {
                    journal.part(&part).unwrap();
                    let entry = NewEntry { why: String::new(), changes: part, ..entry.clone() };
                    expected.push(entry);
                }
                journal.commit_batch().unwrap();
            } else {
                save(&mut journal, &entry);
            }
            expected.push(entry);
        }
        let journal = office.open(segment_max);
        let mut lines = forwards(&journal, None);
        let found: Vec<_> = lines
            .iter()
            .cloned()
            .map(|Line { header, why, changes, .. }| NewEntry {
                at: header.at,
                by: header.by,
                via: header.via,
                req: header.req,
                undoes: header.undoes,
                why,
                changes,
                erases: header.erases,
                reasons: header.reasons,
            })
            .collect();
        prop_assert_eq!(found, expected);
        lines.reverse();
        prop_assert_eq!(newest_first(&journal, None), lines);
    }

    #[test]
    fn taking_every_step_back_restores_what_stood_before(steps in prop::collection::vec(changes(), 1..8)) {
        let office = Office::new();
        let mut journal = office.open(SEGMENT_MAX);
        let mut world = World::new();
        let mut before = Vec::new();
        for changes in &steps {
            before.push(world.clone());
            let head = save(&mut journal, &entry("s", changes.clone()));
            for change in changes {
                apply(&mut world, head.seq, change);
            }
        }
        let content = |world: &World| -> Vec<(RecordId, Record)> {
            world.iter().map(|(id, (_, record))| (*id, record.clone())).collect()
        };
        let end = journal.head().seq;
        for line in newest_first(&journal, None) {
            let stood = &before[line.header.seq as usize - 1];
            let inverse = line
                .changes
                .iter()
                .rev()
                .map(|change| {
                    let old = stood.get(&change.id).map(|(_, record)| record.clone());
                    Change { id: change.id, base: Revision(line.header.seq), after: old }
                })
                .collect();
            let undo = NewEntry { undoes: Some(line.header.seq), ..entry("undo", inverse) };
            let head = save(&mut journal, &undo);
            for change in &undo.changes {
                apply(&mut world, head.seq, change);
            }
            prop_assert_eq!(content(&world), content(stood));
        }
        let mut replayed = World::new();
        for line in forwards(&office.open(SEGMENT_MAX), None) {
            for change in &line.changes {
                apply(&mut replayed, line.header.seq, change);
            }
        }
        prop_assert!(replayed.is_empty());
        prop_assert_eq!(journal.head().seq, 2 * end);
    }
}
