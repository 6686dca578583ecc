//! Heatmap: units against competencies, how many people of each unit itself are below the
//! standard of their post, the unit's JPM and JPM without surplus, and the people it counts.

use std::collections::BTreeMap;

use super::columns::{percent, text, whole};
use super::grounds::{self, percent as share};
use super::source::Source;
use super::{Report, ReportLine, Steps};
use crate::domain::gap::Figures;
use crate::domain::record::{EmployeeId, Kind, UnitId};
use crate::domain::table::{Tone, When};
use crate::domain::value::Value;
use crate::office::trouble::Trouble;
use crate::protocol::{Chart, ChartShape, ListQuery, Opens, Param, Remark, Sum, TableColumn};

pub(super) struct Heatmap;

/// What the people of a unit add up to.
#[derive(Default)]
struct Unit {
    people: u32,
    rated: u32,
    of: Vec<Figures>,
}

impl Report for Heatmap {
    fn id(&self) -> &'static str {
        "heatmap"
    }

    fn params(&self) -> Vec<Param> {
        vec![Param::unit(), Param::at(), Param::search()]
    }

    fn columns(&self) -> Vec<TableColumn> {
        vec![
            text("unit", 0),
            whole("people", 8).summed(Sum::Total),
            whole("rated", 8).summed(Sum::Total).hidden(),
            percent("jpm", 8).hidden(),
            percent("jpm_capped", 8).hidden(),
            whole("below", 8).hidden().summed(Sum::Total).shaded(When::Above(0), Tone::Warn),
        ]
    }

    fn columns_for(&self, source: &Source) -> Vec<TableColumn> {
        let mut columns = self.columns();
        for (_, competency) in source.catalog().columns_on(source.asked.at) {
            let below = whole(&competency.code, 4).called(&competency.code).summed(Sum::Total);
            columns
                .push(below.shaded(When::Above(2), Tone::Bad).shaded(When::Above(0), Tone::Warn));
        }
        columns
    }

    fn foot_opens(&self, source: &Source, column: &TableColumn) -> Option<Opens> {
        source.people_asked(&match column.key.as_str() {
            key if !source.is_of_today() || key == "people" => String::new(),
            "rated" => "!unrated".to_string(),
            "below" => "below>0".to_string(),
            competency => format!("{competency}<std"),
        })
    }

    fn lines(&self, source: &Source) -> Result<Vec<ReportLine>, Trouble> {
        let columns = source.competencies().len();
        let people = source.of_each(|row| Ok([(row.unit, source.levels(row)?)]))?;
        let mut units: BTreeMap<(String, u32), (Option<UnitId>, Unit)> = BTreeMap::new();
        for (unit, cells) in people {
            let path = source.catalog().unit_path_text(unit).to_string();
            let key = (path, unit.map_or(0, |unit| unit.0));
            let (_, sums) = units.entry(key).or_insert_with(|| (unit, Unit::default()));
            sums.of.resize(columns, Figures::default());
            let mut any = false;
            for (sum, cell) in sums.of.iter_mut().zip(cells) {
                let figures = Figures::of([cell]);
                any |= figures.rated > 0;
                *sum += figures;
            }
            sums.people += 1;
            sums.rated += u32::from(any);
        }
        let lines = units.into_values().map(|(unit, sums)| {
            let mut all = Figures::default();
            for figures in &sums.of {
                all += *figures;
            }
            let mut cells = vec![
                source.unit_name(unit),
                Value::Whole(sums.people.into()),
                Value::Whole(sums.rated.into()),
                share(all.jpm()),
                share(all.jpm_capped()),
                Value::Whole(all.below.into()),
            ];
            // Where nobody is rated in it, none is not a finding.
            cells.extend(sums.of.iter().map(|of| match of.rated {
                0 => Value::Empty,
                _ => Value::Whole(of.below.into()),
            }));
            ReportLine::made(id_of(unit), cells, unit.map(|unit| people_of(source, unit)))
        });
        Ok(lines.collect())
    }

    fn notes(&self, source: &Source) -> Vec<Remark> {
        source.standards_note().into_iter().collect()
    }

    fn explains(&self) -> bool {
        true
    }

    /// Who is below, in the competency of the column or in any, and what they have; then the
    /// sums behind the unit's figures.
    fn explain(
        &self,
        source: &Source,
        line: &ReportLine,
        column: &TableColumn,
    ) -> Result<Steps, Trouble> {
        let catalog = source.catalog();
        let of_unit = source.of_each(|row| Ok((id_of(row.unit) == line.id()).then_some(row)))?;
        let mut sums = Figures::default();
        let mut steps = Steps::new();
        for row in of_unit {
            for cell in source.levels(row)? {
                let code = catalog.competency(cell.competency).map_or("", |one| one.code.as_str());
                let meant = column.label.is_empty() || column.label == code;
                if !meant {
                    continue;
                }
                sums += Figures::of([cell]);
                if let (Some(actual), Some(required)) = (cell.actual, cell.required)
                    && actual < required
                {
                    let said = Remark::new("lacks")
                        .with("name", Value::text(row.name()))
                        .with("code", Value::text(code))
                        .with("actual", Value::Whole(actual.into()))
                        .with("required", Value::Whole(required.into()));
                    steps.push((said, Some(EmployeeId(row.number).into())));
                }
            }
        }
        if sums.below == 0 {
            let none = if sums.rated == 0 { "nobody_rated" } else { "nobody_below" };
            steps.push((Remark::new(none), None));
        }
        steps.extend(grounds::of_sums(sums));
        Ok(steps)
    }

    fn chart(&self) -> Option<Chart> {
        let values = vec!["below".to_string()];
        Some(Chart { shape: ChartShape::Bar, by: "unit".into(), values, only: None })
    }
}

/// The number of a unit's row; of those without a unit the last there is.
fn id_of(unit: Option<UnitId>) -> u64 {
    unit.map_or(u32::MAX, |unit| unit.0).into()
}

/// The people of a unit itself as a list.
fn people_of(source: &Source, unit: UnitId) -> Opens {
    let path = source.catalog().unit_path_text(Some(unit));
    let search = format!("status=active unit=\"{path}\" {}", source.search);
    let search = search.trim().to_string();
    Opens::List(Box::new(ListQuery { search, unit: Some(unit), ..ListQuery::all(Kind::Employees) }))
}
