//! Rounds: of each assessment cycle who is rated, by how many raters, how many of them have
//! returned a sheet, and which sheets there are; so that what is asked of one cycle costs
//! nothing of the others. Of a sheet only that it is keyed, never what it says.

use std::collections::BTreeMap;

use crate::domain::kinds::cycle::RaterGroup;
use crate::domain::kinds::rater::Rater;
use crate::domain::kinds::sheet::ScoreSheet;
use crate::domain::record::{CycleId, Kept, Kind, Record, RecordId};
use crate::office::views::kept::{Source, View};
use crate::store::StoreError;

/// A sheet that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::office) struct Paper {
    pub number: u32,
    pub group: RaterGroup,
    pub keyed: bool,
}

/// What there is of one person in one cycle.
#[derive(Debug, Default, PartialEq)]
pub(in crate::office) struct Rated {
    pub raters: u32,
    pub returned: u32,
    /// By number.
    pub sheets: Vec<Paper>,
}

impl Rated {
    fn is_empty(&self) -> bool {
        self.raters == 0 && self.sheets.is_empty()
    }
}

/// By cycle, then by person.
#[derive(Debug, Default, PartialEq)]
pub(in crate::office) struct Rounds(BTreeMap<u32, BTreeMap<u32, Rated>>);

impl Rounds {
    /// Who is rated in a cycle, by number.
    pub fn of(&self, cycle: CycleId) -> impl Iterator<Item = (u32, &Rated)> {
        self.0.get(&cycle.0).into_iter().flatten().map(|(person, rated)| (*person, rated))
    }

    /// Whether somebody is rated in a cycle by anybody.
    pub fn has_raters(&self, cycle: CycleId, person: u32) -> bool {
        let rated = self.0.get(&cycle.0).and_then(|people| people.get(&person));
        rated.is_some_and(|rated| rated.raters > 0)
    }

    fn change(&mut self, cycle: CycleId, person: u32, change: impl FnOnce(&mut Rated)) {
        let people = self.0.entry(cycle.0).or_default();
        let rated = people.entry(person).or_default();
        change(rated);
        if rated.is_empty() {
            people.remove(&person);
        }
        if people.is_empty() {
            self.0.remove(&cycle.0);
        }
    }

    fn rater(&mut self, rater: &Rater, comes: bool) {
        let returned = u32::from(rater.returned.is_some());
        self.change(rater.cycle, rater.employee.0, |rated| {
            if comes {
                rated.raters += 1;
                rated.returned += returned;
            } else {
                rated.raters = rated.raters.saturating_sub(1);
                rated.returned = rated.returned.saturating_sub(returned);
            }
        });
    }

    fn sheet(&mut self, number: u32, sheet: &ScoreSheet, comes: bool) {
        let group = sheet.group.unwrap_or(RaterGroup::Own);
        let paper = Paper { number, group, keyed: sheet.is_keyed() };
        self.change(sheet.cycle, sheet.employee.0, |rated| {
            match rated.sheets.binary_search_by_key(&number, |paper| paper.number) {
                Ok(at) if comes => rated.sheets[at] = paper,
                Ok(at) => drop(rated.sheets.remove(at)),
                Err(at) if comes => rated.sheets.insert(at, paper),
                Err(_) => {}
            }
        });
    }

    fn take(&mut self, id: RecordId, record: &Record, comes: bool) {
        if let Some(rater) = Rater::of(record) {
            self.rater(rater, comes);
        } else if let Some(sheet) = ScoreSheet::of(record) {
            self.sheet(id.number, sheet, comes);
        }
    }
}

impl View for Rounds {
    fn rebuild(source: &Source) -> Result<Self, StoreError> {
        let mut rounds = Self::default();
        for person in source.roster.holding(Kind::Raters) {
            let pack = source.store.pack(person.id())?;
            for (_, _, rater) in pack.of::<Rater>() {
                rounds.rater(rater, true);
            }
        }
        source.store.scan(Kind::Sheets, &mut |number, stored| {
            rounds.take(RecordId::new(Kind::Sheets, number), &stored.record, true);
            Ok(true)
        })?;
        Ok(rounds)
    }

    fn record(&mut self, id: RecordId, before: Option<&Record>, after: Option<&Record>) {
        if matches!(id.kind, Kind::Raters | Kind::Sheets) {
            for (record, comes) in [(before, false), (after, true)] {
                if let Some(record) = record {
                    self.take(id, record, comes);
                }
            }
        }
    }
}
