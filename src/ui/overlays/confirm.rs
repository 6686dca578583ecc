//! A question before something that cannot be overlooked. One key says yes, those it names
//! say no, and no other does anything; a text that is pasted never answers. Over
//! [`TYPED_ABOVE`] records the count must be typed, and what can never be taken back asks
//! for digits of its own, so that a habit of the fingers cannot answer. Ends with
//! `Outcome::Yes` or `Outcome::Cancelled`.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::i18n::{enrol_question, sentences, t};
use crate::protocol::EnrolQuestion;
use crate::ui::command::{Command, Context, Fact, Facts};
use crate::ui::effect::Effect;
use crate::ui::keymap::key_text::spoken;
use crate::ui::overlay::{Outcome, Overlay, centred};
use crate::ui::overlays::reading::{Piece, ReadingBox};
use crate::ui::pane::{PaneEvent, Question, View};
use crate::ui::toast::Toast;
use crate::ui::widgets::frame::{boxed, put, wrap};
use crate::ui::widgets::line::TextLine;

/// Above this many records the count must be typed.
pub const TYPED_ABOVE: u32 = 20;

/// The list behind a question.
const LIST: &str = "confirm.list";

/// More digits than stand behind the words that ask for them.
const LONG: usize = 6;

pub struct Confirm {
    question: Question,
    /// What is typed, and what must be.
    typed: Option<(TextLine, String)>,
    /// The list behind it: what it is called, and what stands in it.
    listed: Option<(String, Vec<Piece>)>,
}

impl Confirm {
    pub fn new(question: Question) -> Self {
        let count = (question.count > TYPED_ABOVE).then(|| question.count.to_string());
        let expected = question.digits.clone().or(count);
        // A little more than is asked for, so that a slip is seen.
        let typed = expected.map(|digits| (TextLine::new("").max(digits.len() + 4), digits));
        Self { question, typed, listed: None }
    }

    /// A question about nothing that is counted.
    pub fn ask(text: impl Into<String>) -> Self {
        Self::new(Question::new(text, 1))
    }

    /// With a list behind it, to be looked at before it is answered.
    #[must_use]
    pub fn listing(mut self, title: String, pieces: Vec<Piece>) -> Self {
        self.listed = Some((title, pieces));
        self
    }

    /// Whether people are enrolled without seats, or in two places at once; `told` says who
    /// and where, unless that stands on the screen.
    pub fn enrol(told: &str, question: &EnrolQuestion) -> Self {
        Self::ask(sentences(&[told, &enrol_question(question), &t!("training.ask_enrol")]))
    }

    fn count_typed(&self) -> bool {
        let same = |(line, digits): &(TextLine, String)| {
            line.text().replace(['.', ',', ' '], "") == *digits
        };
        self.typed.as_ref().is_some_and(same)
    }

    fn is_long(&self) -> bool {
        self.typed.as_ref().is_some_and(|(_, digits)| digits.len() > LONG)
    }

    fn may_say_yes(&self) -> bool {
        self.typed.is_none() || self.count_typed()
    }
}

impl Overlay for Confirm {
    fn id(&self) -> &'static str {
        "confirm"
    }

    fn contexts(&self) -> &'static [Context] {
        if self.typed.is_some() { &[Context::Text, Context::Confirm] } else { &[Context::Confirm] }
    }

    fn facts(&self) -> Facts {
        let facts = Facts::NONE.when(Fact::CountTyped, self.count_typed());
        facts.when(Fact::Listed, self.listed.is_some())
    }

    fn asks(&self) -> bool {
        true
    }

    fn update(&mut self, event: PaneEvent, _view: &View) -> Vec<Effect> {
        match event {
            PaneEvent::Paste(_) => vec![Effect::refuse(t!("shell.answer_typed"))],
            PaneEvent::Command(Command::ConfirmYes) if self.may_say_yes() => {
                vec![Effect::Done(Outcome::Yes)]
            }
            PaneEvent::Command(Command::ConfirmYes | Command::ConfirmNo | Command::Cancel) => {
                let typed = self.typed.as_ref().is_some_and(|(line, _)| !line.text().is_empty());
                let said = || Effect::Toast(Toast::note(t!("shell.nothing_done")));
                let mut effects: Vec<_> = typed.then(said).into_iter().collect();
                effects.push(Effect::Done(Outcome::Cancelled));
                effects
            }
            PaneEvent::Command(Command::ConfirmShow) => {
                let listed = self.listed.clone().into_iter();
                let reading = |(title, pieces)| ReadingBox::new("moves", title, pieces);
                listed.map(|listed| Effect::open(LIST, reading(listed))).collect()
            }
            PaneEvent::Text(c) => {
                if let Some((line, _)) = self.typed.as_mut().filter(|_| c.is_ascii_digit()) {
                    line.insert(c);
                }
                Vec::new()
            }
            PaneEvent::Command(command) => {
                if let Some((line, _)) = &mut self.typed {
                    line.command(command);
                }
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn draw(&self, frame: &mut Frame, view: &View) {
        let width = 60.min(view.area.width);
        let text = view.keymap.fill(&self.question.text);
        let room = usize::from(width.saturating_sub(4));
        let mut lines: Vec<String> = text.lines().flat_map(|line| wrap(line, room)).collect();
        // What is said of the answers stays in sight.
        lines.truncate(usize::from(view.area.height.saturating_sub(4)));
        let height = lines.len() as u16 + 4 + u16::from(self.is_long());
        let place = centred(view.area, width, height);
        let inner = boxed(frame, place, &t!("shell.confirm"), view.theme, view.glyphs);
        let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
        for (row, line) in lines.iter().enumerate() {
            put(frame, inner, row as u16, line, view.theme.text, view.glyphs);
        }
        let row = lines.len() as u16 + 1;
        let Some((line, digits)) = &self.typed else {
            let keys = |command| {
                let all = view.keymap.bindings(command, Context::Confirm.stack(), self.facts());
                all.into_iter().map(spoken).collect::<Vec<_>>().join(", ")
            };
            let (yes, no) = (keys(Command::ConfirmYes), keys(Command::ConfirmNo));
            let mut text = t!("shell.confirm_yes_no", yes = yes, no = no).into_owned();
            if self.listed.is_some() {
                let show = keys(Command::ConfirmShow);
                text = format!("{text}   {}", t!("shell.confirm_show", show = show));
            }
            put(frame, inner, row, &text, view.theme.accent, view.glyphs);
            return;
        };
        let prompt = t!("shell.confirm_type_count", count = digits);
        put(frame, inner, row, &prompt, view.theme.accent, view.glyphs);
        let used = unicode_width::UnicodeWidthStr::width(&*prompt) as u16 + 1;
        // Long digits stand below what asks for them.
        let (x, row) = if self.is_long() { (0, row + 1) } else { (used, row) };
        if row < inner.height && x < inner.width {
            let place =
                Rect { x: inner.x + x, y: inner.y + row, width: inner.width - x, height: 1 };
            line.draw(frame, place, view.theme.text, true);
        }
    }
}
