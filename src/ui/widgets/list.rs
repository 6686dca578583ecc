//! A list of records in windows: it holds the rows it shows and a margin, never the
//! office. Filter, sort and columns are parts of the query; the office does the work.
//! The cursor stands on a record, not on a row: after any change the window is asked for
//! anew around that record. Answers to questions that are no longer asked are dropped.

use std::collections::BTreeSet;
use std::rc::Rc;

use ratatui::layout::Rect;

use super::Handled;
use super::filter::{Filter, Filtering};
use super::list_choice::{COLUMNS, SORT};
use crate::domain::column::Column;
use crate::domain::record::{Kind, RecordId, UnitId};
use crate::protocol::{Answer, ListQuery, Notice, PAGE_MAX, Page, Request, Row, SortKey};
use crate::ui::command::{Command, Fact, Facts};
use crate::ui::effect::{Effect, Marks, Tag};
use crate::ui::overlay::Outcome;
use crate::ui::pane::PaneEvent;

pub struct RecordList {
    pub(super) kind: Kind,
    /// The name under which its pages are asked for; one a pane.
    tag: &'static str,
    pub of: Option<RecordId>,
    unit: Option<UnitId>,
    pub(super) sort: Vec<SortKey>,
    pub(super) shown: Vec<&'static Column>,
    /// Columns asked for beside those shown.
    known: &'static [&'static str],
    /// Columns scrolled off to the left, behind the first.
    pub(super) left: usize,
    pub(super) page: Option<Page>,
    pub(super) top: u32,
    pub(super) cursor: u32,
    /// The record under the cursor, once its row is known.
    number: Option<u32>,
    /// The record the open question is anchored at.
    anchor: Option<u32>,
    pub(super) marks: Marks,
    /// Where a range of marks began.
    pub(super) range: Option<u32>,
    asked: u32,
    /// The Ids question that is open, and the rows of it that are wanted (all if none).
    ids: Option<(u32, Option<(u32, u32)>)>,
    pub(super) filter: Filter,
    rows_shown: u32,
    /// How the first record comes in, told while there is none.
    pub(super) ways: &'static [Command],
}

/// By file, by hand, and by reading first how it is done.
const WAYS: &[Command] = &[Command::Import, Command::ListAdd, Command::Guide];

impl RecordList {
    pub fn new(kind: Kind, tag: &'static str) -> Self {
        Self {
            kind,
            tag,
            of: None,
            unit: None,
            sort: Vec::new(),
            shown: kind.columns().iter().filter(|column| column.shown).collect(),
            known: &[],
            left: 0,
            page: None,
            top: 0,
            cursor: 0,
            number: None,
            anchor: None,
            marks: Marks::default(),
            range: None,
            asked: 0,
            ids: None,
            filter: Filter::default(),
            rows_shown: 1,
            ways: WAYS,
        }
    }

    /// Its records come in by these commands instead.
    #[must_use]
    pub fn filled_by(mut self, ways: &'static [Command]) -> Self {
        self.ways = ways;
        self
    }

    /// Begins with these columns; the names must be the kind's, the widths are the caller's.
    #[must_use]
    pub fn showing(mut self, columns: &'static [Column]) -> Self {
        self.shown = columns.iter().collect();
        self
    }

    /// Asks for these columns as well, without showing them, for whoever draws cells.
    #[must_use]
    pub fn knowing(mut self, names: &'static [&'static str]) -> Self {
        self.known = names;
        self
    }

    /// Begins sorted by this column, the least first.
    #[must_use]
    pub fn sorted(mut self, column: &str) -> Self {
        self.sort = vec![SortKey { column: column.to_string(), descending: false }];
        self
    }

    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The question for the window around the cursor. `anchored` keeps the record under the
    /// cursor there wherever it now stands.
    pub fn ask(&mut self, anchored: bool) -> Effect {
        self.asked += 1;
        let mut query = self.query();
        let shown = |name: &&&str| !query.columns.iter().any(|column| column == **name);
        let known: Vec<String> = self.known.iter().filter(shown).map(ToString::to_string).collect();
        query.columns.extend(known);
        let margin = self.rows_shown.max(8);
        query.offset = self.top.saturating_sub(margin);
        query.limit = (self.rows_shown + 2 * margin).min(PAGE_MAX);
        query.anchor = self.number.filter(|_| anchored);
        self.anchor = query.anchor;
        Effect::ask(Tag::new(self.tag, self.asked), Request::List(query))
    }

    /// What is on screen as a query of all of it, for export and bulk work.
    pub fn query(&self) -> ListQuery {
        ListQuery {
            search: self.search().to_string(),
            unit: self.unit,
            of: self.of,
            sort: self.sort.clone(),
            columns: self.shown.iter().map(|column| column.name.to_string()).collect(),
            ..ListQuery::all(self.kind)
        }
    }

    /// Restricts it to a unit; asks anew.
    pub fn restrict(&mut self, unit: Option<UnitId>) -> Effect {
        self.unit = unit;
        self.top = 0;
        self.cursor = 0;
        self.ask(true)
    }

    pub fn set_search(&mut self, text: &str) -> Effect {
        self.filter.set(text);
        self.begin_at_top();
        self.ask(false)
    }

    /// Puts the cursor on this record, wherever it stands.
    pub fn go_to(&mut self, number: u32) -> Effect {
        self.number = Some(number);
        self.ask(true)
    }

    /// Puts the cursor on this record even if the filter hides it now: then without filter.
    pub fn reveal(&mut self, number: u32) -> Effect {
        let here = self.page.as_ref().is_some_and(|p| p.rows.iter().any(|r| r.number == number));
        if !here {
            self.filter.clear();
        }
        self.go_to(number)
    }

    /// The row under the cursor, if it is there yet.
    pub fn row(&self) -> Option<&Row> {
        self.row_at(self.cursor)
    }

    pub fn current(&self) -> Option<RecordId> {
        self.row().map(|row| RecordId::new(self.kind, row.number))
    }

    /// A cell of the row under the cursor, by the column's name; only of columns shown or known.
    pub fn cell(&self, name: &str) -> Option<&crate::domain::value::Value> {
        self.cell_of(self.row()?, name)
    }

    /// A cell of this row, by the column's name; only of columns shown or known.
    pub fn cell_of<'a>(&self, row: &'a Row, name: &str) -> Option<&'a crate::domain::value::Value> {
        let page = self.page.as_ref()?;
        let at = page.columns.iter().position(|column| column == name)?;
        row.cells.get(at)
    }

    pub const fn marks(&self) -> &Marks {
        &self.marks
    }

    /// The marked records, or else the one under the cursor.
    pub fn chosen(&self) -> Vec<u32> {
        if self.marks.is_empty() {
            self.row().map(|row| row.number).into_iter().collect()
        } else {
            self.marks.iter().copied().collect()
        }
    }

    /// The revision of a record that is in the window.
    pub fn revision(&self, number: u32) -> Option<crate::domain::record::Revision> {
        let rows = &self.page.as_ref()?.rows;
        rows.iter().find(|row| row.number == number).map(|row| row.rev)
    }

    pub fn unmark_all(&mut self) {
        self.marks = Marks::default();
        self.range = None;
    }

    /// How many there are before the search, once that is known.
    pub fn total(&self) -> Option<u32> {
        self.page.as_ref().map(|page| page.total)
    }

    /// The place of the first row in sight.
    pub const fn top(&self) -> u32 {
        self.top
    }

    pub fn matched(&self) -> u32 {
        self.page.as_ref().map_or(0, |page| page.matched)
    }

    /// `12/480`, or `480` when nothing is filtered.
    pub fn counter(&self) -> String {
        let Some(page) = &self.page else { return String::new() };
        let marked = match self.marks.len() {
            0 => String::new(),
            count => format!(" *{count}"),
        };
        if page.matched == page.total {
            format!("{}{marked}", page.total)
        } else {
            format!("{}/{}{marked}", page.matched, page.total)
        }
    }

    pub fn facts(&self) -> Facts {
        let empty = self.page.as_ref().is_none_or(|page| page.matched == 0);
        Facts::NONE
            .when(Fact::Marked, !self.marks.is_empty())
            .when(Fact::Ranging, self.range.is_some())
            .when(Fact::Filtered, !self.search().is_empty())
            .when(Fact::Empty, empty)
    }

    /// Whether the filter line has the cursor: then the contexts are `[Text, Filter, …]`.
    pub const fn is_filtering(&self) -> bool {
        self.filter.is_typing()
    }

    pub fn search(&self) -> &str {
        self.filter.search()
    }

    pub fn columns(&self) -> &[&'static Column] {
        &self.shown
    }

    pub fn sort_keys(&self) -> &[SortKey] {
        &self.sort
    }

    /// The row at this place of the whole list, if it is here.
    pub fn row_at(&self, at: u32) -> Option<&Row> {
        let page = self.page.as_ref()?;
        page.rows.get(at.checked_sub(page.offset)? as usize)
    }

    pub(super) fn in_range(&self, at: u32) -> bool {
        self.range.is_some_and(|from| (from.min(self.cursor)..=from.max(self.cursor)).contains(&at))
    }

    /// Takes what is the list's business: moving, marking, filter, sort, columns, its own
    /// answers and every notice. `area` is where it will be drawn.
    pub fn update<'a>(&mut self, event: PaneEvent<'a>, area: Rect) -> Handled<'a> {
        self.rows_shown = u32::from(super::list_draw::rows_in(area, self));
        match self.filter.update(&event) {
            Filtering::Changed => {
                self.begin_at_top();
                return Handled::Yes(vec![self.ask(false)]);
            }
            Filtering::Cleared => return Handled::Yes(vec![self.ask(true)]),
            Filtering::Same => return Handled::Yes(Vec::new()),
            Filtering::No => {}
        }
        let handled = match event {
            PaneEvent::Command(command) => match self.command(command) {
                Some(effects) => effects,
                None => return Handled::No(event),
            },
            PaneEvent::Answer(tag, answer) if tag.name == self.tag => self.answer(tag, answer),
            PaneEvent::Outcome(tag, Outcome::Picked(places)) if tag.name == SORT => {
                self.sort_by(places.first().copied())
            }
            PaneEvent::Outcome(tag, Outcome::Picked(places)) if tag.name == COLUMNS => {
                self.choose_columns(&places)
            }
            PaneEvent::Outcome(tag, _) if tag.name == SORT || tag.name == COLUMNS => Vec::new(),
            PaneEvent::Notice(notice) => self.notice(notice),
            PaneEvent::Shown if self.page.is_none() => vec![self.ask(true)],
            PaneEvent::Resized => {
                self.keep_in_sight();
                self.fill()
            }
            other => return Handled::No(other),
        };
        Handled::Yes(handled)
    }

    fn command(&mut self, command: Command) -> Option<Vec<Effect>> {
        let page = self.rows_shown.max(1);
        let last = self.matched().saturating_sub(1);
        match command {
            Command::ListUp => self.move_to(self.cursor.saturating_sub(1)),
            Command::ListDown => self.move_to(self.cursor.saturating_add(1)),
            Command::ListPageUp => self.move_to(self.cursor.saturating_sub(page)),
            Command::ListPageDown => self.move_to(self.cursor.saturating_add(page)),
            Command::ListFirst => self.move_to(0),
            Command::ListLast => self.move_to(last),
            Command::ListLeft => self.left = self.left.saturating_sub(1),
            Command::ListRight => {
                self.left = (self.left + 1).min(self.shown.len().saturating_sub(2));
            }
            Command::ListMark => return Some(self.mark()),
            Command::ListMarkRange => return Some(self.mark_range()),
            Command::ListMarkAll => return Some(vec![self.ask_ids(None)]),
            Command::ListUnmarkAll => {
                if self.range.take().is_none() {
                    self.unmark_all();
                }
            }
            Command::ListSort => return Some(vec![self.sort_picker()]),
            Command::ListColumns => return Some(vec![self.column_picker()]),
            _ => return None,
        }
        Some(self.fill())
    }

    fn move_to(&mut self, row: u32) {
        self.cursor = row.min(self.matched().saturating_sub(1));
        self.number = self.row().map(|row| row.number);
        self.keep_in_sight();
    }

    fn keep_in_sight(&mut self) {
        let rows = self.rows_shown.max(1);
        if self.cursor < self.top {
            self.top = self.cursor;
        } else if self.cursor >= self.top + rows {
            self.top = self.cursor + 1 - rows;
        }
        self.top = self.top.min(self.matched().saturating_sub(rows));
    }

    fn begin_at_top(&mut self) {
        self.top = 0;
        self.cursor = 0;
        self.number = None;
        self.range = None;
    }

    /// Asks for rows that should be in sight and are not here.
    fn fill(&mut self) -> Vec<Effect> {
        let Some(page) = &self.page else { return vec![self.ask(true)] };
        let end = (self.top + self.rows_shown).min(page.matched);
        let have = page.offset..page.offset + page.rows.len() as u32;
        let missing = self.top < end && !(have.contains(&self.top) && end <= have.end);
        if missing { vec![self.ask(false)] } else { Vec::new() }
    }

    fn answer(&mut self, tag: Tag, answer: Answer) -> Vec<Effect> {
        match answer {
            Answer::Page(page) if tag.number == self.asked => {
                // The cursor may have moved on since the question: it stays with its record.
                let here = |number| page.rows.iter().position(|row| row.number == number);
                let moved = match self.number {
                    Some(number) if self.anchor == Some(number) => page.anchor,
                    Some(number) => here(number).map(|at| page.offset + at as u32),
                    None => None,
                };
                let matched = page.matched;
                self.page = Some(page);
                if let Some(row) = moved {
                    self.cursor = row;
                }
                self.cursor = self.cursor.min(matched.saturating_sub(1));
                self.number = self.row().map(|row| row.number);
                self.keep_in_sight();
                self.fill()
            }
            Answer::Ids(numbers) => {
                if let Some((_, rows)) = self.ids.take_if(|(asked, _)| *asked == tag.number) {
                    let rows = rows.unwrap_or((0, u32::MAX));
                    let chosen = numbers
                        .into_iter()
                        .enumerate()
                        .filter(|(at, _)| (rows.0..=rows.1).contains(&(*at as u32)))
                        .map(|(_, number)| number);
                    Rc::make_mut(&mut self.marks).extend(chosen);
                }
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn notice(&mut self, notice: &Notice) -> Vec<Effect> {
        // Rows of one kind show values of others (a unit's name, a person's JP).
        match notice {
            Notice::Changed { .. } if self.page.is_some() => vec![self.ask(true)],
            _ => Vec::new(),
        }
    }

    fn mark(&mut self) -> Vec<Effect> {
        if self.range.is_some() {
            return self.mark_range();
        }
        let Some(number) = self.row().map(|row| row.number) else { return Vec::new() };
        let marks: &mut BTreeSet<u32> = Rc::make_mut(&mut self.marks);
        if !marks.remove(&number) {
            marks.insert(number);
        }
        self.move_to(self.cursor.saturating_add(1));
        self.fill()
    }

    fn mark_range(&mut self) -> Vec<Effect> {
        match self.range.take() {
            None => {
                self.range = Some(self.cursor);
                Vec::new()
            }
            Some(from) => {
                let rows = (from.min(self.cursor), from.max(self.cursor));
                let here: Option<Vec<u32>> =
                    (rows.0..=rows.1).map(|at| self.row_at(at).map(|row| row.number)).collect();
                match here {
                    Some(numbers) => {
                        Rc::make_mut(&mut self.marks).extend(numbers);
                        Vec::new()
                    }
                    None => vec![self.ask_ids(Some(rows))],
                }
            }
        }
    }

    fn ask_ids(&mut self, rows: Option<(u32, u32)>) -> Effect {
        let number = self.ids.map_or(1, |(number, _)| number + 1).max(self.asked);
        self.ids = Some((number, rows));
        Effect::ask(Tag::new(self.tag, number), Request::Ids(self.query()))
    }
}
