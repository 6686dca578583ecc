//! What is marked in a list or a grid: records by their number, and a range of rows that
//! has begun and not ended. Marks stay with their records; only the range knows rows.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::rc::Rc;

use crate::ui::effect::Marks;

#[derive(Default)]
pub struct Marked {
    numbers: Marks,
    /// The row where a range of marks began.
    from: Option<u32>,
}

impl Marked {
    pub const fn numbers(&self) -> &Marks {
        &self.numbers
    }

    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    pub fn has(&self, number: u32) -> bool {
        self.numbers.contains(&number)
    }

    /// These, and nobody else.
    pub fn set(&mut self, numbers: &Marks) {
        self.numbers = Rc::clone(numbers);
        self.from = None;
    }

    pub fn toggle(&mut self, number: u32) {
        let numbers: &mut BTreeSet<u32> = Rc::make_mut(&mut self.numbers);
        if !numbers.remove(&number) {
            numbers.insert(number);
        }
    }

    pub fn add(&mut self, numbers: impl IntoIterator<Item = u32>) {
        Rc::make_mut(&mut self.numbers).extend(numbers);
    }

    /// Only these stay marked.
    pub fn keep(&mut self, numbers: &BTreeSet<u32>) {
        if !self.numbers.is_subset(numbers) {
            Rc::make_mut(&mut self.numbers).retain(|number| numbers.contains(number));
        }
    }

    /// Unmarks all and forgets a range that was begun.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Forgets a range that was begun; without one, unmarks all.
    pub fn step_back(&mut self) {
        if self.from.take().is_none() {
            self.clear();
        }
    }

    pub const fn is_ranging(&self) -> bool {
        self.from.is_some()
    }

    pub const fn end_range(&mut self) {
        self.from = None;
    }

    /// Begins a range at this row; or ends the one that was begun and says what it spans.
    pub fn range(&mut self, row: u32) -> Option<RangeInclusive<u32>> {
        match self.from.take() {
            None => {
                self.from = Some(row);
                None
            }
            Some(from) => Some(from.min(row)..=from.max(row)),
        }
    }

    /// The rows that the range begun spans while the cursor stands on `cursor`.
    pub fn span(&self, cursor: u32) -> Option<RangeInclusive<u32>> {
        self.from.map(|from| from.min(cursor)..=from.max(cursor))
    }

    /// Whether this row is among them.
    pub fn spans(&self, row: u32, cursor: u32) -> bool {
        self.span(cursor).is_some_and(|span| span.contains(&row))
    }
}
