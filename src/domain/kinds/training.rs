//! Training: a programme (what is taught), its sessions (when it is held), who is
//! enrolled, who came, and the JP (jam pelajaran) each person earned per year.
//!
//! Legal source: PP 11/2017 Pasal 203(4) (PNS at least 20 JP a year), `PerLAN` 15/2020
//! (PPPK at most 24), `PerLAN` 10/2018 (types). How much attendance earns the JP is in
//! none of them: it is an office setting.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::competency::Level;
use super::position::codes;
use crate::domain::fault::{Fault, Reason};
use crate::domain::field::{Field, Shape};
use crate::domain::record::{
    CompetencyId, EmployeeId, Kind, NaturalKey, ProgrammeId, RecordId, Schema, Scope, SessionId,
};
use crate::domain::rules;

/// The most JP one session can carry: no training of a year has more.
pub const JP_MAX: i64 = 2000;
/// The most days a session lasts.
pub const DAYS_MAX: usize = 400;

/// JP earned, by the year it counts for.
pub type JpByYear = BTreeMap<u16, u32>;

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

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Session {
    pub programme: ProgrammeId,
    pub start: Option<NaiveDate>,
    pub end: Option<NaiveDate>,
    pub provider: String,
    pub place: String,
    pub jp: Option<u16>,
    pub capacity: Option<u16>,
    pub cancelled: bool,
}

codes! {
    /// What is known of one person on one day.
    Presence {
        Present = "present",
        Absent = "absent",
        /// Excused: ill or on duty elsewhere.
        Excused = "excused",
    }
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Enrolment {
    pub session: SessionId,
    pub employee: EmployeeId,
    /// One mark a day of the session, in order; a day without a mark is `null`.
    pub attendance: Vec<Option<Presence>>,
    /// JP as the certificate or ledger states it; stands over what attendance would earn.
    pub jp: Option<u16>,
    /// Why this JP was stated.
    pub note: String,
}

impl Session {
    /// Calendar days from start to end, at least one once there is a start.
    pub fn days(&self) -> usize {
        match (self.start, self.end) {
            (Some(start), Some(end)) if end >= start => {
                usize::try_from((end - start).num_days()).map_or(1, |days| days + 1).min(DAYS_MAX)
            }
            (Some(_), _) => 1,
            _ => 0,
        }
    }

    /// The year its JP counts for: that of the last day.
    pub fn year(&self) -> Option<u16> {
        self.end.or(self.start).and_then(|date| u16::try_from(date.year()).ok())
    }
}

impl Enrolment {
    pub fn days_present(&self) -> usize {
        self.attendance.iter().filter(|day| **day == Some(Presence::Present)).count()
    }

    /// JP this enrolment earns: what is stated, else the session's when the share of
    /// days present reaches `attendance_min` percent, else none.
    pub fn earned(&self, session: &Session, programme_jp: Option<u16>, attendance_min: u8) -> u16 {
        if session.cancelled {
            return 0;
        }
        if let Some(jp) = self.jp {
            return jp;
        }
        let days = session.days();
        let enough = days > 0 && self.days_present() * 100 >= days * usize::from(attendance_min);
        if enough { session.jp.or(programme_jp).unwrap_or(0) } else { 0 }
    }
}

/// How a person stands against the JP rule of their kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum JpStanding {
    /// PNS: how many are still missing.
    Below { missing: u32 },
    /// PNS: floor reached.
    Reached,
    /// PPPK: how many may still be taken.
    Within { left: u32 },
    /// PPPK: more than the ceiling.
    Over { by: u32 },
    /// No rule for this kind of staff.
    NoRule,
}

/// The bar a person is measured by, from the rules in force.
pub fn standing(kind: super::employee::EmploymentKind, jp: u32) -> JpStanding {
    let quota = rules::jp_quota();
    match kind {
        super::employee::EmploymentKind::Pns if jp < quota.pns_floor => {
            JpStanding::Below { missing: quota.pns_floor - jp }
        }
        super::employee::EmploymentKind::Pns => JpStanding::Reached,
        super::employee::EmploymentKind::Pppk | super::employee::EmploymentKind::PppkPartTime => {
            if jp > quota.pppk_ceiling {
                JpStanding::Over { by: jp - quota.pppk_ceiling }
            } else {
                JpStanding::Within { left: quota.pppk_ceiling - jp }
            }
        }
        super::employee::EmploymentKind::Other => JpStanding::NoRule,
    }
}

impl Schema for Programme {
    const KIND: Kind = Kind::Programmes;
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

    fn label(&self) -> String {
        self.name.clone()
    }

    fn keys(&self) -> Vec<NaturalKey> {
        vec![NaturalKey::new("name", format!("{}|{}", self.name, self.r#type))]
    }

    fn references(&self) -> Vec<RecordId> {
        self.competency.into_iter().map(RecordId::from).collect()
    }

    fn check(&self) -> Vec<Fault> {
        if !self.r#type.is_empty() && !rules::TRAINING_TYPES.contains(&self.r#type.as_str()) {
            return vec![Fault::new("type", Reason::TypeUnknown)];
        }
        Vec::new()
    }
}

impl Schema for Session {
    const KIND: Kind = Kind::Sessions;
    const FIELDS: &'static [Field] = &[
        Field::new("programme", Shape::Reference(Kind::Programmes)).required(),
        Field::new("start", Shape::Date).required(),
        Field::new("end", Shape::Date).required(),
        Field::new("provider", Shape::Text),
        Field::new("place", Shape::Text),
        Field::new("jp", Shape::Whole { min: 0, max: JP_MAX }),
        Field::new("capacity", Shape::Whole { min: 1, max: 10_000 }),
        Field::new("cancelled", Shape::Flag),
    ];

    fn label(&self) -> String {
        let date = |date: Option<NaiveDate>| date.map_or_else(String::new, |date| date.to_string());
        format!("{} {}", RecordId::from(self.programme), date(self.start))
    }

    fn keys(&self) -> Vec<NaturalKey> {
        let date = |date: Option<NaiveDate>| date.map_or_else(String::new, |date| date.to_string());
        vec![NaturalKey::new(
            "programme",
            format!(
                "{}|{}|{}|{}|{}",
                self.programme.0,
                date(self.start),
                date(self.end),
                self.provider,
                self.place
            ),
        )]
    }

    fn references(&self) -> Vec<RecordId> {
        vec![self.programme.into()]
    }

    fn check(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if let (Some(start), Some(end)) = (self.start, self.end) {
            if end < start {
                faults.push(Fault::new("end", Reason::DateOrder));
            } else if (end - start).num_days() >= DAYS_MAX as i64 {
                faults.push(Fault::with("end", Reason::OutOfRange, DAYS_MAX));
            }
        }
        faults
    }
}

impl Schema for Enrolment {
    const KIND: Kind = Kind::Enrolments;
    const FIELDS: &'static [Field] = &[
        Field::new("session", Shape::Reference(Kind::Sessions)).required(),
        Field::new("employee", Shape::Reference(Kind::Employees)).required(),
        Field::new("attendance", Shape::List),
        Field::new("jp", Shape::Whole { min: 0, max: JP_MAX }),
        Field::new("note", Shape::Text),
    ];

    fn label(&self) -> String {
        format!("{} {}", RecordId::from(self.session), RecordId::from(self.employee))
    }

    fn keys(&self) -> Vec<NaturalKey> {
        vec![NaturalKey::new("employee", format!("{}|{}", self.session.0, self.employee.0))]
    }

    fn references(&self) -> Vec<RecordId> {
        vec![self.session.into(), self.employee.into()]
    }

    fn scope(&self) -> Scope {
        Scope::Person(self.employee)
    }

    fn check(&self) -> Vec<Fault> {
        if self.attendance.len() > DAYS_MAX {
            return vec![Fault::with("attendance", Reason::OutOfRange, DAYS_MAX)];
        }
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::kinds::employee::EmploymentKind;

    fn session(start: &str, end: &str) -> Session {
        Session {
            start: start.parse().ok(),
            end: end.parse().ok(),
            jp: Some(24),
            ..Session::default()
        }
    }

    #[test]
    fn jp_is_earned_once_enough_days_are_ticked() {
        let session = session("2026-03-20", "2026-03-24");
        let mut enrolment = Enrolment::default();
        assert_eq!(enrolment.earned(&session, None, 80), 0);
        enrolment.attendance = vec![Some(Presence::Present); 3];
        assert_eq!(enrolment.earned(&session, None, 80), 0);
        enrolment.attendance.push(Some(Presence::Present));
        assert_eq!(enrolment.earned(&session, None, 80), 24);
    }

    #[test]
    fn a_stated_jp_stands_and_a_cancelled_session_earns_nothing() {
        let mut session = session("2026-03-20", "2026-03-20");
        let enrolment = Enrolment { jp: Some(6), ..Enrolment::default() };
        assert_eq!(enrolment.earned(&session, None, 80), 6);
        session.cancelled = true;
        assert_eq!(enrolment.earned(&session, None, 80), 0);
    }

    #[test]
    fn the_year_of_the_last_day_takes_the_jp() {
        assert_eq!(session("2025-12-30", "2026-01-02").year(), Some(2026));
    }

    #[test]
    fn a_pns_has_a_floor_and_a_pppk_a_ceiling() {
        assert_eq!(standing(EmploymentKind::Pns, 12), JpStanding::Below { missing: 8 });
        assert_eq!(standing(EmploymentKind::Pns, 20), JpStanding::Reached);
        assert_eq!(standing(EmploymentKind::Pppk, 12), JpStanding::Within { left: 12 });
        assert_eq!(standing(EmploymentKind::PppkPartTime, 30), JpStanding::Over { by: 6 });
        assert_eq!(standing(EmploymentKind::Other, 0), JpStanding::NoRule);
    }

    #[test]
    fn a_session_that_ends_before_it_starts_is_refused() {
        let faults =
            Session { programme: ProgrammeId(1000), ..session("2026-03-20", "2026-03-19") }.check();
        assert_eq!(faults[0].reason, Reason::DateOrder);
    }
}
