//! A list to choose from: sort column, columns, a closed list of choices. Typing narrows
//! it down; with ticks several can be chosen. Ends with `Outcome::Picked`.

use std::collections::BTreeSet;

use ratatui::Frame;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use crate::domain::search::sound;
use crate::i18n::t;
use crate::ui::command::{Command, Context};
use crate::ui::effect::Effect;
use crate::ui::overlay::{Outcome, Overlay, centred};
use crate::ui::pane::{HintWord, PaneEvent, View};
use crate::ui::widgets::cursor::walk;
use crate::ui::widgets::frame::{boxed, padded, put};
use crate::ui::widgets::line::{Edit, TextLine};
use crate::ui::widgets::scrollbar;

pub struct Picker {
    title: String,
    items: Vec<String>,
    line: TextLine,
    /// Places of the items that the typed text finds.
    found: Vec<usize>,
    cursor: usize,
    /// `None` when exactly one is chosen.
    ticked: Option<BTreeSet<usize>>,
}

impl Picker {
    pub fn new(title: &str, items: Vec<String>) -> Self {
        let found = (0..items.len()).collect();
        let line = TextLine::new("");
        Self { title: title.to_string(), items, line, found, cursor: 0, ticked: None }
    }

    /// Begins on this item.
    #[must_use]
    pub fn at(mut self, place: usize) -> Self {
        self.cursor = place.min(self.items.len().saturating_sub(1));
        self
    }

    /// Several can be chosen; these are to begin with.
    #[must_use]
    pub fn ticked(mut self, places: BTreeSet<usize>) -> Self {
        self.ticked = Some(places);
        self
    }

    fn narrow(&mut self) {
        let wanted = sound(self.line.text());
        let here = self.found.get(self.cursor).copied();
        self.found =
            (0..self.items.len()).filter(|at| sound(&self.items[*at]).contains(&wanted)).collect();
        self.cursor =
            here.and_then(|here| self.found.iter().position(|at| *at == here)).unwrap_or(0);
    }

    fn typed(&mut self, edit: Edit) -> Vec<Effect> {
        if edit == Edit::Changed {
            self.narrow();
        }
        Vec::new()
    }

    fn toggle(&mut self) {
        let Some(place) = self.found.get(self.cursor).copied() else { return };
        if let Some(ticked) = &mut self.ticked {
            if !ticked.remove(&place) {
                ticked.insert(place);
            }
            self.cursor = (self.cursor + 1).min(self.found.len().saturating_sub(1));
        }
    }

    fn accept(&self) -> Vec<Effect> {
        let places: Vec<usize> = match &self.ticked {
            Some(ticked) => ticked.iter().copied().collect(),
            None => self.found.get(self.cursor).copied().into_iter().collect(),
        };
        if places.is_empty() {
            return vec![Effect::refuse(t!("shell.nothing_chosen"))];
        }
        vec![Effect::Done(Outcome::Picked(places))]
    }

    fn place(&self, screen: Rect) -> Rect {
        let widest = self.items.iter().map(|item| item.width()).max().unwrap_or(0);
        let width = (widest.max(self.title.width()) + 10).max(30) as u16;
        let height =
            (self.items.len() as u16).saturating_add(3).min(screen.height.saturating_sub(2));
        centred(screen, width, height.max(4))
    }

    fn rows(&self, screen: Rect) -> usize {
        usize::from(self.place(screen).height.saturating_sub(3))
    }
}

impl Overlay for Picker {
    fn id(&self) -> &'static str {
        "picker"
    }

    fn contexts(&self) -> &'static [Context] {
        &[Context::Text, Context::Picker]
    }

    fn hint(&self, command: Command) -> HintWord {
        match command {
            Command::PickerToggle if self.ticked.is_none() => HintWord::Silent,
            _ => HintWord::Usual,
        }
    }

    fn update(&mut self, event: PaneEvent, view: &View) -> Vec<Effect> {
        let page = self.rows(view.area) as u32;
        if let PaneEvent::Command(command) = event
            && let Some(at) = walk(command, self.cursor as u32, self.found.len() as u32, page)
        {
            self.cursor = at as usize;
            return Vec::new();
        }
        match event {
            PaneEvent::Text(' ') if self.ticked.is_some() => self.toggle(),
            PaneEvent::Text(c) => {
                let edit = self.line.insert(c);
                return self.typed(edit);
            }
            PaneEvent::Paste(text) => {
                let edit = self.line.paste(text);
                return self.typed(edit);
            }
            PaneEvent::Command(command) => match command {
                Command::PickerToggle => self.toggle(),
                Command::PickerAccept => return self.accept(),
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
        let inner = boxed(frame, self.place(view.area), &self.title, view.theme, view.glyphs);
        if inner.is_empty() {
            return;
        }
        frame.buffer_mut().set_string(inner.x, inner.y, "/", view.theme.accent);
        let line = Rect { x: inner.x + 1, width: inner.width - 1, height: 1, ..inner };
        self.line.draw(frame, line, view.theme.text, true);
        let rows = usize::from(inner.height - 1);
        let top = (self.cursor + 1).saturating_sub(rows);
        let list = Rect { y: inner.y + 1, height: inner.height - 1, ..inner };
        for (row, (at, place)) in self.found.iter().enumerate().skip(top).take(rows).enumerate() {
            let here = at == self.cursor;
            let tick = match &self.ticked {
                Some(ticked) if ticked.contains(place) => "[x] ",
                Some(_) => "[ ] ",
                None => "",
            };
            let marker = if here { view.glyphs.cursor } else { " " };
            let text = format!("{marker} {tick}{}", self.items[*place]);
            let text = padded(&text, usize::from(list.width), false, view.glyphs.ellipsis);
            let style = if here { view.theme.selected } else { view.theme.text };
            put(frame, list, row as u16, &text, style, view.glyphs);
        }
        if self.found.is_empty() {
            put(frame, list, 0, &t!("shell.list_none_found"), view.theme.dim, view.glyphs);
        }
        let total = self.found.len() as u32;
        scrollbar::draw(frame.buffer_mut(), list, top as u32, total, view.theme, view.glyphs);
    }
}
