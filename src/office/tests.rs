//! What an officer does, against an office on a real folder with a fixed clock.

mod sharing;

use std::path::Path;

use chrono::{DateTime, Utc};

use super::{Ask, Asker, Office, OpenOptions};
use crate::domain::change::{RequestId, Via};
use crate::domain::competency::Level;
use crate::domain::employee::{Employee, EmploymentKind, Status};
use crate::domain::fault::Reason;
use crate::domain::intake::{EmployeeRow, Intake, IntakeRow, RowData, TrainingRow};
use crate::domain::number::EmployeeNumber;
use crate::domain::position::{Position, PositionKind};
use crate::domain::rating::{Rating, RatingSource};
use crate::domain::record::{
    CompetencyId, EmployeeId, Kind, Record, RecordId, Revision, SessionId,
};
use crate::domain::training::{JpStanding, Presence, Programme, Session};
use crate::domain::value::Value;
use crate::link::protocol::{
    Answer, Draft, HistoryQuery, ImportStart, ListQuery, MatrixQuery, Problem, Request, Save,
    Saved, SortKey, Step, Ticket, Verdict,
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
        let draft = Draft { id: None, base: Revision(0), record: record.into() };
        saved(self.ask(Request::Save(Save { step, drafts: vec![draft] }))).ids[0]
    }

    fn change(&mut self, id: RecordId, change: impl FnOnce(&mut Record)) -> Answer {
        let Answer::Record(Some(stored)) = self.ask(Request::Get(id)) else {
            panic!("no such record")
        };
        let mut record = stored.record;
        change(&mut record);
        let step = self.step();
        let draft = Draft { id: Some(id), base: stored.rev, record };
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

#[test]
fn an_officer_adds_finds_edits_and_takes_it_back() {
    let mut desk = Desk::new();
    let mila = desk.save(employee("Mila Melani", 1));
    desk.save(employee("Budi Hartono", 2));
    assert_eq!(desk.names(""), ["Budi Hartono", "Mila Melani"]);
    assert_eq!(desk.names("mila"), ["Mila Melani"]);

    let answer = desk.change(mila, |record| {
        if let Record::Employee(e) = record {
            e.name = "Mila Melani Putri".into();
        }
    });
    assert_eq!(saved(answer).seq, Some(3));
    assert_eq!(desk.names("putri"), ["Mila Melani Putri"]);

    assert_eq!(saved(desk.undo()).summary.undoes, Some(3));
    assert_eq!(desk.names("mila"), ["Mila Melani"]);
    assert!(saved(desk.redo()).summary.redo);
    assert_eq!(desk.names("putri"), ["Mila Melani Putri"]);
    let again = saved(desk.undo()).summary;
    assert_eq!((again.undoes, again.redo), (Some(5), false), "the redo is taken back");
    saved(desk.undo());
    assert_eq!(desk.names(""), ["Mila Melani"]);
    saved(desk.undo());
    assert_eq!(desk.names(""), [] as [&str; 0]);
    assert_eq!(refused(desk.undo()), Problem::NothingToUndo);
}

#[test]
fn what_was_saved_is_there_after_a_clean_end_and_after_a_kill() {
    let mut desk = Desk::new();
    for serial in 0..20 {
        desk.save(employee(&format!("Pegawai {serial:02}"), serial));
    }
    desk.close();
    desk.open();
    assert_eq!(desk.names("").len(), 20);
    desk.save(employee("Setelah", 30));
    desk.kill();
    desk.open();
    assert_eq!(desk.names("").len(), 21);
    assert!(matches!(desk.ask(Request::Verify), Answer::Verified(v) if v.entries == 21));
}

#[test]
fn a_deleted_store_is_made_again_unasked() {
    let mut desk = Desk::new();
    desk.save(employee("Mila", 1));
    desk.close();
    std::fs::remove_dir_all(desk.folder.path().join("data/store")).expect("removed");
    desk.open();
    assert_eq!(desk.names(""), ["Mila"]);
    assert_eq!(desk.ask(Request::Rebuild), Answer::Done);
    assert_eq!(desk.names(""), ["Mila"]);
    desk.save(employee("Budi", 2));
    assert!(matches!(desk.ask(Request::Verify), Answer::Verified(_)));
}

#[test]
fn a_stale_write_shows_mine_theirs_and_the_base() {
    let mut desk = Desk::new();
    let mila = desk.save(employee("Mila", 1));
    let name = |name: &'static str| {
        move |record: &mut Record| {
            if let Record::Employee(e) = record {
                e.name = name.into();
            }
        }
    };
    saved(desk.change(mila, name("Mila A")));
    let step = desk.step();
    let mine = Draft { id: Some(mila), base: Revision(1), record: employee("Mila B", 1).into() };
    let Answer::Conflict(conflict) = desk.ask(Request::Save(Save { step, drafts: vec![mine] }))
    else {
        panic!("no conflict")
    };
    assert_eq!(conflict.base, Some(employee("Mila", 1).into()));
    assert_eq!(conflict.theirs.map(|t| t.record), Some(employee("Mila A", 1).into()));
    assert_eq!(conflict.by, "siti");
    assert_eq!(desk.names(""), ["Mila A"]);
}

#[test]
fn a_nip_is_held_by_one_person_and_faults_name_their_field() {
    let mut desk = Desk::new();
    desk.save(employee("Mila", 1));
    let step = desk.step();
    let twin = Draft { id: None, base: Revision(0), record: employee("Lain", 1).into() };
    let problem = refused(desk.ask(Request::Save(Save { step, drafts: vec![twin] })));
    let Problem::Invalid(faults) = problem else { panic!("{problem:?}") };
    assert_eq!((faults[0].1.field.as_str(), faults[0].1.reason), ("number", Reason::DuplicateNip));
    assert_eq!(desk.names("").len(), 1);
}

#[test]
fn the_same_request_twice_is_done_once_also_after_a_restart() {
    let mut desk = Desk::new();
    let step = Step { req: RequestId("once".into()), via: Via::Tui, why: String::new() };
    let draft = Draft { id: None, base: Revision(0), record: employee("Mila", 1).into() };
    let request = Request::Save(Save { step, drafts: vec![draft] });
    let first = saved(desk.ask(request.clone()));
    assert_eq!(saved(desk.ask(request.clone())), first);
    desk.close();
    desk.open();
    assert_eq!(saved(desk.ask(request)), first);
    assert_eq!(desk.names("").len(), 1);
}

#[test]
fn ratings_and_standards_make_a_matrix_and_a_post_change_never_touches_them() {
    let mut desk = Desk::new();
    let rows = vec![
        person_row("Mila", 1, &["Kota", "Kecamatan Plaju", "Kelurahan Plaju Ulu"], "Lurah"),
        person_row("Budi", 2, &["Kota", "Kecamatan Plaju"], "Kepala Seksi"),
    ];
    desk.import(Intake::Employees, PEOPLE_COLUMNS, rows);
    let mila = RecordId::new(Kind::Employees, 1000);
    saved(desk.rate(mila, 1, 5, "2026-01-10"));
    saved(desk.rate(mila, 2, 1, "2026-01-10"));
    saved(desk.rate(mila, 2, 1, "2025-01-10"));
    let matrix = |desk: &mut Desk, at: Option<&str>| {
        let query = MatrixQuery {
            unit: None,
            search: "mila".into(),
            at: at.and_then(|at| at.parse().ok()),
            offset: 0,
            limit: 10,
            anchor: None,
        };
        match desk.ask(Request::Matrix(query)) {
            Answer::Matrix(matrix) => *matrix,
            other => panic!("{other:?}"),
        }
    };
    let now = matrix(&mut desk, None);
    assert_eq!((now.total, now.matched), (2, 1));
    let row = &now.rows[0];
    assert_eq!(row.cells[0].gap(), Some(3));
    assert_eq!(row.cells[1].gap(), Some(-1));
    assert_eq!(row.cells[2].gap(), None);
    assert_eq!(row.figures.below, 1);
    assert!(!now.standards_verified);
    let then = matrix(&mut desk, Some("2025-12-31"));
    assert_eq!(then.rows[0].cells[0].actual, None);
    assert_eq!(then.rows[0].cells[1].actual, Some(1));

    saved(desk.change(mila, |record| {
        if let Record::Employee(e) = record {
            e.position = None;
        }
    }));
    let moved = matrix(&mut desk, None);
    assert_eq!(moved.rows[0].cells[0].actual, Some(5));
    assert_eq!(moved.rows[0].cells[0].required, None);
    assert_eq!(desk.names("gap>0"), [] as [&str; 0]);
    saved(desk.undo());
    assert_eq!(desk.names("gap>0"), ["Mila"]);
}

#[test]
fn a_second_digit_in_the_same_sitting_supersedes_the_first() {
    let mut desk = Desk::new();
    let mila = desk.save(employee("Mila", 1));
    let first = saved(desk.rate(mila, 1, 2, "2026-11-21"));
    let second = saved(desk.rate(mila, 1, 4, "2026-11-21"));
    assert_eq!(first.ids, second.ids);
    assert_eq!(saved(desk.rate(mila, 1, 4, "2026-11-21")).seq, None);
    let problem = refused(desk.rate(mila, 1, 4, "2026-11-22"));
    assert!(matches!(problem, Problem::Invalid(f) if f[0].1.reason == Reason::DateFuture));
}

#[test]
fn ticking_attendance_changes_the_jp_of_the_year() {
    let mut desk = Desk::new();
    let pns = desk.save(employee("Mila", 1));
    let pppk = desk.save(Employee {
        name: "Rini".into(),
        number: EmployeeNumber::parse("199001012024212001").expect("an NI"),
        kind: EmploymentKind::Pppk,
        ..Employee::default()
    });
    let programme = desk.save(Programme {
        name: "Bimtek Adminduk".into(),
        r#type: "KL10".into(),
        jp: Some(30),
        ..Programme::default()
    });
    let session = desk.save(Session {
        programme: crate::domain::record::ProgrammeId(programme.number),
        start: "2026-11-10".parse().ok(),
        end: "2026-11-11".parse().ok(),
        ..Session::default()
    });
    let session = SessionId(session.number);
    let people = vec![EmployeeId(pns.number), EmployeeId(pppk.number)];
    let step = desk.step();
    let request = Request::Enrol { step, session, employees: people.clone() };
    assert_eq!(saved(desk.ask(request)).count, 2);
    let step = desk.step();
    let twice = Request::Enrol { step, session, employees: people.clone() };
    assert_eq!(saved(desk.ask(twice)).seq, None);
    for day in 0..2 {
        let marks = people.iter().map(|p| (*p, day, Some(Presence::Present))).collect();
        let step = desk.step();
        saved(desk.ask(Request::Attend { step, session, marks }));
    }
    let Answer::Attendance(attendance) = desk.ask(Request::Attendance(session)) else {
        panic!("no attendance")
    };
    assert_eq!(attendance.rows[0].earned, 30);
    assert_eq!(attendance.rows[0].standing, JpStanding::Reached);
    assert_eq!(attendance.rows[1].standing, JpStanding::Over { by: 6 });
    assert_eq!(desk.names("jp<20"), [] as [&str; 0]);
    let problem = {
        let step = desk.step();
        let ids = vec![(RecordId::from(session), Revision(4))];
        refused(desk.ask(Request::Delete { step, ids }))
    };
    assert!(matches!(problem, Problem::DependedOn { count: 2, .. }), "{problem:?}");
    saved(desk.undo());
    assert_eq!(desk.names("jp<20").len(), 2);
    desk.close();
    desk.open();
    assert_eq!(desk.names("jp<20").len(), 2);
    let step = desk.step();
    let request = Request::Unenrol { step, session, employees: people };
    assert_eq!(saved(desk.ask(request)).count, 2);
    assert!(matches!(desk.ask(Request::Verify), Answer::Verified(_)));
}

#[test]
fn a_person_with_a_history_is_deactivated_not_deleted() {
    let mut desk = Desk::new();
    let mila = desk.save(employee("Mila", 1));
    desk.rate(mila, 1, 3, "2026-01-01");
    let step = desk.step();
    let ids = vec![(mila, Revision(1))];
    let problem = refused(desk.ask(Request::Delete { step, ids }));
    assert_eq!(problem, Problem::HasHistory { label: "Mila".into() });
    saved(desk.change(mila, |record| {
        if let Record::Employee(e) = record {
            e.status = Status::Retired;
        }
    }));
    assert_eq!(desk.names("status:pensiun"), ["Mila"]);
}

#[test]
fn an_import_is_one_step_and_the_same_file_again_changes_nothing() {
    let mut desk = Desk::new();
    let rows = || {
        (0..1200)
            .map(|n| {
                let year = 1960 + n / 900;
                let number = format!("{year}0101198001{}{:03}", 1 + n % 2, n % 900 + 1);
                let RowData::Employee(mut row) =
                    person_row(&format!("Pegawai {n:04}"), 1, &["Kota", "Dinas"], "Kepala Seksi")
                else {
                    panic!("a person")
                };
                row.employee.number = EmployeeNumber::parse(&number).expect("a NIP");
                RowData::Employee(row)
            })
            .collect::<Vec<_>>()
    };
    let (verdicts, answer) = desk.import(Intake::Employees, PEOPLE_COLUMNS, rows());
    assert_eq!(verdicts.len(), 1200);
    let Answer::Imported(imported) = answer else { panic!("{answer:?}") };
    assert_eq!((imported.accepted, imported.added, imported.seq), (1200, 1200, Some(1)));
    let (verdicts, answer) = desk.import(Intake::Employees, PEOPLE_COLUMNS, rows());
    assert_eq!(verdicts.len(), 0);
    let Answer::Imported(again) = answer else { panic!("{answer:?}") };
    assert_eq!((again.unchanged, again.seq), (1200, None));
    desk.kill();
    desk.open();
    assert_eq!(desk.names("unit:dinas").len(), 1000, "one page of them");
    let undone = saved(desk.undo());
    assert_eq!(undone.count, 1203, "people, two units and a position");
    assert_eq!(desk.names("").len(), 0);
    saved(desk.redo());
    assert!(matches!(desk.ask(Request::Verify), Answer::Verified(v) if v.records == 1203));
}

#[test]
fn an_import_cut_off_by_a_kill_leaves_nothing() {
    let mut desk = Desk::new();
    desk.save(employee("Mila", 900));
    let step = desk.step();
    let columns = PEOPLE_COLUMNS.iter().map(ToString::to_string).collect();
    let start = ImportStart { step, intake: Intake::Employees, columns, dry_run: false };
    desk.ask(Request::ImportStart(start));
    for chunk in 0..4u32 {
        let rows = (0..200)
            .map(|n| {
                let serial = chunk * 200 + n;
                let data = person_row(&format!("P {serial}"), serial, &["Kota"], "Kepala Seksi");
                IntakeRow { line: serial + 2, data }
            })
            .collect();
        desk.ask(Request::ImportRows(rows));
    }
    let step = desk.step();
    let draft = Draft { id: None, base: Revision(0), record: employee("Budi", 901).into() };
    let meanwhile = refused(desk.ask(Request::Save(Save { step, drafts: vec![draft] })));
    assert_eq!(meanwhile, Problem::ImportRunning);
    desk.kill();
    desk.open();
    assert_eq!(desk.names(""), ["Mila"]);
    desk.save(employee("Budi", 901));
    assert!(matches!(desk.ask(Request::Verify), Answer::Verified(v) if v.entries == 2));
}

#[test]
fn a_unit_moved_by_hand_is_found_again_by_the_next_import() {
    let mut desk = Desk::new();
    let rows = || vec![person_row("Mila", 1, &["Kota", "Kelurahan Plaju Ulu"], "Lurah")];
    desk.import(Intake::Employees, PEOPLE_COLUMNS, rows());
    let kecamatan = desk.save(crate::domain::unit::Unit {
        name: "Kecamatan Plaju".into(),
        parent: Some(crate::domain::record::UnitId(1000)),
        ..crate::domain::unit::Unit::default()
    });
    saved(desk.change(RecordId::new(Kind::Units, 1001), |record| {
        if let Record::Unit(unit) = record {
            unit.parent = Some(crate::domain::record::UnitId(kecamatan.number));
        }
    }));
    let (_, answer) = desk.import(Intake::Employees, PEOPLE_COLUMNS, rows());
    let Answer::Imported(again) = answer else { panic!("{answer:?}") };
    assert_eq!((again.unchanged, again.seq), (1, None));
}

#[test]
fn trainings_of_a_ledger_share_a_session_and_count_for_the_year_they_end() {
    let mut desk = Desk::new();
    desk.save(employee("Mila", 1));
    desk.save(employee("Budi", 2));
    let row = |serial: u32| {
        RowData::Training(Box::new(TrainingRow {
            number: nip(serial),
            name: "Bimtek".into(),
            r#type: "KL03".into(),
            start: "2025-12-30".parse().expect("a day"),
            end: "2026-01-02".parse().expect("a day"),
            provider: "BPSDM".into(),
            jp: 24,
        }))
    };
    let (verdicts, answer) =
        desk.import(Intake::Trainings, &[], vec![row(1), row(2), row(1), row(3)]);
    let Answer::Imported(imported) = answer else { panic!("{answer:?}") };
    assert_eq!((imported.accepted, imported.added, imported.refused), (3, 2, 1));
    assert!(matches!(&verdicts[2], Verdict::Refused(f) if f.reason == Reason::EmployeeUnknown));
    let Answer::Page(sessions) = desk.ask(Request::List(ListQuery::all(Kind::Sessions))) else {
        panic!("no page")
    };
    assert_eq!(sessions.total, 1);
    assert_eq!(desk.names("jp>=24").len(), 2);
}

#[test]
fn history_tells_who_changed_what_field_by_field() {
    let mut desk = Desk::new();
    let mila = desk.save(employee("Mila", 1));
    saved(desk.change(mila, |record| {
        if let Record::Employee(e) = record {
            e.education = "S-1/Sarjana".into();
        }
    }));
    desk.save(employee("Budi", 2));
    let query = HistoryQuery { record: Some(mila), limit: 10, ..HistoryQuery::default() };
    let Answer::History(lines) = desk.ask(Request::History(query)) else { panic!("no history") };
    assert_eq!(lines.iter().map(|line| line.seq).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(lines[0].summary.label, "Mila");
    let Answer::Details(details) = desk.ask(Request::Details { seq: 2, limit: 10 }) else {
        panic!("no details")
    };
    assert_eq!(details[0].fields[0].field, "education");
    assert_eq!(details[0].fields[0].after, "\"S-1/Sarjana\"");
    saved(desk.undo());
    let all = HistoryQuery { limit: 10, ..HistoryQuery::default() };
    let Answer::History(lines) = desk.ask(Request::History(all)) else { panic!("no history") };
    assert_eq!(lines[0].summary.undoes, Some(3));
    assert_eq!(lines[1].undone_by, Some(4));
}

#[test]
fn a_built_in_row_is_shadowed_and_shows_again_on_undo() {
    let mut desk = Desk::new();
    let integritas = RecordId::new(Kind::Competencies, 1);
    saved(desk.change(integritas, |record| {
        if let Record::Competency(c) = record {
            c.name = "Integritas Kantor".into();
        }
    }));
    desk.close();
    desk.open();
    let name = |desk: &mut Desk| match desk.ask(Request::Get(integritas)) {
        Answer::Record(Some(stored)) => stored.record.label(),
        other => panic!("{other:?}"),
    };
    assert_eq!(name(&mut desk), "M.1 Integritas Kantor");
    saved(desk.undo());
    assert_eq!(name(&mut desk), "M.1 Integritas");
}

#[test]
fn the_list_sorts_by_grade_rank_and_keeps_the_cursor_by_record() {
    let mut desk = Desk::new();
    for (serial, grade) in ["II/d", "III/a", "IX", "IV/a"].iter().enumerate() {
        let mut person = employee(&format!("P{serial}"), serial as u32);
        person.grade = crate::domain::grade::Grade::parse(grade);
        desk.save(person);
    }
    let query = ListQuery {
        sort: vec![SortKey { column: "grade".into(), descending: true }],
        columns: vec!["grade".into()],
        limit: 2,
        anchor: Some(1000),
        ..ListQuery::all(Kind::Employees)
    };
    let Answer::Page(page) = desk.ask(Request::List(query)) else { panic!("no page") };
    assert_eq!(page.anchor, Some(3));
    assert!(page.rows.iter().any(|row| row.number == 1000));
    assert_eq!(desk.names("gol>=III/a gol<=IV/e"), ["P1", "P3"]);
}

#[test]
fn midnight_passes_while_the_office_is_open() {
    let mut desk = Desk::new();
    let today = |desk: &mut Desk| match desk.ask(Request::Welcome) {
        Answer::Welcome(info) => info.today.to_string(),
        other => panic!("{other:?}"),
    };
    assert_eq!(today(&mut desk), "2026-11-21");
    *desk.now.lock().expect("the time") = "2026-11-21T17:00:00Z".parse().expect("a time");
    assert_eq!(today(&mut desk), "2026-11-22", "midnight in WIB");
}

#[test]
fn people_gone_with_an_undone_import_do_not_come_back_on_the_next_opening() {
    let mut desk = Desk::new();
    let row = |serial: u32| person_row(&format!("Orang {serial}"), serial, &["Kota"], "Staf");
    desk.save(employee("Yang Tinggal", 999));
    // Enough for a large step, which is applied in bulk and packed in several chunks.
    desk.import(Intake::Employees, &["number", "name"], (1..=700).map(row).collect());
    desk.close();
    desk.open();
    assert_eq!(desk.names("").len(), 701);
    saved(desk.undo());
    desk.close();
    desk.open();
    assert_eq!(desk.names(""), ["Yang Tinggal"]);
}

#[test]
fn the_order_of_names_is_right_after_every_edit_and_every_opening() {
    let mut desk = Desk::new();
    let budi = desk.save(employee("budi", 1));
    desk.save(employee("Ani", 2));
    desk.save(employee("Citra  É", 3));
    assert_eq!(desk.names(""), ["Ani", "budi", "Citra  É"]);
    desk.change(budi, |record| {
        if let Record::Employee(employee) = record {
            employee.name = "Zainal".into();
        }
    });
    assert_eq!(desk.names(""), ["Ani", "Citra  É", "Zainal"]);
    desk.close();
    desk.open();
    assert_eq!(desk.names(""), ["Ani", "Citra  É", "Zainal"]);
    saved(desk.undo());
    assert_eq!(desk.names(""), ["Ani", "budi", "Citra  É"]);
    assert_eq!(desk.names("citra é"), ["Citra  É"]);
    assert_eq!(desk.names("UD"), ["budi"]);
    let step = desk.step();
    let Answer::Record(Some(stored)) = desk.ask(Request::Get(budi)) else { panic!("gone") };
    saved(desk.ask(Request::Delete { step, ids: vec![(budi, stored.rev)] }));
    assert_eq!(desk.names(""), ["Ani", "Citra  É"]);
    saved(desk.undo());
    desk.close();
    desk.open();
    assert_eq!(desk.names(""), ["Ani", "budi", "Citra  É"]);
}

#[test]
fn a_figure_still_being_typed_hides_nobody() {
    let mut desk = Desk::new();
    desk.save(employee("Ani", 1));
    assert_eq!(desk.names("jp<").len(), 1);
    assert_eq!(desk.names("jp<2").len(), 1);
    assert_eq!(desk.names("jp>2.5").len(), 0);
    assert_eq!(desk.names("status:aktif").len(), 1);
    assert_eq!(desk.names("status=pindah").len(), 0);
    assert_eq!(desk.names("jenis:pppk").len(), 0);
}
