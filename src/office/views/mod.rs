//! Views: what is derived from the records and kept ready to be read.

pub(in crate::office) mod catalog;
pub(in crate::office) mod columns;
pub(in crate::office) mod figures;
pub(in crate::office) mod headcount;
pub(in crate::office) mod kept;
pub(in crate::office) mod late;
pub(in crate::office) mod lately;
pub(in crate::office) mod left;
pub(in crate::office) mod names;
pub(in crate::office) mod number_set;
pub(in crate::office) mod owed;
pub(in crate::office) mod packed;
pub(in crate::office) mod planned;
pub(in crate::office) mod reading;
pub(in crate::office) mod recent;
pub(in crate::office) mod requests;
pub(in crate::office) mod roster;
pub(in crate::office) mod rounds;
pub(in crate::office) mod row;
pub(in crate::office) mod rules;
pub(in crate::office) mod standing;
pub(in crate::office) mod state;
pub(in crate::office) mod touched;
