//! JP by session: the sessions that stand behind a month of JP, with how many of the people asked
//! about earned something in each, and how many JP.

use chrono::Datelike;

use super::columns::{date, text, whole};
use super::source::Source;
use super::{Report, ReportLine};
use crate::domain::value::Value;
use crate::office::trouble::Trouble;
use crate::protocol::{Opens, Param, Sum, TableColumn};

pub(super) struct JpSessions;

/// The month they ended in, and whether of the year asked for or the one before.
pub(super) const MONTH: &str = "month";
pub(super) const OF: &str = "of";
pub(super) const BEFORE: &str = "before";

impl Report for JpSessions {
    fn id(&self) -> &'static str {
        "jp-sessions"
    }

    fn params(&self) -> Vec<Param> {
        vec![
            Param::whole(MONTH, 0..=12, 0),
            Param::choice(OF, &["asked", BEFORE]),
            Param::unit(),
            Param::year(),
            Param::search(),
        ]
    }

    fn columns(&self) -> Vec<TableColumn> {
        vec![
            text("programme", 0),
            date("start"),
            date("end"),
            whole("people", 8).summed(Sum::Total),
            whole("jp", 8).summed(Sum::Total),
        ]
    }

    fn lines(&self, source: &Source) -> Result<Vec<ReportLine>, Trouble> {
        let (month, catalog) = (source.asked.whole(MONTH), source.catalog());
        let year = i32::from(source.asked.year) - i32::from(source.asked.text(OF) == BEFORE);
        let mut found = Vec::new();
        for (id, held) in source.held() {
            let Some(day) = held.last_day().filter(|day| day.year() == year) else { continue };
            if month != 0 && month != i64::from(day.month()) {
                continue;
            }
            let (people, jp) = source.earned_in(id, held);
            if people > 0 {
                let name = catalog.programme(held.programme).map_or("", |one| one.name.as_str());
                let cells = vec![
                    Value::text(name),
                    Value::date(held.start),
                    Value::date(Some(day)),
                    Value::Whole(people.into()),
                    Value::Whole(jp.into()),
                ];
                let opens = Some(Opens::Record(id.into()));
                found.push((day, id.0, ReportLine::made(id.0.into(), cells, opens)));
            }
        }
        found.sort_by_key(|(day, number, _)| (*day, *number));
        Ok(found.into_iter().map(|(.., line)| line).collect())
    }
}
