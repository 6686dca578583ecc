//! Numbers of records are handed out one after the other: a set of them is a flag a number,
//! and among rows in their order each stands about where it would if none were missing.

#[derive(Debug, Default)]
pub(in crate::office) struct NumberSet(Vec<bool>);

impl NumberSet {
    pub fn of(numbers: impl IntoIterator<Item = u32>) -> Self {
        let mut set = Vec::new();
        for number in numbers {
            let at = number as usize;
            if set.len() <= at {
                set.resize(at + 1, false);
            }
            set[at] = true;
        }
        Self(set)
    }

    pub fn has(&self, number: Option<u32>) -> bool {
        number.is_some_and(|number| self.0.get(number as usize).copied().unwrap_or(false))
    }
}

/// Where the row of a number is, or would be, among rows in the order of their numbers; looked
/// for no further off than numbers are missing.
pub(in crate::office) fn find<T>(
    rows: &[T],
    number: u32,
    number_of: impl Fn(&T) -> u32,
) -> Result<usize, usize> {
    let (Some(first), Some(last)) = (rows.first().map(&number_of), rows.last().map(&number_of))
    else {
        return Err(0);
    };
    let Some(place) = number.checked_sub(first) else { return Err(0) };
    let place = place as usize;
    let missing = ((last - first) as usize + 1).saturating_sub(rows.len());
    let to = rows.len().min(place + 1);
    let from = place.saturating_sub(missing).min(to);
    let found = rows[from..to].binary_search_by_key(&number, number_of);
    found.map(|at| from + at).map_err(|at| from + at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_number_is_found_where_a_search_of_all_finds_it(
            numbers in prop::collection::btree_set(990_u32..1060, 0..50), number in 980_u32..1070,
        ) {
            let rows: Vec<u32> = numbers.into_iter().collect();
            prop_assert_eq!(find(&rows, number, |row| *row), rows.binary_search(&number));
        }
    }
}
