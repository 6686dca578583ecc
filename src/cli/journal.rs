//! `kompeten verify` and `kompeten rebuild`: the journal proven, the store made anew.

use std::io::Write;

use super::client::Client;
use super::fault::{Exit, Failure};
use super::{Context, say};
use crate::i18n::{self, t};
use crate::link::protocol::{Answer, Problem, Request};

/// Exit 1 names the first difference.
pub fn verify(context: &Context, out: &mut dyn Write) -> Result<Exit, Failure> {
    let mut client = Client::open(context)?;
    let verified = match client.ask(Request::Verify) {
        Ok(Answer::Verified(verified)) => verified,
        Ok(_) => return Err(Problem::Closed.into()),
        // Said when the office was opened.
        Err(problem) if client.info.read_only.as_ref() == Some(&problem) => {
            return Ok(Exit::Failed);
        }
        Err(problem) => return Err(problem.into()),
    };
    let whole = |number: u64| i18n::whole(i64::try_from(number).unwrap_or(i64::MAX));
    let (entries, records) = (whole(verified.entries), whole(verified.records));
    writeln!(out, "{}", t!("cli.verified", entries = entries, records = records))?;
    if verified.erased > 0 {
        say(&t!("cli.verified_erased", count = whole(verified.erased)));
    }
    if !verified.head.is_empty() {
        writeln!(out, "{}", verified.head)?;
    }
    Ok(Exit::Done)
}

pub fn rebuild(context: &Context, _: &mut dyn Write) -> Result<Exit, Failure> {
    let mut client = Client::open(context)?;
    let answer = client.ask(Request::Rebuild);
    answer?;
    say(&t!("cli.rebuilt"));
    Ok(Exit::Done)
}
