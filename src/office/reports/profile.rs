//! Profile: one person on a sheet: what their post requires and what they have, JPM with the
//! surplus cut off before the official one, JP by year, trainings and certificates. The search
//! or a number says who; where it fits more than one, it says so and tells of nobody.

use super::columns::{choice, date, text, whole};
use super::source::Source;
use super::{Report, ReportLine};
use crate::domain::gap::Figures;
use crate::domain::jp::year_of;
use crate::domain::kinds::certificate::Certificate;
use crate::domain::kinds::employee::EmploymentKind;
use crate::domain::kinds::enrolment::Enrolment;
use crate::domain::record::{EmployeeId, RecordId};
use crate::domain::table::{Tone, When};
use crate::domain::value::Value;
use crate::office::trouble::Trouble;
use crate::office::views::row::RosterRow;
use crate::protocol::{Chart, ChartShape, Opens, Param, Remark, TableColumn};

pub(super) struct Profile;

/// Years of JP on the sheet, the latest first.
const YEARS: usize = 5;

/// What stands in a line: section, item, figure, required, gap, day.
type Cells = [Value; 6];

impl Report for Profile {
    fn id(&self) -> &'static str {
        "profile"
    }

    fn params(&self) -> Vec<Param> {
        vec![Param::search(), Param::person(), Param::unit(), Param::at()]
    }

    fn columns(&self) -> Vec<TableColumn> {
        vec![
            choice("section", 12),
            text("item", 0),
            whole("figure", 7),
            whole("required", 7),
            whole("gap", 6).shaded(When::Below(0), Tone::Bad),
            date("day"),
        ]
    }

    fn lines(&self, source: &Source) -> Result<Vec<ReportLine>, Trouble> {
        let [row] = found(source)?[..] else { return Ok(Vec::new()) };
        let mut all = competencies(source, row)?;
        all.extend(jp(source, row)?);
        all.extend(trainings(source, row)?);
        all.extend(certificates(source, row)?);
        let opens = Opens::Record(RecordId::from(EmployeeId(row.number)));
        let line =
            |(id, cells): (u64, Cells)| ReportLine::made(id, cells.to_vec(), Some(opens.clone()));
        Ok((1..).zip(all).map(line).collect())
    }

    fn heading(&self, source: &Source) -> Result<Vec<(String, Value)>, Trouble> {
        let [row] = found(source)?[..] else { return Ok(Vec::new()) };
        let catalog = source.catalog();
        let grade = row.grade().map(|grade| Value::text(grade.to_string()));
        let position = catalog.position(row.position);
        let told = [
            ("name", Value::text(row.full_name())),
            ("nip", source.number(row)),
            ("position", Value::text(position.map_or("", |position| position.title.as_str()))),
            ("works_in", Value::text(&*catalog.unit_path_text(row.unit))),
            ("grade", grade.unwrap_or_default()),
            ("kind", Value::choice(row.kind.code())),
        ];
        Ok(told.map(|(name, value)| (name.to_string(), value)).to_vec())
    }

    /// JP by year, as the page of the person draws it.
    fn chart(&self) -> Option<Chart> {
        let values = vec!["figure".to_string()];
        let only = Some(("section".to_string(), "jp".to_string()));
        Some(Chart { shape: ChartShape::Bar, by: "item".into(), values, only })
    }

    fn notes(&self, source: &Source) -> Vec<Remark> {
        match found(source).unwrap_or_default().len() {
            1 => Vec::new(),
            people => vec![Remark::new("one_person").with("people", Value::Whole(people as i64))],
        }
    }
}

fn found<'a>(source: &Source<'a>) -> Result<Vec<&'a RosterRow>, Trouble> {
    source.of_each(|row| Ok(Some(row).filter(|row| source.means(row))))
}

fn section(code: &str) -> Value {
    Value::choice(code)
}

fn competencies(source: &Source, row: &RosterRow) -> Result<Vec<Cells>, Trouble> {
    let cells = source.levels(row)?;
    let figures = Figures::of(cells.iter().copied());
    let mut lines = Vec::with_capacity(cells.len() + 2);
    for cell in cells {
        let Some(competency) = source.catalog().competency(cell.competency) else { continue };
        lines.push([
            section("competency"),
            Value::text(format!("{} {}", competency.code, competency.name)),
            Value::whole(cell.actual),
            Value::whole(cell.required),
            Value::whole(cell.gap()),
            Value::Empty,
        ]);
    }
    for (item, figure) in [("jpm_capped", figures.jpm_capped()), ("jpm", figures.jpm())] {
        let figure = figure.map_or(Value::Empty, |figure| Value::Hundredths(figure.into()));
        let none = || Value::Empty;
        lines.push([section("jpm"), Value::choice(item), figure, none(), none(), none()]);
    }
    Ok(lines)
}

fn jp(source: &Source, row: &RosterRow) -> Result<Vec<Cells>, Trouble> {
    let floor =
        (row.kind == EmploymentKind::Pns).then(|| i64::from(source.rules().jp_quota.pns_floor));
    let this_year = year_of(source.asked.at);
    let mut years = source.jp(row)?;
    years.entry(this_year).or_default();
    let latest = years.into_iter().rev().filter(|(year, _)| *year <= this_year).take(YEARS);
    let line = |(year, jp): (u16, u32)| {
        let missing = floor.map(|floor| (i64::from(jp) - floor).min(0));
        let item = Value::text(year.to_string());
        let jp = Value::Whole(jp.into());
        [section("jp"), item, jp, Value::whole(floor), Value::whole(missing), Value::Empty]
    };
    Ok(latest.map(line).collect())
}

fn trainings(source: &Source, row: &RosterRow) -> Result<Vec<Cells>, Trouble> {
    let (catalog, at) = (source.catalog(), source.asked.at);
    let pack = source.pack(row.number)?;
    let mut attended = Vec::new();
    for (.., enrolment) in pack.of::<Enrolment>() {
        let Some(session) = catalog.session(enrolment.session) else { continue };
        if session.cancelled || session.start.is_none_or(|start| start > at) {
            continue;
        }
        let programme = catalog.programme(session.programme);
        let jp = enrolment.by(session, at).earned(
            session,
            programme.and_then(|programme| programme.jp),
            catalog.attendance_min(),
        );
        let name = programme.map_or("", |programme| programme.name.as_str());
        attended.push((session.last_day(), name, jp));
    }
    attended.sort_by_key(|(day, ..)| std::cmp::Reverse(*day));
    let line = |(day, name, jp): (_, &str, u16)| {
        let none = || Value::Empty;
        let jp = Value::Whole(jp.into());
        [section("training"), Value::text(name), jp, none(), none(), Value::date(day)]
    };
    Ok(attended.into_iter().map(line).collect())
}

fn certificates(source: &Source, row: &RosterRow) -> Result<Vec<Cells>, Trouble> {
    let pack = source.pack(row.number)?;
    let held = pack.of::<Certificate>().map(|(.., one)| one);
    let held = held.filter(|one| one.issued.is_none_or(|issued| issued <= source.asked.at));
    let line = |one: &Certificate| {
        let none = || Value::Empty;
        let until = Value::date(one.valid_until);
        [section("certificate"), Value::text(&one.name), none(), none(), none(), until]
    };
    Ok(held.map(line).collect())
}
