//! Keys: to whom a backup is encrypted, and with what it is opened again. Anybody may
//! encrypt to a recipient; only who keeps its secret key can read. A passphrase does for
//! both. The only code that makes or reads age's keys; never shows a secret in an error.

use std::str::FromStr;

use age::secrecy::{ExposeSecret, SecretString};
use age::{scrypt, x25519};
use chrono::{DateTime, Utc};

/// A passphrase is stretched with 2^16 rounds: 64 MB of memory, less than a second.
const WORK: u8 = 16;
/// The most that is done to open a file: 128 MB, on a machine that has 512.
const WORK_MAX: u8 = 17;
/// A shorter passphrase is guessed, however much it is stretched.
pub const PASSPHRASE_MIN: usize = 12;

/// Why a text is no key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BackupKeyFault {
    /// Not `age1…`; the text.
    NotARecipient(String),
    /// A secret key where a recipient is wanted.
    Secret,
    /// No `AGE-SECRET-KEY-1…` stands there.
    NoSecret,
    PassphraseShort,
}

/// Who is to open a backup.
pub enum Seal {
    Recipients(Vec<x25519::Recipient>),
    Passphrase(SecretString),
}

impl Seal {
    /// To these recipients, at least one; any of them can open it.
    pub fn to(texts: impl IntoIterator<Item = impl AsRef<str>>) -> Result<Self, BackupKeyFault> {
        let recipients = texts.into_iter().map(|text| recipient(text.as_ref().trim()));
        match recipients.collect::<Result<Vec<_>, _>>()? {
            none if none.is_empty() => Err(BackupKeyFault::NotARecipient(String::new())),
            recipients => Ok(Self::Recipients(recipients)),
        }
    }

    pub fn with_passphrase(text: &str) -> Result<Self, BackupKeyFault> {
        if text.chars().count() < PASSPHRASE_MIN {
            return Err(BackupKeyFault::PassphraseShort);
        }
        Ok(Self::Passphrase(text.to_owned().into()))
    }

    pub(super) fn encryptor(&self) -> Result<age::Encryptor, age::EncryptError> {
        match self {
            Self::Recipients(recipients) => age::Encryptor::with_recipients(
                recipients.iter().map(|to| to as &dyn age::Recipient),
            ),
            Self::Passphrase(passphrase) => {
                let mut recipient = scrypt::Recipient::new(passphrase.clone());
                recipient.set_work_factor(WORK);
                age::Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient))
            }
        }
    }
}

fn recipient(text: &str) -> Result<x25519::Recipient, BackupKeyFault> {
    if text.to_ascii_uppercase().starts_with("AGE-SECRET-KEY-") {
        return Err(BackupKeyFault::Secret);
    }
    x25519::Recipient::from_str(text).map_err(|_| BackupKeyFault::NotARecipient(text.into()))
}

/// What opens a backup.
pub enum BackupKey {
    Secrets(Vec<x25519::Identity>),
    Passphrase(SecretString),
}

impl BackupKey {
    /// From the text of a key file, as [`NewKey`] and `age-keygen` write it.
    pub fn from_file(text: &str) -> Result<Self, BackupKeyFault> {
        let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
        let secrets: Vec<_> =
            lines.filter_map(|line| x25519::Identity::from_str(line).ok()).collect();
        if secrets.is_empty() { Err(BackupKeyFault::NoSecret) } else { Ok(Self::Secrets(secrets)) }
    }

    pub fn passphrase(text: &str) -> Self {
        Self::Passphrase(text.to_owned().into())
    }

    /// As age takes them.
    pub(super) fn identities(self) -> Vec<Box<dyn age::Identity>> {
        match self {
            Self::Secrets(secrets) => {
                secrets.into_iter().map(|one| Box::new(one) as Box<dyn age::Identity>).collect()
            }
            Self::Passphrase(passphrase) => {
                let mut identity = scrypt::Identity::new(passphrase);
                identity.set_max_work_factor(WORK_MAX);
                vec![Box::new(identity)]
            }
        }
    }
}

/// A key just made.
pub struct NewKey {
    /// What stands in its file; whoever has it opens every backup made to it.
    file: SecretString,
    /// What backups are made to; no secret.
    pub recipient: String,
}

impl NewKey {
    pub fn make(at: DateTime<Utc>) -> Self {
        let secret = x25519::Identity::generate();
        let recipient = secret.to_public().to_string();
        let at = at.format("%Y-%m-%dT%H:%M:%SZ");
        let text = secret.to_string();
        let text = text.expose_secret();
        let file = format!("# created: {at}\n# public key: {recipient}\n{text}\n").into();
        Self { file, recipient }
    }

    pub fn file(&self) -> &str {
        self.file.expose_secret()
    }
}
