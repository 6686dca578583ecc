//! Exchange: files of officers in, lists out. A file becomes rows of
//! `domain::intake`, in bounded chunks; a list becomes a CSV, XLSX or JSON file. Nothing
//! here knows the office: whether a person is new is not told here.
//!
//! In: [`sheet`] opens any file as rows of cells, `header` finds which column is which,
//! one file an import (`employees`, `ratings`…) makes values of a row. Out: [`write`].

mod archive;
pub mod clean;
mod csv;
mod decode;
mod employees;
pub mod error;
mod header;
pub mod sheet;
mod source;
#[cfg(test)]
mod testing;
mod words;
pub mod workbook;

pub use error::FileError;
pub use source::{Chunk, ReadOptions, Source, open};
