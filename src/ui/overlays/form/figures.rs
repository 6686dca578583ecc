//! The figures of a table of rules in their form: a list of them in words, from which one after
//! the other is typed anew.

use unicode_width::UnicodeWidthStr;

use super::FormOverlay;
use crate::domain::own_sets;
use crate::domain::rulebook::{RuleLine, Rulebook};
use crate::i18n::{self, t};
use crate::ui::effect::{Effect, Tag};
use crate::ui::overlay::Outcome;
use crate::ui::overlays::name::NameLine;
use crate::ui::overlays::picker::Picker;
use crate::ui::toast::Toast;

/// The list of them, and the line in which one is typed.
const LIST: &str = "form.figures";
const ONE: &str = "form.figure";
/// The line in which a set of the office's own is added.
const SET: &str = "form.figure_set";
/// The longest list of words that is typed in one line.
const TYPED_MAX: usize = 2_000;

pub(super) fn asks(tag: Tag) -> bool {
    [LIST, ONE, SET].contains(&tag.name)
}

impl FormOverlay {
    /// The name of the table whose figures the field under the cursor holds, and its text.
    pub(super) fn figures(&self) -> Option<(String, String)> {
        let form = self.form.as_ref()?;
        let entry = form.focused()?;
        let names = entry.figures_of()?;
        let table = form.entries().iter().find(|other| other.field.name == names)?;
        Some((table.text(), entry.text()))
    }

    fn lines(&self) -> Result<(String, Vec<RuleLine>), String> {
        let (table, text) = self.figures().unwrap_or_default();
        match Rulebook::lines(&table, &text) {
            Ok(lines) if lines.is_empty() => Err(t!("form.figures_table").into_owned()),
            Ok(lines) => Ok((table, lines)),
            Err(fault) => Err(i18n::reason(fault.reason, &fault.detail)),
        }
    }

    /// Offers them, from this place on, those that a text finds.
    pub(super) fn list_figures(&self, at: usize, text: &str) -> Vec<Effect> {
        let (table, lines) = match self.lines() {
            Ok(found) => found,
            Err(why) => return vec![Effect::refuse(why)],
        };
        let names: Vec<String> =
            lines.iter().map(|line| i18n::figure(&table, &line.name)).collect();
        let widest = names.iter().map(|name| name.width()).max().unwrap_or(0);
        let items = lines.iter().zip(&names).map(|(line, name)| {
            let value = format!("{name}{}  {}", " ".repeat(widest - name.width()), line.value);
            if line.value == line.shipped {
                return value;
            }
            format!("{value}  {}", t!("form.figure_shipped", figure = line.shipped))
        });
        let add = own_sets::are_taken_by(&table).then(|| t!("form.figure_add").into_owned());
        let items = items.chain(add).collect();
        let picker = Picker::new(&i18n::choice(&table), items).at(at).text(text);
        vec![Effect::open(LIST, picker)]
    }

    /// One of them was chosen, or typed.
    pub(super) fn figured(&mut self, tag: Tag, outcome: Outcome) -> Vec<Effect> {
        let at = tag.number as usize;
        match (tag.name, outcome) {
            (LIST, Outcome::Picked(places)) => match places.first() {
                Some(at) => self.type_figure(*at),
                None => Vec::new(),
            },
            (ONE, Outcome::Text(text)) => self.take_figure(at, &text),
            (SET, Outcome::Text(text)) => self.add_set(&text),
            (ONE | SET, _) => self.list_figures(at, ""),
            _ => Vec::new(),
        }
    }

    fn type_figure(&self, at: usize) -> Vec<Effect> {
        let Ok((table, lines)) = self.lines() else { return Vec::new() };
        let Some(line) = lines.get(at) else { return type_set(&lines, "") };
        let (name, shipped) = (i18n::figure(&table, &line.name), line.shipped.clone());
        let note = if line.is_list() {
            t!("form.figure_words")
        } else if line.is_name() && shipped.is_empty() {
            t!("form.figure_set_name")
        } else if line.is_name() {
            t!("form.figure_name", name = shipped)
        } else {
            t!("form.figure_note", figure = shipped)
        };
        let line = NameLine::new(name, note.into_owned(), &line.value, TYPED_MAX);
        vec![Effect::open(Tag::new(ONE, at as u32), line)]
    }

    /// A set of the office's own, as its code and name were typed: its lines are in the list then.
    fn add_set(&mut self, typed: &str) -> Vec<Effect> {
        let Ok((table, lines)) = self.lines() else { return Vec::new() };
        let (_, figures) = self.figures().unwrap_or_default();
        let Some(line) = own_sets::added(&table, &figures, typed) else {
            let mut effects = type_set(&lines, typed);
            effects.push(Effect::Toast(Toast::warning(t!("form.figure_set_wrong"))));
            return effects;
        };
        let figures = format!("{figures}\n{line}");
        if let Some(form) = &mut self.form {
            form.put(figures.trim_start());
        }
        let lines = self.lines().map(|(_, lines)| lines).unwrap_or_default();
        let added = |one: &RuleLine| one.is_of(own_sets::set_of(&line));
        self.list_figures(lines.iter().position(added).unwrap_or(0), "")
    }

    fn take_figure(&mut self, at: usize, text: &str) -> Vec<Effect> {
        let Ok((table, mut lines)) = self.lines() else { return Vec::new() };
        let Some(line) = lines.get_mut(at) else { return Vec::new() };
        if !line.is_list() && !line.is_name() && text.parse::<u32>().is_err() {
            let mut effects = self.type_figure(at);
            effects.push(Effect::Toast(Toast::warning(t!("form.figure_whole", text = text))));
            return effects;
        }
        line.value = text.to_string();
        let text = lines.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        // What parts figures from each other may not stand in a name.
        if let Err(fault) = Rulebook::lines(&table, &text) {
            let mut effects = self.type_figure(at);
            effects.push(Effect::refuse(i18n::reason(fault.reason, &fault.detail)));
            return effects;
        }
        if let Some(form) = &mut self.form {
            form.put(&text);
        }
        self.list_figures(at, "")
    }
}

/// The line in which the code and name of a set are typed.
fn type_set(lines: &[RuleLine], typed: &str) -> Vec<Effect> {
    let (label, note) = (t!("form.figure_set"), t!("form.figure_set_note"));
    let line = NameLine::new(label.into_owned(), note.into_owned(), typed, TYPED_MAX);
    vec![Effect::open(Tag::new(SET, lines.len() as u32), line)]
}
