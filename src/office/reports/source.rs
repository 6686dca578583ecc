//! What a report may read: the people within the asker's reach, of the unit and the search
//! that were asked for, and their records. Whoever is out of reach is not there; whoever's
//! processing is restricted is left out of a file and counted; a personal detail the
//! asker's role may not carry is empty.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;

use super::asked::Asked;
use crate::domain::field::Privacy;
use crate::domain::kinds::employee::Status;
use crate::domain::record::{EmployeeId, Kind};
use crate::domain::search::Query;
use crate::domain::value::Value;
use crate::office::read::filter::Matcher;
use crate::office::read::list::Key;
use crate::office::rights::Rights;
use crate::office::trouble::Trouble;
use crate::office::views::catalog::Catalog;
use crate::office::views::row::RosterRow;
use crate::office::views::state::State;
use crate::protocol::ReportQuery;
use crate::store::Pack;

pub(in crate::office) struct Source<'a> {
    pub asked: Asked,
    /// The search as typed, for lists a row opens.
    pub search: &'a str,
    state: &'a State,
    rights: &'a Rights,
    order: &'a [u32],
    matcher: Matcher,
    export: bool,
    /// Who was left out since their processing is restricted.
    restricted: RefCell<BTreeSet<u32>>,
}

impl<'a> Source<'a> {
    /// `order` is the roster's, by name.
    pub(super) fn new(
        state: &'a State,
        rights: &'a Rights,
        order: &'a [u32],
        query: &'a ReportQuery,
        asked: Asked,
    ) -> Self {
        let search = Query::parse(&query.search, &|name| {
            Kind::Employees.column(name).is_some() && rights.carries(Kind::Employees, name)
        });
        let matcher = Matcher::new(state, &search, asked.unit, &rights.reach);
        Self {
            asked,
            search: &query.search,
            state,
            rights,
            order,
            matcher,
            export: query.export,
            restricted: RefCell::default(),
        }
    }

    /// Those who work here, by name.
    pub fn people(&self) -> Vec<&'a RosterRow> {
        let rows = self.state.roster.rows();
        let asked = |row: &RosterRow| {
            row.status == Status::Active
                && self.matcher.in_scope(row.unit)
                && self.matcher.matches(self.state, row)
        };
        // Along the rows as they lie in memory, then along the order.
        let found: Vec<bool> = rows.iter().map(|row| asked(row) && !self.left_out(row)).collect();
        let order = self.order.iter().map(|at| *at as usize);
        order.filter(|at| found[*at]).map(|at| &rows[at]).collect()
    }

    /// The office's rule in years, and whose data has been kept that long: due when, gone
    /// since when, who; the longest due first.
    pub fn kept_long_enough(&self) -> (Option<u16>, Vec<(NaiveDate, NaiveDate, EmployeeId)>) {
        let (years, mut due) = self.state.retention_due();
        due.retain(|(_, _, id)| !self.person(id.0).is_some_and(|row| self.left_out(row)));
        (years, due)
    }

    /// Whether a file goes without this person.
    fn left_out(&self, row: &RosterRow) -> bool {
        let left_out = self.export && row.restricted;
        if left_out {
            self.restricted.borrow_mut().insert(row.number);
        }
        left_out
    }

    pub(super) fn restricted(&self) -> u32 {
        self.restricted.borrow().len() as u32
    }

    /// One of them.
    pub fn person(&self, number: u32) -> Option<&'a RosterRow> {
        let row = self.state.roster.get(number)?;
        self.rights.reach.has(row.unit).then_some(row)
    }

    /// The cell a list of people would show; empty where the asker may not carry it.
    pub fn person_cell(&self, number: u32, column: &str) -> Result<Value, Trouble> {
        if self.person(number).is_none() || !self.rights.carries(Kind::Employees, column) {
            return Ok(Value::Empty);
        }
        let key = Key { number, owner: 0 };
        Ok(self.state.cell(Kind::Employees, key, column, &self.rights.reach)?)
    }

    /// What a person owns; nothing of somebody out of reach.
    pub fn pack(&self, number: u32) -> Result<Arc<Pack>, Trouble> {
        match self.person(number) {
            Some(row) => Ok(self.state.pack(EmployeeId(row.number))?),
            None => Ok(Arc::default()),
        }
    }

    /// The office's reference data, which everybody may know.
    pub fn catalog(&self) -> &'a Catalog {
        &self.state.catalog
    }

    pub fn today(&self) -> NaiveDate {
        self.state.today
    }

    /// Whether the asker may have what stands in a column.
    pub(super) fn carries(&self, key: &str, personal: bool) -> bool {
        let privacy = if personal { Privacy::Personal } else { Privacy::Work };
        self.rights.carries_class(key, privacy)
    }
}
