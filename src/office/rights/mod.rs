//! Rights: what one asker may do — their role, and which units it reaches. Worked out from
//! the officers the office names and from what the kernel says of the asker, never from a
//! claim. Here stands which role may ask what, and which records an asker sees; what they
//! may change is `permit`'s.
//!
//! Whoever owns the data folder, or is root, is an admin of the whole office: they can read
//! its files anyway, and so nobody locks themselves out.

pub(in crate::office) mod leaving;
pub(in crate::office) mod permit;
pub(in crate::office) mod places;
pub(in crate::office) mod restriction;
pub(in crate::office) mod witness;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

use crate::domain::belongs::Owner;
use crate::domain::field::Privacy;
use crate::domain::kinds::employee::Employee;
use crate::domain::kinds::enrolment::Turnout;
use crate::domain::kinds::officer::Role;
use crate::domain::record::{Kind, Record, RecordId, SessionId, UnitId};
use crate::office::Office;
use crate::office::asker::Asker;
use crate::office::reports;
use crate::office::views::catalog::Catalog;
use crate::office::views::number_set::NumberSet;
use crate::office::views::state::State;
use crate::protocol::{Needs, Problem, Request, Stored};
use crate::store::StoreError;

/// Askers whose rights are remembered; beyond that they are worked out again.
const KNOWN_MAX: usize = 1000;

/// Which part of the unit tree somebody's role holds for.
#[derive(Clone, Debug)]
pub(in crate::office) enum Reach {
    Everywhere,
    /// A unit and everything below it.
    Below(Arc<Part>),
}

/// A part of the unit tree.
#[derive(Debug)]
pub(in crate::office) struct Part {
    top: UnitId,
    units: NumberSet,
    /// Those above the top: known by name, since a path begins with them.
    above: NumberSet,
}

impl Reach {
    /// Whether people of this unit are within reach; those of no unit are everywhere only.
    pub fn has(&self, unit: Option<UnitId>) -> bool {
        match self {
            Self::Everywhere => true,
            Self::Below(part) => part.units.has(unit.map(|unit| unit.0)),
        }
    }

    /// Whether a unit is known at all: within reach, or above it.
    pub fn shows(&self, unit: UnitId) -> bool {
        match self {
            Self::Everywhere => true,
            Self::Below(part) => part.units.has(Some(unit.0)) || part.above.has(Some(unit.0)),
        }
    }

    pub const fn is_everywhere(&self) -> bool {
        matches!(self, Self::Everywhere)
    }

    /// The unit at its top: tells reaches apart as long as the tree stands.
    pub fn top(&self) -> Option<UnitId> {
        match self {
            Self::Everywhere => None,
            Self::Below(part) => Some(part.top),
        }
    }
}

/// What one asker may do.
#[derive(Clone, Debug)]
pub(in crate::office) struct Rights {
    pub user: Arc<str>,
    pub role: Role,
    pub reach: Reach,
}

impl Rights {
    /// Of the office itself, for what no officer asks.
    pub fn whole(user: Arc<str>) -> Self {
        Self { user, role: Role::Admin, reach: Reach::Everywhere }
    }

    /// `None` when the asker is no officer of this office.
    fn of(catalog: &Catalog, asker: &Asker) -> Option<Self> {
        let user = Arc::clone(&asker.officer);
        if asker.owner {
            return Some(Self::whole(user));
        }
        let row = catalog.officers.values().map(|(_, row)| row).find(|row| *row.user == *user)?;
        let below = |top| {
            let units = NumberSet::of(catalog.below(top));
            let above = NumberSet::of(catalog.above(top));
            Reach::Below(Arc::new(Part { top, units, above }))
        };
        Some(Self { user, role: row.role, reach: row.unit.map_or(Reach::Everywhere, below) })
    }

    /// An admin of the whole office.
    pub fn is_whole(&self) -> bool {
        self.role == Role::Admin && self.reach.is_everywhere()
    }

    pub fn may_write(&self) -> bool {
        self.role.writes()
    }

    /// Why something was not allowed.
    pub const fn not_allowed(&self, needs: Needs) -> Problem {
        Problem::NotAllowed { role: self.role, needs }
    }

    /// Whether the role may ask this at all; how far it reaches is seen while answering.
    pub fn may_ask(&self, request: &Request) -> Result<(), Problem> {
        let reads = self.reads_people();
        // What an auditor chooses from to filter the history by.
        let named =
            |kind: Kind| reads || matches!(kind.belongs(), Owner::Somebody | Owner::Officer);
        // Nobody reads what is sealed, by whatever question.
        let sealed = match request {
            Request::List(query) | Request::Ids(query) => query.kind.is_sealed(),
            Request::Get(id) | Request::Editing(Some(id)) => id.kind.is_sealed(),
            Request::Find(kind, _)
            | Request::Lookup { kind, .. }
            | Request::Complete { kind, .. } => kind.is_sealed(),
            _ => false,
        };
        if sealed {
            return Err(Problem::KeptByOffice);
        }
        let (allowed, needs) = match request {
            Request::Welcome
            | Request::Labels(_)
            | Request::History(_)
            | Request::Details { .. }
            | Request::ImportCancel
            | Request::Stop
            | Request::Editing(_)
            | Request::Reports => (true, Needs::Reader),
            Request::List(query) | Request::Ids(query) => {
                (reads || query.kind.belongs() == Owner::Officer, Needs::Reader)
            }
            Request::Complete { kind, .. } => {
                (reads || kind.belongs() == Owner::Officer, Needs::Reader)
            }
            Request::Get(id) => (reads || id.kind.belongs() == Owner::Officer, Needs::Reader),
            Request::Find(kind, _) | Request::Lookup { kind, .. } => (named(*kind), Needs::Reader),
            Request::FindUnit(_)
            | Request::Openings { .. }
            | Request::Person(_)
            | Request::PersonAs { .. }
            | Request::Home { .. }
            | Request::Matrix(_)
            | Request::Explain { .. }
            | Request::Attendance(_)
            | Request::Cycle(_) => (reads, Needs::Reader),
            Request::Report(query)
            | Request::ExplainCell { query, .. }
            | Request::Begin { query, .. } => {
                // What there is not is nobody's.
                let needs =
                    reports::find(&query.report).map_or(Needs::Reader, reports::Report::needs);
                (self.meets(needs), needs)
            }
            Request::Save(_)
            | Request::SaveAnyway(_)
            | Request::SetField { .. }
            | Request::Rate { .. }
            | Request::Enrol { .. }
            | Request::EnrolAnyway { .. }
            | Request::Unenrol { .. }
            | Request::Attend { .. }
            | Request::Assess { .. }
            | Request::Sheets { .. }
            | Request::Delete { .. }
            | Request::Undo { .. }
            | Request::Redo { .. }
            | Request::ImportStart(_)
            | Request::ImportColumns(_)
            | Request::ImportRows(_)
            | Request::ImportFinish => (self.may_write(), Needs::Writer),
            Request::Verify | Request::FindHead { .. } => {
                (matches!(self.role, Role::Admin | Role::Auditor), Needs::Auditor)
            }
            // Standards are the whole office's, and so is whom they move.
            Request::Moves(_)
            | Request::Rebuild
            | Request::Sittings
            | Request::EndSitting(_)
            | Request::Backup { .. }
            | Request::Erase { .. }
            | Request::EraseReason { .. } => (self.is_whole(), Needs::OfficeAdmin),
        };
        if allowed { Ok(()) } else { Err(self.not_allowed(needs)) }
    }

    /// Whether rights over this part of the tree are for these eyes: an admin and an auditor
    /// see who has them within reach.
    pub fn oversees(&self, unit: Option<UnitId>) -> bool {
        matches!(self.role, Role::Admin | Role::Auditor) && self.reach.has(unit)
    }

    /// Whether a column may be carried out of the office in bulk: the personal ones go with
    /// officers and admins, for viewers only the NIP.
    pub fn carries(&self, kind: Kind, column: &str) -> bool {
        kind.column(column).is_none_or(|column| self.carries_class(column.name, column.privacy))
    }

    /// The same of a column of any table.
    pub fn carries_class(&self, column: &str, privacy: Privacy) -> bool {
        // A viewer's lists tell namesakes apart.
        let told_apart = self.role == Role::Viewer && column == "nip";
        told_apart || self.role.carries(privacy)
    }

    /// Whether somebody with these rights can do what needs this.
    pub fn meets(&self, needs: Needs) -> bool {
        match needs {
            Needs::Reader => self.reads_people(),
            Needs::Writer => self.may_write(),
            Needs::Auditor => matches!(self.role, Role::Admin | Role::Auditor),
            Needs::Admin => self.role == Role::Admin,
            Needs::OfficeAdmin => self.is_whole(),
            Needs::WiderReach => self.reach.is_everywhere(),
        }
    }

    /// Whether people may be read beyond their names.
    pub fn reads_people(&self) -> bool {
        self.role.reads_people()
    }

    /// A person without what may not be read of them.
    pub fn only_named(&self, stored: Stored) -> Stored {
        let record = match stored.record {
            Record::Employee(Employee { name, front_title, back_title, .. })
                if !self.reads_people() =>
            {
                Employee { name, front_title, back_title, ..Employee::default() }.into()
            }
            record => record,
        };
        Stored { record, ..stored }
    }
}

/// By name, and whether they own the folder.
type ByAsker = HashMap<(Arc<str>, bool), Option<Rights>>;

/// The rights of those who asked lately.
#[derive(Default)]
pub(in crate::office) struct KnownRights(RefCell<ByAsker>, Cell<bool>);

impl KnownRights {
    /// Units or officers are otherwise now.
    pub fn forget(&self) {
        self.0.borrow_mut().clear();
        self.1.set(true);
    }
}

impl Office {
    /// The officers there are, and in which role; whoever owns the office is one besides.
    pub fn officers(&self) -> HashMap<String, Role> {
        let officers = self.state.catalog.officers.values();
        officers.map(|(_, officer)| (officer.user.clone(), officer.role)).collect()
    }

    /// The same, if they may have changed since this was last asked.
    pub fn take_officers_news(&self) -> Option<HashMap<String, Role>> {
        self.state.known_rights.1.take().then(|| self.officers())
    }

    /// Whether somebody may be here at all.
    pub fn knows(&self, asker: &Asker) -> bool {
        self.state.rights(asker).is_some()
    }

    /// Why something may not be asked, if so.
    pub fn refuses(&self, asker: &Asker, request: &Request) -> Option<Problem> {
        self.rights(asker, request).err()
    }
}

impl State {
    /// What an asker may do; `None` for a stranger.
    pub fn rights(&self, asker: &Asker) -> Option<Rights> {
        let mut known = self.known_rights.0.borrow_mut();
        if known.len() > KNOWN_MAX {
            known.clear();
        }
        let who = (Arc::clone(&asker.officer), asker.owner);
        known.entry(who).or_insert_with(|| Rights::of(&self.catalog, asker)).clone()
    }

    /// Whether a person stands within reach.
    pub fn reaches(&self, rights: &Rights, person: u32) -> bool {
        self.is_within(&rights.reach, person)
    }

    fn is_within(&self, reach: &Reach, person: u32) -> bool {
        reach.is_everywhere() || self.roster.get(person).is_some_and(|row| reach.has(row.unit))
    }

    /// Who is enrolled in a session, of those within reach.
    pub fn enrolled<'a>(
        &'a self,
        session: SessionId,
        reach: &'a Reach,
    ) -> impl Iterator<Item = u32> + 'a {
        self.turnout(session, reach).map(|(person, _)| person)
    }

    /// The same, with whether they came.
    pub fn turnout<'a>(
        &'a self,
        session: SessionId,
        reach: &'a Reach,
    ) -> impl Iterator<Item = (u32, Turnout)> + 'a {
        let roll = self.roster.turnout(session).iter().copied();
        roll.filter(|(person, _)| self.is_within(reach, *person))
    }

    /// How many people are within reach.
    pub fn people_within(&self, reach: &Reach) -> Result<u32, StoreError> {
        if reach.is_everywhere() {
            return Ok(self.roster.people());
        }
        Ok(self.posts()?.people(|unit| reach.has(unit)))
    }

    /// Whether a record that stands is within reach.
    pub fn sees(&self, rights: &Rights, id: RecordId, record: &Record) -> bool {
        if id.kind.belongs() == Owner::Somebody {
            return self.reaches(rights, id.number);
        }
        // What belongs to somebody who is not there any more is nowhere in particular.
        let place = self.place(id, record);
        place.map_or(rights.reach.is_everywhere(), |place| rights.covers(&place))
    }
}
