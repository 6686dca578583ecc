//! Home: what an officer sees first, of the people within their reach — a few figures, what is
//! to be done, which units are below standard in what, how many JP the year has seen, what is
//! held next. All of it from kept views and the roster; every figure says what it opens.
//! What is to be done comes from small sources, one file each, in [`tasks`].

mod months;
pub(in crate::office) mod tasks;
mod units;

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::category::Purpose;
use crate::domain::kinds::officer::Role;
use crate::domain::kinds::session::Session;
use crate::domain::record::{EmployeeId, SessionId, UnitId};
use crate::office::rights::{Reach, Rights};
use crate::office::views::number_set::NumberSet;
use crate::office::views::standing::UnitStanding;
use crate::office::views::state::State;
use crate::protocol::{HomePage, HomeSession};
use crate::store::StoreError;

/// Sessions named; of more the list says.
const SESSIONS_MAX: usize = 12;

/// What was asked last, of which version of the office, on which day and by somebody of which
/// reach and role.
pub(in crate::office) struct LastHome {
    unit: Option<UnitId>,
    version: u64,
    today: NaiveDate,
    top: Option<UnitId>,
    role: Role,
    home: Arc<HomePage>,
}

/// Whose home it is: the people of these units.
pub(in crate::office) struct Scope<'a> {
    pub state: &'a State,
    pub rights: &'a Rights,
    pub today: NaiveDate,
    units: Option<NumberSet>,
    /// All of them together.
    pub standing: UnitStanding,
    /// Correction requests that wait for an answer, of anybody, and by when each is to be answered.
    pub requests: Vec<(EmployeeId, DateTime<Utc>)>,
    /// Sessions that are held, by their first day.
    pub sessions: Vec<(SessionId, &'a Session)>,
}

impl<'a> Scope<'a> {
    fn new(state: &'a State, unit: Option<UnitId>, rights: &'a Rights) -> Result<Self, StoreError> {
        let units = unit.map(|unit| NumberSet::of(state.catalog.below(unit)));
        let standing = UnitStanding::default();
        let (today, requests) = (state.today, state.requests_due()?);
        let held = state.catalog.sessions.iter().filter(|(_, (_, held))| !held.cancelled);
        let mut sessions: Vec<_> =
            held.map(|(number, (_, session))| (SessionId(*number), session)).collect();
        sessions.sort_by_key(|(id, session)| (session.start, id.0));
        let mut scope = Self { state, rights, today, units, standing, requests, sessions };
        scope.standing = state.standing()?.of(|unit| scope.has(unit));
        Ok(scope)
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
            self.state.roster.get(*person).is_some_and(|row| self.has(row.unit))
        })
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
        let (top, role, version) = (rights.reach.top(), rights.role, self.version);
        if let Some(last) = &self.last_home
            && (last.unit, last.top, last.role) == (unit, top, role)
            && (last.version, last.today) == (version, self.today)
        {
            return Ok(Arc::clone(&last.home));
        }
        let home = Arc::new(self.make_home(unit, rights)?);
        let (today, kept) = (self.today, Arc::clone(&home));
        self.last_home = Some(LastHome { unit, version, today, top, role, home: kept });
        Ok(home)
    }

    fn make_home(&self, unit: Option<UnitId>, rights: &Rights) -> Result<HomePage, StoreError> {
        let scope = Scope::new(self, unit, rights)?;
        let columns = self.catalog.columns();
        let ids: Vec<_> = columns.iter().map(|(id, _)| *id).collect();
        let figures = self.level_figures()?.of(&ids, |unit| scope.has(unit));
        let all = crate::domain::gap::Figures::sum(&figures);
        let category = self.rules().categories.of(Purpose::Mapping, all);
        let mut tasks = tasks::all(&scope);
        tasks.sort_by_key(|task| (task.urgency, std::cmp::Reverse(task.count)));
        let sessions = scope.coming().take(SESSIONS_MAX).map(|(id, session)| HomeSession {
            id,
            name: scope.name(session),
            start: session.start,
            end: session.end,
            enrolled: scope.enrolled(id),
            capacity: session.capacity,
        });
        Ok(HomePage {
            at: scope.today,
            people: scope.standing.people,
            below: scope.standing.below,
            figures: all,
            category: category.map(|category| category.code().into()),
            floor: (scope.standing.reached, scope.standing.with_floor),
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
            jp: scope.standing.jp,
            jp_before: scope.standing.jp_before,
            sessions: sessions.collect(),
        })
    }
}
