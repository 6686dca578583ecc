//! A desk: an office on a real folder with a fixed clock, and an officer who asks it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};
use kompeten::domain::change::{RequestId, Via};
use kompeten::domain::intake::{EmployeeRow, Intake, IntakeRow, RowData};
use kompeten::domain::kinds::competency::Level;
use kompeten::domain::kinds::employee::Employee;
use kompeten::domain::kinds::programme::Programme;
use kompeten::domain::kinds::rating::{Rating, RatingSource};
use kompeten::domain::kinds::session::Session;
use kompeten::domain::number::EmployeeNumber;
use kompeten::domain::record::{CompetencyId, EmployeeId, Kind, Record, RecordId, Revision};
use kompeten::journal::Means;
use kompeten::office::{Ask, Asker, Office, OpenError, OpenOptions};
use kompeten::protocol::{
    Answer, DraftRecord, HistoryQuery, ImportStart, Imported, ListQuery, MatrixQuery, Mended,
    OfficeInfo, Problem, Request, Save, Saved, Step, Ticket,
};

pub struct Desk {
    office: Option<Office>,
    /// Removed with the desk, unless the folder is somebody else's.
    _folder: Option<tempfile::TempDir>,
    data: PathBuf,
    asked: u64,
}

/// A folder of a test's own; in memory where there is room, because a kill takes nothing
/// from a disk, and thousands of syncs cost their time.
pub fn own_folder() -> tempfile::TempDir {
    let memory = "/dev/shm";
    let roomy = rustix::fs::statvfs(memory)
        .is_ok_and(|disk| disk.f_bavail.saturating_mul(disk.f_frsize) > 1 << 30);
    let made = if roomy { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    made.or_else(|_| tempfile::tempdir()).expect("a folder")
}

/// No request of one desk bears the name of another's, in this process or any other.
fn first_request() -> u64 {
    static DESKS: AtomicU64 = AtomicU64::new(1);
    u64::from(std::process::id()) << 32 | DESKS.fetch_add(1, Ordering::Relaxed) << 20
}

pub fn now() -> DateTime<Utc> {
    "2026-11-21T02:00:00Z".parse().expect("a time")
}

impl Desk {
    /// An open office in a folder of its own.
    pub fn new() -> Self {
        let mut desk = Self::closed();
        desk.open();
        desk
    }

    /// One that is not open yet.
    pub fn closed() -> Self {
        let folder = own_folder();
        let data = folder.path().join("data");
        Self { office: None, _folder: Some(folder), data, asked: first_request() }
    }

    /// An office somebody else keeps.
    pub fn at(data: &Path) -> Self {
        let asked = first_request();
        Self { office: None, _folder: None, data: data.to_path_buf(), asked }
    }

    /// Some of everything an office keeps.
    pub fn filled() -> Self {
        let mut desk = Self::new();
        desk.fill();
        desk
    }

    pub fn fill(&mut self) {
        let unit = self.save(kompeten::domain::kinds::unit::Unit {
            name: "Kecamatan Plaju".into(),
            ..Default::default()
        });
        let people: Vec<RecordId> = (1..=6)
            .map(|serial| {
                self.save(Employee {
                    unit: Some(kompeten::domain::record::UnitId(unit.number)),
                    ..employee(serial)
                })
            })
            .collect();
        for (person, level) in people.iter().zip([1, 2, 3, 4, 5, 1]) {
            saved(self.rate(*person, 1, level, "2026-01-10"));
        }
        saved(self.rename(people[0], "Mila Melani"));
        let programme = self.save(Programme {
            name: "Bimtek Adminduk".into(),
            r#type: "KL10".into(),
            jp: Some(30),
            ..Programme::default()
        });
        let session = self.save(Session {
            programme: kompeten::domain::record::ProgrammeId(programme.number),
            start: "2026-11-10".parse().ok(),
            end: "2026-11-11".parse().ok(),
            ..Session::default()
        });
        let step = self.step();
        let session = kompeten::domain::record::SessionId(session.number);
        let employees = people.iter().map(|id| EmployeeId(id.number)).collect();
        saved(self.ask(Request::Enrol { step, session, employees }));
        saved(self.undo());
        saved(self.redo());
        let step = self.step();
        let Answer::Record(Some(last)) = self.ask(Request::Get(people[5])) else { panic!() };
        let unrated = self.save(employee(7));
        let ids = vec![(unrated, self.revision(unrated))];
        saved(self.ask(Request::Delete { step, ids }));
        assert_eq!(last.id, people[5]);
    }

    pub fn data(&self) -> &Path {
        &self.data
    }

    pub fn store(&self) -> PathBuf {
        self.data.join("store")
    }

    pub fn journal(&self) -> PathBuf {
        self.data.join("journal")
    }

    pub fn segment(&self) -> PathBuf {
        self.journal().join("000001.jsonl")
    }

    pub fn try_open(&mut self) -> Result<OfficeInfo, OpenError> {
        self.open_by(Means::default())
    }

    pub fn open_by(&mut self, means: Means) -> Result<OfficeInfo, OpenError> {
        let options = OpenOptions {
            data: self.data.clone(),
            read_only: false,
            officer: "siti".into(),
            socket: None,
        };
        self.office = Some(Office::open_with(&options, Box::new(now), means, &mut |_, _, _| {})?);
        Ok(self.info())
    }

    /// As a screen is opened: shown before all is proven, after a kill.
    pub fn open_to_be_shown(&mut self) {
        let options = OpenOptions {
            data: self.data.clone(),
            read_only: false,
            officer: "siti".into(),
            socket: None,
        };
        let office = Office::open_to_be_shown(&options, Box::new(now), &mut |_, _, _| {});
        self.office = Some(office.expect("an office"));
    }

    pub fn open(&mut self) -> OfficeInfo {
        self.try_open().expect("an office")
    }

    pub fn close(&mut self) {
        if let Some(office) = self.office.take() {
            office.close();
        }
    }

    pub fn reopen(&mut self) -> OfficeInfo {
        self.close();
        self.open()
    }

    /// Nobody asks for a while.
    pub fn rest(&mut self) {
        if let Some(office) = self.office.as_mut() {
            office.wake();
        }
    }

    /// Ends without closing, as a kill would.
    pub fn kill(&mut self) {
        drop(self.office.take());
    }

    pub fn ask(&mut self, request: Request) -> Answer {
        self.ask_together(vec![request]).remove(0)
    }

    /// Requests that wait together.
    pub fn ask_together(&mut self, requests: Vec<Request>) -> Vec<Answer> {
        let office = self.office.as_mut().expect("an open office");
        let asker = Asker::alone("siti");
        let ask = |(ticket, request)| Ask { asker: asker.clone(), ticket, request };
        let asks = (1..).map(Ticket).zip(requests).map(ask).collect();
        let answers = office.handle(asks, &mut |_, _, _| {});
        let numbers: Vec<u64> = answers.iter().map(|(ticket, _)| ticket.0).collect();
        assert!(
            numbers.iter().copied().eq(1..=numbers.len() as u64),
            "in their order: {numbers:?}"
        );
        answers.into_iter().map(|(_, answer)| answer).collect()
    }

    pub fn info(&mut self) -> OfficeInfo {
        match self.ask(Request::Welcome) {
            Answer::Welcome(info) => *info,
            other => panic!("{other:?}"),
        }
    }

    pub fn step(&mut self) -> Step {
        self.asked += 1;
        Step { req: RequestId(format!("req-{}", self.asked)), via: Via::Tui, why: String::new() }
    }

    pub fn adding(&mut self, record: impl Into<Record>) -> Request {
        let draft = DraftRecord { id: None, base: Revision(0), record: record.into() };
        Request::Save(Save { step: self.step(), drafts: vec![draft] })
    }

    pub fn save(&mut self, record: impl Into<Record>) -> RecordId {
        let request = self.adding(record);
        saved(self.ask(request)).ids[0]
    }

    pub fn try_save(&mut self, record: impl Into<Record>) -> Answer {
        let request = self.adding(record);
        self.ask(request)
    }

    pub fn revision(&mut self, id: RecordId) -> Revision {
        match self.ask(Request::Get(id)) {
            Answer::Record(Some(stored)) => stored.rev,
            other => panic!("{other:?}"),
        }
    }

    pub fn renaming(&mut self, id: RecordId, name: &str) -> Request {
        let Answer::Record(Some(stored)) = self.ask(Request::Get(id)) else {
            panic!("no such record")
        };
        let Record::Employee(person) = stored.record else { panic!("not a person") };
        let record = Employee { name: name.into(), ..person }.into();
        let draft = DraftRecord { id: Some(id), base: stored.rev, record };
        Request::Save(Save { step: self.step(), drafts: vec![draft] })
    }

    pub fn rename(&mut self, id: RecordId, name: &str) -> Answer {
        let request = self.renaming(id, name);
        self.ask(request)
    }

    pub fn rating(&mut self, person: RecordId, competency: u32, level: u8, date: &str) -> Request {
        let ratings = vec![Rating {
            employee: EmployeeId(person.number),
            competency: CompetencyId(competency),
            level: Level::new(level).expect("a level"),
            source: Some(RatingSource::Superior),
            date: date.parse().ok(),
            ..Rating::default()
        }];
        Request::Rate { step: self.step(), ratings }
    }

    pub fn rate(&mut self, person: RecordId, competency: u32, level: u8, date: &str) -> Answer {
        let request = self.rating(person, competency, level, date);
        self.ask(request)
    }

    pub fn undo(&mut self) -> Answer {
        let step = self.step();
        self.ask(Request::Undo { step, seq: None })
    }

    pub fn redo(&mut self) -> Answer {
        let step = self.step();
        self.ask(Request::Redo { step })
    }

    /// Imports people; the error is the first refusal.
    pub fn import(
        &mut self,
        people: impl IntoIterator<Item = Employee>,
    ) -> Result<Imported, Problem> {
        let step = self.step();
        let columns = vec!["number".into(), "name".into()];
        let start = ImportStart { step, intake: Intake::Employees, columns, dry_run: false };
        refusal(self.ask(Request::ImportStart(start)))?;
        let rows: Vec<IntakeRow> = people.into_iter().zip(2..).map(row).collect();
        for chunk in rows.chunks(200) {
            refusal(self.ask(Request::ImportRows(chunk.to_vec())))?;
        }
        match refusal(self.ask(Request::ImportFinish))? {
            Answer::Imported(imported) => Ok(imported),
            other => panic!("{other:?}"),
        }
    }

    pub fn people(&mut self) -> u32 {
        match self.ask(Request::List(ListQuery { limit: 0, ..ListQuery::all(Kind::Employees) })) {
            Answer::Page(page) => page.total,
            other => panic!("{other:?}"),
        }
    }

    /// Renames whoever comes first.
    pub fn rename_any(&mut self) -> Answer {
        let Answer::Ids(numbers) = self.ask(Request::Ids(ListQuery::all(Kind::Employees))) else {
            panic!("no ids")
        };
        self.asked += 1;
        let name = format!("Pegawai {}", self.asked);
        self.rename(RecordId::new(Kind::Employees, numbers[0]), &name)
    }

    /// The journal's chain holds and the store is what it says.
    pub fn verify(&mut self) {
        match self.ask(Request::Verify) {
            Answer::Verified(_) => {}
            other => panic!("not proven: {other:?}"),
        }
    }

    /// Every answer about records and their history, to be compared with another time's.
    /// Asking is itself counted: who has read what goes on growing.
    pub fn everything(&mut self) -> Vec<Answer> {
        let mut answers = Vec::new();
        let listed = |kind: &Kind| *kind != Kind::Readings && !kind.is_sealed();
        for kind in Kind::ALL.into_iter().filter(listed) {
            answers.push(self.ask(Request::List(ListQuery::all(kind))));
            let Answer::Ids(numbers) = self.ask(Request::Ids(ListQuery::all(kind))) else {
                panic!("no ids")
            };
            for number in numbers {
                answers.push(self.ask(Request::Get(RecordId::new(kind, number))));
                if kind == Kind::Employees {
                    answers.push(self.ask(Request::Person(EmployeeId(number))));
                }
            }
        }
        answers.push(self.ask(Request::Matrix(everyone())));
        let all = HistoryQuery { limit: u32::MAX, ..HistoryQuery::default() };
        let history = self.ask(Request::History(all));
        if let Answer::History(page) = &history {
            for line in &page.lines {
                answers.push(self.ask(Request::Details {
                    seq: line.seq,
                    limit: u32::MAX,
                    of: None,
                }));
            }
        }
        answers.push(history);
        answers
    }
}

pub fn everyone() -> MatrixQuery {
    MatrixQuery {
        grouped: false,
        sort: None,
        unit: None,
        search: String::new(),
        at: None,
        offset: 0,
        limit: u32::MAX,
        anchor: None,
        since: None,
    }
}

/// The n-th person there could be.
pub fn employee(serial: u32) -> Employee {
    let (day, serial_of_day) = (serial / 900 % 28 + 1, serial % 900 + 1);
    let number = format!("199001{day:02}2015011{serial_of_day:03}");
    Employee {
        name: format!("Pegawai {serial:05}"),
        number: EmployeeNumber::parse(&number).expect("a NIP"),
        ..Employee::default()
    }
}

pub fn row((employee, line): (Employee, u32)) -> IntakeRow {
    let row =
        EmployeeRow { employee, unit_path: Vec::new(), unit_code: String::new(), position: None };
    IntakeRow { line, data: RowData::Employee(Box::new(row)) }
}

pub fn saved(answer: Answer) -> Saved {
    match answer {
        Answer::Saved(saved) => saved,
        other => panic!("not saved: {other:?}"),
    }
}

pub fn refused(answer: Answer) -> Problem {
    match answer {
        Answer::Refused(problem) => problem,
        other => panic!("not refused: {other:?}"),
    }
}

pub fn refusal(answer: Answer) -> Result<Answer, Problem> {
    match answer {
        Answer::Refused(problem) => Err(problem),
        answer => Ok(answer),
    }
}

pub fn was_rebuilt(info: &OfficeInfo) -> bool {
    info.mended.iter().any(|mended| matches!(mended, Mended::StoreRebuilt { .. }))
}

/// Exit code and words, in English, of the program run on this folder.
pub fn program(data: &Path, args: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_kompeten"))
        .arg("--lang=en")
        .arg("--data")
        .arg(data)
        .args(args)
        .output()
        .expect("the program");
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(said).expect("text"))
}

/// The journal's lines, each with its line feed.
pub fn lines(segment: &Path) -> Vec<Vec<u8>> {
    let bytes = fs::read(segment).expect("a segment");
    bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect()
}

/// A folder with everything in it, to be damaged again and again.
pub fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("copied");
        }
    }
}

/// Every file below a folder.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}
