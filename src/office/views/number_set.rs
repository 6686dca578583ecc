//! A set of record numbers: membership is one look-up. Numbers are handed out one after
//! the other, so a flag a number is small.

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
