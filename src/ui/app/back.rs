//! Taking steps back and doing them again: the officer's own latest, looked for in the
//! history first, so that it is known how much it touches. Over [`TYPED_ABOVE`] records the
//! count must be typed; of standards and bands it is said whom that moves. What is then asked
//! for is that step and no other, whatever has been saved meanwhile.

use super::{App, AskedBy};
use crate::i18n::t;
use crate::protocol::{Answer, HistoryLine, HistoryPage, HistoryQuery, Latest, Request, Tried};
use crate::ui::command::Command;
use crate::ui::effect::{Effect, step};
use crate::ui::overlays::confirm::{Confirm, TYPED_ABOVE};
use crate::ui::overlays::history::{touched, undo_question};
use crate::ui::overlays::moves;
use crate::ui::pane::{PaneEvent, Question};
use crate::ui::toast::Toast;

pub(super) const TAG: &str = "app.take_back";
pub(super) const SURE: &str = "app.take_back.sure";
const LOOK: &str = "app.take_back.look";
const MOVED: &str = "app.take_back.moved";
/// How many steps an answer tells of.
const LINES: u32 = 20;

/// What the office was asked to find.
#[derive(Clone, Copy)]
pub(super) struct TakingBack {
    command: Command,
    /// The step that was found, while something is asked about it.
    seq: Option<u64>,
    /// It may move people between categories.
    moves: bool,
}

impl App {
    /// Undoes or redoes; the step is looked for first.
    pub(super) fn take_back(&mut self, command: Command) {
        self.taking_back = Some(TakingBack { command, seq: None, moves: false });
        self.look(None);
    }

    /// Whether a step is being taken back or looked for: another is not begun meanwhile.
    pub(super) fn takes_back_still(&self, command: Command) -> bool {
        let ours = |name| [LOOK, MOVED, TAG].contains(&name);
        matches!(command, Command::Undo | Command::Redo)
            && self.asked.values().any(|(_, tag)| ours(tag.name))
    }

    fn look(&mut self, before: Option<u64>) {
        let by = Some(self.face.info.officer.clone());
        let query = HistoryQuery { by, before, limit: LINES, ..HistoryQuery::default() };
        self.ask(AskedBy::App, LOOK.into(), Request::History(query));
    }

    /// Answers to what the app asked by itself.
    pub(super) fn taking_back(&mut self, event: PaneEvent) -> Vec<Effect> {
        match event {
            PaneEvent::Answer(tag, Answer::History(page)) if tag.name == LOOK => {
                self.looked(&page);
            }
            PaneEvent::Answer(tag, Answer::Moves(moves)) if tag.name == MOVED => {
                let nothing = moves.is_nothing();
                let ask = moves::question("", &moves, &t!("moves.sure_back"));
                if nothing {
                    self.take_back_surely();
                } else {
                    self.open(AskedBy::App, SURE.into(), Box::new(ask));
                }
            }
            PaneEvent::Answer(tag, _) if [LOOK, MOVED].contains(&tag.name) => {
                self.taking_back = None;
            }
            _ => {}
        }
        Vec::new()
    }

    fn looked(&mut self, page: &HistoryPage) {
        let Some(TakingBack { command, .. }) = self.taking_back else { return };
        for line in &page.lines {
            match line.latest_for(command == Command::Redo) {
                Latest::ThisOne => return self.found(command, line),
                Latest::NotThis => {}
                Latest::NoneBeyond => return self.send_back(command, None),
            }
        }
        match page.next {
            Some(before) => self.look(Some(before)),
            // The office says why there is nothing.
            None => self.send_back(command, None),
        }
    }

    fn found(&mut self, command: Command, line: &HistoryLine) {
        let moves = line.summary.moves_people();
        self.taking_back = Some(TakingBack { command, seq: Some(line.seq), moves });
        if touched(line) <= TYPED_ABOVE {
            return self.take_back_counted();
        }
        let question = match command {
            Command::Redo => Ok(Question::new(
                t!("history.redo_question", what = crate::i18n::summary(&line.summary)),
                touched(line),
            )),
            _ => undo_question(line),
        };
        match question {
            Ok(question) => self.open(AskedBy::App, TAG.into(), Box::new(Confirm::new(question))),
            Err(why) => self.say(Toast::warning(why)),
        }
    }

    /// A step that was asked about where it stands in the history.
    pub(super) fn take_back_step(&mut self, line: &HistoryLine) {
        let (command, moves) = (Command::Undo, line.summary.moves_people());
        self.taking_back = Some(TakingBack { command, seq: Some(line.seq), moves });
        self.take_back_counted();
    }

    /// Few enough, or the count was typed: whom it moves is counted before it is taken back.
    pub(super) fn take_back_counted(&mut self) {
        match self.taking_back {
            Some(TakingBack { seq: Some(seq), moves: true, .. }) => {
                let request = Request::Moves(Tried::Undo(seq));
                self.ask(AskedBy::App, MOVED.into(), request);
            }
            _ => self.take_back_surely(),
        }
    }

    /// Nobody is moved, or that was agreed to.
    pub(super) fn take_back_surely(&mut self) {
        if let Some(TakingBack { command, seq: Some(seq), .. }) = self.taking_back {
            self.send_back(command, Some(seq));
        }
    }

    fn send_back(&mut self, command: Command, seq: Option<u64>) {
        self.taking_back = None;
        let request = match (command, seq) {
            (Command::Redo, None) => Request::Redo { step: step() },
            (_, seq) => Request::Undo { step: step(), seq },
        };
        self.ask(AskedBy::App, TAG.into(), request);
    }
}
