//! Finding one record by typing: a form's reference, the unit to restrict to, the session
//! to enrol into. The office finds; answers to what is no longer typed are dropped. Ends
//! with `Outcome::Hit`.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::domain::record::Kind;
use crate::i18n::{label, t};
use crate::protocol::{Answer, Hit, Request};
use crate::ui::command::{Command, Context, Facts};
use crate::ui::effect::{Effect, Tag};
use crate::ui::overlay::{Outcome, Overlay, centred};
use crate::ui::pane::{HintWord, PaneEvent, View};
use crate::ui::widgets::cursor::walk;
use crate::ui::widgets::frame::{boxed, fit, padded, put};
use crate::ui::widgets::line::{Edit, TextLine};

const HITS: &str = "lookup.hits";
/// How many candidates are asked for.
const LIMIT: u32 = 50;

pub struct Lookup {
    kind: Kind,
    title: String,
    line: TextLine,
    hits: Vec<Hit>,
    cursor: usize,
    asked: u32,
    answered: bool,
}

impl Lookup {
    pub fn new(kind: Kind, title: impl Into<String>) -> Self {
        let (line, hits) = (TextLine::new(""), Vec::new());
        Self { kind, title: title.into(), line, hits, cursor: 0, asked: 0, answered: false }
    }

    /// Begins with this typed.
    #[must_use]
    pub fn text(mut self, text: &str) -> Self {
        self.line.set(text);
        self
    }

    fn ask(&mut self) -> Vec<Effect> {
        self.asked += 1;
        let text = self.line.text().to_string();
        let request = Request::Lookup { kind: self.kind, text, limit: LIMIT };
        vec![Effect::ask(Tag::new(HITS, self.asked), request)]
    }

    fn typed(&mut self, edit: Edit) -> Vec<Effect> {
        if edit == Edit::Changed { self.ask() } else { Vec::new() }
    }

    fn place(screen: Rect) -> Rect {
        centred(screen, 72, 18)
    }
}

impl Overlay for Lookup {
    fn id(&self) -> &'static str {
        "lookup"
    }

    fn contexts(&self) -> &'static [Context] {
        &[Context::Text, Context::Picker]
    }

    fn hint(&self, command: Command) -> HintWord {
        match command {
            Command::PickerToggle => HintWord::Silent,
            _ => HintWord::Usual,
        }
    }

    /// What is found first for all that was typed, not for a part of it.
    fn waits(&self, command: Option<Command>, _facts: Facts) -> bool {
        command == Some(Command::PickerAccept)
    }

    fn update(&mut self, event: PaneEvent, view: &View) -> Vec<Effect> {
        let page = u32::from(Self::place(view.area).height.saturating_sub(3));
        if let PaneEvent::Command(command) = event
            && let Some(at) = walk(command, self.cursor as u32, self.hits.len() as u32, page)
        {
            self.cursor = at as usize;
            return Vec::new();
        }
        match event {
            PaneEvent::Shown => return self.ask(),
            PaneEvent::Text(c) => {
                let edit = self.line.insert(c);
                return self.typed(edit);
            }
            PaneEvent::Paste(text) => {
                let edit = self.line.paste(text);
                return self.typed(edit);
            }
            PaneEvent::Answer(tag, Answer::Hits(hits)) if tag == Tag::new(HITS, self.asked) => {
                self.hits = hits;
                self.cursor = 0;
                self.answered = true;
            }
            PaneEvent::Command(command) => match command {
                Command::PickerAccept => {
                    return match self.hits.get(self.cursor) {
                        Some(hit) => vec![Effect::Done(Outcome::Hit(hit.clone()))],
                        None => vec![Effect::refuse(t!("shell.list_none_found"))],
                    };
                }
                Command::PickerCancel | Command::Cancel => {
                    return vec![Effect::Done(Outcome::Cancelled)];
                }
                command => {
                    let edit = self.line.command(command);
                    return self.typed(edit);
                }
            },
            _ => {}
        }
        Vec::new()
    }

    fn draw(&self, frame: &mut Frame, view: &View) {
        let inner = boxed(frame, Self::place(view.area), &self.title, view.theme, view.glyphs);
        if inner.is_empty() {
            return;
        }
        frame.buffer_mut().set_string(inner.x, inner.y, "/", view.theme.accent);
        let line = Rect { x: inner.x + 1, width: inner.width - 1, height: 1, ..inner };
        self.line.draw(frame, line, view.theme.text, true);
        let list = Rect { y: inner.y + 1, height: inner.height - 1, ..inner };
        let rows = usize::from(list.height);
        let top = (self.cursor + 1).saturating_sub(rows);
        let width = usize::from(list.width);
        for (row, (at, hit)) in self.hits.iter().enumerate().skip(top).take(rows).enumerate() {
            let here = at == self.cursor;
            let marker = if here { view.glyphs.cursor } else { " " };
            let detail = fit(&label(&hit.detail), width / 2, view.glyphs.ellipsis);
            let room = width.saturating_sub(unicode_width::UnicodeWidthStr::width(&*detail) + 3);
            let name = padded(&label(&hit.label), room, false, view.glyphs.ellipsis);
            let style = if here { view.theme.selected } else { view.theme.text };
            let text = padded(&format!("{marker} {name} {detail}"), width, false, "");
            put(frame, list, row as u16, &text, style, view.glyphs);
        }
        if self.hits.is_empty() && self.answered {
            put(frame, list, 0, &t!("shell.list_none_found"), view.theme.dim, view.glyphs);
        }
    }
}
