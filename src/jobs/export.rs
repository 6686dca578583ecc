//! Writing a list out: page after page from the office into a file of the officer's,
//! exactly as filtered and sorted. A file appears whole or not at all.

use std::io::Write;
use std::path::Path;

use super::{Ask, Progress, unexpected};
use crate::domain::record::Kind;
use crate::exchange::{FileError, Format, Writer};
use crate::link::protocol::{Answer, ListQuery, PAGE_MAX, Page, Problem, Request};

/// Where an export goes.
pub enum Target<'a> {
    File(&'a Path),
    Stream(&'a mut dyn Write),
}

/// Why nothing was written.
#[derive(Clone, Debug, PartialEq)]
pub enum ExportError {
    File(FileError),
    Office(Problem),
    Cancelled,
}

impl From<Problem> for ExportError {
    fn from(problem: Problem) -> Self {
        Self::Office(problem)
    }
}

impl From<FileError> for ExportError {
    fn from(error: FileError) -> Self {
        Self::File(error)
    }
}

/// Writes what `query` finds, at most `limit` rows; gives how many there were. Its
/// offset and limit are not looked at.
pub fn export(
    ask: &mut Ask,
    query: &ListQuery,
    limit: u32,
    format: Format,
    target: Target,
    progress: &Progress,
) -> Result<u32, ExportError> {
    let columns = columns_of(query);
    let query = ListQuery { columns: columns.clone(), ..query.clone() };
    let mut writer = match target {
        Target::File(path) => Writer::file(path, format, &columns)?,
        Target::Stream(stream) => Writer::stream(stream, format, &columns)?,
    };
    let mut written = 0;
    each_page(ask, &query, limit, &mut |page| {
        for row in &page.rows {
            writer.row(&row.cells)?;
        }
        written += page.rows.len() as u32;
        progress.at(written.into(), page.matched.min(limit).into());
        if progress.cancelled() { Err(ExportError::Cancelled) } else { Ok(()) }
    })?;
    writer.finish()?;
    Ok(written)
}

/// The columns asked for, else every column of the kind.
fn columns_of(query: &ListQuery) -> Vec<String> {
    if query.columns.is_empty() { all_columns(query.kind) } else { query.columns.clone() }
}

fn all_columns(kind: Kind) -> Vec<String> {
    kind.columns().iter().map(|column| column.name.to_string()).collect()
}

/// Page after page of a list, at most `limit` rows. A list nobody is in gives one page.
pub fn each_page<E: From<Problem>>(
    ask: &mut Ask,
    query: &ListQuery,
    limit: u32,
    each: &mut dyn FnMut(&Page) -> Result<(), E>,
) -> Result<(), E> {
    let mut query = ListQuery { offset: 0, anchor: None, ..query.clone() };
    let mut left = limit;
    loop {
        query.limit = left.min(PAGE_MAX);
        let Answer::Page(page) = ask(Request::List(query.clone()))? else {
            return Err(unexpected().into());
        };
        each(&page)?;
        let got = page.rows.len() as u32;
        left = left.saturating_sub(got);
        query.offset = page.offset + got;
        if got == 0 || left == 0 || query.offset >= page.matched {
            return Ok(());
        }
    }
}
