//! The number that identifies a member of staff: NIP (PNS), NI PPPK, or a local
//! number of the office for those who have neither.
//!
//! Legal source: Peraturan Kepala BKN 22/2007 (NIP). The inside of an NI PPPK is
//! taken from software in use, not from Peraturan BKN 1/2019 itself, which was not
//! read. There is no check digit. A number identifies; it never authenticates.

use std::fmt;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::fault::Reason;
use super::field::is_unseen;

/// NIP, NI PPPK or a local number. Prints as `19900101 201501 2 001` with `{:#}`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EmployeeNumber {
    /// 18 digits, digits 13-14 a month.
    Pns(Digits),
    /// 18 digits, digit 13 is `2` and digit 14 the count of the contract.
    Pppk(Digits),
    /// Whatever the office uses for staff without either; never guessed from a NIP column.
    Local(Label),
}

/// Eighteen digits that [`EmployeeNumber::parse`] let through: made nowhere else, so that
/// no number is written that cannot be read back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digits(u64);

impl Digits {
    pub const fn get(self) -> u64 {
        self.0
    }
}

/// The text of a local number, as [`EmployeeNumber::local`] let it through; empty only
/// where no number has been given yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Label(Box<str>);

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Male or female, as SIASN and the fifteenth digit know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Sex {
    /// Laki-laki.
    #[serde(rename = "L")]
    Male,
    /// Perempuan.
    #[serde(rename = "P")]
    Female,
}

impl Sex {
    pub const CODES: &'static [&'static str] = &["L", "P"];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Male => "L",
            Self::Female => "P",
        }
    }
}

/// Longest local number, in characters.
pub const LOCAL_MAX: usize = 32;

impl Default for EmployeeNumber {
    fn default() -> Self {
        Self::Local(Label::default())
    }
}

impl EmployeeNumber {
    /// Reads what stands in a NIP column: blanks, dots and an apostrophe are dropped.
    ///
    /// The error is the first that applies, in the order of the CLI contract.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        let clean: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '.' | '\'' | '’' | '`' | '\u{feff}'))
            .collect();
        if clean.is_empty() || clean == "-" || clean.eq_ignore_ascii_case("null") {
            return Err(Reason::NipMissing);
        }
        if rounded_by_a_spreadsheet(text) {
            return Err(Reason::NipDamaged);
        }
        if !clean.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Reason::NipNotDigits);
        }
        if clean.len() != 18 {
            return Err(Reason::NipLength);
        }
        Self::of_digits(clean.parse().map_err(|_| Reason::NipNotDigits)?)
    }

    /// Eighteen digits as a number: for where text would have to be taken apart again.
    pub fn of_digits(number: u64) -> Result<Self, Reason> {
        if number >= 10_u64.pow(18) {
            return Err(Reason::NipLength);
        }
        if number.is_multiple_of(1000) {
            return Err(Reason::NipDamaged);
        }
        if birth_date(number).is_none() {
            return Err(Reason::NipBirthDate);
        }
        let kind = match number / 10_000 % 100 {
            1..=12 => Self::Pns(Digits(number)),
            21..=29 => Self::Pppk(Digits(number)),
            _ => return Err(Reason::NipKind),
        };
        match number / 1000 % 10 {
            1 | 2 => Ok(kind),
            _ => Err(Reason::NipSex),
        }
    }

    /// A local number: one to [`LOCAL_MAX`] printable characters.
    pub fn local(text: &str) -> Result<Self, Reason> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Reason::NipMissing);
        }
        if text.chars().count() > LOCAL_MAX {
            return Err(Reason::TooLong);
        }
        if text.contains(is_unseen) {
            return Err(Reason::ControlCharacter);
        }
        Ok(Self::Local(Label(text.into())))
    }

    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Local(label) if label.0.is_empty())
    }

    /// Digits 1-8.
    pub fn birth_date(&self) -> Option<NaiveDate> {
        match self {
            Self::Pns(number) | Self::Pppk(number) => birth_date(number.0),
            Self::Local(_) => None,
        }
    }

    /// Digit 15.
    pub fn sex(&self) -> Option<Sex> {
        match self {
            Self::Pns(number) | Self::Pppk(number) => match number.0 / 1000 % 10 {
                1 => Some(Sex::Male),
                2 => Some(Sex::Female),
                _ => None,
            },
            Self::Local(_) => None,
        }
    }
}

impl EmployeeNumber {
    /// What it says of the person, by the fields of an employee.
    pub fn tells(&self) -> Vec<(&'static str, String)> {
        let kind = match self {
            Self::Pns(_) => "PNS",
            Self::Pppk(_) => "PPPK",
            Self::Local(_) => return Vec::new(),
        };
        let birth_date = self.birth_date().map(|date| ("birth_date", date.to_string()));
        let sex = self.sex().map(|sex| ("sex", sex.code().to_string()));
        [Some(("kind", kind.to_string())), birth_date, sex].into_iter().flatten().collect()
    }

    /// Whether what stands in one of these fields may stay: anything but nothing, and a kind
    /// of employment with such a number (a part-time PPPK has one like any PPPK).
    pub fn agrees(&self, field: &str, value: &str) -> bool {
        match (field, self) {
            ("kind", Self::Pns(_)) => value.starts_with("PNS"),
            ("kind", Self::Pppk(_)) => value.starts_with("PPPK"),
            _ => !value.is_empty(),
        }
    }
}

/// `1.98609E+17`, `1,98609E+17`: a number that has been through a numeric cell.
fn rounded_by_a_spreadsheet(text: &str) -> bool {
    let text = text.trim().trim_start_matches('\'');
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    digits(&mantissa.replace(['.', ','], "")) && digits(exponent.trim_start_matches('+'))
}

fn birth_date(number: u64) -> Option<NaiveDate> {
    let date = number / 10_000_000_000;
    NaiveDate::from_ymd_opt(
        i32::try_from(date / 10_000).ok()?,
        (date / 100 % 100) as u32,
        (date % 100) as u32,
    )
    .filter(|date| date.year() >= 1900)
}

/// Eighteen digits without blanks, or the local number; `{:#}` groups digits 8-6-1-3.
impl fmt::Display for EmployeeNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pns(number) | Self::Pppk(number) => {
                let digits = format!("{:018}", number.0);
                if f.alternate() {
                    let (born, joined) = (&digits[..8], &digits[8..14]);
                    let (sex, serial) = (&digits[14..15], &digits[15..]);
                    f.pad(&format!("{born} {joined} {sex} {serial}"))
                } else {
                    f.pad(&digits)
                }
            }
            Self::Local(label) => label.fmt(f),
        }
    }
}

/// In the journal a local number stands behind `#`, so that it is never read as a NIP. In
/// bytes the digits are a number, and a local number stands behind a nought.
impl Serialize for EmployeeNumber {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !serializer.is_human_readable() {
            return match self {
                Self::Pns(digits) | Self::Pppk(digits) => (digits.0, "").serialize(serializer),
                Self::Local(label) => (0_u64, &*label.0).serialize(serializer),
            };
        }
        match self {
            Self::Local(label) if label.0.is_empty() => serializer.serialize_str(""),
            Self::Local(label) => serializer.collect_str(&format_args!("#{label}")),
            _ => serializer.collect_str(self),
        }
    }
}

impl<'de> Deserialize<'de> for EmployeeNumber {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = if deserializer.is_human_readable() {
            let text = String::deserialize(deserializer)?;
            match text.strip_prefix('#') {
                _ if text.is_empty() => Ok(Self::default()),
                Some(local) => Self::local(local),
                None => Self::parse(&text),
            }
        } else {
            match <(u64, String)>::deserialize(deserializer)? {
                (0, label) if label.is_empty() => Ok(Self::default()),
                (0, label) => Self::local(&label),
                (digits, label) if label.is_empty() => Self::of_digits(digits),
                _ => Err(Reason::NipLength),
            }
        };
        read.map_err(|reason| serde::de::Error::custom(reason.code()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_pns_and_a_pppk_are_told_apart_by_digits_13_and_14() {
        assert!(matches!(EmployeeNumber::parse("199001012015012001"), Ok(EmployeeNumber::Pns(_))));
        assert!(matches!(EmployeeNumber::parse("200012312024211001"), Ok(EmployeeNumber::Pppk(_))));
    }

    #[test]
    fn an_officer_may_paste_a_nip_with_blanks_dots_and_an_apostrophe() {
        let number = EmployeeNumber::parse("' 19900101 201501 2.001\u{a0}").unwrap();
        assert_eq!(number.to_string(), "199001012015012001");
        assert_eq!(format!("{number:#}"), "19900101 201501 2 001");
        assert_eq!(number.sex(), Some(Sex::Female));
        assert_eq!(number.birth_date(), NaiveDate::from_ymd_opt(1990, 1, 1));
    }

    #[test]
    fn the_first_reason_that_applies_is_the_one_given() {
        for (text, reason) in [
            ("", Reason::NipMissing),
            ("-", Reason::NipMissing),
            ("null", Reason::NipMissing),
            ("1.98609E+17", Reason::NipDamaged),
            ("1,98609E+17", Reason::NipDamaged),
            ("198609262015051000", Reason::NipDamaged),
            ("19900101201501200A", Reason::NipNotDigits),
            ("19900101201501200", Reason::NipLength),
            ("199002302015012001", Reason::NipBirthDate),
            ("199001012015132001", Reason::NipKind),
            ("199001012015012301", Reason::NipKind),
            ("199001012015013001", Reason::NipSex),
        ] {
            let found = EmployeeNumber::parse(text);
            if text == "199001012015012301" {
                assert!(found.is_ok(), "the serial may be any but 000");
            } else {
                assert_eq!(found, Err(reason), "{text}");
            }
        }
    }

    #[test]
    fn a_local_number_is_never_read_back_as_a_nip() {
        let local = EmployeeNumber::local("199001012015012001").unwrap();
        let json = serde_json::to_string(&local).unwrap();
        assert_eq!(serde_json::from_str::<EmployeeNumber>(&json).unwrap(), local);
        assert!(matches!(local, EmployeeNumber::Local(_)));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_but_never_fatal(text in "\\PC*") {
            let _ = EmployeeNumber::parse(&text);
            let _ = EmployeeNumber::local(&text);
        }

        #[test]
        fn what_is_read_prints_as_the_same_eighteen_digits(
            year in 1940u32..2010, month in 1u32..=12, day in 1u32..=28,
            joined in 1960u32..2030, code in prop_oneof![1u32..=12, 21u32..=29],
            sex in 1u32..=2, serial in 1u32..=999,
        ) {
            let text = format!("{year:04}{month:02}{day:02}{joined:04}{code:02}{sex}{serial:03}");
            let number = EmployeeNumber::parse(&text).unwrap();
            prop_assert_eq!(number.to_string(), text.clone());
            let grouped = format!("{number:#}");
            prop_assert_eq!(EmployeeNumber::parse(&grouped).unwrap(), number.clone());
            let json = serde_json::to_string(&number).unwrap();
            prop_assert_eq!(serde_json::from_str::<EmployeeNumber>(&json).unwrap(), number);
        }
    }
}
