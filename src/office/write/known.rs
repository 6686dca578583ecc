//! Known: the office's units and positions by the names a file calls them, made once an
//! import, so that a row costs look-ups and not a walk through the catalogue. What the
//! import itself makes is not in it.

use std::collections::HashMap;

use crate::domain::record::fold;
use crate::office::views::catalog::Catalog;

#[derive(Default)]
pub(in crate::office) struct Known {
    unit_codes: HashMap<String, u32>,
    /// By the unit above (0 for none) and the folded name.
    places: HashMap<(u32, String), u32>,
    unit_names: HashMap<String, Vec<u32>>,
    titles: HashMap<String, Vec<u32>>,
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

    /// Every position of this folded title.
    pub fn positions_titled(&self, title: &str) -> &[u32] {
        self.titles.get(title).map_or(&[], Vec::as_slice)
    }
}
