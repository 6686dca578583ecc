//! How the attendance grid looks: the session and its seats in the head, a column a day,
//! what each person earned here and in the year, and how that stands against the rule.
//! Everything is said by a character or a word: `[v]` is the cell under the cursor,
//! `v~` a mark the office has not confirmed yet.

use chrono::Datelike;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::grid::Grid;
use super::standing;
use crate::domain::kinds::employee::EmploymentKind;
use crate::domain::kinds::enrolment::Presence;
use crate::domain::kinds::session::Session;
use crate::domain::record::Record;
use crate::i18n::{self, t, whole};
use crate::protocol::{Attendance, AttendanceRow};
use crate::ui::pane::View;
use crate::ui::theme::Glyphs;
use crate::ui::widgets::frame::{fit, padded, put, wrap};
use crate::ui::widgets::scrollbar;

/// Marker, mark and a blank before the name.
const GUTTER: u16 = 3;
/// One day.
const DAY: u16 = 3;
/// A name gets at least this and a blank, before another day is shown.
const NAME_MIN: u16 = 16;
const NAME_MAX: u16 = 28;
const UNIT_MIN: u16 = 8;
/// So many people say how wide names and units are.
const MEASURED: usize = 200;
/// JP of the session, JP of the year, words of the standing, each behind a blank.
const FIGURES: [u16; 3] = [4, 5, 13];
/// A line that holds any of the rules.
const RULE: u16 = 64;
/// The scrollbar and a blank.
const END: u16 = 2;

/// Where things stand in a grid of this size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GridShape {
    /// Lines above the names: the session, its seats, the heading.
    head: u16,
    /// Lines below the names: the rules.
    foot: u16,
    name: u16,
    unit: u16,
    /// How many of [`FIGURES`] there is room for.
    figures: usize,
    pub days: usize,
    pub rows: usize,
}

pub fn shape(area: Rect, attendance: Option<&Attendance>) -> GridShape {
    let days = attendance.map_or(0, |attendance| attendance.days.len());
    let foot = match area.height {
        0..=7 => 0,
        8..=11 => 1,
        // Where they stand beside the agenda a rule takes two lines.
        20.. if area.width < RULE => 4,
        _ => 2,
    };
    let head = if area.height < 6 { 2.min(area.height) } else { 3 };
    let figures = match area.width {
        0..=29 => 0,
        30..=39 => 1,
        40..=49 => 2,
        _ => 3,
    };
    let used: u16 = FIGURES[..figures].iter().map(|width| width + 1).sum();
    let room = area.width.saturating_sub(GUTTER + used + END);
    let fitting = usize::from(room.saturating_sub(NAME_MIN + 1) / DAY).max(1).min(days);
    let left = room.saturating_sub(fitting as u16 * DAY + 1);
    let (name, unit) = if left > NAME_MAX + UNIT_MIN {
        let name = name_beside_unit(left, attendance);
        (name, left - name - 1)
    } else {
        (left, 0)
    };
    let rows = usize::from(area.height.saturating_sub(head + foot));
    GridShape { head, foot, name, unit, figures, days: fitting, rows }
}

/// How wide names are beside units: what one does not need the other gets.
fn name_beside_unit(left: u16, attendance: Option<&Attendance>) -> u16 {
    let rows = || attendance.iter().flat_map(|attendance| &attendance.rows).take(MEASURED);
    let names = rows().map(|row| row.name.width()).max().unwrap_or(0) as u16;
    let units = rows().map(|row| i18n::shortened(&row.unit).width()).max().unwrap_or(0) as u16;
    let most = left.saturating_sub(units.max(UNIT_MIN) + 1);
    if names > NAME_MAX { names.min(most).max(NAME_MAX) } else { NAME_MAX.min(most).max(names) }
}

pub fn draw(frame: &mut Frame, area: Rect, grid: &Grid, focused: bool, view: &View) {
    if area.is_empty() {
        return;
    }
    let Some(attendance) = grid.attendance() else {
        let text = match grid.session() {
            None => t!("training.no_session"),
            Some(_) if grid.is_refused() => t!("training.unreadable"),
            Some(_) => t!("training.loading"),
        };
        put(frame, area, 0, &text, view.theme.dim, view.glyphs);
        return;
    };
    let shape = shape(area, Some(attendance));
    put(frame, area, 0, &title(attendance), view.theme.accent, view.glyphs);
    if shape.head > 2 {
        let (text, style) = seats(attendance, grid, view);
        put(frame, area, 1, &text, style, view.glyphs);
    }
    if shape.head > 1 {
        let heading = Rect { y: area.y + shape.head - 1, height: 1, ..area };
        draw_heading(frame, heading, grid, attendance, shape, view);
    }
    let body = Rect { y: area.y + shape.head, height: shape.rows as u16, ..area };
    if attendance.rows.is_empty() {
        put(frame, body, 0, &t!("training.nobody"), view.theme.dim, view.glyphs);
    }
    for (line, (at, row)) in
        attendance.rows.iter().enumerate().skip(grid.top()).take(shape.rows).enumerate()
    {
        let place = Rect { y: body.y + line as u16, height: 1, ..body };
        Line { grid, row, here: at == grid.row(), marked: grid.is_marked(at), focused, shape }
            .draw(frame, place, view);
    }
    let total = attendance.rows.len() as u32;
    scrollbar::draw(frame.buffer_mut(), body, grid.top() as u32, total, view.theme, view.glyphs);
    let foot = Rect { y: body.bottom(), height: shape.foot, ..area };
    let mut rules = vec![t!("training.attendance_rule", percent = view.info.attendance_min)];
    let contract = |row: &AttendanceRow| {
        matches!(row.kind, EmploymentKind::Pppk | EmploymentKind::PppkPartTime)
    };
    if attendance.rows.iter().any(contract) {
        rules.push(standing::ceiling_in_words(&view.info.rules.jp_quota).into());
    }
    let lines = |rule: &std::borrow::Cow<str>| match shape.foot {
        3.. => wrap(rule, area.width.into()),
        _ => vec![rule.to_string()],
    };
    for (at, line) in (0..shape.foot).zip(rules.iter().flat_map(lines)) {
        put(frame, foot, at, &line, view.theme.dim, view.glyphs);
    }
}

fn session(attendance: &Attendance) -> Option<&Session> {
    match &attendance.session.record {
        Record::Session(session) => Some(session),
        _ => None,
    }
}

/// `Pelatihan Dasar, 16-20 Nov 2026, 24 JP`
fn title(attendance: &Attendance) -> String {
    let mut parts = vec![attendance.programme.clone()];
    if let (Some(first), Some(last)) = (attendance.days.first(), attendance.days.last()) {
        parts.push(i18n::span(*first, *last));
    }
    parts.push(format!("{} JP", whole(attendance.jp)));
    if session(attendance).is_some_and(|session| session.cancelled) {
        parts.push(t!("training.cancelled").into_owned());
    }
    parts.join(", ")
}

/// How many people for how many seats, and the day under the cursor.
fn seats(attendance: &Attendance, grid: &Grid, view: &View) -> (String, Style) {
    let people = attendance.rows.len();
    let capacity = session(attendance).and_then(|session| session.capacity).map(usize::from);
    let (mut text, style) = match capacity {
        Some(capacity) if people > capacity => (
            t!("training.seats_over", people = people, capacity = capacity, by = people - capacity)
                .into_owned(),
            view.theme.warning,
        ),
        Some(capacity) => (
            t!("training.seats", people = people, capacity = capacity).into_owned(),
            view.theme.text,
        ),
        None => (t!("training.people", people = people).into_owned(), view.theme.text),
    };
    if let Some(day) = attendance.days.get(grid.day()) {
        let present = attendance
            .rows
            .iter()
            .filter(|row| grid.mark_at(row, grid.day()) == Some(Presence::Present))
            .count();
        let (said, to_come) = (i18n::date(*day), *day > view.today && present == 0);
        let day = if to_come {
            t!("training.day_to_come", day = said)
        } else {
            t!("training.on_day", day = said, present = present, people = people)
        };
        text = format!("{text} {} {day}", view.glyphs.dot);
    }
    (text, style)
}

fn draw_heading(
    frame: &mut Frame,
    area: Rect,
    grid: &Grid,
    attendance: &Attendance,
    shape: GridShape,
    view: &View,
) {
    let (glyphs, heading) = (view.glyphs, view.theme.heading);
    let mut pen = Pen { frame, area, x: area.x };
    let name = padded(&t!("column.name"), usize::from(shape.name), false, glyphs.ellipsis);
    pen.write(&format!("{:width$}{name}", "", width = usize::from(GUTTER)), heading);
    if shape.unit > 0 {
        let unit = padded(&t!("training.unit"), usize::from(shape.unit), false, glyphs.ellipsis);
        pen.write(&format!(" {unit}"), heading);
    }
    pen.write(if grid.left() > 0 { glyphs.left } else { " " }, heading);
    for (at, day) in attendance.days.iter().enumerate().skip(grid.left()).take(shape.days) {
        let style = if at == grid.day() { view.theme.selected } else { heading };
        pen.write(&format!("{:>2}", day.day()), style);
        pen.write(" ", heading);
    }
    let more = grid.left() + shape.days < attendance.days.len();
    let words = [t!("training.earned"), t!("training.year_total"), t!("training.standing")];
    for (place, (word, width)) in words.iter().zip(FIGURES).take(shape.figures).enumerate() {
        pen.write(if place == 0 && more { glyphs.right } else { " " }, heading);
        pen.write(&padded(word, usize::from(width), place < 2, glyphs.ellipsis), heading);
    }
}

/// One person.
struct Line<'a> {
    grid: &'a Grid,
    row: &'a AttendanceRow,
    here: bool,
    marked: bool,
    focused: bool,
    shape: GridShape,
}

impl Line<'_> {
    fn draw(&self, frame: &mut Frame, area: Rect, view: &View) {
        let (theme, glyphs) = (view.theme, view.glyphs);
        let style = match (self.here && self.focused, self.marked) {
            (true, _) => theme.selected,
            (_, true) => theme.marked,
            _ => theme.text,
        };
        let marker = if self.here { glyphs.cursor } else { " " };
        let mark = if self.marked { glyphs.mark } else { " " };
        let name = padded(&self.row.name, usize::from(self.shape.name), false, glyphs.ellipsis);
        let mut pen = Pen { frame, area, x: area.x };
        pen.write(&format!("{marker}{mark} {name}"), style);
        if self.shape.unit > 0 {
            let width = usize::from(self.shape.unit);
            let unit = &self.row.unit;
            let unit = padded(&i18n::shortened(unit), width, false, glyphs.ellipsis);
            pen.write(&format!(" {unit}"), theme.dim);
        }
        pen.write(" ", theme.text);
        let first = self.grid.left();
        for day in first..(first + self.shape.days).min(self.grid.days()) {
            let (text, style) = self.cell(day, view);
            pen.write(&text, style);
        }
        let earned =
            if self.grid.fresh.contains(&self.row.employee) { theme.accent } else { theme.text };
        let standing = self.row.standing;
        // Of a session that is not over nothing is earned yet, which is not zero.
        let last = self.grid.attendance().and_then(|told| told.days.last());
        let open = self.row.earned == 0 && last.is_some_and(|last| *last >= view.today);
        let jp = if open { glyphs.no.to_string() } else { whole(self.row.earned) };
        let figures = [
            (padded(&jp, 4, true, glyphs.ellipsis), earned),
            (padded(&whole(self.row.year_total), 5, true, glyphs.ellipsis), theme.text),
            (
                fit(&standing::words(standing), FIGURES[2].into(), glyphs.ellipsis),
                standing::style(standing, theme),
            ),
        ];
        for (text, style) in figures.iter().take(self.shape.figures) {
            pen.write(" ", theme.text);
            pen.write(text, *style);
        }
    }

    /// Three characters: ` v `, under the cursor `[v]`, unconfirmed ` v~`.
    fn cell(&self, day: usize, view: &View) -> (String, Style) {
        let mark = self.grid.mark_at(self.row, day);
        let cursor = self.here && self.focused && day == self.grid.day();
        let (before, after) = if cursor { ("[", "]") } else { (" ", " ") };
        let after = if self.grid.unconfirmed(self.row, day) { view.glyphs.ellipsis } else { after };
        let style = match (cursor, mark) {
            (true, _) => view.theme.selected,
            (_, Some(Presence::Present)) => view.theme.ok,
            (_, Some(Presence::Absent)) => view.theme.warning,
            (_, Some(Presence::Excused)) => view.theme.text,
            (_, None) => view.theme.dim,
        };
        (format!("{before}{}{after}", sign(mark, view.glyphs)), style)
    }
}

/// `v` present, `x` absent, `i` excused, `.` not yet known.
pub const fn sign(mark: Option<Presence>, glyphs: &Glyphs) -> &'static str {
    match mark {
        Some(Presence::Present) => glyphs.present,
        Some(Presence::Absent) => "x",
        Some(Presence::Excused) => "i",
        None => ".",
    }
}

/// Writes one text behind the other, never beyond the line.
struct Pen<'a, 'b> {
    frame: &'a mut Frame<'b>,
    area: Rect,
    x: u16,
}

impl Pen<'_, '_> {
    fn write(&mut self, text: &str, style: Style) {
        let room = usize::from(self.area.right().saturating_sub(self.x));
        if room > 0 {
            let (x, _) =
                self.frame.buffer_mut().set_stringn(self.x, self.area.y, text, room, style);
            self.x = x;
        }
    }
}
