//! What an officer chooses of a list: by which column it is sorted, which columns it shows.
//! Of people a competency is a column as well, once the dictionary is known.

use super::list::RecordList;
use super::views::Viewing;
use crate::domain::column::{Column, of_competency};
use crate::domain::record::Kind;
use crate::i18n::t;
use crate::protocol::SortKey;
use crate::ui::effect::Effect;
use crate::ui::memory::{Look, Memo, Memory};
use crate::ui::overlays::picker::Picker;
use crate::ui::pane::PaneEvent;
use crate::ui::words;

pub(super) const SORT: &str = "list.sort";
pub(super) const COLUMNS: &str = "list.columns";

/// How many columns a list remembers to be sorted by.
const SORTS_MAX: usize = 3;

impl RecordList {
    /// What may be chosen, and what it is called: the kind's own columns, then competencies.
    fn choosable(&self) -> impl Iterator<Item = (&'static Column, String)> {
        let own = self.kind.columns().iter();
        let own = own.map(|column| (column, words::column(self.kind, column.name)));
        own.chain(self.competencies.iter().flatten().cloned())
    }

    pub(super) fn sort_picker(&self) -> Effect {
        let items = self.choosable().map(|(_, called)| called).collect();
        let current = self.sort.first().and_then(|key| self.place_of(&key.column));
        let title = t!("shell.sort_by").into_owned();
        Effect::open(SORT, Picker::new(&title, items).at(current.unwrap_or(0)))
    }

    pub(super) fn column_picker(&self) -> Effect {
        let items = self.choosable().map(|(_, called)| called).collect();
        let ticked = self.shown.iter().filter_map(|column| self.place_of(column.name));
        let title = t!("shell.columns").into_owned();
        Effect::open(COLUMNS, Picker::new(&title, items).ticked(ticked.collect()))
    }

    fn place_of(&self, name: &str) -> Option<usize> {
        self.choosable().position(|(column, _)| column.name == name)
    }

    /// The column of this name. Before the dictionary is known any may be a competency's.
    fn column_named(&self, name: &str) -> Option<&'static Column> {
        if let Some(column) = self.kind.column(name) {
            return Some(column);
        }
        match &self.competencies {
            _ if self.kind != Kind::Employees => None,
            None => Some(of_competency(name)),
            Some(known) => known.iter().map(|(column, _)| *column).find(|one| one.name == name),
        }
    }

    /// Offers these competencies, by code and name; those that are no more are let go of.
    pub fn offer_competencies(&mut self, all: impl Iterator<Item = (String, String)>) -> bool {
        let called = |(code, name): (String, String)| (of_competency(&code), code + " " + &name);
        self.competencies = Some(all.map(called).collect());
        let before = (self.shown.clone(), self.sort.len());
        let known: Vec<bool> = self.shown.iter().map(|one| self.is_known(one.name)).collect();
        let mut known = known.into_iter();
        self.shown.retain(|_| known.next().unwrap_or(true));
        if self.shown.is_empty() {
            let own = self.own.iter();
            let usual = self.kind.columns().iter().filter(|one| one.shown && self.own.is_empty());
            self.shown = own.chain(usual).collect();
        }
        let sort = std::mem::take(&mut self.sort);
        self.sort = sort.into_iter().filter(|key| self.is_known(&key.column)).collect();
        let names = |all: &[&Column]| all.iter().map(|one| one.name).collect::<Vec<_>>();
        names(&before.0) != names(&self.shown) || before.1 != self.sort.len()
    }

    fn is_known(&self, name: &str) -> bool {
        self.own.iter().any(|own| own.name == name) || self.column_named(name).is_some()
    }

    /// Sorts by that column; by it again, the other way round.
    pub(super) fn sort_by(&mut self, place: Option<usize>) -> Vec<Effect> {
        let Some((column, _)) = place.and_then(|place| self.choosable().nth(place)) else {
            return Vec::new();
        };
        let first = self.sort.first().filter(|key| key.column == column.name);
        let descending = first.is_some_and(|key| !key.descending);
        self.sort.retain(|key| key.column != column.name);
        self.sort.insert(0, SortKey { column: column.name.to_string(), descending });
        self.sort.truncate(SORTS_MAX);
        vec![self.ask(true), self.remembers()]
    }

    pub(super) fn choose_columns(&mut self, places: &[usize]) -> Vec<Effect> {
        let columns: Vec<_> = self.choosable().map(|(column, _)| column).collect();
        let named: Vec<_> = places.iter().filter_map(|at| columns.get(*at).copied()).collect();
        if named.is_empty() {
            return Vec::new();
        }
        self.put_columns(&named);
        vec![self.ask(true), self.remembers()]
    }

    /// Those the list has of its own stay as they are; others come after them.
    fn put_columns(&mut self, named: &[&'static Column]) {
        let own = self.own.iter().filter(|own| named.iter().any(|column| column.name == own.name));
        let other =
            named.iter().filter(|column| !self.own.iter().any(|own| own.name == column.name));
        let chosen = own.chain(other.copied()).collect();
        self.shown = chosen;
        self.left = 0;
    }

    fn remembers(&self) -> Effect {
        let look = Look { search: String::new(), ..self.look() };
        Effect::Remember(Memo::Look { place: self.views.place().to_string(), look })
    }

    /// How it is looked at now.
    fn look(&self) -> Look {
        Look {
            search: self.search().trim().to_string(),
            sort: self.sort.clone(),
            columns: self.shown.iter().map(|column| column.name.to_string()).collect(),
            grouped: false,
        }
    }

    /// Begins with the columns and the order this officer left, once.
    pub(super) fn recall(&mut self, memory: &Memory) {
        if !std::mem::replace(&mut self.recalled, true)
            && let Some(look) = memory.look(self.views.place())
        {
            self.take_up(look);
        }
    }

    /// Order and columns, as far as they are known here.
    fn take_up(&mut self, look: &Look) {
        let known = |name: &String| self.column_named(name);
        let named: Vec<_> = look.columns.iter().filter_map(known).collect();
        self.sort = look.sort.iter().filter(|key| known(&key.column).is_some()).cloned().collect();
        if !named.is_empty() {
            self.put_columns(&named);
        }
    }

    pub(super) fn viewed(&mut self, event: &PaneEvent, memory: &Memory) -> Viewing {
        let mut views = std::mem::take(&mut self.views);
        let viewing = views.update(event, memory, || self.look());
        self.views = views;
        viewing
    }

    /// Shows it as a saved view has it.
    pub(super) fn show(&mut self, look: &Look) -> Vec<Effect> {
        self.take_up(look);
        self.filter.set(&look.search);
        self.begin_at_top();
        let judges = self.filter.judges();
        std::iter::once(self.ask(false)).chain(judges).collect()
    }
}
