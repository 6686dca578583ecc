//! Care: opening a folder and keeping it trustworthy, and what the law wants done with it.

pub(in crate::office) mod backup;
pub(in crate::office) mod beside;
pub(in crate::office) mod check;
pub(in crate::office) mod erase;
pub(in crate::office) mod errand;
pub(in crate::office) mod lock;
pub(in crate::office) mod moves;
pub(in crate::office) mod open;
pub(in crate::office) mod proving;
pub(in crate::office) mod quarantine;
pub(in crate::office) mod readings;
pub(in crate::office) mod restore;
pub(in crate::office) mod retention;
pub(in crate::office) mod rows;
pub(in crate::office) mod traces;
