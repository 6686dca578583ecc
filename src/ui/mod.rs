//! The screen.
pub mod command;
