//! JP by month: what the sessions that ended in each month of this year have earned those who
//! were there.

use chrono::Datelike;

use super::Scope;
use crate::office::views::row::RosterRow;

/// January first.
pub(super) fn jp(scope: &Scope) -> [u32; 12] {
    let catalog = &scope.state.catalog;
    let least = catalog.attendance_min();
    let mut months = [0_u32; 12];
    for (id, session) in scope.sessions.iter().copied() {
        let Some(end) = session.last_day() else { continue };
        if end.year() != scope.today.year() {
            continue;
        }
        let programme_jp = catalog.programme(session.programme).and_then(|row| row.jp);
        let works_here =
            |person: u32| scope.state.roster.get(person).is_some_and(RosterRow::is_active);
        let earned = scope
            .turnout(id)
            .filter(|(person, _)| works_here(*person))
            .map(|(_, turnout)| u32::from(turnout.earned(session, programme_jp, least)));
        months[end.month0() as usize] += earned.sum::<u32>();
    }
    months
}
