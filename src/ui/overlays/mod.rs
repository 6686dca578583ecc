//! What can stand over a pane, one file each.

pub mod browser;
pub mod confirm;
pub mod conflict;
pub mod export;
pub mod form;
pub mod guide;
pub mod help;
pub mod history;
pub mod import;
pub mod lookup;
pub mod messages;
pub mod moves;
pub mod name;
pub mod palette;
pub mod picker;
pub mod reading;
pub mod records;
pub mod units;
