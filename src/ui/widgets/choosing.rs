//! A list to choose from below a line that narrows it down: the palette, look-ups, closed
//! lists. It knows what is typed and which item the cursor is on, says which of how many
//! that is, and has a scroll bar where not all fit. What is offered is its owner's business.
//! Home and End are the list's where they have nothing left to do in the line.

use ratatui::Frame;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::cursor::walk;
use super::frame::{fit, padded, put, squeezed};
use super::line::{LineEdit, TextLine};
use super::scrollbar;
use crate::i18n::t;
use crate::ui::command::Command;
use crate::ui::pane::{PaneEvent, View};

/// What is left of a name before the fewer words beside it are cut.
const LEFT_LEAST: usize = 12;

/// One item as it is drawn.
#[derive(Default)]
pub struct Choice {
    pub left: String,
    pub right: String,
    /// The same in fewer words, where there is no room for all of them; it is cut last.
    pub short: String,
    /// It cannot be chosen now.
    pub grey: bool,
}

/// What an event meant to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// Another text stands in the line.
    Typed,
    Moved,
    /// Not its business.
    No,
}

#[derive(Default)]
pub struct Chooser {
    line: TextLine,
    at: usize,
}

impl Chooser {
    pub fn text(&self) -> &str {
        self.line.text()
    }

    pub fn set_text(&mut self, text: &str) {
        self.line.set(text);
    }

    /// The place of the item under the cursor.
    pub const fn at(&self) -> usize {
        self.at
    }

    pub const fn go(&mut self, at: usize) {
        self.at = at;
    }

    /// `count` items are offered, drawn within `inner`.
    pub fn update(&mut self, event: &PaneEvent, count: usize, inner: Rect) -> Chosen {
        let edit = match event {
            PaneEvent::Text(c) => self.line.insert(*c),
            PaneEvent::Paste(text) => self.line.paste(text),
            PaneEvent::Command(command) => {
                let command = match command {
                    Command::TextHome if self.line.is_at_start() => Command::PickerFirst,
                    Command::TextEnd if self.line.is_at_end() => Command::PickerLast,
                    command => *command,
                };
                let page = u32::from(inner.height.saturating_sub(1));
                if let Some(at) = walk(command, self.at as u32, count as u32, page) {
                    self.at = at as usize;
                    return Chosen::Moved;
                }
                self.line.command(command)
            }
            _ => LineEdit::No,
        };
        match edit {
            LineEdit::Changed => Chosen::Typed,
            LineEdit::Moved => Chosen::Moved,
            LineEdit::No => Chosen::No,
        }
    }

    /// Draws the line behind its sign, the place among all, and the items; `more` when there
    /// are others that were not asked for.
    pub fn draw(
        &self,
        frame: &mut Frame,
        inner: Rect,
        sign: &str,
        (count, more): (usize, bool),
        view: &View,
        item: &dyn Fn(usize) -> Choice,
    ) {
        if inner.is_empty() {
            return;
        }
        let plus = if more { "+" } else { "" };
        let place =
            if count == 0 { String::new() } else { format!("{}/{count}{plus}", self.at + 1) };
        let used = (place.width() as u16 + 1).min(inner.width);
        frame.buffer_mut().set_string(inner.x, inner.y, sign, view.theme.accent);
        let width = (inner.width - 1).saturating_sub(used);
        let line = Rect { x: inner.x + 1, width, height: 1, ..inner };
        self.line.draw(frame, line, view.theme.text, true);
        let corner = Rect { x: inner.right() - used, width: used, height: 1, ..inner };
        put(frame, corner, 0, &place, view.theme.dim, view.glyphs);

        let list = Rect { y: inner.y + 1, height: inner.height - 1, ..inner };
        self.draw_list(frame, list, count, view, item);
    }

    /// Draws the items alone, where nothing is typed.
    pub fn draw_list(
        &self,
        frame: &mut Frame,
        list: Rect,
        count: usize,
        view: &View,
        item: &dyn Fn(usize) -> Choice,
    ) {
        let rows = usize::from(list.height);
        let top = (self.at + 1).saturating_sub(rows);
        let bar = u16::from(count > rows);
        let body = Rect { width: list.width - bar.min(list.width), ..list };
        for (row, at) in (top..count).take(rows).enumerate() {
            self.draw_item(
                frame,
                Rect { y: body.y + row as u16, height: 1, ..body },
                at,
                &item(at),
                view,
            );
        }
        if count == 0 {
            put(frame, list, 0, &t!("shell.list_none_found"), view.theme.dim, view.glyphs);
        }
        let (top, count) = (top as u32, count as u32);
        scrollbar::draw(frame.buffer_mut(), list, top, count, view.theme, view.glyphs);
    }

    fn draw_item(&self, frame: &mut Frame, area: Rect, at: usize, item: &Choice, view: &View) {
        let here = at == self.at;
        let style = match (here, item.grey) {
            (true, _) => view.theme.selected,
            (_, true) => view.theme.dim,
            _ => view.theme.text,
        };
        let width = usize::from(area.width);
        // What stands right gives way to the name, and the name where both are long; what has
        // fewer words says those instead and stays whole.
        let beside = width.saturating_sub(item.left.width() + 4);
        let right = if item.short.is_empty() || item.right.width() <= beside {
            squeezed(&item.right, beside.max(width * 5 / 8), view.glyphs.ellipsis)
        } else {
            fit(&item.short, width.saturating_sub(LEFT_LEAST + 3), view.glyphs.ellipsis)
        };
        let room = width.saturating_sub(right.width() + 3);
        let left = squeezed(&item.left, room, view.glyphs.ellipsis);
        let left = padded(&left, room, false, "");
        let marker = if here { view.glyphs.cursor } else { " " };
        let text = padded(&format!("{marker} {left} {right}"), width, false, "");
        put(frame, area, 0, &text, style, view.glyphs);
    }
}
