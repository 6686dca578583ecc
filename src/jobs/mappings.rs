//! Mappings: which column is which field in files whose headings do not say it, as the officer
//! has once said. Kept by the set of headings in a small file of the officer's own beside the
//! keymap; nothing of a file but its headings. One that cannot be read or written is done
//! without: the columns are then asked for again.

use std::fs;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::domain::intake::Intake;

/// The most files that are remembered, and the most text the file may have.
const REMEMBERED_MAX: usize = 100;
const TEXT_MAX: u64 = 1 << 20;
/// Wider or longer headings are no headings.
const HEADINGS_MAX: usize = 200;
const HEADING_MAX: usize = 200;

/// Where they are kept; nowhere for an officer without a folder of their own.
#[derive(Clone, Debug, Default)]
pub struct Mappings {
    file: Option<PathBuf>,
}

/// Field and column, as in `--map nip=Kolom`.
pub type ColumnMap = Vec<(String, String)>;

#[derive(Default, Serialize, Deserialize)]
struct Remembered {
    #[serde(default)]
    mapping: Vec<Mapping>,
}

#[derive(Serialize, Deserialize)]
struct Mapping {
    kind: Intake,
    /// Folded and in order.
    headings: Vec<String>,
    columns: ColumnMap,
}

impl Mappings {
    pub const fn new(file: Option<PathBuf>) -> Self {
        Self { file }
    }

    fn read(&self) -> Option<Remembered> {
        let file = self.file.as_ref()?;
        let known = fs::metadata(file).ok().filter(|known| known.len() <= TEXT_MAX);
        toml::from_str(&fs::read_to_string(known.map(|_| file)?).ok()?).ok()
    }

    /// What was said of a file with these headings, the last first.
    pub fn recall(&self, headings: &[String], kind: Option<Intake>) -> Option<(Intake, ColumnMap)> {
        let known = self.read()?.mapping.into_iter().rev();
        let mut known = known.filter(|known| kind.is_none_or(|kind| kind == known.kind));
        let found = known.find(|known| known.headings == headings)?;
        Some((found.kind, found.columns))
    }

    /// Remembers what was said, in place of what was said before of the same headings.
    pub fn remember(&self, headings: Vec<String>, kind: Intake, columns: ColumnMap) {
        let long = |text: &String| text.chars().count() > HEADING_MAX;
        let Some(file) = &self.file else { return };
        if headings.len() > HEADINGS_MAX || headings.iter().any(long) {
            return;
        }
        let mut held = self.read().unwrap_or_default();
        held.mapping.retain(|known| (known.kind, &known.headings) != (kind, &headings));
        held.mapping.push(Mapping { kind, headings, columns });
        let over = held.mapping.len().saturating_sub(REMEMBERED_MAX);
        held.mapping.drain(..over);
        let Ok(text) = toml::to_string(&held) else { return };
        let beside = file.with_extension("new");
        let folder = file.parent().map_or(Ok(()), fs::create_dir_all);
        let written = folder.and_then(|()| fs::write(&beside, text));
        // Without it the columns are asked for the next time.
        let _ = written.and_then(|()| fs::rename(&beside, file));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_mapping_is_known_again_by_the_headings_and_the_last_word_counts() {
        let folder = tempfile::tempdir().unwrap();
        let mappings = Mappings::new(Some(folder.path().join("own/mappings.toml")));
        let headings = texts(&["induk", "orangke"]);
        assert_eq!(mappings.recall(&headings, None), None);
        for column in ["Induk", "Orang Ke"] {
            let map = vec![("nip".to_string(), column.to_string())];
            mappings.remember(headings.clone(), Intake::Employees, map);
        }
        let map = vec![("nip".to_string(), "Orang Ke".to_string())];
        assert_eq!(mappings.recall(&headings, None), Some((Intake::Employees, map)));
        assert_eq!(mappings.recall(&headings, Some(Intake::Ratings)), None);
        assert_eq!(mappings.recall(&texts(&["lain"]), None), None);
        fs::write(folder.path().join("own/mappings.toml"), "rusak = [").unwrap();
        assert_eq!(mappings.recall(&headings, None), None);
        mappings.remember(headings.clone(), Intake::Ratings, Vec::new());
        assert!(mappings.recall(&headings, None).is_some());
    }
}
