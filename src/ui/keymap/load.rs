//! Layers: a built-in preset, the host's file, the officer's file, merged key by key.
//!
//! A file with any fault is skipped whole and said so; the program starts all the same
//! with what lies below it. An absent file is no fault, unless the officer named it.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use super::check::check;
use super::fault::{Fault, Warning};
use super::file::{Entry, Found, read};
use super::{Keymap, Source};

/// Far above any keymap, far below what would be slow to read.
const MOST_BYTES: u64 = 256 * 1024;

/// How many faults of one file are told.
const MOST_FAULTS: usize = 20;

/// The keymaps that come with the program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Preset {
    #[default]
    Default,
    /// Arrows and function keys; letters only where something is typed or answered.
    Plain,
    Vim,
}

impl Preset {
    pub const ALL: [Self; 3] = [Self::Default, Self::Plain, Self::Vim];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Plain => "plain",
            Self::Vim => "vim",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.name() == name)
    }

    const fn text(self) -> &'static str {
        match self {
            Self::Default => include_str!("../../../keymaps/default.toml"),
            Self::Plain => include_str!("../../../keymaps/plain.toml"),
            Self::Vim => include_str!("../../../keymaps/vim.toml"),
        }
    }
}

/// The keymap of `preset` with `files` laid over it, lowest first, and `named` on top: a file
/// the officer asked for, whose absence is worth a word.
pub fn load<P: AsRef<Path>>(
    preset: Preset,
    files: &[P],
    named: Option<&Path>,
) -> (Keymap, Vec<Warning>) {
    let mut keymap = Keymap::default();
    let mut warnings = keymap.lay(preset.text(), Source::Preset(preset));
    for (path, wanted) in
        files.iter().map(|path| (path.as_ref(), false)).chain(named.map(|path| (path, true)))
    {
        match text_of(path) {
            Ok(Some(text)) => warnings.extend(keymap.lay(&text, Source::File(path.to_owned()))),
            Ok(None) if !wanted => {}
            Ok(None) => warnings.push(whole(path, Fault::Unreadable(missing()))),
            Err(fault) => warnings.push(whole(path, fault)),
        }
    }
    (keymap, warnings)
}

fn missing() -> String {
    std::io::Error::from(ErrorKind::NotFound).to_string()
}

fn whole(path: &Path, fault: Fault) -> Warning {
    Warning { file: path.to_owned(), line: None, fault }
}

/// The text of a keymap file; none if there is no such file.
fn text_of(path: &Path) -> Result<Option<String>, Fault> {
    let unreadable = |error: &std::io::Error| Fault::Unreadable(error.kind().to_string());
    match path.metadata() {
        // Opening a pipe would wait for someone to write into it.
        Ok(found) if !found.is_file() => {
            let kind =
                if found.is_dir() { ErrorKind::IsADirectory } else { ErrorKind::InvalidInput };
            return Err(Fault::Unreadable(kind.to_string()));
        }
        Ok(_) => {}
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Err(error) => return Err(unreadable(&error)),
    }
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes))
        .map_err(|error| unreadable(&error))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Fault::TooLarge);
    }
    String::from_utf8(bytes).map(Some).map_err(|_| Fault::NotText)
}

impl Keymap {
    /// Lays one file's text over what is there, whole or not at all.
    pub(super) fn lay(&mut self, text: &str, source: Source) -> Vec<Warning> {
        let laid = read(text, self.sources.len()).and_then(|entries| {
            let merged = self.with(&entries);
            let found = check(self, &merged, &entries);
            if found.is_empty() { Ok(merged) } else { Err(found) }
        });
        match laid {
            Ok(merged) => {
                *self = merged;
                self.sources.push(source);
                Vec::new()
            }
            Err(found) => warnings(&source, found),
        }
    }

    fn with(&self, entries: &[Entry]) -> Self {
        let mut merged = self.clone();
        // What is unbound goes first, so that a file may clear a prefix and use it anew.
        for entry in entries.iter().filter(|entry| entry.binding.rules.is_empty()) {
            let table = merged.tables.entry(entry.context).or_default();
            table.retain(|keys, _| !keys.starts_with(&entry.keys));
            table.insert(entry.keys.clone(), entry.binding.clone());
        }
        for entry in entries.iter().filter(|entry| !entry.binding.rules.is_empty()) {
            let table = merged.tables.entry(entry.context).or_default();
            table.retain(|keys, old| {
                !(old.rules.is_empty() && entry.keys.starts_with(keys) && *keys != entry.keys)
            });
            table.insert(entry.keys.clone(), entry.binding.clone());
        }
        merged
    }
}

fn warnings(source: &Source, mut found: Vec<Found>) -> Vec<Warning> {
    let file = match source {
        Source::File(path) => path.clone(),
        Source::Preset(preset) => Path::new("keymaps").join(preset.name()).with_extension("toml"),
    };
    let more = found.len().saturating_sub(MOST_FAULTS);
    found.truncate(MOST_FAULTS);
    let mut told: Vec<_> = found
        .into_iter()
        .map(|Found { line, fault }| Warning { file: file.clone(), line: Some(line), fault })
        .collect();
    if more > 0 {
        told.push(whole(&file, Fault::AndMore(more)));
    }
    told
}
