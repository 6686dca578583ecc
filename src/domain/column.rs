//! Columns: what a list of each kind can show, and in which order files carry them.
//! The names are the JSON keys and CSV headers scripts rely on; they never change with
//! the language. A column may be computed (job level, JP); a field of the record may
//! have no column (level texts).

use serde::{Deserialize, Serialize};

use super::field::Privacy;
use super::record::Kind;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Align {
    Left,
    Right,
}

/// One column of a list.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    pub name: &'static str,
    pub align: Align,
    /// Cells it wants on screen; 0 takes what is left over.
    pub width: u16,
    /// Shown at 80 columns unless the officer chooses otherwise.
    pub shown: bool,
    pub privacy: Privacy,
}

const fn text(name: &'static str, width: u16) -> Column {
    Column { name, align: Align::Left, width, shown: true, privacy: Privacy::Work }
}

const fn figure(name: &'static str, width: u16) -> Column {
    Column { align: Align::Right, ..text(name, width) }
}

impl Column {
    const fn hidden(self) -> Self {
        Self { shown: false, ..self }
    }

    const fn personal(self) -> Self {
        Self { privacy: Privacy::Personal, ..self }
    }
}

const SETTINGS: &[Column] = &[text("name", 16), text("value", 0)];

const UNITS: &[Column] = &[
    text("name", 0),
    text("code", 16),
    text("parent", 24),
    text("path", 40).hidden(),
    figure("people", 8),
    text("closed", 7).hidden(),
];

const POSITIONS: &[Column] = &[
    text("title", 0),
    text("kind", 12),
    text("eselon", 6),
    text("job_level", 18),
    figure("class", 5).hidden(),
    figure("people", 8),
];

const COMPETENCIES: &[Column] = &[
    text("code", 6),
    text("name", 0),
    text("group", 14),
    text("definition", 40).hidden(),
    text("legal_basis", 24),
    text("archived", 7).hidden(),
];

const STANDARDS: &[Column] = &[
    text("job_level", 18),
    text("position", 0),
    text("competency", 8),
    text("competency_name", 20),
    figure("level", 5),
    text("effective_from", 11),
    text("legal_basis", 24).hidden(),
    text("verified", 10),
];

const EMPLOYEES: &[Column] = &[
    text("nip", 21).personal(),
    text("name", 0),
    text("front_title", 8).hidden(),
    text("back_title", 12).hidden(),
    text("kind", 6).hidden(),
    text("grade", 6),
    text("position", 22),
    text("job_level", 16).hidden(),
    text("unit", 18).hidden(),
    text("birth_date", 11).hidden().personal(),
    text("sex", 3).hidden().personal(),
    text("education", 14).hidden(),
    text("status", 8).hidden(),
    figure("jp", 4),
    figure("below", 4),
    text("unit_path", 40).hidden(),
    text("pns_id", 36).hidden().personal(),
    text("local_number", 12).hidden().personal(),
    text("legal_status", 14).hidden(),
    text("position_kind", 12).hidden(),
    text("eselon", 6).hidden(),
    text("position_since", 11).hidden(),
    text("grade_since", 11).hidden(),
    figure("service_years", 5).hidden(),
    figure("service_months", 5).hidden(),
    text("cpns_since", 11).hidden(),
    text("education_field", 20).hidden(),
    figure("graduation_year", 5).hidden(),
    text("email", 24).hidden().personal(),
    text("restricted", 8).hidden(),
];

const RATINGS: &[Column] = &[
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

const PROGRAMMES: &[Column] = &[
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

const SESSIONS: &[Column] = &[
    text("start", 11),
    text("end", 11),
    text("programme", 0),
    text("type", 6).hidden(),
    text("provider", 14),
    text("place", 16).hidden(),
    figure("jp", 4),
    figure("enrolled", 6),
    figure("capacity", 5).hidden(),
    figure("present", 5),
    text("cancelled", 7).hidden(),
];

const ENROLMENTS: &[Column] = &[
    text("nip", 18).personal(),
    text("name", 0),
    text("unit", 18),
    text("programme", 24),
    text("type", 6).hidden(),
    text("start", 11),
    text("end", 11).hidden(),
    text("provider", 14).hidden(),
    figure("days_present", 5),
    figure("jp", 4),
    text("note", 20).hidden(),
];

const OFFICERS: &[Column] =
    &[text("user", 16), text("role", 12), text("unit", 0), text("note", 24)];

/// `deadline` and `left` are worked out when they are asked for.
const CORRECTIONS: &[Column] = &[
    text("name", 18),
    text("subject", 0).personal(),
    text("wanted", 24).hidden().personal(),
    text("received", 17).hidden(),
    text("deadline", 17).hidden(),
    text("left", 20),
    text("status", 10),
    text("answer", 24).hidden().personal(),
    text("closed", 17).hidden(),
    text("nip", 18).hidden().personal(),
];

const READINGS: &[Column] = &[
    text("day", 11),
    text("officer", 0),
    figure("people", 8),
    figure("total", 8),
    figure("listed", 9),
];

impl Kind {
    /// Every column of this kind, in the order of files.
    pub const fn columns(self) -> &'static [Column] {
        match self {
            Self::Settings => SETTINGS,
            Self::Units => UNITS,
            Self::Positions => POSITIONS,
            Self::Competencies => COMPETENCIES,
            Self::Standards => STANDARDS,
            Self::Employees => EMPLOYEES,
            Self::Ratings => RATINGS,
            Self::Programmes => PROGRAMMES,
            Self::Sessions => SESSIONS,
            Self::Enrolments => ENROLMENTS,
            Self::Officers => OFFICERS,
            Self::Corrections => CORRECTIONS,
            Self::Readings => READINGS,
        }
    }

    pub fn column(self, name: &str) -> Option<&'static Column> {
        self.columns().iter().find(|column| column.name == name)
    }
}
