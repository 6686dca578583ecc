//! What is remembered of the matrix for an officer: which competencies are shown, in what
//! order people stand and whether by unit, and saved views. Competencies are remembered by code and found again
//! once the first page says which there are.

use super::MatrixPane;
use crate::protocol::SortKey;
use crate::ui::effect::Effect;
use crate::ui::memory::{Look, Memo, Memory};
use crate::ui::pane::PaneEvent;
use crate::ui::widgets::views::{Viewing, Views};

const PLACE: &str = "matrix";

pub(super) struct Remembered {
    views: Views,
    /// What the officer left last was taken up.
    recalled: bool,
    /// Codes of the competencies to be shown, while it is not known which there are.
    wanted: Option<Vec<String>>,
}

impl Default for Remembered {
    fn default() -> Self {
        Self { views: Views::of(PLACE.to_string()), recalled: false, wanted: None }
    }
}

impl MatrixPane {
    /// Begins as the officer left it, once.
    pub(super) fn recall(&mut self, memory: &Memory) {
        let first = !std::mem::replace(&mut self.remembered.recalled, true);
        if let Some(look) = memory.look(PLACE).filter(|_| first) {
            self.window.put_sort(look.sort.first().cloned());
            self.window.put_grouped(look.grouped);
            self.remembered.wanted = Some(look.columns.clone());
        }
    }

    /// None named, or none of them there any more: all.
    pub(super) fn find_columns(&mut self) {
        let Some(matrix) = self.window.matrix() else { return };
        let Some(codes) = self.remembered.wanted.take() else { return };
        let all = matrix.competencies.iter().enumerate();
        let named: Vec<usize> =
            all.clone().filter(|(_, one)| codes.contains(&one.code)).map(|(at, _)| at).collect();
        let places = if named.is_empty() { all.map(|(at, _)| at).collect() } else { named };
        self.window.choose_columns(&places);
    }

    pub(super) fn viewed(&mut self, event: &PaneEvent, memory: &Memory) -> Option<Vec<Effect>> {
        let mut views = std::mem::take(&mut self.remembered.views);
        let viewing = views.update(event, memory, || self.look());
        self.remembered.views = views;
        match viewing {
            Viewing::Shows(look) => Some(self.show(look)),
            Viewing::Does(effects) => Some(effects),
            Viewing::No => None,
        }
    }

    fn show(&mut self, look: Look) -> Vec<Effect> {
        self.window.put_sort(look.sort.into_iter().next());
        self.window.put_grouped(look.grouped);
        self.remembered.wanted = Some(look.columns);
        self.find_columns();
        self.filter.set(&look.search);
        self.window.set_search(&look.search)
    }

    /// How it is looked at now; no columns where all are shown.
    fn look(&self) -> Look {
        let shown = self.window.columns();
        let competencies = self.window.matrix().map(|matrix| matrix.competencies.as_slice());
        let competencies = competencies.unwrap_or_default();
        let some = shown.len() < competencies.len();
        let codes = shown.iter().filter_map(|at| competencies.get(*at).filter(|_| some));
        Look {
            search: self.window.query().search,
            sort: self.window.sort().cloned().into_iter().collect::<Vec<SortKey>>(),
            grouped: self.window.is_grouped(),
            columns: codes.map(|one| one.code.clone()).collect(),
        }
    }

    pub(super) fn remembers(&self) -> Effect {
        let look = Look { search: String::new(), ..self.look() };
        Effect::Remember(Memo::Look { place: PLACE.to_string(), look })
    }

    pub(super) fn turn_groups(&mut self) -> Vec<Effect> {
        let mut effects = self.window.turn_groups();
        effects.push(self.remembers());
        effects
    }

    pub(super) fn turn_sort(&mut self) -> Vec<Effect> {
        let mut effects = self.window.turn_sort();
        effects.push(self.remembers());
        effects
    }
}
