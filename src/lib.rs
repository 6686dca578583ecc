//! kompeten: competency management for Indonesian local government, in a terminal.
rust_i18n::i18n!("src/i18n", fallback = "id");

pub mod domain;
pub mod i18n;
pub mod link;
pub mod term;
pub mod ui;

// At the root because the words are looked up through it; the catalogue is `src/i18n/*.yml`.
rust_i18n::i18n!("src/i18n", fallback = "id");
