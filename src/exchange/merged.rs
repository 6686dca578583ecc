//! Merged ranges of a sheet, laid over its rows as they come: what is merged downwards is
//! filled into each of its rows, and every row learns which ranges reach into it. Only
//! ranges the file itself names; an empty cell is never filled because the one above is not.

use super::sheet::{Merge, SheetCell, SheetRow};

/// Columns beyond this are not looked at, in any kind of file.
pub(super) const COLUMNS_MAX: usize = 1024;
/// Ranges of one sheet; the largest list an office keeps has a few thousand.
pub(super) const RANGES_MAX: usize = 200_000;
/// How much text one row may take over from rows above: a small file must not become a
/// large one by repeating a long text.
const TAKEN_OVER_MAX: usize = 32 * 1024;

/// A merged range; rows and columns counted from 0, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    pub rows: (u32, u32),
    pub columns: (usize, usize),
}

#[derive(Default)]
pub(super) struct Merged {
    /// Those not reached yet, the last first.
    ahead: Vec<Range>,
    /// Those the last row lay in, from left to right; none lies over another.
    open: Vec<(Range, SheetCell)>,
}

impl Merged {
    pub fn new(mut ranges: Vec<Range>) -> Self {
        let sound = |range: &Range| {
            let ((top, bottom), (first, last)) = (range.rows, range.columns);
            top <= bottom && first <= last && first < COLUMNS_MAX && (top < bottom || first < last)
        };
        ranges.retain(sound);
        for range in &mut ranges {
            range.columns.1 = range.columns.1.min(COLUMNS_MAX - 1);
        }
        ranges.sort_by_key(|range| std::cmp::Reverse((range.rows.0, range.columns.0)));
        Self { ahead: ranges, open: Vec::new() }
    }

    /// The rows of a sheet must come in their order.
    pub fn lay_over(&mut self, row: &mut SheetRow) {
        let at = row.line.saturating_sub(1);
        self.open.retain(|(range, _)| range.rows.1 >= at);
        while let Some(range) = self.ahead.pop_if(|range| range.rows.0 <= at) {
            if range.rows.1 >= at {
                self.begin(range, row, at);
            }
        }
        let mut taken_over = 0;
        for (range, cell) in self.open.iter().filter(|(range, _)| range.rows.0 < at) {
            let column = range.columns.0;
            if let SheetCell::Text(text) = cell {
                taken_over += text.len();
            }
            if taken_over > TAKEN_OVER_MAX || *cell == SheetCell::Empty {
                continue;
            }
            if row.cells.len() <= column {
                row.cells.resize(column + 1, SheetCell::Empty);
            }
            if row.cells[column] == SheetCell::Empty {
                row.cells[column] = cell.clone();
            }
        }
        row.merges.extend(self.open.iter().map(|(range, _)| Merge {
            first: range.columns.0,
            last: range.columns.1,
            top: range.rows.0.saturating_add(1),
        }));
    }

    /// Of ranges that lie over each other, which no spreadsheet makes, the first counts.
    fn begin(&mut self, range: Range, row: &SheetRow, at: u32) {
        let place = self.open.partition_point(|(open, _)| open.columns.0 < range.columns.0);
        let reaches = |open: &(Range, SheetCell)| {
            open.0.columns.0 <= range.columns.1 && range.columns.0 <= open.0.columns.1
        };
        let beside = self.open[place.saturating_sub(1)..].iter().take(2);
        if beside.into_iter().any(reaches) {
            return;
        }
        // Where the row it begins in is not there, it holds nothing.
        let begins_here = range.rows.0 == at && range.rows.1 > at;
        let cell = if begins_here { row.cell(range.columns.0).clone() } else { SheetCell::Empty };
        self.open.insert(place, (range, cell));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(line: u32, cells: &[&str]) -> SheetRow {
        let cell = |text: &&str| {
            if text.is_empty() { SheetCell::Empty } else { SheetCell::Text((*text).into()) }
        };
        SheetRow::new(line, cells.iter().map(cell).collect())
    }

    fn laid(ranges: &[Range], rows: Vec<SheetRow>) -> Vec<SheetRow> {
        let mut merged = Merged::new(ranges.to_vec());
        let lay = |mut row: SheetRow| {
            merged.lay_over(&mut row);
            row
        };
        rows.into_iter().map(lay).collect()
    }

    #[test]
    fn what_is_merged_downwards_stands_in_every_row_and_no_further() {
        let unit = Range { rows: (1, 3), columns: (1, 1) };
        let rows = vec![
            row(1, &["NAMA", "UNIT"]),
            row(2, &["Ani", "Bidang A"]),
            row(4, &["Tri", ""]),
            row(5, &["Eka", ""]),
        ];
        let rows = laid(&[unit], rows);
        assert_eq!(rows[2].cell(1), &SheetCell::Text("Bidang A".into()));
        assert!(rows[2].comes_from_above(1) && !rows[1].comes_from_above(1));
        assert_eq!(rows[3].cell(1), &SheetCell::Empty);
        assert_eq!(rows[2].merges, [Merge { first: 1, last: 1, top: 2 }]);
    }

    #[test]
    fn what_is_merged_sideways_stands_once_and_tells_how_far_it_reaches() {
        let group = Range { rows: (0, 0), columns: (1, 3) };
        let rows = laid(&[group], vec![row(1, &["", "JABATAN"]), row(2, &["", "NAMA", "TMT"])]);
        assert_eq!(rows[0].merge(3), Some(&Merge { first: 1, last: 3, top: 1 }));
        assert_eq!((rows[0].cell(2), rows[1].merge(1)), (&SheetCell::Empty, None));
    }

    #[test]
    fn ranges_that_cannot_be_take_neither_time_nor_room() {
        let whole = Range { rows: (0, u32::MAX), columns: (0, usize::MAX) };
        let mut ranges = vec![whole; 50_000];
        ranges.extend((0..20_000).map(|at| Range { rows: (0, u32::MAX), columns: (at, at) }));
        ranges.push(Range { rows: (9, 1), columns: (3, 0) });
        let long = "x".repeat(30_000);
        let wide: Vec<&str> = (0..1024).map(|_| long.as_str()).collect();
        let rows = laid(&ranges, vec![row(1, &wide), row(2, &[]), row(3, &["a"])]);
        assert!(rows[1].merges.len() <= COLUMNS_MAX);
        let narrow: Vec<Range> =
            (0..1024).map(|at| Range { rows: (0, u32::MAX), columns: (at, at) }).collect();
        let rows = laid(&narrow, vec![row(1, &wide), row(2, &[])]);
        let taken = rows[1].cells.iter().filter(|cell| **cell != SheetCell::Empty).count();
        assert_eq!(taken, 1);
    }
}
