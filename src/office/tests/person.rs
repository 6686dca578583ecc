//! What is told of one person: the next step for each competency below standard, and how
//! they would stand in another post.

use super::*;
use crate::domain::record::{PositionId, ProgrammeId};
use crate::protocol::Person;

fn told(answer: Answer) -> Person {
    match answer {
        Answer::Person(person) => *person,
        other => panic!("{other:?}"),
    }
}

/// A desk with Mila, a lurah who is one level short of competency 2.
fn mila() -> (Desk, EmployeeId) {
    let mut desk = Desk::new();
    let rows =
        vec![person_row("Mila", 1, &["Kota", "Kecamatan Plaju", "Kelurahan Plaju Ulu"], "Lurah")];
    desk.import(Intake::Employees, PEOPLE_COLUMNS, rows);
    let id = RecordId::new(Kind::Employees, 1000);
    saved(desk.rate(id, 1, 2, "2026-01-10"));
    saved(desk.rate(id, 2, 1, "2026-01-10"));
    (desk, EmployeeId(1000))
}

impl Desk {
    fn programme_for(&mut self, name: &str, competency: u32) -> ProgrammeId {
        let programme = Programme {
            name: name.into(),
            r#type: "KL10".into(),
            jp: Some(12),
            competency: Some(CompetencyId(competency)),
            ..Programme::default()
        };
        ProgrammeId(self.save(programme).number)
    }

    fn held(&mut self, programme: ProgrammeId, day: &str, cancelled: bool) -> SessionId {
        let (start, end) = (day.parse().ok(), day.parse().ok());
        let capacity = Some(2);
        let session = Session { programme, start, end, capacity, cancelled, ..Session::default() };
        SessionId(self.save(session).number)
    }
}

#[test]
fn below_standard_names_the_session_that_comes_next_and_its_seats() {
    let (mut desk, mila) = mila();
    assert_eq!(told(desk.ask(Request::Person(mila))).courses, []);
    let programme = desk.programme_for("Bimtek Kerja Sama", 2);
    desk.programme_for("Yang sesuai tidak perlu dilatih", 1);
    let courses = told(desk.ask(Request::Person(mila))).courses;
    assert_eq!(courses.len(), 1);
    assert_eq!((courses[0].competency, &courses[0].next), (CompetencyId(2), &None));

    desk.held(programme, "2026-10-01", false);
    desk.held(programme, "2026-11-25", true);
    let later = desk.held(programme, "2026-12-18", false);
    let next = desk.held(programme, "2026-12-11", false);
    let coming = |desk: &mut Desk| {
        told(desk.ask(Request::Person(mila))).courses.remove(0).next.expect("a session")
    };
    let first = coming(&mut desk);
    assert_eq!((first.session, first.free, first.enrolled), (next, Some(2), false));
    let others = [2, 3].map(|serial| EmployeeId(desk.save(employee("Orang", serial)).number));
    let step = desk.step();
    saved(desk.ask(Request::Enrol { step, session: next, employees: others.to_vec() }));
    assert_eq!(coming(&mut desk).session, later, "the first is full");
    let step = desk.step();
    saved(desk.ask(Request::Enrol { step, session: later, employees: vec![mila] }));
    let there = coming(&mut desk);
    assert_eq!((there.session, there.free, there.enrolled), (later, Some(1), true));
}

#[test]
fn in_another_post_somebody_is_measured_against_it_and_nothing_is_kept() {
    let (mut desk, mila) = mila();
    let post = Position { title: "Camat".into(), eselon: "III.a".into(), ..Position::default() };
    let camat = PositionId(desk.save(post).number);
    let before = told(desk.ask(Request::Person(mila)));
    let trial = told(desk.ask(Request::PersonAs { employee: mila, position: camat }));
    assert_eq!(trial.position.as_ref().map(|post| post.title.as_str()), Some("Camat"));
    assert_eq!(trial.stored, before.stored, "the person is who they are");
    let required = |person: &Person| person.cells[0].required.expect("a standard");
    assert!(required(&trial) > required(&before));
    assert!(trial.figures.below > before.figures.below);
    assert_eq!(told(desk.ask(Request::Person(mila))), before);
    for (employee, position) in [(mila, PositionId(9000)), (EmployeeId(9000), camat)] {
        let problem = refused(desk.ask(Request::PersonAs { employee, position }));
        assert!(matches!(problem, Problem::NotFound), "{problem:?}");
    }
}
