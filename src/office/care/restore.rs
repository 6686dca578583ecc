//! Restore: an office made from a journal that comes from elsewhere, in a folder that
//! holds none. It is built and proven beside its place, in the folder itself, and stands
//! there only once it can be trusted; until then an opening finds an empty folder.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use crate::domain::change::Head;
use crate::office::care::beside::Beside;
use crate::office::care::lock::Lock;
use crate::office::care::open::{HearsOpening, OpenError, OpenOptions, private_folder};
use crate::office::{Clock, Office};
use crate::protocol::Problem;

/// Where it is built; what a killed attempt has left here is cleared away by the next.
const UNFINISHED: &str = "restore.unfinished";

/// Why there is no office where one was to be restored.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError<E> {
    /// Something stands in the folder: this.
    #[error("the folder holds {0}")]
    NotEmpty(String),
    #[error(transparent)]
    Open(#[from] OpenError),
    /// What was unpacked is no office that could be worked with.
    #[error("not sound")]
    Unsound(Option<Problem>),
    /// The journal did not come.
    #[error("{0}")]
    Source(E),
}

impl<E> From<io::Error> for RestoreError<E> {
    fn from(error: io::Error) -> Self {
        Self::Open(error.into())
    }
}

/// Makes the office that `journal` brings: it is given the path of a folder to make, and
/// the journal in it must go exactly to `head`.
pub fn restore<E>(
    options: &OpenOptions,
    clock: Clock,
    head: Head,
    journal: impl FnOnce(&Path) -> Result<(), E>,
    progress: HearsOpening,
) -> Result<(), RestoreError<E>> {
    let folder = &options.data;
    let made = !folder.try_exists()?;
    let restored = restore_into(options, clock, head, journal, progress);
    if restored.is_err() && made {
        // Nobody has put anything here but us.
        let _ = fs::remove_file(folder.join("lock"));
        let _ = fs::remove_dir(folder);
    }
    restored
}

fn restore_into<E>(
    options: &OpenOptions,
    clock: Clock,
    head: Head,
    journal: impl FnOnce(&Path) -> Result<(), E>,
    progress: HearsOpening,
) -> Result<(), RestoreError<E>> {
    let folder = &options.data;
    must_be_empty(folder)?;
    private_folder(folder)?;
    let _lock = Lock::take(folder, options, clock())?;
    // Somebody may have been quicker.
    must_be_empty(folder)?;
    let beside = Beside(folder.join(UNFINISHED));
    beside.clear()?;
    DirBuilder::new().mode(0o700).create(&beside.0)?;
    journal(&beside.0.join("journal")).map_err(RestoreError::Source)?;

    let inside = OpenOptions { data: beside.0.clone(), read_only: false, ..options.clone() };
    let office = Office::open(&inside, clock, progress)?;
    let found = (office.journal.head(), office.read_only.clone());
    office.close();
    match found {
        (at, None) if at == head => {}
        (_, problem) => return Err(RestoreError::Unsound(problem)),
    }
    // With its journal the office stands; a store that does not come along is built anew.
    fs::rename(beside.0.join("journal"), folder.join("journal"))?;
    File::open(folder)?.sync_all()?;
    if let Err(error) = fs::rename(beside.0.join("store"), folder.join("store")) {
        tracing::warn!(kind = %error.kind(), "the restored store was left behind");
    }
    Ok(())
}

/// Apart from what no office begins with.
fn must_be_empty<E>(folder: &Path) -> Result<(), RestoreError<E>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    for entry in entries {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if ![UNFINISHED, "lock", "log", "lost+found"].contains(&name.as_str()) {
            return Err(RestoreError::NotEmpty(name));
        }
    }
    Ok(())
}
