//! kompeten: competency management for Indonesian local government, in a terminal.
pub mod codec;
pub mod domain;
pub mod link;
pub mod store;
pub mod term;
pub mod ui;
