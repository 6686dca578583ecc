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

/// Books of rules by the office's tables that make them; few are ever in use.
pub(super) type Books = Vec<(Vec<u32>, Arc<Rulebook>)>;

/// Books that are kept ready.
const BOOKS_MAX: usize = 8;

impl Catalog {
    /// The rules as they hold on a day: of each table the office's latest by then, else the one
    /// that ships.
    pub fn rules(&self, at: NaiveDate) -> Arc<Rulebook> {
        let own = || self.rules.iter().filter(|(_, (rev, _))| rev.0 > 0);
        if own().next().is_none() {
            return Arc::clone(Rulebook::shipped());
        }
        let latest = |name: &&str| {
            let of = own().filter(|(_, (_, rule))| rule.table == **name);
            let found = in_force(of, at, |(number, (_, rule))| (rule.effective_from, **number));
            found.map(|(number, _)| *number)
        };
        let numbers: Vec<u32> = TABLES.iter().filter_map(latest).collect();
        let mut books = self.books.borrow_mut();
        if let Some((_, book)) = books.iter().find(|(of, _)| *of == numbers) {
            return Arc::clone(book);
        }
        let rules = numbers.iter().filter_map(|number| self.rules.get(number));
        let book = Arc::new(Rulebook::with(rules.map(|(_, rule)| rule)));
        if books.len() == BOOKS_MAX {
            books.remove(0);
        }
        books.push((numbers, Arc::clone(&book)));
        book
    }

    /// The record of a table as it holds on a day.
    pub fn rule(&self, table: &str, at: NaiveDate) -> Option<(RecordId, &ReferenceTable)> {
        let of = self.rules.iter().filter(|(_, (_, rule))| rule.table == table);
        let (own, shipped): (Vec<_>, Vec<_>) = of.partition(|(_, (rev, _))| rev.0 > 0);
        let latest = in_force(own, at, |(number, (_, rule))| (rule.effective_from, **number));
        let (number, (_, rule)) = latest.or_else(|| shipped.into_iter().next())?;
        Some((RecordId::new(Kind::Rules, *number), rule))
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
