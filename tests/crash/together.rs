//! Requests that wait together share one sync, and each still sees what those before it
//! did; when the disk fails, they all fail.

use std::io::ErrorKind;

use kompeten::domain::fault::Reason;
use kompeten::domain::kinds::employee::Employee;
use kompeten::domain::kinds::enrolment::Presence;
use kompeten::domain::kinds::position::Position;
use kompeten::domain::kinds::programme::Programme;
use kompeten::domain::kinds::session::Session;
use kompeten::domain::kinds::unit::Unit;
use kompeten::domain::record::{
    EmployeeId, Kind, ProgrammeId, Record, RecordId, SessionId, UnitId,
};
use kompeten::protocol::{Answer, DraftRecord, ListQuery, Problem, Request, Save};

use super::desk::{Desk, employee, refused, saved};
use super::disk::TestDisk;

fn level(desk: &mut Desk, person: RecordId) -> Option<u8> {
    match desk.ask(Request::Person(EmployeeId(person.number))) {
        Answer::Person(person) => person.cells[0].actual,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_last_of_two_digits_typed_at_once_is_the_level() {
    let mut desk = Desk::new();
    let mila = desk.save(employee(1));
    let first = saved(desk.rate(mila, 1, 3, "2026-11-20")).ids;
    let there_and_back =
        vec![desk.rating(mila, 1, 2, "2026-11-20"), desk.rating(mila, 1, 3, "2026-11-20")];
    for answer in desk.ask_together(there_and_back) {
        assert_eq!(saved(answer).ids, first);
    }
    assert_eq!(level(&mut desk, mila), Some(3));
    let many = (1..=5).cycle().take(40).map(|level| desk.rating(mila, 1, level, "2026-11-20"));
    let many: Vec<_> = many.collect();
    desk.ask_together(many);
    assert_eq!(level(&mut desk, mila), Some(5));
    desk.verify();
}

fn session(desk: &mut Desk) -> SessionId {
    let programme = desk.save(Programme {
        name: "Bimtek".into(),
        r#type: "KL10".into(),
        jp: Some(10),
        ..Programme::default()
    });
    let session = desk.save(Session {
        programme: ProgrammeId(programme.number),
        start: "2026-11-10".parse().ok(),
        end: "2026-11-12".parse().ok(),
        ..Session::default()
    });
    SessionId(session.number)
}

fn enrolled(desk: &mut Desk, session: SessionId) -> Vec<Vec<Option<Presence>>> {
    match desk.ask(Request::Attendance(session)) {
        Answer::Attendance(attendance) => {
            attendance.rows.into_iter().map(|row| row.marks).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn enrolling_and_taking_out_at_once_end_as_the_last_one_says() {
    let mut desk = Desk::new();
    let employees = vec![EmployeeId(desk.save(employee(1)).number)];
    let session = session(&mut desk);
    let toggle = |desk: &mut Desk, times: usize| {
        let requests: Vec<_> = (0..times)
            .map(|turn| {
                let (step, employees) = (desk.step(), employees.clone());
                if turn % 2 == 0 {
                    Request::Enrol { step, session, employees }
                } else {
                    Request::Unenrol { step, session, employees }
                }
            })
            .collect();
        desk.ask_together(requests).into_iter().for_each(|answer| drop(saved(answer)));
    };
    toggle(&mut desk, 3);
    assert_eq!(enrolled(&mut desk, session).len(), 1);
    toggle(&mut desk, 2);
    assert_eq!(enrolled(&mut desk, session).len(), 0);
    desk.verify();
}

#[test]
fn marks_of_one_person_made_at_once_are_all_kept() {
    let mut desk = Desk::new();
    let person = EmployeeId(desk.save(employee(1)).number);
    let session = session(&mut desk);
    let step = desk.step();
    saved(desk.ask(Request::Enrol { step, session, employees: vec![person] }));
    let marks = (0..3).map(|day| {
        let step = desk.step();
        Request::Attend { step, session, marks: vec![(person, day, Some(Presence::Present))] }
    });
    let marks: Vec<_> = marks.collect();
    desk.ask_together(marks).into_iter().for_each(|answer| drop(saved(answer)));
    assert_eq!(enrolled(&mut desk, session), [[Some(Presence::Present); 3]]);
}

#[test]
fn a_request_that_comes_twice_at_once_is_done_once() {
    let mut desk = Desk::new();
    let request = desk.adding(Position { title: "Lurah".into(), ..Position::default() });
    let answers = desk.ask_together(vec![request.clone(), request.clone(), request]);
    let [first, second, third] = &answers[..] else { panic!("{answers:?}") };
    assert_eq!((first, first), (second, third));
    let count = desk.ask(Request::Ids(ListQuery::all(Kind::Positions)));
    assert!(matches!(&count, Answer::Ids(ids) if ids.len() == 1), "{count:?}");
}

#[test]
fn two_moves_of_units_at_once_never_make_a_ring() {
    let mut desk = Desk::new();
    let mut unit = |name: &str, parent: Option<RecordId>| {
        let parent = parent.map(|id| UnitId(id.number));
        desk.save(Unit { name: name.into(), parent, ..Unit::default() })
    };
    // b under a, d under c; then a under d and c under b, at once.
    let a = unit("a", None);
    let b = unit("b", Some(a));
    let c = unit("c", None);
    let d = unit("d", Some(c));
    let mut put_under = |id: RecordId, parent: RecordId| {
        let Answer::Record(Some(stored)) = desk.ask(Request::Get(id)) else { panic!() };
        let Record::Unit(unit) = stored.record else { panic!() };
        let record = Unit { parent: Some(UnitId(parent.number)), ..unit }.into();
        let drafts = vec![DraftRecord { id: Some(id), base: stored.rev, record }];
        Request::Save(Save { step: desk.step(), drafts })
    };
    let moves = vec![put_under(a, d), put_under(c, b)];
    let answers = desk.ask_together(moves);
    saved(answers[0].clone());
    match &answers[1] {
        Answer::Refused(Problem::Invalid(faults)) => {
            assert_eq!(faults[0].1.reason, Reason::UnitLoop);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_stale_write_among_others_stops_nobody_else() {
    let mut desk = Desk::new();
    let people: Vec<_> = (1..=4).map(|serial| desk.save(employee(serial))).collect();
    let mut requests: Vec<_> =
        people.iter().map(|person| desk.renaming(*person, "Pertama")).collect();
    requests.push(desk.renaming(people[2], "Kedua"));
    requests.push(desk.adding(employee(5)));
    requests.push(desk.adding(employee(5)));
    let answers = desk.ask_together(requests);
    assert!(matches!(answers[4], Answer::Conflict(_)), "{:?}", answers[4]);
    assert!(matches!(answers[5], Answer::Saved(_)));
    assert!(matches!(answers[6], Answer::Refused(Problem::Invalid(_))), "{:?}", answers[6]);
    let seqs: Vec<_> = answers
        .iter()
        .filter_map(|a| if let Answer::Saved(s) = a { s.seq } else { None })
        .collect();
    assert_eq!(seqs, [5, 6, 7, 8, 9]);
    desk.verify();
    desk.kill();
    desk.open();
    assert_eq!(desk.people(), 5);
    desk.verify();
}

#[test]
fn those_that_waited_together_are_all_refused_by_a_full_disk_and_can_come_again() {
    let disk = TestDisk::default();
    let mut desk = Desk::closed();
    desk.open_by(disk.means()).expect("an office");
    desk.save(employee(100));
    let requests: Vec<_> = (1..=5).map(|serial| desk.adding(employee(serial))).collect();
    disk.fail(1, 1, ErrorKind::StorageFull);
    for answer in desk.ask_together(requests.clone()) {
        assert_eq!(refused(answer), Problem::DiskFull);
    }
    assert_eq!(desk.people(), 1);
    let answers = desk.ask_together(requests);
    let seqs: Vec<_> = answers.into_iter().map(|answer| saved(answer).seq).collect();
    assert_eq!(seqs, [2, 3, 4, 5, 6].map(Some), "no number is left out");
    desk.verify();
}

#[test]
fn those_that_waited_together_are_told_when_the_disk_did_not_confirm() {
    let disk = TestDisk::default();
    let mut desk = Desk::closed();
    desk.open_by(disk.means()).expect("an office");
    desk.save(employee(100));
    let requests: Vec<_> = (1..=5).map(|serial| desk.adding(employee(serial))).collect();
    disk.fail(2, 1, ErrorKind::Other);
    for answer in desk.ask_together(requests.clone()) {
        assert_eq!(refused(answer), Problem::SyncUnsure);
    }
    assert_eq!(desk.info().read_only, Some(Problem::SyncUnsure));
    assert_eq!(desk.people(), 1, "nothing is shown that is not certain");
    assert_eq!(refused(desk.try_save(employee(50))), Problem::SyncUnsure);
    // Opened again they turn out to have been written; asked again they are not done twice.
    let info = desk.reopen();
    assert_eq!((info.read_only, info.employees), (None, 6));
    desk.ask_together(requests).into_iter().for_each(|answer| drop(saved(answer)));
    assert_eq!(desk.people(), 6);
    desk.verify();
}

/// A large change between small ones: its own sync, its place in the order.
#[test]
fn a_bulk_edit_of_more_than_a_line_holds_is_one_step() {
    let mut desk = Desk::new();
    desk.import((1..=1100).map(employee)).expect("imported");
    let Answer::Ids(ids) = desk.ask(Request::Ids(ListQuery::all(Kind::Employees))) else {
        panic!("no ids")
    };
    let field = |desk: &mut Desk, value: &str| Request::SetField {
        step: desk.step(),
        kind: Kind::Employees,
        ids: ids.clone(),
        field: "status".into(),
        value: value.into(),
    };
    let requests = vec![
        desk.adding(employee(2000)),
        field(&mut desk, "\"moved\""),
        field(&mut desk, "\"moved\""),
        desk.adding(employee(2001)),
    ];
    let answers = desk.ask_together(requests);
    let told: Vec<_> = answers.into_iter().map(saved).map(|s| (s.seq, s.count)).collect();
    assert_eq!(told, [(Some(2), 1), (Some(3), 1100), (None, 0), (Some(4), 1)]);
    let moved = |desk: &mut Desk| {
        let search = "status:moved".into();
        match desk.ask(Request::List(ListQuery { search, ..ListQuery::all(Kind::Employees) })) {
            Answer::Page(page) => page.matched,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(moved(&mut desk), 1100);
    saved(desk.undo());
    let undone = saved(desk.undo());
    assert_eq!((undone.count, undone.summary.undoes), (1100, Some(3)));
    assert_eq!(moved(&mut desk), 0);
    desk.kill();
    desk.open();
    desk.verify();
    assert_eq!(saved(desk.redo()).count, 1100);
    assert_eq!(moved(&mut desk), 1100);
    let one = RecordId::new(Kind::Employees, ids[0]);
    assert!(matches!(desk.ask(Request::Get(one)), Answer::Record(Some(stored))
        if matches!(&stored.record, Record::Employee(Employee { name, .. }) if name == "Pegawai 00001")));
}

#[test]
fn whoever_is_named_twice_in_one_request_counts_once() {
    let mut desk = Desk::new();
    let person = desk.save(employee(1));
    let post = desk.save(Position { title: "Lurah".into(), ..Position::default() });
    let session = session(&mut desk);
    let twice = vec![EmployeeId(person.number); 2];

    let (step, employees) = (desk.step(), twice.clone());
    assert_eq!(saved(desk.ask(Request::Enrol { step, session, employees })).count, 1);
    let (step, employees) = (desk.step(), twice);
    assert_eq!(saved(desk.ask(Request::Unenrol { step, session, employees })).count, 1);
    for (id, field, value) in [(person, "status", "\"moved\""), (post, "eselon", "\"IV.a\"")] {
        let request = Request::SetField {
            step: desk.step(),
            kind: id.kind,
            ids: vec![id.number; 3],
            field: field.into(),
            value: value.into(),
        };
        assert_eq!(saved(desk.ask(request)).count, 1);
    }
    let Answer::Record(Some(stored)) = desk.ask(Request::Get(post)) else { panic!() };
    let draft = |title: &str| DraftRecord {
        id: Some(post),
        base: stored.rev,
        record: Position { title: title.into(), ..Position::default() }.into(),
    };
    let drafts = vec![draft("Camat"), draft("Sekretaris")];
    let step = desk.step();
    let answer = desk.ask(Request::Save(Save { step, drafts }));
    assert!(matches!(answer, Answer::Conflict(_)), "two versions at once: {answer:?}");
    let (step, rev) = (desk.step(), desk.revision(post));
    let answer = desk.ask(Request::Delete { step, ids: vec![(post, rev), (post, rev)] });
    assert_eq!(saved(answer).count, 1);
    desk.verify();
    while let Answer::Saved(_) = desk.undo() {}
    assert_eq!(desk.people(), 0);
    desk.verify();
}

#[test]
fn an_undo_never_puts_a_unit_under_itself() {
    let mut desk = Desk::new();
    let b = desk.save(Unit { name: "b".into(), ..Unit::default() });
    let a = desk.save(Unit { name: "a".into(), parent: Some(UnitId(b.number)), ..Unit::default() });
    let mut put_under = |id: RecordId, name: &str, parent: Option<RecordId>| {
        let parent = parent.map(|id| UnitId(id.number));
        let base = desk.revision(id);
        let record = Unit { name: name.into(), parent, ..Unit::default() }.into();
        let drafts = vec![DraftRecord { id: Some(id), base, record }];
        let step = desk.step();
        saved(desk.ask(Request::Save(Save { step, drafts }))).seq
    };
    let out = put_under(a, "a", None);
    put_under(b, "b", Some(a));
    let step = desk.step();
    match desk.ask(Request::Undo { step, seq: out }) {
        Answer::Refused(Problem::Invalid(faults)) => {
            assert_eq!(faults[0].1.reason, Reason::UnitLoop);
        }
        other => panic!("{other:?}"),
    }
    saved(desk.undo());
    saved(desk.undo());
    desk.verify();
}
