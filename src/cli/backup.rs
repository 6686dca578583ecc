//! `kompeten backup`: an encrypted copy of the office while everybody works on, into one
//! file or into a folder that keeps the latest so many; and the key it is encrypted to.
//! There is no way to make one that is not encrypted.

use std::fs;
use std::io::{self, IsTerminal, Write, stdout};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Duration, Utc};
use serde_json::json;

use super::args::BackupArgs;
use super::client::Client;
use super::export::write_failure;
use super::fault::{Exit, Failure};
use super::{Context, say, secret, warn};
use crate::backup::{BackupError, NewKey};
use crate::exchange::{Destination, create_new};
use crate::i18n::{self, t};
use crate::jobs::Progress;
use crate::jobs::backup::{self, BackupFault};
use crate::protocol::Problem;

/// What a file in a folder of backups is called, around its date and time.
const NAME: (&str, &str) = ("kompeten-", ".tar.gz.age");

pub fn run(args: &BackupArgs, context: &Context, out: &mut dyn Write) -> Result<Exit, Failure> {
    // Before anything: a command that cannot tell the time names files by it.
    let now = Utc::now();
    if let Some(file) = &args.new_key {
        return new_key(file, now, out);
    }
    let seal =
        secret::seal(&args.recipient, &args.recipients_file, args.passphrase_file.as_deref())?;
    let named = args.file.as_deref().map(Destination::from_arg);
    if named == Some(Destination::Stdout) && (stdout().is_terminal() || args.json) {
        return Err(Failure::Usage(t!("backup.stdout_taken").into_owned()));
    }
    let mut client = Client::open(context)?;
    let to = match (named, &args.to) {
        (Some(named), _) => named,
        (None, folder) => {
            let local = now + Duration::hours(client.info.utc_offset_hours.into());
            let name = format!("{}{}{}", NAME.0, local.format("%Y%m%d-%H%M%S"), NAME.1);
            Destination::File(folder.clone().unwrap_or_default().join(name))
        }
    };
    if let Destination::File(file) = &to
        && fs::symlink_metadata(file).is_ok_and(|there| there.is_file())
    {
        let text = t!("backup.exists", file = file.display());
        return Err(Failure::Failed(text.into_owned()));
    }
    let (bar, watch) = (client.bar(), client.bar());
    let progress = Progress::new(move |done, total| {
        if let Ok(mut bar) = watch.lock() {
            bar.at(&t!("work.backing_up"), done, total);
        }
    });
    let office = client.info.name.clone();
    let taken =
        backup::take(&mut |request| client.ask(request), &office, now, &seal, &to, &progress);
    if let Ok(mut bar) = bar.lock() {
        bar.clear();
    }
    let head = taken.map_err(|fault| failure_of(fault, &to))?;
    let Destination::File(file) = to else { return Ok(Exit::Done) };
    let size = fs::metadata(&file).map_or(0, |there| there.len());
    say(&t!(
        "backup.taken",
        seq = i18n::whole(i64::try_from(head.seq).unwrap_or(i64::MAX)),
        file = file.display(),
        size = i18n::whole(i64::try_from(size.div_ceil(1024)).unwrap_or(i64::MAX))
    ));
    let (removed, left) = match (&args.to, args.keep) {
        (Some(folder), Some(keep)) => rotate(folder, &file, keep as usize),
        _ => (Vec::new(), false),
    };
    if args.json {
        let result = json!({
            "file": file, "bytes": size, "seq": head.seq, "head": head.code(), "removed": removed,
        });
        writeln!(out, "{result}")?;
    }
    Ok(if left { Exit::Part } else { Exit::Done })
}

/// Removes the oldest backups beyond `keep`, never the one just made, and nothing that is
/// not called like one. Whether one that should go is left.
fn rotate(folder: &Path, made: &Path, keep: usize) -> (Vec<PathBuf>, bool) {
    let (mut removed, mut left) = (Vec::new(), false);
    let old = match earlier(folder, made) {
        Ok(old) => old,
        Err(error) => {
            warn(&t!("backup.not_removed", file = folder.display(), error = error));
            return (removed, true);
        }
    };
    for file in old.into_iter().rev().skip(keep.saturating_sub(1)) {
        match fs::remove_file(&file) {
            Ok(()) => {
                say(&t!("backup.removed", file = file.display()));
                removed.push(file);
            }
            Err(error) => {
                warn(&t!("backup.not_removed", file = file.display(), error = error));
                left = true;
            }
        }
    }
    (removed, left)
}

/// The other backups in the folder, oldest first.
fn earlier(folder: &Path, made: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let ours = entry.file_name().to_str().is_some_and(is_named_by_us);
        if ours
            && entry.file_type()?.is_file()
            && Some(entry.file_name().as_os_str()) != made.file_name()
        {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// `kompeten-20261122-031500.tar.gz.age`.
fn is_named_by_us(name: &str) -> bool {
    let time = name.strip_prefix(NAME.0).and_then(|rest| rest.strip_suffix(NAME.1));
    time.and_then(|time| time.split_once('-')).is_some_and(|(day, time)| {
        let digits =
            |text: &str, length| text.len() == length && text.bytes().all(|b| b.is_ascii_digit());
        digits(day, 8) && digits(time, 6)
    })
}

/// Makes a key: its file for whoever restores, its recipient for whoever backs up.
fn new_key(file: &Path, now: DateTime<Utc>, out: &mut dyn Write) -> Result<Exit, Failure> {
    let key = NewKey::make(now);
    if file.symlink_metadata().is_ok() {
        return Err(Failure::Failed(t!("backup.exists", file = file.display()).into_owned()));
    }
    let written = create_new(file).and_then(|mut opened| {
        opened.write_all(key.file().as_bytes())?;
        Ok(opened.sync_all()?)
    });
    if let Err(error) = written {
        return Err(write_failure(&error, &Destination::File(file.to_path_buf())));
    }
    writeln!(out, "{}", key.recipient)?;
    out.flush()?;
    say(&t!("backup.key_made", file = file.display()));
    Ok(Exit::Done)
}

fn failure_of(fault: BackupFault, to: &Destination) -> Failure {
    match fault {
        BackupFault::Empty => Failure::Failed(t!("backup.empty").into_owned()),
        BackupFault::File(error) => write_failure(&error, to),
        BackupFault::Office(problem) => problem.into(),
        BackupFault::Backup(BackupError::Journal(damage)) => {
            Problem::Damaged { file: damage.file, line: damage.line }.into()
        }
        BackupFault::Backup(error) => Failure::Failed(error.to_string()),
        BackupFault::Cancelled => Failure::Failed(t!("cli.stopped").into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_backup_made_is_called_one() {
        assert!(is_named_by_us("kompeten-20261122-031500.tar.gz.age"));
        for other in [
            "kompeten-20261122-031500.tar.gz",
            "kompeten-2026112-031500.tar.gz.age",
            "kompeten-20261122-03150a.tar.gz.age",
            "kompeten-lama.tar.gz.age",
            ".kompeten-20261122-031500.tar.gz.age.12-0.tmp",
            "kompeten-20261122-031500.tar.gz.age.bak",
        ] {
            assert!(!is_named_by_us(other), "{other}");
        }
    }

    #[test]
    fn the_oldest_go_and_the_one_just_made_never() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str| {
            let path = folder.path().join(name);
            fs::write(&path, "x").unwrap();
            path
        };
        let name = |day: u32| format!("kompeten-202611{day:02}-031500.tar.gz.age");
        let files: Vec<_> = (10..=15).map(|day| put(&name(day))).collect();
        let others = [put("kompeten-catatan.txt"), put("gaji.xlsx")];
        fs::create_dir(folder.path().join(name(1))).unwrap();
        // A clock that was set back names the newest like the oldest.
        let made = put(&name(2));
        let (removed, left) = rotate(folder.path(), &made, 3);
        assert!(!left);
        assert_eq!(removed, [3, 2, 1, 0].map(|at| files[at].clone()));
        assert!(made.exists() && files[4].exists() && files[5].exists());
        assert!(others.iter().all(|other| other.exists()));
        assert!(folder.path().join(name(1)).is_dir());
        assert_eq!(rotate(folder.path(), &made, 1).0.len(), 2);
        assert!(made.exists());
    }
}
