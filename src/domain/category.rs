//! Category: what a JPM amounts to, in the words of the purpose it was measured for. Two sets
//! of bands are in use; an office sees which one a word is of.
//!
//! Source: `rules/categories.toml`, with its legal basis; not read in the regulation itself.

use serde::{Deserialize, Serialize};

use super::gap::Figures;
use super::kinds::position::codes;
use super::rulebook::{Broken, RuleTable, descending, rests_on, within};
use super::rules::Source;

codes! {
    /// What an assessment is for.
    Purpose {
        /// Pemetaan.
        Mapping = "mapping",
        /// Pengisian jabatan.
        Filling = "filling",
    }
}

codes! {
    /// From the best of each set to the worst.
    Category {
        Optimal = "O",
        FairlyOptimal = "CO",
        LessOptimal = "KO",
        Qualified = "MS",
        StillQualified = "MMS",
        LessQualified = "KMS",
    }
}

/// The bands of both purposes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Categories {
    pub source: Source,
    bands: Vec<Band>,
}

/// From this JPM on, in whole percent; the highest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Band {
    purpose: Purpose,
    category: Category,
    from: u32,
}

impl Categories {
    /// Of the official JPM; compared as it is and not as it is rounded, so that 89.996 is not
    /// 90. None where nothing is rated.
    pub fn of(&self, purpose: Purpose, figures: Figures) -> Option<Category> {
        self.reached(purpose, figures.sum_actual, figures.sum_required)
    }

    /// The same of the JPM that has its surplus cut off.
    pub fn of_capped(&self, purpose: Purpose, figures: Figures) -> Option<Category> {
        self.reached(purpose, figures.sum_capped, figures.sum_required)
    }

    fn reached(&self, purpose: Purpose, actual: u32, required: u32) -> Option<Category> {
        let (actual, required) = (u64::from(actual), u64::from(required));
        let reaches = |band: &&Band| actual * 100 >= required * u64::from(band.from);
        let mut of_purpose = self.bands.iter().filter(|band| band.purpose == purpose);
        of_purpose.find(reaches).filter(|_| required > 0).map(|band| band.category)
    }
}

impl RuleTable for Categories {
    fn each(&mut self, see: &mut dyn FnMut(&str, &mut u32)) {
        for band in &mut self.bands {
            see(&band.name(), &mut band.from);
        }
    }

    /// The lowest begins at nothing, so that no JPM is without a category.
    fn holds(&self) -> Result<(), Broken> {
        for purpose in Purpose::ALL {
            let bands = self.bands.iter().filter(|band| band.purpose == *purpose);
            let named: Vec<_> = bands.map(|band| (band.name(), band.from)).collect();
            let count = named.len().saturating_sub(1);
            let upper = named.iter().take(count).map(|(name, from)| (name.as_str(), *from));
            descending(upper, 200, 1)?;
            named.last().map_or(Ok(()), |(name, from)| within(name, *from, 0, 0))?;
        }
        Ok(())
    }

    rests_on!(source);
}

impl Band {
    fn name(&self) -> String {
        format!("{}.{}", self.purpose.code(), self.category.code())
    }
}

impl Category {
    pub const fn purpose(self) -> Purpose {
        match self {
            Self::Optimal | Self::FairlyOptimal | Self::LessOptimal => Purpose::Mapping,
            Self::Qualified | Self::StillQualified | Self::LessQualified => Purpose::Filling,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::rulebook::Rulebook;

    #[test]
    fn no_jpm_falls_between_two_bands() {
        let at = |purpose, hundredths: u32| {
            let figures =
                Figures { sum_actual: hundredths, sum_required: 10_000, ..Figures::default() };
            Rulebook::shipped().categories.of(purpose, figures).map(Category::code)
        };
        for (hundredths, mapping, filling) in [
            (6_799, "KO", "KMS"),
            (6_800, "KO", "MMS"),
            (7_799, "KO", "MMS"),
            (7_800, "CO", "MMS"),
            (7_999, "CO", "MMS"),
            (8_000, "CO", "MS"),
            (8_999, "CO", "MS"),
            (9_000, "O", "MS"),
            (12_222, "O", "MS"),
            (0, "KO", "KMS"),
        ] {
            let found = [Purpose::Mapping, Purpose::Filling].map(|purpose| at(purpose, hundredths));
            assert_eq!(found, [Some(mapping), Some(filling)], "{hundredths}");
        }
        assert_eq!(Rulebook::shipped().categories.of(Purpose::Mapping, Figures::default()), None);
        assert!(!Rulebook::shipped().categories.source.verified);
    }

    #[test]
    fn what_is_rounded_up_to_a_band_is_still_below_it() {
        let figures = Figures { sum_actual: 89_996, sum_required: 100_000, ..Figures::default() };
        assert_eq!(figures.jpm(), Some(9_000));
        assert_eq!(
            Rulebook::shipped().categories.of(Purpose::Mapping, figures),
            Some(Category::FairlyOptimal)
        );
    }
}
