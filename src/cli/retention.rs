//! `kompeten retention`: whose personal data the office has kept as long as its own rule
//! says, and with `--apply` the end of it for all of them.

use std::io::Write;

use serde_json::{Value as Json, json};

use super::args::Retention as Args;
use super::client::Client;
use super::erase::{called, erase};
use super::fault::{Exit, Failure};
use super::table::Table;
use super::{Context, say};
use crate::domain::column::Align;
use crate::domain::record::EmployeeId;
use crate::i18n::{self, t};
use crate::protocol::{Answer, Due, Problem, Request, Retention};

pub fn run(args: &Args, context: &Context, out: &mut dyn Write) -> Result<Exit, Failure> {
    if args.apply && !args.yes {
        return Err(Failure::Usage(t!("retention.not_meant").into_owned()));
    }
    let mut client = Client::open(context)?;
    let found = due(&mut client)?;
    let Some(years) = found.years else {
        if args.json {
            writeln!(out, "{}", as_json(&found))?;
        }
        say(&t!("retention.no_rule"));
        return Ok(Exit::Done);
    };
    say(&t!("retention.rule", years = years));
    if args.apply {
        return apply(&mut client, found, years, args.json, out);
    }
    if args.json {
        writeln!(out, "{}", as_json(&found))?;
    } else if !found.due.is_empty() {
        table(&found.due, out)?;
    }
    say(&t!("retention.listed", shown = found.due.len(), total = found.total));
    Ok(Exit::Done)
}

fn due(client: &mut Client) -> Result<Retention, Failure> {
    match client.ask(Request::Retention)? {
        Answer::Retention(found) => Ok(found),
        _ => Err(Problem::Closed.into()),
    }
}

/// All of them, so many at a time as one request takes.
fn apply(
    client: &mut Client,
    mut found: Retention,
    years: u16,
    json: bool,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let (mut erased, mut steps) = (0, Vec::new());
    let why = t!("retention.why", years = years);
    while !found.due.is_empty() {
        let people: Vec<EmployeeId> = found.due.iter().map(|due| due.id).collect();
        let count = people.len();
        steps.extend(erase(client, people, &why)?.seq);
        erased += count;
        found = due(client)?;
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

fn as_json(found: &Retention) -> Json {
    let due = found.due.iter().map(|due| {
        json!({"id": due.id, "label": due.label, "unit": due.unit, "since": due.since, "due": due.due})
    });
    // No law that was read says how long.
    json!({"years": found.years, "verified_in_law": false, "total": found.total,
           "due": due.collect::<Json>()})
}

fn table(due: &[Due], out: &mut dyn Write) -> Result<(), Failure> {
    let heads = ["retention.head_due", "retention.head_since", "retention.head_who"];
    let heads = heads.into_iter().chain(["retention.head_unit"]);
    let columns = heads.map(|key| (i18n::find(key).unwrap_or_default(), Align::Left));
    let mut table = Table::new(columns);
    for one in due {
        table.row(vec![
            i18n::date(one.due),
            i18n::date(one.since),
            called(&one.label, one.id),
            one.unit.clone(),
        ]);
    }
    table.print(out)?;
    Ok(())
}
