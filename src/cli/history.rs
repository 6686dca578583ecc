//! `kompeten history`: who changed what and when, from the journal, latest first.

use std::io::Write;

use serde_json::{Value as Json, json};

use super::Context;
use super::args::HistoryArgs;
use super::client::Client;
use super::fault::{Exit, Failure};
use super::table::{LINE, PlainTable, wrap};
use super::values::{TableFormat, number};
use crate::domain::column::Align;
use crate::domain::record::{EmployeeId, Kind, RecordId};
use crate::i18n::{self, t};
use crate::protocol::{
    Act, Answer, ChangeDetail, HistoryLine, HistoryQuery, PAGE_MAX, Problem, Request,
};

/// What a step's number, its time and the gaps take of a line.
const WHEN_AND_WHO: usize = 34;
/// Digits from which on a number is a NIP and not a record's own.
const NUMBER_MAX: usize = 11;
/// Records of one entry whose fields are listed.
const DETAILS_MAX: u32 = 20;

pub fn run(args: &HistoryArgs, context: &Context, out: &mut dyn Write) -> Result<Exit, Failure> {
    let mut client = Client::open(context)?;
    let record = match &args.record {
        Some((kind, text)) => Some(meant(&mut client, *kind, text)?),
        None => None,
    };
    let person = match &args.person {
        Some(text) => Some(EmployeeId(meant(&mut client, Kind::Employees, text)?.number)),
        None => None,
    };
    let query = HistoryQuery {
        record,
        person,
        kind: args.kind,
        by: args.by.clone(),
        since: args.since,
        until: args.until,
        search: args.search.clone(),
        ..HistoryQuery::default()
    };
    let limit = args.limit.unwrap_or(u32::MAX) as usize;
    let done = match args.shown.format {
        TableFormat::Table => table(&mut client, query, limit, out),
        TableFormat::Json => as_json(&mut client, query, limit, out),
    };
    done.map(|()| Exit::Done)
}

/// The record a person means; by its number even one that is gone has a history.
fn meant(client: &mut Client, kind: Kind, text: &str) -> Result<RecordId, Failure> {
    match number(kind, text).filter(|_| text.len() < NUMBER_MAX) {
        Some(id) => Ok(id),
        None => Ok(client.find(kind, text)?.id),
    }
}

/// Everything a query finds, newest first, at most `limit` entries.
pub fn each_line(
    client: &mut Client,
    mut query: HistoryQuery,
    limit: usize,
    each: &mut dyn FnMut(&mut Client, &HistoryLine) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut left = limit;
    while left > 0 {
        query.limit = left.min(PAGE_MAX as usize) as u32;
        let Answer::History(page) = client.ask(Request::History(query.clone()))? else {
            return Err(Problem::Closed.into());
        };
        if page.vague {
            return Err(Failure::Failed(t!("history.vague").into_owned()));
        }
        for line in page.lines.iter().take(left) {
            each(client, line)?;
        }
        left = left.saturating_sub(page.lines.len());
        match page.next {
            Some(next) => query.before = Some(next),
            None => return Ok(()),
        }
    }
    Ok(())
}

fn as_json(
    client: &mut Client,
    query: HistoryQuery,
    limit: usize,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    out.write_all(b"[")?;
    let mut first = true;
    let record = query.record;
    each_line(client, query, limit, &mut |client, line| {
        out.write_all(if first { b"\n" } else { b",\n" })?;
        first = false;
        let line = match record {
            Some(_) => detailed_json(client, line, record)?,
            None => line_json(line),
        };
        serde_json::to_writer(&mut *out, &line)?;
        Ok(())
    })?;
    out.write_all(if first { b"]\n" } else { b"\n]\n" })?;
    Ok(())
}

fn line_json(line: &HistoryLine) -> Json {
    let parts = line.summary.parts.iter();
    let changes = parts.map(|(kind, act, count)| json!({"kind": kind, "act": act, "count": count}));
    json!({
        "seq": line.seq,
        "at": line.at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
        "by": line.by,
        "via": line.via,
        "why": line.why,
        "changes": changes.collect::<Json>(),
        "undoes": line.summary.undoes,
        "undone_by": line.undone_by,
        "erases": line.summary.erases,
        "erased": line.summary.erased,
        "reason_of": line.summary.reason_of,
    })
}

/// The same with the fields that changed, of one record or of the first few.
pub fn detailed_json(
    client: &mut Client,
    line: &HistoryLine,
    record: Option<RecordId>,
) -> Result<Json, Problem> {
    let mut object = line_json(line);
    let value = |text: &str| serde_json::from_str::<Json>(text).unwrap_or(Json::Null);
    let details = details(client, line.seq, record)?.into_iter().map(|detail| {
        let fields = detail.fields.iter().map(|change| {
            if change.hidden {
                return json!({"field": change.field, "hidden": true});
            }
            json!({"field": change.field, "before": value(&change.before),
                   "after": value(&change.after)})
        });
        json!({"id": detail.id, "act": detail.act, "erased": detail.erased,
               "fields": fields.collect::<Json>()})
    });
    object["records"] = details.collect();
    Ok(object)
}

fn details(
    client: &mut Client,
    seq: u64,
    record: Option<RecordId>,
) -> Result<Vec<ChangeDetail>, Problem> {
    let limit = if record.is_some() { u32::MAX } else { DETAILS_MAX };
    match client.ask(Request::Details { seq, limit, of: None })? {
        Answer::Details(mut details) => {
            details.retain(|detail| record.is_none_or(|id| detail.id == id));
            Ok(details)
        }
        _ => Err(Problem::Closed),
    }
}

fn table(
    client: &mut Client,
    query: HistoryQuery,
    limit: usize,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    if let Some(id) = query.record {
        return each_line(client, query, limit, &mut |client, line| {
            print_entry(client, line, Some(id), out)
        });
    }
    let heads = ["history_table.seq", "history_table.at", "history_table.by", "history_table.what"];
    let aligns = [Align::Right, Align::Left, Align::Left, Align::Left];
    let mut table = PlainTable::new(heads.map(|key| t!(key).into_owned()).into_iter().zip(aligns));
    each_line(client, query, limit, &mut |client, line| {
        let at = i18n::date_time(line.at, client.info.utc_offset_hours);
        let room = LINE - WHEN_AND_WHO - line.by.chars().count().clamp(4, LINE / 4);
        for (place, what) in wrap(&what(line), room).into_iter().enumerate() {
            table.row(match place {
                0 => vec![line.seq.to_string(), at.clone(), line.by.clone(), what],
                _ => vec![String::new(), String::new(), String::new(), what],
            });
        }
        Ok(())
    })?;
    table.print(out)?;
    Ok(())
}

fn what(line: &HistoryLine) -> String {
    let mut what = i18n::summary(&line.summary);
    let own = i18n::own_changes(&line.own);
    if !own.is_empty() {
        what = format!("{what}: {own}");
    }
    if let Some(seq) = line.undone_by {
        what = t!("history_table.undone", what = what, seq = seq).into_owned();
    }
    if !line.why.is_empty() {
        what = format!("{what} ({})", line.why);
    }
    what
}

/// One entry with what it changed in a record, for a person.
pub fn print_entry(
    client: &mut Client,
    line: &HistoryLine,
    record: Option<RecordId>,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let at = i18n::date_time(line.at, client.info.utc_offset_hours);
    writeln!(out, "{:>6}  {at}  {}  {}", line.seq, line.by, what(line))?;
    let mut table = PlainTable::plain(&[Align::Left, Align::Left], 8);
    for detail in details(client, line.seq, record)? {
        if detail.erased {
            table.row(vec![t!("history.erased").into_owned()]);
            continue;
        }
        for change in detail.fields.iter().filter(|_| detail.act == Act::Changed) {
            let (before, after) = (plain(&change.before), plain(&change.after));
            let what = if change.hidden {
                t!("history.hidden").into_owned()
            } else {
                format!("{before} -> {after}")
            };
            table.row(vec![i18n::field_of(detail.id.kind, &change.field), what]);
        }
    }
    table.print(out)?;
    Ok(())
}

/// JSON text of a value as a person reads it.
fn plain(text: &str) -> String {
    match serde_json::from_str::<Json>(text) {
        Ok(Json::String(text)) => text.parse().map_or(text, i18n::date),
        _ if text.is_empty() => "-".into(),
        _ => text.to_string(),
    }
}
