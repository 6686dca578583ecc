//! Reading: what can be asked of the office, and how an answer is put together.

pub(in crate::office) mod ahead;
pub(in crate::office) mod cells;
pub(in crate::office) mod clashing;
pub(in crate::office) mod complete;
pub(in crate::office) mod cycles;
pub(in crate::office) mod filter;
pub(in crate::office) mod find;
mod grouped;
pub(in crate::office) mod history;
pub(in crate::office) mod label;
pub(in crate::office) mod list;
pub(in crate::office) mod matrix;
pub(in crate::office) mod narrow;
pub(in crate::office) mod person;
pub(in crate::office) mod sought;
pub(in crate::office) mod stretches;
pub(in crate::office) mod survey;
mod terms;
pub(in crate::office) mod trails;
