//! Roster: one short row a person, in memory, with everything lists, search and the
//! matrix need — so that a keystroke never reads full records. Packed into chunks for
//! a fast start; what is packed is only trusted when it was packed at the store's head.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::catalog::Catalog;
use crate::codec;
use crate::domain::employee::{Employee, EmploymentKind, Status};
use crate::domain::gap::{Cell, Figures};
use crate::domain::grade::Grade;
use crate::domain::number::EmployeeNumber;
use crate::domain::rating::Rating;
use crate::domain::record::{
    CompetencyId, EmployeeId, PositionId, Revision, SessionId, UnitId, fold,
};
use crate::domain::training::JpByYear;
use crate::store::Pack;

/// Employee numbers a chunk covers.
const CHUNK: u32 = 256;
/// Chunk numbers from here hold the rolls of sessions.
const ROLLS: u32 = 0x8000_0000;
/// The chunk that says at which entry, and on which day, everything was packed.
const STAMP: u32 = u32::MAX;

/// What is kept in memory of one person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct RosterRow {
    pub number: u32,
    pub rev: Revision,
    pub nip: EmployeeNumber,
    pub name: Box<str>,
    pub front: Box<str>,
    pub back: Box<str>,
    pub kind: EmploymentKind,
    pub status: Status,
    /// Grade id, 0 for none.
    pub grade: u8,
    pub unit: Option<UnitId>,
    pub position: Option<PositionId>,
    /// Current level by competency.
    pub levels: Box<[(CompetencyId, u8)]>,
    /// JP earned by year.
    pub jp: Box<[(u16, u32)]>,
    /// Competencies below standard, and rated ones that have a standard.
    pub below: u8,
    pub rated: u8,
    /// The name folded for search and order; derived.
    #[serde(skip)]
    pub folded: Box<str>,
}

impl RosterRow {
    pub fn id(&self) -> EmployeeId {
        EmployeeId(self.number)
    }

    pub fn level(&self, competency: CompetencyId) -> Option<u8> {
        self.levels.iter().find(|(id, _)| *id == competency).map(|(_, level)| *level)
    }

    pub fn jp_of(&self, year: u16) -> u32 {
        self.jp.iter().find(|(y, _)| *y == year).map_or(0, |(_, jp)| *jp)
    }

    pub fn grade(&self) -> Option<Grade> {
        Grade::from_id(self.grade)
    }

    pub fn full_name(&self) -> String {
        crate::domain::employee::full_name(&self.front, &self.name, &self.back)
    }

    /// The row's cells for these competencies, with what `catalog` requires on that day.
    pub fn cells(&self, catalog: &Catalog, columns: &[CompetencyId], at: NaiveDate) -> Vec<Cell> {
        cells(catalog, columns, self.position, at, &|competency| self.level(competency))
    }
}

/// Cells of a person in this position whose levels are given by `actual`.
pub(super) fn cells(
    catalog: &Catalog,
    columns: &[CompetencyId],
    position: Option<PositionId>,
    at: NaiveDate,
    actual: &dyn Fn(CompetencyId) -> Option<u8>,
) -> Vec<Cell> {
    let required = catalog.required(position, at);
    let cell = |competency: CompetencyId| Cell {
        competency,
        required: required.iter().find(|r| r.competency == competency).map(|r| r.level),
        actual: actual(competency),
    };
    columns.iter().copied().map(cell).collect()
}

/// The latest rating by competency, as of a day: by date, then by entry.
pub(super) fn current_levels(
    ratings: &[(u32, Revision, Rating)],
    at: Option<NaiveDate>,
) -> BTreeMap<CompetencyId, (u32, &Rating)> {
    let mut current: BTreeMap<CompetencyId, (u32, &Rating)> = BTreeMap::new();
    for (number, _, rating) in ratings {
        if at.is_some_and(|at| rating.date.is_none_or(|date| date > at)) {
            continue;
        }
        let best = current.entry(rating.competency).or_insert((*number, rating));
        if rating.supersedes(*number, best.1, best.0) {
            *best = (*number, rating);
        }
    }
    current
}

/// JP by year that a person's enrolments earn.
pub(super) fn jp_by_year(catalog: &Catalog, pack: &Pack) -> JpByYear {
    let mut years = JpByYear::new();
    for (_, _, enrolment) in &pack.enrolments {
        let Some(session) = catalog.session(enrolment.session) else { continue };
        let programme_jp = catalog.programme(session.programme).and_then(|programme| programme.jp);
        let earned = enrolment.earned(session, programme_jp, catalog.attendance_min());
        if let (Some(year), true) = (session.year(), earned > 0) {
            *years.entry(year).or_default() += u32::from(earned);
        }
    }
    years
}

/// Where everything was packed.
#[derive(Serialize, Deserialize, PartialEq)]
struct Stamp {
    seq: u64,
    day: NaiveDate,
}

/// All rows, by number; and who is enrolled in which session.
#[derive(Default)]
pub(super) struct Roster {
    rows: Vec<RosterRow>,
    rolls: BTreeMap<u32, BTreeSet<u32>>,
    dirty: BTreeSet<u32>,
    /// Goes up with every change: results computed at another version are stale.
    pub version: u64,
    /// The day the gaps were computed for.
    pub day: NaiveDate,
    by_name: Vec<u32>,
    by_name_version: u64,
}

impl Roster {
    pub fn rows(&self) -> &[RosterRow] {
        &self.rows
    }

    pub fn get(&self, number: u32) -> Option<&RosterRow> {
        self.rows.binary_search_by_key(&number, |row| row.number).ok().map(|at| &self.rows[at])
    }

    pub fn put(&mut self, row: RosterRow) {
        self.version += 1;
        self.dirty.insert(row.number / CHUNK);
        match self.rows.binary_search_by_key(&row.number, |r| r.number) {
            Ok(at) => self.rows[at] = row,
            Err(at) => self.rows.insert(at, row),
        }
    }

    pub fn remove(&mut self, number: u32) {
        if let Ok(at) = self.rows.binary_search_by_key(&number, |r| r.number) {
            self.version += 1;
            self.dirty.insert(number / CHUNK);
            self.rows.remove(at);
        }
    }

    /// Who is enrolled in a session.
    pub fn roll(&self, session: SessionId) -> impl Iterator<Item = u32> + '_ {
        self.rolls.get(&session.0).into_iter().flatten().copied()
    }

    pub fn roll_len(&self, session: SessionId) -> usize {
        self.rolls.get(&session.0).map_or(0, BTreeSet::len)
    }

    /// Notes that a person is, or is no longer, enrolled.
    pub fn enrol(&mut self, session: SessionId, employee: u32, enrolled: bool) {
        self.version += 1;
        self.dirty.insert(ROLLS + session.0 / CHUNK);
        let roll = self.rolls.entry(session.0).or_default();
        if enrolled {
            roll.insert(employee);
        } else {
            roll.remove(&employee);
            if roll.is_empty() {
                self.rolls.remove(&session.0);
            }
        }
    }

    /// Indexes of the rows in the order of names, sorted again only after a change; an
    /// almost sorted list sorts in little more than one pass.
    pub fn by_name(&mut self) -> &[u32] {
        if self.by_name_version != self.version || self.by_name.len() != self.rows.len() {
            if self.by_name.len() != self.rows.len() {
                self.by_name = (0..self.rows.len() as u32).collect();
            }
            let rows = &self.rows;
            self.by_name.sort_by(|a, b| {
                let (a, b) = (&rows[*a as usize], &rows[*b as usize]);
                a.folded.cmp(&b.folded).then(a.number.cmp(&b.number))
            });
            self.by_name_version = self.version;
        }
        &self.by_name
    }

    pub fn start_over(&mut self, day: NaiveDate) {
        *self = Self { version: self.version + 1, day, ..Self::default() };
    }

    /// Adds a row while loading in the order of numbers.
    pub fn push(&mut self, row: RosterRow) {
        self.dirty.insert(row.number / CHUNK);
        self.rows.push(row);
    }

    /// Reads what was packed; `false` when it was packed at another entry or is unreadable.
    pub fn unpack<'a>(&mut self, seq: u64, chunks: impl Iterator<Item = (u32, &'a [u8])>) -> bool {
        self.start_over(NaiveDate::default());
        let mut stamped = false;
        for (chunk, bytes) in chunks {
            let read = if chunk == STAMP {
                codec::decode::<Stamp>(bytes).map(|stamp| {
                    stamped = stamp.seq == seq;
                    self.day = stamp.day;
                })
            } else if chunk >= ROLLS {
                codec::decode::<Vec<(u32, BTreeSet<u32>)>>(bytes)
                    .map(|rolls| self.rolls.extend(rolls))
            } else {
                codec::decode::<Vec<RosterRow>>(bytes).map(|rows| self.rows.extend(rows))
            };
            if read.is_err() {
                return false;
            }
        }
        for row in &mut self.rows {
            row.folded = fold(&row.name).into();
        }
        stamped && self.rows.is_sorted_by_key(|row| row.number)
    }

    /// What has to be written so that `unpack` at `seq` gives this roster.
    pub fn pack(&mut self, seq: u64) -> Vec<(u32, Vec<u8>)> {
        let mut chunks = Vec::new();
        let encode = |chunk: u32| -> Option<Vec<u8>> {
            if chunk >= ROLLS {
                let first = (chunk - ROLLS) * CHUNK;
                let rolls: Vec<_> = self.rolls.range(first..first + CHUNK).collect();
                codec::encode(&rolls).ok()
            } else {
                let from = self.rows.partition_point(|row| row.number / CHUNK < chunk);
                let to = self.rows.partition_point(|row| row.number / CHUNK <= chunk);
                codec::encode(&self.rows[from..to]).ok()
            }
        };
        for chunk in &self.dirty {
            if let Some(bytes) = encode(*chunk) {
                chunks.push((*chunk, bytes));
            }
        }
        if let Ok(stamp) = codec::encode(&Stamp { seq, day: self.day }) {
            chunks.push((STAMP, stamp));
        }
        self.dirty.clear();
        chunks
    }
}

/// The row of a person as `catalog` and their pack say today.
pub(super) fn row(
    catalog: &Catalog,
    number: u32,
    rev: Revision,
    employee: &Employee,
    pack: &Pack,
    today: NaiveDate,
) -> RosterRow {
    let levels: Box<[(CompetencyId, u8)]> = current_levels(&pack.ratings, None)
        .into_iter()
        .map(|(competency, (_, rating))| (competency, rating.level.get()))
        .collect();
    let mut row = RosterRow {
        number,
        rev,
        nip: employee.number.clone(),
        name: employee.name.as_str().into(),
        front: employee.front_title.as_str().into(),
        back: employee.back_title.as_str().into(),
        kind: employee.kind,
        status: employee.status,
        grade: employee.grade.map_or(0, Grade::id),
        unit: employee.unit,
        position: employee.position,
        levels,
        jp: jp_by_year(catalog, pack).into_iter().collect(),
        below: 0,
        rated: 0,
        folded: fold(&employee.name).into(),
    };
    count_gaps(catalog, &mut row, today);
    row
}

/// Counts a row's gaps anew, after a standard or a post changed or a day has passed.
pub(super) fn count_gaps(catalog: &Catalog, row: &mut RosterRow, today: NaiveDate) {
    let columns: Vec<CompetencyId> = row.levels.iter().map(|(competency, _)| *competency).collect();
    let shown = |cell: &Cell| {
        catalog.competency(cell.competency).is_some_and(|competency| !competency.archived)
    };
    let figures = Figures::of(row.cells(catalog, &columns, today).into_iter().filter(shown));
    row.below = u8::try_from(figures.below).unwrap_or(u8::MAX);
    row.rated = u8::try_from(figures.rated).unwrap_or(u8::MAX);
}

/// The year JP is shown for unless asked otherwise.
pub(super) fn year_of(today: NaiveDate) -> u16 {
    u16::try_from(today.year()).unwrap_or(0)
}

/// Counts of people by the unit or position their row names.
pub(super) fn people_by<K: std::hash::Hash + Eq>(
    rows: &[RosterRow],
    key: impl Fn(&RosterRow) -> Option<K>,
) -> HashMap<K, u32> {
    let mut counts = HashMap::new();
    for row in rows.iter().filter(|row| row.status == Status::Active) {
        if let Some(key) = key(row) {
            *counts.entry(key).or_insert(0) += 1;
        }
    }
    counts
}
