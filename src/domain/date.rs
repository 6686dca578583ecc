//! Dates as officers type them: `17-08-2026`, `17/8/2026`, `17 Agu 2026`, `17 Agustus
//! 2026`, `2026-08-17`, `17082026`, with a weekday or `TMT` before it. Day first, never month
//! first. A search may also mean a whole month or year, and whoever fills in a form may leave
//! the year out.

use chrono::{Datelike, Months, NaiveDate};

use super::search::letters;

/// First letters that tell a month from every other, in Indonesian and English.
const MONTHS: [&[&str]; 12] = [
    &["jan"],
    &["feb", "peb"],
    &["mar"],
    &["apr"],
    &["mei", "may"],
    &["jun"],
    &["jul"],
    &["agu", "ags", "aug"],
    &["sep"],
    &["okt", "oct"],
    &["nov", "nop"],
    &["des", "dec"],
];

/// Words that lead to a date.
pub const LEADING: &[&str] = &[
    "tmt",
    "tgl",
    "tanggal",
    "per",
    "mulai",
    "sejak",
    "pada",
    "hari",
    "terhitung",
    "senin",
    "selasa",
    "rabu",
    "kamis",
    "jumat",
    "sabtu",
    "minggu",
    "ahad",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "mon",
    "tue",
    "wed",
    "thu",
    "fri",
    "sat",
    "sun",
    "sen",
    "sel",
    "rab",
    "kam",
    "jum",
    "sab",
    "min",
];

/// The date without a weekday or `TMT` before it, every dash and stroke the plain one.
pub fn bare(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|c| match c {
            '‐' | '‑' | '‒' | '–' | '—' | '−' | '﹣' | '－' => '-',
            '⁄' | '∕' | '／' => '/',
            _ => c,
        })
        .collect();
    let mut rest = text.as_str();
    loop {
        rest = rest
            .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '.' | ',' | ':' | '-'));
        let word = |c: char| c.is_alphabetic() || matches!(c, '\'' | '’' | '`' | 'ʼ' | '.');
        let end = rest.find(|c| !word(c)).unwrap_or(rest.len());
        if !LEADING.contains(&letters(&rest[..end]).as_str()) {
            return rest.to_string();
        }
        rest = &rest[end..];
    }
}

/// The date a person means, if it is one.
pub fn read(text: &str) -> Option<NaiveDate> {
    let text = bare(text);
    let text = text.trim();
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        return date(&text[4..], &text[2..4], &text[..2]);
    }
    let parts: Vec<&str> =
        text.split(['-', '/', '.', ' ']).filter(|part| !part.is_empty()).collect();
    match parts[..] {
        [year, month, day] if year.len() == 4 => date(year, month, day),
        [day, month, year] if year.len() == 4 => date(year, month, day),
        _ => None,
    }
}

/// Which day is meant where the year is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Yearless {
    /// The next one from today on.
    Coming,
    /// The latest one up to today; two digits of a year are one that has been, or is soon.
    Gone,
    /// The one nearest to today, before or after; two digits as of one gone.
    Near,
    /// None: too many years may be meant. Two digits are one that has been.
    None,
}

/// What is noted as done may be dated so many years ahead, by decree or by mistake; two digits
/// of a later one are of the century before.
const YEARS_AHEAD: i32 = 10;

/// The day somebody means who writes no year, or two digits of it: `5/12`, `5 Des`, `5-12-26`.
pub fn short(text: &str, today: NaiveDate, yearless: Yearless) -> Option<NaiveDate> {
    let text = bare(text);
    let parts: Vec<&str> =
        text.split(['-', '/', '.', ' ']).filter(|part| !part.is_empty()).collect();
    match parts[..] {
        [day, month] if day.len() <= 2 => {
            // 29 February may be years away.
            let on = |year: i32| date(&year.to_string(), month, day);
            match yearless {
                Yearless::Coming => {
                    (today.year()..).take(9).filter_map(on).find(|day| *day >= today)
                }
                Yearless::Gone => {
                    (0..9).filter_map(|back| on(today.year() - back)).find(|day| *day <= today)
                }
                Yearless::Near => {
                    let around = (-8..9).filter_map(|by| on(today.year() + by));
                    around.min_by_key(|day| (*day - today).num_days().abs())
                }
                Yearless::None => None,
            }
        }
        [day, month, year] if day.len() <= 2 && year.len() == 2 => {
            let in_century = |century: u8| date(&format!("{century}{year}"), month, day);
            let has_been = |day: NaiveDate| match yearless {
                Yearless::Coming => false,
                Yearless::Gone | Yearless::Near => day.year() > today.year() + YEARS_AHEAD,
                Yearless::None => day > today,
            };
            in_century(20).filter(|day| !has_been(*day)).or_else(|| in_century(19))
        }
        _ => None,
    }
}

/// The first and the last day a search means: of a day, a month (`2026-11`, `11-2026`,
/// `nov 2026`) or a year.
pub fn span(text: &str) -> Option<(NaiveDate, NaiveDate)> {
    if let Some(day) = read(text) {
        return Some((day, day));
    }
    let parts: Vec<&str> =
        text.split(['-', '/', '.', ' ']).filter(|part| !part.is_empty()).collect();
    let (first, months) = match parts[..] {
        [year] if year.len() == 4 => (date(year, "1", "1")?, 12),
        [year, month] if year.len() == 4 => (date(year, month, "1")?, 1),
        [month, year] if year.len() == 4 => (date(year, month, "1")?, 1),
        _ => return None,
    };
    let last = first.checked_add_months(Months::new(months))?.pred_opt()?;
    Some((first, last))
}

fn date(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    let month = month.parse().ok().or_else(|| month_named(month))?;
    NaiveDate::from_ymd_opt(year.parse().ok()?, month, day.parse().ok()?)
}

/// The month a word begins like.
pub fn month_named(text: &str) -> Option<u32> {
    let text = text.to_lowercase();
    let at = MONTHS.iter().position(|names| names.iter().any(|name| text.starts_with(name)))?;
    Some(at as u32 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_read_however_an_officer_writes_it() {
        let day = NaiveDate::from_ymd_opt(2026, 8, 17);
        for text in [
            "17-08-2026",
            "17/8/2026",
            "17.08.2026",
            " 17 Agu 2026",
            "17 Agustus 2026",
            "17 Aug 2026",
            "2026-08-17",
            "17082026",
            "Senin, 17-08-2026",
            "Senin 17 Agustus 2026",
            "TMT 17–8–2026",
            "TMT. 17/08/2026",
        ] {
            assert_eq!(read(text), day, "{text}");
        }
    }

    #[test]
    fn a_search_may_mean_a_month_or_a_year() {
        let days = |first: &str, last: &str| {
            Some((first.parse().expect("a date"), last.parse().expect("a date")))
        };
        for text in ["2026-2", "02-2026", "feb 2026", "Februari 2026"] {
            assert_eq!(span(text), days("2026-02-01", "2026-02-28"), "{text}");
        }
        assert_eq!(span("2026"), days("2026-01-01", "2026-12-31"));
        assert_eq!(span("17-8-2026"), days("2026-08-17", "2026-08-17"));
        for text in ["", "202", "2026-13", "12345", "x", "9999-12"] {
            assert_eq!(span(text).filter(|_| text != "9999-12"), None, "{text}");
        }
    }

    #[test]
    fn without_its_year_a_date_is_the_next_one_from_today_or_the_latest_where_only_the_past_is_meant()
     {
        let day = |text: &str| text.parse::<NaiveDate>().ok();
        let today = day("2026-11-28").expect("a date");
        for (text, meant) in [
            ("5/12", "2026-12-05"),
            ("28-11", "2026-11-28"),
            ("27-11", "2027-11-27"),
            ("1 jan", "2027-01-01"),
            ("29/2", "2028-02-29"),
            ("5-12-26", "2026-12-05"),
            ("Sab, 5/12", "2026-12-05"),
        ] {
            assert_eq!(short(text, today, Yearless::Coming), day(meant), "{text}");
        }
        for (text, meant) in [
            ("5/12", "2025-12-05"),
            ("28-11", "2026-11-28"),
            ("29/2", "2024-02-29"),
            ("5-11-26", "2026-11-05"),
            ("5-12-85", "1985-12-05"),
            // Of a decree that is to come, or to be refused where nothing may.
            ("1-4-27", "2027-04-01"),
            ("5-12-26", "2026-12-05"),
        ] {
            assert_eq!(short(text, today, Yearless::Gone), day(meant), "{text}");
        }
        for (text, meant) in [
            ("1/12", "2026-12-01"),
            ("1/10", "2026-10-01"),
            ("1/4", "2027-04-01"),
            ("1/9", "2026-09-01"),
            ("1-4-27", "2027-04-01"),
            ("1-4-98", "1998-04-01"),
        ] {
            assert_eq!(short(text, today, Yearless::Near), day(meant), "{text}");
        }
        assert_eq!(short("5/12", today, Yearless::None), None);
        assert_eq!(short("5-12-85", today, Yearless::None), day("1985-12-05"));
        for text in ["", "5", "31/2", "5/13", "2026/12", "5/12/2", "ab/cd"] {
            assert_eq!(short(text, today, Yearless::Coming), None, "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in ["", "31-02-2026", "17 Foo 2026", "8/17/2026", "17-08", "17-08-26", "ab"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
