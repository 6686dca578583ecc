//! `kompeten delete KIND ID… --yes`: records that go, all of them or none, in one step that
//! `undo` takes back. Without `--yes` it only says what would go.

use std::io::Write;

use serde_json::{Value as Json, json};

use super::add::refuse;
use super::args::DeleteArgs;
use super::client::{Client, step, tell_saved};
use super::fault::{Exit, Failure};
use super::{Context, moves, say};
use crate::domain::record::RecordId;
use crate::i18n::{self, t};
use crate::protocol::{Answer, PAGE_MAX, Problem, Request, Stored, Tried};

pub fn run(args: &DeleteArgs, context: &Context, out: &mut dyn Write) -> Result<Exit, Failure> {
    let (ids, seq) = match delete(args, context) {
        Ok(gone) => gone,
        Err(failure) => return Err(refuse(args.change.json, failure, &[], out)?),
    };
    if args.change.json {
        let list: Json = ids.iter().map(|id| json!({"id": id, "seq": seq})).collect();
        serde_json::to_writer(&mut *out, &list)?;
        writeln!(out)?;
    } else {
        ids.iter().try_for_each(|id| writeln!(out, "{id}"))?;
    }
    out.flush()?;
    Ok(Exit::Done)
}

fn delete(args: &DeleteArgs, context: &Context) -> Result<(Vec<RecordId>, Option<u64>), Failure> {
    let mut client = Client::open(context)?;
    let mut meant: Vec<Stored> = Vec::new();
    for id in &args.ids {
        let stored = client.find(args.kind, id)?;
        if meant.iter().all(|known| known.id != stored.id) {
            meant.push(stored);
        }
    }
    let ids: Vec<RecordId> = meant.iter().map(|stored| stored.id).collect();
    let revs: Vec<_> = meant.iter().map(|stored| (stored.id, stored.rev)).collect();
    if !args.change.yes {
        tell(&mut client, &ids)?;
        // Whom that moves is said, too; the way on is the same.
        moves::told(&mut client, args.kind, true, Tried::Delete(revs))?;
        let what = i18n::count(args.kind, ids.len() as u32);
        return Err(Failure::Usage(t!("delete.not_meant", what = what).into_owned()));
    }
    moves::told(&mut client, args.kind, true, Tried::Delete(revs.clone()))?;
    let saved = client.save(Request::Delete { step: step(&args.change.why), ids: revs })?;
    tell_saved(&saved);
    Ok((ids, saved.seq))
}

/// What would go, a record a line.
fn tell(client: &mut Client, ids: &[RecordId]) -> Result<(), Failure> {
    for ids in ids.chunks(PAGE_MAX as usize) {
        let Answer::Labels(labels) = client.ask(Request::Labels(ids.to_vec()))? else {
            return Err(Problem::Closed.into());
        };
        for (id, label) in ids.iter().zip(labels) {
            say(&format!("  {id}  {}", i18n::label(&label)));
        }
    }
    Ok(())
}
