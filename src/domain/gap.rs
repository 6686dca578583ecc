//! Gap: what a person has against what the post requires, one competency at a time,
//! and the figures drawn from it. A surplus never hides a deficit: the capped figure
//! and the count below standard stand beside the official one.
//!
//! Source of the formula: JPM = sum achieved / sum required x 100, as assessment
//! centres compute it (ASN practice; the regulation's text was not read).

use std::ops::{AddAssign, SubAssign};

use serde::{Deserialize, Serialize};

use super::record::CompetencyId;

/// One cell of a matrix. `gap = actual - required`; negative is a deficit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    pub competency: CompetencyId,
    pub required: Option<u8>,
    pub actual: Option<u8>,
}

impl Cell {
    pub fn gap(self) -> Option<i8> {
        match (self.actual, self.required) {
            (Some(actual), Some(required)) => Some(actual as i8 - required as i8),
            _ => None,
        }
    }
}

/// The figures of a row (or of any set of cells).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    pub sum_actual: u32,
    /// With each actual level cut off at what is required.
    pub sum_capped: u32,
    pub sum_required: u32,
    /// How many competencies are below standard.
    pub below: u32,
    /// How many have both a standard and a rating.
    pub rated: u32,
}

impl AddAssign for Figures {
    fn add_assign(&mut self, more: Self) {
        self.sum_actual += more.sum_actual;
        self.sum_capped += more.sum_capped;
        self.sum_required += more.sum_required;
        self.below += more.below;
        self.rated += more.rated;
    }
}

impl SubAssign for Figures {
    fn sub_assign(&mut self, less: Self) {
        self.sum_actual = self.sum_actual.saturating_sub(less.sum_actual);
        self.sum_capped = self.sum_capped.saturating_sub(less.sum_capped);
        self.sum_required = self.sum_required.saturating_sub(less.sum_required);
        self.below = self.below.saturating_sub(less.below);
        self.rated = self.rated.saturating_sub(less.rated);
    }
}

impl Figures {
    pub fn of(cells: impl IntoIterator<Item = Cell>) -> Self {
        let mut figures = Self::default();
        for cell in cells {
            let (Some(actual), Some(required)) = (cell.actual, cell.required) else { continue };
            figures.sum_actual += u32::from(actual);
            figures.sum_capped += u32::from(actual.min(required));
            figures.sum_required += u32::from(required);
            figures.rated += 1;
            figures.below += u32::from(actual < required);
        }
        figures
    }

    /// What these add up to.
    pub fn sum<'a>(all: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut figures = Self::default();
        for one in all {
            figures += *one;
        }
        figures
    }

    /// JPM in hundredths of a percent, rounded half up; `None` when nothing is rated.
    pub fn jpm(self) -> Option<u32> {
        percent(self.sum_actual, self.sum_required)
    }

    /// IKK, the index of the gap: what JPM lacks to 100, in hundredths of a percent; a surplus
    /// leaves none.
    pub fn ikk(self) -> Option<u32> {
        self.jpm().map(|jpm| 10_000_u32.saturating_sub(jpm))
    }

    /// JPM with surplus cut off, in hundredths of a percent.
    pub fn jpm_capped(self) -> Option<u32> {
        percent(self.sum_capped, self.sum_required)
    }

    /// The mean of the levels, in hundredths, rounded half up; `None` when nothing is rated.
    pub fn mean_level(self) -> Option<u32> {
        let (sum, rated) = (u64::from(self.sum_actual), u64::from(self.rated));
        u32::try_from((sum * 200 + rated).checked_div(2 * rated)?).ok()
    }
}

fn percent(part: u32, whole: u32) -> Option<u32> {
    // A whole office's sums times ten thousand are more than 32 bits hold.
    let (part, whole) = (u64::from(part), u64::from(whole));
    let rounded = (part * 20_000 + whole).checked_div(whole * 2)?;
    u32::try_from(rounded).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_of_a_large_office_do_not_overflow() {
        let figures = Figures {
            sum_actual: 4_000_000,
            sum_capped: 3_000_000,
            sum_required: 4_000_000,
            ..Figures::default()
        };
        assert_eq!((figures.jpm(), figures.jpm_capped()), (Some(10_000), Some(7_500)));
        assert_eq!(Figures::default().jpm(), None);
    }

    fn cells(pairs: &[(u8, u8)]) -> Vec<Cell> {
        pairs
            .iter()
            .enumerate()
            .map(|(i, (actual, required))| Cell {
                competency: CompetencyId(i as u32 + 1),
                required: Some(*required),
                actual: Some(*actual),
            })
            .collect()
    }

    #[test]
    fn a_surplus_can_never_hide_a_deficit() {
        let figures = Figures::of(cells(&[(5, 3), (5, 3), (1, 3)]));
        assert_eq!(figures.jpm(), Some(12_222));
        assert_eq!(figures.jpm_capped(), Some(7_778));
        assert_eq!(figures.below, 1);
    }

    #[test]
    fn a_competency_without_rating_or_standard_counts_for_nothing() {
        let mut row = cells(&[(3, 3)]);
        row.push(Cell { competency: CompetencyId(9), required: Some(3), actual: None });
        row.push(Cell { competency: CompetencyId(10), required: None, actual: Some(4) });
        assert_eq!(Figures::of(row).jpm(), Some(10_000));
        assert_eq!(Figures::of([]).jpm(), None);
    }
}
