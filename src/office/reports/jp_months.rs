//! JP by month: what the sessions that ended in each month of a year have earned the people
//! asked about, how many sessions that were, and the same of the year before. Home draws this
//! year's.

use chrono::Datelike;

use super::columns::{text, whole};
use super::jp_sessions::{self, JpSessions};
use super::source::Source;
use super::{Report, ReportLine};
use crate::domain::value::Value;
use crate::office::trouble::Trouble;
use crate::protocol::{Chart, ChartShape, Opens, Param, Sum, TableColumn};

pub(super) struct JpMonths;

/// What a month has seen.
#[derive(Clone, Copy, Default)]
struct Month {
    sessions: u32,
    /// Those who earned something, each as often as they did.
    people: u32,
    jp: u32,
    jp_before: u32,
}

impl Report for JpMonths {
    fn id(&self) -> &'static str {
        "jp-months"
    }

    fn params(&self) -> Vec<Param> {
        vec![Param::unit(), Param::year(), Param::search()]
    }

    fn columns(&self) -> Vec<TableColumn> {
        vec![
            text("month", 0),
            whole("sessions", 8).summed(Sum::Total),
            whole("people", 8).summed(Sum::Total),
            whole("jp", 8).summed(Sum::Total),
            whole("jp_before", 14).summed(Sum::Total),
        ]
    }

    fn foot_opens(&self, _: &Source, _: &TableColumn) -> Option<Opens> {
        Some(behind(WHOLE_YEAR))
    }

    fn lines(&self, source: &Source) -> Result<Vec<ReportLine>, Trouble> {
        let year = i32::from(source.asked.year);
        let mut months = [Month::default(); 12];
        for (id, held) in source.held() {
            let Some(day) = held.last_day() else { continue };
            let month = &mut months[day.month0() as usize];
            if day.year() == year {
                let (people, jp) = source.earned_in(id, held);
                month.sessions += u32::from(people > 0);
                month.people += people;
                month.jp += jp;
            } else if day.year() == year - 1 {
                month.jp_before += source.earned_in(id, held).1;
            }
        }
        let lines = months.into_iter().zip(1_u32..).map(|(month, number)| {
            let called = format!("{year:04}-{number:02}");
            let figures = [month.sessions, month.people, month.jp, month.jp_before];
            let figures = figures.map(|figure| Value::Whole(figure.into()));
            let cells = std::iter::once(Value::text(called)).chain(figures).collect();
            ReportLine::made(number.into(), cells, Some(behind(number)))
        });
        Ok(lines.collect())
    }

    fn chart(&self) -> Option<Chart> {
        let values = ["jp", "jp_before"].map(String::from).to_vec();
        Some(Chart { shape: ChartShape::Bar, by: "month".into(), values, only: None })
    }
}

/// What stands for all the months.
const WHOLE_YEAR: u32 = 0;

/// The sessions that make up a month; those of the year before behind its own figure.
fn behind(month: u32) -> Opens {
    let before = (jp_sessions::OF.to_string(), jp_sessions::BEFORE.to_string());
    Opens::Report {
        id: JpSessions.id().into(),
        own: vec![(jp_sessions::MONTH.into(), month.to_string())],
        by_column: vec![("jp_before".into(), before)],
    }
}
