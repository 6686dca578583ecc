//! The line a filter is typed in behind `/`, and the search that stands while it is not.
//! Beside what is typed stands how it may go on, and which word is no name; F2 offers the
//! searches asked most and those this officer asked last, Up in an empty line brings back the
//! latter. Whoever owns it asks the office; here is only what is typed.

use ratatui::Frame;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::frame::{fit, put};
use super::line::{LineEdit, TextLine};
use super::presets;
use crate::domain::record::Kind;
use crate::i18n::{self, t};
use crate::protocol::{Answer, Completion, Request};
use crate::ui::command::Command;
use crate::ui::effect::{Effect, Tag};
use crate::ui::memory::{Memo, Memory};
use crate::ui::overlay::Outcome;
use crate::ui::overlays::picker::Picker;
use crate::ui::pane::{PaneEvent, View};

const COMPLETE: &str = "filter.complete";
const PRESETS: &str = "filter.presets";
/// The longest search, in letters.
pub const LENGTH_MAX: usize = 500;
/// Blanks between what is typed and what may follow.
const APART: u16 = 2;

#[derive(Default)]
pub struct Filter {
    search: String,
    line: Option<TextLine>,
    /// The search was there before the line: what is typed now takes its place, as in a field.
    fresh: bool,
    /// Whose names and values are offered, if any.
    kind: Option<Kind>,
    asked: u32,
    completion: Completion,
    offered: Vec<String>,
    /// Which of the last searches stands in the line.
    recalled: Option<usize>,
    /// How many it has found, once that is known.
    found: Option<u32>,
    /// It is remembered as soon as it has found something.
    keeps: bool,
}

/// What an event meant to a filter.
pub enum Filtering {
    /// The search is another one; the effect asks how it may go on.
    Changed(Vec<Effect>),
    /// There is no search any more.
    Cleared,
    /// It was for the filter and left the search as it is.
    Same,
    Does(Vec<Effect>),
    /// Not its business.
    No,
}

impl Filter {
    /// One that knows the names and values of this kind.
    pub fn of(kind: Kind) -> Self {
        Self { kind: Some(kind), ..Self::default() }
    }

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
        (self.recalled, self.fresh) = (None, false);
        (self.found, self.keeps) = (None, false);
        self.completion = Completion::default();
        if let Some(line) = &mut self.line {
            line.set(search);
        }
    }

    /// The same if it is not too long; else all stays as it is.
    #[must_use]
    pub fn put(&mut self, search: &str) -> bool {
        let fits = search.chars().count() <= LENGTH_MAX;
        if fits {
            self.set(search);
        }
        fits
    }

    pub fn clear(&mut self) -> Filtering {
        *self = Self { kind: self.kind, asked: self.asked, ..Self::default() };
        Filtering::Cleared
    }

    /// Letters and pastes while the line is open, and the commands of filters.
    pub fn update(
        &mut self,
        event: &PaneEvent,
        today: chrono::NaiveDate,
        memory: &Memory,
    ) -> Filtering {
        match event {
            PaneEvent::Answer(tag, Answer::Completed(completion)) if tag.name == COMPLETE => {
                if tag.number == self.asked {
                    self.completion = completion.clone();
                }
                return Filtering::Same;
            }
            PaneEvent::Answer(tag, _) if tag.name == COMPLETE => return Filtering::Same,
            PaneEvent::Outcome(tag, outcome) if tag.name == PRESETS => {
                let Outcome::Picked(places) = outcome else { return Filtering::Same };
                let place = places.first().and_then(|place| self.offered.get(*place));
                let Some(search) = place.cloned() else { return Filtering::Same };
                self.set(&search);
                return self.changed();
            }
            PaneEvent::Command(Command::FilterPresets) => return self.offer(today, memory),
            PaneEvent::Command(Command::ListUp | Command::MatrixUp) if self.is_typing() => {
                return self.recall(memory, true);
            }
            PaneEvent::Command(Command::ListDown | Command::MatrixDown) if self.is_typing() => {
                return self.recall(memory, false);
            }
            _ => {}
        }
        let Some(line) = &mut self.line else {
            return match event {
                PaneEvent::Command(Command::ListFilter) => {
                    self.line = Some(TextLine::new(&self.search).max(LENGTH_MAX));
                    self.fresh = !self.search.is_empty();
                    Filtering::Same
                }
                PaneEvent::Command(Command::ListFilterClear) => self.clear(),
                _ => Filtering::No,
            };
        };
        let replaces = match event {
            PaneEvent::Text(c) => Some(*c != ' '),
            PaneEvent::Paste(_) => Some(true),
            PaneEvent::Command(_) => Some(false),
            _ => None,
        };
        let mut emptied = false;
        if let Some(replaces) = replaces
            && std::mem::take(&mut self.fresh)
            && replaces
        {
            line.set("");
            emptied = true;
        }
        let edit = match event {
            PaneEvent::Text(c) => line.insert(*c),
            PaneEvent::Paste(text) => line.paste(text),
            PaneEvent::Command(Command::FilterKeep) => {
                self.line = None;
                self.keeps = !self.search.trim().is_empty();
                let judges = self.judges();
                return Filtering::Does(self.remembers().into_iter().chain(judges).collect());
            }
            PaneEvent::Command(Command::FilterComplete) => {
                let Some(word) = self.completion.words.first() else { return Filtering::Same };
                let whole = self.search.get(..self.completion.from as usize).unwrap_or_default();
                line.set(&format!("{whole}{word}"));
                LineEdit::Changed
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
                self.recalled = None;
                self.changed()
            }
            LineEdit::Moved => {
                if emptied {
                    // Nothing came in its place.
                    line.set(&self.search);
                }
                Filtering::Same
            }
            // The arrows go on walking what is found.
            LineEdit::No => Filtering::No,
        }
    }

    fn changed(&mut self) -> Filtering {
        (self.found, self.keeps) = (None, false);
        self.completion = Completion::default();
        Filtering::Changed(self.asks(self.search.clone()).into_iter().collect())
    }

    fn asks(&mut self, text: String) -> Option<Effect> {
        self.asked += 1;
        let kind = self.kind.filter(|_| !text.trim().is_empty())?;
        let request = Request::Complete { kind, tongue: i18n::tongue(), text };
        Some(Effect::ask(Tag::new(COMPLETE, self.asked), request))
    }

    /// Asks what it cannot ask about, now that nothing of it is being typed.
    pub fn judges(&mut self) -> Option<Effect> {
        self.asks(format!("{} ", self.search))
    }

    /// What it cannot ask about, in words: then nothing that is found, or not, says anything.
    pub fn unknown(&self) -> Option<String> {
        self.completion.unknown.as_ref().map(i18n::unknown_word)
    }

    /// So many were found by it. What finds nobody is not offered again.
    pub fn found(&mut self, count: u32) -> Option<Effect> {
        self.found = Some(count);
        self.remembers()
    }

    /// Under which name the last searches are remembered: lists of one kind share them.
    fn place(&self) -> &'static str {
        self.kind.map_or("history", Kind::name)
    }

    fn remembers(&mut self) -> Option<Effect> {
        if !self.keeps || self.found.unwrap_or(0) == 0 {
            return None;
        }
        self.keeps = false;
        let (place, text) = (self.place().to_string(), self.search.trim().to_string());
        Some(Effect::Remember(Memo::Searched { place, text }))
    }

    /// An older search of this officer's, or a newer one, as in a shell. What was typed is not
    /// thrown away for it: there the arrows walk what is found.
    fn recall(&mut self, memory: &Memory, older: bool) -> Filtering {
        let searches = memory.searches(self.place());
        let at = match (self.recalled, older) {
            (None, true) if self.search.is_empty() => Some(0),
            (Some(at), true) => Some(at + 1).filter(|at| *at < searches.len()).or(Some(at)),
            (Some(at), false) => at.checked_sub(1),
            (None, _) => return Filtering::No,
        };
        let text = at.and_then(|at| searches.get(at)).map_or("", String::as_str);
        if text.is_empty() && self.recalled.is_none() {
            return Filtering::No;
        }
        self.set(text);
        self.recalled = at;
        self.changed()
    }

    fn offer(&mut self, today: chrono::NaiveDate, memory: &Memory) -> Filtering {
        let mut presets = self.kind.map(|kind| presets::of(kind, today)).unwrap_or_default();
        for search in memory.searches(self.place()) {
            if !presets.iter().any(|(_, other)| other == search) {
                presets.push((t!("shell.searched").into_owned(), search.clone()));
            }
        }
        if presets.is_empty() {
            return Filtering::Does(vec![Effect::refuse(t!("shell.no_presets"))]);
        }
        let (items, offered) =
            presets.into_iter().map(|(name, search)| (format!("{name}  {search}"), search)).unzip();
        self.offered = offered;
        Filtering::Does(vec![Effect::open(PRESETS, Picker::new(&t!("shell.presets"), items))])
    }

    /// What Up would bring into a line in which nothing is typed yet.
    fn last<'a>(&self, memory: &'a Memory) -> Option<&'a String> {
        let empty = self.is_typing() && self.search.is_empty();
        memory.searches(self.place()).first().filter(|_| empty)
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
        let taken = u16::try_from(self.search.width()).unwrap_or(u16::MAX).saturating_add(APART);
        if taken >= inner.width {
            return;
        }
        let rest = Rect { x: inner.x + taken, width: inner.width - taken, ..inner };
        if let Some(told) = self.unknown() {
            put(frame, rest, 0, &told, view.theme.warning, view.glyphs);
        } else if self.fresh {
            put(frame, rest, 0, &t!("shell.filter_fresh"), view.theme.dim, view.glyphs);
        } else if let Some(last) = self.last(view.memory) {
            let told = t!("shell.last_search", text = last);
            put(frame, rest, 0, &told, view.theme.dim, view.glyphs);
        } else if self.is_typing() && !self.completion.words.is_empty() {
            let words = t!("shell.completes", words = self.completion.words.join("  "));
            put(frame, rest, 0, &words, view.theme.dim, view.glyphs);
        }
    }
}
