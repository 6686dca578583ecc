//! kompeten: competency management for Indonesian local government, in a terminal.
pub mod domain;
pub mod journal;
pub mod link;
pub mod term;
pub mod ui;
