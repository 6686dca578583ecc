//! The form for what is written beside every level keyed from now on: source, rater, date,
//! method, and where the cursor goes after a digit. It fills in the sitting it shares with
//! the pane and ends with `Outcome::Yes`; nothing of it is a record of its own.

use std::cell::RefCell;
use std::rc::Rc;

use chrono::NaiveDate;
use ratatui::Frame;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::keyed::{Advance, KeyedWith};
use crate::domain::date::read;
use crate::domain::fault::Reason;
use crate::domain::kinds::competency::Level;
use crate::domain::kinds::rating::RatingSource;
use crate::i18n::{choice, date, reason, t};
use crate::ui::command::{Command, Context, Facts};
use crate::ui::effect::Effect;
use crate::ui::overlay::{Outcome, Overlay, centred};
use crate::ui::overlays::confirm::Confirm;
use crate::ui::pane::{Availability, PaneEvent, View};
use crate::ui::widgets::form::{TypeAhead, ticking};
use crate::ui::widgets::frame::{boxed, fit, put};
use crate::ui::widgets::line::TextLine;

const DISCARD: &str = "matrix.discard";
const WIDTH: u16 = 64;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Source,
    Rater,
    Date,
    Method,
    Advance,
}

const PARTS: [Part; 5] = [Part::Source, Part::Rater, Part::Date, Part::Method, Part::Advance];

pub struct SourceForm {
    sitting: Rc<RefCell<KeyedWith>>,
    /// The level that waits for this form.
    held: Option<Level>,
    focus: usize,
    source: usize,
    rater: TextLine,
    date: TextLine,
    method: TextLine,
    advance: Advance,
    /// What was typed towards a source.
    ahead: TypeAhead,
    fault: Option<String>,
}

impl SourceForm {
    pub fn new(sitting: &Rc<RefCell<KeyedWith>>, held: Option<Level>, today: NaiveDate) -> Self {
        let now = sitting.borrow().clone();
        Self {
            sitting: Rc::clone(sitting),
            held,
            focus: 0,
            source: RatingSource::ALL.iter().position(|one| *one == now.source).unwrap_or(0),
            rater: TextLine::new(&now.rater),
            date: TextLine::new(&date(now.date.unwrap_or(today))).max(30),
            method: TextLine::new(&now.method),
            advance: now.advance,
            ahead: TypeAhead::default(),
            fault: None,
        }
    }

    fn part(&self) -> Part {
        PARTS[self.focus % PARTS.len()]
    }

    fn line(&mut self) -> Option<&mut TextLine> {
        match self.part() {
            Part::Rater => Some(&mut self.rater),
            Part::Date => Some(&mut self.date),
            Part::Method => Some(&mut self.method),
            Part::Source | Part::Advance => None,
        }
    }

    fn turn(&mut self, by: usize) {
        self.ahead.forget();
        match self.part() {
            Part::Source => self.source = (self.source + by) % RatingSource::ALL.len(),
            Part::Advance => {
                self.advance = match self.advance {
                    Advance::Across => Advance::Down,
                    Advance::Down => Advance::Across,
                };
            }
            _ => {}
        }
    }

    /// Letters choose the source they begin. Digits do nothing here: they are levels typed on
    /// by fingers that have not seen the form yet.
    fn choose(&mut self, c: char) {
        if self.part() != Part::Source || c.is_ascii_digit() {
            return;
        }
        let words: Vec<Vec<String>> =
            RatingSource::ALL.iter().map(|source| vec![choice(source.code())]).collect();
        self.source = self.ahead.letter(c, &words, Some(self.source)).unwrap_or(self.source);
    }

    fn save(&mut self, today: NaiveDate) -> Vec<Effect> {
        let day = match read(self.date.text()) {
            None => Err(reason(Reason::DateUnreadable, self.date.text())),
            // It would stand over every later rating until that day.
            Some(day) if day > today => Err(t!("matrix.date_in_future").into_owned()),
            Some(day) => Ok(day),
        };
        let day = match day {
            Ok(day) => day,
            Err(fault) => {
                self.fault = Some(fault);
                self.focus = PARTS.iter().position(|part| *part == Part::Date).unwrap_or(0);
                return Vec::new();
            }
        };
        *self.sitting.borrow_mut() = KeyedWith {
            source: RatingSource::ALL[self.source % RatingSource::ALL.len()],
            rater: self.rater.text().trim().to_string(),
            // Today goes on being today after midnight.
            date: Some(day).filter(|day| *day != today),
            method: self.method.text().trim().to_string(),
            advance: self.advance,
            confirmed: true,
        };
        vec![Effect::Done(Outcome::Yes)]
    }

    /// Whether leaving now would lose something typed.
    fn is_changed(&self, today: NaiveDate) -> bool {
        let before = Self::new(&self.sitting, None, today);
        PARTS.iter().any(|part| self.value(*part) != before.value(*part))
    }

    fn value(&self, part: Part) -> String {
        match part {
            Part::Source => choice(RatingSource::ALL[self.source % RatingSource::ALL.len()].code()),
            Part::Rater => self.rater.text().to_string(),
            Part::Date => self.date.text().to_string(),
            Part::Method => self.method.text().to_string(),
            Part::Advance => advance_words(self.advance),
        }
    }
}

pub fn advance_words(advance: Advance) -> String {
    match advance {
        Advance::Across => t!("matrix.advance_across"),
        Advance::Down => t!("matrix.advance_down"),
    }
    .into_owned()
}

fn label(part: Part) -> String {
    match part {
        Part::Source => t!("matrix.source"),
        Part::Rater => t!("matrix.rater"),
        Part::Date => t!("matrix.date"),
        Part::Method => t!("matrix.method"),
        Part::Advance => t!("matrix.advance"),
    }
    .into_owned()
}

impl Overlay for SourceForm {
    fn id(&self) -> &'static str {
        "matrix.source"
    }

    fn contexts(&self) -> &'static [Context] {
        match self.part() {
            Part::Source | Part::Advance => &[Context::Form],
            Part::Rater | Part::Date | Part::Method => &[Context::Text, Context::Form],
        }
    }

    fn available(&self, command: Command) -> Availability {
        ticking(command, false)
    }

    fn update(&mut self, event: PaneEvent, view: &View) -> Vec<Effect> {
        match event {
            PaneEvent::Text(c) => {
                self.fault = None;
                if let Some(line) = self.line() {
                    line.insert(c);
                } else {
                    self.choose(c);
                }
            }
            PaneEvent::Paste(text) => {
                if let Some(line) = self.line() {
                    line.paste(text);
                }
            }
            PaneEvent::Outcome(tag, Outcome::Yes) if tag.name == DISCARD => {
                return vec![Effect::Done(Outcome::Cancelled)];
            }
            PaneEvent::Command(command) => match command {
                Command::FormNext => self.focus = (self.focus + 1) % PARTS.len(),
                Command::FormPrev => self.focus = (self.focus + PARTS.len() - 1) % PARTS.len(),
                Command::FormOptionNext => self.turn(1),
                Command::FormOptionPrev => self.turn(RatingSource::ALL.len() - 1),
                Command::FormSave => return self.save(view.today),
                Command::FormCancel | Command::Cancel if self.is_changed(view.today) => {
                    return vec![Effect::open(DISCARD, Confirm::ask(t!("form.discard")))];
                }
                Command::FormCancel | Command::Cancel => {
                    return vec![Effect::Done(Outcome::Cancelled)];
                }
                command => {
                    self.fault = None;
                    if let Some(line) = self.line() {
                        line.command(command);
                    }
                }
            },
            _ => {}
        }
        Vec::new()
    }

    fn draw(&self, frame: &mut Frame, view: &View) {
        let height = PARTS.len() as u16 + 5;
        let place = centred(view.area, WIDTH, height);
        let inner = boxed(frame, place, &t!("matrix.source_title"), view.theme, view.glyphs);
        let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
        if inner.is_empty() {
            return;
        }
        // What does not fit scrolls away above the field with the cursor.
        let rows = usize::from(inner.height);
        let top = (self.focus + 1).saturating_sub(rows);
        let widest = PARTS.iter().map(|part| label(*part).width()).max().unwrap_or(0);
        let inset = (widest as u16 + 4).min(inner.width);
        for (row, part) in PARTS.iter().enumerate().skip(top).take(rows) {
            let focused = *part == self.part();
            let line = Rect { y: inner.y + (row - top) as u16, height: 1, ..inner };
            let marker = if focused { view.glyphs.cursor } else { " " };
            let style = if focused { view.theme.accent } else { view.theme.dim };
            put(frame, line, 0, &format!("{marker} {}", label(*part)), style, view.glyphs);
            let value = Rect { x: line.x + inset, width: line.width - inset, ..line };
            let text = match part {
                Part::Rater => Some(&self.rater),
                Part::Date => Some(&self.date),
                Part::Method => Some(&self.method),
                Part::Source | Part::Advance => None,
            };
            match text {
                Some(text) if focused => text.draw(frame, value, view.theme.selected, true),
                None if focused => {
                    let (left, right) = (view.glyphs.left, view.glyphs.right);
                    let text = format!("{left} {} {right}", self.value(*part));
                    put(frame, value, 0, &text, view.theme.selected, view.glyphs);
                }
                _ => put(frame, value, 0, &self.value(*part), view.theme.text, view.glyphs),
            }
        }
        let below = PARTS.len() as u16;
        if let Some(fault) = &self.fault {
            put(frame, inner, below, &format!("! {fault}"), view.theme.error, view.glyphs);
        } else if let Some(level) = self.held {
            let text = t!("matrix.level_held", level = level);
            put(frame, inner, below, &text, view.theme.warning, view.glyphs);
        }
        let keys = |command| {
            view.keymap.keys_of(command, &[Context::Form], Facts::NONE).unwrap_or_default()
        };
        let (save, cancel) = (keys(Command::FormSave), keys(Command::FormCancel));
        let text = t!("matrix.source_keys", save = save, cancel = cancel);
        let text = fit(&text, usize::from(inner.width), view.glyphs.ellipsis);
        put(frame, inner, below + 2, &text, view.theme.dim, view.glyphs);
    }
}
