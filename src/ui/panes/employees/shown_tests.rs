//! How people are shown: what the list tells of each, what a page begins with, and how
//! somebody would stand in another post.

use ratatui::style::Color as Ink;

use super::tests::{desk, office, siti, with_persons};
use super::*;
use crate::domain::gap::Figures;
use crate::domain::value::Value;
use crate::protocol::{Answer, Request, Stored};
use crate::term::profile::{Color, GlyphSet};
use crate::ui::app::Deed;
use crate::ui::testing::{Desk, Office, Setup};

/// Somebody of each kind of standing, as the office tells them.
fn measured() -> Office {
    let office = with_persons();
    let page = |columns: Vec<String>| {
        let person = |number: u32, name: &str, kind: &str, jp: u32, below: Value, unrated: bool| {
            let cell = |column: &String| match column.as_str() {
                "name" => Value::text(name),
                "position" => Value::text("Kepala Seksi Pemberdayaan Masyarakat"),
                "unit" => Value::text("Kelurahan Talang Bubuk"),
                "grade" => Value::text("III/c"),
                "kind" => Value::choice(kind),
                "jp" => Value::Years(vec![(2025, 9), (2026, jp)]),
                "below" => below.clone(),
                "unrated" => Value::Flag(unrated),
                "nip" => Value::text("198503152010012003"),
                _ => Value::Empty,
            };
            let cells = columns.iter().map(cell).collect();
            crate::protocol::Row { number, rev: crate::domain::record::Revision(1), cells }
        };
        let rows = vec![
            person(1, "Abdul Rahman", "PNS", 4, Value::Whole(2), false),
            person(2, "Bintang Pratama", "PNS", 20, Value::Whole(0), false),
            person(3, "Citra Lestari", "PPPK", 26, Value::Empty, true),
            person(4, "Dewi Anggraini", "PPPK", 12, Value::Empty, false),
            person(5, "Eko Susanto", "LAINNYA", 0, Value::Whole(1), false),
        ];
        let (total, matched) = (5, 5);
        let (offset, anchor, restricted) = (0, None, 0);
        crate::protocol::Page { total, matched, restricted, offset, anchor, columns, rows }
    };
    let mut beneath = office.extra;
    Office::new().extra(move |request| match request {
        Request::List(query) if query.kind == Kind::Employees => {
            Some(Answer::Page(page(query.columns.clone())))
        }
        request => beneath(request),
    })
}

#[test]
fn a_list_shows_what_tells_people_apart_and_what_is_missing_at_each_width() {
    for (width, color, glyphs) in [
        (80, Color::Indexed, GlyphSet::Unicode),
        (80, Color::Mono, GlyphSet::Ascii),
        (60, Color::Mono, GlyphSet::Unicode),
        (120, Color::Ansi16, GlyphSet::Unicode),
    ] {
        let setup = Setup { size: (width, 15), color, glyphs, ..Setup::default() };
        let mut desk = Desk::with(vec![Box::new(Employees::new())], measured(), setup);
        desk.press("j j");
        insta::assert_snapshot!(format!("people_{width}_{glyphs:?}"), desk.screen());
        let screen = desk.screen();
        assert!(!screen.contains("19850315"), "no number that was not asked for: {screen}");
        let heading = screen.lines().find(|line| line.contains("Nama")).expect("a heading");
        assert!(heading.contains("JP") && heading.contains("Kurang"), "{screen}");
    }
}

#[test]
fn a_gap_and_hours_are_coloured_by_what_they_mean() {
    let setup = Setup { color: Color::Ansi16, ..Setup::default() };
    let mut desk = Desk::with(vec![Box::new(Employees::new())], measured(), setup);
    desk.press("j j");
    let screen = desk.screen();
    let buffer = desk.buffer();
    let color = |name: &str, of: &str| {
        let (y, line) =
            screen.lines().enumerate().find(|(_, line)| line.contains(name)).expect("a row");
        let x = line.trim_end_matches([' ', '#', '|', '█', '│']).rfind(of).expect("a figure");
        let x = line[..x].chars().count();
        buffer[(x as u16, y as u16)].fg
    };
    assert_eq!((color("Abdul", "2"), color("Abdul", "4")), (Ink::Red, Ink::Yellow));
    assert_eq!((color("Bintang", "0"), color("Bintang", "2")), (Ink::Green, Ink::Green));
    assert_eq!(color("Eko", "1"), Ink::Red);
}

#[test]
fn a_file_says_whose_each_row_is_and_columns_chosen_come_last() {
    let mut desk = desk();
    desk.press("S 'surel' space enter");
    let query = desk.asked.iter().rev().find_map(|request| match request {
        Request::List(query) if query.kind == Kind::Employees => Some(query.clone()),
        _ => None,
    });
    let shown = ["name", "position", "unit", "grade", "jp", "below", "email"];
    assert_eq!(query.expect("a query").columns[..shown.len()], shown);
    desk.press("w enter");
    let export = desk.deeds.iter().find_map(|deed| match deed {
        Deed::Job(_, crate::ui::job::Job::Export(job)) => Some(job.what.clone()),
        _ => None,
    });
    match export {
        Some(crate::ui::job::Export::List(query, marked)) => {
            assert!(marked.is_empty());
            assert_eq!(query.columns[0], "nip");
            assert_eq!(query.columns[1..], shown);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn with_people_marked_only_they_are_written_and_the_form_says_so() {
    let mut desk = desk();
    desk.press("space down space w");
    assert!(desk.screen().contains("Yang ditulis: 2 yang ditandai"), "{}", desk.screen());
    desk.press("enter");
    let marked = desk.deeds.iter().find_map(|deed| match deed {
        Deed::Job(_, crate::ui::job::Job::Export(job)) => match &job.what {
            crate::ui::job::Export::List(_, marked) => Some(marked.len()),
            _ => None,
        },
        _ => None,
    });
    assert_eq!(marked, Some(2));
}

#[test]
fn the_line_that_says_who_it_is_stays_while_the_rest_scrolls() {
    let setup = Setup { size: (80, 15), ..Setup::default() };
    let mut desk = Desk::with(vec![Box::new(Employees::new())], with_persons(), setup);
    desk.press("enter");
    let head = |desk: &Desk| desk.screen().lines().nth(1).expect("a line").to_string();
    let who = head(&desk);
    assert!(who.starts_with("Siti Aminah, S.Sos.  Lurah, Kel. Plaju Ulu  III/c  JPM"), "{who}");
    assert!(desk.screen().contains("M1 Integritas"), "{}", desk.screen());
    assert!(!desk.screen().contains("19850315"), "what identifies comes last");
    desk.press("G");
    assert_eq!(head(&desk), who);
    assert!(!desk.screen().contains("Langkah"), "{}", desk.screen());
    assert!(desk.screen().contains("15 Mar 1985"), "{}", desk.screen());
}

#[test]
fn what_is_below_standard_has_a_next_step_with_its_key() {
    let mut desk = desk();
    desk.press("enter");
    let screen = desk.screen();
    assert!(screen.contains("t daftarkan 11 Des 2026, 10 kursi: Bimtek"), "{screen}");
    desk.press("t");
    assert!(desk.screen().contains("Daftarkan Siti Aminah ke"), "{}", desk.screen());
}

/// As a camat Siti lacks more.
fn with_trials() -> Office {
    let mut beneath = with_persons().extra;
    let people = office().records;
    office().with(Kind::Positions, 1007, r#"{"title":"Camat","eselon":"III.a"}"#).extra(
        move |request| match request {
            Request::PersonAs { employee, position } => {
                assert_eq!(position.0, 1007);
                let (rev, record) = people.get(&(Kind::Employees, employee.0))?.clone();
                let mut person = siti(Stored { id: (*employee).into(), rev, record });
                person.position.as_mut()?.title = "Camat".into();
                person.cells.iter_mut().for_each(|cell| cell.required = Some(4));
                person.figures = Figures::of(person.cells.iter().copied());
                Some(Answer::Person(Box::new(person)))
            }
            request => beneath(request),
        },
    )
}

#[test]
fn what_if_she_were_camat_is_seen_as_a_trial_and_left_with_esc() {
    let mut desk = Desk::new(vec![Box::new(Employees::new())], with_trials());
    desk.press("J 'camat' enter");
    insta::assert_snapshot!(desk.screen());
    assert!(desk.screen().contains("Percobaan"), "{}", desk.screen());
    desk.press("esc");
    assert!(!desk.screen().contains("Percobaan"), "{}", desk.screen());
    assert!(desk.screen().contains("Langkah"), "still at the person: {}", desk.screen());
    desk.press("esc");
    assert!(desk.cursor_line().contains("Siti"), "{}", desk.screen());
    assert!(desk.written().is_empty());
}

#[test]
fn a_trial_is_of_one_person_and_ends_with_the_next() {
    let setup = Setup { size: (120, 30), ..Setup::default() };
    let mut desk = Desk::with(vec![Box::new(Employees::new())], with_trials(), setup);
    desk.press("J 'camat' enter");
    assert!(desk.screen().contains("Percobaan"), "{}", desk.screen());
    desk.press("tab j");
    desk.rests();
    assert!(!desk.screen().contains("Percobaan"), "{}", desk.screen());
}
