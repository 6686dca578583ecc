//! What files are written from: page after page, with what only full records say.

use super::*;

/// People whose names run against their numbers, each with an address of their own.
fn staffed(people: u32) -> Desk {
    let mut desk = Desk::new();
    let row = |serial: u32| {
        let mut row = person_row(&format!("Orang {}", 900 - serial), serial, &["Dinas"], "Analis");
        if let RowData::Employee(row) = &mut row {
            row.employee.email = format!("orang{serial}@contoh.go.id");
            row.employee.education = "S-1".into();
        }
        row
    };
    let columns = [PEOPLE_COLUMNS, &["email", "education"]].concat();
    desk.import(Intake::Employees, &columns, (1..=people).map(row).collect());
    desk
}

impl Desk {
    fn rows_of(&mut self, query: &ListQuery) -> Vec<Vec<Value>> {
        let Answer::Page(page) = self.ask(Request::List(query.clone())) else { panic!("no page") };
        page.rows.into_iter().map(|row| row.cells).collect()
    }

    fn reads_ahead(&self) -> bool {
        self.office.as_ref().expect("an office").state.ahead.is_some()
    }
}

#[test]
fn a_file_says_what_the_list_says_while_others_save_and_write_files() {
    let mut desk = staffed(60);
    let person = RecordId::new(Kind::Employees, 1002);
    let all = ListQuery { export: true, limit: 7, ..ListQuery::all(Kind::Employees) };
    let some = ListQuery { search: "pendidikan:s-1".into(), limit: 11, ..all.clone() };
    let (mut seen, mut ahead) = (0, 0);
    for offset in 0..60 {
        for file in [&all, &some].into_iter().filter(|file| offset % file.limit == 0) {
            let query = ListQuery { offset, ..file.clone() };
            let listed = ListQuery { export: false, ..query.clone() };
            let rows = desk.rows_of(&query);
            assert!(!rows.is_empty() && rows == desk.rows_of(&listed), "from {offset}");
            seen += rows.len();
            ahead += u32::from(desk.reads_ahead());
        }
        if offset == 31 {
            // The last by name, written to when most of the file was read.
            saved(desk.change(person, |record| {
                let Record::Employee(person) = record else { panic!("a person") };
                person.email = "lain@contoh.go.id".into();
            }));
        }
    }
    assert_eq!(seen, 120);
    assert!(ahead > 8 && !desk.reads_ahead(), "{ahead}");
}

#[test]
fn what_was_read_for_a_file_that_does_not_go_on_is_let_go_of() {
    let mut desk = staffed(30);
    let file = ListQuery { export: true, limit: 10, ..ListQuery::all(Kind::Employees) };
    desk.rows_of(&file);
    desk.rows_of(&ListQuery { offset: 10, ..file });
    assert!(desk.reads_ahead());
    *desk.now.lock().expect("the time") += chrono::TimeDelta::minutes(2);
    let office = desk.office.as_mut().expect("an office");
    assert!(office.wakes_in().is_some_and(|left| left <= std::time::Duration::from_secs(60)));
    office.wake();
    assert!(!desk.reads_ahead());
}

/// What is kept of those read together has a bound: where they say more, fewer are.
#[test]
fn a_file_of_people_who_say_much_is_read_in_smaller_parts() {
    let mut desk = staffed(40);
    let keys = {
        let file = ListQuery { export: true, limit: 10, ..ListQuery::all(Kind::Employees) };
        desk.rows_of(&file);
        let state = &desk.office.as_ref().expect("an office").state;
        std::sync::Arc::clone(&state.last_lists[1].as_ref().expect("a list").found.keys)
    };
    let columns = ["email".to_string(), "education".to_string()];
    let state = &mut desk.office.as_mut().expect("an office").state;
    state.ahead = None;
    let mut read = Vec::new();
    for start in (0..40).step_by(10) {
        let page = start..start + 10;
        let ready = state.read_ahead_within(&keys, &page, &columns, 700).expect("read");
        read.push(ready);
        for at in page.filter(|_| ready) {
            let person = state.record_of(keys[at].number).expect("read").expect("a person");
            let ready = state.made_ready(at).expect("read").expect("made ready");
            assert_eq!(ready, [Value::text(person.email), Value::text(person.education)]);
        }
    }
    assert_eq!(read, [false, true, true, true]);
}
