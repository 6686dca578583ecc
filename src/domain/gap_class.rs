//! Gap class (kelas kesenjangan): how large a gap is by IKK, the index of the competency gap,
//! which is what JPM lacks to 100.
//!
//! Source: `rules/gap_classes.toml`, from a provincial plan of development in use; LAN's own
//! guideline was not read.

use serde::{Deserialize, Serialize};

use super::gap::Figures;
use super::kinds::position::codes;
use super::rulebook::{Broken, RuleTable, descending, rests_on, within};
use super::rules::Source;

codes! {
    /// From the largest gap to none.
    GapClass {
        High = "high",
        Medium = "medium",
        Low = "low",
        Nothing = "none",
    }
}

/// The classes by how much is lacking.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GapClasses {
    pub source: Source,
    classes: Vec<Class>,
}

/// From this IKK on, in whole percent; the highest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Class {
    class: GapClass,
    from: u32,
}

impl GapClasses {
    /// Of the official JPM, compared as it is and not as it is rounded. None where nothing is
    /// rated.
    pub fn of(&self, figures: Figures) -> Option<GapClass> {
        let (actual, required) = (u64::from(figures.sum_actual), u64::from(figures.sum_required));
        if required == 0 {
            return None;
        }
        if actual >= required {
            return Some(GapClass::Nothing);
        }
        let reaches =
            |class: &&Class| (required - actual) * 100 >= required * u64::from(class.from);
        self.classes.iter().find(reaches).map(|class| class.class)
    }
}

impl RuleTable for GapClasses {
    fn each(&mut self, see: &mut dyn FnMut(&str, &mut u32)) {
        for class in &mut self.classes {
            see(class.class.code(), &mut class.from);
        }
    }

    /// The lowest begins at nothing.
    fn holds(&self) -> Result<(), Broken> {
        let named = |class: &Class| (class.class.code(), class.from);
        let count = self.classes.len().saturating_sub(1);
        descending(self.classes.iter().take(count).map(named), 100, 1)?;
        let last = self.classes.last().map(named);
        last.map_or(Ok(()), |(name, from)| within(name, from, 0, 0))
    }

    rests_on!(source);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::rulebook::Rulebook;

    #[test]
    fn a_gap_is_classed_at_its_exact_bounds() {
        for (lacks, class) in [
            (0, GapClass::Nothing),
            (1, GapClass::Low),
            (2_499, GapClass::Low),
            (2_500, GapClass::Medium),
            (4_999, GapClass::Medium),
            (5_000, GapClass::High),
            (10_000, GapClass::High),
        ] {
            let figures =
                Figures { sum_actual: 10_000 - lacks, sum_required: 10_000, ..Figures::default() };
            assert_eq!(Rulebook::shipped().gap_classes.of(figures), Some(class), "{lacks}");
            assert_eq!(figures.ikk(), Some(lacks), "{lacks}");
        }
        let over = Figures { sum_actual: 11, sum_required: 9, ..Figures::default() };
        assert_eq!(
            (over.ikk(), Rulebook::shipped().gap_classes.of(over)),
            (Some(0), Some(GapClass::Nothing))
        );
        assert_eq!(Rulebook::shipped().gap_classes.of(Figures::default()), None);
        assert!(!Rulebook::shipped().gap_classes.source.verified);
    }
}
