//! Every request, asked by everybody, about somebody within their units and about somebody
//! beyond. A new request does not compile until it has its row here.

use super::*;
use crate::domain::kinds::standard::Standard;
use crate::domain::record::CycleId;
use crate::domain::vocabulary::Tongue;
use crate::protocol::{CycleAct, Tried};

/// What each of `EVERYBODY` but the stranger gets: `y` an answer, `a` the answer for what
/// does not exist, `x` that it is not allowed. First about somebody of their district, then
/// about somebody of the other one.
fn expected(request: &Request) -> [&'static str; 2] {
    match request {
        //                          owner, admin, district's admin, officer, viewer, auditor
        Request::Welcome
        | Request::Reports
        | Request::ImportCancel
        | Request::Stop
        | Request::Editing(_) => ["yyyyyy", "yyyyyy"],
        Request::List(_)
        | Request::Ids(_)
        | Request::Get(_)
        | Request::Person(_)
        | Request::PersonAs { .. }
        | Request::Home { .. }
        | Request::Matrix(_)
        | Request::Explain { .. }
        | Request::Report(_)
        | Request::ExplainCell { .. }
        | Request::Begin { .. } => ["yyyyyx", "yyaaax"],
        // A number that finds somebody would tell an auditor whose it is.
        Request::Find(_, text) if text.len() == 18 => ["yyyyya", "yyaaaa"],
        Request::Find(..)
        | Request::Labels(_)
        | Request::Lookup { .. }
        | Request::History(_)
        | Request::Details { .. } => ["yyyyyy", "yyaaaa"],
        Request::FindUnit(_) => ["yyaaax", "yyaaax"],
        // There is none here.
        Request::Cycle(_) => ["aaaaax", "aaaaax"],
        Request::Sheets { .. } | Request::Assess { .. } => ["aaaaxx", "aaaaxx"],
        // What columns people have is no secret. Sessions are known to all who read; whose
        // names stand in them is not.
        Request::Complete { .. } | Request::Attendance(_) | Request::Openings { .. } => {
            ["yyyyyx", "yyyyyx"]
        }
        Request::Save(_)
        | Request::SaveAnyway(_)
        | Request::SetField { .. }
        | Request::Rate { .. }
        | Request::Enrol { .. }
        | Request::EnrolAnyway { .. }
        | Request::Unenrol { .. }
        | Request::Attend { .. }
        | Request::Delete { .. }
        | Request::Undo { .. }
        | Request::ImportRows(_) => ["yyyyxx", "yyaaxx"],
        Request::Redo { .. }
        | Request::ImportStart(_)
        | Request::ImportColumns(_)
        | Request::ImportFinish => ["yyyyxx", "yyyyxx"],
        // An office that nobody shares has no other.
        Request::EndSitting(_) => ["aaxxxx", "aaxxxx"],
        Request::Verify | Request::FindHead { .. } => ["yyyxxy", "yyyxxy"],
        Request::Moves(_)
        | Request::Rebuild
        | Request::Sittings
        | Request::Backup { .. }
        | Request::Erase { .. }
        | Request::EraseReason { .. } => ["yyxxxx", "yyxxxx"],
    }
}

fn got(request: &Request, answer: &Answer) -> char {
    let absent = match answer {
        Answer::Refused(Problem::NotAnOfficer { .. }) => return 's',
        Answer::Refused(Problem::NotAllowed { .. }) => return 'x',
        // They still work here: the answer of one who may ask.
        Answer::Refused(
            Problem::NothingToRedo | Problem::StillActive { .. } | Problem::NoReason { .. },
        ) => false,
        Answer::Refused(Problem::NotFound | Problem::NoSuchStep { .. }) | Answer::Record(None) => {
            true
        }
        Answer::Refused(Problem::Invalid(faults)) => {
            faults.iter().all(|(_, fault)| fault.reason == Reason::UnknownReference)
        }
        Answer::Page(page) => page.matched == 0 && page.total == 0,
        Answer::Ids(ids) => ids.is_empty(),
        Answer::Hits(hits) => hits.is_empty(),
        Answer::Labels(labels) => match request {
            Request::Labels(ids) => labels[0] == ids[0].to_string(),
            _ => false,
        },
        Answer::Matrix(matrix) => matrix.total == 0 && matrix.rows.is_empty(),
        Answer::Home(home) => home.people == 0 && home.units.is_empty() && home.tasks.is_empty(),
        Answer::History(page) => page.lines.is_empty(),
        Answer::Details(details) => details.is_empty(),
        Answer::Saved(saved) => saved.seq.is_none(),
        Answer::ImportRows(verdicts) => {
            matches!(&verdicts[0].verdict, Verdict::Refused(fault) if fault.field == "unit")
        }
        other => {
            assert!(!matches!(other, Answer::Refused(_) | Answer::Conflict(_)), "{other:?}");
            false
        }
    };
    if absent { 'a' } else { 'y' }
}

/// Every kind of request about one person, as they stand now.
#[allow(clippy::too_many_lines, reason = "a row for each request there is")]
fn requests(town: &mut Town, about: &Target) -> Vec<Request> {
    let rev = |town: &mut Town, id: RecordId| match town.desk.ask(Request::Get(id)) {
        Answer::Record(Some(stored)) => stored.rev,
        _ => Revision(1),
    };
    let (person, rated) = (rev(town, about.person), rev(town, about.rating));
    let employee = EmployeeId(about.person.number);
    let unit = match town.desk.ask(Request::Get(about.person)) {
        Answer::Record(Some(stored)) => match stored.record {
            Record::Employee(employee) => employee.unit,
            _ => None,
        },
        _ => Some(UnitId(9000)),
    };
    let record = Employee {
        number: EmployeeNumber::parse(&about.nip).expect("a NIP"),
        name: "Nama Lain".into(),
        unit: Some(town.village),
        ..Employee::default()
    };
    let row = RowData::Employee(Box::new(EmployeeRow {
        employee: record.clone(),
        unit_path: Vec::new(),
        unit_code: String::new(),
        position: None,
    }));
    let step = town.desk.step();
    let list = || ListQuery { unit, ..ListQuery::all(Kind::Employees) };
    let start = ImportStart {
        step: step.clone(),
        intake: Intake::Employees,
        columns: vec!["number".into(), "name".into()],
        dry_run: false,
    };
    let draft = DraftRecord { id: Some(about.person), base: person, record: record.into() };
    let post = post(town);
    let standard =
        Standard { position: Some(post), competency: CompetencyId(1), ..Standard::default() };
    let standard = DraftRecord { id: None, base: Revision(0), record: standard.into() };
    let (session, competency) = (about.session, CompetencyId(1));
    let other = if session.0 % 2 == 0 { session.0 + 1 } else { session.0 - 1 };
    let marks = vec![(employee, 0, Some(Presence::Present))];
    vec![
        Request::Welcome,
        Request::List(list()),
        Request::Ids(list()),
        Request::Get(about.person),
        Request::Get(about.rating),
        Request::Get(about.enrolment),
        Request::Find(Kind::Employees, about.nip.clone()),
        Request::Find(Kind::Employees, about.name.clone()),
        Request::Find(Kind::Employees, about.person.number.to_string()),
        Request::Labels(vec![about.person]),
        Request::Labels(vec![about.rating]),
        Request::Lookup { kind: Kind::Employees, text: about.name.clone(), limit: 9 },
        Request::FindUnit("Kecamatan Ilir".into()),
        Request::Complete { kind: Kind::Employees, tongue: Tongue::English, text: "jp".into() },
        Request::Person(employee),
        Request::PersonAs { employee, position: post },
        Request::Home { unit },
        Request::Matrix(MatrixQuery {
            sort: None,
            grouped: true,
            unit,
            search: String::new(),
            at: None,
            offset: 0,
            limit: 9,
            anchor: None,
            since: None,
        }),
        Request::Explain { employee, competency, at: None },
        Request::Attendance(session),
        Request::Openings { text: String::new(), employees: vec![employee], limit: 9 },
        Request::Cycle(CycleId(9000)),
        Request::Sheets { cycle: CycleId(9000), unit: None, offset: 0 },
        Request::Assess { step: step.clone(), cycle: CycleId(9000), act: CycleAct::Propose },
        Request::Reports,
        Request::Report(ReportQuery { unit, ..ReportQuery::of("headcount") }),
        Request::ExplainCell {
            query: ReportQuery { unit, ..ReportQuery::of("headcount") },
            row: 1,
            column: "people".into(),
        },
        Request::Begin { query: ReportQuery { unit, ..ReportQuery::of("headcount") }, row: 1 },
        Request::Save(Save { step: step.clone(), drafts: vec![draft] }),
        Request::SetField {
            step: step.clone(),
            kind: Kind::Employees,
            ids: vec![about.person.number],
            field: "education".into(),
            value: "\"S-2\"".into(),
        },
        Request::Rate { step: step.clone(), ratings: vec![rating_of(employee, 4)] },
        Request::Enrol { step: step.clone(), session: SessionId(other), employees: vec![employee] },
        Request::Unenrol { step: step.clone(), session, employees: vec![employee] },
        Request::Attend { step: step.clone(), session, marks },
        Request::Delete { step: step.clone(), ids: vec![(about.rating, rated)] },
        Request::Undo { step: step.clone(), seq: Some(about.seq) },
        Request::Redo { step: step.clone() },
        Request::History(HistoryQuery {
            record: Some(about.person),
            limit: 9,
            ..HistoryQuery::default()
        }),
        Request::Details { seq: about.seq, limit: 9, of: None },
        Request::ImportStart(start),
        Request::ImportColumns(vec!["number".into(), "name".into(), "grade".into()]),
        Request::ImportRows(vec![IntakeRow { line: 2, data: row }]),
        Request::ImportFinish,
        Request::ImportCancel,
        Request::Editing(Some(about.person)),
        Request::Moves(Tried::Save(vec![standard])),
        Request::Verify,
        Request::FindHead { seq: None, hash: "00".into() },
        Request::Erase { step: step.clone(), people: vec![employee] },
        Request::EraseReason { step: step.clone(), seq: about.seq },
        Request::Rebuild,
        Request::Sittings,
        Request::EndSitting(1),
        Request::Backup { from: crate::domain::change::Place::default(), head: None },
    ]
}

/// A post that everybody knows.
fn post(town: &mut Town) -> PositionId {
    if let Answer::Record(Some(stored)) =
        town.desk.ask(Request::Find(Kind::Positions, "Camat".into()))
    {
        return PositionId(stored.id.number);
    }
    let post = Position { title: "Camat".into(), ..Position::default() };
    PositionId(town.desk.save(post).number)
}

/// Asks, and takes back what it did.
fn tried(town: &mut Town, user: &str, request: &Request) -> Answer {
    let mut request = request.clone();
    if let Some(step) = request.step_mut() {
        *step = town.desk.step();
    }
    let goes_on = |request: &Request| {
        matches!(
            request,
            Request::ImportColumns(_) | Request::ImportRows(_) | Request::ImportFinish
        )
    };
    if goes_on(&request) {
        let start = ImportStart {
            step: town.desk.step(),
            intake: Intake::Employees,
            columns: vec!["number".into(), "name".into()],
            dry_run: false,
        };
        town.ask_as(user, Request::ImportStart(start));
    }
    if let Request::ImportStart(start) = &mut request {
        start.step = town.desk.step();
    }
    let answer = town.ask_as(user, request);
    town.ask_as(user, Request::ImportCancel);
    if let Answer::Saved(Saved { seq: Some(seq), .. }) = &answer {
        let step = town.desk.step();
        saved(town.desk.ask(Request::Undo { step, seq: Some(*seq) }));
    }
    answer
}

#[test]
fn everybody_may_do_what_their_role_and_units_cover_and_nothing_else() {
    let mut town = Town::new();
    let targets = [town.inside.clone(), town.outside.clone()];
    for (which, about) in targets.iter().enumerate() {
        for at in 0..requests(&mut town, about).len() {
            for (who, user) in EVERYBODY.iter().enumerate() {
                let request = requests(&mut town, about).swap_remove(at);
                // What is erased is gone for everybody after.
                let mut own = matches!(request, Request::Erase { .. }).then(Town::new);
                let answer = tried(own.as_mut().unwrap_or(&mut town), user, &request);
                let expected = expected(&request)[which].chars().nth(who).unwrap_or('s');
                assert_eq!(
                    got(&request, &answer),
                    expected,
                    "{user} about {}: {request:?}\n{answer:?}",
                    about.name
                );
            }
        }
    }
}

/// Nobody, under numbers that are not taken.
fn nobody() -> Target {
    let id = |kind| RecordId::new(kind, 9000);
    Target {
        person: id(Kind::Employees),
        nip: "199001012015011888".into(),
        name: "Tidak Ada".into(),
        rating: id(Kind::Ratings),
        enrolment: id(Kind::Enrolments),
        session: SessionId(9000),
        seq: 9000,
    }
}

#[test]
fn what_is_out_of_reach_is_answered_exactly_as_what_does_not_exist() {
    let mut town = Town::new();
    let outside = town.outside.clone();
    // The sessions themselves are known to all.
    let nobody = Target { session: outside.session, ..nobody() };
    let plain = |answer: &Answer, about: &Target| {
        let mut text = format!("{answer:?}");
        for id in [about.person, about.rating, about.enrolment] {
            text = text.replace(&id.to_string(), &format!("{}/-", id.kind));
            text = text.replace(&format!("number: {}", id.number), "number: -");
        }
        text.replace(&format!("seq: {}", about.seq), "seq: -")
    };
    for user in ["adi", "oki", "vina", "audi"] {
        let pairs = requests(&mut town, &outside).into_iter().zip(requests(&mut town, &nobody));
        for (hidden, absent) in pairs.collect::<Vec<_>>() {
            let moot =
                matches!(hidden, Request::Welcome | Request::Verify | Request::Attendance(_));
            if moot {
                continue;
            }
            let about_hidden = plain(&tried(&mut town, user, &hidden), &outside);
            let about_absent = plain(&tried(&mut town, user, &absent), &nobody);
            assert_eq!(about_hidden, about_absent, "{user}: {hidden:?}");
        }
    }
}
