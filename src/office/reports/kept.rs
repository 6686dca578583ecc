//! What the reports asked for last have found. After a change that touched a few people, a
//! report whose lines are each a person's own is followed up: of those alone the cells are
//! worked out anew, what they added to the sums is taken out and put in again, and nobody
//! else is looked at. Where more than that may be otherwise, everything is found anew.

use std::sync::Arc;

use super::asked::Asked;
use super::runner::{cells_of, foot_of};
use super::{Report, ReportLine};
use crate::domain::kinds::officer::Role;
use crate::domain::record::UnitId;
use crate::domain::value::Value;
use crate::office::Office;
use crate::office::rights::Rights;
use crate::office::trouble::Trouble;
use crate::protocol::{Remark, ReportQuery, Sum, TableColumn};

/// Questions whose rows are kept. On purpose few: officers of one reach and role who ask the
/// same share one, and of 20,000 people one keeps half a megabyte; whoever comes fifth has the
/// rows found anew for the next page, which gives the same page.
const KEPT_MAX: usize = 4;
/// After a change to more people everything is found anew.
const FOLLOWED_MAX: usize = 200;

#[cfg(test)]
thread_local! {
    /// Lines whose cells this thread has worked out.
    pub(super) static WORKED_OUT: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

/// Lines whose cells this thread has worked out.
#[cfg(test)]
pub(in crate::office) fn worked_out() -> u64 {
    WORKED_OUT.get()
}

/// What the latest questions found, the latest last.
#[derive(Default)]
pub(in crate::office) struct KeptAnswers(Vec<Arc<Found>>);

/// All rows a question finds, for everybody of one reach and role.
pub(super) struct Found {
    pub query: ReportQuery,
    pub version: u64,
    /// Where the small tables and the journal stood.
    pub tables: u64,
    pub seq: u64,
    pub top: Option<UnitId>,
    pub role: Role,
    pub columns: Vec<TableColumn>,
    pub heading: Vec<(String, Value)>,
    pub lines: Vec<ReportLine>,
    pub foot: Option<Vec<Value>>,
    pub sums: Sums,
    pub notes: Vec<Remark>,
    pub restricted: u32,
}

/// What the columns add up to, and, where it is followed up, what each line gives to that.
#[derive(Default)]
pub(super) struct Sums {
    /// Of every column; of one that is not added up nothing.
    pub all: Vec<i64>,
    /// Line by line, of each column that is added up.
    shares: Option<Vec<i64>>,
}

impl Sums {
    pub fn new(report: &dyn Report, columns: &[TableColumn], lines: usize) -> Self {
        let shares = report.lines_are_alone();
        let shares = shares.then(|| Vec::with_capacity(lines * added(columns)));
        Self { all: vec![0; columns.len()], shares }
    }

    /// The next line's cells.
    pub fn add(&mut self, columns: &[TableColumn], cells: &[Value]) {
        for (at, number) in numbers(columns, cells) {
            self.all[at] = self.all[at].saturating_add(number);
            if let Some(shares) = &mut self.shares {
                shares.push(number);
            }
        }
    }

    /// A line's cells are others now.
    fn put(&mut self, line: usize, columns: &[TableColumn], cells: &[Value]) {
        let Some(shares) = &mut self.shares else { return };
        let added = added(columns);
        for (nth, (at, number)) in numbers(columns, cells).enumerate() {
            if let Some(share) = shares.get_mut(line * added + nth) {
                self.all[at] = self.all[at].saturating_sub(*share).saturating_add(number);
                *share = number;
            }
        }
    }
}

/// How many columns are added up.
fn added(columns: &[TableColumn]) -> usize {
    columns.iter().filter(|column| column.sum == Sum::Total).count()
}

/// What a line gives to each column that is added up, by the place of the column.
fn numbers<'a>(
    columns: &'a [TableColumn],
    cells: &'a [Value],
) -> impl Iterator<Item = (usize, i64)> + 'a {
    let added = columns.iter().zip(cells).enumerate();
    let added = added.filter(|(_, (column, _))| column.sum == Sum::Total);
    added.map(|(at, (_, cell))| (at, number_of(cell)))
}

const fn number_of(cell: &Value) -> i64 {
    match cell {
        Value::Whole(number) | Value::Left(number) | Value::Hundredths(number) => *number,
        _ => 0,
    }
}

impl KeptAnswers {
    pub(super) fn get(
        &self,
        query: &ReportQuery,
        version: u64,
        rights: &Rights,
    ) -> Option<Arc<Found>> {
        let same = |found: &&Arc<Found>| found.version == version && found.is_of(query, rights);
        self.0.iter().find(same).cloned()
    }

    /// What the same question found at an earlier version, for good.
    fn take_earlier(&mut self, query: &ReportQuery, rights: &Rights) -> Option<Found> {
        let at = self.0.iter().position(|found| found.is_of(query, rights))?;
        // Nobody else holds it between two requests.
        Arc::try_unwrap(self.0.remove(at)).ok()
    }

    pub(super) fn put(&mut self, found: Arc<Found>) {
        self.0.retain(|kept| kept.version == found.version || kept.sums.shares.is_some());
        if self.0.len() == KEPT_MAX {
            self.0.remove(0);
        }
        self.0.push(found);
    }
}

impl Found {
    fn is_of(&self, query: &ReportQuery, rights: &Rights) -> bool {
        (self.top, self.role) == (rights.reach.top(), rights.role) && self.query == *query
    }
}

impl Office {
    /// What an earlier answer has become, where only a few people are otherwise since.
    pub(super) fn followed(
        &mut self,
        report: &dyn Report,
        query: &ReportQuery,
        rights: &Rights,
        asked: &Asked,
    ) -> Result<Option<Arc<Found>>, Trouble> {
        if !report.lines_are_alone() || query.export || !query.sort.is_empty() {
            return Ok(None);
        }
        let Some(mut found) = self.reports.take_earlier(query, rights) else { return Ok(None) };
        let touched = self.state.recent.since(found.seq);
        let Some(touched) = touched.filter(|touched| touched.len() <= FOLLOWED_MAX) else {
            return Ok(None);
        };
        if found.tables != self.state.tables {
            return Ok(None);
        }
        let source = self.source(query, rights, &[], asked.clone())?;
        for number in touched {
            let line = ReportLine::of_person(number);
            let at = found.lines.iter().position(|other| other.id() == line.id());
            // Whoever comes, goes or stands elsewhere in the order changes more than a line.
            if at.is_some() != source.is_asked(number)
                || !at.is_none_or(|at| source.in_order(&found.lines, at))
            {
                return Ok(None);
            }
            if let Some(at) = at {
                let cells = cells_of(report, &source, &found.columns, &line)?;
                found.sums.put(at, &found.columns, &cells);
            }
        }
        found.foot = foot_of(report, &source, &found.columns, &found.lines, &found.sums.all)?;
        (found.version, found.seq) = (self.state.version, self.state.store.applied().seq);
        let found = Arc::new(found);
        self.reports.put(Arc::clone(&found));
        Ok(Some(found))
    }
}
