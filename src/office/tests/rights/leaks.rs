//! Whatever somebody asks, at random and by thousands: nothing they are answered or told
//! names what only records beyond their units hold, and none of those is ever changed.

use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::*;
use crate::codec::arbitrary;
use crate::domain::kinds::cycle::Cycle;
use crate::domain::kinds::position::Position;
use crate::domain::record::CycleId;
use crate::domain::vocabulary::Tongue;
use crate::protocol::CycleAct;

/// Enough of the secret to find it, too little to be mistaken for it in an echo.
const TEXTS: [&str; 12] = [
    "",
    "rahasia",
    "rahasia-77",
    "mila",
    "olan rahasia",
    "19900101",
    "199001012015011003",
    "19900101 201501 1 003",
    "education:rahasia",
    "email:rahasia nip:1990",
    "unit:ilir",
    "1001",
];

fn texts() -> impl Strategy<Value = String> {
    select(TEXTS.to_vec()).prop_map(str::to_string)
}

/// A post there is, for reports that ask for one.
const POST: &str = "Lurah";

/// Records of the town, of nobody, and built-in ones.
fn number() -> impl Strategy<Value = u32> {
    prop_oneof![1000_u32..1016, 1_u32..12, Just(9000)]
}

fn id() -> impl Strategy<Value = RecordId> {
    (select(Kind::ALL.to_vec()), number()).prop_map(|(kind, number)| RecordId::new(kind, number))
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![Just(Kind::Employees), select(Kind::ALL.to_vec())]
}

fn step() -> Step {
    Step { req: RequestId(String::new()), via: Via::Tui, why: "karena".into() }
}

fn list() -> impl Strategy<Value = ListQuery> {
    let sorted = (any::<prop::sample::Index>(), any::<bool>());
    let of = prop::option::of(id());
    let unit = prop::option::of(number().prop_map(UnitId));
    (kind(), texts(), unit, of, prop::option::of(sorted), 0_u32..9, prop::option::of(number()))
        .prop_map(|(kind, search, unit, of, sorted, offset, anchor)| {
            let columns = kind.columns();
            let sort = sorted.map(|(at, descending)| SortKey {
                column: columns[at.index(columns.len())].name.into(),
                descending,
            });
            let sort = sort.into_iter().collect();
            ListQuery { search, unit, of, sort, offset, anchor, ..ListQuery::all(kind) }
        })
}

/// The columns of a report that it has whatever is asked.
fn report_columns(id: &str) -> Vec<String> {
    let report = crate::office::reports::find(id).expect("a report");
    report.columns().into_iter().map(|column| column.key).collect()
}

/// Any report, with any values of what it takes.
fn report() -> impl Strategy<Value = ReportQuery> {
    let ids: Vec<String> =
        crate::office::all_reports().into_iter().map(|report| report.id).collect();
    let unit = prop::option::of(number().prop_map(UnitId));
    let pick = any::<prop::sample::Index>;
    let at = prop::option::of(select(vec!["2020-01-01", "2026-11-20", "2036-11-30"]));
    let asked = (select(ids), unit, texts(), at, any::<bool>());
    (asked, pick(), pick(), any::<bool>()).prop_map(
        |((id, unit, search, at, export), choice, column, descending)| {
            let report = crate::office::reports::find(&id).expect("a report");
            let own = report.params().into_iter().filter_map(|param| match param.shape {
                ParamShape::Choice(codes) => {
                    Some((param.name, codes[choice.index(codes.len())].clone()))
                }
                ParamShape::Position => Some((param.name, POST.to_string())),
                // A session's, of both districts.
                ParamShape::One(Kind::Cycles) => Some((param.name, "1000".into())),
                ParamShape::One(Kind::Sessions) => {
                    Some((param.name, (1000 + choice.index(3)).to_string()))
                }
                _ => None,
            });
            let columns = report_columns(&id);
            let column = columns[column.index(columns.len())].clone();
            let sort = vec![SortKey { column, descending }];
            let takes = |name| report.params().iter().any(|param| param.name == name);
            ReportQuery {
                unit: unit.filter(|_| takes("unit")),
                search: if takes("search") { search } else { String::new() },
                at: at.filter(|_| takes("at")).and_then(|at| at.parse().ok()),
                own: own.collect(),
                sort,
                export,
                ..ReportQuery::of(&id)
            }
        },
    )
}

fn reading() -> impl Strategy<Value = Request> {
    let person = || number().prop_map(EmployeeId);
    prop_oneof![
        Just(Request::Welcome),
        list().prop_map(Request::List),
        list().prop_map(Request::Ids),
        id().prop_map(Request::Get),
        (kind(), texts()).prop_map(|(kind, text)| Request::Find(kind, text)),
        prop::collection::vec(id(), 0..9).prop_map(Request::Labels),
        (kind(), texts()).prop_map(|(kind, text)| Request::Lookup { kind, text, limit: 50 }),
        (kind(), texts()).prop_map(|(kind, text)| Request::Complete {
            kind,
            tongue: Tongue::Indonesian,
            text
        }),
        texts().prop_map(Request::FindUnit),
        prop::option::of(number().prop_map(UnitId)).prop_map(|unit| Request::Home { unit }),
        person().prop_map(Request::Person),
        (person(), number()).prop_map(|(employee, position)| Request::PersonAs {
            employee,
            position: PositionId(position)
        }),
        (prop::option::of(number().prop_map(UnitId)), texts(), any::<bool>()).prop_map(
            |(unit, search, historic)| {
                let at = historic.then(|| "2026-11-20".parse().expect("a day"));
                Request::Matrix(MatrixQuery {
                    sort: None,
                    grouped: true,
                    unit,
                    search,
                    at,
                    offset: 0,
                    limit: 50,
                    anchor: None,
                    since: None,
                })
            }
        ),
        person().prop_map(|employee| Request::Explain {
            employee,
            competency: CompetencyId(1),
            at: None
        }),
        number().prop_map(|session| Request::Attendance(SessionId(session))),
        (texts(), prop::collection::vec(person(), 0..9))
            .prop_map(|(text, employees)| Request::Openings { text, employees, limit: 50 }),
        number().prop_map(|cycle| Request::Cycle(CycleId(cycle))),
        number().prop_map(|cycle| Request::Sheets { cycle: CycleId(cycle), unit: None, offset: 0 }),
        Just(Request::Reports),
        report().prop_map(Request::Report),
        (report(), number(), any::<prop::sample::Index>()).prop_map(|(query, row, at)| {
            let columns = report_columns(&query.report);
            let column = columns[at.index(columns.len())].clone();
            Request::ExplainCell { query, row: row.into(), column }
        }),
        (prop::option::of(id()), prop::option::of(1_u64..40)).prop_map(|(record, before)| {
            Request::History(HistoryQuery { record, before, limit: 50, ..HistoryQuery::default() })
        }),
        (prop::option::of(person()), texts(), prop::option::of(0_u64..40)).prop_map(
            |(person, search, after)| {
                let query = HistoryQuery { person, search, after, ..HistoryQuery::default() };
                Request::History(HistoryQuery { limit: 50, ..query })
            }
        ),
        (1_u64..60).prop_map(|seq| Request::Details { seq, limit: 50, of: None }),
        prop::option::of(id()).prop_map(Request::Editing),
        Just(Request::Backup { from: crate::domain::change::Place::default(), head: None }),
        Just(Request::Verify),
        Just(Request::FindHead { seq: Some(1), hash: "0".into() }),
    ]
}

fn writing() -> impl Strategy<Value = Request> {
    let people = || prop::collection::vec(number().prop_map(EmployeeId), 1..3);
    let session = || number().prop_map(SessionId);
    let rev = || (0_u64..60).prop_map(Revision);
    prop_oneof![
        (prop::option::of(number()), rev(), arbitrary::record()).prop_map(
            |(number, base, record)| {
                let id = number.map(|number| RecordId::new(record.kind(), number));
                Request::Save(Save { step: step(), drafts: vec![DraftRecord { id, base, record }] })
            }
        ),
        (prop::collection::vec(number(), 1..3), number()).prop_map(|(ids, unit)| {
            Request::SetField {
                step: step(),
                kind: Kind::Employees,
                ids,
                field: "unit".into(),
                value: unit.to_string(),
            }
        }),
        (number(), 1_u8..6).prop_map(|(person, level)| Request::Rate {
            step: step(),
            ratings: vec![rating_of(EmployeeId(person), level)],
        }),
        (session(), people()).prop_map(|(session, employees)| Request::Enrol {
            step: step(),
            session,
            employees
        }),
        (session(), people()).prop_map(|(session, employees)| Request::Unenrol {
            step: step(),
            session,
            employees
        }),
        (session(), people()).prop_map(|(session, people)| Request::Attend {
            step: step(),
            session,
            marks: people.into_iter().map(|one| (one, 0, Some(Presence::Present))).collect(),
        }),
        (number(), prop_oneof![Just(CycleAct::Propose), Just(CycleAct::MakeSheets)])
            .prop_map(|(cycle, act)| Request::Assess { step: step(), cycle: CycleId(cycle), act }),
        (id(), rev()).prop_map(|one| Request::Delete { step: step(), ids: vec![one] }),
        prop::option::of(1_u64..80).prop_map(|seq| Request::Undo { step: step(), seq }),
        Just(Request::Redo { step: step() }),
        any::<bool>().prop_map(|dry_run| Request::ImportStart(ImportStart {
            step: step(),
            intake: Intake::Employees,
            columns: PEOPLE_COLUMNS.iter().map(ToString::to_string).collect(),
            dry_run,
        })),
        (1_u32..6, select(vec!["Kecamatan Plaju", "Kecamatan Ilir", "Baru"])).prop_map(
            |(serial, unit)| {
                let path = ["Pemerintah Kota", unit];
                let data = person_row("Dari Berkas", serial, &path, "Lurah");
                Request::ImportRows(vec![IntakeRow { line: 2, data }])
            }
        ),
        Just(Request::ImportFinish),
        Just(Request::ImportCancel),
    ]
}

/// Records only the other district and the whole office may see, as they stand.
fn hidden(town: &mut Town) -> Vec<crate::protocol::Stored> {
    let Target { person, rating, enrolment, .. } = town.outside.clone();
    [person, rating, enrolment, town.nowhere].map(|id| town.stored(id)).to_vec()
}

impl Town {
    /// What the office keeps of an officer.
    fn officer(&mut self, user: &str) -> (RecordId, Record) {
        let officers = self.page_as("siti", ListQuery::all(Kind::Officers));
        let mut ids =
            officers.rows.into_iter().map(|row| RecordId::new(Kind::Officers, row.number));
        let of = |stored: &crate::protocol::Stored| match &stored.record {
            Record::Officer(officer) => officer.user == user,
            _ => false,
        };
        let found = ids.find_map(|id| Some(self.stored(id)).filter(of));
        found.map(|stored| (stored.id, stored.record)).expect("an officer")
    }
}

fn nothing_leaks_to(user: &str, questions: usize) {
    let mut town = Town::new();
    town.desk.save(Position { title: POST.into(), ..Position::default() });
    // A cycle of the whole office, with its sheets.
    let cycle = town.desk.save(Cycle { name: "Periode".into(), ..Cycle::default() });
    for act in [CycleAct::Propose, CycleAct::MakeSheets] {
        let step = town.desk.step();
        saved(town.desk.ask(Request::Assess { step, cycle: CycleId(cycle.number), act }));
    }
    // Both districts in one entry, with a reason that speaks of the other one.
    let people = [town.inside.person, town.outside.person];
    let drafts = people.map(|id| {
        let mut stored = town.stored(id);
        of_person(&mut stored.record).education = format!("S-2 {id}");
        if id == people[1] {
            of_person(&mut stored.record).education = format!("{SECRET} S-2");
        }
        DraftRecord { id: Some(id), base: stored.rev, record: stored.record }
    });
    let step = Step { why: SECRET.into(), ..town.desk.step() };
    saved(town.desk.ask(Request::Save(Save { step, drafts: drafts.to_vec() })));
    let mut before = hidden(&mut town);
    let mut officer = town.officer(user);
    town.told(&[]);
    let mut runner = TestRunner::default();
    let asked = prop_oneof![3 => reading(), 2 => writing()];
    let (mut answered, mut written) = (0, 0);
    for question in 0..questions {
        if question % 20 == 0 {
            // Meanwhile the other district is worked on.
            let outside = town.outside.person;
            town.ask_as(user, Request::ImportCancel);
            saved(town.change_as("siti", outside, |record| {
                of_person(record).education = format!("{SECRET} {question}");
            }));
            before = hidden(&mut town);
        }
        let mut request = asked.new_tree(&mut runner).expect("a request").current();
        if let Some(step) = request.step_mut() {
            *step = town.desk.step();
        }
        if let Request::ImportStart(start) = &mut request {
            start.step = town.desk.step();
        }
        let answer = town.ask_as(user, request.clone());
        let text = serde_json::to_string(&answer).expect("JSON");
        assert!(!text.contains(SECRET), "{user}: {request:?}\n{text}");
        answered += u32::from(!matches!(answer, Answer::Refused(_)));
        written += u32::from(matches!(&answer, Answer::Saved(saved) if saved.seq.is_some()));
        if matches!(answer, Answer::Refused(Problem::NotAnOfficer { .. })) {
            // They took their own rights; whoever gave them gives them again.
            let (id, record) = &mut officer;
            match town.desk.ask(Request::Get(*id)) {
                Answer::Record(Some(_)) => {
                    let given = record.clone();
                    saved(town.change_as("siti", *id, |record| *record = given));
                }
                _ => *id = town.desk.save(record.clone()),
            }
        }
        for notice in town.told(&[user]).remove(0) {
            let text = serde_json::to_string(&notice).expect("JSON");
            let named = before.iter().any(|stored| text.contains(&format!("\"{}\"", stored.id)));
            assert!(!named && !text.contains(SECRET), "{user}: {text}");
        }
    }
    println!("{user}: {questions} asked, {answered} answered, {written} written");
    assert!(answered > questions as u32 / 10, "too little was answered to prove anything");
    town.ask_as(user, Request::ImportCancel);
    assert_eq!(hidden(&mut town), before, "{user} changed what they do not see");
    let Answer::Verified(_) = town.desk.ask(Request::Verify) else { panic!("not sound") };
}

#[test]
fn an_officer_of_a_district_never_reads_a_word_of_another() {
    nothing_leaks_to("oki", 1200);
}

#[test]
fn an_admin_of_a_district_never_reads_a_word_of_another() {
    nothing_leaks_to("adi", 1200);
}

#[test]
fn a_viewer_of_a_district_never_reads_a_word_of_another() {
    nothing_leaks_to("vina", 600);
}

#[test]
fn an_auditor_of_a_district_never_reads_a_word_of_another() {
    nothing_leaks_to("audi", 600);
}
