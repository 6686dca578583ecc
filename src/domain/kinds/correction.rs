//! Correction request (permintaan perbaikan): somebody asks that what the office holds
//! about them be set right (UU 27/2022 Pasal 6 and 30). It is to be answered within hours,
//! not days, so its moments are kept with their time; what is left is worked out when it
//! is shown. The office stamps what the officer leaves empty.

use chrono::{DateTime, FixedOffset, SubsecRound, Utc};
use serde::{Deserialize, Serialize};

use super::position::codes;
use crate::domain::belongs::{Belongs, Home, Writers};
use crate::domain::column::{Column, text};
use crate::domain::fault::{Fault, Reason};
use crate::domain::field::{Erasure, Field, Shape};
use crate::domain::record::{EmployeeId, Kind, NaturalKey, Schema};

codes! {
    /// What has become of a request.
    #[derive(Default)]
    CorrectionStatus {
        #[default]
        Open = "open",
        /// The data stand as was asked.
        Done = "done",
        /// They stay as they are, and the answer says why.
        Refused = "refused",
    }
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Correction {
    /// Who asks.
    pub employee: EmployeeId,
    /// What is wrong, in their words.
    pub subject: String,
    /// How it should stand.
    pub wanted: String,
    /// When the request reached the office; when it was written down unless said.
    pub received: Option<DateTime<Utc>>,
    pub status: CorrectionStatus,
    /// What the person is told.
    pub answer: String,
    /// When it was answered; when that was written down unless said.
    pub closed: Option<DateTime<Utc>>,
}

impl Correction {
    /// When it was received, if it still waits for its answer.
    pub fn waits_since(&self) -> Option<DateTime<Utc>> {
        self.received.filter(|_| self.status == CorrectionStatus::Open)
    }
}

impl Schema for Correction {
    const BELONGS: Belongs<Self> = Belongs::Person(|request| request.employee);
    const HOME: Home = Home::WithPerson;
    const WRITERS: Writers = Writers::WithinReach;
    const CALLED: &'static [&'static str] = &["permintaan perbaikan"];
    // A right is asked for and answered all the same.
    const EVEN_RESTRICTED: bool = true;
    // Of somebody erased it stays that a request was answered, and in time. What it was about
    // is words.
    const FIELDS: &'static [Field] = &[
        Field::new("employee", Shape::Reference(Kind::Employees)).required().kept(),
        Field::new("subject", Shape::Text).required().personal().erased(Erasure::Dash),
        Field::new("wanted", Shape::LongText).required().personal().erased(Erasure::Dash),
        Field::new("received", Shape::Moment).past().kept(),
        Field::new("status", Shape::Choice(CorrectionStatus::CODES)).required().kept(),
        Field::new("answer", Shape::LongText).personal().erased(Erasure::Dash),
        Field::new("closed", Shape::Moment).past().kept(),
    ];
    // `deadline` and `left` are worked out when they are asked for.
    const COLUMNS: &'static [Column] = &[
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

    fn label(&self) -> String {
        self.subject.clone()
    }

    fn keys(&self) -> Vec<NaturalKey> {
        Vec::new()
    }

    fn check(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.status == CorrectionStatus::Refused && self.answer.trim().is_empty() {
            faults.push(Fault::new("answer", Reason::Required));
        }
        let open = self.status == CorrectionStatus::Open;
        if !open && self.closed.zip(self.received).is_some_and(|(closed, from)| closed < from) {
            faults.push(Fault::new("closed", Reason::DateOrder));
        }
        faults
    }

    /// Fills in the moments nobody gave; one that is open again has not been answered.
    fn stamp(&mut self, now: DateTime<FixedOffset>) {
        let now = now.to_utc().trunc_subsecs(0);
        self.received.get_or_insert(now);
        if self.status == CorrectionStatus::Open {
            self.closed = None;
        } else {
            self.closed.get_or_insert(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> DateTime<Utc> {
        text.parse().expect("a moment")
    }

    #[test]
    fn what_nobody_says_is_stamped_and_what_was_said_stays() {
        let now = moment("2026-11-22T01:02:03.456Z");
        let mut request = Correction::default();
        request.stamp(now.into());
        assert_eq!(request.received, Some(moment("2026-11-22T01:02:03Z")));
        assert_eq!(request.closed, None);
        request.status = CorrectionStatus::Done;
        request.stamp(moment("2026-11-22T02:00:00Z").into());
        request.stamp(moment("2026-11-22T03:00:00Z").into());
        assert_eq!(request.closed, Some(moment("2026-11-22T02:00:00Z")));
        request.status = CorrectionStatus::Open;
        request.stamp(now.into());
        assert_eq!(request.closed, None, "one that is open again has not been answered");
    }

    #[test]
    fn who_is_refused_is_told_why() {
        let refused = Correction { status: CorrectionStatus::Refused, ..Correction::default() };
        assert_eq!(refused.check(), [Fault::new("answer", Reason::Required)]);
    }
}
