//! Mentors: for whoever is below the standard of their post, who could guide them: willing on the
//! day asked for, at least one level above what is needed, with room for one more, and the nearest
//! in the tree of units first. Advice, no more: pairs are made by officers.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::columns::{number, text, whole};
use super::source::Source;
use super::{Report, ReportLine, Steps, grounds};
use crate::domain::gap::Cell;
use crate::domain::kinds::competency::Level;
use crate::domain::kinds::mentor::Mentor;
use crate::domain::kinds::mentoring::Mentoring;
use crate::domain::record::{CompetencyId, EmployeeId, Kind, Record, RecordId};
use crate::domain::table::{Tone, When};
use crate::domain::value::Value;
use crate::office::trouble::Trouble;
use crate::office::views::row::RosterRow;
use crate::protocol::{Opens, Param, Remark, TableColumn};

pub(super) struct Mentors;

/// Somebody who is willing.
struct Willing<'a> {
    row: &'a RosterRow,
    /// In which competency, or in any, for how many, and by which record.
    offers: Vec<(Option<CompetencyId>, i64, RecordId)>,
    levels: BTreeMap<CompetencyId, Cell>,
    guided: i64,
}

/// Somebody's need and who could meet it.
struct Match<'a, 'b> {
    row: &'a RosterRow,
    need: Cell,
    mentor: &'b Willing<'a>,
    level: u8,
    free: i64,
    distance: Option<u32>,
}

impl Willing<'_> {
    /// The largest offer that takes in a competency.
    fn offer(&self, competency: CompetencyId) -> Option<(i64, RecordId)> {
        let meant = self.offers.iter().filter(|(of, ..)| of.is_none_or(|of| of == competency));
        meant.map(|(_, capacity, id)| (*capacity, *id)).max_by_key(|(capacity, _)| *capacity)
    }
}

impl Report for Mentors {
    fn id(&self) -> &'static str {
        "mentors"
    }

    fn params(&self) -> Vec<Param> {
        vec![
            Param::unit(),
            Param::one("competency", Kind::Competencies),
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
        let line = |(id, found): (u64, Match)| {
            let opens = Opens::Record(RecordId::from(EmployeeId(found.mentor.row.number)));
            ReportLine::made(id, cells(source, &found), Some(opens))
        };
        Ok((1..).zip(matches(source, &willing)?).map(line).collect())
    }

    fn notes(&self, source: &Source) -> Vec<Remark> {
        [Remark::new("advice")].into_iter().chain(source.standards_note()).collect()
    }

    fn begins(&self) -> Option<Kind> {
        Some(Kind::Mentorings)
    }

    /// The pair.
    fn begin(&self, source: &Source, line: &ReportLine) -> Result<Option<Record>, Trouble> {
        let willing = willing(source)?;
        let Some(found) = of_line(source, &willing, line)? else { return Ok(None) };
        let pair = Mentoring {
            employee: EmployeeId(found.row.number),
            mentor: EmployeeId(found.mentor.row.number),
            competency: found.need.competency,
            start_level: found.need.actual.and_then(Level::new),
            target_level: found.need.required.and_then(Level::new),
            start: Some(source.today()),
            ..Mentoring::default()
        };
        Ok(Some(pair.into()))
    }

    fn explains(&self) -> bool {
        true
    }

    /// What the one lacks, what the other has, and how much room there is.
    fn explain(
        &self,
        source: &Source,
        line: &ReportLine,
        _: &TableColumn,
    ) -> Result<Steps, Trouble> {
        let willing = willing(source)?;
        let Some(found) = of_line(source, &willing, line)? else { return Ok(Vec::new()) };
        let mentor = found.mentor;
        let mut steps = grounds::of_cell(source, found.row, found.row.position, found.need)?;
        let has = mentor.levels.get(&found.need.competency);
        let named = Value::text(mentor.row.name());
        steps.push((Remark::new("of_mentor").with("mentor", named), None));
        // The standard of the mentor's own post has no part in it.
        let has = has.map(|cell| Cell { required: None, ..*cell });
        if let Some(cell) = has {
            steps.extend(grounds::of_cell(source, mentor.row, mentor.row.position, cell)?);
        }
        let offer = mentor.offer(found.need.competency);
        let room = Remark::new("room")
            .with("capacity", Value::whole(offer.map(|(capacity, _)| capacity)))
            .with("guided", Value::Whole(mentor.guided))
            .with("free", Value::Whole(found.free));
        steps.push((room, offer.map(|(_, id)| id)));
        steps.push(match found.distance {
            Some(distance) => {
                (Remark::new("near").with("distance", Value::Whole(distance.into())), None)
            }
            None => (Remark::new("not_near"), None),
        });
        Ok(steps)
    }
}

/// Every need asked about with those who could meet it, in the order in which they are shown.
fn matches<'a, 'b>(
    source: &Source<'a>,
    willing: &'b [Willing<'a>],
) -> Result<Vec<Match<'a, 'b>>, Trouble> {
    let each = usize::try_from(source.asked.whole("each")).unwrap_or(1);
    let catalog = source.catalog();
    let asked = source.asked.text("competency");
    let only = source.competency_asked("competency").map(|id| catalog.current(id, None));
    if !asked.trim().is_empty() && only.is_none() {
        return Ok(Vec::new());
    }
    let mut all = Vec::new();
    for (row, cells) in source.of_each(|row| Ok([(row, source.levels(row)?)]))? {
        for need in cells {
            let lacks = need.gap().is_some_and(|gap| gap < 0);
            if lacks && only.is_none_or(|only| only == need.competency) {
                all.extend(found(source, row, need, willing).into_iter().take(each));
            }
        }
    }
    Ok(all)
}

/// The match a line is of.
fn of_line<'a, 'b>(
    source: &Source<'a>,
    willing: &'b [Willing<'a>],
    line: &ReportLine,
) -> Result<Option<Match<'a, 'b>>, Trouble> {
    let Some(at) = usize::try_from(line.id()).unwrap_or_default().checked_sub(1) else {
        return Ok(None);
    };
    Ok(matches(source, willing)?.into_iter().nth(at))
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
        let until = |mentor: &Mentor| mentor.until.is_none_or(|until| on <= until);
        let offers: Vec<_> = pack
            .of::<Mentor>()
            .filter(|(_, _, mentor)| until(mentor))
            .map(|(number, _, mentor)| {
                let id = RecordId::new(Kind::Mentors, number);
                (mentor.competency.map(current), i64::from(mentor.capacity), id)
            })
            .collect();
        let levels = source.levels(row)?.into_iter();
        let levels = levels.filter(|cell| cell.actual.is_some());
        let levels = levels.map(|cell| (cell.competency, cell)).collect();
        let guided = guided.get(&row.number).copied().unwrap_or(0);
        Ok((!offers.is_empty()).then_some(Willing { row, offers, levels, guided }))
    })
}

/// Who could guide one person in one competency, the nearest first, and of those equally near
/// whoever has most room.
fn found<'a, 'b>(
    source: &Source,
    row: &'a RosterRow,
    need: Cell,
    willing: &'b [Willing<'a>],
) -> Vec<Match<'a, 'b>> {
    let others = willing.iter().filter(|one| one.row.number != row.number);
    let mut mentors: Vec<Match> = others
        .filter_map(|mentor| {
            let level = mentor.levels.get(&need.competency)?.actual?;
            let (capacity, _) = mentor.offer(need.competency)?;
            let distance = source.catalog().distance(row.unit, mentor.row.unit);
            let free = capacity - mentor.guided;
            Some(Match { row, need, mentor, level, free, distance })
        })
        .filter(|one| one.free > 0 && need.required.is_some_and(|needed| one.level > needed))
        .collect();
    mentors.sort_by_key(|one| {
        (one.distance.unwrap_or(u32::MAX), Reverse(one.free), Reverse(one.level))
    });
    mentors
}

fn cells(source: &Source, of: &Match) -> Vec<Value> {
    let catalog = source.catalog();
    let code = catalog.competency(of.need.competency).map_or("", |one| one.code.as_str());
    vec![
        Value::text(of.row.nip.to_string()),
        Value::text(of.row.name()),
        source.unit_name(of.row.unit),
        Value::text(code),
        Value::whole(of.need.actual),
        Value::whole(of.need.required),
        Value::text(of.mentor.row.name()),
        source.unit_name(of.mentor.row.unit),
        Value::Whole(of.level.into()),
        Value::Whole(of.free),
        Value::whole(of.distance),
    ]
}
