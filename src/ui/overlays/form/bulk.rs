//! One field set for many records: its form, the question that says how many it will touch,
//! and the one request that sets it.

use super::{FormOverlay, SAVE, moves};
use crate::domain::fault::{Fault, Reason};
use crate::domain::record::{Fields, Kind, Revision};
use crate::i18n::t;
use crate::protocol::{Request, Tried};
use crate::ui::effect::{Effect, step};
use crate::ui::overlays::confirm::Confirm;
use crate::ui::pane::Question;
use crate::ui::widgets::form::{self, Form};
use crate::ui::words;

/// The question's name.
pub(super) const TAG: &str = "form.bulk";

impl FormOverlay {
    /// One field, to be set for many records.
    pub fn bulk(kind: Kind, field: &'static str, ids: Vec<u32>) -> Self {
        let fields: Vec<_> = kind.field(field).into_iter().collect();
        let form = Form::only(kind, &fields, &Fields::new());
        let bare = Self::bare(kind, None, Revision(0), Fields::new());
        Self { form: Some(form), bulk: Some(ids), ..bare }
    }

    /// The field and its new value as JSON text, if it is one; empty to clear it.
    fn bulk_value(&self) -> Result<(&'static str, String), Vec<Fault>> {
        let Some(entry) = self.form.as_ref().and_then(Form::focused) else {
            return Err(Vec::new());
        };
        let name = entry.field.name;
        match entry.value() {
            Ok(None) if entry.field.required => Err(vec![Fault::new(name, Reason::Required)]),
            Ok(None) => Ok((name, String::new())),
            Ok(Some(value)) => Ok((name, value.to_string())),
            Err(fault) => Err(vec![fault]),
        }
    }

    /// Says how many records it will touch before it does; of one there is nothing to say.
    pub(super) fn ask_bulk(&mut self) -> Vec<Effect> {
        match self.bulk_value() {
            Ok(_) if self.bulk.as_ref().is_some_and(|ids| ids.len() == 1) => self.set_or_ask(),
            Ok((name, value)) => {
                let count = self.bulk.as_ref().map_or(0, Vec::len) as u32;
                let shown = self.form.as_ref().and_then(Form::focused).map(form::FormEntry::shown);
                let shown = shown.filter(|_| !value.is_empty());
                let empty = || t!("history.empty").into_owned();
                let text = t!(
                    "form.bulk",
                    field = words::field(self.kind, name),
                    value = shown.unwrap_or_else(empty),
                    what = crate::i18n::count(self.kind, count)
                );
                let question = Question::new(text, count);
                vec![Effect::open(TAG, Confirm::new(question))]
            }
            Err(faults) => self.show(faults),
        }
    }

    /// Sets it, or asks first whom it moves.
    pub(super) fn set_or_ask(&mut self) -> Vec<Effect> {
        if !self.kind.moves_people() {
            return self.set_field();
        }
        let (Some(ids), Ok((field, value))) = (self.bulk.clone(), self.bulk_value()) else {
            return Vec::new();
        };
        self.saving = true;
        let tried = Tried::SetField { kind: self.kind, ids, field: field.to_string(), value };
        vec![Effect::ask(moves::TAG, Request::Moves(tried))]
    }

    pub(super) fn set_field(&mut self) -> Vec<Effect> {
        let (Some(ids), Ok((field, value))) = (self.bulk.clone(), self.bulk_value()) else {
            return Vec::new();
        };
        self.saving = true;
        let (kind, field) = (self.kind, field.to_string());
        let request = Request::SetField { step: step(), kind, ids, field, value };
        vec![Effect::ask(SAVE, request)]
    }
}
