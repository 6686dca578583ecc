//! What is done with an assessment cycle: raters proposed from the tree of units, sheets made
//! under codes drawn at random and keyed by code, results and ratings written at its closing.
//! Once anything may have been told no sheet of it changes any more, also by an undo: two
//! results that differ by one sheet would tell it.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::change::Change;
use crate::domain::cycle::{self, Tally};
use crate::domain::fault::{Fault, Reason};
use crate::domain::kinds::competency::Level;
use crate::domain::kinds::cycle::{Cycle, RaterGroup, Stage};
use crate::domain::kinds::cycle_result::CycleResult;
use crate::domain::kinds::rater::Rater;
use crate::domain::kinds::rating::{Rating, RatingSource};
use crate::domain::kinds::sheet::{Score, ScoreSheet};
use crate::domain::record::{CycleId, EmployeeId, Kind, Record, RecordId, Revision, UnitId};
use crate::journal;
use crate::office::Office;
use crate::office::read::cycles::Held;
use crate::office::trouble::Trouble;
use crate::office::write::plan::{Planner, Stop};
use crate::office::write::propose;
use crate::protocol::{CycleAct, KeyedSheet, Needs, Problem};
use crate::store::StoreError;

/// So often a code that is taken is drawn again.
const DRAWN_MAX: usize = 100;

fn wrong(field: &str, reason: Reason) -> Stop {
    Problem::Invalid(vec![(0, Fault::new(field, reason))]).into()
}

impl Planner<'_> {
    pub fn assess(&mut self, id: CycleId, act: &CycleAct) -> Result<Vec<Change>, Stop> {
        let Some((rev, cycle)) = self.state.cycle(id) else {
            return Err(Problem::NotFound.into());
        };
        if !self.rights.is_whole() && !matches!(act, CycleAct::Key(_)) {
            return Err(self.rights.not_allowed(Needs::OfficeAdmin).into());
        }
        let stage = cycle.stage();
        if stage != Stage::Open && !(stage == Stage::Collected && *act == CycleAct::Close) {
            return Err(wrong("stage", Reason::NotOpen));
        }
        let changes = match act {
            CycleAct::Propose => self.propose(id, cycle)?,
            CycleAct::MakeSheets => self.make_sheets(id, cycle)?,
            CycleAct::Key(sheets) => self.key(id, sheets)?,
            CycleAct::Collect => vec![self.staged(id, rev, cycle, Stage::Collected)?],
            CycleAct::Close => {
                let mut changes = vec![self.staged(id, rev, cycle, Stage::Closed)?];
                changes.extend(self.results(id, cycle)?);
                changes
            }
        };
        self.permit(&changes)?;
        Ok(changes)
    }

    fn add(&mut self, record: Record) -> Change {
        let kind = record.kind();
        let id = RecordId::new(kind, self.numbers.next(self.state, kind));
        Change { id, base: Revision(0), after: Some(record) }
    }

    /// The cycle at another stage, once there is something to tell.
    fn staged(
        &self,
        id: CycleId,
        base: Revision,
        cycle: &Cycle,
        stage: Stage,
    ) -> Result<Change, Stop> {
        let mut papers = self.state.rounds()?.of(id).flat_map(|(_, rated)| &rated.sheets);
        if !papers.any(|paper| paper.keyed) {
            return Err(wrong("scores", Reason::NothingKeyed));
        }
        let after = Cycle { stage: Some(stage), ..cycle.clone() };
        Ok(Change { id: id.into(), base, after: Some(after.into()) })
    }

    /// Raters of everybody who has none: what was corrected by hand stays as it is.
    fn propose(&mut self, id: CycleId, cycle: &Cycle) -> Result<Vec<Change>, Stop> {
        let rounds = self.state.rounds()?;
        let below = |unit: &UnitId| self.state.catalog.below(*unit);
        let scope = (!cycle.units.is_empty())
            .then(|| cycle.units.iter().flat_map(below).collect::<BTreeSet<u32>>());
        let proposed = propose::raters(self.state, scope.as_ref(), cycle.most());
        let mut changes = Vec::new();
        for (person, group, rater) in proposed {
            if rounds.has_raters(id, person) || self.state.is_restricted(person) {
                continue;
            }
            let rater = Rater {
                employee: EmployeeId(person),
                cycle: id,
                group: Some(group),
                rater: EmployeeId(rater),
                ..Rater::default()
            };
            changes.push(self.add(rater.into()));
        }
        Ok(changes)
    }

    fn make_sheets(&mut self, id: CycleId, cycle: &Cycle) -> Result<Vec<Change>, Stop> {
        let raters = self.state.raters_of(id)?;
        if raters.is_empty() {
            return Err(wrong("rater", Reason::NoRaters));
        }
        let asked = self.state.asked_of(id, cycle)?;
        let asked = asked.map_err(|fault| Stop::from(Problem::Invalid(vec![(0, fault)])))?;
        let mut wanted: BTreeMap<(u32, RaterGroup), usize> = BTreeMap::new();
        for rater in raters.values().flatten() {
            let group = rater.group.unwrap_or(RaterGroup::Own);
            *wanted.entry((rater.employee.0, group)).or_default() += 1;
        }
        for (person, rated) in self.state.rounds()?.of(id) {
            for made in &rated.sheets {
                if let Some(count) = wanted.get_mut(&(person, made.group)) {
                    *count = count.saturating_sub(1);
                }
            }
        }
        wanted.retain(|(person, _), _| !self.state.is_restricted(*person));
        let sheets = wanted.into_iter().flat_map(|(of, count)| std::iter::repeat_n(of, count));
        let mut salts = journal::salts_from_system();
        // In the order of their codes, which tells nothing of whose they are.
        let mut coded: BTreeMap<String, (u32, RaterGroup)> = BTreeMap::new();
        for of in sheets {
            let code = self.free_code(&mut salts, &coded)?;
            coded.insert(code, of);
        }
        let blank = |competency: &_| Score { competency: *competency, level: None };
        let changes = coded.into_iter().map(|(code, (person, group))| {
            let sheet = ScoreSheet {
                code,
                cycle: id,
                employee: EmployeeId(person),
                group: Some(group),
                scores: asked.iter().map(blank).collect(),
            };
            self.add(sheet.into())
        });
        Ok(changes.collect())
    }

    /// A code no sheet has.
    fn free_code<T>(
        &self,
        salts: &mut journal::Salts,
        drawn: &BTreeMap<String, T>,
    ) -> Result<String, Stop> {
        for _ in 0..DRAWN_MAX {
            let salt = salts().map_err(|error| Stop::from(Problem::Io(error.to_string())))?;
            let code = ScoreSheet::code_of(&salt);
            if !drawn.contains_key(&code) && self.state.sheet_called(&code)?.is_none() {
                return Ok(code);
            }
        }
        Err(wrong("code", Reason::AlreadyTaken))
    }

    /// All of them or none; written in the order of their codes, whatever order they lay in.
    fn key(&self, id: CycleId, sheets: &[KeyedSheet]) -> Result<Vec<Change>, Stop> {
        let mut keyed: BTreeMap<String, Change> = BTreeMap::new();
        let mut faults = Vec::new();
        for (index, one) in (0..).zip(sheets) {
            match self.keyed(id, one)? {
                Ok((code, change)) => {
                    if keyed.insert(code, change).is_some() {
                        faults.push((index, Fault::new("code", Reason::SheetKeyed)));
                    }
                }
                Err(fault) => faults.push((index, fault)),
            }
        }
        if faults.is_empty() {
            Ok(keyed.into_values().collect())
        } else {
            Err(Problem::Invalid(faults).into())
        }
    }

    fn keyed(
        &self,
        id: CycleId,
        one: &KeyedSheet,
    ) -> Result<Result<(String, Change), Fault>, StoreError> {
        let fault = |field: &str, reason| Ok(Err(Fault::new(field, reason)));
        let held = self.state.sheet_called(&one.code)?.filter(|held| {
            held.sheet.cycle == id && self.state.reaches(self.rights, held.sheet.employee.0)
        });
        let Some(Held { number, rev, mut sheet }) = held else {
            return fault("code", Reason::SheetUnknown);
        };
        if sheet.is_keyed() {
            return fault("code", Reason::SheetKeyed);
        }
        if self.state.is_restricted(sheet.employee.0) {
            return fault("code", Reason::Restricted);
        }
        if one.levels.len() != sheet.scores.len() {
            return fault("scores", Reason::ScoresMissing);
        }
        for (score, level) in sheet.scores.iter_mut().zip(&one.levels) {
            let Some(level) = Level::new(*level) else {
                return fault("scores", Reason::LevelRange);
            };
            score.level = Some(level);
        }
        let id = RecordId::new(Kind::Sheets, number);
        let code = sheet.code.clone();
        Ok(Ok((code, Change { id, base: rev, after: Some(sheet.into()) })))
    }

    /// What the sheets come to: a frozen result and a rating for each person and competency.
    fn results(&mut self, id: CycleId, cycle: &Cycle) -> Result<Vec<Change>, Stop> {
        let mut people: BTreeMap<u32, Vec<ScoreSheet>> = BTreeMap::new();
        for held in self.state.sheets_of(id)? {
            people.entry(held.sheet.employee.0).or_default().push(held.sheet);
        }
        // Of a cycle that is over by that day.
        let today = self.state.today;
        let day = cycle.end.filter(|end| *end <= today).unwrap_or(today);
        let rules = self.state.catalog.rules(day);
        let Some(set) = rules.assessment.set(&cycle.weights) else { return Ok(Vec::new()) };
        let mut changes = Vec::new();
        for (person, sheets) in people {
            let Some(row) = self.state.roster.get(person).filter(|row| !row.restricted) else {
                continue;
            };
            let required = self.state.catalog.required(row.position, day);
            let staff = sheets.iter().any(|sheet| sheet.group == Some(RaterGroup::Subordinate));
            let asked = sheets.first().map_or(&[][..], |sheet| &sheet.scores);
            for (at, competency) in asked.iter().map(|score| score.competency).enumerate() {
                let told = cycle::result(set, staff, cycle.minimum(), tallies(&sheets, at));
                let known = self.state.catalog.competency(competency).is_some();
                let Some(level) = told.result.filter(|_| known).and_then(cycle::level) else {
                    continue;
                };
                let standard = required.iter().find(|row| row.competency == competency);
                let row = standard.and_then(|one| self.state.catalog.standards.get(&one.standard));
                let result = CycleResult {
                    employee: EmployeeId(person),
                    cycle: id,
                    competency,
                    result: told.result,
                    level,
                    own: told.own,
                    superior: told.superior,
                    peer: told.peer,
                    subordinate: told.subordinate,
                    others: told.others,
                    required: standard.and_then(|one| Level::new(one.level)),
                    effective_from: row.and_then(|(_, row)| row.effective_from),
                    legal_basis: row.map_or_else(String::new, |(_, row)| row.legal_basis.clone()),
                };
                let rating = Rating {
                    employee: EmployeeId(person),
                    competency,
                    level,
                    source: Some(RatingSource::Cycle),
                    rater: cycle.name.clone(),
                    date: Some(day),
                    method: "360".into(),
                    evidence: String::new(),
                };
                changes.push(self.add(result.into()));
                changes.push(self.add(rating.into()));
            }
        }
        Ok(changes)
    }
}

/// What the keyed sheets say of the competency at this place, by group.
fn tallies(sheets: &[ScoreSheet], at: usize) -> [Tally; 4] {
    let mut tallies = [Tally::default(); 4];
    for sheet in sheets {
        let level = sheet.scores.get(at).and_then(|score| score.level);
        if let (Some(group), Some(level)) = (sheet.group, level) {
            tallies[group as usize].add(level.get().into());
        }
    }
    tallies
}

impl Office {
    /// Whether the sheets among these changes may be otherwise: their cycle is open, and never
    /// has been anything else.
    pub(in crate::office) fn sheets_may_change(
        &mut self,
        changes: &[Change],
    ) -> Result<(), Trouble> {
        let mut cycles = BTreeSet::new();
        for change in changes.iter().filter(|change| change.id.kind == Kind::Sheets) {
            let now = self.state.store.get(change.id)?.map(|stored| stored.record);
            for record in now.iter().chain(&change.after) {
                let Record::ScoreSheet(sheet) = record else { continue };
                cycles.insert(sheet.cycle.0);
            }
        }
        for number in cycles {
            let id = RecordId::new(Kind::Cycles, number);
            for version in self.state.store.trail(id)? {
                let stood = self.as_of(id, Revision(version.seq))?;
                if let Some(Record::Cycle(cycle)) = stood
                    && cycle.stage() != Stage::Open
                {
                    let fault = Fault::new("stage", Reason::ToldBefore);
                    return Err(Problem::Invalid(vec![(0, fault)]).into());
                }
            }
        }
        Ok(())
    }
}
