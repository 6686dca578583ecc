//! The way to the next or previous cell below its standard: first through the rows that
//! are here, then through the rest of what is shown, a page of rows at a time, until one
//! is found, there are no more, or the officer does something else.

use super::MatrixPane;
use super::lines::MatrixLine;
use crate::domain::record::EmployeeId;
use crate::i18n::t;
use crate::protocol::{Matrix, MatrixQuery, PAGE_MAX, Request};
use crate::ui::effect::{Effect, Tag};
use crate::ui::pane::View;
use crate::ui::toast::Toast;

pub const TAG: &str = "matrix.seek";

#[derive(Default)]
pub struct Seek {
    number: u32,
    /// The question that is open, and whether it goes down.
    open: Option<(u32, bool)>,
}

impl Seek {
    pub fn stop(&mut self) {
        self.open = None;
    }
}

/// A gap: whose, in which row, in which column of those shown.
struct Found {
    person: EmployeeId,
    row: u32,
    column: usize,
}

impl MatrixPane {
    /// Come to from another page: the same unit, filter and person.
    pub(super) fn come(&mut self, view: &View) -> Vec<Effect> {
        if self.filter.search() != view.along.filter {
            self.filter.set(&view.along.filter);
        }
        self.window.come(view.unit.map(|unit| unit.id), view.along)
    }

    pub(super) fn next_gap(&mut self, forward: bool) -> Vec<Effect> {
        let (row, column) = (self.window.row_number(), self.window.column_number());
        let (from, lines) = self.window.lines();
        let to = from + lines.len() as u32;
        let found = self.gap_in(lines, from, forward, |at, place| {
            if forward { (at, place) > (row, column) } else { (at, place) < (row, column) }
        });
        match found {
            Some(found) => {
                self.window.go_to_column(found.column);
                self.window.go_to_row(found.row)
            }
            // When the cursor has jumped out of the rows that are here, from the cursor on.
            None if forward => self.seek_from(if row < to { to } else { row }, true),
            None => self.seek_from(if row < to { from } else { row }, false),
        }
    }

    /// Looks through the next page of rows: from `row` on, or those before `row`.
    fn seek_from(&mut self, row: u32, forward: bool) -> Vec<Effect> {
        let total = self.window.total();
        let (offset, limit) = if forward {
            (row, PAGE_MAX.min(total.saturating_sub(row)))
        } else {
            (row.saturating_sub(PAGE_MAX), row.min(PAGE_MAX))
        };
        if limit == 0 {
            self.seek.stop();
            return vec![Effect::Toast(Toast::note(t!("matrix.no_more_gaps")))];
        }
        self.seek.number += 1;
        self.seek.open = Some((self.seek.number, forward));
        let query = MatrixQuery { offset, limit, ..self.window.query() };
        vec![Effect::ask(Tag::new(TAG, self.seek.number), Request::Matrix(query))]
    }

    pub(super) fn sought(&mut self, number: u32, mut matrix: Matrix) -> Vec<Effect> {
        let open = self.seek.open.take_if(|(open, _)| *open == number);
        let Some((_, forward)) = open else { return Vec::new() };
        let lines = MatrixLine::of(&mut matrix);
        let end = matrix.offset + lines.len() as u32;
        match self.gap_in(&lines, matrix.offset, forward, |_, _| true) {
            Some(found) => self.window.go_to(found.person, found.row, found.column),
            None if lines.is_empty() => self.seek_from(matrix.lines, true),
            None => self.seek_from(if forward { end } else { matrix.offset }, forward),
        }
    }

    /// The first gap (or the last, going up) in these lines, of which the first is `offset`.
    fn gap_in(
        &self,
        lines: &[MatrixLine],
        offset: u32,
        forward: bool,
        wanted: impl Fn(u32, usize) -> bool,
    ) -> Option<Found> {
        let columns = self.window.columns();
        let people = lines.iter().zip(offset..);
        let people = people.filter_map(|(line, at)| Some((line.person()?, at)));
        let cells = people.flat_map(|(row, at)| {
            columns.iter().enumerate().map(move |(place, column)| (row, at, place, *column))
        });
        let mut gaps = cells.filter(|(row, at, place, column)| {
            wanted(*at, *place) && self.shown(row, *column).cell.gap().is_some_and(|gap| gap < 0)
        });
        let (row, at, place, _) = if forward { gaps.next() } else { gaps.last() }?;
        Some(Found { person: row.employee, row: at, column: place })
    }
}
