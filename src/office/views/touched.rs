//! Touched: whose rows a change makes wrong, and in what. Found while an entry is applied, so
//! that no other row is computed anew.

use std::collections::BTreeSet;

use crate::domain::kinds::competency::Competency;
use crate::domain::record::{Kept, Record};

/// Whose rows have to be computed anew.
#[derive(Default)]
pub(in crate::office) struct Touched {
    /// From their ratings and trainings.
    pub packs: BTreeSet<u32>,
    /// From what their posts require.
    pub gaps: BTreeSet<u32>,
    /// From their own record.
    pub people: BTreeSet<u32>,
    /// The JP of whoever has any, which is counted when it is next asked for.
    pub jp: bool,
    /// What counts as enough JP: of nobody's row, but of how everybody stands.
    pub quota: bool,
}

impl Touched {
    pub fn all(&self) -> BTreeSet<u32> {
        [&self.packs, &self.gaps, &self.people].into_iter().flatten().copied().collect()
    }
}

/// Whether by this change a competency counts as another one, or no more.
pub(in crate::office) fn merges(before: Option<&Record>, after: Option<&Record>) -> bool {
    let into = |record: Option<&Record>| Competency::of(record?)?.merged_into;
    into(before) != into(after)
}
