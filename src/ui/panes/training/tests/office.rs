//! A small office of four people and four sessions, by the real rules of JP.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use chrono::NaiveDate;

use super::Training;
use crate::domain::kinds::employee::EmploymentKind;
use crate::domain::kinds::enrolment::Enrolment;
use crate::domain::kinds::session::Session;
use crate::domain::record::{EmployeeId, Kind, ProgrammeId, Record, RecordId, Revision, SessionId};
use crate::domain::rulebook::Rulebook;
use crate::domain::value::Value;
use crate::protocol::{
    Act, Answer, Attendance, AttendanceRow, EnrolQuestion, ListQuery, Page, Problem, Request, Row,
    Saved, Stored, Summary,
};
use crate::ui::testing::{Desk, Office, Setup, today};

/// A person of the small office: name, kind, JP earned elsewhere this year.
const PEOPLE: [(u32, &str, EmploymentKind, u32); 4] = [
    (1001, "Ahmad Fauzi", EmploymentKind::Pns, 12),
    (1002, "Budi Santoso", EmploymentKind::Pppk, 6),
    (1003, "Citra Lestari", EmploymentKind::Pns, 0),
    (1004, "Dewi Anggraini", EmploymentKind::Other, 0),
];

#[derive(Default)]
pub struct Lessons {
    pub programmes: BTreeMap<u32, String>,
    pub sessions: BTreeMap<u32, Session>,
    pub enrolments: BTreeMap<(u32, u32), Enrolment>,
    seq: u64,
}

pub type Shared = Rc<RefCell<Lessons>>;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn nip(number: u32) -> String {
    format!("19900101201503{number}")
}

impl Lessons {
    pub fn of_plaju() -> Self {
        let mut lessons = Self::default();
        lessons.programmes.insert(1, "Bimtek Pelayanan".into());
        lessons.programmes.insert(2, "Sosialisasi SPBE".into());
        for (number, programme, start, end, jp) in [
            (11, 1, "2026-03-02", "2026-03-04", 18),
            (12, 2, "2026-11-10", "2026-11-10", 4),
            (13, 1, "2026-11-23", "2026-11-25", 20),
            (14, 2, "2026-12-01", "2026-12-01", 4),
        ] {
            lessons.add(number, programme, start, end, jp);
        }
        for (number, ..) in &PEOPLE[..3] {
            lessons.enrolments.insert((13, *number), Enrolment::default());
        }
        lessons
    }

    pub fn add(&mut self, number: u32, programme: u32, start: &str, end: &str, jp: u16) {
        let session = Session {
            programme: ProgrammeId(programme),
            start: Some(day(start)),
            end: Some(day(end)),
            provider: "BKPSDM".into(),
            jp: Some(jp),
            capacity: Some(4),
            ..Session::default()
        };
        self.sessions.insert(number, session);
    }

    fn earned(&self, session: u32, person: u32) -> u16 {
        match (self.enrolments.get(&(session, person)), self.sessions.get(&session)) {
            (Some(enrolment), Some(session)) => enrolment.earned(session, None, 80),
            _ => 0,
        }
    }

    fn year_total(&self, person: u32, elsewhere: u32) -> u32 {
        let here: u32 =
            self.sessions.keys().map(|number| u32::from(self.earned(*number, person))).sum();
        elsewhere + here
    }

    pub fn attendance(&self, id: SessionId) -> Answer {
        let Some(session) = self.sessions.get(&id.0) else {
            return Answer::Refused(Problem::NotFound);
        };
        let days: Vec<_> =
            session.start.expect("a start").iter_days().take(session.days()).collect();
        let rows = PEOPLE
            .iter()
            .filter_map(|(number, name, kind, elsewhere)| {
                let enrolment = self.enrolments.get(&(id.0, *number))?;
                let mut marks = enrolment.attendance.clone();
                marks.resize(days.len(), None);
                let year_total = self.year_total(*number, *elsewhere);
                Some(AttendanceRow {
                    employee: EmployeeId(*number),
                    nip: nip(*number),
                    name: (*name).into(),
                    unit: "Kelurahan Plaju Ulu".into(),
                    kind: *kind,
                    marks,
                    earned: self.earned(id.0, *number),
                    year_total,
                    standing: Rulebook::shipped().jp_quota.standing(*kind, year_total),
                })
            })
            .collect();
        let stored =
            Stored { id: id.into(), rev: Revision(1), record: Record::Session(session.clone()) };
        Answer::Attendance(Box::new(Attendance {
            session: stored,
            programme: self.programmes[&session.programme.0].clone(),
            jp: session.jp.unwrap_or(0),
            days,
            rows,
        }))
    }

    pub fn page(&self, query: &ListQuery) -> Page {
        let found: Vec<(u32, BTreeMap<&str, Value>)> = match query.kind {
            Kind::Sessions => self.session_rows(query),
            Kind::Programmes => self
                .programmes
                .iter()
                .map(|(number, name)| {
                    (*number, BTreeMap::from([("name", Value::text(name.as_str()))]))
                })
                .collect(),
            Kind::Enrolments => self
                .enrolments
                .keys()
                .enumerate()
                .map(|(at, (_, person))| {
                    (at as u32, BTreeMap::from([("nip", Value::text(nip(*person)))]))
                })
                .collect(),
            _ => PEOPLE
                .iter()
                .map(|(number, name, kind, elsewhere)| {
                    let jp = vec![(2025, 30), (2026, self.year_total(*number, *elsewhere))];
                    let cells = BTreeMap::from([
                        ("name", Value::text(*name)),
                        ("kind", Value::choice(kind.code())),
                        ("jp", Value::Years(jp)),
                    ]);
                    (*number, cells)
                })
                .collect(),
        };
        let anchor = query.anchor.and_then(|number| found.iter().position(|(at, _)| *at == number));
        let row = |(number, cells): &(u32, BTreeMap<&str, Value>)| Row {
            number: *number,
            rev: Revision(1),
            cells: query
                .columns
                .iter()
                .map(|name| cells.get(name.as_str()).cloned().unwrap_or_default())
                .collect(),
        };
        Page {
            total: found.len() as u32,
            matched: found.len() as u32,
            restricted: 0,
            offset: 0,
            anchor: anchor.map(|at| at as u32),
            columns: query.columns.clone(),
            rows: found.iter().map(row).collect(),
        }
    }

    fn session_rows(&self, query: &ListQuery) -> Vec<(u32, BTreeMap<&'static str, Value>)> {
        let mut found: Vec<_> = self
            .sessions
            .iter()
            .filter(|(_, session)| query.of.is_none_or(|of| of == session.programme.into()))
            .collect();
        found.sort_by_key(|(_, session)| session.turn(today()));
        let cells = |number: u32, session: &Session| {
            let enrolled = self.enrolments.keys().filter(|(of, _)| *of == number).count();
            BTreeMap::from([
                ("start", Value::date(session.start)),
                ("end", Value::date(session.end)),
                ("programme", Value::text(self.programmes[&session.programme.0].as_str())),
                ("provider", Value::text(session.provider.as_str())),
                ("jp", Value::whole(session.jp)),
                ("enrolled", Value::Whole(enrolled as i64)),
                ("capacity", Value::whole(session.capacity)),
                ("cancelled", Value::Flag(session.cancelled)),
                ("state", Value::choice(session.state(today()).code())),
            ])
        };
        found.into_iter().map(|(number, session)| (*number, cells(*number, session))).collect()
    }

    fn saved(&mut self, kind: Kind, act: Act, ids: Vec<RecordId>) -> Answer {
        self.seq += 1;
        let count = ids.len() as u32;
        let summary = Summary { parts: vec![(kind, act, count)], ..Summary::default() };
        Answer::Saved(Saved { seq: Some(self.seq), ids, count, summary })
    }

    pub fn answer(&mut self, request: &Request) -> Option<Answer> {
        Some(match request {
            Request::List(query) => Answer::Page(self.page(query)),
            Request::Attendance(session) => self.attendance(*session),
            Request::Attend { session, marks, .. } => {
                for (person, day, mark) in marks {
                    let enrolment = self.enrolments.get_mut(&(session.0, person.0))?;
                    let day = usize::from(*day);
                    if enrolment.attendance.len() <= day {
                        enrolment.attendance.resize(day + 1, None);
                    }
                    enrolment.attendance[day] = *mark;
                }
                self.saved(Kind::Enrolments, Act::Changed, vec![RecordId::new(Kind::Enrolments, 1)])
            }
            Request::Enrol { session, employees, .. }
                if self.sessions.get(&session.0)?.capacity.is_some_and(|seats| {
                    let taken = self.enrolments.keys().filter(|(at, _)| *at == session.0).count();
                    taken + employees.len() > seats.into()
                }) =>
            {
                let people = employees.len() as u32;
                let capacity = self.sessions[&session.0].capacity;
                Answer::Asks(Box::new(EnrolQuestion {
                    people,
                    capacity,
                    over: people,
                    clashes: Vec::new(),
                    clashing: 0,
                }))
            }
            Request::Enrol { session, employees, .. }
            | Request::EnrolAnyway { session, employees, .. } => {
                for person in employees {
                    self.enrolments.insert((session.0, person.0), Enrolment::default());
                }
                self.saved(Kind::Enrolments, Act::Added, vec![])
            }
            Request::Unenrol { session, employees, .. } => {
                for person in employees {
                    self.enrolments.remove(&(session.0, person.0));
                }
                self.saved(Kind::Enrolments, Act::Deleted, vec![])
            }
            Request::SetField { ids, field, value, .. } if field == "cancelled" => {
                for number in ids {
                    self.sessions.get_mut(number)?.cancelled = value == "true";
                }
                self.saved(Kind::Sessions, Act::Changed, vec![])
            }
            Request::Delete { ids, .. } => {
                let (id, _) = ids[0];
                if self.enrolments.keys().any(|(session, _)| *session == id.number) {
                    return Some(Answer::Refused(Problem::DependedOn {
                        labels: vec!["Ahmad Fauzi".into()],
                        count: 3,
                    }));
                }
                self.sessions.remove(&id.number);
                self.saved(Kind::Sessions, Act::Deleted, vec![id])
            }
            Request::Save(save) => {
                let number = 100 + self.sessions.len() as u32;
                let id = match &save.drafts[0].record {
                    Record::Session(session) => {
                        self.sessions.insert(number, session.clone());
                        RecordId::new(Kind::Sessions, number)
                    }
                    Record::Programme(programme) => {
                        self.programmes.insert(number, programme.name.clone());
                        RecordId::new(Kind::Programmes, number)
                    }
                    _ => return None,
                };
                self.saved(id.kind, Act::Added, vec![id])
            }
            _ => return None,
        })
    }
}

pub fn desk_of(lessons: Lessons, setup: Setup) -> (Desk, Shared) {
    let shared = Rc::new(RefCell::new(lessons));
    let behind = Rc::clone(&shared);
    let office = PEOPLE.iter().fold(Office::new(), |office, (number, name, kind, _)| {
        let fields = format!(
            r#"{{"number":"{}","name":"{name}","kind":"{}","status":"active"}}"#,
            nip(*number),
            kind.code()
        );
        office.with(Kind::Employees, *number, &fields)
    });
    let office = office.extra(move |request| behind.borrow_mut().answer(request));
    (Desk::with(vec![Box::new(Training::new())], office, setup), shared)
}

pub fn desk() -> (Desk, Shared) {
    desk_of(Lessons::of_plaju(), Setup::default())
}
