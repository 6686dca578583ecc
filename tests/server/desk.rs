//! One officer at a shared office, without a screen: asks, waits, hears notices.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, channel};

use chrono::{Days, NaiveDate};
use kompeten::domain::change::{RequestId, Via};
use kompeten::domain::kinds::programme::Programme;
use kompeten::domain::kinds::session::Session;
use kompeten::domain::record::{Kind, ProgrammeId, Record, RecordId, Revision};
use kompeten::link::Link;
use kompeten::link::embedded::OpenOptions;
use kompeten::link::open::{self, Address, Connected, Patience};
use kompeten::protocol::{
    Answer, DraftRecord, Incoming, ListQuery, Notice, Request, Save, Saved, Step, Stored, Ticket,
};

use super::served::PATIENCE;

pub struct Desk {
    link: Connected,
    incoming: Receiver<Incoming>,
    tickets: u64,
    /// Heard while an answer was waited for.
    pub notices: Vec<Notice>,
}

impl Desk {
    pub fn open(address: &Address, data: &Path, read_only: bool) -> Self {
        let options =
            OpenOptions { data: data.into(), read_only, officer: "siti".into(), socket: None };
        let (sender, incoming) = channel();
        let mut patience =
            Patience { for_screen: false, at_most: Some(PATIENCE), waits: &mut |_| {} };
        let link = open::open(address, &options, &mut patience, move |message| {
            let _ = sender.send(message);
        });
        Self { link: link.unwrap(), incoming, tickets: 0, notices: Vec::new() }
    }

    /// Asks and does not wait.
    pub fn send(&mut self, request: Request) -> Ticket {
        self.tickets += 1;
        self.link.ask(Ticket(self.tickets), request);
        Ticket(self.tickets)
    }

    /// The next answer, whatever it answers.
    pub fn reply(&mut self) -> (Ticket, Answer) {
        loop {
            match self.incoming.recv_timeout(PATIENCE).expect("an answer") {
                Incoming::Reply(ticket, answer) => return (ticket, *answer),
                Incoming::Notice(notice) => self.notices.push(notice),
            }
        }
    }

    pub fn ask(&mut self, request: Request) -> Answer {
        let asked = self.send(request);
        let (ticket, answer) = self.reply();
        assert_eq!(ticket, asked, "an answer nobody waits for: {answer:?}");
        answer
    }

    /// Waits for a notice that is as the test wants it.
    pub fn hear(&mut self, wanted: impl Fn(&Notice) -> bool) -> Notice {
        loop {
            if let Some(at) = self.notices.iter().position(&wanted) {
                return self.notices.drain(..=at).next_back().unwrap();
            }
            match self.incoming.recv_timeout(PATIENCE).expect("a notice") {
                Incoming::Notice(notice) => self.notices.push(notice),
                Incoming::Reply(ticket, answer) => panic!("{ticket:?}: {answer:?}"),
            }
        }
    }

    pub fn add(&mut self, record: impl Into<Record>) -> RecordId {
        saved(self.ask(adding(record))).ids[0]
    }

    pub fn get(&mut self, id: RecordId) -> Stored {
        match self.ask(Request::Get(id)) {
            Answer::Record(Some(stored)) => *stored,
            other => panic!("{other:?}"),
        }
    }

    pub fn count(&mut self, kind: Kind) -> u32 {
        match self.ask(Request::List(ListQuery { limit: 1, ..ListQuery::all(kind) })) {
            Answer::Page(page) => page.total,
            other => panic!("{other:?}"),
        }
    }
}

pub fn saved(answer: Answer) -> Saved {
    match answer {
        Answer::Saved(saved) => saved,
        other => panic!("not saved: {other:?}"),
    }
}

pub fn step() -> Step {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    Step { req: RequestId::of(u128::from(count).to_be_bytes()), via: Via::Tui, why: String::new() }
}

pub fn adding(record: impl Into<Record>) -> Request {
    let draft = DraftRecord { id: None, base: Revision(0), record: record.into() };
    Request::Save(Save { step: step(), drafts: vec![draft] })
}

/// Saves a record as it was changed from what somebody saw.
pub fn changing(seen: &Stored, change: impl FnOnce(&mut Programme)) -> Request {
    let mut record = seen.record.clone();
    let Record::Programme(programme) = &mut record else { panic!("{record:?}") };
    change(programme);
    let draft = DraftRecord { id: Some(seen.id), base: seen.rev, record };
    Request::Save(Save { step: step(), drafts: vec![draft] })
}

pub fn programme(name: &str) -> Programme {
    Programme { name: name.into(), r#type: "KL10".into(), ..Programme::default() }
}

/// A session nobody has added yet: done twice, its second save would be refused.
pub fn session(programme: RecordId) -> Session {
    static DAYS: AtomicU64 = AtomicU64::new(0);
    let day = DAYS.fetch_add(1, Ordering::Relaxed);
    let first: NaiveDate = "2000-01-01".parse().unwrap();
    let day = first.checked_add_days(Days::new(day));
    Session { programme: ProgrammeId(programme.number), start: day, end: day, ..Session::default() }
}
