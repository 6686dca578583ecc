//! Gap class (kelas kesenjangan): how large a gap is by IKK, the index of the competency gap,
//! which is what JPM lacks to 100.
//!
//! Source: `rules/gap_classes.toml`, from a provincial plan of development in use; LAN's own
//! guideline was not read.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::gap::Figures;
use super::kinds::position::codes;
use super::rules::{Source, table};

codes! {
    /// From the largest gap to none.
    GapClass {
        High = "high",
        Medium = "medium",
        Low = "low",
        Nothing = "none",
    }
}

#[derive(Debug, Deserialize)]
struct Table {
    source: Source,
    classes: Vec<Class>,
}

/// From this IKK on, in whole percent; the highest first.
#[derive(Debug, Deserialize)]
struct Class {
    class: GapClass,
    from: u32,
}

fn classes() -> Option<&'static Table> {
    static TABLE: OnceLock<Option<Table>> = OnceLock::new();
    TABLE.get_or_init(|| table(include_str!("rules/gap_classes.toml"))).as_ref()
}

/// Where the classes come from.
pub fn source() -> Option<&'static Source> {
    classes().map(|table| &table.source)
}

impl GapClass {
    /// Of the official JPM, compared as it is and not as it is rounded. None where nothing is
    /// rated.
    pub fn of(figures: Figures) -> Option<Self> {
        let (actual, required) = (u64::from(figures.sum_actual), u64::from(figures.sum_required));
        if required == 0 {
            return None;
        }
        if actual >= required {
            return Some(Self::Nothing);
        }
        let reaches =
            |class: &&Class| (required - actual) * 100 >= required * u64::from(class.from);
        classes()?.classes.iter().find(reaches).map(|class| class.class)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            assert_eq!(GapClass::of(figures), Some(class), "{lacks}");
            assert_eq!(figures.ikk(), Some(lacks), "{lacks}");
        }
        let over = Figures { sum_actual: 11, sum_required: 9, ..Figures::default() };
        assert_eq!((over.ikk(), GapClass::of(over)), (Some(0), Some(GapClass::Nothing)));
        assert_eq!(GapClass::of(Figures::default()), None);
        assert!(source().is_some_and(|source| !source.verified));
    }
}
