//! Plan line (rencana pengembangan kompetensi): what an office means to do in a year about a
//! competency: which class, for how many, on what ground, at what cost, and the effect that
//! is expected of it, stated before the class. A line somebody wrote stands whatever the
//! need comes to when it is worked out anew.
//!
//! Legal source: PP 11/2017 Pasal 205 (the seven items of a plan).

use serde::{Deserialize, Serialize};

use super::competency::Level;
use super::position::codes;
use crate::domain::belongs::{Belongs, Home, Writers};
use crate::domain::column::{Column, figure, text};
use crate::domain::field::{Field, Shape};
use crate::domain::jp::JP_MAX;
use crate::domain::record::{CompetencyId, Kind, NaturalKey, ProgrammeId, RecordId, Schema};
use crate::domain::rules;

/// Rupiah: more than any office's budget.
pub const COST_MAX: i64 = 1_000_000_000_000;
pub const YEARS: Shape = Shape::Whole { min: 2000, max: 2200 };

codes! {
    /// On what ground a line stands.
    Ground {
        Gap = "kesenjangan",
        Performance = "kinerja",
        Citizens = "suara_warga",
        Duty = "penugasan",
        Mandatory = "wajib",
        Offer = "penawaran",
    }
}

codes! {
    /// Where the money comes from.
    Fund {
        Region = "APBD",
        State = "APBN",
        Shared = "cost_sharing",
        Nothing = "tanpa_biaya",
    }
}

codes! {
    /// How far a line has come.
    LineStatus {
        Proposed = "pengajuan",
        Checked = "verifikasi",
        Accepted = "diterima",
        Done = "selesai",
        Refused = "ditolak",
    }
}

/// How offices write the states of a line.
pub const STATUSES: &[(&str, &str)] = &[
    ("diajukan", "pengajuan"),
    ("usulan", "pengajuan"),
    ("diverifikasi", "verifikasi"),
    ("disetujui", "diterima"),
    ("terlaksana", "selesai"),
    ("sudah", "selesai"),
    ("tidak disetujui", "ditolak"),
];

/// How offices write where money comes from.
pub const FUNDS: &[(&str, &str)] = &[
    ("cost sharing", "cost_sharing"),
    ("kontribusi", "cost_sharing"),
    ("gratis", "tanpa_biaya"),
    ("tanpa biaya", "tanpa_biaya"),
];

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlanLine {
    pub year: u16,
    pub competency: CompetencyId,
    /// The level it is to bring people to.
    pub level: Level,
    pub ground: Option<Ground>,
    pub programme: Option<ProgrammeId>,
    /// What kind of activity, where there is no programme yet.
    pub activity: String,
    pub provider: String,
    pub people: Option<u16>,
    /// The month it is to be held in, 1..=12.
    pub month: Option<u8>,
    pub jp: Option<u16>,
    /// Of all of it, in rupiah.
    pub cost: Option<i64>,
    pub fund: Option<Fund>,
    pub indicator: String,
    pub effect: String,
    /// How it fits the standard of a curriculum.
    pub curriculum: String,
    pub status: Option<LineStatus>,
}

impl Schema for PlanLine {
    const BELONGS: Belongs<Self> = Belongs::Office;
    const HOME: Home = Home::Table;
    const WRITERS: Writers = Writers::Adders;
    const CALLED: &'static [&'static str] = &["rencana", "rencana pengembangan", "akpk"];
    const FIELDS: &'static [Field] = &[
        Field::new("year", YEARS).required().this_year_on(),
        Field::new("competency", Shape::Reference(Kind::Competencies)).required(),
        Field::new("level", Shape::Level).required(),
        Field::new("ground", Shape::Choice(Ground::CODES)).required(),
        Field::new("programme", Shape::Reference(Kind::Programmes)),
        Field::new("activity", Shape::Choice(rules::TRAINING_TYPES)),
        Field::new("provider", Shape::Text),
        Field::new("people", Shape::Whole { min: 1, max: 60_000 }),
        Field::new("month", Shape::Whole { min: 1, max: 12 }),
        Field::new("jp", Shape::Whole { min: 0, max: JP_MAX }),
        Field::new("cost", Shape::Whole { min: 0, max: COST_MAX }),
        Field::new("fund", Shape::Choice(Fund::CODES)).spelled(FUNDS),
        Field::new("indicator", Shape::Text),
        Field::new("effect", Shape::LongText),
        Field::new("curriculum", Shape::Text),
        Field::new("status", Shape::Choice(LineStatus::CODES)).spelled(STATUSES),
    ];
    const COLUMNS: &'static [Column] = &[
        figure("year", 5),
        text("competency", 8),
        figure("level", 5),
        text("ground", 12),
        text("programme", 0),
        text("activity", 6).hidden(),
        text("provider", 14).hidden(),
        figure("people", 6),
        figure("month", 5),
        figure("jp", 4).hidden(),
        figure("cost", 12),
        text("fund", 8).hidden(),
        text("indicator", 18).hidden(),
        text("effect", 18).hidden(),
        text("curriculum", 18).hidden(),
        text("status", 10),
        figure("sessions", 7).asked(),
    ];

    fn label(&self) -> String {
        format!("{} {} {}", self.year, RecordId::from(self.competency), self.level)
    }

    /// One class a year to bring people to a level.
    fn keys(&self) -> Vec<NaturalKey> {
        let programme = self.programme.map_or(0, |programme| programme.0);
        let (year, competency, level) = (self.year, self.competency.0, self.level);
        vec![NaturalKey::new("competency", format!("{year}|{competency}|{level}|{programme}"))]
    }
}
