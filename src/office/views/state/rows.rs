//! Rows as they are worked out from the store: everybody's, or those of the people an entry
//! touched. Of many people what is kept of them is read and unpacked on a thread beside, so that
//! two cores share the work; none of it outlives the call.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{
    Catalog, EmployeeId, Enrolment, Kind, NaiveDate, Record, Revision, RosterRow, State,
    StoreError, Turnout, Views, row,
};
use crate::domain::kinds::employee::Employee;
use crate::domain::record::Kept;
use crate::office::views::roster::Roster;
use crate::store::{Hand, Pack, relay};

/// From so many people on.
const MANY: usize = 500;
/// People handed over at once, and how many such hand-overs may wait.
const TOGETHER: usize = 64;
const WAITING_MAX: usize = 2;

/// Reads with `read`, of many people on a thread beside, and gives what it hands over to `take`
/// in its order.
fn read_beside<T: Send>(
    people: usize,
    mut read: impl FnMut(Hand<T>) -> Result<(), StoreError> + Send,
    mut take: impl FnMut(T),
) -> Result<(), StoreError> {
    if people < MANY {
        return read(&mut |one| {
            take(one);
            true
        });
    }
    let there = |hand: Hand<Vec<T>>| {
        let mut together = Vec::with_capacity(TOGETHER);
        read(&mut |one| {
            together.push(one);
            together.len() < TOGETHER || hand(std::mem::take(&mut together))
        })?;
        hand(together);
        Ok(())
    };
    relay(WAITING_MAX, there, |together| {
        together.into_iter().for_each(&mut take);
        true
    })
}

/// Somebody's record as it stands now, and what is kept with them if they are new.
type Renewed = (u32, Option<(Revision, Employee)>, Option<Arc<Pack>>);

/// The row of a person whose record is now otherwise; ratings and trainings stand.
fn renew(roster: &mut Roster, catalog: &Catalog, today: NaiveDate, renewed: Renewed) {
    let (number, stored, pack) = renewed;
    let Some((rev, employee)) = stored else {
        roster.remove(number);
        return;
    };
    let mut row = RosterRow::of(number, rev, &employee);
    if let Some(known) = roster.get(number) {
        row.keep_pack(known);
        if row.position != known.position {
            row::count_gaps(catalog, &mut row, today);
        }
    } else {
        row = row.with_pack(catalog, &pack.unwrap_or_default(), today);
    }
    roster.put(row);
}

/// The row of a person whose ratings or trainings are now otherwise.
fn repack(roster: &mut Roster, catalog: &Catalog, today: NaiveDate, number: u32, pack: &Pack) {
    if let Some(row) = roster.get(number) {
        let row = row.clone();
        roster.put(row.with_pack(catalog, pack, today));
    }
}

impl State {
    /// Computes every row anew: after a rebuild, a bulk load, or an unclean end.
    pub(super) fn load_roster(&mut self) -> Result<(), StoreError> {
        self.roster.start_over();
        self.roster.day = self.today;
        self.debt = None;
        let Self { store, catalog, roster, today, .. } = self;
        let read = |hand: Hand<(u32, Revision, Employee, Pack)>| {
            store.scan(Kind::Employees, &mut |number, stored| {
                let Record::Employee(employee) = stored.record else { return Ok(true) };
                let pack = store.pack(EmployeeId(number))?;
                Ok(hand((number, stored.rev, employee, pack)))
            })
        };
        let people = store.count(Kind::Employees) as usize;
        read_beside(people, read, |(number, rev, employee, pack)| {
            let person = RosterRow::of(number, rev, &employee);
            roster.push(person.with_pack(catalog, &pack, *today));
            for (_, _, enrolment) in pack.of::<Enrolment>() {
                roster.enrol(enrolment.session, number, Some(Turnout::of(enrolment)));
            }
        })?;
        self.version += 1;
        self.tables += 1;
        self.views = Views::default();
        self.recent.forget(self.store.applied().seq);
        Ok(())
    }

    /// The rows of people whose records are now otherwise.
    pub(super) fn refresh_records(&mut self, people: &BTreeSet<u32>) -> Result<(), StoreError> {
        if people.len() < MANY {
            for number in people {
                let stored = self.employee(EmployeeId(*number))?;
                let new = self.roster.get(*number).is_none();
                let pack = new.then(|| self.pack(EmployeeId(*number))).transpose()?;
                renew(&mut self.roster, &self.catalog, self.today, (*number, stored, pack));
            }
            return Ok(());
        }
        let new = |number: u32| self.roster.get(number).is_none();
        let people: Vec<(u32, bool)> = people.iter().map(|one| (*one, new(*one))).collect();
        let Self { store, catalog, roster, today, .. } = self;
        let read = |hand: Hand<Renewed>| {
            for &(number, new) in &people {
                let person = EmployeeId(number);
                let stored = store.get(person.into())?;
                let stored = stored.and_then(|stored| {
                    let employee = Employee::from_record(stored.record);
                    employee.map(|employee| (stored.rev, employee))
                });
                let pack = new.then(|| store.pack(person)).transpose()?;
                if !hand((number, stored, pack.map(Arc::new))) {
                    break;
                }
            }
            Ok(())
        };
        read_beside(MANY, read, |renewed| renew(roster, catalog, *today, renewed))
    }

    /// The rows of people whose ratings or trainings are now otherwise.
    pub(super) fn refresh_packs(&mut self, people: &BTreeSet<u32>) -> Result<(), StoreError> {
        if people.len() < MANY {
            return people.iter().try_for_each(|number| self.refresh_pack(*number));
        }
        let known = |number: &&u32| self.roster.get(**number).is_some();
        let people: Vec<u32> = people.iter().filter(known).copied().collect();
        let Self { store, catalog, roster, today, .. } = self;
        let read = |hand: Hand<(u32, Pack)>| {
            for &number in &people {
                if !hand((number, store.pack(EmployeeId(number))?)) {
                    break;
                }
            }
            Ok(())
        };
        read_beside(MANY, read, |(number, pack)| {
            repack(roster, catalog, *today, number, &pack);
        })
    }

    /// The row of one of them.
    pub(super) fn refresh_pack(&mut self, number: u32) -> Result<(), StoreError> {
        if self.roster.get(number).is_some() {
            let pack = self.pack(EmployeeId(number))?;
            repack(&mut self.roster, &self.catalog, self.today, number, &pack);
        }
        Ok(())
    }

    pub(super) fn recount(&mut self, number: u32) {
        if let Some(row) = self.roster.get(number) {
            let mut row = row.clone();
            row::count_gaps(&self.catalog, &mut row, self.today);
            self.roster.put(row);
        }
    }
}
