//! Cycles as they are shown: how far one has come by unit, and its sheets by code. What a
//! sheet says leaves the office by no question; `sheets_of` is for the acts and the lens.

use std::collections::BTreeMap;

use crate::domain::fault::{Fault, Reason};
use crate::domain::kinds::competency::CompetencyGroup;
use crate::domain::kinds::cycle::{Cycle, RaterGroup};
use crate::domain::kinds::rater::Rater;
use crate::domain::kinds::sheet::{SCORES_MAX, ScoreSheet};
use crate::domain::record::{
    CompetencyId, CycleId, EmployeeId, Kind, Record, RecordId, Revision, UnitId,
};
use crate::office::rights::Rights;
use crate::office::views::rounds::{Paper, Rated};
use crate::office::views::row::RosterRow;
use crate::office::views::state::State;
use crate::protocol::{CyclePage, CycleUnit, PAGE_MAX, SheetColumn, SheetInfo, SheetsPage};
use crate::store::StoreError;

/// How many sheets a unit has, and of whom.
type OfUnit<'a> = (usize, Vec<(&'a RosterRow, &'a Rated)>);

/// A sheet as it stands.
pub(in crate::office) struct Held {
    pub number: u32,
    pub rev: Revision,
    pub sheet: ScoreSheet,
}

impl State {
    pub fn cycle(&self, id: CycleId) -> Option<(Revision, &Cycle)> {
        self.catalog.cycles.get(&id.0).map(|(rev, cycle)| (*rev, cycle))
    }

    /// The sheets of a cycle, by number.
    pub fn sheets_of(&self, id: CycleId) -> Result<Vec<Held>, StoreError> {
        let mut papers: Vec<Paper> = Vec::new();
        papers.extend(self.rounds()?.of(id).flat_map(|(_, rated)| &rated.sheets));
        papers.sort_unstable_by_key(|paper| paper.number);
        self.read_sheets(&papers)
    }

    fn read_sheets(&self, papers: &[Paper]) -> Result<Vec<Held>, StoreError> {
        let mut held = Vec::with_capacity(papers.len());
        for paper in papers {
            held.extend(self.sheet(paper.number)?);
        }
        Ok(held)
    }

    fn sheet(&self, number: u32) -> Result<Option<Held>, StoreError> {
        let stored = self.store.get(RecordId::new(Kind::Sheets, number))?;
        Ok(stored.and_then(|stored| match stored.record {
            Record::ScoreSheet(sheet) => Some(Held { number, rev: stored.rev, sheet }),
            _ => None,
        }))
    }

    /// The sheet of this code, as it was written by hand.
    pub fn sheet_called(&self, code: &str) -> Result<Option<Held>, StoreError> {
        match self.store.by_key(Kind::Sheets, "code", code.trim())? {
            Some(number) => self.sheet(number),
            None => Ok(None),
        }
    }

    /// Raters of a cycle, with whom they rate.
    pub fn raters_of(&self, id: CycleId) -> Result<BTreeMap<u32, Vec<Rater>>, StoreError> {
        let mut raters: BTreeMap<u32, Vec<Rater>> = BTreeMap::new();
        let rated = self.rounds()?.of(id).filter(|(_, rated)| rated.raters > 0);
        for (person, _) in rated {
            let pack = self.pack(EmployeeId(person))?;
            let theirs = pack.of::<Rater>().map(|(_, _, rater)| rater);
            let of_cycle = theirs.filter(|rater| rater.cycle == id).cloned().collect();
            raters.insert(person, of_cycle);
        }
        Ok(raters)
    }

    /// What the sheets of a cycle ask: what they were made with, else what the cycle names.
    pub fn asked_of(
        &self,
        id: CycleId,
        cycle: &Cycle,
    ) -> Result<Result<Vec<CompetencyId>, Fault>, StoreError> {
        let first = self.rounds()?.of(id).find_map(|(_, rated)| rated.sheets.first());
        if let Some(made) = first.map(|paper| self.sheet(paper.number)).transpose()?.flatten() {
            return Ok(Ok(made.sheet.scores.iter().map(|score| score.competency).collect()));
        }
        Ok(self.named_by(cycle))
    }

    /// The competencies whose codes it names, once each; or the code that is none.
    pub fn codes_of(&self, cycle: &Cycle) -> Result<Vec<CompetencyId>, String> {
        let of = |code: &str| self.catalog.competency_by_code(code).ok_or_else(|| code.to_string());
        let mut asked: Vec<CompetencyId> = Vec::new();
        for code in cycle.codes() {
            // A blank may stand within a code (`M 1`), or between two where a comma is meant.
            let named = match of(code) {
                Err(_) if code.contains(char::is_whitespace) => {
                    code.split_whitespace().map(of).collect::<Result<_, _>>()?
                }
                one => vec![one?],
            };
            for id in named {
                if !asked.contains(&id) {
                    asked.push(id);
                }
            }
        }
        Ok(asked)
    }

    fn named_by(&self, cycle: &Cycle) -> Result<Vec<CompetencyId>, Fault> {
        let unknown = |code| Fault::with("competencies", Reason::CompetencyUnknown, code);
        let mut asked = self.codes_of(cycle).map_err(unknown)?;
        if asked.is_empty() {
            let columns = self.catalog.columns().into_iter();
            let shared = |group: Option<CompetencyGroup>| group != Some(CompetencyGroup::Teknis);
            asked = columns.filter(|(_, one)| shared(one.group)).map(|(id, _)| id).collect();
        }
        if asked.is_empty() || asked.len() > SCORES_MAX {
            return Err(Fault::with("competencies", Reason::OutOfRange, format!("1–{SCORES_MAX}")));
        }
        Ok(asked)
    }

    /// What a page says the sheets ask; nothing where the cycle names what there is not.
    fn columns_of(&self, id: CycleId, cycle: &Cycle) -> Result<Vec<SheetColumn>, StoreError> {
        let asked = self.asked_of(id, cycle)?.unwrap_or_default();
        let column = |id: &CompetencyId| {
            let competency = self.catalog.competency(*id);
            let (code, name) = competency.map(|one| (one.code.clone(), one.name.clone()))?;
            Some(SheetColumn { code, name })
        };
        Ok(asked.iter().map(|id| column(id).unwrap_or_default()).collect())
    }

    pub fn cycle_page(
        &self,
        id: CycleId,
        rights: &Rights,
    ) -> Result<Option<CyclePage>, StoreError> {
        let Some((rev, cycle)) = self.cycle(id) else { return Ok(None) };
        let mut units: BTreeMap<Option<UnitId>, CycleUnit> = BTreeMap::new();
        let mut all = CycleUnit::default();
        for (person, rated) in self.rounds()?.of(id) {
            let row = self.roster.get(person).filter(|row| rights.reach.has(row.unit));
            let Some(row) = row else { continue };
            let unit = units.entry(row.unit).or_default();
            for sum in [unit, &mut all] {
                sum.people += u32::from(rated.raters > 0);
                sum.raters += rated.raters;
                sum.returned += rated.returned;
                sum.sheets += rated.sheets.len() as u32;
                sum.keyed += rated.sheets.iter().filter(|paper| paper.keyed).count() as u32;
            }
        }
        let named = units.into_iter().map(|(unit, counts)| {
            let name = self.catalog.unit(unit).map_or("", |unit| unit.name.as_str());
            CycleUnit { unit, name: name.into(), ..counts }
        });
        let mut units: Vec<CycleUnit> = named.collect();
        units.sort_by(|a, b| a.name.cmp(&b.name));
        units.truncate(PAGE_MAX as usize);
        let competencies = self.columns_of(id, cycle)?;
        Ok(Some(CyclePage { id, rev, cycle: cycle.clone(), competencies, units, all }))
    }

    /// Sheets of people within reach, of one unit and those below it if asked. Only units
    /// that stand on the page are put in order, and only sheets on it are read.
    pub fn sheets_page(
        &self,
        id: CycleId,
        unit: Option<UnitId>,
        offset: u32,
        rights: &Rights,
    ) -> Result<Option<SheetsPage>, StoreError> {
        let Some((_, cycle)) = self.cycle(id) else { return Ok(None) };
        let scope = unit.map(|unit| self.catalog.below(unit));
        let mut units: BTreeMap<Option<UnitId>, OfUnit> = BTreeMap::new();
        for (person, rated) in self.rounds()?.of(id) {
            let Some(row) = self.roster.get(person) else { continue };
            let within = scope
                .as_ref()
                .is_none_or(|scope| row.unit.is_some_and(|unit| scope.contains(&unit.0)));
            if within && rights.reach.has(row.unit) {
                let (count, people) = units.entry(row.unit).or_default();
                *count += rated.sheets.len();
                people.push((row, rated));
            }
        }
        let total: usize = units.values().map(|(count, _)| count).sum();
        let by_path = |(unit, of)| (self.catalog.unit_path_text(unit), unit, of);
        let mut units: Vec<_> = units.into_iter().map(by_path).collect();
        units.sort_by(|(a, at, _), (b, other, _)| (a, at).cmp(&(b, other)));
        let (mut skipped, mut sheets) = (offset as usize, Vec::new());
        for (_, unit, (count, mut people)) in units {
            if skipped >= count {
                skipped -= count;
                continue;
            }
            people.sort_by_cached_key(|(row, _)| (row.folded().into_owned(), row.number));
            let name = self.catalog.unit(unit).map_or("", |unit| unit.name.as_str());
            for (row, rated) in people {
                let room = PAGE_MAX as usize - sheets.len();
                if skipped >= rated.sheets.len() || room == 0 {
                    skipped = skipped.saturating_sub(rated.sheets.len());
                    continue;
                }
                let mut held = self.read_sheets(&rated.sheets)?;
                held.sort_by(|a, b| {
                    (a.sheet.group, &a.sheet.code).cmp(&(b.sheet.group, &b.sheet.code))
                });
                let here = held.into_iter().skip(std::mem::take(&mut skipped)).take(room);
                sheets.extend(here.map(|Held { sheet, .. }| SheetInfo {
                    keyed: sheet.is_keyed(),
                    group: sheet.group.unwrap_or(RaterGroup::Own),
                    code: sheet.code,
                    name: row.full_name(),
                    unit: name.into(),
                }));
            }
            if sheets.len() >= PAGE_MAX as usize {
                break;
            }
        }
        let competencies = self.columns_of(id, cycle)?;
        Ok(Some(SheetsPage { competencies, sheets, total: total as u32 }))
    }
}
