//! What officers of a district are told: counts, columns, history and notices.

use super::*;
use crate::protocol::Act;

fn changed_ids(notices: &[Notice]) -> Vec<RecordId> {
    let ids = |notice: &Notice| match notice {
        Notice::Changed { ids, .. } => ids.clone(),
        _ => Vec::new(),
    };
    notices.iter().flat_map(ids).collect()
}

fn cells(page: &crate::protocol::Page, column: &str) -> Vec<Value> {
    let at = page.columns.iter().position(|name| name == column).expect("a column");
    page.rows.iter().map(|row| row.cells[at].clone()).collect()
}

#[test]
fn people_are_counted_within_reach() {
    let mut town = Town::new();
    let step = town.desk.step();
    let (session, other) = (town.inside.session, EmployeeId(town.outside.person.number));
    saved(town.desk.ask(Request::Enrol { step, session, employees: vec![other] }));
    let units =
        |town: &mut Town, user| cells(&town.page_as(user, ListQuery::all(Kind::Units)), "people");
    let whole = |counts: &[i64]| counts.iter().copied().map(Value::Whole).collect::<Vec<_>>();
    // By path: the city, Ilir, Plaju, Plaju Ulu, as far as they are known. One asks after the
    // other: nothing is mixed.
    assert_eq!(units(&mut town, "siti"), whole(&[2, 1, 1, 1]));
    assert_eq!(units(&mut town, "oki"), whole(&[1, 1, 1]));
    assert_eq!(units(&mut town, "olga"), whole(&[1, 1]));
    let enrolled = |town: &mut Town, user| {
        let query = ListQuery { search: "enrolled>1".into(), ..ListQuery::all(Kind::Sessions) };
        town.page_as(user, query).matched
    };
    assert_eq!((enrolled(&mut town, "siti"), enrolled(&mut town, "oki")), (1, 0));
    for employees in [vec![other], vec![EmployeeId(town.inside.person.number)]] {
        let marks = employees.into_iter().map(|id| (id, 0, Some(Presence::Present))).collect();
        let step = town.desk.step();
        saved(town.desk.ask(Request::Attend { step, session, marks }));
    }
    let programme = RecordId::new(Kind::Programmes, town.programme.0);
    saved(town.desk.change(programme, |record| {
        if let Record::Programme(programme) = record {
            programme.jp = Some(8);
        }
    }));
    let present = |town: &mut Town, user| {
        cells(&town.page_as(user, ListQuery::all(Kind::Sessions)), "present")[0].clone()
    };
    let of = ["siti", "oki", "olga"].map(|user| present(&mut town, user));
    assert_eq!(of, [2, 1, 1].map(Value::Whole));
    let people = |town: &mut Town, user: &str| {
        town.page_as(user, ListQuery::all(Kind::Employees)).rows.len()
    };
    let counts = ["siti", "oki", "olga", "oki", "oma"].map(|user| people(&mut town, user));
    assert_eq!(counts, [3, 1, 1, 1, 3]);
    let Answer::Attendance(roll) = town.ask_as("oki", Request::Attendance(session)) else {
        panic!("no roll")
    };
    assert_eq!(roll.rows.len(), 1);
}

#[test]
fn a_list_for_a_viewer_carries_no_personal_details_but_the_nip() {
    let mut town = Town::new();
    let all = ListQuery::all(Kind::Employees);
    let (officer, viewer) = (town.page_as("oki", all.clone()), town.page_as("vina", all));
    assert_eq!(cells(&officer, "email"), [Value::text("milik@plaju.go.id")]);
    assert_eq!(cells(&viewer, "email"), [Value::Empty]);
    assert_eq!(cells(&viewer, "nip"), cells(&officer, "nip"));
    let mila = EmployeeId(town.inside.person.number);
    let Answer::Person(person) = town.ask_as("vina", Request::Person(mila)) else {
        panic!("no person")
    };
    let Record::Employee(employee) = person.stored.record else { panic!("a person") };
    assert_eq!(employee.email, "milik@plaju.go.id", "one person is shown whole");
}

#[test]
fn a_viewer_finds_and_orders_nobody_by_what_is_kept_from_them() {
    let mut town = Town::new();
    let sort = vec![SortKey { column: "email".into(), descending: false }];
    let by = |search: &str| ListQuery { search: search.into(), ..ListQuery::all(Kind::Employees) };
    assert_eq!(town.page_as("oki", by("email:milik")).matched, 1);
    assert_eq!(town.page_as("vina", by("email:milik")).matched, 0);
    assert_eq!(town.page_as("vina", by("name:mila")).matched, 1);
    let sorted = ListQuery { sort, ..by("") };
    assert_eq!(town.page_as("vina", sorted).matched, 1);
}

#[test]
fn who_read_whose_details_is_shown_to_those_who_oversee_everybody() {
    let mut town = Town::new();
    let mila = EmployeeId(town.inside.person.number);
    for user in ["ani", "oki"] {
        town.ask_as(user, Request::Person(mila));
    }
    *town.desk.now.lock().expect("the time") += chrono::TimeDelta::minutes(11);
    town.desk.ask(Request::Welcome);
    let mut seen = |user: &str| {
        let page = town.page_as(user, ListQuery::all(Kind::Readings));
        cells(&page, "officer")
    };
    let (ani, oki) = (Value::text("ani"), Value::text("oki"));
    let all = seen("ani");
    assert!(all.contains(&ani) && all.contains(&oki));
    assert_eq!(seen("oma"), [], "right after somebody of the same reach has looked");
    assert_eq!(seen("oki"), [oki]);
}

#[test]
fn an_auditor_reads_that_details_changed_and_not_how() {
    let mut town = Town::new();
    let seq = town.inside.seq;
    let mut details =
        |user: &str| match town.ask_as(user, Request::Details { seq, limit: 9, of: None }) {
            Answer::Details(mut details) => details.remove(0).fields,
            other => panic!("{other:?}"),
        };
    let (whole, blanked) = (details("oki"), details("audi"));
    assert_eq!(whole.len(), blanked.len());
    for (whole, blanked) in whole.into_iter().zip(blanked) {
        assert_eq!(whole.field, blanked.field);
        assert!(blanked.hidden && blanked.before.is_empty() && blanked.after.is_empty());
    }
    let nip = town.inside.nip.clone();
    let by_number = town.ask_as("audi", Request::Find(Kind::Employees, nip.clone()));
    assert_eq!(by_number, Answer::Record(None));
    let found = town.ask_as("audi", Request::Find(Kind::Employees, "Mila Melani".into()));
    let Answer::Record(Some(found)) = found else { panic!("nobody") };
    assert_eq!(found.record, Employee { name: "Mila Melani".into(), ..Employee::default() }.into());
    let lookup =
        |text: &str| Request::Lookup { kind: Kind::Employees, text: text.into(), limit: 9 };
    let Answer::Hits(hits) = town.ask_as("audi", lookup("mila")) else { panic!("no hits") };
    assert_eq!(hits.len(), 1);
    assert!(!hits[0].detail.contains(&nip[..8]), "{:?}", hits[0]);
    assert_eq!(town.ask_as("audi", lookup(&nip[..8])), Answer::Hits(Vec::new()));
}

#[test]
fn an_entry_of_two_districts_shows_each_its_own_part_and_that_there_are_others() {
    let mut town = Town::new();
    let people = [town.inside.person, town.outside.person];
    let step = Step { why: "tukar tugas".into(), ..town.desk.step() };
    let ids = people.map(|id| id.number).to_vec();
    let set = Request::SetField {
        step,
        kind: Kind::Employees,
        ids,
        field: "education".into(),
        value: "\"S-3\"".into(),
    };
    let seq = saved(town.desk.ask(set)).seq.expect("an entry");
    let line = town.history_as("oki").remove(0);
    assert_eq!((line.seq, line.summary.others), (seq, true));
    assert_eq!(line.summary.parts, [(Kind::Employees, Act::Changed, 1)]);
    assert_eq!((line.summary.label.as_str(), line.why.as_str()), ("", ""));
    let Answer::Details(details) = town.ask_as("oki", Request::Details { seq, limit: 9, of: None })
    else {
        panic!("no details")
    };
    assert_eq!(details.iter().map(|one| one.id).collect::<Vec<_>>(), [people[0]]);
    for (user, seq, problem) in [
        ("oki", seq, Problem::NotAllowed { role: Role::Officer, needs: Needs::WiderReach }),
        ("oki", town.outside.seq, Problem::NoSuchStep { seq: town.outside.seq }),
    ] {
        let step = town.desk.step();
        let undone = town.ask_as(user, Request::Undo { step, seq: Some(seq) });
        assert_eq!(refused(undone), problem);
    }
    let line = town.history_as("ani").remove(0);
    assert_eq!((line.summary.others, line.why.as_str()), (false, "tukar tugas"));
    // Its present unit decides: whoever came brings their history along.
    let plaju = town.plaju;
    let moved = people[1];
    saved(town.change_as("siti", moved, |record| of_person(record).unit = Some(plaju)));
    let lines = town.history_as("oki");
    let line = lines.iter().find(|line| line.seq == seq).expect("the entry");
    assert_eq!((line.summary.others, line.why.as_str()), (false, "tukar tugas"));
}

#[test]
fn history_of_somebody_deleted_stays_with_their_last_unit() {
    let mut town = Town::new();
    let unit = Some(town.plaju);
    let id = town.desk.save(Employee { unit, ..employee("Salah Ketik", 60) });
    let rev = town.stored(id).rev;
    let step = town.desk.step();
    let seq = saved(town.desk.ask(Request::Delete { step, ids: vec![(id, rev)] })).seq;
    let newest = |town: &mut Town, user: &str| {
        let lines = town.history_as(user);
        lines.first().map(|line| (Some(line.seq), line.summary.label.clone()))
    };
    assert_eq!(newest(&mut town, "oki"), Some((seq, "Salah Ketik".to_string())));
    assert_ne!(newest(&mut town, "olga").map(|(seq, _)| seq), Some(seq));
    let step = town.desk.step();
    saved(town.ask_as("oki", Request::Undo { step, seq }));
}

#[test]
fn a_notice_reaches_those_it_concerns() {
    let mut town = Town::new();
    let users = ["siti", "oki", "olga", "oma", "zed"];
    let heard = |town: &mut Town| {
        let told = town.told(&users);
        told.iter().map(|notices| !notices.is_empty()).collect::<Vec<_>>()
    };
    town.told(&[]);
    let (mila, ilir, plaju) = (town.inside.person, town.ilir, town.plaju);
    saved(town.change_as("siti", mila, |record| of_person(record).education.push('I')));
    assert_eq!(heard(&mut town), [true, true, false, true, false]);
    // A move is seen by both.
    saved(town.change_as("siti", mila, |record| of_person(record).unit = Some(ilir)));
    assert_eq!(heard(&mut town), [true, true, true, true, false]);
    saved(town.change_as("siti", mila, |record| of_person(record).unit = Some(plaju)));
    town.told(&[]);
    let rated = rating_of(EmployeeId(mila.number), 5);
    let step = town.desk.step();
    saved(town.desk.ask(Request::Rate { step, ratings: vec![rated] }));
    assert_eq!(heard(&mut town), [true, true, false, true, false]);
    town.desk.save(Position { title: "Camat".into(), ..Position::default() });
    assert_eq!(heard(&mut town), [true, true, true, true, false]);
    // Of two in one entry each hears of their own.
    let ids = vec![mila.number, town.outside.person.number];
    let step = town.desk.step();
    saved(town.desk.ask(Request::SetField {
        step,
        kind: Kind::Employees,
        ids,
        field: "education".into(),
        value: "\"S-1\"".into(),
    }));
    let told = town.told(&["oki", "olga", "oma"]);
    assert_eq!(changed_ids(&told[0]), [mila]);
    assert_eq!(changed_ids(&told[1]), [town.outside.person]);
    assert_eq!(changed_ids(&told[2]), [mila, town.outside.person]);
}

#[test]
fn whose_rights_change_is_told_to_look_again_and_nobody_else() {
    let mut town = Town::new();
    town.told(&[]);
    let Answer::Record(Some(oki)) = town.desk.ask(Request::Find(Kind::Officers, "oki".into()))
    else {
        panic!("an officer")
    };
    let step = town.desk.step();
    saved(town.desk.ask(Request::Delete { step, ids: vec![(oki.id, oki.rev)] }));
    let told = town.told(&["oki", "vina", "oma", "adi", "ani"]);
    assert!(matches!(&told[0][..], [Notice::Changed { ids, many: true, .. }] if ids.is_empty()));
    assert_eq!((told[1].len(), told[2].len()), (0, 0), "it is none of theirs");
    assert_eq!(changed_ids(&told[3]), [oki.id]);
    assert_eq!(changed_ids(&told[4]), [oki.id]);
    let (mila, village) = (town.inside.person, town.village);
    saved(town.change_as("siti", mila, |record| of_person(record).education.push('I')));
    assert!(town.told(&["oki"])[0].is_empty(), "no officer any more");
    // A unit that moves takes its people along.
    let ilir = town.ilir;
    saved(town.change_as("siti", village.into(), |record| {
        let Record::Unit(unit) = record else { panic!("a unit") };
        unit.parent = Some(ilir);
    }));
    let told = town.told(&["vina", "olga", "oma"]);
    for notices in &told[..2] {
        assert!(matches!(&notices[..], [Notice::Changed { many: true, .. }]));
    }
    assert_eq!(changed_ids(&told[2]), [village.into()]);
    let page = town.page_as("vina", ListQuery::all(Kind::Employees));
    assert_eq!(page.total, 0);
}

#[test]
fn a_search_of_the_history_finds_nobody_of_another_district() {
    let mut town = Town::new();
    let people = [town.inside.person, town.outside.person];
    let step = Step { why: "pindah tugas".into(), ..town.desk.step() };
    let seq = saved(town.desk.ask(Request::SetField {
        step,
        kind: Kind::Employees,
        ids: people.map(|id| id.number).to_vec(),
        field: "education".into(),
        value: "\"S-3\"".into(),
    }))
    .seq
    .expect("an entry");
    let mut found = |user: &str, search: &str| {
        let query = HistoryQuery { search: search.into(), limit: 9, ..HistoryQuery::default() };
        match town.ask_as(user, Request::History(query)) {
            Answer::History(page) => page.lines.iter().any(|line| line.seq == seq),
            other => panic!("{other:?}"),
        }
    };
    for search in ["mila", "person:mila"] {
        assert!(found("oki", search) && found("audi", search), "{search}");
    }
    assert!(!found("audi", "pindah"), "a reason that finds is a reason told");
    for search in ["olan", "person:olan", "pindah tugas", "199001012015011003"] {
        assert!(!found("oki", search) && found("ani", search), "{search}");
    }
    // A number that finds somebody would be told by finding them.
    let nip = town.inside.nip.clone();
    let query = HistoryQuery { search: nip, limit: 9, ..HistoryQuery::default() };
    for (user, lines) in [("oki", true), ("audi", false)] {
        let Answer::History(page) = town.ask_as(user, Request::History(query.clone())) else {
            panic!("no history")
        };
        assert_eq!(!page.lines.is_empty(), lines, "{user}");
    }
}

#[test]
fn who_edits_a_record_is_known_to_those_who_see_it() {
    let mut town = Town::new();
    let (mila, olan) = (town.inside.person, town.outside.person);
    let edits = |town: &mut Town, user: &str, sitting: u64, id| {
        let office = town.desk.office.as_mut().expect("an office");
        let asker = Asker { sitting, ..asker(user) };
        let ask = Ask { asker, ticket: Ticket(0), request: Request::Editing(Some(id)) };
        office.handle(vec![ask], &mut |_, _, _| {});
    };
    edits(&mut town, "ani", 2, olan);
    edits(&mut town, "olga", 3, mila);
    edits(&mut town, "vina", 4, mila);
    let editors = |town: &Town, user: &str| {
        let office = town.desk.office.as_ref().expect("an office");
        office.editors(&asker(user)).iter().map(|one| one.officer.clone()).collect::<Vec<_>>()
    };
    assert!(editors(&town, "oki").is_empty(), "a record of the other district, and claims");
    edits(&mut town, "adi", 5, mila);
    assert_eq!(editors(&town, "oki"), ["adi"]);
    assert_eq!(editors(&town, "olga"), ["ani"]);
    assert!(editors(&town, "zed").is_empty());
}

/// A large import of people of another district.
fn imported_elsewhere(town: &mut Town) -> u64 {
    let row = |serial: u32| {
        RowData::Employee(Box::new(EmployeeRow {
            employee: employee(&format!("Orang {serial}"), serial),
            unit_path: vec!["Pemerintah Kota".into(), "Kecamatan Ilir".into()],
            unit_code: String::new(),
            position: None,
        }))
    };
    let rows = (10..1210).map(row).collect();
    let (_, answer) = town.desk.import(Intake::Employees, &["number", "name", "unit"], rows);
    let Answer::Imported(Imported { seq: Some(seq), .. }) = answer else { panic!("{answer:?}") };
    seq
}

#[test]
fn a_large_entry_out_of_reach_is_looked_through_once_however_often_it_is_asked_for() {
    let mut town = Town::new();
    let seq = imported_elsewhere(&mut town);
    for round in 0..3 {
        let before = crate::journal::counted::lines();
        let details = town.ask_as("oki", Request::Details { seq, limit: 100, of: None });
        let opened = crate::journal::counted::lines() - before;
        assert_eq!(details, Answer::Details(Vec::new()));
        assert!(round == 0 || opened <= 2, "{opened}");
    }
}

#[test]
fn a_large_entry_out_of_reach_is_not_read_to_be_refused() {
    let mut town = Town::new();
    let seq = imported_elsewhere(&mut town);
    // Whoever reads a later part of it from here on meets with damage.
    let file = town.desk.folder.path().join("data/journal/000001.jsonl");
    let mut text = std::fs::read(&file).expect("the journal");
    let name = b"Orang 1111";
    let at = text.windows(name.len()).position(|at| at == name).expect("a later part");
    text[at] = b'0';
    std::fs::write(&file, &text).expect("damaged");
    let mut undo = |user: &str, seq: u64| {
        let step = town.desk.step();
        refused(town.ask_as(user, Request::Undo { step, seq: Some(seq) }))
    };
    assert_eq!(undo("oki", seq), Problem::NoSuchStep { seq });
    assert_eq!(undo("oki", 9999), Problem::NoSuchStep { seq: 9999 });
    assert!(!matches!(undo("siti", seq), Problem::NoSuchStep { .. }), "who may has to read it");
}
