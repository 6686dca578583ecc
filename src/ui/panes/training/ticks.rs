//! Ticks on their way: what the officer marked in the attendance grid and the office has
//! not yet shown back. They lie over what the office last told, cell by cell, so that
//! ticking fast neither waits nor loses or misplaces a mark; a refused one simply goes,
//! and what lies beneath is seen again. Each tick is its own request: undo takes back one.

use crate::domain::kinds::enrolment::Presence;
use crate::domain::record::{EmployeeId, SessionId};
use crate::protocol::Request;
use crate::ui::effect::{Effect, Tag, step};

/// The name under which ticks are sent.
pub const TAG: &str = "training.tick";

/// How many requests may be unanswered: more means that the office is stuck.
const SENT_MAX: usize = 500;

/// One mark: who, which day (0 is the first), and what; `None` clears it.
pub type Mark = (EmployeeId, u16, Option<Presence>);

#[derive(Debug, Default)]
pub struct Ticks {
    number: u32,
    sent: Vec<Sent>,
}

#[derive(Debug)]
struct Sent {
    number: u32,
    session: SessionId,
    marks: Vec<Mark>,
    /// Once it is saved: the first question about attendance whose answer must have it.
    shown_by: Option<u32>,
}

impl Ticks {
    /// Sends marks; `None` when too many are still unanswered.
    pub fn send(&mut self, session: SessionId, marks: Vec<Mark>) -> Option<Effect> {
        if self.sent.len() >= SENT_MAX {
            return None;
        }
        self.number += 1;
        let request = Request::Attend { step: step(), session, marks: marks.clone() };
        self.sent.push(Sent { number: self.number, session, marks, shown_by: None });
        Some(Effect::ask(Tag::new(TAG, self.number), request))
    }

    /// The office has saved it; questions asked from `shown_by` on are answered with it.
    pub fn saved(&mut self, number: u32, shown_by: u32) {
        for sent in self.sent.iter_mut().filter(|sent| sent.number == number) {
            sent.shown_by = Some(shown_by);
        }
    }

    /// The office would not have it.
    pub fn refused(&mut self, number: u32) {
        self.sent.retain(|sent| sent.number != number);
    }

    /// Question `asked` about this session was answered and is on screen. Saved marks of
    /// other sessions are no longer seen by anyone.
    pub fn shown(&mut self, session: SessionId, asked: u32) {
        self.sent.retain(|sent| match sent.shown_by {
            Some(by) => sent.session == session && by > asked,
            None => true,
        });
    }

    /// The mark of a cell of which the office last told `stored`: what lies over it, if
    /// something does.
    pub fn seen(
        &self,
        session: SessionId,
        employee: EmployeeId,
        day: u16,
        stored: Option<Presence>,
    ) -> Option<Presence> {
        let here = self.sent.iter().rev().filter(|sent| sent.session == session);
        here.flat_map(|sent| sent.marks.iter().rev())
            .find(|(who, when, _)| *who == employee && *when == day)
            .map_or(stored, |(_, _, mark)| *mark)
    }

    /// Whether this cell has a mark the office has not confirmed.
    pub fn unconfirmed(&self, session: SessionId, employee: EmployeeId, day: u16) -> bool {
        let open =
            self.sent.iter().filter(|sent| sent.session == session && sent.shown_by.is_none());
        open.flat_map(|sent| &sent.marks).any(|(who, when, _)| *who == employee && *when == day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SESSION: SessionId = SessionId(1);
    const SITI: EmployeeId = EmployeeId(1001);

    fn tick(ticks: &mut Ticks, mark: Option<Presence>) -> u32 {
        assert!(ticks.send(SESSION, vec![(SITI, 0, mark)]).is_some());
        ticks.number
    }

    fn seen(ticks: &Ticks, stored: Option<Presence>) -> Option<Presence> {
        ticks.seen(SESSION, SITI, 0, stored)
    }

    #[test]
    fn a_tick_is_seen_until_the_office_shows_it() {
        let present = Some(Presence::Present);
        let mut ticks = Ticks::default();
        let number = tick(&mut ticks, present);
        assert_eq!(seen(&ticks, None), present);
        assert!(ticks.unconfirmed(SESSION, SITI, 0));
        ticks.saved(number, 4);
        assert!(!ticks.unconfirmed(SESSION, SITI, 0));
        // An answer to an older question may not have it yet.
        ticks.shown(SESSION, 3);
        assert_eq!(seen(&ticks, None), present);
        ticks.shown(SESSION, 4);
        assert_eq!(seen(&ticks, None), None);
    }

    #[test]
    fn of_two_ticks_on_one_cell_the_later_stands_and_a_refused_one_uncovers_the_earlier() {
        let (present, absent) = (Some(Presence::Present), Some(Presence::Absent));
        let mut ticks = Ticks::default();
        tick(&mut ticks, present);
        let second = tick(&mut ticks, None);
        assert_eq!(seen(&ticks, absent), None);
        ticks.refused(second);
        assert_eq!(seen(&ticks, absent), present);
        assert_eq!(ticks.seen(SessionId(2), SITI, 0, absent), absent);
    }

    #[test]
    fn an_office_that_never_answers_is_not_sent_marks_without_end() {
        let mut ticks = Ticks::default();
        let sent = (0..2 * SENT_MAX).filter(|_| ticks.send(SESSION, Vec::new()).is_some()).count();
        assert_eq!(sent, SENT_MAX);
    }
}
