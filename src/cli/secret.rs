//! Keys, recipients and passphrases as the command line names them: by files, by flags, by
//! the host's settings. Small text files, read with a limit; what stands in one that holds a
//! secret is never shown.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::fault::Failure;
use super::place;
use crate::backup::{BackupKey, BackupKeyFault, PASSPHRASE_MIN, Seal};
use crate::i18n::{self, t};

/// Longer than any file of keys, in bytes.
const FILE_MAX: u64 = 1 << 20;

/// To whom a backup goes: flags and files, else a passphrase, else the host's settings.
pub fn seal(
    recipients: &[String],
    files: &[std::path::PathBuf],
    passphrase: Option<&Path>,
) -> Result<Seal, Failure> {
    if let Some(file) = passphrase {
        return Seal::with_passphrase(&first_line(file)?)
            .map_err(|fault| wrong(&fault, Some(file)));
    }
    let mut named = recipients.to_vec();
    for file in files {
        let text = text_of(file)?;
        let lines = text.lines().map(str::trim);
        let lines: Vec<_> =
            lines.filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
        // Checked by itself, so that a fault names its file.
        Seal::to(&lines).map_err(|fault| wrong(&fault, Some(file)))?;
        named.extend(lines.into_iter().map(String::from));
    }
    if named.is_empty() {
        named = place::backup_recipients()?;
    }
    if named.is_empty() {
        return Err(Failure::Usage(t!("backup.no_key").into_owned()));
    }
    Seal::to(&named).map_err(|fault| wrong(&fault, None))
}

/// What opens a backup: a key file, or a passphrase.
pub fn key(identity: Option<&Path>, passphrase: Option<&Path>) -> Result<BackupKey, Failure> {
    match (identity, passphrase) {
        (Some(file), _) => {
            BackupKey::from_file(&text_of(file)?).map_err(|fault| wrong(&fault, Some(file)))
        }
        (None, Some(file)) => Ok(BackupKey::passphrase(&first_line(file)?)),
        (None, None) => Err(Failure::Usage(t!("restore.no_key").into_owned())),
    }
}

fn first_line(file: &Path) -> Result<String, Failure> {
    Ok(text_of(file)?.lines().next().unwrap_or_default().to_string())
}

fn text_of(path: &Path) -> Result<String, Failure> {
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(FILE_MAX).read_to_string(&mut text));
    match read {
        Ok(_) => Ok(text),
        Err(error) => Err(unreadable(path, &error)),
    }
}

/// A file of the officer's that cannot be read.
pub fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    let why = match error.kind() {
        std::io::ErrorKind::NotFound => t!("file.not_found").into_owned(),
        _ => i18n::filled("file.unreadable", &[("detail", error.to_string())]),
    };
    Failure::Failed(format!("{}: {why}", path.display()))
}

fn wrong(fault: &BackupKeyFault, file: Option<&Path>) -> Failure {
    let text = match fault {
        BackupKeyFault::NotARecipient(text) => t!("backup.recipient_wrong", text = text),
        BackupKeyFault::Secret => t!("backup.recipient_secret"),
        BackupKeyFault::NoSecret => t!("restore.no_secret"),
        BackupKeyFault::PassphraseShort => t!("backup.passphrase_short", least = PASSPHRASE_MIN),
    };
    Failure::Failed(match file {
        Some(file) => format!("{}: {text}", file.display()),
        None => text.into_owned(),
    })
}
