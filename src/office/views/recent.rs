//! Whose rows the latest entries touched, so that a screen that shows many is given again
//! only those that are otherwise. Of what is older, or touched more people than are
//! remembered here, nothing is known: then everything is given.

use std::collections::{BTreeSet, VecDeque};

/// Entries remembered, and the people of all of them together.
const ENTRIES_MAX: usize = 256;
const PEOPLE_MAX: usize = 4096;

#[derive(Default)]
pub(in crate::office) struct Recent {
    /// Everything since this entry is known.
    from: u64,
    entries: VecDeque<(u64, BTreeSet<u32>)>,
    people: usize,
}

impl Recent {
    /// Remembers what entry `seq` touched.
    pub fn note(&mut self, seq: u64, people: BTreeSet<u32>) {
        self.people += people.len();
        self.entries.push_back((seq, people));
        while self.people > PEOPLE_MAX || self.entries.len() > ENTRIES_MAX {
            let Some((seq, people)) = self.entries.pop_front() else { break };
            self.people -= people.len();
            self.from = seq;
        }
    }

    /// Anybody's row may be otherwise than an answer that stood at `seq` said.
    pub fn forget(&mut self, seq: u64) {
        *self = Self { from: seq.saturating_add(1), ..Self::default() };
    }

    /// Whose rows may be otherwise than an answer that stood at `seq` said, if that is known.
    pub fn since(&self, seq: u64) -> Option<BTreeSet<u32>> {
        let later = self.entries.iter().filter(|(entry, _)| *entry > seq);
        (seq >= self.from).then(|| later.flat_map(|(_, people)| people).copied().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_any_more_is_not_guessed() {
        let mut recent = Recent::default();
        recent.forget(4);
        assert_eq!(recent.since(4), None, "the day may have turned since");
        recent.note(5, BTreeSet::from([1]));
        recent.note(6, BTreeSet::from([2]));
        assert_eq!(recent.since(5), Some(BTreeSet::from([2])));
        assert_eq!(recent.since(6), Some(BTreeSet::new()));
        recent.note(7, (0..=PEOPLE_MAX as u32).collect());
        assert_eq!((recent.since(6), recent.since(7)), (None, Some(BTreeSet::new())));
    }
}
