//! A record by which people are judged, a standard or a table of bands: before it is saved the
//! form asks whom it moves between categories, and says so.

use super::{CONFLICT, FormOverlay};
use crate::i18n::t;
use crate::protocol::{Answer, DraftRecord, Problem, Request, Tried};
use crate::ui::effect::{Effect, Tag};
use crate::ui::overlays::conflict::ConflictView;
use crate::ui::overlays::moves::question;
use crate::ui::toast::Toast;

/// The question's name.
pub(super) const TAG: &str = "form.moves";

impl FormOverlay {
    /// Saves, or asks first whom it moves.
    pub(super) fn save_or_ask(&mut self) -> Vec<Effect> {
        let record = self.form.as_ref().map(super::Form::record);
        match record {
            Some(Ok(record)) if self.kind.moves_people() => {
                self.saving = true;
                let draft = DraftRecord { id: self.id, base: self.base, record };
                vec![Effect::ask(TAG, Request::Moves(Tried::Save(vec![draft])))]
            }
            _ => self.send(Request::Save),
        }
    }

    /// Whom it moves is known.
    pub(super) fn moved(&mut self, answer: Answer) -> Vec<Effect> {
        self.saving = false;
        match answer {
            Answer::Moves(moves) if moves.is_nothing() => self.moves_agreed(),
            Answer::Moves(moves) => {
                let ask = question("", &moves, &t!("standards.sure"));
                vec![Effect::open(TAG, ask)]
            }
            // Why it cannot be saved is said as it is of a save.
            answer @ (Answer::Conflict(_) | Answer::Refused(Problem::Invalid(_))) => {
                self.saved(answer)
            }
            _ => Vec::new(),
        }
    }

    /// Somebody else saved first: what nobody has to choose is saved on top of theirs.
    pub(super) fn settle_or_ask(&mut self, conflict: ConflictView) -> Vec<Effect> {
        let Some((settled, by)) = conflict.without_asking() else {
            return vec![Effect::open(CONFLICT, conflict)];
        };
        let mut effects = vec![Effect::Toast(Toast::warning(t!("conflict.joined", by = by)))];
        effects.extend(self.outcome(Tag::new(CONFLICT, 0), settled));
        effects
    }

    /// Nobody is moved, or that was agreed to.
    pub(super) fn moves_agreed(&mut self) -> Vec<Effect> {
        if self.bulk.is_some() { self.set_field() } else { self.send(Request::Save) }
    }
}
