//! A journal that a broken disk or a stranger wrote: it is opened, replayed and verified,
//! or refused with the place.

#![no_main]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use kompeten::journal::Journal;
use libfuzzer_sys::fuzz_target;
use tempfile::TempDir;

fn folder() -> PathBuf {
    static FOLDER: OnceLock<TempDir> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let memory = Path::new("/dev/shm");
        let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
        made.expect("a folder")
    });
    folder.path().join("journal")
}

fuzz_target!(|bytes: &[u8]| {
    let folder = folder();
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir(&folder).expect("a folder");
    fs::write(folder.join("000001.jsonl"), bytes).expect("a journal");
    let Ok(opened) = Journal::open(&folder, None, true) else { return };
    let reader = opened.journal.reader();
    let _ = reader.verify(&mut |_, _| true);
});
