//! The dictionary: one competency by its code. What the file does not say of one that
//! stands is kept, texts of its levels above all.

use super::{Taken, first_fault};
use crate::domain::intake::CompetencyRow;
use crate::domain::kinds::competency::LevelText;
use crate::domain::record::Record;
use crate::office::write::plan::Planner;

pub(super) fn take(planner: &mut Planner, row: CompetencyRow) -> Taken {
    let catalog = &planner.state.catalog;
    let known = catalog.competency_by_code(&row.competency.code);
    let before = known.and_then(|id| {
        let (rev, record) = catalog.get(id.into())?;
        Some((id.0, rev, record))
    });
    let mut after = row.competency;
    if let Some((.., Record::Competency(known))) = &before {
        // What the file does not say stays: code as the office writes it, group, definition.
        after.code.clone_from(&known.code);
        after.group = after.group.or(known.group);
        for (new, old) in [
            (&mut after.definition, &known.definition),
            (&mut after.legal_basis, &known.legal_basis),
            (&mut after.name, &known.name),
            (&mut after.parent, &known.parent),
        ] {
            if new.is_empty() {
                new.clone_from(old);
            }
        }
        // A list without level texts is no dictionary that empties them.
        let said =
            |level: &LevelText| !level.description.is_empty() || !level.indicators.is_empty();
        if !after.levels.iter().any(said) {
            after.levels.clone_from(&known.levels);
        }
        after.archived = known.archived;
        (after.archived_on, after.merged_into) = (known.archived_on, known.merged_into);
    }
    let mut after = Record::from(after);
    if before.is_none() {
        after.stamp(planner.state.now_here());
    }
    if let Some(fault) = first_fault(&after) {
        return Taken::fault(fault);
    }
    let label = after.label();
    Taken::put(planner, before, after, label, Vec::new())
}
