//! Dates as officers type them: `17-08-2026`, `17/8/2026`, `17 Agu 2026`, `17 Agustus
//! 2026`, `2026-08-17`, `17082026`. Day first, never month first.

use chrono::NaiveDate;

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

/// The date a person means, if it is one.
pub fn read(text: &str) -> Option<NaiveDate> {
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

fn date(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    let month = month.parse().ok().or_else(|| month_named(month))?;
    NaiveDate::from_ymd_opt(year.parse().ok()?, month, day.parse().ok()?)
}

fn month_named(text: &str) -> Option<u32> {
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
        ] {
            assert_eq!(read(text), day, "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in ["", "31-02-2026", "17 Foo 2026", "8/17/2026", "17-08", "17-08-26", "ab"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
