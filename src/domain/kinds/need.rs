//! Need (survei kebutuhan): what one person says they would like to learn in a year, and in which
//! form. It stands beside what is worked out of their gaps, and replaces nothing of it.

use chrono::{DateTime, Datelike, FixedOffset};
use serde::{Deserialize, Serialize};

use super::plan_line::YEARS;
use super::position::codes;
use crate::domain::belongs::{Belongs, Home, Writers};
use crate::domain::column::{Column, figure, text};
use crate::domain::field::{Erasure, Field, Shape};
use crate::domain::record::{CompetencyId, EmployeeId, Kind, NaturalKey, Schema};

codes! {
    /// In which form somebody would rather learn.
    Form {
        Classroom = "tatap_muka",
        Online = "daring",
        Blended = "campuran",
        Coaching = "coaching",
        Mentoring = "mentoring",
        Workplace = "magang",
        Alone = "mandiri",
    }
}

/// How offices write the forms.
const FORMS: &[(&str, &str)] = &[
    ("klasikal", "tatap_muka"),
    ("luring", "tatap_muka"),
    ("kelas", "tatap_muka"),
    ("tatap muka", "tatap_muka"),
    ("pelatihan", "tatap_muka"),
    ("offline", "tatap_muka"),
    ("e learning", "daring"),
    ("elearning", "daring"),
    ("online", "daring"),
    ("jarak jauh", "daring"),
    ("webinar", "daring"),
    ("blended", "campuran"),
    ("blended learning", "campuran"),
    ("hybrid", "campuran"),
    ("hibrida", "campuran"),
    ("bimbingan", "mentoring"),
    ("pendampingan", "coaching"),
    ("praktik kerja", "magang"),
    ("belajar mandiri", "mandiri"),
];

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Need {
    pub employee: EmployeeId,
    /// For which year; the year in which it is written unless it says so.
    pub year: Option<u16>,
    pub topic: String,
    /// The competency the topic is about, where that is known.
    pub competency: Option<CompetencyId>,
    pub form: Option<Form>,
    pub note: String,
}

impl Schema for Need {
    const BELONGS: Belongs<Self> = Belongs::Person(|need| need.employee);
    const HOME: Home = Home::WithPerson;
    const WRITERS: Writers = Writers::WithinReach;
    const CALLED: &'static [&'static str] = &["kebutuhan", "survei kebutuhan"];
    // Of somebody erased it stays that something was asked for, about which competency.
    const FIELDS: &'static [Field] = &[
        Field::new("employee", Shape::Reference(Kind::Employees)).required().kept(),
        Field::new("year", YEARS).this_year_on().kept().known_as(&["TAHUN", "TAHUN PELAKSANAAN"]),
        Field::new("topic", Shape::Text).required().erased(Erasure::Dash).known_as(&[
            "TOPIK",
            "TOPIK PELATIHAN",
            "TOPIK PRIORITAS",
            "KEBUTUHAN PELATIHAN",
            "KEBUTUHAN PENGEMBANGAN",
            "PELATIHAN YANG DIBUTUHKAN",
            "MATERI",
        ]),
        Field::new("competency", Shape::Reference(Kind::Competencies)).kept().known_as(&[
            "KODE KOMPETENSI",
            "KOMPETENSI",
            "KODE",
        ]),
        Field::new("form", Shape::Choice(Form::CODES))
            .kept()
            .known_as(&["BENTUK", "BENTUK PELATIHAN", "BENTUK PENGEMBANGAN", "METODE"])
            .spelled(FORMS),
        Field::new("note", Shape::Text).known_as(&["CATATAN", "ALASAN", "KETERANGAN"]),
    ];
    const COLUMNS: &'static [Column] = &[
        text("nip", 18).personal(),
        text("name", 0),
        text("unit", 18).hidden(),
        figure("year", 5),
        text("topic", 24),
        text("competency", 8),
        text("form", 11),
        text("note", 18).hidden(),
    ];

    fn label(&self) -> String {
        self.topic.clone()
    }

    /// A topic once a year.
    fn keys(&self) -> Vec<NaturalKey> {
        let (employee, year) = (self.employee.0, self.year.unwrap_or(0));
        vec![NaturalKey::new("topic", format!("{employee}|{year}|{}", self.topic))]
    }

    fn stamp(&mut self, now: DateTime<FixedOffset>) {
        self.year = self.year.or_else(|| u16::try_from(now.year()).ok());
    }
}
