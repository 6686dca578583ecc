//! Retention: whose personal data has been kept as long as the office's own rule says,
//! longest first. A list to decide by; nothing is erased by it.

use super::columns::{date, number, text};
use super::source::Source;
use super::{Report, ReportLine};
use crate::domain::record::RecordId;
use crate::domain::value::Value;
use crate::office::trouble::Trouble;
use crate::office::views::row::RosterRow;
use crate::protocol::{Needs, Opens, Param, Remark, TableColumn};

pub(super) struct Retention;

impl Report for Retention {
    fn id(&self) -> &'static str {
        "retention"
    }

    fn needs(&self) -> Needs {
        Needs::OfficeAdmin
    }

    fn reads_who_left(&self) -> bool {
        true
    }

    fn params(&self) -> Vec<Param> {
        vec![Param::at()]
    }

    fn columns(&self) -> Vec<TableColumn> {
        let name = text("name", 0);
        vec![number("nip").hidden(), name, text("unit", 18), date("since"), date("due")]
    }

    fn lines(&self, source: &Source) -> Result<Vec<ReportLine>, Trouble> {
        let (_, due) = source.kept_long_enough();
        let lines = due.into_iter().map(|(due, since, id)| {
            let row = source.person(id.0);
            let cells = vec![
                Value::text(row.map_or_else(String::new, |row| row.nip.to_string())),
                Value::text(row.map_or_else(String::new, RosterRow::full_name)),
                source.unit_name(row.and_then(|row| row.unit)),
                Value::Date(since),
                Value::Date(due),
            ];
            let opens = row.map(|_| Opens::Record(RecordId::from(id)));
            ReportLine::made(id.0.into(), cells, opens)
        });
        Ok(lines.collect())
    }

    fn notes(&self, source: &Source) -> Vec<Remark> {
        vec![match source.kept_long_enough().0 {
            Some(years) => Remark::new("years").with("years", Value::Whole(years.into())),
            None => Remark::new("no_rule"),
        }]
    }
}
