//! `kompeten undo [SEQ]`: takes an entry back; the undo is itself an entry.

use std::io::Write;

use super::Context;
use super::args::UndoArgs;
use super::client::{Client, step, tell_saved};
use super::fault::{Exit, Failure};
use crate::protocol::{Answer, HistoryQuery, Latest, Problem, Request};

/// How many steps one look into the history tells of.
const LINES: u32 = 20;

pub fn run(args: &UndoArgs, context: &Context, out: &mut dyn Write) -> Result<Exit, Failure> {
    let mut client = Client::open(context)?;
    let seq = match args.seq {
        Some(seq) => Some(seq),
        None => latest(&mut client)?,
    };
    let saved = client.save(Request::Undo { step: step(""), seq })?;
    if let Some(seq) = saved.seq {
        writeln!(out, "{seq}")?;
        out.flush()?;
    }
    tell_saved(&saved);
    Ok(Exit::Done)
}

/// The officer's own latest step that still stands, looked for page by page, so that nobody
/// waits meanwhile however long ago it was.
fn latest(client: &mut Client) -> Result<Option<u64>, Failure> {
    let by = Some(client.info.officer.clone());
    let mut query = HistoryQuery { by, limit: LINES, ..HistoryQuery::default() };
    loop {
        let Answer::History(page) = client.ask(Request::History(query.clone()))? else {
            return Err(Problem::Closed.into());
        };
        let found = page.lines.iter().find(|line| line.latest_for(false) == Latest::ThisOne);
        match (found, page.next) {
            (Some(line), _) => return Ok(Some(line.seq)),
            (None, Some(next)) => query.before = Some(next),
            // The office says why there is nothing.
            (None, None) => return Ok(None),
        }
    }
}
