//! Owed: of each person the lines of their development plan, and how their performance was
//! judged year by year, so that home and the needs of a year look at nobody's records.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::kinds::idp_line::{Due, IdpLine};
use crate::domain::kinds::performance::{Performance, Predicate};
use crate::domain::kinds::plan_line::LineStatus;
use crate::domain::record::{EmployeeId, Kept, Kind, PositionId, Record, RecordId};
use crate::office::views::kept::{Source, View};
use crate::store::StoreError;

#[derive(Debug, Default, PartialEq)]
pub(in crate::office) struct Owed {
    /// Lines by their number.
    lines: BTreeMap<u32, IdpLine>,
    /// By person, the years judged and as what, each with its record.
    judged: BTreeMap<u32, BTreeMap<u32, (u16, Option<Predicate>)>>,
}

impl Owed {
    /// By when the lines that are not done are to be, and whose each is.
    pub fn due(&self) -> impl Iterator<Item = (Due, EmployeeId)> + '_ {
        self.lines.values().filter_map(|line| Some((line.due()?, line.employee)))
    }

    /// The latest year somebody was judged for.
    pub fn judged(&self, person: u32) -> Option<u16> {
        self.judged.get(&person)?.values().map(|(year, _)| *year).max()
    }

    /// As what a year of somebody's was judged.
    pub fn predicate(&self, person: u32, year: u16) -> Option<Predicate> {
        let years = self.judged.get(&person)?;
        years.values().find(|(of, _)| *of == year)?.1
    }

    /// Whom plans of that year prepare for another post, and for which: the needs of a year are
    /// those of its own slice of a plan of several.
    pub fn aims(&self, year: u16) -> BTreeMap<u32, BTreeSet<PositionId>> {
        let mut aims: BTreeMap<u32, BTreeSet<PositionId>> = BTreeMap::new();
        let ended = |line: &IdpLine| {
            line.closed || matches!(line.status, Some(LineStatus::Done | LineStatus::Refused))
        };
        let stands = |line: &&IdpLine| line.year == year && !ended(line);
        for line in self.lines.values().filter(stands) {
            if let Some(post) = line.position {
                aims.entry(line.employee.0).or_default().insert(post);
            }
        }
        aims
    }

    /// Whether performance is kept here at all.
    pub fn has_judgements(&self) -> bool {
        !self.judged.is_empty()
    }

    fn take(&mut self, number: u32, record: &Record) {
        if let Some(line) = IdpLine::of(record) {
            self.lines.insert(number, line.clone());
        }
        if let Some(judged) = Performance::of(record) {
            let told = (judged.year, judged.predicate);
            self.judged.entry(judged.employee.0).or_default().insert(number, told);
        }
    }

    fn leave(&mut self, number: u32, record: &Record) {
        if IdpLine::of(record).is_some() {
            self.lines.remove(&number);
        }
        if let Some(judged) = Performance::of(record)
            && let Some(years) = self.judged.get_mut(&judged.employee.0)
        {
            years.remove(&number);
            if years.is_empty() {
                self.judged.remove(&judged.employee.0);
            }
        }
    }
}

impl View for Owed {
    fn rebuild(source: &Source) -> Result<Self, StoreError> {
        let mut owed = Self::default();
        for row in source.roster.rows() {
            if row.holds(Kind::IdpLines) || row.holds(Kind::Performances) {
                for (id, _, record) in &source.store.pack(row.id())?.rows {
                    owed.take(id.number, record);
                }
            }
        }
        Ok(owed)
    }

    fn record(&mut self, id: RecordId, before: Option<&Record>, after: Option<&Record>) {
        if let Some(before) = before {
            self.leave(id.number, before);
        }
        if let Some(after) = after {
            self.take(id.number, after);
        }
    }
}
