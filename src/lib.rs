//! kompeten: competency management for Indonesian local government, in a terminal.
pub mod cli;
pub mod codec;
pub mod desk;
pub mod domain;
pub mod exchange;
pub mod i18n;
pub mod jobs;
pub mod journal;
pub mod link;
pub mod office;
pub mod store;
pub mod term;
pub mod ui;

// At the root because the words are looked up through it; the catalogue is `src/i18n/*.yml`.
rust_i18n::i18n!("src/i18n", fallback = "id");
