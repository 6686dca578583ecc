//! Coming to a list from elsewhere and leaving it: what is chosen goes along, and a record is
//! found again wherever it stands.

use super::list::RecordList;
use crate::domain::record::{Kind, UnitId};
use crate::protocol::ListQuery;
use crate::ui::effect::Effect;
use crate::ui::memory::Memory;
use crate::ui::pane::{Along, Selection, person_of};

impl RecordList {
    /// Come to from another page: filtered as that one, the cursor on the same person.
    pub fn come(&mut self, along: &Along, memory: &Memory) -> Vec<Effect> {
        self.recall(memory);
        let other = self.search() != along.filter;
        if other {
            self.filter.set(&along.filter);
        }
        let person = along.person.filter(|person| self.cursor.on() != Some(person.0));
        if let Some(person) = person {
            self.cursor.seek(person.0);
        }
        let asks = other || person.is_some() || self.page.is_none();
        let judges = if other { self.filter.judges() } else { None };
        let asked = if asks { Some(self.ask(true)) } else { None };
        asked.into_iter().chain(judges).collect()
    }

    /// Begins with what this query finds; columns and order stay its own.
    pub fn narrow(&mut self, query: &ListQuery) {
        self.unit = query.unit;
        self.of = query.of;
        self.filter.set(&query.search);
    }

    /// Begins restricted to a unit.
    pub fn within(&mut self, unit: Option<UnitId>) {
        self.unit = unit;
    }

    /// What is chosen in it; of people it is everybody's choice.
    pub fn selection(&self) -> Selection<'_> {
        let (person, filter) = (person_of(self.current()), self.search());
        let (marked, of_people) = (self.marked_count(), self.kind == Kind::Employees);
        Selection { person, filter, marked, of_people }
    }

    /// Puts the cursor on this record, wherever it stands.
    pub fn go_to(&mut self, number: u32) -> Effect {
        self.cursor.seek(number);
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
}
