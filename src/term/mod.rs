//! The terminal: the only code that names crossterm and termina.
pub mod input;
pub mod key;
pub mod profile;
