//! Every pane on every kind of terminal, taken from the lines of [`all`](super::all): a new
//! pane is drawn here without being named.

use super::all;
use crate::domain::record::Kind;
use crate::term::profile::{Color, GlyphSet};
use crate::ui::testing::{Desk, Office, Setup};

fn office() -> Office {
    let person =
        r#"{"number":"198503152010012003","name":"Siti Aminah","kind":"PNS","status":"active"}"#;
    Office::new().with(Kind::Employees, 1004, person)
}

fn setup(size: (u16, u16), color: Color, glyphs: GlyphSet) -> Setup {
    Setup { size, color, glyphs, ..Setup::default() }
}

#[test]
fn every_pane_is_drawn_on_a_small_a_large_a_plain_and_an_old_terminal() {
    for at in 0..all().len() {
        for (size, color, glyphs) in [
            ((80, 24), Color::Indexed, GlyphSet::Unicode),
            ((120, 40), Color::Indexed, GlyphSet::Unicode),
            ((80, 24), Color::Ansi16, GlyphSet::Unicode),
            ((80, 24), Color::Ansi16, GlyphSet::Ascii),
            // TERM=vt100, and whoever asks for no colour.
            ((80, 24), Color::Mono, GlyphSet::Ascii),
        ] {
            let pane = all().remove(at);
            let id = pane.id();
            let desk = Desk::with(vec![pane], office(), setup(size, color, glyphs));
            let screen = desk.screen();
            assert_eq!(screen.lines().count(), usize::from(size.1), "{id}");
            assert!(screen.trim().len() > 40, "{id} shows nothing: {screen}");
            let plain = glyphs == GlyphSet::Unicode || screen.is_ascii();
            assert!(plain, "{id} in plain characters: {screen}");
        }
    }
}
