//! The header: which rows of a sheet name the columns, and which column is which field.
//! Up to three rows are read as a stack, a group above reaching sideways over its
//! sub-headings. Columns are found by name (see `headings`), the NIP's also by what stands
//! in it, and by place only where the officer says so. A column that is no field is
//! ignored, and what stands in it is dropped as soon as its row has been read.

use super::clean;
use super::dates::Order;
use super::error::FileError;
pub(super) use super::headings::fold;
use super::sheet::{SheetCell, SheetRow};

mod finder;
mod stack;
pub(super) use finder::find;
pub(super) use stack::is_data;

/// How many rows may stand above and in the header.
pub(super) const SEARCH_ROWS: usize = 30;
/// The field of a NIP, in every table that has one.
pub(super) const NIP: &str = "nip";
/// The field of a name and a NIP in one cell, and that of a name, in lists of staff.
pub(super) const NAME_AND_NIP: &str = "name_and_nip";
pub(super) const NAME: &str = "name";

/// A field of an import, and the headers known for it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    /// The name `--map` uses.
    pub field: &'static str,
    /// Whether that name is a header, too, the most telling of all.
    pub by_name: bool,
    /// The most telling first (see `headings::Alias` for `*` and `=`).
    pub aliases: &'static [&'static str],
}

/// The fields of one import as an enum, in the order of their table.
macro_rules! fields {
    ($vis:vis enum $name:ident { $($variant:ident $field:literal [$($alias:literal),* $(,)?]),+ $(,)? }) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        $vis enum $name { $($variant),+ }

        impl $name {
            $vis const TABLE: &'static [$crate::exchange::header::Known] = &[
                $($crate::exchange::header::Known {
                    field: $field,
                    by_name: false,
                    aliases: &[$($alias),*],
                }),+
            ];
        }

        impl From<$name> for usize {
            fn from(field: $name) -> usize {
                field as usize
            }
        }
    };
}
pub(super) use fields;

/// What an import asks of a header.
pub(super) struct Wanted<'a> {
    pub table: &'a [Known],
    /// A row without any of these is no header; where there are none, any row may be.
    pub anchors: &'a [usize],
    /// One of each group must have a column.
    pub needed: &'a [&'a [usize]],
}

/// A header understood.
#[derive(Clone, Debug)]
pub(super) struct Header {
    /// The line its last row stands in; 0 where the list has none.
    pub line: u32,
    /// As the file writes them, one a column, group and sub-heading as one; empty where a
    /// column has no name.
    pub names: Vec<String>,
    /// The rows it was read from, each column folded, to know them again on the next page.
    rows: Vec<Vec<String>>,
    table: Vec<Known>,
    /// The column of each field of the table.
    columns: Vec<Option<usize>>,
    /// Columns of which each is a value of its own, whatever they are called.
    spread: Vec<usize>,
    /// How dates are written, by column.
    orders: Vec<Order>,
}

impl Header {
    /// One whose columns are known by their places alone, whatever it calls them.
    pub fn placed(table: &[Known], row: &SheetRow, places: &[(usize, usize)]) -> Self {
        let text = |cell| clean::line(cell).unwrap_or_default();
        let names: Vec<String> = row.cells.iter().map(text).collect();
        let mut columns = vec![None; table.len()];
        for (field, place) in places {
            columns[*field] = Some(*place).filter(|place| *place < names.len());
        }
        let rows = vec![names.iter().map(|name| fold(name)).collect()];
        let table = table.to_vec();
        Self { line: row.line, names, rows, table, columns, spread: Vec::new(), orders: Vec::new() }
    }

    /// The cell of this field in a row.
    pub fn cell<'a>(&self, row: &'a SheetRow, field: impl Into<usize>) -> &'a SheetCell {
        self.column(field).map_or(&SheetCell::Empty, |column| row.cell(column))
    }

    /// Where this field stands, counted from 0.
    pub fn column(&self, field: impl Into<usize>) -> Option<usize> {
        self.columns.get(field.into()).copied().flatten()
    }

    pub fn has(&self, field: impl Into<usize>) -> bool {
        self.column(field).is_some()
    }

    pub fn has_any<F: Into<usize> + Copy>(&self, fields: &[F]) -> bool {
        fields.iter().any(|field| self.has(*field))
    }

    /// The header of this field as the file writes it; the field's name without a column.
    pub fn name(&self, field: impl Into<usize>) -> &str {
        let field = field.into();
        self.column(field).map_or(self.table[field].field, |column| &self.names[column])
    }

    /// The column of the field of that name.
    pub fn place_of(&self, field: &str) -> Option<usize> {
        self.column(self.table.iter().position(|known| known.field == field)?)
    }

    /// The heading of the field of that name, if it has a column.
    pub fn named(&self, field: &str) -> Option<&str> {
        self.place_of(field).map(|column| self.names[column].as_str())
    }

    /// Whether its rows are people, and not something people have.
    pub fn lists_people(&self) -> bool {
        self.table.iter().any(|known| known.field == NAME_AND_NIP)
    }

    /// Gives a field the column with exactly this name, if it has none and the column is free.
    pub fn claim(&mut self, field: impl Into<usize>, name: &str) {
        let field = field.into();
        let found = self.names.iter().position(|other| other == name);
        if self.columns[field].is_none() && found.is_some_and(|column| !self.keeps(column)) {
            self.columns[field] = found;
        }
    }

    /// How dates are written in the column of this field.
    pub fn order(&self, field: impl Into<usize>) -> Order {
        let column = self.column(field);
        column.and_then(|column| self.orders.get(column)).copied().unwrap_or_default()
    }

    /// What was found of how dates are written, by column.
    pub fn set_orders(&mut self, orders: Vec<Order>) {
        self.orders = orders;
    }

    /// The field a column is.
    pub fn field_of(&self, column: usize) -> Option<&'static str> {
        let place = self.columns.iter().position(|found| *found == Some(column))?;
        self.table.get(place).map(|known| known.field)
    }

    /// What a kept column is: a field, or what its own heading says.
    pub fn meaning_of(&self, column: usize) -> &str {
        self.field_of(column).unwrap_or_else(|| self.names[column].as_str())
    }

    /// Whether a column is a field's.
    pub fn keeps(&self, column: usize) -> bool {
        self.columns.contains(&Some(column)) || self.spread.contains(&column)
    }

    /// Takes these columns as values of their own.
    pub fn spread_over(&mut self, columns: Vec<usize>) {
        self.spread = columns;
    }

    pub fn spread(&self) -> &[usize] {
        &self.spread
    }

    /// The kept columns in the order of the file.
    pub fn kept(&self) -> Vec<usize> {
        (0..self.names.len()).filter(|column| self.keeps(*column)).collect()
    }

    /// The names of the columns that are nobody's.
    pub fn ignored(&self) -> Vec<String> {
        let named = self.names.iter().enumerate();
        named
            .filter(|(column, name)| !name.is_empty() && !self.keeps(*column))
            .map(|(_, name)| name.clone())
            .collect()
    }

    /// Names of the fields that have a column.
    pub fn fields(&self) -> Vec<String> {
        let fields = self.table.iter().zip(&self.columns);
        fields.filter(|(_, c)| c.is_some()).map(|(known, _)| known.field.to_string()).collect()
    }

    /// Whether a column's heading speaks of a day since when (TMT).
    pub fn speaks_of_since(&self, column: usize) -> bool {
        let name = self.names.get(column).map_or("", String::as_str).to_lowercase();
        name.split(|c: char| !c.is_alphabetic()).any(|word| word == "tmt")
    }

    /// Gives the column of one field to another that has none.
    pub fn hand_over(&mut self, from: impl Into<usize>, to: impl Into<usize>) {
        let (from, to) = (from.into(), to.into());
        if self.columns[to].is_none() {
            self.columns[to] = self.columns[from].take();
        }
    }

    /// Whether this column only counts the rows.
    pub fn is_running(&self, column: usize) -> bool {
        self.names.get(column).is_some_and(|name| {
            !self.keeps(column)
                && matches!(fold(name).as_str(), "no" | "nomor" | "nourut" | "nomorurut" | "nu")
        })
    }

    /// The header again, at the top of a page.
    pub fn is_repeated(&self, row: &SheetRow) -> bool {
        let own = || filled(row).filter(|(column, _)| !self.is_running(*column));
        let again = |names: &Vec<String>| {
            own().all(|(column, text)| names.get(column).is_some_and(|name| *name == fold(&text)))
        };
        own().next().is_some() && self.rows.iter().any(again)
    }

    /// Drops what stands in columns that are nobody's.
    pub fn forget_ignored(&self, row: &mut SheetRow) {
        for (column, cell) in row.cells.iter_mut().enumerate() {
            if !self.keeps(column) {
                *cell = SheetCell::Empty;
            }
        }
    }
}

/// The cells of a row that hold anything, with their columns.
pub(super) fn filled(row: &SheetRow) -> impl Iterator<Item = (usize, String)> {
    row.cells.iter().enumerate().filter_map(|(column, cell)| Some((column, clean::line(cell)?)))
}

/// Field and column of each `--map`.
fn mapped_fields<'a>(
    table: &[Known],
    map: &'a [(String, String)],
) -> Result<Vec<(usize, &'a str)>, FileError> {
    map.iter()
        .map(|(field, column)| {
            let wanted = field.trim();
            table
                .iter()
                .position(|known| known.field == wanted)
                .map(|field| (field, column.as_str()))
                .ok_or_else(|| FileError::MapField {
                    field: field.clone(),
                    known: table.iter().map(|known| known.field.to_string()).collect(),
                })
        })
        .collect()
}

#[cfg(test)]
#[path = "header/tests.rs"]
mod tests;
