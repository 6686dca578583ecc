//! What the screen remembers for an officer across sittings: the last searches, the chosen
//! columns and order of each list, saved views by name, the folder files come in from, and that the
//! first tour was seen.
//! It is the officer's own and no record of the office. Plain values, bounded in number and
//! length; [`file`] keeps them on the disk, one [`Memo`] at a time.

pub mod file;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::protocol::SortKey;

/// Searches remembered of one kind of list.
pub const SEARCHES_MAX: usize = 10;
/// Saved views of one list.
pub const VIEWS_MAX: usize = 20;
/// The longest name of a view, in letters.
pub const NAME_MAX: usize = 40;
/// The longest search and the longest name of a column that are kept, in bytes.
const TEXT_MAX: usize = 200;
/// Lists of which something is remembered: more than there are.
const PLACES_MAX: usize = 40;
/// Columns of one list.
const COLUMNS_MAX: usize = 60;
/// Columns a list is sorted by.
const SORTS_MAX: usize = 3;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Memory {
    tour_seen: bool,
    /// Where the last file was that came in.
    #[serde(skip_serializing_if = "String::is_empty")]
    folder: String,
    places: BTreeMap<String, Place>,
}

/// What is remembered of one list, by the name it goes under.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Place {
    /// The latest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    searches: Vec<String>,
    /// Columns and order as last chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    look: Option<Look>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    views: BTreeMap<String, Look>,
}

/// How a list is looked at. Names that the program does not know any more are passed over by
/// whoever shows it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Look {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub search: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sort: Vec<SortKey>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// By unit, where it can be.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub grouped: bool,
}

/// One thing to remember, or to forget.
#[derive(Clone, Debug, PartialEq)]
pub enum Memo {
    TourSeen,
    Folder(String),
    Searched {
        place: String,
        text: String,
    },
    Look {
        place: String,
        look: Look,
    },
    /// Without a look the view of this name is forgotten.
    View {
        place: String,
        name: String,
        look: Option<Look>,
    },
}

impl Memo {
    /// The folder of a file as it was named; the root has no other name than its stroke.
    pub fn folder(named: &str) -> Self {
        Self::Folder(if named.is_empty() { "/".into() } else { named.into() })
    }
}

impl Memory {
    /// Where the last file was that came in; empty where there was none.
    pub fn folder(&self) -> &str {
        &self.folder
    }

    pub const fn tour_seen(&self) -> bool {
        self.tour_seen
    }

    /// The last searches, the latest first.
    pub fn searches(&self, place: &str) -> &[String] {
        self.places.get(place).map_or(&[], |place| &place.searches)
    }

    pub fn look(&self, place: &str) -> Option<&Look> {
        self.places.get(place)?.look.as_ref()
    }

    /// Saved views by name, in the order of the alphabet.
    pub fn views(&self, place: &str) -> impl Iterator<Item = (&str, &Look)> {
        let views = self.places.get(place).into_iter().flat_map(|place| &place.views);
        views.map(|(name, look)| (name.as_str(), look))
    }

    /// Takes it in; whether anything is another than before.
    pub fn take(&mut self, memo: &Memo) -> bool {
        let before = self.clone();
        match memo {
            Memo::TourSeen => self.tour_seen = true,
            Memo::Folder(folder) => self.folder.clone_from(folder),
            Memo::Searched { place, text } => {
                let searches = &mut self.place(place).searches;
                searches.retain(|other| other != text);
                searches.insert(0, text.clone());
            }
            Memo::Look { place, look } => self.place(place).look = Some(look.clone()),
            Memo::View { place, name, look: Some(look) } => {
                self.place(place).views.insert(name.clone(), look.clone());
            }
            Memo::View { place, name, look: None } => {
                self.place(place).views.remove(name);
            }
        }
        self.bound();
        *self != before
    }

    fn place(&mut self, name: &str) -> &mut Place {
        self.places.entry(name.to_string()).or_default()
    }

    /// Keeps what may be kept. What stands in a file may have been written by anybody.
    fn bound(&mut self) {
        if !is_plain(&self.folder) {
            self.folder.clear();
        }
        self.places.retain(|name, place| {
            place.bound();
            is_plain(name) && *place != Place::default()
        });
        while self.places.len() > PLACES_MAX {
            self.places.pop_last();
        }
    }
}

impl Place {
    fn bound(&mut self) {
        self.searches.retain(|text| is_plain(text));
        self.searches.truncate(SEARCHES_MAX);
        self.views.retain(|name, look| {
            is_plain(name) && name.chars().count() <= NAME_MAX && look.is_bounded()
        });
        while self.views.len() > VIEWS_MAX {
            self.views.pop_last();
        }
        self.look.take_if(|look| !look.is_bounded());
    }
}

impl Look {
    fn is_bounded(&self) -> bool {
        let columns = self.columns.iter().chain(self.sort.iter().map(|key| &key.column));
        (self.search.is_empty() || is_plain(&self.search))
            && self.columns.len() <= COLUMNS_MAX
            && self.sort.len() <= SORTS_MAX
            && columns.into_iter().all(|name| is_plain(name))
    }
}

/// A short line of letters that can stand on a screen.
fn is_plain(text: &str) -> bool {
    !text.trim().is_empty() && text.len() <= TEXT_MAX && !text.chars().any(char::is_control)
}
