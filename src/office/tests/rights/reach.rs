//! What is out of reach is as what is not there: in the unit tree, in files, in what a
//! refusal says, and in every count. That a number is taken elsewhere has to be said, and is
//! written down.

use super::*;
use crate::domain::kinds::certificate::Certificate;
use crate::domain::kinds::cycle::Cycle;
use crate::domain::kinds::position::Position;
use crate::domain::kinds::sanction::{Sanction, Severity};
use crate::domain::several::Several;

impl Town {
    fn imported_as(&mut self, user: &str, dry_run: bool, rows: Vec<RowData>) -> Vec<Verdict> {
        let columns = PEOPLE_COLUMNS.iter().map(ToString::to_string).collect();
        let step = self.desk.step();
        let start = ImportStart { step, intake: Intake::Employees, columns, dry_run };
        assert_eq!(self.ask_as(user, Request::ImportStart(start)), Answer::Done);
        let rows = rows.into_iter().zip(2..).map(|(data, line)| IntakeRow { line, data }).collect();
        let Answer::ImportRows(verdicts) = self.ask_as(user, Request::ImportRows(rows)) else {
            panic!("no verdicts")
        };
        self.ask_as(user, Request::ImportFinish);
        verdicts.into_iter().map(|one| one.verdict).collect()
    }

    /// Whether somebody is known to have read of a person.
    fn has_read(&mut self, user: &str, person: RecordId) -> bool {
        *self.desk.now.lock().expect("the time") += chrono::TimeDelta::minutes(10);
        self.desk.office.as_mut().expect("an office").wake();
        let of = Some(person);
        let columns = vec!["officer".to_string()];
        let page =
            self.page_as("siti", ListQuery { of, columns, ..ListQuery::all(Kind::Readings) });
        page.rows.iter().any(|row| row.cells[0] == Value::text(user))
    }
}

fn reasons(verdicts: &[Verdict]) -> Vec<&'static str> {
    let reason = |verdict: &Verdict| match verdict {
        Verdict::Added { .. } => "added",
        Verdict::Changed { .. } => "changed",
        Verdict::Refused(fault) => fault.reason.code(),
        Verdict::Unchanged => "unchanged",
    };
    verdicts.iter().map(reason).collect()
}

#[test]
fn the_tree_shown_is_ones_own_part_and_the_names_above_it() {
    let mut town = Town::new();
    let (root, plaju, village, ilir) = (town.root, town.plaju, town.village, town.ilir);
    let seq = saved(town.change_as("siti", ilir.into(), |record| {
        let Record::Unit(unit) = record else { panic!("a unit") };
        unit.code = "16.71.99".into();
    }));
    let seq = seq.seq.expect("a change");
    town.told(&[]);
    for (user, units) in [
        ("siti", vec![root, ilir, plaju, village]),
        ("oma", vec![root, ilir, plaju, village]),
        ("oki", vec![root, plaju, village]),
        ("vina", vec![root, plaju, village]),
        ("olga", vec![root, ilir]),
    ] {
        let page = town.page_as(user, ListQuery::all(Kind::Units));
        let numbers: Vec<_> = page.rows.iter().map(|row| UnitId(row.number)).collect();
        assert_eq!((numbers, page.total), (units.clone(), units.len() as u32), "{user}");
    }
    let absent = UnitId(9000);
    for unit in [ilir, absent] {
        let id = RecordId::from(unit);
        assert_eq!(town.ask_as("oki", Request::Get(id)), Answer::Record(None));
        let label = town.ask_as("oki", Request::Labels(vec![id]));
        assert_eq!(label, Answer::Labels(vec![id.to_string()]));
    }
    for name in ["Kecamatan Ilir", "16.71.99", "Pemerintah Kota / Kecamatan Ilir", "Tidak Ada"] {
        assert_eq!(town.ask_as("oki", Request::FindUnit(name.into())), Answer::Record(None));
        let lookup = Request::Lookup { kind: Kind::Units, text: name.into(), limit: 9 };
        assert_eq!(town.ask_as("oki", lookup), Answer::Hits(Vec::new()), "{name}");
    }
    assert!(town.history_as("oki").iter().all(|line| line.seq != seq));
    assert!(town.history_as("olga").iter().any(|line| line.seq == seq));
    // What they are told of, and what is of one name in two districts.
    saved(town.change_as("siti", ilir.into(), |record| {
        let Record::Unit(unit) = record else { panic!("a unit") };
        unit.code.clear();
    }));
    let told = town.told(&["oki", "olga"]);
    assert_eq!((told[0].len(), told[1].len()), (0, 1));
    let namesake = |parent| Unit { name: "Sekretariat".into(), parent, ..Unit::default() };
    let own = town.desk.save(namesake(Some(plaju)));
    town.desk.save(namesake(Some(ilir)));
    let Answer::Record(Some(found)) = town.ask_as("oki", Request::FindUnit("sekretariat".into()))
    else {
        panic!("two of that name")
    };
    assert_eq!(found.id, own);
}

#[test]
fn a_file_names_a_unit_elsewhere_as_one_there_is_not() {
    let mut town = Town::new();
    let ilir = Some(town.ilir);
    town.desk.save(Unit {
        name: "Seksi Lain".into(),
        code: "77".into(),
        parent: ilir,
        ..Unit::default()
    });
    let row = |serial, path: &[&str], code: &str| match person_row("Baru", serial, path, "Kasi") {
        RowData::Employee(mut row) => {
            row.unit_code = code.into();
            RowData::Employee(row)
        }
        other => other,
    };
    let own = ["Pemerintah Kota", "Kecamatan Plaju", "Seksi Lain"];
    let absent = ["Pemerintah Kota", "Kecamatan Plaju", "Seksi Tak Ada"];
    for dry_run in [true, false] {
        let verdicts = town.imported_as(
            "oki",
            dry_run,
            vec![
                row(60, &own, ""),
                row(61, &absent, ""),
                row(62, &["Pemerintah Kota", "Kecamatan Plaju"], "77"),
                row(63, &["Pemerintah Kota", "Kecamatan Plaju"], "78"),
                row(64, &["Pemerintah Kota", "Kecamatan Ilir"], ""),
                row(65, &["Pemerintah Kota", "Kecamatan Entah"], ""),
            ],
        );
        let far = "out_of_reach";
        assert_eq!(reasons(&verdicts), ["added", "added", "added", "added", far, far]);
    }
    let units = town.page_as("siti", ListQuery::all(Kind::Units)).total;
    assert_eq!(units, 7, "two were made");
}

#[test]
fn a_number_taken_elsewhere_is_said_as_one_that_stands_twice_and_written_down() {
    let outside = |town: &Town| (town.outside.person, town.outside.nip.clone());
    let path = ["Pemerintah Kota", "Kecamatan Plaju"];
    // In a file, tried or meant.
    for dry_run in [true, false] {
        let mut town = Town::new();
        let (person, _) = outside(&town);
        assert!(!town.has_read("oki", person));
        let rows = vec![
            person_row("Seseorang", 2, &path, "Camat"),
            person_row("Baru", 60, &path, "Camat"),
            person_row("Baru Lagi", 60, &path, "Camat"),
            // A unit there is not is said first, whosever the number is.
            person_row("Seseorang", 2, &["Dinas Entah"], "Camat"),
            person_row("Entah", 61, &["Dinas Entah"], "Camat"),
        ];
        let verdicts = town.imported_as("oki", dry_run, rows);
        let (twice, far) = ("duplicate_nip", "out_of_reach");
        assert_eq!(reasons(&verdicts), [twice, "added", twice, twice, far], "{dry_run}");
        assert_eq!(verdicts[0], verdicts[2], "in the same words");
        assert!(town.has_read("oki", person));
    }
    // By hand: as of somebody of one's own units.
    let mut town = Town::new();
    let (person, _) = outside(&town);
    let unit = Some(town.plaju);
    let taken = [1, 2].map(|serial| {
        let added = Employee { unit, ..employee("Baru", serial) };
        refused(town.save_as("oki", None, added))
    });
    assert_eq!(taken[0], taken[1]);
    assert!(town.has_read("oki", person) && !town.has_read("vina", person));
    // By a field.
    let mut town = Town::new();
    let (person, nip) = outside(&town);
    let (step, ids) = (town.desk.step(), vec![town.inside.person.number]);
    let set = Request::SetField {
        step,
        kind: Kind::Employees,
        ids,
        field: "number".into(),
        value: format!("\"{nip}\""),
    };
    assert!(matches!(refused(town.ask_as("oki", set)), Problem::Invalid(_)));
    assert!(town.has_read("oki", person));
}

#[test]
fn whoever_may_not_write_somewhere_is_not_told_what_stands_there() {
    let mut town = Town::new();
    let (ilir, taken) = (town.ilir, 2);
    let absent = UnitId(9000);
    let answers: Vec<Problem> = [(ilir, taken), (ilir, 70), (absent, taken), (absent, 70)]
        .into_iter()
        .map(|(unit, serial)| {
            let added = Employee { unit: Some(unit), ..employee("Baru", serial) };
            refused(town.save_as("oki", None, added))
        })
        .collect();
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert!(!town.has_read("oki", town.outside.person), "nothing was told");
    // Nor what reference data says, where it is not theirs to change.
    let added = Officer { user: "olga".into(), ..Officer::default() };
    for user in ["olga", "belum"] {
        let answer = town.save_as("oki", None, Officer { user: user.into(), ..added.clone() });
        let needs = Needs::Admin;
        assert_eq!(refused(answer), Problem::NotAllowed { role: Role::Officer, needs });
    }
}

#[test]
fn a_number_of_somebody_elsewhere_is_looked_for_as_one_that_nobody_has() {
    let mut town = Town::new();
    let elsewhere = town.outside.nip.clone();
    let nobody = nip(71).to_string();
    let unit = Some(town.village);
    for (number, serial) in [(&elsewhere, 80), (&nobody, 81)] {
        // Both searches go all the way: to the one who goes by that name.
        let id = town.desk.save(Employee { unit, ..employee(number, serial) });
        let Answer::Record(Some(found)) =
            town.ask_as("oki", Request::Find(Kind::Employees, number.clone()))
        else {
            panic!("not looked on")
        };
        assert_eq!(found.id, id);
    }
    // A record of somebody elsewhere costs no reading of what they have.
    let certificate = town.desk.save(Certificate {
        employee: EmployeeId(town.outside.person.number),
        name: SECRET.into(),
        ..Certificate::default()
    });
    for id in [certificate, RecordId::new(Kind::Certificates, 9000)] {
        assert_eq!(town.ask_as("oki", Request::Get(id)), Answer::Record(None));
    }
}

#[test]
fn no_number_counts_what_the_asker_does_not_see() {
    let mut town = Town::new();
    let whole = |answer| match answer {
        Answer::Verified(verified) => (verified.entries, verified.records),
        other => panic!("{other:?}"),
    };
    let (entries, records) = whole(town.ask_as("ani", Request::Verify));
    assert!(records > 0);
    for user in ["adi", "audi"] {
        assert_eq!(whole(town.ask_as(user, Request::Verify)), (entries, 0), "{user}");
    }
    // A post that only people elsewhere hold.
    let post =
        saved(town.save_as("oki", None, Position { title: "Camat".into(), ..Position::default() }));
    let post = post.ids[0];
    let outside = town.outside.person;
    saved(town.change_as("siti", outside, |record| {
        of_person(record).position = Some(crate::domain::record::PositionId(post.number));
    }));
    let step = town.desk.step();
    let undone = refused(town.ask_as("oki", Request::Undo { step, seq: None }));
    let needs = Needs::WiderReach;
    assert_eq!(undone, Problem::NotAllowed { role: Role::Officer, needs });
}

#[test]
fn the_seats_of_a_persons_next_session_are_counted_among_those_within_reach() {
    let mut town = Town::new();
    let person = town.inside.person;
    let camat = Position { title: "Camat".into(), eselon: "III.a".into(), ..Position::default() };
    let post = PositionId(town.desk.save(camat).number);
    town.desk.change(person, |record| {
        let Record::Employee(employee) = record else { panic!("a person") };
        employee.position = Some(post);
    });
    saved(town.desk.rate(person, 2, 1, "2026-01-10"));
    let bimtek = Programme {
        name: "Bimtek Kerja Sama".into(),
        r#type: "KL10".into(),
        competency: Some(CompetencyId(2)),
        ..Programme::default()
    };
    let programme = ProgrammeId(town.desk.save(bimtek).number);
    let day = "2026-12-11".parse().ok();
    let session =
        Session { programme, start: day, end: day, capacity: Some(2), ..Session::default() };
    let session = SessionId(town.desk.save(session).number);
    let employees = vec![EmployeeId(town.outside.person.number)];
    let step = town.desk.step();
    saved(town.desk.ask(Request::Enrol { step, session, employees }));
    for (user, free) in [("siti", 1), ("oma", 1), ("oki", 2), ("vina", 2)] {
        let asked = Request::Person(EmployeeId(person.number));
        let Answer::Person(told) = town.ask_as(user, asked) else { panic!("{user}: no person") };
        let next = told.courses.iter().find_map(|course| course.next.as_ref());
        assert_eq!(next.and_then(|next| next.free), Some(free), "{user}");
    }
}

#[test]
fn that_somebody_was_sanctioned_is_not_told_to_whoever_may_have_no_details() {
    let mut town = Town::new();
    let employee = EmployeeId(town.inside.person.number);
    town.told(&[]);
    let sanction = Sanction {
        employee,
        severity: Some(Severity::Heavy),
        sanction: "Penurunan jabatan".into(),
        since: "2026-01-10".parse().ok(),
        ..Sanction::default()
    };
    let id = town.desk.save(sanction);
    let told = town.told(&["oki", "vina", "audi"]);
    let named = |notices: &Vec<Notice>| format!("{notices:?}").contains(&format!("{id:?}"));
    assert_eq!(told.iter().map(named).collect::<Vec<_>>(), [true, false, false]);
    for (user, knows) in [("siti", true), ("oki", true), ("vina", false)] {
        let listed = town.page_as(user, ListQuery::all(Kind::Sanctions)).matched;
        assert_eq!(listed == 1, knows, "{user}");
        let got = town.ask_as(user, Request::Get(id));
        assert_eq!(matches!(got, Answer::Record(Some(_))), knows, "{user}");
        let history = format!("{:?}", town.history_as(user));
        assert_eq!(history.contains("Sanctions"), knows, "{user}: {history}");
        let index = ReportQuery::of("ipasn");
        let Answer::Table(table) = town.ask_as(user, Request::Report(index)) else {
            panic!("no table")
        };
        let at = table.columns.iter().position(|one| one.key == "disiplin").expect("a column");
        assert_eq!(table.rows[0].cells[at] == Value::Hundredths(100), knows, "{user}");
    }
    let history = format!("{:?}", town.history_as("audi"));
    assert!(!history.contains("Sanctions"), "{history}");
}

#[test]
fn of_a_cycle_of_several_units_only_those_within_reach_are_named() {
    let mut town = Town::new();
    let units = Several::of([town.plaju, town.ilir]).expect("few enough");
    town.desk.save(Cycle { name: "Periode".into(), units, ..Cycle::default() });
    for (user, named) in [
        ("siti", "Kecamatan Plaju; Kecamatan Ilir"),
        ("oki", "Kecamatan Plaju"),
        ("olga", "Kecamatan Ilir"),
    ] {
        let page = town.page_as(user, ListQuery::all(Kind::Cycles));
        let at = page.columns.iter().position(|one| one == "unit").expect("a column");
        assert_eq!(page.rows[0].cells[at], Value::text(named), "{user}");
    }
    // Not found by what is not named, either.
    let sought = ListQuery { search: "ilir".into(), ..ListQuery::all(Kind::Cycles) };
    assert_eq!(town.page_as("oki", sought.clone()).matched, 0);
    assert_eq!(town.page_as("siti", sought).matched, 1);
}
