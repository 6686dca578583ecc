//! What an officer does, against an office on a real folder with a fixed clock.

mod asking;
mod belonging;
mod clock;
mod cycles;
mod editing;
mod erasing;
mod files;
mod followed;
mod gaps;
mod grouped;
mod home;
mod importing;
mod jp_rules;
mod kept;
mod late;
mod left_open;
mod looking;
mod moves;
mod narrowing;
mod owed;
mod person;
mod personal;
mod proving;
mod rights;
mod seats;
mod several;
mod sharing;
mod written;

use std::path::Path;

use chrono::{DateTime, Utc};

use super::{Ask, Asker, Office, OpenOptions};
use crate::domain::change::{RequestId, Via};
use crate::domain::fault::Reason;
use crate::domain::intake::{EmployeeRow, Intake, IntakeRow, RowData, TrainingRow};
use crate::domain::jp::JpStanding;
use crate::domain::kinds::competency::Level;
use crate::domain::kinds::employee::{Employee, EmploymentKind, Status};
use crate::domain::kinds::enrolment::Presence;
use crate::domain::kinds::position::{Position, PositionKind};
use crate::domain::kinds::programme::Programme;
use crate::domain::kinds::rating::{Rating, RatingSource};
use crate::domain::kinds::session::Session;
use crate::domain::number::EmployeeNumber;
use crate::domain::record::{
    CompetencyId, EmployeeId, Kind, Record, RecordId, Revision, SessionId,
};
use crate::domain::value::Value;
use crate::protocol::{
    Answer, DraftRecord, HistoryPage, HistoryQuery, ImportStart, Imported, ListQuery, MatrixQuery,
    Problem, ReportQuery, Request, Save, Saved, SortKey, Step, Ticket, Verdict,
};

struct Desk {
    office: Option<Office>,
    folder: tempfile::TempDir,
    asked: u64,
    now: std::sync::Arc<std::sync::Mutex<DateTime<Utc>>>,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let now = "2026-11-21T02:00:00Z".parse().expect("a time");
        let now = std::sync::Arc::new(std::sync::Mutex::new(now));
        let mut desk = Self { office: None, folder, asked: 0, now };
        desk.open();
        desk
    }

    fn open(&mut self) {
        let now = self.now.clone();
        let options = options(self.folder.path());
        let clock = Box::new(move || *now.lock().expect("the time"));
        self.office = Some(Office::open(&options, clock, &mut |_, _, _| {}).expect("an office"));
    }

    fn close(&mut self) {
        if let Some(office) = self.office.take() {
            office.close();
        }
    }

    /// Ends without closing, as a kill would.
    fn kill(&mut self) {
        drop(self.office.take());
    }

    fn ask(&mut self, request: Request) -> Answer {
        self.asked += 1;
        let office = self.office.as_mut().expect("an open office");
        let answers = office.handle(vec![ask(self.asked, request)], &mut |_, _, _| {});
        answers.into_iter().next().expect("an answer").1
    }

    fn step(&mut self) -> Step {
        self.asked += 1;
        Step { req: RequestId(format!("req-{}", self.asked)), via: Via::Tui, why: String::new() }
    }

    fn save(&mut self, record: impl Into<Record>) -> RecordId {
        let step = self.step();
        let draft = DraftRecord { id: None, base: Revision(0), record: record.into() };
        saved(self.ask(Request::Save(Save { step, drafts: vec![draft] }))).ids[0]
    }

    fn change(&mut self, id: RecordId, change: impl FnOnce(&mut Record)) -> Answer {
        let Answer::Record(Some(stored)) = self.ask(Request::Get(id)) else {
            panic!("no such record")
        };
        let mut record = stored.record;
        change(&mut record);
        let step = self.step();
        let draft = DraftRecord { id: Some(id), base: stored.rev, record };
        self.ask(Request::Save(Save { step, drafts: vec![draft] }))
    }

    fn undo(&mut self) -> Answer {
        let step = self.step();
        self.ask(Request::Undo { step, seq: None })
    }

    fn redo(&mut self) -> Answer {
        let step = self.step();
        self.ask(Request::Redo { step })
    }

    fn names(&mut self, search: &str) -> Vec<String> {
        let query = ListQuery {
            search: search.into(),
            columns: vec!["name".into()],
            ..ListQuery::all(Kind::Employees)
        };
        let Answer::Page(page) = self.ask(Request::List(query)) else { panic!("no page") };
        page.rows
            .into_iter()
            .map(|row| match &row.cells[0] {
                Value::Text(text) => text.clone(),
                other => panic!("{other:?}"),
            })
            .collect()
    }

    fn rate(&mut self, employee: RecordId, competency: u32, level: u8, date: &str) -> Answer {
        let step = self.step();
        let ratings = vec![Rating {
            employee: EmployeeId(employee.number),
            competency: CompetencyId(competency),
            level: Level::new(level).expect("a level"),
            source: Some(RatingSource::Superior),
            date: date.parse().ok(),
            ..Rating::default()
        }];
        self.ask(Request::Rate { step, ratings })
    }

    /// Of each a person, a competency, a level and a day.
    fn rate_all(&mut self, ratings: &[(u32, u32, u8, &str)]) {
        for (person, competency, level, day) in ratings {
            let person = RecordId::new(Kind::Employees, *person);
            saved(self.rate(person, *competency, *level, day));
        }
    }

    fn import(
        &mut self,
        intake: Intake,
        columns: &[&str],
        rows: Vec<RowData>,
    ) -> (Vec<Verdict>, Answer) {
        let step = self.step();
        let columns = columns.iter().map(ToString::to_string).collect();
        let start = ImportStart { step, intake, columns, dry_run: false };
        assert_eq!(self.ask(Request::ImportStart(start)), Answer::Done);
        let mut verdicts = Vec::new();
        let rows: Vec<IntakeRow> =
            rows.into_iter().zip(2..).map(|(data, line)| IntakeRow { line, data }).collect();
        for chunk in rows.chunks(200) {
            match self.ask(Request::ImportRows(chunk.to_vec())) {
                Answer::ImportRows(told) => verdicts.extend(told.into_iter().map(|t| t.verdict)),
                other => panic!("{other:?}"),
            }
        }
        (verdicts, self.ask(Request::ImportFinish))
    }
}

fn options(folder: &Path) -> OpenOptions {
    OpenOptions {
        data: folder.join("data"),
        read_only: false,
        officer: "siti".into(),
        socket: None,
    }
}

fn ask(ticket: u64, request: Request) -> Ask {
    Ask { asker: Asker::alone("siti"), ticket: Ticket(ticket), request }
}

fn saved(answer: Answer) -> Saved {
    match answer {
        Answer::Saved(saved) => saved,
        other => panic!("not saved: {other:?}"),
    }
}

fn refused(answer: Answer) -> Problem {
    match answer {
        Answer::Refused(problem) => problem,
        other => panic!("not refused: {other:?}"),
    }
}

fn nip(serial: u32) -> EmployeeNumber {
    EmployeeNumber::parse(&format!("19900101201501{}{:03}", 1 + serial % 2, serial % 999 + 1))
        .expect("a NIP")
}

fn employee(name: &str, serial: u32) -> Employee {
    Employee { name: name.into(), number: nip(serial), ..Employee::default() }
}

const PEOPLE_COLUMNS: &[&str] = &["number", "name", "unit", "position"];

fn person_row(name: &str, serial: u32, path: &[&str], title: &str) -> RowData {
    RowData::Employee(Box::new(EmployeeRow {
        employee: employee(name, serial),
        unit_path: path.iter().map(ToString::to_string).collect(),
        unit_code: String::new(),
        position: Some(Position {
            title: title.into(),
            kind: Some(PositionKind::Structural),
            eselon: "IV.a".into(),
            ..Position::default()
        }),
    }))
}
