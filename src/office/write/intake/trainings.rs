//! The ledger of trainings: rows of the same name, type, days and provider are one session
//! of one programme; who stands in it is enrolled with the JP it states.

use std::collections::HashMap;

use super::{Matching, Taken};
use crate::domain::fault::{Fault, Reason};
use crate::domain::intake::{RowFault, TrainingRow};
use crate::domain::jp::{JpStanding, year_of};
use crate::domain::kinds::enrolment::Enrolment;
use crate::domain::record::{EmployeeId, Record, Schema, SessionId};
use crate::office::views::row::RosterRow;
use crate::office::views::state::State;
use crate::office::write::plan::Planner;
use crate::store::StoreError;

impl Matching {
    pub(super) fn training(
        &mut self,
        planner: &mut Planner,
        line: u32,
        training: &TrainingRow,
    ) -> Result<Taken, StoreError> {
        let employee = match Self::subject(planner, &training.number)? {
            Ok(person) => person,
            Err(reason) => return Ok(Taken::refused("nip", reason)),
        };
        let state = planner.state;
        if training.end > state.today {
            return Ok(Taken::refused("end", Reason::DateFuture));
        }
        let mut changes = Vec::new();
        let sessions = self.named.sessions(state, planner.numbers, training, &mut changes);
        let session = self.session_of(state, employee, &sessions)?;
        *self.gathered.entry(session).or_default() += 1;
        let stated = Enrolment { jp: Some(training.jp), ..enrolled(session, employee) };
        let year = (employee.0, year_of(training.end));
        self.jp.at(year, line);
        let key = key_of(&stated);
        if self.seen.has(&key) {
            return Ok(Taken::unchanged(changes));
        }
        let before = self.held(state, employee, &key)?;
        let (after, earned) = match &before {
            Some((.., Record::Enrolment(known))) if known.jp == stated.jp => {
                return Ok(Taken::unchanged(changes));
            }
            Some((.., Record::Enrolment(known))) => {
                let held = state.catalog.session(session);
                let earned = held.map_or(0, |held| state.earned(known, held));
                (Enrolment { jp: stated.jp, ..known.clone() }, i64::from(earned))
            }
            _ => (stated, 0),
        };
        self.seen.add(self.seen.mark(&key), 0);
        self.jp.add(year, i64::from(training.jp) - earned);
        let name = state.roster.get(employee.0).map_or_else(String::new, RosterRow::full_name);
        let label = format!("{name} · {}", training.name);
        Ok(Taken::put(planner, before, after.into(), label, changes))
    }

    /// Of the sessions a row may be of, the one this person is in already; else the first.
    fn session_of(
        &mut self,
        state: &State,
        employee: EmployeeId,
        sessions: &[SessionId],
    ) -> Result<SessionId, StoreError> {
        for session in sessions {
            let key = key_of(&enrolled(*session, employee));
            if sessions.len() > 1
                && (self.seen.has(&key) || self.held(state, employee, &key)?.is_some())
            {
                return Ok(*session);
            }
        }
        Ok(sessions.first().copied().unwrap_or_default())
    }

    /// How many rows share their session with another one, and how many sessions those are.
    pub fn gathered(&self) -> (u32, u32) {
        let shared = self.gathered.values().filter(|rows| **rows > 1);
        shared.fold((0, 0), |(rows, sessions), many| (rows + many, sessions + 1))
    }
}

fn enrolled(session: SessionId, employee: EmployeeId) -> Enrolment {
    Enrolment { session, employee, ..Enrolment::default() }
}

fn key_of(enrolment: &Enrolment) -> String {
    enrolment.keys().into_iter().next().map_or_else(String::new, |key| key.text)
}

/// JP by person and year that this import adds to what stood before.
#[derive(Default)]
pub(super) struct AddedJp(HashMap<(u32, u16), Added>);

#[derive(Default)]
struct Added {
    jp: Option<i64>,
    /// The last that was taken.
    line: u32,
}

impl AddedJp {
    fn at(&mut self, year: (u32, u16), line: u32) {
        self.0.entry(year).or_default().line = line;
    }

    fn add(&mut self, year: (u32, u16), jp: i64) {
        *self.0.entry(year).or_default().jp.get_or_insert(0) += jp;
    }

    /// PPPK who now have more JP in a year than their rule allows.
    pub fn over_ceiling(&self, state: &State) -> Vec<RowFault> {
        let quota = &state.rules().jp_quota;
        let mut warnings: Vec<RowFault> = Vec::new();
        for ((employee, year), Added { jp, line }) in &self.0 {
            let (Some(added), Some(row)) = (jp, state.roster.get(*employee)) else { continue };
            let total = u32::try_from(i64::from(row.jp_of(*year)) + added).unwrap_or(0);
            if let JpStanding::Over { .. } = quota.standing(row.kind, total) {
                let fault = Fault::with("jp", Reason::JpOverCeiling, total);
                warnings.push(RowFault { line: *line, fault });
            }
        }
        warnings.sort_by_key(|warning| warning.line);
        warnings
    }
}
