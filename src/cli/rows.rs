//! `kompeten add KIND --from FILE.jsonl`: a record a line, as JSON with the names of its
//! fields. Read line by line; what can be saved is saved as one step, up to the size of one
//! request (a larger file takes several), and every row that cannot is named with its reason.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::add::{asked_back, refuse, save, tell_holidays};
use super::args::AddArgs;
use super::client::Client;
use super::fault::{Exit, Failure};
use super::fields::{FieldReader, Refused, misnamed};
use super::import::print_lines;
use super::table::PlainTable;
use super::{Context, moves, say};
use crate::domain::column::Align;
use crate::domain::record::{Kind, Revision};
use crate::i18n::{self, t};
use crate::protocol::{Answer, DraftRecord, Needs, Problem, Tried};

/// The longest line, in bytes: no record with every text at its longest has more.
const LINE_MAX: usize = 1 << 20;
/// What one step holds, in bytes of the lines it came from: well below what one request may.
const STEP_MAX: usize = 3 << 20;
/// What a short line may grow by when everything it does not say is counted in.
const ROW_EXTRA: usize = 256;
/// The most rows one step holds.
const ROWS_MAX: usize = 10_000;
/// Refusals told one by one; the rest is counted.
const REFUSED_MAX: usize = 10_000;

/// One line: its fields in their order, one that stands twice included.
struct Said(Vec<(String, Json)>);

impl<'de> Deserialize<'de> for Said {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Said;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Said, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Said(fields))
            }
        }
        deserializer.deserialize_map(Fields)
    }
}

/// A row that is to be saved.
struct Row {
    line: u32,
    draft: DraftRecord,
}

#[derive(Serialize)]
struct RefusedRow {
    line: u32,
    #[serde(flatten)]
    why: Refused,
}

#[derive(Default, Serialize)]
struct Report {
    rows: u32,
    added: u32,
    /// Rows; `rejected` may name several reasons of one, and has the first of very many.
    refused: u32,
    rejected: Vec<RefusedRow>,
    /// The steps they were saved in; one, unless the file is very long.
    seqs: Vec<u64>,
}

pub fn run(
    args: &AddArgs,
    file: &Path,
    context: &Context,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let taken = take_all(args, file, context);
    let (report, stopped) = match taken {
        Ok(taken) => taken,
        Err(failure) => return Err(refuse(args.change.json, failure, &[], out)?),
    };
    if args.change.json {
        serde_json::to_writer(&mut *out, &report)?;
        writeln!(out)?;
    } else {
        print(&report, args.kind, out)?;
    }
    out.flush()?;
    for seq in &report.seqs {
        say(&t!("report.saved", seq = seq));
    }
    if let Some(failure) = stopped {
        if report.seqs.is_empty() {
            return Err(failure);
        }
        // What was saved before stays saved.
        failure.tell();
        return Ok(Exit::Part);
    }
    if report.seqs.is_empty() {
        say(&t!("cli.nothing_changed"));
    }
    Ok(match (report.refused, report.added) {
        (0, _) => Exit::Done,
        (_, 0) => Exit::Failed,
        _ => Exit::Part,
    })
}

/// Everything there is to take; with why it stopped before the end, if it did.
fn take_all(
    args: &AddArgs,
    file: &Path,
    context: &Context,
) -> Result<(Report, Option<Failure>), Failure> {
    let mut source = open(file)?;
    let mut client = Client::open(context)?;
    let reader = FieldReader::new(&mut client, args.kind);
    let mut intake = Intake {
        kind: args.kind,
        why: &args.change.why,
        yes: args.change.yes,
        reader,
        waiting: Vec::new(),
        bytes: 0,
        report: Report::default(),
    };
    let stopped = intake.run(source.as_mut(), file).err();
    if intake.report.rows == 0 && stopped.is_none() {
        return Err(unreadable(file, "empty", ""));
    }
    Ok((intake.report, stopped))
}

fn open(file: &Path) -> Result<Box<dyn BufRead>, Failure> {
    if file == Path::new("-") {
        return Ok(Box::new(BufReader::new(io::stdin())));
    }
    let opened = File::open(file).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => unreadable(file, "not_found", ""),
        _ => unreadable(file, "unreadable", &error.to_string()),
    })?;
    if opened.metadata()?.is_dir() {
        return Err(unreadable(file, "not_a_regular_file", ""));
    }
    Ok(Box::new(BufReader::new(opened)))
}

fn unreadable(file: &Path, code: &str, detail: &str) -> Failure {
    let text = i18n::filled(&format!("file.{code}"), &[("detail", detail.to_string())]);
    Failure::Failed(format!("{}: {text}", file.display()))
}

/// Rows on their way into the office.
struct Intake<'a> {
    kind: Kind,
    why: &'a str,
    yes: bool,
    reader: FieldReader<'a>,
    waiting: Vec<Row>,
    /// Of the lines that wait.
    bytes: usize,
    report: Report,
}

impl Intake<'_> {
    fn run(&mut self, source: &mut dyn BufRead, file: &Path) -> Result<(), Failure> {
        let mut text = Vec::new();
        let mut line = 0;
        loop {
            let read = next_line(source, &mut text);
            let whole = match read {
                Ok(Some(whole)) => whole,
                Ok(None) => break,
                Err(error) => return Err(unreadable(file, "unreadable", &error.to_string())),
            };
            line += 1;
            if whole && text.trim_ascii().is_empty() {
                continue;
            }
            self.report.rows += 1;
            if whole {
                self.take(line, &text)?;
            } else {
                let limit = t!("rows.too_long", limit = LINE_MAX >> 20);
                self.refuse(line, vec![whole_row("too_long", &limit)]);
            }
        }
        self.flush()
    }

    fn take(&mut self, line: u32, text: &[u8]) -> Result<(), Failure> {
        let text = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text);
        let Ok(Said(said)) = serde_json::from_slice(text) else {
            self.refuse(line, vec![whole_row("not_json", &t!("rows.not_json"))]);
            return Ok(());
        };
        if let Some(wrong) = misnamed(self.kind, &said) {
            self.refuse(line, vec![wrong]);
            return Ok(());
        }
        match self.reader.added(&said)? {
            Ok(record) => {
                tell_holidays(&record, &self.reader.client.info.holidays);
                let draft = DraftRecord { id: None, base: Revision(0), record };
                self.waiting.push(Row { line, draft });
                self.bytes += text.len() + ROW_EXTRA;
            }
            Err(refused) => self.refuse(line, refused),
        }
        if self.bytes >= STEP_MAX || self.waiting.len() >= ROWS_MAX { self.flush() } else { Ok(()) }
    }

    fn refuse(&mut self, line: u32, why: Vec<Refused>) {
        self.report.refused += 1;
        let room = REFUSED_MAX.saturating_sub(self.report.rejected.len());
        let rows = why.into_iter().take(room).map(|why| RefusedRow { line, why });
        self.report.rejected.extend(rows);
    }

    fn flush(&mut self) -> Result<(), Failure> {
        let rows = std::mem::take(&mut self.waiting);
        self.bytes = 0;
        let drafts = rows.iter().map(|row| row.draft.clone()).collect();
        moves::told(self.reader.client, self.kind, self.yes, Tried::Save(drafts))?;
        self.save(rows)
    }

    /// Saves these rows, leaving out those the office refuses.
    fn save(&mut self, mut rows: Vec<Row>) -> Result<(), Failure> {
        while !rows.is_empty() {
            let drafts = rows.iter().map(|row| row.draft.clone()).collect();
            let (reason, message) = match self.reader.client.ask(save(self.yes, self.why, drafts)) {
                Ok(Answer::Saved(saved)) => {
                    self.report.added += rows.len() as u32;
                    self.report.seqs.extend(saved.seq);
                    return Ok(());
                }
                Ok(Answer::Asks(question)) => ("seats", asked_back(&question)),
                Ok(_) => return Err(Problem::Closed.into()),
                Err(Problem::Invalid(faults)) => {
                    let bad: BTreeSet<u32> = faults.iter().map(|(at, _)| *at).collect();
                    for at in &bad {
                        let of_it = faults.iter().filter(|(of, _)| of == at);
                        let why = of_it.map(|(_, fault)| Refused::of(self.kind, fault)).collect();
                        let line = rows.get(*at as usize).map_or(0, |row| row.line);
                        self.refuse(line, why);
                    }
                    let before = rows.len();
                    let mut at = 0..;
                    rows.retain(|_| at.next().is_some_and(|at| !bad.contains(&at)));
                    if rows.len() == before {
                        return Err(Problem::Invalid(faults).into());
                    }
                    continue;
                }
                Err(problem) if !is_of_one(&problem) => return Err(problem.into()),
                Err(problem) => ("refused", i18n::problem(&problem)),
            };
            if let [only] = rows.as_slice() {
                self.refuse(only.line, vec![whole_row(reason, &message)]);
                return Ok(());
            }
            // The office does not say of which row it speaks: looked for by halves, and each
            // half that goes is a step of its own.
            let rest = rows.split_off(rows.len() / 2);
            self.save(rows)?;
            rows = rest;
        }
        Ok(())
    }
}

/// Whether a problem is one row's and not everybody's.
const fn is_of_one(problem: &Problem) -> bool {
    matches!(
        problem,
        Problem::Restricted { .. }
            | Problem::NotFound
            | Problem::NotAllowed { needs: Needs::WiderReach, .. }
    )
}

fn whole_row(reason: &str, message: &str) -> Refused {
    Refused { field: String::new(), reason: reason.into(), message: message.into() }
}

/// The next line; `false` for one that is too long, of which the rest is passed over.
fn next_line(source: &mut dyn BufRead, line: &mut Vec<u8>) -> io::Result<Option<bool>> {
    line.clear();
    let read = source.take(LINE_MAX as u64 + 1).read_until(b'\n', line)?;
    if read == 0 {
        return Ok(None);
    }
    if read <= LINE_MAX || line.last() == Some(&b'\n') {
        return Ok(Some(true));
    }
    loop {
        let waiting = source.fill_buf()?;
        let (length, ended) = match waiting.iter().position(|byte| *byte == b'\n') {
            Some(at) => (at + 1, true),
            None => (waiting.len(), waiting.is_empty()),
        };
        source.consume(length);
        if ended {
            return Ok(Some(false));
        }
    }
}

fn print(report: &Report, kind: Kind, out: &mut dyn Write) -> Result<(), Failure> {
    let mut table = PlainTable::plain(&[Align::Left, Align::Right], 2);
    for (label, count) in [
        (t!("report.rows"), report.rows),
        (t!("report.accepted"), report.added),
        (t!("report.rejected"), report.refused),
    ] {
        table.row(vec![label.into_owned(), i18n::whole(count)]);
    }
    table.print(out)?;
    let said = report.rejected.iter().map(|row| {
        let why = &row.why;
        let field = match why.field.as_str() {
            "" => String::new(),
            name if kind.field(name).is_some() => format!("{name}: "),
            // A name out of the file is told in the message alone.
            _ => String::new(),
        };
        (row.line, format!("{field}{}", why.message))
    });
    print_lines(&t!("report.rejected_rows"), said, out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_up_to_its_limit_and_what_is_longer_is_passed_over() {
        let long = "x".repeat(LINE_MAX + 5);
        let text = format!("one\n{long}\ntwo\n{}", "y".repeat(LINE_MAX));
        let mut source = BufReader::new(text.as_bytes());
        let mut line = Vec::new();
        let mut read = || {
            let whole = next_line(&mut source, &mut line).unwrap();
            whole.map(|whole| (whole, line.len()))
        };
        assert_eq!(read(), Some((true, 4)));
        assert_eq!(read().map(|(whole, _)| whole), Some(false));
        assert_eq!(read(), Some((true, 4)));
        assert_eq!(read(), Some((true, LINE_MAX)));
        assert_eq!(read(), None);
    }

    #[test]
    fn a_field_that_stands_twice_in_a_line_is_seen() {
        let Said(said) = serde_json::from_str(r#"{"name":"a","name":"b"}"#).unwrap();
        assert_eq!(said.len(), 2);
        assert!(serde_json::from_str::<Said>("[1]").is_err());
        assert!(serde_json::from_str::<Said>("{} {}").is_err());
    }
}
