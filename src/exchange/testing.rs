//! Files for the tests of this folder: written to a temporary place, and the shared
//! samples where they are at hand.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;
use tempfile::TempDir;

use super::{Chunk, FileError, Lexicon, ReadOptions, SourceFile, open};
use crate::domain::intake::Intake;
use crate::domain::rulebook::Rulebook;

// One for these tests and for those of the command line.
#[path = "../../tests/cli/sample.rs"]
mod sample;
pub(super) use sample::{expected, sample};

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(super) fn options() -> ReadOptions {
    let rules = Arc::clone(Rulebook::shipped());
    let lexicon = Lexicon { today: day("2026-11-21"), rules, words: |_| Vec::new() };
    ReadOptions { map: Vec::new(), sheet: None, lexicon }
}

/// A file that lives as long as the folder with it.
pub(super) fn file(bytes: &[u8]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("berkas");
    fs::write(&path, bytes).unwrap();
    (folder, path)
}

/// The whole file as one chunk, however many there were.
pub(super) fn all(source: &mut SourceFile) -> Result<Chunk, FileError> {
    let mut whole = Chunk::default();
    while let Some(chunk) = source.next_chunk()? {
        assert!(chunk.rows.len() <= crate::domain::intake::CHUNK_ROWS);
        whole.rows.extend(chunk.rows);
        whole.refused.extend(chunk.refused);
        whole.warnings.extend(chunk.warnings);
        whole.lines_read += chunk.lines_read;
        whole.values += chunk.values;
        whole.kept.extend(chunk.kept);
    }
    Ok(whole)
}

pub(super) fn read(intake: Intake, bytes: &[u8]) -> (SourceFile, Chunk) {
    read_with(intake, bytes, &options())
}

pub(super) fn read_with(
    intake: Intake,
    bytes: &[u8],
    options: &ReadOptions,
) -> (SourceFile, Chunk) {
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
