//! The attendance grid of one session: people down, days across. It keeps where the
//! cursor stands (on a person and a day, not on a row), who is marked, and the ticks on
//! their way. There is at most one question about attendance open: whatever changes
//! meanwhile makes one more, so that walking fast through the agenda asks no more than
//! the office can answer.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use ratatui::layout::Rect;

use super::grid_draw;
use super::ticks::{Mark, Ticks};
use crate::domain::kinds::enrolment::Presence;
use crate::domain::record::{EmployeeId, SessionId};
use crate::i18n::t;
use crate::protocol::{Answer, Attendance, AttendanceRow, IDS_MAX, Request};
use crate::ui::command::{Command, Fact, Facts};
use crate::ui::effect::{Effect, Tag};
use crate::ui::toast::Toast;
use crate::ui::widgets::cursor::{Axis, Cursor, Held, walk};
use crate::ui::widgets::marked::Marked;

/// The name under which attendance is asked for.
pub const TAG: &str = "training.attendance";

#[derive(Default)]
pub struct Grid {
    session: Option<SessionId>,
    shown: Option<Box<Attendance>>,
    /// The office could not tell of this session: it was deleted, or cannot be read.
    refused: bool,
    /// Number of the latest question.
    asked: u32,
    open: bool,
    /// Something changed since the open question was asked.
    again: bool,
    pub(super) ticks: Ticks,
    cursor: Cursor<EmployeeId>,
    /// The person the officer is on, whichever session is shown.
    sought: Option<EmployeeId>,
    across: Axis,
    marks: Marked,
    /// Whose JP the last answer changed.
    pub(super) fresh: BTreeSet<EmployeeId>,
}

impl Grid {
    pub const fn session(&self) -> Option<SessionId> {
        self.session
    }

    /// What the office last told of this session, if it has.
    pub fn attendance(&self) -> Option<&Attendance> {
        told_of(self.session, self.shown.as_deref())
    }

    /// The place of the person under the cursor.
    pub const fn row(&self) -> usize {
        self.cursor.row() as usize
    }

    /// The first row in sight.
    pub const fn top(&self) -> usize {
        self.cursor.top() as usize
    }

    /// The place of the day under the cursor.
    pub const fn day(&self) -> usize {
        self.across.at() as usize
    }

    /// The first day in sight.
    pub const fn left(&self) -> usize {
        self.across.top() as usize
    }

    pub const fn is_refused(&self) -> bool {
        self.refused
    }

    pub fn rows(&self) -> &[AttendanceRow] {
        self.attendance().map(|attendance| attendance.rows.as_slice()).unwrap_or_default()
    }

    pub fn here(&self) -> Option<&AttendanceRow> {
        self.rows().get(self.row())
    }

    pub fn days(&self) -> usize {
        self.attendance().map_or(0, |attendance| attendance.days.len())
    }

    /// How many are marked, with those of a range that has begun.
    pub fn marked(&self) -> usize {
        (0..self.rows().len()).filter(|at| self.is_marked(*at)).count()
    }

    /// The cursor on this person, here and in the next sessions, where they are among those
    /// who take part.
    pub fn stand_on(&mut self, person: EmployeeId, area: Rect) {
        self.sought = Some(person);
        match Held::all(self.rows()).place_of(person) {
            Some(row) => self.move_to(row, self.day(), area),
            None if self.attendance().is_none() => self.cursor.seek(person),
            None => {}
        }
    }

    pub fn counter(&self) -> String {
        match (self.attendance(), self.marked()) {
            (None, _) => String::new(),
            (Some(attendance), 0) => attendance.rows.len().to_string(),
            (Some(attendance), marked) => format!("{} *{marked}", attendance.rows.len()),
        }
    }

    pub fn facts(&self) -> Facts {
        Facts::NONE
            .with(Fact::Attendance)
            .with(Fact::DetailOpen)
            .when(Fact::Marked, !self.marks.is_empty() || self.marks.is_ranging())
            .when(Fact::Ranging, self.marks.is_ranging())
            .when(Fact::Empty, self.rows().is_empty())
    }

    pub fn is_marked(&self, at: usize) -> bool {
        let row = self.rows().get(at);
        row.is_some_and(|row| self.marks.has(row.employee.0))
            || self.marks.spans(at as u32, self.cursor.row())
    }

    /// The marked people, or else the one under the cursor.
    pub fn whom(&self) -> Vec<EmployeeId> {
        if self.marks.is_empty() {
            return self.here().map(|row| row.employee).into_iter().collect();
        }
        let marked = self.rows().iter().filter(|row| self.marks.has(row.employee.0));
        marked.map(|row| row.employee).collect()
    }

    pub fn unmark(&mut self) {
        self.marks.clear();
    }

    /// The mark of a cell as the officer sees it: with what is on its way.
    pub fn mark_at(&self, row: &AttendanceRow, day: usize) -> Option<Presence> {
        let stored = row.marks.get(day).copied().flatten();
        match (self.session, u16::try_from(day)) {
            (Some(session), Ok(day)) => self.ticks.seen(session, row.employee, day, stored),
            _ => stored,
        }
    }

    pub fn unconfirmed(&self, row: &AttendanceRow, day: usize) -> bool {
        match (self.session, u16::try_from(day)) {
            (Some(session), Ok(day)) => self.ticks.unconfirmed(session, row.employee, day),
            _ => false,
        }
    }

    /// Shows this session from now on.
    pub fn follow(&mut self, session: Option<SessionId>) -> Vec<Effect> {
        if self.session == session {
            return Vec::new();
        }
        self.session = session;
        self.shown = None;
        self.refused = false;
        self.cursor.begin();
        if let Some(person) = self.sought {
            self.cursor.seek(person);
        }
        self.across = Axis::default();
        self.unmark();
        self.fresh.clear();
        self.ask()
    }

    /// Asks anew; while a question is open, once it is answered.
    pub fn ask(&mut self) -> Vec<Effect> {
        let Some(session) = self.session else { return Vec::new() };
        if self.open {
            self.again = true;
            return Vec::new();
        }
        self.open = true;
        self.asked += 1;
        vec![Effect::ask(Tag::new(TAG, self.asked), Request::Attendance(session))]
    }

    /// The office's answer to a question about attendance.
    pub fn answered(
        &mut self,
        tag: Tag,
        answer: Answer,
        today: NaiveDate,
        area: Rect,
    ) -> Vec<Effect> {
        if tag.number != self.asked {
            return Vec::new();
        }
        self.open = false;
        let again = std::mem::take(&mut self.again);
        let mut stale = false;
        if let Answer::Attendance(attendance) = answer {
            if self.session.is_some_and(|session| attendance.session.id == session.into()) {
                self.take(attendance, today, area);
            } else {
                stale = true;
            }
        } else {
            // What is on screen is no longer true.
            self.shown = None;
            self.refused = true;
        }
        if again || stale { self.ask() } else { Vec::new() }
    }

    fn take(&mut self, attendance: Box<Attendance>, today: NaiveDate, area: Rect) {
        let first = self.attendance().is_none();
        if !first {
            let changed = |row: &&AttendanceRow| {
                let before = self.rows().iter().find(|old| old.employee == row.employee);
                before.is_some_and(|old| old.earned != row.earned)
            };
            let changed: Vec<_> =
                attendance.rows.iter().filter(changed).map(|row| row.employee).collect();
            self.fresh.extend(changed);
        }
        let still: BTreeSet<u32> = attendance.rows.iter().map(|row| row.employee.0).collect();
        self.marks.keep(&still);
        if let Some(session) = self.session {
            self.ticks.shown(session, self.asked);
        }
        let today = attendance.days.iter().position(|day| *day == today).unwrap_or(0);
        let day = if first { today } else { self.day() };
        self.shown = Some(attendance);
        self.refused = false;
        let held = Held::all(self.rows());
        let place = self.cursor.on().and_then(|person| held.place_of(person));
        self.move_to(place.unwrap_or(self.cursor.row()), day, area);
    }

    /// The office's answer to a tick.
    pub fn tick_answered(&mut self, tag: Tag, answer: &Answer) -> Vec<Effect> {
        match answer {
            Answer::Saved(_) => self.ticks.saved(tag.number, self.asked + 1),
            _ => self.ticks.refused(tag.number),
        }
        self.ask()
    }

    pub fn resized(&mut self, area: Rect) {
        self.move_to(self.cursor.row(), self.day(), area);
    }

    fn move_to(&mut self, row: u32, day: usize, area: Rect) {
        let attendance = told_of(self.session, self.shown.as_deref());
        let shape = grid_draw::shape(area, attendance);
        self.cursor.sees(shape.rows as u32);
        self.across.sees(shape.days as u32);
        self.cursor.go(row, &Held::all(attendance.map_or(&[], |told| told.rows.as_slice())));
        self.across.go(day as u32, attendance.map_or(0, |told| told.days.len()) as u32);
    }

    /// Moves, marks and ticks; `None` for what is not the grid's business.
    pub fn command(&mut self, command: Command, area: Rect) -> Option<Vec<Effect>> {
        let page = grid_draw::shape(area, self.attendance()).rows as u32;
        let count = self.rows().len() as u32;
        let (row, day) = (self.cursor.row(), self.day());
        let mut to = |row: u32, day: usize| {
            self.fresh.clear();
            self.move_to(row, day, area);
        };
        if let Some(row) = walk(command, row, count, page) {
            to(row, day);
            self.sought = self.cursor.on();
            return Some(Vec::new());
        }
        match command {
            Command::ListLeft => to(row, day.saturating_sub(1)),
            Command::ListRight => to(row, day + 1),
            Command::ListMark => {
                if let Some(number) = self.here().map(|row| row.employee.0) {
                    self.marks.toggle(number);
                }
                self.move_to(row + 1, day, area);
            }
            Command::ListMarkRange => self.mark_range(),
            Command::ListMarkAll => {
                let all: Vec<_> = self.rows().iter().map(|row| row.employee.0).collect();
                self.marks.clear();
                self.marks.add(all);
            }
            Command::ListUnmarkAll => self.marks.step_back(),
            Command::TrainingTick => return Some(self.toggle(area)),
            Command::TrainingPresent => return Some(self.set(Some(Presence::Present), area)),
            Command::TrainingAbsent => return Some(self.set(Some(Presence::Absent), area)),
            Command::TrainingExcused => return Some(self.set(Some(Presence::Excused), area)),
            Command::TrainingClear => return Some(self.set(None, area)),
            Command::TrainingColumn => return Some(self.fill_column()),
            Command::TrainingRow => return Some(self.fill_row(area)),
            _ => return None,
        }
        Some(Vec::new())
    }

    fn mark_range(&mut self) {
        let Some(span) = self.marks.range(self.cursor.row()) else { return };
        let spanned = |at: &usize| span.contains(&(*at as u32));
        let rows = self.rows().iter().enumerate().filter(|(at, _)| spanned(at));
        let numbers: Vec<_> = rows.map(|(_, row)| row.employee.0).collect();
        self.marks.add(numbers);
    }

    /// Present becomes absent, everything else present; of several people, the same for all.
    fn toggle(&mut self, area: Rect) -> Vec<Effect> {
        let whom = self.whom();
        let chosen = self.rows().iter().filter(|row| whom.contains(&row.employee));
        let all_present = chosen
            .map(|row| self.mark_at(row, self.day()))
            .all(|mark| mark == Some(Presence::Present));
        let mark = if all_present { Presence::Absent } else { Presence::Present };
        self.set(Some(mark), area)
    }

    /// Gives the chosen people this mark on the day under the cursor. One person: moves on
    /// to the next; several: stays, and the marks are lifted so that the next tick is one.
    fn set(&mut self, mark: Option<Presence>, area: Rect) -> Vec<Effect> {
        let Ok(day) = u16::try_from(self.day()) else { return Vec::new() };
        let whom: BTreeSet<_> = self.whom().into_iter().collect();
        let marks = self
            .rows()
            .iter()
            .filter(|row| whom.contains(&row.employee) && self.mark_at(row, self.day()) != mark)
            .map(|row| (row.employee, day, mark))
            .collect();
        self.fresh.clear();
        let many = !self.marks.is_empty();
        let effects = self.send(marks);
        if many {
            self.marks.clear();
        } else {
            self.move_to(self.cursor.row() + 1, self.day(), area);
        }
        effects
    }

    /// Everybody whose day is still open was present on the day under the cursor.
    fn fill_column(&mut self) -> Vec<Effect> {
        let marks = self.open_cells(self.rows(), self.day()..self.day() + 1);
        if marks.is_empty() {
            return vec![Effect::Toast(Toast::note(t!("training.column_full")))];
        }
        self.send(marks)
    }

    /// The chosen people were present on every day that is still open.
    fn fill_row(&mut self, area: Rect) -> Vec<Effect> {
        let whom: BTreeSet<_> = self.whom().into_iter().collect();
        let rows = self.rows().iter().filter(|row| whom.contains(&row.employee));
        let marks = self.open_cells(rows, 0..self.days());
        if marks.is_empty() {
            return vec![Effect::Toast(Toast::note(t!("training.row_full")))];
        }
        let many = !self.marks.is_empty();
        let effects = self.send(marks);
        if many {
            self.marks.clear();
        } else {
            self.move_to(self.cursor.row() + 1, self.day(), area);
        }
        effects
    }

    fn open_cells<'a>(
        &self,
        rows: impl IntoIterator<Item = &'a AttendanceRow>,
        days: std::ops::Range<usize>,
    ) -> Vec<Mark> {
        let open = |row: &'a AttendanceRow| {
            days.clone()
                .filter(|day| self.mark_at(row, *day).is_none())
                .filter_map(|day| {
                    Some((row.employee, u16::try_from(day).ok()?, Some(Presence::Present)))
                })
                .collect::<Vec<_>>()
        };
        rows.into_iter().flat_map(open).collect()
    }

    fn send(&mut self, marks: Vec<Mark>) -> Vec<Effect> {
        let Some(session) = self.session.filter(|_| !marks.is_empty()) else { return Vec::new() };
        if marks.len() > IDS_MAX {
            return vec![Effect::refuse(t!("training.too_many_marks", limit = IDS_MAX))];
        }
        match self.ticks.send(session, marks) {
            Some(effect) => vec![effect],
            None => vec![Effect::refuse(t!("training.office_slow"))],
        }
    }
}

/// What is known of this session, if it is what was told last.
fn told_of(session: Option<SessionId>, shown: Option<&Attendance>) -> Option<&Attendance> {
    let session = session?;
    shown.filter(|shown| shown.session.id == session.into())
}
