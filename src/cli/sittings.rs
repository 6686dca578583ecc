//! `kompeten sittings`: who is at a shared office now, and the end of a sitting that hangs
//! or does harm. Its program is told by whom and does not come back by itself; whoever is
//! not to come back at all is taken out of the officers.

use std::io::Write;

use clap::{Args, Subcommand};
use serde_json::{Value as Json, json};

use super::args::ShownArgs;
use super::client::Client;
use super::fault::{Exit, Failure};
use super::table::PlainTable;
use super::values::TableFormat;
use super::{Context, say};
use crate::domain::column::Align;
use crate::i18n::{self, t};
use crate::protocol::{Answer, Problem, Request, Sitting};

#[derive(Debug, Args)]
pub struct SittingsArgs {
    #[command(subcommand)]
    pub act: Option<SittingsDo>,
}

#[derive(Debug, Subcommand)]
pub enum SittingsDo {
    List(ShownArgs),
    End(EndSitting),
}

#[derive(Debug, Args)]
pub struct EndSitting {
    #[arg(value_name = "SITTING")]
    pub sitting: u64,
    #[arg(long)]
    pub json: bool,
}

pub fn run(args: &SittingsArgs, context: &Context, out: &mut dyn Write) -> Result<Exit, Failure> {
    match &args.act {
        None => list(TableFormat::Table, context, out),
        Some(SittingsDo::List(shown)) => list(shown.format, context, out),
        Some(SittingsDo::End(args)) => end(args, context, out),
    }
}

fn list(format: TableFormat, context: &Context, out: &mut dyn Write) -> Result<Exit, Failure> {
    let mut client = Client::open(context)?;
    let Answer::Sittings(sittings) = client.ask(Request::Sittings)? else {
        return Err(Problem::Closed.into());
    };
    if format == TableFormat::Json {
        writeln!(out, "{}", sittings.iter().map(as_json).collect::<Json>())?;
        return Ok(Exit::Done);
    }
    let heads = ["sittings.head_number", "sittings.head_user", "sittings.head_since"];
    let heads = heads.into_iter().chain(["sittings.head_heard", "sittings.head_waiting"]);
    let aligns = [Align::Right, Align::Left, Align::Left, Align::Left, Align::Right];
    let heads = heads.map(|key| i18n::find(key).unwrap_or_default());
    let mut table = PlainTable::new(heads.zip(aligns));
    let at = |time| i18n::date_time(time, client.info.utc_offset_hours);
    for one in &sittings {
        let own = if one.own { t!("sittings.own") } else { "".into() };
        table.row(vec![
            one.number.to_string(),
            format!("{}{own}", one.officer),
            at(one.since),
            at(one.heard),
            one.waiting.to_string(),
        ]);
    }
    table.print(out)?;
    Ok(Exit::Done)
}

fn as_json(one: &Sitting) -> Json {
    json!({"sitting": one.number, "user": one.officer, "since": one.since, "heard": one.heard,
           "waiting": one.waiting, "unread_bytes": one.unread, "own": one.own})
}

fn end(args: &EndSitting, context: &Context, out: &mut dyn Write) -> Result<Exit, Failure> {
    let mut client = Client::open(context)?;
    match client.ask(Request::EndSitting(args.sitting)) {
        Ok(_) => {}
        Err(Problem::NotFound) => {
            let none = t!("sittings.none", number = args.sitting).into_owned();
            return Err(Failure::Failed(none));
        }
        Err(problem) => return Err(problem.into()),
    }
    if args.json {
        writeln!(out, "{}", json!({"sitting": args.sitting, "ended": true}))?;
    }
    say(&t!("sittings.ended", number = args.sitting));
    Ok(Exit::Done)
}
