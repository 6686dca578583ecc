//! Reading the catalogue out of a store: the office's own on opening, and another one beside
//! it for work on another thread.

use crate::domain::record::Kind;
use crate::office::views::catalog::Catalog;
use crate::store::{Store, StoreError};

impl Catalog {
    /// All tables as the store has them, over the built-in rows.
    pub fn read(store: &Store) -> Result<Self, StoreError> {
        let mut catalog = Self::new();
        for kind in Kind::ALL.into_iter().filter(|kind| Self::holds(*kind)) {
            let mut rows = Vec::new();
            store.scan(kind, &mut |number, stored| {
                rows.push((number, stored.rev, stored.record));
                Ok(true)
            })?;
            catalog.load(rows);
        }
        Ok(catalog)
    }
}
