//! Sheets that are held in memory: what a page or an XML file says is gathered here cell by
//! cell, under one bound for the whole file, and read like any other book.

use std::sync::Arc;

use super::error::FileError;
use super::merged::{COLUMNS_MAX, Merged, RANGES_MAX, Range};
use super::sheet::{Book, OpenSheet, SheetCell, SheetName, SheetRow};

/// Cells of one file: of 10,000 people with all that SIASN knows of them, twice.
const CELLS_MAX: usize = 2_000_000;
/// The last row of a spreadsheet.
pub(super) const LINE_MAX: u32 = 1_048_576;

/// How much more a file may hold.
pub(super) struct Room {
    cells: usize,
    ranges: usize,
}

impl Default for Room {
    fn default() -> Self {
        Self { cells: CELLS_MAX, ranges: RANGES_MAX }
    }
}

/// One sheet as it is gathered. Rows come in their order.
#[derive(Default)]
pub(super) struct Grid {
    pub name: String,
    pub hidden: bool,
    rows: Vec<SheetRow>,
    ranges: Vec<Range>,
}

impl Grid {
    pub fn called(name: String) -> Self {
        Self { name, ..Self::default() }
    }

    /// Puts a cell, of which the file says how far it is merged, into a line counted from 1.
    pub fn put(
        &mut self,
        line: u32,
        cell: SheetCell,
        range: Range,
        room: &mut Room,
    ) -> Result<(), FileError> {
        let column = range.columns.0;
        if line > LINE_MAX {
            return Err(FileError::Broken);
        }
        if column >= COLUMNS_MAX {
            return Ok(());
        }
        if range.rows.0 < range.rows.1 || range.columns.0 < range.columns.1 {
            room.ranges = room.ranges.checked_sub(1).ok_or(FileError::TooManyCells)?;
            self.ranges.push(range);
        }
        if cell == SheetCell::Empty {
            return Ok(());
        }
        if self.rows.last().is_none_or(|row| row.line < line) {
            self.rows.push(SheetRow::new(line, Vec::new()));
        }
        let Some(row) = self.rows.last_mut() else { return Ok(()) };
        if row.cells.len() <= column {
            // The empty cells before it take room, too.
            let more = column + 1 - row.cells.len();
            room.cells = room.cells.checked_sub(more).ok_or(FileError::TooManyCells)?;
            row.cells.resize(column + 1, SheetCell::Empty);
        }
        row.cells[column] = cell;
        Ok(())
    }

    /// Whether it may be a list: a head, something below it, and more than one column.
    pub fn is_list(&self) -> bool {
        self.rows.len() > 1 && self.rows.iter().any(|row| row.cells.len() > 1)
    }

    /// Its only text, where it is a frame around what stands in a cell.
    pub fn into_text(self) -> String {
        let texts = self.rows.into_iter().flat_map(|row| row.cells).filter_map(|cell| match cell {
            SheetCell::Text(text) => Some(text),
            _ => None,
        });
        texts.collect::<Vec<_>>().join("\n")
    }
}

/// A file of grids.
pub(super) struct Grids {
    names: Vec<SheetName>,
    grids: Vec<Arc<Held>>,
}

struct Held {
    rows: Vec<SheetRow>,
    ranges: Vec<Range>,
}

impl Grids {
    pub fn new(grids: Vec<Grid>) -> Self {
        let name = |grid: &Grid| SheetName { name: grid.name.clone(), hidden: grid.hidden };
        let names = grids.iter().map(name).collect();
        let held = |grid: Grid| Arc::new(Held { rows: grid.rows, ranges: grid.ranges });
        Self { names, grids: grids.into_iter().map(held).collect() }
    }
}

impl Book for Grids {
    fn sheets(&self) -> &[SheetName] {
        &self.names
    }

    fn open(&mut self, sheet: usize, _reading: usize) -> Result<Box<dyn OpenSheet>, FileError> {
        let held = self.grids.get(sheet).cloned().ok_or(FileError::Broken)?;
        let merged = Merged::new(held.ranges.clone());
        Ok(Box::new(GridSheet { held, at: 0, merged }))
    }
}

struct GridSheet {
    held: Arc<Held>,
    at: usize,
    merged: Merged,
}

impl Iterator for GridSheet {
    type Item = Result<SheetRow, FileError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut row = self.held.rows.get(self.at)?.clone();
        self.at += 1;
        self.merged.lay_over(&mut row);
        Some(Ok(row))
    }
}

impl OpenSheet for GridSheet {
    fn progress(&self) -> (u64, u64) {
        (self.at as u64, self.held.rows.len() as u64)
    }
}
