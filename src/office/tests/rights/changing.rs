//! What officers of a district may change, and what they are told when they may not.

use super::*;
use crate::domain::kinds::setting::{SETTINGS, Setting};
use crate::domain::kinds::unit::Unit;

fn needs(answer: Answer) -> Needs {
    match refused(answer) {
        Problem::NotAllowed { needs, .. } => needs,
        other => panic!("{other:?}"),
    }
}

#[test]
fn nobody_moves_a_person_out_of_their_units_or_adds_one_elsewhere() {
    let mut town = Town::new();
    let (mila, plaju, ilir) = (town.inside.person, town.plaju, town.ilir);
    saved(town.change_as("oki", mila, |record| of_person(record).unit = Some(plaju)));
    for unit in [Some(ilir), Some(town.root), None] {
        let moved = town.change_as("oki", mila, |record| of_person(record).unit = unit);
        assert_eq!(needs(moved), Needs::WiderReach);
        let added = Employee { unit, ..employee("Baru", 50) };
        assert_eq!(needs(town.save_as("oki", None, added)), Needs::WiderReach);
    }
    let added = Employee { unit: Some(plaju), ..employee("Baru", 50) };
    saved(town.save_as("oki", None, added));
}

#[test]
fn a_taken_nip_is_said_without_saying_whose_it_is() {
    let mut town = Town::new();
    let added = Employee { unit: Some(town.plaju), ..employee("Baru", 2) };
    let Problem::Invalid(faults) = refused(town.save_as("oki", None, added)) else {
        panic!("a fault")
    };
    assert_eq!(faults[0].1.reason, Reason::DuplicateNip);
}

#[test]
fn a_record_moved_away_meanwhile_is_not_shown_as_a_conflict() {
    let mut town = Town::new();
    let (mila, ilir) = (town.inside.person, town.ilir);
    let mut seen = town.stored(mila);
    saved(town.change_as("siti", mila, |record| of_person(record).unit = Some(ilir)));
    of_person(&mut seen.record).education = "S-2".into();
    let drafts = vec![DraftRecord { id: Some(mila), base: seen.rev, record: seen.record }];
    let step = town.desk.step();
    let stale = town.ask_as("oki", Request::Save(Save { step, drafts }));
    assert_eq!(refused(stale), Problem::NotFound);
}

#[test]
fn a_record_of_ones_own_deleted_meanwhile_is_a_conflict_still() {
    let mut town = Town::new();
    let unit = Some(town.plaju);
    let id = saved(town.save_as("oki", None, Employee { unit, ..employee("Baru", 50) })).ids[0];
    let seen = town.stored(id);
    let step = town.desk.step();
    saved(town.desk.ask(Request::Delete { step, ids: vec![(id, seen.rev)] }));
    for (user, shown) in [("oki", true), ("olga", false)] {
        let mut record = seen.record.clone();
        of_person(&mut record).education = "S-2".into();
        let drafts = vec![DraftRecord { id: Some(id), base: seen.rev, record }];
        let step = town.desk.step();
        match town.ask_as(user, Request::Save(Save { step, drafts })) {
            Answer::Conflict(conflict) => {
                assert!(shown && conflict.base == Some(seen.record.clone()), "{user}");
            }
            other => assert!(!shown && refused(other) == Problem::NotFound, "{user}"),
        }
    }
}

#[test]
fn reference_data_is_the_whole_offices_admins() {
    let mut town = Town::new();
    let zone = SETTINGS.iter().find(|def| def.name == "time_zone").expect("a setting");
    let zone = RecordId::new(Kind::Settings, zone.number);
    let setting = Setting { name: "time_zone".into(), value: "WITA".into() };
    let post = Position { title: "Lurah".into(), ..Position::default() };
    let id = saved(town.save_as("oki", None, post.clone())).ids[0];
    let renamed = Position { title: "Lurah Madya".into(), ..post };
    for user in ["oki", "adi", "oma"] {
        let changed = town.save_as(user, Some(zone), setting.clone());
        assert_eq!(needs(changed), Needs::OfficeAdmin, "{user}");
        let changed = town.save_as(user, Some(id), renamed.clone());
        assert_eq!(needs(changed), Needs::OfficeAdmin, "{user}");
    }
    // What one added oneself one may take back.
    let step = town.desk.step();
    saved(town.ask_as("oki", Request::Undo { step, seq: None }));
    let step = town.desk.step();
    saved(town.ask_as("oki", Request::Redo { step }));
    saved(town.save_as("ani", Some(id), renamed));
    saved(town.save_as("ani", Some(zone), setting));
}

#[test]
fn a_programme_or_session_is_changed_by_whoever_reaches_everybody_in_it() {
    let mut town = Town::new();
    let (own, shared) = (town.inside.session, town.outside.session);
    let place = |record: &mut Record| {
        let Record::Session(session) = record else { panic!("a session") };
        session.place.push('A');
    };
    saved(town.change_as("oki", own.into(), place));
    assert_eq!(needs(town.change_as("oki", shared.into(), place)), Needs::WiderReach);
    saved(town.change_as("oma", shared.into(), place));
    let name = |record: &mut Record| {
        let Record::Programme(programme) = record else { panic!("a programme") };
        programme.provider.push('B');
    };
    let programme = town.programme.into();
    assert_eq!(needs(town.change_as("oki", programme, name)), Needs::WiderReach);
    let added = Programme { name: "Arsip".into(), r#type: "KL10".into(), ..Programme::default() };
    let id = saved(town.save_as("oki", None, added)).ids[0];
    saved(town.change_as("oki", id, name));
}

#[test]
fn units_are_made_and_changed_below_ones_own() {
    let mut town = Town::new();
    let (root, plaju, village, ilir) = (town.root, town.plaju, town.village, town.ilir);
    let unit = |parent| Unit { name: "Seksi Baru".into(), parent, ..Unit::default() };
    saved(town.save_as("oki", None, unit(Some(village))));
    for parent in [None, Some(root), Some(ilir)] {
        assert_eq!(needs(town.save_as("oki", None, unit(parent))), Needs::WiderReach);
    }
    let rename = |record: &mut Record| {
        let Record::Unit(unit) = record else { panic!("a unit") };
        unit.name.push_str(" II");
    };
    saved(town.change_as("oki", village.into(), rename));
    for id in [root, plaju] {
        assert_eq!(needs(town.change_as("oki", id.into(), rename)), Needs::WiderReach);
    }
    let elsewhere = town.change_as("oki", ilir.into(), rename);
    assert_eq!(refused(elsewhere), Problem::NotFound);
    let moved = town.change_as("oki", village.into(), |record| {
        let Record::Unit(unit) = record else { panic!("a unit") };
        unit.parent = Some(ilir);
    });
    assert_eq!(needs(moved), Needs::WiderReach);
    saved(town.save_as("oma", None, unit(Some(root))));
}

#[test]
fn an_admin_of_a_district_appoints_officers_of_that_district_only() {
    let mut town = Town::new();
    let officer = |user: &str, unit| Officer {
        user: user.into(),
        role: Role::Admin,
        unit,
        note: String::new(),
    };
    let own = Some(town.village);
    let id = saved(town.save_as("adi", None, officer("eka", own))).ids[0];
    for unit in [None, Some(town.root), Some(town.ilir)] {
        let appointed = town.save_as("adi", None, officer("fitri", unit));
        assert_eq!(needs(appointed), Needs::WiderReach);
        assert_eq!(needs(town.save_as("adi", Some(id), officer("eka", unit))), Needs::WiderReach);
    }
    assert_eq!(needs(town.save_as("oki", None, officer("fitri", own))), Needs::Admin);
    let Answer::Record(Some(olga)) = town.desk.ask(Request::Find(Kind::Officers, "olga".into()))
    else {
        panic!("an officer")
    };
    assert_eq!(
        refused(town.save_as("adi", Some(olga.id), officer("olga", own))),
        Problem::NotFound
    );
    let seen = town.page_as("adi", ListQuery::all(Kind::Officers)).total;
    assert_eq!(seen, 5, "adi, oki, vina, audi and eka");
    let seen = town.page_as("oki", ListQuery::all(Kind::Officers)).total;
    assert_eq!(seen, 1, "their own");
}

#[test]
fn rights_hold_from_the_moment_they_are_given_and_no_longer_than_they_last() {
    let mut town = Town::new();
    assert_eq!(
        refused(town.ask_as("zed", Request::Welcome)),
        Problem::NotAnOfficer { user: "zed".into() }
    );
    let officer = Officer { user: "zed".into(), role: Role::Viewer, ..Officer::default() };
    let id = town.desk.save(officer);
    let Answer::Welcome(info) = town.ask_as("zed", Request::Welcome) else { panic!("welcome") };
    assert_eq!((info.role, info.unit, info.employees), (Role::Viewer, None, 3));
    let Answer::Welcome(info) = town.ask_as("oki", Request::Welcome) else { panic!("welcome") };
    let plaju = (town.plaju, "Kecamatan Plaju".to_string());
    assert_eq!((info.role, info.unit, info.employees), (Role::Officer, Some(plaju), 1));

    // Also for what waited together with the change.
    let rev = town.stored(id).rev;
    let remove = Request::Delete { step: town.desk.step(), ids: vec![(id, rev)] };
    let oki = match town.desk.ask(Request::Find(Kind::Officers, "oki".into())) {
        Answer::Record(Some(stored)) => *stored,
        other => panic!("{other:?}"),
    };
    let fire = Request::Delete { step: town.desk.step(), ids: vec![(oki.id, oki.rev)] };
    let added = Employee { unit: Some(town.plaju), ..employee("Baru", 50) };
    let drafts = vec![DraftRecord { id: None, base: Revision(0), record: added.into() }];
    let add = Request::Save(Save { step: town.desk.step(), drafts });
    let asks = [("siti", remove), ("siti", fire), ("oki", add), ("zed", Request::Welcome)];
    let asks = asks.into_iter().map(|(user, request)| Ask {
        asker: asker(user),
        ticket: Ticket(0),
        request,
    });
    let office = town.desk.office.as_mut().expect("an office");
    let mut answers = office.handle(asks.collect(), &mut |_, _, _| {});
    let gone = |user: &str| Problem::NotAnOfficer { user: user.into() };
    assert_eq!(refused(answers.remove(3).1), gone("zed"));
    assert_eq!(refused(answers.remove(2).1), gone("oki"));
}

#[test]
fn whoever_owns_the_folder_cannot_be_locked_out() {
    let mut town = Town::new();
    town.desk.save(Officer { user: "siti".into(), role: Role::Viewer, ..Officer::default() });
    town.desk.save(employee("Baru", 50));
}

#[test]
fn an_import_takes_the_rows_of_ones_units_and_refuses_the_others_row_by_row() {
    let mut town = Town::new();
    let rows = [
        person_row("Mila Melani", 1, &["Pemerintah Kota", "Kecamatan Plaju"], "Camat"),
        person_row("Seseorang", 2, &["Pemerintah Kota", "Kecamatan Plaju"], "Camat"),
        person_row("Di Ilir", 51, &["Pemerintah Kota", "Kecamatan Ilir"], "Camat"),
        person_row("Di Unit Lain", 52, &["Dinas Baru"], "Kepala"),
        person_row("Di Seksi", 53, &["Pemerintah Kota", "Kecamatan Plaju", "Seksi"], "Kasi"),
        person_row("Juga", 54, &["Pemerintah Kota", "Kecamatan Plaju", "Seksi"], "Kasi"),
        person_row("Tanpa Unit", 55, &[], "Kasi"),
    ];
    let rows = rows.into_iter().zip(2..).map(|(data, line)| IntakeRow { line, data }).collect();
    let columns = PEOPLE_COLUMNS.iter().map(ToString::to_string).collect();
    let step = town.desk.step();
    let start = ImportStart { step, intake: Intake::Employees, columns, dry_run: false };
    assert_eq!(town.ask_as("oki", Request::ImportStart(start)), Answer::Done);
    let Answer::ImportRows(verdicts) = town.ask_as("oki", Request::ImportRows(rows)) else {
        panic!("no verdicts")
    };
    let said: Vec<&str> = verdicts
        .iter()
        .map(|told| match &told.verdict {
            Verdict::Added { .. } => "added",
            Verdict::Changed { .. } => "changed",
            Verdict::Refused(fault) => fault.reason.code(),
            Verdict::Unchanged => "unchanged",
        })
        .collect();
    let far = "out_of_reach";
    assert_eq!(said, ["changed", "duplicate_nip", far, far, "added", "added", far]);
    let Answer::Imported(imported) = town.ask_as("oki", Request::ImportFinish) else {
        panic!("not imported")
    };
    assert_eq!((imported.accepted, imported.refused), (3, 4));
    let people = town.page_as("oki", ListQuery::all(Kind::Employees)).total;
    assert_eq!(people, 3);
    let units = town.page_as("oki", ListQuery::all(Kind::Units)).total;
    assert_eq!(units, 4, "one was made, and one of another district is not there");
    let step = town.desk.step();
    saved(town.ask_as("oki", Request::Undo { step, seq: None }));
    let dictionary = ImportStart {
        step: town.desk.step(),
        intake: Intake::Competencies,
        columns: Vec::new(),
        dry_run: true,
    };
    assert_eq!(needs(town.ask_as("oki", Request::ImportStart(dictionary))), Needs::OfficeAdmin);
}

#[test]
fn what_still_depends_on_a_record_elsewhere_is_neither_counted_nor_named() {
    let mut town = Town::new();
    let session = town.inside.session;
    let (other, programme) = (EmployeeId(town.outside.person.number), town.programme);
    let step = town.desk.step();
    saved(town.desk.ask(Request::Unenrol {
        step,
        session,
        employees: vec![EmployeeId(town.inside.person.number)],
    }));
    let rev = town.stored(programme.into()).rev;
    // Nobody of the other district is in it any more, but its sessions are known to all.
    let step = town.desk.step();
    let shared = town.outside.session;
    saved(town.desk.ask(Request::Unenrol { step, session: shared, employees: vec![other] }));
    let step = town.desk.step();
    let ids = vec![(programme.into(), rev)];
    let Problem::DependedOn { count, labels } =
        refused(town.ask_as("oki", Request::Delete { step, ids }))
    else {
        panic!("free")
    };
    assert_eq!((count, labels.len()), (2, 2));

    let plaju = town.plaju;
    let unit = saved(town.save_as(
        "oki",
        None,
        Unit { name: "Seksi".into(), parent: Some(plaju), ..Unit::default() },
    ))
    .ids[0];
    town.desk.save(Officer {
        user: "lia".into(),
        unit: Some(UnitId(unit.number)),
        ..Officer::default()
    });
    let rev = town.stored(unit).rev;
    let step = town.desk.step();
    let delete = Request::Delete { step, ids: vec![(unit, rev)] };
    let answer = town.ask_as("oki", delete);
    assert_eq!(needs(answer), Needs::WiderReach, "an officer hears of no other officers");
}
