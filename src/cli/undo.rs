//! `kompeten undo [SEQ]`: takes an entry back; the undo is itself an entry. One that moves
//! people between categories says whom, and is taken back with `--yes`.

use std::io::Write;

use super::args::UndoArgs;
use super::client::{Client, step, tell_saved};
use super::fault::{Exit, Failure};
use super::{Context, moves};
use crate::i18n::t;
use crate::protocol::{Answer, HistoryLine, HistoryQuery, Latest, Problem, Request, Tried};

/// How many steps one look into the history tells of.
const LINES: u32 = 20;

pub fn run(args: &UndoArgs, context: &Context, out: &mut dyn Write) -> Result<Exit, Failure> {
    let mut client = Client::open(context)?;
    let line = match args.seq {
        Some(seq) => the_step(&mut client, seq)?,
        None => latest(&mut client)?,
    };
    match line.as_ref() {
        Some(line) if line.summary.moves_people() => {
            moves::told_of(&mut client, args.yes, Tried::Undo(line.seq))?;
        }
        Some(line) if args.yes => {
            let name = format!("undo {}", line.seq);
            return Err(Failure::Usage(t!("usage.idle", flag = "--yes", name = name).into_owned()));
        }
        _ => {}
    }
    // The office says why there is nothing.
    let seq = line.map(|line| line.seq).or(args.seq);
    let saved = client.save(Request::Undo { step: step(""), seq })?;
    if let Some(seq) = saved.seq {
        writeln!(out, "{seq}")?;
        out.flush()?;
    }
    tell_saved(&saved);
    Ok(Exit::Done)
}

/// The step of this number, if it is there to be seen.
fn the_step(client: &mut Client, seq: u64) -> Result<Option<HistoryLine>, Failure> {
    let before = Some(seq.saturating_add(1));
    let query = HistoryQuery { before, limit: 1, ..HistoryQuery::default() };
    let Answer::History(page) = client.ask(Request::History(query))? else {
        return Err(Problem::Closed.into());
    };
    Ok(page.lines.into_iter().find(|line| line.seq == seq))
}

/// The officer's own latest step that still stands, looked for page by page, so that nobody
/// waits meanwhile however long ago it was.
fn latest(client: &mut Client) -> Result<Option<HistoryLine>, Failure> {
    let by = Some(client.info.officer.clone());
    let mut query = HistoryQuery { by, limit: LINES, ..HistoryQuery::default() };
    loop {
        let Answer::History(page) = client.ask(Request::History(query.clone()))? else {
            return Err(Problem::Closed.into());
        };
        let next = page.next;
        let mut lines = page.lines.into_iter();
        match (lines.find(|line| line.latest_for(false) == Latest::ThisOne), next) {
            (Some(line), _) => return Ok(Some(line)),
            (None, Some(next)) => query.before = Some(next),
            (None, None) => return Ok(None),
        }
    }
}
