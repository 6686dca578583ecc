//! Rating (penilaian): what level somebody found a person to have, when and how.
//! Ratings are only ever added; the current level is computed, never stored, and a
//! change of post never touches them.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::competency::Level;
use super::position::codes;
use crate::domain::belongs::{Belongs, Home, Writers};
use crate::domain::column::{Column, figure, text};
use crate::domain::fault::Reason;
use crate::domain::field::{Field, Shape};
use crate::domain::record::{CompetencyId, EmployeeId, Kind, NaturalKey, RecordId, Schema};

codes! {
    /// Who rated, in relation to the person rated.
    RatingSource {
        SelfRating = "diri",
        Superior = "atasan",
        Peer = "rekan",
        Subordinate = "bawahan",
        Assessor = "asesor",
        Test = "tes",
        Training = "pelatihan",
        /// All of them together, by a cycle's weights.
        Cycle = "periode",
    }
}

/// How offices write who rated.
const RATERS: &[(&str, &str)] = &[
    ("diri sendiri", "diri"),
    ("self", "diri"),
    ("mandiri", "diri"),
    ("atasan langsung", "atasan"),
    ("pimpinan", "atasan"),
    ("superior", "atasan"),
    ("rekan kerja", "rekan"),
    ("rekan sejawat", "rekan"),
    ("sejawat", "rekan"),
    ("peer", "rekan"),
    ("subordinate", "bawahan"),
    ("assessor", "asesor"),
    ("assessment center", "asesor"),
    ("asesmen", "asesor"),
    ("tes kompetensi", "tes"),
    ("uji kompetensi", "tes"),
    ("ujian", "tes"),
    ("ukom", "tes"),
    ("cat", "tes"),
    ("test", "tes"),
    ("hasil pelatihan", "pelatihan"),
    ("diklat", "pelatihan"),
    ("bimtek", "pelatihan"),
    ("kursus", "pelatihan"),
    ("post test", "pelatihan"),
    ("training", "pelatihan"),
];

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rating {
    pub employee: EmployeeId,
    pub competency: CompetencyId,
    pub level: Level,
    pub source: Option<RatingSource>,
    /// Person or body that rated.
    pub rater: String,
    #[serde(with = "crate::domain::day")]
    pub date: Option<NaiveDate>,
    /// `sederhana`, `sedang`, `kompleks`, or what the office calls it.
    pub method: String,
    pub evidence: String,
}

impl Rating {
    /// Whether this rating, entered as `number`, is later than `other`: by date, then by entry.
    pub fn supersedes(&self, number: u32, other: &Self, other_number: u32) -> bool {
        (self.date, number) > (other.date, other_number)
    }
}

impl Schema for Rating {
    const BELONGS: Belongs<Self> = Belongs::Person(|rating| rating.employee);
    const HOME: Home = Home::WithPerson;
    const WRITERS: Writers = Writers::WithinReach;
    const CALLED: &'static [&'static str] = &["penilaian"];
    // Of somebody erased levels over time stay, and what sort of rater found them. Who it was,
    // how and on what evidence are words about a person.
    const FIELDS: &'static [Field] = &[
        Field::new("employee", Shape::Reference(Kind::Employees)).required().kept(),
        Field::new("competency", Shape::Reference(Kind::Competencies)).required().kept().known_as(
            &[
                "KODE KOMPETENSI",
                "KODE",
                "NAMA KOMPETENSI",
                "KOMPETENSI",
                "UNSUR KOMPETENSI",
                "ASPEK KOMPETENSI",
            ],
        ),
        Field::new("level", Shape::Level).required().kept().known_as(&[
            "LEVEL KOMPETENSI",
            "NILAI",
            "TINGKAT",
            "TINGKAT KOMPETENSI",
            "NILAI KOMPETENSI",
            "LEVEL PENGUASAAN",
            "SKOR",
            "SKOR KOMPETENSI",
            "CAPAIAN",
            "CAPAIAN LEVEL",
            "LEVEL AKTUAL",
            "HASIL PENILAIAN",
            "SKOR PENILAIAN",
            "NILAI PENILAIAN",
        ]),
        Field::new("source", Shape::Choice(RatingSource::CODES))
            .required()
            .kept()
            .known_as(&["SUMBER", "SUMBER PENILAIAN"])
            .spelled(RATERS)
            .otherwise(Reason::SourceUnknown),
        Field::new("rater", Shape::Text).known_as(&["PENILAI", "NAMA PENILAI"]),
        Field::new("date", Shape::Date).required().past().kept().known_as(&[
            "TANGGAL",
            "TANGGAL PENILAIAN",
            "TGL PENILAIAN",
        ]),
        Field::new("method", Shape::Text).known_as(&["METODE"]),
        Field::new("evidence", Shape::LongText).known_as(&["BUKTI", "KETERANGAN"]),
    ];
    const COLUMNS: &'static [Column] = &[
        text("nip", 18).personal(),
        text("name", 0),
        text("competency", 8),
        figure("level", 5),
        text("source", 8),
        text("rater", 18),
        text("date", 11),
        text("method", 12).hidden(),
        text("evidence", 20).hidden(),
    ];

    fn label(&self) -> String {
        format!("{} {}", RecordId::from(self.competency), self.level)
    }

    /// The same again is unchanged; the level is not part of the key.
    fn keys(&self) -> Vec<NaturalKey> {
        let source = self.source.map_or("", RatingSource::code);
        let date = self.date.map_or_else(String::new, |date| date.to_string());
        vec![NaturalKey::new(
            "competency",
            format!(
                "{}|{}|{source}|{}|{date}|{}",
                self.employee.0, self.competency.0, self.rater, self.method
            ),
        )]
    }
}
