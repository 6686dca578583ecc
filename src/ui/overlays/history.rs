//! Who changed what in one record and when, over the pane; of a person with all that is
//! theirs. Enter shows a step field by field; the key of the history pane takes it back,
//! after a question. How a step reads in full and what
//! is asked before it is taken back stand here for the history pane as well.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::reading::{Piece, ReadingBox};
use crate::domain::record::RecordId;
use crate::i18n::{called, date_time, problem, summary, t};
use crate::protocol::{Act, Answer, ChangeDetail, HistoryLine, Problem, Request};
use crate::ui::command::{Command, Context, Fact, Facts};
use crate::ui::effect::Effect;
use crate::ui::overlay::{Outcome, Overlay, centred};
use crate::ui::pane::{Availability, HintWord, PaneEvent, Question, View};
use crate::ui::widgets::Handled;
use crate::ui::widgets::frame::boxed;
use crate::ui::widgets::steps::{Steps, way};
use crate::ui::words::{self, capitalised};

const LINES: &str = "history.lines";
const DETAILS: &str = "history.details";
/// The most changed records a step's details list.
pub const DETAILS_MAX: u32 = 200;

pub struct History {
    label: String,
    steps: Steps,
}

impl History {
    /// Of one record, under the words it goes by.
    pub fn of(record: RecordId, label: impl Into<String>) -> Self {
        Self { label: label.into(), steps: Steps::of(LINES, record) }
    }

    fn command(&self, command: Command) -> Vec<Effect> {
        match (command, self.steps.line()) {
            (Command::PickerCancel | Command::Cancel, _) => vec![Effect::Done(Outcome::Cancelled)],
            (Command::PickerAccept, Some(line)) => {
                let request = Request::Details { seq: line.seq, limit: DETAILS_MAX, of: None };
                vec![Effect::ask(DETAILS, request)]
            }
            (Command::HistoryUndo, Some(line)) => vec![Effect::TakeBack(Box::new(line.clone()))],
            _ => Vec::new(),
        }
    }

    fn place(screen: Rect) -> Rect {
        centred(screen, 100, screen.height)
    }
}

/// Everything a step changed, to be read.
pub fn reading(line: &HistoryLine, changes: &[ChangeDetail], view: &View) -> ReadingBox {
    let at = date_time(line.at, view.info.utc_offset_hours);
    let note = format!("{at} {} {}", view.glyphs.dot, way(line.via));
    let mut pieces = vec![Piece::Note(note), Piece::Text(capitalised(&summary(&line.summary)))];
    if !line.why.is_empty() {
        pieces.push(Piece::Text(t!("history.why", why = line.why).into_owned()));
    }
    if let Some(seq) = line.undone_by {
        pieces.push(Piece::Note(t!("history.already_undone", seq = seq).into_owned()));
    }
    pieces.extend(changes.iter().flat_map(change_pieces));
    let left = touched(line).saturating_sub(changes.len() as u32);
    if left > 0 {
        pieces.push(Piece::Blank);
        pieces.push(Piece::Note(t!("history.more", count = left).into_owned()));
    }
    let title = t!("history.step", seq = line.seq, by = line.by);
    ReadingBox::new("history", title, pieces)
}

/// One record with its old and new values.
fn change_pieces(change: &ChangeDetail) -> Vec<Piece> {
    let heading = format!("{} {}", act(change.act), called(change.id.kind, &change.label));
    let mut pieces = vec![Piece::Blank, Piece::Heading(heading)];
    if change.erased {
        pieces.push(Piece::Note(capitalised(&t!("history.erased"))));
        return pieces;
    }
    for field in &change.fields {
        if field.hidden {
            let name = words::field(change.id.kind, &field.field);
            pieces.push(Piece::Pair(name, t!("history.hidden").into_owned()));
            continue;
        }
        let before = words::stored(change.id.kind, &field.field, &field.before);
        let after = words::stored(change.id.kind, &field.field, &field.after);
        let text = match change.act {
            Act::Added => after,
            Act::Deleted => before,
            Act::Changed => words::from_to(&or_empty(before), &or_empty(after)),
        };
        pieces.push(Piece::Pair(words::field(change.id.kind, &field.field), text));
    }
    pieces
}

/// What to ask before a step is taken back; or why it cannot be.
pub fn undo_question(line: &HistoryLine) -> Result<Question, String> {
    if line.summary.erases + line.summary.erased > 0 || line.summary.reason_of.is_some() {
        return Err(problem(&Problem::Erased { seq: line.seq }));
    }
    if let Some(seq) = line.undone_by {
        return Err(t!("history.already_undone", seq = seq).into_owned());
    }
    let text = t!("history.undo_question", seq = line.seq, what = summary(&line.summary));
    Ok(Question::new(text, touched(line)))
}

/// How many records a step touched.
pub fn touched(line: &HistoryLine) -> u32 {
    line.summary.parts.iter().map(|(.., count)| *count).fold(0, u32::saturating_add)
}

fn or_empty(text: String) -> String {
    if text.is_empty() { t!("history.empty").into_owned() } else { text }
}

fn act(act: Act) -> String {
    match act {
        Act::Added => t!("history.added"),
        Act::Changed => t!("history.changed"),
        Act::Deleted => t!("history.deleted"),
    }
    .into_owned()
}

impl Overlay for History {
    fn id(&self) -> &'static str {
        "history"
    }

    fn contexts(&self) -> &'static [Context] {
        &[Context::PaneHistory, Context::Picker]
    }

    fn facts(&self) -> Facts {
        Facts::NONE.when(Fact::Empty, self.steps.is_empty())
    }

    fn available(&self, command: Command) -> Availability {
        let why = match (command, self.steps.line()) {
            (Command::HistoryUndo, Some(line)) => undo_question(line).err(),
            (Command::PickerToggle | Command::HistoryRecord | Command::SignOff, _) => {
                Some(t!("records.not_here").into_owned())
            }
            _ => None,
        };
        why.map_or(Availability::Yes, Availability::No)
    }

    fn question(&self, command: Command) -> Option<Question> {
        let line = self.steps.line().filter(|_| command == Command::HistoryUndo)?;
        undo_question(line).ok()
    }

    fn hint(&self, command: Command) -> HintWord {
        match command {
            Command::PickerAccept => HintWord::here(t!("history.hint_details")),
            Command::HistoryUndo => HintWord::here(t!("history.hint_undo")),
            Command::PickerCancel => HintWord::here(t!("history.hint_close")),
            _ => HintWord::Usual,
        }
    }

    fn update(&mut self, event: PaneEvent, view: &View) -> Vec<Effect> {
        let inside = Self::place(view.area).inner(ratatui::layout::Margin::new(1, 1));
        match self.steps.update(event, inside) {
            Handled::Yes(effects) => effects,
            Handled::No(PaneEvent::Command(command)) => self.command(command),
            Handled::No(PaneEvent::Answer(_, Answer::Details(changes))) => {
                let line = self.steps.line();
                let reading = line.map(|line| reading(line, &changes, view));
                reading.map(|it| Effect::open("history.reading", it)).into_iter().collect()
            }
            Handled::No(_) => Vec::new(),
        }
    }

    fn draw(&self, frame: &mut Frame, view: &View) {
        let title = t!("history.of", name = self.label);
        let inner = boxed(frame, Self::place(view.area), &title, view.theme, view.glyphs);
        self.steps.draw(frame, inner, view);
    }
}
