//! A person's page at the keyboard: what each key does there, and the steps it names.

use super::tests::{desk, office, siti, with_persons};
use super::*;
use crate::domain::gap::Figures;
use crate::protocol::{PersonTraining, Stored};
use crate::ui::testing::{Desk, Office};

fn at(office: Office) -> Desk {
    Desk::new(vec![Box::new(Employees::new())], office)
}

/// An office in which Siti is as she is made here.
fn where_she_is(
    make: impl Fn(crate::protocol::Person) -> crate::protocol::Person + 'static,
) -> Office {
    let people = office().records;
    office().extra(move |request| match request {
        Request::Person(id) | Request::PersonAs { employee: id, .. } => {
            let (rev, record) = people.get(&(Kind::Employees, id.0))?.clone();
            let person = siti(Stored { id: (*id).into(), rev, record });
            Some(Answer::Person(Box::new(make(person))))
        }
        _ => None,
    })
}

#[test]
fn space_on_a_page_marks_this_person_and_stays() {
    let mut desk = desk();
    desk.press("enter space");
    assert!(desk.screen().starts_with("[Pegawai 3 *1]"), "{}", desk.screen());
    assert!(desk.screen().contains("Siti Aminah, S.Sos."), "{}", desk.screen());
    assert!(desk.screen().contains("Langkah"), "{}", desk.screen());
    desk.press("space");
    assert!(desk.screen().starts_with("[Pegawai 3]"), "{}", desk.screen());
}

#[test]
fn enter_on_an_open_page_says_that_it_is_open_and_is_no_hint() {
    let mut desk = desk();
    assert!(desk.bottom().contains("Enter buka"), "{}", desk.bottom());
    desk.press("enter");
    assert!(!desk.bottom().contains("Enter buka"), "{}", desk.bottom());
    desk.press("enter");
    assert!(desk.bottom().contains("sudah terbuka"), "{}", desk.bottom());
}

#[test]
fn enrolling_from_a_page_begins_at_the_session_that_the_step_names() {
    let session = |programme: u32, start: &str| {
        format!(r#"{{"programme":{programme},"start":"{start}","end":"{start}"}}"#)
    };
    let office = with_persons()
        .with(Kind::Programmes, 900, r#"{"name":"Bimtek Integritas","type":"KL10"}"#)
        .with(Kind::Programmes, 901, r#"{"name":"Pelayanan Prima","type":"KL03"}"#)
        .with(Kind::Sessions, 1001, &session(901, "2026-11-22"))
        .with(Kind::Sessions, 1010, &session(900, "2026-12-11"));
    let mut desk = at(office);
    desk.press("enter t enter");
    match desk.written()[..] {
        [Request::Enrol { session, employees, .. }] => {
            assert_eq!((session.0, employees.len()), (1010, 1));
        }
        ref other => panic!("{other:?}"),
    }
}

#[test]
fn the_step_that_waits_for_a_session_opens_its_form_and_so_does_one_without_a_programme() {
    let planned = || {
        where_she_is(|mut person| {
            person.courses[0].next = None;
            person
        })
    };
    let programme = r#"{"name":"Bimtek Integritas","type":"KL10"}"#;
    let mut desk = at(planned().with(Kind::Programmes, 900, programme));
    desk.press("enter");
    assert!(desk.screen().contains("a jadwalkan: Bimtek"), "{}", desk.screen());
    desk.press("a");
    assert!(desk.screen().contains("Bimtek Integritas"), "{}", desk.screen());
    assert!(desk.screen().contains("Mulai"), "a session's form: {}", desk.screen());

    let mut desk = at(where_she_is(|mut person| {
        person.courses.clear();
        person
    }));
    desk.press("enter");
    assert!(desk.screen().contains("belum ada program; a buat"), "{}", desk.screen());
    desk.press("a");
    assert!(desk.screen().contains("Tambah program"), "a programme's form: {}", desk.screen());
}

#[test]
fn what_if_of_somebody_nobody_has_rated_says_that_it_is_not_known() {
    let office = where_she_is(|mut person| {
        person.cells.iter_mut().for_each(|cell| cell.actual = None);
        person.figures = Figures::of(person.cells.iter().copied());
        person
    });
    let mut desk = at(office.with(Kind::Positions, 1007, r#"{"title":"Camat","eselon":"III.a"}"#));
    desk.press("J 'camat' enter");
    let screen = desk.screen();
    assert!(screen.contains("JPM ?, kurang ? dari 2, belum"), "{screen}");
}

#[test]
fn trainings_on_the_same_days_say_that_they_clash_and_one_that_is_cancelled_says_so() {
    let office = where_she_is(|mut siti| {
        let day = |text: &str| text.parse().ok();
        let training = |session, programme: &str, start, end| PersonTraining {
            session: crate::domain::record::SessionId(session),
            programme: programme.into(),
            start: day(start),
            end: day(end),
            jp: 0,
            cancelled: session == 1004,
        };
        siti.trainings = vec![
            training(1004, "Workshop", "2026-12-29", "2026-12-29"),
            training(1003, "Bimtek", "2026-12-28", "2026-12-30"),
            training(1002, "Sosialisasi", "2026-12-28", "2026-12-28"),
            training(1001, "Seminar", "2026-12-31", "2026-12-31"),
        ];
        siti
    });
    let mut desk = at(office);
    desk.press("enter");
    let screen = desk.screen();
    for said in [
        "Workshop (dibatalkan)",
        "Bimtek (akan datang), bentrok",
        "Sosialisasi (akan datang), bentrok",
    ] {
        assert!(screen.contains(said), "{said}: {screen}");
    }
    assert_eq!(screen.matches("bentrok").count(), 2, "{screen}");
}
