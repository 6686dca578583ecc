//! State: everything the office can be asked, ready to read — the store, the
//! catalogue, the roster — and how a committed entry changes it. Never writes the
//! journal; what is read here is always what the store has applied.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use super::catalog::Catalog;
use super::list::Found;
use super::roster::{self, Roster, RosterRow};
use crate::domain::change::Change;
use crate::domain::employee::Employee;
use crate::domain::record::{EmployeeId, Kind, Record, RecordId, Revision, SessionId};
use crate::domain::setting;
use crate::link::protocol::{ListQuery, Stored};
use crate::store::{Applied, Pack, Store, StoreError};

/// The readable office.
pub(super) struct State {
    pub store: Store,
    pub catalog: Catalog,
    pub roster: Roster,
    /// Goes up with every applied entry: cached results of another version are stale.
    pub version: u64,
    /// Today where the office is; set before every request.
    pub today: NaiveDate,
    /// The last list asked for, so that scrolling does not filter again.
    pub last_list: Option<(ListQuery, u64, Found)>,
    /// The last order other than by name.
    pub last_order: Option<super::list::Order>,
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
            last_list: None,
            last_order: None,
        };
        state.load_catalog()?;
        state.today = state.date_of(now);
        let mut chunks = Vec::new();
        state.store.list(&mut |chunk, bytes| chunks.push((chunk, bytes.to_vec())))?;
        let seq = state.store.applied().seq;
        let packed = chunks.iter().map(|(chunk, bytes)| (*chunk, bytes.as_slice()));
        if !state.roster.unpack(seq, packed) {
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
            roster.push(roster::row(catalog, number, stored.rev, &employee, &pack, today));
            for (_, _, enrolment) in &pack.enrolments {
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

    /// One record as it stands, built-ins included.
    pub fn get(&self, id: RecordId) -> Result<Option<Stored>, StoreError> {
        if Catalog::holds(id.kind) {
            return Ok(self.catalog.get(id).map(|(rev, record)| Stored { id, rev, record }));
        }
        let stored = self.store.get(id)?;
        Ok(stored.map(|stored| Stored { id, rev: stored.rev, record: stored.record }))
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
        let mut people = self.touched(changes);
        for change in changes.iter().filter(|change| change.after.is_none()) {
            // Whose it was stands in no deletion, and the store is about to forget it.
            let owned = matches!(change.id.kind, Kind::Ratings | Kind::Enrolments);
            let before = if owned { self.store.get(change.id)? } else { None };
            if let Some(before) = before {
                people.extend(before.record.owner().map(|owner| owner.0));
                if let Record::Enrolment(enrolment) = before.record {
                    self.roster.enrol(enrolment.session, enrolment.employee.0, false);
                }
            }
        }
        self.store.apply(entry)?;
        for change in changes {
            if Catalog::holds(change.id.kind) {
                self.catalog.put(change.id, Revision(seq), change.after.clone());
            }
            if let Some(Record::Enrolment(enrolment)) = &change.after {
                self.roster.enrol(enrolment.session, enrolment.employee.0, true);
            }
        }
        people.extend(self.touched(changes));
        for number in people {
            self.refresh_row(EmployeeId(number))?;
        }
        self.version += 1;
        Ok(())
    }

    /// Computes a person's row from the store.
    fn refresh_row(&mut self, id: EmployeeId) -> Result<(), StoreError> {
        match self.employee(id)? {
            Some((rev, employee)) => {
                let pack = self.pack(id)?;
                let row = roster::row(&self.catalog, id.0, rev, &employee, &pack, self.today);
                self.roster.put(row);
            }
            None => self.roster.remove(id.0),
        }
        Ok(())
    }

    fn recount(&mut self, people: &BTreeSet<u32>) {
        for number in people {
            if let Some(row) = self.roster.get(*number) {
                let mut row = row.clone();
                roster::count_gaps(&self.catalog, &mut row, self.today);
                self.roster.put(row);
            }
        }
    }

    /// Whose rows these changes touch, as the catalogue stands now.
    fn touched(&self, changes: &[Change]) -> BTreeSet<u32> {
        let mut people = BTreeSet::new();
        let mut positions = BTreeSet::new();
        let mut everyone = false;
        for change in changes {
            let number = change.id.number;
            match change.id.kind {
                Kind::Employees => people.extend([number]),
                Kind::Ratings | Kind::Enrolments => {
                    let owner = change.after.as_ref().and_then(Record::owner);
                    people.extend(owner.map(|owner| owner.0));
                }
                Kind::Positions => positions.extend([number]),
                Kind::Standards => positions.extend(self.positions_under(number)),
                Kind::Sessions => people.extend(self.roster.roll(SessionId(number))),
                Kind::Programmes => {
                    let sessions = self.catalog.sessions.iter();
                    let held = sessions.filter(|(_, (_, row))| row.programme.0 == number);
                    people.extend(held.flat_map(|(id, _)| self.roster.roll(SessionId(*id))));
                }
                Kind::Competencies | Kind::Settings => everyone = true,
                Kind::Units => {}
            }
        }
        let rows = self.roster.rows().iter();
        let here = |row: &&RosterRow| {
            everyone || row.position.is_some_and(|position| positions.contains(&position.0))
        };
        if everyone || !positions.is_empty() {
            people.extend(rows.filter(here).map(|row| row.number));
        }
        people
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
