//! What is done with the line under the cursor: opened, marked, enrolled, copied; and which
//! people the matrix is narrowed to by it.

use super::{MatrixPane, grid};
use crate::domain::record::RecordId;
use crate::domain::search::turned;
use crate::i18n::t;
use crate::ui::command::Command;
use crate::ui::effect::{Effect, Marks, UnitScope};
use crate::ui::overlays::history::History;
use crate::ui::pane::{View, trend_of};
use crate::ui::panes::competencies::{DictionaryPage, trend};
use crate::ui::widgets::filter;

impl MatrixPane {
    /// The cursor stands on the line of a unit.
    pub(super) fn on_unit(&self) -> bool {
        self.window.line().is_some_and(|line| line.unit().is_some())
    }

    /// Whether a command is about the person under the cursor.
    pub(super) fn of_person(&self, command: Command) -> bool {
        match command {
            Command::MatrixRepeat
            | Command::MatrixClear
            | Command::ListMark
            | Command::ListHistory
            | Command::ListCopy => true,
            Command::Enrol | Command::WhatIf => self.marked == 0,
            command => command.level().is_some(),
        }
    }

    /// Opens the person, or narrows the matrix to the unit and all below it.
    pub(super) fn open(&self) -> Vec<Effect> {
        let Some(line) = self.window.line() else { return Vec::new() };
        if let Some(row) = line.person() {
            return vec![Effect::Show(row.employee.into())];
        }
        let unit = line.unit().and_then(|group| Some((group.unit?, group.name.clone())));
        match unit {
            Some((id, label)) => vec![Effect::Restrict(Some(UnitScope { id, label }))],
            None => vec![Effect::refuse(t!("matrix.of_no_unit"))],
        }
    }

    /// Only those below standard in the competency under the cursor, as a word of the filter;
    /// once more, without it.
    pub(super) fn turn_gaps(&mut self) -> Vec<Effect> {
        let Some(code) = self.window.code() else { return Vec::new() };
        let wanted = format!("{}<std", code.to_lowercase());
        let search = turned(self.window.search(), &wanted);
        if !self.filter.put(&search) {
            return vec![Effect::refuse(t!("shell.filter_too_long", max = filter::LENGTH_MAX))];
        }
        self.window.refine(&search)
    }

    /// The page of the competency under the cursor, whatever line it stands on.
    pub(super) fn read_competency(&self) -> Vec<Effect> {
        let id = self.window.competency().map(RecordId::from);
        let page = id.map(|id| Effect::open("matrix.competency", DictionaryPage::of(id)));
        page.into_iter().collect()
    }

    /// The person under the cursor over the years; on the line of a unit, the competency.
    pub(super) fn trend(&self) -> Vec<Effect> {
        if self.on_unit() {
            return self.window.code().map(|code| trend(code.to_string())).into_iter().collect();
        }
        self.window.row().map(|row| trend_of(row.employee)).into_iter().collect()
    }

    /// Those marked, or else the person under the cursor.
    pub(super) fn chosen(&self, view: &View) -> Vec<u32> {
        if view.marked_people.is_empty() {
            return self.window.row().map(|row| row.employee.0).into_iter().collect();
        }
        view.marked_people.iter().copied().collect()
    }

    pub(super) fn enrol(&mut self, view: &View) -> Vec<Effect> {
        let name = self.window.row().map(|row| row.name.clone()).unwrap_or_default();
        vec![self.enrolling.begin(self.chosen(view), &name)]
    }

    /// Marks or unmarks the person under the cursor and goes on to the next; or unmarks all.
    pub(super) fn mark(&mut self, command: Command, view: &View) -> Vec<Effect> {
        let mut marks = view.marked_people.clone();
        if command == Command::ListUnmarkAll {
            self.marked = 0;
            return vec![Effect::Mark(Marks::default())];
        }
        let Some(person) = self.window.row().map(|row| row.employee.0) else { return Vec::new() };
        if !marks.remove(&person) {
            marks.insert(person);
        }
        self.marked = marks.len();
        let mut effects = vec![Effect::Mark(Marks::new(marks))];
        effects.extend(self.window.next_person());
        effects
    }

    pub(super) fn history(&self) -> Vec<Effect> {
        let row = self.window.row();
        let of = row.map(|row| History::of(row.employee.into(), row.name.clone()));
        of.map(|history| Effect::open("matrix.history", history)).into_iter().collect()
    }

    /// Name, competency and cell: work data any colleague may see, and no NIP.
    pub(super) fn copy(&self) -> Vec<Effect> {
        let (Some(row), Some(at)) = (self.window.row(), self.window.column()) else {
            return Vec::new();
        };
        let competencies = self.window.matrix().map(|matrix| matrix.competencies.as_slice());
        let Some(competency) = competencies.and_then(|all| all.get(at)) else { return Vec::new() };
        let cell = grid::cell_text(self.shown(row, at));
        vec![Effect::Copy(format!("{}\t{}\t{cell}", row.name, competency.code))]
    }
}
