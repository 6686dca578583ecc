//! Unit (instansi, satuan kerja, UNOR): a tree of any depth; kelurahan stand under
//! their kecamatan. The path of names from the root tells two units of one name apart.

use serde::{Deserialize, Serialize};

use crate::domain::belongs::{Belongs, Home, Writers};
use crate::domain::column::{Column, figure, text};
use crate::domain::field::{Field, Shape};
use crate::domain::record::{Kind, NaturalKey, Schema, UnitId};

/// Separates the names of a path, in files and on screen: `Kota / Kecamatan / Kelurahan`.
pub const PATH_SEPARATOR: &str = " / ";

/// Names from the root down as one text. A stroke that stands alone within a name gets a
/// backslash, so that it separates nothing: `Kabupaten / Puskesmas A \/ UPT`.
pub fn path_text<N: AsRef<str>>(names: &[N]) -> String {
    let escaped = |word: &str| if is_stroke(word) { format!("\\{word}") } else { word.into() };
    let name = |name: &N| name.as_ref().split(' ').map(escaped).collect::<Vec<String>>().join(" ");
    names.iter().map(name).collect::<Vec<_>>().join(PATH_SEPARATOR)
}

/// The names of a path that is written as one text.
pub fn path_names(text: &str) -> Vec<String> {
    let mut names = vec![Vec::new()];
    for word in text.split(' ') {
        match (word, names.last_mut()) {
            ("/", _) => names.push(Vec::new()),
            (word, Some(name)) if is_stroke(word) => name.push(&word[1..]),
            (word, Some(name)) => name.push(word),
            _ => {}
        }
    }
    let names = names.into_iter().map(|words| words.join(" ").trim().to_string());
    names.filter(|name| !name.is_empty()).collect()
}

/// A stroke that stands alone, with as many backslashes as it has been given.
fn is_stroke(word: &str) -> bool {
    word.strip_suffix('/').is_some_and(|before| before.bytes().all(|byte| byte == b'\\'))
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Unit {
    pub name: String,
    /// Official code: wilayah (`16.71.14`), UNOR ID or the office's own.
    pub code: String,
    pub parent: Option<UnitId>,
    /// No longer exists; kept because people's history names it.
    pub closed: bool,
}

impl Schema for Unit {
    const BELONGS: Belongs<Self> = Belongs::Unit(|unit| unit.parent);
    const HOME: Home = Home::Table;
    const WRITERS: Writers = Writers::WithinReach;
    const CALLED: &'static [&'static str] = &["unit kerja"];
    const FIELDS: &'static [Field] = &[
        Field::new("name", Shape::Text).required(),
        Field::new("code", Shape::Text),
        Field::new("parent", Shape::Reference(Kind::Units)),
        Field::new("closed", Shape::Flag),
    ];
    const COLUMNS: &'static [Column] = &[
        text("name", 0),
        text("code", 16),
        text("parent", 24),
        text("path", 40).hidden(),
        figure("people", 8),
        text("closed", 7).hidden(),
    ];

    fn label(&self) -> String {
        self.name.clone()
    }

    fn keys(&self) -> Vec<NaturalKey> {
        let parent = self.parent.map_or(0, |unit| unit.0);
        vec![NaturalKey::new("name", format!("{parent}/{}", self.name))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_stroke_in_a_name_separates_nothing() {
        let flat = ["Pemkab Contoh", "Puskesmas A / UPT"];
        let deep = ["Pemkab Contoh", "Puskesmas A", "UPT"];
        assert_eq!(path_text(&flat), "Pemkab Contoh / Puskesmas A \\/ UPT");
        assert_eq!(path_names(&path_text(&flat)), flat);
        assert_eq!(path_names(&path_text(&deep)), deep);
        assert_eq!(path_names("Kota / Kec. A/B / Kel. C"), ["Kota", "Kec. A/B", "Kel. C"]);
    }

    proptest! {
        #[test]
        fn a_path_is_read_as_it_was_written(
            names in prop::collection::vec("[a-c/\\\\]( ?[a-c/\\\\]){0,6}", 1..5),
        ) {
            prop_assert_eq!(path_names(&path_text(&names)), names);
        }
    }
}
