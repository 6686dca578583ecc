//! From cells to values: what offices and their programs write in a cell, taken off until
//! the value is bare: marks nobody sees, the errors of spreadsheets, a formula that only
//! keeps a number from being rounded. An apostrophe in front is taken off exactly once,
//! since export puts one there. Every import cleans so; dates have their own file.

pub use super::dates::{Unreadable, date};
use super::sheet::SheetCell;
use crate::domain::field::is_unseen;
use crate::domain::points::Points;

/// One line of text without doubled blanks, or none: empty, `-`, `null`, `#N/A`, `0000-00-00`.
pub fn line(cell: &SheetCell) -> Option<String> {
    let text = text(cell)?;
    let line: String =
        text.chars().map(|c| if c.is_control() || c.is_whitespace() { ' ' } else { c }).collect();
    bare(&squeezed(&line)).map(str::to_string)
}

/// Text that may have several lines.
pub fn lines(cell: &SheetCell) -> Option<String> {
    let text = text(cell)?.replace("\r\n", "\n").replace(['\u{2028}', '\u{2029}'], "\n");
    let text: String = text
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t' | '\r'))
        .map(|c| if c.is_whitespace() && !matches!(c, '\n' | '\t') { ' ' } else { c })
        .collect();
    bare(&text).map(str::to_string)
}

/// A text without the doubled blanks that tables copied out of a PDF are full of; lines stay.
pub fn squeezed(text: &str) -> String {
    let line = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    text.lines().map(line).collect::<Vec<_>>().join("\n").trim().to_string()
}

/// A whole number, or none: `5`, `5,0`, `05`, `5 tahun`.
pub fn whole(cell: &SheetCell) -> Result<Option<i64>, Unreadable> {
    if let SheetCell::Number(number) = cell {
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

/// A figure with at most two decimals, or none: `77,5`, `81`, `81 poin`.
pub fn points(cell: &SheetCell) -> Result<Option<Points>, Unreadable> {
    // A spreadsheet keeps 77,55 as the nearest binary figure, of which the shortest text is that.
    let text = match cell {
        SheetCell::Number(number) => Some(number.to_string()),
        cell => line(cell),
    };
    let Some(text) = text else { return Ok(None) };
    let figure = text.trim_end_matches(|c: char| c.is_alphabetic() || c.is_whitespace());
    Points::parse(figure).map(Some).ok_or(Unreadable)
}

/// The cell as a file writes it, for a person to correct.
pub fn as_written(cell: &SheetCell) -> String {
    match cell {
        SheetCell::Empty => String::new(),
        SheetCell::Text(text) => text.clone(),
        SheetCell::Number(number) => number.to_string(),
        SheetCell::Date(date) => date.to_string(),
        SheetCell::Flag(flag) => flag.to_string(),
    }
}

/// Without marks nobody sees, without the apostrophe in front or the formula around.
fn text(cell: &SheetCell) -> Option<String> {
    let text = match cell {
        SheetCell::Empty => return None,
        SheetCell::Text(text) => text.as_str(),
        other => return Some(as_written(other)),
    };
    let seen: String = text.chars().filter(|c| !is_invisible(*c)).collect();
    let text = seen.trim();
    // What stands behind an apostrophe is text as it is.
    let plain = text.strip_prefix('\'').map(str::to_string);
    Some(plain.or_else(|| formula(text)).unwrap_or_else(|| text.to_string()))
}

/// What `="1985…"` holds: exports write it so that a spreadsheet keeps all digits.
fn formula(text: &str) -> Option<String> {
    let inner = text.strip_prefix('=')?.trim().strip_prefix('"')?.strip_suffix('"')?;
    let inner = inner.replace("\"\"", "\u{0}");
    (!inner.contains('"')).then(|| inner.replace('\u{0}', "\"").trim().to_string())
}

/// Characters that only steer how others are shown, or fill room and show nothing: they come
/// along from web pages and messages, and two texts that look the same would be two.
fn is_invisible(c: char) -> bool {
    // Ends of lines and other controls part what stands around them.
    let parts = c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    let fills = matches!(c,
        '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180d}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}'
        | '\u{e0000}'..='\u{e0fff}');
    !c.is_ascii() && (fills || (is_unseen(c) && !parts))
}

fn bare(text: &str) -> Option<&str> {
    let text = text.trim();
    let dashes = text.chars().all(|c| matches!(c, '-' | '–' | '—' | '−' | '_' | '.' | ' '));
    let none = text.eq_ignore_ascii_case("null")
        || text.eq_ignore_ascii_case("(null)")
        || text.eq_ignore_ascii_case("n/a");
    (!(dashes || none || is_error(text) || is_no_day(text))).then_some(text)
}

/// What a spreadsheet shows where a formula failed: `#N/A`, `#REF!`, `#NAMA?`, `Err:502`;
/// and where a number finds no room, `####`.
fn is_error(text: &str) -> bool {
    if let Some(name) = text.strip_prefix('#') {
        let written = |c: char| c.is_ascii_uppercase() || matches!(c, '/' | '_' | ' ' | '0'..='9');
        let name = name.to_ascii_uppercase();
        return name == "N/A"
            || name == "GETTING_DATA"
            || !name.is_empty() && name.bytes().all(|b| b == b'#')
            || name.strip_suffix(['!', '?']).is_some_and(|name| {
                name.starts_with(|c: char| c.is_ascii_uppercase()) && name.chars().all(written)
            });
    }
    let Some((word, number)) = text.split_once(':') else { return false };
    matches!(word.trim().to_lowercase().as_str(), "err" | "error" | "galat")
        && number.trim().len() == 3
        && number.trim().bytes().all(|b| b.is_ascii_digit())
}

/// The day databases write where there is none: `0000-00-00`, `00/00/0000 00:00:00`.
fn is_no_day(text: &str) -> bool {
    let mut parts = text.split(['-', '/', '.', ' ', ':', 'T']).filter(|part| !part.is_empty());
    let zeros = |part: &str| part.bytes().all(|b| b == b'0');
    parts.clone().count() >= 3 && text.contains("0000") && parts.all(zeros)
}

fn whole_number(number: f64) -> Option<i64> {
    (number.fract() == 0.0 && number.abs() < 1e15).then_some(number as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cell(text: &str) -> SheetCell {
        SheetCell::Text(text.into())
    }

    #[test]
    fn what_offices_write_around_a_value_is_taken_off() {
        for (written, bare) in [
            ("\u{feff}'Budi\u{a0}", Some("Budi")),
            ("''Budi", Some("'Budi")),
            ("'=1+1", Some("=1+1")),
            ("Seksi\r\n  Pelayanan", Some("Seksi Pelayanan")),
            ("Nama  dua  spasi", Some("Nama dua spasi")),
            ("null", None),
            ("'NULL", None),
            ("-", None),
            ("  ", None),
            ("'", None),
        ] {
            assert_eq!(line(&cell(written)).as_deref(), bare, "{written:?}");
        }
        assert_eq!(line(&SheetCell::Number(7.0)).as_deref(), Some("7"));
        assert_eq!(lines(&cell("satu\r\ndua")).as_deref(), Some("satu\ndua"));
    }

    #[test]
    fn what_programs_leave_where_there_is_nothing_is_nothing() {
        for written in [
            "#N/A",
            "#n/a",
            "#REF!",
            "#VALUE!",
            "#DIV/0!",
            "#NAME?",
            "#NULL!",
            "#NUM!",
            "#NAMA?",
            "#SPILL!",
            "#GETTING_DATA",
            "Err:502",
            "err: 508",
            "#####",
            "0000-00-00",
            "00-00-0000",
            "00/00/0000 00:00:00",
            "--",
            "–",
            "N/A",
            "=\"\"",
            "=\"#N/A\"",
            "\u{200b}",
        ] {
            assert_eq!(line(&cell(written)), None, "{written:?}");
            assert_eq!(lines(&cell(written)), None, "{written:?}");
        }
        for written in ["#12", "# Siti", "Err: dua", "0000", "000-00", "#siti!x", "No. 1"] {
            assert!(line(&cell(written)).is_some(), "{written:?}");
        }
    }

    #[test]
    fn a_formula_that_holds_text_is_that_text_and_nobody_sees_marks() {
        for (written, bare) in [
            ("=\"198502022010022901\"", "198502022010022901"),
            ("= \"00123\" ", "00123"),
            ("=\"Siti \"\"Ani\"\" Contoh\"", "Siti \"Ani\" Contoh"),
            ("=\"a\"&\"b\"", "=\"a\"&\"b\""),
            ("\u{202a}Tri\u{ad} Con\u{200d}toh\u{202c}", "Tri Contoh"),
            ("Dinas\u{2009}Contoh\u{2060}", "Dinas Contoh"),
            ("\u{feff}Bud\u{feff}i", "Budi"),
        ] {
            assert_eq!(line(&cell(written)).as_deref(), Some(bare), "{written:?}");
        }
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
            let cell = SheetCell::Number(number);
            let _ = (line(&cell), date(&cell), whole(&cell));
        }
    }
}
