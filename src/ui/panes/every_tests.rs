//! How every page and every list of reference records looks, in the example office on one day:
//! small, wide, on a terminal without colours or lines. One file of pictures a place; whichever
//! place is added is drawn here without being named.

use unicode_width::UnicodeWidthStr;

use ratatui::style::Modifier;

use super::{all, browsed};
use crate::domain::change::{RequestId, Via};
use crate::domain::record::{Kind, Record, Revision};
use crate::i18n::{self, Language};
use crate::protocol::{Answer, DraftRecord, ListQuery, Request, Save, Step};
use crate::term::profile::{Color, GlyphSet, Profile};
use crate::term::testing::Sheet;
use crate::ui::app::testing::Town;
use crate::ui::command::{COMMANDS, Command};
use crate::ui::testing::Desk;

/// What terminals there are, and how many columns and lines they have.
const SCREENS: [(&str, (u16, u16), Color, GlyphSet); 5] = [
    ("80x24", (80, 24), Color::Indexed, GlyphSet::Unicode),
    ("120x40", (120, 40), Color::Indexed, GlyphSet::Unicode),
    // Whoever asks for no colour, and a VT100: see below.
    ("80x24 ASCII", (80, 24), Color::Mono, GlyphSet::Ascii),
    ("16 colours", (80, 24), Color::Ansi16, GlyphSet::Unicode),
    ("120x40 ASCII", (120, 40), Color::Mono, GlyphSet::Ascii),
];
/// Of these the pictures are kept.
const KEPT: usize = 3;

/// What the example lacks: one of each kind that would else be an empty list.
fn furnish(town: &Town) {
    let ids = |kind| match town.ask(Request::Ids(ListQuery::all(kind))) {
        Answer::Ids(ids) => ids,
        other => panic!("{other:?}"),
    };
    let (people, units) = (ids(Kind::Employees), ids(Kind::Units));
    let of = |nth: usize, fields: &str| format!(r#"{{"employee":{},{fields}}}"#, people[nth]);
    let officer = |fields: &str| format!(r#"{{"unit":{},{fields}}}"#, units[1]);
    let records = [
        (Kind::Officers, r#"{"user":"rina","role":"admin","note":"Kasubbag Kepegawaian"}"#.into()),
        (Kind::Officers, officer(r#""user":"bayu","role":"viewer""#)),
        (
            Kind::Holidays,
            r#"{"date":"2026-12-25","name":"Hari Raya Natal","kind":"national"}"#.into(),
        ),
        (
            Kind::Certificates,
            of(
                3,
                r#""name":"Pengadaan Barang dan Jasa","issuer":"LKPP","valid_until":"2026-12-01""#,
            ),
        ),
        (
            Kind::Corrections,
            of(5, r#""subject":"Pendidikan","wanted":"S-1, bukan D-III","status":"open""#),
        ),
        (
            Kind::Sanctions,
            of(8, r#""severity":"ringan","sanction":"Teguran lisan","since":"2026-03-02""#),
        ),
    ];
    for (nth, (kind, fields)) in records.into_iter().enumerate() {
        let fields = serde_json::from_str(&fields).expect("fields");
        let record = Record::from_fields(kind, &fields).expect("a record");
        let req = RequestId(format!("more-{nth}"));
        let step = Step { req, via: Via::Tui, why: String::new() };
        let drafts = vec![DraftRecord { id: None, base: Revision(0), record }];
        let answer = town.ask(Request::Save(Save { step, drafts }));
        assert!(matches!(answer, Answer::Saved(_)), "{kind}: {answer:?}");
    }
}

/// The pages in the order of their tabs, then the lists.
fn places() -> Vec<Command> {
    let pages = all().into_iter().map(|pane| pane.go());
    let lists = COMMANDS.iter().map(|def| def.id);
    pages.chain(lists.filter(|command| browsed(*command).is_some())).collect()
}

#[test]
fn every_page_and_list_fits_its_screen_and_looks_as_it_was_looked_at() {
    let town = Town::on_the_day();
    furnish(&town);
    let mut drawn = vec![String::new(); places().len()];
    for (nth, (name, size, color, glyphs)) in SCREENS.into_iter().enumerate() {
        let mut desk = town.seen(size, color, glyphs);
        for (place, drawn) in places().into_iter().zip(&mut drawn) {
            desk.order(place);
            let screen = desk.screen();
            let id = place.name();
            assert_eq!(screen.lines().count(), usize::from(size.1), "{id} at {name}");
            for line in screen.lines() {
                assert!(line.width() <= usize::from(size.0), "{id} at {name}: {line}");
                assert!(!line.contains(char::is_control), "{id} at {name}: {line:?}");
            }
            assert!(glyphs == GlyphSet::Unicode || screen.is_ascii(), "{id} at {name}: {screen}");
            if nth < KEPT {
                drawn.extend(["== ", name, "\n", &screen]);
            }
        }
    }
    for (place, drawn) in places().into_iter().zip(drawn) {
        insta::assert_snapshot!(place.name().replace('.', "_"), drawn);
    }
}

#[test]
fn a_vt100_shows_every_page_and_list_just_so() {
    let town = Town::on_the_day();
    let profile = Profile::detect(&|name| match name {
        "TERM" => Some("vt100".into()),
        "LANG" => Some("id_ID.UTF-8".into()),
        _ => None,
    });
    // The picture kept as `80x24 ASCII` is the one a VT100 gets.
    assert_eq!((profile.color, profile.glyphs), (Color::Mono, GlyphSet::Ascii));
    let mut desk = town.seen((80, 24), profile.color, profile.glyphs);
    let mut sheet = Sheet::new(profile, (80, 24));
    for place in places() {
        desk.order(place);
        // Each over what stood before it.
        let bytes = sheet.draws(|frame| desk.app.draw(frame));
        assert!(bytes.is_ascii(), "{}", place.name());
        let shown: Vec<String> = desk.screen().lines().map(|line| line.trim_end().into()).collect();
        assert_eq!(sheet.shows(), shown, "{}", place.name());
    }
}

/// The headings on the screen of a terminal without colours that are cut.
fn cut_headings(desk: &Desk) -> Vec<String> {
    let buffer = desk.buffer();
    let heading = |at: (u16, u16)| buffer[at].modifier == Modifier::UNDERLINED;
    let line = |y: u16| -> String {
        let cells = (0..buffer.area.width).filter(|x| heading((*x, y)));
        cells.map(|x| buffer[(x, y)].symbol()).collect()
    };
    (0..buffer.area.height).map(line).filter(|line| line.contains('~')).collect()
}

#[test]
fn no_heading_is_cut_at_eighty_columns_in_either_language() {
    let town = Town::on_the_day();
    furnish(&town);
    let (mut cut, mut titles) = (Vec::new(), Vec::new());
    for language in Language::ALL {
        i18n::speaking(language, || {
            let mut desk = town.seen((80, 24), Color::Mono, GlyphSet::Ascii);
            let mut look = |desk: &Desk, at: &str| {
                cut.extend(cut_headings(desk).into_iter().map(|line| format!("{at}: {line}")));
            };
            for place in places() {
                desk.order(place);
                look(&desk, place.name());
                // What its rows open, and its other areas.
                for next in [Command::AreaNext; 4] {
                    desk.order(next);
                    look(&desk, place.name());
                }
                desk.order(place);
                desk.order(Command::ListOpen);
                look(&desk, place.name());
            }
            let Answer::Reports(reports) = town.ask(Request::Reports) else { panic!("no reports") };
            for (nth, info) in reports.iter().enumerate() {
                let mut desk = town.seen((80, 24), Color::Mono, GlyphSet::Ascii);
                desk.order(Command::GoReports);
                desk.press(&"j ".repeat(nth));
                let called = i18n::report(&info.id);
                if !desk.screen().contains(&format!("> {called}")) {
                    titles.push(called);
                }
                desk.press("enter");
                look(&desk, &info.id);
                let screen = desk.screen();
                let title = screen.lines().nth(1).unwrap_or_default();
                let bare = |part: &&str| part.len() != 4 && part.parse::<u32>().is_ok();
                let bare = title.split(" | ").find(bare);
                if bare.is_some() || title.contains('~') {
                    titles.push(title.to_string());
                }
            }
        });
    }
    cut.extend(titles);
    assert!(cut.is_empty(), "{}", cut.join("\n"));
}
