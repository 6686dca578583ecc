//! IDP line (rencana pengembangan individu): what one person is to do in a year about one
//! competency: activity, JP, cost, when, with whom, from which money, and how far it has come.
//! One that is closed keeps what had come of it by then, whatever is found out later.
//!
//! Heads as a provincial module of development plans has them; LAN's own form was not read.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate};
use serde::{Deserialize, Serialize};

use super::competency::Level;
use super::plan_line::{COST_MAX, FUNDS, Fund, LineStatus, STATUSES, YEARS};
use crate::domain::belongs::{Belongs, Home, Writers};
use crate::domain::column::{Column, figure, text};
use crate::domain::field::{Field, Shape};
use crate::domain::jp::JP_MAX;
use crate::domain::record::{
    CompetencyId, EmployeeId, Kind, NaturalKey, PositionId, RecordId, Schema,
};
use crate::domain::rules;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct IdpLine {
    pub employee: EmployeeId,
    pub year: u16,
    pub competency: CompetencyId,
    /// The gap when it was planned, 0 or below.
    pub gap: Option<i8>,
    /// The post it prepares for, where that is not the post held.
    pub position: Option<PositionId>,
    pub activity: String,
    pub jp: Option<u16>,
    pub cost: Option<i64>,
    pub month: Option<u8>,
    pub provider: String,
    pub fund: Option<Fund>,
    pub status: Option<LineStatus>,
    pub reason: String,
    /// It stays as it is; what had come of it by that day stands below.
    pub closed: bool,
    #[serde(with = "crate::domain::day")]
    pub closed_on: Option<NaiveDate>,
    /// Written down by the office when it is closed: JP earned by such an activity, and the
    /// level reached.
    pub jp_done: Option<u16>,
    pub level_done: Option<Level>,
}

/// The month in which something is to be done at the latest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Due {
    year: u16,
    month: u8,
}

impl Due {
    pub fn is_over(self, today: NaiveDate) -> bool {
        (i32::from(self.year), u32::from(self.month)) < (today.year(), today.month())
    }
}

impl IdpLine {
    /// Whether it should have been done by now and nobody has said what became of it. Without a
    /// month the year is the time.
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        self.due().is_some_and(|due| due.is_over(today))
    }

    /// By when it is to be done, where it is not.
    pub fn due(&self) -> Option<Due> {
        let ended = matches!(self.status, Some(LineStatus::Done | LineStatus::Refused));
        let due = Due { year: self.year, month: self.month.unwrap_or(12) };
        (!ended && !self.closed).then_some(due)
    }
}

impl Schema for IdpLine {
    const BELONGS: Belongs<Self> = Belongs::Person(|line| line.employee);
    const HOME: Home = Home::WithPerson;
    const WRITERS: Writers = Writers::WithinReach;
    const CALLED: &'static [&'static str] = &["idp", "rencana individu"];
    // Of somebody erased it stays what was planned about which competency, and at what cost.
    const FIELDS: &'static [Field] = &[
        Field::new("employee", Shape::Reference(Kind::Employees)).required().kept(),
        Field::new("year", YEARS).required().this_year_on().kept().known_as(&["TAHUN"]),
        Field::new("competency", Shape::Reference(Kind::Competencies))
            .required()
            .kept()
            .known_as(&["KOMPETENSI", "KODE KOMPETENSI", "KODE"]),
        Field::new("gap", Shape::Whole { min: -5, max: 0 }).kept().known_as(&["KESENJANGAN"]),
        Field::new("position", Shape::Reference(Kind::Positions))
            .known_as(&["JABATAN TUJUAN", "JABATAN YANG DITUJU"]),
        Field::new("activity", Shape::Choice(rules::TRAINING_TYPES)).required().kept().known_as(&[
            "JENIS PENGEMBANGAN",
            "KEGIATAN",
            "KODE JENIS PENGEMBANGAN",
        ]),
        Field::new("jp", Shape::Whole { min: 0, max: JP_MAX }).kept().known_as(&["JUMLAH JP"]),
        Field::new("cost", Shape::Whole { min: 0, max: COST_MAX }).kept().known_as(&["BIAYA"]),
        Field::new("month", Shape::Whole { min: 1, max: 12 })
            .kept()
            .known_as(&["BULAN", "WAKTU PELAKSANAAN"]),
        Field::new("provider", Shape::Text).known_as(&["PENYELENGGARA"]),
        Field::new("fund", Shape::Choice(Fund::CODES))
            .kept()
            .known_as(&["SUMBER DANA"])
            .spelled(FUNDS),
        Field::new("status", Shape::Choice(LineStatus::CODES))
            .kept()
            .known_as(&["STATUS"])
            .spelled(STATUSES),
        Field::new("reason", Shape::Text).known_as(&["ALASAN", "ALASAN PENGAJUAN"]),
        Field::new("closed", Shape::Flag).kept().known_as(&["DITUTUP"]),
        Field::new("closed_on", Shape::Date).past().kept().known_as(&["TANGGAL DITUTUP"]),
        Field::new("jp_done", Shape::Whole { min: 0, max: 60_000 }).kept().worked_out(),
        Field::new("level_done", Shape::Level).kept().worked_out(),
    ];
    const COLUMNS: &'static [Column] = &[
        text("nip", 18).personal(),
        text("name", 0),
        figure("year", 5),
        text("competency", 8),
        figure("gap", 4),
        text("position", 14).hidden(),
        text("activity", 6),
        figure("jp", 4),
        figure("cost", 12),
        figure("month", 5),
        text("provider", 14).hidden(),
        text("fund", 8).hidden(),
        text("status", 10),
        text("reason", 18).hidden(),
        text("closed", 7).hidden(),
        text("closed_on", 11).hidden(),
        figure("jp_done", 6).hidden(),
        figure("level_done", 5).hidden(),
        text("overdue", 9).asked(),
    ];

    fn label(&self) -> String {
        format!("{} {}", self.year, RecordId::from(self.competency))
    }

    fn stamp(&mut self, now: DateTime<FixedOffset>) {
        self.closed_on = self.closed_on.filter(|_| self.closed);
        if self.closed {
            self.closed_on.get_or_insert(now.date_naive());
        }
    }

    /// One activity a year about one competency.
    fn keys(&self) -> Vec<NaturalKey> {
        let (employee, year, competency) = (self.employee.0, self.year, self.competency.0);
        vec![NaturalKey::new(
            "competency",
            format!("{employee}|{year}|{competency}|{}", self.activity),
        )]
    }
}
