//! `kompeten restore FILE`: an office from a backup, in a folder that holds none. Every
//! line is proven before the office stands; of an attempt that fails nothing remains.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::sync::{Arc, Mutex};

use serde_json::json;

use super::args::RestoreArgs;
use super::bar::Bar;
use super::fault::{Exit, Failure};
use super::{Context, client, place, say, secret};
use crate::backup::{BackupError, BackupReader};
use crate::i18n::{self, t};
use crate::link::embedded::{self, OpenOptions, RestoreError};
use crate::protocol::Problem;

pub fn run(args: &RestoreArgs, context: &Context, out: &mut dyn Write) -> Result<Exit, Failure> {
    place::own_folder(context)?;
    let key = secret::key(args.identity.as_deref(), args.passphrase_file.as_deref())?;
    let wrong = |error: &BackupError| backup_wrong(error, args);
    let file = File::open(&args.file).map_err(|error| secret::unreadable(&args.file, &error))?;
    let backup = BackupReader::open(file, key).map_err(|error| wrong(&error))?;
    let about = backup.about().clone();
    let options = OpenOptions {
        data: context.data.clone(),
        read_only: false,
        officer: context.officer.clone(),
        socket: None,
    };
    let bar = Arc::new(Mutex::new(Bar::new()));
    let at = |label: &str, done, total| {
        if let Ok(mut bar) = bar.lock() {
            bar.at(label, done, total);
        }
    };
    let restored = embedded::restore(
        &options,
        about.head,
        |journal| backup.unpack(journal, &mut |done| at(&t!("work.restoring"), done, 0)),
        &mut |work, done, total| at(&i18n::work(work), done, total),
    );
    if let Ok(mut bar) = bar.lock() {
        bar.clear();
    }
    restored.map_err(|error| match error {
        RestoreError::NotEmpty(what) => {
            let folder = context.data.display();
            Failure::Failed(t!("restore.not_empty", folder = folder, what = what).into_owned())
        }
        RestoreError::Open(error) => client::office_shut(&error),
        RestoreError::Unsound(problem) => {
            let problem = problem.as_ref().map(i18n::problem).unwrap_or_default();
            let file = args.file.display();
            Failure::Failed(t!("restore.unsound", file = file, problem = problem).into_owned())
        }
        RestoreError::Source(error) => wrong(&error),
    })?;
    let seq = i18n::whole(i64::try_from(about.head.seq).unwrap_or(i64::MAX));
    let named = if about.office.is_empty() { String::new() } else { about.office + ": " };
    let done = t!(
        "restore.done",
        seq = seq,
        at = i18n::date_time(about.at, 0),
        folder = context.data.display(),
        example = "SEQ:HASH"
    );
    say(&format!("{named}{done}"));
    if args.json {
        let result = json!({
            "data": context.data, "seq": about.head.seq, "head": about.head.code(),
            "at": about.at, "program": about.program,
        });
        writeln!(out, "{result}")?;
    }
    Ok(Exit::Done)
}

fn backup_wrong(error: &BackupError, args: &RestoreArgs) -> Failure {
    let text = match error {
        BackupError::NotABackup => t!("restore.not_a_backup").into_owned(),
        BackupError::Newer(program) => t!("restore.newer", program = program).into_owned(),
        BackupError::WrongKey => t!("restore.wrong_key").into_owned(),
        BackupError::WrongPassphrase => t!("restore.wrong_passphrase").into_owned(),
        BackupError::NeedsPassphrase => t!("restore.needs_passphrase").into_owned(),
        BackupError::NeedsKey => t!("restore.needs_key").into_owned(),
        BackupError::TooMuchWork => t!("restore.too_much_work").into_owned(),
        BackupError::Damaged => t!("restore.damaged").into_owned(),
        BackupError::Journal(damage) => {
            t!("restore.journal_wrong", file = damage.file, line = damage.line).into_owned()
        }
        BackupError::Io(error)
            if matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded) =>
        {
            return Problem::DiskFull.into();
        }
        BackupError::Io(error) => t!("problem.io", error = error).into_owned(),
    };
    Failure::Failed(format!("{}: {text}", args.file.display()))
}
