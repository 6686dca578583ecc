//! The terminal: the only code that names crossterm and termina.
pub mod key;
