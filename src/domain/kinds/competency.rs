//! Competency (kompetensi) and its five levels. The nine of `PermenPANRB` 38/2017 are
//! built in by code, name and a short text of our own; the official texts and
//! indicators come from the office's own dictionary file. The dictionary is a tree: within its
//! group a competency stands under a field of government. One that is archived is offered no
//! more; one that was merged into another counts as that one from its day on.

use std::fmt;

use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::{Deserialize, Serialize};

use super::position::codes;
use crate::domain::belongs::{Belongs, Home, Writers};
use crate::domain::column::{Column, text};
use crate::domain::fault::Fault;
use crate::domain::field::{Field, Shape};
use crate::domain::record::{CompetencyId, Kind, NaturalKey, Schema};

/// Words of headings that dictionaries have.
pub const MARKS: &[&str] =
    &["kompetensi", "competency", "level", "indikator", "indicator", "definisi", "definition"];

/// A level of a competency, 1..=5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Level(u8);

impl Level {
    pub const MAX: usize = 5;

    pub const fn new(level: u8) -> Option<Self> {
        match level {
            1..=5 => Some(Self(level)),
            _ => None,
        }
    }

    pub const fn get(self) -> u8 {
        self.0
    }
}

impl Default for Level {
    fn default() -> Self {
        Self(1)
    }
}

impl TryFrom<u8> for Level {
    type Error = &'static str;

    fn try_from(level: u8) -> Result<Self, Self::Error> {
        Self::new(level).ok_or("level_range")
    }
}

impl From<Level> for u8 {
    fn from(level: Level) -> Self {
        level.0
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

codes! {
    /// The three groups of `PermenPANRB` 38/2017.
    CompetencyGroup {
        Manajerial = "manajerial",
        Sosiokultural = "sosiokultural",
        Teknis = "teknis",
    }
}

/// What one level means and how it is recognised.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LevelText {
    pub description: String,
    pub indicators: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Competency {
    /// `M.1` … `M.8`, `SK.1`, `T.n`.
    pub code: String,
    pub name: String,
    pub group: Option<CompetencyGroup>,
    /// What it stands under within its group, from above and parted by ` / `: for a technical
    /// one the field of government (urusan).
    pub parent: String,
    pub definition: String,
    /// Levels 1 to 5 in order; empty when the dictionary has not been loaded.
    pub levels: Vec<LevelText>,
    pub legal_basis: String,
    /// No longer rated; old ratings and reports keep naming it.
    pub archived: bool,
    /// Reports of an earlier day still have it.
    #[serde(with = "crate::domain::day")]
    pub archived_on: Option<NaiveDate>,
    /// What it counts as since it was archived.
    pub merged_into: Option<CompetencyId>,
}

impl Competency {
    /// Whether it is no longer offered on that day; without a day, whether it is now.
    pub fn is_archived(&self, at: Option<NaiveDate>) -> bool {
        let since = |at| self.archived_on.is_none_or(|since| since <= at);
        self.archived && at.is_none_or(since)
    }

    /// All that is said of its levels, to be sought in.
    pub fn texts(&self) -> String {
        let level = |level: &LevelText| {
            let indicators = level.indicators.iter().map(String::as_str);
            [level.description.as_str()].into_iter().chain(indicators).collect::<Vec<_>>().join(" ")
        };
        self.levels.iter().map(level).collect::<Vec<_>>().join(" ")
    }
}

impl Schema for Competency {
    const BELONGS: Belongs<Self> = Belongs::Office;
    const HOME: Home = Home::Table;
    const WRITERS: Writers = Writers::OfficeAdmins;
    const CALLED: &'static [&'static str] = &["kompetensi"];
    const FIELDS: &'static [Field] = &[
        Field::new("code", Shape::Text).required(),
        Field::new("name", Shape::Text).required(),
        Field::new("group", Shape::Choice(CompetencyGroup::CODES)),
        Field::new("parent", Shape::Text),
        Field::new("definition", Shape::LongText),
        Field::new("levels", Shape::List),
        Field::new("legal_basis", Shape::Text),
        Field::new("archived", Shape::Flag).moving_people(),
        Field::new("archived_on", Shape::Date).past().moving_people(),
        Field::new("merged_into", Shape::Reference(Kind::Competencies)).moving_people(),
    ];
    const COLUMNS: &'static [Column] = &[
        text("code", 6),
        text("name", 0),
        text("group", 14),
        text("parent", 18),
        text("definition", 40).hidden(),
        text("legal_basis", 24).hidden(),
        text("archived", 7),
        text("archived_on", 11).hidden(),
        text("merged_into", 8).hidden(),
        text("texts", 40).asked(),
    ];

    fn label(&self) -> String {
        format!("{} {}", self.code, self.name)
    }

    fn keys(&self) -> Vec<NaturalKey> {
        vec![NaturalKey::new("code", fold_code(&self.code))]
    }

    /// What was merged is archived, and what is archived is so since a day.
    fn stamp(&mut self, now: DateTime<FixedOffset>) {
        self.archived |= self.merged_into.is_some();
        self.archived_on = self.archived_on.filter(|_| self.archived);
        if self.archived {
            self.archived_on.get_or_insert(now.date_naive());
        }
    }

    fn check(&self) -> Vec<Fault> {
        use crate::domain::fault::Reason;
        use crate::domain::field::LONG_TEXT_MAX;
        let too_long = |text: &String| text.chars().count() > LONG_TEXT_MAX;
        let long = self
            .levels
            .iter()
            .any(|level| too_long(&level.description) || level.indicators.iter().any(too_long));
        let mut faults = Vec::new();
        if long {
            faults.push(Fault::with("levels", Reason::TooLong, LONG_TEXT_MAX));
        }
        if self.levels.len() > Level::MAX {
            faults.push(Fault::new("levels", Reason::LevelRange));
        }
        faults
    }
}

/// `M.01`, `m1` and `M.1` are one code.
pub fn fold_code(code: &str) -> String {
    let compact: String = code
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '.' | '-' | '_'))
        .flat_map(char::to_lowercase)
        .collect();
    let split = compact.find(|c: char| c.is_ascii_digit()).unwrap_or(compact.len());
    let (letters, digits) = compact.split_at(split);
    let digits = digits.trim_start_matches('0');
    format!("{letters}{digits}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_office_that_writes_m_01_means_m_1() {
        for code in ["M.01", "M.1", "m1", "M 01"] {
            assert_eq!(fold_code(code), "m1", "{code}");
        }
        assert_ne!(fold_code("M.10"), fold_code("M.1"));
        assert_ne!(fold_code("SK.1"), fold_code("M.1"));
    }

    #[test]
    fn a_level_is_one_to_five() {
        assert_eq!(Level::new(0), None);
        assert_eq!(Level::new(6), None);
        assert_eq!(Level::new(5).map(Level::get), Some(5));
    }
}
