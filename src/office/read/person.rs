//! One person, one matrix, one session: the views that put ratings, standards,
//! training and JP side by side.

use chrono::TimeDelta;

use crate::domain::gap::{Cell, Figures};
use crate::domain::jp::standing;
use crate::domain::kinds::correction::Correction;
use crate::domain::kinds::employee::Status;
use crate::domain::kinds::enrolment::Enrolment;
use crate::domain::kinds::officer::Role;
use crate::domain::kinds::position::Position;
use crate::domain::kinds::rating::Rating;
use crate::domain::record::{CompetencyId, EmployeeId, Kind, Record, RecordId, SessionId};
use crate::domain::search::Query;
use crate::office::read::filter::Matcher;
use crate::office::rights::Rights;
use crate::office::views::row::{self, RosterRow, current_levels, year_of};
use crate::office::views::state::State;
use crate::protocol::{
    Attendance, AttendanceRow, Explanation, Matrix, MatrixCompetency, MatrixQuery, MatrixRow,
    OpenRequests, PAGE_MAX, Person, PersonTraining, Stored,
};
use crate::store::StoreError;

/// A request due within this is worth a word when an officer comes in.
const SOON: TimeDelta = TimeDelta::hours(24);

impl State {
    /// What is to be answered of the people within reach; an auditor reads no details.
    pub fn open_requests(&self, rights: &Rights) -> OpenRequests {
        let mut requests = OpenRequests::default();
        if rights.role == Role::Auditor {
            return requests;
        }
        let asking = self.roster.holding(Kind::Corrections);
        for person in asking.filter(|person| rights.reach.has(person.unit)) {
            // What cannot be read now is counted with the next answer.
            let Ok(pack) = self.pack(person.id()) else { continue };
            for (_, _, row) in pack.of::<Correction>() {
                let Some(left) = row.left(self.now) else { continue };
                requests.open += 1;
                requests.late += u32::from(left < TimeDelta::zero());
                requests.soon += u32::from((TimeDelta::zero()..SOON).contains(&left));
                requests.next = requests.next.into_iter().chain(row.deadline()).min();
            }
        }
        requests
    }

    /// A person with everything a detail view shows.
    pub fn person(&self, id: EmployeeId, rights: &Rights) -> Result<Option<Person>, StoreError> {
        if !self.reaches(rights, id.0) {
            return Ok(None);
        }
        let Some((rev, employee)) = self.employee(id)? else { return Ok(None) };
        let pack = self.pack(id)?;
        let columns: Vec<CompetencyId> =
            self.catalog.columns().iter().map(|(competency, _)| *competency).collect();
        let levels = current_levels(&pack, None);
        let actual = |c: CompetencyId| levels.get(&c).map(|(_, rating)| rating.level.get());
        let cells = row::cells(&self.catalog, &columns, employee.position, self.today, &actual);
        let jp = row::jp_by_year(&self.catalog, &pack);
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
                })
            })
            .collect();
        trainings.sort_by_key(|training| std::cmp::Reverse((training.start, training.session)));
        Ok(Some(Person {
            unit_path: self.catalog.unit_path(employee.unit),
            position: self.catalog.position(employee.position).cloned(),
            figures: Figures::of(cells.iter().copied()),
            cells,
            standing: standing(employee.kind, this_year),
            jp,
            trainings,
            stored: Stored { id: id.into(), rev, record: Record::Employee(employee) },
        }))
    }

    /// The matrix of a unit: active people, by name, against the competencies.
    pub fn matrix(&mut self, query: &MatrixQuery, rights: &Rights) -> Result<Matrix, StoreError> {
        let at = query.at.unwrap_or(self.today);
        let historic = query.at.is_some_and(|at| at != self.today);
        let search = Query::parse(&query.search, &|name| {
            Kind::Employees.column(name).is_some() && rights.carries(Kind::Employees, name)
        });
        let order = self.roster.by_name().to_vec();
        let matcher = Matcher::new(self, &search, query.unit, &rights.reach);
        let columns: Vec<CompetencyId> =
            self.catalog.columns().iter().map(|(competency, _)| *competency).collect();
        let mut total = 0;
        let rows = self.roster.rows();
        // Along the rows as they lie in memory, then along the order.
        let hits: Vec<bool> = rows
            .iter()
            .map(|row| {
                let counted = row.status == Status::Active && matcher.in_scope(row);
                total += u32::from(counted);
                counted && matcher.matches(self, row)
            })
            .collect();
        let mut found: Vec<&RosterRow> = order
            .iter()
            .map(|at| *at as usize)
            .filter(|at| hits[*at])
            .map(|at| &rows[at])
            .collect();
        let all = found.len();
        found.retain(|row| !(query.export && row.restricted));
        let restricted = (all - found.len()) as u32;
        let anchor = query.anchor.and_then(|anchor| found.iter().position(|r| r.number == anchor));
        let limit = query.limit.min(PAGE_MAX) as usize;
        let mut offset = (query.offset as usize).min(found.len());
        if let Some(anchor) = anchor
            && !(offset..offset + limit).contains(&anchor)
        {
            offset = anchor.saturating_sub(limit / 2);
        }
        let mut by_column: Vec<Vec<Cell>> = vec![Vec::new(); columns.len()];
        let mut rows = Vec::new();
        let mut figures = Figures::default();
        for (index, row) in found.iter().enumerate() {
            let cells = if historic {
                self.cells_at(row, &columns, at)?
            } else {
                row.cells(&self.catalog, &columns, at)
            };
            for (column, cell) in by_column.iter_mut().zip(&cells) {
                if cell.gap().is_some() {
                    column.push(*cell);
                }
            }
            let of_row = Figures::of(cells.iter().copied());
            figures = sum(figures, of_row);
            if (offset..offset + limit).contains(&index) {
                rows.push(self.matrix_row(row, cells, of_row));
            }
        }
        Ok(Matrix {
            at,
            unit: self.catalog.unit(query.unit).map(|unit| unit.name.clone()),
            total,
            matched: found.len() as u32,
            restricted,
            offset: offset as u32,
            anchor: anchor.map(|anchor| anchor as u32),
            competencies: self
                .catalog
                .columns()
                .iter()
                .map(|(id, row)| MatrixCompetency {
                    id: *id,
                    code: row.code.clone(),
                    name: row.name.clone(),
                })
                .collect(),
            rows,
            column_figures: by_column.into_iter().map(Figures::of).collect(),
            figures,
            standards_verified: self.catalog.standards.values().all(|(_, row)| row.verified),
        })
    }

    fn matrix_row(&self, row: &RosterRow, cells: Vec<Cell>, figures: Figures) -> MatrixRow {
        let position = self.catalog.position(row.position);
        MatrixRow {
            employee: row.id(),
            nip: row.nip.to_string(),
            name: row.name.to_string(),
            position: position.map_or_else(String::new, |position| position.title.clone()),
            job_level: position.and_then(Position::level),
            cells,
            figures,
        }
    }

    /// Cells as of another day than today: read from the ratings themselves.
    fn cells_at(
        &self,
        row: &RosterRow,
        columns: &[CompetencyId],
        at: chrono::NaiveDate,
    ) -> Result<Vec<Cell>, StoreError> {
        let pack = self.pack(row.id())?;
        let levels = current_levels(&pack, Some(at));
        let actual = |c: CompetencyId| levels.get(&c).map(|(_, rating)| rating.level.get());
        Ok(row::cells(&self.catalog, columns, row.position, at, &actual))
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
        let levels = current_levels(&pack, Some(at));
        let actual = |c: CompetencyId| levels.get(&c).map(|(_, rating)| rating.level.get());
        let columns: Vec<CompetencyId> =
            self.catalog.columns().iter().map(|(competency, _)| *competency).collect();
        let position = employee.position;
        let all = row::cells(&self.catalog, &columns, position, at, &actual);
        let cell = row::cells(&self.catalog, &[competency], position, at, &actual)[0];
        let required = self.catalog.required(position, at);
        let standard = required.iter().find(|r| r.competency == competency).and_then(|r| {
            let id = RecordId::new(Kind::Standards, r.standard);
            self.catalog.get(id).map(|(rev, record)| Stored { id, rev, record })
        });
        let mut ratings: Vec<_> =
            pack.of::<Rating>().filter(|(_, _, rating)| rating.competency == competency).collect();
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
                standing: standing(row.kind, year_total),
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

fn sum(a: Figures, b: Figures) -> Figures {
    Figures {
        sum_actual: a.sum_actual + b.sum_actual,
        sum_capped: a.sum_capped + b.sum_capped,
        sum_required: a.sum_required + b.sum_required,
        below: a.below + b.below,
        rated: a.rated + b.rated,
    }
}
