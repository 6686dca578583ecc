//! A list to choose from: sort column, columns, a closed list of choices. Typing narrows
//! it down; with ticks several can be chosen. Ends with `Outcome::Picked`.

use std::collections::BTreeSet;

use ratatui::Frame;
use ratatui::layout::{Margin, Rect};
use unicode_width::UnicodeWidthStr;

use crate::domain::search::sound;
use crate::domain::shorten::meant;
use crate::i18n::t;
use crate::ui::command::{Command, Context};
use crate::ui::effect::Effect;
use crate::ui::overlay::{Outcome, Overlay, centred};
use crate::ui::pane::{Availability, HintWord, PaneEvent, View};
use crate::ui::widgets::choosing::{Choice, Chooser, Chosen};
use crate::ui::widgets::frame::boxed;

pub struct Picker {
    title: String,
    items: Vec<String>,
    chooser: Chooser,
    /// Places of the items that the typed text finds.
    found: Vec<usize>,
    /// `None` when exactly one is chosen.
    ticked: Option<BTreeSet<usize>>,
}

impl Picker {
    pub fn new(title: &str, items: Vec<String>) -> Self {
        let found = (0..items.len()).collect();
        Self { title: title.to_string(), items, chooser: Chooser::default(), found, ticked: None }
    }

    /// Begins on this item.
    #[must_use]
    pub fn at(mut self, place: usize) -> Self {
        self.chooser.go(place.min(self.items.len().saturating_sub(1)));
        self
    }

    /// Begins with those that a text finds.
    #[must_use]
    pub fn text(mut self, text: &str) -> Self {
        if !text.is_empty() {
            self.chooser.set_text(text);
            self.narrow();
        }
        self
    }

    /// Several can be chosen; these are to begin with.
    #[must_use]
    pub fn ticked(mut self, places: BTreeSet<usize>) -> Self {
        self.ticked = Some(places);
        self
    }

    fn narrow(&mut self) {
        let wanted = sound(self.chooser.text());
        let here = self.here();
        let wanted: Vec<String> = meant(&wanted, true).into_iter().chain([wanted]).collect();
        let fits = |at: &usize| {
            let item = sound(&self.items[*at]);
            wanted.iter().any(|wanted| item.contains(wanted))
        };
        self.found = (0..self.items.len()).filter(fits).collect();
        // What begins so is meant before what only has it somewhere.
        let begins = |at: usize| {
            let item = sound(&self.items[at]);
            wanted.iter().any(|wanted| item.trim_start().starts_with(wanted.as_str()))
        };
        self.found.sort_by_key(|at| !begins(*at));
        let at = here.and_then(|here| self.found.iter().position(|at| *at == here));
        self.chooser.go(at.unwrap_or(0));
    }

    /// The place of the item under the cursor.
    fn here(&self) -> Option<usize> {
        self.found.get(self.chooser.at()).copied()
    }

    fn toggle(&mut self) {
        let Some(place) = self.here() else { return };
        if let Some(ticked) = &mut self.ticked {
            if !ticked.remove(&place) {
                ticked.insert(place);
            }
            self.chooser.go((self.chooser.at() + 1).min(self.found.len().saturating_sub(1)));
        }
    }

    fn accept(&self) -> Vec<Effect> {
        let places: Vec<usize> = match &self.ticked {
            Some(ticked) => ticked.iter().copied().collect(),
            None => self.here().into_iter().collect(),
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

    fn item(&self, at: usize) -> Choice {
        let Some(place) = self.found.get(at) else { return Choice::default() };
        let tick = match &self.ticked {
            Some(ticked) if ticked.contains(place) => "[x] ",
            Some(_) => "[ ] ",
            None => "",
        };
        Choice { left: format!("{tick}{}", self.items[*place]), ..Choice::default() }
    }
}

impl Overlay for Picker {
    fn id(&self) -> &'static str {
        "picker"
    }

    fn contexts(&self) -> &'static [Context] {
        &[Context::Text, Context::Picker]
    }

    fn available(&self, command: Command) -> Availability {
        match command {
            Command::PickerToggle if self.ticked.is_none() => {
                Availability::No(t!("shell.one_only").into_owned())
            }
            _ => Availability::Yes,
        }
    }

    fn hint(&self, command: Command) -> HintWord {
        match command {
            Command::PickerToggle if self.ticked.is_none() => HintWord::Silent,
            _ => HintWord::Usual,
        }
    }

    fn update(&mut self, event: PaneEvent, view: &View) -> Vec<Effect> {
        match event {
            // A blank ticks though it was read together with the Enter behind it.
            PaneEvent::Text(' ') | PaneEvent::Paste(" ") if self.ticked.is_some() => self.toggle(),
            PaneEvent::Command(Command::PickerToggle) => self.toggle(),
            PaneEvent::Command(Command::PickerAccept) => return self.accept(),
            PaneEvent::Command(Command::PickerCancel | Command::Cancel) => {
                return vec![Effect::Done(Outcome::Cancelled)];
            }
            event => {
                let inner = self.place(view.area).inner(Margin::new(1, 1));
                if self.chooser.update(&event, self.found.len(), inner) == Chosen::Typed {
                    self.narrow();
                }
            }
        }
        Vec::new()
    }

    fn draw(&self, frame: &mut Frame, view: &View) {
        let inner = boxed(frame, self.place(view.area), &self.title, view.theme, view.glyphs);
        let count = (self.found.len(), false);
        self.chooser.draw(frame, inner, "/", count, view, &|at| self.item(at));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_as_typed_stands_before_what_has_it_within() {
        let words = ["NIP", "Jalur unit", "Kode unit kerja", "Unit kerja"];
        let mut picker = Picker::new("Kolom", words.map(String::from).to_vec());
        for typed in "unit".chars() {
            let all = picker.found.len();
            picker.chooser.update(&PaneEvent::Text(typed), all, Rect::new(0, 0, 40, 10));
            picker.narrow();
        }
        assert_eq!((picker.found.as_slice(), picker.here()), (&[3, 1, 2][..], Some(3)));
    }
}
