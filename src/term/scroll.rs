//! Scroll: finds the part of the screen whose rows only stand higher or lower than before,
//! so that the terminal can move them itself. Knows cells, and nothing of what they mean.

use std::cmp::Reverse;

use ratatui::buffer::{Buffer, Cell};

/// Fewer rows than these are drawn anew sooner than they are moved.
const ROWS_MIN: usize = 4;

/// Rows `top` to `bottom` move by `by`, upwards where it is above zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scroll {
    pub top: u16,
    pub bottom: u16,
    pub by: i32,
}

/// The move after which most rows of `shown` stand where `wanted` has them.
pub(super) fn find(shown: &Buffer, wanted: &Buffer) -> Option<Scroll> {
    let (shown, wanted) = (Rows::of(shown), Rows::of(wanted));
    if (0..wanted.count).filter(|row| !shown.alike(*row, &wanted, *row)).count() < ROWS_MIN {
        return None;
    }
    let most = i32::try_from(wanted.count / 2).unwrap_or(0);
    let moves = (-most..=most).filter(|by| *by != 0).filter_map(|by| shown.moved(&wanted, by));
    let (rows, scroll) = moves.max_by_key(|(rows, scroll)| (*rows, Reverse(scroll.by.abs())))?;
    (rows >= ROWS_MIN).then_some(scroll)
}

struct Rows<'a> {
    cells: &'a [Cell],
    width: usize,
    count: usize,
}

impl<'a> Rows<'a> {
    fn of(buffer: &'a Buffer) -> Self {
        let (width, count) = (usize::from(buffer.area.width), usize::from(buffer.area.height));
        Self { cells: &buffer.content, width, count }
    }

    fn row(&self, row: usize) -> &[Cell] {
        self.cells.get(row * self.width..(row + 1) * self.width).unwrap_or_default()
    }

    /// Whether most of a row's text is the same: a scroll bar or another colour may differ, and
    /// what is blank to the end there, for that is soon cleared.
    fn alike(&self, row: usize, other: &Self, there: usize) -> bool {
        let (own, other) = (self.row(row), other.row(there));
        let end = other.iter().rposition(|cell| cell.symbol() != " ").map_or(0, |last| last + 1);
        let mut other_than = 0;
        for (a, b) in own.iter().zip(&other[..end]) {
            other_than += usize::from(a.symbol() != b.symbol());
            if other_than > self.width / 8 {
                return false;
            }
        }
        true
    }

    fn is_blank(&self, row: usize) -> bool {
        self.row(row).iter().all(|cell| cell.symbol() == " ")
    }

    /// How many rows of `wanted` are rows of these moved by `by`, and which part moves.
    fn moved(&self, wanted: &Self, by: i32) -> Option<(usize, Scroll)> {
        let from = |row: usize| row.checked_add_signed(by as isize).filter(|at| *at < self.count);
        let is_moved = |row: &usize| {
            from(*row).is_some_and(|at| self.alike(at, wanted, *row))
                && !wanted.is_blank(*row)
                && !self.alike(*row, wanted, *row)
        };
        let rows: Vec<usize> = (0..wanted.count).filter(is_moved).collect();
        let (first, last) = (*rows.first()?, *rows.last()?);
        let (top, bottom) = (first.min(from(first)?), last.max(from(last)?));
        let place = |row: usize| u16::try_from(row).ok();
        Some((rows.len(), Scroll { top: place(top)?, bottom: place(bottom)?, by }))
    }
}

impl Scroll {
    /// Does to the cells what the terminal does: rows that come in are blank.
    pub(super) fn apply(self, shown: &mut Buffer) {
        let width = usize::from(shown.area.width);
        let (from, to) = (usize::from(self.top) * width, (usize::from(self.bottom) + 1) * width);
        let by = (self.by.unsigned_abs() as usize * width).min(to.saturating_sub(from));
        let Some(cells) = shown.content.get_mut(from..to) else { return };
        if self.by > 0 {
            cells.rotate_left(by);
            let kept = cells.len() - by;
            cells[kept..].fill(Cell::EMPTY);
        } else {
            cells.rotate_right(by);
            cells[..by].fill(Cell::EMPTY);
        }
    }
}
