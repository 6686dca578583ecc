//! A clock that jumps: set back by an hour, a day, to 1970 or far ahead, between two steps
//! or while nobody was there. Steps keep their order, what is shown is as of the present
//! clock, and nobody is kept from working.

use super::*;
use crate::domain::kinds::competency::Competency;
use crate::domain::kinds::setting::Setting;

const NOW: &str = "2026-11-21T02:00:00Z";
const JUMPS: [&str; 9] = [
    "2026-11-21T01:00:00Z",
    "2026-11-20T16:59:59Z",
    "2026-11-20T02:00:00Z",
    "2025-12-31T18:00:00Z",
    "1970-01-01T00:00:00Z",
    "1901-12-13T20:45:52Z",
    "2038-01-19T03:14:08Z",
    "2262-04-12T00:00:00Z",
    "9999-12-31T23:59:59Z",
];

fn history(desk: &mut Desk, since: Option<&str>) -> Vec<u64> {
    let since = since.map(|day| day.parse().expect("a day"));
    let query = HistoryQuery { since, limit: 100, ..HistoryQuery::default() };
    let Answer::History(lines) = desk.ask(Request::History(query)) else { panic!("no history") };
    lines.lines.iter().map(|line| line.seq).collect()
}

fn set(desk: &Desk, time: &str) {
    *desk.now.lock().expect("the time") = time.parse().expect("a time");
}

/// What an officer sees that depends on the day.
fn seen(desk: &mut Desk) -> Vec<Answer> {
    let people = ListQuery::all(Kind::Employees);
    let below = ListQuery { search: "gap>0".into(), ..people.clone() };
    let behind = ListQuery { search: "jp<20".into(), ..people.clone() };
    let matrix = MatrixQuery {
        sort: None,
        grouped: false,
        unit: None,
        search: String::new(),
        at: None,
        offset: 0,
        limit: 100,
        anchor: None,
        since: None,
    };
    [
        Request::List(people),
        Request::List(below),
        Request::List(behind),
        Request::Matrix(matrix),
        Request::Person(EmployeeId(1000)),
    ]
    .map(|request| desk.ask(request))
    .to_vec()
}

/// Somebody in a post, rated and trained; ten steps or so.
fn filled() -> Desk {
    let mut desk = Desk::new();
    let rows = vec![person_row("Mila", 1, &["Kota", "Kecamatan"], "Camat")];
    desk.import(Intake::Employees, PEOPLE_COLUMNS, rows);
    let mila = RecordId::new(Kind::Employees, 1000);
    saved(desk.rate(mila, 1, 2, "2026-01-10"));
    let training = |jp| {
        RowData::Training(Box::new(TrainingRow {
            number: nip(1),
            name: "Bimtek Adminduk".into(),
            r#type: "KL10".into(),
            start: "2026-03-02".parse().expect("a day"),
            end: "2026-03-03".parse().expect("a day"),
            jp,
            provider: "BKPSDM".into(),
        }))
    };
    desk.import(Intake::Trainings, &[], vec![training(24)]);
    desk
}

#[test]
fn wherever_the_clock_jumps_steps_keep_their_order_and_the_office_its_work() {
    let mut tried = 0;
    for jump in JUMPS {
        for end in [Desk::close as fn(&mut Desk), Desk::kill, |_| {}] {
            let mut desk = filled();
            let at_home = seen(&mut desk);
            let before = history(&mut desk, None);

            // While nobody was there, or in front of everybody.
            end(&mut desk);
            set(&desk, jump);
            if desk.office.is_none() {
                desk.open();
            }
            let there = seen(&mut desk);
            desk.save(employee("Rini", 2));
            saved(desk.undo());
            saved(desk.redo());
            let rows = vec![person_row("Budi", 3, &["Kota"], "Lurah")];
            desk.import(Intake::Employees, PEOPLE_COLUMNS, rows);
            saved(desk.undo());
            saved(desk.undo());
            assert!(desk.names("").len() == 1, "{jump}");
            assert_eq!(seen(&mut desk), there, "{jump}");
            let steps = history(&mut desk, None);
            assert_eq!(steps.len(), before.len() + 6);
            assert!(steps.is_sorted_by(|a, b| a > b), "{jump}: {steps:?}");

            // A store built anew shows the same at that time.
            desk.close();
            std::fs::remove_dir_all(desk.folder.path().join("data/store")).expect("removed");
            desk.open();
            assert_eq!(seen(&mut desk), there, "{jump}");

            // And the clock is set right again.
            end(&mut desk);
            set(&desk, NOW);
            if desk.office.is_none() {
                desk.open();
            }
            assert_eq!(seen(&mut desk), at_home, "{jump}");
            desk.save(employee("Citra", 4));
            assert_eq!(history(&mut desk, None).len(), before.len() + 7);
            assert!(matches!(desk.ask(Request::Verify), Answer::Verified(_)), "{jump}");
            tried += 1;
        }
    }
    println!("faults: {tried} jumps of the clock");
}

#[test]
fn history_since_a_day_passes_over_a_step_written_with_a_wrong_clock() {
    let mut desk = Desk::new();
    desk.save(employee("Mila", 1));
    set(&desk, "2026-11-22T02:00:00Z");
    desk.save(employee("Rini", 2));
    set(&desk, "1970-01-01T00:00:00Z");
    desk.save(employee("Budi", 3));
    set(&desk, "2026-11-22T03:00:00Z");
    desk.save(employee("Citra", 4));
    assert_eq!(history(&mut desk, Some("2026-11-22")), [4, 2]);
    assert_eq!(history(&mut desk, Some("2026-11-21")), [4, 2, 1]);
    assert_eq!(history(&mut desk, Some("1970-01-01")), [4, 3, 2, 1]);
}

#[test]
fn the_jp_of_the_year_is_that_of_the_present_clock() {
    let mut desk = filled();
    let behind = |desk: &mut Desk| desk.names("jp<20").len();
    assert_eq!(behind(&mut desk), 0, "24 JP in 2026");
    set(&desk, "2025-12-31T16:59:59Z");
    assert_eq!(behind(&mut desk), 1, "still 2025 in WIB");
    set(&desk, "2025-12-31T17:00:00Z");
    assert_eq!(behind(&mut desk), 0, "2026 in WIB");
}

#[test]
fn the_day_of_the_office_may_go_back_with_its_time_zone() {
    let mut desk = filled();
    let today = |desk: &mut Desk| match desk.ask(Request::Welcome) {
        Answer::Welcome(info) => info.today.to_string(),
        other => panic!("{other:?}"),
    };
    let mut base = Revision(0);
    let mut zone = |desk: &mut Desk, value: &str| {
        let record = Setting { name: "time_zone".into(), value: value.into() }.into();
        let id = Some(RecordId::new(Kind::Settings, 2));
        let step = desk.step();
        let drafts = vec![DraftRecord { id, base, record }];
        base = Revision(saved(desk.ask(Request::Save(Save { step, drafts }))).seq.expect("a step"));
    };
    zone(&mut desk, "WIT");
    set(&desk, "2025-12-31T15:30:00Z");
    assert_eq!(today(&mut desk), "2026-01-01");
    assert_eq!(desk.names("jp<20").len(), 0);
    zone(&mut desk, "WIB");
    assert_eq!(today(&mut desk), "2025-12-31");
    assert_eq!(desk.names("jp<20").len(), 1);
    desk.close();
    desk.open();
    assert_eq!(today(&mut desk), "2025-12-31");
    assert_eq!(desk.names("jp<20").len(), 1);
}

#[test]
fn what_the_office_dates_by_itself_is_dated_by_the_day_of_its_place() {
    let mut desk = Desk::new();
    let competency = Competency { code: "T.9".into(), name: "Arsip".into(), ..Default::default() };
    let id = desk.save(competency);
    // Half past two at night of the 30th in Palembang.
    set(&desk, "2026-11-29T19:30:00Z");
    let archived = desk.change(id, |record| {
        let Record::Competency(competency) = record else { panic!("a competency") };
        competency.archived = true;
    });
    saved(archived);
    let Answer::Record(Some(stored)) = desk.ask(Request::Get(id)) else { panic!("no record") };
    let Record::Competency(competency) = stored.record else { panic!("a competency") };
    assert_eq!(competency.archived_on, "2026-11-30".parse().ok());
}
