//! The form for what a report takes besides unit and search: year, day, its own parameters.
//! It fills in the query it shares with the pane and ends with `Outcome::Yes`. An empty
//! field means what the report means unless asked, which stands beside it.

use std::cell::RefCell;
use std::rc::Rc;

use ratatui::Frame;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::finding::{self, Finding};
use crate::domain::date;
use crate::domain::fault::Reason;
use crate::i18n::{self, reason, report_choice, report_param, t};
use crate::protocol::{Param, ParamShape, ReportInfo, ReportQuery};
use crate::ui::command::{Command, Context, Facts};
use crate::ui::effect::Effect;
use crate::ui::overlay::{Outcome, Overlay, centred};
use crate::ui::pane::{Availability, PaneEvent, View};
use crate::ui::widgets::form::ticking;
use crate::ui::widgets::frame::{boxed, fit, put, squeezed, wrap};
use crate::ui::widgets::line::TextLine;

/// What is looked up is chosen from a list under this.
const FOUND: &str = "reports.found_param";
/// The longest text of a field that is looked up.
const FOUND_MAX: usize = 400;
/// Lines of what may be meant, and of whether there is more.
const OFFERED: u16 = 5;
const WIDTH: u16 = 70;
/// The widest a label stands beside its field.
const LABEL_MAX: usize = 28;

/// Parameters that stand in the form; unit and search have keys of their own, people are marked.
pub fn asked_for(info: &ReportInfo) -> impl Iterator<Item = &Param> {
    let elsewhere = |param: &&Param| {
        param.name == "search" || matches!(param.shape, ParamShape::Unit | ParamShape::People)
    };
    info.params.iter().filter(move |param| !elsewhere(param))
}

enum Field {
    Line(TextLine),
    /// What is typed is looked up.
    Found(TextLine, Finding),
    Choice(usize),
}

impl Field {
    fn line(&self) -> Option<&TextLine> {
        match self {
            Self::Line(line) | Self::Found(line, _) => Some(line),
            Self::Choice(_) => None,
        }
    }
}

pub struct ParamForm {
    report: String,
    title: String,
    params: Vec<Param>,
    fields: Vec<Field>,
    focus: usize,
    query: Rc<RefCell<ReportQuery>>,
    fault: Option<String>,
}

impl ParamForm {
    pub fn new(info: &ReportInfo, query: &Rc<RefCell<ReportQuery>>) -> Self {
        let params: Vec<Param> = asked_for(info).cloned().collect();
        let fields = params.iter().map(|param| field(param, &query.borrow())).collect();
        let title = i18n::report(&info.id);
        let report = info.id.clone();
        Self { report, title, params, fields, focus: 0, query: Rc::clone(query), fault: None }
    }

    fn line(&mut self) -> Option<&mut TextLine> {
        match self.fields.get_mut(self.focus) {
            Some(Field::Line(line) | Field::Found(line, _)) => Some(line),
            _ => None,
        }
    }

    fn finding(&mut self) -> Option<(&mut TextLine, &mut Finding)> {
        match self.fields.get_mut(self.focus) {
            Some(Field::Found(line, finding)) => Some((line, finding)),
            _ => None,
        }
    }

    /// Asks what is typed may mean.
    fn follow(&mut self) -> Vec<Effect> {
        self.finding().map(|(line, found)| found.follow(line.text())).unwrap_or_default()
    }

    /// The list of what the words may mean.
    fn look_up(&mut self) -> Vec<Effect> {
        let name = self.params.get(self.focus).map(|param| report_param(&param.name));
        let title = label(&name.unwrap_or_default());
        let picker = self.finding().and_then(|(_, found)| found.picker(&title));
        picker.map(|picker| Effect::open(FOUND, picker)).into_iter().collect()
    }

    /// On to the next field, once what is typed in this one means something.
    fn go_on(&mut self) -> Vec<Effect> {
        if self.finding().is_some_and(|(_, found)| found.is_open()) {
            return self.look_up();
        }
        // Enter on the last field has nothing to go on to.
        if self.focus + 1 >= self.fields.len() {
            return self.save();
        }
        self.focus += 1;
        Vec::new()
    }

    fn turn(&mut self, forward: bool) {
        let codes = self.params.get(self.focus).map(codes).unwrap_or_default();
        if let Some(Field::Choice(at)) = self.fields.get_mut(self.focus) {
            let count = codes.len().max(1);
            *at = (*at + if forward { 1 } else { count - 1 }) % count;
        }
    }

    /// A letter chooses the next option whose word begins with it.
    fn choose(&mut self, c: char) {
        let Some(param) = self.params.get(self.focus) else { return };
        let (report, name) = (self.report.clone(), param.name.clone());
        let codes = codes(param);
        let Some(Field::Choice(at)) = self.fields.get_mut(self.focus) else { return };
        if c.is_whitespace() {
            return;
        }
        let wanted: String = c.to_lowercase().collect();
        let begins = |at: &usize| {
            codes.get(*at).is_some_and(|code| {
                report_choice(&report, &name, code).to_lowercase().starts_with(&wanted)
            })
        };
        let order = (1..=codes.len()).map(|step| (*at + step) % codes.len().max(1));
        if let Some(found) = order.into_iter().find(begins) {
            *at = found;
        }
    }

    fn save(&mut self) -> Vec<Effect> {
        let mut query = self.query.borrow().clone();
        // What is chosen elsewhere stays: people by their marks.
        query.own.retain(|(name, _)| self.params.iter().all(|param| param.name != *name));
        for (at, (param, field)) in self.params.iter().zip(&self.fields).enumerate() {
            if let Err(fault) = put_into(&mut query, param, field) {
                self.fault = Some(fault);
                self.focus = at;
                return Vec::new();
            }
        }
        if let Some((at, fault)) = self.alone(&query) {
            (self.focus, self.fault) = (at, Some(fault));
            return Vec::new();
        }
        *self.query.borrow_mut() = query;
        vec![Effect::Done(Outcome::Yes)]
    }

    /// The first field that is filled in and means nothing beside what else was chosen.
    fn alone(&self, query: &ReportQuery) -> Option<(usize, String)> {
        let value = |param: &Param| {
            let own = query.own.iter().find(|(name, _)| *name == param.name);
            own.map_or_else(|| param.default.clone(), |(_, value)| value.clone())
        };
        self.params.iter().enumerate().find_map(|(at, param)| {
            let (name, code) = param.only.as_ref()?;
            let given = match param.name.as_str() {
                "at" => query.at.is_some(),
                "year" => query.year.is_some(),
                _ => value(param) != param.default,
            };
            let other = self.params.iter().find(|other| other.name == *name)?;
            (given && value(other) != *code).then(|| {
                let choice = report_choice(&self.report, name, code);
                let text =
                    t!("reports.only_with", param = label(&report_param(name)), choice = choice);
                (at, text.into_owned())
            })
        })
    }

    fn shown(&self, at: usize) -> String {
        match (self.params.get(at), self.fields.get(at)) {
            (Some(param), Some(Field::Choice(place))) => {
                let codes = codes(param);
                let code = codes.get(*place).map(String::as_str).unwrap_or_default();
                report_choice(&self.report, &param.name, code)
            }
            (_, field) => field.and_then(Field::line).map_or("", TextLine::text).to_string(),
        }
    }
}

fn codes(param: &Param) -> Vec<String> {
    match &param.shape {
        ParamShape::Choice(codes) => codes.clone(),
        _ => Vec::new(),
    }
}

/// A field with what is asked now.
fn field(param: &Param, query: &ReportQuery) -> Field {
    let own = query.own.iter().find(|(name, _)| *name == param.name).map(|(_, value)| value);
    match &param.shape {
        ParamShape::Choice(codes) => {
            let now = own.unwrap_or(&param.default);
            Field::Choice(codes.iter().position(|code| code == now).unwrap_or(0))
        }
        ParamShape::Year if param.name == "year" => {
            let year = query.year.map(|year| year.to_string()).unwrap_or_default();
            Field::Line(TextLine::new(&year).max(4))
        }
        ParamShape::Date if param.name == "at" => {
            Field::Line(TextLine::new(&query.at.map(i18n::date).unwrap_or_default()).max(30))
        }
        shape => {
            let text = own.map(String::as_str).unwrap_or_default();
            match Finding::of(shape, text) {
                Some(finding) => Field::Found(TextLine::new(text).max(FOUND_MAX), finding),
                None => Field::Line(TextLine::new(text).max(100)),
            }
        }
    }
}

/// Writes a field into the query; what is wrong with it, in the officer's words.
fn put_into(query: &mut ReportQuery, param: &Param, field: &Field) -> Result<(), String> {
    let text = match field {
        Field::Choice(at) => codes(param).get(*at).cloned().unwrap_or_default(),
        Field::Line(line) => line.text().trim().to_string(),
        Field::Found(line, finding) => finding.value(line.text()),
    };
    let mut own = |value: String| query.own.push((param.name.clone(), value));
    match &param.shape {
        ParamShape::Year => {
            let year = match text.parse::<u16>() {
                Ok(year) if (1900..=2200).contains(&year) => Some(year),
                _ if text.is_empty() => None,
                _ => return Err(t!("reports.not_a_year", text = text).into_owned()),
            };
            if param.name == "year" {
                query.year = year;
            } else if let Some(year) = year {
                own(year.to_string());
            }
        }
        ParamShape::Date => {
            let day = match date::read(&text) {
                Some(day) => Some(day),
                None if text.is_empty() => None,
                None => return Err(reason(Reason::DateUnreadable, &text)),
            };
            if param.name == "at" {
                query.at = day;
            } else if let Some(day) = day {
                own(day.to_string());
            }
        }
        ParamShape::Whole { min, max } if !text.is_empty() => match text.parse::<i64>() {
            Ok(number) if (*min..=*max).contains(&number) => own(number.to_string()),
            _ => return Err(t!("reports.not_between", min = min, max = max).into_owned()),
        },
        ParamShape::Choice(_) if text == param.default => {}
        _ if text.is_empty() => {}
        _ => own(text),
    }
    Ok(())
}

impl Overlay for ParamForm {
    fn id(&self) -> &'static str {
        "reports"
    }

    fn contexts(&self) -> &'static [Context] {
        match self.fields.get(self.focus) {
            Some(Field::Line(_) | Field::Found(..)) => &[Context::Text, Context::Form],
            _ => &[Context::Form],
        }
    }

    fn available(&self, command: Command) -> Availability {
        ticking(command, false)
    }

    fn update(&mut self, event: PaneEvent, _view: &View) -> Vec<Effect> {
        let count = self.fields.len().max(1);
        match event {
            PaneEvent::Shown => {
                let fields = self.fields.iter();
                return fields
                    .filter_map(|field| match field {
                        Field::Found(_, finding) => finding.ask_names(),
                        _ => None,
                    })
                    .collect();
            }
            PaneEvent::Text(c) => {
                self.fault = None;
                match self.line() {
                    Some(line) => drop(line.insert(c)),
                    None => self.choose(c),
                }
                return self.follow();
            }
            PaneEvent::Paste(text) => {
                if let Some(line) = self.line() {
                    line.paste(text);
                }
                return self.follow();
            }
            PaneEvent::Answer(tag, answer) if tag.name == finding::FIND => {
                if let Some((_, found)) = self.finding() {
                    found.take(tag.number, &answer);
                }
            }
            PaneEvent::Answer(tag, answer) if tag.name == finding::NAMES => {
                for field in &mut self.fields {
                    if let Field::Found(line, finding) = field {
                        finding.named(&answer, line);
                    }
                }
            }
            PaneEvent::Outcome(tag, Outcome::Picked(places)) if tag.name == FOUND => {
                if let (Some((line, found)), Some(at)) = (self.finding(), places.first()) {
                    found.choose(*at, line);
                }
            }
            PaneEvent::Command(command) => match command {
                Command::FormNext => return self.go_on(),
                Command::FormLookup => return self.look_up(),
                Command::FormPrev => self.focus = (self.focus + count - 1) % count,
                Command::FormOptionNext => self.turn(true),
                Command::FormOptionPrev => self.turn(false),
                Command::FormSave => return self.save(),
                Command::FormCancel | Command::Cancel => {
                    return vec![Effect::Done(Outcome::Cancelled)];
                }
                command => {
                    self.fault = None;
                    if let Some(line) = self.line() {
                        line.command(command);
                    }
                    return self.follow();
                }
            },
            _ => {}
        }
        Vec::new()
    }

    fn draw(&self, frame: &mut Frame, view: &View) {
        // Room for what may be meant, where something is looked up at all.
        let looks_up = self.fields.iter().any(|field| matches!(field, Field::Found(..)));
        let offered = if looks_up { OFFERED } else { 0 };
        let place = centred(view.area, WIDTH, self.fields.len() as u16 + 6 + offered);
        let inner = boxed(frame, place, &self.title, view.theme, view.glyphs);
        let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
        if inner.is_empty() {
            return;
        }
        // What does not fit scrolls away above the field with the cursor.
        let rows = usize::from(inner.height);
        let top = (self.focus + 1).saturating_sub(rows);
        let labels: Vec<String> =
            self.params.iter().map(|param| label(&report_param(&param.name))).collect();
        let widest = labels.iter().map(|label| label.width()).max().unwrap_or(0).min(LABEL_MAX);
        let inset = (widest as u16 + 4).min(inner.width);
        for (row, at) in (top..self.fields.len()).take(rows).enumerate() {
            let focused = at == self.focus;
            let line = Rect { y: inner.y + row as u16, height: 1, ..inner };
            let marker = if focused { view.glyphs.cursor } else { " " };
            let style = if focused { view.theme.accent } else { view.theme.dim };
            let label = fit(&labels[at], LABEL_MAX, view.glyphs.ellipsis);
            put(frame, line, 0, &format!("{marker} {label}"), style, view.glyphs);
            let value = Rect { x: line.x + inset, width: line.width - inset, ..line };
            match self.fields.get(at) {
                Some(Field::Line(text) | Field::Found(text, _)) if focused => {
                    text.draw(frame, value, view.theme.selected, true);
                }
                Some(Field::Choice(_)) if focused => {
                    let (left, right) = (view.glyphs.left, view.glyphs.right);
                    let text = format!("{left} {} {right}", self.shown(at));
                    put(frame, value, 0, &text, view.theme.selected, view.glyphs);
                }
                _ => put(frame, value, 0, &self.shown(at), view.theme.text, view.glyphs),
            }
        }
        let below = self.fields.len() as u16 + 1;
        let help = self.params.get(self.focus).map(|param| report_param(&param.name));
        let (text, style) = match &self.fault {
            Some(fault) => (format!("! {fault}"), view.theme.error),
            None => (help.unwrap_or_default(), view.theme.dim),
        };
        for (row, line) in wrap(&text, usize::from(inner.width)).iter().take(2).enumerate() {
            put(frame, inner, below + row as u16, line, style, view.glyphs);
        }
        let mut below = below;
        if let Some(Field::Found(_, found)) = self.fields.get(self.focus) {
            for (row, line) in found.lines().iter().enumerate() {
                let line = squeezed(line, usize::from(inner.width), view.glyphs.ellipsis);
                put(frame, inner, below + 2 + row as u16, &line, view.theme.dim, view.glyphs);
            }
        }
        below += offered;
        let keys = |command| {
            view.keymap.keys_of(command, &[Context::Form], Facts::NONE).unwrap_or_default()
        };
        let (save, cancel) = (keys(Command::FormSave), keys(Command::FormCancel));
        let text = t!("reports.param_keys", save = save, cancel = cancel);
        put(frame, inner, below + 2, &text, view.theme.dim, view.glyphs);
    }
}

/// The short form of a parameter's name: what stands before `;`.
fn label(name: &str) -> String {
    name.split(';').next().unwrap_or_default().trim().to_string()
}
