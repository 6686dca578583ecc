//! Cycle: how far an assessment cycle has come, person by person; once it is closed what it
//! found, frozen with the standard of that day. Of peers and subordinates only what may be
//! told is there at all.

use super::columns::{number, percent, text, whole};
use super::source::Source;
use super::{Report, ReportLine, Steps};
use crate::domain::cycle::WeightSet;
use crate::domain::kinds::competency::Level;
use crate::domain::kinds::cycle::{Cycle as Held, RaterGroup, Stage};
use crate::domain::kinds::cycle_result::{CycleResult, FIGURES};
use crate::domain::kinds::rater::Rater;
use crate::domain::record::{CycleId, EmployeeId, Kind, RecordId, fold};
use crate::domain::value::Value;
use crate::office::trouble::Trouble;
use crate::office::views::catalog::Catalog;
use crate::office::views::row::RosterRow;
use crate::protocol::{Opens, Param, Remark, TableColumn, Totals};

pub(super) struct Cycle;

impl Report for Cycle {
    fn id(&self) -> &'static str {
        "cycle"
    }

    fn params(&self) -> Vec<Param> {
        vec![Param::cycle(), Param::unit(), Param::search()]
    }

    fn columns(&self) -> Vec<TableColumn> {
        let figures = FIGURES.into_iter().skip(1).map(|name| percent(name, 6).hidden());
        let told = vec![
            number("nip").hidden(),
            text("name", 0),
            text("unit", 14).hidden(),
            whole("raters", 7),
            whole("returned", 7),
            text("competency", 8),
            percent("result", 6),
            whole("level", 5),
            whole("required", 5),
            whole("gap", 4),
        ];
        told.into_iter().chain(figures).collect()
    }

    fn rules(&self) -> &'static [&'static str] {
        &["assessment"]
    }

    fn lines(&self, source: &Source) -> Result<Vec<ReportLine>, Trouble> {
        let Some((id, _)) = asked(source) else { return Ok(Vec::new()) };
        let mut at = 0;
        source.of_each(|row| {
            let cells = of_person(source, row, id)?;
            let opens = Opens::Record(RecordId::from(EmployeeId(row.number)));
            let lines: Vec<ReportLine> = cells
                .into_iter()
                .map(|cells| {
                    at += 1;
                    ReportLine::made(at, cells, Some(opens.clone()))
                })
                .collect();
            Ok(lines)
        })
    }

    fn explains(&self) -> bool {
        true
    }

    /// What was frozen when the cycle was closed: of each group what may be told, how they are
    /// weighed, and the standard of that day. Of single sheets nothing.
    fn explain(
        &self,
        source: &Source,
        line: &ReportLine,
        _: &TableColumn,
    ) -> Result<Steps, Trouble> {
        let (Some((id, cycle)), ReportLine::Made(made)) = (asked(source), line) else {
            return Ok(Steps::new());
        };
        let (Some(Opens::Record(person)), [_, _, _, raters, returned, code, ..]) =
            (&made.opens, &made.cells[..])
        else {
            return Ok(Steps::new());
        };
        let answered = Remark::new("answered").with("raters", raters.clone());
        let mut steps = vec![(answered.with("returned", returned.clone()), Some(id.into()))];
        let pack = source.pack(person.number)?;
        let is_it = |result: &CycleResult| {
            let known = source.catalog().competency(result.competency);
            result.cycle == id && known.is_some_and(|one| Value::text(&one.code) == *code)
        };
        let mut results = pack.of::<CycleResult>();
        let Some((number, _, result)) = results.find(|(.., result)| is_it(result)) else {
            return Ok(steps);
        };
        let figure = |name| result.figure(name).map(|one| Value::Hundredths(one.into()));
        for name in FIGURES.into_iter().skip(1) {
            let Some(mean) = figure(name) else { continue };
            let said = Remark::new("mean").with("group", Value::choice(group_of(name)));
            steps.push((said.with("mean", mean), None));
        }
        let set = source.rules().assessment.set(&cycle.weights);
        let set = set.map_or(cycle.weights.as_str(), WeightSet::name);
        steps.push((Remark::new("weighed").with("set", Value::choice(set)), None));
        let nearest = Remark::new("nearest").with("result", figure("result").unwrap_or_default());
        let nearest = nearest.with("level", Value::Whole(result.level.get().into()));
        steps.push((nearest, Some(RecordId::new(Kind::CycleResults, number))));
        steps.push(match result.required {
            Some(required) => {
                let said = match result.effective_from {
                    Some(day) => Remark::new("standard_then").with("date", Value::Date(day)),
                    None => Remark::new("standard_then_always"),
                };
                let said = said.with("level", Value::Whole(required.get().into()));
                (said.with("basis", Value::text(&result.legal_basis)), None)
            }
            None => (Remark::new("no_standard_then"), None),
        });
        Ok(steps)
    }

    fn named(&self, source: &Source, param: &str) -> Option<Value> {
        named(source, param)
    }

    /// How many results lie how far from the standard of that day.
    fn totals(&self, _: &Source) -> Option<Totals> {
        let order = (-4..=4).map(Value::Whole).collect();
        Some(Totals::Values { columns: vec!["gap".into()], order })
    }

    fn notes(&self, source: &Source) -> Vec<Remark> {
        let Some((_, cycle)) = asked(source) else { return vec![Remark::new("no_cycle")] };
        let told = Remark::new("told").with("least", Value::Whole(cycle.minimum().into()));
        if cycle.stage() == Stage::Closed { vec![told] } else { vec![Remark::new("not_closed")] }
    }
}

/// The cycle asked for, by its name.
pub(super) fn named(source: &Source, param: &str) -> Option<Value> {
    let (_, cycle) = asked(source).filter(|_| param == "cycle")?;
    Some(Value::text(&cycle.name))
}

/// The group whose mean stands in this column.
fn group_of(column: &str) -> &'static str {
    match column {
        "own" => RaterGroup::Own.code(),
        "superior" => RaterGroup::Superior.code(),
        "peer" => RaterGroup::Peer.code(),
        "subordinate" => RaterGroup::Subordinate.code(),
        _ => "gabungan",
    }
}

/// The cycle asked for: by its number, its name, or as its records are called; the one that
/// began last where none is.
pub(super) fn asked<'a>(source: &Source<'a>) -> Option<(CycleId, &'a Held)> {
    let text = source.asked.text("cycle").trim();
    let number = text.strip_prefix("cycles/").unwrap_or(text).parse::<u32>().ok();
    let cycles = &source.catalog().cycles;
    if text.is_empty() {
        let latest = cycles.iter().max_by_key(|(number, (_, one))| (one.start, **number))?;
        return Some((CycleId(*latest.0), &latest.1.1));
    }
    let number = number.filter(|number| cycles.contains_key(number));
    let found = cycles.get_key_value(&number.or_else(|| called(source.catalog(), text))?)?;
    Some((CycleId(*found.0), &found.1.1))
}

/// The cycle of this name.
pub(super) fn called(catalog: &Catalog, name: &str) -> Option<u32> {
    let named = catalog.cycles.iter().find(|(_, (_, one))| fold(&one.name) == fold(name));
    named.map(|(number, _)| *number)
}

/// A row for each competency there is a result of, or one for how many have answered.
fn of_person(source: &Source, row: &RosterRow, id: CycleId) -> Result<Vec<Vec<Value>>, Trouble> {
    if !row.holds(Kind::Raters) && !row.holds(Kind::CycleResults) {
        return Ok(Vec::new());
    }
    let pack = source.pack(row.number)?;
    let raters: Vec<&Rater> =
        pack.of::<Rater>().map(|(.., rater)| rater).filter(|rater| rater.cycle == id).collect();
    let returned = raters.iter().filter(|rater| rater.returned.is_some()).count();
    let who = [
        Value::text(row.nip.to_string()),
        Value::text(row.name()),
        source.unit_name(row.unit),
        Value::Whole(raters.len() as i64),
        Value::Whole(returned as i64),
    ];
    let results = pack.of::<CycleResult>().map(|(.., result)| result);
    let mut results: Vec<&CycleResult> = results.filter(|result| result.cycle == id).collect();
    let place = |result: &&CycleResult| {
        source.competencies().iter().position(|one| *one == result.competency)
    };
    results.sort_by_key(place);
    let mut rows: Vec<Vec<Value>> = results
        .into_iter()
        .map(|result| {
            let code = source.catalog().competency(result.competency);
            let figure = |name| {
                result.figure(name).map_or(Value::Empty, |one| Value::Hundredths(one.into()))
            };
            let gap =
                result.required.map(|needs| i64::from(result.level.get()) - i64::from(needs.get()));
            let found = [
                Value::text(code.map_or("", |one| one.code.as_str())),
                figure("result"),
                Value::Whole(result.level.get().into()),
                Value::whole(result.required.map(Level::get)),
                Value::whole(gap),
            ];
            let figures = FIGURES.into_iter().skip(1).map(figure);
            who.iter().cloned().chain(found).chain(figures).collect()
        })
        .collect();
    if rows.is_empty() && !raters.is_empty() {
        let mut cells = who.to_vec();
        cells.resize(10 + FIGURES.len() - 1, Value::Empty);
        rows.push(cells);
    }
    Ok(rows)
}
