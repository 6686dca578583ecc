//! Forms that were not finished: offered one after the other at the start, and whenever the
//! officer asks for those that wait.

use super::{App, AskedBy};
use crate::i18n::{named, one, t};
use crate::ui::draft::Draft;
use crate::ui::overlay::Overlay;
use crate::ui::overlays::confirm::Confirm;
use crate::ui::overlays::form::FormOverlay;
use crate::ui::overlays::picker::Picker;
use crate::ui::pane::PaneEvent;
use crate::ui::panes::cycles::KeyGrid;
use crate::ui::toast::Toast;

/// The question at the start, and the choice among those that wait.
pub(super) const DRAFT: &str = "app.draft";
pub(super) const DRAFTS: &str = "app.drafts";

impl App {
    /// Offers the oldest form that was not finished.
    pub(super) fn offer_draft(&mut self) {
        let Some(draft) = self.offered.first() else { return };
        let question = Confirm::ask(t!("shell.draft_found", kind = one(draft.kind)));
        self.open(AskedBy::App, DRAFT.into(), Box::new(question));
    }

    pub(super) fn answer_draft(&mut self, wanted: bool) {
        if self.offered.is_empty() {
            return;
        }
        let draft = self.offered.remove(0);
        if wanted {
            self.take_up(draft);
        } else {
            // Kept for another time: only its own form throws it away.
            self.offer_draft();
        }
    }

    /// Takes up the one that waits, or asks which.
    pub(super) fn choose_draft(&mut self) {
        match &self.face.drafts[..] {
            [] => self.say(Toast::note(t!("shell.no_drafts"))),
            [draft] => self.take_up(draft.clone()),
            drafts => {
                let items = drafts.iter().map(name).collect();
                let picker = Picker::new(&t!("shell.drafts"), items);
                self.open(AskedBy::App, DRAFTS.into(), Box::new(picker));
            }
        }
    }

    pub(super) fn take_up_chosen(&mut self, places: &[usize]) {
        let place = places.first().copied().unwrap_or_default();
        if let Some(draft) = self.face.drafts.get(place).cloned() {
            self.take_up(draft);
        }
    }

    fn take_up(&mut self, draft: Draft) {
        let overlay: Box<dyn Overlay> = match KeyGrid::resume(&draft) {
            Some(grid) => Box::new(grid),
            None => Box::new(FormOverlay::resume(draft)),
        };
        self.open(AskedBy::App, "app".into(), overlay);
    }

    /// As it stands on the disk from now on.
    pub(super) fn keep_draft(&mut self, draft: &Draft) {
        self.face.drafts.retain(|kept| kept.name != draft.name);
        self.face.drafts.push(draft.clone());
        self.tell(AskedBy::Pane(self.front), PaneEvent::Drafts);
    }

    pub(super) fn forget_draft(&mut self, name: &str) {
        self.face.drafts.retain(|draft| draft.name != name);
        self.tell(AskedBy::Pane(self.front), PaneEvent::Drafts);
    }
}

/// What it is a form of, and what its record is called.
fn name(draft: &Draft) -> String {
    let texts = || draft.texts.iter().filter(|(_, text)| !text.is_empty());
    let called = texts().find(|(field, _)| field == "name" || field == "title");
    let called = called.or_else(|| texts().next()).map_or("", |(_, text)| text.as_str());
    named(&one(draft.kind), called)
}
