//! Since when: a day (TMT) that stands among the words of a cell, beside the post or the grade
//! that began then. Told by how it is written and by the words before it; the day of a decree
//! or of a birth, or one on which something ends, is not one. What is left is the cell without it.

use std::ops::Range;

use chrono::NaiveDate;

use super::dates::{self, Order};
use super::sheet::SheetCell;
use crate::domain::date::{LEADING, month_named};
use crate::domain::search::letters;

/// A day found in a cell.
#[derive(Debug, PartialEq)]
pub(super) struct Since {
    /// None where it is written like a day and is none.
    pub day: Option<NaiveDate>,
    /// Whether the month was read first.
    pub turned: bool,
    /// The text without it.
    pub rest: String,
}

/// Words before a day that say what else happened then.
const OTHERWISE: &[&str] =
    &["sk", "keputusan", "kepgub", "kepbup", "kepwal", "nomor", "no", "lahir", "pensiun", "cpns"];

/// Words before a day on which something ends.
const UNTIL: &[&str] = &["sd", "sampai", "dengan", "hingga", "berakhir", "until"];

/// The day a text of one or more lines says, in a column whose dates are written so. `alone`:
/// without a word that leads to it, it has to end its line.
pub(super) fn find(text: &str, order: Order, alone: bool) -> Option<Since> {
    let mut found: Option<(usize, Place)> = None;
    let mut from = 0;
    for line in text.split('\n') {
        for place in places(line) {
            let ends = line[place.whole.end..].chars().all(|c| !c.is_alphanumeric());
            let meant = !place.otherwise && (place.led || ends || !alone);
            let better = found.as_ref().is_none_or(|(_, known)| place.led && !known.led);
            if meant && better {
                found = Some((from, place));
            }
        }
        from += line.len() + 1;
    }
    let (from, place) = found?;
    let at = |range: &Range<usize>| from + range.start..from + range.end;
    let cell = SheetCell::Text(text[at(&place.day)].to_string());
    let day = dates::date_in(&cell, order).ok().flatten();
    let turned = matches!(order, Order::MonthFirst | Order::MonthFirstAsText);
    let turned = day.is_some() && turned && dates::is_ordered(&cell);
    let whole = at(&place.whole);
    let (before, after) = (&text[..whole.start], &text[whole.end..]);
    let gap = if after.starts_with([')', ']', '\n']) { "" } else { " " };
    Some(Since {
        day,
        turned,
        rest: format!("{}{gap}{after}", before.trim_end()).trim().to_string(),
    })
}

/// The first that is written like a day.
pub(super) fn first(text: &str) -> Option<&str> {
    starts(text).find_map(|at| Some(&text[at..at + length(&text[at..])?]))
}

/// Where a day stands in a line.
struct Place {
    /// With the words that lead to it and the brackets around it.
    whole: Range<usize>,
    day: Range<usize>,
    /// Whether words lead to it.
    led: bool,
    /// Whether it is the day of something else.
    otherwise: bool,
}

fn places(line: &str) -> impl Iterator<Item = Place> {
    let mut passed = 0;
    starts(line).filter_map(move |at| {
        let end = at + length(&line[at..]).filter(|_| at >= passed)?;
        passed = end;
        Some(place(line, at..end))
    })
}

fn place(line: &str, day: Range<usize>) -> Place {
    let parts =
        |c: char| c.is_whitespace() || matches!(c, ',' | '.' | ':' | ';' | '-' | '–' | '/' | '|');
    let opens = |c: char| matches!(c, '(' | '[');
    let mut before = &line[..day.start];
    let mut led = false;
    let enclosed = loop {
        let head = before.trim_end_matches(parts);
        let word = head.rsplit(|c: char| !c.is_alphabetic() && c != '.').next().unwrap_or_default();
        if LEADING.contains(&letters(word).as_str()) {
            (before, led) = (&head[..head.len() - word.len()], true);
            continue;
        }
        before = head.trim_end_matches(opens);
        let enclosed = before.len() < head.len();
        before = before.trim_end_matches(parts);
        break enclosed;
    };
    let mut end = day.end;
    let time = line[end..].trim_start();
    let clock = |c: char| c.is_ascii_digit() || matches!(c, ':' | '.');
    let rest = time.trim_start_matches(clock);
    if time.starts_with(|c: char| c.is_ascii_digit())
        && time[..time.len() - rest.len()].contains(':')
    {
        end = line.len() - rest.len();
    }
    if enclosed {
        end = line.len() - line[end..].trim_start().trim_start_matches([')', ']']).len();
    }
    let words = before.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase);
    let otherwise = words.into_iter().any(|word| OTHERWISE.contains(&word.as_str()));
    let last = before.split_whitespace().next_back().unwrap_or_default();
    let otherwise = otherwise || UNTIL.contains(&letters(last).as_str());
    Place { whole: before.len()..end, day, led, otherwise }
}

/// Where figures begin that go on from no others.
fn starts(text: &str) -> impl Iterator<Item = usize> {
    text.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at).filter(|at| {
        let mut before = text[..*at].chars().rev();
        match (before.next(), before.next()) {
            (Some('.' | '/' | '-'), Some(c)) => !c.is_ascii_digit(),
            (Some(c), _) => !c.is_alphanumeric(),
            (None, _) => true,
        }
    })
}

/// How much of the beginning is written like a day: three parts, one of them a whole year.
fn length(text: &str) -> Option<usize> {
    let mut rest = text;
    let mut take = |is: fn(char) -> bool| {
        let (taken, left) = rest.split_at(rest.find(|c| !is(c)).unwrap_or(rest.len()));
        rest = left;
        taken
    };
    let digit: fn(char) -> bool = |c| c.is_ascii_digit();
    let parts: fn(char) -> bool =
        |c| matches!(c, ' ' | '\t' | '-' | '/' | '.' | ',' | '‐' | '‑' | '‒' | '–' | '—' | '−');
    let (first, gap) = (take(digit), take(parts));
    let (month, other_gap) = (take(char::is_alphanumeric), take(parts));
    let last = take(digit);
    let small =
        |part: &str| matches!(part.len(), 1..=2) && part.bytes().all(|b| b.is_ascii_digit());
    let year = |part: &str| part.len() == 4;
    let short = |gap: &str| matches!(gap.chars().count(), 1..=3);
    let is_month = small(month) && gap.trim() == other_gap.trim() || month_named(month).is_some();
    let is_day = small(first) && year(last) || year(first) && small(last);
    let ends = !rest.starts_with(char::is_alphanumeric);
    (is_month && is_day && short(gap) && short(other_gap) && ends).then(|| text.len() - rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str, alone: bool) -> Option<(String, String)> {
        let since = find(text, Order::DayFirst, alone)?;
        Some((since.day.map(|day| day.to_string()).unwrap_or_default(), since.rest))
    }

    #[test]
    fn a_day_beside_a_post_is_found_however_it_is_written() {
        for written in [
            "Camat\nTMT 02-01-2021",
            "Camat TMT 02-01-2021",
            "Camat TMT: 02/01/2021",
            "Camat (TMT 2 Januari 2021)",
            "Camat (02-01-2021)",
            "Camat, 2 Jan 2021",
            "Camat / 02.01.2021",
            "Camat - terhitung mulai tanggal 2 Januari 2021",
            "Camat sejak 2021-01-02",
            "Camat, T.M.T. 02 – 01 – 2021",
            "TMT 02-01-2021\nCamat",
            "TMT 02-01-2021 Camat",
            "02-01-2021\nCamat",
            "Camat\nTMT 02-01-2021 00:00:00",
            "Camat [TMT. 02-01-2021]",
        ] {
            let want = ("2021-01-02".to_string(), "Camat".to_string());
            assert_eq!(said(written, true), Some(want), "{written:?}");
        }
        let rest = |text: &str| said(text, true).map(|(_, rest)| rest);
        assert_eq!(rest("Camat (Definitif, TMT 02-01-2021)").as_deref(), Some("Camat (Definitif)"));
        assert_eq!(rest("Camat\nTMT 02-01-2021\nEselon III").as_deref(), Some("Camat\nEselon III"));
        // The day the post began, not one that stands before it.
        let two = said("Camat\n01-03-2010\nTMT 02-01-2021", true);
        assert_eq!(two.map(|(day, _)| day).as_deref(), Some("2021-01-02"));
    }

    #[test]
    fn what_is_no_day_of_a_post_stays_where_it_is() {
        for written in [
            "Camat",
            "Guru Kelas 1-6 2020",
            "Analis Pajak 2021",
            "Kasi (SK 821.2/12/2021)",
            "Camat, SK No. 5 tanggal 02-01-2021",
            "Pengelola 02-01-2021 di Palembang",
            "Arsiparis 12.03.45.2021",
            "Pj. Lurah s.d. 31-12-2026",
            "Pj. Lurah sampai dengan tanggal 31 Desember 2026",
            "Pj. Lurah 01-01-2026 s/d 31-12-2026",
        ] {
            assert_eq!(said(written, true), None, "{written:?}");
        }
        // Where the heading speaks of it, words behind it are only remarks.
        let day = said("Camat 02-01-2021 di Plaju", false).map(|(day, _)| day);
        assert_eq!(day.as_deref(), Some("2021-01-02"));
        assert_eq!(said("Camat TMT 31-02-2021", true).map(|(day, _)| day).as_deref(), Some(""));
    }
}
