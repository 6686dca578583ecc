//! How many lines of the screen each part of home has, and which of its tasks, units and
//! sessions are in sight. What there is to do comes first, then the units; what is left over
//! makes the months higher, names more sessions, then units further down.

use std::ops::Range;

use crate::domain::record::SessionId;
use crate::protocol::{Door, HomePage};

/// A line one can stand on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spot {
    Figures,
    Task(usize),
    Unit(usize),
    /// The competency in which most are below standard.
    Worst,
    /// The JP of the year, month by month.
    Months,
    Session(usize),
}

/// What stands on such a line, by which it is found again when others come above it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Thing {
    Figures,
    Task(String, Door),
    /// What finds the people of a unit.
    Unit(String),
    Worst,
    Months,
    Session(SessionId),
}

impl Thing {
    pub fn of(home: &HomePage, spot: Spot) -> Self {
        match spot {
            Spot::Figures => Self::Figures,
            Spot::Task(at) => Self::Task(home.tasks[at].what.clone(), home.tasks[at].opens.clone()),
            Spot::Unit(at) => Self::Unit(home.units[at].search.clone()),
            Spot::Worst => Self::Worst,
            Spot::Months => Self::Months,
            Spot::Session(at) => Self::Session(home.sessions[at].id),
        }
    }
}

/// All of them, from the top down.
pub(super) fn spots(home: &HomePage) -> Vec<Spot> {
    let tasks = (0..home.tasks.len()).map(Spot::Task);
    let units = (0..home.units.len()).map(Spot::Unit);
    let worst = worst(home).map(|_| Spot::Worst);
    let sessions = (0..home.sessions.len()).map(Spot::Session);
    let of_people = std::iter::once(Spot::Figures).chain(tasks).chain(units).chain(worst);
    of_people.chain(std::iter::once(Spot::Months)).chain(sessions).collect()
}

/// The place of the competency in which most people are below standard, and how many.
pub(super) fn worst(home: &HomePage) -> Option<(usize, u32)> {
    let below = home.below_by_competency.iter().copied().enumerate();
    // Of equals the first.
    let most = below.rev().max_by_key(|(_, people)| *people)?;
    Some(most).filter(|(_, people)| *people > 0)
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub tasks: Range<usize>,
    pub units: Range<usize>,
    /// Lines of the picture of the months.
    pub months: u16,
    pub sessions: Range<usize>,
}

/// Figures, three headings, the competency with most, the line under the months.
const FIXED: u16 = 6;
/// Lines of the months before more sessions are named, and with all the room there is.
const MONTHS: usize = 4;
const MONTHS_MAX: usize = 16;

impl Layout {
    /// `line` is where the cursor is, among [`spots`].
    pub fn of(home: &HomePage, height: u16, line: usize) -> Self {
        let room = usize::from(height.saturating_sub(FIXED + 1));
        let sessions = home.sessions.len().min((room / 6).max(1));
        let tasks = home.tasks.len().max(1).min((room * 2 / 5).max(1));
        let near = home.units.iter().filter(|unit| !unit.deeper).count();
        let units = near.min(room.saturating_sub(tasks + sessions));
        let mut left = room.saturating_sub(tasks + sessions + units);
        let mut take = |most: usize| {
            let taken = most.min(left);
            left -= taken;
            taken
        };
        let more = take(home.tasks.len().saturating_sub(tasks));
        let months = 1 + take(MONTHS - 1);
        let sessions = sessions + take(home.sessions.len().saturating_sub(sessions));
        let units = units + take(home.units.len().saturating_sub(near));
        let months = months + take(MONTHS_MAX - MONTHS);
        let here = spots(home).get(line).copied();
        let task = if let Some(Spot::Task(at)) = here { Some(at) } else { None };
        let unit = if let Some(Spot::Unit(at)) = here { Some(at) } else { None };
        let session = if let Some(Spot::Session(at)) = here { Some(at) } else { None };
        Self {
            tasks: window(home.tasks.len(), tasks + more, task),
            units: window(home.units.len(), units, unit),
            months: u16::try_from(months).unwrap_or(1),
            sessions: window(home.sessions.len(), sessions, session),
        }
    }
}

/// As many of `count` as fit, with the one under the cursor among them.
fn window(count: usize, fit: usize, at: Option<usize>) -> Range<usize> {
    let fit = fit.min(count);
    let start = at.map_or(0, |at| (at + 1).saturating_sub(fit)).min(count - fit);
    start..start + fit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_sight_holds_the_cursor_and_never_goes_past_the_end() {
        assert_eq!(window(10, 3, None), 0..3);
        assert_eq!(window(10, 3, Some(1)), 0..3);
        assert_eq!(window(10, 3, Some(5)), 3..6);
        assert_eq!(window(2, 5, Some(1)), 0..2);
        assert_eq!(window(0, 5, None), 0..0);
        assert_eq!(window(4, 0, Some(2)), 3..3);
    }
}
