//! Who has returned a sheet: raters of whom none is noted yet are offered, and those ticked
//! have returned one today. Which sheet it was is neither asked nor kept.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde_json::json;

use crate::domain::record::{Kind, RecordId};
use crate::domain::value::Value;
use crate::i18n::{t, value};
use crate::protocol::{ListQuery, Page, Request, Row, SortKey};
use crate::ui::effect::{Effect, step};
use crate::ui::overlays::picker::Picker;

pub const RATERS: &str = "cycle.raters";
pub const TICK: &str = "cycle.tick";

const COLUMNS: [&str; 4] = ["rater", "name", "group", "returned"];

/// Raters on their way to the list, then those on it.
#[derive(Default)]
pub struct WaitingRaters {
    query: Option<ListQuery>,
    waiting: Vec<Row>,
}

impl WaitingRaters {
    pub fn begin(&mut self, cycle: RecordId) -> Vec<Effect> {
        let sort = COLUMNS[..2]
            .iter()
            .map(|column| SortKey { column: (*column).into(), descending: false });
        self.waiting = Vec::new();
        let query = ListQuery {
            of: Some(cycle),
            columns: COLUMNS.map(String::from).to_vec(),
            sort: sort.collect(),
            ..ListQuery::all(Kind::Raters)
        };
        vec![self.ask(query)]
    }

    fn ask(&mut self, query: ListQuery) -> Effect {
        self.query = Some(query.clone());
        Effect::ask(RATERS, Request::List(query))
    }

    /// More of the raters; once all are here those that wait are offered.
    pub fn take(&mut self, page: Page) -> Vec<Effect> {
        let Some(mut query) = self.query.take() else { return Vec::new() };
        query.offset += page.rows.len() as u32;
        let more = !page.rows.is_empty() && query.offset < page.matched;
        let waits = |row: &Row| row.cells.last().is_some_and(Value::is_empty);
        self.waiting.extend(page.rows.into_iter().filter(waits));
        if more {
            return vec![self.ask(query)];
        }
        if self.waiting.is_empty() {
            return vec![Effect::refuse(t!("cycle.none_waits"))];
        }
        let said = |row: &Row| {
            let cell = |at: usize| row.cells.get(at).map(value).unwrap_or_default();
            t!("cycle.tick_row", rater = cell(0), about = cell(1), relation = cell(2)).into_owned()
        };
        let rows = self.waiting.iter().map(said).collect();
        let picker = Picker::new(&t!("cycle.tick_title"), rows).ticked(BTreeSet::new());
        vec![Effect::open(TICK, picker)]
    }

    /// Those at these places have returned a sheet today.
    pub fn note(&mut self, tag: &'static str, places: &[usize], today: NaiveDate) -> Vec<Effect> {
        let waiting = std::mem::take(&mut self.waiting);
        let ids = places.iter().filter_map(|at| waiting.get(*at)).map(|row| row.number).collect();
        let (step, kind, field) = (step(), Kind::Raters, "returned".to_string());
        let value = json!(today).to_string();
        vec![Effect::ask(tag, Request::SetField { step, kind, ids, field, value })]
    }
}
