//! A field that refers to several records, by the cycle that covers several units.

use super::*;
use crate::domain::kinds::cycle::Cycle;
use crate::domain::kinds::officer::{Officer, Role};
use crate::domain::kinds::unit::Unit;
use crate::domain::record::{CycleId, UnitId};
use crate::domain::several::Several;
use crate::protocol::{CycleAct, CyclePage};

const UNITS: [&str; 3] = ["Kelurahan Satu", "Kelurahan Dua", "Kelurahan Tiga"];

/// Three kelurahan with two people each, an officer of the first, and a cycle of the first two.
fn town() -> (Desk, [UnitId; 3], CycleId) {
    let mut desk = Desk::new();
    let root = desk.save(Unit { name: "Kecamatan".into(), ..Unit::default() });
    let mut serial = 0;
    let units = UNITS.map(|name| {
        let parent = Some(UnitId(root.number));
        let unit = desk.save(Unit { name: name.into(), parent, ..Unit::default() });
        let unit = UnitId(unit.number);
        for at in ["A", "B"] {
            serial += 1;
            let name = format!("{at} {name}");
            desk.save(Employee { unit: Some(unit), ..employee(&name, serial) });
        }
        unit
    });
    let role = Role::Officer;
    desk.save(Officer { user: "oki".into(), role, unit: Some(units[0]), note: String::new() });
    let of = Several::of([units[0], units[1]]).expect("two");
    let cycle = desk.save(Cycle { name: "Periode".into(), units: of, ..Cycle::default() });
    (desk, units, CycleId(cycle.number))
}

fn page(desk: &mut Desk, user: &str, cycle: CycleId) -> CyclePage {
    let mut asker = Asker::alone(user);
    asker.owner = user == "siti";
    let ask = Ask { asker, ticket: Ticket(0), request: Request::Cycle(cycle) };
    let office = desk.office.as_mut().expect("an office");
    match office.handle(vec![ask], &mut |_, _, _| {}).remove(0).1 {
        Answer::Cycle(page) => *page,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_cycle_of_several_units_is_about_their_people_and_each_reach_sees_its_own() {
    let (mut desk, _, cycle) = town();
    let step = desk.step();
    saved(desk.ask(Request::Assess { step, cycle, act: CycleAct::Propose }));
    let told = |page: &CyclePage| {
        let named = |unit: &crate::protocol::CycleUnit| (unit.name.clone(), unit.people);
        page.units.iter().map(named).collect::<Vec<_>>()
    };
    let all = page(&mut desk, "siti", cycle);
    let two = [("Kelurahan Dua".to_string(), 2), ("Kelurahan Satu".to_string(), 2)];
    assert_eq!((told(&all), all.all.people), (two.to_vec(), 4));
    let own = page(&mut desk, "oki", cycle);
    assert_eq!((told(&own), own.all.people), (two[1..].to_vec(), 2));
}

#[test]
fn several_are_listed_by_name_and_each_of_them_has_to_stand_and_stays() {
    let (mut desk, units, cycle) = town();
    let Answer::Page(list) = desk.ask(Request::List(ListQuery {
        columns: vec!["unit".into()],
        search: "unit:dua".into(),
        ..ListQuery::all(Kind::Cycles)
    })) else {
        panic!("no list")
    };
    assert_eq!(list.rows[0].cells, [Value::text("Kelurahan Satu; Kelurahan Dua")]);
    let unknown = |record: &mut Record| {
        let Record::Cycle(cycle) = record else { panic!("a cycle") };
        cycle.units = Several::of([units[2], UnitId(9_000)]).expect("two");
    };
    let Problem::Invalid(faults) = refused(desk.change(cycle.into(), unknown)) else {
        panic!("taken")
    };
    assert_eq!((&*faults[0].1.field, faults[0].1.reason), ("unit", Reason::UnknownReference));
    let (step, unit) = (desk.step(), RecordId::from(units[1]));
    let Answer::Record(Some(stored)) = desk.ask(Request::Get(unit)) else { panic!("no unit") };
    let delete = Request::Delete { step, ids: vec![(unit, stored.rev)] };
    let Problem::DependedOn { labels, .. } = refused(desk.ask(delete)) else { panic!("deleted") };
    assert!(labels.contains(&"Periode".to_string()), "{labels:?}");
    // Setting the field of many at once takes the same list.
    let step = desk.step();
    let value = format!("[{}]", units[2].0);
    let (kind, ids, field) = (Kind::Cycles, vec![cycle.0], "unit".to_string());
    saved(desk.ask(Request::SetField { step, kind, ids, field, value }));
    let stands = page(&mut desk, "siti", cycle).cycle;
    assert_eq!(stands.units, Several::of([units[2]]).expect("one"));
}

#[test]
fn a_cycle_written_when_it_had_one_unit_is_read_as_one_of_that_unit() {
    let line = serde_json::json!({"name": "Periode 2025", "unit": 1004});
    let fields = line.as_object().expect("fields").clone();
    let record = Record::from_fields(Kind::Cycles, &fields).expect("a cycle");
    let Record::Cycle(cycle) = &record else { panic!("a cycle") };
    assert_eq!(cycle.units, Several::of([UnitId(1004)]).expect("one"));
    assert_eq!(record.references(), [UnitId(1004).into()]);
}
