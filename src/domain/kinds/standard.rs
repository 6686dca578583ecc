//! Standard (standar kompetensi jabatan): the level a post requires of a competency,
//! set for a job level and, where a position needs another, for that position. A row
//! is in force from a date; older rows stay, so old assessments keep their standard.
//!
//! Legal source: `PermenPANRB` 38/2017. The built-in rows per job level are computed
//! from a complete real data set, not read in the regulation's annex: `verified` says so.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::competency::Level;
use super::position::JobLevel;
use crate::domain::belongs::{Belongs, Home, Writers};
use crate::domain::column::{Column, figure, text};
use crate::domain::fault::{Fault, Reason};
use crate::domain::field::{Field, Shape};
use crate::domain::record::{CompetencyId, Kind, NaturalKey, PositionId, RecordId, Schema};

/// How offices write job levels.
const JOB_LEVELS: &[(&str, &str)] = &[
    ("jpt pratama", "jpt_pratama"),
    ("jpt madya", "jpt_madya"),
    ("jpt utama", "jpt_utama"),
    ("pemula", "jf_pemula"),
    ("terampil", "jf_terampil"),
    ("mahir", "jf_mahir"),
    ("penyelia", "jf_penyelia"),
    ("ahli pertama", "jf_ahli_pertama"),
    ("ahli muda", "jf_ahli_muda"),
    ("ahli madya", "jf_ahli_madya"),
    ("ahli utama", "jf_ahli_utama"),
];

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Standard {
    /// The job level this row is for; absent when it is for one position.
    pub job_level: Option<JobLevel>,
    /// The position this row is for; stands over its job level's.
    pub position: Option<PositionId>,
    pub competency: CompetencyId,
    pub level: Level,
    /// In force from this day; absent means always.
    #[serde(with = "crate::domain::day")]
    pub effective_from: Option<NaiveDate>,
    pub legal_basis: String,
    /// The row was read in the regulation itself.
    pub verified: bool,
}

/// Of the rows for one post or job level and one competency the one in force on a day: the
/// latest, and of one day the one added last. `since` tells a row's day and its number.
pub fn in_force<T>(
    rows: impl IntoIterator<Item = T>,
    at: NaiveDate,
    since: impl Fn(&T) -> (Option<NaiveDate>, u32),
) -> Option<T> {
    let begun = |row: &T| since(row).0.is_none_or(|from| from <= at);
    rows.into_iter().filter(begun).max_by_key(&since)
}

impl Schema for Standard {
    const BELONGS: Belongs<Self> = Belongs::Office;
    const HOME: Home = Home::Table;
    const WRITERS: Writers = Writers::OfficeAdmins;
    const CALLED: &'static [&'static str] = &["standar"];
    const FIELDS: &'static [Field] = &[
        Field::new("job_level", Shape::Choice(JobLevel::CODES))
            .moving_people()
            .known_as(&["JENJANG", "JENJANG JABATAN"])
            .spelled(JOB_LEVELS),
        Field::new("position", Shape::Reference(Kind::Positions))
            .moving_people()
            .known_as(&["JABATAN", "NAMA JABATAN"]),
        Field::new("competency", Shape::Reference(Kind::Competencies))
            .required()
            .moving_people()
            .known_as(&["KODE KOMPETENSI", "KODE", "NAMA KOMPETENSI", "KOMPETENSI"]),
        Field::new("level", Shape::Level)
            .required()
            .moving_people()
            .known_as(&["LEVEL STANDAR", "STANDAR", "LEVEL KOMPETENSI", "STANDAR LEVEL"])
            .otherwise(Reason::LevelOutOfRange),
        Field::new("effective_from", Shape::Date).moving_people().known_as(&[
            "BERLAKU MULAI",
            "BERLAKU SEJAK",
            "TMT BERLAKU",
        ]),
        Field::new("legal_basis", Shape::Text).known_as(&["DASAR HUKUM", "DASAR"]),
        Field::new("verified", Shape::Flag).known_as(&["TERVERIFIKASI"]),
    ];
    const COLUMNS: &'static [Column] = &[
        text("job_level", 18),
        text("position", 0),
        text("competency", 8),
        text("competency_name", 20),
        figure("level", 5),
        text("effective_from", 11),
        text("legal_basis", 24).hidden(),
        text("verified", 10),
        // What tells posts of one title apart.
        text("eselon", 6).hidden(),
        text("position_kind", 12).hidden(),
    ];

    fn label(&self) -> String {
        let subject = match (self.job_level, self.position) {
            (Some(level), _) => level.code().to_string(),
            (None, Some(position)) => RecordId::from(position).to_string(),
            (None, None) => String::new(),
        };
        format!("{subject} {} {}", RecordId::from(self.competency), self.level)
    }

    fn keys(&self) -> Vec<NaturalKey> {
        let level = self.job_level.map_or("", JobLevel::code);
        let position = self.position.map_or(0, |position| position.0);
        let from = self.effective_from.map_or_else(String::new, |date| date.to_string());
        vec![NaturalKey::new(
            "competency",
            format!("{level}|{position}|{}|{from}", self.competency.0),
        )]
    }

    fn check(&self) -> Vec<Fault> {
        match (self.job_level, self.position) {
            (Some(_), None) | (None, Some(_)) => Vec::new(),
            _ => vec![Fault::new("job_level", Reason::Required)],
        }
    }
}
