//! Movement between the nine boxes: how many people went from which box to which in some years,
//! by the same cut-offs on both days. A row is where they were, a column where they are; whoever
//! lacks a figure on one of the days is counted beside the boxes, never in one.

use super::columns::{choice, whole};
use super::source::Source;
use super::{Report, ReportLine, Steps, ninebox};
use crate::domain::record::EmployeeId;
use crate::domain::rulebook::Rulebook;
use crate::domain::table::{Tone, When};
use crate::domain::talent::BOXES;
use crate::domain::value::Value;
use crate::office::trouble::Trouble;
use crate::office::views::row::RosterRow;
use crate::protocol::{Chart, ChartShape, Opens, Param, Remark, Sum, TableColumn};

pub(super) struct NineBoxMoves;

/// A box by its number, or 0 for none.
type Square = u8;

const NONE: Square = 0;

impl Report for NineBoxMoves {
    fn id(&self) -> &'static str {
        "ninebox-moves"
    }

    fn params(&self) -> Vec<Param> {
        let [set, back] = ninebox::params();
        vec![Param::unit(), set, back, Param::at(), Param::search()]
    }

    fn params_by(&self, rules: &Rulebook) -> Vec<Param> {
        ninebox::with_own_sets(self.params(), rules)
    }

    fn columns(&self) -> Vec<TableColumn> {
        let mut columns = vec![choice("box_before", 0)];
        for number in boxes().filter(|number| *number != NONE) {
            let to = whole(&to_column(number), 4).called(number.to_string());
            columns.push(to.summed(Sum::Total).shaded(When::Above(0), Tone::Good));
        }
        columns.push(whole(&to_column(NONE), 6).summed(Sum::Total));
        columns.push(whole("people", 8).summed(Sum::Total));
        columns
    }

    fn rules(&self) -> &'static [&'static str] {
        &["talent"]
    }

    fn foot_opens(&self, _: &Source, _: &TableColumn) -> Option<Opens> {
        Some(behind(None))
    }

    fn lines(&self, source: &Source) -> Result<Vec<ReportLine>, Trouble> {
        let mut counts = [[0_i64; BOXES as usize + 1]; BOXES as usize + 1];
        for (_, from, to) in moves(source)? {
            counts[usize::from(from)][usize::from(to)] += 1;
        }
        let line = |from: Square| {
            let of = counts[usize::from(from)];
            let mut cells = vec![Value::choice(match from {
                NONE => "none".to_string(),
                from => format!("box_{from}"),
            })];
            cells.extend(boxes().map(|to| Value::Whole(of[usize::from(to)])));
            cells.push(Value::Whole(of.iter().sum()));
            ReportLine::made(from.into(), cells, Some(behind(Some(from))))
        };
        Ok(boxes().map(line).collect())
    }

    /// Where they were, in parts by where they are.
    fn chart(&self) -> Option<Chart> {
        let values = boxes().map(to_column).collect();
        let by = "box_before".to_string();
        Some(Chart { shape: ChartShape::Stacked, by, values, only: None })
    }

    fn notes(&self, source: &Source) -> Vec<Remark> {
        let before = Remark::new("before").with("date", Value::Date(ninebox::before(source)));
        vec![before, Remark::new("sets_differ")]
    }

    fn explains(&self) -> bool {
        true
    }

    /// Who they are, and of a single person what both places rest on.
    fn explain(
        &self,
        source: &Source,
        line: &ReportLine,
        column: &TableColumn,
    ) -> Result<Steps, Trouble> {
        let to: Option<Square> = match column.key.strip_prefix("to_") {
            Some("none") => Some(NONE),
            Some(number) => number.parse().ok(),
            None => None,
        };
        let found = moves(source)?.into_iter();
        let found = found.filter(|(_, from, _)| u64::from(*from) == line.id());
        let found: Vec<_> = found.filter(|(_, _, now)| to.is_none_or(|to| to == *now)).collect();
        let mut steps = Steps::new();
        for (row, from, now) in &found {
            let said = Remark::new("went").with("name", Value::text(row.name()));
            let named = |number: Square| match number {
                NONE => Value::Empty,
                number => Value::Whole(number.into()),
            };
            let said = said.with("before", named(*from)).with("now", named(*now));
            steps.push((said, Some(EmployeeId(row.number).into())));
        }
        match found.as_slice() {
            [] => steps.push((Remark::new("nobody"), None)),
            [(row, ..)] => steps.extend(ninebox::of_move(source, row, true)?),
            _ => {}
        }
        Ok(steps)
    }
}

/// The people themselves, in the boxes they were and are in; from wherever without one.
fn behind(from: Option<Square>) -> Opens {
    let to = |to: Square| (ninebox::NOW.to_string(), ninebox::code(to));
    Opens::Report {
        id: ninebox::NineBox.id().into(),
        own: vec![(ninebox::WAS.into(), from.map_or_else(ninebox::anywhere, ninebox::code))],
        by_column: boxes().map(|number| (to_column(number), to(number))).collect(),
    }
}

/// The column of those who are in a box now.
fn to_column(to: Square) -> String {
    match to {
        NONE => "to_none".to_string(),
        to => format!("to_{to}"),
    }
}

/// The highest first, none last.
fn boxes() -> impl Iterator<Item = Square> {
    (NONE..=BOXES).rev()
}

/// Everybody asked about, with the box they were in and the one they are in.
fn moves<'a>(source: &Source<'a>) -> Result<Vec<(&'a RosterRow, Square, Square)>, Trouble> {
    let (then, now) = (ninebox::before(source), source.asked.at);
    source.of_each(|row| {
        let on = |day| Ok::<_, Trouble>(ninebox::placed(source, row, day)?.number(source));
        Ok([(row, on(then)?.unwrap_or(NONE), on(now)?.unwrap_or(NONE))])
    })
}
