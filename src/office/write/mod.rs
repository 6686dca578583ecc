//! Writing: from what somebody asks for to the changes that are committed.

mod cycles;
mod dependents;
mod enrolling;
pub(in crate::office) mod import;
pub(in crate::office) mod intake;
pub(in crate::office) mod known;
pub(in crate::office) mod large;
pub(in crate::office) mod named;
pub(in crate::office) mod plan;
mod propose;
pub(in crate::office) mod queue;
pub(in crate::office) mod quota;
pub(in crate::office) mod scratch;
pub(in crate::office) mod seats;
pub(in crate::office) mod undo;
