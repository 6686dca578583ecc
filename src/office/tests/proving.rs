//! An office that is shown before its store is proven, as after a kill.

use super::*;
use crate::domain::change::Place;
use crate::office::care::proving::Proving;
use crate::protocol::{Mended, Notice};

impl Desk {
    /// As a screen opens it.
    fn open_to_be_shown(&mut self) {
        let now = self.now.clone();
        let options = options(self.folder.path());
        let clock = Box::new(move || *now.lock().expect("the time"));
        let office = Office::open_to_be_shown(&options, clock, &mut |_, _, _| {});
        self.office = Some(office.expect("an office"));
    }

    /// Four people, of whom the store has lost the last; killed.
    fn killed(loses: bool) -> (Self, RecordId) {
        let mut desk = Self::new();
        let people: Vec<RecordId> =
            (1..=4).map(|serial| desk.save(employee(&format!("Orang {serial}"), serial))).collect();
        desk.kept().wake();
        if loses {
            desk.kept().state.store.lose(people[3]).expect("lost");
        }
        desk.kill();
        (desk, people[0])
    }

    fn kept(&mut self) -> &mut Office {
        self.office.as_mut().expect("an office")
    }

    fn mended(&mut self) -> Vec<Mended> {
        match self.ask(Request::Welcome) {
            Answer::Welcome(info) => info.mended,
            other => panic!("{other:?}"),
        }
    }

    fn all_names(&mut self) -> Vec<String> {
        self.names("")
    }
}

const EVERYBODY: [&str; 4] = ["Orang 1", "Orang 2", "Orang 3", "Orang 4"];

fn is_rebuilt(mended: &[Mended]) -> bool {
    matches!(mended, [Mended::StoreRebuilt { .. }])
}

#[test]
fn a_save_right_after_a_kill_waits_for_the_proof_and_stands() {
    let (mut desk, person) = Desk::killed(false);
    desk.open_to_be_shown();
    assert!(!desk.kept().state.store.is_sound());
    let renamed = desk.change(person, |record| {
        let Record::Employee(person) = record else { panic!("a person") };
        person.name = "Orang 9".into();
    });
    saved(renamed);
    assert!(desk.kept().state.store.is_sound());
    desk.kill();
    desk.open_to_be_shown();
    assert_eq!(desk.all_names(), ["Orang 2", "Orang 3", "Orang 4", "Orang 9"]);
    assert!(matches!(desk.ask(Request::Verify), Answer::Verified(_)));
    assert_eq!(desk.mended(), []);
}

#[test]
fn an_office_nobody_asks_takes_the_proof_up_by_itself() {
    for loses in [false, true] {
        let (mut desk, _) = Desk::killed(loses);
        desk.open_to_be_shown();
        while desk.kept().proving.is_some() {
            let wakes = desk.kept().wakes_in().expect("it looks again");
            assert!(wakes <= crate::office::QUIET);
            std::thread::sleep(wakes);
            desk.kept().wake();
        }
        assert!(desk.kept().state.store.is_sound());
        let news = desk.kept().news();
        let told = desk.kept().told(&news, &Asker::alone("siti"));
        let again = matches!(told[..], [Notice::Changed { many: true, .. }]);
        assert_eq!(again, loses, "{told:?}");
        assert_eq!(desk.all_names(), EVERYBODY);
        assert_eq!(is_rebuilt(&desk.mended()), loses);
    }
}

#[test]
fn nothing_comes_of_a_store_that_does_not_add_up() {
    let step = || Step { req: RequestId("one".into()), via: Via::Tui, why: String::new() };
    let start = ImportStart {
        step: step(),
        intake: Intake::Employees,
        columns: PEOPLE_COLUMNS.iter().map(ToString::to_string).collect(),
        dry_run: false,
    };
    let file = ListQuery { export: true, ..ListQuery::all(Kind::Employees) };
    let record = employee("Orang 4", 4).into();
    let drafts = vec![DraftRecord { id: None, base: Revision(0), record }];
    for request in [
        Request::Save(Save { step: step(), drafts }),
        Request::Undo { step: step(), seq: None },
        Request::ImportStart(start),
        Request::List(file),
        Request::Report(ReportQuery::of("headcount")),
        Request::Lookup { kind: Kind::Employees, text: "Orang".into(), limit: 9 },
        Request::Backup { from: Place::default(), head: None },
        Request::Verify,
        Request::Rebuild,
    ] {
        let (mut desk, _) = Desk::killed(true);
        desk.open_to_be_shown();
        let what = format!("{request:?}");
        let version = desk.kept().state.version;
        let answer = desk.ask(request.clone());
        assert!(desk.kept().state.store.is_sound(), "{what}");
        assert!(desk.kept().state.version > version, "{what}: what was kept is of no use");
        assert!(is_rebuilt(&desk.mended()), "{what}");
        match request {
            // Whoever bears this number was lost by the store, not by the office.
            Request::Save(_) => assert!(matches!(refused(answer), Problem::Invalid(_))),
            Request::Undo { .. } => drop(saved(answer)),
            Request::List(_) => {
                assert!(matches!(answer, Answer::Page(page) if page.rows.len() == 4));
            }
            _ => assert!(!matches!(answer, Answer::Refused(_)), "{what}: {answer:?}"),
        }
        assert!(matches!(desk.ask(Request::Verify), Answer::Verified(_)), "{what}");
        desk.close();
        desk.open();
        assert_eq!(desk.mended(), [], "{what}: told once");
    }
}

#[test]
fn the_first_page_is_shown_before_the_proof_has_begun() {
    let (mut desk, _) = Desk::killed(false);
    desk.open_to_be_shown();
    let list = Request::List(ListQuery::all(Kind::Employees));
    for request in [Request::Welcome, Request::Home { unit: None }, list] {
        assert!(!matches!(desk.ask(request), Answer::Refused(_)));
        assert!(desk.kept().proving.as_ref().is_some_and(Proving::is_to_come));
    }
    // Whoever asks all the time does not put it off for ever.
    *desk.now.lock().expect("the time") += chrono::TimeDelta::seconds(3);
    assert_eq!(desk.all_names(), EVERYBODY);
    assert!(!desk.kept().proving.as_ref().is_some_and(Proving::is_to_come));
}

#[test]
fn an_office_left_before_the_proof_has_ended_is_proven_by_the_next() {
    for loses in [false, true] {
        for ends in [Desk::close, Desk::kill] {
            let (mut desk, _) = Desk::killed(loses);
            desk.open_to_be_shown();
            ends(&mut desk);
            desk.open_to_be_shown();
            assert!(desk.kept().state.store.is_sound());
            assert_eq!(desk.all_names(), EVERYBODY);
            assert_eq!(desk.mended().len(), usize::from(loses));
        }
    }
}

#[test]
fn where_no_new_store_can_be_made_nothing_is_saved_on_the_old_one() {
    let (mut desk, _) = Desk::killed(true);
    desk.open_to_be_shown();
    // In the way of the store that is made anew.
    let beside = desk.folder.path().join("data/store.new");
    std::fs::write(&beside, "in the way").expect("written");
    let step = desk.step();
    let record = employee("Orang 5", 5).into();
    let drafts = vec![DraftRecord { id: None, base: Revision(0), record }];
    let save = Request::Save(Save { step, drafts });
    let problem = refused(desk.ask(save.clone()));
    assert!(matches!(problem, Problem::Io(_)), "{problem:?}");
    std::fs::remove_file(&beside).expect("removed");
    saved(desk.ask(save));
    assert_eq!(desk.all_names().len(), 5);
    assert!(is_rebuilt(&desk.mended()));
}
