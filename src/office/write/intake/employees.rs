//! Staff: a person by NIP or PNS ID; what the file has no column for stays as it is.
//! Units and positions are found by name, or made on the way below what is within reach.

use super::{Matching, Taken, first_fault};
use crate::domain::fault::Reason;
use crate::domain::intake::EmployeeRow;
use crate::domain::kinds::employee::{Employee, number_key};
use crate::domain::record::{EmployeeId, Kind, Record, fold};
use crate::office::write::named::{OutOfReach, UnitPlace};
use crate::office::write::plan::Planner;
use crate::store::StoreError;

impl Matching {
    pub(super) fn employee(
        &mut self,
        planner: &mut Planner,
        row: EmployeeRow,
    ) -> Result<Taken, StoreError> {
        let (state, rights) = (planner.state, planner.rights);
        let number = number_key(&row.employee.number);
        let pns_id = fold(&row.employee.pns_id);
        let seen = [format!("number {number}"), format!("pns_id {pns_id}")];
        let seen = if pns_id.is_empty() { &seen[..1] } else { &seen[..] };
        if seen.iter().any(|key| self.seen.has(key)) {
            return Ok(Taken::refused("number", Reason::DuplicateNip));
        }
        let by_number = state.numbered(&row.employee.number)?;
        let by_pns_id = match pns_id.as_str() {
            "" => None,
            id => state.store.by_key(Kind::Employees, "pns_id", id)?,
        };
        // Somebody beyond the asker's reach is not there; that the number is theirs is found
        // out last, and said as of a number that stands twice.
        let elsewhere = by_number.into_iter().chain(by_pns_id);
        let elsewhere = elsewhere.filter(|person| !state.reaches(rights, *person)).last();
        let within = |person: &u32| state.reaches(rights, *person);
        let existing = match (by_pns_id.filter(within), by_number.filter(within)) {
            (Some(person), Some(holder)) if person != holder => {
                return Ok(Taken::refused("number", Reason::DuplicateNip));
            }
            (Some(person), _) => Some(person),
            (None, Some(holder)) => {
                let other = state.employee(EmployeeId(holder))?;
                let held_by_another =
                    other.is_some_and(|(_, e)| !e.pns_id.is_empty() && !pns_id.is_empty());
                if held_by_another {
                    return Ok(Taken::refused("number", Reason::DuplicateNip));
                }
                Some(holder)
            }
            (None, None) => None,
        };
        for key in seen {
            self.seen.add(self.seen.mark(key), 0);
        }

        let before = match existing {
            Some(number) => state.employee(EmployeeId(number))?,
            None => None,
        };
        if before.as_ref().is_some_and(|(_, known)| known.restricted) {
            return Ok(Taken::refused("number", Reason::Restricted));
        }
        // Checked before anything is made for it: a refused row leaves nothing behind.
        let whole = match &before {
            Some((_, known)) => self.merged(known, row.employee.clone()),
            None => row.employee.clone(),
        };
        if let Some(fault) = first_fault(&Record::from(whole)) {
            return Ok(Taken::fault(fault));
        }
        let mut changes = Vec::new();
        let mut employee = row.employee;
        let current = before.as_ref().map(|(_, employee)| employee);
        let make = elsewhere.is_none();
        let place = UnitPlace { path: &row.unit_path, code: &row.unit_code, current, make };
        employee.unit = match self.named.unit(state, rights, planner.numbers, &place, &mut changes)
        {
            Ok(unit) => unit,
            Err(OutOfReach) => return Ok(Taken::refused("unit", Reason::OutOfReach)),
        };
        let unit = match current {
            Some(known) if !self.columns.contains("unit") => known.unit,
            _ => employee.unit,
        };
        if !self.named.within(rights, unit) {
            return Ok(Taken::refused("unit", Reason::OutOfReach));
        }
        if let Some(holder) = elsewhere {
            state.met.borrow_mut().insert(EmployeeId(holder));
            return Ok(Taken::refused("number", Reason::DuplicateNip));
        }
        if let Some(position) = row.position {
            employee.position =
                self.named.position(state, planner.numbers, position, current, &mut changes);
        }
        let after = match current {
            Some(known) => self.merged(known, employee),
            None => employee,
        };
        let before = existing.zip(before).map(|(number, (rev, known))| (number, rev, known.into()));
        let label = after.full_name();
        Ok(Taken::put(planner, before, after.into(), label, changes))
    }

    /// What is known, with the fields the file has a column for replaced.
    fn merged(&self, known: &Employee, row: Employee) -> Employee {
        let has = |name: &str| self.columns.contains(name);
        let said = (row.position_since, row.grade_since);
        macro_rules! take {
            ($($field:ident),+) => {
                Employee { $($field: if has(stringify!($field)) { row.$field } else { known.$field.clone() }),+, restricted: known.restricted }
            };
        }
        let mut merged = take!(
            number,
            name,
            front_title,
            back_title,
            kind,
            status,
            legal_status,
            unit,
            position,
            position_since,
            grade,
            grade_since,
            service_years,
            service_months,
            cpns_since,
            education,
            education_field,
            graduation_year,
            birth_date,
            sex,
            email,
            pns_id
        );
        // A day in the cell of the post or the grade needs no column of its own.
        merged.position_since = said.0.or(merged.position_since);
        merged.grade_since = said.1.or(merged.grade_since);
        if merged.pns_id.is_empty() {
            merged.pns_id.clone_from(&known.pns_id);
        }
        merged
    }
}
