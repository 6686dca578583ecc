//! The part of the matrix that is here, and the cursor in it. The cursor stands on a
//! line and a competency, not on a row: after any change the window is asked for anew
//! around that person, with one question on its way at most. A person whom the filter no
//! longer finds stays until the cursor leaves, so that a digit never meets another one.

use std::collections::{BTreeSet, HashMap};

use super::lines::{LineKey, MatrixLine};
use crate::domain::record::{CompetencyId, EmployeeId, UnitId};
use crate::protocol::{Matrix, MatrixQuery, MatrixRow, PAGE_MAX, Request, SortKey};
use crate::ui::effect::{Effect, Tag};
use crate::ui::pane::Along;
use crate::ui::widgets::cursor::{Axis, Cursor, Held};

/// The name under which windows are asked for.
pub const TAG: &str = "matrix.window";
/// Rows asked for above and below those in sight, so that fast typing meets rows.
const MARGIN: u32 = 40;

/// A question on its way.
#[derive(Clone, Copy, Debug)]
struct Asked {
    number: u32,
    on: Option<LineKey>,
    /// The query was another one before: what comes is to be shown whatever it is.
    fresh: bool,
    /// The last entry heard of when it was asked.
    knows: u64,
}

/// What became of an answer.
pub enum WindowTaken {
    /// Shown; it knows every entry up to this one.
    Shown {
        knows: u64,
        effects: Vec<Effect>,
    },
    Not(Vec<Effect>),
}

#[derive(Debug, Default)]
pub struct Window {
    /// Without its rows, which are in `lines`.
    matrix: Option<Matrix>,
    lines: Vec<MatrixLine>,
    pub unit: Option<UnitId>,
    search: String,
    grouped: bool,
    sort: Option<SortKey>,
    hidden: BTreeSet<CompetencyId>,
    cursor: Cursor<LineKey>,
    across: Axis,
    /// Rows and columns in sight.
    fits: (u32, usize),
    asked: Option<Asked>,
    asked_number: u32,
    /// What the last question knew, and the last entry heard of.
    knows: u64,
    latest: u64,
    /// Not found by the filter any more, but still under the cursor; who is not in the office
    /// any more never is.
    gone: Option<LineKey>,
}

impl Window {
    pub const fn matrix(&self) -> Option<&Matrix> {
        self.matrix.as_ref()
    }

    pub const fn row_number(&self) -> u32 {
        self.cursor.row()
    }

    pub const fn top(&self) -> u32 {
        self.cursor.top()
    }

    /// The place of the cursor among [`Self::columns`].
    pub const fn column_number(&self) -> usize {
        self.across.at() as usize
    }

    pub const fn left(&self) -> usize {
        self.across.top() as usize
    }

    pub fn search(&self) -> &str {
        &self.search
    }

    /// How many lines there are.
    pub fn total(&self) -> u32 {
        self.matrix.as_ref().map_or(0, |matrix| matrix.lines)
    }

    /// Those that are here, the first of them with its place.
    pub fn lines(&self) -> (u32, &[MatrixLine]) {
        (self.matrix.as_ref().map_or(0, |matrix| matrix.offset), &self.lines)
    }

    pub fn line_at(&self, at: u32) -> Option<&MatrixLine> {
        self.held().at(at)
    }

    pub fn line(&self) -> Option<&MatrixLine> {
        self.line_at(self.cursor.row())
    }

    /// The person under the cursor, if it is on one.
    pub fn row(&self) -> Option<&MatrixRow> {
        self.line()?.person()
    }

    fn held(&self) -> Held<'_, MatrixLine> {
        held(self.matrix.as_ref(), &self.lines)
    }

    /// Places in `Matrix::competencies` of those not hidden.
    pub fn columns(&self) -> Vec<usize> {
        let all = self.matrix.iter().flat_map(|matrix| matrix.competencies.iter().enumerate());
        all.filter(|(_, one)| !self.hidden.contains(&one.id)).map(|(at, _)| at).collect()
    }

    /// The place in `Matrix::competencies` of the one under the cursor.
    pub fn column(&self) -> Option<usize> {
        self.columns().get(self.column_number()).copied()
    }

    pub fn competency(&self) -> Option<CompetencyId> {
        Some(self.matrix.as_ref()?.competencies.get(self.column()?)?.id)
    }

    /// Of the competency under the cursor.
    pub fn code(&self) -> Option<&str> {
        Some(&self.matrix.as_ref()?.competencies.get(self.column()?)?.code)
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
        if self.fits == (rows, columns) {
            return Vec::new();
        }
        self.fits = (rows, columns);
        self.cursor.sees(rows);
        self.across.sees(columns as u32);
        self.keep_in_sight();
        self.fill()
    }

    /// All that is shown, as filtered, for an export.
    pub fn query(&self) -> MatrixQuery {
        MatrixQuery {
            unit: self.unit,
            search: self.search.trim().to_string(),
            sort: self.sort.clone(),
            grouped: self.grouped,
            at: None,
            offset: 0,
            limit: PAGE_MAX,
            anchor: None,
            since: None,
        }
    }

    /// Asks anew after the query has become another one.
    pub fn ask_fresh(&mut self) -> Vec<Effect> {
        self.gone = None;
        vec![self.ask(self.cursor.on(), true)]
    }

    pub fn set_search(&mut self, text: &str) -> Vec<Effect> {
        let first = self.search.is_empty();
        self.search = text.to_string();
        self.cursor.seek_found(first);
        self.ask_fresh()
    }

    /// Another filter, the cursor still on the same person where it finds them.
    pub fn refine(&mut self, search: &str) -> Vec<Effect> {
        self.search = search.to_string();
        if search.is_empty() {
            self.cursor.come_back();
        }
        self.ask_fresh()
    }

    pub const fn sort(&self) -> Option<&SortKey> {
        self.sort.as_ref()
    }

    /// As remembered; asked for with the next question.
    pub fn put_sort(&mut self, sort: Option<SortKey>) {
        self.sort = sort;
    }

    /// By the competency under the cursor, who lacks most first; once more, who lacks least;
    /// and then by name again.
    pub fn turn_sort(&mut self) -> Vec<Effect> {
        let Some(code) = self.code().map(String::from) else { return Vec::new() };
        self.sort = match self.sort.take().filter(|sort| sort.column == code) {
            None => Some(SortKey { column: code, descending: false }),
            Some(sort) if !sort.descending => Some(SortKey { descending: true, ..sort }),
            Some(_) => None,
        };
        self.cursor.begin();
        self.ask_fresh()
    }

    pub const fn is_grouped(&self) -> bool {
        self.grouped
    }

    /// As remembered; asked for with the next question.
    pub const fn put_grouped(&mut self, grouped: bool) {
        self.grouped = grouped;
    }

    /// By unit, or all in one.
    pub fn turn_groups(&mut self) -> Vec<Effect> {
        self.grouped = !self.grouped;
        self.ask_fresh()
    }

    pub fn restrict(&mut self, unit: Option<UnitId>) -> Vec<Effect> {
        if self.unit == unit && self.matrix.is_some() {
            return Vec::new();
        }
        self.unit = unit;
        self.ask_fresh()
    }

    /// The page was come to: of this unit, filtered as the page before it, the cursor on the
    /// same person where they are among those it shows.
    pub fn come(&mut self, unit: Option<UnitId>, along: &Along) -> Vec<Effect> {
        let person = along.person.map(LineKey::Person);
        let person = person.filter(|person| self.cursor.on() != Some(*person));
        let same = self.unit == unit && self.search == along.filter;
        if self.matrix.is_some() && same && person.is_none() {
            return Vec::new();
        }
        self.unit = unit;
        self.search.clone_from(&along.filter);
        if let Some(person) = person {
            self.cursor.seek(person);
        }
        self.ask_fresh()
    }

    /// The office has changed, by this entry.
    pub fn changed(&mut self, entry: u64) -> Vec<Effect> {
        self.hear(entry);
        self.ask_if_changed()
    }

    /// The office has changed, by this entry; what has is not asked for yet.
    pub fn hear(&mut self, entry: u64) {
        self.latest = self.latest.max(entry);
    }

    /// The office would not answer; what is shown stays.
    pub fn refused(&mut self, number: u32) {
        self.asked.take_if(|asked| asked.number == number);
    }

    pub fn answer(&mut self, number: u32, matrix: Matrix) -> WindowTaken {
        let Some(asked) = self.asked.take_if(|asked| asked.number == number) else {
            return WindowTaken::Not(Vec::new());
        };
        let Some(mut matrix) = self.completed(matrix) else {
            return WindowTaken::Not(vec![self.ask(asked.on, asked.fresh)]);
        };
        let lines = MatrixLine::of(&mut matrix);
        let shown = held(Some(&matrix), &lines);
        let on = self.cursor.on();
        let at = on.and_then(|on| shown.place_of(on));
        if let (Some(on), None, false) = (on, at, asked.fresh) {
            if asked.on == Some(on) && !self.search.is_empty() && on.person().is_some() {
                self.gone = Some(on);
                return WindowTaken::Not(self.ask_if_changed());
            }
            if asked.on != Some(on) {
                // The cursor has left the asked-for window while it was on its way.
                return WindowTaken::Not(vec![self.ask(Some(on), false)]);
            }
        }
        // Whoever the cursor was sent to is not among these: where it was before.
        if asked.fresh && at.is_none() && asked.on == on && self.cursor.fall_back() {
            return WindowTaken::Not(vec![self.ask(self.cursor.on(), true)]);
        }
        let here = self.competency();
        let first = self.matrix.is_none();
        // Whoever the new query does not find leaves the cursor at its beginning.
        let lost = asked.fresh && on.is_some();
        self.cursor.settle_in_place(at.or(lost.then_some(0)), &shown);
        (self.matrix, self.lines) = (Some(matrix), lines);
        self.gone = None;
        if !first {
            self.stand_on(here);
        }
        self.keep_in_sight();
        // Of whoever stands at the top it is seen in which unit they are.
        let above = self.cursor.top().checked_sub(1).and_then(|at| self.line_at(at));
        if asked.fresh && above.is_some_and(is_head) {
            self.cursor.scroll_back(1);
        }
        let mut effects = self.ask_if_changed();
        effects.extend(self.fill());
        WindowTaken::Shown { knows: asked.knows, effects }
    }

    /// Down to the next person, over the line of a unit.
    pub fn next_person(&mut self) -> Vec<Effect> {
        let mut effects = self.move_rows(1);
        if self.line().is_some_and(|line| line.unit().is_some()) {
            effects.extend(self.move_rows(1));
        }
        effects
    }

    pub fn move_rows(&mut self, by: i64) -> Vec<Effect> {
        let row = (i64::from(self.cursor.row()) + by).clamp(0, i64::from(u32::MAX));
        self.go_to_row(row as u32)
    }

    pub fn go_to_row(&mut self, row: u32) -> Vec<Effect> {
        self.cursor.go(row, &held(self.matrix.as_ref(), &self.lines));
        let on = self.cursor.on();
        if self.gone.is_some() && self.gone != on {
            self.gone = None;
            if self.asked.is_none() && on.is_some() {
                return vec![self.ask(on, false)];
            }
        }
        self.fill()
    }

    pub fn move_columns(&mut self, by: isize) {
        self.go_to_column(self.column_number().saturating_add_signed(by));
    }

    pub fn go_to_column(&mut self, column: usize) {
        let columns = self.columns().len() as u32;
        self.across.go(u32::try_from(column).unwrap_or(u32::MAX), columns);
        self.keep_in_sight();
    }

    /// Puts the cursor on a person who may not be here yet.
    pub fn go_to(&mut self, person: EmployeeId, row: u32, column: usize) -> Vec<Effect> {
        let person = LineKey::Person(person);
        self.cursor.seek_at(person, row);
        self.gone = None;
        // Also brings the row into sight.
        self.go_to_column(column);
        vec![self.ask(Some(person), true)]
    }

    /// How many rows a page moves.
    pub fn page(&self) -> i64 {
        i64::from(self.fits.0.max(2) - 1)
    }

    fn ask(&mut self, on: Option<LineKey>, fresh: bool) -> Effect {
        let (offset, limit) = self.cursor.around(MARGIN);
        let query =
            MatrixQuery { offset, limit: limit.min(PAGE_MAX), since: Some(0), ..self.query() };
        self.ask_for(on, fresh, query)
    }

    fn ask_for(&mut self, on: Option<LineKey>, fresh: bool, mut query: MatrixQuery) -> Effect {
        query.anchor = on.and_then(LineKey::person).map(|person| person.0);
        self.asked_number += 1;
        self.knows = self.latest;
        let number = self.asked_number;
        self.asked = Some(Asked { number, on, fresh, knows: self.knows });
        Effect::ask(Tag::new(TAG, number), Request::Matrix(query))
    }

    /// Asks for what has changed in the window that is here.
    pub fn ask_if_changed(&mut self) -> Vec<Effect> {
        let Some(matrix) = self.matrix.as_ref().filter(|_| self.latest > self.knows) else {
            return Vec::new();
        };
        if self.asked.is_some() {
            return Vec::new();
        }
        let (_, limit) = self.cursor.around(MARGIN);
        let query = MatrixQuery {
            offset: matrix.offset,
            limit: limit.max(self.lines.len() as u32).min(PAGE_MAX),
            since: Some(matrix.seq),
            ..self.query()
        };
        vec![self.ask_for(self.cursor.on(), false, query)]
    }

    /// An answer with the rows that did not have to come again; `None` when one of them is
    /// not here.
    fn completed(&self, mut matrix: Matrix) -> Option<Matrix> {
        let Some(window) = matrix.window.take() else { return Some(matrix) };
        let mut changed: HashMap<EmployeeId, MatrixRow> =
            matrix.rows.drain(..).map(|row| (row.employee, row)).collect();
        let here = self.lines.iter().filter_map(MatrixLine::person);
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
        let missing = self.cursor.misses(&self.held());
        if missing && self.asked.is_none() {
            vec![self.ask(self.cursor.on(), false)]
        } else {
            Vec::new()
        }
    }

    fn stand_on(&mut self, competency: Option<CompetencyId>) {
        let columns = self.columns();
        let all = self.matrix.as_ref().map(|matrix| matrix.competencies.as_slice());
        let id = |at: &usize| all.and_then(|all| all.get(*at)).map(|one| one.id);
        let place = columns.iter().position(|at| competency.is_some() && id(at) == competency);
        self.go_to_column(place.unwrap_or(self.column_number()));
    }

    fn keep_in_sight(&mut self) {
        self.cursor.scroll(self.total());
        let columns = self.columns().len() as u32;
        self.across.scroll(columns);
    }
}

fn is_head(line: &MatrixLine) -> bool {
    line.unit().is_some()
}

/// The lines that are here; none before the first answer.
fn held<'a>(matrix: Option<&Matrix>, lines: &'a [MatrixLine]) -> Held<'a, MatrixLine> {
    matrix.map_or(Held::all(&[]), |matrix| Held {
        offset: matrix.offset,
        total: matrix.lines,
        rows: lines,
    })
}
