//! kompeten: competency management for Indonesian local government, in a terminal.
pub mod term;
pub mod ui;
