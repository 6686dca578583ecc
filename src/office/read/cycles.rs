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
use crate::office::views::state::State;
use crate::protocol::{CyclePage, CycleUnit, PAGE_MAX, SheetColumn, SheetInfo, SheetsPage};
use crate::store::StoreError;

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
        let mut held = Vec::new();
        self.store.scan(Kind::Sheets, &mut |number, stored| {
            if let Record::ScoreSheet(sheet) = stored.record
                && sheet.cycle == id
            {
                held.push(Held { number, rev: stored.rev, sheet });
            }
            Ok(true)
        })?;
        Ok(held)
    }

    /// The sheet of this code, as it was written by hand.
    pub fn sheet_called(&self, code: &str) -> Result<Option<Held>, StoreError> {
        let Some(number) = self.store.by_key(Kind::Sheets, "code", code.trim())? else {
            return Ok(None);
        };
        let stored = self.store.get(RecordId::new(Kind::Sheets, number))?;
        Ok(stored.and_then(|stored| match stored.record {
            Record::ScoreSheet(sheet) => Some(Held { number, rev: stored.rev, sheet }),
            _ => None,
        }))
    }

    /// Raters of a cycle, with whom they rate.
    pub fn raters_of(&self, id: CycleId) -> Result<BTreeMap<u32, Vec<Rater>>, StoreError> {
        let mut raters: BTreeMap<u32, Vec<Rater>> = BTreeMap::new();
        for row in self.roster.holding(Kind::Raters) {
            let pack = self.pack(EmployeeId(row.number))?;
            let theirs = pack.of::<Rater>().map(|(_, _, rater)| rater);
            let of_cycle: Vec<Rater> = theirs.filter(|rater| rater.cycle == id).cloned().collect();
            if !of_cycle.is_empty() {
                raters.insert(row.number, of_cycle);
            }
        }
        Ok(raters)
    }

    /// What the sheets of a cycle ask: what they were made with, else what the cycle names.
    pub fn asked_of(&self, cycle: &Cycle, made: &[Held]) -> Result<Vec<CompetencyId>, Fault> {
        if let Some(held) = made.first() {
            return Ok(held.sheet.scores.iter().map(|score| score.competency).collect());
        }
        let unknown = |code: &str| Fault::with("competencies", Reason::CompetencyUnknown, code);
        let named: Result<Vec<_>, Fault> = cycle
            .codes()
            .map(|code| self.catalog.competency_by_code(code).ok_or_else(|| unknown(code)))
            .collect();
        let mut asked = named?;
        if asked.is_empty() {
            let columns = self.catalog.columns().into_iter();
            let shared = |group: Option<CompetencyGroup>| group != Some(CompetencyGroup::Teknis);
            asked = columns.filter(|(_, one)| shared(one.group)).map(|(id, _)| id).collect();
        }
        asked.dedup();
        if asked.is_empty() || asked.len() > SCORES_MAX {
            return Err(Fault::with("competencies", Reason::OutOfRange, format!("1–{SCORES_MAX}")));
        }
        Ok(asked)
    }

    fn columns_of(&self, asked: &[CompetencyId]) -> Vec<SheetColumn> {
        let column = |id: &CompetencyId| {
            let competency = self.catalog.competency(*id);
            let (code, name) = competency.map(|one| (one.code.clone(), one.name.clone()))?;
            Some(SheetColumn { code, name })
        };
        asked.iter().map(|id| column(id).unwrap_or_default()).collect()
    }

    pub fn cycle_page(
        &self,
        id: CycleId,
        rights: &Rights,
    ) -> Result<Option<CyclePage>, StoreError> {
        let Some((rev, cycle)) = self.cycle(id) else { return Ok(None) };
        let sheets = self.sheets_of(id)?;
        let mut units: BTreeMap<Option<UnitId>, CycleUnit> = BTreeMap::new();
        let mut count = |person: u32, say: &dyn Fn(&mut CycleUnit)| {
            let row = self.roster.get(person).filter(|row| rights.reach.has(row.unit));
            if let Some(row) = row {
                let name = self.catalog.unit(row.unit).map_or("", |unit| unit.name.as_str());
                let new =
                    || CycleUnit { unit: row.unit, name: name.into(), ..CycleUnit::default() };
                say(units.entry(row.unit).or_insert_with(new));
            }
        };
        for (person, raters) in self.raters_of(id)? {
            let returned = raters.iter().filter(|rater| rater.returned.is_some()).count();
            count(person, &|unit| {
                unit.people += 1;
                unit.raters += raters.len() as u32;
                unit.returned += returned as u32;
            });
        }
        for held in &sheets {
            count(held.sheet.employee.0, &|unit| {
                unit.sheets += 1;
                unit.keyed += u32::from(held.sheet.is_keyed());
            });
        }
        let mut units: Vec<CycleUnit> = units.into_values().collect();
        units.sort_by(|a, b| a.name.cmp(&b.name));
        let mut all = CycleUnit::default();
        for unit in &units {
            all.people += unit.people;
            all.raters += unit.raters;
            all.returned += unit.returned;
            all.sheets += unit.sheets;
            all.keyed += unit.keyed;
        }
        units.truncate(PAGE_MAX as usize);
        let asked = self.asked_of(cycle, &sheets).unwrap_or_default();
        let competencies = self.columns_of(&asked);
        Ok(Some(CyclePage { id, rev, cycle: cycle.clone(), competencies, units, all }))
    }

    /// Sheets of people within reach, of one unit and those below it if asked.
    pub fn sheets_page(
        &self,
        id: CycleId,
        unit: Option<UnitId>,
        offset: u32,
        rights: &Rights,
    ) -> Result<Option<SheetsPage>, StoreError> {
        let Some((_, cycle)) = self.cycle(id) else { return Ok(None) };
        let scope = unit.map(|unit| self.catalog.below(unit));
        let sheets = self.sheets_of(id)?;
        let competencies = self.columns_of(&self.asked_of(cycle, &sheets).unwrap_or_default());
        let mut rows = Vec::new();
        for Held { sheet, .. } in sheets {
            let Some(row) = self.roster.get(sheet.employee.0) else { continue };
            let within = scope
                .as_ref()
                .is_none_or(|scope| row.unit.is_some_and(|unit| scope.contains(&unit.0)));
            if within && rights.reach.has(row.unit) {
                let path = self.catalog.unit_path_text(row.unit);
                let group = sheet.group.unwrap_or(RaterGroup::Own);
                let order = (path, row.folded().into_owned(), row.number, group);
                rows.push((order, row, sheet));
            }
        }
        rows.sort_by(|(a, _, one), (b, _, other)| (a, &one.code).cmp(&(b, &other.code)));
        let total = rows.len() as u32;
        let page = rows.into_iter().skip(offset as usize).take(PAGE_MAX as usize);
        let sheets = page.map(|((.., group), row, sheet)| SheetInfo {
            keyed: sheet.is_keyed(),
            code: sheet.code,
            name: row.full_name(),
            unit: self.catalog.unit(row.unit).map_or_else(String::new, |unit| unit.name.clone()),
            group,
        });
        Ok(Some(SheetsPage { competencies, sheets: sheets.collect(), total }))
    }
}
