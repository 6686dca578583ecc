//! All rows of a report, page after page, for what is done with more than the window: to
//! mark rows that are not here, to print. Bounded: what is longer goes to a file instead.

use std::ops::RangeInclusive;

use crate::protocol::{PAGE_MAX, ReportQuery, Request, Table};
use crate::ui::effect::{Effect, Tag};

pub const TAG: &str = "reports.whole";
/// More rows than these are for a file.
pub const ROWS_MAX: u32 = 5_000;

/// What the rows are wanted for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To mark those at these places.
    Marks(RangeInclusive<u32>),
    Print,
}

#[derive(Default)]
pub struct Whole {
    number: u32,
    going: Option<(Purpose, ReportQuery, Option<Table>)>,
}

/// What an answer led to.
pub enum Taken {
    More(Box<Effect>),
    /// All that was wanted, its rows from the first place on.
    All(Purpose, Box<Table>),
    Nothing,
}

impl Whole {
    /// Asks for the rows; an earlier wish is forgotten.
    pub fn begin(&mut self, purpose: Purpose, query: &ReportQuery) -> Effect {
        let from = match &purpose {
            Purpose::Marks(places) => *places.start(),
            Purpose::Print => 0,
        };
        // Paper leaves the office as a file does.
        let export = purpose == Purpose::Print;
        let query =
            ReportQuery { offset: from, limit: PAGE_MAX, anchor: None, export, ..query.clone() };
        self.going = Some((purpose, query.clone(), None));
        self.ask(query)
    }

    fn ask(&mut self, query: ReportQuery) -> Effect {
        self.number += 1;
        Effect::ask(Tag::new(TAG, self.number), Request::Report(query))
    }

    pub fn refused(&mut self, number: u32) {
        if number == self.number {
            self.going = None;
        }
    }

    pub fn take(&mut self, number: u32, table: Table) -> Taken {
        if number != self.number {
            return Taken::Nothing;
        }
        let Some((purpose, mut query, before)) = self.going.take() else { return Taken::Nothing };
        let got = table.rows.len() as u32;
        let next = table.offset + got;
        let matched = table.matched;
        let whole = match before {
            Some(mut whole) => {
                whole.rows.extend(table.rows);
                whole
            }
            None => table,
        };
        let end = match &purpose {
            Purpose::Marks(places) => places.end().saturating_add(1).min(matched),
            Purpose::Print => matched,
        };
        if got == 0 || next >= end || whole.rows.len() as u32 >= ROWS_MAX {
            return Taken::All(purpose, Box::new(whole));
        }
        query.offset = next;
        self.going = Some((purpose, query.clone(), Some(whole)));
        Taken::More(Box::new(self.ask(query)))
    }
}
