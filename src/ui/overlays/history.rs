//! Who changed what and when: the steps of one record or of the whole office, newest
//! first, asked for page by page. Enter shows a step field by field; the mark key takes
//! it back, after a question.

use ratatui::Frame;

use super::confirm::Confirm;
use super::reading::{Piece, Reading};
use crate::domain::record::RecordId;
use crate::i18n::{date_time, label, summary, t};
use crate::link::protocol::{
    Act, Answer, ChangeDetail, HistoryLine, HistoryQuery, Notice, Request,
};
use crate::ui::command::{Command, Context};
use crate::ui::effect::{Effect, Tag, step};
use crate::ui::overlay::{Outcome, Overlay, centred};
use crate::ui::pane::{HintWord, PaneEvent, View};
use crate::ui::widgets::frame::{boxed, padded, put};
use crate::ui::words::{self, capitalised};

const LINES: &str = "history.lines";
const DETAILS: &str = "history.details";
const UNDO: &str = "history.undo";
const PAGE: u32 = 100;
/// The most changed records a step's details list.
const DETAILS_MAX: u32 = 200;

pub struct History {
    record: Option<RecordId>,
    label: String,
    lines: Vec<HistoryLine>,
    cursor: usize,
    asked: u32,
    /// Nothing older is left.
    complete: bool,
    answered: bool,
}

impl History {
    /// Of one record, under the words it goes by.
    pub fn of(record: RecordId, label: impl Into<String>) -> Self {
        Self { record: Some(record), label: label.into(), ..Self::office() }
    }

    /// Of everything.
    pub fn office() -> Self {
        Self {
            record: None,
            label: String::new(),
            lines: Vec::new(),
            cursor: 0,
            asked: 0,
            complete: false,
            answered: false,
        }
    }

    fn ask(&mut self, before: Option<u64>) -> Vec<Effect> {
        self.asked += 1;
        let query =
            HistoryQuery { record: self.record, before, limit: PAGE, ..HistoryQuery::default() };
        vec![Effect::ask(Tag::new(LINES, self.asked), Request::History(query))]
    }

    fn move_to(&mut self, at: usize) -> Vec<Effect> {
        self.cursor = at.min(self.lines.len().saturating_sub(1));
        let last = self.lines.last().map(|line| line.seq);
        if !self.complete && self.cursor + 1 == self.lines.len() {
            return self.ask(last);
        }
        Vec::new()
    }

    fn line(&self) -> Option<&HistoryLine> {
        self.lines.get(self.cursor)
    }

    fn command(&mut self, command: Command, page: usize) -> Vec<Effect> {
        match command {
            Command::PickerUp => self.move_to(self.cursor.saturating_sub(1)),
            Command::PickerDown => self.move_to(self.cursor + 1),
            Command::PickerPageUp => self.move_to(self.cursor.saturating_sub(page)),
            Command::PickerPageDown => self.move_to(self.cursor + page),
            Command::PickerFirst => self.move_to(0),
            Command::PickerLast => self.move_to(usize::MAX),
            Command::PickerAccept => match self.line() {
                Some(line) => {
                    let request = Request::Details { seq: line.seq, limit: DETAILS_MAX };
                    vec![Effect::ask(DETAILS, request)]
                }
                None => Vec::new(),
            },
            Command::PickerToggle => self.ask_undo(),
            Command::PickerCancel | Command::Cancel => vec![Effect::Done(Outcome::Cancelled)],
            _ => Vec::new(),
        }
    }

    fn ask_undo(&self) -> Vec<Effect> {
        let Some(line) = self.line() else { return Vec::new() };
        if let Some(seq) = line.undone_by {
            return vec![Effect::refuse(t!("history.already_undone", seq = seq))];
        }
        let text = t!("history.undo_question", seq = line.seq, what = summary(&line.summary));
        vec![Effect::open(UNDO, Confirm::ask(text))]
    }

    fn details(&self, changes: &[ChangeDetail]) -> Vec<Effect> {
        let Some(line) = self.line() else { return Vec::new() };
        let mut pieces = vec![Piece::Text(capitalised(&summary(&line.summary)))];
        if !line.why.is_empty() {
            pieces.push(Piece::Note(line.why.clone()));
        }
        for change in changes {
            pieces.push(Piece::Blank);
            pieces.push(Piece::Heading(format!("{} {}", act(change.act), label(&change.label))));
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
                    Act::Changed => format!("{} -> {}", or_empty(before), or_empty(after)),
                };
                pieces.push(Piece::Pair(words::field(change.id.kind, &field.field), text));
            }
        }
        let title = t!("history.step", seq = line.seq, by = line.by);
        vec![Effect::open("history.reading", Reading::new("history", title, pieces))]
    }
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
        &[Context::Picker]
    }

    fn hint(&self, command: Command) -> HintWord {
        match command {
            Command::PickerAccept => HintWord::here(t!("history.hint_details")),
            Command::PickerToggle => HintWord::here(t!("history.hint_undo")),
            Command::PickerCancel => HintWord::here(t!("history.hint_close")),
            _ => HintWord::Usual,
        }
    }

    fn update(&mut self, event: PaneEvent, view: &View) -> Vec<Effect> {
        match event {
            PaneEvent::Shown => self.ask(None),
            PaneEvent::Command(command) => {
                let page = usize::from(view.area.height.saturating_sub(2)).max(1);
                self.command(command, page)
            }
            PaneEvent::Answer(tag, Answer::History(lines))
                if tag == Tag::new(LINES, self.asked) =>
            {
                self.complete = lines.len() < PAGE as usize;
                self.lines.extend(lines);
                self.answered = true;
                Vec::new()
            }
            PaneEvent::Answer(_, Answer::Details(changes)) => self.details(&changes),
            PaneEvent::Outcome(tag, Outcome::Yes) if tag.name == UNDO => match self.line() {
                Some(line) => {
                    let request = Request::Undo { step: step(), seq: Some(line.seq) };
                    vec![Effect::ask(UNDO, request)]
                }
                None => Vec::new(),
            },
            PaneEvent::Notice(Notice::Changed { .. }) => {
                self.lines.clear();
                self.complete = false;
                self.ask(None)
            }
            _ => Vec::new(),
        }
    }

    fn draw(&self, frame: &mut Frame, view: &View) {
        let title = if self.record.is_some() {
            t!("history.of", name = self.label)
        } else {
            t!("history.office")
        };
        let place = centred(view.area, 100, view.area.height);
        let inner = boxed(frame, place, &title, view.theme, view.glyphs);
        let list = inner;
        let rows = usize::from(list.height);
        let top = (self.cursor + 1).saturating_sub(rows);
        for (row, (at, line)) in self.lines.iter().enumerate().skip(top).take(rows).enumerate() {
            let here = at == self.cursor;
            let marker = if here { view.glyphs.cursor } else { " " };
            let undone = line.undone_by.map(|seq| t!("history.undone", seq = seq));
            let text = format!(
                "{marker} {:>5} {} {} {} {}",
                line.seq,
                padded(&date_time(line.at, view.info.utc_offset_hours), 18, false, "~"),
                padded(&line.by, 10, false, view.glyphs.ellipsis),
                undone.unwrap_or_default(),
                summary(&line.summary),
            );
            let text = padded(&text, usize::from(list.width), false, view.glyphs.ellipsis);
            let style = match (here, line.undone_by) {
                (true, _) => view.theme.selected,
                (_, Some(_)) => view.theme.dim,
                _ => view.theme.text,
            };
            put(frame, list, row as u16, &text, style, view.glyphs);
        }
        if self.lines.is_empty() && self.answered {
            put(frame, list, 0, &t!("history.none"), view.theme.dim, view.glyphs);
        }
    }
}
