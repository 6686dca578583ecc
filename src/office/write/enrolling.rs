//! Enrolling: who takes part in a session, and who was there on which day. Planned like every
//! other change; nobody is enrolled twice, and a day to come cannot be marked.

use std::collections::{BTreeMap, HashSet};

use super::plan::{Planner, Stop};
use crate::domain::change::Change;
use crate::domain::fault::{Fault, Reason};
use crate::domain::kinds::enrolment::{Enrolment, Presence};
use crate::domain::record::{EmployeeId, Kind, RecordId, Revision, SessionId};
use crate::protocol::Problem;
use crate::store::StoreError;

impl Planner<'_> {
    /// Enrols people who are not yet in the session.
    pub fn enrol(
        &mut self,
        session: SessionId,
        people: &[EmployeeId],
    ) -> Result<Vec<Change>, Stop> {
        if self.state.catalog.session(session).is_none() {
            return Err(Problem::NotFound.into());
        }
        let already: HashSet<u32> = self.state.roster.roll(session).collect();
        let mut seen = HashSet::new();
        let mut changes = Vec::new();
        for employee in people {
            if !self.state.stands(self.rights, (*employee).into())? {
                return Err(Problem::NotFound.into());
            }
            if already.contains(&employee.0) || !seen.insert(employee.0) {
                continue;
            }
            let number = self.numbers.next(self.state, Kind::Enrolments);
            let enrolment = Enrolment { session, employee: *employee, ..Enrolment::default() };
            changes.push(Change {
                id: RecordId::new(Kind::Enrolments, number),
                base: Revision(0),
                after: Some(enrolment.into()),
            });
        }
        self.permit(&changes)?;
        Ok(changes)
    }

    fn enrolment(
        &self,
        session: SessionId,
        employee: EmployeeId,
    ) -> Result<Option<(u32, Revision, Enrolment)>, StoreError> {
        if !self.state.reaches(self.rights, employee.0) {
            return Ok(None);
        }
        let pack = self.state.pack(employee)?;
        let found = pack.of::<Enrolment>().find(|(_, _, row)| row.session == session);
        Ok(found.map(|(number, rev, row)| (number, rev, row.clone())))
    }

    pub fn unenrol(
        &mut self,
        session: SessionId,
        people: &[EmployeeId],
    ) -> Result<Vec<Change>, Stop> {
        let mut changes = Vec::new();
        let mut seen = HashSet::new();
        for employee in people.iter().filter(|employee| seen.insert(**employee)) {
            if let Some((number, base, _)) = self.enrolment(session, *employee)? {
                let id = RecordId::new(Kind::Enrolments, number);
                changes.push(Change { id, base, after: None });
            }
        }
        self.permit(&changes)?;
        Ok(changes)
    }

    /// Marks attendance day by day.
    pub fn attend(
        &mut self,
        session: SessionId,
        marks: &[(EmployeeId, u16, Option<Presence>)],
    ) -> Result<Vec<Change>, Stop> {
        let held = self.state.catalog.session(session).ok_or(Problem::NotFound)?;
        let days = held.days();
        let mut people: BTreeMap<EmployeeId, Vec<(u16, Option<Presence>)>> = BTreeMap::new();
        for (employee, day, mark) in marks {
            people.entry(*employee).or_default().push((*day, *mark));
        }
        let mut changes = Vec::new();
        for (employee, marks) in people {
            let Some((number, base, before)) = self.enrolment(session, employee)? else {
                return Err(Problem::NotFound.into());
            };
            if marks.iter().any(|(day, mark)| mark.is_some() && self.is_to_come(held, *day)) {
                let fault = Fault::new("attendance", Reason::DateFuture);
                return Err(Problem::Invalid(vec![(0, fault)]).into());
            }
            let mut after = before.clone();
            after.attendance.resize(days, None);
            for (day, mark) in marks {
                let Some(slot) = after.attendance.get_mut(usize::from(day)) else {
                    return Err(Problem::NotFound.into());
                };
                *slot = mark;
            }
            while after.attendance.last() == Some(&None) {
                after.attendance.pop();
            }
            if after != before {
                let id = RecordId::new(Kind::Enrolments, number);
                changes.push(Change { id, base, after: Some(after.into()) });
            }
        }
        self.permit(&changes)?;
        Ok(changes)
    }
}
