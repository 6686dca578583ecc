//! Nothing is written that cannot be read back: records of every kind, with whatever their
//! fields may hold, as an office's journal writes them.

use proptest::prelude::*;

use super::*;
use crate::codec::arbitrary;
use crate::domain::change::Change;
use crate::journal::NewEntry;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever stands in the fields of whatever kind: a line gives back what was written.
    #[test]
    fn records_of_every_kind_are_written_as_they_are_read(
        records in prop::collection::vec(arbitrary::record(), 1..40), why in "\\PC{0,30}",
    ) {
        let mut desk = Desk::new();
        let office = desk.office.as_mut().expect("an office");
        let changes: Vec<Change> = records
            .into_iter()
            .zip(1000..)
            .map(|(record, number)| {
                let id = RecordId::new(record.kind(), number);
                Change { id, base: Revision(0), after: Some(record) }
            })
            .collect();
        let entry = NewEntry {
            at: office.state.now,
            by: "siti".into(),
            via: Via::Tui,
            req: RequestId("r".into()),
            undoes: None,
            why: why.clone(),
            changes: changes.clone(),
            erases: Vec::new(),
            reasons: Vec::new(),
        };
        let staged = office.journal.stage(&entry).expect("staged");
        office.journal.commit().expect("written");
        let line = office.journal.read(staged.place).expect("a line");
        prop_assert_eq!((line.changes, line.why), (changes, why));
    }
}
