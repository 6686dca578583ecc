//! What any import reads of a row: whom it means, a level, and whether a cell holds more
//! than a field takes.

use super::clean;
use super::header::Header;
use super::sheet::{Cell, SheetRow};
use crate::domain::fault::{Fault, Reason};
use crate::domain::kinds::competency::Level;
use crate::domain::number::EmployeeNumber;

/// What stands in a NIP column. A spreadsheet keeps fifteen digits of a number: one that
/// went through a numeric cell is damaged, however it looks now.
pub(super) fn number(cell: &Cell) -> Result<EmployeeNumber, Reason> {
    match cell {
        Cell::Number(_) | Cell::Date(_) => Err(Reason::NipDamaged),
        _ => EmployeeNumber::parse(&clean::line(cell).unwrap_or_default()),
    }
}

/// Whom a row means: a NIP, else a local number from its own column.
pub(super) fn person<F: Into<usize> + Copy>(
    header: &Header,
    row: &SheetRow,
    number: F,
    local: F,
) -> Result<EmployeeNumber, Fault> {
    let read = match self::number(header.cell(row, number)) {
        Err(Reason::NipMissing) => {
            EmployeeNumber::local(&clean::line(header.cell(row, local)).unwrap_or_default())
        }
        read => read,
    };
    let column = if header.has(number) { number } else { local };
    read.map_err(|_| Fault::new(header.name(column), Reason::EmployeeUnknown))
}

/// A whole number from 1 to 5.
pub(super) fn level(
    header: &Header,
    row: &SheetRow,
    column: impl Into<usize> + Copy,
) -> Result<Level, Fault> {
    let figure = clean::whole(header.cell(row, column)).ok().flatten();
    figure
        .and_then(|level| u8::try_from(level).ok())
        .and_then(Level::new)
        .ok_or_else(|| Fault::with(header.name(column), Reason::LevelRange, "1–5"))
}

/// The first kept cell with more characters than a field takes; `but` are fields that
/// take more.
pub(super) fn too_long(
    header: &Header,
    row: &SheetRow,
    max: usize,
    but: &[usize],
) -> Result<(), Fault> {
    for (column, cell) in row.cells.iter().enumerate() {
        // Bytes are at least as many as characters, so that most cells need no counting.
        if let Cell::Text(text) = cell
            && text.len() > max
            && header.keeps(column)
            && !but.iter().any(|field| header.column(*field) == Some(column))
            && clean::line(cell).is_some_and(|text| text.chars().count() > max)
        {
            return Err(Fault::with(&header.names[column], Reason::TooLong, max));
        }
    }
    Ok(())
}
