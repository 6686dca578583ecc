//! Stretches: what the history has been looked through for once need not be looked through
//! again. Of every so many entries that were read in one piece it remembers who wrote them,
//! which kinds they touched, on which days, and which letters their reasons have: enough to
//! know that a stretch holds nothing of what is sought. Never packed, and never used for
//! whoever does not see everything: what it passes over would tell of what they do not.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::domain::change::Via;
use crate::domain::record::Kind;
use crate::domain::search::sound;
use crate::journal::Line;

/// Entries of a stretch.
pub(in crate::office) const LENGTH: u64 = 512;
/// Stretches remembered: two million entries.
const KNOWN_MAX: usize = 4096;
/// Officers of one stretch that are told apart.
const OFFICERS_MAX: usize = 12;
/// Letters that stand together in a reason.
const TOGETHER: usize = 3;

#[derive(Default)]
pub(in crate::office) struct Stretches(BTreeMap<u64, Gist>);

impl Stretches {
    pub fn gist(&self, stretch: u64) -> Option<&Gist> {
        self.0.get(&stretch)
    }

    pub fn learn(&mut self, stretch: u64, gist: Gist) {
        if self.0.len() >= KNOWN_MAX {
            self.0.clear();
        }
        self.0.insert(stretch, gist);
    }

    /// Lines say other things now.
    pub fn forget(&mut self) {
        self.0.clear();
    }
}

/// What a stretch is about.
#[derive(Default)]
pub(in crate::office) struct Gist {
    /// As search compares them; `None` where they are too many.
    officers: Option<Vec<Box<str>>>,
    /// A bit a kind; all of them where a large step does not say.
    kinds: u64,
    ways: Vec<Via>,
    days: Option<(NaiveDate, NaiveDate)>,
    /// A bit for each three letters of a reason, by their hash.
    reasons: [u64; 8],
}

impl Gist {
    pub fn new() -> Self {
        Self { officers: Some(Vec::new()), ..Self::default() }
    }

    pub fn add(&mut self, line: &Line, day: NaiveDate) {
        if let Some(officers) = &mut self.officers {
            let by = sound(&line.header.by);
            if !officers.iter().any(|officer| **officer == *by) {
                officers.push(by.into());
            }
        }
        if self.officers.as_ref().is_some_and(|officers| officers.len() > OFFICERS_MAX) {
            self.officers = None;
        }
        if line.header.batch.is_some() || line.changes.is_empty() {
            self.kinds = u64::MAX;
        }
        for change in &line.changes {
            self.kinds |= bit(change.id.kind);
        }
        if !self.ways.contains(&line.header.via) {
            self.ways.push(line.header.via);
        }
        let (first, last) = self.days.unwrap_or((day, day));
        self.days = Some((first.min(day), last.max(day)));
        for bit in letters(&sound(&line.why)) {
            self.reasons[bit / 64] |= 1 << (bit % 64);
        }
    }

    pub fn may_be_by(&self, is_meant: &dyn Fn(&str) -> bool) -> bool {
        let officers = self.officers.as_ref();
        officers.is_none_or(|officers| officers.iter().any(|officer| is_meant(officer)))
    }

    pub fn may_touch(&self, kinds: &[Kind]) -> bool {
        kinds.iter().any(|kind| self.kinds & bit(*kind) != 0)
    }

    pub fn has_any(&self, ways: &[Via]) -> bool {
        ways.iter().any(|way| self.ways.contains(way))
    }

    /// Whether a reason may hold this word, which is as search compares it.
    pub fn may_say(&self, word: &str) -> bool {
        letters(word).all(|bit| self.reasons[bit / 64] & (1 << (bit % 64)) != 0)
    }

    /// First and last day.
    pub const fn days(&self) -> Option<(NaiveDate, NaiveDate)> {
        self.days
    }
}

fn bit(kind: Kind) -> u64 {
    1 << kind as u32
}

/// A number below 512 for each three bytes that stand together; none for a shorter text.
fn letters(text: &str) -> impl Iterator<Item = usize> + '_ {
    text.as_bytes().windows(TOGETHER).map(|three| {
        let number = three.iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
        (number.wrapping_mul(2_654_435_761) >> 23) as usize
    })
}
