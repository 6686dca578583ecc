//! Permit: the one check of what is about to be changed. Whatever a request plans, an undo
//! takes back or an import makes comes by here with every record as it stands and as it
//! would stand; both must be within the asker's reach, and their role must cover the kind.

use std::collections::{HashMap, HashSet};

use crate::domain::belongs::{Belonging, Owner, Writers};
use crate::domain::change::Change;
use crate::domain::kinds::officer::Role;
use crate::domain::record::{EmployeeId, Kind, Record, RecordId, UnitId};
use crate::office::rights::Rights;
use crate::office::views::state::State;
use crate::office::write::plan::Stop;
use crate::protocol::{Needs, Problem};
use crate::store::StoreError;

/// Changes that want permission, and what stands beside them.
pub(in crate::office) struct Wanted<'a> {
    pub changes: &'a [Change],
    /// Units made earlier in the same import, all of them within reach.
    pub made: &'a HashSet<u32>,
    /// The asker takes back what they did themselves: what they added may go again.
    pub taken_back: bool,
}

impl Rights {
    /// Whether the role may change records of a kind at all: asked before anything is looked
    /// up for it.
    pub fn may_change_kind(&self, kind: Kind) -> Result<(), Problem> {
        if kind.writers() == Writers::Acts {
            return Err(Problem::KeptByOffice);
        }
        self.covers_kind(kind)
    }

    /// The same of what an act writes.
    fn covers_kind(&self, kind: Kind) -> Result<(), Problem> {
        match kind.writers() {
            Writers::OfficeAdmins | Writers::Office if !self.is_whole() => {
                Err(self.not_allowed(Needs::OfficeAdmin))
            }
            Writers::Admins if self.role != Role::Admin => Err(self.not_allowed(Needs::Admin)),
            _ => Ok(()),
        }
    }
}

impl State {
    /// Whether the asker may make these changes. What is out of their reach is answered as
    /// what does not exist.
    pub fn permit(&self, rights: &Rights, wanted: &Wanted) -> Result<(), Stop> {
        if rights.is_whole() || wanted.changes.is_empty() {
            return Ok(());
        }
        if !rights.may_write() {
            return Err(rights.not_allowed(Needs::Writer).into());
        }
        let planned = Planned::of(self, rights, wanted);
        for change in wanted.changes {
            self.permit_one(&planned, change, wanted.taken_back)?;
        }
        Ok(())
    }

    fn permit_one(&self, planned: &Planned, change: &Change, taken_back: bool) -> Result<(), Stop> {
        let rights = planned.rights;
        let refused = |needs| Err(rights.not_allowed(needs).into());
        let everywhere = rights.reach.is_everywhere();
        let id = change.id;
        rights.covers_kind(id.kind)?;
        match id.kind.writers() {
            Writers::OfficeAdmins | Writers::Office => Ok(()),
            Writers::Adders => {
                let added = self.get(id)?.is_none();
                let gone = change.after.is_none() && taken_back;
                if added || gone { Ok(()) } else { refused(Needs::OfficeAdmin) }
            }
            Writers::Admins => {
                let within = |record: &Record| match record.belonging() {
                    Belonging::Officer { unit, .. } => rights.reach.has(unit),
                    _ => everywhere,
                };
                if self.get(id)?.is_some_and(|stored| !within(&stored.record)) {
                    return Err(Problem::NotFound.into());
                }
                if change.after.as_ref().is_some_and(|record| !within(record)) {
                    return refused(Needs::WiderReach);
                }
                Ok(())
            }
            Writers::WhileUnshared | Writers::WithinReach | Writers::Acts if everywhere => Ok(()),
            // Of whom it speaks is within reach.
            Writers::Acts => {
                let now = self.get(id)?.map(|stored| stored.record);
                let spoken = now.iter().chain(&change.after).flat_map(Record::references);
                let mut people = spoken.filter(|to| to.kind.belongs() == Owner::Somebody);
                let within = people.all(|person| self.reaches(rights, person.number));
                if within { Ok(()) } else { Err(Problem::NotFound.into()) }
            }
            Writers::WhileUnshared => {
                let shared = self.get(id)?.is_some() && self.has_others(rights, id)?;
                if shared { refused(Needs::WiderReach) } else { Ok(()) }
            }
            Writers::WithinReach => self.permit_within(planned, change),
        }
    }

    /// Of what stands somewhere in the tree or belongs to somebody: both as it stands and as
    /// it would stand it is within reach.
    fn permit_within(&self, planned: &Planned, change: &Change) -> Result<(), Stop> {
        let rights = planned.rights;
        let now = self.get(change.id)?;
        let after = change.after.as_ref();
        let wider = || Err(rights.not_allowed(Needs::WiderReach).into());
        if change.id.kind.belongs() == Owner::Unit {
            let within = |record: &Record| match record.belonging() {
                Belonging::Unit(above) => planned.within(above),
                _ => false,
            };
            let fits = now.is_none_or(|stored| within(&stored.record)) && after.is_none_or(within);
            return if fits { Ok(()) } else { wider() };
        }
        if now.is_some_and(|now| !self.sees(rights, change.id, &now.record)) {
            return Err(Problem::NotFound.into());
        }
        match after.map(Record::belonging) {
            Some(Belonging::Somebody(unit)) if !planned.within(unit) => wider(),
            Some(Belonging::Person(who)) if !planned.reaches(who) => Err(Problem::NotFound.into()),
            // Nothing else is somewhere.
            Some(Belonging::Office | Belonging::Unit(_) | Belonging::Officer { .. }) => wider(),
            _ => Ok(()),
        }
    }

    /// Whether anybody out of reach takes part in it: something of theirs refers to it, or to
    /// what is held of it.
    fn has_others(&self, rights: &Rights, id: RecordId) -> Result<bool, StoreError> {
        for kind in Kind::of_people() {
            let people = self.people_with(kind, std::iter::once(&id));
            for person in people.into_iter().filter(|person| !self.reaches(rights, *person)) {
                let pack = self.pack(EmployeeId(person))?;
                let mut theirs = pack.rows.iter().filter(|(of, ..)| of.kind == kind);
                if theirs.any(|(_, _, record)| record.references().contains(&id)) {
                    return Ok(true);
                }
            }
        }
        let unshared = |kind: &Kind| kind.writers() == Writers::WhileUnshared;
        for kind in Kind::ALL.into_iter().filter(unshared) {
            if !kind.refers_to().any(|to| to == id.kind) {
                continue;
            }
            for number in self.catalog.numbers(kind) {
                let held = RecordId::new(kind, number);
                let record = self.catalog.get(held).map(|(_, record)| record);
                if record.is_some_and(|record| record.references().contains(&id))
                    && self.has_others(rights, held)?
                {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }
}

/// Where units and people stand once the changes do.
struct Planned<'a> {
    state: &'a State,
    rights: &'a Rights,
    made: &'a HashSet<u32>,
    /// Units that the changes add, with what they stand under.
    units: HashMap<u32, Option<UnitId>>,
    /// People that the changes put, with their units.
    people: HashMap<u32, Option<UnitId>>,
}

impl<'a> Planned<'a> {
    fn of(state: &'a State, rights: &'a Rights, wanted: &Wanted<'a>) -> Self {
        let mut planned = Self {
            state,
            rights,
            made: wanted.made,
            units: HashMap::new(),
            people: HashMap::new(),
        };
        for change in wanted.changes {
            let number = change.id.number;
            match change.after.as_ref().map(Record::belonging) {
                Some(Belonging::Unit(above))
                    if state.catalog.unit(Some(UnitId(number))).is_none() =>
                {
                    planned.units.insert(number, above);
                }
                Some(Belonging::Somebody(unit)) => drop(planned.people.insert(number, unit)),
                _ => {}
            }
        }
        planned
    }

    /// Whether a unit is within reach, or is made below one that is.
    fn within(&self, unit: Option<UnitId>) -> bool {
        let mut at = unit;
        for _ in 0..=self.units.len() {
            if self.rights.reach.has(at) || at.is_some_and(|unit| self.made.contains(&unit.0)) {
                return true;
            }
            at = match at.and_then(|unit| self.units.get(&unit.0)) {
                Some(parent) => *parent,
                None => return false,
            };
        }
        false
    }

    /// Whether a person is within reach once the changes stand.
    fn reaches(&self, who: EmployeeId) -> bool {
        match self.people.get(&who.0) {
            Some(unit) => self.within(*unit),
            None => self.state.reaches(self.rights, who.0),
        }
    }
}
