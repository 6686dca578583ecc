//! Requests no screen would ever send, over the same link as all others: whatever they
//! ask, each is answered, nothing panics, and the office is sound afterwards. What no wire
//! can carry, for it is refused where it is read, is not asked.

use std::sync::mpsc::{Receiver, channel};

use chrono::NaiveDate;
use kompeten::codec;
use kompeten::domain::change::{Head, Place, RequestId, Via};
use kompeten::domain::grade::Grade;
use kompeten::domain::intake::{
    CompetencyRow, EmployeeRow, Intake, IntakeRow, PlainRow, RowData, TrainingRow,
};
use kompeten::domain::kinds::competency::{Competency, Level, LevelText};
use kompeten::domain::kinds::employee::{Employee, EmploymentKind, Status};
use kompeten::domain::kinds::enrolment::{Enrolment, Presence};
use kompeten::domain::kinds::position::{JobLevel, Position};
use kompeten::domain::kinds::programme::Programme;
use kompeten::domain::kinds::rating::{Rating, RatingSource};
use kompeten::domain::kinds::session::Session;
use kompeten::domain::kinds::setting::Setting;
use kompeten::domain::kinds::standard::Standard;
use kompeten::domain::kinds::unit::Unit;
use kompeten::domain::number::EmployeeNumber;
use kompeten::domain::record::{
    CompetencyId, EmployeeId, Kind, PositionId, ProgrammeId, Record, RecordId, Revision, SessionId,
    UnitId,
};
use kompeten::link::Link;
use kompeten::link::embedded::{self, Embedded, OpenOptions};
use kompeten::protocol::{
    Answer, DraftRecord, HistoryQuery, ImportStart, Incoming, ListQuery, MatrixQuery, Problem,
    Request, Save, SortKey, Step, Ticket,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, FileFailurePersistence, TestRunner};

use super::desk::{Desk, copy_folder};
use super::hostile_cycles as cycles;

/// How many cases are tried; without it enough to notice what is broken.
const CASES: &str = "KOMPETEN_HOSTILE_CASES";
/// Seeds that failed once: tried first ever after.
const SEEDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/crash/hostile.seeds");

pub fn number() -> impl Strategy<Value = u32> {
    prop_oneof![
        6 => 1000_u32..1006,
        2 => 1_u32..12,
        1 => select(vec![0, 999, 0x7fff_ffff, 0x8000_0000, u32::MAX - 1, u32::MAX]),
    ]
}

pub fn seq() -> impl Strategy<Value = u64> {
    prop_oneof![4 => 0_u64..30, 1 => select(vec![u64::MAX, u64::MAX - 1, 1 << 63])]
}

pub fn count() -> impl Strategy<Value = u32> {
    prop_oneof![3 => 0_u32..20, 1 => select(vec![1000, 0x8000_0000, u32::MAX])]
}

pub fn text() -> impl Strategy<Value = String> {
    let known = [
        "",
        " ",
        "a",
        "Plaju",
        "name",
        "number",
        "status",
        "jp",
        "grade",
        "unit",
        "WIB",
        "WITA",
        "office_name",
        "time_zone",
        "attendance_min",
        "80",
        "0",
        "255",
        "KL01",
        "KL10",
        "M.1",
        "\"moved\"",
        "1000",
        "[1]",
        "{}",
        "null",
        "true",
        "-1",
        "99999999999999999999",
        "2026-11-21",
        "gap>0",
        "jp<20",
        "jp>=99999999999999999999",
        "unit:plaju",
        "\"",
        ":",
        "name:",
        "<",
        "a:b:c",
        "grade>=III/c",
        "-",
        "/",
        " / ",
        "employees/1000",
        "units/1000",
        "Kota / Plaju",
        "198001012005012001",
        "\u{0}",
        "\u{1b}[2J",
        "\u{202e}",
        "İ",
        "ﬁ",
        "👩‍👩‍👧",
        "%{x}",
        "../..",
    ];
    prop_oneof![
        6 => select(known.to_vec()).prop_map(String::from),
        2 => "\\PC{0,12}",
        1 => Just("x".repeat(501)),
        // As much as a reason may hold, and more than any field.
        1 => Just("é".repeat(2_000)),
    ]
}

pub fn date() -> impl Strategy<Value = NaiveDate> {
    let far = [
        NaiveDate::MIN,
        NaiveDate::MAX,
        NaiveDate::from_ymd_opt(0, 1, 1).expect("a day"),
        NaiveDate::from_ymd_opt(-1, 12, 31).expect("a day"),
        NaiveDate::from_ymd_opt(9999, 12, 31).expect("a day"),
        NaiveDate::from_ymd_opt(10_000, 1, 1).expect("a day"),
        NaiveDate::from_ymd_opt(65_536, 1, 1).expect("a day"),
        NaiveDate::from_ymd_opt(2024, 2, 29).expect("a day"),
    ];
    let near = (0_i64..900).prop_map(|days| {
        NaiveDate::from_ymd_opt(2024, 6, 1).expect("a day") + chrono::TimeDelta::days(days)
    });
    prop_oneof![3 => near, 1 => select(far.to_vec())]
}

fn kind() -> impl Strategy<Value = Kind> {
    select(Kind::ALL.to_vec())
}

fn id() -> impl Strategy<Value = RecordId> {
    (kind(), number()).prop_map(|(kind, number)| RecordId::new(kind, number))
}

fn revision() -> impl Strategy<Value = Revision> {
    seq().prop_map(Revision)
}

pub fn step() -> impl Strategy<Value = Step> {
    let req = prop_oneof![
        9 => any::<u128>().prop_map(|number| format!("{number:032x}")),
        // The same again; and one that no client makes.
        1 => Just("0".repeat(32)),
        1 => text(),
    ];
    let via = select(vec![Via::Tui, Via::Cli, Via::Import]);
    (req, via, text()).prop_map(|(req, via, why)| Step { req: RequestId(req), via, why })
}

fn nip() -> impl Strategy<Value = EmployeeNumber> {
    prop_oneof![
        4 => (1_u32..8).prop_map(|serial| super::desk::employee(serial).number),
        1 => Just(EmployeeNumber::default()),
        // Another is not to be had: no number is made but by its constructors.
        1 => text().prop_map(|text| EmployeeNumber::local(&text).unwrap_or_default()),
    ]
}

pub fn level() -> impl Strategy<Value = Level> {
    (1_u8..=5).prop_map(|level| Level::new(level).expect("a level"))
}

fn jp() -> impl Strategy<Value = Option<u16>> {
    option::of(prop_oneof![0_u16..40, Just(u16::MAX)])
}

fn employee() -> impl Strategy<Value = Employee> {
    let words = (text(), text(), text(), text());
    let places = (option::of(number()), option::of(number()), option::of(1_u8..=17));
    let dates = (option::of(date()), option::of(date()), option::of(any::<u8>()), jp());
    let kinds = (
        select(vec![EmploymentKind::Pns, EmploymentKind::Pppk, EmploymentKind::Other]),
        select(vec![Status::Active, Status::Moved]),
    );
    (nip(), words, places, dates, kinds).prop_map(
        |(
            number,
            (name, front_title, education, pns_id),
            (unit, position, grade),
            (birth_date, cpns_since, service_years, graduation_year),
            (kind, status),
        )| Employee {
            number,
            name,
            front_title,
            education,
            pns_id,
            unit: unit.map(UnitId),
            position: position.map(PositionId),
            grade: grade.and_then(Grade::from_id),
            birth_date,
            cpns_since,
            service_years,
            graduation_year,
            kind,
            status,
            ..Employee::default()
        },
    )
}

fn rating() -> impl Strategy<Value = Rating> {
    (number(), number(), level(), any::<bool>(), text(), option::of(date())).prop_map(
        |(employee, competency, level, source, rater, date)| Rating {
            employee: EmployeeId(employee),
            competency: CompetencyId(competency),
            level,
            source: source.then_some(RatingSource::Assessor),
            rater,
            date,
            ..Rating::default()
        },
    )
}

fn position() -> impl Strategy<Value = Position> {
    (text(), text()).prop_map(|(title, eselon)| Position { title, eselon, ..Position::default() })
}

fn competency() -> impl Strategy<Value = Competency> {
    (text(), text(), vec(text(), 0..3), any::<bool>()).prop_map(|(code, name, texts, archived)| {
        Competency {
            code,
            name,
            archived,
            levels: texts
                .into_iter()
                .map(|text| LevelText { indicators: vec![text.clone()], description: text })
                .collect(),
            ..Competency::default()
        }
    })
}

fn marks() -> impl Strategy<Value = Vec<Option<Presence>>> {
    let mark = option::of(select(vec![Presence::Present, Presence::Absent, Presence::Excused]));
    prop_oneof![4 => vec(mark.clone(), 0..5), 1 => vec(mark, 390..410)]
}

pub fn record() -> BoxedStrategy<Record> {
    let session = (number(), option::of(date()), option::of(date()), jp(), jp()).prop_map(
        |(programme, start, end, jp, capacity)| Session {
            programme: ProgrammeId(programme),
            start,
            end,
            jp,
            capacity,
            ..Session::default()
        },
    );
    let enrolment = (number(), number(), marks(), jp(), text()).prop_map(
        |(session, employee, attendance, jp, note)| Enrolment {
            session: SessionId(session),
            employee: EmployeeId(employee),
            attendance,
            jp,
            note,
        },
    );
    let programme =
        (text(), text(), jp(), option::of(number())).prop_map(|(name, r#type, jp, competency)| {
            Programme {
                name,
                r#type,
                jp,
                competency: competency.map(CompetencyId),
                ..Programme::default()
            }
        });
    let standard = (any::<bool>(), option::of(number()), number(), level(), option::of(date()))
        .prop_map(|(job_level, position, competency, level, effective_from)| Standard {
            job_level: job_level.then_some(JobLevel::Pengawas),
            position: position.map(PositionId),
            competency: CompetencyId(competency),
            level,
            effective_from,
            ..Standard::default()
        });
    let unit = (text(), text(), option::of(number())).prop_map(|(name, code, parent)| Unit {
        name,
        code,
        parent: parent.map(UnitId),
        closed: false,
    });
    prop_oneof![
        employee().prop_map(Record::from),
        rating().prop_map(Record::from),
        session.prop_map(Record::from),
        enrolment.prop_map(Record::from),
        programme.prop_map(Record::from),
        standard.prop_map(Record::from),
        unit.prop_map(Record::from),
        position().prop_map(Record::from),
        competency().prop_map(Record::from),
        cycles::record(),
        (text(), text()).prop_map(|(name, value)| Setting { name, value }.into()),
    ]
    .boxed()
}

fn list() -> impl Strategy<Value = ListQuery> {
    let columns = || {
        let column = kind().prop_flat_map(|kind| {
            let names: Vec<_> = kind.columns().iter().map(|column| column.name).collect();
            select(names).prop_map(String::from)
        });
        vec(prop_oneof![4 => column, 1 => text()], 0..4)
    };
    let sort = vec((columns(), any::<bool>()), 0..3);
    let window = (count(), count(), option::of(number()));
    (kind(), text(), option::of(number()), option::of(id()), sort, columns(), window).prop_map(
        |(kind, search, unit, of, sort, columns, (offset, limit, anchor))| ListQuery {
            kind,
            search,
            unit: unit.map(UnitId),
            of,
            sort: sort
                .into_iter()
                .flat_map(|(columns, descending)| {
                    columns.into_iter().map(move |column| SortKey { column, descending })
                })
                .collect(),
            columns,
            offset,
            limit,
            anchor,
            export: offset % 2 == 0,
        },
    )
}

fn matrix() -> impl Strategy<Value = MatrixQuery> {
    (option::of(number()), text(), option::of(date()), count(), count(), option::of(number()))
        .prop_map(|(unit, search, at, offset, limit, anchor)| MatrixQuery {
            grouped: offset % 2 == 0,
            sort: None,
            unit: unit.map(UnitId),
            search,
            at,
            offset,
            limit,
            anchor,
            since: None,
        })
}

/// A field of any kind, or none.
fn field() -> impl Strategy<Value = String> {
    let names = Kind::ALL.iter().flat_map(|kind| kind.fields()).map(|field| field.name);
    prop_oneof![9 => select(names.collect::<Vec<_>>()).prop_map(String::from), 1 => text()]
}

fn value() -> impl Strategy<Value = kompeten::domain::value::Value> {
    use kompeten::domain::value::Value;
    prop_oneof![
        text().prop_map(Value::Text),
        text().prop_map(Value::Choice),
        nip().prop_map(|number| Value::from(&number)),
        any::<i64>().prop_map(Value::Whole),
        (0_i64..7).prop_map(Value::Whole),
        date().prop_map(Value::Date),
        any::<bool>().prop_map(Value::Flag),
    ]
}

fn row() -> impl Strategy<Value = IntakeRow> {
    let person = (employee(), vec(text(), 0..4), text(), option::of(position())).prop_map(
        |(employee, unit_path, unit_code, position)| {
            RowData::Employee(Box::new(EmployeeRow { employee, unit_path, unit_code, position }))
        },
    );
    let competency = (competency(), count()).prop_map(|(competency, rows)| {
        RowData::Competency(Box::new(CompetencyRow { competency, rows }))
    });
    let plain = vec((field(), value()), 0..12).prop_map(|said| {
        let row = PlainRow::default();
        RowData::Plain(said.into_iter().fold(row, |row, (field, value)| row.with(&field, value)))
    });
    let training = (nip(), text(), text(), date(), date(), text(), jp()).prop_map(
        |(number, name, r#type, start, end, provider, jp)| {
            let jp = jp.unwrap_or(0);
            RowData::Training(Box::new(TrainingRow {
                number,
                name,
                r#type,
                start,
                end,
                provider,
                jp,
            }))
        },
    );
    (count(), prop_oneof![person, competency, plain, training])
        .prop_map(|(line, data)| IntakeRow { line, data })
}

fn write() -> BoxedStrategy<Request> {
    let draft = (option::of(id()), revision(), record());
    // Most new ones, so that something stands at all.
    let draft = prop_oneof![
        draft.prop_map(|(id, base, record)| DraftRecord { id, base, record }),
        record().prop_map(|record| DraftRecord { id: None, base: Revision(0), record }),
        (number(), revision(), record()).prop_map(|(number, base, record)| {
            DraftRecord { id: Some(RecordId::new(record.kind(), number)), base, record }
        }),
        (1_u32..8).prop_map(|serial| DraftRecord {
            id: None,
            base: Revision(0),
            record: super::desk::employee(serial).into(),
        }),
    ];
    let people = || vec(number().prop_map(EmployeeId), 0..5);
    let session = || number().prop_map(SessionId);
    let mark = (
        number().prop_map(EmployeeId),
        prop_oneof![3 => 0_u16..4, 1 => Just(u16::MAX)],
        option::of(Just(Presence::Present)),
    );
    prop_oneof![
        6 => (step(), vec(draft, 0..4)).prop_map(|(step, drafts)| Request::Save(Save { step, drafts })),
        2 => (step(), kind(), vec(number(), 0..6), text(), text()).prop_map(
            |(step, kind, ids, field, value)| Request::SetField { step, kind, ids, field, value }
        ),
        3 => (step(), vec(rating(), 0..4)).prop_map(|(step, ratings)| Request::Rate { step, ratings }),
        2 => (step(), session(), people())
            .prop_map(|(step, session, employees)| Request::Enrol { step, session, employees }),
        1 => (step(), seq()).prop_map(|(step, seq)| Request::EraseReason { step, seq }),
        1 => (step(), session(), people())
            .prop_map(|(step, session, employees)| Request::Unenrol { step, session, employees }),
        2 => (step(), session(), vec(mark, 0..5))
            .prop_map(|(step, session, marks)| Request::Attend { step, session, marks }),
        2 => (step(), vec((id(), revision()), 0..4))
            .prop_map(|(step, ids)| Request::Delete { step, ids }),
        2 => (step(), option::of(seq())).prop_map(|(step, seq)| Request::Undo { step, seq }),
        1 => step().prop_map(|step| Request::Redo { step }),
        3 => cycles::act(),
    ]
    .boxed()
}

fn read() -> BoxedStrategy<Request> {
    let history =
        (option::of(id()), option::of(text()), option::of(date()), option::of(seq()), count());
    let narrowed = (option::of(number()), option::of(kind()), text(), option::of(seq()));
    let history = (history, narrowed);
    prop_oneof![
        1 => Just(Request::Welcome),
        4 => list().prop_map(Request::List),
        2 => list().prop_map(Request::Ids),
        1 => id().prop_map(Request::Get),
        2 => cycles::page(),
        2 => (kind(), text()).prop_map(|(kind, text)| Request::Find(kind, text)),
        1 => vec(id(), 0..8).prop_map(Request::Labels),
        2 => (kind(), text(), count())
            .prop_map(|(kind, text, limit)| Request::Lookup { kind, text, limit }),
        1 => text().prop_map(Request::FindUnit),
        1 => number().prop_map(|number| Request::Person(EmployeeId(number))),
        2 => matrix().prop_map(Request::Matrix),
        1 => (number(), number(), option::of(date())).prop_map(|(employee, competency, at)| {
            let (employee, competency) = (EmployeeId(employee), CompetencyId(competency));
            Request::Explain { employee, competency, at }
        }),
        1 => number().prop_map(|number| Request::Attendance(SessionId(number))),
        2 => history.prop_map(|((record, by, since, before, limit), (number, kind, search, after))| {
            let (person, until) = (number.map(EmployeeId), since);
            Request::History(HistoryQuery {
                record, person, kind, by, since, until, search, before, after, limit,
            })
        }),
        1 => (seq(), count(), option::of(number()))
            .prop_map(|(seq, limit, of)| Request::Details { seq, limit, of: of.map(EmployeeId) }),
        1 => (place(), option::of((seq(), place()))).prop_map(|(from, head)| {
            let head = head.map(|(seq, end)| Head { seq, hash: [0; 32], end });
            Request::Backup { from, head }
        }),
    ]
    .boxed()
}

fn place() -> impl Strategy<Value = Place> {
    let offset = prop_oneof![0..9000_u64, any::<u64>()];
    (prop_oneof![0..3_u32, any::<u32>()], offset)
        .prop_map(|(segment, offset)| Place { segment, offset })
}

fn import() -> BoxedStrategy<Request> {
    let start = (step(), select(Intake::ALL.to_vec()), vec(text(), 0..6), any::<bool>());
    prop_oneof![
        1 => start.prop_map(|(step, intake, columns, dry_run)| {
            let mut all = columns;
            all.extend(["number", "name", "unit", "position", "pns_id"].map(String::from));
            Request::ImportStart(ImportStart { step, intake, columns: all, dry_run })
        }),
        3 => vec(row(), 0..6).prop_map(Request::ImportRows),
        3 => Just(Request::ImportFinish),
        2 => Just(Request::ImportCancel),
    ]
    .boxed()
}

fn request() -> impl Strategy<Value = Request> {
    prop_oneof![
        10 => write(),
        10 => read(),
        3 => import(),
        3 => super::hostile_beside::beside(),
    ]
}

fn open(desk: &Desk) -> (Embedded, Receiver<Incoming>) {
    let (sender, incoming) = channel();
    let options = OpenOptions {
        data: desk.data().into(),
        read_only: false,
        officer: "siti".into(),
        socket: None,
    };
    let link = embedded::open(&options, move |message| {
        let _ = sender.send(message);
    });
    (link.expect("an office"), incoming)
}

#[test]
fn no_request_however_odd_stops_the_office() {
    // So large a generator needs more stack than a test's thread has.
    let thread = std::thread::Builder::new().stack_size(64 << 20).spawn(any_requests);
    assert!(thread.expect("a thread").join().is_ok());
}

fn any_requests() {
    let cases = std::env::var(CASES).ok().map(|cases| cases.parse().expect("a number"));
    let mut runner = TestRunner::new(Config {
        cases: cases.unwrap_or(60),
        max_shrink_iters: 60,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(SEEDS))),
        ..Config::default()
    });
    let mut filled = Desk::filled();
    filled.save(kompeten::domain::kinds::cycle::Cycle {
        name: "tahun ini".into(),
        ..kompeten::domain::kinds::cycle::Cycle::default()
    });
    filled.close();
    let counts = std::cell::RefCell::new(std::collections::BTreeMap::<String, u32>::new());
    let result = runner.run(&vec(request(), 1..120), |mut requests| {
        let drawn = requests.len();
        requests.retain(can_be_carried);
        let refused = u32::try_from(drawn - requests.len()).expect("a few");
        *counts.borrow_mut().entry("(not carried)".into()).or_default() += refused;
        let mut desk = Desk::closed();
        copy_folder(filled.data(), desk.data());
        let (link, incoming) = open(&desk);
        for (request, ticket) in requests.iter().zip(1..) {
            link.ask(Ticket(ticket), request.clone());
        }
        // What grows with the journal is answered when it is done, the rest goes on before.
        let mut unanswered: std::collections::BTreeSet<u64> = (1..=requests.len() as u64).collect();
        while !unanswered.is_empty() {
            match incoming.recv() {
                Ok(Incoming::Reply(Ticket(ticket), answer)) => {
                    prop_assert!(unanswered.remove(&ticket), "answered twice");
                    let asked = &requests[ticket as usize - 1];
                    prop_assert_ne!(&*answer, &Answer::Refused(Problem::Closed), "{:?}", asked);
                    let sound = !matches!(
                        &*answer,
                        Answer::Refused(
                            Problem::Differs { .. } | Problem::Damaged { .. } | Problem::Io(_)
                        )
                    );
                    prop_assert!(sound, "{:?} to {:?}", answer, asked);
                    *counts.borrow_mut().entry(name(&answer)).or_default() += 1;
                }
                Ok(Incoming::Notice(_)) => {}
                Err(_) => return Err(TestCaseError::fail("the office has gone")),
            }
        }
        link.close();
        // Everything it has written can be read again, by the store and without it.
        let info = desk.open();
        prop_assert_eq!(info.read_only, None);
        prop_assert_eq!(info.mended, []);
        desk.verify();
        let before = desk.everything();
        desk.close();
        std::fs::remove_dir_all(desk.store()).expect("removed");
        let info = desk.open();
        prop_assert_eq!(info.read_only, None);
        prop_assert!(desk.everything() == before, "otherwise after a rebuild");
        Ok(())
    });
    let counts = counts.into_inner();
    println!("{counts:?}");
    // The whole of what failed, however long: its seed is in the file besides.
    if let Err(error) = result {
        panic!("{error}");
    }
    // Nothing is proven by requests that never reach the office or that it never grants.
    let of = |name: &str| counts.get(name).copied().unwrap_or_default();
    assert!(of("(not carried)") < counts.values().sum::<u32>() / 4, "{counts:?}");
    assert!(["Saved", "Imported", "Page", "Person"].into_iter().all(|name| of(name) > 0));
    assert!(of("Cycle") + of("Sheets") > 0, "no cycle was ever looked at");
}

/// Whether the wire brings a request to the office as it was sent.
fn can_be_carried(request: &Request) -> bool {
    let bytes = codec::encode(request);
    bytes.is_ok_and(|bytes| codec::decode::<Request>(&bytes).is_ok())
}

/// The kind of an answer.
fn name(answer: &Answer) -> String {
    let text = format!("{answer:?}");
    let words: Vec<_> = text.split(['(', ' ', '{']).filter(|word| !word.is_empty()).collect();
    if words[0] == "Refused" { words[..2].join(" ") } else { words[0].to_string() }
}
