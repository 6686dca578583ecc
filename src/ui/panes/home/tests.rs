//! What an officer sees first and what it opens.

use super::*;
use crate::domain::gap::Figures;
use crate::domain::kinds::session::Session;
use crate::domain::record::{CompetencyId, Record, SessionId, UnitId};
use crate::domain::value::Value;
use crate::protocol::{
    Attendance, HomeSession, HomeUnit, Incoming, MatrixCompetency, Page, Stored, Task, Urgency,
};
use crate::term::profile::{Color, GlyphSet};
use crate::ui::draft::Draft;
use crate::ui::panes;
use crate::ui::testing::{Desk, Office, Setup, today};

fn figures(actual: u32, capped: u32) -> Figures {
    Figures { sum_actual: actual, sum_capped: capped, sum_required: 1000, below: 0, rated: 9 }
}

fn unit(number: u32, name: &str, own: bool, below: [u32; 9], floor: (u32, u32)) -> HomeUnit {
    HomeUnit {
        id: UnitId(number),
        name: name.into(),
        search: format!("unit:\"{name}\""),
        own,
        deeper: false,
        people: 18,
        below: below.to_vec(),
        figures: figures(860, 820),
        floor,
    }
}

fn home() -> HomePage {
    let codes = ["M.1", "M.2", "M.3", "M.4", "M.5", "M.6", "M.7", "M.8", "SK.1"];
    let competencies = codes.iter().zip(1..).map(|(code, number)| MatrixCompetency {
        id: CompetencyId(number),
        code: (*code).into(),
        name: if *code == "M.8" { "Pengambilan Keputusan" } else { "Lainnya" }.into(),
    });
    let day = |text: &str| text.parse().ok();
    HomePage {
        at: today(),
        people: 70,
        below: 41,
        figures: figures(886, 840),
        category: Some("CO".into()),
        floor: (26, 52),
        tasks: vec![
            Task::new("corrections_late", Urgency::Late, 1, Door::Corrections)
                .with("left", Value::Left(-240)),
            Task::new("attendance_today", Urgency::Now, 16, Door::Session(SessionId(1000)))
                .with("name", Value::text("Pelayanan Prima"))
                .with("day", Value::Whole(2))
                .with("days", Value::Whole(3)),
            Task::new("under_floor", Urgency::Soon, 26, Door::People("jp<20 jenis=pns".into()))
                .with("floor", Value::Whole(20))
                .with("missing", Value::Whole(288))
                .with("days", Value::Whole(39))
                .with("sessions", Value::Whole(3)),
        ],
        competencies: competencies.collect(),
        below_by_competency: vec![4, 5, 1, 9, 8, 2, 2, 12, 4],
        units: vec![
            unit(1, "Kecamatan Plaju", true, [2, 4, 1, 5, 3, 2, 1, 6, 2], (11, 18)),
            unit(2, "Kelurahan Plaju Ulu", false, [0, 0, 0, 1, 1, 0, 0, 2, 1], (3, 8)),
            unit(3, "Kelurahan Plaju Ilir", false, [1, 0, 2, 4, 3, 0, 1, 2, 0], (2, 9)),
        ],
        months: [0, 60, 20, 0, 120, 50, 90, 10, 55, 60, 80, 0],
        jp: 826,
        jp_before: 994,
        sessions: vec![HomeSession {
            id: SessionId(1001),
            name: "Kelas Bulanan".into(),
            start: day("2026-12-04"),
            end: day("2026-12-04"),
            enrolled: 26,
            capacity: Some(40),
        }],
    }
}

fn desk_with(home: HomePage, setup: Setup) -> Desk {
    let extra = move |request: &Request| match request {
        Request::Home { .. } => Some(Answer::Home(Box::new(home.clone()))),
        Request::Attendance(id) => Some(Answer::Attendance(Box::new(Attendance {
            session: Stored {
                id: (*id).into(),
                rev: crate::domain::id::Revision(1),
                record: Record::Session(Session::default()),
            },
            programme: "Pelayanan Prima".into(),
            jp: 20,
            days: Vec::new(),
            rows: Vec::new(),
        }))),
        Request::List(query) if query.kind == Kind::Sessions => Some(Answer::Page(Page {
            total: 0,
            matched: 0,
            restricted: 0,
            offset: 0,
            anchor: None,
            columns: query.columns.clone(),
            rows: Vec::new(),
        })),
        _ => None,
    };
    Desk::with(panes::all(), Office::new().extra(extra), setup)
}

fn desk() -> Desk {
    desk_with(home(), Setup::default())
}

fn searched(desk: &Desk) -> String {
    let mut searches = desk.asked.iter().rev().filter_map(|request| match request {
        Request::List(query) if query.kind == Kind::Employees => Some(query.search.clone()),
        _ => None,
    });
    searches.next().unwrap_or_default()
}

#[test]
fn an_officer_comes_in_and_sees_what_is_to_be_done() {
    let desk = desk();
    insta::assert_snapshot!(desk.screen());
    assert!(desk.cursor_line().contains("permintaan perbaikan"), "{}", desk.screen());
}

#[test]
fn a_wide_screen_shows_the_months_higher_and_blocks_where_there_are_some() {
    let setup = Setup { size: (120, 40), glyphs: GlyphSet::Unicode, ..Setup::default() };
    insta::assert_snapshot!(desk_with(home(), setup).screen());
}

#[test]
fn every_figure_opens_the_list_behind_it_and_esc_comes_back_to_it() {
    let mut desk = desk();
    desk.press("j j enter");
    assert_eq!(searched(&desk), "jp<20 jenis=pns");
    assert!(desk.screen().contains("/jp<20 jenis=pns"), "{}", desk.screen());
    desk.press("esc");
    assert!(desk.cursor_line().contains("PNS di bawah 20 JP"), "{}", desk.screen());
    // Down to the last unit, to its fourth competency.
    desk.press("j j j l l l l");
    assert!(desk.cursor_line().contains("[4]"), "{}", desk.screen());
    desk.press("enter");
    assert_eq!(searched(&desk), "m.4<std unit:\"Kelurahan Plaju Ilir\" status:aktif");
    desk.press("esc");
    assert!(desk.cursor_line().contains("[4]"), "{}", desk.screen());
    desk.press("j enter");
    assert_eq!(searched(&desk), "m.8<std status:aktif");
    desk.press("esc k k k k k k k l l enter");
    assert_eq!(searched(&desk), "kurang>0 status:aktif");
}

#[test]
fn attendance_that_is_not_noted_opens_where_it_is_noted_and_esc_comes_back() {
    let mut desk = desk();
    desk.press("j enter");
    assert!(desk.screen().contains("[Kehadiran]"), "{}", desk.screen());
    assert!(desk.screen().contains("Pelayanan Prima"), "{}", desk.screen());
    let attendance = Request::Attendance(SessionId(1000));
    assert!(desk.asked.contains(&attendance), "{:?}", desk.asked);
    desk.press("esc");
    assert!(desk.cursor_line().contains("belum dicatat hadir"), "{}", desk.screen());
}

#[test]
fn a_month_of_jp_says_its_figure_and_opens_the_sessions_that_ended_in_it() {
    let mut desk = desk();
    while !desk.cursor_line().contains("Jan Feb Mar") {
        desk.press("j");
    }
    assert!(desk.screen().contains("Nov 2026: 80 JP"), "{}", desk.screen());
    desk.press("h");
    assert!(desk.screen().contains("Okt 2026: 60 JP"), "{}", desk.screen());
    desk.press("enter");
    let search = desk.asked.iter().rev().find_map(|request| match request {
        Request::List(query) if query.kind == Kind::Sessions => Some(query.search.clone()),
        _ => None,
    });
    assert_eq!(search.as_deref(), Some("selesai:2026-10"));
    desk.press("esc");
    assert!(desk.cursor_line().contains("Jan Feb Mar"), "{}", desk.screen());
    desk.press("h w");
    assert!(desk.screen().contains("jp-menurut-bulan-"), "{}", desk.screen());
}

#[test]
fn an_office_without_people_says_how_they_come_in() {
    let empty = HomePage {
        people: 0,
        below: 0,
        figures: Figures::default(),
        category: None,
        floor: (0, 0),
        tasks: Vec::new(),
        below_by_competency: vec![0; 9],
        units: Vec::new(),
        months: [0; 12],
        jp: 0,
        jp_before: 0,
        sessions: Vec::new(),
        ..home()
    };
    let desk = desk_with(empty, Setup::default());
    insta::assert_snapshot!(desk.screen());
}

#[test]
fn home_stands_at_any_size_in_any_colours() {
    for color in [Color::Mono, Color::Ansi16, Color::Indexed] {
        let setup = Setup { color, ..Setup::default() };
        let mut desk = desk_with(home(), setup);
        for (width, height) in [(1, 1), (20, 5), (40, 8), (80, 10), (80, 60), (300, 100)] {
            desk.resize(width, height);
            desk.press("j l");
            desk.screen();
        }
    }
}

#[test]
fn the_cursor_stays_on_its_unit_when_more_comes_to_be_done_above_it() {
    let full = Task::new("overbooked", Urgency::Now, 54, Door::Session(SessionId(1001)))
        .with("seats", Value::Whole(40))
        .with("name", Value::text("Kelas Bulanan"))
        .with("start", Value::Date("2026-12-05".parse().expect("a day")));
    let asked = std::cell::Cell::new(0);
    let office = Office::new().extra(move |request| match request {
        Request::Home { .. } => {
            asked.set(asked.get() + 1);
            let mut home = home();
            if asked.get() > 1 {
                home.tasks.insert(0, full.clone());
            }
            Some(Answer::Home(Box::new(home)))
        }
        _ => None,
    });
    let mut desk = Desk::with(panes::all(), office, Setup::default());
    while !desk.cursor_line().contains("Plaju Ulu") {
        desk.press("j");
    }
    desk.press("g e g b");
    assert!(desk.screen().contains("54"), "{}", desk.screen());
    assert!(desk.cursor_line().contains("Plaju Ulu"), "{}", desk.screen());
}

#[test]
fn however_much_others_change_home_is_not_asked_for_again_and_again() {
    let mut desk = desk();
    for seq in 2..50 {
        let notice = Notice::Changed { seq, ids: Vec::new(), many: true };
        desk.event(Incoming::Notice(notice));
    }
    let asked = desk.asked.iter().filter(|request| matches!(request, Request::Home { .. }));
    assert_eq!(asked.count(), 1);
}

#[test]
fn forms_that_were_not_finished_wait_on_home_until_they_are_taken_up() {
    let draft = |number: u32, name: &str| Draft {
        name: format!("units-{number}"),
        kind: Kind::Units,
        id: Some(RecordId::new(Kind::Units, number)),
        base: crate::domain::record::Revision(0),
        original: crate::domain::record::Fields::new(),
        texts: vec![("name".into(), name.into())],
    };
    let drafts = vec![draft(1001, "Kelurahan Sago"), draft(1002, "Kelurahan Ilir")];
    let office = Office::new()
        .with(Kind::Units, 1001, r#"{"name":"Sago","code":"16.71"}"#)
        .with(Kind::Units, 1002, r#"{"name":"Ilir","code":"16.72"}"#)
        .extra(|request| match request {
            Request::Home { .. } => Some(Answer::Home(Box::new(home()))),
            _ => None,
        });
    let mut desk = Desk::with(panes::all(), office, Setup { drafts, ..Setup::default() });
    // Both are left for later.
    desk.press("n n");
    assert!(desk.screen().contains("2  isian yang belum selesai"), "{}", desk.screen());
    while !desk.cursor_line().contains("isian yang belum selesai") {
        desk.press("j");
    }
    desk.press("enter 'ilir' enter");
    assert!(desk.screen().contains("Kelurahan Ilir"), "{}", desk.screen());
    desk.press("esc y");
    assert!(desk.screen().contains("1  isian yang belum selesai"), "{}", desk.screen());
}
