//! A NIP as offices write it in a cell: behind a label, with blanks, dots or hyphens between
//! its groups, beside an old one. What a NIP is stands in `domain::number`; here is only
//! where in a text it is.

use std::ops::Range;

use crate::domain::fault::Reason;
use crate::domain::number::EmployeeNumber;

const DIGITS: usize = 18;

/// Words that say that a NIP follows.
const LABEL: &[&str] = &[
    "nip", "ni", "pppk", "nipppk", "nippppk", "baru", "no", "nomor", "induk", "pegawai", "pns",
    "asn", "nomer",
];

/// What stands in a NIP column.
pub(super) fn read(text: &str) -> Result<EmployeeNumber, Reason> {
    let plain = EmployeeNumber::parse(text);
    let bare = bare(text);
    if plain.is_ok() || plain == Err(Reason::NipDamaged) {
        return plain;
    }
    if bare.bytes().all(|b| b == b'0') {
        return Err(Reason::NipMissing);
    }
    match EmployeeNumber::parse(&bare) {
        Ok(number) => Ok(number),
        // The old one may stand beside it, or the card's number.
        Err(reason) => find(text).map(|(number, _)| number).ok_or(reason),
    }
}

/// The first NIP in a text, and where it stands.
pub(super) fn find(text: &str) -> Option<(EmployeeNumber, Range<usize>)> {
    starts(text).find_map(|start| {
        let range = group(text, start)?;
        EmployeeNumber::parse(&digits(&text[range.clone()])).ok().map(|number| (number, range))
    })
}

/// What was meant for a NIP and is none: the digits behind the word, or the most in a row.
pub(super) fn find_attempt(text: &str) -> Option<Range<usize>> {
    let lower = text.to_ascii_lowercase();
    let labelled = lower.find("nip").filter(|at| {
        !lower[..*at].ends_with(char::is_alphanumeric)
            && !lower[at + 3..].starts_with(char::is_alphabetic)
    });
    let labelled = labelled.and_then(|at| {
        let line = at + text[at..].find('\n').unwrap_or(text.len() - at);
        starts(&text[..line]).find(|start| *start >= at)
    });
    let start = labelled.or_else(|| {
        starts(text).filter(|start| digits(&text[span(text, *start)]).len() >= 9).max_by_key(
            |start| (digits(&text[span(text, *start)]).len(), std::cmp::Reverse(*start)),
        )
    })?;
    Some(span(text, start))
}

/// A text without the word for a NIP, and without what stands between its groups.
fn bare(text: &str) -> String {
    let mut rest = text.trim_matches(|c: char| !c.is_alphanumeric());
    loop {
        let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
        if end == 0 || !LABEL.contains(&rest[..end].to_lowercase().as_str()) {
            break;
        }
        rest = rest[end..].trim_start_matches(|c: char| !c.is_alphanumeric());
    }
    rest.chars().filter(|c| !is_between(*c) && !matches!(c, ',' | '"' | '=' | ':' | ';')).collect()
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

fn is_between(c: char) -> bool {
    c != '\n' && c.is_whitespace()
        || matches!(c, '.' | '-' | '‐' | '‑' | '‒' | '–' | '—' | '−' | '\'' | '’' | '`' | '_')
}

/// Where digits begin that belong to no word.
fn starts(text: &str) -> impl Iterator<Item = usize> {
    let mut before = ' ';
    text.char_indices().filter_map(move |(at, c)| {
        let begins = c.is_ascii_digit() && !before.is_alphanumeric();
        before = c;
        begins.then_some(at)
    })
}

/// Eighteen digits from here on, if they end where a word ends.
fn group(text: &str, start: usize) -> Option<Range<usize>> {
    let mut count = 0;
    for (at, c) in text[start..].char_indices() {
        if c.is_ascii_digit() {
            count += 1;
        } else if !is_between(c) {
            return None;
        }
        if count == DIGITS {
            let end = start + at + 1;
            let ends = !text[end..].starts_with(char::is_alphanumeric);
            return ends.then_some(start..end);
        }
    }
    None
}

/// Digits from here on, with what stands between them, and letters that cling to them.
fn span(text: &str, start: usize) -> Range<usize> {
    let end = text[start..]
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '+' || c == ',' || is_between(c)))
        .map_or(text.len(), |end| start + end);
    let words = |c: char| !c.is_ascii_digit();
    // A word behind it is not part of it; a letter among its digits is.
    let trimmed = text[start..end].trim_end_matches(words);
    let cut = trimmed
        .find(|c: char| c.is_whitespace())
        .filter(|cut| trimmed[*cut..].trim_start().starts_with(char::is_alphabetic));
    start..start + cut.unwrap_or(trimmed.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NIP: &str = "198502022010022901";

    #[test]
    fn a_nip_is_read_behind_a_label_and_between_all_that_separates_its_groups() {
        for text in [
            "NIP. 19850202 201002 2 901",
            "NIP 198502022010022901",
            "NIP:198502022010022901",
            "Nip : 198502022010022901.",
            "NI PPPK 198502022010022901",
            "No. NIP 19850202.201002.2.901",
            "19850202-201002-2-901",
            "19850202–201002–2–901",
            "198502022010022901,",
            "'198502022010022901'",
            "\"198502022010022901\"",
            "=198502022010022901",
            "(198502022010022901)",
            "198502022010022901 / 480123456",
            "198502022010022901\n480123456",
            "480123456 198502022010022901",
        ] {
            assert_eq!(read(text).map(|n| n.to_string()), Ok(NIP.into()), "{text}");
        }
    }

    #[test]
    fn what_is_no_nip_is_refused_for_the_reason_it_always_had() {
        for (text, reason) in [
            ("", Reason::NipMissing),
            ("NIP.", Reason::NipMissing),
            ("0", Reason::NipMissing),
            ("1,98609E+17", Reason::NipDamaged),
            ("NIP 12345", Reason::NipLength),
            ("K-17", Reason::NipNotDigits),
            ("19850202201002290A", Reason::NipNotDigits),
            ("1985020220100229011", Reason::NipLength),
            ("NIP. 198513022010022901", Reason::NipBirthDate),
        ] {
            assert_eq!(read(text), Err(reason), "{text}");
        }
    }
}
