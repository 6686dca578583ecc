//! Names: which units a text names, and what units and posts are called as search compares
//! them. There are hundreds of them, and every word of a search is looked for in each.

use crate::domain::kinds::unit::{PATH_SEPARATOR, Unit};
use crate::domain::record::{UnitId, fold};
use crate::domain::search::sound;
use crate::office::views::catalog::Catalog;

/// A unit's names as search compares them.
pub(in crate::office) struct UnitSound {
    pub name: Box<str>,
    /// With those above it, as it is written in files.
    pub path: Box<str>,
    /// The same without what tells strokes in names apart, where that is another text.
    pub plain: Option<Box<str>>,
}

/// How all of them sound, by number.
pub(in crate::office) struct Sounds {
    pub units: Vec<(u32, UnitSound)>,
    pub positions: Vec<(u32, Box<str>)>,
}

impl Sounds {
    pub fn of(catalog: &Catalog) -> Self {
        let units = catalog.units.iter().map(|(number, (_, unit))| {
            let id = Some(UnitId(*number));
            let path = sound(&catalog.unit_path_text(id));
            let plain = sound(&catalog.unit_path(id).join(PATH_SEPARATOR));
            let plain = (plain != path).then(|| plain.into());
            (*number, UnitSound { name: sound(&unit.name).into(), path: path.into(), plain })
        });
        let titles = catalog.positions.iter();
        let titles = titles.map(|(number, (_, position))| (*number, sound(&position.title).into()));
        Self { units: units.collect(), positions: titles.collect() }
    }
}

impl Catalog {
    /// Units this text names among those shown: by code, then exact name or path, then the
    /// end of a path, then a path as it was written before strokes in names were told apart.
    pub fn find_units(&self, text: &str, shown: &dyn Fn(UnitId) -> bool) -> Vec<UnitId> {
        type Test<'a> = &'a dyn Fn(u32, &Unit) -> bool;
        let wanted = fold(text);
        let matching = |test: &dyn Fn(u32, &Unit) -> bool| -> Vec<UnitId> {
            let units = self.units.iter().filter(|(number, _)| shown(UnitId(**number)));
            let hits = units.filter(|(number, (_, unit))| test(**number, unit));
            hits.map(|(number, _)| UnitId(*number)).collect()
        };
        let path = |number: u32| fold(&self.unit_path_text(Some(UnitId(number))));
        let spaced = wanted.split('/').map(str::trim).collect::<Vec<_>>().join(PATH_SEPARATOR);
        let plain = |number: u32| fold(&self.unit_path(Some(UnitId(number))).join(PATH_SEPARATOR));
        let ends = |path: &str, end: &str| path.ends_with(&format!("{PATH_SEPARATOR}{end}"));
        let tests: [Test; 5] = [
            &|_, unit| !unit.code.is_empty() && fold(&unit.code) == wanted,
            &|_, unit| fold(&unit.name) == wanted,
            &|number, _| path(number) == wanted || path(number) == spaced,
            &|number, _| ends(&path(number), &wanted) || ends(&path(number), &spaced),
            &|number, _| plain(number) == spaced,
        ];
        tests.iter().map(|test| matching(*test)).find(|hits| !hits.is_empty()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::record::{Kind, RecordId, Revision};

    #[test]
    fn a_unit_is_found_by_code_name_or_path() {
        let mut catalog = Catalog::new();
        let unit = |name: &str, code: &str, parent: Option<u32>| Unit {
            name: name.into(),
            code: code.into(),
            parent: parent.map(UnitId),
            closed: false,
        };
        for (number, row) in [
            (1000, unit("Kota Contoh", "", None)),
            (1001, unit("Kecamatan Plaju", "16.71.14", Some(1000))),
            (1002, unit("Sekretariat", "", Some(1001))),
            (1003, unit("Sekretariat", "", Some(1000))),
        ] {
            catalog.put(RecordId::new(Kind::Units, number), Revision(1), Some(row.into()));
        }
        let all = &|_: UnitId| true;
        assert_eq!(catalog.find_units("16.71.14", all), [UnitId(1001)]);
        assert_eq!(catalog.find_units("kecamatan  PLAJU", all), [UnitId(1001)]);
        assert_eq!(catalog.find_units("sekretariat", all).len(), 2);
        assert_eq!(catalog.find_units("Kecamatan Plaju/Sekretariat", all), [UnitId(1002)]);
        assert_eq!(catalog.below(UnitId(1001)), BTreeSet::from([1001, 1002]));
    }

    #[test]
    fn names_sound_as_they_are_after_one_has_changed() {
        let mut catalog = Catalog::new();
        let unit = |name: &str, parent: Option<u32>| Unit {
            name: name.into(),
            parent: parent.map(UnitId),
            ..Unit::default()
        };
        let put = |catalog: &mut Catalog, number: u32, unit: Unit| {
            catalog.put(RecordId::new(Kind::Units, number), Revision(1), Some(unit.into()));
        };
        put(&mut catalog, 1000, unit("Dinas A / B", None));
        put(&mut catalog, 1001, unit("Seksi Ma’ruf", Some(1000)));
        let heard = |catalog: &Catalog| {
            let sounds = catalog.sounds();
            let (_, unit) = sounds.units.last().expect("a unit");
            (unit.name.to_string(), unit.plain.as_deref().map(str::to_string))
        };
        let plain = "dinas a / b / seksi maruf".to_string();
        assert_eq!(heard(&catalog), ("seksi maruf".to_string(), Some(plain)));
        put(&mut catalog, 1000, unit("Dinas C", None));
        assert_eq!(heard(&catalog).1, None);
    }
}
