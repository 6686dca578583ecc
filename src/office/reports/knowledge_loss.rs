//! Knowledge loss: competencies that few people of a unit hold at the level their post
//! requires, and how many of those retire within the years asked for. Where nobody would be
//! left the unit loses what it knows.

use std::collections::BTreeMap;

use chrono::{Months, NaiveDate};

use super::columns::{date, text, whole};
use super::source::Source;
use super::{Report, ReportLine, Steps};
use crate::domain::record::{CompetencyId, Kind, RecordId, UnitId};
use crate::domain::table::{Tone, When};
use crate::domain::value::Value;
use crate::office::trouble::Trouble;
use crate::protocol::{ListQuery, Opens, Param, Remark, TableColumn};

pub(super) struct KnowledgeLoss;

/// Who of a unit holds a competency as required.
#[derive(Default)]
struct Held {
    required_of: u32,
    holders: Vec<(u32, Option<NaiveDate>)>,
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
            text("code", 6),
            text("competency", 24),
            whole("required_of", 9),
            whole("holders", 9)
                .shaded(When::Below(1), Tone::Bad)
                .shaded(When::Below(2), Tone::Warn),
            whole("retiring", 9).shaded(When::Above(0), Tone::Warn),
            whole("left", 7).shaded(When::Below(1), Tone::Bad),
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
            let goes = |day: &NaiveDate| until.is_some_and(|until| *day <= until);
            let retiring = held.holders.iter().filter(|(_, day)| day.as_ref().is_some_and(goes));
            let retiring = retiring.count() as i64;
            let left = held.holders.len() as i64 - retiring;
            let first = held.holders.iter().filter_map(|(_, day)| *day).min();
            let unit = Some(UnitId(unit)).filter(|unit| unit.0 > 0);
            let name = source.catalog().unit(unit).map(|unit| unit.name.as_str());
            let cells = vec![
                name.map_or(Value::Empty, Value::text),
                Value::text(&known.code),
                Value::text(&known.name),
                Value::Whole(held.required_of.into()),
                Value::Whole(held.holders.len() as i64),
                Value::Whole(retiring),
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
        let said = holders.into_iter().filter_map(|(number, day)| {
            let name = source.person(number)?.full_name();
            let remark = Remark::new(if day.is_some() { "holder" } else { "holder_unknown" });
            let remark = remark.with("name", Value::text(name)).with("date", Value::date(day));
            Some((remark, Some(RecordId::new(Kind::Employees, number))))
        });
        Ok(said.collect())
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
        Ok([(row.number, row.unit, retires, cells)])
    })?;
    for (number, unit, retires, cells) in people {
        let path = source.catalog().unit_path_text(unit).to_string();
        for cell in cells {
            let Some(required) = cell.required else { continue };
            let key = (path.clone(), unit.map_or(0, |unit| unit.0), cell.competency.0);
            let held = groups.entry(key).or_default();
            held.required_of += 1;
            if cell.actual.is_some_and(|actual| actual >= required) {
                held.holders.push((number, retires));
            }
        }
    }
    Ok(groups)
}

/// Whoever of the unit holds it, as a list.
fn holders_of(path: &str, unit: UnitId, code: &str) -> Opens {
    let search = format!("status=active unit=\"{path}\" {}>=std", code.to_lowercase());
    Opens::List(Box::new(ListQuery { search, unit: Some(unit), ..ListQuery::all(Kind::Employees) }))
}
