//! Home: every figure is what the list behind it finds, whatever was changed and for whoever
//! asks.

use super::gaps::{asked, column};
use super::*;
use crate::domain::kinds::certificate::Certificate;
use crate::domain::kinds::idp_line::IdpLine;
use crate::domain::kinds::performance::{Performance, Predicate};
use crate::domain::kinds::plan_line::{Ground, LineStatus, PlanLine};
use crate::protocol::{Door, HomePage, Opens, ReportQuery};

fn home(desk: &mut Desk) -> HomePage {
    match desk.ask(Request::Home { unit: None }) {
        Answer::Home(home) => *home,
        other => panic!("{other:?}"),
    }
}

/// A town of two villages and an office, each with somebody below standard in something.
fn town() -> Desk {
    let mut desk = Desk::new();
    let office: &[&str] = &["Kecamatan Plaju"];
    let ulu: &[&str] = &["Kecamatan Plaju", "Kelurahan Plaju Ulu"];
    let ilir: &[&str] = &["Kecamatan Plaju", "Kelurahan Plaju Ilir"];
    let rows = vec![
        person_row("Ani", 1, office, "Kepala Seksi"),
        person_row("Budi", 2, ulu, "Lurah"),
        person_row("Cici", 3, ulu, "Kepala Seksi"),
        person_row("Dedi", 4, ilir, "Lurah"),
        person_row("Eka", 5, ilir, "Kepala Seksi"),
    ];
    desk.import(Intake::Employees, PEOPLE_COLUMNS, rows);
    desk.rate_all(&[
        (1000, 1, 1, "2026-01-10"),
        (1001, 5, 1, "2026-03-10"),
        (1002, 5, 1, "2026-03-10"),
        (1003, 5, 2, "2024-02-10"),
        (1003, 8, 5, "2024-02-10"),
    ]);
    desk
}

/// Each figure beside the number of people its search finds.
fn doors_agree(desk: &mut Desk) {
    let home = home(desk);
    let mut count = |search: &str| desk.names(search).len() as u32;
    assert_eq!(home.people, count("status:aktif"));
    assert_eq!(home.below, count("gap>0 status:aktif"));
    let (reached, all) = home.floor;
    assert_eq!(all - reached, count("jp<20 jenis=pns status:aktif"));
    for task in &home.tasks {
        if let Door::People(search) = &task.opens {
            assert_eq!(task.count, count(search), "{}: {search}", task.what);
        }
    }
    let near = home.units.iter().filter(|unit| !unit.deeper);
    assert_eq!(near.map(|unit| unit.people).sum::<u32>(), home.people);
    for unit in &home.units {
        assert_eq!(unit.people, count(&format!("{} status:aktif", unit.search)), "{unit:?}");
        for (below, competency) in unit.below.iter().zip(&home.competencies) {
            let search = format!("{}<std {} status:aktif", competency.code, unit.search);
            assert_eq!(*below, count(&search), "{search}");
        }
    }
    let by_month = desk.table(asked("jp-months", &[]));
    let months = column(&by_month, "jp");
    for (row, jp) in by_month.rows.iter().zip(&months) {
        let Some(Opens::Report { id, own, .. }) = &row.opens else { panic!("{row:?}") };
        let behind = desk.table(ReportQuery { own: own.clone(), ..ReportQuery::of(id) });
        let sum = column(&behind, "jp").into_iter().map(|cell| match cell {
            Value::Whole(jp) => jp,
            other => panic!("{other:?}"),
        });
        assert_eq!(*jp, Value::Whole(sum.sum()), "{row:?}");
        assert_eq!(Value::Whole(behind.matched.into()), row.cells[1], "{row:?}");
    }
    assert_eq!(months, home.months.map(|jp| Value::Whole(jp.into())));
    for task in &home.tasks {
        let Door::List(kind, search) = &task.opens else { continue };
        let query = ListQuery { search: search.clone(), ..ListQuery::all(*kind) };
        let Answer::Page(page) = desk.ask(Request::List(query)) else { panic!("no page") };
        assert_eq!(task.count, page.matched, "{}: {search}", task.what);
    }
}

#[test]
fn where_units_are_few_their_parts_follow_and_one_that_is_all_of_its_unit_is_passed_over() {
    let mut desk = town();
    let jaya: &[&str] = &["Kota Jaya", "Kecamatan Jaya", "Kelurahan Jaya Satu"];
    let dua: &[&str] = &["Kota Jaya", "Kecamatan Jaya", "Kelurahan Jaya Dua"];
    let rows = vec![person_row("Fani", 6, jaya, "Lurah"), person_row("Gita", 7, dua, "Lurah")];
    desk.import(Intake::Employees, PEOPLE_COLUMNS, rows);
    doors_agree(&mut desk);
    let home = home(&mut desk);
    let named = |deeper: bool| {
        let units = home.units.iter().filter(|unit| unit.deeper == deeper);
        let mut names: Vec<_> = units.map(|unit| unit.name.as_str()).collect();
        names.sort_unstable();
        names
    };
    assert_eq!(named(false), ["Kecamatan Plaju", "Kota Jaya"]);
    let parts = ["Kecamatan Plaju", "Kelurahan Jaya Dua", "Kelurahan Jaya Satu"];
    assert_eq!(named(true)[..3], parts, "with its own people: {:?}", named(true));
    assert_eq!(named(true).len(), 5);
}

#[test]
fn every_figure_of_home_is_what_its_list_finds_after_any_change() {
    let mut desk = town();
    doors_agree(&mut desk);
    let first = home(&mut desk);
    let names: Vec<_> = first.units.iter().map(|unit| (unit.name.as_str(), unit.own)).collect();
    assert_eq!(
        names,
        [
            ("Kelurahan Plaju Ulu", false),
            ("Kecamatan Plaju", true),
            ("Kelurahan Plaju Ilir", false)
        ]
    );
    let person = |number| RecordId::new(Kind::Employees, number);
    saved(desk.rate(person(1002), 5, 3, "2026-04-10"));
    doors_agree(&mut desk);
    saved(desk.change(person(1001), |record| {
        if let Record::Employee(employee) = record {
            employee.status = Status::Moved;
        }
    }));
    doors_agree(&mut desk);
    saved(desk.undo());
    doors_agree(&mut desk);
    desk.close();
    desk.open();
    doors_agree(&mut desk);
    assert_eq!(home(&mut desk).below, 2);
}

#[test]
fn jp_stands_in_the_month_its_session_ended_and_what_is_to_be_done_is_told() {
    let mut desk = town();
    let programme = desk.save(Programme {
        name: "Bimtek Adminduk".into(),
        r#type: "KL10".into(),
        jp: Some(8),
        ..Programme::default()
    });
    let programme = crate::domain::record::ProgrammeId(programme.number);
    let mut session = |start: &str, end: &str, capacity| {
        let session = Session {
            programme,
            start: start.parse().ok(),
            end: end.parse().ok(),
            capacity,
            ..Session::default()
        };
        SessionId(desk.save(session).number)
    };
    let held = session("2026-10-30", "2026-11-02", None);
    let full = session("2026-12-04", "2026-12-04", Some(1));
    let other = session("2026-12-04", "2026-12-05", None);
    let people: Vec<_> = (1000..1003).map(EmployeeId).collect();
    for session in [held, full, other] {
        let step = desk.step();
        let request = Request::EnrolAnyway { step, session, employees: people.clone() };
        assert_eq!(saved(desk.ask(request)).count, 3);
    }
    let whats = |home: &HomePage| {
        let tasks = home.tasks.iter().map(|task| (task.what.clone(), task.count));
        tasks.collect::<Vec<_>>()
    };
    let before = home(&mut desk);
    for task in [
        ("attendance", 3),
        ("overbooked", 3),
        ("clashing", 3),
        ("under_floor", 5),
        ("not_rated", 2),
    ] {
        assert!(whats(&before).contains(&(task.0.to_string(), task.1)), "{task:?} {before:?}");
    }
    let names = desk.names("bentrok");
    assert_eq!((names.len(), desk.names("clashes:yes !restricted")), (3, names.clone()));
    assert!(desk.names("!bentrok").iter().all(|name| !names.contains(name)));
    assert_eq!(before.months, [0; 12]);
    assert_eq!(before.sessions.len(), 2);
    // A seat is taken by whichever unit's people.
    let ilir = before.units.iter().find(|unit| unit.name.contains("Ilir")).expect("a unit").id;
    let Answer::Home(of_unit) = desk.ask(Request::Home { unit: Some(ilir) }) else {
        panic!("no home")
    };
    assert_eq!(of_unit.sessions[0].enrolled, 3);
    assert!(whats(&of_unit).contains(&("overbooked".to_string(), 3)), "{of_unit:?}");
    assert!(whats(&of_unit).iter().all(|(what, _)| what != "attendance"), "{of_unit:?}");
    for day in 0..4 {
        let marks = people.iter().map(|one| (*one, day, Some(Presence::Present))).collect();
        let step = desk.step();
        saved(desk.ask(Request::Attend { step, session: held, marks }));
    }
    let after = home(&mut desk);
    assert_eq!((after.months[10], after.jp), (24, 24));
    assert!(whats(&after).iter().all(|(what, _)| what != "attendance"), "{after:?}");
    let certificate = |name: &str, until: &str| Certificate {
        employee: EmployeeId(1000),
        name: name.into(),
        number: until.into(),
        valid_until: until.parse().ok(),
        ..Certificate::default()
    };
    desk.save(certificate("Pengadaan", "2026-12-01"));
    assert!(whats(&home(&mut desk)).contains(&("certificates".to_string(), 1)));
    // One that was renewed is no longer asked for.
    desk.save(certificate("Pengadaan", "2029-12-01"));
    assert!(whats(&home(&mut desk)).iter().all(|(what, _)| what != "certificates"));
    doors_agree(&mut desk);
}

#[test]
fn a_session_that_goes_on_is_asked_for_each_day_and_a_certificate_says_who_came() {
    let mut desk = town();
    let today = home(&mut desk).at;
    let programme = desk.save(Programme {
        name: "Pelayanan Prima".into(),
        r#type: "KL10".into(),
        jp: Some(8),
        ..Programme::default()
    });
    let programme = crate::domain::record::ProgrammeId(programme.number);
    let mut held = |from: i64, to: i64| {
        let day = |by: i64| Some(today + chrono::TimeDelta::days(by));
        let session = Session { programme, start: day(from), end: day(to), ..Session::default() };
        SessionId(desk.save(session).number)
    };
    let (on, over) = (held(-1, 1), held(-20, -19));
    let people: Vec<_> = (1000..1003).map(EmployeeId).collect();
    let step = desk.step();
    let request = Request::EnrolAnyway { step, session: on, employees: people.clone() };
    saved(desk.ask(request));
    let asked = |desk: &mut Desk| {
        let home = home(desk);
        let asked = home.tasks.iter().filter(|task| task.what.starts_with("attendance"));
        asked.map(|task| (task.what.clone(), task.count)).collect::<Vec<_>>()
    };
    for day in 0..2 {
        let waits = asked(&mut desk);
        assert_eq!(waits, [("attendance_today".to_string(), 3)], "day {day}");
        let marks = people.iter().map(|one| (*one, day, Some(Presence::Absent))).collect();
        let step = desk.step();
        saved(desk.ask(Request::Attend { step, session: on, marks }));
        if day == 0 {
            continue;
        }
        assert_eq!(asked(&mut desk), []);
    }
    let stated = crate::domain::kinds::enrolment::Enrolment {
        session: over,
        employee: EmployeeId(1000),
        jp: Some(8),
        ..Default::default()
    };
    desk.save(stated);
    assert_eq!(asked(&mut desk), [], "a certificate states the JP");
}

#[test]
fn what_was_planned_and_not_done_is_told_and_leads_to_its_list() {
    let mut desk = town();
    let line = |year: u16, month: u8, status| IdpLine {
        employee: EmployeeId(1000),
        year,
        competency: CompetencyId(u32::from(month)),
        activity: "KL10".into(),
        month: Some(month),
        status,
        ..IdpLine::default()
    };
    desk.save(line(2026, 3, None));
    desk.save(line(2026, 4, Some(LineStatus::Done)));
    // The month that is on is not over.
    desk.save(line(2026, 9, Some(LineStatus::Accepted)));
    let plan = desk.save(PlanLine {
        year: 2026,
        competency: CompetencyId(5),
        level: Level::new(2).expect("a level"),
        ground: Some(Ground::Gap),
        activity: "KL10".into(),
        ..PlanLine::default()
    });
    let performance = |year: u16| Performance {
        employee: EmployeeId(1001),
        year,
        predicate: Some(Predicate::Good),
        ..Performance::default()
    };
    let told = |desk: &mut Desk, what: &str| {
        doors_agree(desk);
        home(desk).tasks.iter().find(|task| task.what == what).map_or(0, |task| task.count)
    };
    assert_eq!(told(&mut desk, "not_judged"), 0, "an office that keeps none is not asked for it");
    let people = home(&mut desk).people;
    desk.save(performance(2024));
    assert_eq!(told(&mut desk, "not_judged"), people);
    desk.save(performance(2025));
    assert_eq!(told(&mut desk, "not_judged"), people - 1);
    assert_eq!(told(&mut desk, "idp_overdue"), 2);
    assert_eq!(told(&mut desk, "plan_without_session"), 1);
    let programme = desk.save(Programme {
        name: "Loket".into(),
        r#type: "KL10".into(),
        competency: Some(CompetencyId(5)),
        ..Programme::default()
    });
    let programme = crate::domain::record::ProgrammeId(programme.number);
    let (start, end) = ("2026-12-04".parse().ok(), "2026-12-04".parse().ok());
    desk.save(Session { programme, start, end, ..Session::default() });
    assert_eq!(told(&mut desk, "plan_without_session"), 0);
    saved(desk.undo());
    saved(desk.change(plan, |record| {
        let Record::PlanLine(line) = record else { panic!("a line") };
        line.status = Some(LineStatus::Refused);
    }));
    assert_eq!(told(&mut desk, "plan_without_session"), 0);
}
