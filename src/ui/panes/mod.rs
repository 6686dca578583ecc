//! The panes, in the order of the tab bar. Tabs, palette, help, hints and the tests that
//! hold for every pane come from this list.

pub mod employees;
pub mod history;
pub mod matrix;
pub mod officers;
pub mod training;

use super::pane::Pane;

/// Every pane, new.
pub fn all() -> Vec<Box<dyn Pane>> {
    vec![
        Box::new(employees::Employees::new()),
        Box::new(matrix::MatrixPane::default()),
        Box::new(training::Training::new()),
        Box::new(history::HistoryPane::default()),
        Box::new(officers::Officers::default()),
    ]
}
