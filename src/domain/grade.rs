//! Grade (golongan/ruang): I/a to IV/e for PNS, I to XVII for PPPK. Sorted by the
//! SIASN id, never alphabetically; all spellings seen in real files are read.
//!
//! Legal source: SIASN reference list (PNS); Perpres 98/2020 (PPPK, 17 classes).

use std::fmt;

use serde::{Deserialize, Serialize};

use super::names::GradeTitles;
use super::rulebook::Rulebook;

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

    /// Reads `III/a`, `III.a`, `III a`, `IIIa`, `3/a`, `(IV.c)`, `Penata Muda / (III.a)`,
    /// `III/d Penata Tk. I`, `Penata`, `Ahli Pertama / IX`, `Golongan IX`, `09`, `IX`. A label
    /// anywhere in the text comes before a rank, and both before a class of PPPK.
    pub fn parse(text: &str) -> Option<Self> {
        Self::read(text, &Rulebook::shipped().grades)
    }

    /// The same where ranks are called by these names, too.
    pub fn read(text: &str, titles: &GradeTitles) -> Option<Self> {
        let labels = Self::labels(text);
        match labels.as_slice() {
            [] => Self::of_title(text, titles).or_else(|| Self::of_class(text)),
            [first, others @ ..] if others.iter().all(|other| other == first) => Some(*first),
            // Two grades in one cell are none.
            _ => None,
        }
    }

    /// The grade of the rank (pangkat) that stands in a text: by these names, else as it ships;
    /// the longer name first.
    pub fn of_title(text: &str, titles: &GradeTitles) -> Option<Self> {
        let (own, shipped) = (titles.said_in(text), Rulebook::shipped().grades.said_in(text));
        let longer = |own: &(usize, Self)| shipped.is_none_or(|(length, _)| length <= own.0);
        own.filter(longer).or(shipped).map(|(_, grade)| grade)
    }

    /// Whether a text says another grade, or a rank that goes with another and is not called so
    /// of old.
    pub fn is_denied_by(self, text: &str, titles: &GradeTitles) -> bool {
        let ranks = [titles, &Rulebook::shipped().grades].map(|titles| titles.said_in(text));
        let mut ranks = ranks.iter().flatten().peekable();
        let otherwise = ranks.peek().is_some() && ranks.all(|(_, said)| *said != self);
        otherwise || Self::labels(text).iter().any(|said| *said != self)
    }

    /// A class of PPPK, which no PNS has.
    pub const fn is_class(self) -> bool {
        self.0 > PPPK_BASE
    }

    /// A class of PPPK that reads like a PNS grade cut short: I to IV.
    pub const fn is_half_of_pns(self) -> bool {
        self.is_class() && self.0 <= PPPK_BASE + 4
    }

    /// Every `III/a` in a text: a class, at most a few marks, and one letter alone.
    fn labels(text: &str) -> Vec<Self> {
        let chars: Vec<char> = text.chars().collect();
        let at = |place: usize| chars.get(place).copied().unwrap_or(' ');
        let mut found = Vec::new();
        for start in 0..chars.len() {
            if start > 0 && at(start - 1).is_alphanumeric() {
                continue;
            }
            let roman = (start..chars.len())
                .take_while(|p| matches!(at(*p), 'I' | 'V' | 'i' | 'v'))
                .count();
            let arabic = usize::from(matches!(at(start), '1'..='4'));
            let length = roman.max(arabic);
            let class: String =
                (start..start + length).map(|place| at(place).to_ascii_uppercase()).collect();
            let class = ROMAN[..4].iter().position(|roman| *roman == class).map(|at| at + 1);
            let Some(class) = class.or_else(|| at(start).to_digit(10).map(|d| d as usize)) else {
                continue;
            };
            if length == 0 {
                continue;
            }
            let marks = (start + length..chars.len())
                .take_while(|p| {
                    matches!(at(*p), '/' | '.' | ' ' | '-' | ',' | '(' | '\\' | '|' | '–')
                })
                .take(3)
                .count();
            let end = start + length + marks;
            let room = at(end).to_ascii_lowercase();
            let alone = !at(end + 1).is_alphanumeric();
            if end < chars.len() && alone && ('a'..='e').contains(&room) {
                let id = class as u8 * 10 + (room as u8 - b'a' + 1);
                found.extend(Self::from_id(id).filter(|grade| grade.0 < PPPK_BASE));
            }
        }
        found
    }

    /// A PPPK class, alone or among words: `IX`, `9`, `09`, `Golongan IX`, `Ahli Pertama / IX`.
    fn of_class(text: &str) -> Option<Self> {
        let bare = match (text.find('('), text.rfind(')')) {
            // `IX (Sembilan)`, but `(IX)`.
            (Some(open), Some(close)) if !text[..open].trim().is_empty() && open < close => {
                format!("{} {}", &text[..open], &text[close + 1..])
            }
            _ => text.to_string(),
        };
        // `IV/` is a label cut short.
        if bare.contains('/')
            && bare.split('/').any(|part| part.trim_matches(['(', ')', ' ']).is_empty())
        {
            return None;
        }
        let words: Vec<&str> =
            bare.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let class = |word: &&str| {
            let roman = ROMAN.iter().position(|roman| roman.eq_ignore_ascii_case(word));
            let number = || word.parse::<u8>().ok().filter(|_| word.len() <= 2)?.checked_sub(1);
            roman.map(|place| place as u8).or_else(number)
        };
        let classes: Vec<u8> = words.iter().filter_map(class).collect();
        let others = words.iter().filter(|word| class(word).is_none());
        let telling =
            |word: &&str| word.chars().count() > 1 && !word.contains(|c: char| c.is_ascii_digit());
        let words = others.clone().all(telling) || words.len() == 1;
        // `Penata Tk. I` is a rank; a class does not follow `Tk.`.
        let rank = others
            .into_iter()
            .any(|w| matches!(w.to_lowercase().as_str(), "tk" | "tkt" | "tingkat"));
        match classes.as_slice() {
            [class] if words && !rank => Self::from_id(PPPK_BASE.checked_add(class + 1)?),
            _ => None,
        }
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

/// As its label; in bytes as its id.
impl Serialize for Grade {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            serializer.serialize_u8(self.0)
        }
    }
}

impl<'de> Deserialize<'de> for Grade {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let grade = if deserializer.is_human_readable() {
            Self::parse(&String::deserialize(deserializer)?)
        } else {
            Self::from_id(u8::deserialize(deserializer)?)
        };
        grade.ok_or_else(|| serde::de::Error::custom("grade_unknown"))
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
        for (text, id) in [
            ("Penata Muda Tk.I", 32),
            ("III/d Penata Tk. I", 34),
            ("IV/a Pembina", 41),
            ("III/c TMT 01-04-2020", 33),
            ("Penata Tk. I - III/d", 34),
            ("Penata III/c", 33),
            ("Pembina Utama Madya IV/d", 44),
            ("Gol. III/c", 33),
            ("Golongan III/b", 32),
            ("3/c", 33),
            ("III \\ c", 33),
            ("III-c", 33),
            ("Pangkat: Pembina Tingkat 1", 42),
            ("PENATA TK I", 34),
            ("II/c (Pengatur)", 23),
            ("Golongan IX", 109),
            ("PPPK IX", 109),
            ("IX (Sembilan)", 109),
            ("Gol. V", 105),
            ("Kelas 7", 107),
            ("IV", 104),
        ] {
            assert_eq!(Grade::parse(text), Grade::from_id(id), "{text}");
        }
        assert_eq!(Grade::parse("Pembina Utama Muda / (IV.c)"), Grade::from_id(43));
        assert_eq!(Grade::parse("IX"), Grade::from_id(109));
        assert_eq!(Grade::parse("09"), Grade::from_id(109));
        assert_eq!(Grade::parse("Ahli Pertama / IX"), Grade::from_id(109));
        for text in [
            "",
            "V/a",
            "III/f",
            "XVIII",
            "0",
            "Camat",
            "IV/",
            "()",
            "18",
            "///",
            "III/a III/b",
            "Juru Parkir",
            "Golongan III e",
            "IV Tk. I",
            "X a",
        ] {
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
