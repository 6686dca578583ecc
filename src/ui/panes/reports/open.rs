//! A report that is open: what is asked of it, the window of its rows that is here, and
//! where the cursor stands, on a row and a column. There is at most one question on its
//! way; whatever changes meanwhile makes one more. A row is known by its id, which holds as
//! long as the question is the same.

use std::collections::BTreeMap;

use super::layout::{self, Places};
use crate::domain::record::{Kind, RecordId};
use crate::domain::table::{ColumnKind, TableColumn};
use crate::domain::value::Value;
use crate::i18n::{faults, problem, t};
use crate::protocol::{
    Answer, Opens, PAGE_MAX, Problem, ReportInfo, ReportQuery, Request, SortKey, Table, TableRow,
};
use crate::ui::effect::{Effect, Tag, UnitScope};
use crate::ui::widgets::cursor::{Cursor, Held, Keyed};
use crate::ui::widgets::marked::Marked;

/// The name under which windows are asked for.
pub const TAG: &str = "reports.table";
/// Rows asked for above and below those in sight.
const MARGIN: u32 = 40;
/// How many columns a report remembers to be sorted by.
const SORTS_MAX: usize = 3;

impl Keyed for TableRow {
    type Key = u64;

    fn key(&self) -> u64 {
        self.id
    }
}

/// The foot below the last row: whether there is room for it, and whether the cursor is on it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Foot {
    Unseen,
    Seen,
    Here,
}

pub struct OpenReport {
    pub info: ReportInfo,
    /// What is asked, whatever the window.
    pub query: ReportQuery,
    pub table: Option<Table>,
    /// Why the office would not answer.
    pub refused: Option<String>,
    pub cursor: Cursor<u64>,
    foot: Foot,
    /// The column under the cursor, and those scrolled off behind the first.
    pub column: usize,
    pub left: usize,
    /// Keys of the columns chosen; empty is as the report says.
    pub chosen: Vec<String>,
    /// Records that rows lead to.
    pub marks: Marked,
    pub charted: bool,
    /// The largest value of each charted column among the rows seen so far.
    pub peaks: BTreeMap<String, i64>,
    asked: u32,
    open: bool,
    again: bool,
    /// The row the question on its way is anchored at.
    anchor: Option<u64>,
}

impl OpenReport {
    pub fn new(info: ReportInfo) -> Self {
        let query = ReportQuery::of(&info.id);
        Self {
            info,
            query,
            table: None,
            refused: None,
            cursor: Cursor::default(),
            foot: Foot::Unseen,
            column: 0,
            left: 0,
            chosen: Vec::new(),
            marks: Marked::default(),
            charted: false,
            peaks: BTreeMap::new(),
            asked: 0,
            open: false,
            again: false,
            anchor: None,
        }
    }

    pub fn id(&self) -> &str {
        &self.info.id
    }

    /// Whether it takes a parameter of this name.
    pub fn takes(&self, name: &str) -> bool {
        self.info.params.iter().any(|param| param.name == name)
    }

    pub fn matched(&self) -> u32 {
        self.table.as_ref().map_or(0, |table| table.matched)
    }

    pub fn row(&self) -> Option<&TableRow> {
        if self.on_foot() { None } else { self.row_at(self.cursor.row()) }
    }

    /// What the row under the cursor leads to, or the figure of the foot.
    pub fn opens(&self, width: u16) -> Option<&Opens> {
        if !self.on_foot() {
            return self.row()?.opens.as_ref();
        }
        let at = *self.columns(width).get(self.column)?;
        self.table.as_ref()?.foot_opens.get(at)?.as_ref()
    }

    pub fn row_at(&self, at: u32) -> Option<&TableRow> {
        held(self.table.as_ref()).at(at)
    }

    /// The record the row under the cursor is of.
    pub fn record(&self) -> Option<RecordId> {
        self.row().and_then(record_of)
    }

    /// The columns one can stand on, by their place in the table.
    pub fn columns(&self, width: u16) -> Vec<usize> {
        let table = self.table.as_ref();
        table.map(|table| layout::columns(table, &self.chosen, width)).unwrap_or_default()
    }

    /// The column under the cursor.
    pub fn column_here(&self, width: u16) -> Option<&TableColumn> {
        let at = *self.columns(width).get(self.column)?;
        self.table.as_ref()?.columns.get(at)
    }

    pub fn cell_here(&self, width: u16) -> Option<&Value> {
        let at = *self.columns(width).get(self.column)?;
        let foot = || self.table.as_ref()?.foot.as_ref();
        if self.on_foot() { foot()?.get(at) } else { self.row()?.cells.get(at) }
    }

    /// The first cell with words in it: what the row is called.
    pub fn label(&self) -> String {
        if self.on_foot() {
            return t!("report.total").into_owned();
        }
        let (Some(table), Some(row)) = (&self.table, self.row()) else { return String::new() };
        let named = table.columns.iter().zip(&row.cells);
        let mut texts = named.filter(|(column, _)| column.kind != ColumnKind::Number);
        texts
            .find(|(_, cell)| !cell.is_empty())
            .map(|(column, cell)| crate::i18n::report_cell(self.id(), column, cell))
            .unwrap_or_default()
    }

    /// Asks anew, the cursor on the same row as far as it still is there.
    pub fn ask(&mut self) -> Vec<Effect> {
        if self.open {
            self.again = true;
            return Vec::new();
        }
        self.open = true;
        self.asked += 1;
        self.anchor = self.cursor.on();
        let (offset, limit) = self.cursor.around(MARGIN);
        let anchor = self.anchor;
        let query =
            ReportQuery { offset, limit: limit.min(PAGE_MAX), anchor, ..self.query.clone() };
        vec![Effect::ask(Tag::new(TAG, self.asked), Request::Report(query))]
    }

    /// As it was left: an answer that came meanwhile is lost.
    pub fn ask_again(&mut self) -> Vec<Effect> {
        self.open = false;
        self.ask()
    }

    /// Only of this unit from now on, if it is by unit at all.
    pub fn restrict(&mut self, unit: Option<&UnitScope>) {
        self.query.unit = unit.filter(|_| self.takes("unit")).map(|unit| unit.id);
    }

    /// Asks another question: nothing of the old rows holds any more.
    pub fn ask_other(&mut self) -> Vec<Effect> {
        self.cursor.begin();
        self.leave_foot();
        self.marks.clear();
        self.peaks.clear();
        self.ask()
    }

    /// Whether what is asked is still on its way.
    pub const fn is_asking(&self) -> bool {
        self.open
    }

    pub fn answered(&mut self, tag: Tag, answer: Answer, places: &Places) -> Vec<Effect> {
        if tag.number != self.asked {
            return Vec::new();
        }
        self.open = false;
        match answer {
            Answer::Table(table) if table.report == self.info.id => self.take(*table),
            Answer::Refused(why) => {
                self.table = None;
                self.refused = Some(match &why {
                    Problem::Invalid(of) => t!("reports.asks", faults = faults(of)).into_owned(),
                    why => problem(why),
                });
            }
            _ => {}
        }
        if std::mem::take(&mut self.again) {
            return self.ask();
        }
        self.fit(places);
        self.fill()
    }

    fn take(&mut self, table: Table) {
        let held = held(Some(&table));
        // The cursor may have moved on since the question: it stays with its row.
        let at = match self.cursor.on() {
            Some(id) if self.anchor == Some(id) => table.anchor,
            id => id.and_then(|id| held.place_of(id)),
        };
        self.cursor.settle_in_place(at, &held);
        for key in table.chart.iter().flat_map(|chart| &chart.values) {
            let Some(at) = table.columns.iter().position(|column| column.key == *key) else {
                continue;
            };
            let most = table.rows.iter().filter_map(|row| layout::number(row.cells.get(at)?)).max();
            let peak = self.peaks.entry(key.clone()).or_default();
            *peak = (*peak).max(most.unwrap_or(0));
        }
        if table.foot.is_none() || table.matched == 0 {
            self.leave_foot();
        }
        self.table = Some(table);
        self.refused = None;
    }

    /// So much fits now; scrolls as little as that needs.
    pub fn fit(&mut self, places: &Places) {
        self.foot = match self.foot {
            _ if places.foot.is_empty() => Foot::Unseen,
            Foot::Unseen => Foot::Seen,
            seen => seen,
        };
        self.cursor.sees(places.rows(self));
        self.cursor.scroll(self.matched());
        let width = places.body.width;
        let count = self.columns(width).len();
        self.column = self.column.min(count.saturating_sub(1));
        self.left = self.left.min(self.column.saturating_sub(1));
        while self.column > 0 && !self.is_placed(width) && self.left + 1 < count {
            self.left += 1;
        }
    }

    fn is_placed(&self, width: u16) -> bool {
        let Some(table) = &self.table else { return true };
        let placed = layout::place(self.id(), table, &self.columns(width), self.left, width);
        placed.iter().any(|column| column.at == self.column)
    }

    pub fn fill(&mut self) -> Vec<Effect> {
        let missing = self.table.is_some() && self.cursor.misses(&held(self.table.as_ref()));
        if missing && !self.open { self.ask() } else { Vec::new() }
    }

    pub fn go(&mut self, row: u32) -> Vec<Effect> {
        self.leave_foot();
        self.cursor.go(row, &held(self.table.as_ref()));
        self.fill()
    }

    /// From the last row down to the foot, if there is one.
    pub fn go_to_foot(&mut self) -> bool {
        let has_foot = self.table.as_ref().is_some_and(|table| table.foot.is_some());
        let last = self.cursor.row() + 1 == self.matched();
        if has_foot && last && self.foot == Foot::Seen {
            self.foot = Foot::Here;
        }
        self.on_foot()
    }

    /// Whether the cursor is on the foot, below the last row.
    pub fn on_foot(&self) -> bool {
        self.foot == Foot::Here
    }

    /// Back to the last row.
    pub fn leave_foot(&mut self) {
        if self.on_foot() {
            self.foot = Foot::Seen;
        }
    }

    /// Sorts by that column; by it again, the other way round.
    pub fn sort_by(&mut self, key: &str) -> Vec<Effect> {
        let sort = &mut self.query.sort;
        let first = sort.first().filter(|first| first.column == key);
        let descending = first.is_some_and(|first| !first.descending);
        sort.retain(|other| other.column != key);
        sort.insert(0, SortKey { column: key.to_string(), descending });
        sort.truncate(SORTS_MAX);
        self.ask()
    }

    /// Whether the row under the cursor is a need that is planned: it leads to the line of the
    /// plan, where other needs lead to their people.
    pub fn is_planned(&self) -> bool {
        self.info.id == "akpk" && self.record().is_some()
    }

    /// Whether its rows lead to records of this kind.
    pub fn leads_to(&self, kind: Kind) -> bool {
        let mut rows = self.table.iter().flat_map(|table| &table.rows);
        rows.find_map(record_of).is_some_and(|id| id.kind == kind)
    }
}

/// The record that a row is of, if it is of one.
pub fn record_of(row: &TableRow) -> Option<RecordId> {
    match row.opens {
        Some(Opens::Record(id)) => Some(id),
        _ => None,
    }
}

/// The rows that are here; none before the first answer.
pub fn held(table: Option<&Table>) -> Held<'_, TableRow> {
    table.map_or(Held::all(&[]), |table| Held {
        offset: table.offset,
        total: table.matched,
        rows: &table.rows,
    })
}
