//! Known: the office's units, positions and sessions by the names a file calls them, made once
//! an import, so that a row costs look-ups and not a walk through the catalogue. What the
//! import itself makes is not in it.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::domain::record::fold;
use crate::office::views::catalog::Catalog;

#[derive(Default)]
pub(in crate::office) struct Known {
    unit_codes: HashMap<String, u32>,
    /// By the unit above (0 for none) and the folded name.
    places: HashMap<(u32, String), u32>,
    unit_names: HashMap<String, Vec<u32>>,
    titles: HashMap<String, Vec<u32>>,
    /// By the words of the name and the type; the lowest number stands.
    programmes: HashMap<(String, String), u32>,
    sessions: HashMap<HeldKey, Vec<u32>>,
}

/// What rows of one session agree in: the words of its name, the type, first and last day, and
/// the words of its provider.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::office) struct HeldKey {
    pub name: String,
    pub r#type: String,
    pub days: (Option<NaiveDate>, Option<NaiveDate>),
    pub provider: String,
}

/// The words of a title, whatever stands between them and however it is written: a dash, a
/// doubled blank, a full stop, quotes.
pub(in crate::office) fn title_words(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let words = words.map(fold).collect::<Vec<_>>().join(" ");
    // Of signs alone it is what it is.
    if words.is_empty() { fold(text) } else { words }
}

impl Known {
    pub fn of(catalog: &Catalog) -> Self {
        let mut known = Self::default();
        for (number, (_, unit)) in &catalog.units {
            let name = fold(&unit.name);
            let above = unit.parent.map_or(0, |parent| parent.0);
            if !unit.code.is_empty() {
                known.unit_codes.entry(unit.code.clone()).or_insert(*number);
            }
            known.places.entry((above, name.clone())).or_insert(*number);
            known.unit_names.entry(name).or_default().push(*number);
        }
        for (number, (_, position)) in &catalog.positions {
            known.titles.entry(fold(&position.title)).or_default().push(*number);
        }
        for (number, (_, programme)) in &catalog.programmes {
            let key = (title_words(&programme.name), programme.r#type.clone());
            known.programmes.entry(key).or_insert(*number);
        }
        for (number, (_, session)) in &catalog.sessions {
            let programme = catalog.programmes.get(&session.programme.0);
            let Some((_, programme)) = programme else { continue };
            // One that names no provider is listed with that of its programme: a file says either.
            let mut providers = vec![session.provider.as_str(), session.provider(Some(programme))];
            providers.dedup();
            for provider in providers {
                let key = HeldKey {
                    name: title_words(&programme.name),
                    r#type: programme.r#type.clone(),
                    days: (session.start, session.last_day()),
                    provider: title_words(provider),
                };
                known.sessions.entry(key).or_default().push(*number);
            }
        }
        known
    }

    pub fn unit_by_code(&self, code: &str) -> Option<u32> {
        self.unit_codes.get(code).copied()
    }

    /// The unit of this folded name right below another (0 for none).
    pub fn unit_at(&self, place: &(u32, String)) -> Option<u32> {
        self.places.get(place).copied()
    }

    /// Every unit of this folded name.
    pub fn units_named(&self, name: &str) -> &[u32] {
        self.unit_names.get(name).map_or(&[], Vec::as_slice)
    }

    /// The programme of this name and type.
    pub fn programme(&self, key: &(String, String)) -> Option<u32> {
        self.programmes.get(key).copied()
    }

    /// Every session these rows may be of: one, unless an earlier import took them apart.
    pub fn sessions_held(&self, key: &HeldKey) -> &[u32] {
        self.sessions.get(key).map_or(&[], Vec::as_slice)
    }

    /// Every position of this folded title.
    pub fn positions_titled(&self, title: &str) -> &[u32] {
        self.titles.get(title).map_or(&[], Vec::as_slice)
    }
}
