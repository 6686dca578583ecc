//! The rules of JP are changed, or what a competency counts as: whoever saves waits for nobody's
//! row to be counted, and whoever asks is told what holds now.

use super::gaps::{asked, column, office};
use super::*;
use crate::domain::intake::CHUNK_ROWS;
use crate::domain::kinds::competency::Competency;
use crate::domain::kinds::meeting::Meeting;
use crate::domain::kinds::rule::ReferenceTable;
use crate::domain::kinds::setting::{MENTORING_JP, SETTINGS};
use crate::store::values_read;

const PEOPLE: u32 = 60;

/// Sixty people with a meeting each, which counts.
fn guided() -> Desk {
    let mut desk = office();
    let rows = (10..10 + PEOPLE).map(|at| {
        person_row(&format!("Pegawai {at:03}"), at, &["Kota", "Kecamatan Plaju"], "Kepala Seksi")
    });
    desk.import(Intake::Employees, PEOPLE_COLUMNS, rows.collect());
    let mentoring = SETTINGS.iter().find(|def| def.name == MENTORING_JP).expect("a setting");
    saved(desk.change(RecordId::new(Kind::Settings, mentoring.number), |record| {
        let Record::Setting(setting) = record else { panic!("a setting") };
        setting.value = "yes".into();
    }));
    for at in 0..PEOPLE {
        desk.save(Meeting {
            employee: EmployeeId(1003 + at),
            competency: CompetencyId(1),
            date: "2026-03-02".parse().ok(),
            minutes: 60,
            topic: "Integritas".into(),
            ..Meeting::default()
        });
    }
    desk
}

fn table(name: &str, figures: &str) -> ReferenceTable {
    ReferenceTable {
        table: name.into(),
        figures: figures.into(),
        legal_basis: "Peraturan Wali Kota 2/2026".into(),
        ..ReferenceTable::default()
    }
}

/// The JP of everybody, by name.
fn jp(desk: &mut Desk) -> Vec<Value> {
    let table = desk.table(ReportQuery { limit: 1000, ..asked("jp", &[]) });
    column(&table, "jp").split_off(2)
}

/// What a save reads of the store.
fn read_by(desk: &mut Desk, record: impl Into<Record>) -> u64 {
    let before = values_read();
    desk.save(record);
    values_read() - before
}

#[test]
fn a_save_of_the_rules_of_jp_and_one_behind_it_count_nobody() {
    let mut desk = guided();
    let of = |all: Vec<Value>, jp: i64| all.iter().filter(|one| **one == Value::Whole(jp)).count();
    assert_eq!(of(jp(&mut desk), 2), PEOPLE as usize);
    let few = 12;
    let conversion = table("jp_conversion", "meetings.jp = 3");
    assert!(read_by(&mut desk, conversion) < few);
    assert!(
        read_by(&mut desk, employee("Menyusul", 90)) < few,
        "a save meanwhile waits for nobody"
    );
    assert_eq!(of(jp(&mut desk), 3), PEOPLE as usize);
    assert!(read_by(&mut desk, table("jp_quota", "pns_floor = 24")) < few);
    let before = values_read();
    let missing = desk.table(ReportQuery { limit: 1000, ..asked("jp", &[]) });
    assert_eq!(of(column(&missing, "missing"), 21), PEOPLE as usize);
    assert!(values_read() - before < few, "what is enough is in nobody's row");
    assert_eq!(desk.office.as_mut().expect("an office").state.wrong().expect("read"), [""; 0]);
}

#[test]
fn what_nobody_asks_for_is_counted_while_nobody_asks_and_is_there_after_a_restart() {
    let mut desk = guided();
    desk.save(table("jp_conversion", "meetings.jp = 3"));
    let office = desk.office.as_mut().expect("an office");
    assert!(office.wakes_in().is_some() && office.state.owes_rows());
    office.wake();
    assert!(!office.state.owes_rows());
    saved(desk.undo());
    desk.close();
    desk.open();
    let two = jp(&mut desk).into_iter().filter(|one| *one == Value::Whole(2)).count();
    assert_eq!(two, PEOPLE as usize);
}

#[test]
fn a_competency_is_renamed_archived_and_merged_without_anybody_counted_on_saving() {
    let mut desk = office();
    let below = |desk: &mut Desk| {
        let rows = desk.ask(Request::Ids(ListQuery {
            search: "m.3<std".into(),
            ..ListQuery::all(Kind::Employees)
        }));
        let gaps = column(&desk.table(asked("gap", &[])), "below");
        (matches!(rows, Answer::Ids(ids) if !ids.is_empty()), gaps)
    };
    let stood = below(&mut desk);
    let id = RecordId::new(Kind::Competencies, 3);
    let change = |desk: &mut Desk, change: &dyn Fn(&mut Competency)| {
        let before = values_read();
        saved(desk.change(id, |record| {
            let Record::Competency(competency) = record else { panic!("a competency") };
            change(competency);
        }));
        let office = desk.office.as_mut().expect("an office");
        (office.state.owes_rows(), values_read() - before)
    };
    let sound = |desk: &mut Desk| {
        let office = desk.office.as_mut().expect("an office");
        assert_eq!(office.state.wrong().expect("read"), [""; 0]);
    };
    let (owes, _) = change(&mut desk, &|competency| competency.name = "Kerja sama tim".into());
    assert!(!owes, "a name is in nobody's row");
    assert_eq!(below(&mut desk), stood);
    sound(&mut desk);

    let few = 12;
    let (owes, read) = change(&mut desk, &|competency| competency.archived = true);
    assert!(owes && read < few, "{read}");
    assert_ne!(below(&mut desk), stood, "what is archived is missing nobody");
    sound(&mut desk);
    let (owes, read) =
        change(&mut desk, &|competency| competency.merged_into = Some(CompetencyId(2)));
    assert!(owes && read < few, "{read}");
    below(&mut desk);
    sound(&mut desk);
    saved(desk.undo());
    saved(desk.undo());
    assert_eq!(below(&mut desk), stood);
    sound(&mut desk);
}

/// An office of so many that their rows are counted beside it, with a meeting each of the first.
fn large() -> Desk {
    let mut desk = guided();
    let many = 520;
    let rows = (100..100 + many).map(|at| {
        person_row(&format!("Pegawai {at:03}"), at, &["Kota", "Kecamatan Plaju"], "Kepala Seksi")
    });
    for rows in rows.collect::<Vec<_>>().chunks(CHUNK_ROWS) {
        desk.import(Intake::Employees, PEOPLE_COLUMNS, rows.to_vec());
    }
    desk
}

#[test]
fn of_many_people_rows_are_counted_beside_the_office_and_saves_go_on() {
    let mut desk = large();
    let of = |all: Vec<Value>, jp: i64| all.iter().filter(|one| **one == Value::Whole(jp)).count();
    desk.save(table("jp_conversion", "meetings.jp = 3"));
    let question = Request::Report(ReportQuery { limit: 1000, ..asked("jp", &[]) });
    let asker = Asker::alone("rina");
    let office = desk.office.as_mut().expect("an office");
    assert!(office.needs_errand(&question) && !office.needs_errand(&Request::Welcome));
    let errand = office.errand(&asker, &question).expect("an errand").unwrap_or_else(|_| panic!());
    // Meanwhile somebody has another name, somebody meets once more, and somebody comes.
    saved(desk.change(RecordId::new(Kind::Employees, 1002), |record| {
        let Record::Employee(person) = record else { panic!("a person") };
        person.name = "Nama Baru".into();
    }));
    desk.save(Meeting {
        employee: EmployeeId(1003),
        competency: CompetencyId(1),
        date: "2026-03-09".parse().ok(),
        minutes: 60,
        topic: "Lagi".into(),
        ..Meeting::default()
    });
    desk.save(employee("Menyusul", 90));
    let returned = errand.run(&mut |_, _, _| true);
    let office = desk.office.as_mut().expect("an office");
    let Answer::Table(told) = office.take_up(returned) else { panic!("no report") };
    let jp = column(&told, "jp");
    assert_eq!((of(jp.clone(), 3), of(jp, 6)), (PEOPLE as usize - 1, 1));
    assert!(!office.state.owes_rows());
    assert_eq!(office.state.wrong().expect("read"), [""; 0]);
}

#[test]
fn what_is_counted_beside_the_office_is_let_go_of_where_the_rules_change_once_more() {
    let mut desk = large();
    desk.save(table("jp_conversion", "meetings.jp = 3"));
    let question = Request::Report(ReportQuery { limit: 1000, ..asked("jp", &[]) });
    let asker = Asker::alone("rina");
    let office = desk.office.as_mut().expect("an office");
    let errand = office.errand(&asker, &question).expect("an errand").unwrap_or_else(|_| panic!());
    saved(desk.undo());
    let returned = errand.run(&mut |_, _, _| true);
    let office = desk.office.as_mut().expect("an office");
    let Answer::Table(told) = office.take_up(returned) else { panic!("no report") };
    let two = column(&told, "jp").into_iter().filter(|one| *one == Value::Whole(2)).count();
    assert_eq!(two, PEOPLE as usize);
    assert_eq!(office.state.wrong().expect("read"), [""; 0]);
}

#[test]
fn a_list_of_people_waits_for_what_is_counted_beside_and_is_answered_where_that_is_called_off() {
    let mut desk = large();
    desk.save(table("jp_conversion", "meetings.jp = 3"));
    let question =
        Request::List(ListQuery { search: "jp=3".into(), ..ListQuery::all(Kind::Employees) });
    let asker = Asker::alone("rina");
    let office = desk.office.as_mut().expect("an office");
    assert!(office.needs_errand(&question));
    let tongue = crate::domain::vocabulary::Tongue::default();
    let typed = Request::Complete { kind: Kind::Employees, tongue, text: "jp".into() };
    let asks = ["welcome", "typing"].into_iter().zip([Request::Welcome, typed]);
    for (what, request) in asks {
        let ask = Ask { asker: asker.clone(), ticket: Ticket(1), request };
        office.handle(vec![ask], &mut |_, _, _| {});
        assert!(office.state.owes_rows(), "{what} counts nobody");
    }
    let errand = office.errand(&asker, &question).expect("an errand").unwrap_or_else(|_| panic!());
    let returned = errand.run(&mut |_, _, _| true);
    office.call_off();
    assert!(!office.state.counts_beside());
    let Answer::Page(page) = office.take_up(returned) else { panic!("no page") };
    assert_eq!(page.matched, PEOPLE);
    assert_eq!(office.state.wrong().expect("read"), [""; 0]);
}
