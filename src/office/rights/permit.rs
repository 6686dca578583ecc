//! Permit: the one check of what is about to be changed. Whatever a request plans, an undo
//! takes back or an import makes comes by here with every record as it stands and as it
//! would stand; both must be within the asker's reach, and their role must cover the kind.

use std::collections::{HashMap, HashSet};

use crate::domain::change::Change;
use crate::domain::kinds::officer::Role;
use crate::domain::record::{Kind, Record, RecordId, SessionId, UnitId};
use crate::office::rights::Rights;
use crate::office::views::state::State;
use crate::office::write::plan::Stop;
use crate::protocol::{Needs, Problem};

/// Changes that want permission, and what stands beside them.
pub(in crate::office) struct Wanted<'a> {
    pub changes: &'a [Change],
    /// Units made earlier in the same import, all of them within reach.
    pub made: &'a HashSet<u32>,
    /// The asker takes back what they did themselves: what they added may go again.
    pub taken_back: bool,
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
        match id.kind {
            Kind::Settings | Kind::Competencies | Kind::Standards => refused(Needs::OfficeAdmin),
            Kind::Positions => {
                let added = self.get(id)?.is_none();
                let gone = change.after.is_none() && taken_back;
                if added || gone { Ok(()) } else { refused(Needs::OfficeAdmin) }
            }
            Kind::Officers => {
                if rights.role != Role::Admin {
                    return refused(Needs::Admin);
                }
                let unit = |record: &Record| match record {
                    Record::Officer(officer) => officer.unit,
                    _ => None,
                };
                let before = self.get(id)?.map(|stored| unit(&stored.record));
                if before.is_some_and(|unit| !rights.reach.has(unit)) {
                    return Err(Problem::NotFound.into());
                }
                let after = change.after.as_ref().map(unit);
                if after.is_some_and(|unit| !rights.reach.has(unit)) {
                    return refused(Needs::WiderReach);
                }
                Ok(())
            }
            _ if everywhere => Ok(()),
            Kind::Units => {
                let parent = |record: &Record| match record {
                    Record::Unit(unit) => unit.parent,
                    _ => None,
                };
                let before = self.get(id)?.map(|stored| parent(&stored.record));
                let after = change.after.as_ref().map(parent);
                let within = |parent: Option<Option<UnitId>>| {
                    parent.is_none_or(|parent| planned.within(parent))
                };
                if within(before) && within(after) { Ok(()) } else { refused(Needs::WiderReach) }
            }
            Kind::Programmes | Kind::Sessions => {
                let shared = self.get(id)?.is_some() && self.has_others(rights, id);
                if shared { refused(Needs::WiderReach) } else { Ok(()) }
            }
            Kind::Readings => refused(Needs::OfficeAdmin),
            Kind::Employees | Kind::Ratings | Kind::Enrolments | Kind::Corrections => {
                if let Some(now) = self.get(id)?
                    && !self.sees(rights, id, &now.record)
                {
                    return Err(Problem::NotFound.into());
                }
                match &change.after {
                    Some(Record::Employee(employee)) if !planned.within(employee.unit) => {
                        refused(Needs::WiderReach)
                    }
                    Some(record) if !planned.owner_within(record) => Err(Problem::NotFound.into()),
                    _ => Ok(()),
                }
            }
        }
    }

    /// Whether anybody out of reach is enrolled in a session, or in any of a programme.
    fn has_others(&self, rights: &Rights, id: RecordId) -> bool {
        let others = |session: u32| {
            self.roster.roll(SessionId(session)).any(|person| !self.reaches(rights, person))
        };
        if id.kind == Kind::Sessions {
            return others(id.number);
        }
        let mut sessions = self.catalog.sessions.iter();
        sessions.any(|(number, (_, held))| held.programme.0 == id.number && others(*number))
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
            match &change.after {
                Some(Record::Unit(unit)) if state.catalog.unit(Some(UnitId(number))).is_none() => {
                    planned.units.insert(number, unit.parent);
                }
                Some(Record::Employee(employee)) => {
                    planned.people.insert(number, employee.unit);
                }
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

    /// Whether the person a record belongs to is within reach.
    fn owner_within(&self, record: &Record) -> bool {
        let Some(who) = record.person() else { return true };
        match self.people.get(&who.0) {
            Some(unit) => self.within(*unit),
            None => self.state.reaches(self.rights, who.0),
        }
    }
}
