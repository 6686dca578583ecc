//! `kompeten quarantine`: cuts a damaged journal off behind its last sound step, so that
//! the office can be written again; what is cut off is kept and named. Then proves that
//! what stands is sound.

use std::io::Write;

use chrono::Utc;
use serde_json::json;

use super::args::QuarantineArgs;
use super::client::{self, Client};
use super::fault::{Exit, Failure};
use super::{Context, place, say};
use crate::i18n::{self, t};
use crate::link::embedded::{self, OpenOptions, QuarantineError, Quarantined};
use crate::link::open::Address;
use crate::protocol::{Answer, Problem, Request};

pub fn run(args: &QuarantineArgs, context: &Context, out: &mut dyn Write) -> Result<Exit, Failure> {
    place::own_folder(context)?;
    if context.read_only {
        return Err(Problem::ReadOnly.into());
    }
    if !args.yes {
        return Err(Failure::Usage(t!("quarantine.not_meant").into_owned()));
    }
    let options = OpenOptions {
        data: context.data.clone(),
        read_only: false,
        officer: context.officer.clone(),
        socket: None,
    };
    let done = embedded::quarantine(&options, Utc::now()).map_err(|error| match error {
        QuarantineError::Sound => Failure::Failed(t!("quarantine.sound").into_owned()),
        QuarantineError::Newer(problem) => problem.into(),
        QuarantineError::Open(error) => client::office_shut(&error),
    })?;
    tell(&done);
    let mut office = Client::open_at(&Address::Folder, &context.data, false, &context.officer)?;
    let Answer::Verified(verified) = office.ask(Request::Verify)? else {
        return Err(Problem::Closed.into());
    };
    if let Some(problem) = office.info.read_only.clone() {
        return Err(problem.into());
    }
    say(&t!("quarantine.sound_now", seq = whole(verified.entries)));
    if args.json {
        let mut result = json!(done);
        result["head"] = verified.head.into();
        writeln!(out, "{result}")?;
    }
    Ok(Exit::Done)
}

fn tell(done: &Quarantined) {
    say(&t!(
        "quarantine.done",
        lines = whole(done.lines),
        bytes = whole(done.bytes),
        folder = done.folder.display()
    ));
    match done.lost_until.saturating_sub(done.kept) {
        0 => {}
        1 => say(&t!("quarantine.lost_one", seq = done.lost_until)),
        _ => say(&t!("quarantine.lost", from = done.kept + 1, to = done.lost_until)),
    }
}

fn whole(number: u64) -> String {
    i18n::whole(i64::try_from(number).unwrap_or(i64::MAX))
}
