//! What the keys of a form do with the field under the cursor: look up what it may be, go to
//! another, write its text in an editor.

use super::{EDITOR, FormOverlay, JUMP, LOOKUP, OPTION};
use crate::domain::field::Shape;
use crate::i18n::t;
use crate::ui::effect::{Effect, Tag};
use crate::ui::overlays::lookup::Lookup;
use crate::ui::overlays::picker::Picker;
use crate::ui::pane::View;
use crate::ui::widgets::form::FormEntry;

impl FormOverlay {
    pub(super) fn look_up(&mut self, view: &View) -> Vec<Effect> {
        if let Some(list) = self.listed("") {
            return list;
        }
        let Some(form) = &mut self.form else { return Vec::new() };
        let at = form.focus() as u32;
        let Some(entry) = form.focused() else { return Vec::new() };
        if let Some(kind) = entry.refers_to() {
            let text = entry.unresolved().map(|(_, text)| text.to_string()).unwrap_or_default();
            let lookup = Lookup::new(kind, entry.label()).text(&text);
            return vec![Effect::open(Tag::new(LOOKUP, at), lookup)];
        }
        let options = entry.options();
        if !options.is_empty() {
            let here = options.iter().position(|(_, text)| *text == entry.text()).unwrap_or(0);
            let items = options.into_iter().map(|(words, _)| words).collect();
            let picker = Picker::new(&entry.label(), items).at(here);
            return vec![Effect::open(Tag::new(OPTION, at), picker)];
        }
        if entry.field.shape == Shape::Date {
            form.put_date(view.today);
            return Vec::new();
        }
        vec![Effect::refuse(t!("form.nothing_to_look_up"))]
    }

    pub(super) fn jump(&self) -> Vec<Effect> {
        let Some(form) = &self.form else { return Vec::new() };
        let fields = form.entries().iter().map(FormEntry::label).collect();
        let picker = Picker::new(&t!("form.jump"), fields).at(form.focus());
        vec![Effect::open(JUMP, picker)]
    }

    pub(super) fn editor(&mut self) -> Vec<Effect> {
        let Some(form) = &self.form else { return Vec::new() };
        let at = form.focus() as u32;
        match form.focused() {
            Some(entry) if matches!(entry.field.shape, Shape::LongText | Shape::Text) => {
                vec![Effect::Editor { tag: Tag::new(EDITOR, at), text: entry.text() }]
            }
            _ => vec![Effect::refuse(t!("form.no_editor"))],
        }
    }
}
