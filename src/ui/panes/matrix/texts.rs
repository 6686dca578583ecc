//! What the levels mean: the competencies whose text has been shown, each asked for once
//! and one at a time, so that walking the grid over a slow line asks next to nothing.

use std::collections::BTreeMap;

use crate::domain::gap::Cell;
use crate::domain::kinds::competency::Competency;
use crate::domain::record::{CompetencyId, Record};
use crate::i18n::t;
use crate::protocol::{Answer, Request};
use crate::ui::effect::{Effect, Tag};

pub const TAG: &str = "matrix.text";

#[derive(Default)]
pub struct Texts {
    /// One that could not be had is empty, so that it is not asked for again.
    known: BTreeMap<CompetencyId, Competency>,
    asked: Option<(u32, CompetencyId)>,
    number: u32,
}

impl Texts {
    /// Asks for this competency's text unless it is here or another one is on its way.
    pub fn want(&mut self, competency: Option<CompetencyId>) -> Option<Effect> {
        let id = competency.filter(|id| self.asked.is_none() && !self.known.contains_key(id))?;
        self.number += 1;
        self.asked = Some((self.number, id));
        Some(Effect::ask(Tag::new(TAG, self.number), Request::Get(id.into())))
    }

    pub fn answer(&mut self, number: u32, answer: Answer) {
        let Some((_, id)) = self.asked.take_if(|(asked, _)| *asked == number) else { return };
        let competency = match answer {
            Answer::Record(Some(stored)) => match stored.record {
                Record::Competency(competency) => competency,
                _ => Competency::default(),
            },
            _ => Competency::default(),
        };
        self.known.insert(id, competency);
    }

    /// A competency has changed.
    pub fn forget(&mut self) {
        self.known.clear();
        self.asked = None;
    }

    /// What the level in this cell means; of an unrated cell, what is required.
    pub fn of(&self, cell: Cell) -> Option<String> {
        let competency = self.known.get(&cell.competency)?;
        let meaning = |level: Option<u8>| {
            let text = competency.levels.get(usize::from(level?).checked_sub(1)?)?;
            let text = text.description.trim();
            (!text.is_empty()).then(|| text.to_string())
        };
        if let Some(level) = cell.actual {
            return meaning(Some(level))
                .map(|text| t!("matrix.level_text", level = level, text = text).into_owned());
        }
        if let (Some(level), Some(text)) = (cell.required, meaning(cell.required)) {
            return Some(t!("matrix.required_text", level = level, text = text).into_owned());
        }
        let definition = competency.definition.trim();
        (!definition.is_empty()).then(|| definition.to_string())
    }
}
