//! A report of everybody after one change: only who changed is worked out anew, and what it
//! says is what an office would say that had never been asked before.

use super::gaps::{asked, office};
use super::*;
use crate::domain::kinds::position::JobLevel;
use crate::domain::kinds::standard::Standard;
use crate::domain::kinds::unit::Unit;
use crate::domain::record::UnitId;
use crate::office::reports::worked_out;
use crate::protocol::Table;

const PEOPLE: u32 = 40;
const SHOWN: u32 = 3;

fn crowd() -> Desk {
    let mut desk = office();
    let rows = (10..10 + PEOPLE).map(|at| {
        person_row(&format!("Pegawai {at:03}"), at, &["Kota", "Kecamatan Plaju"], "Kepala Seksi")
    });
    desk.import(Intake::Employees, PEOPLE_COLUMNS, rows.collect());
    let step = desk.step();
    let rating = |at: u32| Rating {
        employee: EmployeeId(1003 + at),
        competency: CompetencyId(1),
        level: Level::new(1).expect("a level"),
        source: Some(RatingSource::Superior),
        date: "2026-02-01".parse().ok(),
        ..Rating::default()
    };
    let ratings = (0..PEOPLE).map(rating).collect();
    saved(desk.ask(Request::Rate { step, ratings }));
    desk
}

fn query() -> ReportQuery {
    ReportQuery { limit: SHOWN, ..asked("gap", &[]) }
}

/// What is told, and for how many lines cells were worked out.
fn told(desk: &mut Desk) -> (Table, u64) {
    let before = worked_out();
    let table = desk.table(query());
    (table, worked_out() - before)
}

/// The same from an office that was not asked before.
fn anew(desk: &mut Desk) -> Table {
    desk.close();
    desk.open();
    desk.table(query())
}

#[test]
fn after_a_digit_one_person_is_worked_out_anew_and_the_sums_are_right() {
    let mut desk = crowd();
    let (first, all) = told(&mut desk);
    assert!(all >= u64::from(PEOPLE), "{all}");
    let (_, again) = told(&mut desk);
    assert_eq!(again, u64::from(SHOWN), "nothing but the page");
    let foot = first.foot.clone().expect("a foot");
    for (level, less) in [(3, 1), (1, 0), (5, 1)] {
        saved(desk.rate(RecordId::new(Kind::Employees, 1010), 1, level, "2026-03-01"));
        let (after, worked) = told(&mut desk);
        assert_eq!(worked, u64::from(SHOWN) + 1, "the page and who was rated");
        let below = |foot: &[Value]| match foot[10] {
            Value::Whole(below) => below,
            _ => panic!("{foot:?}"),
        };
        let now = after.foot.clone().expect("a foot");
        assert_eq!(below(&now), below(&foot) - less);
    }
    let (after, _) = told(&mut desk);
    assert_eq!(after, anew(&mut desk));
}

#[test]
fn whatever_else_happens_the_report_says_what_a_fresh_office_would() {
    let mut desk = crowd();
    told(&mut desk);
    let id = RecordId::new(Kind::Employees, 1005);
    let employee = |change: fn(&mut Employee)| {
        move |record: &mut Record| {
            let Record::Employee(employee) = record else { panic!("a person") };
            change(employee);
        }
    };
    let standard = Standard {
        job_level: Some(JobLevel::Pengawas),
        competency: CompetencyId(1),
        level: Level::new(4).expect("a level"),
        effective_from: "2026-11-01".parse().ok(),
        ..Standard::default()
    };
    let unit = |desk: &mut Desk| {
        let unit = desk.save(Unit { name: "Unit Baru".into(), ..Unit::default() });
        UnitId(unit.number)
    };
    for step in 0..7 {
        match step {
            0 => drop(saved(desk.change(id, employee(|one| one.name = "Aaa Pertama".into())))),
            1 => drop(saved(desk.change(id, employee(|one| one.status = Status::Retired)))),
            2 => drop(saved(desk.undo())),
            3 => drop(desk.save(standard.clone())),
            4 => {
                let unit = unit(&mut desk);
                saved(desk.change(id, |record| {
                    let Record::Employee(employee) = record else { panic!("a person") };
                    employee.unit = Some(unit);
                }));
            }
            5 => drop(saved(desk.change(id, employee(|one| one.front_title = "Dr.".into())))),
            _ => {
                desk.save(super::employee("Zaki", 99));
                saved(desk.undo());
                saved(desk.rate(id, 2, 1, "2026-04-01"));
            }
        }
        let (kept, _) = told(&mut desk);
        assert_eq!(kept, anew(&mut desk), "step {step}");
        told(&mut desk);
    }
}
