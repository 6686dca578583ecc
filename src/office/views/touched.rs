//! Touched: whose rows a change makes wrong, and in what. Found while an entry is applied, so
//! that no other row is computed anew.

use std::collections::BTreeSet;

/// Whose rows have to be computed anew.
#[derive(Default)]
pub(in crate::office) struct Touched {
    /// From their ratings and trainings.
    pub packs: BTreeSet<u32>,
    /// From what their posts require.
    pub gaps: BTreeSet<u32>,
    /// From their own record.
    pub people: BTreeSet<u32>,
}

impl Touched {
    pub fn all(&self) -> BTreeSet<u32> {
        [&self.packs, &self.gaps, &self.people].into_iter().flatten().copied().collect()
    }
}
