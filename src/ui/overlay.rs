//! Overlay: something over the pane until it is done: a form, a question, a list to choose
//! from, a text to read. Works like a pane; ends with `Effect::Done(outcome)`, and whoever
//! opened it is told the outcome under the tag it gave.

use std::path::PathBuf;

use ratatui::Frame;
use ratatui::layout::Rect;

use super::command::{Command, Context, Facts};
use super::draft::Draft;
use super::effect::Effect;
use super::job::Export;
use super::pane::{Availability, HintWord, PaneEvent, Question, View};
use crate::domain::record::{Record, RecordId};
use crate::protocol::{Hit, Saved, Stored};

/// How an overlay ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Closed without anything.
    Cancelled,
    /// A question was answered with yes.
    Yes,
    /// Places of the chosen items, in the order in which they were offered.
    Picked(Vec<usize>),
    /// A record chosen by look-up.
    Hit(Hit),
    /// A line, or what came back from the editor.
    Text(String),
    /// A form or another write is on the disk.
    Saved(Saved),
    /// A conflict was settled: this on top of what stands now.
    Settled {
        record: Box<Record>,
        on: Option<Box<Stored>>,
    },
    /// A record was chosen in a list of reference records.
    Record(RecordId),
    Path(PathBuf),
}

pub trait Overlay {
    /// Stable name, as in `guide.<id>` of the catalogue.
    fn id(&self) -> &'static str;

    /// Innermost first; only its own. With [`Context::Text`] in front while a text field has
    /// the cursor.
    fn contexts(&self) -> &'static [Context];

    fn facts(&self) -> Facts {
        Facts::NONE
    }

    fn available(&self, _command: Command) -> Availability {
        Availability::Yes
    }

    /// Whether it has parts to go between.
    fn has_areas(&self) -> bool {
        false
    }

    /// What the hint line calls a command here.
    fn hint(&self, command: Command) -> HintWord {
        match command {
            Command::AreaNext | Command::FormJump => HintWord::Silent,
            _ => HintWord::Usual,
        }
    }

    /// What to ask before this destructive command.
    fn question(&self, _command: Command) -> Option<Question> {
        None
    }

    /// Whether it is a question that one key settles: a key pressed before it was seen does
    /// not answer it.
    fn asks(&self) -> bool {
        false
    }

    /// Whether this has to wait for the answers it has asked for and not got yet, since it
    /// would act on what is still to come. `None` is text.
    fn waits(&self, command: Option<Command>, facts: Facts) -> bool {
        command.is_some_and(|command| command.acts_on_rows(facts))
    }

    fn update(&mut self, event: PaneEvent, view: &View) -> Vec<Effect>;

    /// Draws over what is there; `view.area` is the whole screen without the hint line.
    fn draw(&self, frame: &mut Frame, view: &View);

    /// What is on screen, as filtered and sorted, for `Command::Export`.
    fn export(&self) -> Option<Export> {
        None
    }

    /// Whether faults of `Problem::Invalid` are shown by itself, field by field.
    fn shows_faults(&self) -> bool {
        false
    }

    /// The record it is open to change.
    fn edits(&self) -> Option<RecordId> {
        None
    }

    /// What would be lost if it closed now.
    fn draft(&self) -> Option<Draft> {
        None
    }
}

/// A box of at most `width` x `height` in the middle of `area`, and never outside it.
pub fn centred(area: Rect, width: u16, height: u16) -> Rect {
    let width = width.min(area.width);
    let height = height.min(area.height);
    Rect {
        x: area.x + (area.width - width) / 2,
        y: area.y + (area.height - height) / 2,
        width,
        height,
    }
}
