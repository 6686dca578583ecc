//! Certificates: what people may show, with what has expired first, then what will within so
//! many days, counted from today in the office's zone or from the day asked for; on its last day one is
//! still valid.

use chrono::NaiveDate;

use super::columns::{choice, date, number, text, whole};
use super::source::Source;
use super::{Report, ReportLine};
use crate::domain::kinds::certificate::Certificate;
use crate::domain::record::{Kind, RecordId};
use crate::domain::table::{Tone, When};
use crate::domain::value::Value;
use crate::office::read::list::Key;
use crate::office::trouble::Trouble;
use crate::protocol::{Opens, Param, TableColumn};

pub(super) struct Certificates;

/// Where one stands, the most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Validity {
    Expired,
    Expiring,
    Valid,
}

impl Validity {
    const fn code(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::Expiring => "expiring",
            Self::Valid => "valid",
        }
    }

    /// The days it still counts, its last one included as 0; one that never ends has none.
    fn of(until: Option<NaiveDate>, on: NaiveDate, within: i64) -> (Self, Option<i64>) {
        let Some(until) = until else { return (Self::Valid, None) };
        let left = (until - on).num_days();
        let state = match left {
            ..0 => Self::Expired,
            left if left <= within => Self::Expiring,
            _ => Self::Valid,
        };
        (state, Some(left))
    }
}

impl Report for Certificates {
    fn id(&self) -> &'static str {
        "certificates"
    }

    fn params(&self) -> Vec<Param> {
        vec![Param::unit(), Param::whole("within", 0..=3650, 90), Param::at(), Param::search()]
    }

    fn columns(&self) -> Vec<TableColumn> {
        vec![
            number("nip").hidden(),
            text("name", 0),
            text("unit", 12).hidden(),
            text("certificate", 0),
            text("number", 16).personal().hidden(),
            date("valid_until"),
            whole("days_left", 9),
            choice("state", 9)
                .shaded(When::Is("expired".into()), Tone::Bad)
                .shaded(When::Is("expiring".into()), Tone::Warn),
        ]
    }

    fn lines(&self, source: &Source) -> Result<Vec<ReportLine>, Trouble> {
        let (on, within) = (source.asked.at, source.asked.whole("within"));
        let mut place = 0;
        let mut lines = source.of_each(|row| {
            let mut held = Vec::new();
            if !row.holds(Kind::Certificates) {
                return Ok(held);
            }
            place += 1;
            for (number, _, one) in source.pack(row.number)?.of::<Certificate>() {
                if one.issued.is_some_and(|issued| issued > on) {
                    continue;
                }
                let (state, left) = Validity::of(one.valid_until, on, within);
                let rank = (state, left.unwrap_or(i64::MAX), place, number);
                held.push((rank, Key { number, owner: row.number }));
            }
            Ok(held)
        })?;
        lines.sort_by_key(|(rank, _)| *rank);
        Ok(lines.into_iter().map(|(_, key)| ReportLine::Of(key)).collect())
    }

    fn cells(&self, source: &Source, key: Key) -> Result<Vec<Value>, Trouble> {
        let Some(row) = source.person(key.owner) else { return Ok(Vec::new()) };
        let pack = source.pack(key.owner)?;
        let Some(held) = pack.one::<Certificate>(key.number) else { return Ok(Vec::new()) };
        let within = source.asked.whole("within");
        let (state, left) = Validity::of(held.valid_until, source.asked.at, within);
        Ok(vec![
            Value::text(row.nip.to_string()),
            Value::text(row.full_name()),
            source.unit_name(row.unit),
            Value::text(&held.name),
            Value::text(&held.number),
            Value::date(held.valid_until),
            Value::whole(left),
            Value::choice(state.code()),
        ])
    }

    fn opens(&self, key: Key) -> Option<Opens> {
        Some(Opens::Record(RecordId::new(Kind::Certificates, key.number)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn on_its_last_day_a_certificate_is_still_valid() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        let of = |until: &str| Validity::of(Some(day(until)), day("2026-11-28"), 90);
        assert_eq!(of("2026-11-27"), (Validity::Expired, Some(-1)));
        assert_eq!(of("2026-11-28"), (Validity::Expiring, Some(0)));
        assert_eq!(of("2027-02-26"), (Validity::Expiring, Some(90)));
        assert_eq!(of("2027-02-27"), (Validity::Valid, Some(91)));
        assert_eq!(Validity::of(None, day("2026-11-28"), 90), (Validity::Valid, None));
    }
}
