//! What the law asks for a person's records: nothing of a restricted person's is changed or
//! carried out, and nothing that was said of an erased one is left anywhere.

use std::path::Path;

use super::*;
use crate::domain::field::Erasure;

fn is_restricted(answer: &Answer) -> bool {
    matches!(answer, Answer::Refused(Problem::Restricted { count: 1, .. }))
}

/// How a record is written.
type Way = fn(&mut Districts, RecordId) -> Answer;

#[test]
fn nothing_is_changed_while_its_person_is_restricted() {
    let mut wrong = Vec::new();
    for kind in kinds() {
        let allowed = kind.even_restricted();
        let mut check = |what: &str, answer: Answer| {
            let right =
                if allowed { matches!(answer, Answer::Saved(_)) } else { is_restricted(&answer) };
            if !right {
                wrong.push(format!("{kind} {what}: {answer:?}"));
            }
        };
        let admin = user(Role::Admin, "here");
        let mut districts = Districts::new();
        districts.restrict(true);
        let record = districts.record_of(kind, districts.person);
        check("added", districts.save_as(&admin, None, record));
        let ways: [(&str, Way); 3] = [
            ("edited", |districts, id| {
                let edited = districts.edited(id);
                districts.save_as(&user(Role::Admin, "here"), Some(id), edited)
            }),
            ("deleted", |districts, id| districts.delete_as(&user(Role::Admin, "here"), id)),
            ("undone", |districts, id| {
                let (step, seq) = (districts.desk.step(), Some(districts.stored(id).rev.0));
                districts.ask_as("siti", Request::Undo { step, seq })
            }),
        ];
        for (what, way) in ways {
            let mut districts = Districts::new();
            let id = districts.add(kind);
            districts.restrict(true);
            check(what, way(&mut districts, id));
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn one_field_of_many_is_not_set_while_their_person_is_restricted() {
    for kind in kinds() {
        for field in kind.fields() {
            let mut districts = Districts::new();
            let id = districts.add(kind);
            districts.restrict(true);
            let before = districts.stored(id);
            let step = districts.desk.step();
            let (ids, field) = (vec![id.number], field.name.to_string());
            let value = "\"2026-11-09\"".to_string();
            districts.desk.ask(Request::SetField { step, kind, ids, field, value });
            let same = districts.stored(id) == before || kind.even_restricted();
            assert!(same, "{kind} was set");
        }
    }
}

#[test]
fn a_file_leaves_out_what_is_restricted_and_counts_it() {
    for kind in kinds() {
        let mut districts = Districts::new();
        districts.add(kind);
        districts.restrict(true);
        for role in [Role::Admin, Role::Officer] {
            for (export, shown, left) in [(false, 1, 0), (true, 0, 1)] {
                let query = ListQuery { export, ..ListQuery::all(kind) };
                let answer = districts.ask_as(&user(role, "here"), Request::List(query));
                let Answer::Page(page) = answer else { panic!("{kind}: {answer:?}") };
                let found = (page.matched, page.rows.len() as u32, page.restricted);
                assert_eq!(found, (shown, shown, left), "{kind}, export: {export}");
            }
        }
    }
}

/// Files below a folder in which a secret stands.
fn secrets_below(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            secrets_below(&path, found);
        } else {
            let bytes = std::fs::read(&path).expect("read");
            if bytes.windows(MARK.len()).any(|at| at == MARK.as_bytes()) {
                found.push(path.display().to_string());
            }
        }
    }
}

/// A person with secrets in all of their own fields, records of every kind that were changed,
/// and of every kind one that was deleted.
fn with_everything() -> (Districts, Vec<RecordId>) {
    let mut districts = Districts::new();
    let person = districts.person;
    let Record::Employee(filled) = districts.record_of(Kind::Employees, person) else {
        panic!("a person")
    };
    saved(districts.change_person(|employee| {
        let (unit, number) = (employee.unit, employee.number.clone());
        *employee = Employee { number, unit, ..filled };
    }));
    let admin = user(Role::Admin, "here");
    let mut ids = vec![RecordId::from(person)];
    for kind in kinds() {
        for again in [false, true] {
            let id = districts.add(kind);
            let edited = districts.edited(id);
            saved(districts.save_as(&admin, Some(id), edited));
            if again {
                ids.push(id);
            } else {
                saved(districts.delete_as(&admin, id));
            }
        }
    }
    (districts, ids)
}

#[test]
fn nothing_of_what_was_said_of_an_erased_person_is_left_anywhere() {
    let (mut districts, ids) = with_everything();
    let data = districts.desk.folder.path().join("data");
    let drafts = data.join("drafts");
    std::fs::create_dir_all(&drafts).expect("a folder");
    std::fs::write(drafts.join("siti.json"), format!("{{\"id\":\"{}\",\"{MARK}\":1}}", ids[0]))
        .expect("written");
    let mut found = Vec::new();
    secrets_below(&data, &mut found);
    assert!(found.len() >= 2, "the secrets are seen where they stand: {found:?}");
    saved(districts.change_person(|employee| employee.status = Status::Retired));
    let (step, people) = (districts.desk.step(), vec![districts.person]);
    saved(districts.desk.ask(Request::Erase { step, people }));
    let Answer::Verified(_) = districts.desk.ask(Request::Verify) else { panic!("not sound") };
    for id in &ids {
        let record = districts.stored(*id).record;
        for (name, value) in record.fields() {
            let erasure = id.kind.field(&name).expect("a field").erasure;
            let right = erasure != Erasure::Gone && (erasure != Erasure::Dash || value == "-");
            assert!(right, "{} {name}: {value}", id.kind);
        }
    }
    let kinds: Vec<Kind> = ids.iter().map(|id| id.kind).collect();
    let mut answers = Vec::new();
    for kind in kinds {
        answers.push(districts.desk.ask(Request::List(ListQuery::all(kind))));
        let query = HistoryQuery { kind: Some(kind), limit: 99, ..HistoryQuery::default() };
        answers.push(districts.desk.ask(Request::History(query)));
    }
    answers.push(districts.desk.ask(Request::Person(districts.person)));
    answers.extend(
        (1..60).map(|seq| districts.desk.ask(Request::Details { seq, limit: 99, of: None })),
    );
    for answer in &answers {
        assert!(!names(answer, MARK), "{answer:?}");
    }
    let mut found = Vec::new();
    secrets_below(&data, &mut found);
    assert_eq!(found, [""; 0], "in the open office");
    districts.desk.close();
    secrets_below(&data, &mut found);
    assert_eq!(found, [""; 0], "in the closed one");
    districts.desk.open();
    let Answer::Verified(_) = districts.desk.ask(Request::Verify) else { panic!("not sound") };
}
