//! Attendance: the list of a session that those who take part sign, a column a day, with
//! what has been recorded already and lines left empty for whoever comes besides.

use super::columns::{number, text, whole};
use super::source::Source;
use super::{Report, ReportLine};
use crate::domain::kinds::enrolment::{Enrolment, Presence};
use crate::domain::kinds::session::Session;
use crate::domain::record::{EmployeeId, Kind, RecordId, SessionId};
use crate::domain::value::Value;
use crate::office::trouble::Trouble;
use crate::office::views::row::RosterRow;
use crate::protocol::{Opens, Param, Remark, TableColumn};

pub(super) struct Attendance;

/// Lines for people who were not enrolled.
const EMPTY: u32 = 5;
/// Days there is room for on a sheet.
const DAYS: usize = 10;
/// Where a name is signed.
const SIGNATURE: &str = "........";

impl Report for Attendance {
    fn id(&self) -> &'static str {
        "attendance"
    }

    fn params(&self) -> Vec<Param> {
        vec![Param::session(), Param::unit(), Param::search()]
    }

    fn columns(&self) -> Vec<TableColumn> {
        vec![
            whole("no", 3),
            text("name", 0),
            number("nip"),
            text("position", 18).hidden(),
            text("unit", 18).hidden(),
        ]
    }

    fn columns_for(&self, source: &Source) -> Vec<TableColumn> {
        let mut columns = self.columns();
        let session = asked(source).map(|(_, session)| session);
        let days = session.into_iter().flat_map(|session| {
            let days = 0..session.days().min(DAYS);
            days.filter_map(|at| Some((at + 1, session.day(at)?)))
        });
        columns.extend(days.map(|(at, day)| {
            text(&format!("day_{at}"), 8).called(day.format("%-d/%-m").to_string())
        }));
        columns
    }

    fn lines(&self, source: &Source) -> Result<Vec<ReportLine>, Trouble> {
        let Some((id, session)) = asked(source) else { return Ok(Vec::new()) };
        let days = session.days().min(DAYS);
        let roll = source.roll(id);
        let people = source.of_each(|row| {
            let marks = if roll.contains(&row.number) { marks(source, row, id)? } else { None };
            Ok(marks.map(|marks| (row, marks)))
        })?;
        let catalog = source.catalog();
        let mut lines = Vec::with_capacity(people.len() + EMPTY as usize);
        for (no, (row, marks)) in (1_i64..).zip(people) {
            let position = catalog.position(row.position);
            let mut cells = vec![
                Value::Whole(no),
                Value::text(row.full_name()),
                Value::text(row.nip.to_string()),
                Value::text(position.map_or("", |position| position.title.as_str())),
                source.unit_name(row.unit),
            ];
            cells.extend((0..days).map(|day| match marks.get(day).copied().flatten() {
                Some(mark) => Value::choice(mark.code()),
                None => Value::text(SIGNATURE),
            }));
            let opens = Opens::Record(RecordId::from(EmployeeId(row.number)));
            lines.push(ReportLine::made(row.number.into(), cells, Some(opens)));
        }
        let first = lines.len() as u32 + 1;
        lines.extend((first..first + EMPTY).map(|no| {
            let mut cells = vec![Value::Whole(no.into())];
            cells.resize(5, Value::Empty);
            cells.resize(5 + days, Value::text(SIGNATURE));
            // Behind every number a person can have.
            ReportLine::made(u64::from(u32::MAX) + u64::from(no), cells, None)
        }));
        Ok(lines)
    }

    fn heading(&self, source: &Source) -> Result<Vec<(String, Value)>, Trouble> {
        let Some((_, session)) = asked(source) else { return Ok(Vec::new()) };
        let programme = source.catalog().programme(session.programme);
        let told = [
            ("programme", Value::text(programme.map_or("", |programme| programme.name.as_str()))),
            ("start", Value::date(session.start)),
            ("end", Value::date(session.last_day())),
            ("place", Value::text(&session.place)),
            ("provider", Value::text(session.provider(programme))),
        ];
        Ok(told.map(|(name, value)| (name.to_string(), value)).to_vec())
    }

    fn notes(&self, source: &Source) -> Vec<Remark> {
        match asked(source) {
            None => vec![Remark::new("no_session")],
            Some((_, session)) if session.days() > DAYS => {
                vec![Remark::new("first_days").with("days", Value::Whole(DAYS as i64))]
            }
            Some(_) => Vec::new(),
        }
    }
}

/// The session asked for: by its number, or as its records are called (`sessions/1000`).
fn asked<'a>(source: &Source<'a>) -> Option<(SessionId, &'a Session)> {
    let text = source.asked.text("session").trim();
    let number = text.strip_prefix("sessions/").unwrap_or(text).parse().ok()?;
    let id = SessionId(number);
    Some((id, source.catalog().session(id)?))
}

/// What was recorded of a person, day by day; nothing of who does not take part.
fn marks(
    source: &Source,
    row: &RosterRow,
    session: SessionId,
) -> Result<Option<Vec<Option<Presence>>>, Trouble> {
    if !row.holds(Kind::Enrolments) {
        return Ok(None);
    }
    let pack = source.pack(row.number)?;
    let mut enrolments = pack.of::<Enrolment>();
    let found = enrolments.find(|(.., enrolment)| enrolment.session == session);
    Ok(found.map(|(.., enrolment)| enrolment.attendance.clone()))
}
