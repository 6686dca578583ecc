//! One person: who and where, what they can do against what the post requires, what they
//! learned. Laid out as lines when drawn; a gap has its sign, a level its digit, and the
//! year's JP the bar that fits: a floor for PNS, a ceiling for PPPK.

use std::collections::HashMap;

use chrono::Datelike;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use crate::domain::gap::Cell;
use crate::domain::jp::JpStanding;
use crate::domain::kinds::employee::Employee;
use crate::domain::kinds::unit::path_text;
use crate::domain::record::Record;
use crate::domain::rules::jp_quota;
use crate::domain::value::Value;
use crate::i18n::{self, choice, date, hundredths, t};
use crate::protocol::{Page, Person, PersonTraining};
use crate::ui::command::{Command, Context, Facts};
use crate::ui::pane::View;
use crate::ui::theme::{Glyphs, Theme};
use crate::ui::widgets::frame::{padded, put, wrap};
use crate::ui::widgets::scrollbar;
use crate::ui::words;

/// The widest a label column gets.
const LABELS: usize = 18;
/// The widest the name of a competency gets, and what is left for its level at least.
const NAMES: usize = 44;
const LEVEL_MIN: usize = 26;
/// Cells of a JP bar, at most and at least.
const BAR: u32 = 20;
const BAR_MIN: u32 = 6;

#[derive(Default)]
pub struct Detail {
    person: Option<Person>,
    top: usize,
    /// Code and name of each competency.
    competencies: HashMap<u32, (String, String)>,
}

/// A line: what stands left, what right, and how.
struct Line {
    label: String,
    /// Cells the label takes.
    left: usize,
    text: String,
    style: Style,
}

struct Lines<'a> {
    done: Vec<Line>,
    theme: &'a Theme,
    width: usize,
}

impl Lines<'_> {
    fn heading(&mut self, text: impl Into<String>) {
        if !self.done.is_empty() {
            self.push("", "", self.theme.text);
        }
        let style = self.theme.heading;
        self.push("", text, style);
    }

    /// A label and its value; nothing where there is no value.
    fn pair(&mut self, label: &str, text: &str) {
        if text.is_empty() {
            return;
        }
        let room = self.width.saturating_sub(LABELS + 1).max(8);
        for (at, part) in wrap(text, room).into_iter().enumerate() {
            self.push(if at == 0 { label } else { "" }, part, self.theme.text);
        }
    }

    fn push(&mut self, label: impl Into<String>, text: impl Into<String>, style: Style) {
        self.labelled(LABELS, label, text, style);
    }

    fn labelled(
        &mut self,
        left: usize,
        label: impl Into<String>,
        text: impl Into<String>,
        style: Style,
    ) {
        self.done.push(Line { label: label.into(), left, text: text.into(), style });
    }
}

impl Detail {
    pub fn set(&mut self, person: Person) {
        if self.person.as_ref().map(|p| p.stored.id) != Some(person.stored.id) {
            self.top = 0;
        }
        self.person = Some(person);
    }

    pub fn clear(&mut self) {
        self.person = None;
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

    pub fn name(&self) -> String {
        self.employee().map(|employee| employee.name.clone()).unwrap_or_default()
    }

    pub fn number(&self) -> String {
        self.employee().map(|employee| employee.number.to_string()).unwrap_or_default()
    }

    pub fn scroll(&mut self, by: isize, area: Rect, view: &View) {
        let last = self.lines(area, view).len().saturating_sub(usize::from(area.height));
        self.top = self.top.min(last).saturating_add_signed(by).min(last);
    }

    pub fn draw(&self, frame: &mut Frame, area: Rect, view: &View) {
        if area.is_empty() {
            return;
        }
        let lines = self.lines(area, view);
        let height = usize::from(area.height);
        let top = self.top.min(lines.len().saturating_sub(height));
        for (row, line) in lines.iter().skip(top).take(height).enumerate() {
            let row = row as u16;
            if line.label.is_empty() && line.style != view.theme.text {
                put(frame, area, row, &line.text, line.style, view.glyphs);
                continue;
            }
            let label = padded(&line.label, line.left, false, view.glyphs.ellipsis);
            put(frame, area, row, &label, view.theme.dim, view.glyphs);
            let inset = (line.left as u16 + 1).min(area.width);
            let rest = Rect { x: area.x + inset, width: area.width - inset, ..area };
            put(frame, rest, row, &line.text, line.style, view.glyphs);
        }
        let total = lines.len() as u32;
        scrollbar::draw(frame.buffer_mut(), area, top as u32, total, view.theme, view.glyphs);
    }

    fn lines(&self, area: Rect, view: &View) -> Vec<Line> {
        let (Some(person), Some(employee)) = (&self.person, self.employee()) else {
            return Vec::new();
        };
        // The last column is the scrollbar's.
        let width = usize::from(area.width.saturating_sub(1));
        let mut lines = Lines { done: Vec::new(), theme: view.theme, width };
        who(&mut lines, person, employee);
        self.gaps(&mut lines, person, view);
        learned(&mut lines, person, view);
        let stack = [Context::PaneEmployees, Context::List];
        if let Some(keys) = view.keymap.keys_of(Command::ListHistory, &stack, Facts::NONE) {
            lines.push("", "", view.theme.text);
            let hint = t!("employees.history_hint", keys = keys);
            lines.push("", hint, view.theme.dim);
        }
        lines.done
    }

    fn gaps(&self, lines: &mut Lines, person: &Person, view: &View) {
        lines.heading(t!("employees.competencies"));
        let figures = person.figures;
        if let (Some(jpm), Some(capped)) = (figures.jpm(), figures.jpm_capped()) {
            let text = t!(
                "employees.jpm",
                jpm = hundredths(jpm),
                capped = hundredths(capped),
                below = figures.below,
                rated = figures.rated
            );
            lines.pair("JPM", &text);
        }
        let names: Vec<String> = person
            .cells
            .iter()
            .map(|cell| {
                let known = self.competencies.get(&cell.competency.0);
                let (code, name) = known.cloned().unwrap_or_default();
                format!("  {code} {name}")
            })
            .collect();
        // As wide as the longest name, where the levels beside them have room.
        let widest = names.iter().map(|name| name.width()).max().unwrap_or(0).min(NAMES);
        let left = widest.min(lines.width.saturating_sub(LEVEL_MIN)).max(LABELS);
        for (cell, name) in person.cells.iter().zip(names) {
            let style = match cell.gap() {
                Some(gap) if gap < 0 => view.theme.gap_below,
                Some(gap) if gap > 0 => view.theme.gap_above,
                _ => view.theme.text,
            };
            lines.labelled(left, name, cell_text(*cell), style);
        }
        if person.cells.is_empty() {
            lines.push("", t!("employees.no_standard"), view.theme.dim);
        }
    }
}

/// `2 dari 3  -1`, readable without any colour.
fn cell_text(cell: Cell) -> String {
    match (cell.actual, cell.required, cell.gap()) {
        (Some(actual), Some(required), Some(gap)) => {
            let sign = if gap == 0 { "=".to_string() } else { format!("{gap:+}") };
            t!("employees.cell", actual = actual, required = required, gap = sign).into_owned()
        }
        (Some(actual), ..) => t!("employees.cell_no_standard", actual = actual).into_owned(),
        (None, Some(required), _) => t!("employees.cell_unrated", required = required).into_owned(),
        (None, None, _) => "-".to_string(),
    }
}

fn who(lines: &mut Lines, person: &Person, employee: &Employee) {
    let field = |name| words::field(crate::domain::record::Kind::Employees, name);
    let accent = lines.theme.accent;
    lines.push("", employee.full_name(), accent);
    if employee.restricted {
        let warning = lines.theme.warning;
        lines.push("", t!("employees.restricted"), warning);
    }
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
        let title = grade.title().map(|title| format!(" {title}")).unwrap_or_default();
        lines.pair(&field("grade"), &format!("{grade}{title}"));
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
    let year = u16::try_from(view.today.year()).unwrap_or_default();
    let jp = person.jp.get(&year).copied().unwrap_or(0);
    let (text, style) = standing(person.standing, jp, lines.width, view);
    lines.push(format!("JP {year}"), text, style);
    for (year, jp) in person.jp.iter().rev().filter(|(y, _)| **y != year) {
        lines.pair(&format!("JP {year}"), &jp.to_string());
    }
    for training in &person.trainings {
        let days = match (training.start, training.end) {
            (Some(start), Some(end)) if start != end => format!("{} - {}", date(start), date(end)),
            (Some(day), _) | (None, Some(day)) => date(day),
            (None, None) => String::new(),
        };
        lines.pair(&days, &training_text(training, view.today));
    }
    if person.trainings.is_empty() {
        lines.push("", i18n::value(&Value::text(t!("employees.no_training"))), view.theme.dim);
    }
}

/// What a training is worth; of one that is not over there is nothing to count yet.
fn training_text(training: &PersonTraining, today: chrono::NaiveDate) -> String {
    let programme = &training.programme;
    let over = training.end.is_some_and(|end| end < today);
    match training.start {
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
    let quota = jp_quota();
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
    let filled = (done.min(of) * cells).checked_div(of).unwrap_or(0);
    let [full, empty] = glyphs.bar;
    let bar = full.repeat(filled as usize) + &empty.repeat((cells - filled) as usize);
    format!("[{bar}] ")
}
