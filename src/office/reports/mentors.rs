//! Mentors: for whoever is below the standard of their post, who could guide them: willing on the
//! day asked for, at least one level above what is needed, with room for one more, and the nearest
//! in the tree of units first. Advice, no more: pairs are made by officers.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::columns::{number, text, whole};
use super::source::Source;
use super::{Report, ReportLine};
use crate::domain::kinds::mentor::Mentor;
use crate::domain::kinds::mentoring::Mentoring;
use crate::domain::record::{CompetencyId, EmployeeId, Kind, RecordId};
use crate::domain::table::{Tone, When};
use crate::domain::value::Value;
use crate::office::trouble::Trouble;
use crate::office::views::row::RosterRow;
use crate::protocol::{Opens, Param, Remark, TableColumn};

pub(super) struct Mentors;

/// Somebody who is willing.
struct Willing<'a> {
    row: &'a RosterRow,
    /// In which competency, or in any, and for how many.
    offers: Vec<(Option<CompetencyId>, i64)>,
    levels: BTreeMap<CompetencyId, u8>,
    guided: i64,
}

impl Willing<'_> {
    /// For how many more in a competency.
    fn free(&self, competency: CompetencyId) -> Option<i64> {
        let meant = |(of, _): &&(Option<CompetencyId>, i64)| of.is_none_or(|of| of == competency);
        let capacity = self.offers.iter().filter(meant).map(|(_, capacity)| *capacity).max()?;
        Some(capacity - self.guided)
    }
}

impl Report for Mentors {
    fn id(&self) -> &'static str {
        "mentors"
    }

    fn params(&self) -> Vec<Param> {
        vec![
            Param::unit(),
            Param::text("competency"),
            Param::whole("each", 1..=20, 3),
            Param::at(),
            Param::search(),
        ]
    }

    fn columns(&self) -> Vec<TableColumn> {
        vec![
            number("nip").hidden(),
            text("name", 0),
            text("unit", 14).hidden(),
            text("code", 5),
            whole("actual", 5),
            whole("needed", 6),
            text("mentor", 14),
            text("mentor_unit", 14).hidden(),
            whole("mentor_level", 6),
            whole("free", 5).shaded(When::Below(1), Tone::Quiet),
            whole("distance", 6),
        ]
    }

    fn lines(&self, source: &Source) -> Result<Vec<ReportLine>, Trouble> {
        let willing = willing(source)?;
        let each = usize::try_from(source.asked.whole("each")).unwrap_or(1);
        let catalog = source.catalog();
        let asked = source.asked.text("competency");
        let only = catalog.competency_by_code(asked).map(|id| catalog.current(id, None));
        if !asked.trim().is_empty() && only.is_none() {
            return Ok(Vec::new());
        }
        let mut rows = Vec::new();
        let needs = source.of_each(|row| Ok([(row, source.levels(row)?)]))?;
        for (row, cells) in needs {
            for cell in cells {
                let (Some(actual), Some(needed)) = (cell.actual, cell.required) else { continue };
                if actual >= needed || only.is_some_and(|only| only != cell.competency) {
                    continue;
                }
                let need = (cell.competency, actual, needed);
                rows.extend(found(source, row, need, &willing).into_iter().take(each));
            }
        }
        let line = |(id, (cells, mentor)): (u64, (Vec<Value>, u32))| {
            let opens = Opens::Record(RecordId::from(EmployeeId(mentor)));
            ReportLine::made(id, cells, Some(opens))
        };
        Ok((1..).zip(rows).map(line).collect())
    }

    fn notes(&self, source: &Source) -> Vec<Remark> {
        [Remark::new("advice")].into_iter().chain(source.standards_note()).collect()
    }
}

/// Everybody within reach who is willing on the day, with what they have and guide already.
fn willing<'a>(source: &Source<'a>) -> Result<Vec<Willing<'a>>, Trouble> {
    let on = source.asked.at;
    let mut guided: BTreeMap<u32, i64> = BTreeMap::new();
    let pairs = source.everybody(|row| {
        let mut mentors = Vec::new();
        if row.holds(Kind::Mentorings) {
            let pack = source.pack(row.number)?;
            let open = pack.of::<Mentoring>().filter(|(_, _, pair)| pair.is_open(on));
            mentors.extend(open.map(|(_, _, pair)| pair.mentor.0));
        }
        Ok(mentors)
    })?;
    for mentor in pairs {
        *guided.entry(mentor).or_default() += 1;
    }
    source.everybody(|row| {
        if !row.holds(Kind::Mentors) {
            return Ok(None);
        }
        let pack = source.pack(row.number)?;
        let current = |of: CompetencyId| source.catalog().current(of, Some(on));
        let until = |mentor: &&Mentor| mentor.until.is_none_or(|until| on <= until);
        let offers: Vec<_> = pack
            .of::<Mentor>()
            .map(|(_, _, mentor)| mentor)
            .filter(until)
            .map(|mentor| (mentor.competency.map(current), i64::from(mentor.capacity)))
            .collect();
        let levels = source.levels(row)?.into_iter();
        let levels = levels.filter_map(|cell| Some((cell.competency, cell.actual?))).collect();
        let guided = guided.get(&row.number).copied().unwrap_or(0);
        Ok((!offers.is_empty()).then_some(Willing { row, offers, levels, guided }))
    })
}

/// Who could guide one person in one competency, the nearest first, and of those equally near
/// whoever has most room.
fn found(
    source: &Source,
    row: &RosterRow,
    (competency, actual, needed): (CompetencyId, u8, u8),
    willing: &[Willing],
) -> Vec<(Vec<Value>, u32)> {
    let catalog = source.catalog();
    let unit = |row: &RosterRow| catalog.unit(row.unit).map_or("", |unit| unit.name.as_str());
    let mut mentors: Vec<_> = willing
        .iter()
        .filter(|one| one.row.number != row.number)
        .filter_map(|one| {
            let level = one.levels.get(&competency).copied().filter(|level| *level > needed)?;
            let free = one.free(competency)?;
            let distance = catalog.distance(row.unit, one.row.unit);
            Some(((distance.unwrap_or(u32::MAX), Reverse(free), Reverse(level)), one, distance))
        })
        .filter(|((_, free, _), ..)| free.0 > 0)
        .collect();
    mentors.sort_by_key(|(rank, ..)| *rank);
    let code = catalog.competency(competency).map_or("", |one| one.code.as_str());
    let cells =
        |((_, free, level), one, distance): ((u32, Reverse<i64>, Reverse<u8>), &Willing, _)| {
            let cells = vec![
                Value::text(row.nip.to_string()),
                Value::text(row.name()),
                Value::text(unit(row)),
                Value::text(code),
                Value::Whole(actual.into()),
                Value::Whole(needed.into()),
                Value::text(one.row.name()),
                Value::text(unit(one.row)),
                Value::Whole(level.0.into()),
                Value::Whole(free.0),
                Value::whole(distance),
            ];
            (cells, one.row.number)
        };
    mentors.into_iter().map(cells).collect()
}
