//! Entry: one field of a form while it is being filled in, and how what is typed becomes
//! the value the record gets. One kind of entry for each shape of field.

use chrono::{NaiveDate, TimeDelta};
use serde_json::Value as Json;

use super::ahead::TypeAhead;
use super::referring::Referring;
use crate::domain::date;
use crate::domain::fault::{Fault, Reason};
use crate::domain::field::{Field, LONG_TEXT_MAX, Shape, TEXT_MAX, numbers};
use crate::domain::grade::Grade;
use crate::domain::record::{Kind, RecordId};
use crate::domain::several::too_many;
use crate::i18n;
use crate::ui::command::Command;
use crate::ui::widgets::line::{LineEdit, TextLine};

const LEVELS: &[&str] = &["1", "2", "3", "4", "5"];

pub struct FormEntry {
    pub field: &'static Field,
    pub kind: Kind,
    state: EntryState,
    /// As text, as it was when the form opened: to know what has been changed.
    original: String,
    /// What was typed towards an option.
    ahead: TypeAhead,
    /// From where a date without its year is sought.
    pub(super) today: Option<NaiveDate>,
}

enum EntryState {
    Line(TextLine),
    /// A closed list; `None` is empty.
    Choice(&'static [&'static str], Option<usize>),
    Flag(bool),
    Reference(Referring),
    /// Lines that are changed one by one, from a list of them.
    Listed(String),
    /// Shown, not edited here.
    Kept(Json),
}

/// As long as the largest cost, with its points.
const WHOLE_MAX: usize = 17;

impl FormEntry {
    pub fn new(kind: Kind, field: &'static Field, value: Option<&Json>) -> Self {
        let text = value.map(plain).unwrap_or_default();
        let line = |max| EntryState::Line(TextLine::new(&text).max(max));
        let state = match field.shape {
            _ if field.figures_of.is_some() => EntryState::Listed(text.clone()),
            Shape::List if kind == Kind::Competencies => {
                let levels =
                    value.filter(|levels| levels.as_array().is_some_and(|all| !all.is_empty()));
                EntryState::Listed(levels.map(Json::to_string).unwrap_or_default())
            }
            Shape::Text => line(TEXT_MAX),
            Shape::LongText => line(LONG_TEXT_MAX),
            Shape::Number => {
                EntryState::Line(TextLine::new(&crate::ui::words::grouped(&text)).max(40))
            }
            Shape::Grade => line(40),
            // Nought where it cannot be meant is nothing yet: it would stand before what is typed.
            Shape::Whole { min, .. } if min > 0 && text == "0" => {
                EntryState::Line(TextLine::new("").max(WHOLE_MAX))
            }
            Shape::Whole { .. } | Shape::Points { .. } => line(WHOLE_MAX),
            Shape::Date => {
                let shown = text.parse::<NaiveDate>().map_or(text.clone(), i18n::date);
                EntryState::Line(TextLine::new(&shown).max(30))
            }
            Shape::Moment => {
                let shown = text.parse().map_or(text.clone(), i18n::moment);
                EntryState::Line(TextLine::new(&shown).max(40))
            }
            Shape::Level => {
                EntryState::Choice(LEVELS, LEVELS.iter().position(|level| *level == text))
            }
            Shape::Choice(codes) => {
                EntryState::Choice(codes, codes.iter().position(|c| *c == text))
            }
            Shape::Flag => EntryState::Flag(value == Some(&Json::Bool(true))),
            Shape::Reference(to) | Shape::References(to) => {
                let several = matches!(field.shape, Shape::References(_));
                let meant = value.into_iter().flat_map(numbers).filter(|number| *number > 0);
                let line = TextLine::new("").max(if several { LONG_TEXT_MAX } else { TEXT_MAX });
                EntryState::Reference(Referring::new(to, several, line, meant.collect()))
            }
            Shape::List => EntryState::Kept(value.cloned().unwrap_or(Json::Null)),
        };
        let (original, ahead) = (String::new(), TypeAhead::default());
        let mut entry = Self { field, kind, state, original, ahead, today: None };
        entry.original = entry.text();
        entry
    }

    pub fn label(&self) -> String {
        crate::ui::words::field(self.kind, self.field.name)
    }

    /// What is not plain from the label: how it is written, what leaving it empty means.
    pub fn help(&self) -> Option<String> {
        let shape = match self.field.shape {
            Shape::Date => "date",
            Shape::Moment => "moment",
            Shape::Grade => "grade",
            Shape::Reference(_) => "reference",
            Shape::References(_) => "references",
            Shape::List => "list",
            _ => "",
        };
        i18n::find(&format!("field_help.{}.{}", self.kind, self.field.name))
            .or_else(|| i18n::find(&format!("field_help.{shape}")))
    }

    pub const fn is_kept(&self) -> bool {
        matches!(self.state, EntryState::Kept(_))
    }

    /// Whether letters typed here are its text (else they choose).
    pub const fn takes_text(&self) -> bool {
        matches!(self.state, EntryState::Line(_) | EntryState::Reference(_))
    }

    pub fn is_changed(&self) -> bool {
        self.text() != self.original
    }

    /// Whether it tells which record this is, rather than something about it.
    pub fn is_key(&self) -> bool {
        match self.field.shape {
            Shape::Number => true,
            Shape::Reference(_) => self.field.required,
            _ => matches!(self.field.name, "code" | "user"),
        }
    }

    /// How many days lay between its first value and that of a later day.
    pub(super) fn days_to(&self, later: &Self) -> TimeDelta {
        match (date::read(&self.original), date::read(&later.original)) {
            (Some(from), Some(to)) => to - from,
            _ => TimeDelta::zero(),
        }
    }

    /// The day that was understood.
    pub fn date(&self) -> Option<NaiveDate> {
        let line = self.line().filter(|_| self.field.shape == Shape::Date)?;
        let short = || date::short(line.text(), self.today?, self.field.yearless);
        date::read(line.text()).or_else(short)
    }

    /// What stands there, as a draft keeps it.
    pub fn text(&self) -> String {
        match &self.state {
            EntryState::Line(line) => line.text().to_string(),
            EntryState::Choice(codes, at) => {
                at.and_then(|at| codes.get(at)).map(|code| (*code).to_string()).unwrap_or_default()
            }
            EntryState::Flag(flag) => if *flag { "true" } else { "" }.to_string(),
            EntryState::Reference(referring) => referring.text(),
            EntryState::Listed(text) => text.clone(),
            EntryState::Kept(_) => String::new(),
        }
    }

    /// Puts back what a draft kept.
    pub fn restore(&mut self, text: &str) {
        match &mut self.state {
            EntryState::Line(line) => line.set(text),
            EntryState::Choice(codes, at) => *at = codes.iter().position(|code| *code == text),
            EntryState::Flag(flag) => *flag = text == "true",
            EntryState::Reference(referring) => referring.restore(text),
            // Levels were not kept in drafts of before they could be written here.
            EntryState::Listed(_) if text.is_empty() && self.field.shape == Shape::List => {}
            EntryState::Listed(listed) => *listed = text.to_string(),
            EntryState::Kept(_) => {}
        }
    }

    /// Begins with this text, which is no change.
    pub fn begin(&mut self, text: &str) {
        self.restore(text);
        self.original = self.text();
    }

    /// The value the record gets; `Err` when what is typed is none.
    pub fn value(&self) -> Result<Option<Json>, Fault> {
        match &self.state {
            EntryState::Reference(referring) => match (referring.numbers(), self.field.shape) {
                (None, _) => Err(Fault::new(self.field.name, Reason::UnknownReference)),
                (Some(all), _) if all.is_empty() => Ok(None),
                (Some(all), Shape::References(_)) => {
                    too_many(self.field.name, all.len()).map_or(Ok(Some(Json::from(all))), Err)
                }
                (Some(all), _) => Ok(all.first().copied().map(Json::from)),
            },
            EntryState::Kept(value) => Ok(Some(value.clone()).filter(|value| !value.is_null())),
            EntryState::Line(_)
            | EntryState::Choice(..)
            | EntryState::Flag(_)
            | EntryState::Listed(_) => match self.date() {
                Some(date) => Ok(Some(Json::from(date.to_string()))),
                None => i18n::typed(self.field, &self.text()),
            },
        }
    }

    /// Writes what was typed the way it is shown everywhere.
    pub fn tidy(&mut self) {
        self.ahead.forget();
        let date = self.date();
        let EntryState::Line(line) = &mut self.state else { return };
        let tidy = match self.field.shape {
            Shape::Date => date.map(i18n::date),
            Shape::Moment => i18n::read_moment(line.text(), date::read).map(i18n::moment),
            Shape::Number => Some(crate::ui::words::grouped(line.text())),
            Shape::Grade => i18n::grade_named(line.text()).map(|grade| grade.to_string()),
            _ => None,
        };
        if let Some(tidy) = tidy.filter(|tidy| tidy != line.text()) {
            line.set(&tidy);
        }
    }

    /// What the screen shows while the cursor is elsewhere.
    pub fn shown(&self) -> String {
        match &self.state {
            EntryState::Line(line) | EntryState::Reference(Referring { line, .. }) => {
                line.text().to_string()
            }
            EntryState::Choice(codes, at) => {
                at.and_then(|at| codes.get(at)).map(|code| self.words_of(code)).unwrap_or_default()
            }
            EntryState::Flag(flag) => if *flag { "[x]" } else { "[ ]" }.to_string(),
            EntryState::Listed(text) if text.is_empty() => String::new(),
            EntryState::Listed(text) if self.is_levels() => {
                let levels = serde_json::from_str::<Vec<Json>>(text).map_or(0, |all| all.len());
                i18n::t!("form.levels", count = levels).into_owned()
            }
            EntryState::Listed(text) => {
                i18n::t!("form.figures", count = text.lines().count()).into_owned()
            }
            EntryState::Kept(Json::Array(items)) if !items.is_empty() => {
                i18n::t!("form.kept", count = items.len()).into_owned()
            }
            EntryState::Kept(_) => String::new(),
        }
    }

    fn words_of(&self, code: &str) -> String {
        match self.field.shape {
            Shape::Choice(_) => i18n::choice(code),
            _ => code.to_string(),
        }
    }

    pub fn line(&self) -> Option<&TextLine> {
        match &self.state {
            EntryState::Line(line) | EntryState::Reference(Referring { line, .. }) => Some(line),
            _ => None,
        }
    }

    /// A character typed: text, or one letter more of an option's words.
    pub fn type_char(&mut self, c: char) -> LineEdit {
        let words = self.option_words();
        match &mut self.state {
            EntryState::Line(line) | EntryState::Reference(Referring { line, .. }) => {
                line.insert(c)
            }
            EntryState::Choice(_, at) => seek(at, self.ahead.letter(c, &words, *at)),
            EntryState::Flag(flag) if c == ' ' => {
                *flag = !*flag;
                LineEdit::Changed
            }
            _ => LineEdit::Moved,
        }
    }

    pub fn paste(&mut self, text: &str) -> LineEdit {
        let words = self.option_words();
        match &mut self.state {
            EntryState::Line(line) | EntryState::Reference(Referring { line, .. }) => {
                line.paste(text)
            }
            EntryState::Choice(_, at) => seek(at, self.ahead.text(text, &words)),
            _ => LineEdit::Moved,
        }
    }

    /// Each option by the words shown, then by those it is known by besides.
    fn option_words(&self) -> Vec<Vec<String>> {
        let EntryState::Choice(codes, _) = &self.state else { return Vec::new() };
        let words = |code: &&'static str| {
            let mut words = vec![self.words_of(code)];
            if matches!(self.field.shape, Shape::Choice(_)) {
                words.extend(i18n::other_words(code));
            }
            words
        };
        codes.iter().map(words).collect()
    }

    pub fn command(&mut self, command: Command) -> LineEdit {
        match &mut self.state {
            EntryState::Line(line) | EntryState::Reference(Referring { line, .. }) => {
                line.command(command)
            }
            _ => LineEdit::No,
        }
    }

    /// Ticks a yes/no or takes its tick away; of anything else nothing.
    pub const fn tick(&mut self) -> LineEdit {
        match &mut self.state {
            EntryState::Flag(flag) => {
                *flag = !*flag;
                LineEdit::Changed
            }
            _ => LineEdit::No,
        }
    }

    /// The field that names the table whose figures these are.
    pub const fn figures_of(&self) -> Option<&'static str> {
        self.field.figures_of
    }

    /// Whether it is changed in a list of its own.
    pub const fn is_listed(&self) -> bool {
        matches!(self.state, EntryState::Listed(_))
    }

    /// Whether these are the level texts of a competency.
    pub const fn is_levels(&self) -> bool {
        self.is_listed() && self.field.figures_of.is_none()
    }

    /// Whether Left and Right change it.
    pub const fn turns(&self) -> bool {
        matches!(self.state, EntryState::Choice(..) | EntryState::Flag(_))
    }

    pub const fn is_flag(&self) -> bool {
        matches!(self.state, EntryState::Flag(_))
    }

    /// The next or the previous option; past the last there is the empty one, unless required.
    pub fn turn(&mut self, forward: bool) -> LineEdit {
        self.ahead.forget();
        match &mut self.state {
            EntryState::Choice(codes, at) => {
                let empty = usize::from(!self.field.required);
                let count = codes.len() + empty;
                let place = at.map_or(codes.len(), |at| at).min(count.saturating_sub(1));
                let step = if forward { 1 } else { count.saturating_sub(1) };
                let next =
                    if at.is_none() && empty == 0 { 0 } else { (place + step) % count.max(1) };
                *at = (next < codes.len()).then_some(next);
                LineEdit::Changed
            }
            EntryState::Flag(_) => self.tick(),
            _ => LineEdit::No,
        }
    }

    /// What a look-up offers: words, and for each what [`FormEntry::restore`] takes.
    pub fn options(&self) -> Vec<(String, String)> {
        match (&self.state, self.field.shape) {
            (EntryState::Choice(codes, _), _) => {
                codes.iter().map(|code| (self.words_of(code), (*code).to_string())).collect()
            }
            (_, Shape::Grade) => {
                Grade::all().map(|grade| (i18n::grade(grade), grade.to_string())).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The kind of record this refers to.
    pub const fn refers_to(&self) -> Option<Kind> {
        match &self.state {
            EntryState::Reference(referring) => Some(referring.to),
            _ => None,
        }
    }

    /// The record it refers to and has no words for yet.
    pub fn unnamed(&self) -> Option<RecordId> {
        match &self.state {
            EntryState::Reference(referring) => referring.unnamed(),
            _ => None,
        }
    }

    /// Words for the record it refers to, once the office has told them.
    pub fn name(&mut self, label: &str) {
        let changed = self.is_changed();
        if let EntryState::Reference(referring) = &mut self.state {
            referring.name(label);
        }
        if !changed {
            self.original = self.text();
        }
    }

    pub fn choose(&mut self, number: u32, label: &str) {
        if let EntryState::Reference(referring) = &mut self.state {
            referring.choose(number, label);
        }
    }

    /// What was typed and not yet found among the records.
    pub fn unresolved(&self) -> Option<(Kind, &str)> {
        match &self.state {
            EntryState::Reference(referring) => referring.unresolved(),
            _ => None,
        }
    }
}

/// Goes to the option that was found.
fn seek(at: &mut Option<usize>, found: Option<usize>) -> LineEdit {
    match found {
        Some(_) => {
            *at = found;
            LineEdit::Changed
        }
        None => LineEdit::Moved,
    }
}

/// A JSON value as a form's text.
fn plain(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Number(number) => number.to_string(),
        Json::Bool(true) => "true".to_string(),
        _ => String::new(),
    }
}
