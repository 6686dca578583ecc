//! Matrix: what each person's post requires of every competency and what they have, with JPM
//! as it is counted and with the surplus cut off, and how many lie below the standard.

use super::columns::{choice, number, percent, text, whole};
use super::grounds;
use super::source::Source;
use super::{Report, ReportLine, Steps};
use crate::domain::gap::{Cell, Figures};
use crate::domain::kinds::position::JobLevel;
use crate::domain::table::{Tone, When};
use crate::domain::value::Value;
use crate::office::read::list::Key;
use crate::office::trouble::Trouble;
use crate::protocol::{Opens, Param, Remark, Sum, TableColumn, Totals};

pub(super) struct Matrix;

impl Report for Matrix {
    fn id(&self) -> &'static str {
        "matrix"
    }

    fn params(&self) -> Vec<Param> {
        vec![Param::unit(), Param::at(), Param::search()]
    }

    fn columns(&self) -> Vec<TableColumn> {
        vec![
            number("nip").hidden(),
            text("name", 0),
            text("unit", 14).hidden(),
            text("position", 18),
            choice("job_level", 12).hidden(),
            percent("jpm", 8),
            percent("jpm_capped", 8),
            whole("below", 6).summed(Sum::Total).shaded(When::Above(0), Tone::Warn),
        ]
    }

    fn columns_for(&self, source: &Source) -> Vec<TableColumn> {
        let mut columns = self.columns();
        for (_, competency) in source.catalog().columns_on(source.asked.at) {
            let code = &competency.code;
            // A level is one digit, with room for a heading such as `M.1`.
            let figure = |part: &str| whole(&format!("{code} {part}"), 3);
            // The level is called by its code; what it is measured by stands behind it.
            let level = figure("actual").called(code);
            columns.push(level.held_against(format!("{code} required")));
            columns.push(figure("required").called(format!("{code} std")).hidden());
            let gap = figure("gap").called(format!("{code} +/-")).hidden();
            columns.push(gap.shaded(When::Below(0), Tone::Bad));
        }
        columns
    }

    fn foot_opens(&self, source: &Source, column: &TableColumn) -> Option<Opens> {
        let known = source.is_of_today() && column.key == "below";
        source.people_asked(if known { "below>0" } else { "" })
    }

    fn lines(&self, source: &Source) -> Result<Vec<ReportLine>, Trouble> {
        source.line_each()
    }

    fn cells(&self, source: &Source, key: Key) -> Result<Vec<Value>, Trouble> {
        let Some(row) = source.person(key.number) else { return Ok(Vec::new()) };
        let catalog = source.catalog();
        let position = catalog.position(row.position);
        let cells = source.levels(row)?;
        let figures = Figures::of(cells.iter().copied());
        let share =
            |figure: Option<u32>| figure.map_or(Value::Empty, |it| Value::Hundredths(it.into()));
        let level = catalog.level(row.position).map(JobLevel::code);
        let mut values = vec![
            Value::text(row.nip.to_string()),
            // Bare, as in the pane: a matrix is looked up by name.
            Value::text(row.name()),
            source.unit_name(row.unit),
            Value::text(position.map_or("", |position| position.title.as_str())),
            Value::code(level),
            share(figures.jpm()),
            share(figures.jpm_capped()),
            // Of whoever nobody has rated, none is not a finding.
            if figures.rated == 0 { Value::Empty } else { Value::Whole(figures.below.into()) },
        ];
        values.reserve_exact(3 * cells.len());
        for cell in cells {
            let (actual, required) = (Value::whole(cell.actual), Value::whole(cell.required));
            values.extend([actual, required, Value::whole(cell.gap())]);
        }
        Ok(values)
    }

    /// Of each competency the share of those rated who reach the standard.
    fn totals(&self, _: &Source) -> Option<Totals> {
        Some(Totals::Reached)
    }

    fn notes(&self, source: &Source) -> Vec<Remark> {
        source.standards_note().into_iter().collect()
    }

    fn explains(&self) -> bool {
        true
    }

    fn explain(
        &self,
        source: &Source,
        line: &ReportLine,
        column: &TableColumn,
    ) -> Result<Steps, Trouble> {
        let Some(row) = source.of_line(line) else { return Ok(Vec::new()) };
        let cells = source.levels(row)?;
        let of_code = |cell: &&Cell| {
            let code = source.catalog().competency(cell.competency).map(|one| one.code.as_str());
            code.is_some_and(|code| column.key.split(' ').next() == Some(code))
        };
        match cells.iter().find(of_code) {
            Some(cell) => grounds::of_cell(source, row, row.position, *cell),
            None => grounds::of_figures(source, row, row.position),
        }
    }
}
