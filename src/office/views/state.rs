//! State: everything the office can be asked, ready to read — the store, the
//! catalogue, the roster — and how a committed entry changes it. Never writes the
//! journal; what is read here is always what the store has applied.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::belongs::{Home, Owner};
use crate::domain::change::Change;
use crate::domain::kinds::employee::Employee;
use crate::domain::kinds::enrolment::Enrolment;
use crate::domain::kinds::setting;
use crate::domain::record::{EmployeeId, Kind, Record, RecordId, Revision, SessionId, UnitId};
use crate::office::read::list::LastList;
use crate::office::rights::{KnownRights, Reach, Rights};
use crate::office::views::catalog::Catalog;
use crate::office::views::headcount::Headcount;
use crate::office::views::roster::Roster;
use crate::office::views::row::{self, RosterRow};
use crate::protocol::Stored;
use crate::store::{Applied, Pack, Store, StoreError};

/// Whose rows have to be computed anew.
#[derive(Default)]
struct Touched {
    /// From their ratings and trainings.
    packs: BTreeSet<u32>,
    /// From what their posts require.
    gaps: BTreeSet<u32>,
}

impl Touched {
    fn join(&mut self, other: Self) {
        self.packs.extend(other.packs);
        self.gaps.extend(other.gaps);
    }
}

/// Whether who may do what hangs on records of this kind: officers, and the tree of units.
pub(in crate::office) fn tells_rights(kind: Kind) -> bool {
    matches!(kind.belongs(), Owner::Officer | Owner::Unit)
}

/// The readable office.
pub(in crate::office) struct State {
    pub store: Store,
    pub catalog: Catalog,
    pub roster: Roster,
    /// Goes up with every applied entry: cached results of another version are stale.
    pub version: u64,
    /// Today where the office is; set before every request.
    pub today: NaiveDate,
    /// The moment itself; what has a deadline is measured against it.
    pub now: DateTime<Utc>,
    /// The last list asked for, so that scrolling does not filter again.
    pub last_list: Option<LastList>,
    /// The last order other than by name.
    pub last_order: Option<crate::office::read::list::Order>,
    /// By the unit at the top of each reach.
    headcounts: RefCell<HashMap<Option<UnitId>, Arc<Headcount>>>,
    pub known_rights: KnownRights,
}

impl State {
    /// Reads catalogue and roster from the store.
    pub fn load(store: Store, now: DateTime<Utc>) -> Result<Self, StoreError> {
        let mut state = Self {
            store,
            catalog: Catalog::new(),
            roster: Roster::default(),
            version: 1,
            today: NaiveDate::default(),
            now,
            last_list: None,
            last_order: None,
            headcounts: RefCell::default(),
            known_rights: KnownRights::default(),
        };
        state.load_catalog()?;
        state.today = state.date_of(now);
        let seq = state.store.applied().seq;
        let mut unpacking = state.roster.unpack(state.store.count(Kind::Employees) as usize);
        state.store.list(&mut |chunk, bytes| unpacking.chunk(chunk, bytes))?;
        if !unpacking.finish(seq) {
            state.load_roster()?;
        }
        state.turn_of_day();
        Ok(state)
    }

    /// Reads everything anew after a bulk load.
    pub fn reload(&mut self) -> Result<(), StoreError> {
        self.load_catalog()?;
        self.load_roster()
    }

    fn load_catalog(&mut self) -> Result<(), StoreError> {
        self.catalog = Catalog::new();
        self.known_rights.forget();
        for kind in Kind::ALL.into_iter().filter(|kind| Catalog::holds(*kind)) {
            let mut rows = Vec::new();
            self.store.scan(kind, &mut |number, stored| {
                rows.push((number, stored.rev, stored.record));
                Ok(true)
            })?;
            self.catalog.load(rows);
        }
        Ok(())
    }

    /// Computes every row anew: after a rebuild, a bulk load, or an unclean end.
    fn load_roster(&mut self) -> Result<(), StoreError> {
        self.roster.start_over(self.today);
        let (store, catalog, roster, today) =
            (&self.store, &self.catalog, &mut self.roster, self.today);
        store.scan(Kind::Employees, &mut |number, stored| {
            let Record::Employee(employee) = stored.record else { return Ok(true) };
            let pack = store.pack(EmployeeId(number))?;
            let mut row = RosterRow::of(number, stored.rev, &employee);
            row.take_pack(catalog, &pack);
            row::count_gaps(catalog, &mut row, today);
            roster.push(row);
            for (_, _, enrolment) in pack.of::<Enrolment>() {
                roster.enrol(enrolment.session, number, true);
            }
            Ok(true)
        })?;
        self.version += 1;
        Ok(())
    }

    /// The day at that moment, in the office's time zone.
    pub fn date_of(&self, now: DateTime<Utc>) -> NaiveDate {
        setting::time_zone(self.catalog.time_zone())
            .map_or_else(|| now.date_naive(), |zone| now.with_timezone(&zone).date_naive())
    }

    /// Sets today; a standard that came into force overnight changes the gaps.
    pub fn set_now(&mut self, now: DateTime<Utc>) {
        self.now = now;
        self.today = self.date_of(now);
        self.turn_of_day();
    }

    fn turn_of_day(&mut self) {
        if self.roster.day == self.today {
            return;
        }
        let changed = self.catalog.standards_change_between(self.roster.day, self.today);
        self.roster.day = self.today;
        if changed {
            let everyone: BTreeSet<u32> = self.roster.rows().iter().map(|row| row.number).collect();
            self.recount(&everyone);
        }
        self.version += 1;
    }

    /// How many people units and positions have, of those within reach.
    pub fn people(&self, reach: &Reach) -> Arc<Headcount> {
        let mut counted = self.headcounts.borrow_mut();
        counted.retain(|_, headcount| headcount.version == self.version);
        let count = || {
            let within = self.roster.rows().iter().filter(|row| reach.has(row.unit));
            Arc::new(Headcount::of(self.version, &self.catalog, within))
        };
        Arc::clone(counted.entry(reach.top()).or_insert_with(count))
    }

    /// One record as it stands, if the asker sees it; what they do not see is not there.
    pub fn seen(&self, rights: &Rights, id: RecordId) -> Result<Option<Stored>, StoreError> {
        if id.kind == Kind::Employees && !self.reaches(rights, id.number) {
            return Ok(None);
        }
        Ok(self.get(id)?.filter(|stored| self.sees(rights, id, &stored.record)))
    }

    /// One record as it stands, built-ins included, whoever asks.
    pub fn get(&self, id: RecordId) -> Result<Option<Stored>, StoreError> {
        if Catalog::holds(id.kind) {
            return Ok(self.catalog.get(id).map(|(rev, record)| Stored { id, rev, record }));
        }
        let stored = self.store.get(id)?;
        Ok(stored.map(|stored| Stored { id, rev: stored.rev, record: stored.record }))
    }

    /// Whether there is such a record for the asker.
    pub fn stands(&self, rights: &Rights, id: RecordId) -> Result<bool, StoreError> {
        Ok(match id.kind {
            Kind::Employees => {
                self.roster.get(id.number).is_some_and(|row| rights.reach.has(row.unit))
            }
            _ => self.seen(rights, id)?.is_some(),
        })
    }

    pub fn employee(&self, id: EmployeeId) -> Result<Option<(Revision, Employee)>, StoreError> {
        Ok(self.store.get(id.into())?.and_then(|stored| match stored.record {
            Record::Employee(employee) => Some((stored.rev, employee)),
            _ => None,
        }))
    }

    pub fn pack(&self, id: EmployeeId) -> Result<Pack, StoreError> {
        self.store.pack(id)
    }

    /// Applies a committed entry to the store, then to what is held in memory.
    pub fn apply(&mut self, entry: Applied<'_>) -> Result<(), StoreError> {
        let (seq, changes) = (entry.seq, entry.changes);
        let mut touched = self.touched(changes);
        for change in changes.iter().filter(|change| change.after.is_none()) {
            // Whose it was stands in no deletion, and the store is about to forget it.
            let owned = change.id.kind.home() == Home::WithPerson;
            let before = if owned { self.store.get(change.id)? } else { None };
            if let Some(before) = before {
                touched.packs.extend(before.record.person().map(|owner| owner.0));
                if let Record::Enrolment(enrolment) = before.record {
                    self.roster.enrol(enrolment.session, enrolment.employee.0, false);
                }
            }
        }
        self.store.apply(entry)?;
        if changes.iter().any(|change| tells_rights(change.id.kind)) {
            self.known_rights.forget();
        }
        for change in changes {
            if Catalog::holds(change.id.kind) {
                self.catalog.put(change.id, Revision(seq), change.after.clone());
            }
            if let Some(Record::Enrolment(enrolment)) = &change.after {
                self.roster.enrol(enrolment.session, enrolment.employee.0, true);
            }
        }
        touched.join(self.touched(changes));
        for change in changes.iter().filter(|change| change.id.kind == Kind::Employees) {
            match &change.after {
                Some(Record::Employee(employee)) => {
                    self.refresh_record(change.id.number, Revision(seq), employee)?;
                }
                _ => self.roster.remove(change.id.number),
            }
        }
        for number in &touched.packs {
            self.refresh_pack(*number)?;
        }
        touched.gaps.retain(|number| !touched.packs.contains(number));
        self.recount(&touched.gaps);
        self.version += 1;
        Ok(())
    }

    /// The row of a person whose record is now otherwise; ratings and trainings stand.
    fn refresh_record(
        &mut self,
        number: u32,
        rev: Revision,
        employee: &Employee,
    ) -> Result<(), StoreError> {
        let mut row = RosterRow::of(number, rev, employee);
        if let Some(known) = self.roster.get(number) {
            row.keep_pack(known);
            if row.position != known.position {
                row::count_gaps(&self.catalog, &mut row, self.today);
            }
        } else {
            row.take_pack(&self.catalog, &self.pack(EmployeeId(number))?);
            row::count_gaps(&self.catalog, &mut row, self.today);
        }
        self.roster.put(row);
        Ok(())
    }

    /// The row of a person whose ratings or trainings are now otherwise.
    fn refresh_pack(&mut self, number: u32) -> Result<(), StoreError> {
        if let Some(row) = self.roster.get(number) {
            let mut row = row.clone();
            row.take_pack(&self.catalog, &self.pack(EmployeeId(number))?);
            row::count_gaps(&self.catalog, &mut row, self.today);
            self.roster.put(row);
        }
        Ok(())
    }

    fn recount(&mut self, people: &BTreeSet<u32>) {
        for number in people {
            if let Some(row) = self.roster.get(*number) {
                let mut row = row.clone();
                row::count_gaps(&self.catalog, &mut row, self.today);
                self.roster.put(row);
            }
        }
    }

    /// Whose rows these changes touch besides their own, as the catalogue stands now.
    fn touched(&self, changes: &[Change]) -> Touched {
        let mut touched = Touched::default();
        let mut positions = BTreeSet::new();
        let everyone = || self.roster.rows().iter().map(|row| row.number);
        for change in changes {
            let number = change.id.number;
            if let Some(owner) = change.after.as_ref().and_then(Record::person) {
                touched.packs.insert(owner.0);
            }
            match change.id.kind {
                Kind::Positions => positions.extend([number]),
                Kind::Standards => positions.extend(self.positions_under(number)),
                Kind::Sessions => touched.packs.extend(self.roster.roll(SessionId(number))),
                Kind::Programmes => {
                    let sessions = self.catalog.sessions.iter();
                    let held = sessions.filter(|(_, (_, row))| row.programme.0 == number);
                    let people = held.flat_map(|(id, _)| self.roster.roll(SessionId(*id)));
                    touched.packs.extend(people);
                }
                Kind::Competencies => touched.gaps.extend(everyone()),
                // How much attendance earns JP is one of them.
                Kind::Settings => touched.packs.extend(everyone()),
                _ => {}
            }
        }
        if !positions.is_empty() {
            let here = |row: &&RosterRow| {
                row.position.is_some_and(|position| positions.contains(&position.0))
            };
            touched.gaps.extend(self.roster.rows().iter().filter(here).map(|row| row.number));
        }
        touched
    }

    /// The positions a standard is for: its own, or all of its job level.
    fn positions_under(&self, standard: u32) -> Vec<u32> {
        let Some((_, standard)) = self.catalog.standards.get(&standard) else { return Vec::new() };
        let level = standard.job_level;
        let positions = self.catalog.positions.iter();
        let same = positions.filter(|(_, (_, row))| level.is_some() && row.level() == level);
        same.map(|(number, _)| *number).chain(standard.position.map(|id| id.0)).collect()
    }
}
