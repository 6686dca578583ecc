//! Our side: an office filled through the ordinary requests, and asked through the link: as
//! a command and a job do, who wait for the answer, or as a screen, which does not.

use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use kompeten::domain::change::{RequestId, Via};
use kompeten::domain::field::Field;
use kompeten::domain::intake::{CHUNK_ROWS, Intake, IntakeRow, RowData};
use kompeten::domain::kinds::employee::Employee;
use kompeten::domain::kinds::rating::Rating;
use kompeten::domain::record::{Record, RecordId, Revision, Schema, UnitId};
use kompeten::link::Link;
use kompeten::link::embedded::{self, Embedded, OpenOptions};
use kompeten::protocol::{
    Answer, DraftRecord, ImportStart, Imported, Incoming, Request, Save, Step, Stored, Ticket,
};

use super::people;

pub fn options(data: &Path) -> OpenOptions {
    OpenOptions {
        data: data.to_path_buf(),
        read_only: false,
        officer: "bench".into(),
        socket: None,
    }
}

/// An open office at the other end of a link, asked as a command asks it.
pub struct Ours {
    link: Embedded,
    incoming: Receiver<Incoming>,
    ticket: u64,
    requests: u64,
}

impl Ours {
    pub fn open(data: &Path) -> Self {
        let (sender, incoming) = channel();
        let link = embedded::open(&options(data), move |message| {
            let _ = sender.send(message);
        })
        .expect("the office opens");
        Self { link, incoming, ticket: 0, requests: 0 }
    }

    pub fn ask(&mut self, request: Request) -> Answer {
        let ticket = self.next();
        self.link.ask_here(ticket, request);
        self.answer(ticket)
    }

    /// As a screen asks.
    fn ask_afar(&mut self, request: Request) -> Answer {
        let ticket = self.next();
        self.link.ask(ticket, request);
        self.answer(ticket)
    }

    fn next(&mut self) -> Ticket {
        self.ticket += 1;
        Ticket(self.ticket)
    }

    fn answer(&self, ticket: Ticket) -> Answer {
        loop {
            match self.incoming.recv().expect("the office answers") {
                Incoming::Reply(to, answer) if to == ticket => return *answer,
                _ => {}
            }
        }
    }

    /// Asked for all at once; the answers in their order.
    fn ask_together(&mut self, requests: Vec<Request>) -> Vec<Answer> {
        let first = self.ticket + 1;
        for request in requests {
            self.ticket += 1;
            self.link.ask(Ticket(self.ticket), request);
        }
        let mut answers = Vec::new();
        while first + (answers.len() as u64) <= self.ticket {
            if let Incoming::Reply(_, answer) = self.incoming.recv().expect("the office answers") {
                answers.push(*answer);
            }
        }
        answers
    }

    pub fn timed(&mut self, request: Request) -> (Duration, Answer) {
        let start = Instant::now();
        let answer = self.ask(request);
        (start.elapsed(), answer)
    }

    /// As a screen asks.
    pub fn timed_afar(&mut self, request: Request) -> (Duration, Answer) {
        let start = Instant::now();
        let answer = self.ask_afar(request);
        (start.elapsed(), answer)
    }

    pub fn close(self) {
        self.link.close();
    }

    pub fn step(&mut self) -> Step {
        self.requests += 1;
        let now = std::time::SystemTime::now();
        let nanos = now.duration_since(std::time::UNIX_EPOCH).map_or(0, |d| d.as_nanos());
        let req = RequestId(format!("bench-{nanos:x}-{}", self.requests));
        Step { req, via: Via::Tui, why: String::new() }
    }

    pub fn get(&mut self, id: RecordId) -> Stored {
        match self.ask(Request::Get(id)) {
            Answer::Record(Some(stored)) => *stored,
            answer => panic!("no record {id}: {answer:?}"),
        }
    }

    /// The request that saves this person in place of what was read.
    pub fn edit(&mut self, stored: Stored, change: impl FnOnce(&mut Employee)) -> Request {
        let Record::Employee(mut employee) = stored.record else { panic!("not a person") };
        change(&mut employee);
        let draft = DraftRecord { id: Some(stored.id), base: stored.rev, record: employee.into() };
        Request::Save(Save { step: self.step(), drafts: vec![draft] })
    }

    /// The request that adds this person.
    fn adding(&mut self, index: u32) -> Request {
        let record = people::employee(index).employee.into();
        let draft = DraftRecord { id: None, base: Revision(0), record };
        Request::Save(Save { step: self.step(), drafts: vec![draft] })
    }

    /// The unit of [`people::UNIT_PEOPLE`].
    pub fn unit(&mut self) -> UnitId {
        match self.ask(Request::FindUnit(people::UNIT.into())) {
            Answer::Record(Some(stored)) => UnitId(stored.id.number),
            answer => panic!("no unit: {answer:?}"),
        }
    }

    pub fn import(
        &mut self,
        intake: Intake,
        fields: &[Field],
        rows: impl Iterator<Item = RowData>,
    ) -> Imported {
        let start = ImportStart {
            step: self.step(),
            intake,
            columns: fields.iter().map(|field| field.name.to_string()).collect(),
            dry_run: false,
        };
        assert_eq!(self.ask(Request::ImportStart(start)), Answer::Done);
        let mut rows = rows.zip(2..).map(|(data, line)| IntakeRow { line, data }).peekable();
        while rows.peek().is_some() {
            let chunk = rows.by_ref().take(CHUNK_ROWS).collect();
            let answer = self.ask(Request::ImportRows(chunk));
            assert!(matches!(answer, Answer::ImportRows(_)), "{answer:?}");
        }
        match self.ask(Request::ImportFinish) {
            Answer::Imported(imported) => imported,
            answer => panic!("the import failed: {answer:?}"),
        }
    }
}

/// People put in together, and those whose ratings and trainings are.
const PEOPLE_TOGETHER: usize = 250_000;
const TOGETHER: usize = 25_000;

/// Steps on their way at once, and those of one sitting, which writes half a gigabyte a day.
const AT_ONCE: u32 = 200;
const STEPS_A_SITTING: u32 = 200_000;

/// A folder with this many people, each saved by a step of its own.
pub fn save_each(data: &Path, count: u32) {
    for sitting in (0..count).step_by(STEPS_A_SITTING as usize) {
        let mut office = Ours::open(data);
        let end = count.min(sitting + STEPS_A_SITTING);
        for first in (sitting..end).step_by(AT_ONCE as usize) {
            let people = first..end.min(first + AT_ONCE);
            let requests = people.map(|index| office.adding(index)).collect();
            for answer in office.ask_together(requests) {
                assert!(matches!(answer, Answer::Saved(_)), "{answer:?}");
            }
        }
        office.close();
    }
}

/// A folder with this many people, their ratings and trainings, closed cleanly.
pub fn fill(data: &Path, count: u32) {
    // One import takes half a million rows, and one sitting writes half a gigabyte a day.
    for first in (0..count).step_by(PEOPLE_TOGETHER) {
        let mut office = Ours::open(data);
        let people = first..count.min(first + PEOPLE_TOGETHER as u32);
        let added = people.len() as u32;
        let rows = people.map(|i| RowData::Employee(Box::new(people::employee(i))));
        let imported = office.import(Intake::Employees, Employee::FIELDS, rows);
        assert_eq!(imported.added, added, "{imported:?}");
        office.close();
    }
    for first in (0..count).step_by(TOGETHER) {
        let mut office = Ours::open(data);
        let people = first..count.min(first + TOGETHER as u32);
        let rows = people.clone().flat_map(people::ratings).map(RowData::Plain);
        let imported = office.import(Intake::Ratings, Rating::FIELDS, rows);
        assert_eq!(imported.refused, 0, "{imported:?}");
        let trainings = people.clone().flat_map(people::trainings);
        let rows = trainings.map(|row| RowData::Training(Box::new(row)));
        let imported = office.import(Intake::Trainings, &[], rows);
        let added = 2 * people.len() as u32;
        assert_eq!((imported.refused, imported.added), (0, added), "{imported:?}");
        office.close();
    }
}
