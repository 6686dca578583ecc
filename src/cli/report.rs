//! `kompeten report`: which reports there are, and one of them as a table, a file for
//! scripts or spreadsheets, or a sheet to be printed. What a report takes beyond unit, year,
//! day and search it says itself; each is a flag of its own here.

use std::io::{IsTerminal, Write, stdout};

use clap::{Arg, ArgMatches, Args};

use super::args::ReportArgs;
use super::client::Client;
use super::export::{failure_of, foreign, is_foreign, say_restricted};
use super::fault::{Exit, Failure};
use super::table::PlainTable;
use super::values::ReportStyle;
use super::{Context, say};
use crate::domain::column::Align;
use crate::domain::fault::{Fault, Reason};
use crate::domain::nearest::nearest;
use crate::exchange::{Destination, ReportFormat};
use crate::i18n::{self, t};
use crate::jobs::Progress;
use crate::jobs::export::{self, Seen, each_report_page};
use crate::link::all_reports;
use crate::protocol::{Answer, Problem, ReportInfo, ReportQuery, Request, SortKey, Table as Page};

/// What every report may take has a place of its own in a question.
const SHARED: &[&str] = &["unit", "year", "at", "search"];

/// The flags that only some reports take, as they say themselves.
#[derive(Clone, Debug, Default)]
pub struct Own(Vec<(String, String)>);

impl Own {
    /// Their names, each once.
    fn names() -> Vec<String> {
        let params = all_reports().into_iter().flat_map(|report| report.params);
        let mut names: Vec<String> = params.map(|param| param.name).collect();
        names.retain(|name| !SHARED.contains(&name.as_str()));
        names.sort();
        names.dedup();
        names
    }
}

impl clap::FromArgMatches for Own {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut own = Self::default();
        own.update_from_arg_matches(matches)?;
        Ok(own)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        for name in Self::names() {
            if let Some(value) = matches.get_one::<String>(&name) {
                self.0.push((name, value.clone()));
            }
        }
        Ok(())
    }
}

impl Args for Own {
    fn augment_args(command: clap::Command) -> clap::Command {
        Self::names().into_iter().fold(command, |command, name| {
            let help = i18n::report_param(&name);
            command.arg(Arg::new(name.clone()).long(name).value_name("X").requires("id").help(help))
        })
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

pub fn run(args: &ReportArgs, context: &Context, out: &mut dyn Write) -> Result<Exit, Failure> {
    let mut client = Client::open(context)?;
    let Answer::Reports(reports) = client.ask(Request::Reports)? else {
        return Err(Problem::Closed.into());
    };
    let Some(id) = &args.id else { return list(&reports, out) };
    if all_reports().iter().all(|report| report.id != *id) {
        return Err(unknown(id, &reports));
    }
    let query = ReportQuery {
        unit: client.unit(args.unit.as_deref())?,
        year: args.year,
        at: args.at,
        search: args.search.clone(),
        own: args.own.0.clone(),
        sort: sort_keys(args.sort.as_deref().unwrap_or_default()),
        ..ReportQuery::of(id)
    };
    let limit = args.limit.unwrap_or(u32::MAX);
    let to = args.out.as_deref().map_or(Destination::Stdout, Destination::from_arg);
    let style = args.format.or_else(|| ReportFormat::of(&to).map(ReportStyle::File));
    match (style, &to) {
        (None | Some(ReportStyle::Table), Destination::Stdout) => {
            table(&mut client, &query, limit, args, out)
        }
        (Some(ReportStyle::File(ReportFormat::Xlsx)), Destination::Stdout)
            if stdout().is_terminal() =>
        {
            Err(Failure::Usage(t!("usage.xlsx_needs_a_file").into_owned()))
        }
        (Some(ReportStyle::File(format)), _) => write(&mut client, query, limit, &to, format, args),
        // A table in a file is the sheet that can be printed.
        (Some(ReportStyle::Table), _) => {
            write(&mut client, query, limit, &to, ReportFormat::Text, args)
        }
        (None, to) if is_foreign(to) => Err(foreign(to, "csv, xlsx, json, txt")),
        (None, _) => write(&mut client, query, limit, &to, ReportFormat::Csv, args),
    }
}

fn list(reports: &[ReportInfo], out: &mut dyn Write) -> Result<Exit, Failure> {
    let heads = [t!("reports.id"), t!("reports.what")];
    let mut table = PlainTable::new(heads.map(|head| (head.into_owned(), Align::Left)));
    table.keep_whole(0);
    for report in reports {
        let words = format!("{}: {}", i18n::report(&report.id), i18n::report_about(&report.id));
        table.row(vec![report.id.clone(), words]);
    }
    table.print(out)?;
    out.flush()?;
    Ok(Exit::Done)
}

fn unknown(id: &str, reports: &[ReportInfo]) -> Failure {
    let ids = || reports.iter().map(|report| report.id.as_str());
    let valid = ids().collect::<Vec<_>>().join(", ");
    let mut text = t!("reports.unknown", id = id, valid = valid).into_owned();
    if let Some(near) = nearest(id, ids()) {
        text = format!("{text} {}", t!("usage.nearest", near = near));
    }
    Failure::Usage(text)
}

/// `people,-group` as sort keys; whether there are such columns the report knows.
fn sort_keys(text: &str) -> Vec<SortKey> {
    let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
    let key = |name: &str| {
        let (column, descending) =
            name.strip_prefix('-').map_or((name, false), |name| (name, true));
        SortKey { column: column.to_string(), descending }
    };
    names.map(key).collect()
}

/// Why a report was not run: what was asked wrongly is wrong usage, and a unit out of reach
/// is one that does not exist.
fn refused(problem: Problem, args: &ReportArgs) -> Failure {
    match (problem, &args.unit) {
        (Problem::Invalid(faults), _) => {
            let lines = faults.iter().map(|(_, fault)| said(fault, args));
            Failure::Usage(lines.collect::<Vec<_>>().join("; "))
        }
        (Problem::NotFound, Some(unit)) => {
            Failure::Failed(t!("cli.no_such_unit", name = unit).into_owned())
        }
        (problem, _) => problem.into(),
    }
}

/// What is wrong with what was asked, and what may have been meant: a column or parameter
/// there is, or a choice of one.
fn said(fault: &Fault, args: &ReportArgs) -> String {
    let flags = |names: &str| {
        let flags = names.split(", ").map(|name| format!("--{}", name.replace('=', " ")));
        flags.collect::<Vec<_>>().join(", ")
    };
    let (field, detail) = match fault.reason {
        Reason::NotTaken | Reason::OnlyWith => (flags(&fault.field), flags(&fault.detail)),
        _ => (fault.field.clone(), fault.detail.clone()),
    };
    let reports = all_reports();
    let report = reports.iter().find(|report| args.id.as_ref() == Some(&report.id));
    let taken = report.is_some_and(|it| it.params.iter().any(|param| param.name == fault.field));
    let value = args.own.0.iter().find(|(name, _)| taken && *name == fault.field);
    // A parameter is called as it is written, with what was written for it.
    let field = match (taken, value) {
        (true, Some((_, value))) => format!("--{} \"{value}\"", fault.field),
        (true, None) => format!("--{}", fault.field),
        (false, _) => field,
    };
    let text = format!("{field}: {}", i18n::reason(fault.reason, &detail));
    let given = value.map_or(&fault.field, |(_, value)| value);
    let near = (fault.reason == Reason::NotAChoice)
        .then(|| nearest(given, fault.detail.split(", ")))
        .flatten();
    near.map_or(text.clone(), |near| format!("{text}. {}", t!("usage.nearest", near = near)))
}

fn table(
    client: &mut Client,
    query: &ReportQuery,
    limit: u32,
    args: &ReportArgs,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let mut shown: Option<PlainTable> = None;
    let mut last: Option<Page> = None;
    let each = &mut |page: &Page| {
        let columns = || page.columns.iter().enumerate().filter(|(_, column)| column.shown);
        let table = shown.get_or_insert_with(|| {
            let head = columns()
                .map(|(_, column)| (i18n::report_column(&page.report, column), column.align));
            let mut table = PlainTable::new(head);
            for (place, (_, column)) in columns().enumerate() {
                if column.align == Align::Right {
                    table.keep_whole(place);
                }
            }
            table
        });
        let line = |cells: &[crate::domain::value::Value]| {
            let cell = |(at, column): (usize, &_)| {
                cells
                    .get(at)
                    .map_or_else(String::new, |cell| i18n::report_cell(&page.report, column, cell))
            };
            columns().map(cell).collect::<Vec<_>>()
        };
        page.rows.iter().for_each(|row| table.row(line(&row.cells)));
        last = Some(Page { rows: Vec::new(), ..page.clone() });
        Ok::<(), Problem>(())
    };
    each_report_page(&mut |request| client.ask(request), query, limit, each)
        .map_err(|problem| refused(problem, args))?;
    let (Some(mut table), Some(page)) = (shown, last) else { return Err(Problem::Closed.into()) };
    if let Some(foot) = &page.foot {
        let columns = page.columns.iter().enumerate().filter(|(_, column)| column.shown);
        let mut line: Vec<String> = columns
            .map(|(at, column)| {
                foot.get(at)
                    .map_or_else(String::new, |cell| i18n::report_cell(&page.report, column, cell))
            })
            .collect();
        if let Some(first) = line.first_mut().filter(|cell| cell.is_empty()) {
            *first = i18n::report_total();
        }
        table.row(line);
    }
    table.print(out)?;
    out.flush()?;
    for note in i18n::report_notes(&page, limit) {
        say(&note);
    }
    for legal in &page.legal {
        say(&i18n::report_legal(legal));
    }
    Ok(Exit::Done)
}

/// Into a file, or to whoever reads what comes out; people whose processing is restricted
/// are left out.
fn write(
    client: &mut Client,
    query: ReportQuery,
    limit: u32,
    to: &Destination,
    format: ReportFormat,
    args: &ReportArgs,
) -> Result<Exit, Failure> {
    let query = ReportQuery { export: true, ..query };
    let (bar, watch) = (client.bar(), client.bar());
    let label = i18n::report(&query.report);
    let progress = Progress::new(move |done, total| {
        if let Ok(mut bar) = watch.lock() {
            bar.at(&label, done, total);
        }
    });
    let ask = &mut |request| client.ask(request);
    let written = export::report(ask, &query, limit, &Seen::default(), to, format, &progress);
    if let Ok(mut bar) = bar.lock() {
        bar.clear();
    }
    let written = written.map_err(|error| match error {
        export::ExportError::Office(problem) => refused(problem, args),
        error => failure_of(&error, to),
    })?;
    if let Destination::File(file) = to {
        let what = format!(
            "{} ({})",
            i18n::report(&query.report),
            i18n::whole(i64::try_from(written.rows).unwrap_or(i64::MAX))
        );
        say(&t!("cli.exported", what = what, file = file.display()));
    }
    // On a sheet that one reads here it stands among the notes.
    let read_here = format == ReportFormat::Text && *to == Destination::Stdout;
    if written.rows < written.matched && !read_here {
        let whole = |rows: u64| i18n::whole(i64::try_from(rows).unwrap_or(i64::MAX));
        let (rows, all) = (whole(written.rows), whole(written.matched));
        say(&t!("report.some_rows", rows = rows, all = all));
    }
    say_restricted(written.restricted);
    Ok(Exit::Done)
}
