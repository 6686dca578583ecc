//! Session (jadwal pelatihan): one time a programme is held, from a first to a last day.

use chrono::{Datelike, Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::holiday::{Holiday, closed_on};
use super::programme::Programme;
use crate::domain::belongs::{Belongs, Home, Writers};
use crate::domain::column::{Column, figure, text};
use crate::domain::fault::{Fault, Reason};
use crate::domain::field::{Field, Shape};
use crate::domain::jp::JP_MAX;
use crate::domain::record::{Kind, NaturalKey, ProgrammeId, RecordId, Schema};
use crate::domain::rules::ClosedDay;

/// The most days a session lasts.
pub const DAYS_MAX: usize = 400;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Session {
    pub programme: ProgrammeId,
    #[serde(with = "crate::domain::day")]
    pub start: Option<NaiveDate>,
    #[serde(with = "crate::domain::day")]
    pub end: Option<NaiveDate>,
    pub provider: String,
    pub place: String,
    pub jp: Option<u16>,
    pub capacity: Option<u16>,
    pub cancelled: bool,
}

/// How a session stands on some day, in the order of an agenda.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionState {
    Running,
    Coming,
    Past,
    Cancelled,
}

impl SessionState {
    pub const CODES: [&str; 4] = ["running", "coming", "past", "cancelled"];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Coming => "coming",
            Self::Past => "past",
            Self::Cancelled => "cancelled",
        }
    }
}

/// Whether two stretches of days, from their first to their last, have one in common.
pub fn days_meet(one: (NaiveDate, NaiveDate), other: (NaiveDate, NaiveDate)) -> bool {
    one.0 <= other.1 && other.0 <= one.1
}

impl Session {
    pub fn state(&self, today: NaiveDate) -> SessionState {
        match (self.start, self.last_day()) {
            _ if self.cancelled => SessionState::Cancelled,
            (_, Some(end)) if end < today => SessionState::Past,
            (Some(start), _) if start <= today => SessionState::Running,
            _ => SessionState::Coming,
        }
    }

    /// Its place in an agenda of that day: by state, and within one what is nearest first.
    pub fn turn(&self, today: NaiveDate) -> (u8, i64) {
        let state = self.state(today);
        let days = self.start.map_or(0, |start| (start - today).num_days());
        let nearest = match state {
            SessionState::Running | SessionState::Coming => days,
            SessionState::Past | SessionState::Cancelled => -days,
        };
        (state as u8, nearest)
    }

    /// One that says no end ends on the day it begins.
    pub fn last_day(&self) -> Option<NaiveDate> {
        self.end.or(self.start)
    }

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

    /// Its days that are a holiday or joint leave; `own` are the office's.
    pub fn holidays(&self, own: &[Holiday]) -> Vec<ClosedDay> {
        let days = self.start.into_iter().flat_map(|start| start.iter_days().take(self.days()));
        days.flat_map(|day| closed_on(day, own)).collect()
    }

    /// JP for whoever was there on so many days: the session's own or its programme's, once
    /// they are `attendance_min` percent of all.
    pub fn jp_for(&self, present: usize, programme_jp: Option<u16>, attendance_min: u8) -> u16 {
        let days = self.days();
        let enough = days > 0 && present * 100 >= days * usize::from(attendance_min);
        if enough { self.jp.or(programme_jp).unwrap_or(0) } else { 0 }
    }

    /// Who holds it: whoever it says itself, else who holds the programme.
    pub fn provider<'a>(&'a self, programme: Option<&'a Programme>) -> &'a str {
        let programme = programme.map_or("", |programme| &programme.provider);
        if self.provider.is_empty() { programme } else { &self.provider }
    }

    /// The day its attendance mark stands for.
    pub fn day(&self, at: usize) -> Option<NaiveDate> {
        self.start?.checked_add_days(Days::new(at as u64))
    }

    /// Whether it is held on a day on which the other one is, too.
    pub fn meets(&self, other: &Self) -> bool {
        let span = |one: &Self| Some((one.start?, one.last_day()?));
        let (Some(days), Some(others)) = (span(self), span(other)) else { return false };
        !self.cancelled && !other.cancelled && days_meet(days, others)
    }

    /// The year its JP counts for: that of the last day.
    pub fn year(&self) -> Option<u16> {
        self.last_day().and_then(|date| u16::try_from(date.year()).ok())
    }
}

impl Schema for Session {
    const BELONGS: Belongs<Self> = Belongs::Office;
    const HOME: Home = Home::Table;
    const WRITERS: Writers = Writers::WhileUnshared;
    const CALLED: &'static [&'static str] = &["kegiatan pelatihan", "jadwal"];
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
    const COLUMNS: &'static [Column] = &[
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
        text("state", 10).asked(),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn session(start: &str, end: &str) -> Session {
        Session { start: start.parse().ok(), end: end.parse().ok(), ..Session::default() }
    }

    #[test]
    fn the_year_of_the_last_day_takes_the_jp() {
        assert_eq!(session("2025-12-30", "2026-01-02").year(), Some(2026));
    }

    #[test]
    fn an_agenda_lists_what_is_on_then_what_comes_then_what_was_and_last_what_is_cancelled() {
        let today = "2026-11-28".parse().expect("a day");
        let cancelled = Session { cancelled: true, ..session("2026-11-28", "2026-11-28") };
        let mut sessions = [
            cancelled,
            session("2026-01-05", "2026-01-06"),
            session("2026-12-25", "2026-12-26"),
            session("2026-11-26", "2026-11-27"),
            session("2026-12-04", "2026-12-04"),
            session("2026-11-27", "2026-11-28"),
        ];
        sessions.sort_by_key(|session| session.turn(today));
        let starts = sessions.map(|session| session.start.map(|day| day.to_string()));
        let order =
            ["2026-11-27", "2026-12-04", "2026-12-25", "2026-11-26", "2026-01-05", "2026-11-28"];
        assert_eq!(starts, order.map(|day| Some(day.to_string())));
    }

    #[test]
    fn a_session_that_ends_before_it_starts_is_refused() {
        let faults =
            Session { programme: ProgrammeId(1000), ..session("2026-03-20", "2026-03-19") }.check();
        assert_eq!(faults[0].reason, Reason::DateOrder);
    }
}
