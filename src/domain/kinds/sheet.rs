//! Sheet (lembar penilaian): the scores of one rater for one person under a code drawn at
//! random. It names no rater, and those of one person and group are as good as each other.
//! Nobody reads sheets: they are in no list, file, history or copy, and nothing but what is
//! done with a cycle writes them.

use serde::{Deserialize, Serialize};

use super::competency::Level;
use super::cycle::RaterGroup;
use crate::domain::belongs::{Belongs, Home, Writers};
use crate::domain::column::{Column, text};
use crate::domain::field::{Field, Shape};
use crate::domain::record::{CompetencyId, CycleId, EmployeeId, Kind, NaturalKey, Schema};

/// The most competencies on a sheet.
pub const SCORES_MAX: usize = 30;
/// Signs nobody mistakes for another when they are written by hand.
pub const SIGNS: &[u8; 30] = b"ABCDEFGHJKMNPQRSTUVWXYZ2345678";
pub const CODE_LENGTH: usize = 6;

/// What a sheet says of one competency; nothing until it is keyed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Score {
    pub competency: CompetencyId,
    pub level: Option<Level>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ScoreSheet {
    pub code: String,
    pub cycle: CycleId,
    /// Who is rated.
    pub employee: EmployeeId,
    pub group: Option<RaterGroup>,
    pub scores: Vec<Score>,
}

impl ScoreSheet {
    pub fn is_keyed(&self) -> bool {
        self.scores.iter().any(|score| score.level.is_some())
    }

    /// The code these bytes, drawn at random, stand for.
    pub fn code_of(drawn: &[u8; 16]) -> String {
        let sign = |byte: &u8| char::from(SIGNS[usize::from(*byte) % SIGNS.len()]);
        drawn.iter().take(CODE_LENGTH).map(sign).collect()
    }
}

impl Schema for ScoreSheet {
    const BELONGS: Belongs<Self> = Belongs::Office;
    const HOME: Home = Home::Alone;
    const WRITERS: Writers = Writers::Acts;
    const SEALED: bool = true;
    const CALLED: &'static [&'static str] = &["lembar penilaian"];
    const FIELDS: &'static [Field] = &[
        Field::new("code", Shape::Text).required(),
        Field::new("cycle", Shape::Reference(Kind::Cycles)).required(),
        Field::new("employee", Shape::Reference(Kind::Employees)).required(),
        Field::new("group", Shape::Choice(RaterGroup::CODES)).required(),
        Field::new("scores", Shape::List),
    ];
    // No list of them is answered.
    const COLUMNS: &'static [Column] = &[text("code", 8)];

    /// Nothing of it is told, not even its code: who returned one on a day is known.
    fn label(&self) -> String {
        String::new()
    }

    fn keys(&self) -> Vec<NaturalKey> {
        vec![NaturalKey::new("code", &self.code)]
    }
}
