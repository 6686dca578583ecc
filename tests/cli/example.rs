//! The filled example, written through the ordinary requests.

use std::sync::mpsc::channel;

use chrono::{Datelike, NaiveDate};
use kompeten::domain::value::Value;
use kompeten::jobs::demo::{self, Behind};
use kompeten::link::Link;
use kompeten::link::embedded::{OpenOptions, open_by, system_clock};
use kompeten::protocol::{
    Answer, Incoming, MatrixQuery, Problem, ReportQuery, Request, TableRow, Ticket,
};

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
    let behind = Behind::default();
    let clock = behind.clock(system_clock);
    let link = open_by(&options, clock, false, move |said| sender.send(said).unwrap_or_default());
    let link = link.unwrap_or_else(|(error, _)| panic!("{error}"));
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
    demo::fill(&mut ask, &behind, info.today).unwrap();

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

    two_years_of_all(&mut ask, info.today);

    figures_are_explained(&mut ask);

    assert!(matches!(ask(Request::Verify).unwrap(), Answer::Verified(_)));
    let undo = kompeten::protocol::Step {
        req: kompeten::domain::change::RequestId("undo".into()),
        via: kompeten::domain::change::Via::Cli,
        why: String::new(),
    };
    assert!(matches!(ask(Request::Undo { step: undo, seq: None }).unwrap(), Answer::Saved(_)));
}

/// Whatever is told of competencies has something to tell of two years: of this year and the one
/// before, or of this year and the next where it is planned.
fn two_years_of_all(ask: &mut dyn FnMut(Request) -> Result<Answer, Problem>, today: NaiveDate) {
    let year = u16::try_from(today.year()).unwrap();
    let mut table = |query: ReportQuery| match ask(Request::Report(query)).unwrap() {
        Answer::Table(table) => *table,
        other => panic!("{other:?}"),
    };
    let mut of =
        |id: &str, year: u16| table(ReportQuery { year: Some(year), ..ReportQuery::of(id) });
    for (id, other, column) in [
        ("jp", year - 1, "jp"),
        ("mentoring", year - 1, "meetings"),
        ("idp", year - 1, "jp"),
        ("idp", year + 1, "jp"),
        ("hcdp", year - 1, "planned"),
        ("akpk", year + 1, "people"),
        ("hcdp", year + 1, "planned"),
    ] {
        for year in [year, other] {
            let found = of(id, year);
            let at = found.columns.iter().position(|one| one.key == column);
            let at = at.unwrap_or_else(|| panic!("{id} has no {column}"));
            let some = |row: &TableRow| matches!(&row.cells[at], Value::Whole(one) if *one > 0);
            assert!(found.rows.iter().any(some), "{id} of {year} is empty");
        }
    }
    let closed = of("idp", year - 1);
    let place = |key: &str| closed.columns.iter().position(|one| one.key == key).unwrap();
    let (done, day) = (place("status"), place("closed_on"));
    assert!(closed.rows.iter().any(|row| row.cells[done] == Value::choice("selesai")));
    assert!(closed.rows.iter().all(|row| row.cells[day] != Value::Empty), "all closed");
    // The survey stands beside the needs of its year.
    for year in [year - 1, year, year + 1] {
        let found = of("akpk", year);
        let at = found.columns.iter().position(|one| one.key == "asked").unwrap();
        assert!(found.rows.iter().any(|row| row.cells[at] != Value::Empty), "needs of {year}");
    }
    let trend = table(ReportQuery::of("trend"));
    for row in trend.rows.iter().rev().take(2) {
        assert!(row.cells.iter().all(|cell| !matches!(cell, Value::Empty | Value::Whole(0))));
    }
    // A year ago people were in boxes too, and some have moved.
    let moves = table(ReportQuery::of("ninebox-moves"));
    let filled = moves.rows.iter().take(9).filter(|row| row.cells[10] != row.cells[11]).count();
    assert!(filled >= 5, "{filled}");
    let ip_asn = table(ReportQuery::of("ipasn"));
    let discipline = |row: &TableRow| row.cells[6] != Value::Hundredths(500);
    assert_eq!(ip_asn.rows.iter().filter(|row| discipline(row)).count(), 2, "two were sanctioned");
    let Answer::Home(home) = ask(Request::Home { unit: None }).unwrap() else { panic!("no home") };
    for task in ["overbooked", "clashing", "not_judged", "idp_overdue", "plan_without_session"] {
        assert!(home.tasks.iter().any(|one| one.what == task), "{task}: {:?}", home.tasks);
    }
}

/// Where the figures come from is a key away: of the first row that has some, each of them.
fn figures_are_explained(ask: &mut dyn FnMut(Request) -> Result<Answer, Problem>) {
    let closed = ("cycle".to_string(), "Penilaian 360 tahun lalu".to_string());
    let Answer::Table(plans) = ask(Request::Report(ReportQuery::of("idp"))).unwrap() else {
        panic!("no plans")
    };
    // The sheet is of one person.
    let planned = match &plans.rows[0].cells[0] {
        Value::Text(nip) => nip.clone(),
        other => panic!("{other:?}"),
    };
    for (id, columns) in [
        ("gap", &["jpm", "jpm_capped", "ikk", "below"][..]),
        ("heatmap", &["jpm", "below"]),
        ("akpk", &["people", "classes"]),
        ("hcdp", &["gap", "planned", "trained", "sessions"]),
        ("idp", &["gap", "jp", "jp_done"]),
        ("idp-sheet", &["gap"]),
        ("jp", &["jp", "missing"]),
        ("survey", &["needed"]),
        ("knowledge-loss", &["holders", "left"]),
        ("ninebox", &["box", "box_before"]),
        ("ipasn", &["kompetensi", "total"]),
        ("trend", &["jpm"]),
        ("cycle", &["result", "level", "required", "gap"]),
        ("fairness", &["difference", "spread", "flag"]),
    ] {
        let own = if id == "cycle" || id == "fairness" { vec![closed.clone()] } else { Vec::new() };
        let search = if id == "idp-sheet" { planned.clone() } else { String::new() };
        let query = ReportQuery { own, search, ..ReportQuery::of(id) };
        let Answer::Table(table) = ask(Request::Report(query.clone())).unwrap() else {
            panic!("no {id}")
        };
        for key in columns {
            let at = table.columns.iter().position(|one| one.key == *key);
            let at = at.unwrap_or_else(|| panic!("{id} has no {key}"));
            let some = |row: &&TableRow| !matches!(row.cells[at], Value::Empty | Value::Whole(0));
            // A sheet that stands out is not in every example.
            let Some(row) = table.rows.iter().find(some).or(table.rows.first()) else {
                panic!("{id} is empty")
            };
            let request =
                Request::ExplainCell { query: query.clone(), row: row.id, column: (*key).into() };
            match ask(request).unwrap() {
                Answer::CellExplained(of) => assert!(!of.lines.is_empty(), "{id}.{key}"),
                other => panic!("{id}.{key}: {other:?}"),
            }
        }
    }
}
