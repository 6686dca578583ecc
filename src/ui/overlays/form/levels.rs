//! What the levels of a competency mean, in its form: a list of the five with what they are
//! recognised by, from which one text after the other is written anew, added or taken out.

use super::FormOverlay;
use crate::domain::field::LONG_TEXT_MAX;
use crate::domain::kinds::competency::{Level, LevelText};
use crate::i18n::t;
use crate::ui::effect::{Effect, Tag};
use crate::ui::overlay::Outcome;
use crate::ui::overlays::name::NameLine;
use crate::ui::overlays::picker::Picker;
use crate::ui::widgets::form::FormEntry;

/// The list of them, and the line in which one is typed.
const LIST: &str = "form.levels";
const ONE: &str = "form.level";

pub(super) fn asks(tag: Tag) -> bool {
    [LIST, ONE].contains(&tag.name)
}

/// One line of the list: the level counted from 0, and which text of it.
#[derive(Clone, Copy)]
enum Line {
    Meaning(usize),
    Indicator(usize, usize),
    /// Where one more is written.
    More(usize),
}

fn lines(levels: &[LevelText]) -> Vec<Line> {
    let of = |(level, text): (usize, &LevelText)| {
        let indicators = (0..text.indicators.len()).map(move |at| Line::Indicator(level, at));
        std::iter::once(Line::Meaning(level)).chain(indicators).chain([Line::More(level)])
    };
    levels.iter().enumerate().flat_map(of).collect()
}

fn written(levels: &[LevelText], line: Line) -> &str {
    match line {
        Line::Meaning(level) => &levels[level].description,
        Line::Indicator(level, at) => &levels[level].indicators[at],
        Line::More(_) => "",
    }
}

impl FormOverlay {
    /// The field under the cursor if it is that of level texts, with all five of them.
    fn levels(&self) -> Option<Vec<LevelText>> {
        let entry = self.form.as_ref()?.focused().filter(|entry| entry.is_levels())?;
        let mut levels: Vec<LevelText> = serde_json::from_str(&entry.text()).unwrap_or_default();
        levels.resize(levels.len().max(Level::MAX), LevelText::default());
        Some(levels)
    }

    /// Opens the list that the field under the cursor is changed in, if it is one of those.
    pub(super) fn listed(&self, text: &str) -> Option<Vec<Effect>> {
        if self.figures().is_some() {
            return Some(self.list_figures(0, text));
        }
        Some(Self::list_levels(&self.levels()?, 0, text))
    }

    fn list_levels(levels: &[LevelText], at: usize, text: &str) -> Vec<Effect> {
        let item = |line: &Line| match *line {
            Line::Meaning(level) => {
                format!("{}  {}", t!("matrix.level", level = level + 1), written(levels, *line))
            }
            Line::Indicator(..) => format!("  - {}", written(levels, *line)),
            Line::More(_) => format!("  + {}", t!("form.more_indicators")),
        };
        let items = lines(levels).iter().map(item).collect();
        let picker = Picker::new(&t!("competency.levels"), items).at(at).text(text);
        vec![Effect::open(LIST, picker)]
    }

    /// One of them was chosen, or typed.
    pub(super) fn levelled(&mut self, tag: Tag, outcome: Outcome) -> Vec<Effect> {
        let Some(levels) = self.levels() else { return Vec::new() };
        match (tag.name, outcome) {
            (LIST, Outcome::Picked(places)) => {
                let at = places.first().copied();
                at.map_or_else(Vec::new, |at| Self::type_level(&levels, at))
            }
            (ONE, Outcome::Text(text)) => self.take_level(levels, tag.number as usize, text),
            (ONE, _) => Self::list_levels(&levels, tag.number as usize, ""),
            _ => Vec::new(),
        }
    }

    fn type_level(levels: &[LevelText], at: usize) -> Vec<Effect> {
        let Some(line) = lines(levels).get(at).copied() else { return Vec::new() };
        let (title, note) = match line {
            Line::Meaning(level) => (t!("matrix.level", level = level + 1), t!("form.level_note")),
            Line::Indicator(level, _) | Line::More(level) => {
                (t!("form.indicator_of", level = level + 1), t!("form.indicator_note"))
            }
        };
        let text = written(levels, line);
        let line = NameLine::new(title.into_owned(), note.into_owned(), text, LONG_TEXT_MAX);
        vec![Effect::open(Tag::new(ONE, at as u32), line.edited())]
    }

    fn take_level(&mut self, mut levels: Vec<LevelText>, at: usize, text: String) -> Vec<Effect> {
        let Some(line) = lines(&levels).get(at).copied() else { return Vec::new() };
        match line {
            Line::Meaning(level) => levels[level].description = text,
            Line::Indicator(level, at) if text.is_empty() => {
                levels[level].indicators.remove(at);
            }
            Line::Indicator(level, at) => levels[level].indicators[at] = text,
            Line::More(level) if !text.is_empty() => levels[level].indicators.push(text),
            Line::More(_) => {}
        }
        // None is kept for the sake of being empty, but those below keep their place.
        let says = |level: &LevelText| *level != LevelText::default();
        let kept = levels.iter().rposition(says).map_or(0, |last| last + 1);
        let told = serde_json::to_string(&levels[..kept]).unwrap_or_default();
        if let Some(form) = &mut self.form {
            form.put(&told);
        }
        Self::list_levels(&levels, at, "")
    }

    /// Begins in this field, whatever it would begin in.
    #[must_use]
    pub fn at(mut self, field: &'static str) -> Self {
        self.begins = Some(field);
        self
    }

    /// Puts the cursor where the form is to begin, once it is there.
    pub(super) fn begin(&mut self) {
        let (Some(form), Some(field)) = (&mut self.form, self.begins.take()) else { return };
        let at = form.entries().iter().position(|entry: &FormEntry| entry.field.name == field);
        if let Some(at) = at {
            form.go(at);
        }
    }
}
