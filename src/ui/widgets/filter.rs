//! The line a filter is typed in behind `/`, and the search that stands while it is not.
//! Whoever owns it asks the office; here is only what is typed.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::frame::fit;
use super::line::{LineEdit, TextLine};
use crate::ui::command::Command;
use crate::ui::pane::{PaneEvent, View};

#[derive(Default)]
pub struct Filter {
    search: String,
    line: Option<TextLine>,
}

/// What an event meant to a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filtering {
    /// The search is another one.
    Changed,
    /// There is no search any more.
    Cleared,
    /// It was for the filter and left the search as it is.
    Same,
    /// Not its business.
    No,
}

impl Filter {
    pub fn search(&self) -> &str {
        &self.search
    }

    /// Whether the line has the cursor: then the contexts are `[Text, Filter, …]`.
    pub const fn is_typing(&self) -> bool {
        self.line.is_some()
    }

    /// Whether there is a line to draw.
    pub fn is_shown(&self) -> bool {
        self.line.is_some() || !self.search.is_empty()
    }

    /// Searches for this; a line that is open goes on with it.
    pub fn set(&mut self, search: &str) {
        self.search = search.to_string();
        if let Some(line) = &mut self.line {
            line.set(search);
        }
    }

    pub fn clear(&mut self) -> Filtering {
        *self = Self::default();
        Filtering::Cleared
    }

    /// Letters and pastes while the line is open, and the commands of filters.
    pub fn update(&mut self, event: &PaneEvent) -> Filtering {
        let Some(line) = &mut self.line else {
            return match event {
                PaneEvent::Command(Command::ListFilter) => {
                    self.line = Some(TextLine::new(&self.search));
                    Filtering::Same
                }
                PaneEvent::Command(Command::ListFilterClear) => self.clear(),
                _ => Filtering::No,
            };
        };
        let edit = match event {
            PaneEvent::Text(c) => line.insert(*c),
            PaneEvent::Paste(text) => line.paste(text),
            PaneEvent::Command(Command::FilterKeep) => {
                self.line = None;
                return Filtering::Same;
            }
            PaneEvent::Command(
                Command::FilterClear | Command::ListFilterClear | Command::Cancel,
            ) => return self.clear(),
            PaneEvent::Command(command) => line.command(*command),
            _ => LineEdit::No,
        };
        match edit {
            LineEdit::Changed => {
                self.search = line.text().to_string();
                Filtering::Changed
            }
            LineEdit::Moved => Filtering::Same,
            // The arrows go on walking what is found.
            LineEdit::No => Filtering::No,
        }
    }

    pub fn draw(&self, frame: &mut Frame, area: Rect, view: &View) {
        if area.is_empty() {
            return;
        }
        frame.buffer_mut().set_string(area.x, area.y, "/", view.theme.accent);
        let inner = Rect { x: area.x + 1, width: area.width - 1, ..area };
        if let Some(line) = &self.line {
            line.draw(frame, inner, view.theme.text, true);
        } else {
            let text = fit(&self.search, usize::from(inner.width), view.glyphs.ellipsis);
            frame.buffer_mut().set_string(inner.x, inner.y, text, view.theme.text);
        }
    }
}
