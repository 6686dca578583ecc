//! kompeten: competency management for Indonesian local government, in a terminal.
pub mod domain;
pub mod exchange;
pub mod link;
pub mod term;
pub mod ui;
