//! A list of records in windows: it holds the rows it shows and a margin, never the
//! office. Filter, sort and columns are parts of the query; the office does the work.
//! The cursor stands on a record, not on a row: after any change the window is asked for
//! anew around that record. Answers to questions that are no longer asked are dropped.

use chrono::NaiveDate;
use ratatui::layout::Rect;

use super::Handled;
use super::cursor::{Cursor, Held, walk};
use super::filter::{Filter, Filtering};
use super::list_choice::{COLUMNS, SORT};
use super::marked::Marked;
use super::views::{Viewing, Views};
use crate::domain::column::Column;
use crate::domain::record::{Kind, RecordId, Revision, UnitId};
use crate::domain::value::Value;
use crate::i18n::t;
use crate::protocol::{Answer, ListQuery, Notice, PAGE_MAX, Page, Request, Row, SortKey};
use crate::ui::command::{Command, Fact, Facts};
use crate::ui::effect::{Effect, Marks, Tag};
use crate::ui::job::Export;
use crate::ui::memory::Memory;
use crate::ui::overlay::Outcome;
use crate::ui::pane::PaneEvent;

pub struct RecordList {
    pub(super) kind: Kind,
    /// The name under which its pages are asked for; one a pane.
    pub(super) tag: &'static str,
    pub of: Option<RecordId>,
    pub(super) unit: Option<UnitId>,
    pub(super) sort: Vec<SortKey>,
    pub(super) shown: Vec<&'static Column>,
    /// The columns it begins with, which are as wide as it wants them.
    pub(super) own: &'static [Column],
    /// The columns of competencies that may be chosen, each with what it is called; `None`
    /// until the dictionary is known.
    pub(super) competencies: Option<Vec<(&'static Column, String)>>,
    /// Columns asked for beside those shown.
    known: &'static [&'static str],
    /// Columns scrolled off to the left, behind the first.
    pub(super) left: usize,
    /// Whether all that are left fitted when it was drawn last: then there is nothing to scroll.
    pub(super) fits: std::cell::Cell<bool>,
    pub(super) page: Option<Page>,
    pub(super) cursor: Cursor<u32>,
    /// The record the open question is anchored at.
    anchor: Option<u32>,
    pub(super) marks: Marked,
    pub(super) asked: u32,
    /// The Ids question that is open, and the rows of it that are wanted (all if none).
    pub(super) ids: Option<(u32, Option<(u32, u32)>)>,
    pub(super) filter: Filter,
    pub(super) views: Views,
    /// Columns and order were looked up as this officer left them.
    pub(super) recalled: bool,
    /// How the first record comes in, told while there is none.
    pub(super) ways: &'static [Command],
    /// While it is sorted by this column, what stands in it heads the rows it is true of.
    grouped: &'static str,
}

/// The column that says of whom a row is, wherever it goes.
const KEY: &str = "nip";
/// Rows asked for above and below those in sight, at least.
const MARGIN_MIN: u32 = 8;

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
            own: &[],
            // A number says little of whom it is; it is a column by choice.
            shown: kind.columns().iter().filter(|one| one.shown && one.name != "nip").collect(),
            competencies: None,
            known: &[],
            left: 0,
            fits: std::cell::Cell::new(false),
            page: None,
            cursor: Cursor::default(),
            anchor: None,
            marks: Marked::default(),
            asked: 0,
            ids: None,
            filter: Filter::of(kind),
            views: Views::of(format!("{tag}/{}", kind.name())),
            recalled: false,
            ways: WAYS,
            grouped: "",
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
        self.own = columns;
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

    /// Begins sorted by this column, with a line above the rows of each of its values; what
    /// is asked for must hold it.
    #[must_use]
    pub fn grouped(self, column: &'static str) -> Self {
        Self { grouped: column, ..self.sorted(column) }
    }

    /// To which group this row belongs, where rows are grouped.
    pub fn group_of<'a>(&'a self, row: &'a Row) -> Option<&'a Value> {
        let by = self.sort.first().is_some_and(|key| key.column == self.grouped);
        self.cell_of(row, self.grouped).filter(|_| by && !self.grouped.is_empty())
    }

    /// How many groups begin among the rows that are here.
    pub(super) fn groups(&self) -> u16 {
        let rows = self.page.as_ref().map(|page| page.rows.as_slice()).unwrap_or_default();
        let groups = rows.iter().map(|row| self.group_of(row));
        let begun = groups.clone().zip(std::iter::once(None).chain(groups));
        begun.filter(|(group, above)| group.is_some() && group != above).count() as u16
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
        let (offset, limit) = self.cursor.around(self.cursor.shown().max(MARGIN_MIN));
        query.offset = offset;
        query.limit = limit.min(PAGE_MAX);
        query.anchor = self.cursor.on().filter(|_| anchored);
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

    /// All of it for a file: what is on screen, and before it whose it is.
    pub fn export(&self) -> Export {
        let mut query = self.query();
        if self.kind.column(KEY).is_some() {
            query.columns.retain(|name| name != KEY);
            query.columns.insert(0, KEY.to_string());
        }
        self.marked_of(query)
    }

    /// This query for a file; with marks, the marked of whatever filter.
    pub fn marked_of(&self, mut query: ListQuery) -> Export {
        let marked: Vec<u32> = self.marks().iter().copied().collect();
        if !marked.is_empty() {
            query.search.clear();
            query.unit = None;
        }
        Export::List(query, marked)
    }

    /// Restricts it to a unit; asks anew.
    pub fn restrict(&mut self, unit: Option<UnitId>) -> Effect {
        self.unit = unit;
        self.cursor.rewind();
        self.ask(true)
    }

    pub fn set_search(&mut self, text: &str) -> Effect {
        self.filter.set(text);
        self.begin_at_top();
        self.ask(false)
    }

    /// The row under the cursor, if it is there yet.
    pub fn row(&self) -> Option<&Row> {
        self.row_at(self.cursor.row())
    }

    /// Whether the cursor has come to where it is going.
    pub fn is_settled(&self) -> bool {
        self.page.is_some() && self.row().map(|row| row.number) == self.cursor.on()
    }

    pub fn current(&self) -> Option<RecordId> {
        self.row().map(|row| RecordId::new(self.kind, row.number))
    }

    /// A cell of the row under the cursor, by the column's name; only of columns shown or known.
    pub fn cell(&self, name: &str) -> Option<&Value> {
        self.cell_of(self.row()?, name)
    }

    /// A cell of this row, by the column's name; only of columns shown or known.
    pub fn cell_of<'a>(&self, row: &'a Row, name: &str) -> Option<&'a Value> {
        let page = self.page.as_ref()?;
        let at = page.columns.iter().position(|column| column == name)?;
        row.cells.get(at)
    }

    pub const fn marks(&self) -> &Marks {
        self.marks.numbers()
    }

    /// The rows that are here.
    pub fn held(&self) -> &[Row] {
        self.page.as_ref().map_or(&[], |page| &page.rows)
    }

    /// The revision of a record that is in the window.
    fn revision(&self, number: u32) -> Option<Revision> {
        let rows = &self.page.as_ref()?.rows;
        rows.iter().find(|row| row.number == number).map(|row| row.rev)
    }

    /// The chosen records with their revisions; `None` when some are out of sight: without
    /// its revision a record could go that another officer has just changed.
    pub fn deletable(&self) -> Option<Vec<(RecordId, Revision)>> {
        let with_revision =
            |number| Some((RecordId::new(self.kind, number), self.revision(number)?));
        self.chosen().into_iter().map(with_revision).collect()
    }

    /// How many there are before the search, once that is known.
    pub fn total(&self) -> Option<u32> {
        self.page.as_ref().map(|page| page.total)
    }

    /// The place of the first row in sight.
    pub const fn top(&self) -> u32 {
        self.cursor.top()
    }

    pub fn matched(&self) -> u32 {
        self.page.as_ref().map_or(0, |page| page.matched)
    }

    /// `12/480`, or `480` when nothing is filtered.
    pub fn counter(&self) -> String {
        let Some(page) = &self.page else { return String::new() };
        let marked = match self.marked_count() {
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
            .when(Fact::Marked, !self.marks.is_empty() || self.marks.is_ranging())
            .when(Fact::Ranging, self.marks.is_ranging())
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
        held(self.page.as_ref()).at(at)
    }

    /// Takes what is the list's business: moving, marking, filter, sort, columns, its own
    /// answers and every notice. `area` is where it will be drawn.
    pub fn update<'a>(
        &mut self,
        event: PaneEvent<'a>,
        area: Rect,
        today: NaiveDate,
        memory: &Memory,
    ) -> Handled<'a> {
        self.cursor.sees(super::list_draw::rows_in(area, self).into());
        self.recall(memory);
        match self.viewed(&event, memory) {
            Viewing::Shows(look) => return Handled::Yes(self.show(&look)),
            Viewing::Does(effects) => return Handled::Yes(effects),
            Viewing::No => {}
        }
        let first = self.search().is_empty();
        match self.filter.update(&event, today, memory) {
            Filtering::Changed(completes) => {
                self.cursor.seek_found(first);
                self.marks.end_range();
                return Handled::Yes(std::iter::once(self.ask(false)).chain(completes).collect());
            }
            Filtering::Does(effects) => return Handled::Yes(effects),
            Filtering::Cleared => {
                self.cursor.come_back();
                return Handled::Yes(vec![self.ask(true)]);
            }
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
                self.cursor.scroll(self.matched());
                self.fill()
            }
            other => return Handled::No(other),
        };
        Handled::Yes(handled)
    }

    fn command(&mut self, command: Command) -> Option<Vec<Effect>> {
        if let Some(row) = walk(command, self.cursor.row(), self.matched(), self.cursor.shown()) {
            self.move_to(row);
            return Some(self.fill());
        }
        match command {
            Command::ListLeft => self.left = self.left.saturating_sub(1),
            Command::ListRight if self.fits.get() => {
                return Some(vec![Effect::refuse(t!("shell.all_columns"))]);
            }
            Command::ListRight => {
                self.left = (self.left + 1).min(self.shown.len().saturating_sub(2));
            }
            Command::ListMark => return Some(self.mark()),
            Command::ListMarkRange => return Some(self.mark_range()),
            Command::ListMarkAll => return Some(vec![self.ask_ids(None)]),
            Command::ListUnmarkAll => self.marks.step_back(),
            Command::ListSort => return Some(vec![self.sort_picker()]),
            Command::ListColumns => return Some(vec![self.column_picker()]),
            _ => return None,
        }
        Some(self.fill())
    }

    pub(super) fn move_to(&mut self, row: u32) {
        self.cursor.go(row, &held(self.page.as_ref()));
    }

    pub(super) fn begin_at_top(&mut self) {
        self.cursor.begin();
        self.marks.end_range();
    }

    /// Asks for rows that should be in sight and are not here.
    pub(super) fn fill(&mut self) -> Vec<Effect> {
        match &self.page {
            None => vec![self.ask(true)],
            page if self.cursor.misses(&held(page.as_ref())) => vec![self.ask(false)],
            Some(_) => Vec::new(),
        }
    }

    fn answer(&mut self, tag: Tag, answer: Answer) -> Vec<Effect> {
        match answer {
            Answer::Page(page) if tag.number == self.asked => {
                let sought = self.anchor.is_some() && self.anchor == self.cursor.on();
                if sought && page.anchor.is_none() && self.cursor.fall_back() {
                    return vec![self.ask(true)];
                }
                // The cursor may have moved on since the question: it stays with its record.
                let held = held(Some(&page));
                let at = match self.cursor.on() {
                    Some(number) if self.anchor == Some(number) => page.anchor,
                    number => number.and_then(|number| held.place_of(number)),
                };
                self.cursor.settle(at, &held);
                let remembers = self.filter.found(page.matched);
                self.page = Some(page);
                self.fill().into_iter().chain(remembers).collect()
            }
            Answer::Ids(numbers) => {
                if let Some((_, rows)) = self.ids.take_if(|(asked, _)| *asked == tag.number) {
                    let rows = rows.unwrap_or((0, u32::MAX));
                    let chosen = numbers
                        .into_iter()
                        .enumerate()
                        .filter(|(at, _)| (rows.0..=rows.1).contains(&(*at as u32)))
                        .map(|(_, number)| number);
                    self.marks.add(chosen);
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
}

/// The rows of a page; none while there is none.
pub(super) fn held(page: Option<&Page>) -> Held<'_, Row> {
    page.map_or(Held::all(&[]), |page| Held {
        offset: page.offset,
        total: page.matched,
        rows: &page.rows,
    })
}
