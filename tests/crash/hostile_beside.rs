//! Requests that are answered beside the writer, for the generator of hostile ones: proofs,
//! another store, searches of the journal, and what changes of standards would move that no
//! screen would ever try.

use kompeten::domain::record::{Kind, RecordId, Revision};
use kompeten::protocol::{DraftRecord, Request, Tried};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::hostile::{number, record, seq, text};

/// Mostly of standards: of anything else nothing is tried.
fn draft() -> impl Strategy<Value = DraftRecord> {
    (option::of(number()), any::<bool>(), record()).prop_map(|(number, stale, record)| {
        let id = number.map(|number| RecordId::new(record.kind(), number));
        DraftRecord { id, base: Revision(u64::from(stale)), record }
    })
}

pub fn beside() -> BoxedStrategy<Request> {
    let kinds = select(vec![Kind::Standards, Kind::Standards, Kind::Employees]);
    let gone = (kinds, number(), 0_u64..9)
        .prop_map(|(kind, number, rev)| (RecordId::new(kind, number), Revision(rev)));
    prop_oneof![
        1 => select(vec![Request::Verify, Request::Rebuild]),
        1 => (option::of(seq()), text()).prop_map(|(seq, hash)| Request::FindHead { seq, hash }),
        2 => vec(draft(), 0..3).prop_map(|drafts| Request::Moves(Tried::Save(drafts))),
        1 => vec(gone, 0..3).prop_map(|gone| Request::Moves(Tried::Delete(gone))),
        1 => Just(Request::Moves(Tried::Import)),
    ]
    .boxed()
}
