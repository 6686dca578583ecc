//! Roster: one short row a person, in memory, with everything lists, search and the
//! matrix need — so that a keystroke never reads full records. Packed into chunks for
//! a fast start; what is packed is only trusted when it was packed at the store's head.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

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
/// The chunk with the order of names, so that opening need not sort.
const ORDER: u32 = u32::MAX - 1;
/// The chunk that says at which entry, and on which day, everything was packed.
const STAMP: u32 = u32::MAX;
/// Changes with the layout of rows.
const LAYOUT: [u8; 4] = *b"ros2";

/// What is kept in memory of one person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct RosterRow {
    pub number: u32,
    pub rev: Revision,
    #[serde(with = "PackedNumber")]
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
    pub levels: Box<[Rated]>,
    /// JP earned by year.
    pub jp: Box<[(u16, u32)]>,
    /// Competencies below standard, and rated ones that have a standard.
    pub below: u8,
    pub rated: u8,
    /// The name folded for search and order, where that is more than lower case; derived.
    #[serde(skip)]
    folded: Option<Box<str>>,
}

/// A current level in four bytes: there are nine of them a person.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Rated(u32);

impl Rated {
    fn new(competency: CompetencyId, level: u8) -> Self {
        Self(competency.0 << 3 | u32::from(level & 7))
    }

    pub const fn competency(self) -> CompetencyId {
        CompetencyId(self.0 >> 3)
    }

    pub const fn level(self) -> u8 {
        (self.0 & 7) as u8
    }
}

/// A number as it is packed: not as text, which would have to be read again.
#[derive(Serialize, Deserialize)]
#[serde(remote = "EmployeeNumber")]
enum PackedNumber {
    Pns(u64),
    Pppk(u64),
    Local(Box<str>),
}

impl RosterRow {
    pub fn id(&self) -> EmployeeId {
        EmployeeId(self.number)
    }

    pub fn level(&self, competency: CompetencyId) -> Option<u8> {
        self.levels.iter().find(|rated| rated.competency() == competency).map(|r| r.level())
    }

    /// The name folded for search and order.
    pub fn folded(&self) -> Cow<'_, str> {
        match &self.folded {
            Some(folded) => Cow::Borrowed(folded),
            None => Cow::Owned(self.name.to_ascii_lowercase()),
        }
    }

    /// Whether the folded name holds `word`, which is folded.
    pub fn name_holds(&self, word: &str) -> bool {
        match &self.folded {
            Some(folded) => folded.contains(word),
            None => holds_ignoring_case(self.name.as_bytes(), word.as_bytes()),
        }
    }

    /// Order of two people by name.
    pub fn cmp_by_name(&self, other: &Self) -> Ordering {
        let by_name = match (&self.folded, &other.folded) {
            (None, None) => {
                let (a, b) = (self.name.as_bytes(), other.name.as_bytes());
                a.iter().map(u8::to_ascii_lowercase).cmp(b.iter().map(u8::to_ascii_lowercase))
            }
            _ => self.folded().cmp(&other.folded()),
        };
        by_name.then(self.number.cmp(&other.number))
    }

    /// Takes over levels and JP from the person's pack.
    pub fn take_pack(&mut self, catalog: &Catalog, pack: &Pack) {
        self.levels = current_levels(&pack.ratings, None)
            .into_iter()
            .map(|(competency, (_, rating))| Rated::new(competency, rating.level.get()))
            .collect();
        self.jp = jp_by_year(catalog, pack).into_iter().collect();
    }

    /// Takes over levels, JP and gaps from the row that stood before.
    pub fn keep_pack(&mut self, known: &Self) {
        self.levels.clone_from(&known.levels);
        self.jp.clone_from(&known.jp);
        (self.below, self.rated) = (known.below, known.rated);
    }

    fn fold_name(&mut self) {
        self.folded = (!is_plain(&self.name)).then(|| fold(&self.name).into());
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

/// Whether folding the name is no more than writing it in lower case.
fn is_plain(name: &str) -> bool {
    let bytes = name.as_bytes();
    let ends = bytes.first() != Some(&b' ') && bytes.last() != Some(&b' ');
    ends && bytes.iter().all(|byte| matches!(byte, b' '..=b'~'))
        && !bytes.windows(2).any(|pair| pair == b"  ")
}

/// Whether `text` holds `word`, which is in lower case.
fn holds_ignoring_case(text: &[u8], word: &[u8]) -> bool {
    let Some((first, rest)) = word.split_first() else { return true };
    let Some(last) = text.len().checked_sub(rest.len()) else { return false };
    let other = first.to_ascii_uppercase();
    text.iter().take(last).enumerate().any(|(at, byte)| {
        (byte == first || *byte == other)
            && text[at + 1..at + word.len()].eq_ignore_ascii_case(rest)
    })
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
    layout: [u8; 4],
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
    /// Indexes of the rows in the order of names; of another length while it is not known.
    by_name: Vec<u32>,
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
            Ok(at) if self.rows[at].name == row.name => self.rows[at] = row,
            Ok(at) => {
                self.unplace(at);
                self.rows[at] = row;
                self.place(at);
            }
            Err(at) if at == self.rows.len() => {
                self.rows.push(row);
                self.place(at);
            }
            Err(at) => {
                self.rows.insert(at, row);
                self.forget_order();
            }
        }
    }

    pub fn remove(&mut self, number: u32) {
        if let Ok(at) = self.rows.binary_search_by_key(&number, |r| r.number) {
            self.version += 1;
            self.dirty.insert(number / CHUNK);
            self.rows.remove(at);
            self.forget_order();
        }
    }

    /// Takes a row whose name is about to change out of the order of names.
    fn unplace(&mut self, at: usize) {
        if let Ok(place) = self.place_of(at) {
            self.by_name.remove(place);
        } else {
            self.forget_order();
        }
    }

    fn forget_order(&mut self) {
        self.dirty.insert(ORDER);
        self.by_name.clear();
    }

    /// Puts the row at its place in the order of names, if the others stand in it.
    fn place(&mut self, at: usize) {
        self.dirty.insert(ORDER);
        if self.by_name.len() + 1 != self.rows.len() {
            self.forget_order();
        } else if let Err(place) = self.place_of(at) {
            self.by_name.insert(place, at as u32);
        }
    }

    fn place_of(&self, at: usize) -> Result<usize, usize> {
        let row = &self.rows[at];
        self.by_name.binary_search_by(|other| self.rows[*other as usize].cmp_by_name(row))
    }

    /// Who is enrolled in a session.
    pub fn roll(&self, session: SessionId) -> impl Iterator<Item = u32> + '_ {
        self.rolls.get(&session.0).into_iter().flatten().copied()
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

    /// Indexes of the rows in the order of names; sorted only after many have changed.
    pub fn by_name(&mut self) -> &[u32] {
        if self.by_name.len() != self.rows.len() {
            self.dirty.insert(ORDER);
            self.by_name = (0..self.rows.len() as u32).collect();
            let rows = &self.rows;
            self.by_name.sort_unstable_by(|a, b| rows[*a as usize].cmp_by_name(&rows[*b as usize]));
        }
        &self.by_name
    }

    /// Forgets everything; what was packed of it is to be written again, or taken away.
    pub fn start_over(&mut self, day: NaiveDate) {
        let mut dirty = std::mem::take(&mut self.dirty);
        dirty.insert(ORDER);
        dirty.extend(self.rows.iter().map(|row| row.number / CHUNK));
        dirty.extend(self.rolls.keys().map(|session| ROLLS + session / CHUNK));
        *self = Self { version: self.version + 1, day, dirty, ..Self::default() };
    }

    /// Adds a row while loading in the order of numbers.
    pub fn push(&mut self, row: RosterRow) {
        self.dirty.insert(row.number / CHUNK);
        self.rows.push(row);
    }

    /// Begins to read what was packed, for about so many people.
    pub fn unpack(&mut self, people: usize) -> Unpacking<'_> {
        *self = Self { version: self.version + 1, ..Self::default() };
        self.rows.reserve_exact(people);
        Unpacking { roster: self, stamp: None, readable: true }
    }

    /// What has to be written so that `unpack` at `seq` gives this roster.
    pub fn pack(&mut self, seq: u64) -> Vec<(u32, Vec<u8>)> {
        let mut chunks = Vec::new();
        self.dirty.remove(&STAMP);
        if self.dirty.contains(&ORDER) {
            self.by_name();
        }
        // A chunk of nobody is taken away.
        let encode = |chunk: u32| -> Option<Vec<u8>> {
            if chunk == ORDER {
                return codec::encode(&self.by_name).ok();
            }
            if chunk >= ROLLS {
                let first = (chunk - ROLLS).saturating_mul(CHUNK);
                let rolls: Vec<_> =
                    self.rolls.range(first..=first.saturating_add(CHUNK - 1)).collect();
                return if rolls.is_empty() {
                    Some(Vec::new())
                } else {
                    codec::encode(&rolls).ok()
                };
            }
            let from = self.rows.partition_point(|row| row.number / CHUNK < chunk);
            let to = self.rows.partition_point(|row| row.number / CHUNK <= chunk);
            let rows = &self.rows[from..to];
            if rows.is_empty() { Some(Vec::new()) } else { codec::encode(rows).ok() }
        };
        for chunk in &self.dirty {
            if let Some(bytes) = encode(*chunk) {
                chunks.push((*chunk, bytes));
            }
        }
        if let Ok(stamp) = codec::encode(&Stamp { layout: LAYOUT, seq, day: self.day }) {
            chunks.push((STAMP, stamp));
        }
        self.dirty.clear();
        chunks
    }
}

/// What was packed, on its way back.
pub(super) struct Unpacking<'a> {
    roster: &'a mut Roster,
    stamp: Option<Stamp>,
    readable: bool,
}

impl Unpacking<'_> {
    /// Takes a chunk; they come in the order of their numbers.
    pub fn chunk(&mut self, chunk: u32, bytes: &[u8]) {
        let roster = &mut *self.roster;
        let read = match chunk {
            STAMP => codec::decode(bytes).map(|stamp| self.stamp = Some(stamp)),
            ORDER => codec::decode(bytes).map(|order| roster.by_name = order),
            ROLLS.. => codec::decode::<Vec<(u32, BTreeSet<u32>)>>(bytes)
                .map(|rolls| roster.rolls.extend(rolls)),
            _ => codec::decode::<Vec<RosterRow>>(bytes).map(|mut rows| {
                rows.iter_mut().for_each(RosterRow::fold_name);
                roster.rows.append(&mut rows);
            }),
        };
        if read.is_err() {
            self.readable = false;
            roster.dirty.insert(chunk);
        }
    }

    /// Whether this is the roster as it stood at entry `seq`.
    pub fn finish(self, seq: u64) -> bool {
        let Some(stamp) = self.stamp else { return false };
        let roster = self.roster;
        roster.day = stamp.day;
        if !is_order(&roster.by_name, roster.rows.len()) {
            roster.by_name.clear();
        }
        self.readable
            && (stamp.layout, stamp.seq) == (LAYOUT, seq)
            && roster.rows.is_sorted_by_key(|row| row.number)
    }
}

/// Whether every index stands in it once.
fn is_order(order: &[u32], length: usize) -> bool {
    let mut seen = vec![false; length];
    let once =
        |at: &u32| seen.get_mut(*at as usize).is_some_and(|seen| !std::mem::replace(seen, true));
    order.len() == length && order.iter().all(once)
}

/// The row of a person, as far as their record says.
pub(super) fn row(number: u32, rev: Revision, employee: &Employee) -> RosterRow {
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
        levels: Box::default(),
        jp: Box::default(),
        below: 0,
        rated: 0,
        folded: None,
    };
    row.fold_name();
    row
}

/// Counts a row's gaps anew, after a standard or a post changed or a day has passed.
pub(super) fn count_gaps(catalog: &Catalog, row: &mut RosterRow, today: NaiveDate) {
    let columns: Vec<CompetencyId> = row.levels.iter().map(|rated| rated.competency()).collect();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_by_any_part_of_it_in_any_case() {
        for (name, part, found) in [
            ("Siti Rahayu", "ti ra", true),
            ("SITI RAHAYU", "yu", true),
            ("Siti", "siti r", false),
            ("Siti", "", true),
            ("", "s", false),
            ("ssiti", "siti", true),
        ] {
            assert_eq!(holds_ignoring_case(name.as_bytes(), part.as_bytes()), found, "{name}");
        }
    }

    #[test]
    fn only_a_name_that_folds_to_its_lower_case_goes_without_a_folded_one() {
        for (name, plain) in
            [("Siti Rahayu", true), ("", true), ("a  b", false), (" a", false), ("Élise", false)]
        {
            assert_eq!(is_plain(name), plain, "{name:?}");
            assert!(!plain || fold(name) == name.to_ascii_lowercase(), "{name:?}");
        }
    }

    #[test]
    fn a_roster_of_another_layout_is_not_taken_and_all_of_it_goes() {
        let mut roster = Roster::default();
        let mut unpacking = roster.unpack(1);
        for chunk in [0, 3, ROLLS, ROLLS + 7, ORDER, STAMP] {
            unpacking.chunk(chunk, b"\xff another layout");
        }
        assert!(!unpacking.finish(1));
        roster.start_over(NaiveDate::default());
        let packed = roster.pack(1);
        let gone = packed.iter().filter(|(_, bytes)| bytes.is_empty()).map(|(chunk, _)| *chunk);
        assert_eq!(gone.collect::<Vec<_>>(), [0, 3, ROLLS, ROLLS + 7]);
        assert_eq!(packed.iter().filter(|(chunk, _)| *chunk == STAMP).count(), 1);
    }

    #[test]
    fn a_level_and_its_competency_fit_together() {
        let rated = Rated::new(CompetencyId(1_234), 5);
        assert_eq!((rated.competency(), rated.level()), (CompetencyId(1_234), 5));
    }
}
