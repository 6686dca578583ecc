//! One line of text being edited: a filter, a form's field, a look-up. Moves and deletes
//! by grapheme; scrolls sideways when the text is wider than its place.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use tui_input::{Input, InputRequest};

use crate::ui::command::Command;

/// What an edit did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// The text is another one.
    Changed,
    /// At most the cursor moved.
    Moved,
    /// Not a command for text.
    No,
}

#[derive(Clone, Debug, Default)]
pub struct TextLine {
    input: Input,
    /// The longest text it takes, in characters; 0 for no limit of its own.
    max: usize,
}

impl TextLine {
    pub fn new(text: &str) -> Self {
        Self { input: Input::new(text.to_string()), max: 500 }
    }

    #[must_use]
    pub fn max(mut self, max: usize) -> Self {
        self.max = max;
        self
    }

    pub fn text(&self) -> &str {
        self.input.value()
    }

    pub fn set(&mut self, text: &str) {
        self.input = Input::new(text.to_string());
    }

    pub fn insert(&mut self, c: char) -> Edit {
        if c.is_control() || self.is_full() {
            return Edit::Moved;
        }
        self.handle(InputRequest::InsertChar(c))
    }

    /// Takes a paste as one line: breaks and tabs become blanks.
    pub fn paste(&mut self, text: &str) -> Edit {
        let mut edit = Edit::Moved;
        for c in text.trim_end_matches('\n').chars() {
            let c = if c == '\n' || c == '\t' { ' ' } else { c };
            if self.insert(c) == Edit::Changed {
                edit = Edit::Changed;
            }
        }
        edit
    }

    pub fn command(&mut self, command: Command) -> Edit {
        self.handle(match command {
            Command::TextLeft => InputRequest::GoToPrevChar,
            Command::TextRight => InputRequest::GoToNextChar,
            Command::TextWordLeft => InputRequest::GoToPrevWord,
            Command::TextWordRight => InputRequest::GoToNextWord,
            Command::TextHome => InputRequest::GoToStart,
            Command::TextEnd => InputRequest::GoToEnd,
            Command::TextBackspace => InputRequest::DeletePrevChar,
            Command::TextDelete => InputRequest::DeleteNextChar,
            Command::TextDeleteWord => InputRequest::DeletePrevWord,
            Command::TextKillToEnd => InputRequest::DeleteTillEnd,
            Command::TextKillLine => InputRequest::DeleteLine,
            _ => return Edit::No,
        })
    }

    fn is_full(&self) -> bool {
        self.max > 0 && self.text().chars().count() >= self.max
    }

    fn handle(&mut self, request: InputRequest) -> Edit {
        match self.input.handle(request) {
            Some(changed) if changed.value => Edit::Changed,
            _ => Edit::Moved,
        }
    }

    /// Draws the text; with the cursor in it when `focused`.
    pub fn draw(&self, frame: &mut Frame, area: Rect, style: Style, focused: bool) {
        if area.is_empty() {
            return;
        }
        let width = usize::from(area.width);
        // One cell stays free for the cursor behind the last character.
        let skipped = self.input.visual_scroll(width.saturating_sub(1));
        let text: String =
            if focused { tail(self.text(), skipped) } else { self.text().to_string() };
        frame.buffer_mut().set_style(area, style);
        frame.buffer_mut().set_stringn(area.x, area.y, text, width, style);
        if focused {
            let column = self.input.visual_cursor().saturating_sub(skipped).min(width - 1);
            frame.set_cursor_position(Position::new(area.x + column as u16, area.y));
        }
    }
}

/// The text without its first `columns` cells.
fn tail(text: &str, columns: usize) -> String {
    use unicode_segmentation::UnicodeSegmentation;
    use unicode_width::UnicodeWidthStr;
    let mut gone = 0;
    text.graphemes(true)
        .skip_while(|grapheme| {
            let skip = gone < columns;
            gone += grapheme.width();
            skip
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paste_of_lines_becomes_one_line() {
        let mut line = TextLine::new("");
        line.paste("Siti\nAminah\n");
        assert_eq!(line.text(), "Siti Aminah");
    }

    #[test]
    fn what_is_typed_beyond_the_limit_is_not_taken() {
        let mut line = TextLine::new("abc").max(3);
        assert_eq!(line.insert('d'), Edit::Moved);
        assert_eq!(line.text(), "abc");
    }

    #[test]
    fn a_word_is_erased_at_once() {
        let mut line = TextLine::new("unit:plaju mila");
        assert_eq!(line.command(Command::TextDeleteWord), Edit::Changed);
        assert_eq!(line.text(), "unit:plaju ");
        assert_eq!(line.command(Command::ListDown), Edit::No);
    }
}
