//! JP of a year: what each person has earned, the rule of their kind of staff, and how they
//! stand against it; the two years before stand beside it.

use super::columns::{choice, number, text, whole};
use super::source::Source;
use super::{Report, ReportLine, Steps, grounds};
use crate::domain::jp::{JpStanding, year_of};
use crate::domain::kinds::employee::EmploymentKind;
use crate::domain::table::{Tone, When};
use crate::domain::value::Value;
use crate::office::read::list::Key;
use crate::office::trouble::Trouble;
use crate::protocol::{Chart, ChartShape, Opens, Param, Remark, Sum, TableColumn, Totals};

pub(super) struct Jp;

/// Years shown before the one asked for.
const BEFORE: u16 = 2;

impl Report for Jp {
    fn id(&self) -> &'static str {
        "jp"
    }

    fn params(&self) -> Vec<Param> {
        vec![Param::unit(), Param::year(), Param::at(), Param::search()]
    }

    fn columns(&self) -> Vec<TableColumn> {
        vec![
            number("nip").hidden(),
            text("name", 0),
            text("unit", 18),
            choice("kind", 7),
            whole("jp", 5).summed(Sum::Total),
            whole("floor", 5).hidden(),
            whole("ceiling", 5).hidden(),
            whole("missing", 6).summed(Sum::Total).shaded(When::Above(0), Tone::Warn),
            choice("standing", 11).shaded(When::Is("over".into()), Tone::Bad),
        ]
    }

    fn columns_for(&self, source: &Source) -> Vec<TableColumn> {
        let mut columns = self.columns();
        let years = (1..=BEFORE).map(|back| source.asked.year.saturating_sub(back));
        columns.extend(years.map(|year| {
            whole(&format!("jp_{year}"), 7).called(format!("JP {year}")).summed(Sum::Total)
        }));
        columns
    }

    fn rules(&self) -> &'static [&'static str] {
        &["jp_quota"]
    }

    fn foot_opens(&self, source: &Source, column: &TableColumn) -> Option<Opens> {
        let known = source.is_of_today() && source.asked.year == year_of(source.asked.at);
        let floor = source.rules().jp_quota.pns_floor;
        source.people_asked(&match column.key.as_str() {
            "jp" if known => "jp>0".to_string(),
            "missing" if known => format!("kind=pns jp<{floor}"),
            _ => String::new(),
        })
    }

    fn lines(&self, source: &Source) -> Result<Vec<ReportLine>, Trouble> {
        source.line_each()
    }

    fn cells(&self, source: &Source, key: Key) -> Result<Vec<Value>, Trouble> {
        let Some(row) = source.person(key.number) else { return Ok(Vec::new()) };
        let year = source.asked.year;
        let years = source.jp(row)?;
        let jp_of = |year: u16| years.get(&year).copied().unwrap_or(0);
        let jp = jp_of(year);
        let quota = &source.rules().jp_quota;
        let (floor, ceiling) = match row.kind {
            EmploymentKind::Pns => (Some(quota.pns_floor), None),
            EmploymentKind::Pppk | EmploymentKind::PppkPartTime => (None, Some(quota.pppk_ceiling)),
            EmploymentKind::Other => (None, None),
        };
        let (code, missing) = match quota.standing(row.kind, jp) {
            JpStanding::Below { missing } => ("below", missing),
            JpStanding::Reached => ("reached", 0),
            JpStanding::Within { .. } => ("within", 0),
            JpStanding::Over { .. } => ("over", 0),
            JpStanding::NoRule => ("no_rule", 0),
        };
        let mut cells = vec![
            Value::text(row.nip.to_string()),
            Value::text(row.full_name()),
            source.unit_name(row.unit),
            Value::choice(row.kind.code()),
            Value::Whole(jp.into()),
            Value::whole(floor),
            Value::whole(ceiling),
            Value::Whole(missing.into()),
            Value::choice(code),
        ];
        let before = (1..=BEFORE).map(|back| jp_of(year.saturating_sub(back)));
        cells.extend(before.map(|jp| Value::Whole(jp.into())));
        Ok(cells)
    }

    fn explains(&self) -> bool {
        true
    }

    /// The enrolments and meetings of the year, each with its JP.
    fn explain(
        &self,
        source: &Source,
        line: &ReportLine,
        column: &TableColumn,
    ) -> Result<Steps, Trouble> {
        let Some(row) = source.of_line(line) else { return Ok(Steps::new()) };
        let year = column.key.strip_prefix("jp_").and_then(|year| year.parse().ok());
        grounds::of_jp(source, row, year.unwrap_or(source.asked.year))
    }

    fn chart(&self) -> Option<Chart> {
        let values = vec!["jp".to_string()];
        Some(Chart { shape: ChartShape::Bar, by: "name".into(), values, only: None })
    }

    /// How many have what the year asks of them.
    fn totals(&self, _: &Source) -> Option<Totals> {
        let order = ["below", "reached", "within", "over"].map(Value::choice).to_vec();
        Some(Totals::Values { columns: vec!["standing".into()], order })
    }

    fn notes(&self, source: &Source) -> Vec<Remark> {
        let share = i64::from(source.catalog().attendance_min());
        vec![Remark::new("attendance").with("share", Value::Whole(share))]
    }
}
