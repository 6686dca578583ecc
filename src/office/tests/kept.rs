//! What is derived is kept, and what is kept costs what it changes: how much a day of
//! readings writes, how often one save reads the store.

use super::*;

/// Bytes of all files of the journal.
fn journal_bytes(desk: &Desk) -> u64 {
    let files = std::fs::read_dir(desk.folder.path().join("data/journal")).expect("a journal");
    files.map(|file| file.and_then(|file| file.metadata()).map_or(0, |data| data.len())).sum()
}

fn person(number: usize) -> RowData {
    person_row(&format!("Orang {number}"), number as u32, &["Dinas"], "Analis")
}

#[test]
fn a_day_of_readings_writes_what_is_new() {
    const PEOPLE: u32 = 300;
    const LINES: u32 = 48;
    let mut desk = Desk::new();
    desk.import(Intake::Employees, PEOPLE_COLUMNS, (1..=PEOPLE as usize).map(person).collect());
    let ids: Vec<u32> = match desk.ask(Request::Ids(ListQuery::all(Kind::Employees))) {
        Answer::Ids(ids) => ids,
        other => panic!("{other:?}"),
    };
    assert_eq!(ids.len() as u32, PEOPLE);
    let before = journal_bytes(&desk);
    for line in 0..LINES {
        let from = (line * PEOPLE / LINES) as usize..((line + 1) * PEOPLE / LINES) as usize;
        for id in &ids[from] {
            assert!(matches!(desk.ask(Request::Person(EmployeeId(*id))), Answer::Person(_)));
        }
        *desk.now.lock().expect("the time") += chrono::TimeDelta::minutes(10);
        desk.office.as_mut().expect("an office").wake();
    }
    let day = journal_bytes(&desk) - before;
    println!("40 officers, {PEOPLE} people a day: {} MB a year", day * 40 * 250 / 1_000_000);
    let rows = ListQuery {
        columns: ["people", "total"].map(String::from).to_vec(),
        ..ListQuery::all(Kind::Readings)
    };
    let Answer::Page(page) = desk.ask(Request::List(rows)) else { panic!("no page") };
    assert_eq!(page.rows.len(), 1, "one row an officer and day");
    assert_eq!(page.rows[0].cells, [Value::Whole(PEOPLE.into()), Value::Whole(PEOPLE.into())]);
    // A line costs its header and some ten bytes a person; nothing of the lines before it.
    assert!(day < u64::from(LINES) * 500 + u64::from(PEOPLE) * 12, "{day} bytes");
    assert!(matches!(desk.ask(Request::Verify), Answer::Verified(_)));
}
