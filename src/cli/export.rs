//! `kompeten export KIND FILE`: a list as a file another program opens, exactly as the
//! search and unit leave it.

use std::io::Write;
use std::path::Path;

use super::args::{Export, FileFormat};
use super::client::Client;
use super::fault::{Exit, Failure};
use super::{Context, list, say};
use crate::exchange::{FileError, Format};
use crate::i18n::{self, t};
use crate::jobs::Progress;
use crate::jobs::export::{ExportError, Target, export};
use crate::link::protocol::ListQuery;

pub fn run(args: &Export, context: &Context, out: &mut dyn Write) -> Result<Exit, Failure> {
    let format = format_of(args);
    let to_stdout = args.file.as_os_str() == "-";
    if to_stdout && format == Format::Xlsx {
        return Err(Failure::Usage(t!("usage.xlsx_needs_a_file").into_owned()));
    }
    let mut client = Client::open(context)?;
    let query = ListQuery {
        search: args.search.clone(),
        unit: client.unit(args.unit.as_deref())?,
        ..ListQuery::all(args.kind)
    };
    if to_stdout && format == Format::Json {
        list::json(&mut client, &query, u32::MAX, out)?;
        return Ok(Exit::Done);
    }
    let target = if to_stdout { Target::Stream(out) } else { Target::File(&args.file) };
    let silent = Progress::silent();
    let rows =
        export(&mut |request| client.ask(request), &query, u32::MAX, format, target, &silent);
    let rows = rows.map_err(|error| failure_of(&error, &args.file))?;
    if !to_stdout {
        let what = i18n::count(args.kind, rows);
        say(&t!("cli.exported", what = what, file = args.file.display()));
    }
    Ok(Exit::Done)
}

/// The flag, else what the file's name ends with, else CSV.
fn format_of(args: &Export) -> Format {
    let ending = args.file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    match args.format {
        Some(FileFormat::Csv) => Format::Csv,
        Some(FileFormat::Xlsx) => Format::Xlsx,
        Some(FileFormat::Json) => Format::Json,
        None if ending.eq_ignore_ascii_case("xlsx") => Format::Xlsx,
        None if ending.eq_ignore_ascii_case("json") => Format::Json,
        None => Format::Csv,
    }
}

/// What became of a list that could not be written.
pub fn failure_of(error: &ExportError, file: &Path) -> Failure {
    match error {
        ExportError::File(error) => file_failure(error, file),
        ExportError::Office(problem) => problem.clone().into(),
        ExportError::Cancelled => Failure::Failed(t!("cli.stopped").into_owned()),
    }
}

/// A file that cannot be read or written, with what is wrong with it.
pub fn file_failure(error: &FileError, file: &Path) -> Failure {
    let text = i18n::filled(&format!("file.{}", error.code()), &error.args());
    Failure::Failed(format!("{}: {text}", file.display()))
}
