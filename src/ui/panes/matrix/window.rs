//! The part of the matrix that is here, and the cursor in it. The cursor stands on a
//! person and a competency, not on a row: after any change the window is asked for anew
//! around that person, with one question on its way at most. A person whom the filter no
//! longer finds stays until the cursor leaves, so that a digit never meets another one.

use std::collections::{BTreeSet, HashMap};

use crate::domain::record::{CompetencyId, EmployeeId, UnitId};
use crate::protocol::{Matrix, MatrixQuery, MatrixRow, PAGE_MAX, Request};
use crate::ui::effect::{Effect, Tag};

/// The name under which windows are asked for.
pub const TAG: &str = "matrix.window";
/// Rows asked for above and below those in sight, so that fast typing meets rows.
const MARGIN: u32 = 40;
/// What `gaps only` adds to the words of the filter.
const GAPS: &str = "below>0";

/// A question on its way.
#[derive(Clone, Copy, Debug)]
struct Asked {
    number: u32,
    person: Option<EmployeeId>,
    /// The query was another one before: what comes is to be shown whatever it is.
    fresh: bool,
    /// The last entry heard of when it was asked.
    knows: u64,
}

/// What became of an answer.
pub enum Taken {
    /// Shown; it knows every entry up to this one.
    Shown {
        knows: u64,
        effects: Vec<Effect>,
    },
    Not(Vec<Effect>),
}

#[derive(Debug, Default)]
pub struct Window {
    matrix: Option<Matrix>,
    pub unit: Option<UnitId>,
    search: String,
    gaps_only: bool,
    hidden: BTreeSet<CompetencyId>,
    row: u32,
    top: u32,
    column: usize,
    left: usize,
    person: Option<EmployeeId>,
    rows_shown: u32,
    columns_shown: usize,
    asked: Option<Asked>,
    asked_number: u32,
    /// What the last question knew, and the last entry heard of.
    knows: u64,
    latest: u64,
    /// Not in the answer any more, but still under the cursor.
    gone: Option<EmployeeId>,
}

impl Window {
    pub const fn matrix(&self) -> Option<&Matrix> {
        self.matrix.as_ref()
    }

    pub const fn row_number(&self) -> u32 {
        self.row
    }

    pub const fn top(&self) -> u32 {
        self.top
    }

    /// The place of the cursor among [`Self::columns`].
    pub const fn column_number(&self) -> usize {
        self.column
    }

    pub const fn left(&self) -> usize {
        self.left
    }

    pub fn search(&self) -> &str {
        &self.search
    }

    pub const fn gaps_only(&self) -> bool {
        self.gaps_only
    }

    pub fn matched(&self) -> u32 {
        self.matrix.as_ref().map_or(0, |matrix| matrix.matched)
    }

    pub fn row_at(&self, at: u32) -> Option<&MatrixRow> {
        let matrix = self.matrix.as_ref()?;
        matrix.rows.get(at.checked_sub(matrix.offset)? as usize)
    }

    pub fn row(&self) -> Option<&MatrixRow> {
        self.row_at(self.row)
    }

    /// Places in `Matrix::competencies` of those not hidden.
    pub fn columns(&self) -> Vec<usize> {
        let all = self.matrix.iter().flat_map(|matrix| matrix.competencies.iter().enumerate());
        all.filter(|(_, one)| !self.hidden.contains(&one.id)).map(|(at, _)| at).collect()
    }

    /// The place in `Matrix::competencies` of the one under the cursor.
    pub fn column(&self) -> Option<usize> {
        self.columns().get(self.column).copied()
    }

    pub fn competency(&self) -> Option<CompetencyId> {
        Some(self.matrix.as_ref()?.competencies.get(self.column()?)?.id)
    }

    /// Shows these competencies only, by their places in `Matrix::competencies`.
    pub fn choose_columns(&mut self, places: &[usize]) {
        let here = self.competency();
        let all = self.matrix.iter().flat_map(|matrix| matrix.competencies.iter().enumerate());
        self.hidden = all.filter(|(at, _)| !places.contains(at)).map(|(_, one)| one.id).collect();
        self.stand_on(here);
    }

    /// Tells how much is in sight; asks for what should be and is not here.
    pub fn fit(&mut self, rows: u32, columns: usize) -> Vec<Effect> {
        if (self.rows_shown, self.columns_shown) == (rows, columns) {
            return Vec::new();
        }
        (self.rows_shown, self.columns_shown) = (rows, columns);
        self.keep_in_sight();
        self.fill()
    }

    /// All that is shown, as filtered, for an export.
    pub fn query(&self) -> MatrixQuery {
        let mut search = self.search.trim().to_string();
        if self.gaps_only {
            if !search.is_empty() {
                search.push(' ');
            }
            search.push_str(GAPS);
        }
        MatrixQuery {
            unit: self.unit,
            search,
            at: None,
            offset: 0,
            limit: PAGE_MAX,
            anchor: None,
            export: false,
            since: None,
        }
    }

    /// Asks anew after the query has become another one.
    pub fn ask_fresh(&mut self) -> Vec<Effect> {
        self.gone = None;
        vec![self.ask(self.person, true)]
    }

    pub fn set_search(&mut self, text: &str) -> Vec<Effect> {
        self.search = text.to_string();
        self.rewind();
        self.ask_fresh()
    }

    /// Without the words of the filter, the cursor still on the same person.
    pub fn clear_search(&mut self) -> Vec<Effect> {
        self.search.clear();
        self.ask_fresh()
    }

    /// All people again, the cursor still on the same one.
    pub fn show_all(&mut self) -> Vec<Effect> {
        self.gaps_only = false;
        self.clear_search()
    }

    pub fn toggle_gaps(&mut self) -> Vec<Effect> {
        self.gaps_only = !self.gaps_only;
        self.ask_fresh()
    }

    pub fn restrict(&mut self, unit: Option<UnitId>) -> Vec<Effect> {
        if self.unit == unit && self.matrix.is_some() {
            return Vec::new();
        }
        self.unit = unit;
        self.ask_fresh()
    }

    /// The office has changed, by this entry.
    pub fn changed(&mut self, entry: u64) -> Vec<Effect> {
        self.latest = self.latest.max(entry);
        if self.matrix.is_some() { self.ask_if_changed() } else { Vec::new() }
    }

    /// The office would not answer; what is shown stays.
    pub fn refused(&mut self, number: u32) {
        self.asked.take_if(|asked| asked.number == number);
    }

    pub fn answer(&mut self, number: u32, matrix: Matrix) -> Taken {
        let Some(asked) = self.asked.take_if(|asked| asked.number == number) else {
            return Taken::Not(Vec::new());
        };
        let Some(matrix) = self.completed(matrix) else {
            return Taken::Not(vec![self.ask(asked.person, asked.fresh)]);
        };
        let at = self.person.and_then(|person| place_of(&matrix, person));
        if let (Some(person), None, false) = (self.person, at, asked.fresh) {
            if asked.person == Some(person) {
                self.gone = Some(person);
                return Taken::Not(self.ask_if_changed());
            }
            // The cursor has left the asked-for window while it was on its way.
            return Taken::Not(vec![self.ask(Some(person), false)]);
        }
        let here = self.competency();
        let first = self.matrix.is_none();
        let offset = self.row.saturating_sub(self.top);
        // Whoever the new query does not find leaves the cursor at its beginning.
        let lost = asked.fresh && self.person.is_some();
        let row = at.unwrap_or(if lost { 0 } else { self.row });
        let row = row.min(matrix.matched.saturating_sub(1));
        self.matrix = Some(matrix);
        self.gone = None;
        if row != self.row {
            // The row under the cursor keeps its place on the screen.
            self.top = row.saturating_sub(offset);
        }
        self.row = row;
        if !first {
            self.stand_on(here);
        }
        self.note_person();
        self.keep_in_sight();
        let mut effects = self.ask_if_changed();
        effects.extend(self.fill());
        Taken::Shown { knows: asked.knows, effects }
    }

    pub fn move_rows(&mut self, by: i64) -> Vec<Effect> {
        let row = (i64::from(self.row) + by).clamp(0, i64::from(u32::MAX));
        self.go_to_row(row as u32)
    }

    pub fn go_to_row(&mut self, row: u32) -> Vec<Effect> {
        self.row = row.min(self.matched().saturating_sub(1));
        self.note_person();
        self.keep_in_sight();
        if self.gone.is_some() && self.gone != self.person {
            self.gone = None;
            if self.asked.is_none() && self.person.is_some() {
                return vec![self.ask(self.person, false)];
            }
        }
        self.fill()
    }

    pub fn move_columns(&mut self, by: isize) {
        let last = self.columns().len().saturating_sub(1);
        self.column = self.column.saturating_add_signed(by).min(last);
        self.keep_in_sight();
    }

    pub fn go_to_column(&mut self, column: usize) {
        self.column = column.min(self.columns().len().saturating_sub(1));
        self.keep_in_sight();
    }

    /// Puts the cursor on a person who may not be here yet.
    pub fn go_to(&mut self, person: EmployeeId, row: u32, column: usize) -> Vec<Effect> {
        self.row = row;
        self.person = Some(person);
        self.gone = None;
        // Also brings the row into sight.
        self.go_to_column(column);
        vec![self.ask(Some(person), true)]
    }

    /// How many rows a page moves.
    pub fn page(&self) -> i64 {
        i64::from(self.rows_shown.max(2) - 1)
    }

    fn ask(&mut self, person: Option<EmployeeId>, fresh: bool) -> Effect {
        let query = MatrixQuery {
            offset: self.top.saturating_sub(MARGIN),
            limit: (self.rows_shown + 2 * MARGIN).min(PAGE_MAX),
            since: Some(0),
            ..self.query()
        };
        self.ask_for(person, fresh, query)
    }

    fn ask_for(
        &mut self,
        person: Option<EmployeeId>,
        fresh: bool,
        mut query: MatrixQuery,
    ) -> Effect {
        query.anchor = person.map(|person| person.0);
        self.asked_number += 1;
        self.knows = self.latest;
        let number = self.asked_number;
        self.asked = Some(Asked { number, person, fresh, knows: self.knows });
        Effect::ask(Tag::new(TAG, number), Request::Matrix(query))
    }

    /// Asks for what has changed in the window that is here.
    fn ask_if_changed(&mut self) -> Vec<Effect> {
        let Some(matrix) = self.matrix.as_ref().filter(|_| self.latest > self.knows) else {
            return Vec::new();
        };
        if self.asked.is_some() {
            return Vec::new();
        }
        let query = MatrixQuery {
            offset: matrix.offset,
            limit: (self.rows_shown + 2 * MARGIN).max(matrix.rows.len() as u32).min(PAGE_MAX),
            since: Some(matrix.seq),
            ..self.query()
        };
        vec![self.ask_for(self.person, false, query)]
    }

    /// An answer with the rows that did not have to come again; `None` when one of them is
    /// not here.
    fn completed(&self, mut matrix: Matrix) -> Option<Matrix> {
        let Some(window) = matrix.window.take() else { return Some(matrix) };
        let mut changed: HashMap<EmployeeId, MatrixRow> =
            matrix.rows.drain(..).map(|row| (row.employee, row)).collect();
        let here = self.matrix.iter().flat_map(|matrix| &matrix.rows);
        let here: HashMap<EmployeeId, &MatrixRow> = here.map(|row| (row.employee, row)).collect();
        for person in window {
            let row = changed.remove(&person).or_else(|| here.get(&person).copied().cloned());
            matrix.rows.push(row?);
        }
        Some(matrix)
    }

    /// Asks for rows that should be in sight and are not here, unless a question is on its
    /// way: after its answer this is seen to again.
    fn fill(&mut self) -> Vec<Effect> {
        let Some(matrix) = &self.matrix else { return Vec::new() };
        let end = (self.top + self.rows_shown).min(matrix.matched);
        let have = matrix.offset..matrix.offset + matrix.rows.len() as u32;
        let here = self.top >= end || have.contains(&self.top) && end <= have.end;
        if here || self.asked.is_some() { Vec::new() } else { vec![self.ask(self.person, false)] }
    }

    fn note_person(&mut self) {
        self.person = self.row().map(|row| row.employee);
    }

    fn stand_on(&mut self, competency: Option<CompetencyId>) {
        let columns = self.columns();
        let all = self.matrix.as_ref().map(|matrix| matrix.competencies.as_slice());
        let id = |at: &usize| all.and_then(|all| all.get(*at)).map(|one| one.id);
        let place = columns.iter().position(|at| competency.is_some() && id(at) == competency);
        self.column = place.unwrap_or(self.column).min(columns.len().saturating_sub(1));
        self.keep_in_sight();
    }

    fn rewind(&mut self) {
        self.row = 0;
        self.top = 0;
        self.person = None;
    }

    fn keep_in_sight(&mut self) {
        let rows = self.rows_shown.max(1);
        self.top = self.top.clamp((self.row + 1).saturating_sub(rows), self.row);
        self.top = self.top.min(self.matched().saturating_sub(rows));
        let (columns, all) = (self.columns_shown.max(1), self.columns().len());
        self.left = self.left.clamp((self.column + 1).saturating_sub(columns), self.column);
        self.left = self.left.min(all.saturating_sub(columns));
    }
}

fn place_of(matrix: &Matrix, person: EmployeeId) -> Option<u32> {
    let at = matrix.rows.iter().position(|row| row.employee == person)?;
    Some(matrix.offset + at as u32)
}
