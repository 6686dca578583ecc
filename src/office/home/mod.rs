//! Home: what an officer sees first, of the people within their reach — a few figures, what is
//! to be done, which units are below standard in what, how many JP the year has seen, what is
//! held next. All of it from kept views and the roster; every figure says what it opens.
//! What is to be done comes from small sources, one file each, in [`tasks`]. The last one is
//! packed with the lists, so that whoever comes back reads nobody for it: on the same day it
//! is shown as it was, on another of the year what depends on the day is made anew.

mod everybody;
mod months;
pub(in crate::office) mod tasks;
mod units;

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use everybody::Everybody;

use crate::domain::category::Purpose;
use crate::domain::kinds::officer::Role;
use crate::domain::kinds::session::Session;
use crate::domain::record::{EmployeeId, SessionId, UnitId};
use crate::office::rights::{Reach, Rights};
use crate::office::views::number_set::NumberSet;
use crate::office::views::packed;
use crate::office::views::state::{FIRST_VERSION, State};
use crate::protocol::{HomePage, HomeSession};
use crate::store::StoreError;

/// Sessions named; of more the list says.
const SESSIONS_MAX: usize = 12;

/// The chunk of the store's lists it is packed in.
pub(in crate::office) const CHUNK: u32 = u32::MAX - 4;

/// What a home is of: a unit looked at, the day, and the asker's reach and role.
#[derive(Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Of {
    unit: Option<UnitId>,
    today: NaiveDate,
    top: Option<UnitId>,
    role: Role,
}

/// What was asked last, and of which version of the office.
pub(in crate::office) struct LastHome {
    of: Of,
    version: u64,
    rights: Rights,
    everybody: Everybody,
    home: Arc<HomePage>,
}

/// As it is packed by this program; another may find other things to say.
#[derive(Serialize, Deserialize)]
struct PackedHome {
    program: String,
    of: Of,
    everybody: Everybody,
    home: HomePage,
}

/// This very program, as far as its file tells.
fn program() -> String {
    let file = std::env::current_exe().and_then(std::fs::metadata);
    let built = file.map(|file| (file.len(), file.modified().ok()));
    format!("{} {built:?}", env!("CARGO_PKG_VERSION"))
}

/// Whose home it is: the people of these units.
pub(in crate::office) struct Scope<'a> {
    pub state: &'a State,
    pub rights: &'a Rights,
    pub today: NaiveDate,
    units: Option<NumberSet>,
    /// What was found among them, where home is made anew.
    pub everybody: Everybody,
    /// Correction requests that wait for an answer, of anybody, and by when each is to be answered.
    pub requests: Vec<(EmployeeId, DateTime<Utc>)>,
    /// Sessions that are held, by their first day.
    pub sessions: Vec<(SessionId, &'a Session)>,
}

impl<'a> Scope<'a> {
    fn new(state: &'a State, unit: Option<UnitId>, rights: &'a Rights) -> Result<Self, StoreError> {
        let units = unit.map(|unit| NumberSet::of(state.catalog.below(unit)));
        let everybody = Everybody::default();
        let (today, requests) = (state.today, state.requests_due()?);
        let held = state.catalog.sessions.iter().filter(|(_, (_, held))| !held.cancelled);
        let mut sessions: Vec<_> =
            held.map(|(number, (_, session))| (SessionId(*number), session)).collect();
        sessions.sort_by_key(|(id, session)| (session.start, id.0));
        Ok(Self { state, rights, today, units, everybody, requests, sessions })
    }

    pub fn reach(&self) -> &Reach {
        &self.rights.reach
    }

    /// Whether people of this unit are meant.
    pub fn has(&self, unit: Option<UnitId>) -> bool {
        self.reach().has(unit)
            && self.units.as_ref().is_none_or(|units| units.has(unit.map(|unit| unit.0)))
    }

    /// Those enrolled in a session who are meant, with whether they came.
    pub fn turnout(
        &self,
        session: SessionId,
    ) -> impl Iterator<Item = (u32, crate::domain::kinds::enrolment::Turnout)> + '_ {
        let roll = self.state.roster.turnout(session).iter().copied();
        roll.filter(|(person, _)| {
            self.is_all() || self.state.roster.get(*person).is_some_and(|row| self.has(row.unit))
        })
    }

    /// Whether everybody is meant.
    fn is_all(&self) -> bool {
        self.units.is_none() && self.reach().is_everywhere()
    }

    /// How many the officer sees in a session: a seat is taken by whichever unit's people.
    pub fn enrolled(&self, session: SessionId) -> u32 {
        self.state.enrolled(session, self.reach()).count() as u32
    }

    /// Those of the sessions that are not over.
    pub fn coming(&self) -> impl Iterator<Item = (SessionId, &'a Session)> + '_ {
        let over = |session: &Session| session.last_day().is_none_or(|end| end < self.today);
        self.sessions.iter().copied().filter(move |(_, session)| !over(session))
    }

    pub fn name(&self, session: &Session) -> String {
        let programme = self.state.catalog.programme(session.programme);
        programme.map_or_else(String::new, |programme| programme.name.clone())
    }
}

impl State {
    pub fn home(
        &mut self,
        unit: Option<UnitId>,
        rights: &Rights,
    ) -> Result<Arc<HomePage>, StoreError> {
        let of = Of { unit, today: self.today, top: rights.reach.top(), role: rights.role };
        let fits = |last: &&LastHome| (last.of, last.version) == (of, self.version);
        if let Some(last) = self.last_home.as_ref().filter(fits) {
            return self.as_of_now(&last.home, unit, rights);
        }
        let (everybody, home) = match self.packed_home(of)? {
            Some(packed) if packed.of == of => {
                (packed.everybody, self.as_of_now(&Arc::new(packed.home), unit, rights)?)
            }
            Some(packed) => self.home_of_today(packed, rights)?,
            None => self.make_home(unit, rights)?,
        };
        let (version, rights, kept) = (self.version, rights.clone(), Arc::clone(&home));
        self.last_home = Some(LastHome { of, version, rights, everybody, home: kept });
        Ok(home)
    }

    /// What was packed of the same, on this or another day, when the store stood where it
    /// stands.
    fn packed_home(&self, of: Of) -> Result<Option<PackedHome>, StoreError> {
        // Where anything was written or read anew since, what is packed is of before.
        if self.version != FIRST_VERSION {
            return Ok(None);
        }
        let packed = packed::unpack::<PackedHome>(&self.store, CHUNK)?;
        let fits = |packed: &PackedHome| {
            let then = packed.of.today;
            let same = packed.program == program() && Of { today: of.today, ..packed.of } == of;
            same && (then == of.today || everybody::is_as_on(self, then))
        };
        Ok(packed.filter(fits))
    }

    /// The home of the whole office asked for last, as it is packed for the next opening.
    pub fn home_to_pack(&mut self, seq: u64) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(LastHome { of, rights, version, .. }) = &self.last_home else { return Ok(None) };
        let (of, rights) = (*of, rights.clone());
        // The units of a part of the office may be others since.
        let reaches_as_then = *version == self.version || rights.reach.top().is_none();
        if of.unit.is_some() || of.today != self.today || !reaches_as_then {
            return Ok(None);
        }
        let mut home = HomePage::clone(&*self.home(None, &rights)?);
        tasks::forget_moment(&mut home.tasks);
        let Some(LastHome { everybody, .. }) = &self.last_home else { return Ok(None) };
        let everybody = everybody.clone();
        Ok(packed::pack(seq, &PackedHome { program: program(), of, everybody, home }))
    }

    /// The same with what a deadline has left at this moment.
    fn as_of_now(
        &self,
        home: &Arc<HomePage>,
        unit: Option<UnitId>,
        rights: &Rights,
    ) -> Result<Arc<HomePage>, StoreError> {
        if self.requests()?.iter().next().is_none() {
            return Ok(Arc::clone(home));
        }
        let scope = Scope::new(self, unit, rights)?;
        let mut home = HomePage::clone(home);
        tasks::count_again(&scope, &mut home.tasks);
        Ok(Arc::new(home))
    }

    /// One of another day of this year, with what depends on the day as it is today.
    fn home_of_today(
        &self,
        packed: PackedHome,
        rights: &Rights,
    ) -> Result<(Everybody, Arc<HomePage>), StoreError> {
        let mut scope = Scope::new(self, packed.of.unit, rights)?;
        scope.everybody = packed.everybody;
        let (tasks, sessions) = (tasks::all(&scope), next_sessions(&scope));
        let home = HomePage { at: self.today, tasks, sessions, ..packed.home };
        Ok((scope.everybody, Arc::new(home)))
    }

    fn make_home(
        &self,
        unit: Option<UnitId>,
        rights: &Rights,
    ) -> Result<(Everybody, Arc<HomePage>), StoreError> {
        let mut scope = Scope::new(self, unit, rights)?;
        scope.everybody = Everybody::of(&scope)?;
        let columns = self.catalog.columns();
        let ids: Vec<_> = columns.iter().map(|(id, _)| *id).collect();
        let figures = self.level_figures()?.of(&ids, |unit| scope.has(unit));
        let all = crate::domain::gap::Figures::sum(&figures);
        let category = self.rules().categories.of(Purpose::Mapping, all);
        let tasks = tasks::all(&scope);
        let standing = &scope.everybody.standing;
        let home = HomePage {
            at: scope.today,
            people: standing.people,
            below: standing.below,
            figures: all,
            category: category.map(|category| category.code().into()),
            floor: (standing.reached, standing.with_floor),
            tasks,
            competencies: columns
                .iter()
                .map(|(id, row)| crate::protocol::MatrixCompetency {
                    id: *id,
                    code: row.code.clone(),
                    name: row.name.clone(),
                })
                .collect(),
            below_by_competency: figures.iter().map(|column| column.below).collect(),
            units: units::rows(&scope, unit, &ids)?,
            months: months::jp(&scope),
            jp: standing.jp,
            jp_before: standing.jp_before,
            sessions: next_sessions(&scope),
        };
        Ok((scope.everybody, Arc::new(home)))
    }
}

/// What is held next.
fn next_sessions(scope: &Scope) -> Vec<HomeSession> {
    let next = scope.coming().take(SESSIONS_MAX);
    let told = next.map(|(id, session)| HomeSession {
        id,
        name: scope.name(session),
        start: session.start,
        end: session.end,
        enrolled: scope.enrolled(id),
        capacity: session.capacity,
    });
    told.collect()
}
