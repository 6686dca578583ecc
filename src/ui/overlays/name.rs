//! A name to be typed: one line, Enter takes it, Esc leaves it. Ends with `Outcome::Text`.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::i18n::t;
use crate::ui::command::{Command, Context};
use crate::ui::effect::Effect;
use crate::ui::overlay::{Outcome, Overlay, centred};
use crate::ui::pane::{Availability, HintWord, PaneEvent, View};
use crate::ui::widgets::frame::{boxed, put};
use crate::ui::widgets::line::TextLine;

pub struct NameLine {
    title: String,
    /// What will come of it, beneath the line.
    note: String,
    line: TextLine,
    /// What is typed first takes the place of what stands there; a movement keeps it.
    fresh: bool,
    /// It may be left empty.
    empty: bool,
}

impl NameLine {
    pub fn new(title: String, note: String, text: &str, max: usize) -> Self {
        Self { title, note, line: TextLine::new(text).max(max), fresh: true, empty: false }
    }

    /// A text that is there: it is changed where it stands, and may be emptied.
    #[must_use]
    pub fn edited(mut self) -> Self {
        (self.fresh, self.empty) = (false, true);
        self
    }

    fn replace(&mut self) {
        if std::mem::take(&mut self.fresh) {
            self.line.set("");
        }
    }
}

impl Overlay for NameLine {
    fn id(&self) -> &'static str {
        "name"
    }

    fn contexts(&self) -> &'static [Context] {
        &[Context::Text, Context::Form]
    }

    fn available(&self, command: Command) -> Availability {
        match command {
            Command::FormLookup | Command::FormEditor | Command::FormJump => {
                Availability::No(t!("form.nothing_to_look_up").into_owned())
            }
            _ => Availability::Yes,
        }
    }

    fn hint(&self, command: Command) -> HintWord {
        match command {
            // Enter takes it; there is no next field.
            Command::FormLookup | Command::FormEditor | Command::FormJump | Command::FormNext => {
                HintWord::Silent
            }
            _ => HintWord::Usual,
        }
    }

    fn update(&mut self, event: PaneEvent, _view: &View) -> Vec<Effect> {
        match event {
            PaneEvent::Text(c) => {
                self.replace();
                self.line.insert(c);
            }
            PaneEvent::Paste(text) => {
                self.replace();
                self.line.paste(text);
            }
            PaneEvent::Command(Command::FormSave | Command::FormNext) => {
                let text = self.line.text().trim();
                if text.is_empty() && !self.empty {
                    return vec![Effect::refuse(t!("shell.name_empty"))];
                }
                return vec![Effect::Done(Outcome::Text(text.to_string()))];
            }
            PaneEvent::Command(Command::FormCancel | Command::Cancel) => {
                return vec![Effect::Done(Outcome::Cancelled)];
            }
            PaneEvent::Command(command) => {
                self.fresh = false;
                self.line.command(command);
            }
            _ => {}
        }
        Vec::new()
    }

    fn draw(&self, frame: &mut Frame, view: &View) {
        let place = centred(view.area, 64, 5);
        let inner = boxed(frame, place, &self.title, view.theme, view.glyphs);
        if inner.height == 0 {
            return;
        }
        let line = Rect { height: 1, ..inner };
        self.line.draw(frame, line, view.theme.selected, true);
        let fault = self.line.fault();
        let (note, style) = match &fault {
            Some(fault) => (fault.as_ref(), view.theme.warning),
            None => (self.note.as_str(), view.theme.dim),
        };
        put(frame, inner, 2, note, style, view.glyphs);
    }
}
