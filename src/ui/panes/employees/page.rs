//! What keys do on a person's page: Space marks this person and stays, the steps it names are
//! taken. Enrolling is of this person and begins at the session that the step names; what a
//! step still waits for is made in its form.

use super::detail::Missing;
use super::{Employees, FORM};
use crate::domain::record::Kind;
use crate::i18n::t;
use crate::ui::command::Command;
use crate::ui::effect::{Effect, Tag};
use crate::ui::overlay::Outcome;
use crate::ui::overlays::form::FormOverlay;
use crate::ui::overlays::picker::Picker;
use crate::ui::pane::View;

/// Which of the steps is to be made.
const STEP: &str = "employees.step";

impl Employees {
    /// Scrolls the person while they have the cursor.
    pub(super) fn scroll(&mut self, command: Command, view: &View) -> bool {
        if !self.open {
            return false;
        }
        let page = isize::from(view.area.height.max(2) as i16 - 1);
        let by = match command {
            Command::ListUp => -1,
            Command::ListDown => 1,
            Command::ListPageUp => -page,
            Command::ListPageDown => page,
            Command::ListFirst => isize::MIN,
            Command::ListLast => isize::MAX,
            _ => return false,
        };
        self.detail.scroll(by, self.places(view.area).1, view);
        true
    }

    /// Whether the page does something of its own with a command.
    pub(super) fn is_of_page(&self, command: Command) -> bool {
        let own = match command {
            Command::ListMark | Command::Enrol => true,
            Command::ListAdd => !self.detail.missing().is_empty(),
            _ => false,
        };
        own && self.open && !self.list.is_filtering()
    }

    pub(super) fn on_page(&mut self, command: Command) -> Vec<Effect> {
        match command {
            Command::ListMark => {
                self.list.mark_here();
                Vec::new()
            }
            Command::Enrol => {
                let person = self.list.current().map(|id| id.number).into_iter().collect();
                let session = self.detail.next_session();
                vec![self.enrolling.begin_at(person, &self.label(), session)]
            }
            Command::ListAdd => self.make(),
            _ => Vec::new(),
        }
    }

    /// Opens the form of what the steps wait for; where that is more than one, asks which.
    fn make(&self) -> Vec<Effect> {
        let missing = self.detail.missing();
        if let [one] = &missing[..] {
            return vec![form(one)];
        }
        let items = missing.iter().map(|one| match one {
            Missing::Session(_, programme) => t!("employees.make_session", programme = programme),
            Missing::Programme(_, name) => t!("employees.make_programme", name = name),
        });
        let items = items.map(std::borrow::Cow::into_owned).collect();
        let title = t!("employees.make_title", who = self.label());
        vec![Effect::open(STEP, Picker::new(&title, items))]
    }

    /// What follows from the choice of a step; none if it was not asked here.
    pub(super) fn step_chosen(&self, tag: Tag, outcome: &Outcome) -> Option<Vec<Effect>> {
        if tag.name != STEP {
            return None;
        }
        let Outcome::Picked(places) = outcome else { return Some(Vec::new()) };
        let missing = self.detail.missing();
        let chosen = places.first().and_then(|place| missing.get(*place));
        Some(chosen.map(form).into_iter().collect())
    }
}

fn form(missing: &Missing) -> Effect {
    let form = match missing {
        Missing::Session(programme, _) => {
            FormOverlay::add(Kind::Sessions).with("programme", programme.0)
        }
        Missing::Programme(cell, _) => {
            let form = FormOverlay::add(Kind::Programmes).with("competency", cell.competency.0);
            match cell.required {
                Some(level) => form.with("target_level", level),
                None => form,
            }
        }
    };
    Effect::open(FORM, form)
}
