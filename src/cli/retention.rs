//! `kompeten retention`: the report `retention` as a list to decide by, and with `--apply`
//! the end of the personal data of everybody on it.

use std::io::Write;

use serde_json::{Value as Json, json};

use super::args::RetentionArgs as Args;
use super::client::Client;
use super::erase::{called, erase};
use super::export::say_restricted;
use super::fault::{Exit, Failure};
use super::table::PlainTable;
use super::{Context, say};
use crate::domain::column::Align;
use crate::domain::record::EmployeeId;
use crate::domain::value::Value;
use crate::i18n::{self, t};
use crate::jobs::export::each_report_page;
use crate::protocol::{ERASE_MAX, ReportQuery, Table as Page, TableRow};

/// Who is due, longest due first.
#[derive(Default)]
struct Found {
    /// Years after leaving, as the office has set them; without it nobody is due.
    years: Option<Value>,
    due: Vec<Due>,
    /// Those whose processing is restricted included, whom a file does without.
    total: u32,
    restricted: u32,
}

struct Due {
    id: EmployeeId,
    /// Name and NIP; empty for a record that was deleted.
    label: String,
    unit: String,
    /// When this office recorded that they had left, and from when their data is to go.
    since: Value,
    from: Value,
}

pub fn run(args: &Args, context: &Context, out: &mut dyn Write) -> Result<Exit, Failure> {
    if args.apply && !args.yes {
        return Err(Failure::Usage(t!("retention.not_meant").into_owned()));
    }
    let mut client = Client::open(context)?;
    if args.apply {
        return apply(&mut client, args.json, out);
    }
    // What is not for a terminal is for a file.
    let found = due(&mut client, args.json, u32::MAX)?;
    say_rule(&found);
    if args.json {
        writeln!(out, "{}", as_json(&found))?;
    } else if !found.due.is_empty() {
        table(&found.due, out)?;
    }
    if found.years.is_some() {
        say(&t!("retention.listed", shown = found.due.len(), total = found.total));
        say_restricted(found.restricted);
    }
    Ok(Exit::Done)
}

fn say_rule(found: &Found) {
    if let Some(years) = &found.years {
        say(&t!("retention.rule", years = i18n::value(years)));
    } else {
        say(&t!("retention.no_rule"));
    }
}

fn due(client: &mut Client, export: bool, limit: u32) -> Result<Found, Failure> {
    let query = ReportQuery { export, ..ReportQuery::of("retention") };
    let mut found = Found::default();
    each_report_page(&mut |request| client.ask(request), &query, limit, &mut |page| {
        let mut said = page.notes.iter().flat_map(|note| &note.args);
        found.years = said.find(|(name, _)| name == "years").map(|(_, years)| years.clone());
        (found.total, found.restricted) = (page.matched + page.restricted, page.restricted);
        found.due.extend(page.rows.iter().filter_map(|row| one(page, row)));
        Ok::<(), Failure>(())
    })?;
    Ok(found)
}

/// A row of the report; its number is that of the person's record.
fn one(page: &Page, row: &TableRow) -> Option<Due> {
    let cell = |key: &str| {
        let at = page.columns.iter().position(|column| column.key == key)?;
        row.cells.get(at).cloned()
    };
    let text = |key: &str| match cell(key) {
        Some(Value::Text(text)) => text,
        _ => String::new(),
    };
    let (name, nip) = (text("name"), text("nip"));
    Some(Due {
        id: EmployeeId(u32::try_from(row.id).ok()?),
        label: if nip.is_empty() { name } else { format!("{name} · {nip}") },
        unit: text("unit"),
        since: cell("since")?,
        from: cell("due")?,
    })
}

/// All of them, so many at a time as one request takes.
fn apply(client: &mut Client, json: bool, out: &mut dyn Write) -> Result<Exit, Failure> {
    let next = |client: &mut Client| due(client, false, ERASE_MAX as u32);
    let (mut erased, mut steps) = (0, Vec::new());
    let mut found = next(client)?;
    say_rule(&found);
    while let (Some(years), false) = (&found.years, found.due.is_empty()) {
        let why = t!("retention.why", years = i18n::value(years));
        let people: Vec<EmployeeId> = found.due.iter().map(|due| due.id).collect();
        erased += people.len();
        steps.extend(erase(client, people, &why)?.seq);
        found = next(client)?;
    }
    if json {
        writeln!(out, "{}", json!({"erased": erased, "steps": steps}))?;
    } else {
        for step in &steps {
            writeln!(out, "{step}")?;
        }
    }
    say(&t!("retention.applied", count = erased));
    if erased > 0 {
        say(&t!("erasure.out_of_reach"));
    }
    Ok(Exit::Done)
}

fn as_json(found: &Found) -> Json {
    let day = |value: &Value| match value {
        Value::Date(day) => json!(day),
        _ => Json::Null,
    };
    let due = found.due.iter().map(|due| {
        json!({"id": due.id, "label": due.label, "unit": due.unit,
               "since": day(&due.since), "due": day(&due.from)})
    });
    let years = found.years.as_ref().and_then(|years| match years {
        Value::Whole(years) => Some(*years),
        _ => None,
    });
    // No law that was read says how long.
    json!({"years": years, "verified_in_law": false, "total": found.total,
           "restricted": found.restricted, "due": due.collect::<Json>()})
}

fn table(due: &[Due], out: &mut dyn Write) -> Result<(), Failure> {
    let heads = ["retention.head_due", "retention.head_since", "retention.head_who"];
    let heads = heads.into_iter().chain(["retention.head_unit"]);
    let columns = heads.map(|key| (i18n::find(key).unwrap_or_default(), Align::Left));
    let mut table = PlainTable::new(columns);
    for one in due {
        table.row(vec![
            i18n::value(&one.from),
            i18n::value(&one.since),
            called(&one.label, one.id),
            one.unit.clone(),
        ]);
    }
    table.print(out)?;
    Ok(())
}
