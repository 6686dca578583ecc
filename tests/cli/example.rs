//! The filled example, written through the ordinary requests.

use std::sync::mpsc::channel;

use kompeten::jobs::demo;
use kompeten::link::Link;
use kompeten::link::embedded::{OpenOptions, open};
use kompeten::protocol::{Answer, Incoming, MatrixQuery, Request, Ticket};

#[test]
fn a_new_officer_is_in_a_filled_office_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let options = OpenOptions {
        data: folder.path().join("data"),
        read_only: false,
        officer: "tester".into(),
        socket: None,
    };
    let (sender, incoming) = channel();
    let link = open(&options, move |message| sender.send(message).unwrap_or_default()).unwrap();
    let mut ask = |request| {
        link.ask(Ticket(1), request);
        loop {
            match incoming.recv().unwrap() {
                Incoming::Reply(_, answer) => match *answer {
                    Answer::Refused(problem) => return Err(problem),
                    answer => return Ok(answer),
                },
                Incoming::Notice(_) => {}
            }
        }
    };
    let Answer::Welcome(info) = ask(Request::Welcome).unwrap() else { panic!("no welcome") };
    demo::fill(&mut ask, info.today).unwrap();

    let Answer::Welcome(info) = ask(Request::Welcome).unwrap() else { panic!("no welcome") };
    assert_eq!(info.employees, 194);
    assert!(info.name.contains("Plaju"));
    let query = MatrixQuery {
        sort: None,
        grouped: false,
        unit: None,
        search: String::new(),
        at: None,
        offset: 0,
        limit: 1000,
        anchor: None,
        since: None,
    };
    let Answer::Matrix(matrix) = ask(Request::Matrix(query)).unwrap() else { panic!("no matrix") };
    // Among those who can fall short some do and some do not, as in the study it follows.
    let heads = matrix.rows.iter().filter(|row| row.cells[0].required.is_some_and(|r| r > 1));
    let jpm: Vec<_> = heads.filter_map(|row| row.figures.jpm_capped()).collect();
    let low = jpm.iter().filter(|jpm| **jpm < 7_800).count() * 100 / jpm.len();
    let high = jpm.iter().filter(|jpm| **jpm >= 9_000).count() * 100 / jpm.len();
    assert!((20..50).contains(&low), "{low} % fall well short");
    assert!((5..30).contains(&high), "{high} % are optimal");
    let people = matrix.rows.iter().filter(|row| row.figures.rated == 0).count();
    assert!(people > 0, "somebody is still to be rated");

    assert!(matches!(ask(Request::Verify).unwrap(), Answer::Verified(_)));
    let undo = kompeten::protocol::Step {
        req: kompeten::domain::change::RequestId("undo".into()),
        via: kompeten::domain::change::Via::Cli,
        why: String::new(),
    };
    assert!(matches!(ask(Request::Undo { step: undo, seq: None }).unwrap(), Answer::Saved(_)));
}
