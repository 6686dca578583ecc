//! Whether what is held in memory is what would be made anew from the store: tests ask after
//! every change.

use super::*;

impl State {
    /// What is held in memory and is not what would be made anew from the store.
    pub fn wrong(&mut self) -> Result<Vec<&'static str>, StoreError> {
        self.count_rows()?;
        for name in ["education", "email"] {
            self.column(name)?;
        }
        let mut wrong = self.views.wrong(&self.source())?;
        let views = std::mem::take(&mut self.views);
        let recent = std::mem::take(&mut self.recent);
        let roster = std::mem::take(&mut self.roster);
        let catalog = std::mem::take(&mut self.catalog);
        self.reload()?;
        let roster = std::mem::replace(&mut self.roster, roster);
        let catalog = std::mem::replace(&mut self.catalog, catalog);
        (self.views, self.recent) = (views, recent);
        if !self.roster.same(&roster) {
            wrong.push("roster");
        }
        let known = |catalog: &Catalog, id: RecordId| match id.kind {
            Kind::Units => catalog.unit_path_text(Some(UnitId(id.number))).to_string(),
            Kind::Positions => format!("{:?}", catalog.level(Some(PositionId(id.number)))),
            _ => String::new(),
        };
        let all = |catalog: &Catalog| {
            let ids = Kind::ALL.into_iter().flat_map(|kind| {
                catalog.numbers(kind).into_iter().map(move |number| RecordId::new(kind, number))
            });
            ids.map(|id| (catalog.get(id), known(catalog, id))).collect::<Vec<_>>()
        };
        if all(&self.catalog) != all(&catalog) {
            wrong.push("catalog");
        }
        Ok(wrong)
    }
}
