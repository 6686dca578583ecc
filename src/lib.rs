//! kompeten: competency management for Indonesian local government, in a terminal.
rust_i18n::i18n!("src/i18n", fallback = "id");

pub mod domain;
pub mod link;
pub mod term;
pub mod ui;
