//! Rows: what everybody's row comes to by other rules of JP, or where a competency counts as
//! another, counted beside the writer on a view of the store.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::domain::belongs::Owner;
use crate::domain::kinds::employee::Employee;
use crate::domain::record::{EmployeeId, Kept, Kind};
use crate::journal::JournalError;
use crate::office::care::errand::HearsErrand;
use crate::office::trouble::Trouble;
use crate::office::views::catalog::Catalog;
use crate::office::views::row::RosterRow;
use crate::protocol::{Request, Work};
use crate::store::Store;

/// People between two words of how far it is.
const TOLD_EVERY: u64 = 500;

/// Whether what people have earned may be in an answer, or decide what is: it waits for what is
/// counted so.
pub(in crate::office) fn waits_for(request: &Request) -> bool {
    match request {
        Request::List(query) | Request::Ids(query) => query.kind.belongs() != Owner::Office,
        Request::Person(_)
        | Request::PersonAs { .. }
        | Request::Home { .. }
        | Request::Matrix(_)
        | Request::Explain { .. }
        | Request::Attendance(_)
        | Request::Cycle(_)
        | Request::Report(_)
        | Request::ExplainCell { .. }
        | Request::Begin { .. }
        | Request::Lookup { .. }
        | Request::Openings { .. } => true,
        _ => false,
    }
}

/// The rows of these people as the store has them.
pub(in crate::office) fn count(
    store: &Store,
    people: &[u32],
    today: NaiveDate,
    told: HearsErrand,
) -> Result<Vec<RosterRow>, Trouble> {
    let catalog = Catalog::read(store)?;
    let owed: BTreeSet<u32> = people.iter().copied().collect();
    let (mut rows, mut stopped, total) = (Vec::new(), false, owed.len() as u64);
    store.scan(Kind::Employees, &mut |number, stored| {
        let Some(employee) = Employee::of(&stored.record).filter(|_| owed.contains(&number)) else {
            return Ok(true);
        };
        let pack = store.pack(EmployeeId(number))?;
        let row = RosterRow::of(number, stored.rev, employee);
        rows.push(row.with_pack(&catalog, &pack, today));
        let done = rows.len() as u64;
        stopped = done.is_multiple_of(TOLD_EVERY) && !told(Work::Counting, done, total);
        Ok(!stopped)
    })?;
    if stopped {
        return Err(JournalError::Cancelled.into());
    }
    Ok(rows)
}
