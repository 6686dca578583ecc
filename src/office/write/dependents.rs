//! Deletion: what may go, and what still depends on it. What the asker does not see keeps a
//! record where it is all the same, and is told of by nothing.

use std::collections::HashSet;

use super::plan::{Planner, Stop};
use crate::domain::belongs::{Home, Owner};
use crate::domain::change::Change;
use crate::domain::fault::{Fault, Reason};
use crate::domain::kinds::idp_line::IdpLine;
use crate::domain::record::{EmployeeId, Kept, Kind, RecordId, Revision};
use crate::protocol::{DraftRecord, Needs, Problem};

impl Planner<'_> {
    /// Deletions; refused while anything depends on what would go.
    pub fn delete(&mut self, ids: &[(RecordId, Revision)]) -> Result<Vec<Change>, Stop> {
        for (id, _) in ids {
            self.rights.may_change_kind(id.kind)?;
        }
        let gone: HashSet<RecordId> = ids.iter().map(|(id, _)| *id).collect();
        let mut changes = Vec::new();
        let mut seen = HashSet::new();
        for (id, base) in ids.iter().filter(|(id, _)| seen.insert(*id)) {
            let now = self.state.seen(self.rights, *id)?.ok_or(Problem::NotFound)?;
            if now.rev != *base {
                let mine = now.record.clone();
                let draft = DraftRecord { id: Some(*id), base: *base, record: mine };
                return Err(Self::conflict(*id, Some(now), draft));
            }
            if now.rev == Revision(0) {
                let label = self.state.label(self.rights, &now.record);
                return Err(Problem::BuiltIn { label }.into());
            }
            if id.kind.belongs() == Owner::Somebody
                && !self.state.pack(EmployeeId(id.number))?.is_empty()
            {
                let label = self.state.label(self.rights, &now.record);
                return Err(Problem::HasHistory { label }.into());
            }
            if IdpLine::of(&now.record).is_some_and(|line| line.closed) {
                let fault = Fault::new("closed", Reason::PlanClosed);
                return Err(Problem::Invalid(vec![(0, fault)]).into());
            }
            changes.push(Change { id: *id, base: *base, after: None });
        }
        self.permit(&changes)?;
        self.free_of_dependents(&gone, &HashSet::new())?;
        Ok(changes)
    }

    /// Refuses when a record outside `gone` depends on one inside it; those in `back` are
    /// about to be put back as they stood and do not count.
    pub fn free_of_dependents(
        &self,
        gone: &HashSet<RecordId>,
        back: &HashSet<RecordId>,
    ) -> Result<(), Stop> {
        let mut labels = Vec::new();
        let mut count = 0;
        // What the asker does not see is not even counted.
        let mut others = false;
        let mut add = |seen: bool, label: &dyn Fn() -> String| {
            others |= !seen;
            count += u32::from(seen);
            if seen && labels.len() < 5 {
                labels.push(label());
            }
        };
        let kinds: HashSet<Kind> = gone.iter().map(|id| id.kind).collect();
        let refers = |kind: &Kind| kind.refers_to().any(|to| kinds.contains(&to));
        let catalog = &self.state.catalog;
        let referring = Kind::ALL.into_iter().filter(|kind| kind.home() == Home::Table);
        for kind in referring.filter(refers) {
            for number in catalog.numbers(kind) {
                let id = RecordId::new(kind, number);
                if gone.contains(&id) || back.contains(&id) {
                    continue;
                }
                let Some((_, record)) = catalog.get(id) else { continue };
                if record.references().iter().any(|reference| gone.contains(reference)) {
                    let seen = self.state.sees(self.rights, id, &record);
                    add(seen, &|| self.state.label(self.rights, &record));
                }
            }
        }
        if refers(&Kind::Employees) {
            for row in self.state.roster.rows() {
                let unit = row.unit.is_some_and(|unit| gone.contains(&unit.into()));
                let position = row.position.is_some_and(|position| gone.contains(&position.into()));
                let person = row.id().into();
                if (unit || position) && !gone.contains(&person) && !back.contains(&person) {
                    add(self.rights.reach.has(row.unit), &|| row.full_name());
                }
            }
        }
        for kind in Kind::of_people().filter(refers) {
            for person in self.state.people_with(kind, gone.iter()) {
                let pack = self.state.pack(EmployeeId(person))?;
                for (id, _, record) in pack.rows.iter().filter(|(id, ..)| id.kind == kind) {
                    let depends = record.references().iter().any(|to| gone.contains(to));
                    if depends && !gone.contains(id) && !back.contains(id) {
                        let seen = self.state.reaches(self.rights, person);
                        add(seen, &|| self.state.label(self.rights, record));
                    }
                }
            }
        }
        match count {
            0 if others => Err(self.rights.not_allowed(Needs::WiderReach).into()),
            0 => Ok(()),
            count => Err(Problem::DependedOn { labels, count }.into()),
        }
    }
}
