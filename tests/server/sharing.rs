//! Two officers at work at the same time.

use kompeten::domain::intake::Intake;
use kompeten::domain::record::Kind;
use kompeten::link::open::Address;
use kompeten::protocol::{Answer, Editor, ImportStart, Notice, Problem, Request};

use super::desk::{Desk, adding, changing, programme, saved, step};
use super::served::{Place, said};

fn import(dry_run: bool) -> Request {
    let columns = vec!["number".into(), "name".into()];
    let start = ImportStart { step: step(), intake: Intake::Employees, columns, dry_run };
    Request::ImportStart(start)
}

#[test]
fn a_change_by_one_officer_is_told_to_the_other() {
    let place = Place::new();
    let _server = place.serve();
    let (mut siti, mut budi) = (place.desk(), place.desk());
    assert_eq!(budi.count(Kind::Programmes), 0);
    let id = siti.add(programme("Diklat"));
    let told = budi.hear(|notice| matches!(notice, Notice::Changed { .. }));
    assert_eq!(told, Notice::Changed { seq: 1, ids: vec![id], many: false });
    assert_eq!(budi.count(Kind::Programmes), 1);
}

#[test]
fn a_stale_save_is_refused_with_base_theirs_and_author() {
    let place = Place::new();
    let _server = place.serve();
    let (mut siti, mut budi) = (place.desk(), place.desk());
    let id = siti.add(programme("Diklat"));
    let seen = budi.get(id);
    saved(siti.ask(changing(&seen, |programme| programme.provider = "BPSDM".into())));
    let answer = budi.ask(changing(&seen, |programme| programme.provider = "LAN".into()));
    let Answer::Conflict(conflict) = answer else { panic!("{answer:?}") };
    assert_eq!(conflict.base, Some(seen.record));
    assert_eq!(conflict.theirs.unwrap().rev.0, 2);
    assert_eq!(conflict.by, kompeten::link::identity::own());
}

#[test]
fn commands_ask_the_server_that_has_the_folder_open() {
    let place = Place::new();
    let server = place.serve();
    place.desk().add(programme("Diklat Dasar"));
    let list = ["list", "programmes", "--format", "csv"];
    for output in [place.in_folder(&list), place.shared(&list)] {
        let (out, _) = said(&output, 0);
        assert!(out.contains("Diklat Dasar"), "{out}");
    }
    said(&place.shared(&["set", "office_name", "Kantor Bersama"]), 0);
    let (out, _) = said(&place.in_folder(&["history"]), 0);
    assert!(out.contains(&kompeten::link::identity::own()), "{out}");
    server.stop();
    // Without its server the folder is opened as ever.
    let (out, _) = said(&place.in_folder(&list), 0);
    assert!(out.contains("Diklat Dasar"), "{out}");
}

#[test]
fn an_officer_who_only_looks_is_told_so_and_saves_nothing() {
    let place = Place::new();
    let _server = place.serve();
    let mut guest = Desk::open(&Address::Shared(place.socket()), &place.data(), true);
    let Answer::Welcome(info) = guest.ask(Request::Welcome) else { panic!("no welcome") };
    assert_eq!(info.read_only, Some(Problem::ReadOnly));
    assert_eq!(guest.ask(adding(programme("X"))), Answer::Refused(Problem::ReadOnly));
    place.desk().add(programme("Y"));
}

#[test]
fn an_import_lets_others_read_and_save_and_goes_with_its_officer() {
    let place = Place::new();
    let _server = place.serve();
    let (mut siti, mut budi) = (place.desk(), place.desk());
    assert_eq!(siti.ask(import(false)), Answer::Done);
    assert_eq!(budi.count(Kind::Programmes), 0);
    assert_eq!(budi.ask(Request::ImportFinish), Answer::Refused(Problem::NoImport));
    budi.add(programme("X"));
    assert_eq!(budi.ask(import(true)), Answer::Done);
    // One user has two under way and no third.
    let mut third = place.desk();
    assert_eq!(third.ask(import(true)), Answer::Refused(Problem::ImportRunning));
    drop(siti);
    // When the server notices is its own affair; that it does is not.
    while third.ask(import(true)) == Answer::Refused(Problem::ImportRunning) {}
    budi.add(programme("Y"));
}

#[test]
fn one_officers_undo_is_seen_by_all() {
    let place = Place::new();
    let _server = place.serve();
    let (mut siti, mut budi) = (place.desk(), place.desk());
    siti.add(programme("Diklat"));
    saved(siti.ask(Request::Undo { step: step(), seq: None }));
    budi.hear(|notice| matches!(notice, Notice::Changed { seq: 2, .. }));
    assert_eq!(budi.count(Kind::Programmes), 0);
}

#[test]
fn who_has_which_record_open_is_told_to_the_others_and_forgotten_with_them() {
    let place = Place::new();
    let _server = place.serve();
    let (mut siti, mut budi) = (place.desk(), place.desk());
    let id = siti.add(programme("Diklat"));
    let editors = |desk: &mut Desk| match desk.hear(|told| matches!(told, Notice::Editing(_))) {
        Notice::Editing(editors) => editors,
        told => panic!("{told:?}"),
    };
    let officer = kompeten::link::identity::own();
    let one = Editor { id, officer };
    assert_eq!(siti.ask(Request::Editing(Some(id))), Answer::Done);
    assert_eq!(editors(&mut budi), std::slice::from_ref(&one));
    // Who comes later hears of it, too.
    let mut late = place.desk();
    assert_eq!(editors(&mut late), std::slice::from_ref(&one));
    assert_eq!(budi.ask(Request::Editing(Some(id))), Answer::Done);
    assert_eq!(editors(&mut siti), std::slice::from_ref(&one));
    assert_eq!(editors(&mut late), [one.clone(), one.clone()]);
    assert_eq!(siti.ask(Request::Editing(None)), Answer::Done);
    assert_eq!(editors(&mut late), std::slice::from_ref(&one));
    assert_eq!(editors(&mut budi), []);
    drop(budi);
    assert_eq!(editors(&mut late), []);
    // Nothing of it is kept.
    let Answer::Welcome(info) = late.ask(Request::Welcome) else { panic!("no welcome") };
    assert_eq!(info.last_seq, 1);
}
