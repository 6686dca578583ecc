//! Rule: one table of thresholds or weights as it holds from a day on, with where it comes from
//! and whether it was read in the law itself. Those that ship are built in; what an office
//! writes stands in their place from its day on, and goes with one undo.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::belongs::{Belongs, Home, Writers};
use crate::domain::column::{Column, text};
use crate::domain::fault::Fault;
use crate::domain::field::{Field, Shape};
use crate::domain::record::{Kept, NaturalKey, Record, Schema};
use crate::domain::rulebook::{Rulebook, TABLES};

/// What lists call the tables.
const SPELLINGS: &[(&str, &str)] = &[
    ("kategori", "categories"),
    ("kategori jpm", "categories"),
    ("kelas kesenjangan", "gap_classes"),
    ("pensiun", "retirement"),
    ("bup", "retirement"),
    ("batas usia pensiun", "retirement"),
    ("jp", "jp_quota"),
    ("konversi jp", "jp_conversion"),
    ("talenta", "talent"),
    ("manajemen talenta", "talent"),
    ("ip asn", "ip_asn"),
    ("penilaian", "assessment"),
    ("cara belajar", "learning"),
    ("10:20:70", "learning"),
    ("data pribadi", "personal_data"),
    ("pangkat", "grades"),
    ("golongan", "grades"),
    ("jenis pelatihan", "training_types"),
];

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReferenceTable {
    /// One of [`TABLES`].
    pub table: String,
    /// `mapping.O = 90`, a line each; what is not named stays as it ships.
    pub figures: String,
    /// Always, if not said.
    #[serde(with = "crate::domain::day")]
    pub effective_from: Option<NaiveDate>,
    pub legal_basis: String,
    /// It was read in the regulation itself.
    pub verified: bool,
}

/// Whether a record is of this table.
pub fn is_of(record: &Record, table: &str) -> bool {
    ReferenceTable::of(record).is_some_and(|rule| rule.table == table)
}

#[cfg(test)]
impl ReferenceTable {
    /// As an office writes one that has always been in force.
    pub fn written(table: &str, figures: &str) -> Self {
        let (table, figures) = (table.into(), figures.into());
        Self { table, figures, legal_basis: "Peraturan Wali Kota 1/2026".into(), ..Self::default() }
    }
}

impl Schema for ReferenceTable {
    const BELONGS: Belongs<Self> = Belongs::Office;
    const HOME: Home = Home::Table;
    const WRITERS: Writers = Writers::OfficeAdmins;
    const CALLED: &'static [&'static str] = &["aturan", "ambang", "bobot"];
    const FIELDS: &'static [Field] = &[
        Field::new("table", Shape::Choice(TABLES))
            .required()
            .moving_people()
            .spelled(SPELLINGS)
            .known_as(&["TABEL", "TABEL ATURAN", "ATURAN"]),
        Field::new("figures", Shape::LongText)
            .required()
            .moving_people()
            .kept()
            .figures_of("table")
            .known_as(&["ANGKA", "ISI"]),
        Field::new("effective_from", Shape::Date).moving_people().known_as(&[
            "BERLAKU MULAI",
            "BERLAKU SEJAK",
            "TMT BERLAKU",
        ]),
        Field::new("legal_basis", Shape::Text).required().known_as(&["DASAR HUKUM", "DASAR"]),
        Field::new("verified", Shape::Flag).known_as(&["TERVERIFIKASI"]),
    ];
    const COLUMNS: &'static [Column] = &[
        text("table", 20),
        text("figures", 0),
        text("effective_from", 11),
        text("legal_basis", 24).hidden(),
        text("verified", 10),
    ];

    fn label(&self) -> String {
        self.table.clone()
    }

    /// One of a table begins on a day.
    fn keys(&self) -> Vec<NaturalKey> {
        let from = self.effective_from.map_or_else(String::new, |date| date.to_string());
        vec![NaturalKey::new("effective_from", format!("{}|{from}", self.table))]
    }

    fn check(&self) -> Vec<Fault> {
        Rulebook::fault(self).into_iter().collect()
    }
}
