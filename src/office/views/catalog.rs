//! Catalogue: the small tables every answer needs, of every kind whose home they are, held
//! in memory, the office's own rows over the built-in ones. Kept current by `put`; knows nothing of the journal.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};

use crate::domain::belongs::Home;
use crate::domain::kinds::competency::{Competency, fold_code};
use crate::domain::kinds::holiday::Holiday;
use crate::domain::kinds::position::{JobLevel, Position};
use crate::domain::kinds::programme::Programme;
use crate::domain::kinds::session::Session;
use crate::domain::kinds::setting::{
    ATTENDANCE_MIN, MENTORING_JP, OFFICE_NAME, SETTINGS, TIME_ZONE,
};
use crate::domain::kinds::standard::{Standard, in_force};
use crate::domain::kinds::unit::{Unit, path_text};
use crate::domain::kinds::{self, registry};
use crate::domain::record::{
    CompetencyId, Kind, PositionId, ProgrammeId, Record, RecordId, Revision, SessionId, UnitId,
    fold,
};
use crate::domain::rules;
use crate::office::views::names::Sounds;
use crate::office::views::rules::Books;

/// Holidays an office tells of: those of four years, and then some.
const HOLIDAYS_MAX: usize = 400;

/// A small table: rows by number, with the revision each stands at.
pub(in crate::office) type Table<T> = BTreeMap<u32, (Revision, T)>;

macro_rules! catalog {
    ($($kind:ident $name:ident $module:ident::$record:ident = $byte:literal;)+) => {
        /// What stands in the tables right now; that of a kind kept elsewhere stays empty.
        #[derive(Default)]
        pub(in crate::office) struct Catalog {
            $(pub $name: Table<kinds::$module::$record>,)+
            built_in: HashMap<RecordId, Record>,
            /// Standards by whom they are for, so that a person's row is a few look-ups.
            by_level: HashMap<JobLevel, Vec<u32>>,
            by_position: HashMap<u32, Vec<u32>>,
            known: RefCell<Known>,
            pub(super) books: RefCell<Books>,
        }

        impl Catalog {
            fn set(&mut self, number: u32, rev: Revision, record: Record) {
                match record {
                    $(Record::$record(row) if Self::holds(Kind::$kind) => {
                        self.$name.insert(number, (rev, row));
                    })+
                    _ => {}
                }
            }

            fn unset(&mut self, id: RecordId) {
                match id.kind {
                    $(Kind::$kind => drop(self.$name.remove(&id.number))),+
                }
            }

            pub fn get(&self, id: RecordId) -> Option<(Revision, Record)> {
                match id.kind {
                    $(Kind::$kind => {
                        let row = self.$name.get(&id.number);
                        row.map(|(rev, row)| (*rev, row.clone().into()))
                    })+
                }
            }

            /// The numbers of a kind, in their order.
            pub fn numbers(&self, kind: Kind) -> Vec<u32> {
                match kind {
                    $(Kind::$kind => self.$name.keys().copied().collect()),+
                }
            }
        }
    };
}

registry!(catalog);

/// By job level, and by the post where it has standards of its own.
type ByPost = HashMap<(Option<JobLevel>, Option<u32>), Arc<[Required]>>;

/// What was worked out of units and posts since they last changed: thousands of people are in
/// the same few.
#[derive(Default)]
struct Known {
    paths: HashMap<u32, Arc<str>>,
    levels: HashMap<u32, Option<JobLevel>>,
    sounds: Option<Arc<Sounds>>,
    /// The day of what is required.
    at: NaiveDate,
    required: ByPost,
}

/// What a post requires of one competency, and which row says so.
#[derive(Clone, Copy, Debug)]
pub(in crate::office) struct Required {
    pub competency: CompetencyId,
    pub level: u8,
    pub standard: u32,
}

impl Catalog {
    /// The built-in rows alone: a fresh office.
    pub fn new() -> Self {
        let mut catalog =
            Self { built_in: rules::built_in().into_iter().collect(), ..Self::default() };
        let records: Vec<_> =
            catalog.built_in.iter().map(|(id, record)| (*id, record.clone())).collect();
        for (id, record) in records {
            catalog.set(id.number, Revision(0), record);
        }
        catalog.index_standards();
        catalog
    }

    /// Whether records of this kind live here.
    pub fn holds(kind: Kind) -> bool {
        kind.home() == Home::Table
    }

    pub fn built_in(&self, id: RecordId) -> Option<&Record> {
        self.built_in.get(&id)
    }

    /// Takes a record's new state; `None` removes it, or shows a built-in again.
    pub fn put(&mut self, id: RecordId, rev: Revision, record: Option<Record>) {
        self.take(id, rev, record);
        self.index(id.kind);
    }

    /// The same of many records, each kind of which is to be indexed at their end.
    pub fn take(&mut self, id: RecordId, rev: Revision, record: Option<Record>) {
        let record = record.map(|record| (rev, record));
        match record.or_else(|| Some((Revision(0), self.built_in.get(&id)?.clone()))) {
            Some((rev, record)) => self.set(id.number, rev, record),
            None => self.unset(id),
        }
    }

    /// Forgets what was worked out of records of this kind as they stood.
    pub fn index(&mut self, kind: Kind) {
        match kind {
            Kind::Standards => self.index_standards(),
            Kind::Rules => *self.books.get_mut() = Books::default(),
            Kind::Positions | Kind::Units | Kind::Competencies => {
                *self.known.get_mut() = Known::default();
            }
            _ => {}
        }
    }

    /// Loads many rows, indexing once.
    pub fn load(&mut self, rows: impl IntoIterator<Item = (u32, Revision, Record)>) {
        for (number, rev, record) in rows {
            self.set(number, rev, record);
        }
        self.index_standards();
    }

    fn index_standards(&mut self) {
        *self.known.get_mut() = Known::default();
        self.by_level.clear();
        self.by_position.clear();
        for (number, (_, standard)) in &self.standards {
            if let Some(level) = standard.job_level {
                self.by_level.entry(level).or_default().push(*number);
            }
            if let Some(position) = standard.position {
                self.by_position.entry(position.0).or_default().push(*number);
            }
        }
    }

    pub fn unit(&self, id: Option<UnitId>) -> Option<&Unit> {
        self.units.get(&id?.0).map(|(_, unit)| unit)
    }

    pub fn position(&self, id: Option<PositionId>) -> Option<&Position> {
        self.positions.get(&id?.0).map(|(_, position)| position)
    }

    /// The post of this title, however it is spaced or written; of several the first.
    pub fn post_called(&self, title: &str) -> Option<PositionId> {
        let title = fold(title);
        let mut same = self.positions.iter().filter(|(_, (_, post))| fold(&post.title) == title);
        same.next().map(|(number, _)| PositionId(*number))
    }

    pub fn competency(&self, id: CompetencyId) -> Option<&Competency> {
        self.competencies.get(&id.0).map(|(_, competency)| competency)
    }

    pub fn programme(&self, id: ProgrammeId) -> Option<&Programme> {
        self.programmes.get(&id.0).map(|(_, programme)| programme)
    }

    pub fn session(&self, id: SessionId) -> Option<&Session> {
        self.sessions.get(&id.0).map(|(_, session)| session)
    }

    /// Names from the root down. A loop (a damaged tree) ends after as many steps as there are units.
    pub fn unit_path(&self, id: Option<UnitId>) -> Vec<String> {
        let mut path = Vec::new();
        let mut at = id;
        while let Some(unit) = self.unit(at) {
            path.push(unit.name.clone());
            at = unit.parent;
            if path.len() > self.units.len() {
                break;
            }
        }
        path.reverse();
        path
    }

    pub fn unit_path_text(&self, id: Option<UnitId>) -> Arc<str> {
        let Some(unit) = id else { return Arc::default() };
        let written = || path_text(&self.unit_path(id)).into();
        Arc::clone(self.known.borrow_mut().paths.entry(unit.0).or_insert_with(written))
    }

    /// This unit and all below it.
    pub fn below(&self, root: UnitId) -> BTreeSet<u32> {
        if !self.units.contains_key(&root.0) {
            return BTreeSet::new();
        }
        let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
        for (number, (_, unit)) in &self.units {
            if let Some(parent) = unit.parent {
                children.entry(parent.0).or_default().push(*number);
            }
        }
        let mut found = BTreeSet::from([root.0]);
        let mut open = vec![root.0];
        while let Some(unit) = open.pop() {
            for child in children.get(&unit).into_iter().flatten() {
                if found.insert(*child) {
                    open.push(*child);
                }
            }
        }
        found
    }

    /// The units above this one.
    pub fn above(&self, unit: UnitId) -> BTreeSet<u32> {
        let parent = |unit: u32| self.units.get(&unit)?.1.parent;
        let mut found = BTreeSet::new();
        let mut at = parent(unit.0);
        while let Some(above) = at.filter(|above| found.insert(above.0)) {
            at = parent(above.0);
        }
        found
    }

    /// Steps from one unit to another along the tree; none where nothing joins them.
    pub fn distance(&self, from: Option<UnitId>, to: Option<UnitId>) -> Option<u32> {
        let line = |unit: UnitId| {
            let mut line = vec![unit.0];
            let mut at = self.unit(Some(unit)).and_then(|row| row.parent);
            while let Some(above) = at.filter(|above| !line.contains(&above.0)) {
                line.push(above.0);
                at = self.unit(at).and_then(|row| row.parent);
            }
            line
        };
        let (from, to) = (line(from?), line(to?));
        let meets = |unit: &u32| to.iter().position(|other| other == unit);
        let steps = from.iter().enumerate().find_map(|(up, unit)| Some(up + meets(unit)?));
        steps.map(|steps| steps as u32)
    }

    /// How units and posts sound, worked out once since any of them last changed.
    pub fn sounds(&self) -> Arc<Sounds> {
        let known = self.known.borrow().sounds.clone();
        known.unwrap_or_else(|| {
            let sounds = Arc::new(Sounds::of(self));
            self.known.borrow_mut().sounds = Some(Arc::clone(&sounds));
            sounds
        })
    }

    pub fn competency_by_code(&self, code: &str) -> Option<CompetencyId> {
        let wanted = fold_code(code);
        self.competencies
            .iter()
            .find(|(_, (_, competency))| fold_code(&competency.code) == wanted)
            .map(|(number, _)| CompetencyId(*number))
    }

    /// What a competency counts as on that day, or now: what it was merged into, as far as that
    /// goes. A loop ends after as many steps as there are competencies.
    pub fn current(&self, id: CompetencyId, at: Option<NaiveDate>) -> CompetencyId {
        let into = |id| self.competency(id).filter(|one| one.is_archived(at))?.merged_into;
        let mut current = id;
        for _ in 0..self.competencies.len() {
            match into(current).filter(|into| self.competency(*into).is_some()) {
                Some(into) => current = into,
                None => break,
            }
        }
        current
    }

    /// Whether one is the other, or was merged into it, over however many.
    pub fn leads_to(&self, from: CompetencyId, to: CompetencyId) -> bool {
        let into = |id: &CompetencyId| self.competency(*id)?.merged_into;
        // A loop ends after as many steps as there are competencies.
        let steps = std::iter::successors(Some(from), into).take(self.competencies.len() + 1);
        steps.into_iter().any(|id| id == to)
    }

    /// The matrix's columns: what is not archived, by group, field of government and code, `M.2`
    /// before `M.10`.
    pub fn columns(&self) -> Vec<(CompetencyId, &Competency)> {
        self.columns_of(None)
    }

    /// The same of a day: what was archived later is still there.
    pub fn columns_on(&self, at: NaiveDate) -> Vec<(CompetencyId, &Competency)> {
        self.columns_of(Some(at))
    }

    fn columns_of(&self, at: Option<NaiveDate>) -> Vec<(CompetencyId, &Competency)> {
        let mut columns: Vec<_> = self
            .competencies
            .iter()
            .filter(|(_, (_, competency))| !competency.is_archived(at))
            .map(|(number, (_, competency))| (CompetencyId(*number), competency))
            .collect();
        columns.sort_by_cached_key(|(id, competency)| (code_order(competency), id.0));
        columns
    }

    /// The job level of a position: set by hand, or derived.
    pub fn level(&self, position: Option<PositionId>) -> Option<JobLevel> {
        let id = position?;
        let derived = || self.position(position).and_then(Position::level);
        *self.known.borrow_mut().levels.entry(id.0).or_insert_with(derived)
    }

    /// What this position requires on that day: its own rows over its job level's.
    pub fn required(&self, position: Option<PositionId>, at: NaiveDate) -> Arc<[Required]> {
        let Some(id) = position else { return Arc::default() };
        let level = self.level(position);
        let own = Some(id.0).filter(|id| self.by_position.contains_key(id));
        let mut known = self.known.borrow_mut();
        if known.at != at {
            known.required.clear();
            known.at = at;
        }
        let work_out = || self.requires(level, own, at).into();
        Arc::clone(known.required.entry((level, own)).or_insert_with(work_out))
    }

    fn requires<'a>(
        &'a self,
        level: Option<JobLevel>,
        position: Option<u32>,
        at: NaiveDate,
    ) -> Vec<Required> {
        let mut required: Vec<Required> = Vec::new();
        let of_level = level.and_then(|level| self.by_level.get(&level));
        let own = position.and_then(|position| self.by_position.get(&position));
        for numbers in [of_level, own].into_iter().flatten() {
            let mut rows: HashMap<CompetencyId, Vec<(u32, &Standard)>> = HashMap::new();
            for number in numbers {
                let Some((_, row)) = self.standards.get(number) else { continue };
                let competency = self.current(row.competency, Some(at));
                rows.entry(competency).or_default().push((*number, row));
            }
            for (competency, rows) in rows {
                // A row for what was merged into it counts where it has none of its own.
                let (own, merged): (Vec<_>, Vec<_>) =
                    rows.into_iter().partition(|(_, row)| row.competency == competency);
                let latest = |rows: Vec<(u32, &'a Standard)>| {
                    in_force(rows, at, |(number, row)| (row.effective_from, *number))
                };
                let Some((standard, row)) = latest(own).or_else(|| latest(merged)) else {
                    continue;
                };
                let row = Required { competency, level: row.level.get(), standard };
                match required.iter_mut().find(|r| r.competency == row.competency) {
                    Some(existing) => *existing = row,
                    None => required.push(row),
                }
            }
        }
        required
    }

    /// Whether a standard comes into force after `from` and not after `to`.
    pub fn standards_change_between(&self, from: NaiveDate, to: NaiveDate) -> bool {
        let (from, to) = (from.min(to), from.max(to));
        let mut dates = self.standards.values().filter_map(|(_, row)| row.effective_from);
        dates.any(|date| date > from && date <= to)
    }

    /// What a setting is set to, or is unless set.
    pub fn setting(&self, name: &str) -> &str {
        let def = SETTINGS.iter().find(|def| def.name == name);
        let row = def.and_then(|def| self.settings.get(&def.number));
        row.map_or("", |(_, setting)| setting.value.as_str())
    }

    pub fn office_name(&self) -> &str {
        self.setting(OFFICE_NAME)
    }

    pub fn time_zone(&self) -> &str {
        self.setting(TIME_ZONE)
    }

    pub fn attendance_min(&self) -> u8 {
        self.setting(ATTENDANCE_MIN).parse().unwrap_or(80)
    }

    /// Whether meetings of a mentoring count among JP here.
    pub fn counts_mentoring(&self) -> bool {
        self.setting(MENTORING_JP) == "yes"
    }

    /// The office's holidays from the year before this day to the second after it.
    pub fn holidays_about(&self, today: NaiveDate) -> Vec<Holiday> {
        let years = today.year() - 1..=today.year() + 2;
        let near = |held: &Holiday| held.date.is_some_and(|day| years.contains(&day.year()));
        let held = self.holidays.values().map(|(_, held)| held).filter(|held| near(held));
        held.take(HOLIDAYS_MAX).cloned().collect()
    }
}

/// Group first (manajerial, sosiokultural, teknis), what it stands under there, then letters,
/// then the number in the code.
fn code_order(competency: &Competency) -> (u8, String, String, u32) {
    let code = fold_code(&competency.code);
    let split = code.find(|c: char| c.is_ascii_digit()).unwrap_or(code.len());
    let (letters, digits) = code.split_at(split);
    let group = competency.group.map_or(9, |group| group as u8);
    (group, fold(&competency.parent), letters.to_string(), digits.parse().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_fresh_office_knows_the_nine_competencies_in_their_order() {
        let catalog = Catalog::new();
        let codes: Vec<_> = catalog.columns().iter().map(|(_, c)| c.code.clone()).collect();
        assert_eq!(codes, ["M.1", "M.2", "M.3", "M.4", "M.5", "M.6", "M.7", "M.8", "SK.1"]);
        assert_eq!(catalog.time_zone(), "WIB");
    }

    #[test]
    fn a_positions_own_standard_stands_over_its_levels_from_its_day_on() {
        let mut catalog = Catalog::new();
        let position = Position {
            title: "Lurah".into(),
            job_level: Some(JobLevel::Pengawas),
            ..Position::default()
        };
        catalog.put(RecordId::new(Kind::Positions, 1000), Revision(1), Some(position.into()));
        let own = Standard {
            position: Some(PositionId(1000)),
            competency: CompetencyId(5),
            level: crate::domain::kinds::competency::Level::new(4).unwrap(),
            effective_from: Some(day("2026-07-01")),
            ..Standard::default()
        };
        catalog.put(RecordId::new(Kind::Standards, 1000), Revision(2), Some(own.into()));
        let level = |at| {
            let required = catalog.required(Some(PositionId(1000)), day(at));
            required.iter().find(|r| r.competency.0 == 5).map(|r| r.level)
        };
        assert_eq!(level("2026-06-30"), Some(2));
        assert_eq!(level("2026-07-01"), Some(4));
        assert!(catalog.standards_change_between(day("2026-06-30"), day("2026-07-01")));
    }
}
