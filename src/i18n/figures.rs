//! Dates, numbers and cells as a person reads them: `17 Agu 2026`, `12.345`, `87,50` in
//! Indonesian, `17 Aug 2026`, `12,345`, `87.50` in English. Files and JSON never use these.

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveTime, Timelike, Utc};

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

/// The same where this process's office is.
pub fn moment(at: DateTime<Utc>) -> String {
    date_time(at, super::zone_hours())
}

/// The moment a person means where the office is: a day as an officer writes it, and an
/// hour behind it (`22-11-2026 10.05`); a day alone is its beginning.
pub fn read_moment(text: &str, day: impl Fn(&str) -> Option<NaiveDate>) -> Option<DateTime<Utc>> {
    let text = text.trim();
    let with_hour = text.rsplit_once(char::is_whitespace).and_then(|(front, hour)| {
        let (hours, minutes) = hour.split_once(['.', ':'])?;
        Some((day(front)?, NaiveTime::from_hms_opt(hours.parse().ok()?, minutes.parse().ok()?, 0)?))
    });
    let (day, time) = match with_hour {
        Some(read) => read,
        None => (day(text)?, NaiveTime::MIN),
    };
    let utc = day.and_time(time).checked_sub_signed(Duration::hours(super::zone_hours().into()))?;
    Some(utc.and_utc())
}

/// Minutes until something is due: `sisa 2 hari 5 jam`, `terlambat 3 jam`.
pub fn left(minutes: i64) -> String {
    let late = minutes < 0;
    let minutes = minutes.unsigned_abs();
    let (days, hours, rest) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    // The two largest units say enough.
    let parts = [
        t!("left.days", n = days).into_owned(),
        t!("left.hours", n = hours).into_owned(),
        t!("left.minutes", n = rest).into_owned(),
    ];
    let said = match (days, hours) {
        (0, 0) => &parts[2..],
        (0, _) if rest > 0 => &parts[1..],
        (0, _) => &parts[1..2],
        (_, 0) => &parts[..1],
        _ => &parts[..2],
    };
    let time = said.join(" ");
    if late { t!("left.late", time = time) } else { t!("left.left", time = time) }.into_owned()
}

/// `12.345`.
pub fn whole(number: impl Into<i64>) -> String {
    whole_in(language(), number.into())
}

/// A figure in hundredths: 8750 is `87,50`.
pub fn hundredths(number: impl Into<i64>) -> String {
    hundredths_in(language(), number.into())
}

/// `16-20 Nov 2026`, `30 Nov-2 Des 2026`.
pub fn span(first: NaiveDate, last: NaiveDate) -> String {
    let (from, to) = (date(first), date(last));
    if first == last {
        to
    } else if (first.year(), first.month()) == (last.year(), last.month()) {
        format!("{}-{to}", first.day())
    } else if first.year() == last.year() {
        let year = format!(" {}", first.year());
        format!("{}-{to}", from.strip_suffix(&year).unwrap_or(&from))
    } else {
        format!("{from}-{to}")
    }
}

/// The day of the week, in three letters.
pub fn weekday(date: NaiveDate) -> String {
    let day = date.weekday().number_from_monday();
    find(&format!("dates.day.{day}")).unwrap_or_default()
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
        Value::Moment(at) => moment(*at),
        Value::Left(minutes) => left(*minutes),
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
    fn a_moment_is_typed_as_it_is_shown() {
        let day = |text: &str| text.parse().ok();
        let at = DateTime::parse_from_rfc3339("2026-11-21T18:05:00Z").unwrap().to_utc();
        for text in ["2026-11-22 01.05", " 2026-11-22  1:05 "] {
            assert_eq!(read_moment(text, day), Some(at), "{text}");
        }
        assert_eq!(moment(at), "22 Nov 2026 01.05");
        let midnight = DateTime::parse_from_rfc3339("2026-11-21T17:00:00Z").unwrap().to_utc();
        assert_eq!(read_moment("2026-11-22", day), Some(midnight));
        for text in ["", "2026-11-22 25.00", "2026-11-22 noon", "10.05", "2026-11-22 1005"] {
            assert_eq!(read_moment(text, day), None, "{text}");
        }
    }

    #[test]
    fn what_is_left_is_said_in_its_two_largest_units() {
        for (minutes, said) in [
            (2 * 1440 + 5 * 60 + 59, "sisa 2 hari 5 jam"),
            (1440, "sisa 1 hari"),
            (180, "sisa 3 jam"),
            (61, "sisa 1 jam 1 menit"),
            (0, "sisa 0 menit"),
            (-20, "terlambat 20 menit"),
            (-180, "terlambat 3 jam"),
            (-3 * 1440, "terlambat 3 hari"),
        ] {
            assert_eq!(left(minutes), said);
        }
    }

    #[test]
    fn cells_are_written_by_what_they_hold() {
        assert_eq!(value(&Value::Empty), "");
        assert_eq!(value(&Value::Flag(true)), "ya");
        assert_eq!(value(&Value::Years(vec![(2025, 20), (2026, 1_024)])), "2025: 20, 2026: 1.024");
        assert_eq!(value(&Value::Choice("no such code".into())), "no such code");
    }

    #[test]
    fn the_days_of_a_session_read_as_an_officer_writes_them() {
        assert_eq!(span(moment_day("2026-11-16"), moment_day("2026-11-20")), "16-20 Nov 2026");
        assert_eq!(span(moment_day("2026-11-16"), moment_day("2026-11-16")), "16 Nov 2026");
        assert_eq!(span(moment_day("2026-11-30"), moment_day("2026-12-02")), "30 Nov-2 Des 2026");
        assert_eq!(
            span(moment_day("2026-12-30"), moment_day("2027-01-02")),
            "30 Des 2026-2 Jan 2027"
        );
    }

    fn moment_day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }
}
