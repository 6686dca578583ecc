//! What the text typed in a reference may mean, as the office finds it letter by letter: a few
//! lines below the field, an answer to what is no longer typed dropped. Taking one is the
//! look-up's business. A programme that is not there yet is filled in on the way.

use super::{FIND, FormOverlay, NAME};
use crate::domain::record::{Kind, RecordId};
use crate::i18n::{self, label, t};
use crate::protocol::{Hit, Request};
use crate::ui::effect::{Effect, Tag};
use crate::ui::toast::Toast;
use crate::ui::widgets::form::{Form, FormEntry};

pub(super) const TAG: &str = "form.matches";

/// The form of a record that was not there yet, to be referred to.
pub(super) const NEW: &str = "form.new";

/// Lines below the field.
const SHOWN: usize = 4;

#[derive(Default)]
pub(super) struct Matches {
    asked: u32,
    text: String,
}

impl Matches {
    /// Asks about this text, unless it was asked about last.
    pub(super) fn follow(&mut self, typed: Option<(Kind, &str)>) -> Option<Effect> {
        let text = typed.map_or("", |(_, text)| text);
        if text == self.text {
            return None;
        }
        self.text = text.to_string();
        self.asked += 1;
        let (kind, text) = typed?;
        let limit = SHOWN as u32 + 1;
        let request = Request::Lookup { kind, text: text.to_string(), limit };
        Some(Effect::ask(Tag::new(TAG, self.asked), request))
    }

    /// The lines for what was found, if it is still what is typed.
    pub(super) fn take(&self, number: u32, hits: &[Hit]) -> Option<Vec<String>> {
        if number != self.asked {
            return None;
        }
        let told = |hit: &Hit| {
            let detail = i18n::detail(hit);
            let apart = if detail.is_empty() { "" } else { "  " };
            format!("{}{apart}{detail}", label(&hit.label))
        };
        let mut lines: Vec<String> = hits.iter().take(SHOWN).map(told).collect();
        if hits.len() > SHOWN {
            lines.push(t!("form.more_matches").into_owned());
        }
        if hits.is_empty() {
            lines.push(t!("form.no_match").into_owned());
        }
        Some(lines)
    }
}

/// Asks for the words of the next record a field refers to.
pub(super) fn ask_name(at: usize, entry: &FormEntry) -> Option<Effect> {
    let id = entry.unnamed()?;
    Some(Effect::ask(Tag::new(NAME, at as u32), Request::Labels(vec![id])))
}

/// Asks what a text may mean.
pub(super) fn find(at: usize, kind: Kind, text: &str) -> Effect {
    let request = Request::Lookup { kind, text: text.to_string(), limit: 8 };
    Effect::ask(Tag::new(FIND, at as u32), request)
}

impl FormOverlay {
    /// Asks what the text of a reference may mean, as it is typed.
    pub(super) fn follow(&mut self) -> Vec<Effect> {
        let typed = self.form.as_ref().and_then(Form::focused).and_then(|one| one.unresolved());
        let asks = self.matches.follow(typed);
        if typed.is_none()
            && let Some(form) = &mut self.form
        {
            form.offer(Vec::new());
        }
        asks.into_iter().collect()
    }

    /// There is no such programme: its own form is next, the name in it already.
    pub(super) fn found_new(at: usize, kind: Kind, name: &str) -> Vec<Effect> {
        let mut new = Self::add(kind).with("name", name);
        new.form = new.form.map(|form| form.behind("name"));
        let said = t!("form.is_new", kind = i18n::one(kind), name = name);
        vec![Effect::open(Tag::new(NEW, at as u32), new), Effect::Toast(Toast::note(said))]
    }

    /// It is there now, and referred to.
    pub(super) fn made(&mut self, at: usize, ids: &[RecordId]) -> Vec<Effect> {
        let entry = self.form.as_mut().and_then(|form| form.entry_mut(at));
        let made =
            ids.iter().find(|id| Some(id.kind) == entry.as_ref().and_then(|e| e.refers_to()));
        if let (Some(id), Some(entry)) = (made, entry) {
            entry.restore(&format!("={}", id.number));
        }
        self.jump_after = false;
        if std::mem::take(&mut self.save_after) { self.save() } else { self.ask_names() }
    }
}
