//! IDP sheet: one person's development plan of a year on a sheet to be signed: what was planned
//! against what has come of it, the three ways of learning, and what is short of the post held,
//! or of one aimed at, and stands in no line yet. The search says who; where it fits more than
//! one, it says so and tells of nobody.

use super::columns::{choice, text, whole};
use super::idp::{mix, of_gap, of_line, planned, share};
use super::source::Source;
use super::{Report, ReportLine, Steps};
use crate::domain::kinds::idp_line::IdpLine;
use crate::domain::record::{CompetencyId, EmployeeId, Kind, RecordId};
use crate::domain::table::{Tone, When};
use crate::domain::value::Value;
use crate::office::trouble::Trouble;
use crate::office::views::planned::done;
use crate::office::views::row::RosterRow;
use crate::protocol::{Opens, Param, Remark, Sum, TableColumn};

pub(super) struct IdpSheet;

/// In the number of a row that stands in no line.
const UNPLANNED: u64 = 1 << 63;

impl Report for IdpSheet {
    fn id(&self) -> &'static str {
        "idp-sheet"
    }

    fn params(&self) -> Vec<Param> {
        vec![Param::search(), Param::unit(), Param::year(), Param::position(false)]
    }

    fn columns(&self) -> Vec<TableColumn> {
        vec![
            text("competency", 0),
            whole("gap", 4).shaded(When::Below(0), Tone::Warn),
            choice("activity", 18),
            whole("jp", 4).summed(Sum::Total),
            whole("jp_done", 6).summed(Sum::Total),
            whole("cost", 12).summed(Sum::Total),
            whole("month", 5),
            text("provider", 14).hidden(),
            choice("fund", 8).hidden(),
            choice("status", 11).shaded(When::Is("unplanned".into()), Tone::Warn),
            text("reason", 16).hidden(),
        ]
    }

    fn lines(&self, source: &Source) -> Result<Vec<ReportLine>, Trouble> {
        let [row] = found(source)?[..] else { return Ok(Vec::new()) };
        let pack = source.pack(row.number)?;
        let (catalog, year) = (source.catalog(), source.asked.year);
        let mut lines = Vec::new();
        let mut about = Vec::new();
        for (number, _, line) in pack.of::<IdpLine>().filter(|(_, _, line)| line.year == year) {
            about.push(catalog.current(line.competency, None));
            let one = catalog.competency(line.competency);
            let name = one.map_or(String::new(), |one| format!("{} {}", one.code, one.name));
            let mut cells = vec![Value::text(name), Value::whole(line.gap)];
            cells.extend(planned(line, done(catalog, &pack, line)));
            let opens = Opens::Record(RecordId::new(Kind::IdpLines, number));
            lines.push(ReportLine::made(number.into(), cells, Some(opens)));
        }
        let post = source.asked.position.or(row.position);
        for cell in source.levels_as(row, post)? {
            let gap = cell.gap().filter(|gap| *gap < 0);
            let (Some(gap), Some(one)) = (gap, catalog.competency(cell.competency)) else {
                continue;
            };
            if about.contains(&cell.competency) {
                continue;
            }
            let mut cells = vec![Value::Empty; 11];
            cells[0] = Value::text(format!("{} {}", one.code, one.name));
            cells[1] = Value::Whole(gap.into());
            cells[9] = Value::choice("unplanned");
            let opens = Opens::Record(RecordId::from(EmployeeId(row.number)));
            let id = UNPLANNED | u64::from(cell.competency.0);
            lines.push(ReportLine::made(id, cells, Some(opens)));
        }
        Ok(lines)
    }

    fn explains(&self) -> bool {
        true
    }

    /// A line as `idp` does; what stands in none, by the levels of the person.
    fn explain(
        &self,
        source: &Source,
        line: &ReportLine,
        column: &TableColumn,
    ) -> Result<Steps, Trouble> {
        let [row] = found(source)?[..] else { return Ok(Steps::new()) };
        let number = line.id() as u32;
        if line.id() & UNPLANNED == 0 {
            return of_line(source, row, number, &column.key);
        }
        let post = source.asked.position.or(row.position);
        of_gap(source, row, post, CompetencyId(number))
    }

    fn heading(&self, source: &Source) -> Result<Vec<(String, Value)>, Trouble> {
        let [row] = found(source)?[..] else { return Ok(Vec::new()) };
        let catalog = source.catalog();
        let grade = row.grade().map(|grade| Value::text(grade.to_string()));
        let post = catalog.position(row.position).map_or("", |post| post.title.as_str());
        let told = [
            ("name", Value::text(row.full_name())),
            ("nip", source.number(row)),
            ("grade", grade.unwrap_or_default()),
            ("post_held", Value::text(post)),
            ("works_in", Value::text(&*catalog.unit_path_text(row.unit))),
        ];
        Ok(told.map(|(name, value)| (name.to_string(), value)).to_vec())
    }

    fn notes(&self, source: &Source) -> Vec<Remark> {
        let people = found(source).unwrap_or_default();
        let [row] = people[..] else {
            let count = Value::Whole(people.len() as i64);
            return vec![Remark::new("one_person").with("people", count)];
        };
        let Ok(pack) = source.pack(row.number) else { return Vec::new() };
        let lines = pack.of::<IdpLine>().filter(|(_, _, line)| line.year == source.asked.year);
        let by = &source.rules().learning;
        let mix = mix(by, lines.map(|(_, _, line)| share(by, line)));
        mix.into_iter().chain([Remark::new("signed")]).collect()
    }
}

fn found<'a>(source: &Source<'a>) -> Result<Vec<&'a RosterRow>, Trouble> {
    source.of_each(|row| Ok([row]))
}
