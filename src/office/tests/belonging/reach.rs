//! Out of reach is absent: whatever an officer of another district asks is answered as by an
//! office in which the record was never added.

use super::*;
use crate::domain::field::Privacy;

/// A person whom no district sees takes the place of the record, so that entries bear the
/// same numbers.
fn take_away(districts: &mut Districts) {
    districts.desk.save(employee("Tanpa Unit", 3));
}

/// What officers of one district ask of a record of the other.
fn questions(districts: &mut Districts, kind: Kind, id: RecordId) -> Vec<Request> {
    let person = districts.person;
    let mut all = lists(districts, kind);
    all.extend([Request::Welcome, Request::Person(person)]);
    all.extend(reports());
    let mut texts = secrets(kind);
    texts.extend([MARK.to_lowercase(), id.to_string(), id.number.to_string()]);
    for text in texts {
        let history = HistoryQuery { search: text.clone(), limit: 99, ..HistoryQuery::default() };
        all.extend([
            Request::Find(kind, text.clone()),
            Request::Lookup { kind, text, limit: 50 },
            Request::History(history),
        ]);
    }
    all.extend([Request::Get(id), Request::Labels(vec![id])]);
    let at = [None, "2026-11-20".parse().ok()];
    for competency in districts.numbers(Kind::Competencies).map(CompetencyId) {
        all.extend(at.map(|at| Request::Explain { employee: person, competency, at }));
    }
    for session in districts.numbers(Kind::Sessions) {
        all.push(Request::Attendance(SessionId(session)));
    }
    for at in at {
        let (unit, search) = (None, String::new());
        let (offset, limit, anchor) = (0, 99, None);
        for since in [None, Some(0)] {
            let search = search.clone();
            let grouped = since.is_some();
            let sort = None;
            let query =
                MatrixQuery { unit, search, sort, grouped, at, offset, limit, anchor, since };
            all.push(Request::Matrix(query));
        }
    }
    let whole = HistoryQuery { limit: 99, ..HistoryQuery::default() };
    for query in [
        HistoryQuery { record: Some(id), ..whole.clone() },
        HistoryQuery { person: Some(person), ..whole.clone() },
        HistoryQuery { kind: Some(kind), ..whole.clone() },
        HistoryQuery { by: Some(user(Role::Admin, "here")), ..whole.clone() },
        HistoryQuery { after: Some(0), ..whole.clone() },
        whole,
    ] {
        all.push(Request::History(query));
    }
    for seq in 1..40 {
        all.extend([None, Some(person)].map(|of| Request::Details { seq, limit: 99, of }));
    }
    all
}

/// Every report as it is unless asked otherwise, of another day, and for a file.
fn reports() -> Vec<Request> {
    let mut all = Vec::new();
    for report in crate::office::all_reports() {
        let plain = ReportQuery::of(&report.id);
        let at = "2026-11-20".parse().ok();
        all.extend([
            ReportQuery { export: true, ..plain.clone() },
            ReportQuery { at, ..plain.clone() },
            plain,
        ]);
    }
    all.into_iter().map(Request::Report).collect()
}

/// Every list that a record could stand in, be found in, or give an order to.
fn lists(districts: &mut Districts, kind: Kind) -> Vec<Request> {
    let plain = ListQuery::all(kind);
    let mut queries = vec![
        ListQuery { export: true, ..plain.clone() },
        ListQuery { of: Some(districts.person.into()), ..plain.clone() },
        ListQuery { unit: Some(districts.here), ..plain.clone() },
        ListQuery { unit: Some(districts.there), ..plain.clone() },
        plain.clone(),
    ];
    for column in kind.columns() {
        for descending in [false, true] {
            let sort = vec![SortKey { column: column.name.into(), descending }];
            queries.push(ListQuery { sort, ..plain.clone() });
        }
        let search = format!("{}:{MARK}", column.name);
        queries.push(ListQuery { search, ..plain.clone() });
    }
    for search in secrets(kind).into_iter().chain([MARK.to_lowercase()]) {
        queries.push(ListQuery { search, ..plain.clone() });
    }
    // What others say of it: their counts, and what belongs to a record it refers to.
    for field in kind.fields() {
        let Some(other) = field.shape.refers_to() else { continue };
        queries.push(ListQuery::all(other));
        let of = Some(RecordId::new(other, districts.one_of(other)));
        queries.push(ListQuery { of, ..plain.clone() });
    }
    let ids = queries.clone().into_iter().map(Request::Ids);
    queries.into_iter().map(Request::List).chain(ids).collect()
}

impl Districts {
    fn numbers(&mut self, kind: Kind) -> impl Iterator<Item = u32> + use<> {
        match self.desk.ask(Request::Ids(ListQuery::all(kind))) {
            Answer::Ids(ids) => ids.into_iter(),
            other => panic!("{other:?}"),
        }
    }
}

/// What is answered otherwise, to these officers, by an office that has the record.
fn differences(
    with: &mut Districts,
    lacking: &mut Districts,
    place: &str,
    id: RecordId,
) -> Vec<String> {
    let mut wrong = Vec::new();
    for user in Role::ALL.iter().map(|role| user(*role, place)) {
        for request in questions(lacking, id.kind, id) {
            let found = with.ask_as(&user, request.clone());
            let expected = lacking.ask_as(&user, request.clone());
            if found != expected || names(&found, MARK) {
                wrong.push(format!("{user}: {found:?}, not {expected:?}, to {request:?}"));
            }
        }
    }
    wrong
}

#[test]
fn another_district_is_answered_as_if_the_record_were_not_there() {
    let mut wrong = Vec::new();
    for kind in kinds() {
        let (mut with, mut lacking) = (Districts::new(), Districts::new());
        let id = with.add(kind);
        take_away(&mut lacking);
        wrong.extend(differences(&mut with, &mut lacking, "there", id));
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn whoever_moves_takes_their_records_along() {
    let mut wrong = Vec::new();
    for kind in kinds() {
        let (mut with, mut lacking) = (Districts::new(), Districts::new());
        let id = with.add(kind);
        take_away(&mut lacking);
        for districts in [&mut with, &mut lacking] {
            let there = Some(districts.there);
            saved(districts.change_person(|employee| employee.unit = there));
        }
        wrong.extend(differences(&mut with, &mut lacking, "here", id));
        let answer = with.ask_as(&user(Role::Officer, "there"), Request::Get(id));
        if !matches!(answer, Answer::Record(Some(_))) {
            wrong.push(format!("{id} did not move: {answer:?}"));
        }
    }
    assert_eq!(wrong, [""; 0]);
}

/// Auditors read no records anywhere.
#[test]
fn those_who_may_read_records_of_the_district_read_them() {
    for kind in kinds() {
        let mut districts = Districts::new();
        let id = districts.add(kind);
        for role in Role::ALL {
            let user = user(*role, "here");
            let answer = districts.ask_as(&user, Request::Get(id));
            let page = districts.ask_as(&user, Request::List(ListQuery::all(kind)));
            if *role == Role::Auditor {
                assert!(matches!(refused(answer), Problem::NotAllowed { .. }), "{kind}");
                assert!(!gives_away(&page, id), "{kind}");
            } else if kind.is_discreet() && !role.carries(Privacy::Personal) {
                assert_eq!(answer, Answer::Record(None), "{kind}");
                assert!(!gives_away(&page, id), "{user} {kind}: {page:?}");
            } else {
                assert!(gives_away(&answer, id), "{user} {kind}: {answer:?}");
                let Answer::Page(page) = page else { panic!("{user} {kind}: {page:?}") };
                assert_eq!((page.total, page.rows.len()), (1, 1), "{user} {kind}");
            }
        }
    }
}

#[test]
fn nobody_of_another_district_changes_a_record_or_is_told_that_there_is_one() {
    let mut wrong = Vec::new();
    for kind in kinds() {
        let (mut with, mut lacking) = (Districts::new(), Districts::new());
        let id = with.add(kind);
        take_away(&mut lacking);
        let stored = with.stored(id);
        let edited = with.edited(id);
        let new = with.record_of(kind, with.person);
        let field = kind.fields().last().expect("a field").name;
        for user in Role::ALL.iter().map(|role| user(*role, "there")) {
            for at in 0..4 {
                let request = |step: Step| match at {
                    0 => {
                        let (base, record) = (stored.rev, edited.clone());
                        Request::Save(Save {
                            step,
                            drafts: vec![DraftRecord { id: Some(id), base, record }],
                        })
                    }
                    1 => {
                        let (base, record) = (Revision(0), new.clone());
                        Request::Save(Save {
                            step,
                            drafts: vec![DraftRecord { id: None, base, record }],
                        })
                    }
                    2 => Request::Delete { step, ids: vec![(id, stored.rev)] },
                    _ => {
                        let (ids, field) = (vec![id.number], field.to_string());
                        Request::SetField { step, kind, ids, field, value: "\"x\"".into() }
                    }
                };
                let (step, same) = (with.desk.step(), lacking.desk.step());
                let found = with.ask_as(&user, request(step));
                let expected = lacking.ask_as(&user, request(same));
                if found != expected {
                    wrong.push(format!("{user} {kind} {at}: {found:?}, not {expected:?}"));
                }
            }
        }
        let after = with.stored(id);
        assert_eq!(after, stored, "{kind}");
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn another_district_is_not_told_of_what_is_done() {
    let users: Vec<String> = Role::ALL.iter().map(|role| user(*role, "there")).collect();
    for kind in kinds() {
        let mut districts = Districts::new();
        districts.told(&[]);
        let id = districts.add(kind);
        let inside = user(Role::Officer, "here");
        let told = districts.told(std::slice::from_ref(&inside)).remove(0);
        assert!(told.iter().any(|notice| gives_away(notice, id)), "{kind}: {told:?}");
        let admin = user(Role::Admin, "here");
        let edited = districts.edited(id);
        saved(districts.save_as(&admin, Some(id), edited));
        saved(districts.delete_as(&admin, id));
        districts.add(kind);
        let told = districts.told(&users);
        assert!(told.iter().all(Vec::is_empty), "{kind}: {told:?}");
    }
}
