//! References: the record a file means by what people call it. A person by number, else by the
//! name nobody else has, a unit
//! by code, name or path, anything else by its natural key or by the one name it goes by.
//! What is out of reach is not there.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value as Json;

use super::person;
use crate::domain::field::Shape;
use crate::domain::record::{Fields, Kind, Record, RecordId, fold};
use crate::office::views::state::State;
use crate::office::write::plan::Planner;
use crate::store::StoreError;

/// Texts whose meaning is remembered; a file has few, said again and again.
const REMEMBERED_MAX: usize = 10_000;

#[derive(Default)]
pub(super) struct References {
    found: HashMap<(Kind, String), Option<u32>>,
    /// By kind and folded label; none where several go by one name.
    labels: HashMap<Kind, HashMap<String, Option<u32>>>,
}

impl References {
    /// The record of `kind` that goes by this text, if there is exactly one for the asker.
    pub fn find(
        &mut self,
        planner: &Planner,
        kind: Kind,
        text: &str,
    ) -> Result<Option<u32>, StoreError> {
        let asked = (kind, text.to_string());
        if let Some(known) = self.found.get(&asked) {
            return Ok(*known);
        }
        let found = match self.named(planner, kind, text)? {
            Some(number) => {
                let stands = planner.state.stands(planner.rights, RecordId::new(kind, number))?;
                stands.then_some(number)
            }
            None => None,
        };
        if self.found.len() >= REMEMBERED_MAX {
            self.found.clear();
        }
        self.found.insert(asked, found);
        Ok(found)
    }

    fn named(
        &mut self,
        planner: &Planner,
        kind: Kind,
        text: &str,
    ) -> Result<Option<u32>, StoreError> {
        match kind {
            Kind::Employees => match serde_json::from_value(text.into()) {
                Ok(number) => Ok(person(planner.state, &number)?.map(|person| person.0)),
                Err(_) => Ok(self.by_name(planner, text)),
            },
            Kind::Units => {
                let shown = |unit| planner.rights.reach.shows(unit);
                Ok(match planner.state.catalog.find_units(text, &shown)[..] {
                    [unit] => Some(unit.0),
                    _ => None,
                })
            }
            _ => match by_key(planner, kind, text)? {
                Some(number) => Ok(Some(number)),
                None => Ok(self.by_label(planner.state, kind, text)),
            },
        }
    }

    /// Who is called so, with titles or without; nobody where several within reach are. Of one who
    /// works here and one who has left the first is meant.
    fn by_name(&mut self, planner: &Planner, text: &str) -> Option<u32> {
        let names = self.labels.entry(Kind::Employees).or_insert_with(|| {
            let mut names = HashMap::new();
            let rows = planner.state.roster.rows().iter();
            let rows = rows.filter(|row| planner.rights.reach.has(row.unit));
            let (here, gone): (Vec<_>, Vec<_>) = rows.partition(|row| row.is_active());
            for rows in [here, gone] {
                let mut those = HashMap::new();
                for row in rows {
                    for name in BTreeSet::from([fold(row.name()), fold(&row.full_name())]) {
                        let one = those.entry(name);
                        one.and_modify(|one| *one = None).or_insert(Some(row.number));
                    }
                }
                for (name, one) in those {
                    names.entry(name).or_insert(one);
                }
            }
            names
        });
        names.get(&fold(text)).copied().flatten()
    }

    fn by_label(&mut self, state: &State, kind: Kind, text: &str) -> Option<u32> {
        let labels = self.labels.entry(kind).or_insert_with(|| {
            let mut labels = HashMap::new();
            for number in state.catalog.numbers(kind) {
                let Some((_, record)) = state.catalog.get(RecordId::new(kind, number)) else {
                    continue;
                };
                // By its whole label, or by its name alone.
                let name = record.fields().get("name").and_then(Json::as_str).map(fold);
                let names = BTreeSet::from([fold(&record.label()), name.unwrap_or_default()]);
                for name in names.into_iter().filter(|name| !name.is_empty()) {
                    let one = labels.entry(name);
                    one.and_modify(|one| *one = None).or_insert(Some(number));
                }
            }
            labels
        });
        labels.get(&fold(text)).copied().flatten()
    }
}

/// The record whose natural key is this text alone: a code, a user's name.
fn by_key(planner: &Planner, kind: Kind, text: &str) -> Result<Option<u32>, StoreError> {
    for field in kind.fields().iter().filter(|field| field.shape == Shape::Text) {
        let fields = Fields::from_iter([(field.name.to_string(), Json::from(text))]);
        let Ok(probe) = Record::from_fields(kind, &fields) else { continue };
        for key in probe.keys().iter().filter(|key| key.field == field.name) {
            if let Some(number) = planner.holder(&probe, key)? {
                return Ok(Some(number));
            }
        }
    }
    Ok(None)
}
