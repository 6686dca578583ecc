//! Several officers at one office: whose step, whose import, who may only look.

use std::time::Duration;

use super::*;

/// What one of two officers at the same office asks.
fn asks(desk: &mut Desk, officer: &str, sitting: u64, request: Request) -> Answer {
    let asker = Asker { officer: officer.into(), sitting, owner: true, read_only: false };
    let office = desk.office.as_mut().expect("an office");
    let ask = Ask { asker, ticket: Ticket(0), request };
    office.handle(vec![ask], &mut |_, _, _| {}).remove(0).1
}

#[test]
fn each_officer_takes_back_their_own_latest_step() {
    let mut desk = Desk::new();
    for (officer, serial) in [("siti", 1), ("budi", 2)] {
        let record = employee(officer, serial).into();
        let drafts = vec![DraftRecord { id: None, base: Revision(0), record }];
        let save = Save { step: desk.step(), drafts };
        saved(asks(&mut desk, officer, serial.into(), Request::Save(save)));
    }
    let Answer::History(page) =
        desk.ask(Request::History(HistoryQuery { limit: 9, ..HistoryQuery::default() }))
    else {
        panic!("no history")
    };
    assert_eq!(
        page.lines.iter().map(|line| line.by.as_str()).collect::<Vec<_>>(),
        ["budi", "siti"]
    );
    let step = desk.step();
    saved(asks(&mut desk, "siti", 1, Request::Undo { step, seq: None }));
    assert_eq!(desk.names(""), ["budi"]);
    let step = desk.step();
    let refused = asks(&mut desk, "siti", 1, Request::Undo { step, seq: None });
    assert_eq!(refused, Answer::Refused(Problem::NothingToUndo));
}

#[test]
fn an_import_goes_on_for_the_sitting_that_began_it_and_ends_with_it() {
    let mut desk = Desk::new();
    let start = |desk: &mut Desk| {
        let step = desk.step();
        Request::ImportStart(ImportStart {
            step,
            intake: Intake::Employees,
            columns: Vec::new(),
            dry_run: false,
        })
    };
    let begun = start(&mut desk);
    assert_eq!(asks(&mut desk, "siti", 1, begun), Answer::Done);
    let refused = asks(&mut desk, "siti", 2, Request::ImportRows(Vec::new()));
    assert_eq!(refused, Answer::Refused(Problem::NoImport));
    asks(&mut desk, "siti", 2, Request::ImportCancel);
    let second = start(&mut desk);
    assert_eq!(asks(&mut desk, "budi", 2, second), Answer::Done);
    desk.office.as_mut().expect("an office").left(2);
    let going = asks(&mut desk, "siti", 1, Request::ImportRows(Vec::new()));
    assert_eq!(going, Answer::ImportRows(Vec::new()));
    desk.office.as_mut().expect("an office").left(1);
    let over = asks(&mut desk, "siti", 1, Request::ImportRows(Vec::new()));
    assert_eq!(over, Answer::Refused(Problem::NoImport));
}

#[test]
fn imports_begun_and_never_ended_are_few_for_each_officer_and_keep_no_other_from_theirs() {
    let mut desk = Desk::new();
    let mut begun = 0;
    for sitting in 1..=20 {
        let step = desk.step();
        let columns = Vec::new();
        let start = ImportStart { step, intake: Intake::Employees, columns, dry_run: true };
        let start = Request::ImportStart(start);
        begun += usize::from(asks(&mut desk, "siti", sitting, start) == Answer::Done);
    }
    assert_eq!(begun, 2);
    let step = desk.step();
    let columns = Vec::new();
    let start = ImportStart { step, intake: Intake::Employees, columns, dry_run: false };
    assert_eq!(asks(&mut desk, "budi", 30, Request::ImportStart(start)), Answer::Done);
}

#[test]
fn whoever_loses_their_rights_while_importing_saves_nothing_of_it() {
    use crate::domain::kinds::officer::{Officer, Role};
    let mut desk = Desk::new();
    let rina = desk.save(Officer {
        user: "rina".into(),
        role: Role::Officer,
        unit: None,
        note: String::new(),
    });
    let hers = |desk: &mut Desk, request| {
        let asker = Asker { sitting: 7, owner: false, ..Asker::alone("rina") };
        let office = desk.office.as_mut().expect("an office");
        office
            .handle(vec![Ask { asker, ticket: Ticket(0), request }], &mut |_, _, _| {})
            .remove(0)
            .1
    };
    let columns = PEOPLE_COLUMNS.iter().map(ToString::to_string).collect();
    let step = desk.step();
    let start = ImportStart { step, intake: Intake::Employees, columns, dry_run: false };
    assert_eq!(hers(&mut desk, Request::ImportStart(start)), Answer::Done);
    let data = person_row("Mila", 1, &["Kota"], "Staf");
    hers(&mut desk, Request::ImportRows(vec![IntakeRow { line: 2, data }]));
    // Nothing of hers keeps this from going through.
    let step = desk.step();
    let ids = vec![(rina, Revision(1))];
    saved(desk.ask(Request::Delete { step, ids }));
    let refused = hers(&mut desk, Request::ImportFinish);
    assert_eq!(refused, Answer::Refused(Problem::NotAnOfficer { user: "rina".into() }));
    assert!(desk.names("").is_empty());
}

#[test]
fn an_import_holds_up_nobody_and_is_forgotten_when_it_does_not_come_to_its_end() {
    let mut desk = Desk::new();
    let minutes = |minutes: u64| Duration::from_secs(60 * minutes + 1);
    for (silence, time) in [(minutes(1), minutes(1)), (Duration::ZERO, minutes(30))] {
        let begun = ImportStart {
            step: desk.step(),
            intake: Intake::Employees,
            columns: Vec::new(),
            dry_run: false,
        };
        assert_eq!(asks(&mut desk, "siti", 1, Request::ImportStart(begun)), Answer::Done);
        let going = asks(&mut desk, "siti", 1, Request::ImportRows(Vec::new()));
        assert_eq!(going, Answer::ImportRows(Vec::new()));
        desk.office.as_mut().expect("an office").imports.age(silence, time);
        // Whoever comes back to it is told, and nothing of it is there.
        let late = asks(&mut desk, "siti", 1, Request::ImportRows(Vec::new()));
        assert_eq!(late, Answer::Refused(Problem::NoImport));
    }
    desk.save(employee("Budi", 901));
    assert!(matches!(desk.ask(Request::Verify), Answer::Verified(v) if v.entries == 1));
}

#[test]
fn the_same_request_twice_at_once_is_saved_once() {
    let mut desk = Desk::new();
    let programme = desk.save(Programme {
        name: "Diklat".into(),
        r#type: "KL10".into(),
        ..Programme::default()
    });
    // Nothing but the request itself tells two sessions of one day apart.
    let session = Session {
        programme: crate::domain::record::ProgrammeId(programme.number),
        start: "2026-11-10".parse().ok(),
        end: "2026-11-10".parse().ok(),
        ..Session::default()
    };
    let step = desk.step();
    let draft = || DraftRecord { id: None, base: Revision(0), record: session.clone().into() };
    let save = || Request::Save(Save { step: step.clone(), drafts: vec![draft()] });
    let office = desk.office.as_mut().expect("an office");
    let answers = office.handle(vec![ask(1, save()), ask(2, save())], &mut |_, _, _| {});
    let seqs: Vec<_> = answers.into_iter().map(|(_, answer)| saved(answer).seq).collect();
    assert_eq!(seqs, [Some(2), Some(2)]);
}

#[test]
fn a_sitting_that_only_looks_saves_nothing() {
    let mut desk = Desk::new();
    let asker = Asker { read_only: true, ..Asker::alone("siti") };
    let drafts = vec![DraftRecord { id: None, base: Revision(0), record: employee("A", 1).into() }];
    let save = Request::Save(Save { step: desk.step(), drafts });
    let office = desk.office.as_mut().expect("an office");
    let asks = [save, Request::Welcome].map(|request| Ask {
        asker: asker.clone(),
        ticket: Ticket(0),
        request,
    });
    let answers = office.handle(asks.into(), &mut |_, _, _| {});
    assert_eq!(answers[0].1, Answer::Refused(Problem::ReadOnly));
    let Answer::Welcome(info) = &answers[1].1 else { panic!("no welcome") };
    assert_eq!(info.read_only, Some(Problem::ReadOnly));
}

#[test]
fn a_request_id_is_its_officers_alone() {
    let mut desk = Desk::new();
    let step = desk.step();
    let save = |name: &str, serial| {
        let drafts = vec![DraftRecord {
            id: None,
            base: Revision(0),
            record: employee(name, serial).into(),
        }];
        Request::Save(Save { step: step.clone(), drafts })
    };
    let first = saved(asks(&mut desk, "siti", 1, save("siti", 1)));
    // Another officer's request of the same id is another request, and tells nothing.
    let other = saved(asks(&mut desk, "budi", 2, save("budi", 2)));
    assert_eq!((first.seq, other.seq), (Some(1), Some(2)));
    assert_ne!(first.ids, other.ids);
    // Each is done once, and still so with a store made anew.
    for _ in 0..2 {
        assert_eq!(saved(asks(&mut desk, "siti", 3, save("siti", 1))).seq, Some(1));
        assert_eq!(saved(asks(&mut desk, "budi", 4, save("budi", 2))).seq, Some(2));
        assert_eq!(desk.ask(Request::Rebuild), Answer::Done);
    }
}

#[test]
fn an_import_asked_for_again_by_the_same_request_says_where_it_is_saved() {
    let mut desk = Desk::new();
    let start = ImportStart {
        step: desk.step(),
        intake: Intake::Employees,
        columns: vec!["number".into(), "name".into()],
        dry_run: false,
    };
    let start = || Request::ImportStart(start.clone());
    let data = RowData::Employee(Box::new(EmployeeRow {
        employee: employee("siti", 1),
        unit_path: Vec::new(),
        unit_code: String::new(),
        position: None,
    }));
    assert_eq!(asks(&mut desk, "siti", 1, start()), Answer::Done);
    let row = IntakeRow { line: 2, data };
    asks(&mut desk, "siti", 1, Request::ImportRows(vec![row]));
    let answer = asks(&mut desk, "siti", 1, Request::ImportFinish);
    let Answer::Imported(imported) = answer else { panic!("{answer:?}") };
    assert_eq!((imported.added, imported.seq), (1, Some(1)));
    // Somebody else's import neither hides it nor learns of it.
    assert_eq!(asks(&mut desk, "budi", 2, start()), Answer::Done);
    let told = Answer::Imported(Imported { seq: Some(1), ..Imported::default() });
    assert_eq!(asks(&mut desk, "siti", 3, start()), told);
}

#[test]
fn one_who_writes_without_end_is_stopped_for_the_day_and_nobody_else_is() {
    use crate::domain::kinds::officer::{Officer, Role};
    use crate::domain::kinds::setting::{self, Setting};
    let mut desk = Desk::new();
    let row = setting::SETTINGS.iter().find(|def| def.name == setting::DAILY_MB).expect("one");
    let id = RecordId::new(Kind::Settings, row.number);
    let limit = |desk: &mut Desk, megabytes: &str| {
        let value = megabytes.to_string();
        let answer = desk.change(id, |record| {
            *record = Setting { name: setting::DAILY_MB.into(), value: value.clone() }.into();
        });
        saved(answer);
    };
    limit(&mut desk, "1");
    let long = |number: u32| Programme {
        name: format!("Diklat {number}"),
        r#type: "KL10".into(),
        provider: "x".repeat(400),
        ..Programme::default()
    };
    let save = |desk: &mut Desk, officer: &str, sitting: u64, number: u32| {
        let drafts = (0..40).map(|n| DraftRecord {
            id: None,
            base: Revision(0),
            record: long(number * 100 + n).into(),
        });
        let save = Save { step: desk.step(), drafts: drafts.collect() };
        asks(desk, officer, sitting, Request::Save(save))
    };
    let journal = |desk: &Desk| {
        let files = std::fs::read_dir(desk.folder.path().join("data").join("journal"));
        let files = files.expect("a journal").map(|file| file.expect("a file").path());
        // What is written ahead is nobody's.
        let lines = |path| std::fs::read(path).expect("lines").into_iter().filter(|b| *b != 0);
        files.map(|path| lines(path).count() as u64).sum::<u64>()
    };
    let before = journal(&desk);
    let (mut saves, mut number) = (0, 0);
    while saves < 1000 {
        number += 1;
        match save(&mut desk, "siti", 1, number) {
            Answer::Saved(_) => saves += 1,
            Answer::Refused(Problem::Quota { megabytes: 1 }) => break,
            other => panic!("{other:?}"),
        }
    }
    let written = journal(&desk) - before;
    println!("stopped after {saves} saves and {written} bytes");
    assert!((1_000_000..1_100_000).contains(&written), "{written}");
    for _ in 0..50 {
        number += 1;
        assert!(matches!(save(&mut desk, "siti", 1, number), Answer::Refused(_)));
    }
    assert_eq!(journal(&desk) - before, written, "nothing changed");
    // An import of theirs is no way round it, nor is an undo; another officer goes on.
    let columns = PEOPLE_COLUMNS.iter().map(ToString::to_string).collect();
    let step = desk.step();
    let start = ImportStart { step, intake: Intake::Employees, columns, dry_run: false };
    assert_eq!(asks(&mut desk, "siti", 1, Request::ImportStart(start)), Answer::Done);
    let rows = vec![IntakeRow { line: 2, data: person_row("Mila", 1, &["Kota"], "Staf") }];
    let refused = asks(&mut desk, "siti", 1, Request::ImportRows(rows));
    assert_eq!(refused, Answer::Refused(Problem::Quota { megabytes: 1 }));
    saved(save(&mut desk, "budi", 2, 9_000));
    // Rights can always be given and taken, and more allowed.
    let record =
        Officer { user: "rina".into(), role: Role::Officer, unit: None, note: String::new() };
    let drafts = vec![DraftRecord { id: None, base: Revision(0), record: record.into() }];
    let step = desk.step();
    saved(asks(&mut desk, "siti", 1, Request::Save(Save { step, drafts })));
    limit(&mut desk, "2");
    saved(save(&mut desk, "siti", 1, 9_001));
    limit(&mut desk, "1");
    // Tomorrow is another day.
    assert!(matches!(save(&mut desk, "siti", 1, 9_002), Answer::Refused(_)));
    *desk.now.lock().expect("the time") += chrono::TimeDelta::days(1);
    saved(save(&mut desk, "siti", 1, 9_003));
}

#[test]
fn reasons_of_four_megabytes_are_refused_and_the_history_stays_readable() {
    let mut desk = Desk::new();
    desk.save(employee("Mila", 1));
    for number in 2..7 {
        let step = Step { why: "x".repeat(4 << 20), ..desk.step() };
        let record = employee("Budi", number).into();
        let drafts = vec![DraftRecord { id: None, base: Revision(0), record }];
        let answer = desk.ask(Request::Save(Save { step, drafts }));
        let Answer::Refused(Problem::Invalid(faults)) = answer else { panic!("{answer:?}") };
        assert_eq!((faults[0].1.field.as_str(), faults[0].1.reason), ("why", Reason::TooLong));
    }
    let query = HistoryQuery { limit: 100, ..HistoryQuery::default() };
    let Answer::History(page) = desk.ask(Request::History(query)) else { panic!("no history") };
    assert_eq!(page.lines.len(), 1);
}
