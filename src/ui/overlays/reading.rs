//! Something to read: help, guide, messages, what a step changed. Lines are wrapped to the
//! box when drawn, so that a resize costs nothing.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::export::ExportForm;
use crate::i18n::t;
use crate::ui::command::{Command, Context};
use crate::ui::effect::Effect;
use crate::ui::job::Export;
use crate::ui::overlay::{Outcome, Overlay, centred};
use crate::ui::pane::{Availability, HintWord, PaneEvent, View};
use crate::ui::widgets::frame::{boxed, padded, put, wrap};
use crate::ui::widgets::scrollbar;

/// The widest a text is set: longer lines are tiring to read.
const WIDTH_MAX: u16 = 80;
/// The widest a left column gets.
const LEFT_MAX: usize = 24;

/// One paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    Heading(String),
    Text(String),
    /// A key or label on the left, its text on the right.
    Pair(String, String),
    /// A line of a sheet, as it is: cut where it is too long.
    Line(String),
    /// What matters less.
    Note(String),
    Blank,
}

pub struct ReadingBox {
    id: &'static str,
    title: String,
    pieces: Vec<Piece>,
    top: usize,
    /// The same as a text to be printed, and what its file is called.
    print: Option<(String, String)>,
}

enum Role {
    Heading,
    Text,
    Note,
}

impl ReadingBox {
    pub fn new(id: &'static str, title: impl Into<String>, pieces: Vec<Piece>) -> Self {
        Self { id, title: title.into(), pieces, top: 0, print: None }
    }

    /// Another text, read from where one was.
    pub fn rewrite(&mut self, title: String, pieces: Vec<Piece>) {
        (self.title, self.pieces) = (title, pieces);
    }

    /// Can be saved to be printed: the file's name and its text.
    #[must_use]
    pub fn printed(mut self, name: String, text: String) -> Self {
        self.print = Some((name, text));
        self
    }

    /// Begins at its end (messages: the last is the newest).
    #[must_use]
    pub fn from_end(mut self) -> Self {
        self.top = usize::MAX;
        self
    }

    fn place(screen: Rect) -> Rect {
        centred(screen, WIDTH_MAX, screen.height)
    }

    /// Wrapped lines: left column, text, role.
    fn lines(&self, width: usize) -> Vec<(String, String, Role)> {
        let left = self.pieces.iter().filter_map(|piece| match piece {
            Piece::Pair(left, _) => Some(left.width()),
            _ => None,
        });
        let left = left.max().unwrap_or(0).min(LEFT_MAX).min(width / 2);
        let mut lines = Vec::new();
        for piece in &self.pieces {
            match piece {
                Piece::Heading(text) => lines.push((String::new(), text.clone(), Role::Heading)),
                Piece::Text(text) => {
                    lines.extend(
                        wrap(text, width).into_iter().map(|l| (String::new(), l, Role::Text)),
                    );
                }
                Piece::Note(text) => {
                    lines.extend(
                        wrap(text, width).into_iter().map(|l| (String::new(), l, Role::Note)),
                    );
                }
                Piece::Pair(key, text) => {
                    let room = width.saturating_sub(left + 2);
                    for (at, line) in wrap(text, room).into_iter().enumerate() {
                        let key = if at == 0 { key.as_str() } else { "" };
                        lines.push((padded(key, left, false, "~") + "  ", line, Role::Text));
                    }
                }
                Piece::Line(text) => lines.push((String::new(), text.clone(), Role::Text)),
                Piece::Blank => lines.push((String::new(), String::new(), Role::Text)),
            }
        }
        lines
    }

    fn inner(screen: Rect) -> (usize, usize) {
        let place = Self::place(screen);
        (usize::from(place.width.saturating_sub(5)), usize::from(place.height.saturating_sub(2)))
    }
}

impl Overlay for ReadingBox {
    fn id(&self) -> &'static str {
        self.id
    }

    fn contexts(&self) -> &'static [Context] {
        &[Context::View]
    }

    fn available(&self, command: Command) -> Availability {
        match command {
            Command::ViewSave if self.print.is_none() => {
                Availability::No(t!("shell.nothing_to_export").into_owned())
            }
            Command::RecordTrend => Availability::No(t!("records.no_trend").into_owned()),
            Command::ListEdit => Availability::No(t!("reading.not_edited").into_owned()),
            _ => Availability::Yes,
        }
    }

    fn hint(&self, command: Command) -> HintWord {
        match command {
            Command::AreaNext | Command::ListEdit => HintWord::Silent,
            _ => HintWord::Usual,
        }
    }

    fn update(&mut self, event: PaneEvent, view: &View) -> Vec<Effect> {
        let PaneEvent::Command(command) = event else { return Vec::new() };
        if let (Command::ViewSave, Some((name, text))) = (command, &self.print) {
            let what = Export::Text { name: name.clone(), text: text.clone() };
            return vec![Effect::open("reading.save", ExportForm::new(what, name, view))];
        }
        let (width, height) = Self::inner(view.area);
        let last = self.lines(width).len().saturating_sub(height);
        let top = self.top.min(last);
        self.top = match command {
            Command::ViewUp => top.saturating_sub(1),
            Command::ViewDown => top + 1,
            Command::ViewPageUp => top.saturating_sub(height.max(1)),
            Command::ViewPageDown => top + height.max(1),
            Command::ViewFirst => 0,
            Command::ViewLast => last,
            Command::ViewClose | Command::Cancel => return vec![Effect::Done(Outcome::Cancelled)],
            _ => top,
        }
        .min(last);
        Vec::new()
    }

    fn draw(&self, frame: &mut Frame, view: &View) {
        let inner = boxed(frame, Self::place(view.area), &self.title, view.theme, view.glyphs);
        let (width, height) = Self::inner(view.area);
        if inner.width < 3 || width == 0 {
            return;
        }
        let lines = self.lines(width);
        let top = self.top.min(lines.len().saturating_sub(height));
        let text = Rect { x: inner.x + 1, width: inner.width - 1, ..inner };
        for (row, (left, line, role)) in lines.iter().skip(top).take(height).enumerate() {
            let style: Style = match role {
                Role::Heading => view.theme.heading,
                Role::Text => view.theme.text,
                Role::Note => view.theme.dim,
            };
            put(frame, text, row as u16, left, view.theme.accent, view.glyphs);
            let used = (left.width() as u16).min(text.width);
            let rest = Rect { x: text.x + used, width: text.width - used, ..text };
            put(frame, rest, row as u16, line, style, view.glyphs);
        }
        let total = lines.len() as u32;
        scrollbar::draw(frame.buffer_mut(), inner, top as u32, total, view.theme, view.glyphs);
    }
}
