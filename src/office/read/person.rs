//! One person, one session: the views that put ratings, standards, training and JP side
//! by side.

use chrono::{NaiveDate, TimeDelta};

use crate::domain::gap::{Cell, Figures};
use crate::domain::jp::{JpByYear, year_of};
use crate::domain::kinds::competency::Level;
use crate::domain::kinds::enrolment::Enrolment;
use crate::domain::kinds::officer::Role;
use crate::domain::kinds::programme::Programme;
use crate::domain::kinds::rating::Rating;
use crate::domain::kinds::session::Session;
use crate::domain::record::{
    CompetencyId, EmployeeId, Kind, PositionId, ProgrammeId, Record, RecordId, SessionId,
};
use crate::office::rights::Rights;
use crate::office::views::row::{self, current_levels};
use crate::office::views::state::State;
use crate::protocol::{
    Attendance, AttendanceRow, Course, Explanation, NextSession, OpenRequests, Person,
    PersonTraining, PersonYear, Stored,
};
use crate::store::{Pack, StoreError};

/// Earlier is better.
fn rank(next: &NextSession) -> impl Ord + use<> {
    (!next.enrolled, next.free == Some(0), next.start)
}

/// So many years of a person are told, this one with them.
const YEARS: u16 = 5;

/// A request due within this is worth a word when an officer comes in.
const SOON: TimeDelta = TimeDelta::hours(24);

impl State {
    /// What is to be answered of the people within reach; an auditor reads no details.
    pub fn open_requests(&self, rights: &Rights) -> Result<OpenRequests, StoreError> {
        let mut requests = OpenRequests::default();
        if rights.role == Role::Auditor {
            return Ok(requests);
        }
        for (person, due) in self.requests_due()? {
            if !self.reaches(rights, person.0) {
                continue;
            }
            let left = due - self.now;
            requests.open += 1;
            requests.late += u32::from(left < TimeDelta::zero());
            requests.soon += u32::from((TimeDelta::zero()..SOON).contains(&left));
            requests.next = requests.next.into_iter().chain([due]).min();
        }
        Ok(requests)
    }

    /// A person with everything a detail view shows; measured against the post they have or,
    /// as a trial, against another.
    pub fn person(
        &self,
        id: EmployeeId,
        as_if: Option<PositionId>,
        rights: &Rights,
    ) -> Result<Option<Person>, StoreError> {
        if !self.reaches(rights, id.0) {
            return Ok(None);
        }
        let Some((rev, employee)) = self.employee(id)? else { return Ok(None) };
        let post = as_if.or(employee.position);
        if as_if.is_some() && self.catalog.position(post).is_none() {
            return Ok(None);
        }
        let pack = self.pack(id)?;
        let columns: Vec<CompetencyId> =
            self.catalog.columns().iter().map(|(competency, _)| *competency).collect();
        let cells = row::cells_by(&self.catalog, &pack, None, &columns, post, self.today);
        let jp = row::jp_by_year(&self.catalog, &pack, None);
        let this_year = jp.get(&year_of(self.today)).copied().unwrap_or(0);
        let mut trainings: Vec<PersonTraining> = pack
            .of::<Enrolment>()
            .filter_map(|(_, _, enrolment)| {
                let session = self.catalog.session(enrolment.session)?;
                let programme = self.catalog.programme(session.programme);
                Some(PersonTraining {
                    session: enrolment.session,
                    programme: programme.map_or_else(String::new, |p| p.name.clone()),
                    start: session.start,
                    end: session.end,
                    jp: self.earned(enrolment, session),
                    cancelled: session.cancelled,
                })
            })
            .collect();
        trainings.sort_by_key(|training| std::cmp::Reverse((training.start, training.session)));
        Ok(Some(Person {
            unit_path: self.catalog.unit_path(employee.unit),
            position: self.catalog.position(post).cloned(),
            courses: self.courses(id, &cells, rights),
            years: self.years(&pack, &columns, post, &jp),
            figures: Figures::of(cells.iter().copied()),
            cells,
            standing: self.rules().jp_quota.standing(employee.kind, this_year),
            jp,
            trainings,
            stored: Stored { id: id.into(), rev, record: Record::Employee(employee) },
        }))
    }

    /// Of each of the last years what was known by its end against what was required then.
    fn years(
        &self,
        pack: &Pack,
        columns: &[CompetencyId],
        post: Option<PositionId>,
        jp: &JpByYear,
    ) -> Vec<PersonYear> {
        let last = year_of(self.today);
        let of = |year: u16| {
            let end = NaiveDate::from_ymd_opt(year.into(), 12, 31)?.min(self.today);
            let cells = row::cells_by(&self.catalog, pack, Some(end), columns, post, end);
            let jp = jp.get(&year).copied().unwrap_or(0);
            Some(PersonYear { year, figures: Figures::of(cells), jp })
        };
        let years = (last.saturating_sub(YEARS - 1)..=last).filter_map(of);
        years.skip_while(|one| one.figures.rated == 0 && one.jp == 0).collect()
    }

    /// What raises the competencies below standard: of the programmes for it the one that is
    /// held next, first where the person is enrolled already, then where there is a seat.
    fn courses(&self, person: EmployeeId, cells: &[Cell], rights: &Rights) -> Vec<Course> {
        let below = cells.iter().filter(|cell| cell.gap().is_some_and(|gap| gap < 0));
        below.filter_map(|cell| self.course(person, *cell, rights)).collect()
    }

    fn course(&self, person: EmployeeId, cell: Cell, rights: &Rights) -> Option<Course> {
        let raises = |programme: &Programme| {
            let target = programme.target_level.map(Level::get);
            programme.competency.map(|of| self.catalog.current(of, None)) == Some(cell.competency)
                && !programme.archived
                && target.is_none_or(|target| cell.actual.is_none_or(|actual| target > actual))
        };
        let programmes = self.catalog.programmes.iter();
        let programmes = programmes.filter(|(_, (_, programme))| raises(programme));
        let next = |programme: u32| {
            let held = self.catalog.sessions.iter();
            let held = held.filter(|(_, (_, s))| s.programme.0 == programme && !s.cancelled);
            let coming = held.filter_map(|(number, (_, session))| {
                let start = session.start.filter(|start| *start >= self.today)?;
                let id = SessionId(*number);
                let free = self.seats_free(id, session, rights);
                let enrolled = self.roster.roll(id).any(|enrolled| enrolled == person.0);
                Some(NextSession { session: id, start, free, enrolled })
            });
            coming.min_by_key(rank)
        };
        let found = programmes.map(|(number, (_, programme))| (next(*number), *number, programme));
        let (next, number, programme) =
            found.min_by_key(|(next, ..)| (next.is_none(), next.as_ref().map(rank)))?;
        let (competency, id) = (cell.competency, ProgrammeId(number));
        Some(Course { competency, id, programme: programme.name.clone(), next })
    }

    /// Seats left by those within reach: the others are not told of, here as anywhere.
    fn seats_free(&self, id: SessionId, session: &Session, rights: &Rights) -> Option<u32> {
        let taken = self.enrolled(id, &rights.reach).count() as u32;
        session.capacity.map(|seats| u32::from(seats).saturating_sub(taken))
    }

    /// Where a cell comes from: the standard that requires, the ratings behind the level.
    pub fn explain(
        &self,
        id: EmployeeId,
        competency: CompetencyId,
        at: Option<chrono::NaiveDate>,
        rights: &Rights,
    ) -> Result<Option<Explanation>, StoreError> {
        if !self.reaches(rights, id.0) {
            return Ok(None);
        }
        let at = at.unwrap_or(self.today);
        let (Some((_, employee)), Some(row)) =
            (self.employee(id)?, self.catalog.competency(competency))
        else {
            return Ok(None);
        };
        let pack = self.pack(id)?;
        let levels = current_levels(&self.catalog, &pack, Some(at));
        let actual = |c: CompetencyId| levels.get(&c).map(|(_, rating)| rating.level.get());
        let columns: Vec<CompetencyId> =
            self.catalog.columns_on(at).iter().map(|(competency, _)| *competency).collect();
        let position = employee.position;
        let all = row::cells(&self.catalog, &columns, position, at, &actual);
        let cell = row::cells(&self.catalog, &[competency], position, at, &actual)[0];
        let required = self.catalog.required(position, at);
        let jp = row::jp_by_year(&self.catalog, &pack, None);
        let standard = required.iter().find(|r| r.competency == competency).and_then(|r| {
            let id = RecordId::new(Kind::Standards, r.standard);
            self.catalog.get(id).map(|(rev, record)| Stored { id, rev, record })
        });
        let counts_as = |rating: &Rating| self.catalog.current(rating.competency, Some(at));
        let mut ratings: Vec<_> =
            pack.of::<Rating>().filter(|(_, _, rating)| counts_as(rating) == competency).collect();
        ratings.sort_by_key(|(number, _, rating)| std::cmp::Reverse((rating.date, *number)));
        let stored = |(number, rev, rating): &(u32, _, &Rating)| Stored {
            id: RecordId::new(Kind::Ratings, *number),
            rev: *rev,
            record: Record::from((*rating).clone()),
        };
        Ok(Some(Explanation {
            competency: row.clone(),
            cell,
            standard,
            position: self.catalog.position(position).map_or_else(String::new, |p| p.title.clone()),
            unit: self
                .catalog
                .unit(employee.unit)
                .map_or_else(String::new, |unit| unit.name.clone()),
            jp: jp.get(&year_of(self.today)).copied().unwrap_or(0),
            ratings: ratings.iter().map(stored).collect(),
            figures: Figures::of(all),
        }))
    }

    /// Who is enrolled in a session and on which days they came.
    pub fn attendance(
        &self,
        id: SessionId,
        rights: &Rights,
    ) -> Result<Option<Attendance>, StoreError> {
        let Some((rev, session)) = self.catalog.sessions.get(&id.0) else { return Ok(None) };
        let programme = self.catalog.programme(session.programme);
        let days = session.days();
        let mut rows = Vec::new();
        for number in self.enrolled(id, &rights.reach) {
            let Some(row) = self.roster.get(number) else { continue };
            let pack = self.pack(EmployeeId(number))?;
            let enrolment = pack.of::<Enrolment>().find(|(_, _, e)| e.session == id);
            let Some((_, _, enrolment)) = enrolment else { continue };
            let mut marks = enrolment.attendance.clone();
            marks.resize(days, None);
            let year_total = session.year().map_or(0, |year| row.jp_of(year));
            rows.push(AttendanceRow {
                employee: row.id(),
                nip: row.nip.to_string(),
                name: row.full_name(),
                unit: self.catalog.unit(row.unit).map_or_else(String::new, |u| u.name.clone()),
                kind: row.kind,
                marks,
                earned: self.earned(enrolment, session),
                year_total,
                standing: self.rules().jp_quota.standing(row.kind, year_total),
            });
        }
        rows.sort_by_cached_key(|row| {
            self.roster.get(row.employee.0).map(|person| person.folded().into_owned())
        });
        let dates = session.start.into_iter().flat_map(|start| start.iter_days().take(days));
        Ok(Some(Attendance {
            programme: programme.map_or_else(String::new, |p| p.name.clone()),
            jp: session.jp.or_else(|| programme.and_then(|p| p.jp)).unwrap_or(0),
            days: dates.collect(),
            rows,
            session: Stored { id: id.into(), rev: *rev, record: session.clone().into() },
        }))
    }
}
