//! Qualification (persyaratan jabatan): what a post, or every post of a job level, asks besides
//! competencies: education, training, experience, rank; each with how much it matters. The third
//! part of a sheet of standards (SKJ).
//!
//! Source: the form of `PermenPANRB` 38/2017 as offices fill it in.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::position::{JobLevel, codes};
use crate::domain::belongs::{Belongs, Home, Writers};
use crate::domain::column::{Column, text};
use crate::domain::fault::{Fault, Reason};
use crate::domain::field::{Field, Shape};
use crate::domain::record::{Kind, NaturalKey, PositionId, RecordId, Schema};

codes! {
    /// In the order of the sheet.
    Aspect {
        Education = "jenjang_pendidikan",
        Discipline = "bidang_ilmu",
        Managerial = "pelatihan_manajerial",
        Technical = "pelatihan_teknis",
        Functional = "pelatihan_fungsional",
        Experience = "pengalaman_kerja",
        Rank = "pangkat",
        Indicator = "indikator_kinerja",
    }
}

codes! {
    /// How much it matters to the post.
    Importance {
        Absolute = "mutlak",
        Important = "penting",
        Useful = "perlu",
    }
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Qualification {
    /// The job level it is for; absent when it is for one post.
    pub job_level: Option<JobLevel>,
    pub position: Option<PositionId>,
    pub aspect: Option<Aspect>,
    pub requirement: String,
    pub importance: Option<Importance>,
    #[serde(with = "crate::domain::day")]
    pub effective_from: Option<NaiveDate>,
    pub legal_basis: String,
    pub verified: bool,
}

impl Schema for Qualification {
    const BELONGS: Belongs<Self> = Belongs::Office;
    const HOME: Home = Home::Table;
    const WRITERS: Writers = Writers::OfficeAdmins;
    const CALLED: &'static [&'static str] = &["persyaratan jabatan", "syarat jabatan"];
    const FIELDS: &'static [Field] = &[
        Field::new("job_level", Shape::Choice(JobLevel::CODES)),
        Field::new("position", Shape::Reference(Kind::Positions)),
        Field::new("aspect", Shape::Choice(Aspect::CODES)).required(),
        Field::new("requirement", Shape::Text).required(),
        Field::new("importance", Shape::Choice(Importance::CODES)),
        Field::new("effective_from", Shape::Date),
        Field::new("legal_basis", Shape::Text),
        Field::new("verified", Shape::Flag),
    ];
    const COLUMNS: &'static [Column] = &[
        text("job_level", 14),
        text("position", 16),
        text("aspect", 18),
        text("requirement", 0),
        text("importance", 8),
        text("effective_from", 11).hidden(),
        text("legal_basis", 18).hidden(),
        text("verified", 10).hidden(),
    ];

    fn label(&self) -> String {
        self.requirement.clone()
    }

    fn keys(&self) -> Vec<NaturalKey> {
        let level = self.job_level.map_or("", JobLevel::code);
        let aspect = self.aspect.map_or("", Aspect::code);
        let post = self.position.map_or_else(String::new, |id| RecordId::from(id).to_string());
        let text = format!("{level}|{post}|{aspect}|{}", self.requirement);
        vec![NaturalKey::new("requirement", text)]
    }

    fn check(&self) -> Vec<Fault> {
        match (self.job_level, self.position) {
            (Some(_), None) | (None, Some(_)) => Vec::new(),
            _ => vec![Fault::new("job_level", Reason::Required)],
        }
    }
}
