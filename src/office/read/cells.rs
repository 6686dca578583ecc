//! Cells: what stands in each column of each kind (see `domain::column`), computed
//! from the catalogue, the roster and, where a column needs it, the full record.

use serde_json::Value as Json;

use crate::domain::belongs::Home;
use crate::domain::category::{Category, Purpose};
use crate::domain::field::{Shape, numbers};
use crate::domain::kinds::cycle_result::FIGURES;
use crate::domain::kinds::employee::Employee;
use crate::domain::kinds::enrolment::Enrolment;
use crate::domain::kinds::position::{JobLevel, PositionKind};
use crate::domain::kinds::session::Session;
use crate::domain::number::EmployeeNumber;
use crate::domain::points::Points;
use crate::domain::record::{EmployeeId, Kind, Record, RecordId, SessionId, UnitId};
use crate::domain::value::Value;
use crate::office::read::list::Key;
use crate::office::rights::Reach;
use crate::office::views::columns;
use crate::office::views::row::{self, RosterRow};
use crate::office::views::state::State;
use crate::store::StoreError;

impl State {
    /// The cells of one record, in the order of `columns`; people are counted within reach.
    pub fn cells(
        &self,
        kind: Kind,
        key: Key,
        columns: &[String],
        reach: &Reach,
    ) -> Result<Vec<Value>, StoreError> {
        match kind {
            Kind::Employees => self.employee_cells(key.number, columns, None),
            Kind::Readings => self.reading_cells(key, columns),
            kind if kind.home() == Home::WithPerson => {
                let id = RecordId::new(kind, key.number);
                let pack = self.pack(EmployeeId(key.owner))?;
                let Some((_, record)) = pack.get(id) else {
                    return Ok(vec![Value::Empty; columns.len()]);
                };
                let cell = |name: &String| self.owned_cell(key.owner, record, name, reach);
                Ok(columns.iter().map(cell).collect())
            }
            kind => self.catalog_cells(kind, key.number, columns, reach),
        }
    }

    /// One cell; nothing where the record or the column is unknown.
    pub fn cell(
        &self,
        kind: Kind,
        key: Key,
        column: &str,
        reach: &Reach,
    ) -> Result<Value, StoreError> {
        let cells = self.cells(kind, key, &[column.to_string()], reach)?;
        Ok(cells.into_iter().next().unwrap_or_default())
    }

    /// A person's cells; what the full record alone says may have been read before.
    pub fn employee_cells(
        &self,
        number: u32,
        names: &[String],
        ready: Option<Vec<Value>>,
    ) -> Result<Vec<Value>, StoreError> {
        let Some(row) = self.roster.get(number) else {
            return Ok(vec![Value::Empty; names.len()]);
        };
        let mut ready = ready.map(Vec::into_iter);
        let mut full: Option<Employee> = None;
        let mut cells = Vec::with_capacity(names.len());
        for column in names {
            if let Some(cell) = self.roster_cell(row, column) {
                cells.push(cell);
                continue;
            }
            if let Some(ready) = ready.as_mut().filter(|_| columns::is_read(column)) {
                cells.push(ready.next().unwrap_or_default());
                continue;
            }
            if full.is_none() {
                full = self.record_of(row.number)?;
            }
            let known = full.as_ref();
            cells.push(known.map_or(Value::Empty, |full| self.record_cell(full, column)));
        }
        Ok(cells)
    }

    fn record_cell(&self, person: &Employee, column: &str) -> Value {
        match column {
            "age" => {
                Value::whole(person.birth_date.and_then(|birth| self.today.years_since(birth)))
            }
            "retires" => {
                let level = self.catalog.level(person.position);
                let rules = &self.rules().retirement;
                Value::date(person.birth_date.and_then(|birth| rules.day(birth, level)))
            }
            column => columns::cell(person, column),
        }
    }

    /// A person's full record. Not as one that is asked for again and again: the next row
    /// of a list is somebody else's.
    pub fn record_of(&self, number: u32) -> Result<Option<Employee>, StoreError> {
        Ok(match self.store.get(EmployeeId(number).into())?.map(|stored| stored.record) {
            Some(Record::Employee(employee)) => Some(employee),
            _ => None,
        })
    }

    /// What the roster and the catalogue know without reading the record.
    fn roster_cell(&self, row: &RosterRow, column: &str) -> Option<Value> {
        let position = self.catalog.position(row.position);
        let local = matches!(row.nip, EmployeeNumber::Local(_));
        let figures = || {
            Some(row::figures(&self.catalog, row, self.today)).filter(|figures| figures.rated > 0)
        };
        Some(match column {
            "nip" if local => Value::Empty,
            "nip" => Value::text(row.nip.to_string()),
            "local_number" if local => Value::text(row.nip.to_string()),
            "local_number" => Value::Empty,
            "name" => Value::text(row.name()),
            "front_title" => Value::text(row.front()),
            "back_title" => Value::text(row.back()),
            "kind" => Value::choice(row.kind.code()),
            "status" => Value::choice(row.status.code()),
            "grade" => row.grade().map_or(Value::Empty, |grade| Value::text(grade.to_string())),
            "position" => position.map_or(Value::Empty, |p| Value::text(&p.title)),
            "position_kind" => Value::code(position.and_then(|p| p.kind).map(PositionKind::code)),
            "eselon" => position.map_or(Value::Empty, |p| Value::text(&p.eselon)),
            "job_level" => Value::code(self.catalog.level(row.position).map(JobLevel::code)),
            "unit" => self.catalog.unit(row.unit).map_or(Value::Empty, |u| Value::text(&u.name)),
            "unit_path" => Value::text(&*self.catalog.unit_path_text(row.unit)),
            "jp" => Value::Years(row.years().collect()),
            "restricted" => Value::Flag(row.restricted),
            "below" if row.rated == 0 => Value::Empty,
            "below" => Value::Whole(row.below.into()),
            "jpm" => Value::Hundredths(figures()?.jpm()?.into()),
            "jpm_capped" => Value::Hundredths(figures()?.jpm_capped()?.into()),
            "category" => {
                let category = self.rules().categories.of(Purpose::Mapping, figures()?);
                Value::code(category.map(Category::code))
            }
            "judged" => Value::whole(self.owed().ok()?.judged(row.number)),
            "rated_on" => Value::date(row.rated_on),
            "expires" => Value::date(row.expires),
            "unrated" => Value::Flag(row.levels.is_empty()),
            "clashes" => Value::Flag(self.clashing_people().has(Some(row.number))),
            "trained" => Value::whole(row.years().map(|(year, _)| year).max()),
            name if columns::is_read(name) || matches!(name, "age" | "retires") => return None,
            name => {
                let competency = self.catalog.competency_by_code(name)?;
                Value::whole(row.level(self.catalog.current(competency, None)))
            }
        })
    }

    /// A column of what is kept with a person: who it is, what follows from the record, or
    /// simply a field of it.
    fn owned_cell(&self, owner: u32, record: &Record, column: &str, reach: &Reach) -> Value {
        let person = || self.roster.get(owner);
        match (record, column) {
            (_, "nip") => person().map_or(Value::Empty, |row| Value::text(row.nip.to_string())),
            (_, "name") if record.kind().field("name").is_none() => {
                person().map_or(Value::Empty, |row| Value::text(row.name()))
            }
            (_, "employee") => person().map_or(Value::Empty, |row| Value::text(row.full_name())),
            (_, "unit") => {
                let unit = person().and_then(|row| self.catalog.unit(row.unit));
                unit.map_or(Value::Empty, |unit| Value::text(&unit.name))
            }
            (Record::Enrolment(row), column) => self.enrolment_cell(row, column),
            (Record::Rater(row), "rater") => {
                let rater = self.roster.get(row.rater.0).filter(|rater| reach.has(rater.unit));
                rater.map_or(Value::Empty, |rater| Value::text(rater.full_name()))
            }
            (Record::Rater(row), "rater_nip") => {
                let rater = self.roster.get(row.rater.0).filter(|rater| reach.has(rater.unit));
                // A local number is none: they are told by their name.
                let rater = rater.filter(|rater| !matches!(rater.nip, EmployeeNumber::Local(_)));
                rater.map_or(Value::Empty, |rater| Value::text(rater.nip.to_string()))
            }
            (Record::CycleResult(row), column) if FIGURES.contains(&column) => {
                row.figure(column).map_or(Value::Empty, |figure| Value::Hundredths(figure.into()))
            }
            (Record::IdpLine(line), "overdue") => Value::Flag(line.is_overdue(self.today)),
            (Record::Correction(request), "deadline") => {
                Value::moment(request.received.and_then(|since| self.answered_by(since)))
            }
            (Record::Correction(request), "left") => {
                let due = request.waits_since().and_then(|since| self.answered_by(since));
                Value::left(due.map(|due| due - self.now))
            }
            (record, column) => self.field_cell(record, column, reach),
        }
    }

    fn enrolment_cell(&self, enrolment: &Enrolment, column: &str) -> Value {
        let Some(session) = self.catalog.session(enrolment.session) else { return Value::Empty };
        let programme = self.catalog.programme(session.programme);
        match column {
            "programme" => programme.map_or(Value::Empty, |p| Value::text(&p.name)),
            "type" => Value::code(programme.map(|p| p.r#type.as_str()).filter(|t| !t.is_empty())),
            "start" => Value::date(session.start),
            "end" => Value::date(session.end),
            "provider" => Value::text(session.provider(programme)),
            "days_present" => Value::Whole(enrolment.days_present() as i64),
            "jp" => Value::Whole(self.earned(enrolment, session).into()),
            "note" => Value::text(&enrolment.note),
            _ => Value::Empty,
        }
    }

    /// JP an enrolment earns by the office's rule.
    pub fn earned(&self, enrolment: &Enrolment, session: &Session) -> u16 {
        let programme = self.catalog.programme(session.programme);
        enrolment.earned(session, programme.and_then(|p| p.jp), self.catalog.attendance_min())
    }

    fn catalog_cells(
        &self,
        kind: Kind,
        number: u32,
        columns: &[String],
        reach: &Reach,
    ) -> Result<Vec<Value>, StoreError> {
        let Some((_, record)) = self.catalog.get(RecordId::new(kind, number)) else {
            return Ok(vec![Value::Empty; columns.len()]);
        };
        let cell = |name: &String| self.catalog_cell(number, &record, name, reach);
        columns.iter().map(cell).collect()
    }

    fn catalog_cell(
        &self,
        number: u32,
        record: &Record,
        column: &str,
        reach: &Reach,
    ) -> Result<Value, StoreError> {
        let catalog = &self.catalog;
        Ok(match (record, column) {
            (Record::Unit(_), "path") => {
                Value::text(&*catalog.unit_path_text(Some(UnitId(number))))
            }
            (Record::Unit(_), "people") => Value::Whole(self.people(reach)?.in_unit(number).into()),
            (Record::Position(_), "people") => {
                Value::Whole(self.people(reach)?.in_position(number).into())
            }
            (Record::Position(position), "job_level") => {
                Value::code(position.level().map(JobLevel::code))
            }
            (Record::Standard(standard), "competency_name") => {
                let competency = catalog.competency(standard.competency);
                competency.map_or(Value::Empty, |competency| Value::text(&competency.name))
            }
            (Record::Competency(competency), "texts") => Value::text(competency.texts()),
            (Record::PlanLine(line), "sessions") => {
                Value::Whole(catalog.held_of(line).count() as i64)
            }
            (Record::Standard(standard), "eselon") => {
                let post = catalog.position(standard.position);
                post.map_or(Value::Empty, |post| Value::text(&post.eselon))
            }
            (Record::Standard(standard), "position_kind") => {
                let post = catalog.position(standard.position);
                Value::code(post.and_then(|post| post.kind).map(PositionKind::code))
            }
            (Record::Programme(_), "sessions") => {
                let held = catalog.sessions.values().filter(|(_, s)| s.programme.0 == number);
                Value::Whole(held.count() as i64)
            }
            (Record::Session(session), "type") => {
                let programme = catalog.programme(session.programme);
                Value::code(programme.map(|one| one.r#type.as_str()).filter(|t| !t.is_empty()))
            }
            (Record::Session(session), "jp") => {
                let programme_jp = catalog.programme(session.programme).and_then(|p| p.jp);
                Value::whole(session.jp.or(programme_jp))
            }
            (Record::Session(session), "provider") => {
                Value::text(session.provider(catalog.programme(session.programme)))
            }
            (Record::Session(_), "enrolled") => {
                Value::Whole(self.enrolled(SessionId(number), reach).count() as i64)
            }
            (Record::Officer(officer), "unit") => match officer.unit {
                Some(unit) => Value::text(&*catalog.unit_path_text(Some(unit))),
                None => Value::Empty,
            },
            (Record::Cycle(cycle), "stage") => Value::choice(cycle.stage().code()),
            (Record::Session(session), "state") => Value::choice(session.state(self.today).code()),
            (Record::Session(session), "present") => {
                self.present(SessionId(number), session, reach)
            }
            (record, column) => self.field_cell(record, column, reach),
        })
    }

    /// A column that is simply a field of the record; of a reference what people call it.
    fn field_cell(&self, record: &Record, column: &str, reach: &Reach) -> Value {
        let Some(field) = record.kind().field(column) else { return Value::Empty };
        let Some(value) = record.field(column) else {
            return if field.shape == Shape::Flag { Value::Flag(false) } else { Value::Empty };
        };
        match (field.shape, value) {
            (Shape::Reference(kind), Json::Number(number)) => {
                let number = number.as_u64().and_then(|number| u32::try_from(number).ok());
                number
                    .map_or(Value::Empty, |number| self.called(RecordId::new(kind, number), reach))
            }
            (Shape::References(kind), value) => {
                let called = |number| match self.called(RecordId::new(kind, number), reach) {
                    Value::Text(name) => Some(name),
                    _ => None,
                };
                let names: Vec<String> = numbers(&value).filter_map(called).collect();
                Value::text(names.join("; "))
            }
            (Shape::Points { .. }, Json::String(text)) => Points::parse(&text)
                .map_or(Value::Empty, |points| Value::Hundredths(points.hundredths().into())),
            (Shape::Choice(_), Json::String(code)) => Value::choice(code),
            (Shape::Date, Json::String(date)) => Value::date(date.parse().ok()),
            (Shape::Moment, Json::String(at)) => Value::moment(at.parse().ok()),
            (_, Json::String(text)) => Value::text(text),
            (_, Json::Number(number)) => Value::whole(number.as_i64()),
            (_, Json::Bool(flag)) => Value::Flag(flag),
            _ => Value::Empty,
        }
    }

    /// What a list calls another record in one short cell; nobody out of reach is named.
    fn called(&self, id: RecordId, reach: &Reach) -> Value {
        if id.kind == Kind::Employees {
            let row = self.roster.get(id.number).filter(|row| reach.has(row.unit));
            return row.map_or(Value::Empty, |row| Value::text(row.full_name()));
        }
        if id.kind == Kind::Units && !reach.shows(UnitId(id.number)) {
            return Value::Empty;
        }
        Value::text(match self.catalog.get(id) {
            Some((_, Record::Competency(competency))) => competency.code,
            Some((_, record)) => record.label(),
            None => String::new(),
        })
    }

    /// Of one person, how often they were read and nothing of others.
    fn reading_cells(&self, key: Key, columns: &[String]) -> Result<Vec<Value>, StoreError> {
        let stored = self.store.get(RecordId::new(Kind::Readings, key.number))?;
        let Some(Record::Reading(row)) = stored.map(|stored| stored.record) else {
            return Ok(vec![Value::Empty; columns.len()]);
        };
        let count = |number: u64| Value::Whole(i64::try_from(number).unwrap_or(i64::MAX));
        let cell = |column: &String| match column.as_str() {
            "day" => Value::date(row.day),
            "officer" => Value::text(&row.officer),
            "total" if key.owner != 0 => {
                count(row.people.get(&key.owner).copied().unwrap_or(0).into())
            }
            "people" | "listed" if key.owner != 0 => Value::Empty,
            "people" => count(row.people.len() as u64),
            "total" => count(row.total()),
            "listed" => count(row.listed),
            _ => Value::Empty,
        };
        Ok(columns.iter().map(cell).collect())
    }

    /// How many of a session's people earned its JP; while it goes on, how many were there so
    /// far. Nothing before there is something to count.
    fn present(&self, id: SessionId, session: &Session, reach: &Reach) -> Value {
        if session.start.is_none_or(|start| start > self.today) {
            return Value::Empty;
        }
        let over = session.end.is_none_or(|end| end < self.today);
        let programme_jp = self.catalog.programme(session.programme).and_then(|row| row.jp);
        let attendance_min = self.catalog.attendance_min();
        let (mut present, mut noted) = (0, over);
        for (_, turnout) in self.turnout(id, reach) {
            noted |= turnout.is_noted();
            present += i64::from(if over {
                turnout.earned(session, programme_jp, attendance_min) > 0
            } else {
                turnout.came()
            });
        }
        if noted { Value::Whole(present) } else { Value::Empty }
    }
}
