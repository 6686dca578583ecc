//! Rules: the tables of rules as they hold on a day, the office's own over those that ship, kept
//! ready as books since every figure asks for them.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::domain::kinds::rule::ReferenceTable;
use crate::domain::kinds::standard::in_force;
use crate::domain::mentoring;
use crate::domain::record::{Kind, RecordId};
use crate::domain::rulebook::{Rulebook, TABLES};
use crate::office::views::catalog::Catalog;
use crate::office::views::state::State;

/// Books of rules that were asked for; few are ever in use.
#[derive(Default)]
pub(super) struct Books {
    /// Of the day asked for last: a search asks of the same one for everybody.
    latest: Option<(NaiveDate, Arc<Rulebook>)>,
    /// By the office's tables that make them.
    made: Vec<(Vec<u32>, Arc<Rulebook>)>,
}

/// Books that are kept ready.
const BOOKS_MAX: usize = 8;

impl Catalog {
    /// The rules as they hold on a day: of each table the office's latest by then, else the one
    /// that ships.
    pub fn rules(&self, at: NaiveDate) -> Arc<Rulebook> {
        if self.rules.values().all(|(rev, _)| rev.0 == 0) {
            return Arc::clone(Rulebook::shipped());
        }
        let mut books = self.books.borrow_mut();
        if let Some((_, book)) = books.latest.as_ref().filter(|(day, _)| *day == at) {
            return Arc::clone(book);
        }
        let latest = |table: &&str| self.own_rule(table, at).map(|(number, _)| number);
        let numbers: Vec<u32> = TABLES.iter().filter_map(latest).collect();
        let known = books.made.iter().find(|(of, _)| *of == numbers);
        let known = known.map(|(_, book)| Arc::clone(book));
        let book = known.unwrap_or_else(|| {
            let rules = numbers.iter().filter_map(|number| self.rules.get(number));
            let book = Arc::new(Rulebook::with(rules.map(|(_, rule)| rule)));
            if books.made.len() == BOOKS_MAX {
                books.made.remove(0);
            }
            books.made.push((numbers, Arc::clone(&book)));
            book
        });
        books.latest = Some((at, Arc::clone(&book)));
        book
    }

    /// The record of a table as it holds on a day.
    pub fn rule(&self, table: &str, at: NaiveDate) -> Option<(RecordId, &ReferenceTable)> {
        let shipped = || {
            let mut rules = self.rules.iter();
            let shipped = rules.find(|(_, (rev, rule))| rev.0 == 0 && rule.table == table);
            shipped.map(|(number, (_, rule))| (*number, rule))
        };
        let (number, rule) = self.own_rule(table, at).or_else(shipped)?;
        Some((RecordId::new(Kind::Rules, number), rule))
    }

    /// The office's own table that holds on a day, the latest by then.
    fn own_rule(&self, table: &str, at: NaiveDate) -> Option<(u32, &ReferenceTable)> {
        let own = self.rules.iter().filter(|(_, (rev, rule))| rev.0 > 0 && rule.table == table);
        let latest = in_force(own, at, |(number, (_, rule))| (rule.effective_from, **number));
        latest.map(|(number, (_, rule))| (*number, rule))
    }

    /// The JP of a person's meetings in this order, each by the rule of its day.
    pub fn meetings_count(&self, days: impl IntoIterator<Item = NaiveDate>) -> Vec<Option<u32>> {
        mentoring::count(days, |day| self.rules(day).jp_conversion.meetings)
    }
}

impl State {
    /// The rules that hold today.
    pub fn rules(&self) -> Arc<Rulebook> {
        self.catalog.rules(self.today)
    }
}
