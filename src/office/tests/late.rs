//! An office that has just been opened reads of the roster what it is asked about.

use super::*;

/// Three people with ratings and a session, closed in order and opened again.
fn closed_and_opened() -> (Desk, Vec<RecordId>) {
    let mut desk = Desk::new();
    let people: Vec<_> =
        (1..=3).map(|serial| desk.save(employee(&format!("Orang {serial}"), serial))).collect();
    desk.rate_all(&[
        (people[0].number, 1, 3, "2026-03-01"),
        (people[1].number, 2, 4, "2026-03-02"),
    ]);
    let programme = desk.save(Programme {
        name: "Latsar".into(),
        r#type: "KL10".into(),
        ..Programme::default()
    });
    let session = Session {
        programme: crate::domain::record::ProgrammeId(programme.number),
        start: "2026-12-01".parse().ok(),
        end: "2026-12-01".parse().ok(),
        ..Session::default()
    };
    desk.save(session);
    desk.close();
    desk.open();
    (desk, people)
}

impl Desk {
    fn opened(&mut self) -> &mut Office {
        self.office.as_mut().expect("an office")
    }

    fn reads_whole(&mut self) -> bool {
        self.opened().state.roster.is_whole()
    }

    /// What a lookup by NIP from the shell asks for.
    fn look_up(&mut self, serial: u32) -> String {
        let Answer::Welcome(_) = self.ask(Request::Welcome) else { panic!("no office") };
        let found = self.ask(Request::Find(Kind::Employees, nip(serial).to_string()));
        let Answer::Record(Some(stored)) = found else { panic!("{found:?}") };
        let answer = self.ask(Request::Person(EmployeeId(stored.id.number)));
        let Answer::Person(person) = answer else { panic!("{answer:?}") };
        let asked = self.ask(Request::List(ListQuery::all(Kind::Competencies)));
        assert!(matches!(asked, Answer::Page(_)), "{asked:?}");
        let Record::Employee(employee) = person.stored.record else { panic!("a person") };
        employee.name
    }
}

#[test]
fn one_person_is_looked_up_without_everybody_being_read() {
    let (mut desk, _) = closed_and_opened();
    assert_eq!(desk.look_up(2), "Orang 2");
    assert!(!desk.reads_whole());
    assert_eq!(desk.names("orang"), ["Orang 1", "Orang 2", "Orang 3"]);
    assert!(desk.reads_whole());
    assert_eq!(desk.opened().state.wrong().expect("read"), Vec::<&str>::new());
}

#[test]
fn a_new_day_reads_nobody_and_is_the_day_of_the_roster() {
    let (mut desk, _) = closed_and_opened();
    for day in ["2026-11-22T02:00:00Z", "2026-11-23T02:00:00Z"] {
        *desk.now.lock().expect("the time") = day.parse().expect("a time");
        assert_eq!(desk.look_up(3), "Orang 3");
        assert!(!desk.reads_whole(), "{day}");
        desk.close();
        desk.open();
    }
    let today = desk.opened().state.today;
    assert_eq!(desk.opened().state.roster.day, today);
    assert_eq!(desk.opened().state.wrong().expect("read"), Vec::<&str>::new());
}

#[test]
fn open_requests_are_told_without_everybody_being_read() {
    let (mut desk, people) = closed_and_opened();
    let correction = crate::domain::kinds::correction::Correction {
        employee: EmployeeId(people[0].number),
        received: "2026-11-20T02:00:00Z".parse().ok(),
        subject: "Nama salah ketik".into(),
        wanted: "Orang Satu".into(),
        ..Default::default()
    };
    desk.save(correction);
    desk.close();
    desk.open();
    for asks in 0..2 {
        let Answer::Welcome(info) = desk.ask(Request::Welcome) else { panic!("no office") };
        assert_eq!(info.requests.open, 1, "{asks}");
    }
    assert!(!desk.reads_whole());
}

#[test]
fn what_cannot_be_read_of_the_roster_is_made_anew_before_anybody_is_answered() {
    let requests: [fn(&mut Desk, &[RecordId]); 4] = [
        |desk, _| assert_eq!(desk.look_up(2), "Orang 2"),
        |desk, _| assert_eq!(desk.names(""), ["Orang 1", "Orang 2", "Orang 3"]),
        |desk, people| drop(saved(desk.rate(people[2], 1, 2, "2026-04-01"))),
        |desk, _| drop(saved(desk.undo())),
    ];
    for asks in requests {
        let (mut desk, people) = closed_and_opened();
        desk.opened().state.store.put_list(0, b"\xff no rows".to_vec()).expect("written");
        desk.close();
        desk.open();
        assert!(!desk.reads_whole());
        asks(&mut desk, &people);
        assert_eq!(desk.opened().state.wrong().expect("read"), Vec::<&str>::new());
        desk.close();
        desk.open();
        assert_eq!(desk.look_up(1), "Orang 1");
        assert!(!desk.reads_whole(), "it was packed anew");
    }
}

#[test]
fn a_field_of_the_full_record_is_searched_as_it_was_packed_and_of_who_has_changed_as_they_are() {
    let (mut desk, people) = closed_and_opened();
    let study = |desk: &mut Desk, at: usize, field: &str| {
        saved(desk.change(people[at], |record| {
            let Record::Employee(person) = record else { panic!("a person") };
            person.education = "S-2".into();
            person.education_field = field.into();
            person.email = format!("{field}@contoh.go.id");
        }));
    };
    study(&mut desk, 0, "Hukum");
    desk.close();
    desk.open();
    desk.names("");
    crate::store::decoded();
    assert_eq!(desk.names("education=S-2"), ["Orang 1"]);
    assert_eq!(crate::store::decoded(), 0, "nobody's record is read for it");
    // One column is kept and follows; another is asked for first after somebody has changed.
    study(&mut desk, 1, "Teknik");
    assert_eq!(desk.names("education=S-2"), ["Orang 1", "Orang 2"]);
    assert_eq!(desk.names("education_field=Teknik"), ["Orang 2"]);
    desk.close();
    desk.open();
    assert_eq!(desk.names("education_field=Hukum,education_field=Teknik"), ["Orang 1", "Orang 2"]);
    // What is not in a column, a rating, has none packed anew.
    let id = people[2];
    saved(desk.rate(id, 1, 2, "2026-04-01"));
    let roster = &desk.opened().state.roster;
    assert!(roster.is_to_be_packed() && roster.columns_to_pack().next().is_none());
    study(&mut desk, 2, "Ekonomi");
    let packs: Vec<u32> = desk.opened().state.roster.columns_to_pack().collect();
    assert_eq!(packs.len(), 1);
    desk.close();
    desk.open();
    assert_eq!(desk.names("education_field=Ekonomi"), ["Orang 3"]);
    // What cannot be read is no column.
    let fields = Kind::Employees.fields();
    for (field, _) in (0..).zip(fields) {
        desk.opened().state.store.put_column(field, 0, b"\xff none".to_vec()).expect("written");
    }
    desk.close();
    desk.open();
    assert_eq!(desk.names("email=Hukum@contoh.go.id"), ["Orang 1"]);
    assert_eq!(desk.opened().state.wrong().expect("read"), Vec::<&str>::new());
}

#[test]
fn whoever_looks_for_many_by_their_numbers_has_everybody_read_once() {
    let (mut desk, _) = closed_and_opened();
    for round in 0..40 {
        let serial = round % 3 + 1;
        let found = desk.ask(Request::Find(Kind::Employees, nip(serial).to_string()));
        let Answer::Record(Some(stored)) = found else { panic!("{found:?}") };
        assert_eq!(stored.record.label(), format!("Orang {serial}"));
        let missing = desk.ask(Request::Find(Kind::Employees, nip(7).to_string()));
        assert!(matches!(missing, Answer::Record(None)), "{missing:?}");
    }
    assert!(desk.reads_whole());
}

#[test]
fn home_as_it_was_left_is_shown_the_same_day_without_anybody_being_read() {
    let (mut desk, people) = closed_and_opened();
    let correction = crate::domain::kinds::correction::Correction {
        employee: EmployeeId(people[0].number),
        received: "2026-11-20T02:00:00Z".parse().ok(),
        subject: "Nama salah ketik".into(),
        wanted: "Orang Satu".into(),
        ..Default::default()
    };
    desk.save(correction);
    let left = home(&mut desk);
    let request = |home: &crate::protocol::HomePage| {
        let task = home.tasks.iter().find(|task| task.what.starts_with("corrections"));
        task.map_or_else(String::new, |task| task.what.clone())
    };
    assert_eq!(request(&left), "corrections_open");
    desk.close();
    desk.open();
    assert_eq!(home(&mut desk), left);
    assert!(!desk.reads_whole());
    // A deadline is of this moment, in the same sitting and in another.
    let later = |desk: &mut Desk, hours| {
        *desk.now.lock().expect("the time") += chrono::TimeDelta::hours(hours);
        request(&home(desk))
    };
    assert_eq!(later(&mut desk, 9), "corrections_open");
    saved(desk.rate(people[2], 1, 2, "2026-04-01"));
    // Left without home having been looked at once more.
    desk.close();
    desk.open();
    let again = home(&mut desk);
    assert!(!desk.reads_whole());
    assert_ne!(again.tasks, left.tasks);
    assert_eq!(made_anew(&mut desk), again);
    // When midnight passes, or of an office that went on without a close, nothing is taken.
    desk.close();
    desk.open();
    assert_eq!(later(&mut desk, 24), "corrections_soon");
    assert!(desk.reads_whole());
    saved(desk.rate(people[1], 1, 2, "2026-04-02"));
    let more = home(&mut desk);
    desk.kill();
    desk.open();
    assert_eq!(home(&mut desk), more);
}

fn home(desk: &mut Desk) -> crate::protocol::HomePage {
    let Answer::Home(home) = desk.ask(Request::Home { unit: None }) else { panic!("no home") };
    *home
}

/// As it is where nothing of it is kept.
fn made_anew(desk: &mut Desk) -> crate::protocol::HomePage {
    desk.opened().state.last_home = None;
    desk.opened().state.version += 1;
    home(desk)
}

#[test]
fn home_on_another_day_of_the_year_is_of_that_day_without_anybody_being_read() {
    let (mut desk, people) = closed_and_opened();
    let day = |text: &str| text.parse::<chrono::NaiveDate>().ok();
    let employee = EmployeeId(people[0].number);
    for (name, ends) in [("A", "2026-12-20"), ("B", "2027-02-15")] {
        desk.save(crate::domain::kinds::certificate::Certificate {
            employee,
            name: name.into(),
            valid_until: day(ends),
            ..Default::default()
        });
    }
    desk.save(crate::domain::kinds::idp_line::IdpLine {
        employee,
        year: 2026,
        month: Some(11),
        competency: CompetencyId(1),
        activity: "KL10".into(),
        ..Default::default()
    });
    desk.save(crate::domain::kinds::performance::Performance {
        employee,
        year: 2025,
        predicate: Some(crate::domain::kinds::performance::Predicate::Good),
        ..Default::default()
    });
    let step = desk.step();
    let employees = people.iter().map(|person| EmployeeId(person.number)).collect();
    saved(desk.ask(Request::Enrol { step, session: SessionId(1000), employees }));
    let mut seen = Vec::new();
    let mut come_in = |desk: &mut Desk, day: &str| {
        *desk.now.lock().expect("the time") = day.parse().expect("a time");
        desk.open();
        let home = home(desk);
        let read = desk.reads_whole();
        assert_eq!(home, made_anew(desk), "{day}");
        desk.close();
        let tasks = home.tasks.iter().map(|task| (task.what.clone(), task.count));
        seen.push((home.sessions.len(), tasks.collect::<Vec<_>>()));
        read
    };
    home(&mut desk);
    desk.close();
    for day in ["2026-11-22", "2026-12-01", "2026-12-02", "2026-12-21", "2026-11-22"] {
        assert!(!come_in(&mut desk, &format!("{day}T02:00:00Z")), "{day}");
    }
    // Another year counts other JP and other ratings.
    assert!(come_in(&mut desk, "2027-01-04T02:00:00Z"));
    assert!(!come_in(&mut desk, "2027-01-05T02:00:00Z"));
    // What a post requires from some day on moves everybody's figures.
    desk.open();
    let position = desk.save(Position { title: "Lurah".into(), ..Position::default() });
    desk.save(crate::domain::kinds::standard::Standard {
        position: Some(crate::domain::record::PositionId(position.number)),
        competency: CompetencyId(1),
        level: Level::new(5).expect("a level"),
        effective_from: day("2027-02-01"),
        ..Default::default()
    });
    saved(desk.change(people[0], |record| {
        let Record::Employee(person) = record else { panic!("a person") };
        person.position = Some(crate::domain::record::PositionId(position.number));
    }));
    home(&mut desk);
    desk.close();
    assert!(!come_in(&mut desk, "2027-01-31T02:00:00Z"));
    assert!(come_in(&mut desk, "2027-02-02T02:00:00Z"));
    assert!(!come_in(&mut desk, "2027-02-20T02:00:00Z"));
    let different: std::collections::BTreeSet<_> = seen.iter().collect();
    assert!(different.len() >= 5, "{seen:?}");
}

#[test]
fn looking_somebody_up_leaves_the_store_as_it_was_closed_and_a_quiet_moment_opens_it() {
    let (mut desk, people) = closed_and_opened();
    // Nothing is changed, so that what lies there can be read as it is.
    desk.close();
    let mark = desk.folder.path().join("data/store/clean");
    let closed = std::fs::read(&mark).expect("a mark");
    for _ in 0..2 {
        desk.open();
        assert_eq!(desk.look_up(2), "Orang 2");
        assert!(desk.opened().state.store.is_still());
        desk.close();
        assert_eq!(std::fs::read(&mark).ok().as_ref(), Some(&closed));
    }
    desk.open();
    assert_eq!(desk.opened().wakes_in(), Some(crate::office::QUIET));
    desk.opened().wake();
    assert!(desk.opened().state.store.is_still(), "it may be closing");
    desk.opened().get_ready();
    assert!(!desk.opened().state.store.is_still());
    assert!(!mark.exists(), "in use from here on");
    assert_eq!(desk.look_up(3), "Orang 3");
    desk.close();
    // And whoever saves at once need not wait for that.
    desk.open();
    assert!(desk.opened().state.store.is_still());
    let renamed = desk.change(people[0], |record| {
        let Record::Employee(employee) = record else { panic!("a person") };
        employee.name = "Orang Pertama".into();
    });
    assert!(matches!(renamed, Answer::Saved(_)), "{renamed:?}");
    desk.kill();
    desk.open();
    assert_eq!(desk.look_up(1), "Orang Pertama");
}
