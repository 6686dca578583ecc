//! One person, the answer first: a line that says who it is and stays while the rest scrolls,
//! what is below standard with the next step for each, what fits; then hours and trainings,
//! and at the end what identifies. Measured against their own post or, as a trial that is
//! kept nowhere, against another. A gap has its sign, a level its digit.

use std::collections::HashMap;

use chrono::Datelike;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::{gaps, years};
use crate::domain::category::{Category, Purpose};
use crate::domain::gap::Cell;
use crate::domain::jp::{JpStanding, year_of};
use crate::domain::kinds::employee::Employee;
use crate::domain::kinds::session::days_meet;
use crate::domain::kinds::unit::path_text;
use crate::domain::record::{EmployeeId, Kind, PositionId, ProgrammeId, Record, SessionId};
use crate::domain::value::Value;
use crate::i18n::{self, choice, date, hundredths, shortened, t};
use crate::protocol::{Page, Person, PersonTraining};
use crate::ui::command::{Command, Context, Facts};
use crate::ui::pane::View;
use crate::ui::theme::{Glyphs, Theme};
use crate::ui::widgets::frame::{padded, put, wrap};
use crate::ui::widgets::pictures;
use crate::ui::widgets::scrollbar;
use crate::ui::words;

/// The widest a label column gets.
const LABELS: usize = 18;
/// Cells of a JP bar, at most and at least.
const BAR: u32 = 20;
const BAR_MIN: u32 = 6;
/// A blank and the scrollbar.
const SCROLLBAR: u16 = 2;
/// The most lines that say who it is.
const HEAD_MAX: usize = 3;

#[derive(Default)]
pub struct Detail {
    person: Option<Person>,
    /// The post they are measured against as a trial, and how they stand then.
    trial: Option<(PositionId, Option<Person>)>,
    top: usize,
    /// Which row of the list was the first in sight when they came.
    pub came_at: u32,
    /// Code and name of each competency.
    competencies: HashMap<u32, (String, String)>,
}

/// What a step waits for, and what it is called.
#[derive(Clone, Debug, PartialEq)]
pub enum Missing {
    Session(ProgrammeId, String),
    Programme(Cell, String),
}

/// A line: texts at their places, each in its way.
#[derive(Default)]
pub struct PageLine {
    parts: Vec<(usize, String, Style)>,
}

pub struct Lines<'a> {
    done: Vec<PageLine>,
    pub theme: &'a Theme,
    pub glyphs: &'a Glyphs,
    pub width: usize,
}

impl Lines<'_> {
    pub fn heading(&mut self, text: impl Into<String>) {
        self.blank();
        self.push(text, self.theme.heading);
    }

    /// An empty line between two parts.
    pub fn blank(&mut self) {
        if !self.done.is_empty() {
            self.done.push(PageLine::default());
        }
    }

    /// A label and its value; nothing where there is no value.
    fn pair(&mut self, label: &str, text: &str) {
        self.pair_in(label, text, self.theme.text);
    }

    fn pair_in(&mut self, label: &str, text: &str, style: Style) {
        if text.is_empty() {
            return;
        }
        let room = self.width.saturating_sub(LABELS + 1).max(8);
        for (at, part) in wrap(text, room).into_iter().enumerate() {
            let label = if at == 0 { label } else { "" };
            let label = padded(label, LABELS, false, self.glyphs.ellipsis);
            self.parts([(0, label, self.theme.dim), (LABELS + 1, part, style)]);
        }
    }

    /// A text over the whole width, broken where it is too long.
    pub fn push(&mut self, text: impl Into<String>, style: Style) {
        for part in wrap(&text.into(), self.width.max(8)) {
            self.parts([(0, part, style)]);
        }
    }

    /// Texts at their places.
    pub fn parts(&mut self, parts: impl IntoIterator<Item = (usize, String, Style)>) {
        self.done.push(PageLine { parts: parts.into_iter().collect() });
    }
}

impl Detail {
    pub fn set(&mut self, person: Person) {
        if self.person.as_ref().map(|p| p.stored.id) != Some(person.stored.id) {
            self.top = 0;
            self.trial = None;
        }
        self.person = Some(person);
    }

    pub fn clear(&mut self) {
        (self.person, self.trial) = (None, None);
    }

    /// Begins a trial: what if they had this post.
    pub fn suppose(&mut self, position: PositionId) {
        self.trial = Some((position, None));
        self.top = 0;
    }

    /// How they stand in the post of the trial.
    pub fn set_trial(&mut self, person: Person) {
        let same = self.person.as_ref().is_some_and(|own| own.stored.id == person.stored.id);
        if let Some((_, stands)) = self.trial.as_mut().filter(|_| same) {
            *stands = Some(person);
        }
    }

    /// Ends it; whether there was one.
    pub fn end_trial(&mut self) -> bool {
        self.trial.take().is_some()
    }

    /// Whom the trial is about, and in which post.
    pub fn trial(&self) -> Option<(EmployeeId, PositionId)> {
        let (position, _) = self.trial.as_ref()?;
        Some((EmployeeId(self.person.as_ref()?.stored.id.number), *position))
    }

    pub fn name_competencies(&mut self, page: &Page) {
        self.competencies = page
            .rows
            .iter()
            .map(|row| {
                let text = |at: usize| row.cells.get(at).map(i18n::value).unwrap_or_default();
                (row.number, (text(0), text(1)))
            })
            .collect();
    }

    fn employee(&self) -> Option<&Employee> {
        match &self.person.as_ref()?.stored.record {
            Record::Employee(employee) => Some(employee),
            _ => None,
        }
    }

    /// Who it is, by the number of their record.
    pub fn number_of(&self) -> Option<u32> {
        Some(self.person.as_ref()?.stored.id.number)
    }

    pub fn name(&self) -> String {
        self.employee().map(|employee| employee.name.clone()).unwrap_or_default()
    }

    pub fn number(&self) -> String {
        self.employee().map(|employee| employee.number.to_string()).unwrap_or_default()
    }

    pub fn scroll(&mut self, by: isize, area: Rect, view: &View) {
        let (_, body) = self.places(area, view);
        let last = self.lines(area, view).len().saturating_sub(usize::from(body.height));
        self.top = self.top.min(last).saturating_add_signed(by).min(last);
    }

    /// The lines that stay, and where the others stand.
    fn places(&self, area: Rect, view: &View) -> (Vec<PageLine>, Rect) {
        let head = self.head(area, view);
        let above = (head.len() as u16).min(area.height);
        (head, Rect { y: area.y + above, height: area.height - above, ..area })
    }

    pub fn draw(&self, frame: &mut Frame, area: Rect, view: &View) {
        if area.is_empty() {
            return;
        }
        let (head, body) = self.places(area, view);
        for (row, line) in head.iter().enumerate() {
            draw_line(frame, area, row as u16, line, view);
        }
        let lines = self.lines(area, view);
        let height = usize::from(body.height);
        let top = self.top.min(lines.len().saturating_sub(height));
        for (row, line) in lines.iter().skip(top).take(height).enumerate() {
            let inner = Rect { width: body.width.saturating_sub(SCROLLBAR), ..body };
            draw_line(frame, inner, row as u16, line, view);
        }
        let total = lines.len() as u32;
        scrollbar::draw(frame.buffer_mut(), body, top as u32, total, view.theme, view.glyphs);
    }

    /// `Siti Firmansyah, S.Sos.  Lurah, Kel. Ketintang  III/c  JPM 88,89 CO  JP 4/20`, on as
    /// many lines as it takes; below it the trial, while there is one.
    fn head(&self, area: Rect, view: &View) -> Vec<PageLine> {
        let (Some(person), Some(employee)) = (&self.person, self.employee()) else {
            return Vec::new();
        };
        let mut facts = vec![employee.full_name()];
        let unit = person.unit_path.last().map(String::as_str).unwrap_or_default();
        let post = employee.position.and(self.own_post()).unwrap_or_default();
        let place: Vec<_> = [post, unit].into_iter().filter(|part| !part.is_empty()).collect();
        facts.push(shortened(&place.join(", ")));
        facts.extend(employee.grade.map(|grade| grade.to_string()));
        facts.extend(measure(person, Purpose::Mapping, view));
        facts.push(jp_words(person, view));
        let width = usize::from(area.width);
        let mut lines: Vec<String> = Vec::new();
        for fact in facts.into_iter().filter(|fact| !fact.is_empty()) {
            match lines.last_mut() {
                Some(line) if line.width() + 2 + fact.width() <= width => {
                    *line = format!("{line}  {fact}");
                }
                _ => lines.push(fact),
            }
        }
        lines.truncate(HEAD_MAX);
        let line = |text, style| PageLine { parts: vec![(0, text, style)] };
        let mut head: Vec<_> =
            lines.into_iter().map(|text| line(text, view.theme.accent)).collect();
        if employee.restricted {
            head.push(line(t!("employees.restricted").into_owned(), view.theme.warning));
        }
        if self.trial.is_some() {
            let text = self.trial_words(view);
            head.extend(wrap(&text, width).into_iter().map(|text| line(text, view.theme.warning)));
        }
        head
    }

    /// As they are measured here: in the post of the trial, while there is one.
    fn measured(&self) -> Option<&Person> {
        match &self.trial {
            Some((_, Some(stands))) => Some(stands),
            _ => self.person.as_ref(),
        }
    }

    /// The session that the first step to be taken names.
    pub fn next_session(&self) -> Option<SessionId> {
        let person = self.measured()?;
        let nexts = gaps::below(person).into_iter().filter_map(|cell| {
            let next = gaps::course(person, cell)?.next.as_ref()?;
            (!next.enrolled && next.free != Some(0)).then_some(next.session)
        });
        nexts.into_iter().next()
    }

    /// What must first be made for a step: a session of a programme, or a programme.
    pub fn missing(&self) -> Vec<Missing> {
        let Some(person) = self.measured() else { return Vec::new() };
        let name = |cell: Cell| {
            let named = self.competencies.get(&cell.competency.0).cloned().unwrap_or_default();
            format!("{} {}", named.0, named.1)
        };
        let missing =
            gaps::below(person).into_iter().filter_map(|cell| match gaps::course(person, cell) {
                None => Some(Missing::Programme(cell, name(cell))),
                Some(course) if course.next.is_none() => {
                    Some(Missing::Session(course.id, course.programme.clone()))
                }
                Some(_) => None,
            });
        let mut all: Vec<Missing> = Vec::new();
        for one in missing {
            if !all.contains(&one) {
                all.push(one);
            }
        }
        all
    }

    fn own_post(&self) -> Option<&str> {
        self.person.as_ref()?.position.as_ref().map(|position| position.title.as_str())
    }

    /// What the trial is, what came of it, and how one leaves it.
    fn trial_words(&self, view: &View) -> String {
        let Some((_, Some(stands))) = &self.trial else {
            return t!("employees.trial_asked").into();
        };
        let post = stands.position.as_ref().map(|position| position.title.as_str());
        let keys = keys(Command::ListBack, view).unwrap_or_default();
        let of = stands.cells.iter().filter(|cell| cell.required.is_some());
        let (of, unrated) = (of.clone().count(), of.filter(|cell| cell.actual.is_none()).count());
        // Of what nobody has rated nobody knows whether it is below.
        let known = unrated < of || of == 0;
        let below = if known { stands.figures.below.to_string() } else { "?".to_string() };
        let unrated = (unrated > 0).then(|| t!("employees.trial_unrated", count = unrated));
        t!(
            "employees.trial",
            post = post.unwrap_or_default(),
            measure = measure(stands, Purpose::Filling, view).unwrap_or_else(|| "JPM ?".into()),
            below = below,
            of = of,
            unrated = unrated.unwrap_or_default(),
            keys = keys
        )
        .into_owned()
    }

    fn lines(&self, area: Rect, view: &View) -> Vec<PageLine> {
        let (Some(person), Some(employee)) = (&self.person, self.employee()) else {
            return Vec::new();
        };
        let width = usize::from(area.width.saturating_sub(SCROLLBAR));
        let (theme, glyphs) = (view.theme, view.glyphs);
        let mut lines = Lines { done: Vec::new(), theme, glyphs, width };
        let measured = self.measured().unwrap_or(person);
        gaps::answer(&mut lines, measured, &self.competencies, view);
        learned(&mut lines, person, view);
        years::draw(&mut lines, person, view);
        gaps::each(&mut lines, measured, &self.competencies);
        if let Some(keys) = keys(Command::ListHistory, view) {
            lines.blank();
            lines.push(t!("employees.history_hint", keys = keys), theme.dim);
        }
        who(&mut lines, person, employee);
        lines.done
    }
}

fn draw_line(frame: &mut Frame, area: Rect, row: u16, line: &PageLine, view: &View) {
    for (at, text, style) in &line.parts {
        let inset = (*at as u16).min(area.width);
        let place = Rect { x: area.x + inset, width: area.width - inset, ..area };
        put(frame, place, row, text, *style, view.glyphs);
    }
}

/// The keys that give a command where a person is shown.
pub fn keys(command: Command, view: &View) -> Option<String> {
    let stack = [Context::PaneEmployees, Context::List, Context::Global];
    view.keymap.keys_of(command, &stack, Facts::NONE)
}

/// `JPM 88,89 CO, resmi 100,00 O`, in the words of what it is for: the honest figure first, and
/// the official one where surplus makes it another.
fn measure(person: &Person, purpose: Purpose, view: &View) -> Option<String> {
    let (figures, rules) = (person.figures, &view.info.rules.categories);
    let said = |jpm: u32, category: Option<Category>| {
        format!("{} {}", hundredths(jpm), category.map(Category::code).unwrap_or_default())
    };
    let (jpm, capped) = (figures.jpm()?, figures.jpm_capped()?);
    let honest = said(capped, rules.of_capped(purpose, figures));
    if jpm == capped {
        return Some(format!("JPM {honest}"));
    }
    let official = said(jpm, rules.of(purpose, figures));
    Some(t!("employees.jpm_both", capped = honest, jpm = official).into_owned())
}

/// `JP 4/20`: what there is of the year, and what the rule of the kind of staff says.
fn jp_words(person: &Person, view: &View) -> String {
    let jp = jp_of(person, view);
    match super::listed::by_rule(person.standing, view).0 {
        Some(aim) => format!("JP {jp}/{aim}"),
        None => format!("JP {jp}"),
    }
}

fn jp_of(person: &Person, view: &View) -> u32 {
    person.jp.get(&year_of(view.today)).copied().unwrap_or(0)
}

fn who(lines: &mut Lines, person: &Person, employee: &Employee) {
    let field = |name| words::field(Kind::Employees, name);
    lines.heading(t!("employees.identity"));
    lines.pair(&field("nip"), &format!("{:#}", employee.number));
    let kind = choice(employee.kind.code());
    lines.pair(&field("kind"), &format!("{kind}, {}", choice(employee.status.code())));
    lines.pair(&field("legal_status"), &employee.legal_status);
    lines.pair(&field("unit"), &path_text(&person.unit_path));
    if let Some(position) = &person.position {
        lines.pair(&field("position"), &position.title);
        let level = position.level().map(|level| choice(level.code())).unwrap_or_default();
        lines.pair(&field("job_level"), &level);
        lines.pair(&field("eselon"), &position.eselon);
    }
    let since = |day: Option<chrono::NaiveDate>| day.map(date).unwrap_or_default();
    lines.pair(&field("position_since"), &since(employee.position_since));
    if let Some(grade) = employee.grade {
        lines.pair(&field("grade"), &i18n::grade(grade));
    }
    lines.pair(&field("grade_since"), &since(employee.grade_since));
    let service = match (employee.service_years, employee.service_months) {
        (None, None) => String::new(),
        (years, months) => t!(
            "employees.service",
            years = years.unwrap_or_default(),
            months = months.unwrap_or_default()
        )
        .into_owned(),
    };
    lines.pair(&t!("employees.service_label"), &service);
    let education = [employee.education.as_str(), employee.education_field.as_str()];
    let mut education: Vec<_> =
        education.into_iter().filter(|part| !part.is_empty()).map(str::to_string).collect();
    education.extend(employee.graduation_year.map(|year| year.to_string()));
    lines.pair(&field("education"), &education.join(", "));
    lines.pair(&field("birth_date"), &since(employee.birth_date));
    lines.pair(&field("sex"), &employee.sex.map(|sex| choice(sex.code())).unwrap_or_default());
    lines.pair(&field("email"), &employee.email);
}

fn learned(lines: &mut Lines, person: &Person, view: &View) {
    lines.heading(t!("employees.learned"));
    let (year, jp) = (view.today.year(), jp_of(person, view));
    let (text, style) = standing(person.standing, jp, lines.width, view);
    lines.pair_in(&format!("JP {year}"), &text, style);
    for (before, jp) in person.jp.iter().rev().filter(|(y, _)| i32::from(**y) != year) {
        lines.pair(&format!("JP {before}"), &jp.to_string());
    }
    for training in &person.trainings {
        let days = match (training.start, training.end) {
            (Some(start), Some(end)) => i18n::span(start, end),
            (Some(day), _) | (None, Some(day)) => date(day),
            (None, None) => String::new(),
        };
        let text = training_text(training, view.today);
        if clashes(training, &person.trainings, view.today) {
            let text = t!("employees.training_clashes", training = text);
            lines.pair_in(&days, &text, view.theme.warning);
        } else {
            lines.pair(&days, &text);
        }
    }
    if person.trainings.is_empty() {
        let none = i18n::value(&Value::text(t!("employees.no_training")));
        lines.pair_in("", &none, view.theme.dim);
    }
}

/// Whether another one that is not over either falls on its days.
fn clashes(training: &PersonTraining, all: &[PersonTraining], today: chrono::NaiveDate) -> bool {
    let days = |one: &PersonTraining| {
        let days = one.start.zip(one.end.or(one.start));
        days.filter(|(_, end)| !one.cancelled && *end >= today)
    };
    let Some(its) = days(training) else { return false };
    let others = all.iter().filter(|other| other.session != training.session);
    others.filter_map(days).any(|others| days_meet(its, others))
}

/// What a training is worth; of one that is not over there is nothing to count yet.
fn training_text(training: &PersonTraining, today: chrono::NaiveDate) -> String {
    let programme = &training.programme;
    let over = training.end.is_some_and(|end| end < today);
    match training.start {
        _ if training.cancelled => t!("employees.training_cancelled", programme = programme),
        _ if training.jp > 0 || over => {
            t!("employees.training", programme = programme, jp = training.jp)
        }
        Some(start) if start > today => t!("employees.training_to_come", programme = programme),
        Some(_) => t!("employees.training_running", programme = programme),
        None => t!("employees.training", programme = programme, jp = training.jp),
    }
    .into_owned()
}

/// The year's JP against the rule of the person's kind: bar and words.
fn standing(standing: JpStanding, jp: u32, width: usize, view: &View) -> (String, Style) {
    let quota = &view.info.rules.jp_quota;
    let theme = view.theme;
    let (of, words, style) = match standing {
        JpStanding::Below { missing } => {
            (quota.pns_floor, t!("employees.jp_below", missing = missing), theme.warning)
        }
        JpStanding::Reached => (quota.pns_floor, t!("employees.jp_reached"), theme.ok),
        JpStanding::Within { left } => {
            (quota.pppk_ceiling, t!("employees.jp_within", left = left), theme.ok)
        }
        JpStanding::Over { by } => {
            (quota.pppk_ceiling, t!("employees.jp_over", by = by), theme.error)
        }
        JpStanding::NoRule => return (jp.to_string(), theme.text),
    };
    let key = match standing {
        JpStanding::Below { .. } | JpStanding::Reached => {
            t!("employees.jp_floor", jp = jp, of = of)
        }
        _ => t!("employees.jp_ceiling", jp = jp, of = of),
    };
    // Label, key, words, their blanks and the bar's brackets.
    let used = LABELS + 1 + key.width() + words.width() + 4;
    let cells = (width.saturating_sub(used) as u32).min(BAR);
    (format!("{key} {}{words}", bar(jp, of, cells, view.glyphs)), style)
}

/// A bar of so many cells; none where there is no room for one that says anything.
fn bar(done: u32, of: u32, cells: u32, glyphs: &Glyphs) -> String {
    if cells < BAR_MIN {
        return String::new();
    }
    format!("[{}] ", pictures::bar(done, of, cells as usize, glyphs))
}
