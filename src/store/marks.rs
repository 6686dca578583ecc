//! The small files beside sled's own: the format's version, the mark of a bulk load under
//! way, the marks of a store in use and of a clean close, and what was proven of the journal.
//! They are plain files so that they can be read before sled, which may panic on what it
//! finds, is let near its directory.

use std::fs::{self, File};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{StoreError, keys};
use crate::codec;
use crate::domain::record::Kind;

/// Changes with the layout of keys or values; the field tables are told apart by their digest.
const LAYOUT: &str = "kompeten store 7";
const FORMAT_FILE: &str = "format";
const LOADING_FILE: &str = "loading";
const CLEAN_FILE: &str = "clean";
const IN_USE_FILE: &str = "in-use";
const PROVEN_FILE: &str = "proven";
const SLED_DIR: &str = "sled";

/// What is wrong with a store that bears the mark of a bulk load.
pub(super) const UNFINISHED: &str = "an unfinished bulk load";

/// The longest mark read; stamps are a few bytes a segment of the journal.
const MARK_MAX: u64 = 8 * 1024 * 1024;
const SEAL: usize = 16;

pub(super) fn sled_dir(dir: &Path) -> PathBuf {
    dir.join(SLED_DIR)
}

/// What a clean close leaves behind.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Clean {
    /// The system's boot it happened in: what a page cache held may be gone after the next.
    pub(super) boot_id: String,
    files: Vec<Stamp>,
    /// They are as sled left them on opening, and can be read without it.
    pub(super) still: bool,
}

/// A file as it was left: name, length, time of last change in nanoseconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Stamp {
    name: String,
    length: u64,
    changed: u128,
}

/// The store's format: its layout, and a digest of what every kind consists of. Another one
/// means a rebuild, so nobody has to remember to raise a number.
fn format() -> String {
    use std::fmt::Write as _;
    let mut tables = String::new();
    for kind in Kind::ALL {
        let _ = write!(tables, "{kind} {} {:?}", kind.byte(), kind.home());
        for field in kind.fields() {
            let _ = write!(tables, " {} {:?}", field.name, field.shape);
        }
        tables.push('\n');
    }
    let digest = keys::digest(&[tables.as_bytes()]);
    let mut format = format!("{LAYOUT} ");
    for byte in digest {
        let _ = write!(format, "{byte:02x}");
    }
    format.push('\n');
    format
}

pub(super) fn write_format(dir: &Path) -> Result<(), StoreError> {
    write_durably(dir, FORMAT_FILE, format().as_bytes())
}

pub(super) fn check_format(dir: &Path) -> Result<(), StoreError> {
    match read(dir, FORMAT_FILE)? {
        Some(bytes) if bytes == format().as_bytes() => Ok(()),
        Some(_) => Err(StoreError::OtherVersion),
        None if is_empty(dir)? => Err(StoreError::Missing),
        None => Err(StoreError::Unproven { what: "format" }),
    }
}

/// Whether there is no such directory or nothing in it.
pub(super) fn is_empty(dir: &Path) -> Result<bool, StoreError> {
    match fs::read_dir(dir) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error.into()),
    }
}

pub(super) fn set_loading(dir: &Path) -> Result<(), StoreError> {
    write_durably(dir, LOADING_FILE, &[])
}

pub(super) fn is_loading(dir: &Path) -> Result<bool, StoreError> {
    Ok(dir.join(LOADING_FILE).try_exists()?)
}

/// Everything sled has written is on the disk before the mark goes.
pub(super) fn clear_loading(dir: &Path) -> Result<(), StoreError> {
    sync_files(dir)?;
    fs::remove_file(dir.join(LOADING_FILE))?;
    sync_dir(dir)
}

/// sled is closed: makes its files durable and says that they are as they should be. Where
/// they are as they were when it was `opened`, after a clean close, nothing was written; the
/// mark need not be durable then, since another boot does not believe it.
pub(super) fn write_clean(dir: &Path, boot_id: &str, opened: &[Stamp]) -> Result<(), StoreError> {
    let files = stamp_files(dir)?;
    if !opened.is_empty() && opened == files {
        let mark = Clean { boot_id: boot_id.into(), files, still: true };
        return Ok(fs::write(dir.join(CLEAN_FILE), sealed(&mark)?)?);
    }
    sync_files(dir)?;
    let mark = Clean { boot_id: boot_id.into(), files: stamp_files(dir)?, still: false };
    write_durably(dir, CLEAN_FILE, &sealed(&mark)?)
}

/// Says that a store that adds up is in use in this boot, so that one that is left so has
/// been written by nobody else since. Need not be durable: another boot does not believe it.
fn write_in_use(dir: &Path, boot_id: &str) -> Result<(), StoreError> {
    Ok(fs::write(dir.join(IN_USE_FILE), sealed(&boot_id)?)?)
}

/// The same where a store without that mark would do.
pub(super) fn trust(dir: &Path, boot_id: &str) {
    if let Err(error) = write_in_use(dir, boot_id) {
        tracing::warn!(%error, "after a kill the store would be proven first");
    }
}

/// Whether there is such a mark, of whatever boot.
pub(super) fn is_in_use(dir: &Path) -> Result<bool, StoreError> {
    Ok(dir.join(IN_USE_FILE).try_exists()?)
}

/// Takes that mark away and says whether it was made in this boot.
pub(super) fn take_in_use(dir: &Path, boot_id: &str) -> Result<bool, StoreError> {
    let mark = read(dir, IN_USE_FILE)?.as_deref().and_then(unseal::<String>);
    remove(dir, IN_USE_FILE)?;
    Ok(!boot_id.is_empty() && mark.is_some_and(|boot| boot == boot_id))
}

/// Keeps what the office has proven of the journal in this boot.
pub(super) fn write_proven(dir: &Path, boot_id: &str, proven: &[u8]) -> Result<(), StoreError> {
    let mark = sealed(&(boot_id, proven))?;
    if read(dir, PROVEN_FILE)?.as_deref() == Some(&mark) {
        return Ok(());
    }
    write_durably(dir, PROVEN_FILE, &mark)
}

/// What [`write_proven`] kept, if it was in this boot.
pub(super) fn proven(dir: &Path, boot_id: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let kept = read(dir, PROVEN_FILE)?.as_deref().and_then(unseal::<(String, Vec<u8>)>);
    Ok(kept.filter(|(boot, _)| !boot_id.is_empty() && boot == boot_id).map(|(_, proven)| proven))
}

fn sealed<T: Serialize>(mark: &T) -> Result<Vec<u8>, StoreError> {
    let mut bytes = codec::encode(mark)?;
    let seal = keys::digest(&[&bytes]);
    bytes.extend(seal);
    Ok(bytes)
}

/// Whether there is a mark of a clean close, whatever it says.
pub(super) fn was_closed(dir: &Path) -> Result<bool, StoreError> {
    Ok(dir.join(CLEAN_FILE).try_exists()?)
}

/// Takes the mark of a clean close away and gives it, if it still speaks of these files.
pub(super) fn take_clean(dir: &Path) -> Result<Option<Clean>, StoreError> {
    let bytes = read(dir, CLEAN_FILE)?;
    remove(dir, CLEAN_FILE)?;
    of_these_files(dir, bytes.as_deref())
}

/// Puts a mark back that was taken for nothing, if the files are still as it says. Where it
/// cannot be, they are proven next time.
pub(super) fn put_back(dir: &Path, mark: &Clean) {
    if stamp_files(dir).is_ok_and(|files| files == mark.files)
        && let Ok(bytes) = sealed(mark)
    {
        let _ = fs::write(dir.join(CLEAN_FILE), bytes);
    }
}

/// The same mark, left where it is.
pub(super) fn clean(dir: &Path) -> Result<Option<Clean>, StoreError> {
    of_these_files(dir, read(dir, CLEAN_FILE)?.as_deref())
}

fn of_these_files(dir: &Path, mark: Option<&[u8]>) -> Result<Option<Clean>, StoreError> {
    Ok(match mark.and_then(unseal::<Clean>) {
        Some(mark) if mark.files == stamp_files(dir)? => Some(mark),
        _ => None,
    })
}

fn remove(dir: &Path, name: &str) -> Result<(), StoreError> {
    match fs::remove_file(dir.join(name)) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

fn unseal<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let (body, seal) = bytes.split_at(bytes.len().checked_sub(SEAL)?);
    if keys::digest(&[body]) != seal {
        return None;
    }
    codec::decode(body).ok()
}

pub(super) fn stamp_files(dir: &Path) -> Result<Vec<Stamp>, StoreError> {
    let mut stamps = Vec::new();
    each_file(&sled_dir(dir), &mut |path| {
        let meta = match fs::metadata(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            meta => meta?,
        };
        let changed = meta.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
        stamps.push(Stamp {
            name: path.strip_prefix(dir).unwrap_or(path).to_string_lossy().into_owned(),
            length: meta.len(),
            changed: changed.as_nanos(),
        });
        Ok(())
    })?;
    stamps.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(stamps)
}

fn sync_files(dir: &Path) -> Result<(), StoreError> {
    each_file(&sled_dir(dir), &mut |path| match File::open(path) {
        // A thread of sled's has just done away with it.
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        file => Ok(file?.sync_all()?),
    })?;
    sync_dir(&sled_dir(dir))
}

fn each_file(
    dir: &Path,
    each: &mut dyn FnMut(&Path) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let entries = match fs::read_dir(dir) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            each_file(&entry.path(), each)?;
        } else {
            each(&entry.path())?;
        }
    }
    Ok(())
}

fn read(dir: &Path, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
    match File::open(dir.join(name)) {
        Ok(file) => {
            let mut bytes = Vec::new();
            file.take(MARK_MAX).read_to_end(&mut bytes)?;
            Ok(Some(bytes))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn write_durably(dir: &Path, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
    let mut file = File::create(dir.join(name))?;
    file.write_all(bytes)?;
    file.sync_all()?;
    sync_dir(dir)
}

pub(super) fn sync_dir(dir: &Path) -> Result<(), StoreError> {
    Ok(File::open(dir)?.sync_all()?)
}
