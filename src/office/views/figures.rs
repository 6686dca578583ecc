//! Figures: what the active people of each unit have against what their posts require
//! today, one competency at a time. The matrix of a whole office, or of a unit and all
//! below it, adds these up and looks at nobody.

use std::collections::HashMap;
use std::hash::Hash;

use chrono::NaiveDate;

use crate::domain::gap::{Cell, Figures};
use crate::domain::record::{CompetencyId, UnitId};
use crate::office::views::catalog::Catalog;
use crate::office::views::kept::{Seen, Source, View};
use crate::office::views::row::RosterRow;
use crate::store::StoreError;

/// What a unit's people add up to, in the order of competencies; none of which nobody there
/// is rated in.
type Sums = Vec<(CompetencyId, Figures)>;

#[derive(Debug, Default, PartialEq)]
pub(in crate::office) struct LevelFigures(HashMap<Option<UnitId>, Sums>);

impl LevelFigures {
    /// Of each of these competencies, in all units that are meant.
    pub fn of(
        &self,
        columns: &[CompetencyId],
        meant: impl Fn(Option<UnitId>) -> bool,
    ) -> Vec<Figures> {
        let mut all = self.by(columns, |unit| meant(unit).then_some(()));
        all.remove(&()).unwrap_or_else(|| vec![Figures::default(); columns.len()])
    }

    /// The same by the group each unit is in, if any; none of which nobody is rated.
    pub fn by<G: Eq + Hash>(
        &self,
        columns: &[CompetencyId],
        group: impl Fn(Option<UnitId>) -> Option<G>,
    ) -> HashMap<G, Vec<Figures>> {
        let places: HashMap<CompetencyId, usize> =
            columns.iter().enumerate().map(|(at, id)| (*id, at)).collect();
        let mut groups = HashMap::new();
        for (unit, sums) in &self.0 {
            let Some(group) = group(*unit) else { continue };
            let all = groups.entry(group);
            let all = all.or_insert_with(|| vec![Figures::default(); columns.len()]);
            for (competency, figures) in sums {
                if let Some(at) = places.get(competency) {
                    all[*at] += *figures;
                }
            }
        }
        groups
    }

    fn count(&mut self, catalog: &Catalog, row: &RosterRow, today: NaiveDate, comes: bool) {
        if !row.is_active() || row.levels.is_empty() {
            return;
        }
        let required = catalog.required(row.position, today);
        let sums = self.0.entry(row.unit).or_default();
        for rated in &row.levels {
            let competency = rated.competency();
            let required = required.iter().find(|row| row.competency == competency);
            let actual = Some(rated.level());
            let cell = Cell { competency, required: required.map(|row| row.level), actual };
            let figures = Figures::of([cell]);
            if figures.rated == 0 {
                continue;
            }
            match (sums.binary_search_by_key(&competency, |(id, _)| *id), comes) {
                (Ok(at), true) => sums[at].1 += figures,
                (Err(at), true) => sums.insert(at, (competency, figures)),
                (Ok(at), false) => {
                    sums[at].1 -= figures;
                    if sums[at].1.rated == 0 {
                        sums.remove(at);
                    }
                }
                (Err(_), false) => {}
            }
        }
        if sums.is_empty() {
            self.0.remove(&row.unit);
        }
    }
}

impl View for LevelFigures {
    fn rebuild(source: &Source) -> Result<Self, StoreError> {
        let mut all = Self::default();
        for row in source.roster.rows() {
            all.count(source.catalog, row, source.today, true);
        }
        Ok(all)
    }

    fn person(&mut self, seen: Seen<'_>, comes: bool) {
        self.count(seen.catalog, seen.row, seen.today, comes);
    }
}
