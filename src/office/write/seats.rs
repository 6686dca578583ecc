//! Seats: what there is to say before people are enrolled (for whom there is no seat, who is
//! in another session on the same days), and what of a session cannot be known yet:
//! attendance and JP of days after today, where the office is.

use std::collections::BTreeMap;

use crate::domain::change::Change;
use crate::domain::fault::{Fault, Reason};
use crate::domain::kinds::enrolment::Enrolment;
use crate::domain::kinds::session::Session;
use crate::domain::record::{EmployeeId, Record, RecordId, SessionId};
use crate::office::write::plan::{Planner, Stop};
use crate::protocol::{Answer, Clash, EnrolQuestion};
use crate::store::StoreError;

/// Clashes one question names; the rest is counted.
const NAMED_MAX: usize = 5;

/// Somebody who is to have a seat.
struct Coming {
    person: EmployeeId,
    /// The seat the enrolment stood for until now, and whose it was.
    from: Option<(SessionId, EmployeeId)>,
}

impl Planner<'_> {
    /// Asks before people are enrolled beyond the seats, or in two places at once, also where an
    /// enrolment is moved to another session. Of those beyond the asker's reach no number is
    /// told but that of seats there are not.
    pub fn ask_for_seats(&self, changes: &[Change]) -> Result<(), Stop> {
        let mut coming: BTreeMap<SessionId, Vec<Coming>> = BTreeMap::new();
        for change in changes {
            let Some(Record::Enrolment(row)) = &change.after else { continue };
            let was = match self.state.get(change.id)?.map(|stored| stored.record) {
                Some(Record::Enrolment(was)) if change.base.0 > 0 => Some(was),
                _ => None,
            };
            if was
                .as_ref()
                .is_some_and(|was| (was.session, was.employee) == (row.session, row.employee))
            {
                continue;
            }
            let from = was.map(|was| (was.session, was.employee));
            coming.entry(row.session).or_default().push(Coming { person: row.employee, from });
        }
        for (session, people) in coming {
            if let Some(question) = self.question(session, &people) {
                return Err(Stop::Answer(Box::new(Answer::Asks(Box::new(question)))));
            }
        }
        Ok(())
    }

    fn question(&self, session: SessionId, people: &[Coming]) -> Option<EnrolQuestion> {
        let held = self.state.catalog.session(session)?;
        let given_up =
            people.iter().filter(|one| one.from.is_some_and(|(from, _)| from == session));
        let taken = self.state.roster.roll(session).count().saturating_sub(given_up.count());
        let over = held.capacity.map_or(0, |seats| {
            (taken + people.len()).saturating_sub(seats.into()).min(people.len())
        });
        // Told from who is in which session: nobody's records are read for it.
        let others = self.state.catalog.sessions.iter();
        let others =
            others.filter(|(number, (_, other))| **number != session.0 && other.meets(held));
        let left = |person: u32, other: SessionId| {
            people.iter().any(|one| one.from == Some((other, EmployeeId(person))))
        };
        let mut elsewhere: BTreeMap<u32, (SessionId, &Session)> = BTreeMap::new();
        for (number, (_, other)) in others {
            let other_id = SessionId(*number);
            for person in self.state.roster.roll(other_id).filter(|person| !left(*person, other_id))
            {
                elsewhere.entry(person).or_insert((other_id, other));
            }
        }
        let (mut clashes, mut clashing) = (Vec::new(), 0);
        for Coming { person, .. } in people {
            let Some((id, other)) = elsewhere.get(&person.0) else { continue };
            clashing += 1;
            if clashes.len() < NAMED_MAX {
                let row = Enrolment { session: *id, employee: *person, ..Enrolment::default() };
                let label = self.state.label(self.rights, &row.into());
                clashes.push(Clash { label, start: other.start, end: other.end });
            }
        }
        let question = EnrolQuestion {
            people: people.len() as u32,
            capacity: held.capacity,
            over: over as u32,
            clashes,
            clashing,
        };
        (question.over + question.clashing > 0).then_some(question)
    }

    /// Whether this day of a session is still to come.
    pub fn is_to_come(&self, held: &Session, day: u16) -> bool {
        held.day(day.into()).is_some_and(|day| day > self.state.today)
    }

    /// What an enrolment says of days to come, and an enrolment of a session that would be
    /// held on other days, beyond what it said before.
    pub fn ahead_of_days(
        &self,
        id: RecordId,
        record: &Record,
        before: Option<&Record>,
    ) -> Result<Vec<Fault>, StoreError> {
        let fault = |field: &str| Fault::new(field, Reason::DateFuture);
        match (record, before) {
            (Record::Enrolment(row), before) => {
                let Some(held) = self.state.catalog.session(row.session) else {
                    return Ok(Vec::new());
                };
                let known = match before {
                    Some(Record::Enrolment(known)) if known.session == row.session => Some(known),
                    _ => None,
                };
                let said = known.is_some_and(|known| known.attendance == row.attendance);
                let marks = !said && self.marks_to_come(held, row);
                let stated = known.is_some_and(|known| known.jp == row.jp);
                let jp = !stated && row.jp.is_some() && self.is_unfinished(held);
                let faults = [marks.then(|| fault("attendance")), jp.then(|| fault("jp"))];
                Ok(faults.into_iter().flatten().collect())
            }
            (Record::Session(held), Some(Record::Session(known)))
                if (held.start, held.end) != (known.start, known.end)
                    && self.is_unfinished(held) =>
            {
                let session = SessionId(id.number);
                for person in self.state.roster.roll(session) {
                    let pack = self.state.pack(EmployeeId(person))?;
                    let mut theirs =
                        pack.of::<Enrolment>().filter(|(.., row)| row.session == session);
                    if theirs.any(|(.., row)| row.jp.is_some() || self.marks_to_come(held, row)) {
                        return Ok(vec![fault("end")]);
                    }
                }
                Ok(Vec::new())
            }
            _ => Ok(Vec::new()),
        }
    }

    fn is_unfinished(&self, held: &Session) -> bool {
        held.last_day().is_some_and(|end| end > self.state.today)
    }

    fn marks_to_come(&self, held: &Session, row: &Enrolment) -> bool {
        let marked = row.attendance.iter().enumerate().filter(|(_, mark)| mark.is_some());
        marked.into_iter().any(|(day, _)| self.is_to_come(held, day as u16))
    }
}
