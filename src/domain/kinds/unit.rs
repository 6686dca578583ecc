//! Unit (instansi, satuan kerja, UNOR): a tree of any depth; kelurahan stand under
//! their kecamatan. The path of names from the root tells two units of one name apart.

use serde::{Deserialize, Serialize};

use crate::domain::fault::Fault;
use crate::domain::field::{Field, Shape};
use crate::domain::record::{Kind, NaturalKey, RecordId, Schema, Scope, UnitId};

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
    const KIND: Kind = Kind::Units;
    const FIELDS: &'static [Field] = &[
        Field::new("name", Shape::Text).required(),
        Field::new("code", Shape::Text),
        Field::new("parent", Shape::Reference(Kind::Units)),
        Field::new("closed", Shape::Flag),
    ];

    fn label(&self) -> String {
        self.name.clone()
    }

    fn keys(&self) -> Vec<NaturalKey> {
        let parent = self.parent.map_or(0, |unit| unit.0);
        vec![NaturalKey::new("name", format!("{parent}/{}", self.name))]
    }

    fn references(&self) -> Vec<RecordId> {
        self.parent.into_iter().map(RecordId::from).collect()
    }

    fn scope(&self) -> Scope {
        self.parent.map_or(Scope::Office, Scope::Unit)
    }

    fn check(&self) -> Vec<Fault> {
        Vec::new()
    }
}
