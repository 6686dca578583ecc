//! Learning: by classes, from others or at work, as the 10:20:70 guide parts it.
//!
//! Source: `rules/learning.toml`, with its legal basis.

use serde::{Deserialize, Serialize};

use super::rulebook::{Broken, RuleTable, adds_up, distinct, rests_on};
use super::rules::{Source, TRAINING_TYPES};

/// How a type of training makes people learn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Learning {
    Classes,
    /// Coaching, mentoring, communities.
    Others,
    /// Postings, exchanges, guidance where they work.
    Work,
}

/// Which type is which, and the shares that are aimed at, in percent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LearningMix {
    pub source: Source,
    pub classes: u32,
    pub others: u32,
    pub work: u32,
    by_others: Vec<String>,
    at_work: Vec<String>,
}

impl LearningMix {
    pub fn of(&self, code: &str) -> Learning {
        let has = |codes: &[String]| codes.iter().any(|one| one == code);
        if has(&self.by_others) {
            Learning::Others
        } else if has(&self.at_work) {
            Learning::Work
        } else {
            Learning::Classes
        }
    }
}

impl RuleTable for LearningMix {
    fn each(&mut self, see: &mut dyn FnMut(&str, &mut u32)) {
        see("classes", &mut self.classes);
        see("others", &mut self.others);
        see("work", &mut self.work);
    }

    fn each_list(&mut self, see: &mut dyn FnMut(&str, &mut Vec<String>)) {
        for (name, codes) in [("by_others", &mut self.by_others), ("at_work", &mut self.at_work)] {
            see(name, codes);
            // Codes are written in capitals.
            for code in codes {
                code.make_ascii_uppercase();
            }
        }
    }

    fn holds(&self) -> Result<(), Broken> {
        let shares = [self.classes, self.others, self.work];
        adds_up(&["classes", "others", "work"], &shares, 100)?;
        let lists = [("by_others.words", &self.by_others), ("at_work.words", &self.at_work)];
        distinct(lists.map(|(name, codes)| (name.to_string(), codes.as_slice())))?;
        for (name, codes) in lists {
            if let Some(code) = codes.iter().find(|code| !TRAINING_TYPES.contains(&code.as_str())) {
                return Err(Broken::List(format!("{name}: {code}")));
            }
        }
        Ok(())
    }

    rests_on!(source);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::rulebook::Rulebook;

    #[test]
    fn every_type_is_a_class_or_learnt_from_others_or_at_work() {
        let mix = &Rulebook::shipped().learning;
        let count = |way| TRAINING_TYPES.iter().filter(|code| mix.of(code) == way).count();
        assert_eq!((count(Learning::Others), count(Learning::Work)), (3, 7));
        assert_eq!(mix.of("KL10"), Learning::Classes);
        assert!(!mix.source.verified);
    }
}
