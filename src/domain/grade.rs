//! Grade (golongan/ruang): I/a to IV/e for PNS, I to XVII for PPPK. Sorted by the
//! SIASN id, never alphabetically; all spellings seen in real files are read.
//!
//! Legal source: SIASN reference list (PNS); Perpres 98/2020 (PPPK, 17 classes).

use std::fmt;

use serde::{Deserialize, Serialize};

use super::rules;

/// A grade by its SIASN id: 11..=45 for PNS; PPPK classes I..=XVII are 101..=117.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Grade(u8);

const ROMAN: [&str; 17] = [
    "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV",
    "XVI", "XVII",
];
const PPPK_BASE: u8 = 100;

impl Grade {
    /// Every grade, lowest first, PNS before PPPK.
    pub fn all() -> impl Iterator<Item = Self> {
        let pns = (1..=4).flat_map(|class| {
            let last = if class == 4 { 5 } else { 4 };
            (1..=last).map(move |room| Self(class * 10 + room))
        });
        pns.chain((1..=17).map(|class| Self(PPPK_BASE + class)))
    }

    pub const fn id(self) -> u8 {
        self.0
    }

    pub const fn from_id(id: u8) -> Option<Self> {
        match id {
            11..=14 | 21..=24 | 31..=34 | 41..=45 | 101..=117 => Some(Self(id)),
            _ => None,
        }
    }

    /// Reads `III/a`, `III.a`, `III a`, `IIIa`, `(IV.c)`, `Penata Muda / (III.a)`,
    /// `Ahli Pertama / IX`, `09`, `IX`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().trim_matches(['(', ')']).trim();
        Self::parse_label(text)
            .or_else(|| Self::parse_class(text))
            .or_else(|| {
                let last = text.rsplit(['(', '-', ',']).next()?.trim_matches([')', ' ']);
                (last.len() < text.len()).then(|| Self::parse(last)).flatten()
            })
            .or_else(|| {
                // `Ahli Pertama / IX`, `IX / Ahli Pertama`: the longer half is words.
                let (before, after) = text.split_once('/')?;
                let (words, grade) =
                    if before.len() > after.len() { (before, after) } else { (after, before) };
                (words.len() > 4).then(|| Self::parse_tail(grade)).flatten()
            })
            .or_else(|| rules::grade_by_title(text).and_then(Self::from_id))
    }

    fn parse_tail(text: &str) -> Option<Self> {
        let text = text.trim().trim_matches(['(', ')']).trim();
        Self::parse_label(text).or_else(|| Self::parse_class(text))
    }

    /// `III/a` in any of its spellings: a Roman class, then one letter.
    fn parse_label(text: &str) -> Option<Self> {
        let compact: String = text
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_uppercase())
            .collect();
        if text
            .chars()
            .any(|c| !(c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | ' ' | '-' | ',')))
        {
            return None;
        }
        let room = compact.chars().last().filter(|c| ('A'..='E').contains(c))?;
        let class = compact.strip_suffix(room)?;
        let class = ROMAN[..4].iter().position(|roman| *roman == class)? as u8 + 1;
        Self::from_id(class * 10 + (room as u8 - b'A' + 1))
    }

    /// A PPPK class: `IX`, `9`, `09`.
    fn parse_class(text: &str) -> Option<Self> {
        let class = match text.parse::<u8>() {
            Ok(number) if text.len() <= 2 => number,
            _ => ROMAN.iter().position(|roman| roman.eq_ignore_ascii_case(text))? as u8 + 1,
        };
        Self::from_id(PPPK_BASE.checked_add(class)?)
    }

    /// The pangkat that goes with a PNS grade; PPPK classes have none.
    pub fn title(self) -> Option<&'static str> {
        rules::grade_title(self.0)
    }
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(class) = self.0.checked_sub(PPPK_BASE) {
            f.pad(ROMAN.get(usize::from(class) - 1).copied().unwrap_or("?"))
        } else {
            let class = ROMAN[usize::from(self.0 / 10) - 1];
            let room = char::from(b'a' + self.0 % 10 - 1);
            f.pad(&format!("{class}/{room}"))
        }
    }
}

impl Serialize for Grade {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Grade {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("grade_unknown"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_seen_in_an_export_is_the_same_grade() {
        let penata_muda = Grade::from_id(31);
        for text in [
            "III/a",
            "III.a",
            "III a",
            "IIIa",
            "(III.a)",
            "Penata Muda / (III.a)",
            "III/A",
            "Penata Muda",
            "penata muda (III/a)",
            "III/a - Penata Muda",
        ] {
            assert_eq!(Grade::parse(text), penata_muda, "{text}");
        }
        assert_eq!(Grade::parse("Penata Muda Tk.I"), Grade::from_id(32));
        assert_eq!(Grade::parse("Pembina Utama Muda / (IV.c)"), Grade::from_id(43));
        assert_eq!(Grade::parse("IX"), Grade::from_id(109));
        assert_eq!(Grade::parse("09"), Grade::from_id(109));
        assert_eq!(Grade::parse("Ahli Pertama / IX"), Grade::from_id(109));
        for text in ["", "V/a", "III/f", "XVIII", "0", "Camat", "IV/", "()", "18", "///"] {
            assert_eq!(Grade::parse(text), None, "{text}");
        }
    }

    #[test]
    fn every_grade_is_read_back_as_it_is_printed_and_sorts_by_its_id() {
        let all: Vec<_> = Grade::all().collect();
        assert_eq!(all.len(), 17 + 17);
        for pair in all.windows(2) {
            assert!(pair[0] < pair[1]);
        }
        for grade in all {
            assert_eq!(Grade::parse(&grade.to_string()), Some(grade), "{grade}");
        }
        assert!(Grade::parse("II/d") < Grade::parse("III/a"));
    }
}
