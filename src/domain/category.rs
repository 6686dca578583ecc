//! Category: what a JPM amounts to, in the words of the purpose it was measured for. Two sets
//! of bands are in use; an office sees which one a word is of.
//!
//! Source: `rules/categories.toml`, with its legal basis; not read in the regulation itself.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::gap::Figures;
use super::kinds::position::codes;
use super::rules::{Source, table};

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

#[derive(Debug, Deserialize)]
struct Table {
    source: Source,
    bands: Vec<Band>,
}

/// From this JPM on, in whole percent; the highest first.
#[derive(Debug, Deserialize)]
struct Band {
    purpose: Purpose,
    category: Category,
    from: u32,
}

fn bands() -> Option<&'static Table> {
    static TABLE: OnceLock<Option<Table>> = OnceLock::new();
    TABLE.get_or_init(|| table(include_str!("rules/categories.toml"))).as_ref()
}

/// Where the bands come from.
pub fn source() -> Option<&'static Source> {
    bands().map(|table| &table.source)
}

impl Category {
    /// Of the official JPM; compared as it is and not as it is rounded, so that 89.996 is not
    /// 90. None where nothing is rated.
    pub fn of(purpose: Purpose, figures: Figures) -> Option<Self> {
        Self::reached(purpose, figures.sum_actual, figures.sum_required)
    }

    /// The same of the JPM that has its surplus cut off.
    pub fn of_capped(purpose: Purpose, figures: Figures) -> Option<Self> {
        Self::reached(purpose, figures.sum_capped, figures.sum_required)
    }

    fn reached(purpose: Purpose, actual: u32, required: u32) -> Option<Self> {
        let (actual, required) = (u64::from(actual), u64::from(required));
        let reaches = |band: &&Band| actual * 100 >= required * u64::from(band.from);
        let mut of_purpose = bands()?.bands.iter().filter(|band| band.purpose == purpose);
        of_purpose.find(reaches).filter(|_| required > 0).map(|band| band.category)
    }

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

    #[test]
    fn no_jpm_falls_between_two_bands() {
        let at = |purpose, hundredths: u32| {
            let figures =
                Figures { sum_actual: hundredths, sum_required: 10_000, ..Figures::default() };
            Category::of(purpose, figures).map(Category::code)
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
        assert_eq!(Category::of(Purpose::Mapping, Figures::default()), None);
        assert!(source().is_some_and(|source| !source.verified));
    }

    #[test]
    fn what_is_rounded_up_to_a_band_is_still_below_it() {
        let figures = Figures { sum_actual: 89_996, sum_required: 100_000, ..Figures::default() };
        assert_eq!(figures.jpm(), Some(9_000));
        assert_eq!(Category::of(Purpose::Mapping, figures), Some(Category::FairlyOptimal));
    }
}
