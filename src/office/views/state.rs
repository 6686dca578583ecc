//! State: everything the office can be asked, ready to read — the store, the
//! catalogue, the roster — and how a committed entry changes it. Never writes the
//! journal; what is read here is always what the store has applied.

mod clock;
mod debt;
mod rows;
mod since;
#[cfg(test)]
mod wrong;

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::domain::belongs::{Home, Owner};
use crate::domain::change::Change;
use crate::domain::kinds::employee::Employee;
use crate::domain::kinds::enrolment::{Enrolment, Turnout};
use crate::domain::kinds::rule;
use crate::domain::kinds::setting;
#[cfg(test)]
use crate::domain::record::PositionId;
use crate::domain::record::{EmployeeId, Kind, Record, RecordId, Revision, SessionId, UnitId};
use crate::journal::JournalReader;
use crate::office::home::LastHome;
use crate::office::read::ahead::Ahead;
use crate::office::read::clashing::LastClashing;
use crate::office::read::complete::LastOffers;
use crate::office::read::list::LastList;
use crate::office::read::matrix::LastMatrix;
use crate::office::read::narrow::Narrowing;
use crate::office::rights::{KnownRights, Reach, Rights};
use crate::office::views::catalog::Catalog;
use crate::office::views::columns::Column;
use crate::office::views::figures::LevelFigures;
use crate::office::views::headcount::{Headcount, Posts};
use crate::office::views::kept::{Seen, Source, Views};
use crate::office::views::late::LateRoster;
use crate::office::views::lately::Lately;
use crate::office::views::left::{self, Left};
use crate::office::views::owed::Owed;
use crate::office::views::packed;
use crate::office::views::recent::Recent;
use crate::office::views::requests::Requests;
use crate::office::views::rounds::Rounds;
use crate::office::views::row::{self, RosterRow};
use crate::office::views::standing::Standings;
use crate::office::views::touched::{Touched, is_archived, merges};
use crate::protocol::Stored;
use crate::store::{self, Applied, Pack, Store, StoreError};

/// Changes that touch more people than this have the views made anew when next asked for.
const REMADE_FROM: usize = 1000;

/// Of a state that shows what its store had when it was opened.
pub(in crate::office) const FIRST_VERSION: u64 = 1;

/// Whether who may do what hangs on records of this kind: officers, and the tree of units.
pub(in crate::office) fn tells_rights(kind: Kind) -> bool {
    matches!(kind.belongs(), Owner::Officer | Owner::Unit)
}

/// The readable office.
pub(in crate::office) struct State {
    pub store: Store,
    pub catalog: Catalog,
    pub roster: LateRoster,
    /// Goes up with every applied entry: cached results of another version are stale.
    pub version: u64,
    /// Goes up with every change of the small tables, and of the day.
    pub tables: u64,
    /// Rows that are still to be counted anew.
    debt: Option<debt::Debt>,
    /// Today where the office is; set before every request.
    pub today: NaiveDate,
    /// The moment itself; what has a deadline is measured against it.
    pub now: DateTime<Utc>,
    /// The last list asked for and the last one for a file, so that the next page does not
    /// filter again.
    pub last_lists: [Option<LastList>; 2],
    /// What was offered to go on with a search last.
    pub last_offers: RefCell<VecDeque<LastOffers>>,
    pub last_clashing: RefCell<Option<LastClashing>>,
    /// What the last searches of people found.
    pub narrowing: Narrowing,
    /// As of a list.
    pub last_home: Option<LastHome>,
    /// As of a list.
    pub last_matrix: Option<LastMatrix>,
    /// The last order other than by name.
    pub last_order: Option<crate::office::read::list::Order>,
    /// What the next pages of a file need of full records.
    pub ahead: Option<Ahead>,
    /// By the unit at the top of each reach.
    headcounts: RefCell<HashMap<Option<UnitId>, Arc<Headcount>>>,
    views: Views,
    lately: Lately,
    /// Who has left; not known before somebody has asked.
    pub left: Option<Left>,
    /// Whose rows the latest entries touched.
    pub recent: Recent,
    /// People beyond the asker's reach of whom a refusal tells: somebody has that number.
    pub met: RefCell<BTreeSet<EmployeeId>>,
    pub known_rights: KnownRights,
}

impl State {
    /// Reads catalogue and roster from the store; of one that was not closed, what this
    /// journal has written since tells whom to read anew.
    pub fn load(
        store: Store,
        journal: Option<&JournalReader>,
        now: DateTime<Utc>,
    ) -> Result<Self, StoreError> {
        let mut state = Self {
            store,
            catalog: Catalog::new(),
            roster: LateRoster::default(),
            version: FIRST_VERSION,
            tables: 1,
            debt: None,
            today: NaiveDate::default(),
            now,
            last_lists: [None, None],
            last_offers: RefCell::default(),
            last_clashing: RefCell::default(),
            narrowing: Narrowing::default(),
            last_home: None,
            last_matrix: None,
            last_order: None,
            ahead: None,
            headcounts: RefCell::default(),
            views: Views::default(),
            lately: Lately::default(),
            left: None,
            recent: Recent::default(),
            met: RefCell::default(),
            known_rights: KnownRights::default(),
        };
        state.load_catalog()?;
        state.today = state.date_of(now);
        let seq = state.store.applied().seq;
        if let Some(roster) = LateRoster::packed(&state.store)? {
            state.roster = roster;
        } else if let Some(since) = state.since(journal)? {
            state.catch_up(&since)?;
        } else {
            state.roster = LateRoster::instead(&state.store)?;
            state.load_roster()?;
        }
        let version = state.version;
        state.turn_of_day();
        // Nothing has been asked yet that would be stale.
        state.version = version;
        state.left = packed::unpack(&state.store, left::CHUNK)?;
        state.recent.forget(seq);
        Ok(state)
    }

    /// Reads everything anew after a bulk load.
    pub fn reload(&mut self) -> Result<(), StoreError> {
        self.lately.forget();
        self.load_catalog()?;
        self.load_roster()
    }

    fn load_catalog(&mut self) -> Result<(), StoreError> {
        self.catalog = Catalog::read(&self.store)?;
        self.known_rights.forget();
        Ok(())
    }

    /// Reads the whole roster, or makes one anew where what was packed cannot be read.
    pub fn whole_roster(&mut self) -> Result<(), StoreError> {
        if !self.roster.is_whole() {
            self.roster.read_whole();
        }
        if self.roster.is_wrong() {
            tracing::warn!("the roster could not be read and is made anew");
            self.roster = LateRoster::instead(&self.store)?;
            self.load_roster()?;
        }
        Ok(())
    }

    /// How many people units and positions have, of those within reach.
    pub fn people(&self, reach: &Reach) -> Result<Arc<Headcount>, StoreError> {
        let posts = self.views.posts(&self.source())?;
        let mut counted = self.headcounts.borrow_mut();
        counted.retain(|_, headcount| headcount.version == self.version);
        let count = || {
            let meant = |unit| reach.has(unit);
            Arc::new(Headcount::of(self.version, &self.catalog, posts, meant))
        };
        Ok(Arc::clone(counted.entry(reach.top()).or_insert_with(count)))
    }

    /// People by unit and position.
    pub fn posts(&self) -> Result<&Posts, StoreError> {
        self.views.posts(&self.source())
    }

    pub fn owed(&self) -> Result<&Owed, StoreError> {
        self.views.owed(&self.source())
    }

    /// Levels against standards by unit and competency.
    pub fn level_figures(&self) -> Result<&LevelFigures, StoreError> {
        self.views.figures(&self.source())
    }

    /// How people stand this year by unit.
    pub fn standing(&self) -> Result<&Standings, StoreError> {
        self.views.standing(&self.source())
    }

    /// Correction requests that wait for an answer.
    pub fn requests(&self) -> Result<&Requests, StoreError> {
        self.views.requests(&self.source())
    }

    /// Whose they are, and by when each is to be answered.
    pub fn requests_due(&self) -> Result<Vec<(EmployeeId, DateTime<Utc>)>, StoreError> {
        let due = self.requests()?.iter();
        Ok(due.filter_map(|(person, since)| Some((person, self.answered_by(since)?))).collect())
    }

    /// By when a request received then is to be answered, by the rules of its day.
    pub fn answered_by(&self, received: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.catalog.rules(self.date_of(received)).personal_data.deadline(received)
    }

    /// Who is rated in each assessment cycle, and which sheets there are.
    pub fn rounds(&self) -> Result<&Rounds, StoreError> {
        self.views.rounds(&self.source())
    }

    /// A column of people that rows do not carry; `None` where there is no such column.
    pub fn column(&self, name: &str) -> Result<Option<Arc<Column>>, StoreError> {
        let source = self.source();
        self.views.columns(&source)?.get(&source, name, self.now)
    }

    /// How long until something that is kept may be let go of.
    pub fn forgets_in(&self) -> Result<Option<TimeDelta>, StoreError> {
        let columns = self.views.columns(&self.source())?.forget_unused(self.now);
        let unread = self.store.clear_unused().and_then(|left| TimeDelta::from_std(left).ok());
        Ok(columns.into_iter().chain(self.ahead_for()).chain(unread).min())
    }

    fn source(&self) -> Source<'_> {
        Source {
            store: &self.store,
            catalog: &self.catalog,
            roster: &self.roster,
            today: self.today,
        }
    }

    /// One record as it stands, if the asker sees it; what they do not see is not there.
    pub fn seen(&self, rights: &Rights, id: RecordId) -> Result<Option<Stored>, StoreError> {
        // Before anything is read: it takes as long as of one there is not.
        let person = match id.kind.home() {
            _ if rights.reach.is_everywhere() => None,
            Home::WithPerson => Some(self.store.owner(id)?.map_or(0, |owner| owner.0)),
            Home::Table | Home::Alone if id.kind.belongs() == Owner::Somebody => Some(id.number),
            Home::Table | Home::Alone => None,
        };
        if person.is_some_and(|person| !self.reaches(rights, person)) {
            return Ok(None);
        }
        Ok(self.get(id)?.filter(|stored| self.sees(rights, id, &stored.record)))
    }

    /// One record as it stands, built-ins included, whoever asks.
    pub fn get(&self, id: RecordId) -> Result<Option<Stored>, StoreError> {
        if Catalog::holds(id.kind) {
            return Ok(self.catalog.get(id).map(|(rev, record)| Stored { id, rev, record }));
        }
        let stored = self.lately.record(&self.store, id)?;
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
        Ok(self.get(id.into())?.and_then(|stored| match stored.record {
            Record::Employee(employee) => Some((stored.rev, employee)),
            _ => None,
        }))
    }

    pub fn pack(&self, id: EmployeeId) -> Result<Arc<Pack>, StoreError> {
        self.lately.pack(&self.store, id)
    }

    /// Applies a committed entry to the store, then to what is held in memory.
    pub fn apply(&mut self, entry: Applied<'_>) -> Result<(), StoreError> {
        let (seq, changes) = (entry.seq, entry.changes);
        let before = self.before(changes)?;
        let mut touched = Touched::default();
        self.touch(&mut touched, changes, &before);
        self.store.apply(entry)?;
        let told = self.part_with(&touched);
        for change in changes.iter().filter(|change| change.id.kind == Kind::Employees) {
            let record = change.after.clone();
            let stored = record.map(|record| store::StoredRecord { rev: Revision(seq), record });
            self.lately.put(change.id, stored);
        }
        self.follow(seq, changes, &before);
        self.meet(seq, &touched, told)
    }

    /// How the records that these changes write stand before them.
    pub fn before(&self, changes: &[Change]) -> Result<Vec<Option<Record>>, StoreError> {
        let mut written: HashMap<RecordId, usize> = HashMap::new();
        let mut before = Vec::with_capacity(changes.len());
        for (at, change) in changes.iter().enumerate() {
            before.push(match written.insert(change.id, at) {
                Some(earlier) => changes[earlier].after.clone(),
                // What is new has not stood before.
                None if change.base.0 == 0 && !Catalog::holds(change.id.kind) => None,
                None => self.get(change.id)?.map(|stored| stored.record),
            });
        }
        Ok(before)
    }

    /// People about to be otherwise leave the views as they are. Where there are many, the
    /// views are made anew when they are next asked for.
    pub fn part_with(&mut self, touched: &Touched) -> BTreeSet<u32> {
        self.lately.forget();
        let people = touched.all();
        if people.len() >= REMADE_FROM || touched.anew.any() || touched.quota {
            self.views = Views::default();
        } else if self.views.any() {
            self.tell_views(&people, false);
        }
        people
    }

    fn tell_views(&mut self, people: &BTreeSet<u32>, comes: bool) {
        let rows = people.iter().filter_map(|number| self.roster.get(*number));
        for row in rows {
            self.views.person(Seen { catalog: &self.catalog, row, today: self.roster.day }, comes);
        }
    }

    /// Whether what is held in memory besides rows and views is otherwise after these changes.
    pub fn follows(changes: &[Change]) -> bool {
        let kinds = |kind| tells_rights(kind) || Catalog::holds(kind) || kind == Kind::Enrolments;
        changes.iter().any(|change| kinds(change.id.kind))
    }

    /// Whether any view stands.
    pub fn has_views(&self) -> bool {
        self.views.any()
    }

    /// What is held in memory besides rows, after these changes.
    pub fn follow(&mut self, seq: u64, changes: &[Change], before: &[Option<Record>]) {
        if changes.iter().any(|change| tells_rights(change.id.kind)) {
            self.known_rights.forget();
        }
        let roll = |record: Option<&Record>| match record {
            Some(Record::Enrolment(row)) => Some((row.session, row.employee.0, Turnout::of(row))),
            _ => None,
        };
        let pairs = || changes.iter().zip(before).map(|(c, b)| (b.as_ref(), c.after.as_ref()));
        let moved: Vec<_> = pairs()
            .map(|(before, after)| (roll(before), roll(after)))
            .filter(|(before, after)| before != after)
            .collect();
        // Who leaves a session and is put back within one entry is in it.
        for (session, person, _) in moved.iter().filter_map(|(before, _)| *before) {
            self.roster.enrol(session, person, None);
        }
        for (session, person, turnout) in moved.iter().filter_map(|(_, after)| *after) {
            self.roster.enrol(session, person, Some(turnout));
        }
        for (change, before) in changes.iter().zip(before) {
            self.views.record(change.id, before.as_ref(), change.after.as_ref());
            if Catalog::holds(change.id.kind) {
                self.catalog.put(change.id, Revision(seq), change.after.clone());
                self.tables += 1;
            }
        }
    }

    /// The rows of those touched are worked out anew, and come back to the views.
    pub fn meet(
        &mut self,
        seq: u64,
        touched: &Touched,
        told: BTreeSet<u32>,
    ) -> Result<(), StoreError> {
        self.refresh_records(&touched.people)?;
        self.refresh_packs(&touched.packs)?;
        touched.gaps.difference(&touched.packs).for_each(|number| self.recount(*number));
        if self.views.any() {
            self.tell_views(&told, true);
        }
        self.counted_again(&told);
        self.recent.note(seq, told);
        if touched.anew.any() {
            self.owe(seq, touched.anew);
        }
        self.version += 1;
        Ok(())
    }

    /// Adds whose rows these changes touch; nothing of them is applied yet.
    pub fn touch(&self, touched: &mut Touched, changes: &[Change], before: &[Option<Record>]) {
        let mut positions = BTreeSet::new();
        for (change, before) in changes.iter().zip(before) {
            let number = change.id.number;
            let both = || before.iter().chain(&change.after);
            touched.packs.extend(both().filter_map(Record::person).map(|owner| owner.0));
            match change.id.kind {
                Kind::Employees => touched.people.extend([number]),
                Kind::Positions => positions.extend([number]),
                Kind::Standards => positions.extend(both().flat_map(|row| self.posts_under(row))),
                Kind::Sessions => touched.packs.extend(self.roster.roll(SessionId(number))),
                Kind::Programmes => {
                    let sessions = self.catalog.sessions.iter();
                    let held = sessions.filter(|(_, (_, row))| row.programme.0 == number);
                    let people = held.flat_map(|(id, _)| self.roster.roll(SessionId(*id)));
                    touched.packs.extend(people);
                }
                // Its name and texts are in nobody's row.
                Kind::Competencies => {
                    touched.anew.levels |= merges(before.as_ref(), change.after.as_ref());
                    touched.anew.gaps |=
                        is_archived(before.as_ref()) != is_archived(change.after.as_ref());
                }
                Kind::Settings => touched.anew.jp |= setting::decides_jp(number),
                Kind::Rules => {
                    touched.anew.jp |= both().any(|record| rule::is_of(record, "jp_conversion"));
                    touched.quota |= both().any(|record| rule::is_of(record, "jp_quota"));
                }
                _ => {}
            }
        }
        if !positions.is_empty() {
            let here = |row: &&RosterRow| {
                row.position.is_some_and(|position| positions.contains(&position.0))
            };
            touched.gaps.extend(self.roster.rows().iter().filter(here).map(|row| row.number));
        }
    }

    /// The positions a standard is for: its own, or all of its job level.
    fn posts_under(&self, standard: &Record) -> Vec<u32> {
        let Record::Standard(standard) = standard else { return Vec::new() };
        let level = standard.job_level;
        let positions = self.catalog.positions.iter();
        let same = positions.filter(|(_, (_, row))| level.is_some() && row.level() == level);
        same.map(|(number, _)| *number).chain(standard.position.map(|id| id.0)).collect()
    }
}
