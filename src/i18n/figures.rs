//! Dates, numbers and cells as a person reads them: `17 Agu 2026`, `12.345`, `87,50` in
//! Indonesian, `17 Aug 2026`, `12,345`, `87.50` in English. Files and JSON never use these.

use chrono::{DateTime, Datelike, Duration, NaiveDate, Timelike, Utc};

use super::{Language, find, language, t};
use crate::domain::value::Value;

/// `17 Agu 2026`.
pub fn date(date: NaiveDate) -> String {
    let month = find(&format!("dates.month.{}", date.month())).unwrap_or_default();
    format!("{} {month} {}", date.day(), date.year())
}

/// `17 Agu 2026 14.05`, where the office is: `utc_offset_hours` east of UTC.
pub fn date_time(at: DateTime<Utc>, utc_offset_hours: i8) -> String {
    let local = at.naive_utc() + Duration::hours(i64::from(utc_offset_hours));
    let colon = match language() {
        Language::Indonesian => '.',
        Language::English => ':',
    };
    format!("{} {:02}{colon}{:02}", date(local.date()), local.hour(), local.minute())
}

/// `12.345`.
pub fn whole(number: impl Into<i64>) -> String {
    whole_in(language(), number.into())
}

/// A figure in hundredths: 8750 is `87,50`.
pub fn hundredths(number: impl Into<i64>) -> String {
    hundredths_in(language(), number.into())
}

/// A cell as it stands on screen; empty when there is nothing.
pub fn value(value: &Value) -> String {
    match value {
        Value::Empty => String::new(),
        Value::Text(text) => text.clone(),
        Value::Choice(code) => super::choice(code),
        Value::Whole(number) => whole(*number),
        Value::Hundredths(number) => hundredths(*number),
        Value::Date(day) => date(*day),
        Value::Flag(true) => t!("value.yes").into_owned(),
        Value::Flag(false) => t!("value.no").into_owned(),
        Value::Years(years) => {
            let one = |(year, count): &(u16, u32)| format!("{year}: {}", whole(*count));
            years.iter().map(one).collect::<Vec<_>>().join(", ")
        }
    }
}

fn separators(language: Language) -> (char, char) {
    match language {
        Language::Indonesian => ('.', ','),
        Language::English => (',', '.'),
    }
}

fn whole_in(language: Language, number: i64) -> String {
    let (thousands, _) = separators(language);
    let digits = number.unsigned_abs().to_string();
    let mut text = String::from(if number < 0 { "-" } else { "" });
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(thousands);
        }
        text.push(digit);
    }
    text
}

fn hundredths_in(language: Language, number: i64) -> String {
    let (_, point) = separators(language);
    let sign = if number < 0 { "-" } else { "" };
    let number = number.unsigned_abs();
    let whole = whole_in(language, i64::try_from(number / 100).unwrap_or(i64::MAX));
    format!("{sign}{whole}{point}{:02}", number % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_as_the_language_writes_them() {
        use Language::{English as En, Indonesian as Id};
        assert_eq!(whole_in(Id, 7), "7");
        assert_eq!(whole_in(Id, 999), "999");
        assert_eq!(whole_in(Id, 12_345), "12.345");
        assert_eq!(whole_in(En, 1_234_567), "1,234,567");
        assert_eq!(whole_in(Id, -1_000), "-1.000");
        assert_eq!(hundredths_in(Id, 8_750), "87,50");
        assert_eq!(hundredths_in(En, 8_750), "87.50");
        assert_eq!(hundredths_in(Id, -5), "-0,05");
        assert_eq!(hundredths_in(Id, 123_456), "1.234,56");
    }

    #[test]
    fn a_date_reads_as_an_officer_writes_it() {
        let day = NaiveDate::from_ymd_opt(2026, 8, 17).unwrap();
        assert_eq!(date(day), "17 Agu 2026");
        assert_eq!(value(&Value::Date(day)), "17 Agu 2026");
    }

    #[test]
    fn the_clock_is_the_offices_own() {
        let at = DateTime::parse_from_rfc3339("2026-12-31T18:05:00Z").unwrap().to_utc();
        assert_eq!(date_time(at, 7), "1 Jan 2027 01.05");
    }

    #[test]
    fn cells_are_written_by_what_they_hold() {
        assert_eq!(value(&Value::Empty), "");
        assert_eq!(value(&Value::Flag(true)), "ya");
        assert_eq!(value(&Value::Years(vec![(2025, 20), (2026, 1_024)])), "2025: 20, 2026: 1.024");
        assert_eq!(value(&Value::Choice("no such code".into())), "no such code");
    }
}
