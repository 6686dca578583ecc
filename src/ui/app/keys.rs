//! Keys become commands, commands reach whoever they are for. Commands of the whole
//! program are carried out here; a destructive one passes its question first.

use std::time::Instant;

use super::{App, AskedBy, AtStake, Deed, Hints, back, drafts};
use crate::i18n::t;
use crate::protocol::{ReportQuery, Request};
use crate::term::key::{Key, KeyCode};
use crate::ui::command::{COMMANDS, Command, CommandDef, Context, Fact, Facts};
use crate::ui::effect::{Effect, Tag};
use crate::ui::job::{Export, JobEvent};
use crate::ui::keymap::Resolved;
use crate::ui::keymap::key_text::spoken;
use crate::ui::overlay::{Outcome, Overlay};
use crate::ui::overlays::confirm::Confirm;
use crate::ui::overlays::export::ExportForm;
use crate::ui::overlays::guide;
use crate::ui::overlays::help;
use crate::ui::overlays::import::Import;
use crate::ui::overlays::messages;
use crate::ui::overlays::palette::{Offer, Palette};
use crate::ui::pane::{Availability, PaneEvent, Question};
use crate::ui::panes;
use crate::ui::toast::Toast;

const QUESTION: &str = "app.question";
const QUIT: &str = "app.quit";

impl App {
    pub(super) fn key(&mut self, key: Key, at: Instant) {
        if self.is_unread(at) {
            self.pending.clear();
            return;
        }
        if let Some(read) = self.toast.take() {
            self.hints = Hints::Late;
            self.read = Some(read);
        }
        self.pending.push(key);
        self.next_shown &= !self.next.is_empty();
        self.next.clear();
        let resolved = self.face.keymap.resolve(&self.stack(), self.key_facts(), &self.pending);
        if let Resolved::Prefix(next) = resolved {
            self.next = next;
            return;
        }
        let single = self.pending.len() == 1;
        if let Resolved::Commands(commands) = &resolved
            && commands.iter().any(|command| command.ends_range())
        {
            self.end_range();
        }
        if self.holds(&resolved, at) {
            return;
        }
        let pressed = std::mem::take(&mut self.pending);
        let leaving = std::mem::take(&mut self.leaving);
        match resolved {
            Resolved::Commands(commands) => {
                for command in commands {
                    self.leaving = leaving && command == Command::Cancel;
                    self.command(command);
                }
            }
            Resolved::Text(c) => self.tell(self.top(), PaneEvent::Text(c)),
            Resolved::Unbound if key.alt => self.escape_and(key, single, at),
            Resolved::Unbound => {
                // Where no text field has the cursor a letter may still choose (a form's option).
                if let Some(c) = key.text().filter(|_| single) {
                    self.tell(self.top(), PaneEvent::Text(c));
                }
                self.say_unused(&pressed);
            }
            Resolved::Prefix(_) => {}
        }
    }

    /// Says that keys do nothing where keys are commands, unless something has been said.
    fn say_unused(&mut self, keys: &[Key]) {
        // What was begun is forgotten with Esc.
        let forgotten = keys.len() > 1 && keys.last() == Some(&Key::plain(KeyCode::Esc));
        let stack = self.stack();
        let chooses = [Context::Form, Context::Picker, Context::Confirm, Context::Text];
        if forgotten
            || self.toast.is_some()
            || stack.iter().any(|context| chooses.contains(context))
        {
            return;
        }
        let help = self.face.keymap.keys_of(Command::Help, &stack, self.key_facts());
        let help = help.map(|keys| t!("shell.key_help", keys = keys)).unwrap_or_default();
        let text = t!("shell.key_not_here", keys = spoken(keys), help = help);
        self.say(Toast::note(text));
    }

    /// The contexts on screen, innermost first. An overlay hides its pane's.
    pub(super) fn stack(&self) -> Vec<Context> {
        let own = match self.overlays.last() {
            Some(open) => open.overlay.contexts(),
            None => self.panes.get(self.front).map_or(&[][..], |pane| pane.contexts()),
        };
        own.iter().copied().chain([Context::Global]).collect()
    }

    pub(super) fn facts(&self) -> Facts {
        let facts = match self.overlays.last() {
            Some(open) => open.overlay.facts(),
            None => self.panes.get(self.front).map_or(Facts::NONE, |pane| pane.facts()),
        };
        facts.when(Fact::ReadOnly, self.face.info.is_closed())
    }

    /// Whether a command can be given to whoever is in front.
    pub(super) fn available(&self, command: Command) -> Availability {
        if let Some(blocked) = command.blocked(self.facts()) {
            return Availability::No(blocked.reason_in(crate::i18n::language().code()));
        }
        let areas = match self.overlays.last() {
            Some(open) => open.overlay.has_areas(),
            None => self.panes.get(self.front).is_some_and(|pane| pane.has_areas()),
        };
        if matches!(command, Command::AreaNext | Command::AreaPrev) && !areas {
            return Availability::No(t!("shell.one_area").into_owned());
        }
        match self.overlays.last() {
            Some(open) => open.overlay.available(command),
            None => {
                self.panes.get(self.front).map_or(Availability::Yes, |pane| pane.available(command))
            }
        }
    }

    fn question(&self, command: Command) -> Option<Question> {
        match self.overlays.last() {
            Some(open) => open.overlay.question(command),
            None => self.panes.get(self.front).and_then(|pane| pane.question(command)),
        }
    }

    pub(super) fn command(&mut self, command: Command) {
        if command.ends_range() && self.end_range() && self.must_wait(Some(command)) {
            // Chosen by name, where no key can wait for the rows.
            self.say(Toast::note(t!("shell.marks_coming")));
            return;
        }
        if let Availability::No(why) = self.available(command) {
            self.say(Toast::warning(why));
            return;
        }
        if command.def().is_destructive() {
            let Some(question) = self.question(command) else { return };
            self.awaiting = Some(command);
            self.open(AskedBy::App, QUESTION.into(), Box::new(Confirm::new(question)));
            return;
        }
        if command == Command::ListBack && self.come_back() {
            return;
        }
        if !self.own_command(command) {
            self.tell(self.top(), PaneEvent::Command(command));
        }
    }

    /// What a range spans that was begun and not ended is marked, as if it had been ended
    /// here; whether there was one.
    pub(super) fn end_range(&mut self) -> bool {
        let ranging = self.facts().has(Fact::Ranging);
        if ranging {
            self.tell(self.top(), PaneEvent::Command(Command::ListMarkRange));
        }
        ranging
    }

    /// Commands of the whole program; `false` if it is not one.
    fn own_command(&mut self, command: Command) -> bool {
        match command {
            Command::Quit => self.quit(),
            Command::Cancel => self.cancel(),
            Command::Help => {
                self.over(help::of(&self.stack(), &self.face.keymap, &self.hints()));
            }
            Command::Guide => {
                let id = self.place();
                self.over(guide::of(id, &self.face.keymap));
            }
            Command::Palette => self.over(Palette::new(self.offers())),
            Command::Undo | Command::Redo => self.take_back(command),
            Command::Messages => {
                let view = self.face.view(super::stage(self.size));
                let list = messages::of(&self.messages, &view);
                self.over(list);
            }
            Command::Export => self.export(),
            Command::Import => self.over(Import::new()),
            Command::Redraw => self.deeds.push(Deed::Redraw),
            Command::Suspend => self.deeds.push(Deed::Suspend),
            Command::PaneNext => self.step_pane(1),
            Command::PanePrev => self.step_pane(self.panes.len().saturating_sub(1)),
            command => {
                if let Some(list) = panes::browsed(command) {
                    // Instead of those of another kind that are being looked at.
                    self.overlays.clear();
                    self.open(AskedBy::App, Tag::from("app"), (list.opens)(list));
                    return true;
                }
                let Some(at) = self.panes.iter().position(|pane| pane.go() == command) else {
                    return self.is_missing_pane(command);
                };
                self.overlays.clear();
                self.go_to_pane(at);
            }
        }
        true
    }

    /// A pane that this program does not have says so.
    fn is_missing_pane(&mut self, command: Command) -> bool {
        let missing = command.opens_pane();
        if missing {
            self.say(Toast::warning(t!("shell.no_such_pane")));
        }
        missing
    }

    fn over(&mut self, overlay: impl Overlay + 'static) {
        self.open(AskedBy::App, Tag::from("app"), Box::new(overlay));
    }

    /// The id of where the officer stands, for the guide.
    fn place(&self) -> &'static str {
        match self.overlays.last() {
            Some(open) => open.overlay.id(),
            None => self.panes.get(self.front).map_or("", |pane| pane.id()),
        }
    }

    pub(super) fn step_pane(&mut self, by: usize) {
        self.overlays.clear();
        let count = self.panes.len();
        let mut at = self.front;
        for _ in 0..count {
            at = (at + by) % count;
            if self.is_shown(at) {
                return self.go_to_pane(at);
            }
        }
    }

    fn export(&mut self) {
        let what = match self.overlays.last() {
            Some(open) => open.overlay.export(),
            None => self.panes.get(self.front).and_then(|pane| pane.export()),
        };
        match what {
            Some(what) => {
                let marked = self.overlays.is_empty()
                    && self.panes.get(self.front).is_some_and(|pane| {
                        let selection = pane.selection();
                        selection.of_people && selection.marked > 0
                    });
                let view = self.face.view(super::stage(self.size));
                let what = match what {
                    // What is about people is written of those who are marked.
                    Export::Report(query, shown, _) if marked => {
                        let marked = view.marked_people.iter().copied().collect();
                        let query = ReportQuery { search: String::new(), unit: None, ..query };
                        Export::Report(query, shown, marked)
                    }
                    what => what,
                };
                let form = ExportForm::new(what, self.place(), &view);
                self.over(form);
            }
            None => self.say(Toast::warning(t!("shell.nothing_to_export"))),
        }
    }

    /// Every command that could be given from here, for the palette: those of this place
    /// first, as help has them.
    pub(super) fn offers(&self) -> Vec<Offer> {
        let stack = self.stack();
        let facts = self.key_facts();
        let place = |def: &CommandDef| {
            stack.iter().position(|context| def.contexts.contains(context)).unwrap_or(usize::MAX)
        };
        let mut defs: Vec<&CommandDef> = COMMANDS
            .iter()
            .filter(|def| def.contexts.iter().any(|context| stack.contains(context)))
            .filter(|def| def.id != Command::Palette && def.id != Command::Cancel)
            .collect();
        defs.sort_by_key(|def| place(def));
        defs.into_iter()
            .map(|def| {
                let keys = self.face.keymap.keys_of(def.id, &stack, facts);
                Offer {
                    command: def.id,
                    keys: keys.unwrap_or_default(),
                    availability: self.available(def.id),
                }
            })
            .collect()
    }

    /// Leaves what stands over the pane first, then the program.
    fn quit(&mut self) {
        if self.overlays.is_empty() {
            self.leave();
        } else {
            self.tell(self.top(), PaneEvent::Command(Command::Cancel));
        }
    }

    /// Out of the program; asks where something would be lost.
    fn leave(&mut self) {
        let question = match (self.jobs.is_empty(), self.at_stake == AtStake::Work) {
            (false, _) => t!("shell.quit_while_working"),
            (_, true) => t!("shell.quit_demo"),
            _ => return self.deeds.push(Deed::Quit),
        };
        self.open(AskedBy::App, QUIT.into(), Box::new(Confirm::ask(question)));
    }

    /// ctrl-c: ends what goes on; when nothing does, twice leaves the program.
    fn cancel(&mut self) {
        let typing = self.stack().first() == Some(&Context::Text);
        if !self.overlays.is_empty() || typing {
            self.leaving = false;
            self.tell(self.top(), PaneEvent::Command(Command::Cancel));
        } else if let Some((job, _)) = self.jobs.last() {
            self.deeds.push(Deed::CancelJob(*job));
        } else if self.progress.take().is_some() {
            // Long work of the office's own.
            self.ask(AskedBy::App, "stop".into(), Request::Stop);
        } else if std::mem::take(&mut self.leaving) {
            self.leave();
        } else {
            self.leaving = true;
            self.say(Toast::note(t!("shell.cancel_again")));
        }
    }

    /// Outcomes and answers of what the app itself opened and asked.
    pub(super) fn own_outcome(&mut self, event: PaneEvent) -> Vec<Effect> {
        let PaneEvent::Outcome(tag, outcome) = event else {
            return self.taking_back(event);
        };
        match (tag.name, outcome) {
            (QUESTION, Outcome::Yes) => {
                if let Some(command) = self.awaiting.take() {
                    self.tell(self.top(), PaneEvent::Command(command));
                }
            }
            (QUESTION, _) => self.awaiting = None,
            (QUIT, Outcome::Yes) => self.deeds.push(Deed::Quit),
            (back::TAG, Outcome::Yes) => self.take_back_counted(),
            (back::SURE, Outcome::Yes) => self.take_back_surely(),
            (drafts::DRAFT, outcome) => self.answer_draft(outcome == Outcome::Yes),
            (drafts::DRAFTS, Outcome::Picked(places)) => self.take_up_chosen(&places),
            _ => {}
        }
        Vec::new()
    }

    pub(super) fn job(&mut self, event: &JobEvent) {
        let owner = self.jobs.iter().find(|(job, _)| *job == event.job()).map(|(_, owner)| *owner);
        if matches!(event, JobEvent::Finished { .. }) {
            self.jobs.retain(|(job, _)| *job != event.job());
        }
        if let Some(owner) = owner {
            self.tell(owner, PaneEvent::Job(event));
        }
    }
}
