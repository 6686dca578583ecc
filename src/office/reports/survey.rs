//! Survey: what each person asks to learn in a year beside what is worked out of their gaps; of
//! whoever has not answered yet a line to be filled in, on paper or in the file, which comes back
//! as an import of needs.

use super::columns::{choice, number, text, whole};
use super::source::Source;
use super::{Report, ReportLine, Steps, grounds};
use crate::domain::gap::Cell;
use crate::domain::kinds::need::{Form, Need};
use crate::domain::record::{EmployeeId, Kind, Record, RecordId};
use crate::domain::value::Value;
use crate::office::trouble::Trouble;
use crate::office::views::row::RosterRow;
use crate::protocol::{Opens, Param, Remark, TableColumn};

pub(super) struct Survey;

/// Gaps named of each person, the worst first.
const NAMED: usize = 3;

impl Report for Survey {
    fn id(&self) -> &'static str {
        "survey"
    }

    fn params(&self) -> Vec<Param> {
        vec![Param::unit(), Param::year(), Param::search()]
    }

    fn columns(&self) -> Vec<TableColumn> {
        vec![
            number("nip").hidden(),
            text("name", 0),
            text("unit", 14).hidden(),
            text("needed", 18),
            whole("year", 5).hidden(),
            text("topic", 24),
            text("competency", 8),
            choice("form", 11),
            text("note", 12).hidden(),
        ]
    }

    fn lines(&self, source: &Source) -> Result<Vec<ReportLine>, Trouble> {
        source.of_each(|row| {
            let lines = of_person(source, row)?.into_iter().zip(0..).map(|((cells, of), nth)| {
                let id = u64::from(row.number) << 16 | nth;
                ReportLine::made(id, cells, Some(Opens::Record(of)))
            });
            Ok(lines.collect::<Vec<_>>())
        })
    }

    fn notes(&self, _: &Source) -> Vec<Remark> {
        vec![Remark::new("comes_back")]
    }

    fn explains(&self) -> bool {
        true
    }

    /// What the gaps rest on.
    fn explain(
        &self,
        source: &Source,
        line: &ReportLine,
        _: &TableColumn,
    ) -> Result<Steps, Trouble> {
        match person(source, line) {
            Some(row) => grounds::of_figures(source, row, row.position),
            None => Ok(Steps::new()),
        }
    }

    fn begins(&self) -> Option<Kind> {
        Some(Kind::Needs)
    }

    /// An answer of the person, as it is keyed from paper.
    fn begin(&self, source: &Source, line: &ReportLine) -> Result<Option<Record>, Trouble> {
        let need = |row: &RosterRow| Need {
            employee: EmployeeId(row.number),
            year: Some(source.asked.year),
            ..Need::default()
        };
        Ok(person(source, line).map(|row| need(row).into()))
    }
}

/// Whose line it is.
fn person<'a>(source: &Source<'a>, line: &ReportLine) -> Option<&'a RosterRow> {
    source.person(u32::try_from(line.id() >> 16).ok()?)
}

/// A line for each answer of the year, or one that is still empty.
fn of_person(source: &Source, row: &RosterRow) -> Result<Vec<(Vec<Value>, RecordId)>, Trouble> {
    let year = source.asked.year;
    let line = |need: Option<&Need>, needed: Value| {
        let about = need.and_then(|need| source.catalog().competency(need.competency?));
        vec![
            Value::text(row.nip.to_string()),
            Value::text(row.name()),
            source.unit_name(row.unit),
            needed,
            Value::Whole(year.into()),
            Value::text(need.map_or("", |need| need.topic.as_str())),
            Value::text(about.map_or("", |one| one.code.as_str())),
            Value::code(need.and_then(|need| need.form).map(Form::code)),
            Value::text(need.map_or("", |need| need.note.as_str())),
        ]
    };
    let needed = Value::text(needed(source, &source.levels(row)?));
    let mut lines = Vec::new();
    if row.holds(Kind::Needs) {
        let pack = source.pack(row.number)?;
        for (number, _, need) in pack.of::<Need>().filter(|(.., need)| need.year == Some(year)) {
            lines.push((line(Some(need), needed.clone()), RecordId::new(Kind::Needs, number)));
        }
    }
    if lines.is_empty() {
        lines.push((line(None, needed), EmployeeId(row.number).into()));
    }
    Ok(lines)
}

/// The worst gaps by code: `M.8-2 M.4-1`.
fn needed(source: &Source, cells: &[Cell]) -> String {
    let mut gaps: Vec<(i8, &str)> = cells
        .iter()
        .filter_map(|cell| Some((cell.gap().filter(|gap| *gap < 0)?, cell.competency)))
        .filter_map(|(gap, id)| Some((gap, source.catalog().competency(id)?.code.as_str())))
        .collect();
    gaps.sort_unstable();
    let named = gaps.iter().take(NAMED).map(|(gap, code)| format!("{code}{gap}"));
    named.collect::<Vec<_>>().join(" ")
}
