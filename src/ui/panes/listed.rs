//! A pane that is a list by definition, with the form of its kind behind each row. What is
//! its own stands in its [`ListPane`].

use ratatui::Frame;

use crate::domain::kinds::officer::Role;
use crate::domain::record::RecordId;
use crate::i18n::find;
use crate::ui::command::{Command, Context, Facts};
use crate::ui::effect::Effect;
use crate::ui::job::Export;
use crate::ui::listing::{ListPane, Listing};
use crate::ui::pane::{
    Availability, HintWord, Pane, PaneEvent, Question, Selection, View, usual_hint,
};
use crate::ui::widgets::Handled;

pub struct Listed {
    context: Context,
    /// Who has something to do here.
    roles: &'static [Role],
    listing: Listing,
}

impl Listed {
    /// `context` is its table of the keymap.
    pub fn new(context: Context, roles: &'static [Role], def: &'static ListPane) -> Self {
        Self { context, roles, listing: Listing::new(def) }
    }
}

impl Pane for Listed {
    fn id(&self) -> &'static str {
        self.context.pane().map_or("", |(id, _)| id)
    }

    fn go(&self) -> Command {
        self.context.pane().map_or(Command::Cancel, |(_, go)| go)
    }

    fn shown_to(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    fn title(&self) -> String {
        find(&format!("{}.title", self.id())).unwrap_or_default()
    }

    fn counter(&self) -> String {
        self.listing.list.counter()
    }

    fn contexts(&self) -> &'static [Context] {
        self.context.of_list(self.listing.list.is_filtering())
    }

    fn facts(&self) -> Facts {
        self.listing.list.facts()
    }

    fn available(&self, command: Command) -> Availability {
        self.listing.available(command)
    }

    fn hint(&self, command: Command) -> HintWord {
        match command {
            // Opening is editing here.
            Command::ListOpen => HintWord::Silent,
            command => usual_hint(command, self.facts()),
        }
    }

    fn question(&self, command: Command) -> Option<Question> {
        self.listing.question(command)
    }

    fn update(&mut self, event: PaneEvent, view: &View) -> Vec<Effect> {
        match self.listing.update(event, view.area, view) {
            Handled::Yes(effects) => effects,
            Handled::No(_) => Vec::new(),
        }
    }

    fn draw(&self, frame: &mut Frame, view: &View) {
        self.listing.draw(frame, view.area, view);
    }

    fn export(&self) -> Option<Export> {
        Some(self.listing.export())
    }

    fn selection(&self) -> Selection<'_> {
        self.listing.list.selection()
    }

    fn shows(&self, id: RecordId) -> bool {
        id.kind == self.listing.kind()
    }
}
