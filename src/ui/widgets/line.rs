//! One line of text being edited: a filter, a form's field, a look-up. Moves and deletes
//! by grapheme; scrolls sideways when the text is wider than its place. What is too long is
//! not taken, and said in the line itself: nothing is ever cut without a word.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use tui_input::{Input, InputRequest};
use unicode_width::UnicodeWidthStr;

use crate::i18n::t;
use crate::ui::command::Command;

/// What an edit did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineEdit {
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
    /// What came last was too long and not taken.
    refused: bool,
}

impl TextLine {
    pub fn new(text: &str) -> Self {
        Self { input: Input::new(text.to_string()), max: 500, refused: false }
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
        self.refused = false;
    }

    /// Whether the cursor stands before all of the text, and behind all of it.
    pub fn is_at_start(&self) -> bool {
        self.input.cursor() == 0
    }

    pub fn is_at_end(&self) -> bool {
        self.input.cursor() >= self.text().chars().count()
    }

    pub fn insert(&mut self, c: char) -> LineEdit {
        if c.is_control() {
            return LineEdit::Moved;
        }
        if !self.has_room(1) {
            self.refused = true;
            return LineEdit::Moved;
        }
        self.handle(InputRequest::InsertChar(c))
    }

    /// Takes a paste as one line, breaks and tabs as blanks; the whole of it or nothing.
    pub fn paste(&mut self, text: &str) -> LineEdit {
        let text = text.trim_end_matches(['\n', '\t']);
        if !self.has_room(text.chars().count()) {
            self.refused = true;
            return LineEdit::Moved;
        }
        let mut edit = LineEdit::Moved;
        for c in text.chars() {
            let c = if c == '\n' || c == '\t' { ' ' } else { c };
            if self.insert(c) == LineEdit::Changed {
                edit = LineEdit::Changed;
            }
        }
        edit
    }

    /// That something was too long, until the next edit.
    pub fn fault(&self) -> Option<String> {
        self.refused.then(|| format!("! {}", t!("shell.too_long", max = self.max)))
    }

    pub fn command(&mut self, command: Command) -> LineEdit {
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
            _ => return LineEdit::No,
        })
    }

    fn has_room(&self, more: usize) -> bool {
        self.max == 0 || self.text().chars().count().saturating_add(more) <= self.max
    }

    fn handle(&mut self, request: InputRequest) -> LineEdit {
        self.refused = false;
        match self.input.handle(request) {
            Some(changed) if changed.value => LineEdit::Changed,
            _ => LineEdit::Moved,
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
        // Of several lines one is shown, with a blank where they part.
        let text = text.replace('\n', " ");
        frame.buffer_mut().set_style(area, style);
        frame.buffer_mut().set_stringn(area.x, area.y, text, width, style);
        if let Some(fault) = self.fault().filter(|_| focused) {
            // Over the end of the text, which is as it was.
            let fault = super::frame::fit(&format!(" {fault}"), width, "");
            let x = area.right() - fault.width() as u16;
            frame.buffer_mut().set_string(x, area.y, fault, style);
        }
        if focused {
            let column = self.input.visual_cursor().saturating_sub(skipped).min(width - 1);
            frame.set_cursor_position(Position::new(area.x + column as u16, area.y));
        }
    }
}

/// The text without its first `columns` cells.
fn tail(text: &str, columns: usize) -> String {
    use unicode_segmentation::UnicodeSegmentation;
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
    fn what_is_too_long_is_not_taken_in_part_and_said() {
        let mut line = TextLine::new("abc").max(5);
        assert_eq!(line.paste("def"), LineEdit::Moved);
        assert_eq!(line.text(), "abc", "no half of a paste is stored");
        assert!(line.fault().is_some_and(|fault| fault.contains("paling banyak 5")));
        assert_eq!(line.paste("de\n"), LineEdit::Changed);
        assert_eq!((line.text(), line.fault()), ("abcde", None));
        assert_eq!(line.insert('f'), LineEdit::Moved);
        assert!(line.fault().is_some() && line.text() == "abcde");
        line.command(Command::TextBackspace);
        assert_eq!(line.fault(), None);
    }

    #[test]
    fn a_word_is_erased_at_once() {
        let mut line = TextLine::new("unit:plaju mila");
        assert_eq!(line.command(Command::TextDeleteWord), LineEdit::Changed);
        assert_eq!(line.text(), "unit:plaju ");
        assert_eq!(line.command(Command::ListDown), LineEdit::No);
    }
}
