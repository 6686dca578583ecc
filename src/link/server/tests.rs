//! Users of one office, made up: what one of them does to the others, in counts and bytes.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use super::keep::{self, Message};
use super::outbox::{Letter, Outbox};
use super::room::Room;
use crate::domain::change::{RequestId, Via};
use crate::domain::intake::{EmployeeRow, Intake, IntakeRow, RowData};
use crate::domain::kinds::employee::Employee;
use crate::domain::kinds::programme::Programme;
use crate::domain::number::EmployeeNumber;
use crate::domain::record::{Kind, Record, Revision};
use crate::link::frame::{self, ANSWER_MAX};
use crate::office::{Asker, Office, OpenOptions, system_clock};
use crate::protocol::{
    Answer, DraftRecord, ImportStart, Imported, Incoming, ListQuery, Problem, ReportQuery, Request,
    Save, Step, Ticket,
};

/// An office that is kept, as a server keeps it.
struct Kept {
    messages: SyncSender<Message>,
    office: Option<JoinHandle<()>>,
    sittings: u64,
    folder: tempfile::TempDir,
}

impl Kept {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = options(folder.path());
        let office = Office::open(&options, Box::new(system_clock), &mut |_, _, _| {}).unwrap();
        let (messages, receiver) = sync_channel(256);
        let own = messages.clone();
        let office =
            Some(thread::spawn(move || keep::keep(office, &receiver, own, Arc::default())));
        Self { messages, office, sittings: 0, folder }
    }

    /// Bytes of the journal, without those written ahead.
    fn journal(&self) -> u64 {
        let files = std::fs::read_dir(self.folder.path().join("data").join("journal")).unwrap();
        let lines = files.map(|file| std::fs::read(file.unwrap().path()).unwrap());
        lines.map(|lines| lines.iter().filter(|byte| **byte != 0).count() as u64).sum()
    }

    /// Somebody sits down.
    fn sit(&mut self, user: &str, room: &Arc<Room>) -> Seat {
        self.sittings += 1;
        let asker = Asker { sitting: self.sittings, ..Asker::alone(user) };
        let outbox = Arc::new(Outbox::default());
        self.messages.send(Message::Here(asker, Arc::clone(&outbox))).unwrap();
        Seat {
            messages: self.messages.clone(),
            sitting: self.sittings,
            outbox,
            room: Arc::clone(room),
            asked: 0,
        }
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        for sitting in 1..=self.sittings {
            let _ = self.messages.send(Message::Gone(sitting));
        }
        let _ = self.messages.send(Message::Close);
        let ended = self.office.take().map(JoinHandle::join);
        assert!(thread::panicking() || matches!(ended, Some(Ok(()))));
    }
}

fn options(folder: &Path) -> OpenOptions {
    OpenOptions { data: folder.join("data"), read_only: false, officer: "x".into(), socket: None }
}

struct Seat {
    messages: SyncSender<Message>,
    sitting: u64,
    outbox: Arc<Outbox>,
    room: Arc<Room>,
    asked: u64,
}

impl Seat {
    fn send(&mut self, request: Request) -> Ticket {
        self.asked += 1;
        let (ticket, taken) = (Ticket(self.asked), Room::take(&self.room, 100));
        let ask = Message::Ask { sitting: self.sitting, ticket, request, taken };
        self.messages.send(ask).unwrap();
        ticket
    }

    /// The next answer.
    fn reply(&self) -> (Ticket, Answer) {
        loop {
            if let Letter::Reply(bytes, taken) = self.outbox.next().unwrap() {
                let read = frame::read(&mut &*bytes, ANSWER_MAX).unwrap();
                drop(taken);
                if self.room.opens() {
                    self.messages.send(Message::Again).unwrap();
                }
                let Incoming::Reply(ticket, answer) = read else { panic!("a notice") };
                return (ticket, *answer);
            }
        }
    }

    fn ask(&mut self, request: Request) -> Answer {
        let asked = self.send(request);
        let (ticket, answer) = self.reply();
        assert_eq!(ticket, asked);
        answer
    }

    /// Answers that wait to be read.
    fn at_hand(&self) -> usize {
        let mut count = 0;
        while let Some(letter) = self.outbox.next_at_hand() {
            count += usize::from(matches!(letter, Letter::Reply(..)));
        }
        count
    }

    fn save(&mut self, record: impl Into<Record>) {
        let step = self.step();
        let draft = DraftRecord { id: None, base: Revision(0), record: record.into() };
        let answer = self.ask(Request::Save(Save { step, drafts: vec![draft] }));
        assert!(matches!(answer, Answer::Saved(_)), "{answer:?}");
    }

    fn step(&self) -> Step {
        let req = RequestId(format!("{}-{}", self.sitting, self.asked));
        Step { req, via: Via::Tui, why: String::new() }
    }

    fn start(&self, dry_run: bool) -> Request {
        let columns = vec!["number".into(), "name".into(), "education".into()];
        let (step, intake) = (self.step(), Intake::Employees);
        Request::ImportStart(ImportStart { step, intake, columns, dry_run })
    }

    fn import(&mut self, people: std::ops::Range<u32>) -> Imported {
        let start = self.start(false);
        assert_eq!(self.ask(start), Answer::Done);
        let rows: Vec<IntakeRow> = people.map(row).collect();
        for chunk in rows.chunks(200) {
            let told = self.ask(Request::ImportRows(chunk.to_vec()));
            assert!(matches!(told, Answer::ImportRows(_)), "{told:?}");
        }
        match self.ask(Request::ImportFinish) {
            Answer::Imported(imported) => imported,
            other => panic!("{other:?}"),
        }
    }
}

fn row(serial: u32) -> IntakeRow {
    let nip = format!("1990{:02}012015011{:03}", 1 + serial / 900, 1 + serial % 900);
    let employee = Employee {
        name: format!("Pegawai Nomor {serial}"),
        number: EmployeeNumber::parse(&nip).unwrap(),
        education: "S1 Administrasi Negara".into(),
        ..Employee::default()
    };
    let data = RowData::Employee(Box::new(EmployeeRow {
        employee,
        unit_path: Vec::new(),
        unit_code: String::new(),
        position: None,
    }));
    IntakeRow { line: serial + 2, data }
}

fn programme(number: usize) -> Programme {
    Programme { name: format!("Diklat {number}"), r#type: "KL10".into(), ..Programme::default() }
}

#[test]
fn while_one_user_proves_the_journal_again_and_again_the_others_save() {
    const PROOFS: usize = 6;
    const SAVES: usize = 20;
    let mut kept = Kept::new();
    let mut many = kept.sit("mallory", &Arc::default());
    let mut one = kept.sit("siti", &Arc::default());
    assert_eq!(one.import(0..2000).added, 2000);
    let retention = ReportQuery::of("retention");
    for request in [Request::Verify, Request::Rebuild, Request::Report(retention)] {
        for _ in 0..PROOFS {
            many.send(request.clone());
        }
    }
    for number in 0..SAVES {
        one.save(programme(number));
    }
    let proven = many.at_hand();
    println!("{SAVES} saves of another while {proven} of {} proofs were done", 3 * PROOFS);
    assert!(proven < 2 * PROOFS, "{proven}");
    // Another's proof is next, whatever waits of the first.
    let answer = one.ask(Request::Verify);
    assert!(matches!(&answer, Answer::Verified(v) if v.entries >= 1), "{answer:?}");
    let proven = proven + many.at_hand();
    println!("another's proof came after {proven} of {}", 3 * PROOFS);
    assert!(proven < 3 * PROOFS, "{proven}");
    // What waits is stopped with one word.
    many.send(Request::Stop);
    let (mut stopped, mut left) = (0, 3 * PROOFS + 1 - proven);
    while left > 0 {
        left -= 1;
        stopped += usize::from(many.reply().1 == Answer::Refused(Problem::Cancelled));
    }
    println!("{stopped} stopped");
    assert!(stopped > 0);
    assert!(matches!(one.ask(Request::Verify), Answer::Verified(_)));
}

#[test]
fn a_proof_stands_whatever_is_saved_and_rebuilt_while_it_runs() {
    let mut kept = Kept::new();
    let mut one = kept.sit("siti", &Arc::default());
    let mut two = kept.sit("budi", &Arc::default());
    one.import(0..1500);
    for round in 0..3 {
        let first = two.send(Request::Verify);
        let second = two.send(Request::Rebuild);
        let mut saves = 0;
        let mut waited = vec![first, second];
        while !waited.is_empty() {
            one.save(programme(round * 100_000 + saves));
            saves += 1;
            while let Some(letter) = two.outbox.next_at_hand() {
                let Letter::Reply(bytes, _) = letter else { continue };
                let Ok(Incoming::Reply(ticket, answer)) = frame::read(&mut &*bytes, ANSWER_MAX)
                else {
                    panic!("no answer")
                };
                assert!(matches!(*answer, Answer::Verified(_) | Answer::Done), "{answer:?}");
                waited.retain(|other| *other != ticket);
            }
        }
        println!("{saves} saves during one proof and one rebuild");
        assert!(saves > 5, "{saves}");
    }
    one.import(1500..3000);
    let answer = two.ask(Request::Verify);
    assert!(matches!(&answer, Answer::Verified(v) if v.records > 3000), "{answer:?}");
}

#[test]
fn dry_runs_again_and_again_and_an_import_that_never_ends_keep_nobody_from_saving() {
    const SAVES: usize = 40;
    let mut kept = Kept::new();
    let room = Arc::default();
    let mut dry = kept.sit("mallory", &room);
    let mut endless = kept.sit("mallory", &room);
    let mut one = kept.sit("siti", &Arc::default());
    one.save(programme(0));
    let before = kept.journal();
    let start = endless.start(false);
    assert_eq!(endless.ask(start), Answer::Done);
    let (mut runs, mut rows, mut refused) = (0, 0, 0);
    for number in 1..=SAVES {
        let start = dry.start(true);
        runs += usize::from(dry.ask(start) == Answer::Done);
        let chunk: Vec<IntakeRow> = (rows..rows + 100).map(row).collect();
        rows += 100;
        let taken = endless.ask(Request::ImportRows(chunk));
        assert!(matches!(taken, Answer::ImportRows(_)), "{taken:?}");
        let step = one.step();
        let draft = DraftRecord { id: None, base: Revision(0), record: programme(number).into() };
        let answer = one.ask(Request::Save(Save { step, drafts: vec![draft] }));
        refused += usize::from(!matches!(answer, Answer::Saved(_)));
        assert!(matches!(dry.ask(Request::ImportFinish), Answer::Imported(_)));
    }
    let grown = kept.journal() - before;
    println!(
        "{SAVES} saves during {runs} dry runs and an import of {rows} rows without end: \
         {refused} refused, {grown} bytes of journal"
    );
    assert_eq!((runs, refused), (SAVES, 0));
    assert!(grown < SAVES as u64 * 1000, "rows nobody saved are in the journal: {grown}");
    // And it fits what was saved meanwhile.
    let Answer::Imported(imported) = endless.ask(Request::ImportFinish) else { panic!("refused") };
    assert_eq!(imported.added, rows);
    assert!(matches!(one.ask(Request::Verify), Answer::Verified(_)));
}

#[test]
fn whoever_reads_without_end_over_many_sittings_waits_for_themselves() {
    const SITTINGS: usize = 10;
    const EACH: usize = 6;
    const SAVES: usize = 10;
    let mut kept = Kept::new();
    let (room, mut sittings) = (Arc::default(), Vec::new());
    for _ in 0..SITTINGS {
        sittings.push(kept.sit("mallory", &room));
    }
    let mut one = kept.sit("siti", &Arc::default());
    one.import(0..1500);
    for _ in 0..EACH {
        for sitting in &mut sittings {
            sitting.send(Request::List(ListQuery::all(Kind::Employees)));
        }
    }
    let mut answers = Vec::new();
    for number in 0..SAVES {
        one.save(programme(number));
        answers.push(sittings.iter().map(Seat::at_hand).sum::<usize>());
    }
    println!(
        "answers to the one who asks {}, between saves of the other: {answers:?}",
        SITTINGS * EACH
    );
    assert!(answers.iter().sum::<usize>() < SITTINGS * EACH, "{answers:?}");
}

#[test]
fn answers_nobody_reads_take_little_and_cost_the_others_nothing() {
    let mut kept = Kept::new();
    let (room, mut sittings) = (Arc::default(), Vec::new());
    for _ in 0..12 {
        sittings.push(kept.sit("mallory", &room));
    }
    let mut one = kept.sit("siti", &Arc::default());
    one.import(0..1500);
    for _ in 0..5 {
        for sitting in &mut sittings {
            sitting.send(Request::List(ListQuery::all(Kind::Employees)));
        }
    }
    for number in 0..30 {
        one.save(programme(number));
    }
    let unread = room.unread();
    println!("60 lists nobody reads: {unread} bytes kept, 30 saves of another meanwhile");
    assert!(unread < 4 * 1024 * 1024 + ANSWER_MAX, "{unread}");
    // Read in the end, every one is answered.
    let mut pages = 0;
    while pages < 60 {
        for sitting in &sittings {
            pages += sitting.at_hand();
        }
        if room.opens() {
            one.messages.send(Message::Again).unwrap();
        }
        one.ask(Request::Welcome);
    }
    assert_eq!((pages, room.unread()), (60, 0));
}
