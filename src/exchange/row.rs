//! What any import reads of a row: whom it means, a level, and whether a cell holds more
//! than a field takes.

use chrono::NaiveDate;

use super::dates::{self, Order};
use super::header::Header;
use super::sheet::{SheetCell, SheetRow};
use super::{clean, nip};
use crate::domain::fault::{Fault, Reason};
use crate::domain::kinds::competency::Level;
use crate::domain::number::EmployeeNumber;

/// What stands in a NIP column. A spreadsheet keeps fifteen digits of a number: one that
/// went through a numeric cell is damaged, however it looks now.
pub(super) fn number(cell: &SheetCell) -> Result<EmployeeNumber, Reason> {
    match cell {
        SheetCell::Number(number) if *number == 0.0 => Err(Reason::NipMissing),
        SheetCell::Number(_) | SheetCell::Date(_) => Err(Reason::NipDamaged),
        _ => nip::read(&clean::lines(cell).unwrap_or_default()),
    }
}

/// Whether a NIP stands in this cell, alone or beside a name.
pub(super) fn holds_number(cell: &SheetCell) -> bool {
    matches!(cell, SheetCell::Text(_))
        && clean::lines(cell).is_some_and(|text| nip::find(&text).is_some())
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

/// A date as its column writes them, or that it cannot be read; and whether the month was
/// read first, which is worth a remark.
pub(super) fn date(
    header: &Header,
    row: &SheetRow,
    column: impl Into<usize> + Copy,
) -> Result<(Option<NaiveDate>, bool), Fault> {
    let (cell, order) = (header.cell(row, column), header.order(column));
    let date = dates::date_in(cell, order)
        .map_err(|_| Fault::new(header.name(column), Reason::DateUnreadable))?;
    let turned = matches!(order, Order::MonthFirst | Order::MonthFirstAsText);
    Ok((date, date.is_some() && turned && dates::is_ordered(cell)))
}

/// The remarks on dates of a row whose month was read first.
pub(super) fn turned(header: &Header, row: &SheetRow, fields: &[usize]) -> Vec<Fault> {
    let turned = |field: &&usize| matches!(date(header, row, **field), Ok((_, true)));
    let fault = |field: &usize| Fault::new(header.name(*field), Reason::DateMonthFirst);
    fields.iter().filter(turned).map(fault).collect()
}

/// A whole number from 1 to 5.
pub(super) fn level(
    header: &Header,
    row: &SheetRow,
    column: impl Into<usize> + Copy,
) -> Result<Level, Fault> {
    level_of(header.cell(row, column), header.name(column))
}

/// The same of a cell below this heading.
pub(super) fn level_of(cell: &SheetCell, heading: &str) -> Result<Level, Fault> {
    let figure = clean::whole(cell).ok().flatten();
    figure
        .and_then(|level| u8::try_from(level).ok())
        .and_then(Level::new)
        .ok_or_else(|| Fault::with(heading, Reason::LevelRange, "1–5"))
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
        if let SheetCell::Text(text) = cell
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
