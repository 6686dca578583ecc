//! Figures: what the active people of each unit have against what their posts require
//! today, one competency at a time. The matrix of a whole office, or of a unit and all
//! below it, adds these up and looks at nobody.

use std::collections::BTreeMap;
use std::collections::HashMap;

use crate::domain::gap::{Cell, Figures};
use crate::domain::kinds::employee::Status;
use crate::domain::record::{CompetencyId, PositionId, UnitId};
use crate::office::views::catalog::Required;
use crate::office::views::kept::{Seen, Source, View};
use crate::office::views::row::RosterRow;
use crate::store::StoreError;

#[derive(Debug, Default, PartialEq)]
pub(in crate::office) struct LevelFigures(BTreeMap<(Option<UnitId>, CompetencyId), Figures>);

impl LevelFigures {
    /// Of each of these competencies, in all units that are meant.
    pub fn of(
        &self,
        columns: &[CompetencyId],
        meant: impl Fn(Option<UnitId>) -> bool,
    ) -> Vec<Figures> {
        let mut sums = vec![Figures::default(); columns.len()];
        let places: HashMap<CompetencyId, usize> =
            columns.iter().enumerate().map(|(at, id)| (*id, at)).collect();
        for ((unit, competency), figures) in &self.0 {
            if let Some(at) = places.get(competency).filter(|_| meant(*unit)) {
                sums[*at] += *figures;
            }
        }
        sums
    }

    fn count(&mut self, row: &RosterRow, required: &[Required], comes: bool) {
        if row.status != Status::Active {
            return;
        }
        for rated in &row.levels {
            let competency = rated.competency();
            let required = required.iter().find(|row| row.competency == competency);
            let actual = Some(rated.level());
            let cell = Cell { competency, required: required.map(|row| row.level), actual };
            let figures = Figures::of([cell]);
            if figures.rated == 0 {
                continue;
            }
            let key = (row.unit, competency);
            let sum = self.0.entry(key).or_default();
            if comes {
                *sum += figures;
            } else {
                *sum -= figures;
                if sum.rated == 0 {
                    self.0.remove(&key);
                }
            }
        }
    }
}

impl View for LevelFigures {
    fn rebuild(source: &Source) -> Result<Self, StoreError> {
        let mut all = Self::default();
        let mut by_post: HashMap<Option<PositionId>, Vec<Required>> = HashMap::new();
        for row in source.roster.rows() {
            let required = by_post
                .entry(row.position)
                .or_insert_with(|| source.catalog.required(row.position, source.today));
            all.count(row, required, true);
        }
        Ok(all)
    }

    fn person(&mut self, seen: Seen<'_>, comes: bool) {
        self.count(seen.row, &seen.catalog.required(seen.row.position, seen.today), comes);
    }
}
