//! Drafts on the disk: one file each in the drafts folder, readable by the officer alone.
//! Written whole beside the old one and put in its place, so that a dropped line leaves
//! the one or the other. A file that cannot be read is left where it is and not offered.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::draft::Draft;

/// Far above any form.
const BYTES_MAX: u64 = 256 * 1024;
/// How many are offered at a start.
const DRAFTS_MAX: usize = 20;

/// Every draft in the folder, by name; none if there is no folder.
pub fn load(folder: &Path) -> Vec<Draft> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
        .collect();
    files.sort();
    files.iter().filter_map(|path| read(path)).take(DRAFTS_MAX).collect()
}

fn read(path: &Path) -> Option<Draft> {
    let draft: Draft = serde_json::from_str(&read_private(path).ok()?).ok()?;
    // The name is what it is forgotten by.
    (file_of(Path::new(""), &draft.name)?.file_name() == path.file_name()).then_some(draft)
}

pub fn save(folder: &Path, draft: &Draft) -> io::Result<()> {
    let file = file_of(folder, &draft.name).ok_or(io::ErrorKind::InvalidInput)?;
    let beside = file.with_extension("tmp");
    write_private(&beside, &serde_json::to_vec(draft)?)?;
    fs::rename(&beside, &file)
}

/// Writes a file that only its officer can read, with the folder it stands in.
pub fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let mut out =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    out.write_all(bytes)?;
    out.sync_data()
}

/// Reads back at most what any form takes.
pub fn read_private(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    File::open(path)?.take(BYTES_MAX).read_to_string(&mut text)?;
    Ok(text)
}

/// Removes a draft; that there is none is as good.
pub fn forget(folder: &Path, name: &str) -> io::Result<()> {
    let Some(file) = file_of(folder, name) else { return Ok(()) };
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// A name is never a path.
fn file_of(folder: &Path, name: &str) -> Option<PathBuf> {
    let plain = !name.is_empty()
        && name.len() < 100
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    plain.then(|| folder.join(format!("{name}.json")))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::domain::record::{Fields, Kind, Revision};

    fn draft(name: &str) -> Draft {
        Draft {
            name: name.into(),
            kind: Kind::Employees,
            id: None,
            base: Revision(0),
            original: Fields::new(),
            texts: vec![("name".into(), "Siti".into())],
        }
    }

    #[test]
    fn what_was_typed_is_there_after_the_line_dropped_and_gone_when_forgotten() {
        let place = tempfile::tempdir().expect("a folder");
        let folder = place.path().join("drafts");
        assert!(load(&folder).is_empty());
        save(&folder, &draft("employees-new")).expect("saved");
        assert_eq!(load(&folder), [draft("employees-new")]);
        let mode = fs::metadata(folder.join("employees-new.json")).expect("a file").permissions();
        assert_eq!(mode.mode() & 0o777, 0o600);
        forget(&folder, "employees-new").expect("forgotten");
        forget(&folder, "employees-new").expect("twice is as good");
        assert!(load(&folder).is_empty());
    }

    #[test]
    fn a_draft_of_every_kind_is_kept() {
        let place = tempfile::tempdir().expect("a folder");
        for kind in Kind::ALL {
            save(place.path(), &draft(&format!("{kind}-new"))).expect("saved");
        }
    }

    #[test]
    fn a_draft_cannot_be_written_anywhere_else() {
        let place = tempfile::tempdir().expect("a folder");
        assert!(save(place.path(), &draft("../outside")).is_err());
        assert!(forget(place.path(), "../outside").is_ok());
    }

    #[test]
    fn a_damaged_draft_is_not_offered() {
        let place = tempfile::tempdir().expect("a folder");
        fs::write(place.path().join("units-new.json"), "{").expect("written");
        assert!(load(place.path()).is_empty());
    }
}
