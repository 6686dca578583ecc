//! Levels keyed in this sitting: what stands beside each of them (source, rater, date,
//! method), which are still on their way to the disk, and which entries would withdraw
//! them. A keyed level shows at once and stays on top of the office's answers until one
//! that knows of it arrives. Knows no screen and asks nothing.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::domain::kinds::competency::Level;
use crate::domain::kinds::rating::{Rating, RatingSource};
use crate::domain::record::{CompetencyId, EmployeeId};

/// Where the cursor goes after a level has been keyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advance {
    /// Along the row, and from its end to the start of the next one.
    Across,
    /// Down the column.
    Down,
}

/// What is written beside every level keyed from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyedWith {
    pub source: RatingSource,
    pub rater: String,
    /// `None` is today, whatever day that is when a level is keyed.
    pub date: Option<NaiveDate>,
    pub method: String,
    pub advance: Advance,
    /// The officer has seen all this and said yes.
    pub confirmed: bool,
}

impl Default for KeyedWith {
    fn default() -> Self {
        Self {
            source: RatingSource::Superior,
            rater: String::new(),
            date: None,
            method: String::new(),
            advance: Advance::Across,
            confirmed: false,
        }
    }
}

impl KeyedWith {
    pub fn rating(&self, place: KeyedPlace, level: Level, today: NaiveDate) -> Rating {
        Rating {
            employee: place.employee,
            competency: place.competency,
            level,
            source: Some(self.source),
            rater: self.rater.clone(),
            date: Some(self.date.unwrap_or(today)),
            method: self.method.clone(),
            evidence: String::new(),
        }
    }
}

/// A cell of the matrix by what it is about, wherever it stands on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyedPlace {
    pub employee: EmployeeId,
    pub competency: CompetencyId,
}

/// How far a keyed level has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyedState {
    /// Not yet confirmed to be on the disk.
    Waiting,
    /// On the disk, as this entry.
    Saved(u64),
}

#[derive(Clone, Copy, Debug)]
struct Keyed {
    number: u32,
    place: KeyedPlace,
    level: Level,
    progress: KeyedState,
    /// To be taken back as soon as it is saved.
    withdrawn: bool,
}

#[derive(Debug, Default)]
pub struct Ledger {
    /// In the order in which they were keyed.
    keyed: Vec<Keyed>,
    last_number: u32,
    /// The entries of this sitting for each cell, oldest first.
    entries: BTreeMap<KeyedPlace, Vec<u64>>,
    refused: BTreeSet<KeyedPlace>,
}

impl Ledger {
    /// Notes a level; the number names it when the office answers.
    pub fn key(&mut self, place: KeyedPlace, level: Level) -> u32 {
        self.last_number += 1;
        self.refused.remove(&place);
        let number = self.last_number;
        let progress = KeyedState::Waiting;
        self.keyed.push(Keyed { number, place, level, progress, withdrawn: false });
        number
    }

    /// It is on the disk; `None` when nothing differed. Returns the entry to take back if
    /// the officer withdrew the level meanwhile.
    pub fn saved(&mut self, number: u32, entry: Option<u64>) -> Option<u64> {
        let keyed = self.keyed.iter_mut().find(|keyed| keyed.number == number)?;
        keyed.progress = KeyedState::Saved(entry.unwrap_or(0));
        let entry = entry?;
        if keyed.withdrawn {
            return Some(entry);
        }
        let place = keyed.place;
        self.entries.entry(place).or_default().push(entry);
        None
    }

    /// It was not saved: the cell shows again what stood before, with a mark.
    pub fn refuse(&mut self, number: u32) {
        if let Some(at) = self.keyed.iter().position(|keyed| keyed.number == number) {
            let place = self.keyed.remove(at).place;
            self.refused.insert(place);
        }
    }

    /// The level keyed last for this cell, while the office's answers may not know it yet.
    pub fn level(&self, place: KeyedPlace) -> Option<(Level, KeyedState)> {
        let mine = self.keyed.iter().rev().find(|keyed| keyed.place == place && !keyed.withdrawn);
        mine.map(|keyed| (keyed.level, keyed.progress))
    }

    pub fn was_refused(&self, place: KeyedPlace) -> bool {
        self.refused.contains(&place)
    }

    /// How many are not on the disk yet.
    pub fn waiting(&self) -> usize {
        self.keyed.iter().filter(|keyed| keyed.progress == KeyedState::Waiting).count()
    }

    /// An answer that knows everything up to `entry` is shown: what was saved by then need
    /// not stand on top of it any longer. Returns what was, the last of each cell last.
    pub fn settle(&mut self, entry: u64) -> Vec<(KeyedPlace, Level)> {
        let settled =
            |keyed: &Keyed| matches!(keyed.progress, KeyedState::Saved(at) if at <= entry);
        let gone = self.keyed.iter().filter(|keyed| settled(keyed) && !keyed.withdrawn);
        let gone = gone.map(|keyed| (keyed.place, keyed.level)).collect();
        self.keyed.retain(|keyed| !settled(keyed));
        gone
    }

    pub fn can_withdraw(&self, place: KeyedPlace) -> bool {
        self.entries.contains_key(&place) || self.level(place).is_some()
    }

    /// Withdraws what was keyed for this cell: the entries to take back, latest first.
    /// Levels still on their way are taken back once they are saved.
    pub fn withdraw(&mut self, place: KeyedPlace) -> Vec<u64> {
        for keyed in self.keyed.iter_mut().filter(|keyed| keyed.place == place) {
            keyed.withdrawn = true;
        }
        let mut entries = self.entries.remove(&place).unwrap_or_default();
        entries.reverse();
        entries
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: KeyedPlace =
        KeyedPlace { employee: EmployeeId(1001), competency: CompetencyId(1) };

    fn level(level: u8) -> Level {
        Level::new(level).unwrap()
    }

    #[test]
    fn the_last_digit_shows_until_an_answer_knows_of_it() {
        let mut ledger = Ledger::default();
        let first = ledger.key(PLACE, level(2));
        let second = ledger.key(PLACE, level(3));
        ledger.saved(first, Some(7));
        assert_eq!(ledger.settle(7), [(PLACE, level(2))]);
        assert_eq!(ledger.level(PLACE), Some((level(3), KeyedState::Waiting)));
        ledger.saved(second, Some(8));
        assert!(ledger.settle(7).is_empty());
        assert_eq!(ledger.level(PLACE), Some((level(3), KeyedState::Saved(8))));
        assert_eq!(ledger.settle(8), [(PLACE, level(3))]);
        assert_eq!(ledger.level(PLACE), None);
    }

    #[test]
    fn a_refused_level_leaves_what_stood_before_and_a_mark_until_it_is_keyed_again() {
        let mut ledger = Ledger::default();
        let number = ledger.key(PLACE, level(2));
        ledger.refuse(number);
        assert_eq!(ledger.level(PLACE), None);
        assert!(ledger.was_refused(PLACE));
        ledger.key(PLACE, level(2));
        assert!(!ledger.was_refused(PLACE));
    }

    #[test]
    fn withdrawing_takes_back_every_entry_of_the_cell_latest_first_also_one_on_its_way() {
        let mut ledger = Ledger::default();
        for (digit, entry) in [(2, 7), (3, 8)] {
            let number = ledger.key(PLACE, level(digit));
            ledger.saved(number, Some(entry));
        }
        let late = ledger.key(PLACE, level(4));
        assert_eq!(ledger.withdraw(PLACE), [8, 7]);
        assert_eq!(ledger.level(PLACE), None);
        assert_eq!(ledger.saved(late, Some(9)), Some(9));
        assert!(!ledger.can_withdraw(PLACE));
    }
}
