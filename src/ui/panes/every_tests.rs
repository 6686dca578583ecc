//! How every page and every list of reference records looks, in the example office on one day:
//! small, wide, on a terminal without colours or lines. One file of pictures a place; whichever
//! place is added is drawn here without being named.

use unicode_width::UnicodeWidthStr;

use super::{all, browsed};
use crate::term::profile::{Color, GlyphSet};
use crate::ui::app::testing::Town;
use crate::ui::command::{COMMANDS, Command};

/// What terminals there are, and how many columns and lines they have.
const SCREENS: [(&str, (u16, u16), Color, GlyphSet); 5] = [
    ("80x24", (80, 24), Color::Indexed, GlyphSet::Unicode),
    ("120x40", (120, 40), Color::Indexed, GlyphSet::Unicode),
    // TERM=vt100, and whoever asks for no colour.
    ("80x24 ASCII", (80, 24), Color::Mono, GlyphSet::Ascii),
    ("16 colours", (80, 24), Color::Ansi16, GlyphSet::Unicode),
    ("120x40 ASCII", (120, 40), Color::Mono, GlyphSet::Ascii),
];
/// Of these the pictures are kept.
const KEPT: usize = 3;

/// The pages in the order of their tabs, then the lists.
fn places() -> Vec<Command> {
    let pages = all().into_iter().map(|pane| pane.go());
    let lists = COMMANDS.iter().map(|def| def.id);
    pages.chain(lists.filter(|command| browsed(*command).is_some())).collect()
}

#[test]
fn every_page_and_list_fits_its_screen_and_looks_as_it_was_looked_at() {
    let town = Town::on_the_day();
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
