//! Clashing: people who are to be in two places at once, by the sessions that are not over.

use std::collections::BTreeSet;

use crate::domain::kinds::session::Session;
use crate::domain::record::SessionId;
use crate::office::views::state::State;

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

    /// Whether one person is in two coming sessions that meet.
    pub(in crate::office) fn clashes(&self, person: u32) -> bool {
        let is_in =
            |(id, _): &(SessionId, &Session)| self.roster.roll(*id).any(|one| one == person);
        let theirs: Vec<_> = self.coming().into_iter().filter(is_in).collect();
        let meets = |at: usize| theirs[at + 1..].iter().any(|(_, one)| theirs[at].1.meets(one));
        (0..theirs.len()).any(meets)
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
