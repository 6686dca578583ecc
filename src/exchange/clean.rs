//! From cells to values: what offices write in a cell, taken off until the value is
//! bare. An apostrophe in front is taken off exactly once, since export puts one there.
//! Knows cells and dates; not which column they stand in.

use chrono::NaiveDate;

use super::sheet::Cell;

/// A cell that holds something, but not this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable;

/// One line of text, or none: empty, `-`, `null`.
pub fn line(cell: &Cell) -> Option<String> {
    let text = text(cell)?;
    let line: String = text
        .chars()
        .map(|c| if c.is_control() || c == '\u{a0}' { ' ' } else { c })
        .filter(|c| *c != '\u{feff}')
        .collect();
    bare(&squeeze_after_breaks(&text, line)).map(str::to_string)
}

/// Text that may have several lines.
pub fn lines(cell: &Cell) -> Option<String> {
    let text = text(cell)?.replace("\r\n", "\n").replace(['\r', '\u{a0}'], " ");
    let text: String = text
        .chars()
        .filter(|c| matches!(c, '\n' | '\t') || !(c.is_control() || *c == '\u{feff}'))
        .collect();
    bare(&text).map(str::to_string)
}

/// A date, or none. Day before month, as in Indonesia; a time behind it is ignored.
pub fn date(cell: &Cell) -> Result<Option<NaiveDate>, Unreadable> {
    match cell {
        Cell::Empty => Ok(None),
        Cell::Date(date) => Ok(Some(*date)),
        Cell::Number(serial) => serial_date(*serial).map(Some).ok_or(Unreadable),
        Cell::Flag(_) => Err(Unreadable),
        Cell::Text(_) => line(cell).map(|text| text_date(&text).ok_or(Unreadable)).transpose(),
    }
}

/// A whole number, or none: `5`, `5,0`, `05`, `5 tahun`.
pub fn whole(cell: &Cell) -> Result<Option<i64>, Unreadable> {
    if let Cell::Number(number) = cell {
        return whole_number(*number).map(Some).ok_or(Unreadable);
    }
    let Some(text) = line(cell) else { return Ok(None) };
    let figure = text
        .trim_end_matches(|c: char| c.is_alphabetic() || c == '.' || c.is_whitespace())
        .replace(',', ".");
    // Not `inf`, not `1e5`: only digits, a sign and a point.
    if figure.is_empty() || !figure.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-')) {
        return Err(Unreadable);
    }
    figure.parse().ok().and_then(whole_number).map(Some).ok_or(Unreadable)
}

/// The cell as a file writes it, for a person to correct.
pub fn as_written(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Number(number) => number.to_string(),
        Cell::Date(date) => date.to_string(),
        Cell::Flag(flag) => flag.to_string(),
    }
}

/// Without a mark of the encoding, and without the apostrophe in front.
fn text(cell: &Cell) -> Option<String> {
    let text = match cell {
        Cell::Empty => return None,
        Cell::Text(text) => text.as_str(),
        other => return Some(as_written(other)),
    };
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    Some(text.strip_prefix('\'').unwrap_or(text).to_string())
}

fn bare(text: &str) -> Option<&str> {
    let text = text.trim();
    let nothing = text.is_empty() || text == "-" || text.eq_ignore_ascii_case("null");
    (!nothing).then_some(text)
}

/// A line break inside a cell is one blank, with the blanks around it. Blanks the
/// officer typed stay as they are.
fn squeeze_after_breaks(original: &str, line: String) -> String {
    if original.contains(['\n', '\r', '\t']) {
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    } else {
        line
    }
}

fn whole_number(number: f64) -> Option<i64> {
    (number.fract() == 0.0 && number.abs() < 1e15).then_some(number as i64)
}

/// Days since 1899-12-30, as spreadsheets count. Only 1927 to 2173: smaller figures are
/// years or counts that strayed into a date column.
fn serial_date(serial: f64) -> Option<NaiveDate> {
    if !(10_000.0..100_000.0).contains(&serial) {
        return None;
    }
    let epoch = NaiveDate::from_ymd_opt(1899, 12, 30)?;
    epoch.checked_add_signed(chrono::Duration::days(serial as i64))
}

const MONTHS: [(&str, u32); 15] = [
    ("jan", 1),
    ("feb", 2),
    ("peb", 2),
    ("mar", 3),
    ("apr", 4),
    ("mei", 5),
    ("may", 5),
    ("jun", 6),
    ("jul", 7),
    ("agu", 8),
    ("aug", 8),
    ("sep", 9),
    ("okt", 10),
    ("oct", 10),
    ("nov", 11),
];

fn month(word: &str) -> Option<u32> {
    let word = word.to_lowercase();
    if let Ok(number) = word.parse() {
        return (word.len() <= 2).then_some(number);
    }
    let start = word.get(..3)?;
    // Agustus is also cut to `Ags`, November and December to `Nop` and `Des`/`Dec`.
    match start {
        "ags" => Some(8),
        "nop" => Some(11),
        "des" | "dec" => Some(12),
        _ => MONTHS.iter().find(|(name, _)| *name == start).map(|(_, month)| *month),
    }
}

fn text_date(text: &str) -> Option<NaiveDate> {
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return match text.len() {
            5 => serial_date(text.parse().ok()?),
            8 => ymd(&text[..4], &text[4..6], &text[6..]),
            _ => None,
        };
    }
    // A time stands behind a `T` or behind the third part.
    let text = match text.split_once(['T', 't']) {
        Some((date, time)) if time.starts_with(|c: char| c.is_ascii_digit()) => date,
        _ => text,
    };
    let parts: Vec<&str> =
        text.split(['-', '/', '.', ' ', ',']).filter(|part| !part.is_empty()).collect();
    let [first, second, third, time @ ..] = parts.as_slice() else { return None };
    if !time.iter().all(|part| is_time(part)) {
        return None;
    }
    if first.len() == 4 { ymd(first, second, third) } else { ymd(third, second, first) }
}

/// `07:30:00`, `00.00` cut at its point, `WIB`, `AM`, `+0700`.
fn is_time(part: &str) -> bool {
    part.contains(':')
        || part.bytes().all(|b| b.is_ascii_digit())
        || part.starts_with('+')
        || matches!(
            part.to_uppercase().as_str(),
            "AM" | "PM" | "WIB" | "WITA" | "WIT" | "UTC" | "Z"
        )
}

fn ymd(year: &str, month_word: &str, day: &str) -> Option<NaiveDate> {
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if year.len() != 4 || !digits(year) || day.len() > 2 || !digits(day) {
        return None;
    }
    let date = NaiveDate::from_ymd_opt(year.parse().ok()?, month(month_word)?, day.parse().ok()?)?;
    (1900..=2200).contains(&chrono::Datelike::year(&date)).then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cell(text: &str) -> Cell {
        Cell::Text(text.into())
    }

    #[test]
    fn what_offices_write_around_a_value_is_taken_off() {
        for (written, bare) in [
            ("\u{feff}'Budi\u{a0}", Some("Budi")),
            ("''Budi", Some("'Budi")),
            ("'=1+1", Some("=1+1")),
            ("Seksi\r\n  Pelayanan", Some("Seksi Pelayanan")),
            ("Nama  dua  spasi", Some("Nama  dua  spasi")),
            ("null", None),
            ("'NULL", None),
            ("-", None),
            ("  ", None),
            ("'", None),
        ] {
            assert_eq!(line(&cell(written)).as_deref(), bare, "{written:?}");
        }
        assert_eq!(line(&Cell::Number(7.0)).as_deref(), Some("7"));
        assert_eq!(lines(&cell("satu\r\ndua")).as_deref(), Some("satu\ndua"));
    }

    #[test]
    fn a_date_is_read_in_every_way_an_office_writes_it() {
        let day = NaiveDate::from_ymd_opt(1990, 8, 17);
        for written in [
            "17-08-1990",
            "17/08/1990",
            "17/8/1990",
            "17.08.1990",
            "1990-08-17",
            "1990/08/17",
            "17 Agustus 1990",
            "17 Agu 1990",
            "17-Aug-1990",
            "17 Ags 1990",
            "'17-08-1990",
            "17-08-1990 00:00:00",
            "1990-08-17T00:00:00Z",
            "1990-08-17 07:30:00.000 WIB",
            "33102",
            "19900817",
        ] {
            assert_eq!(date(&cell(written)), Ok(day), "{written}");
        }
        assert_eq!(date(&Cell::Number(33102.0)), Ok(day));
        assert_eq!(date(&Cell::Number(33102.75)), Ok(day));
        assert_eq!(date(&cell("null")), Ok(None));
        for month in ["Januari", "Pebruari", "Mei", "Oktober", "Nopember", "Desember", "December"] {
            assert!(date(&cell(&format!("1 {month} 2020"))).unwrap().is_some(), "{month}");
        }
    }

    #[test]
    fn an_impossible_date_is_said_to_be_unreadable() {
        for written in [
            "31-02-1990",
            "17-13-1990",
            "1990",
            "17-08-90",
            "Palembang",
            "17 Bulan 1990",
            "0000-00-00",
            "01-01-0001",
            "12 17-08-1990",
            "17-08-1990 x",
        ] {
            assert_eq!(date(&cell(written)), Err(Unreadable), "{written}");
        }
        assert_eq!(date(&Cell::Number(1990.0)), Err(Unreadable));
        assert_eq!(date(&Cell::Number(f64::NAN)), Err(Unreadable));
    }

    #[test]
    fn a_whole_number_may_carry_a_comma_or_its_unit() {
        for written in ["5", "05", "5,0", "5.0", "5 tahun", "5 bln."] {
            assert_eq!(whole(&cell(written)), Ok(Some(5)), "{written}");
        }
        assert_eq!(whole(&cell("-5")), Ok(Some(-5)));
        for written in ["5,5", "lima", "5-6", "1e3", "inf", "tahun"] {
            assert_eq!(whole(&cell(written)), Err(Unreadable), "{written}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_but_never_fatal(text in "\\PC*|[0-9./\\-T: ]{0,24}") {
            let _ = (line(&cell(&text)), lines(&cell(&text)), date(&cell(&text)), whole(&cell(&text)));
        }

        #[test]
        fn any_number_is_read_or_refused_but_never_fatal(number in any::<f64>()) {
            let cell = Cell::Number(number);
            let _ = (line(&cell), date(&cell), whole(&cell));
        }
    }
}
