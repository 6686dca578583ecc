//! Quarantine: the way out of damage where there is no backup, or where it is older than
//! what is still sound. Everything behind the journal's last sound step is moved into a
//! folder of its own, and so is a store that knows more than the journal. Nothing is
//! deleted; the office goes on from that step. Only ever done by explicit command.

use std::fs::{self, DirBuilder, File, OpenOptions as Files};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::journal::{Cut, Defect, Journal, Standing};
use crate::office::care::lock::Lock;
use crate::office::care::open::{OpenError, OpenOptions, boot_id};
use crate::office::trouble;
use crate::protocol::Problem;
use crate::store::Store;

/// The folder in a data folder that holds what was set aside, one folder a time.
const QUARANTINE: &str = "quarantine";
/// What a folder says of itself.
const ABOUT: &str = "about.json";
/// Times within one second.
const AGAIN_MAX: u32 = 100;

/// What was set aside. Holds nobody's data.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Quarantined {
    pub at: DateTime<Utc>,
    pub by: String,
    /// Where it is now.
    pub folder: PathBuf,
    /// The damaged line; `None` when lines were missing at the end.
    pub damage: Option<(String, u64)>,
    /// The last step that stands.
    pub kept: u64,
    /// The last step that is known to have been there; nothing is lost if it is `kept`.
    pub lost_until: u64,
    pub lines: u64,
    pub bytes: u64,
    pub files: Vec<String>,
}

/// Why nothing was set aside.
#[derive(Debug, thiserror::Error)]
pub enum QuarantineError {
    #[error("the journal is sound")]
    Sound,
    /// Not damage: a newer program wrote it.
    #[error("written by a newer version")]
    Newer(Problem),
    #[error(transparent)]
    Open(#[from] OpenError),
}

impl From<io::Error> for QuarantineError {
    fn from(error: io::Error) -> Self {
        Self::Open(error.into())
    }
}

/// Sets aside what keeps the office of a folder from being written.
pub fn quarantine(
    options: &OpenOptions,
    at: DateTime<Utc>,
) -> Result<Quarantined, QuarantineError> {
    let data = &options.data;
    if !data.is_dir() {
        return Err(QuarantineError::Sound);
    }
    let _lock = Lock::take(data, options, at)?;
    // What the store has applied was acknowledged; one that cannot be read says nothing.
    let store = data.join("store");
    let applied = Store::open(&store, &boot_id()).ok().map(|store| store.applied());
    let opened = Journal::open(&data.join("journal"), applied, None).map_err(OpenError::from)?;
    if let Some(damage) = opened.damage.as_ref().filter(|d| d.defect == Defect::Unknown) {
        return Err(QuarantineError::Newer(trouble::damaged(damage)));
    }
    let ahead = matches!(opened.standing, Standing::Short | Standing::Other);
    if opened.damage.is_none() && !ahead {
        return Err(match opened.locked {
            Some(error) => error.into(),
            None => QuarantineError::Sound,
        });
    }
    let damage = opened.damage.clone().map(|damage| (damage.file, damage.line));
    let kept = opened.sound_until().seq;
    let folder = new_folder(data, at)?;
    let Cut { mut files, lines, bytes, last_seq } = match damage {
        Some(_) => opened.cut_off(&folder).map_err(OpenError::from)?,
        None => Cut::default(),
    };
    if ahead && store.try_exists()? {
        fs::rename(&store, folder.join("store"))?;
        File::open(data)?.sync_all()?;
        files.push("store".into());
    }
    let lost_until = applied.map_or(0, |head| head.seq).max(last_seq.unwrap_or(0)).max(kept);
    let by = options.officer.clone();
    let done = Quarantined { at, by, folder, damage, kept, lost_until, lines, bytes, files };
    tracing::warn!(kept, lost_until, lines, bytes, "what could not be trusted was set aside");
    describe(&done)?;
    Ok(done)
}

/// A new folder for what is set aside, on the disk by name.
fn new_folder(data: &Path, at: DateTime<Utc>) -> io::Result<PathBuf> {
    let all = data.join(QUARANTINE);
    let private = |path: &Path| DirBuilder::new().mode(0o700).create(path);
    match private(&all) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => File::open(data)?.sync_all()?,
    }
    let name = at.format("%Y%m%d-%H%M%S").to_string();
    for count in 1..=AGAIN_MAX {
        let again = if count == 1 { String::new() } else { format!("-{count}") };
        let folder = all.join(format!("{name}{again}"));
        match private(&folder) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => {
                made?;
                File::open(&all)?.sync_all()?;
                return Ok(folder);
            }
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

fn describe(done: &Quarantined) -> io::Result<()> {
    let path = done.folder.join(ABOUT);
    let mut file = Files::new().write(true).create_new(true).mode(0o600).open(path)?;
    serde_json::to_writer_pretty(&mut file, done)?;
    file.write_all(b"\n")?;
    file.sync_all()?;
    File::open(&done.folder)?.sync_all()
}
