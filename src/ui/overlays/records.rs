//! The records of a kind as a list over the screen: units, positions, competencies,
//! standards, settings. What is its own stands in its [`ListPane`].

use ratatui::Frame;
use ratatui::layout::{Margin, Rect};

use crate::i18n::{self, t};
use crate::ui::command::{Command, Context, Facts};
use crate::ui::effect::Effect;
use crate::ui::job::Export;
use crate::ui::listing::{ListPane, Listing};
use crate::ui::overlay::{Outcome, Overlay};
use crate::ui::pane::{Availability, PaneEvent, Question, View};
use crate::ui::widgets::Handled;
use crate::ui::widgets::frame::boxed;
use crate::ui::words::capitalised;

pub struct Records {
    listing: Listing,
}

impl Records {
    pub fn new(def: &'static ListPane) -> Self {
        Self { listing: Listing::new(def) }
    }
}

impl Overlay for Records {
    fn id(&self) -> &'static str {
        self.listing.kind().name()
    }

    fn contexts(&self) -> &'static [Context] {
        Context::List.of_list(self.listing.list.is_filtering())
    }

    fn facts(&self) -> Facts {
        self.listing.list.facts()
    }

    fn available(&self, command: Command) -> Availability {
        self.listing.available(command)
    }

    fn question(&self, command: Command) -> Option<Question> {
        self.listing.question(command)
    }

    fn export(&self) -> Option<Export> {
        Some(self.listing.export())
    }

    fn update(&mut self, event: PaneEvent, view: &View) -> Vec<Effect> {
        match self.listing.update(event, inside(view), view) {
            Handled::Yes(effects) => effects,
            Handled::No(PaneEvent::Command(Command::ListBack)) => {
                vec![Effect::Done(Outcome::Cancelled)]
            }
            Handled::No(_) => Vec::new(),
        }
    }

    fn draw(&self, frame: &mut Frame, view: &View) {
        let list = &self.listing.list;
        let mut title =
            format!("{} {}", capitalised(&i18n::kind(self.listing.kind())), list.counter());
        if let Some(who) = view.who_edits(list.current()) {
            title = format!("{title} {} {}", view.glyphs.dot, t!("shell.edited_by", who = who));
        }
        let inner = boxed(frame, view.area, title.trim(), view.theme, view.glyphs);
        self.listing.draw(frame, inner, view);
    }
}

/// Where the list stands: the stage without its box.
fn inside(view: &View) -> Rect {
    view.area.inner(Margin::new(1, 1))
}
