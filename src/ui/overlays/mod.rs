//! What can stand over a pane, one file each.

pub mod confirm;
pub mod picker;
