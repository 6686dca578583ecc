//! `kompeten undo [SEQ]`: takes an entry back; the undo is itself an entry.

use std::io::Write;

use super::Context;
use super::args::UndoArgs;
use super::client::{Client, step, tell_saved};
use super::fault::{Exit, Failure};
use crate::protocol::Request;

pub fn run(args: &UndoArgs, context: &Context, out: &mut dyn Write) -> Result<Exit, Failure> {
    let mut client = Client::open(context)?;
    let saved = client.save(Request::Undo { step: step(""), seq: args.seq })?;
    if let Some(seq) = saved.seq {
        writeln!(out, "{seq}")?;
        out.flush()?;
    }
    tell_saved(&saved);
    Ok(Exit::Done)
}
