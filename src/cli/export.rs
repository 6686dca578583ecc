//! `kompeten export KIND FILE`: a list as a file another program opens, exactly as the
//! search and unit leave it.

use std::io::{IsTerminal, stdout};

use super::args::ExportArgs;
use super::client::Client;
use super::fault::{Exit, Failure};
use super::values::FileFormat;
use super::{Context, say};
use crate::domain::record::Kind;
use crate::exchange::{Destination, Format, WriteError};
use crate::i18n::{self, t};
use crate::jobs::Progress;
use crate::jobs::export::{self, ExportError, ReadBy, Rows, Written};
use crate::protocol::ListQuery;

pub fn run(args: &ExportArgs, context: &Context) -> Result<Exit, Failure> {
    let to = Destination::from_arg(&args.file);
    if args.format == Some(FileFormat::Moodle) {
        return framework(args, context, &to);
    }
    let format = match args.format {
        Some(FileFormat::Csv) => Format::Csv,
        Some(FileFormat::Xlsx) => Format::Xlsx,
        Some(FileFormat::Json) => Format::Json,
        _ if is_foreign(&to) => return Err(foreign(&to, "csv, xlsx, json")),
        _ => Format::of(&to).unwrap_or(Format::Csv),
    };
    if to == Destination::Stdout && format == Format::Xlsx && stdout().is_terminal() {
        return Err(Failure::Usage(t!("usage.xlsx_needs_a_file").into_owned()));
    }
    let mut client = Client::open(context)?;
    let query = ListQuery {
        search: client.search(args.kind, &args.search),
        unit: super::list::unit_of(&mut client, args.kind, args.unit.as_deref())?,
        export: true,
        ..ListQuery::all(args.kind)
    };
    let written = write(&mut client, &query, u32::MAX, &to, format)?;
    if let Destination::File(file) = &to {
        let what = i18n::count(args.kind, u32::try_from(written.rows).unwrap_or(u32::MAX));
        say(&t!("cli.exported", what = what, file = file.display()));
    }
    say_restricted(written.restricted);
    Ok(Exit::Done)
}

/// Whether a file is called as those of programs for which nothing is written here: what opens
/// it would not find what the name promises.
pub fn is_foreign(to: &Destination) -> bool {
    const ENDINGS: &[&str] = &["pdf", "xls", "ods", "doc", "docx", "odt", "rtf", "html", "htm"];
    let Destination::File(path) = to else { return false };
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}

pub fn foreign(to: &Destination, known: &str) -> Failure {
    let name = match to {
        Destination::File(path) => path.display().to_string(),
        Destination::Stdout => String::new(),
    };
    Failure::Usage(t!("usage.foreign_ending", name = name, known = known).into_owned())
}

/// The dictionary as a competency framework that Moodle takes.
fn framework(args: &ExportArgs, context: &Context, to: &Destination) -> Result<Exit, Failure> {
    if args.kind != Kind::Competencies || args.unit.is_some() {
        return Err(Failure::Usage(t!("usage.moodle_is_of_competencies").into_owned()));
    }
    let mut client = Client::open(context)?;
    let search = client.search(args.kind, &args.search);
    let count = export::framework(&mut |request| client.ask(request), &search, to)
        .map_err(|error| failure_of(&error, to))?;
    if let Destination::File(file) = to {
        let what = i18n::count(args.kind, count);
        say(&t!("cli.exported", what = what, file = file.display()));
    }
    Ok(Exit::Done)
}

/// Who a file does without, if anybody.
pub fn say_restricted(people: u32) {
    if people > 0 {
        say(&t!("export.restricted", count = people));
    }
}

/// Writes a list, with the bar where a person waits for it.
pub fn write(
    client: &mut Client,
    query: &ListQuery,
    limit: u32,
    to: &Destination,
    format: Format,
) -> Result<Written, Failure> {
    let (bar, watch) = (client.bar(), client.bar());
    let label = t!("cli.writing", kind = i18n::kind(query.kind)).into_owned();
    let progress = Progress::new(move |done, total| {
        if let Ok(mut bar) = watch.lock() {
            bar.at(&label, done, total);
        }
    });
    let ask = &mut |request| client.ask(request);
    let written =
        export::list(ask, query, Rows::first(limit), to, format, ReadBy::Scripts, &progress);
    if let Ok(mut bar) = bar.lock() {
        bar.clear();
    }
    written.map_err(|error| failure_of(&error, to))
}

/// What became of a list that could not be written.
pub fn failure_of(error: &ExportError, to: &Destination) -> Failure {
    match error {
        ExportError::File(error) => write_failure(error, to),
        ExportError::Office(problem) => problem.clone().into(),
        ExportError::Cancelled => Failure::Failed(t!("cli.stopped").into_owned()),
    }
}

/// An output that cannot be written, with what is wrong with it.
pub fn write_failure(error: &WriteError, to: &Destination) -> Failure {
    if *error == WriteError::ReaderGone {
        return Failure::ReaderGone;
    }
    let text = i18n::filled(&format!("file.{}", error.code()), &error.args());
    match to {
        Destination::File(file) => Failure::Failed(format!("{}: {text}", file.display())),
        Destination::Stdout => Failure::Failed(text),
    }
}
