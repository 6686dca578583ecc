//! `kompeten import KIND FILE`: brings a file in and says exactly what came of it, as a
//! calm table or as the JSON scripts rely on. Exit 0 all taken, 3 in part, 1 nothing.

use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::add::may_be_asked;
use super::args::ImportArgs;
use super::client::Client;
use super::export::write_failure;
use super::fault::{Exit, Failure};
use super::moves::{self, MovesJson};
use super::table::{LINE, PlainTable, wrap};
use super::{Context, say};
use crate::domain::change::Via;
use crate::domain::column::Align;
use crate::domain::fault::Reason;
use crate::domain::intake::{Intake, RowFault};
use crate::exchange::{Destination, FileError, Sheets};
use crate::i18n::{self, t};
use crate::jobs::Progress;
use crate::jobs::files::undressed;
use crate::jobs::import::{ImportError, ImportPlan, ImportReport, import, lexicon};
use crate::link::request_id;
use crate::protocol::Step;

/// Lines listed with one reason; the JSON and the rejects file have them all.
const LINES_SHOWN: usize = 40;

#[derive(Default, Serialize)]
struct ReportJson {
    rows: u32,
    accepted: u32,
    added: u32,
    changed: u32,
    unchanged: u32,
    rejected: Vec<FaultJson>,
    warnings: Vec<FaultJson>,
    /// Rows of a ledger that share a session with others, and those sessions.
    #[serde(skip_serializing_if = "Option::is_none")]
    gathered: Option<GatheredJson>,
    /// Whom it moves between categories.
    #[serde(skip_serializing_if = "Option::is_none")]
    moves: Option<MovesJson>,
    ignored_columns: Vec<String>,
    /// The only sheet that was read, where the file has sheets.
    #[serde(skip_serializing_if = "Option::is_none")]
    sheet: Option<String>,
    sheets_read: Vec<String>,
    sheets_not_read: Vec<String>,
    seq: Option<u64>,
    dry_run: bool,
    /// Why nothing could be read or saved at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ErrorJson>,
}

#[derive(Serialize)]
struct GatheredJson {
    rows: u32,
    sessions: u32,
}

#[derive(Serialize)]
struct FaultJson {
    line: u32,
    /// The sheet the line is of, where the file has sheets.
    #[serde(skip_serializing_if = "Option::is_none")]
    sheet: Option<String>,
    column: String,
    reason: &'static str,
    message: String,
}

#[derive(Serialize)]
struct ErrorJson {
    code: String,
    message: String,
}

pub fn run(args: &ImportArgs, context: &Context, out: &mut dyn Write) -> Result<Exit, Failure> {
    may_be_asked(args.kind.def().kind, args.yes)?;
    let mut client = match Client::open(context) {
        Ok(client) => client,
        Err(failure) => return refuse(args, "office", failure, out),
    };
    let plan = ImportPlan {
        intake: args.kind,
        file: meant(&args.file),
        map: args.map.clone(),
        sheet: args.sheet.clone(),
        dry_run: args.dry_run,
        sure: args.yes,
        rejects: args.rejects.clone(),
        even_empty: true,
        preview: 0,
        step: Step { req: request_id(), via: Via::Import, why: args.why.clone() },
        lexicon: lexicon(&client.info),
    };
    let bar = client.bar();
    let reading = client.bar();
    let name = args.file.file_name().unwrap_or(args.file.as_os_str()).display();
    let label = t!("report.reading", file = name).into_owned();
    let progress = Progress::new(move |done, total| {
        if let Ok(mut bar) = reading.lock() {
            bar.at(&label, done, total);
        }
    });
    let report = import(&mut |request| client.ask(request), &plan, &progress);
    if let Ok(mut bar) = bar.lock() {
        bar.clear();
    }
    let report = match report {
        Ok(report) => report,
        Err(error) => return refuse(args, &code_of(&error), failure_of(&error, args), out),
    };
    if args.json {
        serde_json::to_writer(&mut *out, &as_json(&report, args))?;
        writeln!(out)?;
    } else {
        print(&report, args, out)?;
    }
    if !report.sheets.not_read.is_empty() {
        out.flush()?;
        say(&t!("report.sheets_not_read", names = report.sheets.not_read.join(", ")));
    }
    Ok(exit_of(&report))
}

/// The file to read; one dropped into the terminal inside quotes keeps what a shell takes off.
fn meant(file: &Path) -> PathBuf {
    let bare = undressed(&file.to_string_lossy());
    if !file.exists() && bare.exists() { bare } else { file.to_path_buf() }
}

fn exit_of(report: &ImportReport) -> Exit {
    match (report.rejected.is_empty(), report.counts.accepted) {
        (true, _) => Exit::Done,
        (false, 0) => Exit::Failed,
        (false, _) => Exit::Part,
    }
}

/// Nothing was read or saved; with `--json` that, too, is JSON.
fn refuse(
    args: &ImportArgs,
    code: &str,
    failure: Failure,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    if let (true, Failure::Failed(message)) = (args.json, &failure) {
        let error = Some(ErrorJson { code: code.to_string(), message: message.clone() });
        let report = ReportJson { error, dry_run: args.dry_run, ..ReportJson::default() };
        serde_json::to_writer(&mut *out, &report)?;
        writeln!(out)?;
        out.flush()?;
    }
    Err(failure)
}

fn code_of(error: &ImportError) -> String {
    match error {
        ImportError::File(error) => error.code().to_string(),
        ImportError::Rejects(error) => error.code().to_string(),
        ImportError::Office(_) => "office".into(),
        ImportError::Cancelled => "cancelled".into(),
        ImportError::Moves(_) => "moves".into(),
    }
}

fn failure_of(error: &ImportError, args: &ImportArgs) -> Failure {
    match error {
        // What the officer wrote behind --map is wrong, not the file.
        ImportError::File(error @ (FileError::MapField { .. } | FileError::MapColumn { .. })) => {
            Failure::Usage(i18n::filled(&format!("file.{}", error.code()), &error.args()))
        }
        ImportError::File(error) => {
            let text = i18n::filled(&format!("file.{}", error.code()), &error.args());
            Failure::Failed(format!("{}: {text}", args.file.display()))
        }
        ImportError::Rejects(error) => {
            let file = args.rejects.clone().unwrap_or_default();
            write_failure(error, &Destination::File(file))
        }
        ImportError::Office(problem) => problem.clone().into(),
        ImportError::Cancelled => Failure::Failed(t!("report.cancelled").into_owned()),
        ImportError::Moves(moves) => moves::not_meant(moves),
    }
}

/// What is wrong with a row; where it may be of somebody without a NIP, also what to do.
fn told(fault: &RowFault, hint: bool) -> String {
    let text = i18n::reason(fault.fault.reason, &fault.fault.detail);
    match fault.fault.reason {
        Reason::NipMissing | Reason::NipNotDigits if hint => {
            format!("{text}. {}", t!("report.without_nip"))
        }
        _ => text,
    }
}

/// Whether numbers of the office's own may be what is missing.
fn may_be_without_nip(args: &ImportArgs) -> bool {
    args.kind == Intake::Employees && !args.map.iter().any(|(field, _)| field == "local_number")
}

fn fault_json(sheets: &Sheets, fault: &RowFault, hint: bool) -> FaultJson {
    let (sheet, line) = sheets.place(fault.line);
    FaultJson {
        line,
        sheet: Some(sheet.to_string()).filter(|name| !name.is_empty()),
        column: fault.fault.field.clone(),
        reason: fault.fault.reason.code(),
        message: told(fault, hint),
    }
}

fn as_json(report: &ImportReport, args: &ImportArgs) -> ReportJson {
    let counts = &report.counts;
    let hint = may_be_without_nip(args);
    let fault = |fault| fault_json(&report.sheets, fault, hint);
    let read: Vec<String> =
        report.sheets.read.iter().filter(|name| !name.is_empty()).cloned().collect();
    ReportJson {
        rows: report.rows,
        accepted: counts.accepted,
        added: counts.added,
        changed: counts.changed,
        unchanged: counts.unchanged,
        rejected: report.rejected.iter().map(fault).collect(),
        warnings: report.warnings.iter().map(fault).collect(),
        gathered: Some(counts.gathered)
            .filter(|(rows, _)| *rows > 0)
            .map(|(rows, sessions)| GatheredJson { rows, sessions }),
        moves: report.moves.as_ref().map(MovesJson::of),
        ignored_columns: report.ignored_columns.clone(),
        sheet: read.first().filter(|_| read.len() == 1).cloned(),
        sheets_read: read,
        sheets_not_read: report.sheets.not_read.clone(),
        seq: counts.seq,
        dry_run: args.dry_run,
        error: None,
    }
}

fn print(report: &ImportReport, args: &ImportArgs, out: &mut dyn Write) -> Result<(), Failure> {
    let kind = match args.kind {
        Intake::Trainings => t!("report.trainings").into_owned(),
        kind => kind.name().parse().map_or_else(|()| kind.name().to_string(), i18n::kind),
    };
    writeln!(out, "{}", t!("report.title", kind = kind, file = args.file.display()))?;
    if args.dry_run {
        writeln!(out, "{}", t!("report.dry_run"))?;
    }
    let counts = &report.counts;
    let mut table = PlainTable::plain(&[Align::Left, Align::Right], 2);
    let rejected = report.rejected.len() as u32;
    for (label, count) in [
        (t!("report.rows"), report.rows),
        (t!("report.accepted"), counts.accepted),
        (t!("report.added"), counts.added),
        (t!("report.changed"), counts.changed),
        (t!("report.unchanged"), counts.unchanged),
        (t!("report.rejected"), rejected),
        (t!("report.warnings"), report.warnings.len() as u32),
    ] {
        table.row(vec![label.into_owned(), i18n::whole(count)]);
    }
    table.print(out)?;
    if let Some(text) = i18n::gathered(counts) {
        writeln!(out, "{text}")?;
    }
    for line in report.moves.iter().flat_map(moves::lines) {
        for line in wrap(&line, LINE) {
            writeln!(out, "{line}")?;
        }
    }
    faults(
        &t!("report.rejected_rows"),
        &report.rejected,
        &report.sheets,
        may_be_without_nip(args),
        out,
    )?;
    faults(&t!("report.warning_rows"), &report.warnings, &report.sheets, false, out)?;
    if !report.ignored_columns.is_empty() {
        writeln!(out, "\n{}", t!("report.ignored"))?;
        for line in wrap(&report.ignored_columns.join(", "), LINE - 2) {
            writeln!(out, "  {line}")?;
        }
    }
    // What is said comes after what is shown, also where both are one terminal.
    out.flush()?;
    if let Some(file) = args.rejects.as_ref().filter(|_| rejected > 0) {
        say(&t!("report.rejects_written", file = file.display()));
    }
    match counts.seq {
        Some(seq) => say(&t!("report.saved", seq = seq)),
        None if args.dry_run => {}
        None => say(&t!("cli.nothing_changed")),
    }
    Ok(())
}

fn faults(
    title: &str,
    faults: &[RowFault],
    sheets: &Sheets,
    hint: bool,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let said = faults.iter().map(|fault| {
        let text = format!("{}: {}", fault.fault.field, told(fault, hint));
        match sheets.place(fault.line) {
            (sheet, line) if sheets.read.len() > 1 => (line, format!("{sheet}: {text}")),
            (_, line) => (line, text),
        }
    });
    print_lines(title, said, out)
}

/// What was wrong, and in which lines: the same fault of many rows is said once.
pub fn print_lines(
    title: &str,
    faults: impl Iterator<Item = (u32, String)>,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let groups = grouped(faults);
    if groups.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{title}")?;
    for (text, lines) in groups {
        for line in wrap(&format!("  {text}"), LINE) {
            writeln!(out, "{line}")?;
        }
        let numbers = lines.iter().take(LINES_SHOWN).map(u32::to_string).collect::<Vec<_>>();
        let mut numbers = t!("report.lines", lines = numbers.join(", ")).into_owned();
        if lines.len() > LINES_SHOWN {
            let more = i18n::whole((lines.len() - LINES_SHOWN) as i64);
            numbers.push_str(&t!("report.more_lines", count = more));
        }
        for line in wrap(&format!("    {numbers}"), LINE) {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}

/// What is said with the lines it is said of, the first found first.
fn grouped(faults: impl Iterator<Item = (u32, String)>) -> Vec<(String, Vec<u32>)> {
    let mut groups: Vec<(String, Vec<u32>)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for (line, text) in faults {
        let place = *places.entry(text.clone()).or_insert_with(|| {
            groups.push((text, Vec::new()));
            groups.len() - 1
        });
        if let Some((_, lines)) = groups.get_mut(place) {
            lines.push(line);
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fault::Fault;

    #[test]
    fn one_reason_is_said_once_with_all_its_lines() {
        let fault = |line, reason| RowFault { line, fault: Fault::new("NIP", reason) };
        let faults =
            [fault(7, Reason::NipLength), fault(8, Reason::NipSex), fault(19, Reason::NipLength)];
        let mut out = Vec::new();
        super::faults("Ditolak", &faults, &Sheets::default(), false, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("    baris 7, 19\n") && text.contains("    baris 8\n"), "{text}");
    }
}
