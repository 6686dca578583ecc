//! The rights of the people an office holds data about: requests with their deadline,
//! restriction, and who has read whose details.

use chrono::TimeDelta;

use super::*;
use crate::domain::kinds::correction::{Correction, CorrectionStatus};
use crate::domain::kinds::reading::Reading;
use crate::protocol::{HistoryLine, Page};

impl Desk {
    fn wait(&mut self, minutes: i64) {
        *self.now.lock().expect("the time") += TimeDelta::minutes(minutes);
    }

    fn page(&mut self, query: ListQuery) -> Page {
        match self.ask(Request::List(query)) {
            Answer::Page(page) => page,
            other => panic!("{other:?}"),
        }
    }

    fn list(&mut self, kind: Kind, columns: &[&str]) -> Vec<Vec<Value>> {
        let columns = columns.iter().map(ToString::to_string).collect();
        let page = self.page(ListQuery { columns, ..ListQuery::all(kind) });
        page.rows.into_iter().map(|row| row.cells).collect()
    }

    fn history(&mut self) -> Vec<HistoryLine> {
        let query = HistoryQuery { limit: 99, ..HistoryQuery::default() };
        match self.ask(Request::History(query)) {
            Answer::History(page) => page.lines,
            other => panic!("{other:?}"),
        }
    }

    fn look_at(&mut self, id: RecordId) {
        let answer = self.ask(Request::Person(EmployeeId(id.number)));
        assert!(matches!(answer, Answer::Person(_)), "{answer:?}");
    }

    fn last_seq(&mut self) -> u64 {
        match self.ask(Request::Welcome) {
            Answer::Welcome(info) => info.last_seq,
            other => panic!("{other:?}"),
        }
    }

    /// What the records of readings say: people, times, rows.
    fn readings(&mut self) -> Vec<(i64, i64, i64)> {
        let rows = self.list(Kind::Readings, &["people", "total", "listed"]);
        let whole = |value: &Value| match value {
            Value::Whole(number) => *number,
            other => panic!("{other:?}"),
        };
        rows.iter().map(|row| (whole(&row[0]), whole(&row[1]), whole(&row[2]))).collect()
    }

    fn office(&mut self) -> &mut Office {
        self.office.as_mut().expect("an open office")
    }
}

fn request_of(person: RecordId) -> Correction {
    Correction {
        employee: EmployeeId(person.number),
        subject: "Tanggal lahir".into(),
        wanted: "1 Februari 1990".into(),
        ..Correction::default()
    }
}

#[test]
fn a_request_is_stamped_counted_down_and_closed() {
    let mut desk = Desk::new();
    let mila = desk.save(employee("Mila", 1));
    let request = desk.save(request_of(mila));
    let columns = ["name", "left", "status", "closed"];
    desk.wait(19 * 60);
    let row = desk.list(Kind::Corrections, &columns).remove(0);
    assert_eq!(row[..2], [Value::text("Mila"), Value::Left(53 * 60)]);
    desk.wait(54 * 60);
    assert_eq!(desk.list(Kind::Corrections, &columns)[0][1], Value::Left(-60));
    let refuse = |record: &mut Record| {
        let Record::Correction(request) = record else { panic!("no request") };
        request.status = CorrectionStatus::Refused;
    };
    let Problem::Invalid(faults) = refused(desk.change(request, refuse)) else {
        panic!("refused without a reason")
    };
    assert_eq!(faults[0].1.field, "answer");
    saved(desk.change(request, |record| {
        let Record::Correction(request) = record else { panic!("no request") };
        request.status = CorrectionStatus::Done;
    }));
    let row = desk.list(Kind::Corrections, &columns).remove(0);
    assert_eq!(row[1..3], [Value::Empty, Value::choice("done")]);
    assert_eq!(row[3], Value::moment("2026-11-24T03:00:00Z".parse().ok()));
}

#[test]
fn the_most_urgent_request_stands_first_and_what_is_closed_last() {
    let mut desk = Desk::new();
    let mila = desk.save(employee("Mila", 1));
    let budi = desk.save(employee("Budi", 2));
    let moment = |text: &str| text.parse().ok();
    for (person, subject, received) in [
        (mila, "lama", "2026-11-19T00:00:00Z"),
        (budi, "baru", "2026-11-21T00:00:00Z"),
        (budi, "tengah", "2026-11-20T00:00:00Z"),
    ] {
        let (subject, received) = (subject.into(), moment(received));
        desk.save(Correction { subject, received, ..request_of(person) });
    }
    let done = Correction { status: CorrectionStatus::Done, ..request_of(mila) };
    desk.save(Correction { subject: "selesai".into(), ..done });
    let subjects = |rows: Vec<Vec<Value>>| -> Vec<String> {
        rows.iter().map(|row| crate::i18n::value(&row[0])).collect()
    };
    let all = desk.list(Kind::Corrections, &["subject"]);
    assert_eq!(subjects(all), ["lama", "tengah", "baru", "selesai"]);
    let open = ListQuery {
        search: "status:terbuka left<2000".into(),
        columns: vec!["subject".into()],
        ..ListQuery::all(Kind::Corrections)
    };
    let rows = desk.page(open).rows.into_iter().map(|row| row.cells).collect();
    assert_eq!(subjects(rows), ["lama"], "19 November is 22 hours from its end");
    let of_budi = ListQuery { of: Some(budi), ..ListQuery::all(Kind::Corrections) };
    assert_eq!(desk.page(of_budi).matched, 2);
    let ahead = Correction { received: moment("2026-11-22T00:00:00Z"), ..request_of(mila) };
    let step = desk.step();
    let drafts = vec![DraftRecord { id: None, base: Revision(0), record: ahead.into() }];
    let refused = refused(desk.ask(Request::Save(Save { step, drafts })));
    assert!(
        matches!(refused, Problem::Invalid(faults) if faults[0].1.reason == Reason::DateFuture)
    );
}

#[test]
fn somebody_with_a_request_is_not_deleted() {
    let mut desk = Desk::new();
    let mila = desk.save(employee("Mila", 1));
    desk.save(request_of(mila));
    let step = desk.step();
    let delete = Request::Delete { step, ids: vec![(mila, Revision(1))] };
    assert!(matches!(refused(desk.ask(delete)), Problem::HasHistory { .. }));
}

fn restrict(record: &mut Record) {
    let Record::Employee(employee) = record else { panic!("no employee") };
    employee.restricted = true;
}

#[test]
fn nothing_of_a_restricted_person_is_changed_but_that_and_their_requests() {
    let mut desk = Desk::new();
    let mila = desk.save(employee("Mila", 1));
    let budi = desk.save(employee("Budi", 2));
    saved(desk.rate(mila, 1, 3, "2026-01-10"));
    let restricting = saved(desk.change(mila, restrict)).seq;
    let is_refused = |answer| match refused(answer) {
        Problem::Restricted { labels, count } => {
            assert_eq!((labels, count), (vec!["Mila".into()], 1));
        }
        other => panic!("{other:?}"),
    };
    is_refused(desk.rate(mila, 1, 4, "2026-02-10"));
    is_refused(desk.change(mila, |record| {
        let Record::Employee(employee) = record else { panic!("no employee") };
        employee.email = "mila@plaju.go.id".into();
    }));
    is_refused(desk.change(mila, |record| {
        let Record::Employee(employee) = record else { panic!("no employee") };
        (employee.restricted, employee.name) = (false, "Siti".into());
    }));
    let step = desk.step();
    is_refused(desk.ask(Request::SetField {
        step,
        kind: Kind::Employees,
        ids: vec![mila.number, budi.number],
        field: "status".into(),
        value: "\"retired\"".into(),
    }));
    let step = desk.step();
    is_refused(desk.ask(Request::Undo { step, seq: Some(3) }));
    desk.save(request_of(mila));
    let step = desk.step();
    saved(desk.ask(Request::Undo { step, seq: restricting }));
    saved(desk.rate(mila, 1, 4, "2026-02-10"));
}

#[test]
fn rows_about_a_restricted_person_are_not_imported() {
    let mut desk = Desk::new();
    desk.import(
        Intake::Employees,
        PEOPLE_COLUMNS,
        vec![person_row("Mila", 1, &["Kota"], "Camat"), person_row("Budi", 2, &["Kota"], "Lurah")],
    );
    let Answer::Record(Some(mila)) = desk.ask(Request::Find(Kind::Employees, "Mila".into())) else {
        panic!("no Mila")
    };
    saved(desk.change(mila.id, restrict));
    let rows = vec![
        person_row("Mila M.", 1, &["Kota"], "Camat"),
        person_row("Budi S.", 2, &["Kota"], "Lurah"),
    ];
    let (verdicts, answer) = desk.import(Intake::Employees, PEOPLE_COLUMNS, rows);
    let Verdict::Refused(fault) = &verdicts[0] else { panic!("{verdicts:?}") };
    assert_eq!((fault.field.as_str(), fault.reason), ("number", Reason::Restricted));
    let Answer::Imported(counts) = answer else { panic!("{answer:?}") };
    assert_eq!((counts.changed, counts.refused), (1, 1));
    assert_eq!(desk.names(""), ["Budi S.", "Mila"]);
}

#[test]
fn a_file_leaves_restricted_people_out_and_says_how_many() {
    let mut desk = Desk::new();
    let mila = desk.save(employee("Mila", 1));
    let budi = desk.save(employee("Budi", 2));
    for level in [1, 2] {
        saved(desk.rate(mila, level, 3, "2026-01-10"));
        saved(desk.rate(budi, level, 3, "2026-01-10"));
    }
    saved(desk.change(mila, restrict));
    for (kind, shown, left) in [(Kind::Employees, 2, 1), (Kind::Ratings, 4, 2)] {
        let query = ListQuery::all(kind);
        let page = desk.page(query.clone());
        assert_eq!((page.matched, page.restricted), (shown, 0));
        let page = desk.page(ListQuery { export: true, ..query });
        assert_eq!((page.matched, page.rows.len(), page.restricted), (left, left as usize, 1));
    }
    let matrix = ReportQuery { export: true, ..ReportQuery::of("matrix") };
    let Answer::Table(matrix) = desk.ask(Request::Report(matrix)) else { panic!("no matrix") };
    assert_eq!((matrix.matched, matrix.restricted), (1, 1));
    assert_eq!(desk.names("restricted:ya"), ["Mila"]);
}

#[test]
fn who_is_read_is_written_down_after_ten_minutes_and_in_nobodys_way() {
    let mut desk = Desk::new();
    let mila = desk.save(employee("Mila", 1));
    let budi = desk.save(employee("Budi", 2));
    desk.office().news();
    desk.office().wake();
    assert_eq!(desk.office().wakes_in(), None, "nothing waits, nothing wakes");
    for person in [mila, mila, budi, mila] {
        desk.look_at(person);
    }
    let columns = vec!["name".into(), "birth_date".into()];
    desk.page(ListQuery { columns, ..ListQuery::all(Kind::Employees) });
    desk.list(Kind::Employees, &["nip", "name", "unit"]);
    desk.wait(9);
    assert_eq!(desk.last_seq(), 2, "not yet");
    assert_eq!(desk.office().wakes_in(), Some(std::time::Duration::from_mins(1)));
    desk.wait(1);
    desk.office().wake();
    assert_eq!(desk.office().wakes_in(), None);
    assert_eq!(desk.readings(), [(2, 3, 2)], "the same person again at once is one reading");
    assert_eq!(desk.last_seq(), 3);
    assert!(desk.office().news().is_empty(), "no screen is told");
    assert_eq!(desk.history().len(), 2, "the history shows what officers did");

    // The day's record grows; the officer's own latest step is still theirs.
    desk.look_at(budi);
    desk.wait(10);
    assert_eq!(desk.last_seq(), 4, "written on the next request");
    assert_eq!(desk.readings(), [(2, 4, 2)]);
    saved(desk.undo());
    assert_eq!(desk.names(""), ["Mila"]);
    let step = desk.step();
    let undone = desk.ask(Request::Undo { step, seq: Some(4) });
    assert_eq!(refused(undone), Problem::KeptByOffice);
    let Answer::Verified(_) = desk.ask(Request::Verify) else { panic!("not sound") };
}

#[test]
fn nobody_writes_readings_by_hand() {
    let mut desk = Desk::new();
    let step = desk.step();
    let record = Reading::of("budi", "2026-11-21".parse().expect("a day")).into();
    let drafts = vec![DraftRecord { id: None, base: Revision(0), record }];
    let answer = desk.ask(Request::Save(Save { step, drafts }));
    assert_eq!(refused(answer), Problem::KeptByOffice);
}

#[test]
fn short_sittings_write_no_line_each() {
    let mut desk = Desk::new();
    let mila = desk.save(employee("Mila", 1));
    for _ in 0..3 {
        desk.look_at(mila);
        desk.close();
        desk.open();
        desk.wait(3);
    }
    assert_eq!(desk.last_seq(), 1);
    let file = desk.folder.path().join("data/drafts/readings.json");
    let mode = std::os::unix::fs::PermissionsExt::mode(
        &std::fs::metadata(&file).expect("what waits").permissions(),
    );
    assert_eq!(mode & 0o777, 0o600);
    desk.wait(1);
    assert_eq!(desk.last_seq(), 2, "ten minutes after the first of them");
    assert_eq!(desk.readings(), [(1, 3, 0)]);
    desk.close();
    assert!(!file.exists(), "nothing waits any more");
}

#[test]
fn a_kill_counts_nothing_twice() {
    let mut desk = Desk::new();
    let mila = desk.save(employee("Mila", 1));
    desk.look_at(mila);
    desk.close();
    desk.open();
    desk.wait(10);
    assert_eq!(desk.last_seq(), 2);
    assert_eq!(desk.readings(), [(1, 1, 0)]);
    desk.look_at(mila);
    desk.kill();
    desk.open();
    desk.wait(20);
    assert_eq!(desk.last_seq(), 2, "what was left of the file had been written");
    assert_eq!(desk.readings(), [(1, 1, 0)]);
}

#[test]
fn an_office_only_looked_at_writes_nothing() {
    let mut desk = Desk::new();
    let mila = desk.save(employee("Mila", 1));
    desk.close();
    let now = desk.now.clone();
    let options = OpenOptions { read_only: true, ..options(desk.folder.path()) };
    let clock = Box::new(move || *now.lock().expect("the time"));
    desk.office = Some(Office::open(&options, clock, &mut |_, _, _| {}).expect("an office"));
    desk.look_at(mila);
    desk.wait(20);
    assert_eq!(desk.last_seq(), 1);
    desk.close();
    assert!(!desk.folder.path().join("data/drafts").exists());
}

#[test]
fn readings_over_midnight_stand_under_both_days() {
    let mut desk = Desk::new();
    let mila = desk.save(employee("Mila", 1));
    // Five to midnight in Jakarta.
    *desk.now.lock().expect("the time") = "2026-11-21T16:55:00Z".parse().expect("a time");
    desk.look_at(mila);
    desk.wait(6);
    desk.look_at(mila);
    desk.wait(6);
    assert_eq!(desk.last_seq(), 2, "one line for both");
    let days = desk.list(Kind::Readings, &["day", "total"]);
    let day = |text: &str| Value::date(text.parse().ok());
    assert_eq!(days, [[day("2026-11-22"), Value::Whole(1)], [day("2026-11-21"), Value::Whole(1)]]);
}
