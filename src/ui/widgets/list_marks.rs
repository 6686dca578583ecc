//! The marks of a list: one record, a range, or everything that is found; and who is meant by
//! what is done next.

use super::list::RecordList;
use crate::protocol::Request;
use crate::ui::effect::{Effect, Marks, Tag};

impl RecordList {
    /// The marked records, or else the one under the cursor.
    pub fn chosen(&self) -> Vec<u32> {
        if self.marks.is_empty() {
            self.row().map(|row| row.number).into_iter().collect()
        } else {
            self.marks.numbers().iter().copied().collect()
        }
    }

    /// Marks these, and nobody else.
    pub fn set_marks(&mut self, numbers: &Marks) {
        self.marks.set(numbers);
    }

    pub fn unmark_all(&mut self) {
        self.marks.clear();
    }

    /// How many are marked, with those of a range that has begun.
    pub(super) fn marked_count(&self) -> usize {
        let span = self.marks.span(self.cursor.row());
        let own = |at: &u32| self.row_at(*at).is_some_and(|row| self.marks.has(row.number));
        let spanned = span.map_or(0, |span| span.clone().count() - span.filter(own).count());
        self.marks.len() + spanned
    }

    /// Whether the row at this place is marked, or in the range being marked.
    pub(super) fn is_marked(&self, at: u32) -> bool {
        let number = self.row_at(at).map(|row| row.number);
        number.is_some_and(|number| self.marks.has(number))
            || self.marks.spans(at, self.cursor.row())
    }

    /// Marks or unmarks the record under the cursor, which stays where it is.
    pub fn mark_here(&mut self) {
        if let Some(number) = self.row().map(|row| row.number) {
            self.marks.toggle(number);
        }
    }

    pub(super) fn mark(&mut self) -> Vec<Effect> {
        if self.marks.is_ranging() {
            return self.mark_range();
        }
        let Some(number) = self.row().map(|row| row.number) else { return Vec::new() };
        self.marks.toggle(number);
        self.move_to(self.cursor.row().saturating_add(1));
        self.fill()
    }

    pub(super) fn mark_range(&mut self) -> Vec<Effect> {
        let Some(rows) = self.marks.range(self.cursor.row()) else { return Vec::new() };
        let numbers: Option<Vec<u32>> =
            rows.clone().map(|at| self.row_at(at).map(|row| row.number)).collect();
        match numbers {
            Some(numbers) => {
                self.marks.add(numbers);
                Vec::new()
            }
            None => vec![self.ask_ids(Some((*rows.start(), *rows.end())))],
        }
    }

    pub(super) fn ask_ids(&mut self, rows: Option<(u32, u32)>) -> Effect {
        let number = self.ids.map_or(1, |(number, _)| number + 1).max(self.asked);
        self.ids = Some((number, rows));
        Effect::ask(Tag::new(self.tag, number), Request::Ids(self.query()))
    }
}
