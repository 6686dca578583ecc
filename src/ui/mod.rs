//! The screen.
pub mod command;
pub mod keymap;
