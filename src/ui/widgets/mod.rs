//! Parts that panes and overlays are drawn and driven with. Each keeps its own view
//! state, takes commands and characters, never a key, and does no I/O.

pub mod beside;
pub mod choosing;
pub mod cursor;
pub mod filter;
pub mod form;
pub mod frame;
pub mod line;
pub mod list;
mod list_along;
mod list_choice;
pub mod list_draw;
mod list_marks;
pub mod marked;
pub mod pictures;
pub mod presets;
pub mod scrollbar;
pub mod steps;
pub mod views;
pub mod ways;
pub mod widths;

#[cfg(test)]
mod list_tests;
#[cfg(test)]
mod steps_tests;

use super::effect::Effect;
use super::pane::PaneEvent;

/// Whether a widget took an event.
pub enum Handled<'a> {
    Yes(Vec<Effect>),
    /// Not its business; here it is back.
    No(PaneEvent<'a>),
}
