//! Knowledge loss: competencies that few people of a unit hold at the level their post
//! requires, and how many of those retire within the years asked for or are by their
//! development plan on the way to another post. Where nobody would be left the unit loses
//! what it knows.

use std::collections::BTreeMap;

use chrono::{Months, NaiveDate};

use super::columns::{date, text, whole};
use super::source::Source;
use super::{Report, ReportLine, Steps};
use crate::domain::jp::year_of;
use crate::domain::kinds::idp_line::IdpLine;
use crate::domain::kinds::plan_line::LineStatus;
use crate::domain::record::{CompetencyId, Kind, PositionId, RecordId, UnitId};
use crate::domain::table::{Tone, When};
use crate::domain::value::Value;
use crate::office::trouble::Trouble;
use crate::office::views::row::RosterRow;
use crate::protocol::{ListQuery, Opens, Param, Remark, TableColumn, Totals};

pub(super) struct KnowledgeLoss;

/// Who of a unit holds a competency as required.
#[derive(Default)]
struct Held {
    required_of: u32,
    holders: Vec<Holder>,
}

/// One of them, when they retire, and the post and year their plan prepares them for.
#[derive(Clone, Copy)]
struct Holder {
    number: u32,
    retires: Option<NaiveDate>,
    moves: Option<(PositionId, u16, u32)>,
}

impl Report for KnowledgeLoss {
    fn id(&self) -> &'static str {
        "knowledge-loss"
    }

    fn params(&self) -> Vec<Param> {
        vec![
            Param::unit(),
            Param::whole("holders", 0..=50, 2),
            Param::whole("years", 0..=40, 5),
            Param::at(),
            Param::search(),
        ]
    }

    fn columns(&self) -> Vec<TableColumn> {
        vec![
            text("unit", 0),
            text("code", 5),
            text("competency", 12),
            whole("required_of", 5),
            whole("holders", 9)
                .shaded(When::Below(1), Tone::Bad)
                .shaded(When::Below(2), Tone::Warn),
            whole("retiring", 7).shaded(When::Above(0), Tone::Warn),
            whole("moving", 6).shaded(When::Above(0), Tone::Warn),
            whole("left", 4).shaded(When::Below(1), Tone::Bad),
            date("first").hidden(),
        ]
    }

    fn rules(&self) -> &'static [&'static str] {
        &["retirement"]
    }

    fn lines(&self, source: &Source) -> Result<Vec<ReportLine>, Trouble> {
        let groups = held(source)?;
        let most = source.asked.whole("holders");
        let until = last_day(source);
        let mut lines = Vec::new();
        for ((path, unit, competency), held) in groups {
            if held.holders.len() as i64 > most {
                continue;
            }
            let Some(known) = source.catalog().competency(CompetencyId(competency)) else {
                continue;
            };
            let retires = |one: &&Holder| {
                one.retires.is_some_and(|day| until.is_some_and(|until| day <= until))
            };
            let moves = |one: &&Holder| {
                one.moves.is_some_and(|(_, year, _)| until.is_some_and(|day| year <= year_of(day)))
            };
            let count = |found: usize| found as i64;
            let retiring = count(held.holders.iter().filter(retires).count());
            let moving = count(held.holders.iter().filter(moves).count());
            let goes = |one: &&Holder| retires(one) || moves(one);
            let left = count(held.holders.len() - held.holders.iter().filter(goes).count());
            let first = held.holders.iter().filter_map(|one| one.retires).min();
            let unit = Some(UnitId(unit)).filter(|unit| unit.0 > 0);
            let cells = vec![
                source.unit_name(unit),
                Value::text(&known.code),
                Value::text(&known.name),
                Value::Whole(held.required_of.into()),
                Value::Whole(held.holders.len() as i64),
                Value::Whole(retiring),
                Value::Whole(moving),
                Value::Whole(left),
                Value::date(first),
            ];
            let id = u64::from(unit.map_or(0, |unit| unit.0)) << 32 | u64::from(competency);
            let opens = unit.map(|unit| holders_of(&path, unit, &known.code));
            lines.push(((left, held.holders.len(), path), ReportLine::made(id, cells, opens)));
        }
        lines.sort_by(|(a, _), (b, _)| a.cmp(b));
        Ok(lines.into_iter().map(|(_, line)| line).collect())
    }

    /// In how many units each competency is so; units of one name would be counted as one.
    fn totals(&self, _: &Source) -> Option<Totals> {
        Some(Totals::Values { columns: vec!["competency".into()], order: Vec::new() })
    }

    fn notes(&self, source: &Source) -> Vec<Remark> {
        let years = Value::Whole(source.asked.whole("years"));
        [Remark::new("moves").with("years", years)]
            .into_iter()
            .chain(source.standards_note())
            .collect()
    }

    fn explains(&self) -> bool {
        true
    }

    /// Whoever holds it, and when they retire.
    fn explain(
        &self,
        source: &Source,
        line: &ReportLine,
        _: &TableColumn,
    ) -> Result<Steps, Trouble> {
        let (unit, competency) = ((line.id() >> 32) as u32, line.id() as u32);
        let groups = held(source)?;
        let of = groups.into_iter().find(|((_, one, held), _)| (*one, *held) == (unit, competency));
        let holders = of.map(|(_, held)| held.holders).unwrap_or_default();
        let said = holders.into_iter().filter_map(|Holder { number, retires, moves }| {
            let name = Value::text(source.person(number)?.full_name());
            let code = if retires.is_some() { "holder" } else { "holder_unknown" };
            let stays = Remark::new(code).with("name", name.clone());
            let stays = stays.with("date", Value::date(retires));
            let person = Some(RecordId::new(Kind::Employees, number));
            let moves = moves.map(|(post, year, line)| {
                let title = source.catalog().position(Some(post)).map_or("", |post| &post.title);
                let said = Remark::new("holder_moves").with("name", name);
                let said = said.with("position", Value::text(title));
                let said = said.with("year", Value::Whole(year.into()));
                (said, Some(RecordId::new(Kind::IdpLines, line)))
            });
            Some([(stays, person)].into_iter().chain(moves))
        });
        Ok(said.flatten().collect())
    }
}

/// The last day of the years asked for.
fn last_day(source: &Source) -> Option<NaiveDate> {
    let months = u32::try_from(source.asked.whole("years")).ok()? * 12;
    source.asked.at.checked_add_months(Months::new(months))
}

/// By the path of a unit, the unit (0 for none) and the competency, who holds it as required.
fn held(source: &Source) -> Result<BTreeMap<(String, u32, u32), Held>, Trouble> {
    let mut groups: BTreeMap<(String, u32, u32), Held> = BTreeMap::new();
    let people = source.of_each(|row| {
        let cells = source.levels(row)?;
        let retires = match source.vital(row, "birth_date")? {
            Value::Date(born) => {
                source.rules().retirement.day(born, source.catalog().level(row.position))
            }
            _ => None,
        };
        let holder = Holder { number: row.number, retires, moves: planned_move(source, row)? };
        Ok([(holder, row.unit, cells)])
    })?;
    for (holder, unit, cells) in people {
        let path = source.catalog().unit_path_text(unit).to_string();
        for cell in cells {
            let Some(required) = cell.required else { continue };
            let key = (path.clone(), unit.map_or(0, |unit| unit.0), cell.competency.0);
            let held = groups.entry(key).or_default();
            held.required_of += 1;
            if cell.actual.is_some_and(|actual| actual >= required) {
                held.holders.push(holder);
            }
        }
    }
    Ok(groups)
}

/// The post another than theirs that a person is prepared for the soonest, the year, and the
/// line of their plan that says so. What was refused or has ended is no plan.
fn planned_move(
    source: &Source,
    row: &RosterRow,
) -> Result<Option<(PositionId, u16, u32)>, Trouble> {
    if !row.holds(Kind::IdpLines) {
        return Ok(None);
    }
    let pack = source.pack(row.number)?;
    let meant = |line: &IdpLine| {
        let stands = !line.closed && line.status != Some(LineStatus::Refused);
        stands && line.year >= year_of(source.asked.at)
    };
    let lines = pack.of::<IdpLine>().filter(|(_, _, line)| meant(line));
    let moves = lines.filter_map(|(number, _, line)| {
        let post = line.position.filter(|post| Some(*post) != row.position)?;
        Some((post, line.year, number))
    });
    Ok(moves.min_by_key(|(_, year, number)| (*year, *number)))
}

/// Whoever of the unit holds it, as a list.
fn holders_of(path: &str, unit: UnitId, code: &str) -> Opens {
    let search = format!("status=active unit=\"{path}\" {}>=std", code.to_lowercase());
    Opens::List(Box::new(ListQuery { search, unit: Some(unit), ..ListQuery::all(Kind::Employees) }))
}
