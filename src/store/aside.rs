//! A store that cannot be trusted is put beside its place, not destroyed, until its
//! successor stands.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::{StoreError, marks};

/// Stores of crashed rebuilds that may pile up before one is refused.
const ASIDE_MAX: u32 = 1000;

fn aside(dir: &Path, number: u32) -> PathBuf {
    let mut name = dir.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".aside-{number}"));
    dir.with_file_name(name)
}

/// Renames `store/` to `store.aside-<n>` and says to what; `None` when there was none.
pub fn set_aside(dir: &Path) -> Result<Option<PathBuf>, StoreError> {
    for number in 1..=ASIDE_MAX {
        let target = aside(dir, number);
        if target.try_exists()? {
            continue;
        }
        match fs::rename(dir, &target) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        }
        if let Some(parent) = dir.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            marks::sync_dir(parent)?;
        }
        return Ok(Some(target));
    }
    Err(StoreError::Io("too many stores set aside".into()))
}

/// Removes everything that was set aside from `dir`, also by earlier runs that crashed.
pub fn remove_aside(dir: &Path) -> Result<(), StoreError> {
    let parent = match dir.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut prefix = dir.file_name().unwrap_or_default().to_os_string();
    prefix.push(".aside-");
    let prefix = prefix.to_string_lossy().into_owned();
    for entry in fs::read_dir(parent)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let ours = name
            .strip_prefix(&prefix)
            .is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()));
        if !ours {
            continue;
        }
        if entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
        } else {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_set_aside_stays_until_it_is_removed_and_nothing_else_goes_with_it() {
        let home = tempfile::tempdir().unwrap();
        let dir = home.path().join("store");
        assert_eq!(set_aside(&dir), Ok(None));
        for number in 1..=2 {
            fs::create_dir(&dir).unwrap();
            fs::write(dir.join("format"), "x").unwrap();
            assert_eq!(set_aside(&dir), Ok(Some(aside(&dir, number))));
            assert!(!dir.exists());
        }
        fs::create_dir(&dir).unwrap();
        for bystander in ["store.aside-", "store.aside-x", "journal"] {
            fs::create_dir(home.path().join(bystander)).unwrap();
        }
        remove_aside(&dir).unwrap();
        let mut left: Vec<_> = fs::read_dir(home.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        left.sort();
        assert_eq!(left, ["journal", "store", "store.aside-", "store.aside-x"]);
    }
}
