//! Unit (instansi, satuan kerja, UNOR): a tree of any depth; kelurahan stand under
//! their kecamatan. The path of names from the root tells two units of one name apart.

use serde::{Deserialize, Serialize};

use crate::domain::belongs::{Belongs, Home, Writers};
use crate::domain::column::{Column, figure, text};
use crate::domain::field::{Field, Shape};
use crate::domain::record::{Kind, NaturalKey, Schema, UnitId};

/// Separates the names of a path, in files and on screen: `Kota / Kecamatan / Kelurahan`.
pub const PATH_SEPARATOR: &str = " / ";

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
