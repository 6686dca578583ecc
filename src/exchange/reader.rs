//! What a format knows of its files: the columns it looks for, and how a row becomes a
//! value. Finding the header, choosing the sheet, counting and keeping rows is the same
//! for all of them (see `source`).

use super::competencies::Dictionary;
use super::employees::Employees;
use super::header::{Header, Known};
use super::plain::Plain;
use super::sheet::SheetRow;
use super::source::Lexicon;
use super::trainings::Ledger;
use crate::domain::fault::Fault;
use crate::domain::intake::{IntakeDef, IntakeRow, RowData, RowShape};

/// What became of a good row.
pub(super) enum Read {
    /// A value of its own, and what was noticed.
    Row(RowData, Vec<Fault>),
    /// Several values, each good or with the reason to refuse it, and what was noticed.
    Rows(Vec<Result<RowData, Fault>>, Vec<Fault>),
    /// It went into the value that began in this line, which is handed over at the end.
    Into(u32),
}

pub(super) trait Reader: Send {
    /// The columns it looks for, in the order in which they take theirs.
    fn table(&self) -> &[Known];

    /// A row without any of these is no header.
    fn anchors(&self) -> &[usize];

    /// The header of a file whose columns are known by their places: its headings are in any
    /// language.
    fn placed(&self, _rows: &[SheetRow]) -> Option<Header> {
        None
    }

    /// One of each group must have a column.
    fn needed(&self) -> Vec<&[usize]>;

    /// The same of what a record needs that is not there yet.
    fn for_new(&self) -> Vec<&[usize]> {
        Vec::new()
    }

    /// The fields that are dates.
    fn dates(&self) -> Vec<usize> {
        Vec::new()
    }

    /// Takes columns that only the whole header tells of.
    fn claim(&self, _header: &mut Header) {}

    /// The field whose heading says one thing and whose cells another, as far as the first
    /// rows tell.
    fn doubts(&self, _header: &Header, _rows: &[&SheetRow]) -> Option<usize> {
        None
    }

    /// Names of the record's fields the file has a column for.
    fn columns(&self, header: &Header) -> Vec<String>;

    /// How many values a row may be.
    fn width(&self, _header: &Header) -> usize {
        1
    }

    /// The value of a row, or the first reason to refuse it.
    fn read(&mut self, header: &Header, row: &SheetRow) -> Result<Read, Fault>;

    /// The most rows of a file that is read to its end before anything is handed over.
    fn rows_max(&self) -> Option<u32> {
        None
    }

    /// At the end of the file: the values of rows that went into one.
    fn finish(&mut self) -> Vec<IntakeRow> {
        Vec::new()
    }
}

pub(super) fn reader(def: &IntakeDef, lexicon: &Lexicon) -> Box<dyn Reader> {
    match def.format {
        RowShape::Plain => Box::new(Plain::new(def, lexicon)),
        RowShape::Staff => Box::new(Employees::new(&lexicon.rules)),
        RowShape::Dictionary => Box::new(Dictionary::default()),
        RowShape::Ledger => Box::new(Ledger::new(&lexicon.rules)),
    }
}
