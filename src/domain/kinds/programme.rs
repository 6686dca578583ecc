//! Programme (program pelatihan): what is taught, by whom, and which competency it is meant
//! to raise. When it is held is a session.
//!
//! Legal source: `PerLAN` 10/2018 (types).

use serde::{Deserialize, Serialize};

use super::competency::Level;
use crate::domain::belongs::{Belongs, Home, Writers};
use crate::domain::column::{Column, figure, text};
use crate::domain::fault::{Fault, Reason};
use crate::domain::field::{Field, Shape};
use crate::domain::jp::JP_MAX;
use crate::domain::record::{CompetencyId, Kind, NaturalKey, Schema};
use crate::domain::rules;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Programme {
    pub name: String,
    /// Type code of `PerLAN` 10/2018 as BPS writes it: `KL01`…`KL12`, `NKL01`…`NKL13`.
    pub r#type: String,
    /// JP a session carries unless it says otherwise.
    pub jp: Option<u16>,
    pub provider: String,
    /// The competency it is meant to raise.
    pub competency: Option<CompetencyId>,
    pub target_level: Option<Level>,
    pub mandatory: bool,
    pub archived: bool,
}

impl Schema for Programme {
    const BELONGS: Belongs<Self> = Belongs::Office;
    const HOME: Home = Home::Table;
    const WRITERS: Writers = Writers::WhileUnshared;
    const CALLED: &'static [&'static str] = &["program pelatihan"];
    const FIELDS: &'static [Field] = &[
        Field::new("name", Shape::Text).required(),
        Field::new("type", Shape::Choice(rules::TRAINING_TYPES)).required(),
        Field::new("jp", Shape::Whole { min: 0, max: JP_MAX }),
        Field::new("provider", Shape::Text),
        Field::new("competency", Shape::Reference(Kind::Competencies)),
        Field::new("target_level", Shape::Level),
        Field::new("mandatory", Shape::Flag),
        Field::new("archived", Shape::Flag),
    ];
    const COLUMNS: &'static [Column] = &[
        text("name", 0),
        text("type", 6),
        figure("jp", 4),
        text("provider", 18),
        text("competency", 8).hidden(),
        figure("target_level", 5).hidden(),
        text("mandatory", 6).hidden(),
        figure("sessions", 5),
        text("archived", 7).hidden(),
    ];

    fn label(&self) -> String {
        self.name.clone()
    }

    fn keys(&self) -> Vec<NaturalKey> {
        vec![NaturalKey::new("name", format!("{}|{}", self.name, self.r#type))]
    }

    fn check(&self) -> Vec<Fault> {
        if !self.r#type.is_empty() && !rules::TRAINING_TYPES.contains(&self.r#type.as_str()) {
            return vec![Fault::new("type", Reason::TypeUnknown)];
        }
        Vec::new()
    }
}
