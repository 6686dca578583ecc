//! Saved views of one list: how an officer looked at it (search, order, columns), under a
//! name. One list offers them, and behind them to save, rename and forget. Whoever owns it
//! says how things look now, and shows what was chosen.

use crate::i18n::t;
use crate::ui::command::Command;
use crate::ui::effect::Effect;
use crate::ui::memory::{Look, Memo, Memory, NAME_MAX, VIEWS_MAX};
use crate::ui::overlay::Outcome;
use crate::ui::overlays::name::NameLine;
use crate::ui::overlays::picker::Picker;
use crate::ui::pane::PaneEvent;
use crate::ui::toast::Toast;

const CHOOSE: &str = "views.choose";
const SAVE: &str = "views.save";
const OLD_NAME: &str = "views.old_name";
const NEW_NAME: &str = "views.new_name";
const FORGET: &str = "views.forget";
const TAGS: [&str; 5] = [CHOOSE, SAVE, OLD_NAME, NEW_NAME, FORGET];

#[derive(Default)]
pub struct Views {
    /// The name under which they are remembered.
    place: String,
    /// Those offered last.
    names: Vec<String>,
    renaming: Option<String>,
}

/// What an event meant to saved views.
pub enum Viewing {
    /// This one is to be shown.
    Shows(Look),
    Does(Vec<Effect>),
    /// Not their business.
    No,
}

impl Views {
    pub fn of(place: String) -> Self {
        Self { place, ..Self::default() }
    }

    pub fn place(&self) -> &str {
        &self.place
    }

    /// `now` is how the list looks at this moment.
    pub fn update(
        &mut self,
        event: &PaneEvent,
        memory: &Memory,
        now: impl FnOnce() -> Look,
    ) -> Viewing {
        let (tag, outcome) = match event {
            PaneEvent::Command(Command::ListViews) => {
                return Viewing::Does(vec![self.offer(memory)]);
            }
            PaneEvent::Outcome(tag, outcome) if TAGS.contains(&tag.name) => (tag.name, outcome),
            _ => return Viewing::No,
        };
        let picked = match outcome {
            Outcome::Picked(places) => places.first().copied(),
            _ => None,
        };
        let name = picked.and_then(|at| self.names.get(at)).cloned();
        Viewing::Does(match (tag, outcome) {
            (CHOOSE, Outcome::Picked(_)) => match name {
                Some(name) => return self.shown(memory, &name),
                None => self.choice(picked.unwrap_or(0) - self.names.len()),
            },
            (SAVE, Outcome::Text(name)) => self.save(memory, name, now()),
            (OLD_NAME, Outcome::Picked(_)) => {
                let text = name.clone().unwrap_or_default();
                self.renaming = name;
                vec![naming(NEW_NAME, &text)]
            }
            (NEW_NAME, Outcome::Text(name)) => self.rename(memory, name),
            (FORGET, Outcome::Picked(_)) => {
                let said = |name: &String| Toast::done(t!("views.forgotten", name = name));
                let toast = name.as_ref().map(said).map(Effect::Toast);
                name.map(|name| self.memo(name, None)).into_iter().chain(toast).collect()
            }
            _ => Vec::new(),
        })
    }

    fn offer(&mut self, memory: &Memory) -> Effect {
        let line = |(name, look): (&str, &Look)| {
            if look.search.is_empty() {
                name.to_string()
            } else {
                format!("{name}  /{}", look.search)
            }
        };
        let mut items: Vec<String> = memory.views(&self.place).map(line).collect();
        self.names = memory.views(&self.place).map(|(name, _)| name.to_string()).collect();
        items.push(t!("views.save").into_owned());
        if !self.names.is_empty() {
            items.extend([t!("views.rename").into_owned(), t!("views.forget").into_owned()]);
        }
        Effect::open(CHOOSE, Picker::new(&t!("views.title"), items))
    }

    /// What stands behind the names in the list.
    fn choice(&self, at: usize) -> Vec<Effect> {
        let pick = |tag, title: &str| Effect::open(tag, Picker::new(title, self.names.clone()));
        vec![match at {
            0 => naming(SAVE, ""),
            1 => pick(OLD_NAME, &t!("views.rename")),
            _ => pick(FORGET, &t!("views.forget")),
        }]
    }

    fn shown(&self, memory: &Memory, wanted: &str) -> Viewing {
        let look = memory.views(&self.place).find(|(name, _)| *name == wanted);
        look.map_or(Viewing::Does(Vec::new()), |(_, look)| Viewing::Shows(look.clone()))
    }

    fn save(&self, memory: &Memory, name: &str, look: Look) -> Vec<Effect> {
        let known = memory.views(&self.place).any(|(other, _)| other == name);
        if !known && memory.views(&self.place).count() >= VIEWS_MAX {
            return vec![Effect::refuse(t!("views.full", most = VIEWS_MAX))];
        }
        let text =
            if known { t!("views.replaced", name = name) } else { t!("views.saved", name = name) };
        vec![self.memo(name.to_string(), Some(look)), Effect::Toast(Toast::done(text))]
    }

    fn rename(&mut self, memory: &Memory, name: &str) -> Vec<Effect> {
        let old = self.renaming.take().filter(|old| old != name);
        let view = old.and_then(|old| {
            let look = memory.views(&self.place).find(|(other, _)| *other == old)?.1.clone();
            Some((old, look))
        });
        let Some((old, look)) = view else { return Vec::new() };
        let said = Toast::done(t!("views.renamed", name = name));
        // The old name goes first: there may be as many as there can be.
        vec![self.memo(old, None), self.memo(name.to_string(), Some(look)), Effect::Toast(said)]
    }

    fn memo(&self, name: String, look: Option<Look>) -> Effect {
        Effect::Remember(Memo::View { place: self.place.clone(), name, look })
    }
}

fn naming(tag: &'static str, text: &str) -> Effect {
    let (title, note) = (t!("views.name").into_owned(), t!("views.name_note").into_owned());
    Effect::open(tag, NameLine::new(title, note, text, NAME_MAX))
}
