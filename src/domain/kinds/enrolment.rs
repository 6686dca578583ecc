//! Enrolment (peserta): who takes part in a session, on which days they came, and the JP it
//! earns them. How much attendance earns the JP is in no rule that was found: it is an
//! office setting.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::position::codes;
use super::session::{DAYS_MAX, Session};
use crate::domain::belongs::{Belongs, Home, Writers};
use crate::domain::column::{Column, figure, text};
use crate::domain::fault::{Fault, Reason};
use crate::domain::field::{Field, Shape};
use crate::domain::jp::JP_MAX;
use crate::domain::record::{EmployeeId, Kind, NaturalKey, RecordId, Schema, SessionId};

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

impl Enrolment {
    pub fn days_present(&self) -> usize {
        self.attendance.iter().filter(|day| **day == Some(Presence::Present)).count()
    }

    /// As it stood at the end of that day: without the marks of later days, and what a
    /// certificate states only once the session was over.
    #[must_use]
    pub fn by(&self, session: &Session, day: NaiveDate) -> Self {
        let days = session.start.map_or(0, |start| (day - start).num_days() + 1);
        let days = usize::try_from(days).unwrap_or(0);
        let over = session.last_day().is_some_and(|end| end <= day);
        Self {
            attendance: self.attendance.iter().take(days).copied().collect(),
            jp: self.jp.filter(|_| over),
            ..self.clone()
        }
    }

    /// JP this enrolment earns: what is stated, else the session's when the share of
    /// days present reaches `attendance_min` percent, else none.
    pub fn earned(&self, session: &Session, programme_jp: Option<u16>, attendance_min: u8) -> u16 {
        if session.cancelled {
            return 0;
        }
        let attended = || session.jp_for(self.days_present(), programme_jp, attendance_min);
        self.jp.unwrap_or_else(attended)
    }
}

/// An enrolment as short as it is counted: in memory there is one for everybody enrolled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turnout {
    days: u16,
    /// Up to which of its days attendance is noted, counted from the first.
    noted: u16,
    /// The JP that is stated, if any is.
    stated: Option<u16>,
}

impl Turnout {
    pub fn of(enrolment: &Enrolment) -> Self {
        Self {
            days: u16::try_from(enrolment.days_present()).unwrap_or(u16::MAX),
            noted: {
                let last = enrolment.attendance.iter().rposition(Option::is_some);
                last.map_or(0, |last| u16::try_from(last + 1).unwrap_or(u16::MAX))
            },
            stated: enrolment.jp,
        }
    }

    /// Whether anything is known of their attendance.
    pub const fn is_noted(self) -> bool {
        self.noted > 0
    }

    /// Whether it is by the end of this day of the session, the first being 1. A certificate
    /// that states their JP says that they were there.
    pub const fn is_noted_by(self, day: u16) -> bool {
        self.noted >= day || self.stated.is_some()
    }

    /// Whether they were there on any day.
    pub const fn came(self) -> bool {
        self.days > 0
    }

    /// JP the enrolment earns, as [`Enrolment::earned`].
    pub fn earned(self, session: &Session, programme_jp: Option<u16>, attendance_min: u8) -> u16 {
        if session.cancelled {
            return 0;
        }
        let attended = || session.jp_for(self.days.into(), programme_jp, attendance_min);
        self.stated.unwrap_or_else(attended)
    }
}

impl Schema for Enrolment {
    const BELONGS: Belongs<Self> = Belongs::Person(|enrolment| enrolment.employee);
    const HOME: Home = Home::WithPerson;
    const WRITERS: Writers = Writers::WithinReach;
    const CALLED: &'static [&'static str] = &["peserta"];
    // Of somebody erased JP by year stays, by the rule of attendance or as stated. Why it was
    // stated is words.
    const FIELDS: &'static [Field] = &[
        Field::new("session", Shape::Reference(Kind::Sessions)).required().kept(),
        Field::new("employee", Shape::Reference(Kind::Employees)).required().kept(),
        Field::new("attendance", Shape::List).kept(),
        Field::new("jp", Shape::Whole { min: 0, max: JP_MAX }).kept(),
        Field::new("note", Shape::Text),
    ];
    const COLUMNS: &'static [Column] = &[
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

    fn label(&self) -> String {
        format!("{} {}", RecordId::from(self.session), RecordId::from(self.employee))
    }

    fn keys(&self) -> Vec<NaturalKey> {
        vec![NaturalKey::new("employee", format!("{}|{}", self.session.0, self.employee.0))]
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
    fn the_short_form_earns_where_the_enrolment_does() {
        let held = session("2026-03-20", "2026-03-24");
        let none = Session { jp: Some(0), ..held.clone() };
        let cancelled = Session { cancelled: true, ..held.clone() };
        for (days, jp) in (0..=5).flat_map(|days| [None, Some(0), Some(6)].map(|jp| (days, jp))) {
            let attendance = vec![Some(Presence::Present); days];
            let enrolment = Enrolment { attendance, jp, ..Enrolment::default() };
            let short = Turnout::of(&enrolment);
            for session in [&held, &none, &cancelled] {
                for min in [0, 50, 80, 100] {
                    let earned = enrolment.earned(session, Some(12), min);
                    assert_eq!(short.earned(session, Some(12), min), earned, "{enrolment:?}");
                }
            }
            assert_eq!((short.came(), short.is_noted()), (days > 0, days > 0));
        }
    }

    #[test]
    fn by_a_day_gone_by_only_what_had_been_earned_counts() {
        let session = session("2026-03-20", "2026-03-24");
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        let ticked =
            Enrolment { attendance: vec![Some(Presence::Present); 5], ..Enrolment::default() };
        let of = |enrolment: &Enrolment, on: &str| {
            enrolment.by(&session, day(on)).earned(&session, None, 80)
        };
        let days = ["2026-03-19", "2026-03-22", "2026-03-23", "2026-03-24"];
        assert_eq!(days.map(|on| of(&ticked, on)), [0, 0, 24, 24]);
        let stated = Enrolment { jp: Some(6), ..ticked };
        assert_eq!(days.map(|on| of(&stated, on)), [0, 0, 24, 6]);
        assert_eq!(stated.by(&session, day("2026-03-24")), stated);
    }

    #[test]
    fn a_stated_jp_stands_and_a_cancelled_session_earns_nothing() {
        let mut session = session("2026-03-20", "2026-03-20");
        let enrolment = Enrolment { jp: Some(6), ..Enrolment::default() };
        assert_eq!(enrolment.earned(&session, None, 80), 6);
        session.cancelled = true;
        assert_eq!(enrolment.earned(&session, None, 80), 0);
    }
}
