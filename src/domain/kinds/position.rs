//! Position (jabatan) and its job level. The level is derived from eselon, kind of
//! position and title, and can be set by hand where the derivation is wrong.
//!
//! Legal source: UU 20/2023 Pasal 13-18 (kinds); SIASN reference lists (codes, eselon).

use serde::{Deserialize, Serialize};

use crate::domain::belongs::{Belongs, Home, Writers};
use crate::domain::column::{Column, figure, text};
use crate::domain::field::{Field, Shape};
use crate::domain::record::{NaturalKey, Schema, fold};

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $code)] $variant),+
        }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            pub const CODES: &'static [&'static str] = &[$($code),+];

            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.code() == code)
            }
        }
    };
}
pub(crate) use codes;

codes! {
    /// Jenis jabatan (SIASN codes 1-4).
    PositionKind {
        /// 1 Jabatan Struktural.
        Structural = "structural",
        /// 2 Jabatan Fungsional Tertentu.
        Functional = "functional",
        /// 3 Jabatan Rangkap.
        Dual = "dual",
        /// 4 Jabatan Fungsional Umum, i.e. pelaksana.
        General = "general",
    }
}

codes! {
    /// Job level: what a standard of competencies is set for. In order of rank within its group.
    JobLevel {
        Pelaksana = "pelaksana",
        Pengawas = "pengawas",
        Administrator = "administrator",
        JptPratama = "jpt_pratama",
        JptMadya = "jpt_madya",
        JptUtama = "jpt_utama",
        JfPemula = "jf_pemula",
        JfTerampil = "jf_terampil",
        JfMahir = "jf_mahir",
        JfPenyelia = "jf_penyelia",
        JfPertama = "jf_ahli_pertama",
        JfMuda = "jf_ahli_muda",
        JfMadya = "jf_ahli_madya",
        JfUtama = "jf_ahli_utama",
    }
}

/// The endings of a functional title, longest first, with the level they mean.
const FUNCTIONAL_TITLES: [(&str, JobLevel); 12] = [
    ("ahli pertama", JobLevel::JfPertama),
    ("ahli muda", JobLevel::JfMuda),
    ("ahli madya", JobLevel::JfMadya),
    ("ahli utama", JobLevel::JfUtama),
    ("pertama", JobLevel::JfPertama),
    ("muda", JobLevel::JfMuda),
    ("madya", JobLevel::JfMadya),
    ("utama", JobLevel::JfUtama),
    ("pemula", JobLevel::JfPemula),
    ("terampil", JobLevel::JfTerampil),
    ("mahir", JobLevel::JfMahir),
    ("penyelia", JobLevel::JfPenyelia),
];

/// Eselon as SIASN writes it: `I.a` … `V.b`; anything else (`NON`, empty) is none.
pub const ESELON: [&str; 10] =
    ["I.a", "I.b", "II.a", "II.b", "III.a", "III.b", "IV.a", "IV.b", "V.a", "V.b"];

/// Reads `III.a`, `III/a`, `IIIa`, `iii a` as `III.a`; `None` for NON and the like.
pub fn eselon(text: &str) -> Option<&'static str> {
    let compact = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
    };
    let wanted = compact(text);
    ESELON.into_iter().find(|known| compact(known) == wanted)
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Position {
    pub title: String,
    pub kind: Option<PositionKind>,
    /// `III.a`; empty when the post has none.
    pub eselon: String,
    /// Set by hand; absent means derived.
    pub job_level: Option<JobLevel>,
    /// Kelas jabatan, 1..=17.
    pub class: Option<u8>,
}

impl Position {
    /// The level set by hand, else the derived one.
    pub fn level(&self) -> Option<JobLevel> {
        self.job_level.or_else(|| self.derived_level())
    }

    /// The level that eselon, kind and title say.
    pub fn derived_level(&self) -> Option<JobLevel> {
        let title = fold(&self.title);
        if let Some(level) = eselon(&self.eselon).and_then(level_of_eselon) {
            return Some(level);
        }
        let functional = || {
            FUNCTIONAL_TITLES
                .iter()
                .find(|(ending, _)| {
                    title.strip_suffix(ending).is_some_and(|rest| rest.ends_with([' ', '-']))
                })
                .map(|(_, level)| *level)
        };
        match self.kind {
            Some(PositionKind::Functional | PositionKind::Dual) => functional(),
            Some(PositionKind::General) => Some(JobLevel::Pelaksana),
            Some(PositionKind::Structural) => level_of_title(&title),
            None => level_of_title(&title).or_else(functional),
        }
    }
}

fn level_of_eselon(eselon: &'static str) -> Option<JobLevel> {
    match eselon {
        // SIASN splits I.a into JPT utama (10) and madya (11); the title decides elsewhere.
        "I.a" | "I.b" => Some(JobLevel::JptMadya),
        "II.a" | "II.b" => Some(JobLevel::JptPratama),
        "III.a" | "III.b" => Some(JobLevel::Administrator),
        "IV.a" | "IV.b" => Some(JobLevel::Pengawas),
        _ => None,
    }
}

/// Titles of a kecamatan whose level is known where a file has no eselon.
/// From general knowledge of PP 18/2016, not verified; correctable by hand.
fn level_of_title(title: &str) -> Option<JobLevel> {
    let starts = |words: &[&str]| {
        words.iter().any(|word| {
            title.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        })
    };
    if starts(&["camat", "sekretaris kecamatan", "kepala bidang", "kepala bagian"]) {
        Some(JobLevel::Administrator)
    } else if starts(&[
        "lurah",
        "sekretaris kelurahan",
        "sekretaris lurah",
        "kepala seksi",
        "kasi",
        "kepala subbagian",
        "kepala sub bagian",
        "kasubbag",
        "kepala subbidang",
        "kepala sub bidang",
    ]) {
        Some(JobLevel::Pengawas)
    } else if starts(&["kepala dinas", "kepala badan", "sekretaris daerah", "inspektur"]) {
        Some(JobLevel::JptPratama)
    } else {
        None
    }
}

impl Schema for Position {
    const BELONGS: Belongs<Self> = Belongs::Office;
    const HOME: Home = Home::Table;
    const WRITERS: Writers = Writers::Adders;
    const CALLED: &'static [&'static str] = &["jabatan"];
    const FIELDS: &'static [Field] = &[
        Field::new("title", Shape::Text).required(),
        Field::new("kind", Shape::Choice(PositionKind::CODES)),
        Field::new("eselon", Shape::Choice(&ESELON)),
        Field::new("job_level", Shape::Choice(JobLevel::CODES)),
        Field::new("class", Shape::Whole { min: 1, max: 17 }),
    ];
    const COLUMNS: &'static [Column] = &[
        text("title", 0),
        text("kind", 12),
        text("eselon", 6),
        text("job_level", 18),
        figure("class", 5).hidden(),
        figure("people", 8),
    ];

    fn label(&self) -> String {
        self.title.clone()
    }

    /// The same title may stand with another eselon or kind; that is another post.
    fn keys(&self) -> Vec<NaturalKey> {
        let kind = self.kind.map_or("", PositionKind::code);
        vec![NaturalKey::new("title", format!("{}|{kind}|{}", self.title, self.eselon))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position(title: &str, kind: PositionKind, eselon: &str) -> Position {
        Position {
            title: title.into(),
            kind: Some(kind),
            eselon: eselon.into(),
            ..Position::default()
        }
    }

    #[test]
    fn the_job_level_follows_eselon_then_kind_then_title() {
        use JobLevel as L;
        use PositionKind as K;
        for (title, kind, eselon, level) in [
            ("Camat", K::Structural, "III.a", Some(L::Administrator)),
            ("Lurah", K::Structural, "IV.a", Some(L::Pengawas)),
            ("Kepala Dinas", K::Structural, "II.b", Some(L::JptPratama)),
            ("Camat", K::Structural, "", Some(L::Administrator)),
            ("Pengadministrasi Umum", K::General, "NON", Some(L::Pelaksana)),
            ("Analis Kebijakan Ahli Muda", K::Functional, "", Some(L::JfMuda)),
            ("Arsiparis Terampil", K::Functional, "", Some(L::JfTerampil)),
            ("Pranata Komputer Madya", K::Functional, "NON", Some(L::JfMadya)),
            ("Penyuluh", K::Functional, "", None),
        ] {
            assert_eq!(position(title, kind, eselon).level(), level, "{title}");
        }
    }

    #[test]
    fn a_level_set_by_hand_stands_over_the_derived_one() {
        let mut camat = position("Camat", PositionKind::Structural, "III.a");
        camat.job_level = Some(JobLevel::Pengawas);
        assert_eq!(camat.level(), Some(JobLevel::Pengawas));
        assert_eq!(camat.derived_level(), Some(JobLevel::Administrator));
    }

    #[test]
    fn eselon_is_read_in_every_spelling() {
        for text in ["III.a", "III/a", "iiia", "III A", " III.A "] {
            assert_eq!(eselon(text), Some("III.a"), "{text}");
        }
        for text in ["NON", "", "null", "VI.a"] {
            assert_eq!(eselon(text), None, "{text}");
        }
    }
}
