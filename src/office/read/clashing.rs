//! Clashing: people who are to be in two places at once, by the sessions that are not over.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::domain::kinds::session::Session;
use crate::domain::record::SessionId;
use crate::office::views::number_set::NumberSet;
use crate::office::views::state::State;

/// Who is in two places at once, of which version and day.
pub(in crate::office) type LastClashing = ((u64, NaiveDate), Arc<NumberSet>);

impl State {
    /// Of each coming session, by its first day, who is in a later one that meets it; those it
    /// does not meet with anybody are left out.
    pub(in crate::office) fn clashing(&self) -> Vec<(SessionId, BTreeSet<u32>)> {
        let coming = self.coming();
        let mut found = Vec::new();
        for (at, (id, session)) in coming.iter().enumerate() {
            let mut people: Option<BTreeSet<u32>> = None;
            let mut clashing = BTreeSet::new();
            // What begins after this one has ended cannot meet it.
            let end = session.last_day();
            for (other, meets) in coming[at + 1..].iter().take_while(|(_, one)| one.start <= end) {
                if session.meets(meets) {
                    let people = people.get_or_insert_with(|| self.roster.roll(*id).collect());
                    clashing.extend(self.roster.roll(*other).filter(|one| people.contains(one)));
                }
            }
            if !clashing.is_empty() {
                found.push((*id, clashing));
            }
        }
        found
    }

    /// Everybody who is in two coming sessions that meet, kept until anything changes.
    pub(in crate::office) fn clashing_people(&self) -> Arc<NumberSet> {
        let of = (self.version, self.today);
        let mut last = self.last_clashing.borrow_mut();
        if let Some((_, people)) = last.as_ref().filter(|(then, _)| *then == of) {
            return Arc::clone(people);
        }
        let people = self.clashing().into_iter().flat_map(|(_, people)| people);
        Arc::clone(&last.insert((of, Arc::new(NumberSet::of(people)))).1)
    }

    /// Sessions that are held and not over, by their first day.
    fn coming(&self) -> Vec<(SessionId, &Session)> {
        let over = |session: &Session| session.last_day().is_none_or(|end| end < self.today);
        let all = self.catalog.sessions.iter();
        let mut coming: Vec<_> = all
            .map(|(number, (_, session))| (SessionId(*number), session))
            .filter(|(_, session)| !session.cancelled && !over(session))
            .collect();
        coming.sort_by_key(|(id, session)| (session.start, id.0));
        coming
    }
}
