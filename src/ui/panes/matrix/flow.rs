//! Digits that follow one another: what the cursor comes to is told in words, and what the
//! digits do to the sums is asked for, once it rests. Until then the words of the cell where
//! they began stay, so that a digit brings its cell and its message over the line and no more.

use super::MatrixPane;
use crate::protocol::MatrixRow;
use crate::ui::effect::Effect;
use crate::ui::pane::PaneEvent;

/// The cell whose words stand.
#[derive(Debug)]
pub struct Begun {
    row: u32,
    /// Its place among the columns.
    column: usize,
    /// What its level meant when the digits began.
    text: Option<String>,
}

/// Whether the digits may still follow one another after this.
pub const fn goes_on(event: &PaneEvent) -> bool {
    matches!(
        event,
        PaneEvent::Command(_)
            | PaneEvent::Answer(..)
            | PaneEvent::Notice(_)
            | PaneEvent::Outcome(..)
    )
}

impl MatrixPane {
    /// A digit is about to be noted.
    pub(super) fn flows(&mut self) {
        if self.told.is_none() {
            let (row, column) = (self.window.row_number(), self.window.column_number());
            self.told = Some(Begun { row, column, text: self.level_text() });
        }
    }

    /// No digit followed, or something else did.
    pub(super) fn flowed(&mut self) -> Vec<Effect> {
        match self.told.take() {
            Some(_) => self.window.ask_if_changed(),
            None => Vec::new(),
        }
    }

    /// The office has changed, by this entry.
    pub(super) fn changed(&mut self, entry: u64) -> Vec<Effect> {
        if self.told.is_some() {
            self.window.hear(entry);
            Vec::new()
        } else {
            self.window.changed(entry)
        }
    }

    /// The person who is told in words.
    pub(super) fn told_row(&self) -> Option<&MatrixRow> {
        let row = self.told.as_ref().map_or_else(|| self.window.row_number(), |told| told.row);
        self.window.line_at(row)?.person()
    }

    /// The place among the columns of the competency that is told in words.
    pub(super) fn told_column(&self) -> usize {
        self.told.as_ref().map_or_else(|| self.window.column_number(), |told| told.column)
    }

    /// What the level that is told in words means, once it is known.
    pub(super) fn level_text(&self) -> Option<String> {
        if let Some(told) = &self.told {
            return told.text.clone();
        }
        let cell = self.shown(self.window.row()?, self.window.column()?).cell;
        self.texts.of(cell)
    }

    /// How many digits are not on the disk yet, told in a number; beside each of them stands
    /// that at once.
    pub(super) fn waiting(&self) -> usize {
        if self.told.is_some() { 0 } else { self.ledger.waiting() }
    }
}
