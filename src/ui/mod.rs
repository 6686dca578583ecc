//! The screen: panes, what stands over them, and the loop that feeds them.
//!
//! `run` blocks on one channel of [`event::Event`]s; [`app::App`] turns each into
//! [`effect::Effect`]s and draws; `run` carries out what touches the world. Keys become
//! commands in `app` through `keymap`; panes and overlays never see a key.
//!
//! A new pane is one file in `panes`, one line in `panes/mod.rs`, and its words.

pub mod app;
pub mod command;
pub mod draft;
pub mod drafts;
pub mod effect;
pub mod event;
pub mod keymap;
pub mod listing;
pub mod memory;
pub mod overlay;
pub mod overlays;
pub mod pane;
pub mod panes;
pub mod run;
pub mod theme;
pub mod toast;
pub mod widgets;
pub mod words;

pub use crate::jobs::job;

#[cfg(test)]
pub(crate) mod testing;
