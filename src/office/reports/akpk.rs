//! AKPK: what an office needs in a year: gaps to the standard grouped by competency and level
//! into classes, and what has been planned. A line somebody planned stands as it was written,
//! also where no need is left; what is mandatory comes first, then the more people.

use std::collections::BTreeMap;

use super::columns::{choice, text, whole};
use super::source::Source;
use super::{Report, ReportLine, Steps};
use crate::domain::kinds::plan_line::{Fund, Ground, LineStatus, PlanLine};
use crate::domain::kinds::programme::Programme;
use crate::domain::record::{CompetencyId, Kind, RecordId};
use crate::domain::value::Value;
use crate::office::trouble::Trouble;
use crate::protocol::{ListQuery, Opens, Param, Remark, Sum, TableColumn};

pub(super) struct Akpk;

/// A competency, and the level people are to come to.
type Need = (CompetencyId, u8);

impl Report for Akpk {
    fn id(&self) -> &'static str {
        "akpk"
    }

    fn params(&self) -> Vec<Param> {
        vec![
            Param::unit(),
            Param::year(),
            Param::whole("class_max", 1..=500, 30),
            Param::at(),
            Param::search(),
        ]
    }

    fn columns(&self) -> Vec<TableColumn> {
        vec![
            text("code", 6),
            text("competency", 0),
            choice("kind", 10).hidden(),
            whole("level", 5),
            whole("people", 6).summed(Sum::Total),
            whole("classes", 6).summed(Sum::Total),
            choice("ground", 11),
            text("programme", 18),
            choice("activity", 8).hidden(),
            whole("jp", 4).hidden(),
            text("provider", 14).hidden(),
            whole("month", 5).hidden(),
            whole("planned", 8).summed(Sum::Total),
            whole("cost", 12).summed(Sum::Total).hidden(),
            choice("fund", 8).hidden(),
            text("indicator", 16).hidden(),
            text("effect", 16).hidden(),
            choice("status", 10).hidden(),
        ]
    }

    fn lines(&self, source: &Source) -> Result<Vec<ReportLine>, Trouble> {
        let most = source.asked.whole("class_max").max(1);
        let needs = needs(source)?;
        let mut planned = planned(source);
        let mut rows = Vec::new();
        for (need, people) in &needs {
            let people = people.len() as i64;
            let lines = planned.remove(need).unwrap_or_default();
            if lines.is_empty() {
                rows.push((*need, people, None));
            }
            rows.extend(lines.into_iter().map(|line| (*need, people, Some(line))));
        }
        for (need, lines) in planned {
            rows.extend(lines.into_iter().map(|line| (need, 0, Some(line))));
        }
        let mut lines = Vec::new();
        for (need, people, line) in rows {
            let Some(row) = row(source, need, people, line, most) else { continue };
            lines.push(row);
        }
        lines.sort_by(|(a, _), (b, _)| a.cmp(b));
        Ok(lines.into_iter().map(|(_, line)| line).collect())
    }

    fn notes(&self, source: &Source) -> Vec<Remark> {
        let most = Value::Whole(source.asked.whole("class_max"));
        let note = Remark::new("grouped").with("most", most);
        [note].into_iter().chain(source.standards_note()).collect()
    }

    fn explains(&self) -> bool {
        true
    }

    /// Who needs it.
    fn explain(
        &self,
        source: &Source,
        line: &ReportLine,
        _: &TableColumn,
    ) -> Result<Steps, Trouble> {
        let need = (CompetencyId((line.id() >> 32) as u32), (line.id() >> 24) as u8);
        let people = needs(source)?.remove(&need).unwrap_or_default();
        let said = people.into_iter().filter_map(|(number, actual)| {
            let name = Value::text(source.person(number)?.full_name());
            let said = Remark::new("needs").with("name", name);
            let said = said.with("actual", Value::Whole(actual.into()));
            let said = said.with("required", Value::Whole(need.1.into()));
            Some((said, Some(RecordId::new(Kind::Employees, number))))
        });
        Ok(said.collect())
    }
}

/// Of each competency and level, who is below it and what they have.
fn needs(source: &Source) -> Result<BTreeMap<Need, Vec<(u32, u8)>>, Trouble> {
    let mut needs: BTreeMap<Need, Vec<(u32, u8)>> = BTreeMap::new();
    let found = source.of_each(|row| {
        let cells = source.levels(row)?;
        Ok(cells.into_iter().filter_map(|cell| {
            let (actual, required) = (cell.actual?, cell.required?);
            (actual < required).then_some((row.number, cell.competency, actual, required))
        }))
    })?;
    for (number, competency, actual, required) in found {
        needs.entry((competency, required)).or_default().push((number, actual));
    }
    Ok(needs)
}

/// What has been planned for the year.
fn planned<'a>(source: &Source<'a>) -> BTreeMap<Need, Vec<(u32, &'a PlanLine)>> {
    let mut planned: BTreeMap<Need, Vec<(u32, &PlanLine)>> = BTreeMap::new();
    let year = source.asked.year;
    for (number, (_, line)) in &source.catalog().plan_lines {
        if line.year == year && line.status != Some(LineStatus::Refused) {
            let need = (line.competency, line.level.get());
            planned.entry(need).or_default().push((*number, line));
        }
    }
    planned
}

/// A row with its place in the order.
fn row(
    source: &Source,
    (competency, level): Need,
    people: i64,
    line: Option<(u32, &PlanLine)>,
    most: i64,
) -> Option<(impl Ord + use<>, ReportLine)> {
    let catalog = source.catalog();
    let known = catalog.competency(competency)?;
    let written = line.map(|(_, line)| line);
    let programme: Option<&Programme> = match written {
        Some(line) => line.programme.and_then(|id| catalog.programme(id)),
        None => offered(source, competency, level),
    };
    let mandatory = programme.is_some_and(|programme| programme.mandatory);
    let ground = match written.and_then(|line| line.ground) {
        Some(ground) => ground,
        None if mandatory => Ground::Mandatory,
        None => Ground::Gap,
    };
    let seats = written.and_then(|line| line.people).map(i64::from);
    let classes = (seats.unwrap_or(people) + most - 1) / most;
    let text = |own: Option<&str>, other: Option<&str>| {
        Value::text(own.filter(|own| !own.is_empty()).or(other).unwrap_or_default())
    };
    let activity = written.map(|line| line.activity.as_str()).filter(|code| !code.is_empty());
    let activity = activity.or(programme.map(|programme| programme.r#type.as_str()));
    let code = |code: Option<&'static str>| code.map_or(Value::Empty, Value::choice);
    let cells = vec![
        Value::text(&known.code),
        Value::text(&known.name),
        code(known.group.map(crate::domain::kinds::competency::CompetencyGroup::code)),
        Value::Whole(level.into()),
        Value::Whole(people),
        Value::Whole(classes),
        Value::choice(ground.code()),
        Value::text(programme.map_or("", |programme| programme.name.as_str())),
        activity.map_or(Value::Empty, Value::choice),
        Value::whole(written.and_then(|line| line.jp).or(programme.and_then(|one| one.jp))),
        text(
            written.map(|line| line.provider.as_str()),
            programme.map(|programme| programme.provider.as_str()),
        ),
        Value::whole(written.and_then(|line| line.month)),
        Value::whole(seats),
        Value::whole(written.and_then(|line| line.cost)),
        code(written.and_then(|line| line.fund).map(Fund::code)),
        text(written.map(|line| line.indicator.as_str()), None),
        text(written.map(|line| line.effect.as_str()), None),
        code(written.and_then(|line| line.status).map(LineStatus::code)),
    ];
    let id = u64::from(competency.0) << 32 | u64::from(level) << 24;
    let opens = match line {
        Some((number, _)) => Opens::Record(RecordId::new(Kind::PlanLines, number)),
        None => below(source, &known.code),
    };
    let number = line.map_or(0, |(number, _)| number);
    let place = (!mandatory, -people, known.code.clone(), level, number);
    // A line's number fits: an office plans less than sixteen million of them.
    let id = id | u64::from(number & 0xff_ffff);
    Some((place, ReportLine::made(id, cells, Some(opens))))
}

/// The programme that brings people to the level, the mandatory one first.
fn offered<'a>(source: &Source<'a>, competency: CompetencyId, level: u8) -> Option<&'a Programme> {
    let programmes = source.catalog().programmes.values().map(|(_, programme)| programme);
    let fits = |programme: &&Programme| {
        programme.competency == Some(competency)
            && !programme.archived
            && programme.target_level.is_none_or(|target| target.get() >= level)
    };
    programmes.filter(fits).min_by_key(|programme| !programme.mandatory)
}

/// The people below standard in it, as a list.
fn below(source: &Source, code: &str) -> Opens {
    let search = format!("status=active {}<std {}", code.to_lowercase(), source.search);
    let search = search.trim().to_string();
    let unit = source.asked.unit;
    Opens::List(Box::new(ListQuery { search, unit, ..ListQuery::all(Kind::Employees) }))
}
