//! Row: what is kept in memory of one person, and how it is worked out from the person's
//! records — levels, JP, gaps against the standard of the post. Knows one person at a
//! time; `roster` keeps them all.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::gap::{Cell, Figures};
use crate::domain::grade::Grade;
use crate::domain::jp::{JpByYear, year_of};
use crate::domain::kinds::certificate::Certificate;
use crate::domain::kinds::employee::{Employee, EmploymentKind, Status};
use crate::domain::kinds::enrolment::Enrolment;
use crate::domain::kinds::meeting::Meeting;
use crate::domain::kinds::rating::Rating;
use crate::domain::number::EmployeeNumber;
use crate::domain::record::{
    CompetencyId, EmployeeId, Kind, PositionId, RecordId, Revision, UnitId,
};
use crate::domain::search::{sound, sounds_as_written};
use crate::office::views::catalog::{Catalog, Required};
use crate::store::Pack;

/// What is kept in memory of one person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::office) struct RosterRow {
    pub number: u32,
    pub rev: Revision,
    #[serde(with = "packed")]
    pub nip: EmployeeNumber,
    names: Names,
    pub kind: EmploymentKind,
    pub status: Status,
    /// Grade id, 0 for none.
    pub grade: u8,
    pub unit: Option<UnitId>,
    pub position: Option<PositionId>,
    /// Current level by competency.
    pub levels: Box<[Rated]>,
    /// The day of the latest of them.
    pub rated_on: Option<NaiveDate>,
    /// When the first of their certificates ends, of each the one that is valid longest.
    pub expires: Option<NaiveDate>,
    /// JP earned by year.
    jp: Box<[Earned]>,
    /// Competencies below standard, and rated ones that have a standard.
    pub below: u8,
    pub rated: u8,
    /// The kinds of which something is kept with the person, a bit each.
    holds: u64,
    /// Their data may be kept but not processed.
    pub restricted: bool,
}

/// A person's name and titles in one piece, since every piece of what is kept of everybody
/// counts: the title in front, the name, the title behind, and the name as search compares it
/// where that is more than lower case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Names {
    text: Box<str>,
    ends: [u32; 3],
}

impl Names {
    fn of(front: &str, name: &str, back: &str) -> Self {
        let folded = if sounds_as_written(name) { String::new() } else { sound(name) };
        let ends = [front.len(), front.len() + name.len(), front.len() + name.len() + back.len()];
        Self {
            text: [front, name, back, &folded].concat().into(),
            ends: ends.map(|end| end as u32),
        }
    }

    fn part(&self, at: usize) -> &str {
        let end = |at: usize| self.ends.get(at).map_or(self.text.len(), |end| *end as usize);
        let start = at.checked_sub(1).map_or(0, end);
        self.text.get(start..end(at)).unwrap_or_default()
    }
}

/// JP of one year in four bytes: the year above, the JP below.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
struct Earned(u32);

impl Earned {
    const JP_BITS: u32 = 20;
    const YEAR_MAX: u16 = (1 << (32 - Self::JP_BITS)) - 1;
    const JP_MAX: u32 = (1 << Self::JP_BITS) - 1;

    fn new(year: u16, jp: u32) -> Self {
        Self(u32::from(year.min(Self::YEAR_MAX)) << Self::JP_BITS | jp.min(Self::JP_MAX))
    }

    const fn year(self) -> u16 {
        (self.0 >> Self::JP_BITS) as u16
    }

    const fn jp(self) -> u32 {
        self.0 & Self::JP_MAX
    }
}

/// A current level in four bytes: there are nine of them a person.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(in crate::office) struct Rated(u32);

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

/// A number as it is packed: not as text, which would have to be taken apart again.
#[derive(Serialize, Deserialize)]
enum PackedNumber {
    Pns(u64),
    Pppk(u64),
    Local(Box<str>),
}

mod packed {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{EmployeeNumber, PackedNumber};

    pub fn serialize<S: Serializer>(number: &EmployeeNumber, to: S) -> Result<S::Ok, S::Error> {
        let packed = match number {
            EmployeeNumber::Pns(digits) => PackedNumber::Pns(digits.get()),
            EmployeeNumber::Pppk(digits) => PackedNumber::Pppk(digits.get()),
            EmployeeNumber::Local(label) => PackedNumber::Local(label.to_string().into()),
        };
        packed.serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<EmployeeNumber, D::Error> {
        let read = match PackedNumber::deserialize(from)? {
            PackedNumber::Pns(number) | PackedNumber::Pppk(number) => {
                EmployeeNumber::of_digits(number)
            }
            PackedNumber::Local(text) if text.is_empty() => Ok(EmployeeNumber::default()),
            PackedNumber::Local(text) => EmployeeNumber::local(&text),
        };
        read.map_err(|reason| D::Error::custom(reason.code()))
    }
}

impl RosterRow {
    /// The row of a person, as far as their record says.
    pub fn of(number: u32, rev: Revision, employee: &Employee) -> Self {
        Self {
            number,
            rev,
            nip: employee.number.clone(),
            names: Names::of(&employee.front_title, &employee.name, &employee.back_title),
            kind: employee.kind,
            status: employee.status,
            grade: employee.grade.map_or(0, Grade::id),
            unit: employee.unit,
            position: employee.position,
            levels: Box::default(),
            rated_on: None,
            expires: None,
            jp: Box::default(),
            below: 0,
            rated: 0,
            holds: 0,
            restricted: employee.restricted,
        }
    }

    pub fn front(&self) -> &str {
        self.names.part(0)
    }

    pub fn name(&self) -> &str {
        self.names.part(1)
    }

    pub fn back(&self) -> &str {
        self.names.part(2)
    }

    fn folded_name(&self) -> Option<&str> {
        Some(self.names.part(3)).filter(|folded| !folded.is_empty())
    }

    pub fn id(&self) -> EmployeeId {
        EmployeeId(self.number)
    }

    pub fn level(&self, competency: CompetencyId) -> Option<u8> {
        self.levels.iter().find(|rated| rated.competency() == competency).map(|r| r.level())
    }

    /// JP earned by year.
    pub fn years(&self) -> impl Iterator<Item = (u16, u32)> + '_ {
        self.jp.iter().map(|earned| (earned.year(), earned.jp()))
    }

    /// The name as search compares it; people are in its order.
    pub fn folded(&self) -> Cow<'_, str> {
        match self.folded_name() {
            Some(folded) => Cow::Borrowed(folded),
            None => Cow::Owned(self.name().to_ascii_lowercase()),
        }
    }

    /// Whether the folded name holds `word`, which is folded.
    pub fn name_holds(&self, word: &str) -> bool {
        match self.folded_name() {
            Some(folded) => folded.contains(word),
            None => holds_ignoring_case(self.name().as_bytes(), word.as_bytes()),
        }
    }

    /// Order of two people by name.
    pub fn cmp_by_name(&self, other: &Self) -> Ordering {
        let by_name = match (self.folded_name(), other.folded_name()) {
            (None, None) => {
                let (a, b) = (self.name().as_bytes(), other.name().as_bytes());
                a.iter().map(u8::to_ascii_lowercase).cmp(b.iter().map(u8::to_ascii_lowercase))
            }
            _ => self.folded().cmp(&other.folded()),
        };
        by_name.then(self.number.cmp(&other.number))
    }

    /// Takes over levels from the person's pack.
    pub fn take_levels(&mut self, catalog: &Catalog, pack: &Pack) {
        let current = current_levels(catalog, pack, None);
        self.rated_on = current.values().filter_map(|(_, rating)| rating.date).max();
        self.levels = current
            .into_iter()
            .map(|(competency, (_, rating))| Rated::new(competency, rating.level.get()))
            .collect();
    }

    /// Takes over levels and JP from the person's pack.
    pub fn take_pack(&mut self, catalog: &Catalog, pack: &Pack) {
        self.take_levels(catalog, pack);
        self.expires = first_to_end(pack);
        let years = jp_by_year(catalog, pack, None);
        self.jp = years.into_iter().map(|(year, jp)| Earned::new(year, jp)).collect();
        self.holds = pack.rows.iter().fold(0, |holds, (id, ..)| holds | bit(id.kind));
    }

    /// The row of a person with these ratings and trainings.
    #[must_use]
    pub fn with_pack(mut self, catalog: &Catalog, pack: &Pack, today: NaiveDate) -> Self {
        self.take_pack(catalog, pack);
        count_gaps(catalog, &mut self, today);
        self
    }

    /// Whether any record of this kind is kept with the person.
    pub fn holds(&self, kind: Kind) -> bool {
        self.holds & bit(kind) != 0
    }

    /// Takes over levels, JP and gaps from the row that stood before.
    pub fn keep_pack(&mut self, known: &Self) {
        self.levels.clone_from(&known.levels);
        (self.rated_on, self.expires) = (known.rated_on, known.expires);
        self.jp.clone_from(&known.jp);
        (self.below, self.rated) = (known.below, known.rated);
        self.holds = known.holds;
    }

    pub fn is_active(&self) -> bool {
        self.status == Status::Active
    }

    pub fn jp_of(&self, year: u16) -> u32 {
        self.jp.iter().find(|earned| earned.year() == year).map_or(0, |earned| earned.jp())
    }

    pub fn grade(&self) -> Option<Grade> {
        Grade::from_id(self.grade)
    }

    pub fn full_name(&self) -> String {
        crate::domain::kinds::employee::full_name(self.front(), self.name(), self.back())
    }
}

/// A kind's place in [`RosterRow::holds`].
const fn bit(kind: Kind) -> u64 {
    1 << kind as u32
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
pub(in crate::office) fn cells(
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

/// The same by their pack, as far as it was known by a day.
pub(in crate::office) fn cells_by(
    catalog: &Catalog,
    pack: &Pack,
    known_by: Option<NaiveDate>,
    columns: &[CompetencyId],
    position: Option<PositionId>,
    at: NaiveDate,
) -> Vec<Cell> {
    let levels = current_levels(catalog, pack, known_by);
    let actual = |c: CompetencyId| levels.get(&c).map(|(_, rating)| rating.level.get());
    cells(catalog, columns, position, at, &actual)
}

/// The latest rating by competency, as of a day: by date, then by entry. One of a competency
/// that has been merged counts for what it was merged into.
pub(in crate::office) fn current_levels<'a>(
    catalog: &Catalog,
    pack: &'a Pack,
    at: Option<NaiveDate>,
) -> BTreeMap<CompetencyId, (u32, &'a Rating)> {
    let mut current: BTreeMap<CompetencyId, (u32, &Rating)> = BTreeMap::new();
    for (number, _, rating) in pack.of::<Rating>() {
        if at.is_some_and(|at| rating.date.is_none_or(|date| date > at)) {
            continue;
        }
        let competency = catalog.current(rating.competency, at);
        let best = current.entry(competency).or_insert((number, rating));
        if rating.supersedes(number, best.1, best.0) {
            *best = (number, rating);
        }
    }
    current
}

/// When the first of a person's certificates ends; of several of one name the last counts.
fn first_to_end(pack: &Pack) -> Option<NaiveDate> {
    let mut ends: BTreeMap<&str, NaiveDate> = BTreeMap::new();
    for (_, _, certificate) in pack.of::<Certificate>() {
        // One without an end stays valid.
        let until = certificate.valid_until.unwrap_or(NaiveDate::MAX);
        let end = ends.entry(&certificate.name).or_insert(until);
        *end = until.max(*end);
    }
    ends.into_values().min().filter(|end| *end < NaiveDate::MAX)
}

/// JP by year that a person's enrolments earn, and meetings with a mentor where they count, or had earned by the end of a day.
pub(in crate::office) fn jp_by_year(
    catalog: &Catalog,
    pack: &Pack,
    at: Option<NaiveDate>,
) -> JpByYear {
    let mut years = JpByYear::new();
    each_jp(catalog, pack, at, &mut |_, year, jp| *years.entry(year).or_default() += jp);
    years
}

/// Each enrolment that earned JP, and each meeting where they count, with its year.
pub(in crate::office) fn each_jp(
    catalog: &Catalog,
    pack: &Pack,
    at: Option<NaiveDate>,
    see: &mut dyn FnMut(RecordId, u16, u32),
) {
    for (number, _, enrolment) in pack.of::<Enrolment>() {
        let Some(session) = catalog.session(enrolment.session) else { continue };
        let programme_jp = catalog.programme(session.programme).and_then(|programme| programme.jp);
        let then = at.map(|at| enrolment.by(session, at));
        let enrolment = then.as_ref().unwrap_or(enrolment);
        let earned = enrolment.earned(session, programme_jp, catalog.attendance_min());
        if let (Some(year), true) = (session.year(), earned > 0) {
            see(RecordId::new(Kind::Enrolments, number), year, earned.into());
        }
    }
    if catalog.counts_mentoring() {
        let held = pack.of::<Meeting>().filter_map(|(number, _, met)| Some((met.date?, number)));
        let mut held: Vec<_> = held.filter(|(day, _)| at.is_none_or(|at| *day <= at)).collect();
        held.sort_unstable();
        let counted = catalog.meetings_count(held.iter().map(|(day, _)| *day));
        for ((day, number), jp) in held.iter().zip(counted) {
            see(RecordId::new(Kind::Meetings, *number), year_of(*day), jp.unwrap_or(0));
        }
    }
}

/// What a row adds up to against its post on that day, archived competencies left out.
pub(in crate::office) fn figures(catalog: &Catalog, row: &RosterRow, at: NaiveDate) -> Figures {
    figures_against(catalog, row, &catalog.required(row.position, at))
}

/// The same against what is required anyhow.
pub(in crate::office) fn figures_against(
    catalog: &Catalog,
    row: &RosterRow,
    required: &[Required],
) -> Figures {
    let shown = |id| catalog.competency(id).is_some_and(|competency| !competency.archived);
    let rated = row.levels.iter().filter(|rated| shown(rated.competency()));
    Figures::of(rated.map(|rated| {
        Cell {
            competency: rated.competency(),
            required: required
                .iter()
                .find(|required| required.competency == rated.competency())
                .map(|required| required.level),
            actual: Some(rated.level()),
        }
    }))
}

/// Counts a row's gaps anew, after a standard or a post changed or a day has passed.
pub(in crate::office) fn count_gaps(catalog: &Catalog, row: &mut RosterRow, today: NaiveDate) {
    let figures = figures(catalog, row, today);
    row.below = u8::try_from(figures.below).unwrap_or(u8::MAX);
    row.rated = u8::try_from(figures.rated).unwrap_or(u8::MAX);
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
    fn a_level_and_its_competency_fit_together() {
        let rated = Rated::new(CompetencyId(1_234), 5);
        assert_eq!((rated.competency(), rated.level()), (CompetencyId(1_234), 5));
    }
}
