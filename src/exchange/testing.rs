//! Files for the tests of this folder: written to a temporary place, and the shared
//! samples where they are at hand.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use tempfile::TempDir;

use super::{Chunk, FileError, ReadOptions, Source, open};
use crate::domain::intake::Intake;

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(super) fn options() -> ReadOptions {
    ReadOptions { map: Vec::new(), sheet: None, today: day("2026-11-21") }
}

/// A file that lives as long as the folder with it.
pub(super) fn file(bytes: &[u8]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("berkas");
    fs::write(&path, bytes).unwrap();
    (folder, path)
}

/// The whole file as one chunk, however many there were.
pub(super) fn all(source: &mut Source) -> Result<Chunk, FileError> {
    let mut whole = Chunk::default();
    while let Some(chunk) = source.next_chunk()? {
        assert!(chunk.rows.len() <= crate::domain::intake::CHUNK_ROWS);
        whole.rows.extend(chunk.rows);
        whole.refused.extend(chunk.refused);
        whole.warnings.extend(chunk.warnings);
        whole.lines_read += chunk.lines_read;
        whole.kept.extend(chunk.kept);
    }
    Ok(whole)
}

pub(super) fn read(intake: Intake, bytes: &[u8]) -> (Source, Chunk) {
    read_with(intake, bytes, &options())
}

pub(super) fn read_with(intake: Intake, bytes: &[u8], options: &ReadOptions) -> (Source, Chunk) {
    let (_folder, path) = file(bytes);
    let mut source = open(intake, &path, options).unwrap();
    let chunk = all(&mut source).unwrap();
    (source, chunk)
}

/// `line reason` of every refused row.
pub(super) fn refused(chunk: &Chunk) -> Vec<(u32, &'static str)> {
    chunk.refused.iter().map(|row| (row.line, row.fault.reason.code())).collect()
}

pub(super) fn warned(chunk: &Chunk) -> Vec<(u32, &'static str)> {
    chunk.warnings.iter().map(|row| (row.line, row.fault.reason.code())).collect()
}

/// A shared sample, when the folder stands beside the crate or above it. Where it does and
/// `CI` is set, a sample that is missing is a failure and not a test that passed.
pub(super) fn sample(name: &str) -> Option<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let samples = here.ancestors().map(|up| up.join("shared/data")).find(|folder| folder.is_dir());
    let Some(samples) = samples else {
        eprintln!("NOT TRIED: shared/data is not here, sample {name} is not at hand");
        return None;
    };
    let sample = samples.join(name);
    if !sample.exists() {
        assert!(std::env::var_os("CI").is_none(), "shared/data is here without {name}");
        eprintln!("NOT TRIED: shared/data is here without {name}");
        return None;
    }
    Some(sample)
}

/// What a sample's `.expected.json` says.
pub(super) fn expected(sample: &Path) -> serde_json::Value {
    let path = format!("{}.expected.json", sample.display());
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}
