//! What the person themselves is given, and what is known of who looked: the copy, the
//! history by person, and the count of readings.

use chrono::TimeDelta;

use super::*;
use crate::domain::value::Value;
use crate::exchange::Destination;
use crate::jobs::Progress;
use crate::jobs::person::{CopyForm, gather, write};

#[test]
fn the_persons_copy_holds_every_record_and_its_texts() {
    let mut missing = Vec::new();
    for kind in kinds() {
        let mut districts = Districts::new();
        districts.add(kind);
        let person = districts.person;
        let mut ask = |request| match districts.desk.ask(request) {
            Answer::Refused(problem) => Err(problem),
            answer => Ok(answer),
        };
        let copy = gather(&mut ask, person, &Progress::silent()).expect("a copy");
        for form in [CopyForm::Json, CopyForm::Text] {
            let file = districts.desk.folder.path().join("copy");
            std::fs::remove_file(&file).ok();
            write(&copy, form, &Destination::File(file.clone())).expect("written");
            let mut text = std::fs::read_to_string(&file).expect("read");
            if form == CopyForm::Json {
                // Not only as something that was once written.
                let mut parts: Fields = serde_json::from_str(&text).expect("JSON");
                parts.remove("history").expect("a history");
                text = serde_json::to_string(&parts).expect("JSON");
            }
            let lost = secrets(kind).into_iter().filter(|secret| !text.contains(secret));
            missing.extend(lost);
        }
    }
    assert_eq!(missing, [""; 0]);
}

#[test]
fn the_persons_copy_repeats_no_reason_that_names_somebody_else() {
    let mut districts = Districts::new();
    let person = districts.person;
    let id = RecordId::from(person);
    districts.desk.save(crate::office::tests::employee("Wulandari Kusuma", 77));
    for (why, field) in [("koreksi ijazah", "S-1"), ("kata Wulandari, koreksi", "S-2")] {
        let mut stored = districts.stored(id);
        let Record::Employee(employee) = &mut stored.record else { panic!("a person") };
        employee.education = field.into();
        let step = Step { why: why.into(), ..districts.desk.step() };
        let drafts = vec![DraftRecord { id: Some(id), base: stored.rev, record: stored.record }];
        saved(districts.desk.ask(Request::Save(Save { step, drafts })));
    }
    let mut ask = |request| match districts.desk.ask(request) {
        Answer::Refused(problem) => Err(problem),
        answer => Ok(answer),
    };
    let copy = gather(&mut ask, person, &Progress::silent()).expect("a copy");
    let file = districts.desk.folder.path().join("copy");
    write(&copy, CopyForm::Text, &Destination::File(file.clone())).expect("written");
    let text = std::fs::read_to_string(&file).expect("read");
    assert!(text.contains("koreksi ijazah") && text.contains("S-2"), "{text}");
    assert!(!text.contains("Wulandari"), "{text}");
}

#[test]
fn the_history_by_person_tells_what_was_added_changed_and_deleted() {
    for kind in kinds() {
        let mut districts = Districts::new();
        let person = districts.person;
        let admin = user(Role::Admin, "here");
        let id = districts.add(kind);
        let added = districts.stored(id).rev.0;
        let edited = districts.edited(id);
        let changed = saved(districts.save_as(&admin, Some(id), edited)).seq.expect("a change");
        let deleted = saved(districts.delete_as(&admin, id)).seq.expect("a change");
        let inside = user(Role::Officer, "here");
        let query = HistoryQuery { person: Some(person), limit: 99, ..HistoryQuery::default() };
        let Answer::History(page) = districts.ask_as(&inside, Request::History(query)) else {
            panic!("no history")
        };
        let told: Vec<u64> = page.lines.iter().map(|line| line.seq).collect();
        for seq in [added, changed, deleted] {
            assert!(told.contains(&seq), "{kind}: {seq} is not among {told:?}");
            let details = Request::Details { seq, limit: 9, of: Some(person) };
            let Answer::Details(details) = districts.ask_as(&inside, details) else {
                panic!("{kind}: no details")
            };
            assert_eq!(details.iter().map(|one| one.id).collect::<Vec<_>>(), [id], "{kind}");
            assert!(gives_away(&details, id), "{kind}");
        }
    }
}

/// How many people the officer's readings of today name.
fn people_read(districts: &mut Districts, officer: &str) -> i64 {
    *districts.desk.now.lock().expect("the time") += TimeDelta::minutes(10);
    districts.desk.office.as_mut().expect("an office").wake();
    let columns = ["officer", "people"].map(String::from).to_vec();
    let query = ListQuery { columns, ..ListQuery::all(Kind::Readings) };
    let Answer::Page(page) = districts.desk.ask(Request::List(query)) else { panic!("no page") };
    let of_officer = |cells: &Vec<Value>| cells[0] == Value::text(officer);
    let cells = page.rows.into_iter().map(|row| row.cells).find(of_officer);
    match cells.map(|cells| cells[1].clone()) {
        None => 0,
        Some(Value::Whole(people)) => people,
        Some(other) => panic!("{other:?}"),
    }
}

#[test]
fn whoever_reads_a_persons_record_whole_has_read_the_person() {
    let mut uncounted = Vec::new();
    for kind in kinds().chain([Kind::Employees]) {
        let mut districts = Districts::new();
        let id = match kind {
            Kind::Employees => districts.person.into(),
            kind => districts.add(kind),
        };
        // A viewer reads no details.
        let role = if kind.is_discreet() { Role::Officer } else { Role::Viewer };
        let officer = user(role, "here");
        let Answer::Record(Some(_)) = districts.ask_as(&officer, Request::Get(id)) else {
            panic!("{kind}: no record")
        };
        if people_read(&mut districts, &officer) != 1 {
            uncounted.push(kind);
        }
    }
    assert_eq!(uncounted, []);
}

#[test]
fn whoever_is_shown_a_person_has_read_them() {
    let mut districts = Districts::new();
    let officer = user(Role::Viewer, "here");
    let person = districts.person;
    districts.ask_as(&officer, Request::Person(person));
    assert_eq!(people_read(&mut districts, &officer), 1);
}
