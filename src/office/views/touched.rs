//! Touched: whose rows a change makes wrong, and in what. Found while an entry is applied, so
//! that no other row is computed anew.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::domain::kinds::competency::Competency;
use crate::domain::record::{CompetencyId, Kept, Record};

/// Whose rows have to be computed anew.
#[derive(Default)]
pub(in crate::office) struct Touched {
    /// From their ratings and trainings.
    pub packs: BTreeSet<u32>,
    /// From what their posts require.
    pub gaps: BTreeSet<u32>,
    /// From their own record.
    pub people: BTreeSet<u32>,
    /// What may be otherwise in anybody's row, which is counted when it is next asked for.
    pub anew: Anew,
    /// What counts as enough JP: of nobody's row, but of how everybody stands.
    pub quota: bool,
}

impl Touched {
    pub fn all(&self) -> BTreeSet<u32> {
        [&self.packs, &self.gaps, &self.people].into_iter().flatten().copied().collect()
    }
}

/// Of everybody who has any.
#[derive(Clone, Copy, Default)]
pub(in crate::office) struct Anew {
    pub jp: bool,
    /// What ratings count as, and with it what is missing.
    pub levels: bool,
    /// What is missing alone.
    pub gaps: bool,
}

impl Anew {
    pub const fn any(self) -> bool {
        self.jp || self.levels || self.gaps
    }

    pub const fn and(self, also: Self) -> Self {
        Self {
            jp: self.jp || also.jp,
            levels: self.levels || also.levels,
            gaps: self.gaps || also.gaps,
        }
    }
}

/// Whether what is rated in it counts among gaps no more. One that goes is rated for nobody, or
/// is shown as it ships.
pub(in crate::office) fn is_archived(record: Option<&Record>) -> bool {
    record.and_then(Competency::of).is_some_and(|competency| competency.archived)
}

/// What a competency counts as by this record.
fn counts_as(record: Option<&Record>) -> Option<(CompetencyId, Option<NaiveDate>)> {
    let competency = Competency::of(record?).filter(|competency| competency.archived)?;
    Some((competency.merged_into?, competency.archived_on))
}

/// Whether by this change a competency counts as another one, or no more.
pub(in crate::office) fn merges(before: Option<&Record>, after: Option<&Record>) -> bool {
    counts_as(before) != counts_as(after)
}
